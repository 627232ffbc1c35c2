"""Any table of cells and periods taken apart by a formula of factors, on arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenpark.measure.drivers.factors import Factors, evaluate
from greenpark.measure.drivers.levels import Codes, sum_of_groups
from greenpark.measure.drivers.lmdi import Bools, Effects, Floats, Kind, decompose

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """A table by rows: ``period`` and ``cell`` [row] are codes (periods in order), ``columns`` numbers [row], NaN where bad.

    ``keys``: of each cell, the code in a key column; ``bad`` [row] rows that cannot be used (read wrongly, or twice).
    """

    period: Ints
    cell: Ints
    columns: Mapping[str, Floats]
    keys: Mapping[str, Codes]
    bad: Bools
    periods: int
    cells: int


@dataclass(frozen=True)
class Step:
    """The effects between two periods.

    ``effects`` of [factor]; ``groups`` additive [group, factor] of the key that is asked for; ``change`` of the named total
    (of the product where none is named); ``lacking`` [cell] cells left out because a row is missing or bad, and
    ``endless`` those with a number over zero; ``appeared`` cells at an analytic limit; ``used`` cells in all.
    """

    base: int
    end: int
    effects: Effects
    groups: Floats
    group_ends: Floats
    change: float
    totals: tuple[float, float]
    unexplained: float
    lacking: Ints
    endless: Ints
    undefined: Ints
    appeared: int
    used: int


def decompose_cells(
    cells: Cells, factors: Factors, kind: Kind, pairs: Sequence[tuple[int, int]], by: str
) -> list[Step]:
    """The effects for each pair of periods."""
    place = _places(cells)
    return [_step(cells, factors, kind, place, base, end, by) for base, end in pairs]


def chained(steps: Sequence[Step]) -> tuple[Floats, Floats]:
    """The effects of a chain of steps [factor]: additive ones added, ratios multiplied."""
    additive = np.sum([step.effects.additive for step in steps], axis=0)
    ratios = np.prod([step.effects.multiplicative for step in steps], axis=0)
    return np.asarray(additive, dtype=float), np.asarray(ratios, dtype=float)


def _places(cells: Cells) -> Ints:
    """[period, cell]: the row, -1 where there is none, -2 where it cannot be used."""
    found = np.full((cells.periods, cells.cells), -1, dtype=np.int64)
    found[cells.period, cells.cell] = np.arange(len(cells.period))
    found[cells.period[cells.bad], cells.cell[cells.bad]] = -2
    return found


def _step(cells: Cells, factors: Factors, kind: Kind, place: Ints, base: int, end: int, by: str) -> Step:
    rows = place[[base, end]]
    there = (rows >= 0).all(axis=0)
    lacking = np.flatnonzero(~there & (rows != -1).any(axis=0))
    used = np.flatnonzero(there)
    sides = [_factors(cells, factors, rows[side][used], used) for side in (0, 1)]
    endless = np.isinf(sides[0]).any(axis=-1) | np.isinf(sides[1]).any(axis=-1)
    if endless.any():  # a sum over cells must not hold what is left out
        lost, used = used[endless], used[~endless]
        sides = [_factors(cells, factors, rows[side][used], used) for side in (0, 1)]
    else:
        lost = used[:0]
    found = decompose(sides[0], sides[1], kind)
    named = [cells.columns[factors.value][rows[side][used]].sum() if factors.value else None for side in (0, 1)]
    totals = tuple(
        float(own if own is not None else made) for own, made in zip(named, (found.base, found.end), strict=True)
    )
    change = totals[1] - totals[0]
    codes = cells.keys[by][used] if by else np.zeros(len(used), dtype=np.int64)
    values = [side.prod(axis=-1) for side in (np.nan_to_num(sides[0]), np.nan_to_num(sides[1]))]
    products = found.cells.sum(axis=-1)
    appeared = (products != 0) & ((values[0] == 0) != (values[1] == 0))
    return Step(
        base, end, found, sum_of_groups(found.cells, codes, axis=0),
        np.stack([sum_of_groups(value, codes) for value in values]) if len(used) else np.zeros((2, 0)),
        change, (totals[0], totals[1]), change - float(found.additive.sum()), lacking, lost,
        used[found.undefined], int(appeared.sum()), len(used),
    )  # fmt: skip


def _factors(cells: Cells, factors: Factors, rows: Ints, used: Ints) -> Floats:
    """The factors [cell, factor] of one period."""

    def column(name: str) -> Floats:
        return cells.columns[name][rows]

    def group(name: str, key: str) -> Floats:
        value = column(name)
        if not key:
            return np.full(value.shape, value.sum())
        codes = cells.keys[key][used]
        return sum_of_groups(value, codes)[codes]

    made = [np.broadcast_to(evaluate(tree, column, group), (len(rows),)) for tree in factors.trees]
    return np.stack(made, axis=-1)
