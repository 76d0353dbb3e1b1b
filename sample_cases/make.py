"""Makes the exhibits and recordings of the sample cases: run it to make them again.

    python -m sample_cases.make

Everything in them is fictional and says so. The recordings are encoded here, so
that their bytes depend on the encoder's version; they are made once and kept.
"""

from __future__ import annotations

import hashlib
import io
import math
import random
import wave
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import docx
import img2pdf
from PIL import Image, ImageDraw, ImageFont

import sample_cases
import templates
from referrals.rendering import draw, lay_out
from sample_cases.form import filled_form

FICTIONAL = "FICTIONAL SAMPLE"
PAPER = (1275, 1650)
"""A Letter page at 150 dots an inch."""

SMALL = (320, 180)
RATE = 12


def face(size: int, name: str = "PublicSans-Regular.ttf") -> ImageFont.FreeTypeFont:
    """Return a bundled face at a size in pixels."""
    return ImageFont.truetype(str(templates.fonts() / name), size)


# Papers ---------------------------------------------------------------------

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


# Pictures -------------------------------------------------------------------


def street(size: tuple[int, int], seconds: float) -> Image.Image:
    """A drawn street at night: a van, a lamp, three persons, one seated."""
    width, height = size
    scene = Image.new("RGB", size, (24, 29, 44))
    pen = ImageDraw.Draw(scene)
    for row in range(height // 2):
        shade = 24 + 26 * row // (height // 2)
        pen.line([(0, row), (width, row)], fill=(shade, shade + 5, shade + 22))
    pen.rectangle((0, height * 0.62, width, height), fill=(52, 53, 58))
    for step in range(0, width, width // 8):
        dash = step + int(seconds * 3) % (width // 8)
        pen.rectangle(
            (dash, height * 0.83, dash + width // 16, height * 0.85), fill=(180, 175, 140)
        )
    lamp = width * 0.82
    pen.ellipse(
        (lamp - width * 0.05, height * 0.12, lamp + width * 0.05, height * 0.22),
        fill=(250, 230, 160),
    )
    pen.line([(lamp, height * 0.2), (lamp, height * 0.63)], fill=(90, 90, 95), width=width // 100)
    van = width * (0.08 + 0.01 * math.sin(seconds))
    pen.rectangle((van, height * 0.42, van + width * 0.3, height * 0.66), fill=(165, 168, 175))
    pen.rectangle(
        (van + width * 0.21, height * 0.45, van + width * 0.28, height * 0.54), fill=(60, 70, 90)
    )
    for wheel in (0.06, 0.24):
        middle = van + width * wheel
        pen.ellipse(
            (middle - height * 0.05, height * 0.61, middle + height * 0.05, height * 0.71),
            fill=(20, 20, 22),
        )
    for number, place in enumerate((0.46, 0.55, 0.66)):
        sway = width * 0.01 * math.sin(seconds * 2 + number)
        left = width * place + sway
        pen.ellipse(
            (left - height * 0.035, height * 0.38, left + height * 0.035, height * 0.45),
            fill=(200, 170, 145),
        )
        pen.rectangle(
            (left - height * 0.05, height * 0.45, left + height * 0.05, height * 0.62),
            fill=(45, 60, 48),
        )
        pen.rectangle(
            (left - height * 0.045, height * 0.62, left + height * 0.045, height * 0.74),
            fill=(35, 35, 42),
        )
    seated = width * 0.75
    pen.ellipse(
        (seated - height * 0.035, height * 0.55, seated + height * 0.035, height * 0.62),
        fill=(205, 175, 150),
    )
    pen.rectangle(
        (seated - height * 0.05, height * 0.62, seated + height * 0.06, height * 0.74),
        fill=(120, 60, 50),
    )
    return scene


def photograph() -> bytes:
    """A photograph that a camera held on its side took: EXIF says how to turn it."""
    scene = street((1200, 800), 1.0)
    ImageDraw.Draw(scene).text(
        (30, 752), f"{FICTIONAL}  2026-03-14 21:12", font=face(26), fill="white"
    )
    noise = random.Random(5)
    pixels: Any = scene.load()
    for _ in range(40000):
        x, y = noise.randrange(1200), noise.randrange(800)
        red, green, blue = pixels[x, y]
        grain = noise.randrange(-18, 18)
        pixels[x, y] = (red + grain, green + grain, blue + grain)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Sample Camera (fictional)"
    made = io.BytesIO()
    scene.rotate(90, expand=True).save(made, "JPEG", quality=72, exif=exif)
    return made.getvalue()


def screenshot() -> bytes:
    """A screenshot of messages, with a transparent ground."""
    picture = Image.new("RGBA", (600, 900), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle(
        (20, 20, 580, 880), 28, fill=(250, 250, 250, 255), outline=(120, 120, 120, 255)
    )
    pen.text((50, 45), f"Messages · {FICTIONAL}", font=face(22), fill=(70, 70, 70, 255))
    said = (
        (False, "Marta, are you all right?"),
        (True, "Yes. I filmed it from the window"),
        (True, "They hit a man on the arm"),
        (False, "Did they say who they are?"),
        (True, "No names. Vests said FIP"),
        (False, "Keep the video. Do not edit it"),
    )
    for number, (own, text) in enumerate(said):
        left = 190 if own else 50
        top = 110 + number * 100
        ground = (214, 232, 250, 255) if own else (232, 232, 232, 255)
        pen.rounded_rectangle((left, top, left + 350, top + 70), 18, fill=ground)
        pen.text((left + 18, top + 22), text, font=face(20), fill=(20, 20, 20, 255))
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


def fax() -> bytes:
    """Two fax pages, black and white, as fax machines code them."""
    sheets = [
        lines_on(
            "Fax: request to preserve",
            (
                "To: Federal Interior Patrol (fictional)",
                "Preserve all recordings of 14 March 2026,",
                "2600 block of Example Street.",
            ),
        ),
        lines_on(
            "Fax: page 2",
            (
                "No answer had been received when this",
                "packet was prepared.",
            ),
        ),
    ]
    pages = []
    for on in sheets:
        sheet = Image.new("L", (1728, 2200), 255)
        on(ImageDraw.Draw(sheet))
        pages.append(sheet.convert("1"))
    made = io.BytesIO()
    pages[0].save(
        made, "TIFF", save_all=True, append_images=pages[1:], compression="group4", dpi=(204, 196)
    )
    return made.getvalue()


# Sound and moving pictures ---------------------------------------------------


def recording(label: str, clock: str, seconds: int, start: float, created: str) -> bytes:
    """A short recording of the street with a label and a running clock."""
    made = io.BytesIO()
    hours, minutes, first = (int(part) for part in clock.split(":"))
    with av.open(made, "w", format="mp4") as container:
        container.metadata["creation_time"] = created
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height = SMALL
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, RATE)
        stream.options = {"crf": "30", "threads": "1"}
        for number in range(seconds * RATE):
            at = number / RATE
            scene = street(SMALL, start + at)
            pen = ImageDraw.Draw(scene)
            total = hours * 3600 + minutes * 60 + first + int(at)
            shown = f"{total // 3600:02d}:{total // 60 % 60:02d}:{total % 60:02d}"
            pen.rectangle((0, 0, SMALL[0], 15), fill=(0, 0, 0))
            pen.text((4, 2), f"{label}  {shown}  {FICTIONAL}", font=face(10), fill="white")
            frame = av.VideoFrame.from_image(scene)
            frame.pts = number
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return made.getvalue()


def dispatch_audio() -> bytes:
    """Three seconds of tones and noise, as a radio channel sounds."""
    noise = random.Random(11)
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        samples = bytearray()
        for number in range(24000):
            tone = 40 * math.sin(number * 2 * math.pi * (880 if number < 4000 else 300) / 8000)
            samples.append(int(128 + tone + noise.randrange(-12, 12)))
        sound.writeframes(bytes(samples))
    return made.getvalue()


# Words ----------------------------------------------------------------------


def statement(title: str, paragraphs: Sequence[str]) -> bytes:
    """A Word document."""
    from datetime import UTC, datetime

    from referrals.filing.word_file import word_bytes

    document = docx.Document()
    document.add_heading(title, level=1)
    document.add_paragraph(FICTIONAL)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    made = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
    return word_bytes(document, title=title, author="Fictional sample", made=made)


def felony(folder: Path) -> None:
    """Write the files of the felony sample."""
    put(folder / "exhibits/case-report.pdf", incident_report())
    put(folder / "exhibits/property-receipt.pdf", tow_receipt())
    put(folder / "exhibits/forearm photo.jpg", photograph())
    put(folder / "exhibits/messages.png", screenshot())
    put(folder / "exhibits/fax-preservation.tif", fax())
    put(
        folder / "exhibits/officer-statement.docx",
        statement(
            "Statement of Officer Łukasz Example",
            (
                "I was with the second unit to arrive, at 21:09. I saw a man on the kerb "
                "holding his arm, and a silver van with three persons in vests beside it.",
                "I did not see any blow and did not hear what was said before I arrived.",
            ),
        ),
    )
    put(folder / "exhibits/cad-event.txt", CAD.encode())
    put(folder / "exhibits/witness-mail.eml", MAIL.encode())
    put(
        folder / "exhibits/scene-plan.pdf",
        written(
            "Plan of the scene",
            rows(
                ("Point", "What", "Measured from the lamp"),
                [
                    ("1", "Silver van", "9.4 m west"),
                    ("2", "Kerb where Mr. Nowak sat", "1.2 m east"),
                    ("3", "Body-worn camera, unit 1012", "6.0 m south"),
                    ("4", "Window of Marta Example", "21 m north-east"),
                ],
            ),
            size="letter landscape",
        ),
    )
    put(folder / "exhibits/complaint-form.pdf", filled_form())
    put(folder / "exhibits/dispatch.wav", dispatch_audio())
    put(folder / "exhibits/vehicle-track.csv", TRACK.encode())
    put(
        folder / "exhibits/medical-summary.pdf",
        written(
            "Emergency department summary",
            "<p>Harbor General Hospital (fictional). Patient: Łukasz Nowak.</p>"
            + rows(
                ("Finding", "Entry"),
                [
                    ("Left forearm", "Two linear contusions, 7 cm"),
                    ("X-ray", "Hairline fracture of the ulna"),
                    ("Discharged", "15 March 2026, 00:40"),
                ],
            ),
        ),
    )
    put(folder / "statements/reporting-officer.md", NARRATIVE.encode())
    put(
        folder / "statements/second-officer.docx",
        statement(
            "Supplementary narrative, unit 1034",
            (
                "Unit 1034 arrived at 21:09 and secured the south end of the block.",
                "I spoke with Marta Example, who handed over her phone for copying at 21:40.",
            ),
        ),
    )
    footage = folder / "footage"
    put(footage / "bwc-1012.mp4", recording("BWC 1012", "21:06:10", 5, 0.0, "2026-03-15T02:06:10Z"))
    put(
        footage / "bwc-1034.mp4", recording("BWC 1034", "21:09:02", 4, 20.0, "2026-03-15T02:09:02Z")
    )
    put(
        footage / "phone-example.mp4",
        recording("PHONE", "21:03:41", 5, 40.0, "2026-03-15T02:03:41Z"),
    )
    put(
        footage / "phone-example-clip.mp4",
        recording("PHONE", "21:03:43", 3, 42.0, "2026-03-15T02:03:43Z"),
    )


def put(path: Path, content: bytes) -> None:
    """Write a file of a sample."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


CAD = """\
FICTIONAL SAMPLE
LAKESHORE EMERGENCY COMMUNICATIONS (FICTIONAL)      EVENT 2603141877

21:02:15  CALL     Disturbance, persons in tactical vests, 2600 block Example St
21:02:58  DISP     Unit 1012
21:06:04  ONSCENE  Unit 1012
21:08:20  EMS      Ambulance 41 requested by 1012
21:09:00  ONSCENE  Unit 1034
21:15:02  ONSCENE  Ambulance 41
21:27:30  TRANSP   Ambulance 41 to Harbor General (fictional)
21:31:00  CLEAR    Unit 1012, unit 1034
"""

SECOND_CAD = """\
FICTIONAL SAMPLE
LAKESHORE EMERGENCY COMMUNICATIONS (FICTIONAL)      EVENT 2603190412

15:10:00  CALL     Person pushed to the ground, 40 block Example Ct
15:12:30  DISP     Unit 1108
15:20:00  ONSCENE  Unit 1108
15:21:00  EMS      Ambulance 12 requested by 1108
15:29:00  ONSCENE  Ambulance 12
15:48:00  CLEAR    Unit 1108
"""

MAIL = """\
From: Marta Example <marta@example.org>
To: Records Division <records@example.org>
Date: Sun, 15 Mar 2026 10:12:00 -0500
Subject: My video (FICTIONAL SAMPLE)
Message-ID: <fictional-0001@example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 8bit

I filmed from my window on the second floor. I have not cut or changed the video.
I saw a man with both hands up, and then a
person with a baton struck his left arm twice.

Marta Example
"""

TRACK = "time,latitude,longitude,note\n" + "".join(
    f"2026-03-14T21:{22 + n:02d}:00-05:00,41.{9000 + n * 3},-87.{6300 + n},FICTIONAL SAMPLE\n"
    for n in range(9)
)

NARRATIVE = """\
I was dispatched at 21:02 and arrived at 21:06 [[footage:V1 00:00:01]]. I saw three
persons in vests marked FIP beside a silver van [[ex:A p.2]].

A man, Łukasz Nowak, sat on the kerb and held his left forearm [[ex:C]]. He told me
that one of them had struck him twice with a baton after he raised both hands.

I asked the person who appeared to be in charge for a name, badge number and
credentials. The person stated: "We do not answer to you." [[footage:V1 00:00:03]]
"""


def main() -> None:
    """Make every sample's files again."""
    root = sample_cases.folder("felony_referral").parent
    felony(root / "felony_referral")
    supplement = root / "later_supplement"
    for state in ("first", "second"):
        put(
            supplement / state / "exhibits/report.pdf",
            written(
                "Case report JX-400230",
                "<p>Officers responded to a report of an alleged battery in Harbor Point. The "
                "person reported that an agent pushed her to the ground.</p>",
            ),
        )
        put(
            supplement / state / "exhibits/call-log.txt",
            SECOND_CAD.encode(),
        )
        put(
            supplement / state / "footage/bwc-1108.mp4",
            recording("BWC 1108", "15:20:05", 4, 60.0, "2026-03-19T20:20:05Z"),
        )
    put(supplement / "second/exhibits/lab-photo.png", screenshot())
    put(
        supplement / "second/exhibits/agency-answer.pdf",
        scanned(
            [
                paper(
                    lines_on(
                        "Answer to request 26-118",
                        (
                            "Federal Interior Patrol (fictional)",
                            "The recording asked for is enclosed.",
                        ),
                    ),
                    tilt=0.3,
                )
            ]
        ),
    )
    for name in ("misdemeanor", "incomplete_record"):
        put(
            root / name / "exhibits/report.pdf",
            written(
                f"Case report, sample {name.replace('_', ' ')}",
                "<p>Fictional sample report of an alleged offense.</p>",
            ),
        )
    put(
        root / "incomplete_record/footage/bwc-1201.mp4",
        recording("BWC 1201", "10:02:00", 3, 80.0, "2026-03-02T16:02:00Z"),
    )
    for name, people in (
        (
            "felony_referral",
            (
                ("S1", "Officer Zoë Ó Briain-Đặng", 3),
                ("S2", "Officer Łukasz Example", 5),
                ("S3", "Sergeant Ada Muster", 8),
            ),
        ),
        ("later_supplement", (("S1", "Officer Jan Muster", 11), ("S2", "Sergeant Ada Muster", 8))),
    ):
        for key, person, seed in people:
            put(root / f"{name}_signed" / f"{key}.pdf", signed_form(key, person, seed))
    for path in sorted(root.glob("*/**/footage/*.mp4")):
        content = path.read_bytes()
        print(
            path.relative_to(root),
            hashlib.sha256(content).hexdigest(),
            hashlib.md5(content).hexdigest(),
        )


if __name__ == "__main__":
    main()
