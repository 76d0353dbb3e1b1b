"""The charts: described SVG, drawn by Vega-Lite, the same bytes for the same numbers.

In: an edition. Out: `Chart`s, each with its picture, the sentence that stands
for it, and the key of the table or the months whose numbers are printed beside
it. Vega gives every bar and line an ARIA description of its own. The colours
differ in lightness too, so that they hold for colour-blind readers and on paper.
Vega-Lite comes with the extra `report` (vl-convert, BSD licence).
"""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import templates
from referrals.errors import MachineError
from referrals.report.edition import Edition
from referrals.report.month import Month
from referrals.report.table import TOTAL, Table

VEGA_LITE = "5.21"
INK, QUIET, RULE = "#1a1a1a", "#555555", "#cccccc"
DARK, MIDDLE, LIGHT = "#12355b", "#c8553d", "#7fb7be"
"""Blue, vermilion and pale blue-green: apart in hue for any colour vision, and in lightness."""

LEAST = 4
"""The least number to which an axis reaches: small months keep to whole numbers."""

WIDTH = 440
"""Points: the width of the drawing without its labels, for a Letter page."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, its title, and the sentence that says what it shows."""

    key: str
    title: str
    description: str
    svg: str

    @property
    def address(self) -> str:
        """The drawing as a data address, for pages that hold it as an image."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()


def charts(edition: Edition) -> dict[str, Chart]:
    """Return the report's charts, by key.

    Raises:
        MachineError: the charting library is not installed.
    """
    made = (_trend(edition), _force(edition), _classes(edition), _referrals(edition))
    return {chart.key: chart for chart in made if chart is not None}


def _trend(edition: Edition) -> Chart:
    months, values = _series(edition, "incidents")
    most, least = max(values), min(values)
    description = (
        f"Bar chart of incidents documented in each of the twelve months to "
        f"{edition.at.title}: {values[-1]} in the last; from {least} to {most}. "
        "The numbers are in the table below it."
    )
    data = [
        {"month": month, "value": value, "last": place == len(values) - 1}
        for place, (month, value) in enumerate(zip(months, values, strict=True))
    ]
    bars = {
        "mark": {"type": "bar", "width": {"band": 0.72}},
        "encoding": {
            "color": {
                "condition": {"test": "datum.last", "value": DARK},
                "value": LIGHT,
            }
        },
    }
    return _chart(
        "trend",
        "Incidents documented, twelve months",
        description,
        data,
        {
            "encoding": {"x": _months(months), "y": _amounts("incidents", values)},
            "layer": [bars, _numbers()],
        },
        height=66,
    )


def _force(edition: Edition) -> Chart:
    lines = {
        "Force reported": _series(edition, "force"),
        "Injury reported": _series(edition, "injury"),
    }
    months = lines["Force reported"][0]
    data = [
        {"month": month, "value": value, "line": title}
        for title, (_, values) in lines.items()
        for month, value in zip(months, values, strict=True)
    ]
    both = [value for _, values in lines.values() for value in values]
    last = ", ".join(f"{title.lower()} in {values[-1]}" for title, (_, values) in lines.items())
    description = (
        f"Line chart of incidents with force and with injury reported, twelve months to "
        f"{edition.at.title}; in the last month {last}. The numbers are in the table below it."
    )
    colour = {
        "field": "line",
        "type": "nominal",
        "scale": {"domain": list(lines), "range": [DARK, MIDDLE]},
        "legend": None,
    }
    dash = {
        "field": "line",
        "type": "nominal",
        "scale": {"domain": list(lines), "range": [[1, 0], [5, 3]]},
        "legend": None,
    }
    ends = {
        "transform": [{"filter": f"datum.month === '{months[-1]}'"}],
        "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 10, "fontWeight": 500},
        "encoding": {"text": {"field": "line"}, "color": colour},
    }
    return _chart(
        "force",
        "Incidents with force and with injury reported, twelve months",
        description,
        data,
        {
            "encoding": {"x": _months(months), "y": _amounts("incidents", both)},
            "layer": [
                {
                    "mark": {"type": "line", "strokeWidth": 2.2, "point": {"size": 34}},
                    "encoding": {"color": colour, "strokeDash": dash},
                },
                ends,
            ],
        },
        height=140,
        width=WIDTH - 84,
    )


def _classes(edition: Edition) -> Chart | None:
    table = _table(edition, "violations")
    cells = table.values()
    classes = [line for line in table.columns.lines if line.key != TOTAL]
    rows = [line for line in table.rows.lines if line.key != TOTAL and cells[line.key, TOTAL]]
    if not rows:
        return None
    data = [
        {"category": row.title, "class": column.title, "value": cells[row.key, column.key] or 0}
        for row in rows
        for column in classes
    ]
    largest = max(rows, key=lambda row: cells[row.key, TOTAL] or 0)
    largest_count = cells[largest.key, TOTAL] or 0
    description = (
        f"Bar chart of alleged violations by category and class in {edition.at.title}; the "
        f"largest category is {largest.title.lower()} with {largest_count}. "
        "The numbers are in the table below it."
    )
    spec = {
        "mark": {"type": "bar", "height": {"band": 0.66}},
        "encoding": {
            "y": {
                "field": "category",
                "type": "nominal",
                "sort": [row.title for row in rows],
                "axis": {"title": None, "labelLimit": 210, "domain": False, "ticks": False},
            },
            "x": _amounts("alleged violations", [largest_count]),
            "color": {
                "field": "class",
                "type": "nominal",
                "sort": [line.title for line in classes],
                "scale": {
                    "domain": [line.title for line in classes],
                    "range": [DARK, MIDDLE, LIGHT],
                },
                "legend": {"title": None, "orient": "top", "symbolType": "square"},
            },
            "order": {"field": "class", "sort": "ascending"},
        },
    }
    return _chart(
        "classes",
        "Alleged violations by category and class",
        description,
        data,
        spec,
        height=26 * len(rows),
        width=WIDTH - 180,
    )


def _referrals(edition: Edition) -> Chart:
    months, values = _series(edition, "referrals")
    description = (
        f"Bar chart of referrals made to the prosecutor in each of the twelve months to "
        f"{edition.at.title}: {values[-1]} in the last, {sum(values)} in all. "
        "The numbers are in the table below it."
    )
    data = [{"month": month, "value": value} for month, value in zip(months, values, strict=True)]
    bars = {"mark": {"type": "bar", "width": {"band": 0.72}, "color": DARK}}
    return _chart(
        "referrals",
        "Referrals made, twelve months",
        description,
        data,
        {
            "encoding": {"x": _months(months), "y": _amounts("referrals", values)},
            "layer": [bars, _numbers()],
        },
        height=110,
    )


def _series(edition: Edition, measure: str) -> tuple[list[str], list[int]]:
    months = edition.at.window()
    return [_label(month) for month in months], [
        edition.trend[str(month)][measure] for month in months
    ]


def _label(month: Month) -> str:
    return f"{month.first_day:%b} {month.year % 100:02d}"


def _table(edition: Edition, key: str) -> Table:
    return next(table for table in edition.tables if table.key == key)


def _months(months: Sequence[str]) -> dict[str, Any]:
    return {
        "field": "month",
        "type": "ordinal",
        "sort": list(months),
        "axis": {
            "title": None,
            "labelAngle": 0,
            "labelExpr": "split(datum.label, ' ')",
            "ticks": False,
            "domainColor": INK,
        },
    }


def _amounts(title: str, values: Sequence[int]) -> dict[str, Any]:
    """Return an axis of whole numbers, from zero to the largest value or a little more."""
    axis = {"title": title, "format": ",d", "tickMinStep": 1, "tickCount": 4}
    return {
        "field": "value",
        "type": "quantitative",
        "axis": {**axis, "domain": False, "ticks": False},
        "scale": {"domainMin": 0, "domainMax": max(LEAST, *values)},
    }


def _numbers() -> dict[str, Any]:
    return {
        "mark": {"type": "text", "dy": -6, "fontSize": 9.5, "color": INK},
        "encoding": {"text": {"field": "value"}},
    }


def _chart(
    key: str,
    title: str,
    description: str,
    data: list[dict[str, Any]],
    spec: dict[str, Any],
    *,
    height: int,
    width: int = WIDTH,
) -> Chart:
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": description,
        "data": {"values": data},
        "width": width,
        "height": height,
        **spec,
        "config": {
            "font": "Public Sans",
            "background": "white",
            "padding": {"left": 2, "right": 2, "top": 4, "bottom": 2},
            "view": {"stroke": None},
            "axis": {
                "labelColor": QUIET,
                "titleColor": QUIET,
                "titleFontWeight": 400,
                "labelFontSize": 9.5,
                "titleFontSize": 9.5,
                "gridColor": RULE,
                "gridWidth": 0.5,
            },
            "axisX": {"grid": False},
            "legend": {"labelColor": INK, "labelFontSize": 10, "symbolSize": 90},
        },
    }
    return Chart(key, title, description, _described(_draw()(whole), title, description, key))


def _described(svg: str, title: str, description: str, key: str) -> str:
    """Give the drawing a title and a description that readers of the screen are told."""
    from html import escape

    head = f'role="img" aria-labelledby="chart-{key}-title chart-{key}-words"'
    words = (
        f'<title id="chart-{key}-title">{escape(title)}</title>'
        f'<desc id="chart-{key}-words">{escape(description)}</desc>'
    )
    return re.sub(r"<svg ([^>]*)>", rf"<svg \1 {head}>{words}", svg, count=1)


@functools.cache
def _draw() -> Callable[[dict[str, Any]], str]:
    try:
        import vl_convert
    except ImportError as error:
        raise MachineError(
            "The monthly report needs the charting library vl-convert, which is not installed.",
            remedy="Install it: pip install 'referrals[report]'.",
        ) from error
    vl_convert.register_font_directory(str(templates.fonts()))

    def draw(spec: dict[str, Any]) -> str:
        return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE))

    return draw
