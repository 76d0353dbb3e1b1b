"""Eight builds at once, by processes, on one database.

In: a folder, and the URL of a database where it is not SQLite. Out: a `Trial`
with the promises that were broken.
"""

from __future__ import annotations

from pathlib import Path

from tests.commands import Command
from tests.faults.offices import NUMBER, case_folder, opened, sign, take_in
from tests.faults.promises import broken_promises, issued
from tests.faults.trials import Trial

CROWD = 8


def different_cases(here: Path, database: str = "") -> Trial:
    """Issue a packet of each of eight cases at the same time: all are issued, without a gap."""
    home = here / "home"
    numbers = [f"JX-4002{number}" for number in range(40, 40 + CROWD)]
    with opened(home, database) as office:
        for number in numbers:
            take_in(office, case_folder(here, number))
            sign(office, number)
    words = [["packet", number, "-o", str(here / "out" / number)] for number in numbers]
    codes, said = _at_once(here, home, database, words)
    broken = [f"exit code {code}: {text}" for code, text in zip(codes, said, strict=True) if code]
    broken += broken_promises(home, here / "out", database)
    packets = issued(home, database)
    if [packet.name for packet in sorted(packets, key=lambda packet: packet.name)] != [
        f"{number}-1" for number in numbers
    ]:
        broken.append("not every case has its packet")
    return Trial(f"{CROWD} cases at once", _kind(database), tuple(broken))


def same_case(here: Path, database: str = "") -> Trial:
    """Issue a packet of one case eight times at the same time: one is issued."""
    home = here / "home"
    with opened(home, database) as office:
        take_in(office, case_folder(here))
        sign(office, NUMBER)
    words = [["packet", NUMBER, "-o", str(here / "out" / f"{n}")] for n in range(CROWD)]
    codes, said = _at_once(here, home, database, words)
    broken = [
        f"exit code {code}: {text}"
        for code, text in zip(codes, said, strict=True)
        if code not in (0, 2)
    ]
    if codes.count(0) != 1 or len(issued(home, database)) != 1:
        broken.append(f"one of {CROWD} should have been issued; exit codes {codes}")
    broken += broken_promises(home, here / "out", database)
    return Trial(f"one case {CROWD} times at once", _kind(database), tuple(broken))


def _at_once(
    here: Path, home: Path, database: str, words: list[list[str]]
) -> tuple[list[int], list[str]]:
    environment = {"REFERRALS_DATABASE": database}
    running = [
        Command([*each, "--home", str(home)], here / f"said-{number}", environment)
        for number, each in enumerate(words)
    ]
    codes = [command.wait() for command in running]
    return codes, [command.said for command in running]


def _kind(database: str) -> str:
    return database.partition("+")[0] or "sqlite"
