"""A form keeps its claim of PDF/A-2a and PDF/UA-1 through every signature: judged by veraPDF."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance import verapdf
from conformance.judge import judge, report
from conformance.verdicts import MissingToolError
from tests.attest.fictional_keys import authority, person, signed_form, time_stamp_server


@pytest.fixture(scope="module", autouse=True)
def ready() -> None:
    """Set the validator up; without Java, and no right to install it, there is no judging."""
    try:
        verapdf.set_up()
    except MissingToolError as error:
        if verapdf.missing_packages():
            pytest.skip(str(error))
        raise


def test_a_form_passes_both_standards_empty_signed_countersigned_and_stamped(
    tmp_path: Path,
) -> None:
    department = authority()
    officer = person("Zoë Ó Briain-Đặng", department)
    supervisor = person("Ada Muster", department, curve=True)
    stamper = person("FICTIONAL Stamper", department, stamps=True)
    with time_stamp_server(stamper) as url:
        forms = {
            "empty": signed_form([]),
            "signed": signed_form([officer]),
            "countersigned": signed_form([officer, supervisor]),
            "stamped": signed_form([officer, supervisor], url),
        }
    files = [tmp_path / f"{name}.pdf" for name in forms]
    for file, content in zip(files, forms.values(), strict=True):
        file.write_bytes(content)
    judgements = judge(files)
    assert [each.claims for each in judgements] == [("2a", "ua1")] * len(files)
    for each in judgements:
        assert each.passed, report(each)
