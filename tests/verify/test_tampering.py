"""Each way to tamper with a delivery, and what it takes to find it.

Every tampering is tried in three strengths: nothing covered up, the bag's lists
recomputed, every digest in `packet.json` recomputed too. Where a forger who
recomputes everything leaves no trace inside the delivery, the test says so, and
the digest told by another way finds it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from referrals.verify import delivery
from referrals.verify.bag_files import check_files
from referrals.verify.delivery import verify
from referrals.verify.volume import ReadVolume
from tests.verify.forgery import Forgery, Strength, draw, edit_json, rewrite

INDEX, EXHIBIT_A = 12, 15
"""Pages of the main volume, counted from one."""


@dataclass(frozen=True)
class Tampering:
    """A change, and the codes that must be among the findings when it is covered up wholly."""

    change: Callable[[Forgery], None]
    found: frozenset[str]


def swap_pages(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        page = pdf.pages[EXHIBIT_A - 1]
        del pdf.pages[EXHIBIT_A - 1]
        pdf.pages.insert(EXHIBIT_A, page)


def drop_page(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        del pdf.pages[EXHIBIT_A]


def duplicate_page(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        pdf.pages.insert(EXHIBIT_A, pdf.pages[EXHIBIT_A - 1])


def insert_page(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        pdf.add_blank_page(page_size=(612, 792))
        pdf.pages.insert(EXHIBIT_A, pdf.pages[-1])
        del pdf.pages[-1]


def restamp(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        page = pdf.pages[EXHIBIT_A]
        last = page.obj.Contents[-1]
        drawn = last.read_bytes()
        assert b"LPD-000016".hex().encode() in drawn
        last.write(drawn.replace(b"LPD-000016".hex().encode(), b"LPD-000061".hex().encode()))


def change_index_row(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        rewrite(pdf, pdf.pages[INDEX - 1], "LPD-000020", "LPD-000021")


def change_index_digest(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        rewrite(pdf, pdf.pages[INDEX - 1], "b94c01ba177e45e6", "b94c01ba177e45e7")


def change_cite(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        rewrite(pdf, pdf.pages[3], "LPD-000022", "LPD-000024")


def lead_link_astray(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        link = pdf.pages[INDEX - 1].obj.Annots[0]
        link.A.D = Array([pdf.pages[22].obj, Name.XYZ, 0, 792, None])
        link.Contents = String("Go to LPD-000023")


def change_printed_fact(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        page = pdf.pages[forgery.first_page("attestations") - 1]
        rewrite(pdf, page, "none were", "two were")


def change_attested_fact(forgery: Forgery) -> None:
    path = forgery.data / "attested-confidential" / "S1_facts.json"
    edit_json(path, lambda facts: facts["facts"].update(force=[]))


def strip_signature(forgery: Forgery) -> None:
    (forgery.data / "attested-confidential" / "S1_signed.pdf").unlink()
    with forgery.statement() as values:
        values["attestations"][0] |= {
            "state": "unsigned",
            "signed_on": "",
            "signed_sha256": "",
            "scan": "",
            "scan_sha256": "",
        }
        values["natives"] = [each for each in values["natives"] if "S1" not in each["path"]]


def put_foreign_signature(forgery: Forgery) -> None:
    folder = forgery.data / "attested-confidential"
    shutil.copyfile(folder / "S2_signed.pdf", folder / "S1_signed.pdf")


def replace_footage(forgery: Forgery) -> None:
    folder = forgery.data / "footage"
    shutil.copyfile(folder / "V2_bwc-1034.mp4", folder / "V1_bwc-1012.mp4")


def replace_native(forgery: Forgery) -> None:
    (forgery.data / "natives" / "Ex-L_vehicle-track.csv").write_text("time,place\n")


def hide_text(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        draw(pdf, pdf.pages[2], b"BT /Forged 9 Tf 3 Tr 72 400 Td (nothing was alleged) Tj ET")


def hide_white_text(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        draw(pdf, pdf.pages[2], b"BT 1 g /Forged 9 Tf 72 400 Td (nothing was alleged) Tj ET")


def cover_with_a_box(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        draw(pdf, pdf.pages[INDEX - 1], b"1 g 60 600 500 40 re f")


def put_a_note_over(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        note = Dictionary(
            Type=Name.Annot,
            Subtype=Name.FreeText,
            Rect=Array([60, 600, 560, 640]),
            DA=String("/Helv 9 Tf"),
            Contents=String("See Ex. Z"),
        )
        pdf.pages[INDEX - 1].obj.Annots.append(pdf.make_indirect(note))


def claim_a_signature_for_an_update(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), SigFlags=3)
    append_update(forgery)


def hide_a_layer(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("cover")))
        pdf.Root.OCProperties = Dictionary(
            OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer]))
        )


def add_script(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('x')"))


def add_outside_link(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        link = pdf.pages[INDEX - 1].obj.Annots[0]
        link.A = Dictionary(S=Name.URI, URI=String("https://example.org/"))


def append_update(forgery: Forgery) -> None:
    data = forgery.main.read_bytes()
    start = data.rindex(b"startxref")
    forgery.main.write_bytes(data + b"\n" + data[start:])


def move_certificate(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        pdf.pages.insert(0, pdf.pages[-1])
        del pdf.pages[-1]


def empty_archive(forgery: Forgery) -> None:
    shutil.copyfile(forgery.main, forgery.archive)


def change_archive_page(forgery: Forgery) -> None:
    with forgery.volume(forgery.archive) as pdf:
        rewrite(pdf, pdf.pages[INDEX - 1], "LPD-000020", "LPD-000021")


def change_archive_statement(forgery: Forgery) -> None:
    with forgery.volume(forgery.archive) as pdf:
        said = json.loads(pdf.attachments["packet-main.json"].get_file().read_bytes())
        pdf.attachments["packet-main.json"] = json.dumps(said | {"note": "agreed"}).encode()


def change_load_file(forgery: Forgery) -> None:
    path = forgery.data / f"{forgery.packet}.dat"
    path.write_bytes(path.read_bytes().replace(b"Case report", b"Case memoir"))


def change_page_list(forgery: Forgery) -> None:
    path = forgery.data / f"{forgery.packet}.opt"
    path.write_bytes(path.read_bytes().replace(b"LPD-000016", b"LPD-000099"))


TAMPERINGS = {
    each.__name__: Tampering(each, frozenset(codes.split()))
    for each, codes in (
        (swap_pages, "page-number"),
        (drop_page, "page-count page-number"),
        (duplicate_page, "page-count page-number"),
        (insert_page, "page-count page-number"),
        (restamp, "page-number"),
        (change_index_row, "index-row"),
        (change_index_digest, "index-row"),
        (change_cite, "cite-astray link-astray"),
        (lead_link_astray, "link-astray"),
        (change_printed_fact, "attested-text"),
        (change_attested_fact, "attestation-digest"),
        (strip_signature, "signature-stripped attestation-unsigned"),
        (put_foreign_signature, "signature-foreign"),
        (replace_footage, "hash-appendix"),
        (replace_native, "native-foreign"),
        (hide_text, "hidden-text"),
        (hide_white_text, "hidden-text"),
        (cover_with_a_box, "hidden-text"),
        (put_a_note_over, "page-marked"),
        (hide_a_layer, "active-content"),
        (add_script, "active-content"),
        (add_outside_link, "active-content link-astray"),
        (append_update, "file-appended"),
        (claim_a_signature_for_an_update, "file-appended"),
        (move_certificate, "page-number part-missing certificate"),
        (empty_archive, "archive-differs"),
        (change_archive_page, "archive-differs"),
        (change_archive_statement, "archive-differs"),
        (change_load_file, "load-file"),
        (change_page_list, "load-file"),
    )
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_change_that_is_not_covered_up_is_found(forgery: Forgery, name: str) -> None:
    TAMPERINGS[name].change(forgery)
    _, findings = check_files(forgery.folder, lambda amount: None)
    assert {finding.code for finding in findings} & {"file-changed", "file-missing"}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_change_is_found_when_every_digest_was_recomputed(forgery: Forgery, name: str) -> None:
    TAMPERINGS[name].change(forgery)
    forgery.cover_up(Strength.ALL)
    verdict = verify(forgery.folder)
    codes = {finding.code for finding in verdict.findings}
    assert TAMPERINGS[name].found <= codes
    assert "file-changed" not in codes, "the forger covered up what can be"
    assert not verdict.accepted
    assert verdict.exit_code == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("swap_pages", "page-moved"),
        ("restamp", "page-changed"),
        ("change_printed_fact", "page-changed"),
        ("replace_footage", "footage-changed"),
        ("strip_signature", "file-missing"),
        ("change_load_file", "load-file"),
    ],
)
def test_a_change_is_found_and_placed_when_the_lists_were_recomputed(
    forgery: Forgery, name: str, code: str
) -> None:
    TAMPERINGS[name].change(forgery)
    forgery.cover_up(Strength.LISTS)
    verdict = verify(forgery.folder)
    assert code in {finding.code for finding in verdict.findings}
    assert not verdict.accepted


def test_the_genuine_delivery_is_accepted(genuine: Path) -> None:
    verdict = verify(genuine)
    assert verdict.accepted
    assert not verdict.anchored
    assert verdict.exit_code == 0
    assert verify(genuine, expect=verdict.digest).anchored
    grouped = " ".join(verdict.digest[at : at + 8] for at in range(0, 32, 8))
    assert verify(genuine, expect=grouped.upper()).anchored


def test_a_swap_is_told_as_one_when_only_the_lists_were_recomputed(forgery: Forgery) -> None:
    swap_pages(forgery)
    forgery.cover_up(Strength.LISTS)
    found = {each.code: each for each in verify(forgery.folder).findings}
    assert found["page-moved"].message.endswith(
        "page 15 is the one that belongs on 16, page 16 is the one that belongs on 15."
    )


@pytest.fixture(scope="module")
def flippable(genuine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the delivery whose bits are flipped and flipped back."""
    folder = tmp_path_factory.mktemp("flipped") / genuine.name
    shutil.copytree(genuine, folder)
    return folder


