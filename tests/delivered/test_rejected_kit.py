"""The kit after a rejection: what is filed again is the original with only corrections."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from click.testing import CliRunner, Result

import cli
import sample_cases
from referrals.delivered.corrections import MAY_DIFFER, PageChange, may_differ
from referrals.office.stamp_files import stamp_files
from referrals.profiles.filing_rules import Ground
from referrals.records import audit
from referrals.records.case_store import save_case
from referrals.records.database import open_database, session
from referrals.settings import Settings
from sample_cases.history import history
from stamping.bates import BatesSeries
from stamping.values import StampStyle
from tests.delivered.court_sets import Change, court_set

NAMES = ("case-report.pdf", "property-receipt.pdf", "scene-plan.pdf")
CHANGED = 3
"""The page of the volume that tests change; it bears LPD-000003."""

Make = Callable[..., Path]


@pytest.fixture(scope="module")
def volume(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """Some of the sample's exhibits with numbers, and the parts that they are."""
    folder = sample_cases.folder("felony_referral") / "exhibits"
    path = tmp_path_factory.mktemp("volume") / "volume.pdf"
    files = [folder / name for name in NAMES]
    stamp_files(files, path, BatesSeries("LPD-", "", 6), 1, StampStyle(), letter=True)
    parts, page = [], 1
    for letter, file in zip("ABC", files, strict=True):
        with pikepdf.open(file) as exhibit:
            pages = len(exhibit.pages)
        parts.append(
            {
                "key": f"exhibit-{letter}",
                "kind": "exhibit",
                "title": file.stem,
                "exhibit": letter,
                "first": f"LPD-{page:06d}",
                "last": f"LPD-{page + pages - 1:06d}",
                "first_page": page,
                "pages": pages,
            }
        )
        page += pages
    return path, parts


