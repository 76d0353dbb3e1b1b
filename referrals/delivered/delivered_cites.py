"""Whether the cites of a document name what deliveries hold.

In: a document and the folders of deliveries. Out: a `CiteReport`: for each cite the
page or pages it leads to in each delivery, and what is wrong with it. Read only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from referrals.delivered.cite_reader import WrittenCite, written_cites
from referrals.delivered.cite_report import CheckedCite, CitedPages, CiteOutcome, CiteReport, listed
from referrals.delivered.delivered_numbers import (
    DeliveredNumbers,
    HeldPage,
    HeldRecording,
    delivered_numbers,
    sharing_parts,
)
from referrals.delivered.document_passages import document_passages
from referrals.errors import InputError
from referrals.evidence.footage import probe
from referrals.findings import Finding, Severity
from referrals.records.cites import seconds
from stamping.bates import BatesSeries


def check_document(document: Path, folders: Sequence[Path]) -> CiteReport:
    """Return what becomes of each cite of `document` in the deliveries of `folders`.

    Raises:
        InputError: the document or a delivery cannot be read.
    """
    deliveries = sharing_parts([delivered_numbers(folder) for folder in folders])
    series = list(dict.fromkeys(each.series for each in deliveries))
    recordings = dict.fromkeys(
        recording.key for each in deliveries for recording in each.recordings or ()
    )
    cites = written_cites(document_passages(document), series, list(recordings))
    checked = tuple(check_cite(cite, deliveries) for cite in cites)
    return CiteReport(document.name, tuple(deliveries), checked)


def check_cite(cite: WrittenCite, deliveries: Sequence[DeliveredNumbers]) -> CheckedCite:
    """Return what becomes of one cite."""
    if cite.series is None or cite.numbers is None:
        checked = _moment(cite, deliveries)
    else:
        own = [each for each in deliveries if each.series == cite.series]
        checked = _numbers(cite, cite.series, cite.numbers, own)
    if cite.meant:
        near = _found(
            cite,
            Severity.WARNING,
            "cite-near-miss",
            f"'{cite.written}' is not how this is written; probably {cite.meant} is meant",
            f"Write {cite.meant}.",
        )
        checked = replace(checked, findings=(near, *checked.findings))
    return checked


def _numbers(
    cite: WrittenCite,
    series: BatesSeries,
    numbers: tuple[int, int],
    deliveries: Sequence[DeliveredNumbers],
) -> CheckedCite:
    first, last = numbers
    if last < first:
        message = f"the range {cite.label} runs backwards"
        finding = _found(cite, Severity.BLOCKING, "cite-backwards", message, "Turn it around.")
        return CheckedCite(cite, CiteOutcome.BACKWARDS, (), (finding,))
    runs = [run for each in deliveries for run in each.ranges]
    inside = [(max(first, run.first), min(last, run.last)) for run in runs]
    if missing := _missing(first, last, [(low, high) for low, high in inside if low <= high]):
        message = _not_held(series, missing, deliveries)
        remedy = "Correct the cite, or name the delivery that holds it."
        finding = _found(cite, Severity.BLOCKING, "cite-unresolved", message, remedy)
        return CheckedCite(cite, CiteOutcome.NOT_DELIVERED, (), (finding,))
    pages = tuple(run for each in deliveries for run in _pages(each, first, last))
    differs = list(_exhibit_findings(cite, pages))
    findings = [
        *differs,
        *_crossing_findings(cite, pages),
        *_lacking_findings(cite, deliveries, pages),
        *_redacted_findings(cite, pages),
    ]
    wrong = any(finding.severity is Severity.BLOCKING for finding in differs)
    outcome = CiteOutcome.EXHIBIT_DIFFERS if wrong else CiteOutcome.RESOLVES
    return CheckedCite(cite, outcome, pages, tuple(findings))


def _missing(first: int, last: int, held: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the first run of `first` to `last` that none of `held` covers."""
    place = first
    for low, high in sorted(held):
        if low > place:
            return place, low - 1
        place = max(place, high + 1)
    return (place, last) if place <= last else None


def _not_held(
    series: BatesSeries, missing: tuple[int, int], deliveries: Sequence[DeliveredNumbers]
) -> str:
    first, last = (f"{series.stem}{number:0{series.width}d}" for number in missing)
    label = first if first == last else f"{first}–{last}"
    told = f"{label} is in none of them: {listed([each.words for each in deliveries])}"
    if len(deliveries) == 1:
        told = f"{label} is not in {deliveries[0].words}"
    for case in dict.fromkeys(each.case for each in deliveries):
        runs = [run for each in deliveries if each.case == case for run in each.ranges]
        before = [run.last for run in runs if run.last < missing[0]]
        after = [run.first for run in runs if run.first > missing[1]]
        if before and after:
            told += f"; between {series.label(max(before))} and {series.label(min(after))} "
            told += f"of {case}, numbers are void, of another case, or left out of these sets"
    return told


def _pages(delivery: DeliveredNumbers, first: int, last: int) -> Iterator[CitedPages]:
    """Yield the runs of pages that a range comes to in one delivery, a run for each part."""
    run: list[tuple[int, HeldPage]] = []
    ranges = [(max(first, each.first), min(last, each.last)) for each in delivery.ranges]
    for number in (number for low, high in ranges for number in range(low, high + 1)):
        held = delivery.page(number)
        if run and (held is None or (held.file, held.part) != (run[0][1].file, run[0][1].part)):
            yield _run(delivery, run)
            run = []
        if held is not None:
            run.append((number, held))
    if run:
        yield _run(delivery, run)


