"""A name is printed with the right glyphs, or refused with its characters named: on pixels.

The reference is drawn by another library (Pillow) straight from the face that is
meant, so that a wrong face, a wrong glyph and an empty box all differ from it.
"""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, features
from ruamel.yaml import YAML

import sample_cases
import templates
from referrals.packet.glyphs import glyph_findings
from referrals.typesetting.rendering import draw, lay_out, page_environment
from referrals.typesetting.typefaces import CHARACTERS, FALLBACKS, missing, named, written_out
from stamping.assembly.stamp_font import is_stampable
from tests.acceptance.conftest import Clerk

SIZE = 120
"""Pixels and points: pages are drawn at 72 dots an inch."""

HAIR = 5
"""Pixels that rounding may move an outline, each way, and one more."""

SERIF = "SourceSerif4-Regular.ttf"
NAMES = {
    "Łódź": SERIF,
    "Đặng Nguyễn": SERIF,
    "Zoë Ó Briain": SERIF,
    "Алексей": SERIF,
    "Γιώργος": SERIF,
    "王小明": "DroidSansFallbackFull.ttf",
    "さくら": "DroidSansFallbackFull.ttf",
    "김철수": "NanumGothic-Regular.ttf",
    "أحمد": "NotoSansArabic-Regular.ttf",
    "देवी": "NotoSansDevanagari-Regular.ttf",
}
SHAPED = {"أحمد", "देवी"}
"""Names whose letters change beside each other, which only a shaping library draws."""


def printed(text: str) -> Image.Image:
    """Return the ink of a text as the program prints it."""
    page = page_environment().from_string(
        "<html lang='en'><title>t</title><style>@page { size: 1500px 400px; margin: 60px }"
        "p { font: {{ size }}px 'Source Serif 4'; margin: 0 }</style><p>{{ text }}</p></html>"
    )
    document = pdfium.PdfDocument(draw(lay_out(page.render(text=text, size=SIZE))))
    picture = document[0].render(scale=96 / 72, grayscale=True).to_pil()
    document.close()
    return _ink(picture)


def expected(text: str, face: str) -> Image.Image:
    """Return the ink of a text drawn from a face by another library."""
    font = ImageFont.truetype(str(templates.fonts() / face), SIZE)
    picture = Image.new("L", (1500, 400), 255)
    ImageDraw.Draw(picture).text((60, 100), text, font=font, fill=0)
    return _ink(picture)


def _ink(picture: Image.Image) -> Image.Image:
    """Return the box of a picture that holds ink, as black and white."""
    dark = picture.convert("L").point(lambda value: 255 if value < 128 else 0)
    box = dark.getbbox()
    assert box is not None, "nothing was drawn"
    return dark.crop(box)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """Return how much of either ink lies on the other, a hair apart, from none (0) to all (1)."""
    size = max(one.width, other.width), max(one.height, other.height)
    first, second = Image.new("L", size), Image.new("L", size)
    first.paste(one)
    second.paste(other)
    return min(_covered(first, second), _covered(second, first))


def _covered(ink: Image.Image, by: Image.Image) -> float:
    hit = ImageChops.multiply(ink, by.filter(ImageFilter.MaxFilter(HAIR)))
    return hit.histogram()[255] / ink.histogram()[255]


def test_the_characters_written_down_are_those_of_the_faces(request: pytest.FixtureRequest) -> None:
    codes: set[int] = set()
    for file in FALLBACKS.values():
        with TTFont(templates.fonts() / file, lazy=True) as font:
            codes |= set(font.getBestCmap())
    first = sorted(code for code in codes if code - 1 not in codes)
    last = sorted(code for code in codes if code + 1 not in codes)
    runs = "".join(f"{a:06X}-{b:06X}\n" for a, b in zip(first, last, strict=True))
    if request.config.getoption("--approve"):
        CHARACTERS.write_text(runs, "ascii")
    assert CHARACTERS.read_text("ascii") == runs, "other fonts: run this test with --approve"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_printed_with_the_glyphs_of_its_letters(name: str) -> None:
    if name in SHAPED and not features.check("raqm"):
        pytest.skip("Pillow was built without a shaping library")
    assert missing(name) == []
    ink = printed(name)
    assert likeness(ink, expected(name, NAMES[name])) > 0.97
    others = [likeness(ink, expected(other, NAMES[other])) for other in NAMES if other != name]
    assert max(others) < 0.6


@pytest.mark.parametrize("text", ["😀", "ท", "\U00012000", "\u202eabc"])
def test_what_no_face_has_is_printed_as_its_number(text: str) -> None:
    spelled = written_out(text)
    assert all(f"[U+{ord(each):04X}]" in spelled for each in text if not each.isascii())
    assert likeness(printed(text), expected(spelled, SERIF)) > 0.97


