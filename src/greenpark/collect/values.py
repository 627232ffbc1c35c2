"""Each non-empty value cell becomes exactly one of accepted, rejected and declared absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.collect.collected import CellCount
from greenpark.collect.context import Context
from greenpark.collect.docket import NO_FINDING, Docket
from greenpark.collect.grid import Grid, taken
from greenpark.collect.names import Names, each_distinct
from greenpark.collect.odd_cells import Outcome, read_odd_cell
from greenpark.collect.rows import Flags, Numbers, Rows, present, repeated
from greenpark.collect.text_numbers import GROUPED, PLAIN, may_be_decimal_comma
from greenpark.model.numbers import printed
from greenpark.model.time import Period

_JOIN = "\x1f"
_NOT_ZERO = r"^[^eE]*[1-9]"


@dataclass(frozen=True)
class ValueColumn:
    """One column of values.

    ``quantity`` and ``carrier`` empty: the row's. ``unit``: what holds where neither cell nor row states a unit; empty:
    the unit in which the value is stored. ``unit_texts``: the row's unit for this column alone. ``blank_unit``: what to
    do where a unit column is left empty. ``period``: that of every cell of the column (months in columns).
    ``titled_unit``: the unit written in the column's title, which no row may contradict. ``own_unit``: the row's unit
    is that of other columns (tonnes of steam beside its pressure).
    """

    column: int
    title: str
    quantity: str = ""
    flow: str = ""
    unit: str = ""
    carrier: str = ""
    negative: Literal["with_reason", "by_quantity", "never"] = "never"
    codes: Names | None = None
    unit_texts: pa.StringArray | None = None
    unit_names: Mapping[str, str] = field(default_factory=dict)
    blank_unit: Literal["assume", "refuse"] = "assume"
    period: Period | None = None
    titled_unit: str = ""
    own_unit: bool = False


@dataclass(frozen=True)
class Judged:
    """The kept cells of one value column; ``at`` are positions in the rows, ``value`` is NaN where declared absent."""

    column: ValueColumn
    at: Numbers
    value: npt.NDArray[np.float64]
    notation: pa.StringArray
    text: pa.StringArray
    unit: pa.StringArray
    reported_unit: pa.StringArray
    quantity: pa.StringArray
    carrier: pa.StringArray
    count: CellCount


class _Cells:
    """The non-empty cells of one column while they are judged."""

    def __init__(self, column: ValueColumn, rows: Rows, grid: Grid, context: Context, docket: Docket) -> None:
        self.column, self.rows, self.grid, self.context, self.docket = column, rows, grid, context, docket
        texts = taken(grid.columns[column.column], rows.index)
        self.at: Numbers = np.flatnonzero(present(texts))
        self.text: pa.StringArray = taken(texts, self.at)
        self.reason: Numbers = rows.refusal[self.at].copy()
        self.value: npt.NDArray[np.float64] = np.full(len(self.at), np.nan)
        self.notation: list[str | None] | None = None
        self.absent: Flags = np.zeros(len(self.at), dtype=np.bool_)
        size = len(self.at)
        self.quantity = repeated(column.quantity, size) if column.quantity else taken(rows.quantity, self.at)
        self.carrier = repeated(column.carrier, size) if column.carrier else taken(rows.carrier, self.at)
        self.target = self._targets()
        stated = column.unit_texts if column.unit_texts is not None else rows.unit
        self.stated = pa.nulls(size, pa.string()) if column.own_unit else taken(stated, self.at)
        self.own: dict[int, str] = {}
        self.reported: pa.StringArray = self.stated

    def _targets(self) -> pa.StringArray:
        """The unit in which each cell is stored; null where it is not known."""
        pairs = pc.binary_join_element_wise(pc.fill_null(self.quantity, ""), pc.fill_null(self.carrier, ""), _JOIN)

        def unit(pair: str) -> str | None:
            quantity, carrier = pair.split(_JOIN)
            return self.context.unit_of(quantity, carrier) if quantity in self.context.quantities else None

        results, positions = each_distinct(pairs, unit)
        return pa.array(results, pa.string()).take(pa.array(positions))

    def refuse(self, number: int, rule: str, **about: object) -> None:
        """Refuse one cell with a finding of its own."""
        text = self.text[number].as_py()
        self.reason[number] = self.enter(rule, number, text=text, **about)

    def enter(self, rule: str, number: int, **about: object) -> int:
        """A finding at one cell."""
        position = int(self.at[number])
        entity, quantity = self.rows.entity[position].as_py(), self.quantity[number].as_py()
        row = int(self.rows.index[position])
        about = {"title": self.column.title, "entity": entity, "subject": quantity, **about}
        return self.docket.enter(rule, self.grid, row, self.column.column, **about)

    def open(self) -> Flags:
        """Cells that are neither refused nor declared absent."""
        flags: Flags = (self.reason == NO_FINDING) & ~self.absent
        return flags


def judge(column: ValueColumn, rows: Rows, grid: Grid, form_sheet: str, context: Context, docket: Docket) -> Judged:
    """Read one column: numbers, odd cells, units, signs; refused cells go to the docket."""
    cells = _Cells(column, rows, grid, context, docket)
    _refuse_merged(cells)
    _read_numbers(cells)
    _refuse_contradicted_title(cells)
    _convert(cells)
    _judge_signs(cells)
    return _kept(cells, form_sheet)


def _refuse_merged(cells: _Cells) -> None:
    """A value in a merged range belongs to no single row."""
    column = cells.column.column
    tops = {block.top: block for block in cells.grid.marks.merges if block.left <= column <= block.right}
    if not tops:
        return
    sheet_rows = cells.rows.index[cells.at]
    for number in np.flatnonzero(np.isin(sheet_rows, list(tops)) & (cells.reason == NO_FINDING)):
        block = tops[int(sheet_rows[number])]
        cells.refuse(int(number), "merged_value", count=(block.bottom - block.top + 1) * (block.right - block.left + 1))


def _read_numbers(cells: _Cells) -> None:
    plain = pc.match_substring_regex(cells.text, PLAIN).to_numpy(zero_copy_only=False)
    if cells.column.codes is not None:
        plain = np.zeros(len(cells.text), dtype=np.bool_)
    cells.value = _as_numbers(cells.text, plain)
    grouped = np.zeros(len(plain), dtype=np.bool_)
    if cells.grid.lines is not None and not plain.all():
        grouped = pc.match_substring_regex(cells.text, GROUPED).to_numpy(zero_copy_only=False) & ~_refuse_commas(cells)
        cells.value = np.where(grouped, _as_numbers(pc.replace_substring(cells.text, ",", ""), grouped), cells.value)
        if grouped.any():
            cells.enter("thousands", int(np.flatnonzero(grouped)[0]), count=int(grouped.sum()))
    for number in np.flatnonzero(~plain & ~grouped & (cells.reason == NO_FINDING)):
        _read_odd(cells, int(number))
    infinite = np.isinf(cells.value) & cells.open()
    for number in np.flatnonzero(infinite):
        cells.refuse(int(number), "not_a_number")
    _refuse_underflow(cells)


def _refuse_underflow(cells: _Cells) -> None:
    """A number with digits other than zero that is too small to be stored is not zero."""
    zeros = np.flatnonzero((cells.value == 0) & cells.open())
    vanished = pc.match_substring_regex(cells.text.take(pa.array(zeros)), _NOT_ZERO).to_numpy(zero_copy_only=False)
    for number in zeros[vanished]:
        cells.refuse(int(number), "number_too_small")


def _refuse_commas(cells: _Cells) -> Flags:
    """Where a comma may be a decimal one, because semicolons part the fields; such cells are refused."""
    unclear = np.zeros(len(cells.text), dtype=np.bool_)
    if cells.grid.separator != ";" or cells.column.codes is not None:
        return unclear
    for number in np.flatnonzero(pc.match_substring_regex(cells.text, "[,，]").to_numpy(zero_copy_only=False)):
        unclear[number] = may_be_decimal_comma(cells.text[int(number)].as_py())
        if unclear[number] and cells.reason[number] == NO_FINDING:
            cells.refuse(int(number), "comma_unclear")
    return unclear


def _as_numbers(text: pa.StringArray, flags: Flags) -> npt.NDArray[np.float64]:
    chosen = pc.if_else(pa.array(flags), pc.replace_substring_regex(text, r"^\+", ""), pa.scalar(None, pa.string()))
    numbers: npt.NDArray[np.float64] = chosen.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return numbers


def _read_odd(cells: _Cells, number: int) -> None:
    text = cells.text[number].as_py()
    base = cells.stated[number].as_py() or cells.column.unit or cells.target[number].as_py() or ""
    outcome = read_odd_cell(text, base, cells.context.units.find, cells.column.codes)
    if outcome.refusal:
        cells.refuse(number, outcome.refusal, unit=base)
    elif outcome.notation:
        if cells.notation is None:
            cells.notation = [None] * len(cells.text)
        cells.notation[number] = outcome.notation
        cells.absent[number] = True
    else:
        _keep_odd(cells, number, outcome, text)


def _keep_odd(cells: _Cells, number: int, outcome: Outcome, text: str) -> None:
    stated = cells.stated[number].as_py()
    find = cells.context.units.find
    if outcome.unit and stated and find(stated) != find(outcome.unit):
        cells.refuse(number, "unit_conflict", unit=stated, own=outcome.unit)
        return
    cells.value[number] = outcome.value
    if outcome.unit:
        cells.own[number] = outcome.unit
    if outcome.remark:
        cells.enter(outcome.remark, number, text=text, value=printed(outcome.value), unit=outcome.unit)


def _refuse_contradicted_title(cells: _Cells) -> None:
    """A row whose unit is not the one in the column's title: which of them holds is not known."""
    column, find = cells.column, cells.context.units.find
    titled = find(column.titled_unit) if column.titled_unit else None
    if titled is None:
        return
    results, positions = each_distinct(cells.stated, lambda text: column.unit_names.get(text) or find(text))
    differs = np.array([unit is not None and unit != titled for unit in results])[positions]
    for number in np.flatnonzero(differs & cells.open()):
        cells.refuse(int(number), "unit_conflict", unit=cells.stated[int(number)].as_py(), own=column.titled_unit)


