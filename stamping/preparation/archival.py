"""Whether a PDF's pages may stand in a file that claims PDF/A-2a and PDF/UA-1.

In: an open PDF that was prepared. Out: the reasons why not, none where all is
well (ISO 19005-2; ISO 14289-1). A validator knows more than this check, so it
errs on the side of no: what it does not know well enough is a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from stamping.preparation.archival_fonts import FontJudge, unseen_fault
from stamping.preparation.archival_tags import tag_faults
from stamping.preparation.inspection import is_tagged

DEEPEST = 26
"""Graphics states that may be open at once: 28 (§ 6.1.13), less those of the engine's fence."""

_FILTERS = frozenset(
    {"/FlateDecode", "/DCTDecode", "/CCITTFaxDecode", "/JBIG2Decode", "/RunLengthDecode"}
    | {"/ASCIIHexDecode", "/ASCII85Decode"}
)
_COLOURS = frozenset({"/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB", "/Lab"})
_BLENDS = frozenset(
    {"/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten"}
    | {"/ColorDodge", "/ColorBurn", "/HardLight", "/SoftLight", "/Difference", "/Exclusion"}
    | {"/Hue", "/Saturation", "/Color", "/Luminosity"}
)
_INTENTS = frozenset(
    {"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"}
)
_FORBIDDEN_STATE = ("/TR", "/HTP")
_FORBIDDEN_FORM = ("/OPI", "/Ref", "/PS")
_COLOUR_OPERATORS = {"k": "DeviceCMYK", "K": "DeviceCMYK"}
_TEXT = frozenset({"Tj", "TJ", "'", '"'})
_UNREADABLE = (
    pikepdf.PikepdfError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
)
"""What a damaged file does to a library is not foreseeable."""

_HARMLESS = frozenset(
    {"w", "J", "j", "M", "d", "i", "m", "l", "c", "v", "y", "h", "re", "S"}
    | {"s", "f", "F", "f*", "B", "B*", "b", "b*", "n", "W", "W*", "cm", "BT", "ET"}
    | {"Tc", "Tw", "Tz", "TL", "Tr", "Ts", "Td", "TD", "Tm", "T*", "d0", "d1", "SC", "SCN"}
    | {"sc", "scn", "G", "g", "RG", "rg", "BMC", "BDC", "EMC", "MP", "DP", "BX", "EX", "cs"}
    | {"CS", "k", "K", "ri", "gs", "q", "Q"}
)
"""The other operators there are (ISO 32000-1 annex A)."""

_INVISIBLE = 3
"""The text rendering mode of a layer that a search finds and nobody sees."""

_SMALLEST, _LARGEST = 3.0, 14_400.0
"""Sides of a page, in units (§ 6.1.13)."""

_UNSEEN = 1 | 2 | 32 | 256
"""Flags of an annotation that is invisible, hidden, not viewed, or so at times."""

_PROFILE_VERSION = 4
_PROFILE_CLASSES = frozenset({b"prtr", b"mntr", b"scnr", b"spac"})
_JPEG_BEGINS = b"\xff\xd8"
_RESOURCES = {
    "gs": "/ExtGState",
    "Do": "/XObject",
    "Tf": "/Font",
    "sh": "/Shading",
}


def archival_faults(pdf: Pdf) -> tuple[str, ...]:
    """Return why a file with these pages may not claim PDF/A-2a and PDF/UA-1, in plain words."""
    judge = _Judge()
    try:
        for page in pdf.pages:
            judge.page(page)
            judge.links(page)
        for item in pdf.objects:
            if isinstance(item, Stream):
                judge.stream(item)
        if "/OCProperties" in pdf.Root:
            judge.faults["it has layers"] = None
        tags = tag_faults(pdf) if is_tagged(pdf) else ()
    except _UNREADABLE:
        return (*judge.faults, "the file cannot be looked into")
    return (*judge.faults, *tags)


