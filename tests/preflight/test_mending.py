"""`--fix`: what can be fixed is, nothing else changes, and a second look says what is left."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import ImageChops, ImageStat

from referrals.errors import BlockedError, UsageError
from referrals.preflight import mending
from referrals.preflight.mending import MendedSet, fitting_name, mend_set
from referrals.preflight.preflight import Submission, look
from referrals.profiles.filing_rules import FilingRules, Ground, Names
from stamping.preparation import recognition
from tests.preflight.filed_sets import (
    CASE,
    SEARCH,
    STRICT,
    embedded_font,
    filed,
    jbig2,
    jpeg_2000,
    paper,
    rules,
    scan_page,
    spoilt,
    text_page,
)
from tests.preflight.test_preflight import SPOILT
from tests.stamping.hazards import signed

WORDS = "The words of the scanned sheet, long enough."
MENDED = {
    Ground.ACTIVE_CONTENT,
    Ground.ATTACHMENT,
    Ground.MEDIA,
    Ground.FORM_FIELD,
    Ground.ANNOTATION,
    Ground.OUTSIDE_LINK,
    Ground.JPEG_2000,
    Ground.JBIG2,
    Ground.PAGE_SIZE,
    Ground.OPENING_VIEW,
    Ground.LABEL_DIFFERS,
}


def _mended(
    *paths: Path, strict: FilingRules = STRICT, case: str = CASE, folder: str = "mended"
) -> MendedSet:
    submission = Submission(paths, case, search=SEARCH)
    found = look(submission, strict)
    return mend_set(found, submission, strict, paths[0].parent / folder)


def _pictures(path: Path) -> list[bytes]:
    with pdfium.PdfDocument(path) as document:
        return [page.render(scale=1).to_pil().tobytes() for page in document]


def _texts(path: Path) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


@pytest.mark.parametrize("name", [name for name in SPOILT if SPOILT[name][0] in MENDED])
def test_what_can_be_mended_is_and_nothing_else_changes(name: str, tmp_path: Path) -> None:
    ground, change, _ = SPOILT[name]
    path = spoilt(filed(tmp_path), change)
    before, looks = path.read_bytes(), _pictures(path)
    mended = _mended(path)
    assert mended.result.objections == ()
    (file,) = mended.submission.files
    assert path.read_bytes() == before
    assert _texts(file) == _texts(path)
    (link,) = pypdf.PdfReader(file).pages[1].annotations
    assert link["/Subtype"] == "/Link"
    if ground is not Ground.PAGE_SIZE:
        assert _pictures(file) == looks
    with Pdf.open(file) as pdf:
        assert pdf.check_pdf_syntax() == []
    assert mended.files[0].changes


def test_pictures_are_recoded_without_loss_and_told_by_page(tmp_path: Path) -> None:
    pages = [
        scan_page(paper(100).convert("L"), WORDS, encode=jpeg_2000),
        scan_page(paper(20, mode="RGB"), WORDS, encode=jpeg_2000),
        scan_page(paper(20), WORDS, encode=jbig2),
    ]
    path = filed(tmp_path, pages)
    mended = _mended(path)
    (file,) = mended.submission.files
    assert {each.ground for each in mended.result.objections} == {Ground.LOW_RESOLUTION}
    assert _pictures(file) == _pictures(path)
    told = [(each.page, each.what) for each in mended.files[0].changes]
    assert [page for page, _ in told] == [3, 4, 5]
    assert "Group 4 in place of JBIG2" in told[2][1]


def test_attachments_lie_beside_the_file_and_are_listed(tmp_path: Path) -> None:
    def attach(pdf: Pdf) -> None:
        pdf.attachments["../a note.txt"] = b"notes"

    mended = _mended(spoilt(filed(tmp_path), attach))
    (place,) = mended.files[0].extracted
    assert place == "attachments/1_Exhibits-001-a_note.txt"
    assert (tmp_path / "mended" / place).read_bytes() == b"notes"


def test_a_value_of_a_form_stays_visible(tmp_path: Path) -> None:
    def fill(pdf: Pdf) -> None:
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String("name"),
                V=String("Value of the field"),
                DA=String("/Helv 10 Tf 0 g"),
                F=4,
                Rect=Array([100, 300, 300, 320]),
            )
        )
        pdf.pages[2].obj.Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))

    mended = _mended(spoilt(filed(tmp_path), fill))
    assert mended.result.objections == ()
    assert "Value of the field" in _texts(mended.submission.files[0])[2]


def test_encryption_is_lifted_where_no_password_is_needed(tmp_path: Path) -> None:
    owner = pikepdf.Encryption(owner="secret", user="")
    path = spoilt(filed(tmp_path), lambda pdf: None, encryption=owner)
    mended = _mended(path)
    assert mended.result.objections == ()
    assert not pypdf.PdfReader(mended.submission.files[0]).is_encrypted
    closed = pikepdf.Encryption(owner="secret", user="word")
    left = _mended(spoilt(filed(tmp_path), lambda pdf: None, encryption=closed), folder="other")
    assert [each.ground for each in left.result.objections] == [Ground.ENCRYPTED]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("unit", [1, 2])
def test_a_page_looks_the_same_on_its_new_sheet(turn: int, unit: int, tmp_path: Path) -> None:
    with Pdf.new() as pdf:
        text_page("Words of a small page", top=300, size=24)(pdf)
        page = pdf.pages[0].obj
        page.MediaBox, page.CropBox = Array([0, 0, 612, 792]), Array([90, 90, 390, 390])
        page.Rotate, page.UserUnit = turn, unit
        pdf.save(tmp_path / "1_Small.pdf")
    only = rules(rejections=[{"ground": "page-size", "words": "Size.", "source": "s"}])
    mended = _mended(tmp_path / "1_Small.pdf", strict=only)
    assert mended.result.objections == ()
    with pdfium.PdfDocument(tmp_path / "1_Small.pdf") as document:
        before = document[0].render(scale=unit).to_pil().convert("L")
    with pdfium.PdfDocument(mended.submission.files[0]) as document:
        after = document[0].render(scale=1).to_pil().convert("L")
    assert (before.size, after.size) == ((300 * unit, 300 * unit), (612, 792))
    left = (612 - 300 * unit) // 2
    shown = after.crop((left, 0, left + 300 * unit, 300 * unit))
    assert max(ImageStat.Stat(ImageChops.difference(before, shown)).mean) < 0.5
    assert ImageStat.Stat(before).mean[0] < 254.5


def test_a_picture_that_cannot_be_decoded_is_left(tmp_path: Path) -> None:
    def damaged(pdf: Pdf) -> None:
        SPOILT["JBIG2"][1](pdf)
        for image in pdf.pages[2].get_images().values():
            image.write(b"no picture", filter=Name.JBIG2Decode)

    mended = _mended(spoilt(filed(tmp_path), damaged))
    assert [each.ground for each in mended.result.objections] == [Ground.JBIG2]
    assert mended.files[0].changes == ()


def test_a_number_survives_a_new_sheet(tmp_path: Path) -> None:
    path = filed(tmp_path, [scan_page(paper(300), WORDS, size=(595, 842))])
    mended = _mended(path)
    (file,) = mended.submission.files
    assert Ground.PAGE_SIZE not in {each.ground for each in mended.result.objections}
    reader = pypdf.PdfReader(file)
    assert [round(float(each)) for each in reader.pages[2].mediabox] == [0, 0, 612, 792]
    assert "LPD-000003" in reader.pages[2].extract_text()
    assert reader.page_labels == ["LPD-000001", "LPD-000002", "LPD-000003"]
    assert "94.1%" in mended.files[0].changes[0].what


def test_names_are_made_to_fit_and_links_follow_them(tmp_path: Path) -> None:
    def link(pdf: Pdf) -> None:
        action = Dictionary(S=Name.GoToR, F=String("Second part.pdf"), D=Array([0, Name.Fit]))
        held = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([200, 300, 210, 310]), A=action
        )
        pdf.pages[2].obj.Annots = Array([pdf.make_indirect(held)])

    across = rules(
        links={"across": True, "source": "s"},
        names={"pattern": "{case}_Exhibits_{number}_of_{count}", "source": "s"},
    )
    one = spoilt(filed(tmp_path, name="First part.pdf"), link)
    two = filed(tmp_path, name="Second part.pdf")
    mended = _mended(one, two, strict=across)
    names = [each.name for each in mended.submission.files]
    assert names == [f"{CASE}_Exhibits_1_of_2.pdf", f"{CASE}_Exhibits_2_of_2.pdf"]
    (annotation,) = pypdf.PdfReader(mended.submission.files[0]).pages[2].annotations
    assert annotation.get_object()["/A"]["/F"] == names[1]
    assert {each.ground for each in mended.result.objections} == {Ground.NOT_ONE_FILE}
    assert two.read_bytes() == mended.submission.files[1].read_bytes()


def test_links_to_other_files_stay_where_scripts_go(tmp_path: Path) -> None:
    def spoil(pdf: Pdf) -> None:
        SPOILT["a script by name"][1](pdf)
        action = Dictionary(S=Name.GoToR, F=String("2_More.pdf"), D=Array([0, Name.Fit]))
        held = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([200, 300, 210, 310]), A=action
        )
        pdf.pages[2].obj.Annots = Array([pdf.make_indirect(held)])

    across = rules(links={"across": True, "source": "s"})
    mended = _mended(
        spoilt(filed(tmp_path), spoil), filed(tmp_path, name="2_More.pdf"), strict=across
    )
    assert {each.ground for each in mended.result.objections} == {Ground.NOT_ONE_FILE}
    (annotation,) = pypdf.PdfReader(mended.submission.files[0]).pages[2].annotations
    assert annotation.get_object()["/A"]["/F"] == "2_More.pdf"


def test_what_must_not_be_touched_stays_and_is_told(tmp_path: Path) -> None:
    path = filed(
        tmp_path,
        [text_page("SSN 219-09-9123"), scan_page(paper(100), WORDS), scan_page(paper(marks=False))],
        cover=text_page("Exhibits", top=700),
    )
    mended = _mended(path)
    assert {each.ground for each in mended.result.objections} == {
        Ground.IDENTIFIER,
        Ground.LOW_RESOLUTION,
        Ground.BLANK_PAGE,
        Ground.CASE_NUMBER_MISSING,
        Ground.TOP_NOT_CLEAR,
    }
    assert mended.submission.files[0].read_bytes() == path.read_bytes()


def test_a_signed_file_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    path = signed(tmp_path)
    with pytest.raises(BlockedError, match="signed"):
        _mended(path)
    assert not (tmp_path / "mended").exists()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_an_existing_folder_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "mended").mkdir()
    with pytest.raises(UsageError, match="exists"):
        _mended(filed(tmp_path))


def test_the_same_files_are_mended_to_the_same_bytes(tmp_path: Path) -> None:
    path = spoilt(filed(tmp_path), SPOILT["a field"][1])
    one, two = _mended(path, folder="one"), _mended(path, folder="two")
    assert one.submission.files[0].read_bytes() == two.submission.files[0].read_bytes()
    assert json.dumps(one.files[0].as_json()) == json.dumps(two.files[0].as_json())


def test_pages_without_any_text_are_recognised_where_the_extra_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Pdf.new() as pdf:
        for _ in range(2):
            scan_page(paper(300))(pdf)
        pdf.save(tmp_path / "1_Scan.pdf")
    only = rules(
        rejections=[{"ground": "not-searchable", "words": "Not searchable.", "source": "s"}]
    )

    def layer(source: Path, result: Path, pages: tuple[int, ...], languages: object) -> str:
        with Pdf.open(source) as pdf:
            assert pages == (1, 2)
            page = pdf.pages[0]
            content = b"BT 3 Tr /F1 12 Tf 100 400 Td (The words of this whole sheet) Tj ET"
            page.obj.Resources.Font = Dictionary(F1=embedded_font(pdf))
            page.contents_add(content, prepend=False)
            pdf.save(result)
        return ""

    monkeypatch.setattr(mending, "can_recognise", lambda: True)
    monkeypatch.setattr(recognition, "_run", layer)
    monkeypatch.setattr(recognition, "run_one", lambda read, task, *_, **__: read(task))
    mended = _mended(tmp_path / "1_Scan.pdf", strict=only)
    assert [(each.page, each.what) for each in mended.files[0].changes] == [
        (1, "its text was recognised by a program")
    ]
    (left,) = mended.result.objections
    assert left.pages == (2,)
    monkeypatch.setattr(mending, "can_recognise", lambda: False)
    assert _mended(tmp_path / "1_Scan.pdf", strict=only, folder="other").files[0].changes == ()


def test_a_file_that_cannot_be_changed_is_left_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise pikepdf.PdfError("damaged")

    path = spoilt(filed(tmp_path), SPOILT["a field"][1])
    monkeypatch.setattr(mending, "mend", fail)
    mended = _mended(path)
    assert mended.submission.files[0].read_bytes() == path.read_bytes()
    assert "could not be mended" in mended.files[0].changes[0].what
    assert [each.ground for each in mended.result.objections] == [Ground.FORM_FIELD]


def test_what_was_taken_out_is_told_by_page(tmp_path: Path) -> None:
    mended = _mended(spoilt(filed(tmp_path), SPOILT["a link out"][1]))
    told = [(each.page, each.what) for each in mended.files[0].changes]
    assert (3, "Links out of the file were made inert: http://a.example") in told


@given(st.text(min_size=1, max_size=120), st.integers(1, 999), st.integers(20, 60))
def test_a_fitting_name_meets_the_rule_or_there_is_none(
    description: str, number: int, longest: int
) -> None:
    names = Names(pattern="{number}_{description}", longest=longest, source="s")
    values = dict.fromkeys(("case", "packet", "count", "first", "last"), "")
    made = fitting_name(names, values | {"number": str(number), "description": description})
    assert made == "" or (
        len(made) <= longest and re.fullmatch(r"\d+_[A-Za-z0-9._-]+\.pdf", made) is not None
    )
    assert made or not description.strip("_ -.")
