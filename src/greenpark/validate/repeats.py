"""Values too alike: the same month again, series rounded to a few digits, periods left out, absent yet reported."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from greenpark.model.checks import GapRule, NotationRule, RepeatRule, RoundedRule
from greenpark.validate.cells import Bools, Cells, Floats, Ints
from greenpark.validate.grids import SERIES, lay_out
from greenpark.validate.signals import Signal


def find_repeats(cells: Cells, chosen: Bools, rule: RepeatRule, limit: int) -> list[Signal]:
    """The last cell of each run of equal values in periods that follow one another."""
    signals: list[Signal] = []
    for grid in lay_out(cells, chosen):
        there = grid.cell >= 0
        value = np.where(there, cells.value[grid.cell], np.nan)
        same = np.zeros(value.shape, dtype=np.int64)
        for column in range(1, value.shape[1]):
            equal = value[:, column] == value[:, column - 1]
            same[:, column] = np.where(equal, same[:, column - 1] + 1, 0)
        goes_on = np.zeros(value.shape, dtype=bool)
        goes_on[:, :-1] = same[:, 1:] > 0
        ends = (same >= rule.run - 1) & ~goes_on & (significant_digits(value) >= rule.digits)
        for series, column in np.argwhere(ends)[:limit]:
            run = grid.cell[series, column - same[series, column] : column + 1]
            if cells.checked[run].any():
                values = {"run": len(run)}
                others = tuple(int(each) for each in run[:-1])
                signals.append(Signal(rule, "repeated", int(run[-1]), float(len(run)), others, values=values))
    return signals[:limit]


def find_rounded(cells: Cells, chosen: Bools, rule: RoundedRule, limit: int) -> list[Signal]:
    """The first cell of each series of which every value has but a few digits."""
    signals: list[Signal] = []
    for grid in lay_out(cells, chosen):
        there = (grid.cell >= 0) & cells.checked[grid.cell]
        value = np.where(there, cells.value[grid.cell], np.nan)
        few = np.where(there, (significant_digits(value) <= rule.digits) & (value >= rule.size), True)
        varied = np.nanmax(np.where(there, value, -np.inf), axis=1) > np.nanmin(np.where(there, value, np.inf), axis=1)
        for series in np.flatnonzero(few.all(axis=1) & (there.sum(axis=1) >= rule.least) & varied)[:limit]:
            inside = grid.cell[series][there[series]]
            values = {"run": len(inside), "digits": rule.digits}
            others = tuple(int(each) for each in inside[1:])
            signals.append(Signal(rule, "rounded", int(inside[0]), float(len(inside)), others, values=values))
    return signals[:limit]


def significant_digits(value: Floats) -> Ints:
    """How many significant digits a value has, at most 10; 0 where there is none."""
    size = np.abs(value)
    positive = np.isfinite(size) & (size > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.floor(np.log10(np.where(positive, size, 1.0)))
    digits = np.full(value.shape, 10, dtype=np.int64)
    for count in range(9, 0, -1):
        scaled = np.where(positive, size, 1.0) * 10.0 ** (count - 1 - power)
        digits = np.where(np.abs(scaled - np.round(scaled)) <= 1e-9 * scaled, count, digits)
    return np.where(positive, digits, 0)


def find_gaps(cells: Cells, chosen: Bools, rule: GapRule, limit: int) -> list[Signal]:
    """A signal for each series that leaves out periods without declaring why, at the cell before the first of them."""
    signals: list[Signal] = []
    said = _declared(cells, chosen)
    for grid in lay_out(cells, chosen, zeros=True):
        there = grid.cell >= 0
        columns = np.arange(there.shape[1])
        some = there.any(axis=1)
        first = np.where(some, there.argmax(axis=1), 0)
        last = np.where(some, there.shape[1] - 1 - there[:, ::-1].argmax(axis=1), -1)
        inner = (columns > first[:, None]) & (columns < last[:, None])
        missing = inner & ~there & (there.sum(axis=1) >= rule.least)[:, None]
        for series in np.flatnonzero(missing.any(axis=1))[:limit]:
            cell = int(grid.cell[series][grid.cell[series] >= 0][0])
            months = [grid.first + int(column) * grid.months for column in np.flatnonzero(missing[series])]
            key = tuple(int(cells.codes[name][cell]) for name in SERIES[:4])
            silent = [month for month in months if month not in said.get(key, ())]
            if silent:
                values = {"missing": tuple(silent), "count": len(silent)}
                signals.append(Signal(rule, "left_out", cell, float(len(silent)), values=values))
    return signals[:limit]


def _declared(cells: Cells, chosen: Bools) -> Mapping[tuple[int, ...], set[int]]:
    """The months that are declared absent, by unit, quantity, carrier and flow."""
    said: dict[tuple[int, ...], set[int]] = {}
    for cell in np.flatnonzero(cells.declared & chosen):
        key = tuple(int(cells.codes[name][cell]) for name in SERIES[:4])
        first, months = int(cells.first[cell]), int(cells.months[cell])
        said.setdefault(key, set()).update(range(first, first + max(months, 1)))
    return said


def find_contradicted(cells: Cells, chosen: Bools, rule: NotationRule, limit: int) -> list[Signal]:
    """A signal for each cell declared absent beside which another states an amount for the same."""
    number = cells.group("entity", "quantity", "carrier", "flow", "start", "end")
    amount = chosen & ~cells.declared & (cells.value != 0) & np.isfinite(cells.value)
    stated = np.full(int(number.max(initial=-1)) + 1, -1, dtype=np.int64)
    stated[number[amount]] = np.flatnonzero(amount)
    wrong = np.flatnonzero(chosen & cells.declared & (stated[number] >= 0) & cells.checked)[:limit]
    return [Signal(rule, "declared_yet_stated", int(each), 1.0, (int(stated[number[each]]),)) for each in wrong]
