"""The papers of the sample cases: reports, receipts, scans, signed forms."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import img2pdf
from PIL import Image, ImageDraw, ImageFont

import templates
from referrals.typesetting.rendering import draw, lay_out

FICTIONAL = "FICTIONAL SAMPLE"
PAPER = (1275, 1650)
"""A Letter page at 150 dots an inch."""


def face(size: int, name: str = "PublicSans-Regular.ttf") -> ImageFont.FreeTypeFont:
    """Return a bundled face at a size in pixels."""
    return ImageFont.truetype(str(templates.fonts() / name), size)


STYLE = """
@page { size: %s; margin: 0.9in; @bottom-left { content: "FICTIONAL SAMPLE";
  font: 7pt "Public Sans"; color: #555 } }
body { font: 10pt/1.45 "Source Serif 4" } h1 { font: 600 15pt "Public Sans" }
h2 { font: 600 10.5pt "Public Sans"; margin: 14pt 0 4pt }
table { border-collapse: collapse; width: 100%%; margin: 6pt 0 12pt }
th, td { border: 0.5pt solid #888; padding: 3pt 6pt; text-align: left; font-size: 9pt;
  vertical-align: top } th { font: 500 8pt "Public Sans"; background: #eee }
.break { break-before: page }
"""


def written(title: str, body: str, size: str = "letter") -> bytes:
    """Return a born-digital PDF of some HTML."""
    html = (
        f'<html lang="en-US"><head><title>{title}</title><style>{STYLE % size}</style></head>'
        f"<body><h1>{title}</h1>{body}</body></html>"
    )
    return draw(lay_out(html))


def rows(heading: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a table."""
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heading)
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def incident_report() -> bytes:
    """The reporting officer's case report, four pages."""
    pages = [
        "<p>Lakeshore Police Department (fictional). General offense case report.</p>"
        + rows(
            ("Field", "Entry"),
            [
                ("RD number", "JX-400112"),
                ("Event", "2603141877"),
                ("Date and time", "14 March 2026, 21:02 to 21:31"),
                ("Place", "2600 block of Example Street, Harbor Point, Lakeshore"),
                ("Beat", "1012"),
                ("Reported offense", "Aggravated battery (alleged)"),
                ("Reporting officer", "Officer Zoë Ó Briain-Đặng, star 14412"),
            ],
        )
        + "<h2>Persons</h2>"
        + rows(
            ("Name", "Part", "Note"),
            [
                ("Łukasz Nowak", "Alleged victim", "Injury to left forearm reported"),
                ("Marta Example", "Witness", "Recorded video on a phone"),
                ("Not identified", "Alleged offender", "Wore a vest marked FIP"),
            ],
        ),
        "<h2>Narrative</h2>"
        "<p>Reporting officer was dispatched to a call of a disturbance involving persons in "
        "tactical vests. On arrival at 21:06 reporting officer observed three persons in vests "
        "marked FIP standing around a silver van. A man later identified as Łukasz Nowak was "
        "seated on the kerb holding his left forearm.</p>"
        "<p>Mr. Nowak stated that one of the persons struck his forearm with a baton twice after "
        "he had raised both hands. Marta Example stated that she saw the same and recorded it.</p>"
        "<p>Reporting officer asked the person who appeared to be in charge for a name, a badge "
        "number and credentials. The person stated: “We do not answer to you.” No credential "
        "was shown.</p>",
        "<h2>Medical</h2>"
        + rows(
            ("Time", "Event"),
            [
                ("21:08", "EMS called by reporting officer"),
                ("21:15", "Ambulance 41 arrived"),
                ("21:27", "Mr. Nowak transported to Harbor General Hospital (fictional)"),
            ],
        )
        + "<h2>Vehicles</h2>"
        + rows(
            ("Vehicle", "Plate", "Note"),
            [("Silver van", "FIC 0147 (fictional)", "Left northbound at 21:22")],
        ),
        "<h2>Evidence</h2>"
        + rows(
            ("Item", "Where"),
            [
                ("Body-worn video, units 1012 and 1034", "Evidence system"),
                ("Phone video of Marta Example", "Copied with consent at 21:40"),
                ("Photograph of forearm", "Taken by reporting officer at 21:12"),
            ],
        )
        + "<p>Nothing further at this time.</p>",
    ]
    return written("Case report JX-400112", '<div class="break"></div>'.join(pages))


def paper(draw_on: Callable[[ImageDraw.ImageDraw], None], tilt: float = 0.0) -> Image.Image:
    """Return a scanned sheet: grain, a slight tilt, what was drawn on it."""
    sheet = Image.new("L", PAPER, 246)
    draw_on(ImageDraw.Draw(sheet))
    if tilt:
        sheet = sheet.rotate(tilt, fillcolor=246, resample=Image.Resampling.BICUBIC)
    noise = random.Random(7)
    pixels: Any = sheet.load()
    for _ in range(9000):
        x, y = noise.randrange(PAPER[0]), noise.randrange(PAPER[1])
        pixels[x, y] = noise.randrange(150, 235)
    return sheet


def lines_on(title: str, lines: Sequence[str]) -> Callable[[ImageDraw.ImageDraw], None]:
    """Return a drawing of a titled page of lines."""

    def on(sheet: ImageDraw.ImageDraw) -> None:
        sheet.text((130, 120), title, font=face(40, "PublicSans-SemiBold.ttf"), fill=30)
        sheet.text((130, 176), FICTIONAL, font=face(22), fill=90)
        for number, line in enumerate(lines):
            sheet.text((130, 260 + 52 * number), line, font=face(28), fill=40)

    return on


def scribble(sheet: ImageDraw.ImageDraw, left: int, base: int, seed: int) -> None:
    """Draw something like a signature."""
    turn = random.Random(seed)
    points = [
        (
            left + step * 5,
            base - 30 * math.sin(step / 3 + seed) - turn.randrange(22) * math.cos(step / 2),
        )
        for step in range(70)
    ]
    sheet.line(points, fill=25, width=4, joint="curve")


def scanned(sheets: Sequence[Image.Image]) -> bytes:
    """Return sheets as an image-only PDF."""
    pages = []
    for sheet in sheets:
        page = io.BytesIO()
        sheet.save(page, "JPEG", quality=45, dpi=(150, 150))
        pages.append(page.getvalue())
    made = img2pdf.convert(pages, nodate=True)
    assert made is not None
    return bytes(made)


def tow_receipt() -> bytes:
    """A paper form with writing on it, scanned."""

    def on(sheet: ImageDraw.ImageDraw) -> None:
        lines_on(
            "Property receipt 88-1203",
            (
                "Received from: Marta Example",
                "Item: one phone, returned after copying",
                "Date: 14 March 2026    Time: 21:40",
                "Received by: Officer Z. Ó Briain-Đặng, star 14412",
            ),
        )(sheet)
        sheet.line([(130, 620), (760, 620)], fill=60, width=2)
        scribble(sheet, 150, 600, 3)

    return scanned([paper(on, tilt=0.6)])


def signed_form(key: str, name: str, seed: int) -> bytes:
    """The scan of a signed attestation form, plainly fictional."""

    def on(sheet: ImageDraw.ImageDraw) -> None:
        lines_on(
            f"Attestation {key}",
            (f"{name}", "", "Signed form, scanned.", "Signed on 20 March 2026, Lakeshore"),
        )(sheet)
        sheet.line([(130, 760), (800, 760)], fill=60, width=2)
        scribble(sheet, 160, 740, seed)
        sheet.text((130, 780), "FICTIONAL SAMPLE SIGNATURE", font=face(26), fill=70)

    return scanned([paper(on, tilt=-0.4)])
