"""What is issued is what is recorded at that moment, or nothing is issued."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from referrals.errors import BlockedError, UsageError
from referrals.office import intake, issue
from referrals.office.issue import PacketOrder, issue_packet
from referrals.office.office import Office
from referrals.packet.assembly import AssembledPacket, assemble_packet
from referrals.packet.draw import DrawnPacket
from referrals.progress import Progress
from referrals.records import bates_ledger
from referrals.records.database import session
from referrals.records.frozen_changes import changes_since
from tests.faults.offices import NOW, NUMBER, case_folder, opened, sign, take_in


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office whose one case is signed and ready to be issued."""
    with opened(tmp_path / "home") as made:
        take_in(made, case_folder(tmp_path / "cases"))
        sign(made, NUMBER)
        yield made


def _changed(folder: Path) -> None:
    record = folder / "case.yaml"
    text = record.read_text("utf-8")
    at = text.index("  title: ") + len("  title: ")
    record.write_text(text[:at] + "Changed " + text[at:], "utf-8")


def test_a_record_that_changes_while_a_packet_is_built_is_not_issued(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cases" / NUMBER
    snapshot = office.snapshot(NUMBER, NOW)

    def meanwhile(drawn: DrawnPacket, progress: Progress) -> AssembledPacket:
        _changed(folder)
        intake.take_in(office, folder, update=True, who="another", now=NOW)
        return assemble_packet(drawn, progress)

    with monkeypatch.context() as patch:
        patch.setattr(issue, "assemble_packet", meanwhile)
        with pytest.raises(BlockedError, match="changed while the packet was built") as caught:
            issue_packet(office, PacketOrder(NUMBER, tmp_path / "out"), who="clerk", now=NOW)
    assert [each.where for each in caught.value.findings][:1] == ["case"]
    assert not (tmp_path / "out").exists()
    with session(office.engine) as held:
        assert [each.where for each in changes_since(held, snapshot)][:1] == ["case"]
        series = office.profile(snapshot.record.case.profile).series(NUMBER)
        states = {line.state for line in bates_ledger.ranges(held, series)}
    assert states == {"void"}


def test_a_packet_is_not_issued_twice_for_the_same_record(office: Office, tmp_path: Path) -> None:
    issue_packet(office, PacketOrder(NUMBER, tmp_path / "out"), who="clerk", now=NOW)
    with pytest.raises(UsageError, match="nothing has changed since"):
        issue_packet(office, PacketOrder(NUMBER, tmp_path / "again"), who="clerk", now=NOW)
