"""Publishing: editions, corrections, the ledger, and what no output may hold."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypdf
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

import referrals
from referrals.errors import BlockedError, InputError, MachineError, UsageError
from referrals.office.reports import Issue, ReportOffice
from referrals.records import audit
from referrals.records.case_record import CaseRecord
from referrals.records.database import open_database, session
from referrals.report import folder as folders
from referrals.report.edition import Published
from referrals.report.month import Month
from referrals.report.table import table
from referrals.report.view import NOT_SHOWN
from referrals.settings import Settings
from tests.postgresql_server import MISSING, may_run, server
from tests.report.conftest import MARCH, NOW, save

CHICAGO = ZoneInfo("America/Chicago")


def publish(home: Path, output: Path, month: Month = MARCH, **extra: Any) -> Issue:
    options: dict[str, Any] = {
        "profile": None, "draft": False, "correct": "", "who": "editor", "now": NOW,
    }  # fmt: skip
    return ReportOffice(Settings(home)).report(month, output, **{**options, **extra})


@dataclass(frozen=True)
class March:
    """An office that published March, and what came of it."""

    home: Path
    folder: Path
    issue: Issue


@pytest.fixture(scope="module")
def first_edition(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> March:
    """The first edition of March, not to be changed."""
    root = tmp_path_factory.mktemp("published")
    shutil.copytree(filled_home, root / "home")
    return March(root / "home", root / "out", publish(root / "home", root / "out"))


@pytest.fixture
def march(first_edition: March, tmp_path: Path) -> March:
    """A copy of the office that published March."""
    shutil.copytree(first_edition.home, tmp_path / "home")
    shutil.copytree(first_edition.folder, tmp_path / "out")
    return March(tmp_path / "home", tmp_path / "out", first_edition.issue)


@pytest.fixture
def numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports are published without pages, for tests that look at numbers."""
    for pages in ("pdf", "html", "word"):
        monkeypatch.setattr(folders, pages, lambda edition: b"")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_published_month_comes_out_the_same_again(march: March, tmp_path: Path) -> None:
    again = publish(march.home, tmp_path / "again", now=NOW.replace(year=2027))
    assert not march.issue.again
    assert again.again
    assert contents(march.folder) == contents(tmp_path / "again")
    assert publish(march.home, tmp_path / "again").folder == tmp_path / "again"
    with pytest.raises(UsageError, match="holds something else"):
        publish(march.home, march.home)


def test_another_process_publishes_the_same_bytes(
    home: Path, first_edition: March, tmp_path: Path
) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.report.test_publishing import publish; "
        "publish(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    world = {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de_DE.UTF-8", "TZ": "Asia/Tokyo"}
    subprocess.run(
        [sys.executable, "-c", script, home, tmp_path / "out"],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "2", **world},
    )
    assert contents(tmp_path / "out") == contents(first_edition.folder)


def test_a_late_record_makes_a_note_and_then_a_new_edition(
    march: March, tmp_path: Path, months: list[CaseRecord]
) -> None:
    press = ReportOffice(Settings(march.home))
    with pytest.raises(UsageError, match="No number of March 2026 has changed"):
        publish(march.home, tmp_path / "none", correct="nothing")
    save(press.engine, [late(months, "JH-900001")])
    same = publish(march.home, tmp_path / "same")
    assert [finding.code for finding in same.findings] == ["report-records-changed"]
    assert contents(march.folder) == contents(tmp_path / "same")
    second = publish(march.home, tmp_path / "2", correct="A late record")
    assert "report-few-changes" in [finding.code for finding in second.findings]
    assert second.edition.number == 2
    by_measure = {each.measure: each for each in second.edition.corrections}
    assert (by_measure["incidents"].old, by_measure["incidents"].new) == ("44", "45")
    page = (tmp_path / "2/report-2026-03.html").read_text("utf-8")
    assert "A late record" in page
    assert [line.name for line in press.editions(None)] == ["2026-03-1", "2026-03-2"]
    assert any(
        line.count == "Incidents documented" and (line.first, line.second) == ("44", "45")
        for line in press.diff("2026-03-1", "2026-03-2", None)
    )
    assert press.diff("2026-03-2", str(tmp_path / "2"), None) == []
    with pytest.raises(UsageError, match="no edition 2020-01"):
        press.diff("2020-01", "2026-03", None)


