"""Pictures as PDF pages.

In: a JPEG, PNG, TIFF, GIF or HEIC file. Out: a PDF with a page a frame, upright
whatever the camera said, at the size its resolution gives or fitted on Letter.
JPEG data and Group 4 scans keep their own bytes. The same picture gives the
same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import img2pdf
import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageFile, ImageSequence, UnidentifiedImageError

from stamping.notice_codes import notice
from stamping.notices import Notice
from stamping.preparation.file_kind import FileKind
from stamping.preparation.inspection import refuse
from stamping.values import Limits

LETTER = (612.0, 792.0)
FIT_MARGIN = 36.0
# Resolutions that a scanner or camera means; others are defaults of programs.
_MEANT_DPI = (100.0, 2400.0)
# A page may be this large by its resolution, in points (E size, 34 × 44 inches).
_LARGEST_PAGE = 3168.0
_ORIENTATION = 0x0112
_UNTURNED = 1
_ASIDE = frozenset({5, 6, 7, 8})
"""Orientations that lie on their side."""
_PLAIN_MODES = frozenset({"1", "L", "P", "RGB", "CMYK"})


@dataclass(frozen=True, slots=True)
class _Frame:
    """One picture of a file: what the page is made from."""

    data: bytes
    orientation: int
    dpi: tuple[float, float] | None


def image_to_pdf(source: Path, kind: FileKind, limits: Limits) -> tuple[Pdf, list[Notice]]:
    """Return the picture's pages as an open document, and what was noticed.

    Raises:
        RefusedInputError: it cannot be read, has too many pixels, or needs an extra.
    """
    if kind is FileKind.HEIC:
        _register_heic(source)
    notices: list[Notice] = []
    largest, lenient = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before any pixel is decoded
    # Other libraries of the same process ask for half pictures; evidence is whole or refused.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(source) as image:
            pdf = _pages(source, kind, image, limits, notices)
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        KeyError,
        Image.DecompressionBombError,
        img2pdf.ImageOpenError,
    ) as error:
        raise refuse(
            source,
            "image-unreadable",
            f"The {kind} picture cannot be read ({_reason(error, source)}).",
        ) from error
    finally:
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = largest, lenient
    return pdf, notices


def _reason(error: Exception, source: Path) -> str:
    text = str(error).replace(str(source), "the file").strip()
    return text.splitlines()[0][:160] if text else type(error).__name__


def _register_heic(source: Path) -> None:
    try:
        # An extra, without which there are no stubs either.
        import pillow_heif  # type: ignore[import-not-found,unused-ignore]
    except ImportError as error:
        raise refuse(
            source, "heic-support-missing", "HEIC pictures need the extra 'heic'."
        ) from error
    pillow_heif.register_heif_opener()


def _pages(
    source: Path, kind: FileKind, image: Image.Image, limits: Limits, notices: list[Notice]
) -> Pdf:
    frames = getattr(image, "n_frames", 1)
    if kind in (FileKind.GIF, FileKind.PNG, FileKind.JPEG, FileKind.HEIC) and frames > 1:
        if kind in (FileKind.GIF, FileKind.PNG):
            notices.append(
                notice("first-frame-only", f"The picture has {frames} frames; the first is shown.")
            )
        frames = 1
    if frames > limits.pages:
        raise refuse(
            source,
            "too-many-pages",
            f"The picture has {frames:,} pages; the limit is {limits.pages:,}.",
        )
    pdf = Pdf.new()
    seen: set[str] = set()
    for index, frame in enumerate(ImageSequence.Iterator(image)):
        if index == frames:
            break
        pixels = frame.width * frame.height
        if pixels > limits.pixels:
            raise refuse(
                source,
                "too-many-pixels",
                f"The picture has {pixels:,} pixels; the limit is {limits.pixels:,}.",
            )
        _add_page(pdf, _frame(source, kind, frame, seen))
    if "transparency" in seen:
        notices.append(
            notice("transparency-flattened", "The picture's transparent areas are shown on white.")
        )
    if "depth" in seen:
        notices.append(
            notice("colour-depth-reduced", "The picture's samples were reduced to 8 bits each.")
        )
    return pdf


def _frame(source: Path, kind: FileKind, frame: Image.Image, seen: set[str]) -> _Frame:
    orientation, dpi = _orientation(frame), _dpi(frame)
    if kind is FileKind.JPEG and frame.mode in ("L", "RGB", "CMYK"):
        data = source.read_bytes()
        # Decoded small: shows a broken file without the cost of every pixel.
        frame.draft("L", (max(1, frame.width // 8), max(1, frame.height // 8)))
        frame.load()
    else:
        data = _lossless(frame, seen)
        # Pillow turns pictures of some kinds upright while it reads them, and then says so.
        left = _orientation(frame)
        if dpi is not None and (orientation in _ASIDE) != (left in _ASIDE):
            dpi = dpi[1], dpi[0]
        orientation = left
    return _Frame(data, orientation, dpi)


def _orientation(frame: Image.Image) -> int:
    """Return how the picture is still to be turned, by EXIF's numbers from 1 to 8."""
    return int(frame.getexif().get(_ORIENTATION, _UNTURNED) or _UNTURNED)


