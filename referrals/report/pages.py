"""The report as an HTML page and as a PDF, from one template.

In: an edition. Out: a page that needs no other file and no script, and a PDF
that claims PDF/A-2a and PDF/UA-1 (`./run conformance` judges the claim). The
two differ in their style sheet, and in how they hold the charts.
"""

from __future__ import annotations

import base64
import io
from datetime import UTC
from functools import cache

import pikepdf
from markupsafe import Markup
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

import templates
from referrals.report import view, wording
from referrals.report.charts import charts
from referrals.report.edition import Edition
from referrals.typesetting.rendering import draw, lay_out, page_environment
from stamping.assembly.metadata import xmp_packet
from stamping.pages.colour_profile import srgb_profile
from stamping.values import Conformance, Document

WEB_FONTS = {400: "PublicSans-Regular.ttf", 600: "PublicSans-SemiBold.ttf"}
"""The fonts that the page carries, by weight."""


def html(edition: Edition) -> bytes:
    """Return the page, complete in one file."""
    return _render(edition, web=True).encode()


def pdf(edition: Edition) -> bytes:
    """Return the PDF; the same edition gives the same bytes.

    Raises:
        MachineError: a system library for drawing pages is missing.
    """
    drawn = draw(lay_out(_render(edition, web=False)))
    with Pdf.open(io.BytesIO(drawn)) as document:
        _describe(
            document,
            Document(
                title=title(edition),
                author=edition.agency,
                subject=edition.title,
                created=edition.as_of,
                conformance=Conformance.PDF_A_2A_UA_1,
            ),
        )
        document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        document.Root.PageMode = Name.UseOutlines
        for page in document.pages:
            page.obj.Tabs = Name.S
        written = io.BytesIO()
        document.save(
            written,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return written.getvalue()


def _describe(pdf: Pdf, document: Document) -> None:
    """Write what the file says of itself; nothing of it from the clock."""
    assert document.created is not None
    moment = String(f"D:{document.created.astimezone(UTC):%Y%m%d%H%M%S}+00'00'")
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(document.title),
            Author=String(document.author),
            Subject=String(document.subject),
            Producer=String(document.producer),
            CreationDate=moment,
            ModDate=moment,
        )
    )
    pdf.Root.Lang = String(document.language)
    packet = Stream(pdf, xmp_packet(document).encode(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.Metadata = pdf.make_indirect(packet)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=pdf.make_indirect(Stream(pdf, srgb_profile(), N=3)),
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


def title(edition: Edition) -> str:
    """Return the title that the renderings bear."""
    fictional = " (fictional sample)" if edition.fictional else ""
    draft = ", draft" if edition.draft else ""
    return f"Monthly public report, {edition.at.title}, edition {edition.number}{draft}{fictional}"


def _render(edition: Edition, *, web: bool) -> str:
    folder = templates.folder() / "report"
    style = (folder / ("web.css" if web else "print.css")).read_text("utf-8")
    return (
        page_environment()
        .get_template("report/report.html")
        .render(
            web=web,
            style=Markup(style + (_font_faces() if web else "")),
            page_title=title(edition),
            edition=edition,
            view=view,
            wording=wording,
            tables={table.key: view.printed(table) for table in edition.tables},
            charts=charts(edition),
            svg=lambda chart: Markup(chart.svg),
        )
    )


@cache
def _font_faces() -> str:
    faces = []
    for weight, file in WEB_FONTS.items():
        data = base64.b64encode((templates.fonts() / file).read_bytes()).decode()
        faces.append(
            f'@font-face{{font-family:"Public Sans";font-weight:{weight};'
            f"src:url(data:font/ttf;base64,{data})}}"
        )
    return "\n".join(faces)
