"""What is found without an obstacle keeps its claim: judged by veraPDF, not by us.

Every hazard and page variant of the engine's own tests that the look into a file
lets through is merged into one file with pages of many scripts, and that file
must pass both standards: alone, put on Letter, and as an archive.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pikepdf import Dictionary, Pdf, PikepdfError, Stream

from conformance import verapdf
from conformance.judge import judge, report
from conformance.verdicts import MissingToolError
from referrals.typesetting.rendering import draw, lay_out, page_environment
from stamping.assembly.archive import AssociatedFile, Relationship, archive
from stamping.assembly.engine import assemble
from stamping.bates import BatesSeries
from stamping.pages.value_font import ValueFont
from stamping.preparation.prepare import prepare
from stamping.values import Conformance, Document, Order, Part, Rendition
from tests.stamping.hazards import HAZARDS
from tests.stamping.page_variants import VARIANTS, write_variant

MADE = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
NAMES = "Łódź Đặng Nguyễn Zoë Ó Briain 王小明 Алексей أحمد देवी 김철수 さくら 😀 \u202eabc"
LET_THROUGH = {"scanned_page", "png_transparent", "tiff_fax_pages", "form_without_appearances"}
"""Some of those that must be let through, so that the test is of something."""

KEPT_BACK = {"hidden_layer", "jpeg_cmyk"}


@pytest.fixture(scope="module", autouse=True)
def ready() -> None:
    """Set the validator up; without Java, and no right to install it, there is no judging."""
    try:
        verapdf.set_up()
    except MissingToolError as error:
        if verapdf.missing_packages():
            pytest.skip(str(error))
        raise


@pytest.fixture(scope="module")
def renditions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rendition]:
    """Every hazard and variant that has pages, prepared."""
    root = tmp_path_factory.mktemp("claims")
    made = {}
    for name, write in HAZARDS.items():
        folder = root / name
        folder.mkdir()
        made[name] = prepare(_with_fonts(write(folder)), root / "out")
    for number, name in enumerate(VARIANTS):
        source = write_variant(name, root / f"{number}.pdf")
        made[name] = prepare(_with_fonts(source), root / "out")
    names = root / "names.pdf"
    html = page_environment().from_string(
        '<html lang="en"><title>Names</title><h1>Names</h1><p>{{ names }}</p>'
    )
    names.write_bytes(draw(lay_out(html.render(names=NAMES))))
    made["names"] = prepare(names, root / "out")
    return {name: rendition for name, rendition in made.items() if rendition.usable}


def _with_fonts(path: Path) -> Path:
    """Embed the fonts that a file leaves to its reader, which alone would keep it back."""
    try:
        with Pdf.open(path, allow_overwriting_input=True) as pdf:
            if pdf.is_encrypted:
                return path
            own = ValueFont(pdf)
            holders = [each for each in pdf.objects if isinstance(each, (Dictionary, Stream))]
            while holders:
                holder = holders.pop()
                entries = holder.stream_dict if isinstance(holder, Stream) else holder
                for key, value in entries.items():
                    if not isinstance(value, Dictionary) or (value.is_indirect and key != "/F1"):
                        continue
                    if "/BaseFont" in value and "/FontDescriptor" not in value:
                        entries[key] = own.object
                    else:
                        holders.append(value)
            pdf.save(path)
    except PikepdfError:
        pass
    return path


def test_what_is_let_through_is_not_nothing(renditions: dict[str, Rendition]) -> None:
    clean = {name for name, rendition in renditions.items() if not rendition.archival_faults}
    assert clean >= LET_THROUGH | {"names"}
    assert not clean & KEPT_BACK
    assert len(clean) > len(VARIANTS)


def test_what_is_let_through_passes_both_standards(
    renditions: dict[str, Rendition], tmp_path: Path
) -> None:
    parts = [
        Part(
            rendition.path,
            title=name,
            alternative_text=f"Page of {name}",
            pages_to_scale=rendition.pages_to_scale,
        )
        for name, rendition in renditions.items()
        if rendition.path is not None and not rendition.archival_faults
    ]
    claim = Conformance.PDF_A_2A_UA_1
    document = Document("All", created=MADE, identity="0", conformance=claim)
    files = [tmp_path / "as-they-are.pdf", tmp_path / "letter.pdf", tmp_path / "archive.pdf"]
    for letter, path in zip((False, True), files, strict=False):
        assemble(parts, Order(BatesSeries("T"), 1, document, letter=letter), path)
    native = AssociatedFile(b"a,b", "a.csv", "text/csv", "Original", Relationship.SOURCE)
    archive(files[0], [native], MADE, files[2])
    judgements = judge(files)
    assert [each.claims for each in judgements] == [("2a", "ua1"), ("2a", "ua1"), ("3a", "ua1")]
    for each in judgements:
        assert each.passed, report(each)
