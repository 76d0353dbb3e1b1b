"""Nothing that acts, reaches out or hides stays; all of it is listed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pikepdf
import pypdf
import pytest
from hazards import HAZARDS

from stamping.preparation.prepare import prepare
from stamping.values import Rendition

# Names that no rendition may hold, whatever came in.
ACTIVE = (
    "/JavaScript",
    "/JS",
    "/Launch",
    "/GoToR",
    "/GoToE",
    "/SubmitForm",
    "/ImportData",
    "/URI",
    "/Rendition",
    "/RichMedia",
    "/Movie",
    "/Sound",
    "/EmbeddedFile",
    "/EF",
    "/AA",
    "/OpenAction",
    "/Thumb",
    "/Threads",
    "/PieceInfo",
    "/Collection",
    "/AcroForm",
    "/XFA",
    "/Ref",
)


def prepared(name: str, folder: Path) -> Rendition:
    return prepare(HAZARDS[name](folder), folder / "out")


def codes(rendition: Rendition) -> list[str]:
    return [item.code for item in rendition.notices]


def plain(path: Path) -> str:
    """Return the file with every object readable, as qpdf writes it."""
    return subprocess.run(
        ["qpdf", "--qdf", "--object-streams=disable", str(path), "-"],
        check=True,
        capture_output=True,
    ).stdout.decode("latin-1")


@pytest.mark.parametrize("name", sorted(HAZARDS))
def test_no_rendition_holds_anything_active(name: str, tmp_path: Path) -> None:
    rendition = prepared(name, tmp_path)
    if rendition.path is None:
        return
    words = set(plain(rendition.path).replace("\n", " ").replace("[", " ").split())
    assert words.isdisjoint(ACTIVE)
    subprocess.run(["qpdf", "--check", str(rendition.path)], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("name", "code", "named"),
    [
        ("scripts_everywhere", "javascript-removed", "script"),
        ("actions_that_reach_out", "actions-removed", "Launch calc.exe on page 1"),
        ("actions_that_reach_out", "actions-removed", "GoToR other.pdf on page 1"),
        ("links_in_and_out", "links-removed", "https://example.invalid/evidence on page 1"),
        ("multimedia", "multimedia-removed", "RichMedia on page 1"),
        ("external_stream", "external-streams-removed", "stream"),
        ("page_of_another_file", "external-streams-removed", "page of another file"),
        ("thumbnails_threads_private_data", "thumbnails-removed", ""),
        ("thumbnails_threads_private_data", "threads-removed", ""),
        ("thumbnails_threads_private_data", "private-data-removed", ""),
        ("portfolio", "portfolio", "cover"),
        ("hidden_layer", "hidden-layers", "Draft marks"),
        ("outline_loop", "outline-cut", ""),
        ("content_coded_as_a_picture", "content-unreadable", "page 1"),
        ("page_without_size", "page-size-replaced", "page 1"),
    ],
)
def test_what_went_is_listed(name: str, code: str, named: str, tmp_path: Path) -> None:
    rendition = prepared(name, tmp_path)
    (found,) = [item for item in rendition.notices if item.code == code]
    assert named in found.message


@pytest.mark.parametrize(
    ("name", "file", "content"),
    [
        ("portfolio", "inside.txt", b"a file in a portfolio"),
        ("embedded_file", "notes.csv", b"date,note\n"),
        ("file_attachment_annotation", "notes.txt", b"spoken notes"),
        ("multimedia", "clip.mp4", b"not really a film"),
    ],
)
def test_embedded_files_are_written_beside(
    name: str, file: str, content: bytes, tmp_path: Path
) -> None:
    rendition = prepared(name, tmp_path)
    (attachment,) = rendition.attachments
    assert attachment.name == file
    assert attachment.path.parent == tmp_path / "out"
    assert attachment.path.read_bytes() == content
    assert attachment.bytes == len(content)
    assert "attachments-extracted" in codes(rendition)


def test_a_link_inside_the_file_stays_and_leads_to_its_page(tmp_path: Path) -> None:
    rendition = prepared("links_in_and_out", tmp_path)
    assert rendition.path is not None
    reader = pypdf.PdfReader(rendition.path)
    (link,) = reader.pages[0]["/Annots"]
    assert link.get_object()["/Dest"][0] == reader.pages[1].indirect_reference


def test_the_text_of_an_inert_link_stays(tmp_path: Path) -> None:
    rendition = prepared("links_in_and_out", tmp_path)
    assert rendition.path is not None
    assert "Exhibit text 1" in pypdf.PdfReader(rendition.path).pages[0].extract_text()


def test_what_an_earlier_revision_left_behind_is_not_brought_up(tmp_path: Path) -> None:
    pdf = pikepdf.open(HAZARDS["embedded_file"](tmp_path))
    source = tmp_path / "revised.pdf"
    pdf.save(source, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(source) as first:
        catalog, pages = first.Root.objgen[0], first.Root.Pages.objgen[0]
        size = len(first.objects) + 1
    content = source.read_bytes()
    previous = content.split(b"startxref\n")[-1].split()[0]
    update = b"%d 0 obj\n<</Type/Catalog/Pages %d 0 R>>\nendobj\n" % (catalog, pages)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n" % (catalog, len(content))
    trailer = b"<</Root %d 0 R/Size %d/Prev %s>>\n" % (catalog, size, previous)
    start = b"startxref\n%d\n%%%%EOF\n" % (len(content) + len(update))
    source.write_bytes(content + update + table + trailer + start)
    rendition = prepare(source, tmp_path / "out")
    assert rendition.attachments == ()
    assert rendition.pages == 1
    assert "notes" not in plain(rendition.path or source)


def test_a_hidden_layer_stays_hidden(tmp_path: Path) -> None:
    rendition = prepared("hidden_layer", tmp_path)
    assert rendition.path is not None
    picture = subprocess.run(
        ["pdftoppm", "-r", "36", "-gray", str(rendition.path)], check=True, capture_output=True
    ).stdout
    # The layer's bar, at 500 points, lies above the only line of text.
    rows = picture[-396 * 306 :]
    assert min(rows[: 130 * 306]) == 255


def test_an_outline_that_loops_ends(tmp_path: Path) -> None:
    rendition = prepared("outline_loop", tmp_path)
    assert rendition.path is not None
    titles = [item.title for item in pypdf.PdfReader(rendition.path).outline]
    assert titles == ["One", "Two"]
