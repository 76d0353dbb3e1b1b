"""The grounds of rejection, each looked for on what the files are.

    Question (submission, rules, files as read) ──CHECKS[ground]──► faults

In: plain values. Out: faults, each with its file, its page and what was measured.
Whether a court rejects on a ground, and in which words, its profile says. Opens no file.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from referrals.preflight.case_numbers import borne
from referrals.preflight.filed_file import FiledFile, FiledPage
from referrals.preflight.submission import Submission
from referrals.profiles.filing_rules import FilingRules, Ground
from stamping.pages.file_traits import TraitKind
from stamping.pages.text_folding import folded
from stamping.pages.viewport import LETTER

SIZE_TOLERANCE = 0.5
"""Points by which a page may differ from US Letter."""

RESOLUTION_TOLERANCE = 0.01
"""The share by which a resolution may miss a limit: sizes of pages are rounded."""

SURE = 0.75
"""The confidence from which on something found is an identifier and not perhaps one."""

_INDEX = re.compile(r"\b(?:index|contents)\b", re.IGNORECASE)
_WORDS = re.compile(r"\w[\w.-]*\w|\w")


@dataclass(frozen=True, slots=True)
class Fault:
    """One place at which a ground is met; `page` counts from one, 0 for the whole file.

    `file` is empty for what is of the set. `doubtful` marks what a person must judge.
    """

    file: str
    measured: str
    page: int = 0
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class PreflightQuestion:
    """What is submitted, to whom, and what the files turned out to be."""

    submission: Submission
    rules: FilingRules
    files: tuple[FiledFile, ...]

    def pages(self) -> Iterator[tuple[FiledFile, FiledPage]]:
        """Yield every page that could be read, with its file."""
        for each in self.files:
            for page in each.pages:
                if page.number not in each.unread_pages:
                    yield each, page

    def traits(self, *kinds: TraitKind) -> Iterator[Fault]:
        """Yield a fault for each trait of these kinds."""
        for each in self.files:
            for trait in each.traits:
                if trait.kind in kinds:
                    yield Fault(each.name, trait.what, trait.page)


Check = Callable[[PreflightQuestion], Iterator[Fault]]


def _too_large(asked: PreflightQuestion) -> Iterator[Fault]:
    limit = asked.rules.sizes.document_bytes
    for each in asked.files:
        if limit is not None and each.bytes > limit:
            yield Fault(each.name, _excess(each.bytes, limit))


def _envelope_too_large(asked: PreflightQuestion) -> Iterator[Fault]:
    limit = asked.rules.sizes.envelope_bytes
    sizes = {each.name: each.bytes for each in asked.files}
    for number, names in enumerate(asked.submission.envelopes or (tuple(sizes),), 1):
        total = sum(sizes.get(name, 0) for name in names)
        if limit is not None and total > limit:
            yield Fault("", f"envelope {number}: {_excess(total, limit)}")


def _excess(size: int, limit: int) -> str:
    return f"{size:,} bytes; the limit is {limit:,}"


def _not_one_file(asked: PreflightQuestion) -> Iterator[Fault]:
    if len(asked.files) > 1:
        yield Fault("", f"{len(asked.files)} files")


def _damaged(asked: PreflightQuestion) -> Iterator[Fault]:
    for each in asked.files:
        if each.fault:
            yield Fault(each.name, each.fault)
        for page in each.unread_pages:
            yield Fault(each.name, "the page cannot be drawn", page)


def _encrypted(asked: PreflightQuestion) -> Iterator[Fault]:
    for each in asked.files:
        if each.closed:
            yield Fault(each.name, each.closed)


def _unsigned(asked: PreflightQuestion) -> Iterator[Fault]:
    for statement in asked.submission.unsigned:
        yield Fault("", statement)


def _case_number_missing(asked: PreflightQuestion) -> Iterator[Fault]:
    number = asked.submission.case_number
    for each in asked.files:
        if number and each.pages and not _bears(each, number):
            yield Fault(each.name, f"{number} stands on none of its pages")


def _case_number_wrong(asked: PreflightQuestion) -> Iterator[Fault]:
    for each, others in _with_others(asked):
        if not _bears(each, asked.submission.case_number):
            for other in sorted(borne(each.pages[0].text, others)):
                yield Fault(each.name, f"the first page bears {others[other]}", 1)


def _several_cases(asked: PreflightQuestion) -> Iterator[Fault]:
    """A page that bears the case's own number too may only mention the other case."""
    number, own = asked.submission.case_number, folded(asked.submission.case_number)
    for each, others in _with_others(asked):
        for page in each.pages if others and _bears(each, number) else ():
            found = borne(page.text, others | {own: number})
            for other in sorted(found - {own}):
                words = f"{others[other]} beside {number}" if own in found else others[other]
                yield Fault(each.name, words, page.number, doubtful=own in found)


