"""A court's set: within the limits by its final bytes, every page under its own number."""

from __future__ import annotations

import io
import json
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bagit
import img2pdf
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

import sample_cases
from referrals.court_sets.court_files import CourtFile, divided, file_name
from referrals.court_sets.court_set import CourtSet
from referrals.court_sets.recompressed import recompressed
from referrals.court_sets.redacted_volume import RedactedVolume, full_volume
from referrals.errors import BlockedError
from referrals.office import redactions as redaction_office
from referrals.office.court_sets import build_filing
from referrals.office.intake import take_in
from referrals.office.issue import PacketOrder, draft_packet
from referrals.office.office import Office
from referrals.office.requests import standing_request
from referrals.office.standing_packet import standing_packet
from referrals.packet import exhibits
from referrals.packet.assembly import parts_of
from referrals.packet.plan import PartKind, PlannedPart, PlannedVolume, VolumeKind
from referrals.profiles.court import Court
from referrals.profiles.filing_rules import Division, Names
from referrals.profiles.profile_files import SHIPPED, load_court
from referrals.progress import silent
from referrals.settings import Settings
from stamping.bates import front_label
from stamping.redaction import redaction

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
CASE = "JX-400112"
LIMIT = 1_000_000


def noise(path: Path, pages: int) -> Path:
    """Write a PDF of scanned pages of about 240,000 bytes each that no compression shrinks."""
    generator = random.Random(7)
    pictures = []
    for _ in range(pages):
        picture = Image.frombytes("L", (480, 620), generator.randbytes(480 * 620))
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=80)
        pictures.append(stream.getvalue())
    letter = img2pdf.get_fixed_dpi_layout_fun((57, 57))
    path.write_bytes(img2pdf.convert(pictures, layout_fun=letter))
    return path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with the sample case, whose first exhibit is a heavy scan of six pages."""
    with pytest.MonkeyPatch.context() as patch:
        # The same on every machine, and quicker.
        patch.setattr(redaction, "can_recognise", lambda: False)
        patch.setattr(exhibits, "can_recognise", lambda: False)
        made = Office(Settings(tmp_path_factory.mktemp("home")), silent)
        folder = tmp_path_factory.mktemp("case") / "felony"
        shutil.copytree(sample_cases.folder("felony_referral"), folder)
        noise(folder / "exhibits" / "case-report.pdf", 6)
        take_in(made, folder, who="clerk", now=NOW)
        yield made


@pytest.fixture(scope="module")
def made(office: Office) -> Iterator[RedactedVolume]:
    """The sample case's main volume, on Letter, nothing redacted."""
    with standing_packet(office, standing_request(office, CASE, "", NOW)) as drawn:
        yield full_volume(drawn, letter=True)


@pytest.fixture(scope="module")
def files(made: RedactedVolume) -> list[CourtFile]:
    """The volume in files of at most `LIMIT` bytes."""
    return divided(made, court(LIMIT))


@pytest.fixture(scope="module")
def one(made: RedactedVolume) -> CourtFile:
    """The volume in one file, the limit being far away."""
    (file,) = divided(made, court(10**9))
    return file


def court(limit: int | None, by: Division = Division.SIZE, *, across: bool = True) -> Court:
    """Return the trial court with another limit, and without redaction."""
    trial = load_court("efileil-trial")
    rules = trial.filing
    changed = rules.model_copy(
        update={
            "redaction_list": "",
            "sizes": rules.sizes.model_copy(update={"document_bytes": limit}),
            "dividing": rules.dividing.model_copy(update={"by": by}),
            "links": rules.links.model_copy(update={"across": across}),
        }
    )
    return trial.model_copy(update={"filing": changed})


def pages_of(files: list[CourtFile]) -> Iterator[tuple[str, Any]]:
    for file in files:
        reader = PdfReader(file.assembly.path)
        labels = reader.page_labels
        yield from zip(labels[file.front_pages :], reader.pages[file.front_pages :], strict=True)


def test_a_file_may_have_just_as_many_bytes_as_the_limit(
    made: RedactedVolume, one: CourtFile
) -> None:
    size = one.assembly.bytes
    assert size == one.assembly.path.stat().st_size
    assert len(divided(made, court(size + 1))) == 1
    assert [file.assembly.bytes for file in divided(made, court(size))] == [size]
    files = divided(made, court(size - 1))
    assert len(files) == 2
    assert all(file.assembly.bytes <= size - 1 for file in files)


