"""Page labels: what a reader calls a page is what stands printed on it.

In: how many pages stand before the numbered ones, and the numbers. Out: the label of
each page, and the catalog's number tree that says the same (ISO 32000-2 § 12.4.2).
"""

from __future__ import annotations

from stamping.bates import BatesRange
from stamping.objects.pdf_syntax import Value, text_string


def page_labels(numbers: BatesRange, front_pages: int = 0) -> Value:
    """Return the number tree that labels every page with what is stamped on it.

    A label has no fixed width, so the zeros stand in the prefix and a new range
    begins at each power of ten.
    """
    series = numbers.series
    starts = [numbers.first]
    starts += [
        10**power for power in range(1, series.width) if numbers.first < 10**power <= numbers.last
    ]
    ranges: list[Value] = [0, {"S": "r"}] if front_pages else []
    for start in starts:
        stem = series.stem + "0" * (series.width - len(str(start)))
        place = front_pages + start - numbers.first
        ranges += [place, {"S": "D", "P": text_string(stem), "St": start}]
    return {"Nums": ranges}
