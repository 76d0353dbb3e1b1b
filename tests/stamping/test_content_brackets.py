"""Whether content closes what it opens is known, quickly where it does, right in any case."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stamping.objects import content_brackets
from stamping.objects.balance import EVEN, Balance, is_plainly_even
from stamping.objects.content_brackets import balance_of, without_marks
from tests.stamping.page_variants import INK

PIECES = st.sampled_from(
    [
        *(b"q", b"Q", b"BT", b"ET", b"/Span BMC", b"/OC /L BDC", b"/P <</MCID 0>> BDC", b"EMC"),
        *(
            b"(50% OF ID) Tj",
            rb"(\\\\) Tj",
            rb"(a \( (b\)) c) Tj",
            rb"(((\(q))) Tj",
            b"(MP \\(BDC) Tj",
        ),
        *(b"(q Q BT) Tj", b"(a (nested q) b) Tj", rb"(\) q \( Q) Tj", b"<51> Tj", b"% q ( BT\n"),
        *(b"/Q gs", b"/q1 gs", b"/BT0 gs", b"1 0 0 1 0 0 cm", b"0 0 9 9 re f B*", b"/ET Do"),
        b"BI /W 1 /H 1 /BPC 8 /CS /G ID q EI",
    ]
)


def by_qpdf(content: bytes) -> Balance:
    """Count brackets as qpdf's tokens have them."""
    depth = lowest = marks = 0
    text = marked = False
    with pikepdf.Pdf.new() as pdf:
        instructions = pikepdf.parse_content_stream(pdf.make_stream(content))
    for instruction in instructions:
        match str(instruction.operator):
            case "q":
                depth += 1
            case "Q":
                depth -= 1
                lowest = min(lowest, depth)
            case "BT":
                text = True
            case "ET":
                text = False
            case "EMC":
                marks = max(0, marks - 1)
            case "BMC" | "BDC":
                marks, marked = marks + 1, True
    return Balance(-lowest, depth - lowest, text, marks, marked)


@given(st.lists(PIECES, max_size=12), st.sampled_from([b" ", b"\n"]))
def test_balance_agrees_with_qpdf(pieces: list[bytes], between: bytes) -> None:
    content = between.join(pieces)
    assert balance_of(content) == by_qpdf(content)


def _is_even_indeed(content: bytes) -> bool:
    """Return what is known of content without the quick proof."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content_brackets, "is_plainly_even", lambda _: False)
        return balance_of(content) == EVEN


@given(st.text(r"qQ()\%[]<>MPIDBTE /" + "\n", max_size=40))
def test_the_quick_proof_holds_whatever_stands_where(text: str) -> None:
    content = text.encode()
    assert not is_plainly_even(content) or _is_even_indeed(content)


@given(st.lists(PIECES, max_size=12), st.sampled_from([b"", b" ", b"\0", b"\xff"]))
def test_the_quick_proof_holds_for_whatever_is_written_together(
    pieces: list[bytes], between: bytes
) -> None:
    content = between.join(pieces)
    assert not is_plainly_even(content) or _is_even_indeed(content)


def test_text_in_capitals_and_with_escapes_is_quickly_proven() -> None:
    assert is_plainly_even(rb"q BT (SAMPLE ID 50% \(of\) (more \\)) Tj ET Q")
    assert is_plainly_even(b"q BT [(In) 3 (D M) -20 (Med DI)] TJ ET Q\r\nq\0Q")
    assert not any(is_plainly_even(b"q " + word + b" Q") for word in (b"xq", b"Qx", b"/q Q", b"qQ"))
    assert not is_plainly_even(rb"/a\(q) Tj q")
    assert not is_plainly_even(b"% ( \n q ) Q")


@given(st.binary(max_size=60))
def test_any_bytes_have_an_answer(content: bytes) -> None:
    held = balance_of(content)
    assert min(held.surplus, held.open_states, held.open_marks) >= 0
    without_marks(content)


def test_marks_go_and_layers_stay() -> None:
    content = (
        b"/Span <</ActualText (EMC) /N <</A 1>>>> BDC (BMC) Tj /OC /L BDC q Q EMC EMC /X MP " + INK
    )
    left = without_marks(content)
    kept = b"/Span <</ActualText (EMC)>> BDC (BMC) Tj /OC /L BDC q Q EMC EMC "
    assert left.split() == (kept + INK).split()
    assert balance_of(left).open_marks == 0


@pytest.mark.parametrize(
    "content",
    [
        b"q (no end Q",
        rb"(the end is told \) to be text",
        b"BT [ (a) 3 (b) TJ ET",
        b"/P << /MCID 0 BDC EMC",
        b"<41 42 Tj",
        b"BI /W 1 /H 1 ID \1\2\3",
    ],
)
def test_what_takes_all_that_follows_it_is_not_readable(content: bytes) -> None:
    assert not balance_of(content).readable


@pytest.mark.parametrize(
    "content", [b"(a) Tj ]", b"% (", b"(<[) Tj", b"<< >> > q Q", b"BI ID 1 EI"]
)
def test_what_closes_all_that_it_opens_is_readable(content: bytes) -> None:
    assert balance_of(content).readable


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (b"/P <</MCID 3>> BDC (x) Tj EMC", b"(x) Tj"),
        (
            b"/P <</MCID 3/ActualText<FEFF0041>>>BDC (x) Tj EMC",
            b"/Span <</ActualText<FEFF0041>>> BDC (x) Tj EMC",
        ),
        (b"/Span /Words BDC (x) Tj EMC", b"/Span <</ActualText (Nor)>> BDC (x) Tj EMC"),
        (b"/Span /Wo#72ds BDC (x) Tj EMC", b"/Span <</ActualText (Nor)>> BDC (x) Tj EMC"),
        (b"/Span /Other BDC (x) Tj EMC", b"(x) Tj"),
        (b"/#4fC /L BDC (x) Tj EMC", b"/#4fC /L BDC (x) Tj EMC"),
    ],
)
def test_text_that_replaces_glyphs_stays_with_them(content: bytes, left: bytes) -> None:
    assert b" ".join(without_marks(content, {"Words": b"(Nor)"}).split()) == left
