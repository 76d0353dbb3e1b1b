"""The chronology drawn as a line: every entry at its time by the reference clock.

In: reconciled moments. Out: an SVG picture and the sentence that describes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup, escape

WIDTH, LANE = 468.0, 15.0
"""Points: the text width of a Letter page with inch margins, and a lane of labels."""

LEFT, RIGHT = 8.0, 8.0
LABEL = 4.6
"""Points that a character of a label takes, at 8 points."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry of the chronology: its number in the table, its reconciled time."""

    number: int
    at: datetime


def timeline(marks: Sequence[Mark]) -> Markup:
    """Return the drawing of `marks`, which are in order; empty for fewer than two."""
    if len(marks) < 2:
        return Markup("")
    first, last = marks[0].at, marks[-1].at
    span = max((last - first).total_seconds(), 1.0)

    def x(moment: datetime) -> float:
        return LEFT + (moment - first).total_seconds() / span * (WIDTH - LEFT - RIGHT)

    lanes: list[float] = []
    drawn: list[str] = []
    placed: list[tuple[float, int, str]] = []
    for mark in marks:
        at, label = x(mark.at), str(mark.number)
        width = LABEL * len(label) + 8
        lane = next((index for index, end in enumerate(lanes) if at - width / 2 > end), len(lanes))
        if lane == len(lanes):
            lanes.append(0.0)
        lanes[lane] = at + width / 2
        placed.append((at, lane, label))
    axis = LANE * len(lanes) + 6
    for at, lane, label in placed:
        y = axis - LANE * (lane + 1)
        drawn.append(
            f'<line x1="{at:.1f}" y1="{axis:.1f}" x2="{at:.1f}" y2="{y + 11:.1f}" '
            'stroke="#777" stroke-width="0.5"/>'
            f'<circle cx="{at:.1f}" cy="{y + 6:.1f}" r="6.2" fill="#fff" stroke="#222" '
            'stroke-width="0.7"/>'
            f'<text x="{at:.1f}" y="{y + 8.7:.1f}" text-anchor="middle" font-size="7.5" '
            f'font-family="Public Sans">{escape(label)}</text>'
        )
    ticks = "".join(_tick(x(moment), moment, axis) for moment in round_moments(first, last))
    height = axis + 18
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}pt" height="{height:.1f}pt" '
        f'viewBox="0 0 {WIDTH} {height:.1f}">'
        f'<line x1="{LEFT}" y1="{axis:.1f}" x2="{WIDTH - RIGHT}" y2="{axis:.1f}" '
        f'stroke="#222" stroke-width="1.2"/>{ticks}{"".join(drawn)}</svg>'
    )


def description(marks: Sequence[Mark]) -> str:
    """Return in words what the drawing shows."""
    if len(marks) < 2:
        return ""
    first, last = marks[0].at, marks[-1].at
    return (
        f"Timeline of {len(marks)} entries from {first:%H:%M:%S} to {last:%H:%M:%S}; "
        "the numbers are those of the table below."
    )


_STEPS = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440)]


def round_moments(first: datetime, last: datetime) -> list[datetime]:
    """Return round moments within the span, at most ten."""
    span = last - first
    step = next((each for each in _STEPS if span / each <= 9), span / 9)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    count = int((first - midnight) / step) + 1
    found = []
    while (moment := midnight + step * count) <= last:
        found.append(moment)
        count += 1
    return found


def _tick(at: float, moment: datetime, axis: float) -> str:
    label = f"{moment:%H:%M}"
    return (
        f'<line x1="{at:.1f}" y1="{axis:.1f}" x2="{at:.1f}" y2="{axis + 4:.1f}" '
        'stroke="#222" stroke-width="0.8"/>'
        f'<text x="{at:.1f}" y="{axis + 13:.1f}" text-anchor="middle" font-size="7.5" '
        f'font-family="Public Sans" fill="#333">{label}</text>'
    )
