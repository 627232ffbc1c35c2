"""Read a plain table of series: published figures of several years, one a row or a year a column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from greenpark.collect.admission import FileRefused, admit
from greenpark.collect.delimited import read_delimited
from greenpark.collect.grid import Grid
from greenpark.collect.periods import read_period
from greenpark.collect.text_numbers import read_text_number
from greenpark.collect.workbook import Workbook
from greenpark.engine.schema import arrow_schema
from greenpark.model.confidence import RANK
from greenpark.model.findings import Finding, Place
from greenpark.model.statistics import SERIES
from greenpark.model.time import Period

_TITLES: Mapping[str, tuple[str, ...]] = {
    "entity": ("entity", "scope", "主体", "单位", "园区", "统计范围"),
    "quantity": ("quantity", "indicator", "指标"),
    "year": ("year", "年份"),
    "period": ("period", "时期"),
    "value": ("value", "数值"),
    "unit": ("unit", "计量单位"),
    "source": ("source", "来源"),
    "confidence": ("confidence", "可信度"),
    "note": ("note", "备注", "说明"),
    "vintage": ("vintage", "版次"),
    "coverage": ("coverage", "口径"),
    "boundary": ("boundary", "边界"),
    "method": ("method", "方法"),
}
_TEXTS = ("entity", "quantity", "unit", "source", "note", "vintage", "coverage", "boundary", "method")
# A year's own words, and words that say how its figure was made.
_WHOLE_YEAR = frozenset({"", "year", "year-end", "annual", "全年", "年末", "年度"})
_MADE = {"preliminary": "flash", "快报": "flash", "derived": "derived", "estimate": "estimate"}
_MONTHS = re.compile(r"^(\d{4})-(\d{1,2})\.\.(\d{1,2})$")
_FIRST_ROWS = 10


@dataclass
class SeriesRead:
    """The series of a table (``model.statistics.SERIES``), and what could not be read."""

    rows: pa.Table
    findings: list[Finding] = field(default_factory=list)


def read_series(path: Path) -> SeriesRead:
    """The series of a CSV file or of a workbook's first sheet.

    Needed: ``quantity``, ``unit``, and either ``value`` with ``year`` or ``period``, or one column for each period.
    Other columns (entity, source, confidence, note, vintage, coverage, boundary, method) are kept where they stand.
    A value without a stated confidence counts as low.
    """
    read = SeriesRead(pa.Table.from_pylist([], schema=arrow_schema(SERIES)))
    try:
        grid = _grid(path)
    except FileRefused as refusal:
        read.findings.append(_said(f"collect.{refusal.rule}", refusal.values, path.name))
        return read
    head = next((row for row in range(min(_FIRST_ROWS, grid.height)) if _known(grid, row).keys() >= {"quantity"}), None)
    columns = {} if head is None else _known(grid, head)
    wide = {} if head is None else _periods(grid, head)
    long = "value" in columns and ("year" in columns or "period" in columns)
    if head is None or "unit" not in columns or not (long or wide):
        read.findings.append(_said("collect.series_columns", {}, path.name))
        return read
    found: dict[tuple[object, ...], dict[str, object]] = {}
    for row in range(head + 1, grid.height):
        cells = [(columns["value"], None)] if long else list(wide.items())
        for column, period in cells:
            made = _one(grid, row, column, period, columns, read.findings)
            if made is not None:
                key = tuple(made[name] for name in ("entity", "quantity", "start", "end", "vintage"))
                if key in found:
                    _say(read.findings, "collect.series_twice", grid, row, column, text=made["quantity"])
                found[key] = made
    read.rows = pa.Table.from_pylist(list(found.values()), schema=arrow_schema(SERIES))
    return read


def _grid(path: Path) -> Grid:
    if admit(path) == "text":
        return read_delimited(path)[0]
    book = Workbook(path)
    return book.grid(book.sheets[0])


def _known(grid: Grid, row: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for column in range(grid.width):
        text = grid.text(row, column).strip().lower()
        name = next((name for name, titles in _TITLES.items() if text in titles), None)
        if name is not None:
            found.setdefault(name, column)
    return found


def _periods(grid: Grid, row: int) -> dict[int, Period]:
    found = {}
    for column in range(grid.width):
        period = _period(grid.text(row, column).strip())
        if period is not None:
            found[column] = period
    return found


def _one(
    grid: Grid, row: int, column: int, period: Period | None, columns: Mapping[str, int], findings: list[Finding]
) -> dict[str, object] | None:
    """The value of one cell as a row; None where there is none, or where it says what cannot be read."""
    text = grid.text(row, column).strip()
    if not text:
        return None
    own = {name: grid.text(row, columns[name]).strip() if name in columns else "" for name in _TEXTS}
    number = read_text_number(text)
    if number is None or number.rest:
        _say(findings, "collect.series_no_number", grid, row, column, text=text)
        return None
    made = ""
    if period is None:
        year, word = (grid.text(row, columns[name]).strip() if name in columns else "" for name in ("year", "period"))
        made = _MADE.get(word.lower(), "")
        period = _period(year) if word.lower() in _WHOLE_YEAR or made else _period(word)
        if period is None:
            _say(findings, "collect.series_no_period", grid, row, column, text=f"{year} {word}".strip())
            return None
    stated = grid.text(row, columns["confidence"]).strip().lower() if "confidence" in columns else ""
    return {
        **own, "item": "", "variant": "", "start": period.start, "end": period.end, "value": float(number.number),
        "vintage": own["vintage"] or made, "status": "ok", "confidence": stated if stated in RANK else "low",
        "place": str(grid.place(row, column)),
    }  # fmt: skip


def _period(text: str) -> Period | None:
    """A period as people write it, and months like 2023-1..9."""
    months = _MONTHS.match(text)
    return read_period(f"{months[1]}年{months[2]}-{months[3]}月" if months else text).period


def _say(findings: list[Finding], message: str, grid: Grid, row: int, column: int, **values: object) -> None:
    findings.append(
        Finding("warning", "collect", message.rpartition(".")[2], message, dict(values), place=grid.place(row, column))
    )


def _said(message: str, values: Mapping[str, object], file: str) -> Finding:
    return Finding("error", "collect", message.rpartition(".")[2], message, dict(values), place=Place(file))
