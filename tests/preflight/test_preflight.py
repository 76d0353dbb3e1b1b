"""Each ground of rejection is found where it is, with its page, and not on the clean twin."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String

from referrals.errors import InputError
from referrals.findings import Severity
from referrals.identifiers.candidates import Search
from referrals.preflight.preflight import Submission, look, preflight
from referrals.preflight.rejection_checks import CHECKS, masked, name_form
from referrals.preflight.remedies import REMEDIES
from referrals.profiles.filing_rules import Ground
from referrals.profiles.profile_files import load_court
from tests.preflight.filed_sets import (
    CASE,
    LIMIT,
    SEARCH,
    STRICT,
    embedded_font,
    filed,
    flate,
    jbig2,
    jpeg_2000,
    objections,
    of_size,
    paper,
    photograph,
    rules,
    scan_page,
    spoilt,
    text_page,
)
from tests.stamping.hazards import HAZARDS

WORDS = "The words of the scanned sheet, long enough."


def test_every_ground_has_a_check_and_a_remedy() -> None:
    assert set(CHECKS) == set(Ground) == set(REMEDIES)


def test_a_clean_set_meets_no_ground(tmp_path: Path) -> None:
    assert objections(filed(tmp_path)) == {}
    whole = objections(
        filed(tmp_path, [scan_page(paper(300), WORDS), scan_page(paper(600), WORDS)])
    )
    assert whole == {}


def _script(pdf: Pdf) -> None:
    opening = Dictionary(S=Name.GoTo, D=pdf.Root.OpenAction)
    opening.Next = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    pdf.Root.OpenAction = opening


def _named_script(pdf: Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))


def _launch_on_page_3(pdf: Pdf) -> None:
    pdf.pages[2].obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("a.exe")))


def _submit_behind_a_bookmark(pdf: Pdf) -> None:
    action = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]))
    action.Next = Dictionary(S=Name.SubmitForm, F=String("http://a.example"))
    first = pdf.Root.Outlines.First
    if Name.Dest in first:
        del first.Dest
    first.A = action


def _annotation(subtype: str, **entries: object) -> Callable[[Pdf], None]:
    def add(pdf: Pdf) -> None:
        # Without an appearance it shows nothing, so that nothing else is spoilt.
        held = Dictionary(
            Type=Name.Annot, Subtype=Name(subtype), Rect=Array([200, 300, 210, 310]), **entries
        )
        pdf.pages[2].obj.Annots = Array([pdf.make_indirect(held)])

    return add


def _embedded(pdf: Pdf) -> None:
    pdf.attachments["notes.txt"] = b"notes"


def _link(**action: object) -> Callable[[Pdf], None]:
    return _annotation("/Link", A=Dictionary(**action), Border=Array([0, 0, 0]))


def _field(pdf: Pdf) -> None:
    _annotation("/Widget", FT=Name.Tx, T=String("a"))(pdf)
    pdf.Root.AcroForm = Dictionary(Fields=Array(list(pdf.pages[2].obj.Annots)))


def _standard_font(pdf: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    fonts = pdf.pages[2].obj.Resources.Font
    fonts[next(iter(fonts.keys()))] = font


def _small_picture(
    encode: Callable[[Pdf, object], pikepdf.Object], mode: str
) -> Callable[[Pdf], None]:
    def add(pdf: Pdf) -> None:
        page = pdf.pages[2]
        image = paper(20, mode=mode)
        name = page.add_resource(encode(pdf, image), Name.XObject)
        page.contents_add(f"q 40 0 0 50 300 300 cm {name} Do Q".encode(), prepend=False)

    return add


def _other_size(pdf: Pdf) -> None:
    pdf.pages[2].obj.MediaBox = Array([0, 0, 612, 793])


def _mark_at_the_top(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 0 rg 100 700 40 10 re f", prepend=False)


def _text_below_the_number(pdf: Pdf) -> None:
    page = pdf.pages[2]
    name = page.add_resource(embedded_font(pdf), Name.Font)
    words = f"BT {name} 9 Tf 1 0 0 1 540 21 Tm (Confidential words) Tj ET"
    page.contents_add(words.encode(), prepend=True)


def _box_around_the_number(pdf: Pdf) -> None:
    pdf.pages[2].contents_add(b"0.8 g 500 0 112 60 re f 0 g", prepend=True)


def _other_labels(pdf: Pdf) -> None:
    nums = Array([0, Dictionary(S=Name.D, P=String("LPD-00000"), St=2)])
    pdf.Root.PageLabels = Dictionary(Nums=nums)


def _without(key: str) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        del pdf.Root[key]

    return change


def _half_size(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.XYZ, 0, 792, 0.5])


def _no_index_link(pdf: Pdf) -> None:
    del pdf.pages[1].obj.Annots


TOLD = {
    Ground.DAMAGED: {"empty_file", "not_a_pdf", "truncated", "no_pages", "decompression_bomb"},
    Ground.ENCRYPTED: {"password_protected", "owner_password_only"},
    Ground.ACTIVE_CONTENT: {
        *("scripts_everywhere", "actions_that_reach_out"),
        *("external_stream", "page_of_another_file"),
    },
    Ground.ATTACHMENT: {"portfolio", "embedded_file", "file_attachment_annotation"},
    Ground.MEDIA: {"multimedia"},
    Ground.FORM_FIELD: {"xfa_dynamic", "form_without_appearances", "tagged_form_and_link"},
    Ground.ANNOTATION: {"markup_without_appearances"},
    Ground.OUTSIDE_LINK: {"links_in_and_out"},
    Ground.BLANK_PAGE: {"blank_page", "white_ground"},
    Ground.TOP_NOT_CLEAR: {"annotations_of_every_flag", "form_without_appearances"},
    Ground.NOT_SEARCHABLE: {"footer_upright", "coloured_ground"},
}
"""What is told of the engine's hazards, among other things."""

