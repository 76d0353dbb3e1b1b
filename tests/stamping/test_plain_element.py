"""Structure elements read by one expression are what the whole syntax reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from weasyprint import HTML

from stamping.assembly import structure_tree
from stamping.assembly.engine import assemble
from stamping.assembly.plain_element import plain_element
from stamping.objects.pdf_syntax import Ref, Value, parse, written
from stamping.values import Part
from tests.stamping.test_stamp import order

REFS = st.integers(1, 10**6).map(Ref)
KIDS = st.one_of(
    st.integers(0, 10**4), REFS, st.lists(st.one_of(st.integers(0, 99), REFS), max_size=5)
)
ATTRIBUTES = st.just({"O": "Table", "Headers": [b"3-0-0", b"3-1-0"]})
ELEMENTS = st.fixed_dictionaries(
    {"S": st.sampled_from(["TD", "Span", "H1", "Link"])},
    optional={"Type": st.just("StructElem"), "K": KIDS, "Pg": REFS, "P": REFS, "A": ATTRIBUTES},
)
RICH = """<html lang='en'><title>t</title><style>section { break-before: page }</style><body>
<section><h1>Índex &amp; (log)</h1><p>one <a href='#b'>link</a> and <b>text</b></p>
<table><thead><tr><th scope=col>Part<th scope=col>Title</tr></thead>
<tbody><tr><th scope=row>1<td>Memo</tr><tr><td colspan=2>two</tr></tbody></table></section>
<section id='b'><h2>Second</h2><ul><li>a<li>b</ul><img alt='A picture' src='data:image/svg+xml,
<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'></section></body></html>"""


@given(ELEMENTS, st.permutations(range(6)), st.booleans())
def test_it_is_what_the_syntax_reads(
    entries: dict[str, Value], turn: list[int], spaced: bool
) -> None:
    keys = list(entries)
    ordered = {keys[place]: entries[keys[place]] for place in turn if place < len(keys)}
    text = written(ordered).encode("latin-1")
    if spaced:
        text = text.replace(b"[", b"[ ").replace(b"]", b" ]").replace(b"<<", b"<< ") + b"\n"
    found = plain_element(text, Ref(7))
    assert found is not None
    kids = entries.get("K", [])
    kids = kids if type(kids) is list else [kids]
    assert (found.role, found.page) == (entries["S"], entries.get("Pg"))
    assert [(type(kid), kid) for kid in found.kids] == [(type(kid), kid) for kid in kids]
    attributes = parse(found.attributes)[0] if found.attributes else None
    assert attributes == entries.get("A")


@pytest.mark.parametrize(
    "text",
    [
        b"<</Type /StructElem /S /TD /K [1] /T (a title)>>",
        b"<</Type /StructElem /S /TD /K <</Type /MCR /MCID 1>>>>",
        b"<</Type /StructElem /S /TD /K [1 <</Type /OBJR /Obj 3 0 R>>]>>",
        b"<</Type /StructElem /S /TD /K 3 1 R>>",
        b"<</Type /StructElem /S /T#44 /K 1>>",
        b"<</Type /StructElem /K 1>>",
        b"<</Type /MCR /S /TD /K 1>>",
        b"<</S /TD /K [1 2>>",
        b"<</S /TD /K [1 R]>>",
        b"<</S /TD /K 1>> 2",
        b"8 0 obj <</S /TD /K 1>> endobj",
    ],
)
def test_what_says_more_is_left_to_the_whole_syntax(text: bytes) -> None:
    assert plain_element(text, Ref(7)) is None


def test_it_may_stand_by_itself() -> None:
    found = plain_element(b"7 0 obj\n<< /K 5 0 R /S /TD >>\nendobj\n", Ref(7))
    assert found == ("TD", [Ref(5)], None, b"")


@pytest.mark.parametrize("mode", list(pikepdf.ObjectStreamMode)[1:])
def test_a_tree_is_the_same_either_way(
    mode: pikepdf.ObjectStreamMode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = []
    for name in ("a", "b"):
        drawn, saved = tmp_path / f"{name}0.pdf", tmp_path / f"{name}.pdf"
        HTML(string=RICH).write_pdf(drawn, pdf_variant="pdf/ua-1")
        with pikepdf.Pdf.open(drawn) as pdf:
            pdf.save(saved, object_stream_mode=mode)
        sources.append(saved)
    parts = [Part(sources[0], (2, 2), "A"), Part(sources[1], title="B"), Part(sources[0], (1, 1))]
    read: list[bool] = []

    def counted(text: bytes, ref: Ref) -> Any:
        found = plain_element(text, ref)
        read.append(found is not None)
        return found

    trees = []
    for instead in (counted, lambda *_: None):
        monkeypatch.setattr(structure_tree, "plain_element", instead)
        made = assemble(parts, order(), tmp_path / "out.pdf").path
        with pikepdf.Pdf.open(made) as pdf:
            trees.append((told(pdf.Root.StructTreeRoot), by_number(pdf)))
    assert trees[0] == trees[1]
    assert sum(read) > 20


def told(node: Any, depth: int = 0) -> Any:
    """Return an element with all below it, as plain values."""
    if isinstance(node, pikepdf.Array):
        return [told(each, depth) for each in node]
    if not isinstance(node, pikepdf.Dictionary):
        return str(node)
    if node.get("/Type") == "/Page":
        return "page", bytes(node.Contents[-1].read_bytes())
    kept = [key for key in node if key not in ("/P", "/ParentTree", "/IDTree", "/Parent")]
    return {key: told(node[key], depth + 1) for key in sorted(kept)} if depth < 60 else "deep"


def by_number(pdf: pikepdf.Pdf) -> list[Any]:
    """Return the roles that each page's and annotation's number leads to."""
    found = []
    for leaf in pdf.Root.StructTreeRoot.ParentTree.get("/Kids", []):
        for value in list(leaf.Nums)[1::2]:
            held = list(value) if isinstance(value, pikepdf.Array) else [value]
            found.append([str(each.S) if each is not None else "" for each in held])
    return found
