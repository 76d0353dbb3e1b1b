"""A volume put together: the written pages and the exhibits, in order, numbered.

In: the layout, the drawn pages, the prepared exhibits. Out: one PDF. What the
outline says of each part is decided here; how it is written, in `stamping`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from referrals.packet.bag import safe_name
from referrals.packet.exhibits import PreparedExhibit
from referrals.packet.layout import LaidPart, Layout
from referrals.packet.plan import PartKind, VolumeKind
from referrals.packet.press import WrittenPart
from stamping.engine import assemble
from stamping.values import Assembly, Conformance, Document, Order, OutlineEntry, Part

if TYPE_CHECKING:
    from referrals.packet.build import PacketRequest

EXHIBITS = "11  Exhibits"
VOLUME_NAMES = {VolumeKind.MAIN: "Packet", VolumeKind.CONFIDENTIAL: "Confidential"}


def volume_file_name(packet: str, kind: VolumeKind) -> str:
    """Return the file name of a volume, safe for every filing portal."""
    return f"{safe_name(packet)}_{VOLUME_NAMES[kind]}.pdf"


def assemble_volume(
    request: PacketRequest,
    layout: Layout,
    kind: VolumeKind,
    written: Mapping[str, WrittenPart],
    exhibits: Mapping[str, PreparedExhibit],
    output: Path,
    conformance: Conformance,
    progress: Callable[[int], None] | None = None,
    *,
    variant: str = "",
    hide: Callable[[str], str] = str,
) -> Assembly:
    """Write the volume of that kind to `output` and return what it holds.

    `written` holds the pages of each written part by its key. `progress` hears
    the pages numbered. `variant` names a set other than the full one; `hide` returns
    a text without the words that this set must not hold.
    """
    laid_parts = layout.volume(kind)
    parts = []
    exhibits_began = False
    for laid in laid_parts:
        if laid.part.kind is PartKind.EXHIBIT:
            parts.append(_exhibit(exhibits[laid.part.exhibit]))
            continue
        first_slip = laid.part.kind is PartKind.SLIP_SHEET and not exhibits_began
        exhibits_began |= first_slip
        parts.append(_written(laid, written[laid.part.key], heads_exhibits=first_slip))
    order = Order(
        series=layout.range.series,
        first=laid_parts[0].range.first,
        document=_document(request, kind, conformance, variant, hide),
        style=request.style,
        targets=_targets(laid_parts, written),
    )
    return assemble(parts, order, output, progress=progress)


def _written(laid: LaidPart, part: WrittenPart, *, heads_exhibits: bool) -> Part:
    generated, pages = part.file, part.pages
    title, level = _outline_title(laid)
    if laid.part.kind is PartKind.PLACEHOLDER:
        return Part(generated, pages, keep_outline=False)
    if heads_exhibits:
        entry = OutlineEntry(title, page=1, level=1)
        return Part(generated, pages, EXHIBITS, level=0, outline=(entry,), keep_outline=False)
    return Part(generated, pages, title, level=level, keep_outline=False)


def _outline_title(laid: LaidPart) -> tuple[str, int]:
    first = laid.range.labels[0]
    if laid.part.kind is PartKind.SLIP_SHEET:
        return f"Exhibit {laid.part.exhibit}  {laid.part.title}  ·  {first}", 1
    return f"{laid.part.number}  {laid.part.title}  ·  {first}", 0


def _exhibit(prepared: PreparedExhibit) -> Part:
    path = prepared.rendition.path
    assert path is not None, "only an exhibit with pages is planned as one"
    return Part(
        path,
        level=2,
        alternative_text=(
            f"Exhibit {prepared.exhibit.designator}, {prepared.exhibit.title}: image of the page"
        ),
        pages_to_scale=prepared.rendition.pages_to_scale,
    )


def _document(
    request: PacketRequest,
    kind: VolumeKind,
    conformance: Conformance,
    variant: str,
    hide: Callable[[str], str],
) -> Document:
    case = request.snapshot.record.case
    volume = "" if kind is VolumeKind.MAIN else ", confidential volume"
    volume += f", {variant}" if variant else ""
    fictional = " (fictional sample)" if case.fictional else ""
    named = f"/{variant}" if variant else ""
    return Document(
        title=f"Referral packet {request.packet}{volume}{fictional}",
        author=request.profile.agency.name,
        subject=hide(case.title),
        created=request.snapshot.as_of,
        identity=f"{request.snapshot.identity}/{kind.value}{named}",
        conformance=conformance,
    )


def _targets(
    laid_parts: tuple[LaidPart, ...], written: Mapping[str, WrittenPart]
) -> dict[str, int]:
    targets = {}
    for laid in laid_parts:
        own = written.get(laid.part.key)
        for name, page in own.anchors.items() if own else ():
            targets[f"packet:{name}"] = laid.first_page + page - 1
        targets[f"packet:{laid.part.key}"] = laid.first_page
        for page in range(1, laid.pages + 1):
            targets[f"packet:{laid.part.key}/{page}"] = laid.first_page + page - 1
    return targets
