"""The judge passes what keeps its standard, and says why the rest does not."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from weasyprint import HTML

from conformance import qpdf, second_opinion, verapdf
from conformance.claims import claims
from conformance.judge import judge, report
from conformance.verdicts import FailedRule, Judgement, MissingToolError, Outcome, Verdict

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", autouse=True)
def ready() -> None:
    """Set the validator up; without Java, and no right to install it, there is no judging."""
    try:
        verapdf.set_up()
    except MissingToolError as error:
        if verapdf.missing_packages():
            pytest.skip(str(error))
        raise


def page(path: Path, variant: str, rendering: str = "crisp-edges") -> Path:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "navy").save(picture, "PNG")
    data = base64.b64encode(picture.getvalue()).decode()
    HTML(
        string=f"<html lang='en'><title>Notice</title><style>img {{ width: 2cm;"
        f" image-rendering: {rendering} }}</style><body><h1>Notice</h1><p>Alleged.</p>"
        f"<img alt='A blue square' src='data:image/png;base64,{data}'></body></html>"
    ).write_pdf(path, pdf_variant=variant)
    return path


def blank(path: Path) -> Path:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(path)
    return path


def by_verapdf(judgement: Judgement) -> dict[str, Verdict]:
    return {each.flavour: each for each in judgement.verdicts if each.checker == "veraPDF"}


def test_each_file_is_measured_by_what_it_claims(tmp_path: Path) -> None:
    archive = page(tmp_path / "archive – Łódź.pdf", "pdf/a-2a")
    spoiled = page(tmp_path / "spoiled.pdf", "pdf/a-2a", rendering="auto")
    accessible = page(tmp_path / "accessible.pdf", "pdf/ua-1")
    unclaimed = blank(tmp_path / "blank.pdf")

    first, second, third, fourth = judge([archive, spoiled, accessible, unclaimed])

    assert first.claims == ("2a",)
    assert first.passed
    assert by_verapdf(first)["2a"].outcome is Outcome.PASSED

    assert second.claims == ("2a",)
    assert not second.passed
    (rule,) = by_verapdf(second)["2a"].failed
    assert rule.clause == "ISO 19005-2:2011 § 6.2.8 test 3"
    assert "Interpolate" in rule.message
    assert rule.count == 1
    assert rule.context.startswith("root/document[0]/pages[0]")

    assert third.claims == ("ua1",)
    assert third.passed
    assert list(by_verapdf(third)) == ["ua1"]

    assert fourth.claims == ()
    assert not fourth.passed
    assert {name: each.outcome for name, each in by_verapdf(fourth).items()} == {
        "2a": Outcome.FAILED,
        "ua1": Outcome.FAILED,
    }
    assert "blank.pdf: claims nothing" in report(fourth)


def test_what_was_asked_for_outweighs_the_claim(tmp_path: Path) -> None:
    (judgement,) = judge([page(tmp_path / "a.pdf", "pdf/a-2a")], ["ua1"])
    (rule,) = by_verapdf(judgement)["ua1"].failed
    assert rule.clause == "ISO 14289-1:2014 § 5 test 1"
    assert not judgement.passed


def test_a_claim_of_no_known_standard_is_not_judged(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=page(tmp_path / "a.pdf", "pdf/a-2a"))
    metadata = writer.xmp_metadata
    assert metadata is not None
    metadata.pdfaid_part = "7"
    writer.write(tmp_path / "seven.pdf")
    (judgement,) = judge([tmp_path / "seven.pdf"])
    assert judgement.claims == ("7a",)
    assert by_verapdf(judgement)["7a"].outcome is Outcome.NOT_JUDGED
    assert not judgement.passed


def test_one_unreadable_file_does_not_stop_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing follows")
    writer = PdfWriter(clone_from=blank(tmp_path / "open.pdf"))
    writer.encrypt("secret")
    writer.write(tmp_path / "locked.pdf")
    good = page(tmp_path / "good.pdf", "pdf/a-2a")

    *bad, last = judge([broken, tmp_path / "locked.pdf", good])

    for each in bad:
        assert each.claims is None
        assert {verdict.outcome for verdict in by_verapdf(each).values()} == {Outcome.NOT_JUDGED}
        assert all(verdict.reason for verdict in by_verapdf(each).values())
        assert not each.passed
    assert last.passed


def test_qpdf_refuses_what_a_reader_must_repair(tmp_path: Path) -> None:
    whole = blank(tmp_path / "whole.pdf")
    assert qpdf.check(whole).outcome is Outcome.PASSED
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(whole.read_bytes().split(b"xref")[0])
    verdict = qpdf.check(cut)
    assert verdict.outcome is Outcome.FAILED
    assert verdict.failed[0].message
    assert str(cut) not in verdict.failed[0].message


def test_a_second_opinion_is_shown_and_never_decides() -> None:
    passed = Verdict("veraPDF", "2a", Outcome.PASSED)
    other = Verdict(
        "page-validation", "2a", Outcome.FAILED, (FailedRule("R", "told"),), decides=False
    )
    judgement = Judgement(Path("a.pdf"), ("2a",), (passed, other))
    assert judgement.passed
    assert "failed (second opinion)\n      R: told" in report(judgement)
    assert second_opinion.ask(None, Path("a.pdf"), "2a").outcome is Outcome.NOT_JUDGED


def test_the_second_validator_sees_a_missing_claim(tmp_path: Path) -> None:
    validator = second_opinion.set_up()
    if validator is None:
        pytest.skip("page-validation has no wheel for this Python, or PyPI cannot be reached")
    accessible = page(tmp_path / "accessible.pdf", "pdf/ua-1")
    verdict = second_opinion.ask(validator, accessible, "ua1")
    assert verdict.outcome is Outcome.PASSED
    verdict = second_opinion.ask(validator, blank(tmp_path / "blank.pdf"), "ua1")
    assert "PDFUA1-ID-PART-001" in [rule.clause for rule in verdict.failed]
    assert second_opinion.ask(validator, accessible, "ua2").outcome is Outcome.NOT_JUDGED


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        ({"compliant": True, "end": "normal", "failed": []}, Outcome.PASSED, ""),
        ({"error": "encrypted"}, Outcome.NOT_JUDGED, "encrypted"),
        (
            {"compliant": False, "end": "timeout", "failed": []},
            Outcome.NOT_JUDGED,
            "the validation did not finish: timeout",
        ),
    ],
)
def test_reading_an_answer(answer: dict[str, Any], outcome: Outcome, reason: str) -> None:
    assert verapdf.verdict("2a", answer) == Verdict("veraPDF", "2a", outcome, reason=reason)


def test_failed_rules_stand_in_the_order_of_their_clauses() -> None:
    rules = [
        {"specification": "S", "clause": clause, "test": test, "count": 2}
        for clause, test in (("7.1", 10), ("6.10", 1), ("7.1", 8), ("6.2", 1))
    ]
    verdict = verapdf.verdict("ua1", {"compliant": False, "end": "normal", "failed": rules})
    assert verdict.outcome is Outcome.FAILED
    assert [rule.clause for rule in verdict.failed] == [
        "S § 6.2 test 1",
        "S § 6.10 test 1",
        "S § 7.1 test 8",
        "S § 7.1 test 10",
    ]


def test_claims_written_as_attributes_are_read(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=blank(tmp_path / "blank.pdf"))
    writer.xmp_metadata = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        b' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="uuid:1" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"'
        b' pdfaid:part="4" pdfaid:conformance="F"/>'
        b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
        b"<pdfuaid:part> 2 </pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    writer.write(tmp_path / "claims.pdf")
    assert PdfReader(tmp_path / "claims.pdf").xmp_metadata is not None
    assert claims(tmp_path / "claims.pdf") == ("4f", "ua2")


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "conformance.judge", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_ends_with_the_verdict(tmp_path: Path) -> None:
    good, bad = page(tmp_path / "good.pdf", "pdf/a-2a"), blank(tmp_path / "bad.pdf")
    passed = run(good)
    assert (passed.returncode, passed.stdout.splitlines()[-1]) == (0, "1 of 1 passed")
    failed = run("--json", "--flavour", "2a", good, bad)
    assert failed.returncode == 1
    told = json.loads(failed.stdout)
    assert [each["passed"] for each in told] == [True, False]
    assert told[1]["verdicts"][0]["failed"][0]["clause"].startswith("ISO 19005-2:2011 § 6.1.3")
    assert run(tmp_path / "absent.pdf").returncode == 2


def test_a_missing_tool_is_named_with_its_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = run(blank(tmp_path / "a.pdf"))
    assert ended.returncode == 5
    assert "default-jdk-headless" in ended.stderr
    assert "apt-get install" in ended.stderr
    assert "Traceback" not in ended.stderr
