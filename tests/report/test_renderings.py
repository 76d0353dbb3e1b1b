"""Every rendering says what the edition says, and keeps the standard it claims."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdf
import pytest
from docx import Document

from referrals.report import wording
from referrals.report.edition import Edition
from referrals.report.folder import renderings
from referrals.report.view import NOT_SHOWN, groups, printed
from tests.report.pdf_rows import rows_of_pdf


@pytest.fixture(scope="module")
def folder(draft: Path) -> Path:
    return draft


@pytest.fixture(scope="module")
def edition(folder: Path) -> Edition:
    return Edition.model_validate_json((folder / "report.json").read_text("utf-8"))


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def test_no_file_holds_more_than_report_json(folder: Path, edition: Edition) -> None:
    # All files come out again, byte by byte, of what report.json says alone: what it
    # hides stands in no chart, no description, no order of rows and no property of a file.
    assert renderings(edition) == {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert edition.month == "2026-03"
    assert edition.trend["2026-03"]["incidents"] == 44


def test_each_csv_holds_its_table(folder: Path, edition: Edition) -> None:
    for table in edition.tables:
        found = {
            (row["row_key"], row["column_key"]): row
            for row in rows_of(folder / f"data/{table.key}.csv")
        }
        for place, value in table.values().items():
            assert found[place]["count"] == ("" if value is None else str(value))
            assert found[place]["status"] == ("not_shown" if value is None else "shown")
            assert found[place]["unit"] == table.unit.value
        assert len(found) == len(table.values())


def test_the_data_package_is_valid(folder: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="frictionless is not installed")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])
    assert len(report.tasks) == 14


def test_the_data_package_notices_a_count_that_is_no_number(folder: Path, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="frictionless is not installed")
    import shutil

    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    path = copy / "data/violations.csv"
    path.write_text(path.read_text("utf-8").replace(",shown", ",perhaps", 1), "utf-8")
    assert not frictionless.validate(str(copy / "datapackage.json")).valid


def test_the_dictionary_explains_every_column_and_key(folder: Path, edition: Edition) -> None:
    explained: dict[str, set[str]] = {}
    for row in rows_of(folder / "data-dictionary.csv"):
        assert row["meaning"]
        explained.setdefault(row["file"], set()).add(row["column"])
    for path in sorted(folder.glob("data/*.csv")):
        rows = rows_of(path)
        name = f"data/{path.name}"
        header = path.read_text("utf-8").splitlines()[0].split(",")
        assert set(header) <= explained[name]
        for row in rows:
            for column in ("row_key", "column_key", "measure"):
                if column in row:
                    assert row[column] in explained[name]


def test_the_sums_are_those_of_the_files(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    told = {line[66:]: line[:64] for line in lines}
    held = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert told == held


def told_rows(edition: Edition) -> list[str]:
    """Return the words of every row that the pages print, cell after cell."""
    counts = [
        (
            row.measure.title,
            *row.numbers,
            f"{row.measure.unit.plural.capitalize()}. {row.measure.definition}",
        )
        for group in groups(edition).values()
        for row in group.rows
    ]
    cells = [(row.title, *row.cells) for table in edition.tables for row in printed(table).rows]
    return [" | ".join(row) for row in (*counts, *cells)]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_the_pdf_says_every_number_and_what_it_is(folder: Path, edition: Edition) -> None:
    path = folder / "report-2026-03.pdf"
    told = [" | ".join(map(squeezed, row)) for row in rows_of_pdf(path)]
    assert [row for row in told_rows(edition) if row not in told] == []
    reader = pypdf.PdfReader(path)
    assert reader.metadata is not None
    assert "March 2026" in str(reader.metadata.title)
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-US"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/JavaScript" not in str(root)


def test_the_pdf_tags_headers_and_describes_charts(folder: Path) -> None:
    reader = pypdf.PdfReader(folder / "report-2026-03.pdf")
    kinds: dict[str, int] = {}
    described = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict) and "/S" in node:
            kinds[node["/S"]] = kinds.get(node["/S"], 0) + 1
            if node["/S"] == "/Figure":
                described.append(node.get("/Alt", ""))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    assert kinds["/Table"] >= 18
    assert kinds["/TH"] > 100
    assert kinds["/Caption"] >= 18
    assert len(described) == 4
    assert all("chart of" in str(words) for words in described)


def test_the_pdf_keeps_the_standards_that_it_claims(folder: Path) -> None:
    from conformance import verapdf
    from conformance.judge import judge
    from conformance.verdicts import MissingToolError

    try:
        verapdf.set_up()
    except MissingToolError as error:
        if verapdf.missing_packages():
            pytest.skip(str(error))
        raise
    (judgement,) = judge([folder / "report-2026-03.pdf"])
    assert judgement.claims == ("2a", "ua1")
    assert judgement.passed, judgement


def test_the_word_file_says_every_number(folder: Path, edition: Edition) -> None:
    document = Document(str(folder / "report-2026-03.docx"))
    rows = [
        " | ".join(cell.text for cell in row.cells)
        for table in document.tables
        for row in table.rows
    ]
    assert [row for row in told_rows(edition) if row not in rows] == []
    said = [paragraph.text for paragraph in document.paragraphs]
    assert any(text.startswith("FICTIONAL") for text in said)
    sentences = [wording.summary(edition), wording.FAIRNESS, *wording.protection(edition)]
    sentences += [*wording.medians(edition).values(), *wording.methods(edition)]
    assert [text for text in sentences if text not in said] == []
    for table in document.tables:
        assert "w:tblHeader" in table.rows[0]._tr.xml


class Reader(HTMLParser):
    """Notes what a page refers to, and the rows of its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.rows: list[list[str]] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.rows.append([])

    @property
    def told(self) -> list[str]:
        """The rows, cell after cell."""
        return [" | ".join(map(squeezed, row)) for row in self.rows]


