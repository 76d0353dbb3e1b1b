"""The pictures of the sample cases: a drawn street, a photograph, a screenshot, a fax."""

from __future__ import annotations

import io
import math
import random
from typing import Any

from PIL import Image, ImageDraw

from sample_cases.papers import FICTIONAL, face, lines_on

GESTURE = (42.0, 44.0)
"""Seconds of the scene."""


def street(size: tuple[int, int], seconds: float) -> Image.Image:
    """A drawn street at night: a van, a lamp, three persons, one seated.

    From second 42 to 44 the person beside the seated one raises an arm, and the
    seated one both hands.
    """
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
    if GESTURE[0] <= seconds < GESTURE[1]:
        shoulder, stroke = width * 0.66 + height * 0.05, max(2, width // 70)
        raised = [(shoulder, height * 0.48), (shoulder + height * 0.1, height * 0.36)]
        pen.line(raised, fill=(45, 60, 48), width=stroke)
        for side in (-0.05, 0.06):
            hand = seated + height * side
            up = [(hand, height * 0.64), (hand + height * side * 0.5, height * 0.51)]
            pen.line(up, fill=(120, 60, 50), width=stroke)
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
