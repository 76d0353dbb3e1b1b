"""What a clerk can ask of the office: one method a command.

In: settings and words from the command line. Out: values to print. Here, and
only here, the database, the evidence store and the builder meet.
"""

from __future__ import annotations

import getpass
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

import referrals
from referrals.delivery.build import BuiltPacket, build
from referrals.delivery.comparison import NamedDelivery, Rebuilt, compare, named_delivery
from referrals.duties.duties import check
from referrals.errors import BlockedError, DigestMismatchError, UsageError
from referrals.evidence.retention import RetentionLine, retention_lines
from referrals.evidence.store import evidence_store
from referrals.findings import Severity
from referrals.intake.case_yaml import read_case_folder
from referrals.intake.column_map import read_export
from referrals.intake.take_in import IntakeResult, take_in, total_bytes
from referrals.office.case_overview import Overview, case_overview
from referrals.office.issued_rows import packet_row, part_rows
from referrals.office.recovery import recover, undo
from referrals.office.results import CheckReport, Delivered, FoundPage, delivered
from referrals.packet.cite_check import cite_findings
from referrals.packet.draw import prepared
from referrals.packet.glyphs import glyph_findings
from referrals.packet.request import BuildPlaces, PacketRequest
from referrals.profiles.profile import Profile
from referrals.profiles.profile_files import load
from referrals.progress import Progress
from referrals.records import audit
from referrals.records.bates_ledger import Reservation, next_number, reserve
from referrals.records.case_store import (
    CaseLine,
    case_numbers,
    case_row,
    freeze,
    list_cases,
    load_record,
)
from referrals.records.database import open_database, session
from referrals.records.packets import (
    announce_packet,
    find_number,
    finish_packet,
    packets_of,
)
from referrals.records.receipts import histories
from referrals.records.sign_off_answers import answers_of
from referrals.records.snapshot import Snapshot
from referrals.records.tables import AuditEntry, Packet
from referrals.settings import Settings

WRITTEN = "packet written"
"""The act that ties a delivery's digest to the head of the log that it prints."""


