"""The rows of a table: what each row's values are about, and whether the row can be read at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.collect.docket import NO_FINDING, Docket
from greenpark.collect.grid import Grid, taken
from greenpark.collect.names import Names, each_distinct
from greenpark.collect.periods import ReadPeriod, read_period
from greenpark.collect.text_numbers import is_error

TOTALS = (
    *("合计", "总计", "小计", "共计", "累计", "总和", "全园合计", "园区合计", "本页合计", "能源合计", "合计数"),
    *("total", "totals", "subtotal", "grandtotal", "sum"),
)
_ENDINGS = re.compile(r"(?:合计|总计|小计|累计|共计)数?$")
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


@dataclass
class Rows:
    """Rows of one table, every array of the same length.

    ``index``: row in the grid; ``refusal``: number of the finding that refuses the whole row, or ``NO_FINDING``;
    ``noted``: whether the row gives a reason. Null means not stated.
    """

    index: Numbers
    refusal: Numbers
    entity: pa.StringArray
    quantity: pa.StringArray
    carrier: pa.StringArray
    counterparty: pa.StringArray
    start: pa.Date32Array
    end: pa.Date32Array
    unit: pa.StringArray
    coverage: pa.StringArray
    status: pa.StringArray
    confidence: pa.StringArray
    noted: Flags

    @property
    def open(self) -> Flags:
        """Rows that are not refused."""
        flags: Flags = self.refusal == NO_FINDING
        return flags


def blank_rows(index: Numbers, coverage: str, status: str, confidence: str) -> Rows:
    """Rows about nothing yet."""
    size = len(index)
    nothing = pa.nulls(size, pa.string())
    dates = pa.nulls(size, pa.date32())
    return Rows(
        index=index,
        refusal=np.full(size, NO_FINDING, dtype=np.int64),
        entity=nothing,
        quantity=nothing,
        carrier=nothing,
        counterparty=nothing,
        start=dates,
        end=dates,
        unit=nothing,
        coverage=repeated(coverage, size),
        status=repeated(status, size),
        confidence=repeated(confidence, size),
        noted=np.zeros(size, dtype=np.bool_),
    )


def repeated(text: str, size: int) -> pa.StringArray:
    """The same text in every row."""
    return pa.repeat(pa.scalar(text, pa.string()), size)


def present(texts: pa.StringArray) -> Flags:
    """Where there is a text."""
    flags: Flags = pc.is_valid(texts).to_numpy(zero_copy_only=False)
    return flags


def any_present(grid: Grid, columns: list[int], index: Numbers) -> Flags:
    """Rows with a text in at least one of the columns."""
    flags = np.zeros(len(index), dtype=np.bool_)
    for column in columns:
        flags |= present(grid.columns[column])[index]
    return flags


def refuse_totals(
    rows: Rows, grid: Grid, columns: list[int], filled: Flags, docket: Docket, naming: Mapping[int, Names | None]
) -> None:
    """Refuse rows that hold totals, so that nothing is added twice; rows below them are read and noted.

    In the columns of ``naming`` a text that ends like a total (园区总计) is one too, unless it is a name; where there are
    no names, as for periods, unless it holds a digit (2023年1-9月累计).
    """
    total = np.zeros(len(rows.index), dtype=np.bool_)
    words = pa.array(TOTALS)
    for column in columns:
        texts = pc.ascii_lower(pc.replace_substring_regex(grid.columns[column], r"[\s:：]", ""))
        total |= pc.fill_null(pc.is_in(texts, words), False).to_numpy(zero_copy_only=False)[rows.index]
        if column in naming:
            total |= _ending_like_totals(taken(grid.columns[column], rows.index), naming[column])
    for at in np.flatnonzero(total & filled):
        row = int(rows.index[at])
        column = next(each for each in columns if grid.text(row, each))
        _refuse(rows, int(at), docket.enter("total_row", grid, row, column, text=grid.text(row, column)))
    if total.any():
        last = int(np.flatnonzero(total)[0])
        below = int((filled[last + 1 :] & ~total[last + 1 :]).sum())
        if below:
            docket.enter("below_total", grid, int(rows.index[last]), columns[0], count=below)


def _ending_like_totals(texts: pa.StringArray, names: Names | None) -> Flags:
    def is_total(text: str) -> bool:
        if not _ENDINGS.search(re.sub(r"[\s:：]", "", text)):
            return False
        return names.find(text) is None if names is not None else not any(sign.isdigit() for sign in text)

    results, positions = each_distinct(texts, is_total)
    flags: Flags = np.array([bool(result) for result in results])[positions]
    return flags


def refuse_overlong(rows: Rows, grid: Grid, header_row: int, docket: Docket) -> None:
    """Refuse rows of a text file with more fields than its header."""
    for at in np.flatnonzero(overlong(grid, header_row)[rows.index]):
        _refuse(rows, int(at), enter_overlong(grid, header_row, int(rows.index[at]), docket))


def overlong(grid: Grid, header_row: int) -> Flags:
    """Rows with more fields than the header: a comma too many has moved their values.

    One empty field at the end of every row is only a separator that ends the line.
    """
    flags = np.zeros(grid.height, dtype=np.bool_)
    if grid.fields is None:
        return flags
    wide = int(grid.fields[header_row])
    flags[header_row + 1 :] = (below := grid.fields[header_row + 1 :]) > wide
    ended = len(below) > 1 and bool((below == wide + 1).all()) and not present(grid.columns[wide]).any()
    return np.zeros_like(flags) if ended else flags


def enter_overlong(grid: Grid, header_row: int, row: int, docket: Docket) -> int:
    """The finding about one such row."""
    fields = grid.fields if grid.fields is not None else np.zeros(grid.height, dtype=np.int64)
    return docket.enter("row_too_long", grid, row, 0, count=int(fields[row]), expected=int(fields[header_row]))


def with_merged_filled(grid: Grid, titles: Mapping[int, str], first: int, docket: Docket) -> Grid:
    """The grid in which every cell of a range merged downwards in one of the columns has the range's text."""
    columns = list(grid.columns)
    for column, title in titles.items():
        blocks = [each for each in grid.marks.merges if each.left == column and each.bottom > each.top >= first]
        blocks = [each for each in blocks if grid.text(each.top, column)]
        if not blocks:
            continue
        values = columns[column].to_numpy(zero_copy_only=False).astype(object)
        for block in blocks:
            values[block.top : block.bottom + 1] = values[block.top]
        columns[column] = pa.array(values, pa.string())
        docket.enter("merged_key", grid, blocks[0].top, column, title=title, count=len(blocks))
    return replace(grid, columns=tuple(columns))


