"""The rule of the page digest, followed twice, comes to the same."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from pypdf import PdfReader

from referrals.verify import page_digests as rule
from referrals.verify.page_digests import page_digests as read_again
from stamping.pages.page_digest import page_digests


def _agreed(path: Path) -> list[str]:
    digests = list(page_digests(path))
    assert read_again(PdfReader(path)) == digests
    return digests


def _save(pdf: Pdf, path: Path, *, packed: bool = True) -> Path:
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    pdf.save(path, object_stream_mode=mode, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return path


@pytest.mark.parametrize("packed", [True, False])
def test_both_agree_on_every_kind_of_value(tmp_path: Path, packed: bool) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 300))
        page = pdf.pages[0].obj
        page.Forms = Array([True, False, None, 1, -2.5, 0.1234567, String("ä"), String("plain")])
        page[Name("/A b")] = Name("/Odd#name")
        page.Foreign = pikepdf.Object.parse(b"/#ba#da")
        page.Count = pdf.make_indirect(pikepdf.Object.parse(b"12"))
        page.Said = pdf.make_indirect(String("shared"))
        page.Shown = pdf.make_stream(b"0 0 10 10 re f", Dictionary(Filler=Name.None_))
        digests = _agreed(_save(pdf, tmp_path / "kinds.pdf", packed=packed))
    assert len(digests[0]) == 64


def test_objects_that_lead_into_each_other_have_an_end(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        for _ in range(3):
            pdf.add_blank_page(page_size=(200, 300))
        one = pdf.make_indirect(Dictionary(Name=String("one")))
        two = pdf.make_indirect(Dictionary(Name=String("two"), Other=one))
        one.Other = two
        one.Self = one
        for page, entry in zip(pdf.pages, (one, two, one), strict=True):
            page.obj.Loop = entry
            page.obj.Neighbour = pdf.pages[1].obj
        digests = _agreed(_save(pdf, tmp_path / "loops.pdf"))
    assert digests[0] == digests[2]
    assert digests[0] != digests[1]


def test_the_digest_follows_what_the_page_shows_and_holds(tmp_path: Path) -> None:
    def page(content: bytes, width: int = 200) -> str:
        with pikepdf.new() as pdf:
            pdf.add_blank_page(page_size=(width, 300))
            pdf.pages[0].obj.Contents = pdf.make_stream(content)
            return _agreed(_save(pdf, tmp_path / "page.pdf"))[0]

    assert page(b"0 0 10 10 re f") == page(b"0 0 10 10 re f")
    assert len({page(b"0 0 10 10 re f"), page(b"0 0 10 11 re f"), page(b"", 201)}) == 3


def test_both_agree_on_every_page_of_the_samples(genuine: Path) -> None:
    for path in sorted((genuine / "data").glob("*.pdf")):
        digests = _agreed(path)
        assert len(set(digests)) == len(digests)


def test_a_file_without_an_end_is_given_up(genuine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "MOST_STEPS", 10)
    with pytest.raises(rule.TooDeepError):
        read_again(PdfReader(next((genuine / "data").glob("*_Packet.pdf"))))