def _convert(cells: _Cells) -> None:
    """Bring values into the unit in which they are stored: one multiplier per pair of units."""
    default = repeated(cells.column.unit, len(cells.text)) if cells.column.unit else cells.target
    reported = pc.coalesce(cells.stated, default)
    if cells.own:
        texts = reported.to_numpy(zero_copy_only=False).astype(object)
        texts[list(cells.own)] = list(cells.own.values())
        reported = pa.array(texts, pa.string())
    _remark_blank_units(cells)
    pairs = pc.binary_join_element_wise(pc.fill_null(reported, ""), pc.fill_null(cells.target, ""), _JOIN)
    results, positions = each_distinct(pairs, lambda pair: _multiplier(pair, cells.column, cells.context))
    multipliers = np.array([result[0] if result else np.nan for result in results])[positions]
    rules = [result[1] if result else "" for result in results]
    for number in np.flatnonzero(np.isnan(multipliers) & cells.open()):
        unit, target = reported[int(number)].as_py(), cells.target[int(number)].as_py()
        cells.refuse(int(number), rules[int(positions[number])], unit=unit or "", expected=target or "")
    cells.value = np.where(multipliers == 1.0, cells.value, cells.value * multipliers)
    cells.reported = reported


def _multiplier(pair: str, column: ValueColumn, context: Context) -> tuple[float, str]:
    reported, target = pair.split(_JOIN)
    unit = column.unit_names.get(reported) or context.units.find(reported)
    if unit is None or not target:
        return np.nan, "unknown_unit"
    try:
        return context.units.multiplier(unit, target), ""
    except ValueError:
        return np.nan, "unit_mismatch"


