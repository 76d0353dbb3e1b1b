"""A delivery is there whole or not at all, and stock tools accept it."""

from __future__ import annotations

import errno
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pytest

from referrals.bag import close_bag, delivery_folder, safe_name
from referrals.errors import MachineError, UsageError

MADE = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)


def _deliver(target: Path) -> None:
    with delivery_folder(target) as folder:
        (folder / "data" / "natives").mkdir(parents=True)
        (folder / "data" / "packet.json").write_text("{}")
        (folder / "data" / "natives" / "Ex-K_track.csv").write_text("a,b\n")
        close_bag(folder, {}, MADE, {"Source-Organization": "Example"})


def test_the_bag_passes_sha256sum_and_bagit(tmp_path: Path) -> None:
    target = tmp_path / "JX-1-1"
    _deliver(target)
    bagit.Bag(str(target)).validate()
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "tagmanifest-sha256.txt"], cwd=target, check=False
    )
    assert checked.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["JX-1-1"]


def test_the_same_payload_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        _deliver(tmp_path / name)
    for path in (tmp_path / "one").rglob("*"):
        if path.is_file():
            other = tmp_path / "two" / path.relative_to(tmp_path / "one")
            assert path.read_bytes() == other.read_bytes()


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), delivery_folder(tmp_path / "x") as folder:
        (folder / "half").write_text("…")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_in_words_and_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(MachineError, match="is full; nothing was delivered"),
        delivery_folder(tmp_path / "x") as folder,
    ):
        (folder / "half").write_text("…")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_an_existing_delivery_is_never_written_over(tmp_path: Path) -> None:
    _deliver(tmp_path / "x")
    with pytest.raises(UsageError, match="is there already"):
        _deliver(tmp_path / "x")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("JX 400112", "JX_400112"),
        ("Zoë Ó Briain's photo.jpg", "Zoe_O_Briain_s_photo.jpg"),
        ("../../etc/passwd", "etc_passwd"),
        ("王小明", "file"),
        ("a/b\\c:d", "a_b_c_d"),
    ],
)
def test_file_names_are_safe_for_every_portal(text: str, name: str) -> None:
    assert safe_name(text) == name
