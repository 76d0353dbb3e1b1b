"""The delivered packet, read with pypdf and poppler and not with its writer."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bagit
import docx
import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from tests.acceptance.conftest import Built

FELONY = "JX-400112-1"
SUPPLEMENT = "JX-400230-2"
LABEL = re.compile(r"LPD-\d{6}")


@pytest.fixture(scope="module", params=[FELONY, "JX-400230-1", SUPPLEMENT])
def packet(request: pytest.FixtureRequest) -> str:
    """The name of an issued sample packet."""
    return str(request.param)


@pytest.fixture(scope="module")
def values(built: Built, packet: str) -> Any:
    """What packet.json says of it."""
    return built.values(packet)


@pytest.fixture(scope="module")
def reader(built: Built, packet: str) -> PdfReader:
    """Its main volume."""
    return PdfReader(built.main(packet))


def test_the_delivery_passes_stock_tools(built: Built, packet: str) -> None:
    folder = built.folder(packet)
    bagit.Bag(str(folder)).validate()
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        checked = subprocess.run(
            ["sha256sum", "--strict", "--quiet", "-c", manifest], cwd=folder, check=False
        )
        assert checked.returncode == 0
    for volume in (folder / "data").glob("*.pdf"):
        checked = subprocess.run(["qpdf", "--check", volume], capture_output=True, check=False)
        assert checked.returncode == 0, checked.stderr


def test_every_page_bears_its_number_and_its_label(built: Built, packet: str, values: Any) -> None:
    for volume in values["volumes"]:
        path = built.folder(packet) / "data" / volume["file"]
        reader = PdfReader(path)
        first = int(volume["first"].rpartition("-")[2])
        expected = [f"LPD-{first + place:06d}" for place in range(len(reader.pages))]
        assert len(reader.pages) == volume["pages"]
        assert reader.page_labels == expected
        assert expected[-1] == volume["last"]
        for number, label in enumerate(expected, start=1):
            width, height = _size(path, number)
            stamped = _words_at(path, number, (width - 200, height - 40, width, height))
            assert stamped == label


def test_parts_follow_each_other_without_a_gap(values: Any) -> None:
    numbers = []
    for volume in values["volumes"]:
        for part in volume["parts"]:
            first, last = (int(part[key].rpartition("-")[2]) for key in ("first", "last"))
            assert last - first + 1 == part["pages"]
            numbers += range(first, last + 1)
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_sections_stand_in_the_fixed_order_and_the_certificate_is_last(values: Any) -> None:
    main, confidential = values["volumes"]
    sections = [part["section"] for part in main["parts"] if "section" in part]
    assert sections == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]
    certificate = main["parts"][-1]
    assert certificate["key"] == "certificate"
    assert certificate["pages"] == 1
    assert confidential["parts"][0]["section"] == 22


def test_the_certificate_states_the_range(reader: PdfReader, values: Any) -> None:
    text = " ".join(reader.pages[-1].extract_text().split())
    assert values["bates"]["first"] in text
    assert values["bates"]["last"] in text


def test_every_link_leads_to_the_page_whose_number_it_prints(
    built: Built, packet: str, reader: PdfReader
) -> None:
    path = built.main(packet)
    pages = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages, start=1)}
    followed = 0
    for number, link, target in _links(reader, pages):
        assert target is not None, f"page {number} has a link that leads nowhere"
        printed = LABEL.findall(_words_at(path, number, _from_top(reader, number, link)))
        if printed:
            followed += 1
            assert printed == [reader.page_labels[target - 1]]
    if packet == FELONY:
        assert followed >= 10


def test_no_link_leaves_the_file(reader: PdfReader) -> None:
    for page in reader.pages:
        for annotation in page.get("/Annots") or []:
            action = annotation.get_object().get("/A")
            assert action is None or action.get_object()["/S"] == "/GoTo"


def test_the_outline_names_every_part_with_its_number(reader: PdfReader, values: Any) -> None:
    entries = dict(_outline(reader, reader.outline))
    for part in values["volumes"][0]["parts"]:
        if "section" in part:
            title = f"{part['section']}  {part['title']}  ·  {part['first']}"
        elif part["kind"] == "slip_sheet":
            title = f"Exhibit {part['exhibit']}  {part['title']}  ·  {part['first']}"
        else:
            continue
        assert entries[title] == part["first_page"]


def test_the_index_agrees_with_the_exhibits(reader: PdfReader, values: Any) -> None:
    parts = values["volumes"][0]["parts"]
    index = next(part for part in parts if part["key"] == "index")
    pages = reader.pages[index["first_page"] - 1 : index["first_page"] - 1 + index["pages"]]
    text = "".join("".join(page.extract_text().split()) for page in pages)
    for volume in values["volumes"]:
        for part in volume["parts"]:
            if part["key"].startswith("exhibit-"):
                assert part["first"] in text
                assert part["last"] in text
                assert part["source"]["sha256"] in text


def test_the_hash_appendix_identifies_each_recording_and_is_certified_once(
    reader: PdfReader, values: Any, packet: str
) -> None:
    part = next(each for each in values["volumes"][0]["parts"] if each["key"] == "hashes")
    first = part["first_page"] - 1
    pages = [page.extract_text() for page in reader.pages[first : first + part["pages"]]]
    text = " ".join(" ".join(pages).split())
    assert "BLANK" not in text
    footage = [each for each in values["natives"] if each["belongs_to"].startswith("footage:")]
    for native in footage:
        assert native["sha256"] in text.replace(" ", "")
    if packet == FELONY:
        assert len(footage) == 4
        # The words speak of what is stated above, so they stand after it, with a line to sign.
        assert text.count("The undersigned certifies") == 1
        before, after = text.split("The undersigned certifies")
        assert "Qualification" in before
        assert before.index("Retention") < before.index("Certified by")
        assert "Signature Date" in after


def test_the_file_opens_at_full_size_with_its_outline(reader: PdfReader) -> None:
    root = reader.root_object
    assert root["/PageMode"] == "/UseOutlines"
    assert root["/OpenAction"][1:][0] == "/XYZ"
    assert root["/OpenAction"][4] == 1
    assert root["/Lang"] == "en-US"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_natives_are_the_evidence_byte_for_byte(built: Built, packet: str, values: Any) -> None:
    for native in values["natives"]:
        content = (built.folder(packet) / "data" / native["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == native["sha256"]
    if packet == FELONY:
        kinds = {native["belongs_to"].partition(":")[0] for native in values["natives"]}
        assert kinds == {"ex", "footage", "attestation"}


def test_contact_data_stands_in_the_confidential_volume_only(built: Built) -> None:
    from ruamel.yaml import YAML

    import sample_cases

    record = YAML(typ="safe").load(sample_cases.folder("felony_referral") / "case.yaml")
    private = [
        str(person[key])
        for person in record["persons"]
        for key in ("phone", "address")
        if key in person
    ]
    assert private
    main = _text(built.main(FELONY))
    confidential = _text(built.folder(FELONY) / "data" / f"{FELONY}_Confidential.pdf")
    for text in private:
        assert text in " ".join(confidential.split())
        assert text not in " ".join(main.split())


def test_the_memo_for_word_says_what_the_packet_says(
    built: Built, packet: str, values: Any
) -> None:
    path = built.folder(packet) / "data" / f"{packet}_Transmittal_memo.docx"
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert packet in cells
    assert all(
        part["first"] in cells
        for volume in values["volumes"]
        for part in volume["parts"]
        if "section" in part
    )


def test_a_supplement_continues_the_numbers_and_holds_only_what_is_new(built: Built) -> None:
    first, second = built.values("JX-400230-1"), built.values(SUPPLEMENT)
    exhibits = [
        {part.get("exhibit") for volume in each["volumes"] for part in volume["parts"]} - {None}
        for each in (first, second)
    ]
    assert exhibits[1]
    assert not exhibits[0] & exhibits[1]
    ledger = built.clerk.json("show", "JX-400230")["Packets"]
    assert [line["Packet"] for line in ledger] == ["JX-400230-1", SUPPLEMENT]
    last = int(first["bates"]["last"].rpartition("-")[2])
    assert int(second["bates"]["first"].rpartition("-")[2]) == last + 1


def test_a_number_is_found_with_its_source(built: Built) -> None:
    part = next(
        part for part in built.values(FELONY)["volumes"][0]["parts"] if part["key"] == "exhibit-A"
    )
    found = built.clerk.json("find", part["last"])
    assert found["packet"] == FELONY
    assert Path(found["delivery"]) == built.folder(FELONY)
    assert found["exhibit"] == "A"
    assert found["page_of_part"] == part["pages"]
    assert found["sha256"] == part["source"]["sha256"]
    assert built.clerk.run("find", "LPD-999999").returncode == 1
    assert built.clerk.run("find", "XYZ-1").returncode == 2


def test_the_issued_packet_is_built_again_byte_for_byte(built: Built, tmp_path: Path) -> None:
    again = tmp_path / "again"
    done = built.clerk.run(
        "packet",
        "JX-400112",
        "--again",
        "-o",
        again,
        TZ="Asia/Tokyo",
        LC_ALL="C",
        PYTHONHASHSEED="7",
    )
    assert done.returncode == 0, done.stderr
    tags = (built.folder(FELONY) / "tagmanifest-sha256.txt").read_bytes()
    assert f"by another way: {hashlib.sha256(tags).hexdigest()}" in done.stdout
    for path in built.folder(FELONY).rglob("*"):
        if path.is_file():
            other = again / path.relative_to(built.folder(FELONY))
            assert path.read_bytes() == other.read_bytes(), path.name


def test_a_misdemeanor_is_refused_without_an_override(built: Built, tmp_path: Path) -> None:
    done = built.clerk.run("packet", "JX-400317", "-o", tmp_path / "no")
    assert done.returncode == 1
    assert "not-a-felony" in done.stderr
    assert not (tmp_path / "no").exists()


def test_check_tells_what_an_incomplete_record_lacks(built: Built) -> None:
    done = built.clerk.run("check", "JX-400408")
    assert done.returncode == 1
    assert "attestation-unsigned" in done.stdout
    report = built.clerk.json("check", "JX-400408")
    unmet = {duty["key"] for duty in report["duties"] if duty["state"] == "not met"}
    assert len(unmet) >= 3
    blocking = [each for each in report["findings"] if each["severity"] == "blocking"]
    assert all(each["remedy"] and each["where"] for each in blocking)


def _links(
    reader: PdfReader, pages: dict[int, int]
) -> Iterator[tuple[int, list[float], int | None]]:
    named = reader.named_destinations
    for number, page in enumerate(reader.pages, start=1):
        for annotation in page.get("/Annots") or []:
            link = annotation.get_object()
            if link.get("/Subtype") != "/Link":
                continue
            destination = link.get("/Dest")
            if destination is None and "/A" in link:
                destination = link["/A"].get_object().get("/D")
            if isinstance(destination, str):
                destination = named[destination].dest_array
            target = destination[0] if destination else None
            found = pages.get(target.idnum) if isinstance(target, IndirectObject) else None
            yield number, [float(edge) for edge in link["/Rect"]], found


def _outline(reader: PdfReader, entries: Any) -> Iterator[tuple[str, int]]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _outline(reader, entry)
        else:
            yield entry.title, reader.get_destination_page_number(entry) + 1


def _size(path: Path, number: int) -> tuple[float, float]:
    page = _pages(path)[number - 1]
    box = page.cropbox
    unit = float(page.get("/UserUnit", 1))
    width, height = float(box.width) * unit, float(box.height) * unit
    return (height, width) if page.rotation % 180 else (width, height)


def _pages(path: Path) -> Any:
    if path not in _READERS:
        _READERS[path] = PdfReader(path)
    return _READERS[path].pages


_READERS: dict[Path, PdfReader] = {}


def _from_top(reader: PdfReader, number: int, rect: list[float]) -> tuple[float, ...]:
    height = float(reader.pages[number - 1].cropbox.height)
    left, right = sorted((rect[0], rect[2]))
    bottom, top = sorted((rect[1], rect[3]))
    return left, height - top, right, height - bottom


def _words_at(path: Path, number: int, box: tuple[float, ...]) -> str:
    left, top, right, bottom = box
    return subprocess.run(
        [
            *("pdftotext", "-f", str(number), "-l", str(number)),
            *("-x", str(int(left)), "-y", str(int(top))),
            *("-W", str(round(right - left) + 1), "-H", str(round(bottom - top) + 1)),
            *(str(path), "-"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def _text(path: Path) -> str:
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    return done.stdout


def test_the_archive_holds_the_originals_of_the_main_volume_only(
    built: Built, packet: str, values: Any
) -> None:
    data = built.folder(packet) / "data"
    reader = PdfReader(data / values["archive"]["file"])
    inside = {name: contents[0] for name, contents in reader.attachments.items()}
    own = json.loads(inside.pop("packet-main.json"))
    expected = [
        native["path"] for native in values["natives"] if native["path"].startswith("natives/")
    ]
    assert inside == {Path(path).name: (data / path).read_bytes() for path in expected}
    assert values["archive"]["holds"] == expected
    assert own["volumes"] == values["volumes"][:1]
    assert [native["path"] for native in own["natives"]] == expected
    for part in values["volumes"][1]["parts"]:
        assert part["key"] == "confidential" or part["title"] not in json.dumps(own)
    written = {".docx", ".eml", ".txt"}
    for entry in reader.trailer["/Root"]["/AF"]:
        suffix = Path(entry.get_object()["/UF"]).suffix
        known = {".json": "/Data"} | dict.fromkeys(written, "/Source")
        assert entry.get_object()["/AFRelationship"] == known.get(suffix, "/Supplement")


def test_the_page_on_archiving_says_what_the_metadata_claim(
    built: Built, packet: str, reader: PdfReader, values: Any
) -> None:
    main = values["volumes"][0]
    part = next(part for part in main["parts"] if part["key"] == "accessibility")
    first = part["first_page"] - 1
    pages = reader.pages[first : first + part["pages"]]
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    claims = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert main["conformance"] == "pdf/a-2a+pdf/ua-1"
    assert f"Main volume {main['first']} – {main['last']}. Claims PDF/A-2a and PDF/UA-1." in text
    for volume in values["volumes"]:
        for exhibit in (each for each in volume["parts"] if each["key"].startswith("exhibit-")):
            numbers = dict.fromkeys((exhibit["first"], exhibit["last"]))
            row = [exhibit["exhibit"], " – ".join(numbers), exhibit["reading"], exhibit["text"]]
            assert " ".join(row) in text
    assert "<pdfaid:part>2</pdfaid:part>" in claims
    assert "<pdfuaid:part>1</pdfuaid:part>" in claims
