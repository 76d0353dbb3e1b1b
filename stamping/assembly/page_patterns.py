"""Pages that differ in nothing but the objects they refer to, written from a pattern.

    a page as its file writes it ─► its pattern, learned once ─► the numbers put in

In: a page without tags, notes or links, whose number is sure to fit. Out: what
`page_copy` would have written, object for object and byte for byte, in a fraction of
the time; or None, with nothing written, where the page is not so plain: then
`page_copy` writes it. Tests compare the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

from stamping.assembly.page_entries import (
    FIXED,
    Sheets,
    carried_entries,
    close_page,
    stamped_resources,
)
from stamping.assembly.stamp import fence, sheet_needed, stamp_text, surroundings
from stamping.assembly.stamp_font import coded_width, encoded
from stamping.objects.balance import EVEN, is_plainly_even
from stamping.objects.content_grammar import is_well_formed
from stamping.objects.file_reader import Stream
from stamping.objects.object_copier import ObjectCopier
from stamping.objects.pdf_syntax import Ref, UnusualFormError, Value, parse, written
from stamping.objects.stream_decoding import decoded
from stamping.pages.refit import is_letter
from stamping.pages.viewport import Viewport, viewport

# Patterns that are kept, and how many a source may add before its pages count as all different.
_KEPT = 8
_TRIES = 8
# Numbers of this size stand for those that differ from page to page.
_UNKNOWN = 10**15
_REFERENCE = re.compile(rb"(?<![^\s\[])(\d++) 0 R(?=[\s/\]>])")
_UNKNOWN_NUMBER = re.compile(rf"{_UNKNOWN // 1000}(\d{{3}})")
_MOST_REFERENCES = 400
_OPENING, _CLOSING = fence(EVEN, b"/Figure <</MCID 0>> BDC ", b" EMC")


@dataclass(slots=True)
class Pattern:
    """How pages of one form are written.

    The numbers that `expression` finds, followed by `fixed` from the nodes above, are
    the page's references. Some are carried before the content, some after.
    """

    expression: re.Pattern[bytes]
    has_number: bool
    above: dict[str, Value]
    fixed: list[Value]
    content: int
    shared_resources: int | None
    before: list[int]
    after: list[int]
    text: bytes
    order: Callable[[list[Value]], tuple[Value, ...]]
    view: Viewport
    font_name: str
    surroundings: dict[tuple[float, str], tuple[bytes, bytes]] = field(default_factory=dict)


@dataclass
class PagePatterns:
    """The patterns met so far, the last one used first."""

    sheets: Sheets
    patterns: list[Pattern] = field(default_factory=list)

    def __post_init__(self) -> None:
        style, series = self.sheets.order.style, self.sheets.order.series
        digit = max("0123456789", key=lambda each: self.sheets.font.width(each, style.size))
        widest = stamp_text(style, series.stem + digit * series.width)
        self._widest = self.sheets.font.width(widest, style.size)
        self._tries: dict[ObjectCopier, int] = {}

    def copy(
        self,
        copier: ObjectCopier,
        resources: dict[Ref, tuple[Ref, str]],
        old: Ref,
        above: dict[str, Value],
        page: Ref,
        parent: Ref,
        part: int,
        text: str,
        alternative_text: str,
    ) -> Viewport | None:
        """Write a page as `page` with the stamp `text`; return its view, or None."""
        coded = encoded(text)
        width = coded_width(coded, self.sheets.order.style.size)
        found = self._find(copier, old, above) if width <= self._widest else None
        if found is None:
            return None
        pattern, numbers = found
        sheets, writer, source = self.sheets, self.sheets.writer, copier.source
        shared: Value = 0
        font_name = pattern.font_name
        if pattern.shared_resources is not None:
            held = resources.get(numbers[pattern.shared_resources])
            if held is None:
                return None
            shared, font_name = held
        named = numbers[pattern.content]
        stream = source.load(named)
        content = decoded(stream, source) if isinstance(stream, Stream) else None
        if content is None or not (is_plainly_even(content) and is_well_formed(content)):
            return None
        for place in pattern.before:
            numbers[place] = copier.carry(numbers[place])
        own = copier.put_stream(named, stream)
        figure = sheets.tags.figure(part, page, alternative_text, pattern.view.box)
        for place in pattern.after:
            numbers[place] = copier.carry(numbers[place])
        opening = sheets.opening(_OPENING)
        before, after = self._surroundings(pattern, width, font_name)
        closing = writer.add_stream({}, before + coded.hex().encode("ascii") + after)
        numbers += (parent, figure, shared, opening, own, closing)
        writer.put_bytes(page, pattern.text % pattern.order(numbers))
        copier.copy_waiting()
        return pattern.view

    def _find(
        self, copier: ObjectCopier, old: Ref, above: dict[str, Value]
    ) -> tuple[Pattern, list[Value]] | None:
        """Return the page's pattern, learned now if need be, and the page's references."""
        text = copier.source.text(old)
        if text is None:
            return None
        for place, pattern in enumerate(self.patterns):
            match = pattern.expression.fullmatch(text)
            if match is None or (above is not pattern.above and above != pattern.above):
                continue
            numbers = list(map(Ref, match.groups()))
            if pattern.has_number and numbers.pop(0) != old:
                continue
            if place:
                self.patterns.insert(0, self.patterns.pop(place))
            return pattern, numbers + pattern.fixed
        tries = self._tries.get(copier, 0)
        if tries >= _TRIES:
            return None
        self._tries = {copier: tries + 1}
        learned = self._learn(text, above)
        if learned is None:
            return None
        self.patterns = [learned, *self.patterns[: _KEPT - 1]]
        return self._find(copier, old, above)

    def _learn(self, text: bytes, above: dict[str, Value]) -> Pattern | None:
        """Return the pattern of a page that is written as `text`, None where it has none."""
        if b"(" in text or b"%" in text or text.count(b"<") != 2 * text.count(b"<<"):
            # Within a string or a comment a reference is none.
            return None
        pieces = _REFERENCE.split(text)
        count = len(pieces) // 2
        unknown = iter(range(_UNKNOWN, _UNKNOWN + _MOST_REFERENCES))
        if count >= _MOST_REFERENCES // 2 or str(_UNKNOWN // 1000).encode() in text:
            return None
        numbered = "".join(
            piece.decode("latin-1") if place % 2 == 0 else f"{next(unknown)} 0 R"
            for place, piece in enumerate(pieces)
        ).encode("latin-1")
        has_number = numbered[:1].isdigit()
        try:
            own, end = parse(numbered, numbered.index(b"obj") + 3 if has_number else 0)
        except UnusualFormError:
            return None
        if numbered[end:].strip() != (b"endobj" if has_number else b""):
            return None
        fixed: list[Value] = []
        inherited = _replaced(above, unknown, fixed)
        if type(own) is not dict or len(fixed) >= _MOST_REFERENCES // 2:
            return None
        return self._pattern(pieces, has_number, above, {**inherited, **own}, count, fixed)

    def _pattern(
        self,
        pieces: list[bytes],
        has_number: bool,
        above: dict[str, Value],
        entries: dict[str, Value],
        count: int,
        fixed: list[Value],
    ) -> Pattern | None:
        style = self.sheets.order.style
        resources, content = entries.get("Resources", {}), entries.get("Contents")
        if (
            "Annots" in entries
            or type(content) is not Ref
            or any(type(each) is Ref for each in _values([entries.get(key) for key in FIXED]))
            or any(type(each) is Ref and each < _UNKNOWN for each in _values([*entries.values()]))
            or (type(resources) is not Ref and not _is_plain(resources))
        ):
            return None
        view = viewport(entries, lambda value: value)
        if sheet_needed(view, style, self._widest) is not None:
            return None
        if self.sheets.order.letter and not is_letter(entries, view):
            return None
        met: list[int] = []

        def carry(value: Value) -> Value:
            met.extend(each - _UNKNOWN for each in _values([value]) if type(each) is Ref)
            return value

        made = carried_entries(entries, carry, view, None)
        before, met = met, []
        shared = resources - _UNKNOWN if type(resources) is Ref else None
        # In the order in which `copy` puts them behind the page's own references.
        parent, figure, shared_ref, opening, own, closing = (
            Ref(_UNKNOWN + count + len(fixed) + place) for place in range(6)
        )
        placed: Value = shared_ref
        name = ""
        if shared is None:
            placed, name = stamped_resources(
                resources, resources.get("Font", {}), self.sheets.font, carry
            )
        close_page(made, parent, int(figure), placed, [opening, own, closing])
        text = written(made).replace("%", "%%")
        order = [int(place) for place in _UNKNOWN_NUMBER.findall(text)]
        expression = rb"(\d++) 0 R".join([re.escape(piece) for piece in pieces[0::2]])
        if has_number:
            expression = rb"(\d++)" + expression.lstrip(b"0123456789")
        return Pattern(
            re.compile(expression),
            has_number,
            above,
            fixed,
            content - _UNKNOWN,
            shared,
            before,
            met,
            _UNKNOWN_NUMBER.sub("%d", text).encode("latin-1"),
            itemgetter(*order),
            view,
            name,
        )

    def _surroundings(self, pattern: Pattern, width: float, font_name: str) -> tuple[bytes, bytes]:
        held = pattern.surroundings.get((width, font_name))
        if held is None:
            before, after = surroundings(pattern.view, self.sheets.order.style, width, font_name)
            held = _CLOSING + before.encode("latin-1"), after.encode("latin-1")
            pattern.surroundings[width, font_name] = held
        return held


def _is_plain(resources: Value) -> bool:
    """Return whether resources name their fonts here and not by reference."""
    return type(resources) is dict and type(resources.get("Font", {})) is dict


def _values(values: list[Value]) -> Iterator[Value]:
    """Yield what stands in values, however deep, in the order in which it is written."""
    for value in values:
        if type(value) is dict:
            yield from _values(list(value.values()))
        elif type(value) is list:
            yield from _values(value)
        else:
            yield value


def _replaced(value: Value, unknown: Iterator[int], fixed: list[Value]) -> Value:
    """Return `value` with unknown numbers for its references, which are added to `fixed`."""
    if type(value) is Ref:
        fixed.append(value)
        return Ref(next(unknown))
    if type(value) is dict:
        return {key: _replaced(each, unknown, fixed) for key, each in value.items()}
    if type(value) is list:
        return [_replaced(each, unknown, fixed) for each in value]
    return value
