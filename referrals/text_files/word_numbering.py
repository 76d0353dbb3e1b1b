"""The numbers that Word prints before the paragraphs of its lists.

In: the numbering and style parts of a document, and its paragraphs in order. Out: the label
of each (ECMA-376-1 § 17.9). A number is text that a reader sees, though no paragraph holds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST_STYLE = 20
_LEVEL = re.compile(r"%([1-9])")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LARGEST = 100_000


@dataclass
class _Level:
    """How the numbers of one level look, and where they begin."""

    form: str
    text: str
    start: int


@dataclass
class ListNumbering:
    """The lists of a document, and how far each has been counted."""

    numbering: etree._Element | None
    styles: etree._Element | None
    counted: dict[str, dict[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        if self.numbering is not None:
            for each in self.numbering.iterfind(f"{W}abstractNum"):
                self._abstract[each.get(f"{W}abstractNumId", "")] = _levels(each)
            for each in self.numbering.iterfind(f"{W}num"):
                self._lists[each.get(f"{W}numId", "")] = _value(each, "abstractNumId")
        self._styles = (
            {each.get(f"{W}styleId", ""): each for each in self.styles.iterfind(f"{W}style")}
            if self.styles is not None
            else {}
        )

    def label(self, paragraph: etree._Element) -> str:
        """Return the label of the next paragraph, empty where it has none."""
        number, level = self._place(paragraph)
        levels = self._abstract.get(self._lists.get(number, ""), {})
        if not number or level not in levels:
            return ""
        counts = self.counted.setdefault(self._lists[number], {})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]

        def numeral(found: re.Match[str]) -> str:
            above = int(found[1]) - 1
            known = levels.get(above)
            if known is None:
                return ""
            return _FORMS.get(known.form, str)(counts.get(above, known.start))

        if levels[level].form == "bullet":
            return "•"
        if levels[level].form == "none":
            return ""
        return _LEVEL.sub(numeral, levels[level].text)

    def is_heading(self, paragraph: etree._Element) -> bool:
        """Whether the paragraph's style, or one that it builds on, is a heading's."""
        name = _value(paragraph, "pPr", "pStyle")
        for _ in range(_DEEPEST_STYLE):
            style = self._styles.get(name)
            if style is None:
                break
            if _value(style, "name").lower().startswith(("heading", "title")):
                return True
            name = _value(style, "basedOn")
        return False

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        """Return a paragraph's list and level: its own, or that of its style."""
        number = _value(paragraph, "pPr", "numPr", "numId")
        level = _value(paragraph, "pPr", "numPr", "ilvl")
        name = _value(paragraph, "pPr", "pStyle")
        for _ in range(_DEEPEST_STYLE):
            style = self._styles.get(name)
            if number or style is None:
                break
            number = _value(style, "pPr", "numPr", "numId")
            level = level or _value(style, "pPr", "numPr", "ilvl")
            name = _value(style, "basedOn")
        return number if number != "0" else "", int(level) if level.isdigit() else 0


def _levels(abstract: etree._Element) -> dict[int, _Level]:
    levels = {}
    for each in abstract.iterfind(f"{W}lvl"):
        place, start = each.get(f"{W}ilvl", "0"), _value(each, "start")
        if place.isdigit():
            levels[int(place)] = _Level(
                _value(each, "numFmt") or "decimal",
                _value(each, "lvlText"),
                min(int(start), _LARGEST) if start.isdigit() else 1,
            )
    return levels


def _value(element: etree._Element, *way: str) -> str:
    found = element.find("/".join(f"{W}{name}" for name in way))
    return found.get(f"{W}val", "") if found is not None else ""


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else "0"


def _roman(number: int) -> str:
    left, text = min(number, _LARGEST), ""
    for value, numeral in _ROMAN:
        text += numeral * (left // value)
        left %= value
    return text or str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}