def _lossless(frame: Image.Image, seen: set[str]) -> bytes:
    """Return the frame as PNG or Group 4 TIFF of a kind that PDF can hold."""
    frame.load()
    plain = frame.copy()
    if plain.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in plain.info:
        rgba = plain.convert("RGBA")
        if rgba.getchannel("A").getextrema() != (255, 255):
            seen.add("transparency")
        ground = Image.new("RGBA", rgba.size, "white")
        ground.alpha_composite(rgba)
        grey = plain.mode in ("LA", "La")
        plain = ground.convert("L" if grey else "RGB")
    elif plain.mode.startswith("I") or plain.mode == "F":
        seen.add("depth")
        plain = _to_eight_bits(plain)
    elif plain.mode not in _PLAIN_MODES:
        plain = plain.convert("RGB")
    stream = io.BytesIO()
    if plain.mode == "1":
        plain.save(stream, "TIFF", compression="group4")
    elif plain.mode == "CMYK":
        plain.save(stream, "TIFF", compression="raw")
    else:
        plain.info = {}
        plain.save(stream, "PNG", compress_level=6)
    return stream.getvalue()


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Return 16-bit grey as 8 bits: the high byte; other ranges are stretched to fit."""
    low, high = image.getextrema()
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return image.convert("L")
    if image.mode.startswith("I") and low >= 0 and high <= 65535:
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    span = (high - low) or 1
    return (
        image.convert("F").point(lambda value: value * (255 / span) - low * 255 / span).convert("L")
    )


def _dpi(frame: Image.Image) -> tuple[float, float] | None:
    """Return the resolution if it is one that somebody meant."""
    found = frame.info.get("dpi")
    if not isinstance(found, tuple) or len(found) != 2:
        return None
    try:
        across, down = float(found[0]), float(found[1])
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    low, high = _MEANT_DPI
    if not (low <= across <= high and low <= down <= high):
        return None
    if max(frame.width / across, frame.height / down) * 72 > _LARGEST_PAGE:
        return None
    return across, down


def _add_page(pdf: Pdf, frame: _Frame) -> None:
    made = img2pdf.convert(
        frame.data,
        nodate=True,
        rotation=img2pdf.Rotation.none,
        engine=img2pdf.Engine.internal,
        first_frame_only=True,
    )
    with pikepdf.open(io.BytesIO(made)) as single:
        pictures = single.pages[0].obj.Resources.XObject
        picture = pdf.copy_foreign(next(value for _, value in pictures.items()))
    width, height = int(picture.Width), int(picture.Height)
    turned = frame.orientation in _ASIDE
    across, down = (height, width) if turned else (width, height)
    if frame.dpi is None:
        page, box = _fitted(across, down)
    else:
        horizontal, vertical = reversed(frame.dpi) if turned else frame.dpi
        page = (round(across / horizontal * 72, 2), round(down / vertical * 72, 2))
        box = (0.0, 0.0, *page)
    matrix = " ".join(f"{value:.4f}" for value in _placement(frame.orientation, box))
    content = pdf.make_stream(f"q {matrix} cm /Picture Do Q\n".encode("ascii"))
    pdf.pages.append(
        pikepdf.Page(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, *page]),
                Resources=Dictionary(XObject=Dictionary(Picture=picture)),
                Contents=content,
            )
        )
    )


def _fitted(across: int, down: int) -> tuple[tuple[float, float], tuple[float, ...]]:
    """Return a Letter page, upright or across, and the picture's box in its middle.

    A picture smaller than the room keeps 96 pixels an inch, a screen's size.
    """
    page = LETTER if down >= across else (LETTER[1], LETTER[0])
    room = (page[0] - 2 * FIT_MARGIN, page[1] - 2 * FIT_MARGIN)
    scale = min(room[0] / across, room[1] / down, 72 / 96)
    width, height = across * scale, down * scale
    return page, ((page[0] - width) / 2, (page[1] - height) / 2, width, height)


def _placement(orientation: int, box: tuple[float, ...]) -> tuple[float, ...]:
    """Return the matrix that shows a stored picture upright in `box` (EXIF 2.32, tag 274)."""
    x, y, w, h = box
    return {
        2: (-w, 0, 0, h, x + w, y),
        3: (-w, 0, 0, -h, x + w, y + h),
        4: (w, 0, 0, -h, x, y + h),
        5: (0, -h, -w, 0, x + w, y + h),
        6: (0, -h, w, 0, x, y + h),
        7: (0, h, w, 0, x, y),
        8: (0, h, -w, 0, x + w, y),
    }.get(orientation, (w, 0, 0, h, x, y))
