"""The pictures of a Word document, each as the address of its own pixels, or named.

In: a package and the part that a drawing names. Out: an address that a page can show
(RFC 2397), empty where the picture's format is none that can be drawn.
"""

from __future__ import annotations

import base64
import io

from lxml import etree
from PIL import Image

from referrals.errors import InputError
from referrals.text_files.word_package import WP, V, WordPackage

_LARGEST = 40_000_000
_SHOWN_PIXELS = (1600, 1600)
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_FAULTS = (KeyError, InputError, OSError, ValueError, SyntaxError, Image.DecompressionBombError)


def picture_address(package: WordPackage, part: str) -> str:
    """Return the picture of a part as an address; empty where it cannot be drawn."""
    try:
        with Image.open(io.BytesIO(package.read(part, _LARGEST)), formats=_FORMATS) as picture:
            picture.draft("RGB", _SHOWN_PIXELS)
            picture.thumbnail(_SHOWN_PIXELS)
            ground = Image.new("RGB", picture.size, "white")
            plain = picture.convert("RGBA")
            ground.paste(plain, mask=plain.getchannel("A"))
    except _FAULTS:
        return ""
    stream = io.BytesIO()
    ground.save(stream, "PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


def picture_description(element: etree._Element) -> str:
    """Return what the document says of the picture that an element shows."""
    for above in element.iterancestors():
        if above.tag in (f"{WP}inline", f"{WP}anchor"):
            said = above.find(f"{WP}docPr")
            return (said.get("descr") or said.get("title") or "") if said is not None else ""
        if above.tag == f"{V}shape":
            return above.get("alt") or ""
    return ""
