"""An import only ever points down, and never in a circle: the house, held to the code.

Imports inside functions and for types alone count like any other.
"""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = (
    *("templates", "stamping.errors", "stamping.notices", "stamping.notice_codes"),
    *("stamping.bates", "stamping.values", "stamping.cage"),
    *("stamping.objects", "stamping.pages", "stamping.preparation", "stamping.assembly"),
    *("stamping.redaction", "stamping.mending", "stamping"),
    *("referrals", "referrals.findings", "referrals.errors", "referrals.refusals"),
    *("referrals.progress", "referrals.settings", "referrals.bag", "referrals.text_files"),
    *("referrals.verify", "referrals.records", "referrals.profiles", "referrals.evidence"),
    *("referrals.identifiers", "referrals.typesetting", "referrals.renditions", "referrals.report"),
    *("referrals.preflight", "referrals.delivered", "referrals.attest", "referrals.duties"),
    *("referrals.intake", "referrals.packet", "referrals.delivery", "referrals.court_sets"),
    *("referrals.office", "referrals.commands", "cli"),
)
"""From the ground up: what stands in a room imports from the rooms before it alone."""

APART = {"referrals.verify": {"referrals.errors", "referrals.findings"}}
"""Rooms that must be able to disagree with the rest: all that each may import."""

MOST = 22
"""Modules in one room, besides its `__init__`: more than that wants a room of its own."""

PATHS = [
    *ROOT.glob("stamping/**/*.py"),
    *ROOT.glob("referrals/**/*.py"),
    *ROOT.glob("templates/**/*.py"),
    ROOT / "cli.py",
]


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): path for path in PATHS}


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = whole & MODULES.keys()
            names |= modules
            if modules != whole:
                names.add(node.module)
    return names & MODULES.keys()


IMPORTS = {name: _imports(path) for name, path in MODULES.items()}


def _room(module: str) -> str:
    found = [name for name in ROOMS if module == name or module.startswith(f"{name}.")]
    assert found, f"{module} stands in no room"
    return max(found, key=len)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_point_down(module: str) -> None:
    room = _room(module)
    for imported in sorted(IMPORTS[module]):
        other = _room(imported)
        if room in APART:
            assert other == room or other in APART[room], f"{module} imports {imported}"
        elif other in APART:
            assert room == "referrals.commands", f"{module} imports {imported}"
        if other != room:
            assert ROOMS.index(other) < ROOMS.index(room), f"{module} imports {imported}"
        if room.startswith("stamping"):
            assert other.startswith("stamping"), f"stamping knows no case: {module} → {imported}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


@pytest.mark.parametrize(
    "room", [room for room in ROOMS if (ROOT / room.replace(".", "/")).is_dir()]
)
def test_a_room_is_small_enough_to_be_read(room: str) -> None:
    if room in {"referrals", "stamping"}:
        own = [name for name in MODULES if name.rpartition(".")[0] == room and name not in ROOMS]
    else:
        own = [name for name in MODULES if _room(name) == room and ".migrations" not in name]
    assert len(own) <= MOST + 1, sorted(own)
