"""A PDF of one page written by hand, as unusual generators write them."""

from __future__ import annotations

from pathlib import Path

PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 6 0 R >>"


def write_pdf(
    path: Path,
    content: bytes = b"BT /F1 24 Tf 72 700 Td (EVIDENCE TEXT) Tj ET",
    *,
    page: bytes = PAGE,
    resources: bytes = b"<< /Font << /F1 5 0 R >> >>",
    end: bytes = b"\nendstream",
    catalog: bytes = b"<< /Type /Catalog /Pages 2 0 R >>",
    more: tuple[bytes, ...] = (),
) -> Path:
    """Write it; `more` are objects from number 7 on."""
    objects = [
        catalog,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        b"<< /Length %d >>\nstream\n%s%s" % (len(content), content, end),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        resources,
        *more,
    ]
    text = b"%PDF-1.4\n"
    starts = []
    for number, each in enumerate(objects, start=1):
        starts.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count = len(objects) + 1
    text += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table) + b"trailer\n"
    text += b"<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, text.index(b"xref\n"))
    path.write_bytes(text)
    return path