def _with_others(asked: PreflightQuestion) -> Iterator[tuple[FiledFile, dict[str, str]]]:
    """Yield each file with the case numbers that must not stand in it, by their letters."""
    given = asked.submission
    own = folded(given.case_number)
    stated = {folded(other): other for other in given.other_case_numbers}
    for each in asked.files:
        if each.pages:
            met = re.finditer(given.case_pattern, each.pages[0].text) if given.case_pattern else ()
            others = stated | {folded(other[0]): other[0] for other in met}
            yield each, {letters: other for letters, other in others.items() if letters != own}


def _bears(file: FiledFile, number: str) -> bool:
    letters = folded(number)
    return bool(letters) and any(borne(page.text, {letters: number}) for page in file.pages)


def _blank_page(asked: PreflightQuestion) -> Iterator[Fault]:
    for each, page in asked.pages():
        if not page.inked:
            yield Fault(each.name, "nothing shows but the page's number", page.number)


def _not_searchable(asked: PreflightQuestion) -> Iterator[Fault]:
    for each, page in asked.pages():
        if asked.rules.pages.searchable and page.inked and not page.reads:
            if page.photograph:
                yield Fault(each.name, _PHOTOGRAPH, page.number, doubtful=True)
            else:
                yield Fault(each.name, "the page shows something and has no text", page.number)


_PHOTOGRAPH = "the page looks like a photograph; see whether it shows words"


def _low_resolution(asked: PreflightQuestion) -> Iterator[Fault]:
    lowest = asked.rules.pages.lowest_resolution
    for each, page in asked.pages():
        if lowest and page.scan and page.scan[0] < lowest * (1 - RESOLUTION_TOLERANCE):
            yield _resolution(each, page, page.scan[0], lowest)


def _high_resolution(asked: PreflightQuestion) -> Iterator[Fault]:
    highest = asked.rules.pages.highest_resolution
    for each, page in asked.pages():
        if highest and page.scan and page.scan[1] > highest * (1 + RESOLUTION_TOLERANCE):
            yield _resolution(each, page, page.scan[1], highest)


def _resolution(file: FiledFile, page: FiledPage, found: float, limit: int) -> Fault:
    what = "photograph, as it seems," if page.photograph else "scan"
    words = f"a {what} of the page at {found:.0f} dpi; the limit is {limit}"
    return Fault(file.name, words, page.number, doubtful=page.photograph)


def _page_size(asked: PreflightQuestion) -> Iterator[Fault]:
    """A sheet of US Letter may lie across; where any size may be filed, pages stand upright."""
    for each, page in asked.pages():
        if asked.rules.pages.letter:
            sides = zip(sorted((page.width, page.height)), LETTER, strict=True)
            if any(abs(side - wanted) > SIZE_TOLERANCE for side, wanted in sides):
                words = f"{page.width / 72:.2f} × {page.height / 72:.2f} inches"
                yield Fault(each.name, words, page.number)
        elif page.tilted:
            yield Fault(each.name, "its text does not stand upright", page.number)