SPOILT: dict[str, tuple[Ground, Callable[[Pdf], None], int]] = {
    "a script at opening": (Ground.ACTIVE_CONTENT, _script, 0),
    "a script by name": (Ground.ACTIVE_CONTENT, _named_script, 0),
    "a program started by a page": (Ground.ACTIVE_CONTENT, _launch_on_page_3, 3),
    "a form sent by a bookmark": (Ground.ACTIVE_CONTENT, _submit_behind_a_bookmark, 0),
    "a link to another file": (Ground.ACTIVE_CONTENT, _link(S=Name.GoToR, F=String("b.pdf")), 3),
    "an embedded file": (Ground.ATTACHMENT, _embedded, 0),
    "a pinned file": (Ground.ATTACHMENT, _annotation("/FileAttachment"), 3),
    "a film": (Ground.MEDIA, _annotation("/RichMedia"), 3),
    "a field": (Ground.FORM_FIELD, _field, 3),
    "a note": (Ground.ANNOTATION, _annotation("/Text", F=2), 3),
    "a link out": (Ground.OUTSIDE_LINK, _link(S=Name.URI, URI=String("http://a.example")), 3),
    "a standard font": (Ground.UNEMBEDDED_FONT, _standard_font, 3),
    "JPEG 2000": (Ground.JPEG_2000, _small_picture(jpeg_2000, "L"), 3),
    "JBIG2": (Ground.JBIG2, _small_picture(jbig2, "1"), 3),
    "a page too high": (Ground.PAGE_SIZE, _other_size, 3),
    "a mark at the top": (Ground.TOP_NOT_CLEAR, _mark_at_the_top, 1),
    "text below the number": (Ground.STAMP_OVER_TEXT, _text_below_the_number, 3),
    "grey below the number": (Ground.STAMP_OVER_TEXT, _box_around_the_number, 3),
    "labels that begin later": (Ground.LABEL_DIFFERS, _other_labels, 1),
    "no opening view": (Ground.OPENING_VIEW, _without("/OpenAction"), 0),
    "another opening view": (Ground.OPENING_VIEW, _half_size, 0),
    "an index without links": (Ground.INDEX_NOT_LINKED, _no_index_link, 2),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_spoilt_is_found_with_its_page(name: str, tmp_path: Path) -> None:
    ground, change, page = SPOILT[name]
    found = objections(spoilt(filed(tmp_path), change))
    also = {Ground.INDEX_NOT_LINKED} if ground is Ground.LABEL_DIFFERS else set()
    assert set(found) - also == {ground}
    (objection,) = found[ground]
    assert (objection.pages[:1] or (0,)) == (page,)
    assert objection.severity is Severity.BLOCKING
    assert objection.words == f"Words for {ground.value}."
    assert objection.finding().code == ground.value
    if page == 3:
        assert objection.where == "1_Exhibits.pdf, LPD-000003"


def test_links_across_files_may_stand_where_the_court_allows_them(tmp_path: Path) -> None:
    path = spoilt(filed(tmp_path), _link(S=Name.GoToR, F=String("2_Exhibits.pdf")))
    other = filed(tmp_path, name="2_Exhibits.pdf")
    across = rules(links={"across": True, "source": "s"})
    assert set(objections(path, other, strict=across)) == {Ground.NOT_ONE_FILE}
    assert set(objections(path, strict=across)) == {Ground.OUTSIDE_LINK}


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_a_file_may_be_as_large_as_the_limit(over: int, tmp_path: Path) -> None:
    found = objections(of_size(filed(tmp_path), LIMIT + over))
    assert set(found) == ({Ground.TOO_LARGE} if over > 0 else set())
    if over > 0:
        (objection,) = found[Ground.TOO_LARGE]
        assert objection.told == "1,000,001 bytes; the limit is 1,000,000"


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_an_envelope_may_be_as_large_as_the_limit(over: int, tmp_path: Path) -> None:
    names = [f"{number}_Exhibits.pdf" for number in (1, 2, 3)]
    sizes = (LIMIT, LIMIT + over, 500_000)
    paths = [
        of_size(filed(tmp_path, name=name), size) for name, size in zip(names, sizes, strict=True)
    ]
    envelopes = ((names[0], names[1]), (names[2],))
    loose = rules(sizes={"document_bytes": 2 * LIMIT, "envelope_bytes": 2 * LIMIT, "source": "s"})
    found = objections(*paths, strict=loose, envelopes=envelopes)
    expected = {Ground.ENVELOPE_TOO_LARGE} if over > 0 else set()
    assert set(found) - {Ground.NOT_ONE_FILE} == expected
    together = objections(*paths, strict=loose)
    assert Ground.ENVELOPE_TOO_LARGE in together


def test_pages_that_show_and_say_nothing(tmp_path: Path) -> None:
    pages = [scan_page(paper()), scan_page(paper(), WORDS), scan_page(paper(marks=False))]
    found = objections(filed(tmp_path, pages))
    assert set(found) == {Ground.NOT_SEARCHABLE, Ground.BLANK_PAGE}
    assert [each.pages for each in found[Ground.NOT_SEARCHABLE]] == [(3,)]
    assert [each.pages for each in found[Ground.BLANK_PAGE]] == [(5,)]


def test_a_photograph_is_for_a_person_to_judge(tmp_path: Path) -> None:
    found = objections(filed(tmp_path, [scan_page(photograph(96))], scale=False))
    assert set(found) - {Ground.STAMP_OVER_TEXT} == {Ground.NOT_SEARCHABLE, Ground.LOW_RESOLUTION}
    for ground in (Ground.NOT_SEARCHABLE, Ground.LOW_RESOLUTION):
        assert [each.severity for each in found[ground]] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("dpi", "ground"),
    [
        (290, Ground.LOW_RESOLUTION),
        (300, None),
        (600, None),
        (620, Ground.HIGH_RESOLUTION),
    ],
)
def test_scans_are_measured_as_they_are_placed(
    dpi: int, ground: Ground | None, tmp_path: Path
) -> None:
    found = objections(filed(tmp_path, [scan_page(paper(dpi), WORDS)]))
    assert set(found) == ({ground} if ground else set())
    if ground:
        assert f"{dpi} dpi" in found[ground][0].told


