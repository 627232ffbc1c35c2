"""Cells laid out as series: one row per series, one column per period, natural logarithms of positive values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from greenpark.validate.cells import Bools, Cells, Floats, Ints

SERIES = ("entity", "quantity", "carrier", "flow", "counterparty")
YEAR = 12
NORMAL = 1.4826  # standard deviation of a normal distribution over its median absolute deviation: 1/Φ⁻¹(3/4)


@dataclass(frozen=True)
class Grid:
    """Series of one length of period. ``cell`` is -1 and ``log`` not a number where there is none.

    ``first`` is the month number of the first column, a January; columns are ``months`` months apart.
    """

    months: int
    first: int
    log: Floats
    cell: Ints

    @property
    def per_year(self) -> int:
        """Columns of a year."""
        return YEAR // self.months

    @property
    def by_year(self) -> Floats:
        """The logarithms as series × years × periods of a year."""
        return self.log.reshape(len(self.log), -1, self.per_year)


def lay_out(cells: Cells, chosen: Bools, zeros: bool = False) -> Iterator[Grid]:
    """A grid for each length of period that divides a year; a cell reported in two batches is the later one.

    With ``zeros`` a reported zero has a cell as well; its logarithm is not a number.
    """
    for months in (1, 3, 12):
        fits = chosen & (cells.months == months) & (cells.first % months == 0)
        index = np.flatnonzero(fits & ((cells.value > 0) | (zeros & (cells.value == 0))) & ~cells.declared)
        if not len(index):
            continue
        series = _series(cells, index)
        first = int(cells.first[index].min()) // YEAR * YEAR
        last = int(cells.first[index].max()) // YEAR * YEAR + YEAR
        column = (cells.first[index] - first) // months
        shape = (int(series.max()) + 1, (last - first) // months)
        grid = np.full(shape, -1, dtype=np.int64)
        grid[series, column] = index
        value = np.where(grid >= 0, cells.value[grid], 0.0)
        log = np.where(value > 0, np.log(np.where(value > 0, value, 1.0)), np.nan)
        yield Grid(months, first, log, grid)


def _series(cells: Cells, index: Ints) -> Ints:
    number = np.zeros(len(index), dtype=np.int64)
    for key in SERIES:
        codes = cells.codes[key][index]
        number = np.unique(number * (int(codes.max()) + 1) + codes, return_inverse=True)[1].astype(np.int64)
    return number


def median(values: Floats) -> Floats:
    """The median over the last axis, leaving out what is not a number; not a number where nothing is left."""
    ordered = np.sort(values, axis=-1)
    count = np.sum(np.isfinite(ordered), axis=-1)
    low = np.maximum((count - 1) // 2, 0)[..., None]
    high = np.minimum(count // 2, values.shape[-1] - 1)[..., None]
    both = np.take_along_axis(ordered, low, -1) + np.take_along_axis(ordered, high, -1)
    return np.asarray(np.where(count > 0, both[..., 0] / 2, np.nan))


def median_of_others(values: Floats) -> Floats:
    """For each value along the last axis the median of the other ones; for a missing value that of all."""
    ordered = np.sort(values, axis=-1)
    count = np.sum(np.isfinite(ordered), axis=-1)[..., None]
    present = np.isfinite(values)
    # The rank of each value among the sorted ones: with it taken out, later ones move one place down.
    rank = np.argsort(np.argsort(values, axis=-1), axis=-1)
    others = np.where(present, count - 1, count)

    def at(place: Ints) -> Floats:
        moved = np.where(present & (place >= rank), place + 1, place)
        safe = np.clip(moved, 0, values.shape[-1] - 1)
        return np.asarray(np.take_along_axis(ordered, safe, -1))

    middle = (at((others - 1) // 2) + at(others // 2)) / 2
    return np.asarray(np.where(others > 0, middle, np.nan))


def robust_spread(residuals: Floats) -> Floats:
    """1.4826 × the median absolute residual over the last axis: the standard deviation, were it normal."""
    return NORMAL * median(np.abs(residuals))