def test_every_page_is_there_once_under_its_own_number(
    made: RedactedVolume, files: list[CourtFile]
) -> None:
    assert len(files) > 3
    assert all(file.assembly.path.stat().st_size <= LIMIT for file in files)
    full = PdfReader(made.full.path)
    found = list(pages_of(files))
    assert [label for label, _ in found] == full.page_labels
    for (label, page), whole in zip(found, full.pages, strict=True):
        assert page.extract_text() == whole.extract_text(), label
        assert label in page.extract_text()
        assert page.mediabox == whole.mediabox


def test_each_file_begins_with_its_cover_and_both_indices(files: list[CourtFile]) -> None:
    for file in files:
        reader = PdfReader(file.assembly.path)
        cover, own, *rest = [page.extract_text() for page in reader.pages[: file.front_pages]]
        assert f"{file.planned.number} of {len(files)}" in cover
        assert "RD JX-400112" in cover
        assert "2026-04-02 10:00 CDT" in cover
        assert "Index of this file" in own
        assert f"{file.planned.first} – {file.planned.last}" in own
        assert all(f"{n} of {len(files)}" in " ".join(rest) for n in range(1, len(files) + 1))
        front = [front_label(place + 1) for place in range(file.front_pages)]
        assert reader.page_labels[: file.front_pages] == front
        titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
        assert titles[:3] == ["Cover", "Index of this file", "Index of all files"]


def test_every_link_leads_to_the_number_that_it_names(files: list[CourtFile]) -> None:
    readers = {file.planned.name: PdfReader(file.assembly.path) for file in files}
    inside = across = 0
    for reader in readers.values():
        places = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)}  # type: ignore[union-attr]  # set on read
        for action, told in _actions(reader):
            if action["/S"] == "/GoToR":
                other = readers[action["/F"]["/UF"]]
                assert told == f"Go to {other.page_labels[action['/D'][0]]} in " + str(
                    action["/F"]["/UF"]
                )
                across += 1
            else:
                page = places[action["/D"].get_object()[0].idnum]
                assert told == f"Go to {reader.page_labels[page]}"
                inside += 1
    assert inside > 50
    assert across > 50


def _actions(reader: PdfReader) -> Iterator[tuple[Any, str]]:
    for page in reader.pages:
        for each in page.get("/Annots", []):
            link = each.get_object()
            if "/A" in link:
                yield link["/A"], str(link["/Contents"])


def test_no_link_leads_out_where_the_court_allows_none(made: RedactedVolume) -> None:
    files = divided(made, court(LIMIT, across=False))
    assert len(files) > 1
    actions = [
        action["/S"] for file in files for action, _ in _actions(PdfReader(file.assembly.path))
    ]
    assert set(actions) == {"/GoTo"}
    assert not any(file.assembly.notices for file in files)


def test_an_exhibit_larger_than_the_limit_is_divided_with_covers(files: list[CourtFile]) -> None:
    pieces = [
        (file, row.piece)
        for file in files
        for row in file.planned.rows
        if row.exhibit == "A" and row.piece is not None
    ]
    assert [piece for _, piece in pieces] == [(n, len(pieces)) for n in range(1, len(pieces) + 1)]
    assert len(pieces) > 1
    for file, (place, count) in pieces:
        cover = PdfReader(file.assembly.path).pages[0].extract_text()
        assert f"Exhibit A, part {place} of {count}" in " ".join(cover.split())
    others = [row for file in files for row in file.planned.rows if row.exhibit not in ("A", "")]
    assert not any(row.piece for row in others), "what fits a file of its own is not divided"


def test_a_written_part_larger_than_the_limit_is_divided_at_its_pages(
    made: RedactedVolume,
) -> None:
    run = next(run for run in made.runs if run.pages > 1 and not run.laid.part.exhibit)
    halves = [replace(run, last=1), replace(run, first=2)]
    first, second = (
        parts_of([half], made.burnt.written, made.burnt.exhibits)[0] for half in halves
    )
    start, end = made.burnt.written[run.laid.part.key].pages
    assert (first.pages, second.pages) == ((start, start), (start + 1, end))
    assert "pages" not in first.title
    assert f", pages 2 to {run.pages}  ·  {halves[1].range.labels[0]}" in second.title


