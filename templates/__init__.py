"""Where the templates, style sheets and fonts of every page are."""

from pathlib import Path


def folder() -> Path:
    """Return the folder of templates and style sheets."""
    return Path(__file__).parent


def fonts() -> Path:
    """Return the folder of the bundled fonts."""
    return folder() / "fonts"
