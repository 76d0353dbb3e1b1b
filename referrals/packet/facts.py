"""All that is known of a packet before a page of it is drawn: computed once, handed on.

In: a `PacketRequest` and where its evidence is. Out: `PacketFacts`. A check, a draft, an
issue, a preview and every set for a court read the same value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from referrals.duties.case_facts import CaseFacts, case_facts
from referrals.duties.duties import DutyStatus, check
from referrals.findings import Finding, Severity
from referrals.packet.accessibility import ExhibitAccess, exhibit_access
from referrals.packet.cite_check import cite_findings
from referrals.packet.glyphs import glyph_findings
from referrals.packet.plan import Plan, plan
from referrals.packet.prepared_exhibit import PreparedExhibit, exhibits_prepared_before
from referrals.packet.request import BuildPlaces, PacketRequest
from referrals.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class PacketFacts:
    """The request, the case's facts and duties, the prepared exhibits, the plan, the findings.

    `exhibits` are by designator. `findings` are of the exhibits, the cites and the
    letters; those of the duties stand with the duties.
    """

    request: PacketRequest
    case: CaseFacts
    duties: tuple[DutyStatus, ...]
    exhibits: Mapping[str, PreparedExhibit]
    plan: Plan
    access: tuple[ExhibitAccess, ...]
    findings: tuple[Finding, ...]

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """What a clerk must know: the duties' findings, then the others."""
        return (*(each for status in self.duties for each in status.findings), *self.findings)

    @property
    def blocking(self) -> list[Finding]:
        """What stands in the way of an issue."""
        return [each for each in self.all_findings if each.severity is Severity.BLOCKING]


def facts_of(
    request: PacketRequest, places: BuildPlaces, progress: Progress = silent
) -> PacketFacts:
    """Return the facts of a packet; its exhibits are prepared on the way.

    Raises:
        MachineError: the machine lacks a library, a right or space.
    """
    snapshot = request.snapshot
    case = case_facts(snapshot, request.profile)
    exhibits = _prepared(request, places, progress)
    pageless = frozenset(key for key, exhibit in exhibits.items() if not exhibit.has_pages)
    planned = plan(snapshot, pageless)
    return PacketFacts(
        request,
        case,
        check(case),
        exhibits,
        planned,
        tuple(exhibit_access(planned, exhibits)),
        (
            *(finding for exhibit in exhibits.values() for finding in exhibit.findings()),
            *cite_findings(snapshot, exhibits),
            *glyph_findings(snapshot, request.profile, exhibits),
        ),
    )


def _prepared(
    request: PacketRequest, places: BuildPlaces, progress: Progress
) -> dict[str, PreparedExhibit]:
    """Return the exhibits that this packet holds, prepared, by designator."""
    earlier = request.snapshot.earlier_exhibits
    designators = [
        exhibit.designator
        for exhibit in request.snapshot.record.exhibits
        if exhibit.designator not in earlier
    ]
    wanted = (
        request.snapshot,
        designators,
        places.store.path,
        places.renditions,
        request.style,
    )
    if (found := exhibits_prepared_before(*wanted)) is not None:
        return found
    # Here alone: the libraries of PDF and layout take longer to load than a check of a case.
    from referrals.packet.exhibits import prepare_exhibits

    with progress("Preparing the exhibits", len(designators)) as advance:
        return prepare_exhibits(*wanted, advance)
