"""An import only ever points down: the arrows of the house, held to the code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {
    "cli": 6,
    "referrals.commands": 6,
    "referrals.console": 5,
    "referrals.packet": 5,
    "referrals.intake": 4,
    "referrals.evidence": 3,
    "referrals.attest": 3,
    "referrals.report": 3,
    "referrals.records": 2,
    "referrals.filing": 2,
    "sample_cases": 2,
    "stamping": 1,
    "referrals.errors": 1,
    "referrals.findings": 1,
    "referrals.refusals": 1,
    "referrals.settings": 1,
    "referrals.rendering": 1,
    "referrals.typefaces": 1,
    "templates": 1,
    "referrals": 1,
}
APART = {"referrals.verify": {"referrals.errors", "referrals.findings"}}
"""Rooms that must be able to disagree with the rest: all that each may import."""
MODULES = [
    *ROOT.glob("stamping/**/*.py"),
    *ROOT.glob("referrals/**/*.py"),
    *ROOT.glob("templates/**/*.py"),
    ROOT / "cli.py",
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    apart = next((room for room in APART if module.startswith(f"{room}.")), None)
    if apart is not None:
        _stands_apart(path, apart)
        return
    own = _package(module)
    for imported in _imports(path):
        commands = own is not None and FLOORS[own] == FLOORS["cli"]
        assert commands or not any(imported.startswith(room) for room in APART), imported
        package = _package(imported)
        if package is None or package == own:
            continue
        assert FLOORS[package] <= FLOORS[own or "referrals"], f"{path} imports {imported}"
        if own == "stamping":
            pytest.fail(f"stamping knows no case, but {path} imports {imported}")


def _stands_apart(path: Path, room: str) -> None:
    for imported in _imports(path):
        package = _package(imported)
        within = imported == room or imported.startswith(f"{room}.")
        assert package is None or within or package in APART[room], f"{path} imports {imported}"


def _package(module: str) -> str | None:
    found = [name for name in FLOORS if module == name or module.startswith(f"{name}.")]
    return max(found, key=len, default=None)


def _imports(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return names
