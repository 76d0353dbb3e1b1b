"""A pin-cite written in a memo stays right after splitting, redaction and supplement."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pypdfium2 as pdfium
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

import cli
from referrals.delivered.cite_report import CheckedCite, CiteOutcome, CiteReport
from referrals.delivered.delivered_cites import check_document
from referrals.delivered.delivered_numbers import delivered_numbers
from referrals.delivered.set_differences import differ_by_bars
from referrals.errors import InputError
from referrals.findings import Severity
from referrals.office import redactions as redaction_office
from referrals.office.court_sets import build_filing
from referrals.office.office import Office
from referrals.office.samples import build
from referrals.packet import exhibits
from referrals.profiles.profile_files import SHIPPED
from referrals.progress import silent
from referrals.settings import Settings
from stamping.redaction import redaction

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
CASE, FIRST, LIST = "JX-400230", "JX-400230-1", "public"


@dataclass(frozen=True)
class Deliveries:
    """A packet in full, redacted, and redacted and divided for a court; and its supplement."""

    full: Path
    redacted: Path
    court: Path
    supplement: Path

    def stated(self, folder: Path) -> list[dict[str, Any]]:
        """Return the volumes of a packet, as it states them."""
        return json.loads((folder / "data" / "packet.json").read_text("utf-8"))["volumes"]

    @property
    def main(self) -> dict[str, Any]:
        return self.stated(self.full)[0]

    def first(self, key: str) -> str:
        """Return the first number of a part of the packet."""
        return next(each["first"] for each in self.main["parts"] if each["key"] == key)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deliveries]:
    """A sample case with its supplement, both issued; of the first also the two other forms."""
    with pytest.MonkeyPatch.context() as patch:
        # The same on every machine, and quicker.
        patch.setattr(redaction, "can_recognise", lambda: False)
        patch.setattr(exhibits, "can_recognise", lambda: False)
        office = Office(Settings(tmp_path_factory.mktemp("home")), silent)
        place = tmp_path_factory.mktemp("out")
        issued = [each for _, _, each in build(["later_supplement"], place, office) if each]
        found = redaction_office.propose_redactions(office, CASE, LIST, packet=FIRST, now=NOW)
        decide(office, [each.number for each in found.unread], accepted=False)
        decide(office, [], accepted=True)
        redaction_office.build_redacted(
            office, CASE, LIST, place / "redacted", packet=FIRST, who="clerk", now=NOW
        )
        # A court of our own: the same list, and a file for each exhibit of so small a packet.
        trial = (SHIPPED / "efileil-trial.toml").read_text("utf-8")
        own = trial.replace('"efileil-trial"', '"small"').replace('by = "size"', 'by = "exhibit"')
        own = own.replace('"rule-138"', f'"{LIST}"')
        office.settings.profiles.mkdir(parents=True, exist_ok=True)
        (office.settings.profiles / "small.toml").write_text(own, "utf-8")
        court = build_filing(
            office,
            CASE,
            "small",
            place / "court",
            packet=FIRST,
            draft=True,
            who="clerk",
            now=NOW,
        )
        yield Deliveries(issued[0], place / "redacted", court.folder, issued[1])


def decide(office: Office, numbers: list[int], *, accepted: bool) -> None:
    if not numbers and not accepted:
        return
    redaction_office.decide_redactions(
        office,
        CASE,
        LIST,
        numbers,
        accepted=accepted,
        everything=not numbers,
        above=0.5,
        note="",
        who="supervisor",
        now=NOW,
    )


def memo(path: Path, *paragraphs: str) -> Path:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(path))
    return path


def checked(report: CiteReport, label: str) -> CheckedCite:
    return next(each for each in report.cites if each.cite.label == label)


def codes(each: CheckedCite) -> set[str]:
    return {finding.code for finding in each.findings}


def printed(folder: Path, file: str, page: int) -> str:
    """Return the number printed at the foot of a page, read by another library."""
    return stamps(folder / "data" / file)[page - 1]


@functools.cache
def stamps(path: Path) -> list[str]:
    texts = [page.extract_text() for page in PdfReader(path).pages]
    return [["", *re.findall(r"LPD-\d{6}", text)][-1] for text in texts]


def memo_of(path: Path, parts: list[dict[str, Any]]) -> Path:
    """Write a memo that cites the first page and the whole of every part."""
    lines = []
    for part in parts:
        letter = part.get("exhibit")
        lines.append(f"Ex. {letter}, {part['first']}" if letter else part["first"])
        lines.append(f"{part['first']}–{part['last']}")
    return memo(path, *lines)


def test_every_cite_of_a_packet_leads_to_the_page_that_bears_its_number(
    made: Deliveries, tmp_path: Path
) -> None:
    path = memo_of(tmp_path / "memo.docx", made.main["parts"])
    # A redacted set says nothing of its parts: the full packet beside it does.
    beside = {
        made.full: [made.full],
        made.redacted: [made.redacted, made.full],
        made.court: [made.court],
        made.supplement: [made.full, made.supplement],
    }
    for folder, folders in beside.items():
        report = check_document(path, folders)
        assert {each.outcome for each in report.cites} == {CiteOutcome.RESOLVES}
        assert not report.blocked
        holding = made.full if folder == made.supplement else folder
        name = report.deliveries[0].name
        for each in report.cites:
            own = [pages for pages in each.pages if pages.delivery == name]
            assert own
            for pages in own:
                assert printed(holding, pages.file, pages.first_page) == pages.first
                assert printed(holding, pages.file, pages.last_page) == pages.last


def test_cites_of_a_supplement_resolve_in_it_alone(made: Deliveries, tmp_path: Path) -> None:
    parts = made.stated(made.supplement)[0]["parts"]
    path = memo_of(tmp_path / "memo.docx", parts)
    assert {each.outcome for each in check_document(path, [made.full]).cites} == {
        CiteOutcome.NOT_DELIVERED
    }
    report = check_document(path, [made.full, made.supplement])
    assert {each.outcome for each in report.cites} == {CiteOutcome.RESOLVES}
    for each in report.cites:
        (pages,) = each.pages
        assert printed(made.supplement, pages.file, pages.first_page) == pages.first


def test_the_court_set_is_really_divided(made: Deliveries) -> None:
    held = delivered_numbers(made.court)
    assert len(held.files) > 2
    assert all(file.front_pages for file in held.files)
    assert [run.labels for run in held.ranges] == [(made.main["first"], made.main["last"])]


def test_a_redacted_page_is_told(made: Deliveries, tmp_path: Path) -> None:
    log = json.loads((made.redacted / "data" / "redaction-log.json").read_text("utf-8"))
    numbers = [f"LPD-{number:06d}" for number in range(1, made.main["pages"] + 1)]
    bare = next(label for label in numbers if label not in log["differing"])
    path = memo(tmp_path / "memo.docx", f"{log['differing'][0]}. {bare}.")
    one, other = check_document(path, [made.court]).cites
    assert codes(one) == {"cite-redacted"}
    assert one.findings[0].severity is Severity.NOTE
    assert codes(other) == set()


def test_a_burnt_page_differs_by_its_bars_alone(made: Deliveries) -> None:
    log = json.loads((made.redacted / "data" / "redaction-log.json").read_text("utf-8"))
    with (
        pdfium.PdfDocument(made.full / "data" / made.main["file"]) as full,
        pdfium.PdfDocument(made.redacted / "data" / log["file"]) as redacted,
    ):
        first = int(made.main["first"].removeprefix("LPD-"))
        pages = [int(label.removeprefix("LPD-")) - first for label in log["differing"]]
        assert pages
        for page in pages:
            before, after = (each[page].render().to_pil() for each in (full, redacted))
            assert before.tobytes() != after.tobytes()
            assert differ_by_bars(before, after), page
            following = redacted[page + 1].render().to_pil()
            assert not differ_by_bars(before, following)


def test_a_page_that_one_set_lacks_is_told(made: Deliveries, tmp_path: Path) -> None:
    confidential = made.stated(made.full)[1]["first"]
    path = memo(tmp_path / "memo.docx", confidential)
    alone = check_document(path, [made.court])
    assert alone.cites[0].outcome is CiteOutcome.NOT_DELIVERED
    both = check_document(path, [made.court, made.full])
    assert both.cites[0].outcome is CiteOutcome.RESOLVES
    assert codes(both.cites[0]) == {"cite-not-in-set"}


def test_a_number_between_two_deliveries_of_a_case_is_said_to_be(
    made: Deliveries, tmp_path: Path
) -> None:
    confidential = made.stated(made.full)[1]["last"]
    report = check_document(
        memo(tmp_path / "memo.docx", confidential), [made.court, made.supplement]
    )
    assert "void, of another case, or left out" in report.cites[0].findings[0].message


WRONG = [
    ("LPD-000999", CiteOutcome.NOT_DELIVERED, "cite-unresolved"),
    ("LPD-000020–LPD-000999", CiteOutcome.NOT_DELIVERED, "cite-unresolved"),
    ("LPD-000020–LPD-000015", CiteOutcome.BACKWARDS, "cite-backwards"),
    ("Ex. B, {exhibit-A}", CiteOutcome.EXHIBIT_DIFFERS, "cite-exhibit-differs"),
    ("Ex. B, {memo}", CiteOutcome.EXHIBIT_DIFFERS, "cite-exhibit-differs"),
    ("V9 at 00:00:01", CiteOutcome.NOT_DELIVERED, "cite-recording-unknown"),
    ("V1 at 01:00:00", CiteOutcome.BEYOND_END, "cite-beyond-end"),
    ("LPD-00999", CiteOutcome.NOT_DELIVERED, "cite-unresolved"),
]


@pytest.mark.parametrize(("text", "outcome", "code"), WRONG)
def test_a_cite_that_leads_nowhere_stops(
    made: Deliveries, tmp_path: Path, text: str, outcome: CiteOutcome, code: str
) -> None:
    text = filled(text, made)
    report = check_document(memo(tmp_path / "memo.docx", f"As {text} shows."), [made.full])
    (cite,) = report.cites
    assert cite.outcome is outcome
    assert report.blocked
    (stop,) = [each for each in cite.findings if each.severity is Severity.BLOCKING]
    assert stop.code == code
    assert stop.where == "paragraph 1"
    assert f"“As {text} shows.”" in stop.message
    assert stop.remedy


def filled(text: str, made: Deliveries) -> str:
    return re.sub(r"\{(.*?)\}", lambda match: made.first(match[1]), text)


def test_the_finding_names_the_exhibit_and_the_range(made: Deliveries, tmp_path: Path) -> None:
    text = filled("Ex. B, {exhibit-A}. LPD-000999.", made)
    one, two = check_document(memo(tmp_path / "memo.docx", text), [made.full]).cites
    assert "it is of Ex. A" in one.findings[0].message
    last = made.stated(made.full)[1]["last"]
    assert f"{FIRST} (LPD-000001 – {last})" in two.findings[0].message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{exhibit-A}–{slip-B}", "cite-crosses-parts"),
        ("Ex. A, {exhibit-A}–{slip-B}", "cite-crosses-parts"),
        ("lpd-000020", "cite-near-miss"),
        ("V1 at 0:01", "cite-near-miss"),
    ],
)
def test_what_is_doubtful_warns_and_does_not_stop(
    made: Deliveries, tmp_path: Path, text: str, code: str
) -> None:
    path = memo(tmp_path / "memo.docx", filled(text, made))
    report = check_document(path, [made.full])
    assert codes(report.cites[0]) == {code}
    assert not report.blocked


def test_slip_sheet_and_exhibit_are_one_part_to_a_reader(made: Deliveries, tmp_path: Path) -> None:
    path = memo(tmp_path / "memo.docx", filled("Ex. A, {slip-A}–{exhibit-A}", made))
    report = check_document(path, [made.full])
    assert report.cites[0].outcome is CiteOutcome.RESOLVES
    assert report.findings == ()


def test_what_a_set_does_not_say_is_not_guessed(made: Deliveries, tmp_path: Path) -> None:
    path = memo(tmp_path / "memo.docx", "Ex. C, LPD-000020. V1 at 00:00:01.")
    one, other = check_document(path, [made.redacted]).cites
    assert "cite-exhibit-unchecked" in codes(one)
    assert codes(other) == {"cite-recording-unchecked"}
    assert other.outcome is CiteOutcome.UNCHECKED


def test_a_document_without_cites_is_told(made: Deliveries, tmp_path: Path) -> None:
    report = check_document(memo(tmp_path / "memo.docx", "Nothing."), [made.full])
    assert [each.code for each in report.findings] == ["cite-none"]


def test_the_command_prints_and_exits(made: Deliveries, tmp_path: Path) -> None:
    path = memo(tmp_path / "memo.docx", "LPD-000020", "LPD-000999")
    done = CliRunner().invoke(cli.main, ["cite", "check", str(path), str(made.full)])
    assert done.exit_code == 1
    assert "1 of 2 cites resolve" in done.output
    told = CliRunner().invoke(cli.main, ["cite", "check", str(path), str(made.full), "--json"])
    value = json.loads(told.stdout)
    assert [each["resolves"] for each in value["cites"]] == [True, False]
    assert value["cites"][0]["pages"][0]["first_page"] == 20
    good = memo(tmp_path / "good.docx", "LPD-000020")
    assert CliRunner().invoke(cli.main, ["cite", "check", str(good), str(made.full)]).exit_code == 0


def statement(folder: Path, name: str, text: str) -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / name).write_text(text, "utf-8")
    return folder


BROKEN = [
    ("packet.json", "{", "packet.json"),
    ("packet.json", '{"packet": "X-1"}', "state"),
    ("filing.json", '{"set": 4}', "set"),
    (
        "redaction-log.json",
        '{"set": "s", "packet": "p", "file": "../x.pdf", "sha256": "", "first": "A-1",'
        ' "last": "A-1", "redactions": []}',
        "outside",
    ),
    (
        "redaction-log.json",
        '{"set": "s", "packet": "p", "file": "x.pdf", "sha256": "", "first": "A-1",'
        ' "last": "A-1", "redactions": []}',
        "not there",
    ),
    (
        "redaction-log.json",
        '{"set": "s", "packet": "p", "file": "x.pdf", "sha256": "", "first": "A-",'
        ' "last": "A-1", "redactions": []}',
        "A-",
    ),
    ("other.json", "{}", "not a delivery"),
]


@pytest.mark.parametrize(("name", "text", "told"), BROKEN)
def test_a_delivery_that_cannot_be_read_says_what_is_wrong(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    with pytest.raises(InputError) as refused:
        delivered_numbers(statement(tmp_path / "delivery", name, text))
    words = [
        str(refused.value),
        *(f"{each.where} {each.message}" for each in refused.value.findings),
    ]
    assert any(told in each for each in words), words
    assert refused.value.remedy
