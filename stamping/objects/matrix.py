"""Affine matrices as PDF writes them (ISO 32000-2 § 8.3.3).

In: six numbers. Out: points moved by them, products and inverses. A matrix is
what stands before `cm`; loading a PDF library for it would cost more than a
small file takes to stamp.
"""

from __future__ import annotations

from typing import NamedTuple


class Matrix(NamedTuple):
    """A matrix `[a b 0; c d 0; e f 1]` by which row vectors are multiplied."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def __matmul__(self, other: Matrix) -> Matrix:
        """Return the matrix that moves a point by this one, and then by `other`."""
        a, b, c, d, e, f = self
        return Matrix(
            a * other.a + b * other.c,
            a * other.b + b * other.d,
            c * other.a + d * other.c,
            c * other.b + d * other.d,
            e * other.a + f * other.c + other.e,
            e * other.b + f * other.d + other.f,
        )

    def transform(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return where `point` is moved to."""
        x, y = point
        return x * self.a + y * self.c + self.e, x * self.b + y * self.d + self.f

    def inverse(self) -> Matrix:
        """Return the matrix that moves every point back.

        Raises:
            ZeroDivisionError: it leads all points onto one line.
        """
        a, b, c, d, e, f = self
        scale = 1.0 / (a * d - b * c)
        return Matrix(
            d * scale,
            -b * scale,
            -c * scale,
            a * scale,
            (c * f - d * e) * scale,
            (b * e - a * f) * scale,
        )
