"""A form whose fields are filled and have no drawn appearance yet, made for the samples."""

from __future__ import annotations

import io
from typing import Any

from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf, Stream

import templates


def embedded_font(pdf: Pdf) -> Any:
    """Embed Public Sans, for text in the Windows encoding."""
    data = (templates.fonts() / "PublicSans-Regular.ttf").read_bytes()
    with TTFont(io.BytesIO(data)) as face_of_form:
        scale = 1000 / face_of_form["head"].unitsPerEm
        glyphs, advances = face_of_form.getBestCmap(), face_of_form["hmtx"]
        widths = [
            round(
                advances[glyphs.get(ord(bytes([code]).decode("cp1252", "replace")), ".notdef")][0]
                * scale
            )
            for code in range(32, 256)
        ]
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/PublicSans-Regular"),
        Flags=32,
        FontBBox=Array([-200, -250, 1200, 950]),
        ItalicAngle=0,
        Ascent=950,
        Descent=-225,
        CapHeight=700,
        StemV=80,
        FontFile2=pdf.make_indirect(Stream(pdf, data, Length1=len(data))),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/PublicSans-Regular"),
            Encoding=Name.WinAnsiEncoding,
            FirstChar=32,
            LastChar=255,
            Widths=Array(widths),
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )


def filled_form() -> bytes:
    """A form whose fields are filled and have no drawn appearance yet."""
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        font = embedded_font(pdf)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        labels = ("Name of person", "Nature of complaint", "Date", "FICTIONAL SAMPLE")
        values = (
            "Łukasz Nowak".encode("ascii", "replace").decode().replace("?", "L"),
            "Alleged use of a baton",
            "15 March 2026",
        )
        text = ["BT /F1 16 Tf 72 720 Td (Citizen complaint form 12-B) Tj ET"]
        fields = Array()
        for number, label in enumerate(labels):
            y = 660 - 60 * number
            text.append(f"BT /F1 10 Tf 72 {y} Td ({label}) Tj ET")
            if number >= len(values):
                continue
            field = Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=label,
                V=values[number],
                Rect=Array([220, y - 6, 520, y + 14]),
                DA="/F1 11 Tf 0 g",
                F=4,
                P=page.obj,
            )
            fields.append(pdf.make_indirect(field))
        page.obj.Annots = fields
        page.obj.Contents = pdf.make_stream("\n".join(text).encode())
        pdf.Root.AcroForm = Dictionary(
            Fields=fields,
            NeedAppearances=True,
            DA="/F1 11 Tf 0 g",
            DR=Dictionary(Font=Dictionary(F1=font)),
        )
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True)
    return made.getvalue()
