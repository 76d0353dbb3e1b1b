"""Values survive being written and read, and what is malformed is refused."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stamping.objects.pdf_syntax import Ref, UnusualFormError, Value, parse, text_string, written

NAMES = st.text("ABCdef019-+.:", min_size=1, max_size=8)
PLAIN = (
    st.booleans()
    | st.integers(-(2**31), 2**31)
    | st.floats(-1e6, 1e6).map(lambda value: round(value, 6))
    | NAMES
    | st.binary(max_size=20)
)


def nested(leaves: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
        max_leaves=20,
    )


VALUES = nested(PLAIN | st.none() | st.integers(1, 9999).map(Ref))


@given(VALUES)
def test_what_is_written_reads_the_same(value: Value) -> None:
    text = written(value).encode("latin-1")
    assert parse(text + b" endobj") == (value, len(text))


# pikepdf drops keys whose value is null, and parses no reference without a file.
@given(nested(PLAIN))
def test_pikepdf_reads_the_same(value: Value) -> None:
    held = pikepdf.Object.parse(written([value]).encode("latin-1"))
    assert parse(held.unparse())[0] == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"(a\\(b\\\nc(d)\\101\\r\r\n)", b"a(bc(d)A\r\n"),
        (b"<4 1 5>", b"AP"),
        (b"[1 2 0 R 3]", [1, Ref(2), 3]),
        (b"[-.5 +1. 4]", [-0.5, 1.0, 4]),
        (b"<</A/B/C<</D[]>>>>", {"A": "B", "C": {"D": []}}),
    ],
)
def test_forms_of_values(text: bytes, value: Value) -> None:
    assert parse(text)[0] == value


@pytest.mark.parametrize(
    "text",
    [b"", b"<</A>>", b"<</A 1 /A 2>>", b"(open", b"]", b"[% x\n]", b"[" * 500, b"1x", b"<<1 2>>"],
)
def test_what_is_not_well_formed_is_refused(text: bytes) -> None:
    with pytest.raises(UnusualFormError):
        parse(text)


def test_text_strings() -> None:
    assert text_string("Exhibit A") == b"Exhibit A"
    assert text_string("Łódź").decode("utf-16") == "Łódź"
