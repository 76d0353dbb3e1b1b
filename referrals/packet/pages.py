"""The written pages of a volume as HTML.

In: `Contents`. Out: a `<section>` for every part, on a page of its own, and a
document of any of them; numbers that are not known yet are late values
(`page_references`), and links name parts (`packet:exhibit-B/3`) or recordings
(`packet:footage-V1`), which may stand in another document. Text of the record is text: no HTML and
no template syntax in it is ever obeyed.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from referrals.evidence.coverage import Lane, Span, coverage, reconciled
from referrals.evidence.stills import Still
from referrals.packet import coverage_chart
from referrals.packet.accessibility import ExhibitAccess, claim
from referrals.packet.contents import Contents
from referrals.packet.plan import CONFIDENTIAL_TITLE, PartKind, PlannedPart, VolumeKind
from referrals.packet.timeline import Mark, description, timeline
from referrals.records.case_record import CaseRecord, Footage
from referrals.records.cites import Cite, pieces, seconds
from referrals.records.fields import ChronologyFields, ExhibitFields, PersonFields
from referrals.records.snapshot import MediaFacts
from referrals.typesetting.rendering import page_environment
from stamping.bates import BatesSeries
from stamping.values import Conformance

DIGITS = 16
"""Digits of a digest that stay on one line."""

HEX = re.compile(r"\b([0-9a-fA-F]{32,})\b")
"""A digest in a text: MD5 has 32 digits, the shortest."""


def compose(contents: Contents) -> dict[str, Markup]:
    """Return the section of every written part of a volume, by key, in order."""
    environment = page_environment()
    page = _Page(contents)
    environment.filters["cited"] = page.cited
    environment.filters["moment"] = page.moment
    environment.filters["clock"] = page.clock
    environment.filters["digest"] = digest
    environment.filters["digests"] = digests
    environment.filters["picture"] = picture
    template = environment.get_template("packet/part.html")
    return {
        part.key: Markup(
            template.render(
                c=contents,
                record=contents.record,
                profile=contents.profile,
                page=page,
                part=part,
                template=_template,
            )
        )
        for part in contents.volume.parts
        if part.generated
    }


def document(packet: str, sections: Sequence[Markup]) -> str:
    """Return sections as one HTML document."""
    template = page_environment().get_template("packet/volume.html")
    return template.render(packet=packet, parts=sections)


def digest(sha256: str) -> Markup:
    """Return a hex digest that wraps between groups of sixteen digits only."""
    groups = [sha256[start : start + DIGITS] for start in range(0, len(sha256), DIGITS)]
    spans = Markup("").join(Markup("<span>{}</span>").format(group) for group in groups)
    return Markup('<span class="digest">{}</span>').format(spans)


def digests(text: str) -> Markup:
    """Return a text with the hex digests in it set as digests."""
    words = (digest(word) if HEX.fullmatch(word) else escape(word) for word in HEX.split(text))
    return Markup("").join(words)


def picture(png: bytes) -> str:
    """Return a picture as an address that holds its own bytes."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def drawing(svg: str) -> str:
    """Return a drawing as an address that holds it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def led_in(text: str, following: Cite | str) -> Markup:
    """Return a text; its last word apart where a cite follows.

    WeasyPrint breaks a line that a cite overflows after its first word, unless
    something may be broken off nearer to the cite.
    """
    head, space, word = text.rstrip(" ").rpartition(" ")
    if not isinstance(following, Cite) or not space or not text.endswith(" "):
        return escape(text)
    return Markup("{} <span>{} </span>").format(head, word)


def _template(part: PlannedPart) -> str:
    name = part.key if part.kind is PartKind.SECTION else part.kind.value
    return f"packet/{name}.html"


class _Page:
    """What the templates ask: numbers, cites, names, times."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        record = contents.record
        self.series: BatesSeries = contents.profile.series(record.case.number)
        self.here = {part.key for part in contents.volume.parts}
        self.anywhere = {part.key for part in contents.plan.parts}
        self.persons = {person.key: person for person in record.persons}
        self.federal = {person.key: person for person in record.federal_personnel}
        self.footage = {footage.key: footage for footage in record.footage}

    def late(self, key: str) -> Markup:
        """Return a Bates number that is known after layout."""
        placeholder = f"{self.series.stem}{'0' * self.series.width}"
        return Markup('<span class="late" data-late="{}">{}</span>').format(key, placeholder)

    def numbers(self, key: str, pages: int = 0) -> Markup:
        """Return the first and last number of a part or volume; one if it is known to have one."""
        if pages == 1:
            return self.late(f"first:{key}")
        first, last = self.late(f"first:{key}"), self.late(f"last:{key}")
        return Markup("{} – {}").format(first, last)

    def linked(self, key: str, words: str | Markup, page: int | None = None) -> Markup:
        """Return words that lead to a part, where that part is in this volume."""
        if key not in self.here:
            return Markup(escape(words))
        place = f"{key}/{page}" if page else key
        return Markup('<a href="packet:{}">{}</a>').format(place, words)

    def cited(self, text: str) -> Markup:
        """Return a record's text with its pin-cites as links."""
        parts = list(pieces(text))
        return Markup("").join(
            self._cite(piece) if isinstance(piece, Cite) else led_in(piece, following)
            for piece, following in zip(parts, [*parts[1:], ""], strict=True)
        )

    def _cite(self, cite: Cite) -> Markup:
        if cite.kind == "exhibit" and f"exhibit-{cite.key}" in self.anywhere:
            return self._cite_here(cite)
        if cite.kind == "exhibit" and cite.key in self.contents.earlier:
            number = self.late(f"earlier:{cite.key}:{cite.page or 1}")
            return Markup('<span class="cite">Ex.\u00a0{}, {}</span>').format(cite.key, number)
        if cite.kind == "footage" and cite.key in self.footage:
            words = f"{cite.key} at {cite.time_code}" if cite.time_code else cite.key
            if self.contents.volume.kind is VolumeKind.MAIN:
                return Markup('<a class="cite" href="packet:footage-{}">{}</a>').format(
                    cite.key, words
                )
            return Markup('<span class="cite">{}</span>').format(words)
        return Markup('<span class="unresolved">{}</span>').format(cite.written)

    def _cite_here(self, cite: Cite) -> Markup:
        key = f"exhibit-{cite.key}"
        number = self.late(f"page:{key}:{cite.page or 1}")
        words = Markup("Ex.\u00a0{}, {}").format(cite.key, number)
        if key not in self.here:
            return Markup('<span class="cite">{}</span>').format(words)
        place = f"{key}/{cite.page or 1}"
        return Markup('<a class="cite" href="packet:{}">{}</a>').format(place, words)

    def moment(self, value: datetime | None) -> str:
        """Return a date and time in the case's zone."""
        if value is None:
            return "–"
        local = value.astimezone(self.contents.zone)
        return f"{local:%Y-%m-%d %H:%M:%S %Z}"

    def clock(self, value: datetime | None) -> str:
        """Return a time of day in the case's zone, with its date if not the first day's."""
        if value is None:
            return "–"
        local = value.astimezone(self.contents.zone)
        began = self.contents.record.incident.began.astimezone(self.contents.zone)
        day = "" if local.date() == began.date() else f"{local:%Y-%m-%d} "
        return f"{day}{local:%H:%M:%S}"

    def person(self, key: str) -> str:
        """Return who a key stands for; words that are no key stay."""
        person = self.persons.get(key)
        if person is None:
            return self.federal_person(key)
        return self.public_name(person)

    def full_name(self, key: str) -> str:
        """Return a person's whole name, for the confidential volume only."""
        return self.persons[key].name if key in self.persons else key

    def federal_person(self, key: str) -> str:
        """Return a federal person as far as identified."""
        federal = self.federal.get(key)
        if federal is None:
            return "Not identified" if key == "unknown" else key
        return f"{federal.key} ({federal.name or 'name not learned'}, {federal.agency})"

    def people(self, keys: str) -> str:
        """Return the names behind a list of keys."""
        return ", ".join(self.person(key.strip()) for key in keys.split(","))

    def chronology(self) -> list[tuple[int, datetime, ChronologyFields]]:
        """Return the entries in the order of the reference clock, numbered."""
        entries = [(self._reconciled(each), each) for each in self.contents.record.chronology]
        entries.sort(key=lambda entry: entry[0])
        zone = self.contents.zone
        return [
            (number, at.astimezone(zone), entry)
            for number, (at, entry) in enumerate(entries, start=1)
        ]

    def timeline(self) -> tuple[Markup, str]:
        """Return the drawn chronology and its description."""
        marks = [Mark(number, at) for number, at, _ in self.chronology()]
        return timeline(marks), description(marks)

    def timeline_picture(self) -> str:
        """Return the drawn chronology as an address that holds it."""
        return drawing(self.timeline()[0])

    def public_name(self, person: PersonFields) -> str:
        """Return a name as the main volume prints it: a minor's by its initials."""
        name = person.name
        if person.minor:
            name = "".join(f"{word[0]}." for word in name.split())
        return f"{person.rank} {name}".strip()

    def public_title(self, exhibit: ExhibitFields) -> str:
        """Return a title as the main volume prints it: a confidential one says nothing."""
        return CONFIDENTIAL_TITLE if exhibit.confidential else exhibit.title

    def certificate(self) -> Markup:
        """Return the certificate's wording with the packet's numbers in it."""
        wording = Markup(escape(self.contents.profile.certificate_of_compliance.text))
        return wording.format(first=self.late("first:@main"), last=self.late("last:@confidential"))

    def _reconciled(self, entry: ChronologyFields) -> datetime:
        footage = self.footage.get(entry.clock)
        return reconciled(entry.at, footage) if footage is not None else entry.at

    def offset(self, footage: Footage) -> str:
        """Return a clock's offset with its sign."""
        return f"{footage.clock_offset_seconds:+.1f} s".replace("-", "−")

    def still(self, footage: Footage, time_code: str) -> Still | None:
        """Return the still of a key moment, if the recording gave one."""
        at = seconds(time_code)
        return next((each for each in self.contents.moments[footage.key] if each.time == at), None)

    def reconciled(self, footage: Footage) -> datetime:
        """Return when a recording began by the reference clock."""
        return reconciled(footage.began, footage)

    def media(self, footage: Footage) -> MediaFacts | None:
        """Return what a recording's file says of itself, if it can be read."""
        sha256 = self.contents.snapshot.file(footage.file).sha256
        return next((each for each in self.contents.snapshot.media if each.sha256 == sha256), None)

    def coverage(self) -> list[Lane]:
        """Return which part of the event each unit's recordings cover."""
        return coverage(self.contents.snapshot)

    def coverage_words(self) -> str:
        """Return what the drawing of the coverage shows, in words."""
        return coverage_chart.description(self.coverage())

    def coverage_picture(self) -> str:
        """Return the drawn coverage as an address that holds it."""
        incident = self.contents.record.incident
        event = Span(incident.began, incident.ended)
        return drawing(coverage_chart.coverage_chart(self.coverage(), event, self.contents.zone))

    def span(self, span: Span) -> str:
        """Return from when to when, by the clock."""
        return f"{self.clock(span.began)} – {self.clock(span.ended)}"

    def custody(self, *, confidential: bool) -> list[tuple[str, str, Sequence[Any]]]:
        """Return the custody events by item, with the item's title.

        Those of confidential exhibits stand in the confidential volume.
        """
        record: CaseRecord = self.contents.record
        items = [
            (f"ex:{each.designator}", f"Exhibit {each.designator}", each.title)
            for each in record.exhibits
            if each.confidential is confidential
        ]
        if not confidential:
            items += [
                (f"footage:{each.key}", f"Recording {each.key}", each.title)
                for each in record.footage
            ]
        return [
            (label, title, [event for event in record.custody if event.item == item])
            for item, label, title in items
        ]

    def access(self) -> Sequence[ExhibitAccess]:
        """Return how the exhibits of the packet can be read, those of every volume."""
        return self.contents.access

    def claimed(self, kind: VolumeKind) -> str:
        """Return what a volume claims to keep, in words."""
        rows = [row for row in self.contents.access if row.volume is kind]
        if claim(kind, rows) is not Conformance.NONE:
            return "Claims PDF/A-2a and PDF/UA-1"
        named = ", ".join(f"Ex. {row.designator}" for row in rows if row.obstacles)
        return f"Claims neither, because of {named}"

    def index_rows(self) -> list[tuple[PlannedPart, Any]]:
        """Return the exhibits of the packet, those of every volume, in order."""
        exhibits = self.contents.exhibits
        return [
            (part, exhibits[part.exhibit])
            for part in self.contents.plan.parts
            if part.key.startswith("exhibit-")
        ]