class _Judge:
    """Walks pages; `faults` keeps each reason once, in the order of their finding."""

    def __init__(self) -> None:
        self.faults: dict[str, None] = {}
        self.fonts = FontJudge()
        self.seen: set[tuple[int, int]] = set()
        self.inks: dict[str, tuple[bytes, bytes]] = {}

    def page(self, page: Page) -> None:
        self._content(page, page.resources)
        group = page.obj.get("/Group")
        if isinstance(group, Dictionary) and "/CS" in group:
            self._colour_space(group.CS)
        for name in ("/Metadata", "/PieceInfo", "/AA", "/PresSteps"):
            if name in page.obj:
                self._fault(f"a page bears {name.lstrip('/')}")
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        if not all(_SMALLEST <= abs(side) <= _LARGEST for side in (right - left, top - bottom)):
            self._fault("a page is larger or smaller than an archive may hold")

    def links(self, page: Page) -> None:
        """Judge the links of a page, which are the only annotations that are left (§ 6.3)."""
        for annotation in page.obj.get("/Annots", []):
            if annotation.get("/Subtype") != Name.Link or "/AP" in annotation:
                self._fault("a page bears a note that is not a plain link")
            if int(annotation.get("/F", 0)) & _UNSEEN:
                self._fault("a link is hidden")

    def stream(self, stream: Stream) -> None:
        """Judge how a stream is kept (§ 6.1.7)."""
        if "/F" in stream:
            self._fault("a stream lies outside the file")
        if unknown := set(_filters(stream)) - _FILTERS:
            self._fault(f"a stream is kept as {', '.join(sorted(unknown)).replace('/', '')}")

    def _fault(self, words: str) -> None:
        self.faults[words] = None

    def _content(self, holder: Any, resources: Any, *, nested: bool = False) -> None:
        """Judge a content stream, nested in a page's or its own, and what it names."""
        resources = resources if isinstance(resources, Dictionary) else Dictionary()
        font: Any = None
        unseen = False
        outer: list[tuple[Any, bool]] = []
        try:
            instructions = pikepdf.parse_content_stream(holder)
        except (pikepdf.PdfError, ValueError):
            self._fault("a page's content cannot be read")
            return
        for instruction in instructions:
            operator = str(instruction.operator)
            operands: Any = getattr(instruction, "operands", [])
            if operator == "q":
                outer.append((font, unseen))
                if len(outer) > DEEPEST:
                    self._fault("graphics states are nested too deeply")
            elif operator == "Q":
                font, unseen = outer.pop() if outer else (font, unseen)
            elif operator in _COLOUR_OPERATORS:
                self._fault(f"{_COLOUR_OPERATORS[operator]} colour is not described")
            elif operator in ("cs", "CS"):
                self._named_colour(operands, resources)
            elif operator in ("scn", "SCN") and len(operands) and isinstance(operands[-1], Name):
                self._pattern(self._resource(resources, "/Pattern", operands[-1:]))
            elif nested and operator in ("BMC", "BDC") and _is_mark(operands):
                # What it is a mark of stands in the page's tags, or in none.
                self._fault("an object on a page bears marks of tags")
            elif operator == "ri" and str(operands[0]) not in _INTENTS:
                self._fault("a rendering intent is unknown")
            elif operator == "INLINE IMAGE":
                self._inline(instruction, resources)
            elif operator in _RESOURCES:
                found = self._resource(resources, _RESOURCES[operator], operands)
                if operator == "Tf":
                    font = found
                elif operator == "gs":
                    self._state(found)
                elif operator == "Do":
                    self._object(found)
                elif operator == "sh" and isinstance(found, (Dictionary, Stream)):
                    self._colour_space(found.get("/ColorSpace"))
            elif operator == "Tr":
                unseen = int(operands[0]) == _INVISIBLE
            elif operator in _TEXT and unseen:
                if fault := unseen_fault(font):
                    self._fault(fault)
            elif operator in _TEXT:
                for fault in self.fonts.shown(font, _strings(operands)):
                    self._fault(fault)
            elif operator not in _HARMLESS:
                self._fault("a page's content holds an operator that does not exist")

    def _resource(self, resources: Any, kind: str, operands: Any) -> Any:
        held = resources.get(kind)
        name = str(operands[0]) if len(operands) else ""
        found = held.get(name) if isinstance(held, Dictionary) else None
        if found is None:
            self._fault("a page's content names what its resources lack")
        return found

    def _state(self, state: Any) -> None:
        if not isinstance(state, Dictionary):
            return
        blend = state.get("/BM", Name.Normal)
        modes = [str(each) for each in blend] if isinstance(blend, Array) else [str(blend)]
        if not set(modes) <= _BLENDS:
            self._fault("a blend mode is unknown")
        if (
            any(name in state for name in _FORBIDDEN_STATE)
            or state.get("/TR2", Name.Default) != Name.Default
        ):
            self._fault("a graphics state holds a transfer function")
        if "/RI" in state and str(state.RI) not in _INTENTS:
            self._fault("a rendering intent is unknown")
        if "/Font" in state:
            self._fault("a graphics state sets a font")
        if isinstance(state.get("/HT"), (Dictionary, Stream)):
            self._fault("a graphics state sets a halftone")
        mask = state.get("/SMask", Name("/None"))
        if isinstance(mask, Dictionary) and isinstance(mask.get("/G"), Stream):
            self._object(mask.G)

    def _object(self, item: Any) -> None:
        if not isinstance(item, Stream):
            return
        if item.get("/Subtype") == Name.Image:
            self._picture(item)
            return
        if item.get("/Subtype") != Name.Form or any(name in item for name in _FORBIDDEN_FORM):
            self._fault("a page shows an object of a kind that is not allowed")
            return
        group: Any = item.get("/Group")
        if isinstance(group, Dictionary) and "/CS" in group:
            self._colour_space(group.CS)
        if "/Metadata" in item:
            self._fault("an object on a page bears Metadata")
        if item.objgen not in self.seen:
            self.seen.add(item.objgen)
            # Its own resources or none: those of the page may not stand in (§ 6.2.2).
            self._content(item, item.get("/Resources"), nested=True)

    def _pattern(self, pattern: Any) -> None:
        if isinstance(pattern, Stream):
            if pattern.objgen not in self.seen:
                self.seen.add(pattern.objgen)
                self._content(pattern, pattern.get("/Resources"), nested=True)
        elif isinstance(pattern, Dictionary):
            shading = pattern.get("/Shading")
            if isinstance(shading, (Dictionary, Stream)):
                self._colour_space(shading.get("/ColorSpace"))
            self._state(pattern.get("/ExtGState"))

    def _picture(self, picture: Any) -> None:
        if picture.get("/Interpolate", False) or any(
            name in picture for name in ("/Alternates", "/OPI", "/Metadata")
        ):
            self._fault("a picture bears what an archive may not hold")
        jpeg = _filters(picture) == ["/DCTDecode"]
        if jpeg and not picture.read_raw_bytes().startswith(_JPEG_BEGINS):
            self._fault("a picture cannot be read")
        if not picture.get("/ImageMask", False):
            self._colour_space(picture.get("/ColorSpace"))
        if "/Intent" in picture and str(picture.Intent) not in _INTENTS:
            self._fault("a rendering intent is unknown")
        for mask in (picture.get("/SMask"), picture.get("/Mask")):
            if isinstance(mask, Stream):
                self._picture(mask)

    def _inline(self, instruction: Any, resources: Any) -> None:
        picture = instruction.iimage
        held = picture.obj if hasattr(picture, "obj") else {}
        names = [str(each) for each in _listed(held.get("/Filter", held.get("/F")))]
        if any(name in ("/LZW", "/LZWDecode") for name in names):
            self._fault("a picture is kept as LZW")
        if held.get("/Interpolate", held.get("/I", False)):
            self._fault("a picture bears what an archive may not hold")
        space = str(held.get("/ColorSpace", held.get("/CS", "/G")))
        if space not in ("/G", "/RGB", "/DeviceGray", "/DeviceRGB"):
            self._named_colour([Name(space)] if space.startswith("/") else [], resources)

    def _named_colour(self, operands: Any, resources: Any) -> None:
        name = str(operands[0]) if len(operands) else ""
        if name == "/Pattern" or name in _COLOURS:
            return
        held = resources.get("/ColorSpace")
        found = held.get(name) if isinstance(held, Dictionary) else None
        self._colour_space(found)

    def _colour_space(self, space: Any) -> None:
        family = str(space[0]) if isinstance(space, Array) and len(space) else str(space)
        if family in _COLOURS or family == "/Pattern":
            return
        if family == "/Indexed":
            self._colour_space(space[1])
        elif family == "/ICCBased":
            if not _is_sound_profile(space[1]):
                self._fault("a colour profile is not a sound one of grey or RGB")
        elif family == "/Separation":
            self._colour_space(space[2])
            # One name, one ink (§ 6.2.4.4).
            ink = (space[2].unparse(), space[3].unparse())
            if self.inks.setdefault(str(space[1]), ink) != ink:
                self._fault("two inks bear one name")
        else:
            self._fault(f"{family.lstrip('/')} colour is not described")


def _is_sound_profile(profile: Any) -> bool:
    """Whether a profile's header says what its stream says (§ 6.2.4.2; ICC.1:2010 § 7.2)."""
    head = profile.read_bytes()[:20]
    spaces = {1: b"GRAY", 3: b"RGB "}
    return (
        len(head) == 20
        and head[8] <= _PROFILE_VERSION
        and head[12:16] in _PROFILE_CLASSES
        and head[16:20] == spaces.get(int(profile.get("/N", 0)))
    )


def _is_mark(operands: Any) -> bool:
    """Whether marked content is of a tag or an artifact."""
    properties = operands[1] if len(operands) > 1 else None
    if operands[0] == Name.OC:
        return False
    numbered = isinstance(properties, Dictionary) and "/MCID" in properties
    return operands[0] == Name.Artifact or isinstance(properties, Name) or numbered


def _filters(stream: Stream) -> list[str]:
    return [str(each) for each in _listed(stream.get("/Filter"))]


def _listed(value: Any) -> list[Object]:
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


def _strings(operands: Any) -> Iterator[bytes]:
    for operand in operands:
        for each in operand if isinstance(operand, Array) else [operand]:
            if isinstance(each, pikepdf.String):
                yield bytes(each)
