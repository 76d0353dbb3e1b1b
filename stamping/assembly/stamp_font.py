"""The font of the stamp, and how wide it sets a text.

In: the writer of the output. Out: the font embedded in it once. Its measures stand
here as numbers: to read them from the file would take longer than to stamp a small
exhibit. A test compares them with the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stamping.objects.object_writer import ObjectWriter
from stamping.objects.pdf_syntax import Ref, Value

FONT_FILE = Path(__file__).parents[1] / "fonts" / "PublicSans-SemiBold.ttf"
FONT_NAME = "BatesFont"

_NONSYMBOLIC = 32
_FIRST_CODE = 32
# By code in WinAnsiEncoding, sixteen a line, in thousandths of the type size; 0 for no glyph.
_TABLE = """
     234  268  455  610  670  923  750  255  320  324  437  573  260  386  250  368
     630  418  618  649  644  659  643  614  660  643  250  261  563  573  563  528
     829  719  678  704  708  628  604  747  768  296  396  701  578  903  770  748
     645  762  687  682  606  714  690  962  704  640  654  322  368  322  479  536
     243  560  603  546  603  572  396  626  585  258  276  572  317  882  586  571
     602  602  402  518  404  588  513  784  577  550  489  358  266  360  592    0
     628    0  260  490  465  837  492  492  354 1330  682  295 1123    0  654    0
       0  252  248  452  447  336  576 1134  383  934  518  294  940    0  489  640
     234  268  552  632  560  638  266  502  342  824  408  479  573  386  546  364
     469  573  380  414  243  596  581  246  254  249  404  496  813  886  940  532
     719  719  719  719  719  719 1010  704  628  628  628  628  296  296  296  296
     730  770  748  748  748  748  748  560  764  714  714  714  714  640  667  610
     560  560  560  560  560  560  914  546  572  572  572  572  254  254  254  346
     571  586  571  571  571  571  571  573  600  588  588  588  588  550  598  550
"""
WIDTHS = (*[0] * _FIRST_CODE, *map(int, _TABLE.split()))
DESCRIPTOR: dict[str, Value] = {
    "Type": "FontDescriptor",
    "FontName": "PublicSans-SemiBold",
    "Flags": _NONSYMBOLIC,
    "FontBBox": [-162, -240, 1276, 1083],
    "ItalicAngle": 0,
    "Ascent": 950,
    "Descent": -225,
    "CapHeight": 723,
    "StemV": 100,
}


@dataclass(frozen=True, slots=True)
class StampFont:
    """The font of the stamp, embedded once in a file."""

    object: Ref

    @staticmethod
    def width(text: str, size: float) -> float:
        """Return the width of `text` in points."""
        return coded_width(encoded(text), size)


def embed_font(writer: ObjectWriter) -> StampFont:
    """Embed the stamp's font in the output and return it."""
    data = FONT_FILE.read_bytes()
    program = writer.add_compressed({"Length1": len(data)}, data)
    entries = {
        "Type": "Font",
        "Subtype": "TrueType",
        "BaseFont": "PublicSans-SemiBold",
        "Encoding": "WinAnsiEncoding",
        "FirstChar": _FIRST_CODE,
        "LastChar": len(WIDTHS) - 1,
        "Widths": list(WIDTHS[_FIRST_CODE:]),
        "FontDescriptor": writer.add(DESCRIPTOR | {"FontFile2": program}),
    }
    return StampFont(writer.add(entries))


def encoded(text: str) -> bytes:
    """Return `text` as the font's encoding writes it."""
    return text.encode() if text.isascii() else text.encode("cp1252", errors="replace")


def coded_width(coded: bytes, size: float) -> float:
    """Return the width in points of a text as the font's encoding writes it."""
    return sum(map(WIDTHS.__getitem__, coded)) * size / 1000


def is_stampable(text: str) -> bool:
    """Return whether the font and its encoding have every character of `text`."""
    codes = text.encode("cp1252", errors="ignore")
    return len(codes) == len(text) and all(WIDTHS[code] for code in codes)
