"""Which places of a packet are redacted, which are not, and which nobody decided on.

    drawn packet ─► candidates ─┐
    recorded redactions ────────┴─► bars, secrets, a log, what is undecided

In: a drawn packet, a list of rules, the redactions that are recorded. Out: a
`Redactions` value, from which a set is made. What is found now is held against the
record each time, so that nothing new on a page is passed over. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from referrals.errors import UsageError
from referrals.identifiers.candidates import Candidate, Ordered, Proposal, Search, propose
from referrals.packet.draw import DrawnPacket
from referrals.packet.layout import LaidPart
from referrals.packet.plan import PartKind
from referrals.packet.request import PacketRequest
from referrals.profiles.redaction_list import RedactionList, RedactionRule
from referrals.progress import Progress, silent
from referrals.records.redactions import Decision, Place, Proposed, RecordedRedaction
from stamping.pages.text_folding import folded
from stamping.pages.viewport import Box
from stamping.redaction.burnt_page import Bar
from stamping.redaction.redaction_proof import Secret

UNREAD = "unread-picture"
"""What stands in place of a rule for a picture in which nothing could be read."""

UNREAD_LABEL = "Picture withheld"
UNREAD_REASON = "A picture in which no text could be read: a person must look at it"
_COVERED = 0.9
"""The share of a box that bars must cover for the place to count as redacted."""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place found in a packet: its part, its page there, and how it would be recorded.

    `ordered` is the number of the redaction by text or person that it comes of.
    """

    laid: LaidPart
    page: int
    boxes: tuple[Box, ...]
    proposed: Proposed
    ordered: int = 0


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the redaction log: never what is under the bar."""

    number: str
    rule: str
    reason: str
    source: str
    proposed_by: str
    decided_by: str
    decided_at: str


@dataclass(frozen=True, slots=True)
class Redactions:
    """What is to be done to a packet: bars by the key of the part, on its own pages.

    `undecided` are the places on which a person must still decide; `left` are the
    volume's pages, counted from one, on which a person let a place stay.
    """

    bars: dict[str, tuple[Bar, ...]]
    secrets: tuple[Secret, ...]
    log: tuple[LogLine, ...]
    undecided: tuple[FoundPlace, ...]
    left: frozenset[int] = frozenset()


def search_of(
    rules: RedactionList, request: PacketRequest, recorded: Iterable[RecordedRedaction]
) -> Search:
    """Return what is to be looked for, with the texts and persons that were ordered.

    The agency's and its recipients' own addresses and numbers are public.
    """
    persons = request.snapshot.record.persons
    profile = request.profile
    known = {person.key: person for person in persons}
    ordered = []
    for each in recorded:
        place = each.proposed.place
        if each.decision is not Decision.ACCEPTED or place.exhibit_sha256 or place.section:
            continue
        rule = rules.rule_called(each.proposed.identifier)
        if rule is not None:
            person = known.get(place.person)
            ordered.append(Ordered(each.number, rule, place.text, person))
    public = (profile.agency.phone, " ".join(profile.agency.address))
    recipients = tuple(" ".join(each.address) for each in profile.recipients)
    return Search(rules, tuple(persons), tuple(ordered), (*public, *recipients))


def found_places(
    drawn: DrawnPacket, search: Search, progress: Progress = silent
) -> list[FoundPlace]:
    """Return every place of the main volume that is looked for, and every unread page."""
    proposals: dict[str, Proposal] = {}
    found: list[FoundPlace] = []
    with progress("Looking for what must not appear", len(drawn.parts)) as advance:
        for laid in drawn.parts:
            path, first = drawn.source(laid)
            if str(path) not in proposals:
                proposals[str(path)] = propose(path, search)
            found += _of_part(drawn, laid, proposals[str(path)], first)
            advance()
    return found


def _of_part(
    drawn: DrawnPacket, laid: LaidPart, proposal: Proposal, first: int
) -> Iterator[FoundPlace]:
    for candidate in proposal.candidates:
        page = candidate.page - first + 1
        if 1 <= page <= laid.pages:
            place = _place(drawn, laid, page, candidate)
            yield FoundPlace(
                laid, page, candidate.boxes, _proposed(place, candidate), candidate.ordered
            )
    if laid.part.kind is not PartKind.EXHIBIT:
        return
    exhibit = drawn.exhibits[laid.part.exhibit]
    for page, boxes in proposal.unread.items():
        place = Place(laid.part.exhibit, exhibit.file.sha256, page, boxes)
        proposed = Proposed(place, UNREAD, UNREAD_LABEL, UNREAD_REASON, confidence=0.0)
        yield FoundPlace(laid, page, boxes, proposed)


def _place(drawn: DrawnPacket, laid: LaidPart, page: int, candidate: Candidate) -> Place:
    if laid.part.kind is not PartKind.EXHIBIT:
        # A written page is set anew whenever the record changes: its text tells the place.
        return Place(section=laid.part.key, text=" ".join(candidate.text.split()))
    sha256 = drawn.exhibits[laid.part.exhibit].file.sha256
    return Place(laid.part.exhibit, sha256, page, candidate.boxes, text=candidate.text)


def _proposed(place: Place, candidate: Candidate) -> Proposed:
    rule = candidate.rule
    return Proposed(
        place,
        rule.identifier.value,
        rule.label,
        rule.reason,
        rule.source,
        candidate.snippet,
        candidate.confidence,
    )


def redactions_in(
    drawn: DrawnPacket, found: Sequence[FoundPlace], recorded: Sequence[RecordedRedaction]
) -> Redactions:
    """Hold what was found against what is recorded."""
    by_mark = {each.proposed.mark: each for each in recorded}
    by_number = {each.number: each for each in recorded}
    placed: list[tuple[FoundPlace, RecordedRedaction]] = list(_drawn_by_hand(drawn, recorded))
    open_places: list[FoundPlace] = []
    stays: list[FoundPlace] = []
    for place in found:
        known = by_number.get(place.ordered) or by_mark.get(place.proposed.mark)
        if known is None or known.decision is Decision.UNDECIDED:
            open_places.append(place)
        elif known.decision is Decision.ACCEPTED:
            placed.append((place, known))
        else:
            stays.append(place)
    bars: dict[str, list[Bar]] = {}
    for place, known in placed:
        own = bars.setdefault(place.laid.part.key, [])
        own += [Bar(place.page, box, known.proposed.label) for box in place.boxes]
    undecided = [each for each in open_places if not _is_covered(each, bars)]
    return Redactions(
        {key: tuple(own) for key, own in bars.items()},
        tuple(_secrets(placed, stays)),
        tuple(_log(drawn, placed)),
        tuple(undecided),
        frozenset(_volume_page(place) for place in stays),
    )


def _volume_page(place: FoundPlace) -> int:
    return place.laid.first_page + place.page - 1


def _drawn_by_hand(
    drawn: DrawnPacket, recorded: Iterable[RecordedRedaction]
) -> Iterator[tuple[FoundPlace, RecordedRedaction]]:
    """Yield the accepted redactions that were given by page and box, for the parts here.

    Those that were proposed are there too, so that one stays in force when the page
    is read in another way than when it was decided.
    """
    exhibits = {
        drawn.exhibits[laid.part.exhibit].file.sha256: laid
        for laid in drawn.parts
        if laid.part.kind is PartKind.EXHIBIT
    }
    for each in recorded:
        place = each.proposed.place
        laid = exhibits.get(place.exhibit_sha256)
        if each.decision is Decision.ACCEPTED and laid is not None:
            yield FoundPlace(laid, place.page, place.boxes, each.proposed), each


def _is_covered(place: FoundPlace, bars: dict[str, list[Bar]]) -> bool:
    own = [bar.box for bar in bars.get(place.laid.part.key, ()) if bar.page == place.page]
    return bool(place.boxes) and all(_share(box, own) >= _COVERED for box in place.boxes)


def _share(box: Box, others: Iterable[Box]) -> float:
    """Return the largest share of a box that one of the others covers."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    shares = (
        max(0.0, min(box[2], each[2]) - max(box[0], each[0]))
        * max(0.0, min(box[3], each[3]) - max(box[1], each[1]))
        for each in others
    )
    return max(shares, default=0.0) / area if area else 1.0