def test_a_page_larger_than_the_limit_is_refused_with_its_number(made: RedactedVolume) -> None:
    with pytest.raises(BlockedError, match=r"The page LPD-\d{6} alone exceeds") as caught:
        divided(made, court(250_000))
    assert "--recompress" in caught.value.remedy


def test_pictures_are_made_smaller_on_request_and_listed(
    made: RedactedVolume, files: list[CourtFile]
) -> None:
    smaller, derivatives = recompressed(made.drawn, 30)
    heavy = next(each for each in derivatives if each.exhibit == "A")
    assert [picture.page for picture in heavy.pictures] == [1, 2, 3, 4, 5, 6]
    assert heavy.bytes_after < heavy.bytes_before / 2
    original = made.drawn.exhibits["A"]
    assert heavy.parent_sha256 == original.file.sha256
    assert heavy.sha256 != heavy.parent_sha256
    found = divided(full_volume(smaller, letter=True), court(LIMIT), derivatives)
    assert len(found) < len(files)
    cover = " ".join(PdfReader(found[0].assembly.path).pages[0].extract_text().split())
    assert "Ex. A" in cover
    assert "to at most 30 dots an inch" in cover
    assert [label for label, _ in pages_of(found)] == PdfReader(made.full.path).page_labels


def test_the_top_of_the_first_page_is_clear(one: CourtFile) -> None:
    with pdfium.PdfDocument(one.assembly.path) as document:
        picture = document[0].render(scale=1).to_pil().convert("L")
    assert picture.size == (612, 792)
    assert picture.crop((0, 0, 612, 144)).getextrema() == (255, 255)
    assert picture.getextrema()[0] < 255


def test_a_file_for_each_exhibit_named_by_whole_numbers(made: RedactedVolume) -> None:
    federal = load_court("ndil")
    rules = federal.filing.model_copy(update={"redaction_list": ""})
    files = divided(made, federal.model_copy(update={"filing": rules}))
    names = [file.planned.name for file in files]
    pattern = re.compile(r"([1-9]\d*)_[A-Za-z0-9_.-]+\.pdf")
    found = [pattern.fullmatch(name) for name in names]
    assert [int(match[1]) for match in found if match] == list(range(1, len(files) + 1))
    assert all(len(name) <= 200 for name in names)
    assert any("Exhibit_A_Case_report" in name for name in names)
    assert all(sum(row.exhibit != "" for row in file.planned.rows) <= 1 for file in files)


def test_a_bundle_is_one_file_whose_labels_are_the_printed_numbers(made: RedactedVolume) -> None:
    bundle = load_court("bundle-uk")
    rules = bundle.filing.model_copy(update={"redaction_list": ""})
    (file,) = divided(made, bundle.model_copy(update={"filing": rules}))
    assert file.front_pages == 0
    reader = PdfReader(file.assembly.path)
    for label, page in zip(reader.page_labels, reader.pages, strict=True):
        assert label in page.extract_text()


def test_a_confidential_part_stands_in_no_other_volume() -> None:
    part = PlannedPart("exhibit-H", PartKind.EXHIBIT, "Notes", exhibit="H", confidential=True)
    PlannedVolume(VolumeKind.CONFIDENTIAL, (part,))
    with pytest.raises(BlockedError, match="confidential and would stand in the main volume"):
        PlannedVolume(VolumeKind.MAIN, (part,))


def own_court(office: Office, redaction_list: str) -> None:
    """Give the office a trial court of its own, with another list and a small limit."""
    text = (SHIPPED / "efileil-trial.toml").read_text("utf-8")
    own = text.replace('"efileil-trial"', '"own-court"')
    own = own.replace('"rule-138"', f'"{redaction_list}"').replace("25_000_000", "1_500_000")
    office.settings.profiles.mkdir(exist_ok=True)
    (office.settings.profiles / "own-court.toml").write_text(own, "utf-8")


def file_it(office: Office, target: Path) -> CourtSet:
    return build_filing(
        office, CASE, "own-court", target, packet="", draft=True, who="clerk", now=NOW
    )


