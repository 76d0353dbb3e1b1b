"""Eight processes that reserve numbers at the same time."""

from __future__ import annotations

from typing import Any

from referrals.records import bates_ledger as ledger
from referrals.records.database import open_database
from referrals.settings import Settings
from stamping.bates import BatesSeries
from tests.commands import FORKS

CROWD = 8
ALL = list(range(1, CROWD * 15 + 1))
"""The numbers that all are given together: each reserves one, two, three, four and five."""


def reserved_at_once(at: Settings) -> list[int]:
    """Return the numbers that the processes were given, in order."""
    together, given = FORKS.Barrier(CROWD), FORKS.Queue()
    running = [FORKS.Process(target=_reserve, args=(at, together, given)) for _ in range(CROWD)]
    for process in running:
        process.start()
    numbers = [number for _ in running for number in given.get(timeout=60)]
    for process in running:
        process.join()
    return sorted(numbers)


def _reserve(at: Settings, together: Any, given: Any) -> None:
    engine = open_database(at)
    together.wait()
    ranges = [
        ledger.reserve(engine, BatesSeries("MANY", "-", 6), count, "p").range
        for count in range(1, 6)
    ]
    given.put([number for each in ranges for number in range(each.first, each.last + 1)])
