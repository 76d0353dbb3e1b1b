"""Matrices move points as pikepdf's do."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stamping.objects.matrix import Matrix

NUMBER = st.integers(-40, 40).map(lambda each: each / 8)
SIX = st.tuples(*[NUMBER] * 6)


@given(SIX, SIX, NUMBER, NUMBER)
def test_they_agree_with_pikepdf(
    one: tuple[float, ...], other: tuple[float, ...], x: float, y: float
) -> None:
    ours, theirs = Matrix(*one) @ Matrix(*other), pikepdf.Matrix(*one) @ pikepdf.Matrix(*other)
    assert tuple(ours) == pytest.approx(theirs.shorthand)
    assert ours.transform((x, y)) == pytest.approx(theirs.transform((x, y)))
    assume(abs(one[0] * one[3] - one[1] * one[2]) > 0.01)
    back = Matrix(*one).inverse()
    assert tuple(back) == pytest.approx(pikepdf.Matrix(*one).inverse().shorthand, abs=1e-9)
    assert back.transform(Matrix(*one).transform((x, y))) == pytest.approx((x, y), abs=1e-6)