def test_what_was_redacted_is_in_no_file_of_the_set(office: Office, tmp_path: Path) -> None:
    own_court(office, "public")
    with pytest.raises(BlockedError, match="must be decided on first") as caught:
        file_it(office, tmp_path / "set")
    assert "--list public" in caught.value.remedy
    assert not (tmp_path / "set").exists()
    found = redaction_office.propose_redactions(office, CASE, "public", packet="", now=NOW)
    unread = [each.number for each in found.unread]
    named = [each.number for each in found.redactions if each.number not in set(unread)]
    for numbers, accepted in ((unread, False), (named, True)):
        redaction_office.decide_redactions(
            office,
            CASE,
            "public",
            numbers,
            accepted=accepted,
            everything=False,
            above=0.0,
            note="",
            who="supervisor",
            now=NOW,
        )
    filed = file_it(office, tmp_path / "set")
    assert len(filed.files) > 1
    assert filed.redactions > 20
    payload = tmp_path / "set" / "data"
    for path in payload.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert b"Nowak" not in content, path
        if path.suffix == ".pdf":
            text = " ".join(page.extract_text() for page in PdfReader(path).pages)
            assert "Nowak" not in text, path
    labels = [
        label
        for file in filed.files
        for label in PdfReader(payload / file.planned.name).page_labels[file.front_pages :]
    ]
    values = json.loads((payload / "filing.json").read_text("utf-8"))
    assert [labels[0], labels[-1]] == [values["bates"]["first"], values["bates"]["last"]]
    assert len(labels) == len(set(labels))
    barred = {line["number"] for line in values["redactions"]}
    assert barred <= set(labels)
    assert set(values["differing"]) <= barred


def test_a_set_is_delivered_whole_with_what_is_not_filed_apart(
    office: Office, tmp_path: Path
) -> None:
    own_court(office, "")
    target = tmp_path / "set"
    filed = file_it(office, target)
    assert filed.blocked, "the sample's photographs have no text"
    bagit.Bag(str(target)).validate()
    done = subprocess.run(
        ["sha256sum", "-c", "manifest-sha256.txt"], cwd=target, capture_output=True, check=False
    )
    assert done.returncode == 0
    values = json.loads((target / "data" / "filing.json").read_text("utf-8"))
    assert values["draft"]
    assert {each["file"] for each in values["files"]} == {
        path.name for path in (target / "data").glob("*.pdf")
    }
    aside = target / "data" / "not-for-filing"
    assert {path.name for path in aside.iterdir()} >= {"README.txt", "preflight.pdf"}
    codes = {each["code"] for each in json.loads((aside / "preflight.json").read_text("utf-8"))}
    assert {"not-searchable", "unsigned"} <= codes
    text = "".join(page.extract_text() for page in PdfReader(aside / "preflight.pdf").pages)
    assert "not for filing" in text
    delivered = [page for file in values["files"] for page in (file["first"], file["last"])]
    assert delivered[0] == values["bates"]["first"]
    assert delivered[-1] == values["bates"]["last"]
    whole = draft_packet(office, PacketOrder(CASE, tmp_path / "full"), NOW)
    confidential = next(each for each in whole.volumes if each["kind"] == "confidential")
    assert values["bates"]["last"] < confidential["first"]


def test_file_names_keep_the_rule(made: RedactedVolume) -> None:
    names = Names(pattern="{number}_{description}", longest=40, allowed="A-Za-z0-9_.-", source="x")
    words = {"case": "JX/1", "packet": "p", "count": 1, "first": "A-1", "last": "A-2"}
    assert file_name(names, number=3, description="Case report", **words) == "3_Case_report.pdf"
    long = file_name(names, number=3, description="Ein sehr langer Titel " * 9, **words)
    assert len(long) <= 40
    assert long.endswith(".pdf")


@given(
    description=st.text(max_size=300),
    pattern=st.sampled_from(["{number}_{description}", "{case}_{description}_{number}_of_{count}"]),
    longest=st.integers(40, 255),
)
def test_any_title_gives_a_name_that_the_court_takes(
    description: str, pattern: str, longest: int
) -> None:
    names = Names(pattern=pattern, longest=longest, allowed="A-Za-z0-9_-", source="x")
    words = {"case": "JX-400112", "packet": "p", "count": 12, "first": "A-1", "last": "A-2"}
    made = file_name(names, number=7, description=description, **words)
    assert re.fullmatch(r"[A-Za-z0-9_-]+\.pdf", made)
    assert len(made) <= longest
    assert "7" in made