def _remark_blank_units(cells: _Cells) -> None:
    """A unit column that is left empty: the value is taken in the stored unit, or refused unless it is zero."""
    if cells.column.own_unit or (cells.column.unit_texts is None and not present(cells.rows.unit).any()):
        return
    blank = ~present(cells.stated) & cells.open()
    blank[list(cells.own)] = False
    if cells.column.blank_unit == "refuse":
        for number in np.flatnonzero(blank & (cells.value != 0)):
            cells.refuse(int(number), "unit_missing")
        blank &= cells.value == 0
    if blank.any():
        first = int(np.flatnonzero(blank)[0])
        cells.enter(
            "unit_blank", first, count=int(blank.sum()), unit=cells.column.unit or cells.target[first].as_py() or ""
        )


def _judge_signs(cells: _Cells) -> None:
    column = cells.column
    for number in np.flatnonzero((cells.value < 0) & cells.open()):
        signed = cells.context.quantities[cells.quantity[int(number)].as_py()].sign == "any"
        if column.negative == "by_quantity" and signed:
            continue
        if column.negative != "with_reason":
            cells.refuse(int(number), "negative")
        elif not cells.rows.noted[cells.at[number]]:
            cells.refuse(int(number), "negative_without_reason")


def _kept(cells: _Cells, form_sheet: str) -> Judged:
    refused = cells.reason != NO_FINDING
    for number in np.flatnonzero(refused):
        row, text = int(cells.rows.index[cells.at[number]]), cells.text[int(number)].as_py()
        cells.docket.reject(cells.grid, form_sheet, row, cells.column.column, text, int(cells.reason[number]))
    kept = np.flatnonzero(~refused)
    absent = int(cells.absent[kept].sum())
    notation = pa.array(cells.notation, pa.string()) if cells.notation else pa.nulls(len(cells.at), pa.string())
    return Judged(
        column=cells.column,
        at=cells.at[kept],
        value=cells.value[kept],
        notation=taken(notation, kept),
        text=taken(cells.text, kept),
        unit=taken(cells.target, kept),
        reported_unit=taken(cells.reported, kept),
        quantity=taken(cells.quantity, kept),
        carrier=taken(cells.carrier, kept),
        count=CellCount(len(cells.at), len(kept) - absent, int(refused.sum()), absent),
    )