def test_the_page_says_every_number(folder: Path, edition: Edition) -> None:
    reader = Reader()
    reader.feed((folder / "report-2026-03.html").read_text("utf-8"))
    told = reader.told
    assert [row for row in told_rows(edition) if row not in told] == []


def test_the_page_needs_nothing_else(folder: Path) -> None:
    page = (folder / "report-2026-03.html").read_text("utf-8")
    reader = Reader()
    reader.feed(page)
    assert "script" not in reader.tags
    assert "link" not in reader.tags
    assert all(address.startswith("#") for address in reader.addresses)
    assert "@import" not in page
    assert not re.search(r"url\((?!data:)", page)
    assert reader.tags.count("svg") == 4


def test_wording_is_neutral(folder: Path) -> None:
    page = (folder / "report-2026-03.html").read_text("utf-8").lower()
    text = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    for word in (
        "guilty",
        "perpetrator",
        "crimes committed",
        "offender",
        "illegal alien",
        "brutal",
    ):
        assert word not in text
    for word in ("alleged", "reported", "referred", "nothing in this report is a finding"):
        assert word in text


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (
            {},
            "In March 2026 police documented no incidents in which federal agents are alleged to "
            "have violated state or local law: as many as in February 2026, as many as in March "
            "2025. In the same month police made no referrals to the prosecutor.",
        ),
        (
            {"incidents": 1, "allegations": 1, "class-felony": 1, "injury": 1, "referrals": 1},
            "In March 2026 police documented 1 incident in which federal agents are alleged to "
            "have violated state or local law: 1 more than in February 2026, 1 more than in March "
            "2025. Its record names 1 alleged violation: 1 felony. Force by a federal agent is "
            "reported in none and an injury in 1 incident. In the same month police made "
            "1 referral to the prosecutor, on incidents of this month or earlier ones.",
        ),
    ],
)
def test_a_small_month_is_told_in_whole_sentences(
    edition: Edition, counts: dict[str, int], words: str
) -> None:
    none = dict.fromkeys(edition.trend["2026-03"], 0)
    trend = {**dict.fromkeys(edition.trend, none), "2026-03": {**none, **counts}}
    assert wording.summary(edition.model_copy(update={"trend": trend})) == words


def test_every_table_names_its_unit(folder: Path) -> None:
    page = (folder / "report-2026-03.html").read_text("utf-8")
    captions = re.findall(r"<caption.*?</caption>", page, flags=re.S)
    assert len(captions) == page.count("<table") >= 18
    assert all("Unit of count" in each for each in captions)
    assert page.count(f">{NOT_SHOWN}</td>") > 20


def test_the_package_names_the_digest_of_each_file(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
