"""Charts as data: the very numbers of the tables, drawn by the page's script in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Sequence

from greenpark.model.text import Text
from greenpark.publish.inventory import Grid
from greenpark.publish.remarks import Compared, ProgressLine
from greenpark.publish.shown import Number

Chart = dict[str, object]
BARS = 15


def grid_chart(grid: Grid) -> Chart:
    """The chart of a table: bars of its lines, grouped bars or lines over time."""
    lines = grid.lines if grid.chart == "line" else grid.lines[:BARS]
    if grid.chart == "group":  # one quantity over time; the table has the others
        lines = tuple(line for line in lines if line.name == lines[0].name)
    names = [_with_mark(line.name, line.variant) for line in lines]
    columns = range(len(grid.columns))
    series = [
        {"name": as_texts(grid.columns[column]), **as_values([line.numbers[column] for line in lines])}
        for column in columns
    ]
    return {
        "kind": grid.chart,
        "title": as_texts(grid.title),
        "unit": as_texts(lines[0].unit),
        "names": [as_texts(name) for name in names],
        "series": series,
    }


def comparison_chart(title: Text, computed: Text, reported: Text, lines: list[Compared]) -> Chart:
    """Computed beside reported, for each pair."""
    lines = sorted(lines, key=lambda line: -abs(line.reported.value or 0.0))[:BARS]
    single = len({line.entity.zh for line in lines}) == 1
    return {
        "kind": "group",
        "title": as_texts(title),
        "unit": as_texts(lines[0].computed.unit),
        "names": [as_texts(line.item if single else _with_mark(line.entity, line.item)) for line in lines],
        "series": [
            {"name": as_texts(computed), **as_values([line.computed for line in lines])},
            {"name": as_texts(reported), **as_values([line.reported for line in lines])},
        ],
    }


def progress_chart(line: ProgressLine, words: tuple[Text, Text, Text]) -> Chart:
    """Baseline, newest value and goal of one target."""
    numbers = [line.base, line.last, line.goal]
    periods = [line.base_period, line.last_period, line.goal_period]
    names = [_with_mark(word, Text(zh=period, en=period)) for word, period in zip(words, periods, strict=True)]
    return {
        "kind": "column",
        "title": as_texts(line.title),
        "unit": as_texts(line.base.unit),
        "names": [as_texts(name) for name in names],
        "series": [{"name": as_texts(line.title), **as_values(numbers)}],
    }


def as_script_data(charts: dict[str, Chart]) -> str:
    """The charts as JSON that is safe inside a script element."""
    text = json.dumps(charts, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def as_values(numbers: Sequence[Number | None]) -> dict[str, object]:
    """Values with the digits that the tables print."""
    return {
        "values": [number.value if number else None for number in numbers],
        "texts": [number.text if number else "" for number in numbers],
    }


def as_texts(text: Text) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": text.zh, "en": text.en}


def _with_mark(name: Text, mark: Text) -> Text:
    return Text(
        zh=f"{name.zh} {mark.zh}".strip(),
        en=f"{name.en} {mark.en}".strip(),
    )
