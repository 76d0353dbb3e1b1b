"""The coverage of the event drawn as bars: who was there when, and what was recorded.

In: lanes in the case's zone. Out: an SVG picture and the sentence that describes
it. A unit's time on the event is an open bar, a recording a dark one within or
beside it, so that the picture needs no colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from referrals.evidence.coverage import Lane, RecordedSpan, Span
from referrals.packet.timeline import WIDTH, round_moments

LEFT, RIGHT = 74.0, 8.0
"""Points beside the bars; the lanes' titles stand at the left."""

BAR, ROW = 7.0, 9.0
"""Points: the height of a recording's bar, and of a row of them."""

LEAST = 1.6
"""Points that the shortest recording takes, so that it is seen."""

LETTER = 4.1
"""Points that a character of a recording's key takes."""

TEXT = 'font-family="Public Sans" font-size="7.5"'


def coverage_chart(lanes: Sequence[Lane], event: Span, zone: ZoneInfo) -> Markup:
    """Return the drawing of `lanes`; empty where there is neither unit nor recording."""
    if not lanes:
        return Markup("")
    whole = _whole(lanes, event)
    seconds = max(whole.length.total_seconds(), 1.0)

    def x(moment: datetime) -> float:
        part = (moment - whole.began).total_seconds() / seconds
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    drawn: list[str] = []
    top = 4.0
    for lane in lanes:
        rows = _rows(lane.recordings, x)
        height = max(len(rows), 1) * ROW + 3
        drawn.append(
            f'<text x="0" y="{top + height / 2 + 2.6:.1f}" {TEXT}>{escape(_title(lane))}</text>'
        )
        if lane.present is not None:
            began, ended = x(lane.present.began), x(lane.present.ended)
            drawn.append(
                f'<rect x="{began:.1f}" y="{top:.1f}" width="{max(ended - began, LEAST):.1f}" '
                f'height="{height:.1f}" fill="#fff" stroke="#555" stroke-width="0.6"/>'
            )
        for number, row in enumerate(rows):
            for recorded in row:
                drawn.append(_bar(recorded, x, top + 2 + number * ROW))
        top += height + 5
    ticks = "".join(_tick(x(moment), moment, top) for moment in round_moments(
        whole.began.astimezone(zone), whole.ended.astimezone(zone)
    ))  # fmt: skip
    began, ended = x(event.began), x(event.ended)
    height = top + 16
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}pt" height="{height:.1f}pt" '
        f'viewBox="0 0 {WIDTH} {height:.1f}">'
        f'<rect x="{began:.1f}" y="0" width="{ended - began:.1f}" height="{top:.1f}" '
        f'fill="#eee"/>{ticks}'
        f'<line x1="{LEFT}" y1="{top:.1f}" x2="{WIDTH - RIGHT}" y2="{top:.1f}" '
        f'stroke="#222" stroke-width="1.2"/>{"".join(drawn)}</svg>'
    )


def description(lanes: Sequence[Lane]) -> str:
    """Return in words what the drawing shows."""
    if not lanes:
        return ""
    units = sum(lane.present is not None for lane in lanes)
    recordings = sum(len(lane.recordings) for lane in lanes)
    return (
        f"Bars over time: {units} unit{'s' * (units != 1)} on the event and {recordings} "
        f"recording{'s' * (recordings != 1)}; the table below gives the times."
    )


def _whole(lanes: Sequence[Lane], event: Span) -> Span:
    spans = [event, *(lane.present for lane in lanes if lane.present is not None)]
    spans += [each.span for lane in lanes for each in lane.recordings]
    return Span(min(span.began for span in spans), max(span.ended for span in spans))


def _title(lane: Lane) -> str:
    return lane.title.capitalize() if lane.present is None else f"Unit {lane.title}"


def _rows(
    recordings: Sequence[RecordedSpan], x: Callable[[datetime], float]
) -> list[list[RecordedSpan]]:
    """Put recordings that would cover each other, or their keys, into rows of their own."""
    rows: list[list[RecordedSpan]] = []
    ends: list[float] = []
    for each in recordings:
        began = x(each.span.began)
        row = next((number for number, end in enumerate(ends) if began >= end), len(rows))
        if row == len(rows):
            rows.append([])
            ends.append(0.0)
        rows[row].append(each)
        ends[row] = max(x(each.span.ended), began + LEAST) + LETTER * len(each.key) + 5
    return rows


def _bar(recorded: RecordedSpan, x: Callable[[datetime], float], top: float) -> str:
    began = x(recorded.span.began)
    ended = max(x(recorded.span.ended), began + LEAST)
    text = LETTER * len(recorded.key) + 4
    beside, anchor = (ended + 2, "start") if ended + text < WIDTH else (began - 2, "end")
    return (
        f'<rect x="{began:.1f}" y="{top:.1f}" width="{ended - began:.1f}" height="{BAR}" '
        'fill="#222"/>'
        f'<text x="{beside:.1f}" y="{top + 6:.1f}" text-anchor="{anchor}" '
        f'font-family="Public Sans" font-size="7">{escape(recorded.key)}</text>'
    )


def _tick(at: float, moment: datetime, axis: float) -> str:
    return (
        f'<line x1="{at:.1f}" y1="0" x2="{at:.1f}" y2="{axis + 3:.1f}" stroke="#bbb" '
        'stroke-width="0.4"/>'
        f'<text x="{at:.1f}" y="{axis + 12:.1f}" text-anchor="middle" fill="#333" {TEXT}>'
        f"{moment:%H:%M}</text>"
    )
