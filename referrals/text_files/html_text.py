"""A page of HTML as text: in its order, its cells apart, and what it would load named.

In: markup that nobody vouches for. Out: a `PageText`. Nothing is fetched and nothing is run.
The text is read twice: by a parser that builds the page as browsers do (WHATWG HTML § 13.2),
and, for the account, by one that only passes over the marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

import tinyhtml5

_LINES = frozenset(
    {"p", "div", "br", "li", "tr", "table", "ul", "ol", "blockquote", "pre", "hr", "section"}
    | {"article", "header", "footer", "address", "dt", "dd", "option", "center", "caption"}
) | {f"h{level}" for level in range(1, 7)}
_SILENT = frozenset({"script", "style", "title", "template"})
_STRUCK = ("del", "s", "strike")
_OPENED = {"sup": "^(", "sub": "_("} | dict.fromkeys(_STRUCK, "[struck through: ")
_CLOSED = {"sup": ")", "sub": ")"} | dict.fromkeys(_STRUCK, "]")
"""How what changes the meaning of letters is written in plain text."""

_LOADING = ("src", "background", "data", "poster", "srcset", "lowsrc")
_REMOTE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
_IN_STYLE = re.compile(r"url\(\s*[\"']?((?:https?:)?//[^\"')\s]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's text, what it would load from elsewhere, and where its links lead.

    `held` is the text as the second parser finds it, in no layout.
    """

    text: str
    remote: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    held: str


def page_text(markup: str) -> PageText:
    """Return the text of a page, however broken its marks are."""
    root = tinyhtml5.parse(markup, namespace_html_elements=False)
    lines = [""]
    remote: list[str] = []
    links: list[tuple[str, str]] = []
    for event, element in _walk(root):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            remote += _loaded(element, tag)
            if tag == "a" and (target := (element.get("href") or "").strip()):
                links.append((" ".join("".join(element.itertext()).split()), target))
            if tag in _LINES:
                lines.append("")
            elif tag in ("td", "th"):
                lines[-1] += "\t"
            lines[-1] += _OPENED.get(tag, "") + _said(element, tag)
            lines[-1] += (element.text or "") if tag and tag not in _SILENT else ""
        else:
            lines[-1] += _CLOSED.get(tag, "")
            if tag in _LINES - {"br"}:
                lines.append("")
            lines[-1] += element.tail or ""
    return PageText(_tidy(lines), tuple(remote), tuple(links), _held(markup))


def _loaded(element: Element, tag: str) -> Iterator[str]:
    for key in _LOADING:
        address = element.get(key) or ""
        if _REMOTE.match(address):
            yield address.strip()
    if tag == "link" and _REMOTE.match(element.get("href") or ""):
        yield (element.get("href") or "").strip()
    style = element.get("style") or ""
    yield from _IN_STYLE.findall(style + (element.text or "" if tag == "style" else ""))


def _said(element: Element, tag: str) -> str:
    """Return what a page shows of an element that is not its text."""
    if tag == "img" and element.get("alt"):
        return f"[{element.get('alt')}]"
    if tag == "input" and (element.get("type") or "").lower() != "hidden" and element.get("value"):
        return f"[{element.get('value')}]"
    return ""


def _tidy(lines: list[str]) -> str:
    texts = ("\t".join(" ".join(cell.split()) for cell in line.split("\t")) for line in lines)
    kept: list[str] = []
    for text in (each.strip() for each in texts):
        if text or (kept and kept[-1]):
            kept.append(text)
    return "\n".join(kept).strip()


def _walk(root: Element) -> Iterator[tuple[str, Element]]:
    stack: list[tuple[str, Element]] = [("start", root)]
    while stack:
        event, element = stack.pop()
        yield event, element
        if event == "start":
            stack.append(("end", element))
            if element.tag not in _SILENT:
                stack.extend(("start", child) for child in reversed(element))


class _Passing(HTMLParser):
    """Keeps the text between marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.silent and tag in _SILENT:
            self.silent = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self.silent:
            self.silent = ""

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(data)


def _held(markup: str) -> str:
    parser = _Passing()
    parser.feed(markup)
    parser.close()
    return "".join(parser.pieces)