def test_written_out_keeps_markup_and_other_values() -> None:
    from markupsafe import Markup

    assert written_out(Markup("<b>😀</b>")) == Markup("<b>[U+1F600]</b>")
    assert isinstance(written_out(Markup("<b>😀</b>")), Markup)
    assert written_out(7) == 7
    assert written_out("Łódź\n王") == "Łódź\n王"


def test_each_face_of_text_has_the_letters_that_the_check_promises() -> None:
    from fontTools.ttLib import TTFont

    for file in ("SourceSerif4-Italic.ttf", "SourceSerif4-SemiBold.ttf"):
        with TTFont(templates.fonts() / file) as font:
            own = set(map(chr, font.getBestCmap()))
        with TTFont(templates.fonts() / SERIF) as font:
            assert set(map(chr, font.getBestCmap())) <= own, file


def test_the_number_s_font_says_what_it_can_draw() -> None:
    assert is_stampable("LPD-É·")
    assert not is_stampable("警-")
    assert not is_stampable("Ł-"), "the stamp's encoding lacks it"


def _case(clerk: Clerk, **incident: str) -> Path:
    folder = clerk.here / "case"
    shutil.copytree(sample_cases.folder("misdemeanor"), folder)
    yaml = YAML()
    record = yaml.load(folder / "case.yaml")
    record["incident"].update(incident)
    yaml.dump(record, folder / "case.yaml")
    return folder


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    return Clerk(tmp_path / "home", tmp_path)


def test_a_record_with_such_a_character_is_refused_and_the_character_named(clerk: Clerk) -> None:
    folder = _case(clerk, address="ไทย Street")
    assert clerk.run("intake", folder).returncode == 0
    [found] = [
        each
        for each in clerk.json("check", "JX-400317")["findings"]
        if each["code"] == "glyph-missing"
    ]
    assert (found["where"], found["severity"]) == ("incident.address", "blocking")
    assert "ท (U+0E17 thai character tho thahan)" in found["message"]


def test_an_exhibit_with_such_a_character_is_shown_and_says_so(clerk: Clerk) -> None:
    folder = _case(clerk)
    (folder / "exhibits/report.pdf").unlink()
    (folder / "exhibits/note.txt").write_text("They wrote 😀 to me.\n", "utf-8")
    yaml = YAML()
    record = yaml.load(folder / "case.yaml")
    record["exhibits"][0]["file"] = "exhibits/note.txt"
    yaml.dump(record, folder / "case.yaml")
    assert clerk.run("intake", folder).returncode == 0
    done = clerk.run("packet", "JX-400317", "--draft", "-o", "draft")
    assert done.returncode == 0, done.stderr
    data = clerk.here / "draft" / "data"
    values = json.loads((data / "packet.json").read_text("utf-8"))
    parts = {part["key"]: part for part in values["volumes"][0]["parts"]}
    notices = {each["code"]: each for each in parts["exhibit-A"]["rendition"]["notices"]}
    assert "U+1F600 grinning face" in notices["glyph-written-out"]["message"]
    document = pdfium.PdfDocument(io.BytesIO(next(data.glob("*_Packet.pdf")).read_bytes()))
    page = document[parts["exhibit-A"]["first_page"] - 1].get_textpage().get_text_range()
    assert "They wrote [U+1F600] to me." in page


def test_a_profile_is_looked_at_too() -> None:
    from referrals.intake.case_yaml import read_case_folder
    from referrals.profiles.profile_files import load

    folder = read_case_folder(sample_cases.folder("misdemeanor"))
    known = load(folder.record.case.profile)
    agency = known.agency.model_copy(update={"name": "警察 ไทย"})
    numbering = known.numbering.model_copy(update={"prefix": "警"})
    changed = known.model_copy(update={"agency": agency, "numbering": numbering})

    class Taken:
        record, narratives = folder.record, ()

    assert glyph_findings(Taken(), known, {}) == []  # type: ignore[arg-type]  # what is asked of it
    found = glyph_findings(Taken(), changed, {})  # type: ignore[arg-type]  # what is asked of it
    assert [each.where for each in found] == [
        f"profile {known.key}.agency.name",
        f"profile {known.key}.numbering",
    ]


def test_named_tells_the_number_and_the_name() -> None:
    assert named(["王"]) == "王 (U+738B cjk unified ideograph-738b)"
    assert named(["\u202e"]) == "(U+202E right-to-left override)"