@dataclass(frozen=True)
class Key:
    """One key column: where it stands, its title, its texts by row, and whether it must be filled."""

    column: int
    title: str
    texts: pa.StringArray
    required: bool = True


def resolve(key: Key, rows: Rows, wanted: Flags, names: Names, rule: str, grid: Grid, docket: Docket) -> pa.StringArray:
    """The ids that a key column names; a row whose text is not known is refused with a finding at the cell."""
    results, positions = each_distinct(key.texts, names.find)
    ids = pa.array(results, pa.string()).take(pa.array(positions))
    nearest: dict[str, str] = {}
    for at in np.flatnonzero(wanted & present(key.texts) & ~present(ids)):
        row, text = int(rows.index[at]), key.texts[int(at)].as_py()
        if names.is_ambiguous(text):
            finding = docket.enter("ambiguous_name", grid, row, key.column, title=key.title, text=text)
        elif suggestion := nearest.setdefault(text, names.nearest(text)):
            about = {"title": key.title, "text": text, "suggestion": suggestion}
            finding = docket.enter(f"{rule}_like", grid, row, key.column, **about)
        else:
            finding = docket.enter(rule, grid, row, key.column, title=key.title, text=text)
        _refuse(rows, int(at), finding)
    require(key, rows, wanted, grid, docket)
    return ids


def require(key: Key, rows: Rows, wanted: Flags, grid: Grid, docket: Docket) -> None:
    """Refuse rows that hold values but leave a required key empty, or hold an error value in it."""
    if not key.required:
        return
    for at in np.flatnonzero(wanted & ~present(key.texts)):
        finding = docket.enter("missing_key", grid, int(rows.index[at]), key.column, title=key.title)
        _refuse(rows, int(at), finding)
    errors = pc.fill_null(pc.match_substring_regex(key.texts, "^#"), False).to_numpy(zero_copy_only=False)
    for at in np.flatnonzero(wanted & errors & rows.open):
        text = key.texts[int(at)].as_py()
        if is_error(text):
            finding = docket.enter("error_cell", grid, int(rows.index[at]), key.column, title=key.title, text=text)
            _refuse(rows, int(at), finding)


def resolve_periods(
    key: Key, rows: Rows, wanted: Flags, year: int | None, years: tuple[int, ...], grid: Grid, docket: Docket
) -> None:
    """Set the rows' start and end; a row whose period cannot be read is refused."""
    results, positions = each_distinct(key.texts, lambda text: read_period(text, year))
    periods = [result.period if result else None for result in results]
    order = pa.array(positions)
    rows.start = pa.array([period.start if period else None for period in periods], pa.date32()).take(order)
    rows.end = pa.array([period.end if period else None for period in periods], pa.date32()).take(order)
    for number, result in enumerate(results[:-1]):
        if result is None or result.period is None or result.remark or _outside(result, years):
            found = np.flatnonzero(wanted & (positions == number))
            _remark_period(result or ReadPeriod(None, "unreadable"), found, key, rows, years, grid, docket)
    require(key, rows, wanted, grid, docket)


def _remark_period(
    result: ReadPeriod, found: Numbers, key: Key, rows: Rows, years: tuple[int, ...], grid: Grid, docket: Docket
) -> None:
    if not len(found):
        return
    first = int(rows.index[found[0]])
    text = key.texts[int(found[0])].as_py()
    if result.period is None:
        rule = "month_without_year" if result.remark == "no_year" else "unreadable_period"
        for at in found:
            finding = docket.enter(rule, grid, int(rows.index[at]), key.column, title=key.title, text=text)
            _refuse(rows, int(at), finding)
        return
    about = {"title": key.title, "text": text, "period": str(result.period), "count": len(found)}
    if result.remark == "serial":
        docket.enter("date_as_number", grid, first, key.column, **about)
    if _outside(result, years):
        docket.enter("other_year", grid, first, key.column, **about, years="、".join(map(str, years)))


def _outside(result: ReadPeriod, years: tuple[int, ...]) -> bool:
    period = result.period
    if period is None or not years:
        return False
    return not any(period.start.year == year and (period.end.year, period.end.month) <= (year + 1, 1) for year in years)


def _refuse(rows: Rows, at: int, finding: int) -> None:
    if rows.refusal[at] == NO_FINDING:
        rows.refusal[at] = finding