@given(data=st.data())
@settings(max_examples=150)
def test_one_flipped_bit_in_any_file_is_found(flippable: Path, data: st.DataObject) -> None:
    files = sorted(path for path in flippable.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files))
    place = data.draw(st.integers(0, path.stat().st_size - 1))
    bit = data.draw(st.integers(0, 7))
    before = path.read_bytes()
    after = bytearray(before)
    after[place] ^= 1 << bit
    path.write_bytes(after)
    try:
        _, findings = check_files(flippable, lambda amount: None)
    finally:
        path.write_bytes(before)
    assert findings


def test_an_edited_list_alone_is_found(forgery: Forgery) -> None:
    path = forgery.folder / "manifest-sha256.txt"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]))
    codes = {finding.code for finding in verify(forgery.folder).findings}
    assert {"file-changed", "file-added"} <= codes


@pytest.mark.parametrize("where", ["data/natives/note.txt", "note.txt", "data/.hidden"])
def test_an_added_file_is_found(forgery: Forgery, where: str) -> None:
    (forgery.folder / where).write_text("added\n")
    codes = {finding.code for finding in verify(forgery.folder).findings}
    assert "file-added" in codes
    forgery.cover_up(Strength.LISTS)
    codes = {finding.code for finding in verify(forgery.folder).findings}
    assert codes & {"file-unstated", "check-page"}


