"""Files that the engine reads itself give what pikepdf gives, and damage never surprises."""

from __future__ import annotations

import zlib
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import ObjectStreamMode, Pdf

from stamping.errors import StampingError
from stamping.objects import strict_file as plain_file
from stamping.objects.cross_reference import read_stream, read_table
from stamping.objects.file_reader import Stream
from stamping.objects.inflating import inflated
from stamping.objects.pdf_syntax import Ref, UnusualFormError, parse
from stamping.objects.source_objects import SourceObjects
from stamping.objects.strict_file import StrictFile
from tests.stamping.test_assemble import plain, tagged


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tagged file whose objects are in object streams, as pikepdf writes them."""
    folder = tmp_path_factory.mktemp("packed")
    source, path = tagged(folder / "source.pdf", "One", "Two", "Three"), folder / "packed.pdf"
    with Pdf.open(source) as pdf:
        pdf.save(path, object_stream_mode=ObjectStreamMode.generate)
    return path


@pytest.mark.parametrize("mode", [ObjectStreamMode.generate, ObjectStreamMode.disable])
def test_every_object_is_what_pikepdf_reads(
    packed: Path, mode: ObjectStreamMode, tmp_path: Path
) -> None:
    path = tmp_path / "p.pdf"
    with Pdf.open(packed) as pdf:
        pdf.save(path, object_stream_mode=mode, compress_streams=True)
    own = StrictFile(path)
    with Pdf.open(path) as pdf:
        assert len(pdf.objects) > 40
        for number in range(1, len(pdf.objects) + 1):
            theirs = pdf.get_object((number, 0))
            if isinstance(theirs, pikepdf.Stream) and theirs.get("/Type") == "/XRef":
                continue
            ours = own.load(Ref(number))
            if isinstance(theirs, pikepdf.Stream):
                assert isinstance(ours, Stream)
                assert ours.coded() == theirs.read_raw_bytes()
            elif theirs is None or isinstance(theirs, int):
                assert ours == theirs
            else:
                assert ours == parse(theirs.unparse(resolved=True))[0]
        assert [ref for ref, _ in own.leaves()] == [page.obj.objgen[0] for page in pdf.pages]


def test_a_list_of_pages_larger_than_a_block_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_file, "_LARGE_BYTES", 200)
    path = plain(tmp_path / "p.pdf", 60)
    with Pdf.open(path) as pdf:
        pdf.save(tmp_path / "q.pdf", object_stream_mode=ObjectStreamMode.disable)
    assert len(StrictFile(tmp_path / "q.pdf").leaves()) == 60
    monkeypatch.setattr(plain_file, "_LONGEST_VALUE", 300)
    with pytest.raises(UnusualFormError, match="too large"):
        StrictFile(tmp_path / "q.pdf").leaves()


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    place=st.floats(0, 1),
    bytes_=st.binary(min_size=1, max_size=6),
    mode=st.sampled_from(["packed", "table"]),
)
def test_a_damaged_file_is_read_or_refused(
    packed: Path, tmp_path: Path, place: float, bytes_: bytes, mode: str
) -> None:
    source = packed if mode == "packed" else plain(tmp_path / "p.pdf", 3)
    data = bytearray(source.read_bytes())
    at = int(place * (len(data) - len(bytes_)))
    data[at : at + len(bytes_)] = bytes_
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(data)
    try:
        objects = SourceObjects(damaged)
        for number, _ in objects.leaves():
            objects.load(number)
        for number in range(1, 60):
            objects.load(Ref(number))
    except UnusualFormError:
        pytest.fail("what is unusual is for the other reader")
    except StampingError:
        """Refused, as it may be."""


REFUSED = {
    "two revisions": (b"<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R/Prev 9>>", b"\1\0\x0f\0" * 2),
    "encrypted": (b"<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R/Encrypt 1 0 R>>", b"\1\0\x0f\0" * 2),
    "too short": (b"<</Type/XRef/Size 3/W[1 2 1]/Root 1 0 R>>", b"\1\0\x0f\0" * 2),
    "too many": (b"<</Type/XRef/Size 2/Index[0 1 5 1]/W[1 2 1]/Root 1 0 R>>", b"\1\0\x0f\0" * 2),
    "no widths": (b"<</Type/XRef/Size 2/W[0 0 0]/Root 1 0 R>>", b""),
    "huge": (b"<</Type/XRef/Size 99999999999/W[1 2 1]/Root 1 0 R>>", b""),
    "unknown kind": (b"<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R>>", b"\7\0\x0f\0" * 2),
    "a generation": (b"<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R>>", b"\1\0\x0f\1" * 2),
    "behind the table": (b"<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R>>", b"\1\xff\xff\0" * 2),
    "no root": (b"<</Type/XRef/Size 2/W[1 2 1]>>", b"\1\0\x0f\0" * 2),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_cross_reference_that_is_not_in_order_is_refused(name: str) -> None:
    entries, content = REFUSED[name]
    with pytest.raises(UnusualFormError):
        read_stream(parse(entries)[0], content, 900)


def test_a_cross_reference_stream_says_where_each_object_is() -> None:
    entries = parse(b"<</Type/XRef/Size 5/Index[0 2 3 2]/W[1 2 1]/Root 1 0 R>>")[0]
    rows = b"\0\0\0\xff" + b"\1\0\x0f\0" + b"\2\0\1\0" + b"\1\1\0\0"
    places = read_stream(entries, rows, 900)
    assert [places.offset(number) for number in range(6)] == [0, 15, 0, 0, 256, 0]
    assert [places.holder(number) for number in range(6)] == [0, 0, 0, 1, 0, 0]
    assert list(places.starts) == [15, 256, 900]


def test_a_hybrid_file_is_refused() -> None:
    table = b"xref\n0 2\n0000000000 65535 f \n0000000015 00000 n \n"
    trailer = b"trailer\n<</Size 2 /Root 1 0 R%s>>\n"
    assert read_table(table + trailer % b"", 900).offset(1) == 15
    with pytest.raises(UnusualFormError):
        read_table(table + trailer % b" /XRefStm 20", 900)


def test_no_more_is_inflated_than_allowed() -> None:
    deflate = {"Filter": "FlateDecode"}
    coded = zlib.compress(bytes(100_000))
    assert inflated(deflate, coded, 100_000) == bytes(100_000)
    assert inflated(deflate, coded, 99_999) is None
    assert inflated(deflate, coded[:-8], 10**9) is None
    assert inflated(deflate, coded + b"\r\n", 10**9) == bytes(100_000)
    assert inflated({"Filter": "LZWDecode"}, coded, 10**9) is None


def test_rows_that_differ_from_those_above_are_added_up() -> None:
    parameters = {"Columns": 2, "Predictor": 12}
    rows = zlib.compress(bytes([2, 1, 250, 2, 3, 10, 2, 0, 0]))
    entries = {"Filter": "FlateDecode", "DecodeParms": parameters}
    assert inflated(entries, rows, 10**6) == bytes([1, 250, 4, 4, 4, 4])
    other = {**entries, "DecodeParms": {"Columns": 2, "Predictor": 15}}
    assert inflated(other, rows, 10**6) is None
