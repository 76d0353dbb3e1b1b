"""Word documents: what an independent walk of the XML finds is on the pages, or is named."""

from __future__ import annotations

import io
import random
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from referrals.errors import InputError
from referrals.text_files.word_text import main_text, word_form
from referrals.text_files.written_form import LONGEST_LINE, Mark, WrittenForm

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def document(path: Path, body: str, **parts: str | bytes) -> Path:
    """Write a package by hand; `parts` are by name, `__` for a slash, below `word/`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"
        )
        for name, content in parts.items():
            package.writestr("word/" + name.replace("__", "/").replace("_xml", ".xml"), content)
    return path


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*pieces: str) -> str:
    return f"<w:p>{''.join(pieces)}</w:p>"


def part(tag: str, inner: str) -> str:
    return f"<w:{tag} {NAMES}>{inner}</w:{tag}>"


def words_in(path: Path) -> set[str]:
    """Return every word of every part, as another XML reader finds them."""
    words: set[str] = set()
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                for element in ElementTree.fromstring(package.read(name)).iter():
                    if element.tag.rpartition("}")[2] in ("t", "delText"):
                        words |= set((element.text or "").split())
    return words


def everything(form: WrittenForm) -> str:
    return form.text


CONSTRUCTS = (
    lambda text: paragraph(run(text)),
    lambda text: paragraph(f'<w:ins w:author="A">{run(text)}</w:ins>'),
    lambda text: paragraph(f'<w:moveTo w:author="A">{run(text)}</w:moveTo>'),
    lambda text: paragraph(f'<w:del w:author="A"><w:r><w:delText>{text}</w:delText></w:r></w:del>'),
    lambda text: f"<w:sdt><w:sdtContent>{paragraph(run(text))}</w:sdtContent></w:sdt>",
    lambda text: paragraph(f"<w:sdt><w:sdtContent>{run(text)}</w:sdtContent></w:sdt>"),
    lambda text: paragraph(f'<w:fldSimple w:instr="PAGE">{run(text)}</w:fldSimple>'),
    lambda text: paragraph(f'<w:hyperlink r:id="x">{run(text)}</w:hyperlink>'),
    lambda text: paragraph(f"<m:oMath><m:r><m:t>{text}</m:t></m:r></m:oMath>"),
    lambda text: paragraph(f"<w:smartTag>{run(text)}</w:smartTag>"),
    lambda text: paragraph(
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>"
        f"{paragraph(run(text))}</w:txbxContent></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><w:txbxContent>{paragraph(run(text))}</w:txbxContent></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    ),
    lambda text: f"<w:tbl><w:tr><w:tc>{paragraph(run(text))}</w:tc></w:tr></w:tbl>",
    lambda text: (
        "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>"
        f"{paragraph(run(text))}</w:tc></w:tr></w:tbl>{paragraph()}</w:tc></w:tr></w:tbl>"
    ),
    lambda text: (
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2000000000'/></w:tcPr>"
        f"{paragraph(run(text))}</w:tc></w:tr></w:tbl>"
    ),
)


@pytest.mark.parametrize("seed", range(20))
def test_all_text_of_any_document_is_shown(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    body = "".join(chance.choice(CONSTRUCTS)(f"word{seed}x{place}") for place in range(12))
    path = document(
        tmp_path / "a.docx",
        body,
        header1_xml=part("hdr", paragraph(run(f"head{seed}"))),
        footer2_xml=part("ftr", paragraph(run(f"foot{seed}"))),
        footnotes_xml=part(
            "footnotes", f'<w:footnote w:id="2">{paragraph(run("noted"))}</w:footnote>'
        ),
        endnotes_xml=part("endnotes", f'<w:endnote w:id="3">{paragraph(run("ended"))}</w:endnote>'),
        comments_xml=part(
            "comments",
            f'<w:comment w:id="0" w:author="B">{paragraph(run("remark"))}</w:comment>',
        ),
        charts__chart1_xml=f"<c {NAMES}><a:t>chartword</a:t></c>",
    )
    form = word_form(path, "a.docx")
    shown = everything(form)
    assert {word for word in words_in(path) if word not in shown} == set()
    assert form.account.unexplained == 0
    assert sum(tally.held for tally in form.account.tallies) > 0


def test_a_loss_that_nobody_foresaw_shows_in_the_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = document(tmp_path / "a.docx", paragraph(run("kept")) + paragraph(run("lost")))
    monkeypatch.setattr(
        "referrals.text_files.word_text._Reader._paragraph",
        lambda self, element: iter(()),
    )
    assert word_form(path, "a.docx").account.unexplained == len("keptlost")


def test_a_merged_cell_stands_once_and_spans(tmp_path: Path) -> None:
    cell = f"<w:tc><w:tcPr><w:gridSpan w:val='3'/></w:tcPr>{paragraph(run('SPAN'))}</w:tc>"
    path = document(tmp_path / "a.docx", f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>")
    [table] = [block for block in word_form(path, "a.docx").blocks if block.rows]
    assert [(each.text, each.columns) for each in table.rows[0]] == [("SPAN", 3)]


def test_deletions_are_listed_and_insertions_read_on(tmp_path: Path) -> None:
    body = paragraph(
        run("The officer was "),
        '<w:del w:author="A"><w:r><w:delText>across the street</w:delText></w:r></w:del>',
        f'<w:ins w:author="A">{run("beside the van")}</w:ins>',
        run(" at 21:03."),
    )
    form = word_form(document(tmp_path / "a.docx", body), "a.docx")
    assert form.blocks[0].text == "The officer was beside the van at 21:03."
    assert "across the street" in everything(form)
    assert "tracked-changes" in {notice.code for notice in form.notices}
    assert [each.text for each in main_text(tmp_path / "a.docx", "a.docx")] == [
        "The officer was beside the van at 21:03."
    ]


def test_a_deletion_is_struck_out_where_it_stood_and_an_insertion_underlined(
    tmp_path: Path,
) -> None:
    body = paragraph(
        run("Seen "),
        '<w:del w:author="A" w:date="2026-03-01"><w:r><w:delText>at noon</w:delText></w:r></w:del>',
        f'<w:ins w:author="B">{run("at 21:03")}</w:ins>',
    )
    reading, redline, *_, table = word_form(document(tmp_path / "a.docx", body), "a.docx").blocks
    assert [(each.text, each.mark) for each in reading.runs] == [
        ("Seen ", Mark.NONE),
        ("at 21:03", Mark.INSERTED),
    ]
    assert [(each.text, each.mark) for each in redline.runs][1] == ("at noon", Mark.DELETED)
    assert [[cell.text for cell in row] for row in table.rows[1:]] == [
        ["deleted", "A", "2026-03-01", "at noon"],
        ["inserted", "B", "", "at 21:03"],
    ]


def test_text_that_was_inserted_and_deleted_again_is_deleted(tmp_path: Path) -> None:
    gone = '<w:del w:author="B"><w:r><w:delText>never</w:delText></w:r></w:del>'
    body = paragraph(run("kept"), f'<w:ins w:author="A">{gone}</w:ins>')
    form = word_form(document(tmp_path / "a.docx", body), "a.docx")
    assert form.blocks[0].text == "kept"
    assert form.account.unexplained == 0


@pytest.mark.parametrize(
    ("run_content", "seen"),
    [
        ("<w:fldChar><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar>", "☑"),
        (
            '<w:fldChar><w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData>'
            "</w:fldChar>",
            "☐",
        ),
        (
            '<w:fldChar><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="No"/>'
            '<w:listEntry w:val="Yes"/></w:ddList></w:ffData></w:fldChar>',
            "Yes",
        ),
        ('<w:sym w:font="Wingdings" w:char="F0FC"/>', "✓"),
        ('<w:pict><v:shape><v:textpath string="DRAFT ONLY"/></v:shape></w:pict>', "DRAFT ONLY"),
    ],
)
def test_what_word_prints_without_holding_it_as_text_is_shown(
    run_content: str, seen: str, tmp_path: Path
) -> None:
    path = document(
        tmp_path / "a.docx", paragraph(run("Force used: "), f"<w:r>{run_content}</w:r>")
    )
    assert word_form(path, "a.docx").blocks[0].text == f"Force used: {seen}"


def test_files_inside_and_links_are_named(tmp_path: Path) -> None:
    relations = (
        '<Relationships><Relationship Id="rId1" Type="x/hyperlink" TargetMode="External" '
        'Target="https://example.org/a"/>'
        '<Relationship Id="rId2" Type="x/aFChunk" Target="afchunk.html"/></Relationships>'
    )
    link = f'<w:hyperlink r:id="rId1">{run("the report")}</w:hyperlink>'
    path = document(
        tmp_path / "a.docx",
        paragraph(link) + '<w:altChunk r:id="rId2"/>',
        **{"_rels/document.xml.rels": relations, "afchunk.html": "<p>x</p>"},
        **{"embeddings/sheet1.xlsx": b"cells", "media/unused.png": b"pixels"},
    )
    form = word_form(path, "a.docx")
    lines = [block.text for block in form.blocks]
    assert "the report: https://example.org/a" in lines
    assert "[Text in a file of its own, not shown: word/afchunk.html]" in lines
    assert "word/embeddings/sheet1.xlsx (5 bytes)" in lines
    assert "word/media/unused.png (6 bytes)" in lines
    assert {"embedded-files", "picture-not-shown"} <= {notice.code for notice in form.notices}
    assert form.account.unexplained == 0


def test_the_main_part_is_the_one_that_the_package_names(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    body = f"<w:document {NAMES}><w:body>{paragraph(run('SEEN'))}</w:body></w:document>"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "_rels/.rels",
            '<Relationships><Relationship Type="x/officeDocument" Target="/word/document2.xml"/>'
            "</Relationships>",
        )
        package.writestr("Word\\Document2.xml", body)
    assert word_form(path, "a.docx").blocks[0].text == "SEEN"


def test_a_document_in_the_strict_language_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    space = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    cell = (
        '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>CELL</w:t></w:r></w:p></w:tc>'
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>STRICT</w:t></w:r></w:p>'
            f"<w:tbl><w:tr>{cell}</w:tr></w:tbl></w:body></w:document>",
        )
    text, table = word_form(path, "a.docx").blocks
    assert text.text == "STRICT"
    assert (table.rows[0][0].text, table.rows[0][0].columns) == ("CELL", 2)


def test_another_language_with_the_same_name_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<html><p>words</p></html>")
    with pytest.raises(InputError, match="not a Word document"):
        word_form(path, "a.docx")


def test_a_broken_part_beside_the_pages_is_named(tmp_path: Path) -> None:
    path = document(tmp_path / "a.docx", paragraph(run("SEEN")), header1_xml="<w:hdr>cut")
    form = word_form(path, "a.docx")
    [told] = [notice for notice in form.notices if notice.code == "part-unreadable"]
    assert "word/header1.xml" in told.message


def test_nested_alternatives_are_read_in_a_moment(tmp_path: Path) -> None:
    inner = run("DEEP")
    for _ in range(60):
        inner = (
            f"<mc:AlternateContent><mc:Choice>{inner}</mc:Choice>"
            "<mc:Fallback><w:r/></mc:Fallback></mc:AlternateContent>"
        )
    path = document(tmp_path / "a.docx", paragraph(inner))
    assert word_form(path, "a.docx").blocks[0].text == "DEEP"


def test_lists_have_their_numbers(tmp_path: Path) -> None:
    numbering = part(
        "numbering",
        '<w:abstractNum w:abstractNumId="7">'
        '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText '
        'w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText '
        'w:val="%1.%2)"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>',
    )

    def item(level: int, text: str) -> str:
        return paragraph(
            f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>',
            run(text),
        )

    body = item(0, "A") + item(1, "B") + item(1, "C") + item(0, "D") + item(1, "E")
    form = word_form(document(tmp_path / "a.docx", body, numbering_xml=numbering), "a.docx")
    assert [block.text.split("\t")[0] for block in form.blocks] == [
        "3.",
        "3.a)",
        "3.b)",
        "4.",
        "4.a)",
    ]


def test_a_picture_is_shown_or_named(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(stream, "PNG")
    drawing = (
        '<w:r><w:drawing><wp:inline><wp:docPr descr="The van"/><a:blip r:embed="rId{0}"/>'
        "</wp:inline></w:drawing></w:r>"
    )
    relations = (
        '<Relationships><Relationship Id="rId1" Target="media/a.png"/>'
        '<Relationship Id="rId2" Target="media/b.emf"/></Relationships>'
    )
    path = tmp_path / "a.docx"
    document(path, paragraph(drawing.format(1), drawing.format(2)))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("word/_rels/document.xml.rels", relations)
        package.writestr("word/media/a.png", stream.getvalue())
        package.writestr("word/media/b.emf", b"no picture")
    form = word_form(path, "a.docx")
    [shown] = [block for block in form.blocks if block.kind == "picture"]
    assert shown.text == "The van (a.png)"
    assert re.match("data:image/png;base64,", shown.address)
    assert "b.emf" in everything(form)
    assert "picture-not-shown" in {notice.code for notice in form.notices}


@pytest.mark.parametrize(
    "body",
    [
        "<w:p><w:r><w:t>cut",
        "<w:tbl><w:tr><w:tc>" * 1500 + "</w:tc></w:tr></w:tbl>" * 1500,
        '<!DOCTYPE x [<!ENTITY a "b">]>&a;',
    ],
)
def test_a_document_that_cannot_be_read_is_refused_with_a_sentence(
    body: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"a\.docx is not a Word document"):
        word_form(document(tmp_path / "a.docx", body), "a.docx")


def test_a_package_that_unpacks_beyond_measure_is_refused(tmp_path: Path) -> None:
    path = document(tmp_path / "a.docx", paragraph(run("x")), bomb_xml=b" " * 300_000_000)
    with pytest.raises(InputError, match="larger than can be read"):
        word_form(path, "a.docx")


def test_an_external_entity_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "word/document.xml",
            f'<!DOCTYPE d [<!ENTITY s SYSTEM "file://{secret}">]>'
            f"<w:document {NAMES}><w:body><w:p><w:r><w:t>&s;"
            f"</w:t></w:r></w:p></w:body></w:document>",
        )
    assert "SECRET" not in everything(word_form(path, "a.docx"))


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("<w:strike/>", "[struck through: NOT]"),
        ('<w:dstrike w:val="1"/>', "[struck through: NOT]"),
        ('<w:strike w:val="0"/>', "NOT"),
        ('<w:vertAlign w:val="superscript"/>', "^(NOT)"),
        ('<w:vertAlign w:val="subscript"/>', "_(NOT)"),
    ],
)
def test_a_form_that_changes_the_meaning_is_written_out(
    form: str, shown: str, tmp_path: Path
) -> None:
    body = paragraph(f"<w:r><w:rPr>{form}</w:rPr><w:t>NOT</w:t></w:r>")
    made = word_form(document(tmp_path / "a.docx", body), "a.docx")
    assert made.blocks[0].text == shown
    assert made.account.unexplained == 0


def test_a_row_that_was_deleted_is_listed_as_deleted(tmp_path: Path) -> None:
    deleted = "<w:trPr><w:del w:author='A'/></w:trPr>"
    body = (
        f"<w:tbl><w:tr><w:tc>{paragraph(run('KEPT'))}</w:tc></w:tr>"
        f"<w:tr>{deleted}<w:tc>{paragraph(run('GONE'))}</w:tc></w:tr></w:tbl>"
    )
    made = word_form(document(tmp_path / "a.docx", body), "a.docx")
    [table, *_] = [block for block in made.blocks if block.rows]
    assert [cell.text for row in table.rows for cell in row if cell.text] == ["KEPT"]
    assert "GONE" in made.text
    assert made.account.unexplained == 0


def test_a_cell_that_no_page_holds_is_written_line_by_line(tmp_path: Path) -> None:
    long = " ".join(f"word{number}" for number in range(600))
    body = f"<w:tbl><w:tr><w:tc>{paragraph(run(long))}</w:tc></w:tr></w:tbl>"
    made = word_form(document(tmp_path / "a.docx", body), "a.docx")
    assert not any(block.rows for block in made.blocks)
    assert "word599" in made.text


def test_a_word_that_no_line_holds_is_broken_and_loses_nothing(tmp_path: Path) -> None:
    body = paragraph(run("before "), f'<w:ins w:author="A">{run("x" * 4_000)}</w:ins>')
    made = word_form(document(tmp_path / "a.docx", body), "a.docx")
    pieces = [block for block in made.blocks if block.kind == "preformatted"]
    assert max(len(block.text) for block in pieces) <= LONGEST_LINE
    assert sum(block.text.count("x") for block in pieces) == 4_000
    assert made.account.unexplained == 0