def _run(delivery: DeliveredNumbers, run: Sequence[tuple[int, HeldPage]]) -> CitedPages:
    (first, start), (last, end) = run[0], run[-1]
    label = delivery.series.label
    return CitedPages(
        delivery=delivery.name,
        file=start.file.file,
        first=label(first),
        last=label(last),
        first_page=start.page,
        last_page=end.page,
        part=start.part.words if start.part else "",
        exhibit=start.part.exhibit if start.part else "",
        redacted=tuple(label(number) for number, _ in run if number in delivery.redactions),
    )


def _exhibit_findings(cite: WrittenCite, pages: Sequence[CitedPages]) -> Iterator[Finding]:
    """Compare the exhibit that a cite names with those that its pages belong to."""
    told = [each for each in pages if each.part]
    if not cite.exhibit or any(each.exhibit == cite.exhibit for each in told):
        return
    if not told:
        yield _found(
            cite,
            Severity.WARNING,
            "cite-exhibit-unchecked",
            f"whether {cite.label} is of Ex. {cite.exhibit} is not said in {pages[0].delivery}",
            "Name the full packet too.",
        )
        return
    own = list(dict.fromkeys(each.belongs_to for each in told))
    yield _found(
        cite,
        Severity.BLOCKING,
        "cite-exhibit-differs",
        f"{cite.label} is not of Ex. {cite.exhibit}: it is of {listed(own)}",
        "Correct the letter or the number.",
    )


def _crossing_findings(cite: WrittenCite, pages: Sequence[CitedPages]) -> Iterator[Finding]:
    own = [each for each in pages if each.delivery == pages[0].delivery]
    crossed = []
    for part, among in groupby(own, key=lambda each: each.belongs_to):
        runs = list(among)
        first, last = runs[0].first, runs[-1].last
        crossed.append(f"{part} ({first if first == last else f'{first}–{last}'})")
    if len(crossed) > 1:
        message = f"the range {cite.label} crosses parts: {listed(crossed)}"
        remedy = "Cite each part by itself if that was not meant."
        yield _found(cite, Severity.WARNING, "cite-crosses-parts", message, remedy)


def _lacking_findings(
    cite: WrittenCite, deliveries: Sequence[DeliveredNumbers], pages: Sequence[CitedPages]
) -> Iterator[Finding]:
    """Tell which set of the same packet does not hold what another delivery does."""
    holding = {each.delivery for each in pages}
    packets = {each.packet for each in deliveries if each.name in holding}
    for each in deliveries:
        if each.name not in holding and each.packet in packets:
            yield _found(
                cite,
                Severity.WARNING,
                "cite-not-in-set",
                f"{cite.label} is in {listed(sorted(holding))} and not in {each.words}",
                "Do not cite it where only that set is filed.",
            )


def _redacted_findings(cite: WrittenCite, pages: Sequence[CitedPages]) -> Iterator[Finding]:
    for each in pages:
        if each.redacted:
            message = f"redacted in {each.delivery}: {listed(each.redacted)}"
            remedy = "Check that what is cited can still be read there."
            yield _found(cite, Severity.NOTE, "cite-redacted", message, remedy)


def _moment(cite: WrittenCite, deliveries: Sequence[DeliveredNumbers]) -> CheckedCite:
    listing = [each for each in deliveries if each.recordings is not None]
    if not listing:
        message = f"no delivery that was named lists recordings, {cite.recording} was not checked"
        finding = _found(
            *(
                cite,
                Severity.WARNING,
                "cite-recording-unchecked",
                message,
                "Name the full packet too.",
            )
        )
        return CheckedCite(cite, CiteOutcome.UNCHECKED, (), (finding,))
    held = [
        (each, recording)
        for each in listing
        for recording in each.recordings or ()
        if recording.key == cite.recording
    ]
    if not held:
        keys = dict.fromkeys(each.key for one in listing for each in one.recordings or ())
        message = f"no recording is called {cite.recording}; there are {listed(list(keys))}"
        finding = _found(
            *(cite, Severity.BLOCKING, "cite-recording-unknown", message, "Correct the key.")
        )
        return CheckedCite(cite, CiteOutcome.NOT_DELIVERED, (), (finding,))
    duration = _duration(held)
    if duration is not None and seconds(cite.time_code) > duration:
        message = f"{cite.label} lies behind the end of a recording of {duration:.1f} seconds"
        finding = _found(
            *(cite, Severity.BLOCKING, "cite-beyond-end", message, "Correct the time code.")
        )
        return CheckedCite(cite, CiteOutcome.BEYOND_END, (), (finding,))
    findings = []
    if duration is None:
        message = f"{cite.recording} was not delivered here, so the time code was not checked"
        findings.append(_found(cite, Severity.NOTE, "cite-time-unchecked", message, ""))
    file = next((recording.path for _, recording in held if recording.path), "")
    return CheckedCite(cite, CiteOutcome.RESOLVES, (), tuple(findings), file)


def _duration(held: Sequence[tuple[DeliveredNumbers, HeldRecording]]) -> float | None:
    """Return how long a recording is in seconds, if a delivery holds it."""
    for delivery, recording in held:
        path = delivery.path(recording.path)
        if recording.path and path.is_file():
            try:
                return probe(path, recording.sha256, recording.key).duration
            except InputError:
                return None
    return None


def _found(cite: WrittenCite, severity: Severity, code: str, message: str, remedy: str) -> Finding:
    return Finding(severity, code, f"{message}. “{cite.around}”", cite.place, remedy)