def test_a_link_in_the_folder_is_no_file(forgery: Forgery) -> None:
    (forgery.data / "natives" / "link").symlink_to("/etc/hostname")
    codes = {finding.code for finding in verify(forgery.folder).findings}
    assert "file-strange" in codes


def agreed_lie(forgery: Forgery) -> None:
    """Change what was attested, its digest wherever it is printed, and every list."""
    change_attested_fact(forgery)
    path = forgery.data / "attested-confidential" / "S1_facts.json"
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    with forgery.statement() as values:
        old = values["attestations"][0]["sha256"]
    for written in (forgery.main, forgery.archive):
        with forgery.volume(written) as pdf:
            page = pdf.pages[forgery.first_page("attestations") - 1]
            for at in range(0, 64, 16):
                rewrite(pdf, page, old[at : at + 16], new[at : at + 16])


def added_everywhere(forgery: Forgery) -> None:
    """Add a file that every list knows of."""
    (forgery.data / "natives" / "note.txt").write_text("added\n")


@pytest.mark.parametrize("change", [agreed_lie, added_everywhere])
def test_a_lie_that_agrees_with_itself_needs_the_digest_told_by_another_way(
    forgery: Forgery, genuine: Path, change: Callable[[Forgery], None]
) -> None:
    told = verify(genuine).digest
    change(forgery)
    forgery.cover_up(Strength.ALL)
    alone = verify(forgery.folder)
    assert alone.accepted
    assert not alone.anchored
    assert "not-anchored" in {finding.code for finding in alone.findings}
    held = verify(forgery.folder, expect=told)
    assert not held.accepted
    assert held.exit_code == 3
    assert "delivery-digest" in {finding.code for finding in held.findings}


