"""Whether text can and should still be recognised on pages: asked without a PDF library.

In: renditions. Out: whether there is work for `recognition.py`.
"""

from __future__ import annotations

import importlib.util
import shutil

from stamping.values import Rendition

_TRIED = frozenset({"text-recognised", "recognition-failed"})


def can_recognise() -> bool:
    """Whether the extra `ocr` and its program are installed."""
    return importlib.util.find_spec("ocrmypdf") is not None and bool(shutil.which("tesseract"))


def awaits_text(rendition: Rendition) -> bool:
    """Whether a rendition has pages without text that nobody tried to recognise yet."""
    tried = any(item.code in _TRIED for item in rendition.notices)
    return rendition.usable and bool(rendition.pages_without_text) and not tried