@pytest.fixture
def make(volume: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> Make:
    """Make a court set of the volume below the test's folder."""

    def court(name: str, pages: int = 99, **words: Any) -> Path:
        return court_set(*volume, tmp_path / name, pages=pages, **words)

    return court


def drawn(operators: bytes) -> Change:
    """Draw over the page that tests change."""

    def change(number: int, pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        if number == CHANGED:
            page.contents_add(pdf.make_stream(operators))

    return change


BAR = drawn(b"q 0 g 100 500 200 14 re f 1 g 130 505 90 4 re f Q")
BAR_AND_MORE = drawn(b"q 0 g 100 500 200 14 re f 100 140 3 9 re f 106 140 3 9 re f Q")


def searchable(number: int, pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Put a text layer that nobody sees on the page that tests change."""
    if number != CHANGED:
        return
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)
    font.BaseFont = pikepdf.Name.Helvetica
    name = page.add_resource(font, pikepdf.Name.Font)
    page.contents_add(
        pdf.make_stream(f"q BT 3 Tr {name} 9 Tf 100 400 Td (recognised) Tj ET Q".encode())
    )


def rejected(original: Path, kit: Path, *words: object, home: Path | None = None) -> Result:
    at = home or kit.parent / "no home"
    return CliRunner().invoke(
        cli.main,
        [
            *("rejected", str(original), "--on", "2026-11-23", "-o", str(kit), "--home", str(at)),
            *map(str, words),
        ],
    )


def kit_values(kit: Path) -> dict[str, Any]:
    return json.loads((kit / "kit.json").read_text("utf-8"))


def rows(kit: Path) -> dict[str, str]:
    with (kit / "differences.csv").open(encoding="utf-8") as stream:
        return {row["number"]: row["difference"] for row in csv.DictReader(stream)}


def codes(kit: Path, severity: str = "blocking") -> list[str]:
    return [each["code"] for each in kit_values(kit)["findings"] if each["severity"] == severity]


def test_a_set_that_was_too_large_is_divided_and_nothing_else(make: Make, tmp_path: Path) -> None:
    original, corrected, kit = make("one"), make("two", pages=2), tmp_path / "kit"
    done = rejected(original, kit, "--reason", "too-large", "--corrected", corrected)
    assert done.exit_code == 0, done.output
    assert set(rows(kit).values()) == {"same"}
    assert next(iter(rows(kit))) == "LPD-000001"
    values = json.loads((kit / "differences.json").read_text("utf-8"))
    assert [each["difference"] for each in values["files"]] == ["divided otherwise"]
    assert values["pages"][2] == {
        "number": "LPD-000003",
        "difference": "same",
        "original_file": "JX-1-1-efileil-trial_1_of_1.pdf",
        "original_page": 4,
        "corrected_file": "JX-1-1-efileil-trial_2_of_3.pdf",
        "corrected_page": 2,
    }
    assert len(values["files"][0]["became"]) == len(list((corrected / "data").glob("*.pdf"))) > 1
    for name, folder in (("original", original), ("corrected", corrected)):
        filed = sorted(path.name for path in (folder / "data").glob("*.pdf"))
        assert sorted(path.name for path in (kit / name).iterdir()) == filed
        for each in filed:
            assert (kit / name / each).read_bytes() == (folder / "data" / each).read_bytes()


def test_the_kit_is_listed_dated_and_the_same_each_time(make: Make, tmp_path: Path) -> None:
    original, corrected = make("one"), make("two", pages=2)
    kits = [tmp_path / "kit", tmp_path / "again"]
    for kit in kits:
        rejected(original, kit, "--reason", "too-large", "--corrected", corrected)
    checked = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"],
        cwd=kits[0],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    files = sorted(p.relative_to(kits[0]) for p in kits[0].rglob("*") if p.is_file())
    assert len(checked.stdout.splitlines()) == len(files) - 1
    for path in files:
        assert (kits[0] / path).read_bytes() == (kits[1] / path).read_bytes(), path
    deadline = kit_values(kits[0])["deadline"]
    # Thanksgiving and the day after it do not count.
    assert deadline["last"] == "2026-12-02"
    assert "2026-12-02" in (kits[0] / "README.txt").read_text("utf-8")


def test_the_motion_states_what_is_known_and_leaves_the_rest_blank(
    make: Make, tmp_path: Path
) -> None:
    kit = tmp_path / "kit"
    rejected(
        make("one"),
        kit,
        *("--reason", "too-large", "--corrected", make("two", pages=2)),
        *("--words", "Rejected: file size", "--attempted", "2026-11-20"),
    )
    document = docx.Document(str(kit / "motion.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert document.sections[0].footer.paragraphs[0].text.startswith("DRAFT for review")
    assert "CIRCUIT COURT OF COOK COUNTY" in text
    assert "MOTION THAT THE DOCUMENT BE TREATED AS FILED" in text
    for told in (
        *("November 20, 2026", "November 23, 2026", "December 2, 2026"),
        *("exceeds 25 MB", "“Rejected: file size”", "LPD-000001 – LPD-0000"),
    ):
        assert told in text
    assert "Signature: ____" in text
    assert "with only corrections" in text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "JX-1-1-efileil-trial_1_of_1.pdf" in cells
    assert any("No. ____" in cell for cell in cells)


def test_without_a_corrected_set_nothing_is_compared(make: Make, tmp_path: Path) -> None:
    kit = tmp_path / "kit"
    done = rejected(make("one"), kit, "--reason", "unsigned")
    assert done.exit_code == 0
    assert codes(kit, "note") == ["rejection-uncorrected"]
    assert not (kit / "corrected").exists()
    assert not (kit / "differences.csv").exists()
    text = "\n".join(p.text for p in docx.Document(str(kit / "motion.docx")).paragraphs)
    assert "Schedule B" not in text
    assert "On ____" in text


CASES = [
    # What was changed, whether a redaction is logged, what that is, who calls for it, who not.
    (BAR, False, "looks different", "unsigned", "too-large"),
    (BAR, False, "looks different", "page-size", "identifier"),
    (BAR, True, "redacted", "identifier", "unsigned"),
    (BAR_AND_MORE, True, "looks different", "unsigned", "identifier"),
    (searchable, False, "text differs", "not-searchable", "too-large"),
    (searchable, False, "text differs", "low-resolution", "identifier"),
]


@pytest.mark.parametrize(("change", "logged", "difference", "called", "uncalled"), CASES)
def test_a_changed_page_is_a_finding_unless_the_ground_calls_for_it(
    make: Make,
    tmp_path: Path,
    change: Change,
    logged: bool,
    difference: str,
    called: str,
    uncalled: str,
) -> None:
    redactions = [{"number": "LPD-000003", "rule": "Rule 138: SSN"}] if logged else []
    original = make("one")
    corrected = make("two", change=change, redactions=redactions)
    kit = tmp_path / "kit"
    done = rejected(original, kit, "--reason", called, "--corrected", corrected)
    assert done.exit_code == 0, done.output
    found = rows(kit)
    assert found.pop("LPD-000003") == difference
    assert set(found.values()) == {"same"}
    kit = tmp_path / "other"
    done = rejected(original, kit, "--reason", uncalled, "--corrected", corrected)
    assert done.exit_code == 1
    assert codes(kit) == ["correction-uncalled"]
    assert "LPD-000003" in done.output
    text = "\n".join(p.text for p in docx.Document(str(kit / "motion.docx")).paragraphs)
    assert "with only corrections" not in text


def test_a_bar_that_was_there_before_excuses_no_other_change(make: Make, tmp_path: Path) -> None:
    redactions = [{"number": "LPD-000003", "rule": "Rule 138: SSN"}]
    original = make("one", redactions=redactions)
    corrected = make("two", change=BAR, redactions=redactions)
    kit = tmp_path / "kit"
    rejected(original, kit, "--reason", "identifier", "--corrected", corrected)
    assert rows(kit)["LPD-000003"] == "looks different"


def test_two_grounds_call_for_what_either_does(make: Make, tmp_path: Path) -> None:
    kit = tmp_path / "kit"
    done = rejected(
        make("one"),
        kit,
        *("--reason", "too-large", "--reason", "unsigned"),
        *("--corrected", make("two", pages=2, change=BAR)),
    )
    assert done.exit_code == 0, done.output


def test_a_page_that_was_left_out_or_added_is_told(make: Make, tmp_path: Path) -> None:
    whole, less, kit = make("one"), make("two", left_out=(5,)), tmp_path / "kit"
    assert rejected(whole, kit, "--reason", "too-large", "--corrected", less).exit_code == 1
    assert rows(kit)["LPD-000005"] == "only in the rejected set"
    kit = tmp_path / "blank"
    assert rejected(whole, kit, "--reason", "blank-page", "--corrected", less).exit_code == 0
    kit = tmp_path / "more"
    assert rejected(less, kit, "--reason", "blank-page", "--corrected", whole).exit_code == 1
    assert rows(kit)["LPD-000005"] == "only in the corrected set"


@pytest.mark.parametrize("which", ["the file", "the statement", "file and statement"])
@pytest.mark.parametrize("side", ["one", "two"])
def test_a_file_that_is_not_the_one_that_was_filed_stops_the_kit(
    make: Make, tmp_path: Path, which: str, side: str
) -> None:
    sets = {"one": make("one"), "two": make("two", pages=2)}
    data = sets[side] / "data"
    filed = next(data.glob("*.pdf"))
    statement = data / "filing.json"
    before = json.loads(statement.read_text("utf-8"))["files"]
    sha256 = next(each["sha256"] for each in before if each["file"] == filed.name)
    if "file" in which:
        filed.write_bytes(filed.read_bytes() + b"\n")
    if "statement" in which:
        other = hashlib.sha256(filed.read_bytes()).hexdigest()
        told = statement.read_text("utf-8").replace(sha256, other) + " "
        statement.write_text(told, "utf-8")
    kit = tmp_path / "kit"
    done = rejected(sets["one"], kit, "--reason", "too-large", "--corrected", sets["two"])
    assert done.exit_code == 3, done.output
    assert not kit.exists()


def test_a_set_without_its_manifest_cannot_be_proven(make: Make, tmp_path: Path) -> None:
    original = make("one")
    (original / "manifest-sha256.txt").unlink()
    done = rejected(original, tmp_path / "kit", "--reason", "too-large")
    assert done.exit_code == 4
    assert not (tmp_path / "kit").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--reason", "too-big"), "Grounds: too-large"),
        (("--reason", "unsinged"), "Did you mean 'unsigned'"),
        (("--reason", "unsigned", "--attempted", "2026-11-24"), "--attempted"),
        (("--reason", "unsigned", "--corrected", "{one}"), "is the rejected one"),
        (("--reason", "unsigned", "--corrected", "{case}"), "of another packet"),
        (("--reason", "unsigned", "--corrected", "{court}"), "of another court"),
        (("--reason", "unsigned", "--corrected", "{redacted}"), "is a redacted set"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    make: Make, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    places = {
        "one": make("one"),
        "case": make("case", case="JX-2"),
        "court": make("court", court="ndil"),
        "redacted": make("redacted"),
    }
    data = places["redacted"] / "data"
    filed = next(data.glob("*.pdf")).name
    (data / "filing.json").unlink()
    log = {"set": "s", "packet": "p-1", "file": filed, "sha256": "", "redactions": []}
    numbers = {"first": "LPD-000001", "last": "LPD-000002"}
    (data / "redaction-log.json").write_text(json.dumps(log | numbers), "utf-8")
    named = [word.format(**places) for word in words]
    done = rejected(places["one"], tmp_path / "kit", *named)
    assert done.exit_code == 2
    assert told in done.output
    assert not (tmp_path / "kit").exists()


def test_a_court_that_says_nothing_of_rejections_is_refused(make: Make, tmp_path: Path) -> None:
    done = rejected(make("uk", court="bundle-uk"), tmp_path / "kit", "--reason", "damaged")
    assert done.exit_code == 2
    assert "after_rejection" in done.output


def test_a_last_day_that_the_calendar_does_not_reach_is_left_open(
    make: Make, tmp_path: Path
) -> None:
    kit = tmp_path / "kit"
    done = rejected(make("one"), kit, "--reason", "unsigned", "--on", "2027-12-30")
    assert done.exit_code == 1
    assert codes(kit) == ["court-calendar-ends"]
    assert kit_values(kit)["deadline"]["last"] is None
    assert "not known" in (kit / "README.txt").read_text("utf-8")


def test_a_ground_that_the_court_does_not_list_is_told(make: Make, tmp_path: Path) -> None:
    kit = tmp_path / "kit"
    assert rejected(make("one"), kit, "--reason", "label-differs").exit_code == 0
    assert "rejection-ground-unlisted" in codes(kit, "warning")


def test_the_audit_log_is_told_where_the_case_is_known(make: Make, tmp_path: Path) -> None:
    at = Settings(tmp_path / "home")
    record = next(iter(history()))
    with session(open_database(at)) as opened:
        save_case(opened, record, (), (), ())
    known, unknown = make("known", case=record.case.number), make("unknown")
    rejected(unknown, tmp_path / "kit", "--reason", "unsigned", home=at.home)
    done = rejected(known, tmp_path / "kit 2", "--reason", "unsigned", home=at.home)
    assert done.exit_code == 0, done.output
    with session(open_database(at)) as opened:
        (entry,) = [each for each in audit.entries(opened) if each.what == "filing rejected"]
        assert audit.verify(opened) == []
    assert entry.subject == "JX-1-1-efileil-trial"


def test_no_database_is_made_for_a_kit(make: Make, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert rejected(make("one"), tmp_path / "kit", "--reason", "unsigned", home=home).exit_code == 0
    assert not (home / "referrals.sqlite").exists()


def test_every_ground_says_what_its_correction_may_change() -> None:
    assert set(MAY_DIFFER) == set(Ground)
    assert may_differ([Ground.TOO_LARGE]) == frozenset()
    assert may_differ([Ground.TOO_LARGE, Ground.IDENTIFIER]) == {PageChange.BARS}
    assert not any(PageChange.ADDED in allowed for allowed in MAY_DIFFER.values())


SOURCE = Path(__file__).parents[2] / "referrals"
DOCS = SOURCE.parent / "docs"


@pytest.mark.parametrize(
    ("page", "modules"),
    [
        ("prosecutor.md", ("delivered/delivered_cites.py", "delivered/cite_report.py")),
        ("after-rejection.md", ("delivered/rejected_kit.py", "delivered/court_days.py")),
    ],
)
def test_the_documentation_names_every_code(page: str, modules: tuple[str, ...]) -> None:
    text = (DOCS / page).read_text("utf-8")
    sources = "".join((SOURCE / module).read_text("utf-8") for module in modules)
    found = set(re.findall(r'"((?:cite|rejection|correction|court-calendar)-[a-z-]+)"', sources))
    assert len(found) > 4
    assert {code for code in found if f"`{code}`" not in text} == set()
