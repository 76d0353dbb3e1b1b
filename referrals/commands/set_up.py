"""Commands that set an office up: its folder, samples, a new case folder, profiles."""

from __future__ import annotations

from pathlib import Path

import click

from referrals.commands.console import Console
from referrals.commands.options import NEW, ShortGroup, now, office_at, with_home, with_output
from referrals.settings import Settings


@click.command()
@with_home
@with_output
def init(at: Settings, console: Console) -> None:
    """Make the office's folder and its database.

    \b
    Example:
      referrals init --home /srv/referrals
    """
    office = office_at(at, console)
    office.open()
    console.say(f"Ready: {at.home}")
    console.result({"home": at.home, "database": at.database})


@click.command()
@click.argument("names", nargs=-1)
@click.option("--into", type=NEW, default=Path("samples"), show_default=True, help="Where to.")
@click.option("--build", is_flag=True, help="Take the samples in and build their packets too.")
@click.option("--big", is_flag=True, help="Make the case of 300 exhibits and 3,000 pages.")
@click.option("--history", is_flag=True, help="Save 14 fictional months of cases, for a report.")
@with_home
@with_output
def sample(
    names: tuple[str, ...],
    into: Path,
    build: bool,
    big: bool,
    history: bool,
    at: Settings,
    console: Console,
) -> None:
    """Copy fictional sample cases, and build their packets or reports on demand.

    \b
    Example:
      referrals sample felony_referral --into work
      referrals sample --big --into work
      referrals sample --history --build --into work
    """
    from referrals.office import samples as demonstration

    if history:
        lines = demonstration.history(at, into, now(), publish=build)
        _show_demonstration(lines, console)
        return
    if build:
        _show_demonstration(demonstration.build(names, into, office_at(at, console)), console)
        return
    folders = demonstration.copy(names, into, big=big)
    for folder in folders:
        console.say(f"{folder}")
    console.result([str(folder) for folder in folders])


def _show_demonstration(lines: list[tuple[str, str, Path | None]], console: Console) -> None:
    for case, words, place in lines:
        console.say(f"{case:<12} {words}" + (f"\n{'':<12} {place}" if place else ""))
    packets = [place for _, _, place in lines if place]
    if packets:
        console.say(f"\nOpen first: {packets[0]}")
    console.result([{"case": case, "result": words, "open": place} for case, words, place in lines])


@click.command()
@click.argument("number", metavar="CASE_NO")
@click.argument("folder", type=NEW)
@with_output
def new(number: str, folder: Path, console: Console) -> None:
    """Lay out a new case folder with a commented case.yaml.

    \b
    Example:
      referrals new JX-400112 cases/JX-400112
    """
    from referrals.intake.scaffold import new_case_folder

    record = new_case_folder(number, folder)
    console.say(f"Made {folder}. Fill in {record}, then: referrals intake {folder}")
    console.result({"folder": str(folder), "record": str(record)})


@click.command()
@with_output
def schema(console: Console) -> None:
    """Print the JSON Schema of case.yaml, for editors that complete it.

    \b
    Example:
      referrals schema > case.schema.json
    """
    from referrals.intake.scaffold import schema as case_schema

    Console(as_json=True).result(case_schema())


@click.group(cls=ShortGroup, usual="show", alone="list", subcommand_metavar="[list] | [show] NAME")
def profiles() -> None:
    """List the jurisdiction profiles, or show one: what an office or a court asks for.

    \b
    Example:
      referrals profiles
      referrals profiles show ccsao-review
    """


@profiles.command("list")
@with_home
@with_output
def list_profiles(at: Settings, console: Console) -> None:
    """List the profiles: offices that refer, and courts that receive.

    \b
    Example:
      referrals profiles list
    """
    from referrals.profiles.profile_files import available

    lines = available(at.profiles)
    console.table(
        ("Profile", "Kind", "Title"), [(line.key, line.kind, line.title) for line in lines]
    )
    console.result([{"key": line.key, "kind": line.kind, "title": line.title} for line in lines])


@profiles.command("show")
@click.argument("key", metavar="NAME")
@with_home
@with_output
def show_profile(key: str, at: Settings, console: Console) -> None:
    """Show every value of a profile with its source.

    \b
    Example:
      referrals profiles show ccsao-review
    """
    from referrals.profiles.profile_files import load_any
    from referrals.profiles.profile_text import profile_sections

    profile = load_any(key, at.profiles)
    for section in profile_sections(profile):
        console.say(section.key)
        for name, value in section.rows:
            console.say(f"  {name}: {value}" if name else f"  {value}")
        if section.source:
            console.say(f"  [{section.source}]")
        console.say()
    console.result(profile.model_dump(mode="json"))