def test_a_scan_inside_a_form_is_measured_as_it_is_placed(tmp_path: Path) -> None:
    def nested(pdf: Pdf) -> None:
        picture = flate(pdf, paper(150))
        form = pdf.make_stream(
            b"q 306 0 0 396 0 0 cm /Scan Do Q",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 306, 396]),
            Resources=Dictionary(XObject=Dictionary(Scan=picture)),
        )
        page = pdf.pages[2]
        name = page.add_resource(form, Name.XObject)
        page.contents_add(f"q 2 0 0 2 0 0 cm {name} Do Q".encode(), prepend=True)

    found = objections(spoilt(filed(tmp_path), nested))
    assert Ground.LOW_RESOLUTION in found
    assert "150 dpi" in found[Ground.LOW_RESOLUTION][0].told


def test_a_sheet_may_lie_across_but_text_may_not(tmp_path: Path) -> None:
    def across(pdf: Pdf) -> None:
        pdf.pages[2].obj.Rotate = 90

    path = spoilt(filed(tmp_path), across)
    assert Ground.PAGE_SIZE not in objections(path)
    free = rules(pages={"source": "s"})
    assert objections(path, strict=free)[Ground.PAGE_SIZE][0].pages == (3,)


def test_case_numbers(tmp_path: Path) -> None:
    other = "JX-999999"
    missing = filed(tmp_path, cover=text_page("Exhibits", top=500))
    assert set(objections(missing)) == {Ground.CASE_NUMBER_MISSING}
    wrong = filed(tmp_path, cover=text_page(f"Case No. {other}", top=500))
    found = objections(wrong, other_case_numbers=(other,))
    assert set(found) == {Ground.CASE_NUMBER_MISSING, Ground.CASE_NUMBER_WRONG}
    found = objections(wrong, case_pattern=r"JX-\d{6}")
    assert set(found) == {Ground.CASE_NUMBER_MISSING, Ground.CASE_NUMBER_WRONG}
    several = filed(tmp_path, [text_page(f"Report of case {other}")])
    found = objections(several, other_case_numbers=(other,))
    assert set(found) == {Ground.SEVERAL_CASES}
    assert found[Ground.SEVERAL_CASES][0].pages == (3,)
    assert found[Ground.SEVERAL_CASES][0].severity is Severity.BLOCKING
    longer = filed(tmp_path, cover=text_page(f"Case No. {CASE}7", top=500))
    assert Ground.CASE_NUMBER_MISSING in objections(longer)
    spaced = filed(tmp_path, cover=text_page("Case No. JX 400112", top=500))
    assert objections(spaced) == {}


