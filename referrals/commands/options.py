"""What commands share: kinds of paths, `--json`, `--home`, the office, the clock."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from referrals.commands.console import Console
from referrals.settings import Settings, settings

if TYPE_CHECKING:
    from referrals.office.office import Office

EXISTING = click.Path(exists=True, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
NEW = click.Path(path_type=Path)


class ShortGroup(click.Group):
    """A group whose commonest commands need not be named.

    What names no command is handed to `usual`; nothing at all, to `alone`.
    """

    def __init__(self, *args: Any, usual: str, alone: str = "", **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.usual, self.alone = usual, alone

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command's name where it was left out."""
        first = next((each for each in args if not each.startswith("-")), "")
        if not first and self.alone and not {"-h", "--help"} & set(args):
            args = [self.alone, *args]
        elif args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = [self.usual, *args]
        return super().parse_args(ctx, args)


def with_output(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--json` and a `console`."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON value for programs.")
    @functools.wraps(command)
    def run(*args: Any, as_json: bool, **options: Any) -> Any:
        return command(*args, console=Console(as_json), **options)

    return run


def with_home(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--home` and the settings found there."""

    @click.option(
        "--home",
        type=NEW,
        envvar="REFERRALS_HOME",
        help="The office's folder: database, evidence, deliveries.",
    )
    @functools.wraps(command)
    def run(*args: Any, home: Path | None, **options: Any) -> Any:
        return command(*args, at=settings(home), **options)

    return run


def office_at(at: Settings, console: Console) -> Office:
    """Return the office of these settings."""
    from referrals.office.office import Office

    return Office(at, console.progress)


def now() -> datetime:
    """Return the present second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def instant(text: str | None) -> datetime | None:
    """Return the instant that `--as-of` names.

    Raises:
        BadParameter: it is not an instant with a zone.
    """
    if text is None:
        return None
    try:
        named = datetime.fromisoformat(text)
    except ValueError:
        named = None
    if named is None or named.tzinfo is None:
        raise click.BadParameter(
            f"{text!r} is not an instant with a zone; write it as 2026-04-02T15:00:00-05:00.",
            param_hint="--as-of",
        )
    return named
