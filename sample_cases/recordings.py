"""The recordings of the sample cases: short, drawn and encoded here."""

from __future__ import annotations

import io
import math
import random
import wave
from fractions import Fraction

import av
from PIL import ImageDraw

from sample_cases.papers import FICTIONAL, face
from sample_cases.pictures import street

SMALL = (320, 180)
RATE = 12


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
