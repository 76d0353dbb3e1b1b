"""The cage: the one way to run a parser on bytes that nobody vouches for.

    task ──pipe──► worker behind its walls ──pipe──► answer, read as plain values

A worker has its input, its output and nothing else: no network, no database, no
environment, no other files, no programs; its limits are kept by the kernel, and it
ends with whoever started it. `docs/administrator.md` says which wall needs what.
"""

from stamping.cage.values import Cage, CageError, Wall
from stamping.cage.workers import STOPPED, run_all, run_one, standing_walls

__all__ = ["STOPPED", "Cage", "CageError", "Wall", "run_all", "run_one", "standing_walls"]
