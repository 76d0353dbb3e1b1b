"""A case of any size, made anew: for measuring, and for seeing that size changes nothing.

In: a folder and counts. Out: a case folder with born-digital PDFs, two small
recordings used by many rows, and a record that cites them. The same counts and
seed give the same bytes.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from ruamel.yaml import YAML

import sample_cases
import templates

RECORDINGS = 40
LINES = 44
WORDS = [
    *("alleged", "reported", "officer", "unit", "recorded", "street", "vehicle", "witness"),
    *("stated", "observed", "time", "radio", "arrived", "present", "camera", "report"),
    *("person", "described", "marked", "vest", "place", "evening", "statement"),
]


def write_big_case(folder: Path, exhibits: int = 300, pages: int = 3000, seed: int = 1) -> Path:
    """Write a case of `exhibits` exhibits into `folder`.

    Six are those of the felony sample; the others are PDFs that have `pages`
    pages together.
    """
    base = sample_cases.folder("felony_referral")
    reader = YAML(typ="safe")
    record = reader.load(base / "case.yaml")
    record["case"] |= {"number": "JX-499999", "title": "Alleged battery, a large case (fictional)"}
    for name in ("exhibits", "footage"):
        (folder / name).mkdir(parents=True)
    shutil.copytree(base / "statements", folder / "statements")
    shutil.copyfile(base / "exhibits/case-report.pdf", folder / "exhibits/case-report.pdf")
    kept = {"A", "C", "E", "F", "G", "H"}
    for entry in record["exhibits"]:
        if entry["designator"] in kept - {"A"}:
            name = Path(entry["file"]).name
            shutil.copyfile(base / entry["file"], folder / "exhibits" / name)
    record["exhibits"] = [each for each in record["exhibits"] if each["designator"] in kept]
    record["exhibits"] += _written(folder, exhibits - len(record["exhibits"]), pages, seed)
    record["footage"] = _recordings(base, folder, record["footage"])
    record["custody"] = _custody(record)
    writer = YAML()
    writer.default_flow_style = False
    writer.width = 1000
    with (folder / "case.yaml").open("w", encoding="utf-8") as stream:
        writer.dump(record, stream)
    return folder


def _written(folder: Path, count: int, pages: int, seed: int) -> list[dict[str, str]]:
    entries = []
    chance = random.Random(seed)
    for number in range(1, count + 1):
        share = pages * number // count - pages * (number - 1) // count
        name = f"exhibits/report-{number:03d}.pdf"
        _write_report(folder / name, f"Report {number}", share, chance)
        entries.append(
            {
                "designator": str(number),
                "title": f"Report {number} (fictional)",
                "file": name,
                "dated": "2026-03-15",
                "source": "Records Division",
                "custodian": "Records Division",
            }
        )
    return entries


def _write_report(path: Path, title: str, pages: int, chance: random.Random) -> None:
    with Pdf.new() as pdf:
        font = _font(pdf)
        for number in range(1, pages + 1):
            page = pdf.add_blank_page(page_size=(612, 792))
            page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
            page.obj.Contents = Stream(pdf, _text(f"{title}, page {number}", chance))
        pdf.save(path, deterministic_id=True, compress_streams=True)


def _text(heading: str, chance: random.Random) -> bytes:
    lines = [f"BT /F1 13 Tf 72 720 Td ({heading}) Tj /F1 10 Tf 0 -24 Td 14 TL"]
    lines.append("(FICTIONAL SAMPLE) Tj T*")
    for _ in range(LINES):
        lines.append(f"({' '.join(chance.choices(WORDS, k=12))}) Tj T*")
    return "\n".join([*lines, "ET"]).encode()


def _font(pdf: Pdf) -> pikepdf.Object:
    from fontTools.ttLib import TTFont

    path = templates.fonts() / "PublicSans-Regular.ttf"
    data = path.read_bytes()
    with TTFont(path) as font:
        units, names, advances = font["head"].unitsPerEm, font.getBestCmap(), font["hmtx"]
        widths = [round(advances[names[code]][0] * 1000 / units) for code in range(32, 127)]
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.PublicSans,
        Flags=32,
        FontBBox=Array([-200, -300, 1200, 1000]),
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
            BaseFont=Name.PublicSans,
            Encoding=Name.WinAnsiEncoding,
            FirstChar=32,
            LastChar=126,
            Widths=Array(widths),
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )


def _recordings(
    base: Path, folder: Path, footage: Sequence[dict[str, object]]
) -> list[dict[str, object]]:
    """Return the sample's recordings and rows that name copies of the first."""
    rows = []
    for entry in footage:
        shutil.copyfile(base / str(entry["file"]), folder / str(entry["file"]))
        rows.append(entry)
    for number in range(len(rows) + 1, RECORDINGS + 1):
        name = f"footage/fixed-{number:02d}.mp4"
        shutil.copyfile(base / "footage/bwc-1034.mp4", folder / name)
        rows.append(
            {
                **deepcopy({key: each for key, each in rows[2].items() if key != "key_moments"}),
                "key": f"V{number}",
                "title": f"Fixed camera {number} (fictional)",
                "kind": "fixed_camera",
                "file": name,
                "evidence_uuid": f"6f0e1c2a-{number:04d}-4c1e-9b5e-{number:012d}",
            }
        )
    return rows


def _custody(record: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    items = [f"ex:{each['designator']}" for each in record["exhibits"]]
    items += [f"footage:{each['key']}" for each in record["footage"]]
    return [
        {
            "item": item,
            "at": "2026-03-16T09:00:00-05:00",
            "action": "received",
            "from_holder": "Source",
            "to_holder": "Evidence Section",
        }
        for item in items
    ]