def _top_not_clear(asked: PreflightQuestion) -> Iterator[Fault]:
    for each in asked.files:
        if each.pages and each.pages[0].top_inked:
            yield Fault(each.name, f"ink in the top {asked.rules.pages.clear_top:g} inches", 1)


def _active_content(asked: PreflightQuestion) -> Iterator[Fault]:
    yield from asked.traits(TraitKind.ACTION)
    if not asked.rules.links.across:
        for fault in asked.traits(TraitKind.LINK_ACROSS):
            yield Fault(fault.file, f"a link to the file {fault.measured}", fault.page)


def _outside_link(asked: PreflightQuestion) -> Iterator[Fault]:
    if asked.rules.links.outside:
        return
    yield from asked.traits(TraitKind.LINK_OUT)
    names = {each.name for each in asked.files}
    for fault in asked.traits(TraitKind.LINK_ACROSS) if asked.rules.links.across else ():
        if fault.measured not in names:
            yield Fault(fault.file, f"{fault.measured} is not a file of the set", fault.page)


def _stamp_over_text(asked: PreflightQuestion) -> Iterator[Fault]:
    for each, page in asked.pages():
        if page.over_text:
            yield Fault(each.name, f"the number stands over {page.over_text}", page.number)


def _identifier(asked: PreflightQuestion) -> Iterator[Fault]:
    for each, page in asked.pages():
        for found in page.candidates:
            left, _, _, top = found.boxes[0] if found.boxes else (0.0, 0.0, 0.0, page.height)
            place = f"{left / 72:.1f} in from the left, {(page.height - top) / 72:.1f} from the top"
            words = f"{found.rule.label} {masked(found.text)}, {place}"
            yield Fault(each.name, words, page.number, doubtful=found.confidence < SURE)


def masked(text: str) -> str:
    """Return an identifier so that it can be found and not be read."""
    shown = 2 if len(folded(text)) > 6 else 0
    hidden = sum(map(str.isalnum, text)) - shown
    signs = []
    for sign in text:
        if sign.isalnum():
            hidden -= 1
            signs.append("•" if hidden >= 0 else sign)
        else:
            signs.append(" " if sign.isspace() else sign)
    return "".join(signs)


def _file_name(asked: PreflightQuestion) -> Iterator[Fault]:
    names = asked.rules.names
    for each in asked.files:
        refused = re.sub(f"[{names.allowed}]", "", each.path.stem)
        if refused:
            signs = " ".join(repr(sign) for sign in dict.fromkeys(refused))
            yield Fault(each.name, f"it holds {signs}")
        if len(each.name) > names.longest:
            yield Fault(each.name, f"{len(each.name)} characters; the limit is {names.longest}")
        if each.path.suffix.lower() != ".pdf":
            yield Fault(each.name, "it does not end in .pdf")
        elif not name_form(names.pattern).fullmatch(each.path.stem):
            yield Fault(each.name, f"it is not of the form {names.pattern}")


def name_form(pattern: str) -> re.Pattern[str]:
    """Return what meets the names that a file-name rule makes."""
    pieces = []
    for words, name, _, _ in string.Formatter().parse(pattern):
        pieces.append(re.escape(words))
        if name is not None:
            pieces.append(r"\d+" if name in ("number", "count") else ".+")
    return re.compile("".join(pieces))


def _label_differs(asked: PreflightQuestion) -> Iterator[Fault]:
    for each, page in asked.pages():
        label = page.label or str(page.number)
        if page.printed != label:
            printed = page.printed or "nothing"
            yield Fault(each.name, f"the reader shows {label}, printed is {printed}", page.number)


def _no_bookmarks(asked: PreflightQuestion) -> Iterator[Fault]:
    for each in asked.files:
        if len(each.pages) > 1 and not each.bookmarks:
            yield Fault(each.name, "it has no bookmark")
        for title, page in each.bookmarks:
            if not page:
                yield Fault(each.name, f"the bookmark '{title}' leads to no page")