def test_a_median_stands_on_recorded_times_alone_and_hides_the_seconds(
    numbers_alone: None, tmp_path: Path, months: list[CaseRecord]
) -> None:
    press = ReportOffice(Settings(tmp_path / "home"))
    called = datetime(2026, 3, 9, 12, tzinfo=CHICAGO)
    for number in range(3):
        record = late(months, f"JH-90001{number}")
        aid = next(each for own in months for each in own.medical_aid if each.ems_called)
        arrived = called + timedelta(seconds=449) if number == 0 else None
        person = record.persons[0].key
        times = {"person": person, "ems_called": called, "ems_arrived": arrived}
        record.medical_aid = [aid.model_copy(update=times)]
        save(press.engine, [record])
    first = publish(tmp_path / "home", tmp_path / "1")
    assert first.edition.trend["2026-03"]["ems"] == 3
    assert "ems" not in first.edition.medians["2026-03"], "one arrival is one person's"
    for number, seconds in enumerate((290, 451)):
        record = late(months, f"JH-90002{number}")
        times = {"person": record.persons[0].key, "ems_called": called}
        arrival = {"ems_arrived": called + timedelta(seconds=seconds)}
        record.medical_aid = [aid.model_copy(update={**times, **arrival})]
        save(press.engine, [record])
    second = publish(tmp_path / "home", tmp_path / "2", correct="Two more arrivals")
    assert second.edition.medians["2026-03"]["ems"] == 7
    (line,) = [each for each in second.edition.corrections if each.measure == "median-ems"]
    assert (line.unit, line.old, line.new) == ("minute", "too few", "7")
    told = [each for each in press.diff("2026-03-1", "2026-03-2", None) if "EMS to" in each.count]
    assert [(each.first, each.second) for each in told] == [("", "7")]
    medians = (tmp_path / "2/data/medians.csv").read_text("utf-8").splitlines()
    assert "2026-03,ems,minute,7" in medians


def test_a_later_month_lists_what_changed_in_an_earlier_one(
    numbers_alone: None, home: Path, tmp_path: Path, months: list[CaseRecord]
) -> None:
    publish(home, tmp_path / "feb", Month(2026, 2))
    record = late(months, "JH-900002")
    record.incident.began = datetime(2026, 2, 3, 12, tzinfo=CHICAGO)
    save(open_database(Settings(home)), [record])
    march = publish(home, tmp_path / "mar")
    lines = {(each.month, each.measure): (each.old, each.new) for each in march.edition.corrections}
    assert lines["2026-02", "incidents"] == ("36", "37")
    # What was told once as corrected is not told again.
    april = publish(home, tmp_path / "apr", Month(2026, 4), now=NOW.replace(month=5))
    assert not april.edition.corrections


def late(months: list[CaseRecord], number: str) -> CaseRecord:
    record = months[-1].model_copy(deep=True)
    record.case.number = number
    record.incident.began = datetime(2026, 3, 9, 12, tzinfo=CHICAGO)
    return record


def test_a_draft_is_marked_and_publishes_nothing(home: Path, tmp_path: Path) -> None:
    issue = publish(home, tmp_path / "draft", draft=True)
    assert issue.edition.draft
    assert ReportOffice(Settings(home)).editions(None) == []
    assert "Draft: not published" in (tmp_path / "draft/report-2026-03.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 4, 1, 4, 59, 59, tzinfo=UTC), "is not over yet"),
        (datetime(2026, 3, 1, 5, 59, 59, tzinfo=UTC), "has not begun"),
    ],
)
def test_a_month_that_is_not_over_in_local_time_is_refused(
    home: Path, tmp_path: Path, now: datetime, words: str
) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        publish(home, tmp_path / "out", now=now)
    assert "--draft" in caught.value.remedy
    assert ReportOffice(Settings(home)).editions(None) == []


@pytest.mark.skipif(not may_run(), reason=MISSING)
def test_postgresql_publishes_the_same_bytes(
    first_edition: March, tmp_path: Path, months: list[CaseRecord]
) -> None:
    with server() as url:
        press = ReportOffice(Settings(tmp_path / "other", url))
        save(press.engine, months)
        issue = press.report(
            MARCH, tmp_path / "pg-out", profile=None, draft=False, correct="", who="e", now=NOW
        )
        with pytest.raises(DatabaseError, match="append-only"), press.engine.begin() as opened:
            opened.execute(text("DELETE FROM publication"))
        press.engine.dispose()
    assert issue.edition.number == 1
    assert contents(first_edition.folder) == contents(tmp_path / "pg-out")


