"""A disk without space is an error in words, and the process lives on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pypdf import PdfReader

SCRIPT = """
import resource, sys
from pathlib import Path
from pikepdf import ObjectStreamMode, Pdf
from stamping.objects.saving import save
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
pdf = Pdf.new()
for number in range(40):
    page = pdf.add_blank_page()
    page.obj.Contents = pdf.make_stream(bytes((number * n) % 256 for n in range(9000)))
try:
    save(pdf, Path(sys.argv[1]), object_stream_mode=ObjectStreamMode.generate)
except OSError as error:
    print(error.strerror)
else:
    print("saved")
"""


def _save(target: Path, limit: int) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, target, str(limit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_full_disk_at_any_point_of_writing_is_an_error(tmp_path: Path) -> None:
    whole = tmp_path / "whole.pdf"
    assert _save(whole, 10_000_000) == "saved"
    assert len(PdfReader(whole).pages) == 40
    size = whole.stat().st_size
    for limit in (0, 100, size // 2, size - 1):
        assert _save(tmp_path / f"{limit}.pdf", limit) == "File too large", limit


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        _save(tmp_path / name, 10_000_000)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