def _opening_view(asked: PreflightQuestion) -> Iterator[Fault]:
    for each in asked.files:
        if each.pages and each.opens_at != 1.0:
            shown = f"it opens at {each.opens_at:.0%}" if each.opens_at else "it does not say how"
            yield Fault(each.name, shown)


def _index_not_linked(asked: PreflightQuestion) -> Iterator[Fault]:
    """Each page of the file that an index names is led to from that index.

    An index is what a bookmark calls so. The second number of an entry's range
    needs no link.
    """
    for each in asked.files:
        known = {page.label: page.number for page in each.pages if page.label}
        for pages in _indices(each):
            targets = frozenset().union(*(page.links for page in pages))
            if not targets:
                yield Fault(each.name, "the index holds no link", pages[0].number)
                continue
            for page, number in _unlinked(pages, known, targets):
                yield Fault(each.name, f"no link leads to {number}", page)


def _indices(file: FiledFile) -> Iterator[list[FiledPage]]:
    starts = sorted({page for _, page in file.bookmarks if page})
    for title, first in file.bookmarks:
        if first and _INDEX.search(title):
            following = [start for start in starts if start > first]
            end = following[0] - 1 if following else len(file.pages)
            yield list(file.pages[first - 1 : end])


def _unlinked(
    pages: list[FiledPage], known: dict[str, int], targets: frozenset[int]
) -> Iterator[tuple[int, str]]:
    """Yield the numbers that begin an entry of the index and are led to by none of its links."""
    begun = 0
    for page in pages:
        for number in _WORDS.findall(page.text):
            place = known.get(number)
            if place is None or number == page.label:
                continue
            if begun and begun <= place and (place == begun or place not in targets):
                begun = 0  # the end of the range that the number before began
            elif place in targets:
                begun = place
            else:
                begun = 0
                yield page.number, number


CHECKS: dict[Ground, Check] = {
    Ground.TOO_LARGE: _too_large,
    Ground.ENVELOPE_TOO_LARGE: _envelope_too_large,
    Ground.NOT_SEARCHABLE: _not_searchable,
    Ground.UNSIGNED: _unsigned,
    Ground.CASE_NUMBER_MISSING: _case_number_missing,
    Ground.CASE_NUMBER_WRONG: _case_number_wrong,
    Ground.SEVERAL_CASES: _several_cases,
    Ground.BLANK_PAGE: _blank_page,
    Ground.LOW_RESOLUTION: _low_resolution,
    Ground.HIGH_RESOLUTION: _high_resolution,
    Ground.PAGE_SIZE: _page_size,
    Ground.TOP_NOT_CLEAR: _top_not_clear,
    Ground.ACTIVE_CONTENT: _active_content,
    Ground.ATTACHMENT: lambda asked: asked.traits(TraitKind.ATTACHMENT),
    Ground.MEDIA: lambda asked: asked.traits(TraitKind.MEDIA),
    Ground.FORM_FIELD: lambda asked: asked.traits(TraitKind.FIELD),
    Ground.ANNOTATION: lambda asked: asked.traits(TraitKind.ANNOTATION),
    Ground.OUTSIDE_LINK: _outside_link,
    Ground.ENCRYPTED: _encrypted,
    Ground.UNEMBEDDED_FONT: lambda asked: asked.traits(TraitKind.UNEMBEDDED_FONT),
    Ground.JPEG_2000: lambda asked: asked.traits(TraitKind.JPEG_2000),
    Ground.JBIG2: lambda asked: asked.traits(TraitKind.JBIG2),
    Ground.STAMP_OVER_TEXT: _stamp_over_text,
    Ground.IDENTIFIER: _identifier,
    Ground.FILE_NAME: _file_name,
    Ground.NOT_ONE_FILE: _not_one_file,
    Ground.LABEL_DIFFERS: _label_differs,
    Ground.NO_BOOKMARKS: _no_bookmarks,
    Ground.OPENING_VIEW: _opening_view,
    Ground.INDEX_NOT_LINKED: _index_not_linked,
    Ground.DAMAGED: _damaged,
}