def test_an_edition_made_in_ignorance_of_another_is_not_published(
    numbers_alone: None, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderings = folders.renderings

    def slow(edition: Any) -> Any:
        """Let another editor publish February while March is being rendered."""
        monkeypatch.setattr(folders, "renderings", renderings)
        publish(home, tmp_path / "feb", Month(2026, 2))
        return renderings(edition)

    monkeypatch.setattr(folders, "renderings", slow)
    with pytest.raises(MachineError, match="published at the same time"):
        publish(home, tmp_path / "mar")
    assert not (tmp_path / "mar").exists()
    assert [line.name for line in ReportOffice(Settings(home)).editions(None)] == ["2026-02-1"]


def test_the_ledger_is_append_only_and_audited(march: March) -> None:
    engine = open_database(Settings(march.home))
    for statement in ("UPDATE publication SET reason = 'x'", "DELETE FROM publication"):
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))
    with session(engine) as opened:
        assert audit.verify(opened) == []
        assert audit.head(opened) != audit.NOTHING
    (line,) = ReportOffice(Settings(march.home)).editions("sample")
    assert line.identity == march.issue.edition.identity
    assert line.published_by == "editor"


def test_an_edition_in_another_form_is_named(
    march: March, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from referrals.office import reports as press

    monkeypatch.setattr(press, "FORMAT", 99)
    with pytest.raises(InputError, match="2026-03-1 is kept in form 2") as caught:
        publish(march.home, tmp_path / "again")
    assert referrals.__version__ in caught.value.remedy


def test_verify_names_what_was_changed(march: March, tmp_path: Path) -> None:
    out = march.folder
    press = ReportOffice(Settings(march.home))
    assert press.verify(out) == []
    elsewhere = ReportOffice(Settings(tmp_path / "other")).verify(out)
    assert [finding.code for finding in elsewhere] == ["report-not-in-ledger"]
    (out / "data/violations.csv").write_bytes(b"changed")
    (out / "data/medians.csv").unlink()
    (out / "more.txt").write_text("more")
    codes = {finding.code for finding in press.verify(out)}
    assert codes == {
        "report-file-changed", "report-file-missing", "report-file-added", "report-data-differ",
    }  # fmt: skip
    edition = json.loads((out / "report.json").read_text("utf-8"))
    edition["trend"]["2026-03"]["incidents"] += 1
    (out / "report.json").write_text(json.dumps(edition))
    assert "report-not-as-published" in {finding.code for finding in press.verify(out)}
    with pytest.raises(InputError, match="no report"):
        press.verify(_only(tmp_path / "empty"))


def _only(folder: Path) -> Path:
    folder.mkdir()
    (folder / "SHA256SUMS").write_text("")
    return folder


def test_an_office_without_cases_is_asked_for_a_profile(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No case was taken in yet"):
        publish(tmp_path / "home", tmp_path / "out")


def test_a_month_without_a_case_is_published(tmp_path: Path) -> None:
    issue = publish(tmp_path / "home", tmp_path / "out", profile="ccsao-review")
    assert issue.edition.hidden == 0
    assert set(issue.edition.trend["2026-03"].values()) == {0}
    assert not issue.edition.fictional
    text = (tmp_path / "out/report-2026-03.html").read_text("utf-8")
    assert "Fictional" not in text


def test_a_month_of_one_case_tells_where_of_nobody(
    tmp_path: Path, months: list[CaseRecord]
) -> None:
    record = late(months, "JH-900003")
    save(open_database(Settings(tmp_path / "home")), [record])
    issue = publish(tmp_path / "home", tmp_path / "out")
    tables = {table.key: table for table in issue.edition.tables}
    for key in ("areas_by_class", "areas_by_harm", "areas_twelve_months"):
        for (row, _), value in tables[key].values().items():
            assert row == "total" or value in (None, 0)
    years = tables["areas_twelve_months"].values()
    assert {value for (row, _), value in years.items() if row != "total"} == {None}


def test_sample_cases_among_real_ones_are_refused(
    home: Path, tmp_path: Path, months: list[CaseRecord]
) -> None:
    record = late(months, "JH-900004")
    record.case.fictional = False
    save(open_database(Settings(home)), [record])
    with pytest.raises(BlockedError, match="fictional sample cases stand among 1 real"):
        publish(home, tmp_path / "out")


def test_a_report_whose_attack_succeeds_is_not_published(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from referrals.report import protection

    def careless(forms: Any, cells: Any, hidden: Any) -> Any:
        """Hide the small counts alone, and let every sum give them away."""
        alone = {
            form.key: {p for p in hidden.get(form.key, ()) if 0 < cells[form.key][p] < 3}
            for form in forms
        }
        return tables(forms, cells, alone)

    tables = protection._tables
    publications = protection.knowledge
    monkeypatch.setattr(protection, "ROUNDS", 0)
    monkeypatch.setattr(protection, "_tables", careless)
    monkeypatch.setattr(
        protection, "knowledge", lambda history: publications([hide_all(history[-1])])
    )
    with pytest.raises(BlockedError, match="could be worked out") as caught:
        publish(home, tmp_path / "out")
    assert {finding.code for finding in caught.value.findings} == {"report-not-protected"}
    assert not (tmp_path / "out").exists()
    assert ReportOffice(Settings(home)).editions(None) == []


def hide_all(published: Published) -> Published:
    """Return the edition with all that may be hidden hidden."""
    hidden = tuple(
        table(each, {p: v if each.is_open(p) else None for p, v in each.values().items()})
        for each in published.edition.tables
    )
    edition = published.edition.model_copy(update={"tables": hidden})
    return Published(edition, published.versions)


@pytest.mark.parametrize("library", ["highspy", "vl_convert"])
def test_a_missing_library_is_named(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    from referrals.report import charts

    charts._draw.cache_clear()
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MachineError, match="not installed") as caught:
        publish(home, tmp_path / "out")
    assert "referrals[report]" in caught.value.remedy
    charts._draw.cache_clear()


CANARY = "Zq7Canary"


def test_no_text_of_the_records_reaches_an_output(tmp_path: Path, months: list[CaseRecord]) -> None:
    # Eight of October, whose small counts the solver hides at once; of others it takes minutes.
    planted = [plant(record) for record in months[200:208]]
    assert CANARY in planted[0].persons[0].name
    save(open_database(Settings(tmp_path / "home")), planted)
    issue = publish(tmp_path / "home", tmp_path / "out", Month(2025, 10))
    assert issue.edition.trend["2025-10"]["incidents"] == len(planted)
    for path, content in contents(tmp_path / "out").items():
        for told in (content, *_unpacked(path, content)):
            assert CANARY.lower().encode() not in told.lower(), path
            assert b"312-555-7777" not in told, path


def plant(record: CaseRecord) -> CaseRecord:
    """Put the canary into every text that a record may hold, but the profile's key."""

    def texts(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: texts(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [texts(each, name) for each in value]
        if name in ("phone", "star", "badge"):
            return "312-555-7777"
        if isinstance(value, str) and name not in KEPT and not _is_code(value):
            return f"{value} {CANARY}"
        return value

    return CaseRecord.model_validate(texts(record.model_dump(mode="json")))


KEPT = {"profile", "number", "key", "time_zone", "by", "on", "person", "federal_person"} | {
    "asked_by", "determined_by", "against", "derived_from", "recipient",
}  # fmt: skip


def _is_code(value: str) -> bool:
    from referrals.records import fields

    choices = {
        each.value
        for name in vars(fields).values()
        if isinstance(name, type) and issubclass(name, fields.StrEnum)
        for each in name
    }
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return value in choices
    return True


def _unpacked(path: str, content: bytes) -> list[bytes]:
    if path.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return [package.read(name) for name in package.namelist()]
    if path.endswith(".pdf"):
        reader = pypdf.PdfReader(io.BytesIO(content))
        return ["".join(page.extract_text() for page in reader.pages).encode()]
    return []


def test_hidden_counts_are_absent_not_only_unseen(first_edition: March) -> None:
    issue, folder = first_edition.issue, first_edition.folder
    assert issue.edition.hidden > 20
    told = json.loads((folder / "report.json").read_text("utf-8"))
    cells = [cell for table in told["tables"] for row in table["cells"] for cell in row]
    assert cells.count(None) == issue.edition.hidden
    with session(open_database(Settings(first_edition.home))) as opened:
        identity = opened.connection().execute(text("SELECT snapshot_sha256 FROM publication"))
        digest = identity.scalar_one()
    # A digest of the true counts would let small ones be guessed and checked.
    for content in contents(folder).values():
        assert digest.encode() not in content
    page = (folder / "report-2026-03.html").read_text("utf-8")
    assert page.count(f">{NOT_SHOWN}</td>") == issue.edition.hidden - _in_empty_rows(issue)


def _in_empty_rows(issue: Issue) -> int:
    from referrals.report.view import printed

    printed_hidden = sum(
        row.cells.count(NOT_SHOWN) for table in issue.edition.tables for row in printed(table).rows
    )
    return issue.edition.hidden - printed_hidden