def test_an_office_of_many_cases_is_looked_through_at_once(tmp_path: Path) -> None:
    others = tuple(f"JX-{number:06}" for number in range(100_000) if number != 42)
    path = filed(tmp_path, [text_page(f"See JX 099999, JX-000042, JX-0000431 and {CASE}")])
    found = objections(path, other_case_numbers=others)
    assert set(found) == {Ground.SEVERAL_CASES}
    assert found[Ground.SEVERAL_CASES][0].measured == (f"JX-099999 beside {CASE}",)
    assert found[Ground.SEVERAL_CASES][0].severity is Severity.WARNING


def test_an_identifier_is_found_and_never_printed_whole(tmp_path: Path) -> None:
    path = filed(tmp_path, [text_page("SSN 219-09-9123 of the person")])
    found = objections(path)
    assert set(found) == {Ground.IDENTIFIER}
    finding = found[Ground.IDENTIFIER][0].finding()
    assert "•••-••-••23" in finding.message
    assert "219" not in str(finding.as_json())
    assert objections(path, search=None) == {}
    left = look(Submission((path,), CASE), STRICT).not_looked_for
    assert [each.ground for each in left] == [Ground.IDENTIFIER]
    known = Search(SEARCH.rules, public=("219-09-9123",))
    assert objections(path, search=known) == {}


def test_encryption_also_without_a_password_to_open(tmp_path: Path) -> None:
    owner = pikepdf.Encryption(owner="secret", user="")
    path = spoilt(filed(tmp_path), lambda pdf: None, encryption=owner)
    assert set(objections(path)) == {Ground.ENCRYPTED}
    closed = pikepdf.Encryption(owner="secret", user="word")
    path = spoilt(filed(tmp_path), lambda pdf: None, encryption=closed)
    assert set(objections(path)) == {Ground.ENCRYPTED}


