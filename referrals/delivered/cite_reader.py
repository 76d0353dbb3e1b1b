"""Cites of Bates numbers and of moments in recordings, as people write them.

In: the passages of a document, the series whose numbers count, the keys of the
recordings. Out: a `WrittenCite` for each number, range and time code. What is
nearly a cite is one too and says how it should have been written: nothing that
looks like a number is passed over in silence.

Read as written: `CPD-000123`, `CPD-000123–000126`, `CPD-000123 to CPD-000126`,
`CPD-000123-126`, `CPD-000123, 125–127`, `Ex. B, CPD-000123`, `Exhibit B at
CPD-000123`, `CPD-000123 (Ex. B)`, `V1 at 00:03:12`, with any dash. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from referrals.delivered.document_passages import Passage
from stamping.bates import BatesSeries

DASH = "[-\u2010\u2011\u2012\u2013\u2014\u2212]"
AROUND = 40
"""Characters before and after a cite that are told with it."""

SHORTEST_LISTED = 3
"""Digits from which a bare number in a list is read as a cite."""


@dataclass(frozen=True, slots=True)
class WrittenCite:
    """A cite: where it stands, how it is written, what it names.

    `numbers` are the first and the last number as written, the last one first if
    the range runs backwards; None for a recording. `meant` is how it should have
    been written, where it is only nearly a cite. `time_code` is in hours, minutes
    and seconds.
    """

    place: str
    around: str
    written: str
    series: BatesSeries | None = None
    numbers: tuple[int, int] | None = None
    exhibit: str = ""
    recording: str = ""
    time_code: str = ""
    meant: str = ""

    @property
    def label(self) -> str:
        """The cite in its full form."""
        if self.series is None or self.numbers is None:
            return f"{self.recording} at {self.time_code}"
        first, last = (f"{self.series.stem}{n:0{self.series.width}d}" for n in self.numbers)
        return first if first == last else f"{first}–{last}"


def written_cites(
    passages: Sequence[Passage], series: Sequence[BatesSeries], recordings: Sequence[str]
) -> list[WrittenCite]:
    """Return every cite of the passages, in order."""
    found = []
    for passage in passages:
        here: list[tuple[int, WrittenCite]] = []
        for each in series:
            here += _Numbers(each).cites(passage)
        here += _moments(passage, recordings)
        found += [cite for _, cite in sorted(here, key=lambda pair: pair[0])]
    return found


@dataclass(frozen=True, slots=True)
class _Item:
    """One number or range of a list: where in the text, which numbers, how it was meant."""

    start: int
    end: int
    numbers: tuple[int, int]
    bare: bool
    near: bool


class _Numbers:
    """The patterns of one series."""

    def __init__(self, series: BatesSeries) -> None:
        self.series, width = series, series.width
        core = series.stem.rstrip(" -_./#")
        ending = series.stem[len(core) :]
        exact = _any_dash(core) + _any_dash(ending)
        number = rf"\d{{{width}}}(?!\d)"
        # A name such as CPD-11.377 is that of a form, and no number.
        no_more = r"(?!\d)(?!\.\d)"
        joint = rf"(?:\s?(?:{DASH}|_|\.|#|:|No\.?)){{0,2}}\s*"
        loose = rf"{_any_dash(core)}(?P<joint>{joint})" if core else "(?!)"
        self.exact = re.compile(rf"(?<![A-Za-z0-9]){exact}(?P<digits>{number})")
        self.near = re.compile(
            rf"(?<![A-Za-z0-9]){loose}(?P<digits>\d{{1,{width + 2}}}){no_more}", re.IGNORECASE
        )
        end = r"(?!\d)(?![/:.]\d)"
        stem = rf"(?P<stem>{exact})?"
        digits = rf"(?P<digits>\d{{1,{width}}}){end}"
        self.until = re.compile(
            rf"(?:(?P<dash>\s*{DASH}{{1,2}}\s*)|\s+(?:to|through|thru)\s+){stem}{digits}"
        )
        # Not the volume of a statute or a reporter, and not a date.
        foreign = rf"(?!\s+[A-Z])(?!{DASH}\d{{1,2}}{DASH}\d)"
        self.also = re.compile(
            rf"\s*(?:[,;]\s*(?:and|&)?|\s(?:and|&))\s*{stem}{digits}{foreign}(?!\s*%)"
        )

    def cites(self, passage: Passage) -> Iterator[tuple[int, WrittenCite]]:
        text, place = passage.text, 0
        while first := self._first(text, place):
            exhibit = _exhibit_before(text, first.start)
            items = [first, *self._listed(text, first)]
            place = items[-1].end
            exhibit = exhibit or _exhibit_after(text, place)
            for item in items:
                bound = exhibit if item is first or item.bare else ""
                yield item.start, self._cite(passage, item, bound)

    def _cite(self, passage: Passage, item: _Item, exhibit: str) -> WrittenCite:
        text = passage.text
        cite = WrittenCite(
            place=passage.place,
            around=_around(text, item.start, item.end),
            written=" ".join(text[item.start : item.end].split()),
            series=self.series,
            numbers=item.numbers,
            exhibit=exhibit,
        )
        return replace(cite, meant=cite.label) if item.near else cite

    def _first(self, text: str, place: int) -> _Item | None:
        exact, near = self.exact.search(text, place), self._nearly(text, place)
        if exact and (near is None or exact.start() <= near.start()):
            return self._ranged(text, exact, near=False)
        return self._ranged(text, near, near=True) if near else None

    def _nearly(self, text: str, place: int) -> re.Match[str] | None:
        """Return the first thing that looks like a number and is not written like one."""
        for match in self.near.finditer(text, place):
            digits = match["digits"]
            joined = any(each in "-_#" or not each.isascii() for each in match["joint"])
            long = len(digits) >= self.series.width - 2 or digits[0] == "0"
            if int(digits) and (joined or (long and int(digits) <= self.series.highest)):
                return match
        return None

    def _ranged(self, text: str, match: re.Match[str], *, near: bool) -> _Item:
        """Return a number with the end of its range, if one follows."""
        first = int(match["digits"])
        last, end, short = self._until(text, match.end(), first)
        # What no number of the series can be is not nearly one.
        near = (near or short) and max(first, last) <= self.series.highest
        return _Item(match.start(), end, (first, last), bare=False, near=near)

    def _until(self, text: str, place: int, first: int) -> tuple[int, int, bool]:
        """Return the last number of a range that goes on at `place`, its end, and if it is near.

        `126` ends a range after a dash or a word, `6` only right at a dash.
        """
        until = self.until.match(text, place)
        if until is None:
            return first, place, False
        stem, digits = until["stem"], until["digits"]
        close = until["dash"] is not None and until["dash"].strip() == until["dash"]
        if not stem and len(digits) < (1 if close else 2):
            return first, place, False
        near = bool(stem) and len(digits) != self.series.width
        return self._completed(first, digits, bool(stem)), until.end(), near

    def _listed(self, text: str, first: _Item) -> Iterator[_Item]:
        """Yield what a list goes on with: `125`, `125–127`, `CPD-125`."""
        before, end = first.numbers[1], first.end
        while match := self.also.match(text, end):
            stem, digits = match["stem"], match["digits"]
            if stem and len(digits) == self.series.width:
                return  # A cite of its own, which the search finds next.
            short = len(digits) < SHORTEST_LISTED
            if short and not re.match(r"\s*(?:[.,;)\]]|$)", text[match.end() :]):
                return
            number = self._completed(before, digits, bool(stem))
            if not number:
                return
            start = match.start("stem") if stem else match.start("digits")
            before, end, near = self._until(text, match.end(), number)
            near = near or short or bool(stem)
            yield _Item(start, end, (number, before), bare=not stem, near=near)

    def _completed(self, before: int, digits: str, whole: bool) -> int:
        """Return a number of which only the last digits are written."""
        if whole or len(digits) == self.series.width:
            return int(digits)
        size = int(10 ** len(digits))
        return before // size * size + int(digits)


_EXHIBIT = r"(?:\bExhibits?|\bExh?s?\b\.?)\s*(?P<exhibit>[A-Z]{1,3}\d{0,3}|\d{1,4})(?![A-Za-z0-9])"
_BEFORE = re.compile(
    rf"{_EXHIBIT}\s*[,:(\u2013\u2014-]?\s*(?:at|on|see)?\s*(?:pp?\.|pages?)?\s*$", re.IGNORECASE
)
_AFTER = re.compile(rf"\s*[(\[]\s*{_EXHIBIT}\s*[)\],.;]", re.IGNORECASE)


def _exhibit_before(text: str, place: int) -> str:
    match = _BEFORE.search(text[max(0, place - AROUND) : place])
    return match["exhibit"].upper() if match else ""


def _exhibit_after(text: str, place: int) -> str:
    match = _AFTER.match(text, place)
    return match["exhibit"].upper() if match else ""


_CLOCK = r"(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(?![\d:])(?!\s*[ap]\.?m\b)"
_TIME_CODE = re.compile(r"\d{2}:[0-5]\d:[0-5]\d(?:\.\d{1,3})?")


def _moments(passage: Passage, recordings: Sequence[str]) -> Iterator[tuple[int, WrittenCite]]:
    """Yield the time codes bound to a recording, also to one that nobody knows."""
    known = "".join(f"{re.escape(key)}|" for key in sorted(recordings, key=len, reverse=True))
    pattern = rf"(?<![\w-])(?P<key>{known}[A-Z]{{1,4}}\d{{1,4}})\s*[,(@]?\s*(?:at\s+)?{_CLOCK}"
    for match in re.finditer(pattern, passage.text, re.IGNORECASE):
        key = next((each for each in recordings if each.lower() == match["key"].lower()), "")
        key = key or match["key"].upper()
        exact = bool(_TIME_CODE.fullmatch(match["time"])) and key == match["key"]
        time_code = match["time"] if exact else _completed_time(match["time"])
        cite = WrittenCite(
            place=passage.place,
            around=_around(passage.text, match.start(), match.end()),
            written=" ".join(match[0].split()),
            recording=key,
            time_code=time_code,
            meant="" if exact else f"{key} at {time_code}",
        )
        yield match.start(), cite


def _completed_time(written: str) -> str:
    """Return `3:12` as `00:03:12`."""
    whole, dot, rest = written.partition(".")
    fields = [f"{int(field):02d}" for field in whole.split(":")]
    return ":".join(["00"] * (3 - len(fields)) + fields) + dot + rest


def _any_dash(text: str) -> str:
    return "".join(DASH if each == "-" else re.escape(each) for each in text)


def _around(text: str, start: int, end: int) -> str:
    """Return the words around a cite, cut at spaces."""
    left, right = max(0, start - AROUND), min(len(text), end + AROUND)
    before, after = text[left:start], text[end:right]
    if left and " " in before:
        before = f"…{before.partition(' ')[2]}"
    if right < len(text) and " " in after:
        after = f"{after.rpartition(' ')[0]}…"
    return " ".join(f"{before}{text[start:end]}{after}".split())