def _secrets(
    placed: Iterable[tuple[FoundPlace, RecordedRedaction]], stays: Sequence[FoundPlace]
) -> Iterator[Secret]:
    """Yield each text that must be gone, with the pages on which a person let it stay."""
    known: dict[str, tuple[str, str]] = {}
    for place, redaction in placed:
        words = place.proposed.place.text
        if folded(words):
            known.setdefault(folded(words), (words, redaction.proposed.label))
    left: dict[str, set[int]] = {}
    for place in stays:
        left.setdefault(folded(place.proposed.place.text), set()).add(_volume_page(place))
    for short, (words, rule) in known.items():
        pages = {page for other, own in left.items() if short in other for page in own}
        yield Secret(words, rule, frozenset(pages))


def _log(
    drawn: DrawnPacket, placed: Iterable[tuple[FoundPlace, RecordedRedaction]]
) -> list[LogLine]:
    lines: dict[tuple[int, int], LogLine] = {}
    for place, redaction in placed:
        number = place.laid.range.first + place.page - 1
        decided = redaction.decided_at.isoformat(timespec="seconds") if redaction.decided_at else ""
        lines[number, redaction.number] = LogLine(
            drawn.layout.range.series.label(number),
            redaction.proposed.label,
            redaction.proposed.reason,
            redaction.proposed.source,
            redaction.proposed_by,
            redaction.decided_by,
            decided,
        )
    return [lines[key] for key in sorted(lines)]


def rule_for(rules: RedactionList, kind: str) -> RedactionRule:
    """Return the rule of a list for a kind of identifier.

    Raises:
        UsageError: the list has none; the message names those that it has.
    """
    rule = rules.rule_called(kind)
    if rule is None:
        known = ", ".join(each.identifier.value for each in rules.rules)
        raise UsageError(
            f"The list {rules.key} has no rule for '{kind}'.",
            remedy=f"Name one with --rule: {known}.",
        )
    return rule
