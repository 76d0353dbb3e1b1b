"""One page into the output: fitted, fenced, numbered, its annotations with it.

    entries ─► fit ─► fence ─► number ─► links and tags ─► write

In: a page of a source, its number in the output. Out: the page's objects,
written; what its reader sees of it, for those who lead there. Resources and
fences that pages share are written once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from stamping.assembly.moved_patterns import moved_patterns
from stamping.assembly.navigation import (
    ADDRESS,
    Aim,
    Destinations,
    address,
    keep_destination,
    lead_elsewhere,
    make_inert,
)
from stamping.assembly.page_entries import Sheets, carried_entries, close_page, stamped_resources
from stamping.assembly.page_patterns import PagePatterns
from stamping.assembly.stamp import drawing, fence, sheet_needed, stamp_text
from stamping.assembly.structure_tree import SourceTree
from stamping.notice_codes import notice
from stamping.objects.balance import EVEN, Balance, is_plainly_even
from stamping.objects.content_grammar import is_well_formed
from stamping.objects.file_reader import Leaf, Stream
from stamping.objects.object_copier import ObjectCopier
from stamping.objects.pdf_syntax import Ref, Value, written
from stamping.objects.stream_decoding import decoded
from stamping.pages.refit import (
    Fit,
    at_top,
    band,
    clear_band,
    is_letter,
    letter_size,
    moved,
    on_sheet,
)
from stamping.pages.viewport import Viewport, viewport

_PRINTED = 4


@dataclass
class PageCopy:
    """The way of one source's pages into the output."""

    sheets: Sheets
    alike: PagePatterns
    copier: ObjectCopier
    tree: SourceTree | None
    destinations: Destinations
    present: Callable[[Value], bool]
    resources: dict[Ref, tuple[Ref, str]] = field(default_factory=dict)

    def copy(
        self,
        leaf: Leaf,
        page: Ref,
        parent: Ref,
        part: int,
        place: int,
        *,
        alternative_text: str,
        scale: bool,
    ) -> tuple[Viewport, bool]:
        """Write the page `leaf` as `page`, `place` counted from zero in the output.

        Return its view, and whether it stands on a wider sheet than its own.
        """
        source, order, writer = self.copier.source, self.sheets.order, self.sheets.writer
        old, above = leaf
        text = stamp_text(order.style, order.label(place))
        if self.tree is None and not scale:
            copied = self.alike.copy(
                self.copier, self.resources, old, above, page, parent, part, text, alternative_text
            )
            if copied is not None:
                return copied, False
        entries = {**above, **source.dictionary(old)}
        view, fit, widened = self._fit(entries, text, scale=scale)
        made = carried_entries(entries, self.copier.carry, view, fit)
        own, forms, held = self._content(entries, view)
        after, before = b"", fit.opening if fit is not None else b""
        number: int | None
        if self.tree is None:
            before, after = before + b"/Figure <</MCID 0>> BDC ", b" EMC"
            number = self.sheets.tags.figure(part, page, alternative_text, view.box)
        else:
            number = self.sheets.tags.tagged_page(made, self.tree)
        resources, font_name = self._resources(entries.get("Resources"), forms, fit)
        opening, closing = fence(held, before, after)
        closing += drawing(view, self.sheets.font, order.style, text, font_name)
        contents = [self.sheets.opening(opening), *own, writer.add_stream({}, closing)]
        close_page(made, parent, number, resources, contents)
        if "Annots" in entries:
            annotations = self._annotations(entries["Annots"], page, part, place, fit)
            if annotations:
                made |= {"Annots": annotations, "Tabs": "S"}
        writer.put(page, written(made))
        self.copier.copy_waiting()
        return view, widened

    def _fit(
        self, entries: dict[str, Value], text: str, *, scale: bool
    ) -> tuple[Viewport, Fit | None, bool]:
        view = viewport(entries, self.copier.source.resolve)
        style = self.sheets.order.style
        width = self.sheets.font.width(text, style.size)
        size = sheet_needed(view, style, width)
        widened = size is not None
        if self.sheets.order.letter and not is_letter(entries, view):
            size, widened = letter_size(view), False
        if size is not None:
            # Where the sheet is wider than the page, the page's own zone was not looked at.
            room = band(view, style, width) if scale or widened else 0.0
            fit = on_sheet(view, size, room, at_top=at_top(style))
            return fit.view, fit, widened
        if scale:
            fit = clear_band(view, style, width)
            return fit.view, fit, False
        return view, None, False

    def _content(
        self, entries: dict[str, Value], view: Viewport
    ) -> tuple[list[Value], dict[str, Value], Balance]:
        """Return the page's own content streams, forms to draw, and their balance."""
        source = self.copier.source
        named = entries.get("Contents")
        held = source.resolve(named)
        loaded: list[tuple[Ref, Stream]] = []
        if type(named) is Ref and isinstance(held, Stream):
            loaded = [(named, held)]
        elif type(held) is list:
            loaded = [
                (ref, stream)
                for ref in held
                if type(ref) is Ref and isinstance(stream := source.resolve(ref), Stream)
            ]
        pieces = [decoded(stream, source) for _, stream in loaded]
        read = [piece for piece in pieces if piece is not None]
        if len(read) < len(pieces):
            form = self._form(entries, view)
            refs = [self._coded_form(form, stream) for _, stream in loaded]
            return self._drawn(refs)
        content = read[0] if len(read) == 1 else b"\n".join(read)
        formed = is_well_formed(content)
        if formed and is_plainly_even(content):
            return [self.copier.put_stream(ref, stream) for ref, stream in loaded], {}, EVEN
        # Loaded for the pages that need it.
        from stamping.objects.content_brackets import balance_of, without_marks

        balance = balance_of(content)
        marked = self.tree is None and balance.readable and balance.marked
        if marked:
            content = without_marks(content, self._replaced(entries))
        if not (formed and balance.readable):
            # What a reader stumbles over in a form ends with the form: the number is seen.
            form = self._form(entries, view)
            return self._drawn([self.sheets.writer.add_compressed(form, content)])
        if marked:
            return [self.sheets.writer.add_compressed({}, content)], {}, balance_of(content)
        return [self.copier.put_stream(ref, stream) for ref, stream in loaded], {}, balance

    def _replaced(self, entries: dict[str, Value]) -> dict[str, bytes]:
        """Return the replacement text, as PDF writes it, of the property lists that hold one."""
        source = self.copier.source
        resources = source.dictionary(entries.get("Resources"))
        lists = source.dictionary(resources.get("Properties"))
        texts = {
            name: source.resolve(source.dictionary(entry).get("ActualText"))
            for name, entry in lists.items()
        }
        return {
            name: written(text).encode("latin-1")
            for name, text in texts.items()
            if type(text) is bytes
        }

    def _form(self, entries: dict[str, Value], view: Viewport) -> dict[str, Value]:
        """Return the entries of a form that holds a page's content: it leaves nothing open."""
        return {
            "Type": "XObject",
            "Subtype": "Form",
            "BBox": list(view.box),
            "Resources": self.copier.carry(entries.get("Resources", {})),
        }

    def _coded_form(self, form: dict[str, Value], stream: Stream) -> Ref:
        """Write a form whose content stays coded as it is."""
        ref = self.sheets.writer.reserve()
        coded = self.copier.carry(stream.entries) | form
        self.sheets.writer.put_blocks(ref, coded, stream.blocks(), stream.length)
        return ref

    def _drawn(self, refs: list[Ref]) -> tuple[list[Value], dict[str, Value], Balance]:
        """Return content that draws forms, the forms by name, and that nothing stays open."""
        forms: dict[str, Value] = {
            f"OwnContent{number}": ref for number, ref in enumerate(refs, start=1)
        }
        calls = "".join([f"/{name} Do\n" for name in forms]).encode()
        return [self.sheets.opening(calls)], forms, EVEN

    def _resources(
        self, named: Value, forms: dict[str, Value], fit: Fit | None
    ) -> tuple[Value, str]:
        """Return the page's resources with the stamp's font, and the font's name in them."""
        source, carry = self.copier.source, self.copier.carry
        held = source.dictionary(named)
        own = bool(forms) or (fit is not None and "Pattern" in held)
        if type(named) is Ref and not own and named in self.resources:
            return self.resources[named]
        if forms:
            held = {**held, "XObject": source.dictionary(held.get("XObject"))}
        fonts = source.dictionary(held.get("Font"))
        made, name = stamped_resources(held, fonts, self.sheets.font, carry)
        if forms:
            made["XObject"] |= forms
        elif fit is not None and "Pattern" in held:
            made["Pattern"] = moved_patterns(self.copier, held["Pattern"], fit.matrix)
        if type(named) is Ref and not own:
            self.resources[named] = self.sheets.writer.add(made), name
            return self.resources[named]
        return made, name

    def _annotations(
        self, listed: Value, page: Ref, part: int, place: int, fit: Fit | None
    ) -> list[Value]:
        """Write the page's annotations and return their numbers."""
        source, writer = self.copier.source, self.sheets.writer
        found: list[tuple[Ref, dict[str, Value]]] = []
        for each in source.array(listed):
            entries = source.resolve(each)
            if type(entries) is dict:
                ref = self.copier.place(each) if type(each) is Ref else writer.reserve()
                found.append((ref, dict(entries)))
        lost = 0
        for ref, entries in found:
            lost += self._annotation(ref, entries, page, part, place, fit)
        if lost:
            self._note(
                "link-lost",
                f"{lost} of the page's links led to pages that are not in this file.",
                place,
            )
        return [ref for ref, _ in found]

    def _annotation(
        self,
        ref: Ref,
        entries: dict[str, Value],
        page: Ref,
        part: int,
        place: int,
        fit: Fit | None,
    ) -> bool:
        """Write one annotation; return whether it is a link that lost its page."""
        source, sheets = self.copier.source, self.sheets
        lost, target = False, 0
        if source.resolve(entries.get("Subtype")) == "Link":
            opened = address(source, entries)
            if opened in sheets.order.targets:
                target = sheets.order.targets[opened]
            elif opened in sheets.order.elsewhere:
                make_inert(entries)
                if (other := sheets.order.elsewhere[opened]) is not None:
                    lead_elsewhere(entries, other)
            elif opened.startswith(ADDRESS):
                make_inert(entries)
                where = opened.removeprefix(ADDRESS)
                message = f"A link to {where} leads nowhere."
                self._note("link-without-target", message, place)
            else:
                lost = not keep_destination(source, entries, self.destinations, self.present)
        if fit is not None:
            for name in ("Rect", "QuadPoints"):
                points = [source.resolve(each) for each in source.array(entries.get(name))]
                if points and all(type(each) in (int, float) for each in points):
                    entries[name] = moved(points, fit.matrix)
        if self.tree is not None:
            sheets.tags.tagged_annotation(entries, self.tree)
        else:
            entries.pop("StructParent", None)
        number = entries.pop("StructParent", None)
        made: dict[str, Value] = {
            key: self.copier.carry(value) for key, value in entries.items() if key != "P"
        }
        flags = source.resolve(entries.get("F"))
        made |= {"P": page, "F": (flags if type(flags) is int else 0) | _PRINTED}
        if self.tree is None and made.get("Subtype") == "Link":
            number = sheets.tags.link(part, page, ref)
            made.setdefault("Contents", b"Link")
        if number is not None:
            made["StructParent"] = number
        if target:
            sheets.aims.append(Aim(ref, made, target, sheets.order.label(target - 1)))
        else:
            sheets.writer.put(ref, written(made))
        return lost

    def _note(self, code: str, message: str, place: int) -> None:
        self.sheets.notices.append(notice(code, message, page=place + 1))
