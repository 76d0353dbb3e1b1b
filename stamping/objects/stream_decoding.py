"""What a content stream says once its filters are undone.

In: a stream as it is coded. Out: its bytes, or None where no reader could agree
on them: damaged, of an unknown filter, or larger than content ever is. What
`inflating` does not know, pikepdf does.
"""

from __future__ import annotations

from stamping.objects.file_reader import DEFLATED, Stream
from stamping.objects.inflating import inflated
from stamping.objects.pdf_syntax import Value, written
from stamping.objects.source_objects import SourceObjects

_LARGEST = 512 * 1024**2
_FLATE = ("FlateDecode", ["FlateDecode"])


def decoded(stream: Stream, source: SourceObjects) -> bytes | None:
    """Return the decoded bytes of `stream`."""
    if stream.entries == DEFLATED:
        return inflated(DEFLATED, stream.coded(), _LARGEST)
    coding = source.resolve(stream.entries.get("Filter"))
    parameters = source.resolve(stream.entries.get("DecodeParms"))
    if coding in (None, []):
        return stream.coded()
    if coding in _FLATE and parameters in (None, [None], {}):
        return inflated(DEFLATED, stream.coded(), _LARGEST)
    # pikepdf is loaded for the streams that need it.
    from stamping.objects.library_decoding import decoded_by_library

    return decoded_by_library(
        stream.coded(), written(_direct(source, coding)), written(_direct(source, parameters))
    )


def _direct(source: SourceObjects, value: Value) -> Value:
    """Return filters or their parameters with nothing by reference."""
    held = source.resolve(value)
    if isinstance(held, Stream):
        return None
    if type(held) is dict:
        return {key: source.resolve(each) for key, each in held.items() if key != "JBIG2Globals"}
    if type(held) is list:
        return [_direct(source, each) for each in held]
    return held