def test_damage(tmp_path: Path) -> None:
    path = filed(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(b"no PDF at all")
    assert set(objections(path)) == {Ground.DAMAGED}
    path.write_bytes(whole[: len(whole) // 2])
    assert Ground.DAMAGED in objections(path)


def test_a_file_that_states_another_count_of_pages_is_damaged(tmp_path: Path) -> None:
    with Pdf.open(filed(tmp_path)) as pdf:
        made = io.BytesIO()
        pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    whole = made.getvalue()
    assert whole.count(b"/Count 3") >= 1
    path = tmp_path / "1_Exhibits.pdf"
    path.write_bytes(whole.replace(b"/Count 3", b"/Count 7"))
    assert Ground.DAMAGED in objections(path)


def test_a_bookmark_that_leads_nowhere_and_none_at_all(tmp_path: Path) -> None:
    assert set(objections(spoilt(filed(tmp_path), _without("/Outlines")))) == {Ground.NO_BOOKMARKS}

    def lead_nowhere(pdf: Pdf) -> None:
        item = pdf.Root.Outlines.First
        for key in ("/A", "/Dest"):
            if key in item:
                del item[key]

    found = objections(spoilt(filed(tmp_path), lead_nowhere))
    assert set(found) == {Ground.NO_BOOKMARKS}
    assert "'Cover" in found[Ground.NO_BOOKMARKS][0].told


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("1_Exhibits & more.pdf", "it holds ' ' '&'"),
        ("1_A_name_that_is_much_too_long_.pdf", "35 characters; the limit is 30"),
        ("Exhibits.pdf", "it is not of the form {number}_{description}"),
        ("1_Exhibits.PDF.bin", "it does not end in .pdf"),
    ],
)
def test_names_that_the_court_refuses(name: str, words: str, tmp_path: Path) -> None:
    found = objections(filed(tmp_path, name=name))
    assert set(found) == {Ground.FILE_NAME}
    assert words in found[Ground.FILE_NAME][0].measured


def test_what_the_caller_tells_and_the_number_of_files(tmp_path: Path) -> None:
    one, two = filed(tmp_path), filed(tmp_path, name="2_Exhibits.pdf")
    found = objections(one, two, unsigned=("The attestation of Officer Example",))
    assert set(found) == {Ground.UNSIGNED, Ground.NOT_ONE_FILE}
    assert found[Ground.UNSIGNED][0].told == "The attestation of Officer Example"


def test_only_what_the_profile_lists_is_looked_for_and_weighed_as_it_says(tmp_path: Path) -> None:
    path = spoilt(filed(tmp_path), _script)
    lenient = rules(
        rejections=[
            {"ground": "active-content", "words": "W.", "weight": "doubtful", "source": "s"},
            {"ground": "damaged", "words": "W.", "source": "s"},
        ]
    )
    (finding,) = preflight(Submission((spoilt(path, _standard_font),)), lenient)
    assert (finding.code, finding.severity) == ("active-content", Severity.WARNING)


def test_pages_are_told_in_runs(tmp_path: Path) -> None:
    pages = [scan_page(paper()), scan_page(paper()), text_page("text"), scan_page(paper())]
    (objection,) = objections(filed(tmp_path, pages))[Ground.NOT_SEARCHABLE]
    assert objection.pages == (3, 4, 6)
    assert objection.where == "1_Exhibits.pdf, LPD-000003 – LPD-000004, LPD-000006"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.pdf"):
        preflight(Submission((tmp_path / "gone.pdf",)), load_court("ndil").filing)


@pytest.mark.parametrize("name", HAZARDS)
def test_no_file_is_too_strange_to_be_answered(name: str, tmp_path: Path) -> None:
    found = objections(HAZARDS[name](tmp_path))
    for ground, hazards in TOLD.items():
        if name in hazards:
            assert ground in found
    if name in TOLD[Ground.DAMAGED]:
        assert Ground.CASE_NUMBER_MISSING not in found


TURNED = {
    **{f"turned by {turn}": {"Rotate": turn} for turn in (0, 90, 180, 270)},
    "of two points a unit": {"UserUnit": 2, "MediaBox": [0, 0, 306, 396]},
    "turned, of half a point a unit": {
        "UserUnit": 0.5,
        "Rotate": 90,
        "MediaBox": [0, 0, 1224, 1584],
    },
    "cropped": {"MediaBox": [-100, -100, 800, 1000], "CropBox": [50, 50, 662, 842]},
    "cropped and turned": {
        "MediaBox": [-100, -100, 800, 1000],
        "CropBox": [50, 50, 662, 842],
        "Rotate": 270,
    },
}


@pytest.mark.parametrize("name", TURNED)
def test_numbers_are_found_on_pages_of_every_form(name: str, tmp_path: Path) -> None:
    def page(pdf: Pdf) -> None:
        text_page("Some words of the page", top=300)(pdf)
        for key, value in TURNED[name].items():
            pdf.pages[-1].obj[f"/{key}"] = Array(value) if isinstance(value, list) else value

    path = filed(tmp_path, [page])
    assert objections(path) == {}

    def shade(pdf: Pdf) -> None:
        pdf.pages[2].contents_add(b"q 0.7 g -200 -200 3000 3000 re f Q\n", prepend=True)

    found = objections(spoilt(path, shade))
    assert [each.told for each in found[Ground.STAMP_OVER_TEXT]] == ["the number stands over ink"]


@given(st.text(max_size=40))
def test_a_masked_text_keeps_its_length_and_at_most_two_signs(text: str) -> None:
    shown = masked(text)
    assert len(shown) == len(text)
    assert sum(map(str.isalnum, shown)) <= 2


@given(st.integers(1, 9999), st.from_regex(r"[A-Za-z0-9_]{1,20}", fullmatch=True))
def test_a_name_made_by_the_rule_has_its_form(number: int, words: str) -> None:
    form = name_form("{number}_{description}")
    assert form.fullmatch(f"{number}_{words}")
    assert not form.fullmatch(words.lstrip("0123456789") or "x")