class Office:
    """One office: its settings, its database, its evidence store."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self.settings = settings
        self.progress = progress
        self.store = evidence_store(settings)

    @cached_property
    def engine(self) -> Engine:
        """The database, opened when first asked for, without a stopped build's remains."""
        engine = open_database(self.settings)
        recover(engine)
        return engine

    def open(self) -> None:
        """Make the home folder and the database, if they are not there."""
        _ = self.engine
        self.settings.profiles.mkdir(exist_ok=True)

    def take_in(
        self, folder: Path, *, column_map: Path | None, update: bool, who: str, now: datetime
    ) -> IntakeResult:
        """Take a case folder, or an export through a column map, in."""
        footage = self.settings.footage_url
        case = (
            read_export(column_map, folder, footage)
            if column_map
            else read_case_folder(folder, footage)
        )
        self.profile(case.record.case.profile)
        with (
            self.progress("Taking in", total_bytes(case), "bytes") as advance,
            session(self.engine) as opened,
        ):
            return take_in(
                case,
                opened,
                self.store,
                at=now,
                who=who or login(),
                update=update,
                progress=lambda amount: advance(amount),
            )

    def profile(self, key: str) -> Profile:
        """Return a jurisdiction profile, the office's own before the shipped one."""
        return load(key, self.settings.profiles)

    def cases(self) -> list[CaseLine]:
        """Return a line for each case."""
        with session(self.engine) as opened:
            return list_cases(opened)

    def snapshot(self, case: str, as_of: datetime) -> Snapshot:
        """Return the case frozen, its instant told in the case's own zone."""
        with session(self.engine) as opened:
            frozen = freeze(opened, case, as_of)
        self.store.knowing(frozen.evidence)
        zone = ZoneInfo(frozen.record.incident.time_zone)
        return frozen.model_copy(update={"as_of": as_of.astimezone(zone)})

    def overview(self, case: str, now: datetime) -> Overview:
        """Return what there is of a case."""
        snapshot = self.snapshot(case, now)
        profile = self.profile(snapshot.record.case.profile)
        with session(self.engine) as opened:
            packets, became = packets_of(opened, case), histories(opened, case)
            answers = answers_of(opened, case)
        return case_overview(snapshot, profile, packets, became, answers, now)

    def retention(self, case: str, now: datetime) -> list[RetentionLine]:
        """Return how long each recording is kept, of one case or of all, the first to go first."""
        with session(self.engine) as opened:
            numbers = [case_row(opened, case).number] if case else case_numbers(opened)
            records = [load_record(opened, number) for number in numbers]
        lines = [
            line
            for record in records
            for line in retention_lines(record, self.profile(record.case.profile).retention, now)
        ]
        return sorted(lines, key=lambda line: line.left.kept_until)

    def audit_entries(self) -> Sequence[AuditEntry]:
        """Return every entry of the audit log."""
        with session(self.engine) as opened:
            return audit.entries(opened)

    def audit_report(self, printed: str) -> audit.AuditReport:
        """Return whether the audit log is whole; `printed` is its head as a delivery prints it."""
        with session(self.engine) as opened:
            return audit.report(opened, printed)

    def check(self, case: str, now: datetime) -> CheckReport:
        """Return what is missing before a packet can go out."""
        request = self._request(self.snapshot(case, now), draft=False)
        return self._report(request)

    def deliveries(self, case: str) -> list[tuple[str, Path]]:
        """Return the packets of a case and where they were delivered; none if unknown."""
        with session(self.engine) as opened:
            if case not in case_numbers(opened):
                return []
            return [(each.name, Path(each.delivery)) for each in packets_of(opened, case)]

    def packet(
        self,
        case: str,
        output: Path | None,
        *,
        as_of: datetime | None,
        draft: bool,
        who: str,
        now: datetime,
        archive: bool = False,
        into: Path | None = None,
    ) -> Delivered:
        """Build a packet and deliver it to `output`, else below `into`.

        A draft takes no numbers from the ledger.
        """
        request = self._request(self.snapshot(case, as_of or now), draft=draft, archive=archive)
        target = output or (into or self.settings.home / "deliveries") / request.packet
        if not draft:
            self._refuse_unchanged(request)
            report = self._report(request)
            if report.blocked:
                blocking = [each for each in report.findings if each.severity is Severity.BLOCKING]
                raise BlockedError(
                    report.words,
                    remedy="Mend what stands above, or build a marked draft with --draft.",
                    findings=blocking,
                )
            built = self._issue(request, target, who or login(), now)
        else:
            built = self._build(request, target, self._provisional)
        return delivered(request, built)

    def build_again(self, case: str, output: Path | None) -> Delivered:
        """Build the last issued packet once more from its snapshot and compare."""
        with session(self.engine) as opened:
            packets = packets_of(opened, case)
        if not packets:
            raise UsageError(
                f"No packet of {case} was issued.", remedy=f"Build one: referrals packet {case}"
            )
        packet = packets[-1]
        target = output or self.settings.home / "again" / packet.name
        request, built = self._again(packet, target)
        same = built.manifest_sha256 == packet.manifest_sha256
        made = delivered(request, built)
        if not same:
            raise BlockedError(
                f"{built.folder} differs from the packet as issued "
                f"(program {packet.program_version} then, {referrals.__version__} now).",
                remedy="Compare it with the delivery: referrals rebuild DELIVERY",
            )
        words = f"{made.words}\nByte for byte the packet that was issued."
        return replace(made, words=words)

    def rebuild(self, delivery: Path) -> Rebuilt:
        """Make a delivery again from the records and compare it byte for byte.

        A draft is made of the record as it stands, which may have changed since.

        Raises:
            InputError: `delivery` is no delivery.
            UsageError: the records do not know of it.
            DigestMismatchError: it differs; the findings name the file and the part.
        """
        named = named_delivery(delivery)
        with tempfile.TemporaryDirectory(prefix="referrals-") as folder:
            target = Path(folder) / named.packet
            if named.draft:
                snapshot = self.snapshot(named.case, named.as_of)
                request = self._request(snapshot, draft=True, archive=named.archive)
                built = self._build(request, target, lambda request, count: named.first)
            else:
                _, built = self._again(self._issued(named), target)
            rebuilt = compare(delivery, built.folder, built.layout)
        if rebuilt.findings:
            raise DigestMismatchError(
                f"{delivery} is not what the records give (program {named.version} then, "
                f"{referrals.__version__} now).",
                remedy="Find out which of the two was changed: referrals verify, referrals show.",
                findings=rebuilt.findings,
            )
        return rebuilt

    def _issued(self, named: NamedDelivery) -> Packet:
        with session(self.engine) as opened:
            known = packets_of(opened, named.case) if named.case in case_numbers(opened) else []
        for packet in known:
            if packet.name == named.packet:
                return packet
        raise UsageError(
            f"The records know of no issued packet {named.packet}.",
            remedy="Name the home of the office that issued it with --home.",
        )

    def _again(self, packet: Packet, target: Path) -> tuple[PacketRequest, BuiltPacket]:
        """Build an issued packet once more from its snapshot, with its own numbers."""
        request = self._issued_request(packet)
        return request, self._build(request, target, lambda request, count: packet.first)

    def _issued_request(self, packet: Packet) -> PacketRequest:
        with session(self.engine) as opened:
            written = audit.entry_after(opened, WRITTEN, packet.manifest_sha256)
        snapshot = Snapshot.model_validate_json(packet.snapshot)
        self.store.knowing(snapshot.evidence)
        return PacketRequest(
            packet.name,
            snapshot,
            self.profile(packet.profile),
            archive=packet.archive,
            audit_head=written.before if written else "",
        )

    def standing(self, case: str, packet: str, now: datetime) -> tuple[PacketRequest, int]:
        """Return what a packet of the case is made of, and its first number.

        Without a name it is the newest that was issued; a draft of the record as it
        stands where none was.

        Raises:
            UsageError: no packet of that name was issued.
        """
        with session(self.engine) as opened:
            issued = packets_of(opened, case)
        if not issued and not packet:
            request = self._request(self.snapshot(case, now), draft=True)
            return request, self._provisional(request, 0)
        for each in reversed(issued):
            if packet in ("", each.name):
                return self._issued_request(each), each.first
        raise UsageError(
            f"No packet {packet} of {case} was issued.",
            remedy=f"Issued: {', '.join(each.name for each in issued) or 'none'}.",
        )

    def find(self, number: str) -> FoundPage:
        """Return what a Bates number stands on."""
        with session(self.engine) as opened:
            return FoundPage(find_number(opened, number.strip()))

    def _request(self, snapshot: Snapshot, *, draft: bool, archive: bool = False) -> PacketRequest:
        name = f"{snapshot.record.case.number}-{len(snapshot.issued) + 1}"
        return PacketRequest(
            f"{name}-DRAFT" if draft else name,
            snapshot,
            self.profile(snapshot.record.case.profile),
            draft=draft,
            archive=archive,
        )

    def _report(self, request: PacketRequest) -> CheckReport:
        snapshot = request.snapshot
        duties = check(snapshot, request.profile)
        exhibits = prepared(request, self.places, self.progress)
        findings = [
            *(finding for status in duties for finding in status.findings),
            *(finding for exhibit in exhibits.values() for finding in exhibit.findings()),
            *cite_findings(snapshot, exhibits),
            *glyph_findings(snapshot, request.profile, exhibits),
        ]
        return CheckReport(snapshot.record.case.number, tuple(duties), tuple(findings))

    @property
    def places(self) -> BuildPlaces:
        """Where a build finds the evidence and keeps what it prepares."""
        return BuildPlaces(self.store, self.settings.renditions)

    def _refuse_unchanged(self, request: PacketRequest) -> None:
        with session(self.engine) as opened:
            packets = packets_of(opened, request.snapshot.record.case.number)
        if not packets:
            return
        issued = Snapshot.model_validate_json(packets[-1].snapshot)
        if issued.record == request.snapshot.record:
            raise UsageError(
                f"{packets[-1].name} was issued already, and nothing has changed since.",
                remedy="Take the changed case folder in with --update for a supplement, or "
                "build the issued packet once more with --again.",
            )

    def _provisional(self, request: PacketRequest, count: int) -> int:
        series = request.profile.series(request.snapshot.record.case.number)
        with session(self.engine) as opened:
            return next_number(opened, series)

    def _build(
        self, request: PacketRequest, target: Path, first: Callable[[PacketRequest, int], int]
    ) -> BuiltPacket:
        return build(
            request,
            self.places,
            target,
            lambda count: first(request, count),
            progress=self.progress,
        )

    def _issue(self, request: PacketRequest, target: Path, who: str, now: datetime) -> BuiltPacket:
        """Build with numbers of the ledger; whatever fails leaves a recorded void."""
        series = request.profile.series(request.snapshot.record.case.number)
        reservations: list[Reservation] = []
        with session(self.engine) as opened:
            begun = audit.append(
                opened,
                at=now,
                who=who,
                what="packet begun",
                subject=request.packet,
                after=request.snapshot.identity,
            )
        # The delivery prints it, so that a log cut short later no longer fits.
        request = replace(request, audit_head=begun.digest)

        def first(count: int) -> int:
            reservations.append(reserve(self.engine, series, count, request.packet))
            return reservations[-1].range.first

        def announce(built: BuiltPacket) -> None:
            with session(self.engine) as opened:
                case = case_row(opened, request.snapshot.record.case.number)
                packet = packet_row(request, built, case.id or 0, who, now)
                announce_packet(opened, packet, part_rows(request, built), reservations[0])
                audit.append(
                    opened,
                    at=now,
                    who=who,
                    what=WRITTEN,
                    subject=request.packet,
                    before=begun.digest,
                    after=built.manifest_sha256,
                )

        try:
            built = build(request, self.places, target, first, announce, self.progress)
            with session(self.engine) as opened:
                finish_packet(opened, reservations[0])
        except BaseException as error:
            for reservation in reservations:
                undo(self.engine, reservation, f"the build failed: {error or 'it was stopped'}")
            raise
        return built


def login() -> str:
    """Return the login name, for the audit log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