def test_text_behind_a_picture_is_found(forgery: Forgery) -> None:
    with forgery.volume() as pdf:
        page = pdf.pages[2]
        image = pikepdf.Stream(pdf, b"\xff" * 3)
        image.stream_dict = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=1,
            Height=1,
            BitsPerComponent=8,
            ColorSpace=Name.DeviceRGB,
        )
        page.obj.Resources.XObject = Dictionary(Cover=pdf.make_indirect(image))
        draw(
            pdf,
            page,
            b"BT /Forged 9 Tf 72 400 Td (nothing was alleged) Tj ET "
            b"q 300 0 0 40 60 390 cm /Cover Do Q",
        )
    forgery.cover_up(Strength.ALL)
    found = [each for each in verify(forgery.folder).findings if each.code == "hidden-text"]
    assert [each.message for each in found] == ["The page holds text behind a picture."]


def _draw_number(forgery: Forgery, page: int, number: bytes) -> None:
    content = b"BT 0 g /Forged 9 Tf 300 20 Td (" + number + b") Tj ET"
    for written in (forgery.main, forgery.archive):
        with forgery.volume(written) as pdf:
            draw(pdf, pdf.pages[page - 1], content)
    forgery.cover_up(Strength.ALL)


def test_a_second_number_is_refused_on_a_written_page(forgery: Forgery) -> None:
    _draw_number(forgery, INDEX, b"LPD-000099")
    assert "page-number" in {finding.code for finding in verify(forgery.folder).findings}


def test_an_exhibit_may_bear_a_number_of_an_earlier_production(forgery: Forgery) -> None:
    _draw_number(forgery, EXHIBIT_A, b"LPD-000099")
    verdict = verify(forgery.folder)
    assert verdict.accepted
    assert "page-number-twice" in {finding.code for finding in verdict.findings}


@pytest.mark.parametrize(("page", "accepted"), [(INDEX, False), (EXHIBIT_A, True)])
def test_a_page_that_cannot_be_read_is_said(
    forgery: Forgery, page: int, accepted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = delivery.read_volume

    def breaking(path: Path) -> ReadVolume:
        read = known(path)
        if path != forgery.main:
            return read
        pages = list(read.pages)
        pages[page - 1] = replace(pages[page - 1], words=(), trouble="KeyError: '/X'")
        return replace(read, pages=tuple(pages))

    monkeypatch.setattr(delivery, "read_volume", breaking)
    verdict = verify(forgery.folder)
    assert verdict.accepted is accepted
    code = "page-unreadable" if accepted else "page-number"
    assert code in {finding.code for finding in verdict.findings}


def test_a_path_that_leads_out_of_the_delivery_is_not_followed(forgery: Forgery) -> None:
    with forgery.statement() as values:
        values["attestations"][0]["path"] = "/dev/zero"
        values["volumes"][1]["file"] = "../../bagit.txt"
    codes = {finding.code for finding in verify(forgery.folder).findings}
    assert {"attested-facts-changed", "file-missing"} <= codes


def test_text_hidden_in_an_exhibit_is_told_and_not_refused(forgery: Forgery) -> None:
    for written in (forgery.main, forgery.archive):
        with forgery.volume(written) as pdf:
            for page in pdf.pages[EXHIBIT_A - 1 : EXHIBIT_A + 1]:
                draw(pdf, page, b"BT /Forged 9 Tf 3 Tr 72 400 Td (seen by nobody) Tj ET")
    forgery.cover_up(Strength.ALL)
    verdict = verify(forgery.folder)
    assert verdict.accepted
    (found,) = [each for each in verdict.findings if each.code == "hidden-text"]
    assert found.where == "Ex. A"
    assert found.message.endswith("no picture there: LPD-000015, LPD-000016.")
