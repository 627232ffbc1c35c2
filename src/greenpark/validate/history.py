"""Values against the rest of their own series: robust level, season where there are years enough, whole years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from greenpark.model.checks import HistoryRule
from greenpark.validate.cells import Bools, Cells, Floats, Ints
from greenpark.validate.grids import Grid, lay_out, median, median_of_others, robust_spread
from greenpark.validate.signals import Signal, Slips

_MANY = 3  # series that must be off together to be one event


@dataclass(frozen=True)
class Offsets:
    """By cell: how far its logarithm is off its series, and the robust spread; not a number without history.

    ``other`` is the one other cell of a series of two, of which either may be wrong; -1 where there are more.
    """

    off: Floats
    spread: Floats
    other: Ints


def find_off_history(
    cells: Cells, chosen: Bools, rule: HistoryRule, slips: Slips, limit: int
) -> tuple[list[Signal], Offsets]:
    """The cells and years that are unlike the rest of their series, and how far every cell is off."""
    off, spread = np.full(len(cells), np.nan), np.full(len(cells), np.nan)
    other = np.full(len(cells), -1, dtype=np.int64)
    signals: list[Signal] = []
    for grid in lay_out(cells, chosen):
        years = list(_whole_years(cells, grid, rule, slips))
        signals += years
        there = grid.cell >= 0
        found, width = expectation(grid, rule)
        off[grid.cell[there]] = found[there]
        spread[grid.cell[there]] = np.broadcast_to(width, found.shape)[there]
        early, late = _pairs(grid)
        off[early], other[late] = np.nan, early
        if grid.months < 12:
            for each in years:
                off[[each.cell, *each.others]] = np.nan
    offsets = Offsets(off, spread, other)
    signals += _together(cells, _cell_signals(cells, rule, slips, offsets, limit), offsets)
    return signals, offsets


def _pairs(grid: Grid) -> tuple[Ints, Ints]:
    """The earlier and the later cell of each series that has but two values: only the later one is told."""
    rows = grid.cell[np.isfinite(grid.log).sum(axis=1) == 2]
    there = np.sort(rows, axis=1)[:, -2:] if rows.shape[1] > 1 else rows[:0]
    return (there[:, 0], there[:, 1]) if there.size else (np.array([], np.int64), np.array([], np.int64))


def _together(cells: Cells, signals: list[Signal], offsets: Offsets) -> list[Signal]:
    """One signal instead of many where most of what a unit reports of a period is off the same way: it changed."""
    known = np.isfinite(offsets.off)
    period = cells.group("entity", "start", "end")
    series = np.bincount(period[known], minlength=int(period.max(initial=-1)) + 1)
    groups: dict[tuple[int, bool], list[Signal]] = {}
    for signal in signals:
        groups.setdefault((int(period[signal.cell]), bool(offsets.off[signal.cell] > 0)), []).append(signal)
    kept: list[Signal] = []
    for (number, _), inside in groups.items():
        if len(inside) < _MANY or 2 * len(inside) < series[number]:
            kept += inside
            continue
        first = max(inside, key=lambda each: (float(cells.value[each.cell]), -each.cell))
        others = tuple(sorted(each.cell for each in inside if each is not first))
        values = {"count": len(inside)}
        kept.append(replace(first, what="changed_as_a_whole", others=others, factor=0.0, values=values))
    return kept


def expectation(grid: Grid, rule: HistoryRule) -> tuple[Floats, Floats]:
    """How far each value is off what the others let expect, and the spread of its series [natural logs].

    What is far off in a first pass takes no part in expecting the others in a second.
    """
    off, spread = _expect(grid, grid.log, rule, nearest=True)
    if grid.months == 12:
        # Of three years the other two would be off as well, half as far, because of the one that is wrong.
        off = grid.log - median(grid.log)[:, None]
        off = np.where(np.isfinite(grid.log).sum(axis=1, keepdims=True) > 2, off, 0.0)
    outlying = np.abs(off) > np.maximum(rule.slip_deviations * spread, rule.log_limit)
    return _expect(grid, np.where(outlying, np.nan, grid.log), rule)


def _expect(grid: Grid, kept: Floats, rule: HistoryRule, nearest: bool = False) -> tuple[Floats, Floats]:
    """Offsets of all values from what the kept ones let expect, by whatever describes the rest of the series best.

    That is the level of the whole series, the level of the year, or the season: the one with the smallest spread.
    """
    off = grid.log - _enough(kept, median_of_others(kept), rule.least)
    spread = _spread_around_median(kept, rule)
    if grid.months == 12:
        return off, spread
    shape = grid.by_year.shape
    by_year = kept.reshape(shape)
    predictions = [_year_level(by_year, rule.least)]
    if shape[1] >= rule.seasonal_years:
        predictions.append(_seasonal(by_year, rule.least, nearest))
    for number, expected in enumerate(predictions):
        other = grid.log - expected.reshape(grid.log.shape)
        kept_only = np.where(np.isfinite(kept), other, np.nan)
        width = np.maximum(robust_spread(kept_only)[:, None], rule.log_floor)
        better = np.isfinite(other) & ((width < spread) | ~np.isfinite(off))
        # The year before all years; of year and season, when equally good, the nearer: what fits either is not odd.
        better |= np.isfinite(other) & (width == spread) & ((number == 0) | (np.abs(other) < np.abs(off)))
        off, spread = np.where(better, other, off), np.where(better, width, spread)
    return off, spread


def _spread_around_median(kept: Floats, rule: HistoryRule) -> Floats:
    """The robust spread of each series about its own median, at least the floor: of two values it is not known."""
    around = robust_spread(kept - median(kept)[:, None])
    known = np.isfinite(kept).sum(axis=1) > 2
    spread = np.where(known, np.maximum(around, rule.log_floor), rule.log_floor)[:, None]
    return np.asarray(np.broadcast_to(spread, kept.shape))


def _year_level(by_year: Floats, least: int) -> Floats:
    """The median of the other periods of the same year, where there are enough of them."""
    present = np.isfinite(by_year)
    others = present.sum(axis=-1, keepdims=True) - present
    return np.where(others >= least, median_of_others(by_year), np.nan)


def _seasonal(by_year: Floats, least: int, nearest: bool) -> Floats:
    """The same period of each other year, moved by the median change of the other periods between the two years.

    Of several years the median, or (``nearest``) the one that the value fits best: one wrong year then makes no other
    look wrong. A median of changes stays where it is when a series has two very different seasons,
    as the level of a year would not.
    """
    years = by_year.shape[1]
    expected = np.full(by_year.shape, np.nan)
    for year in range(years):
        moved = []
        for other in range(years):
            if other != year:
                change = by_year[:, year] - by_year[:, other]
                moved.append(by_year[:, other] + _enough(change, median_of_others(change), least))
        if moved:
            each = np.stack(moved, axis=-1)
            away = np.abs(each - by_year[:, year, :, None])
            best = np.argmin(np.where(np.isfinite(away), away, np.inf), axis=-1)[..., None]
            expected[:, year] = np.take_along_axis(each, best, -1)[..., 0] if nearest else median(each)
    return expected


def _enough(kept: Floats, expected: Floats, least: int) -> Floats:
    present = np.isfinite(kept)
    others = present.sum(axis=-1, keepdims=True) - present
    return np.where(others >= least, expected, np.nan)


def _cell_signals(cells: Cells, rule: HistoryRule, slips: Slips, offsets: Offsets, limit: int) -> list[Signal]:
    off, spread = offsets.off, offsets.spread
    size = np.abs(off)
    possible = np.flatnonzero((size > rule.slip_deviations * spread) & cells.recent)
    tolerance = np.minimum(np.maximum(rule.slip_deviations * spread[possible] / 2, rule.slip_log_tolerance),
                           size[possible] / 2)  # fmt: skip
    factor = slips.explain(off[possible], tolerance, cells.codes["carrier"][possible])
    far = size[possible] > rule.log_limit
    slipped = (factor > 0) & far
    odd = far & (size[possible] > rule.deviations * spread[possible])
    told = np.flatnonzero(slipped | odd)
    told = told[np.argsort(-size[possible][told], kind="stable")][:limit]
    return [
        _cell_signal(cells, rule, int(possible[place]), offsets, float(factor[place]) if slipped[place] else 0.0)
        for place in sorted(told)
    ]


def _cell_signal(cells: Cells, rule: HistoryRule, cell: int, offsets: Offsets, factor: float) -> Signal:
    off, other = float(offsets.off[cell]), int(offsets.other[cell])
    expected = float(cells.value[cell] / np.exp(off))
    if other >= 0:
        values = {"ratio": float(np.exp(off))}
        return Signal(rule, "year_or_the_other", cell, abs(off), (other,), factor, expected, values)
    return Signal(rule, "slip" if factor else "unlike_history", cell, abs(off), factor=factor, expected=expected)


def _whole_years(cells: Cells, grid: Grid, rule: HistoryRule, slips: Slips) -> Iterator[Signal]:
    """Years in which all periods are off the other years by one factor: the unit of the whole year slipped."""
    by_year = grid.by_year
    if grid.months == 12 or by_year.shape[1] < 2:
        return
    off = by_year - np.swapaxes(median_of_others(_steady_years(np.swapaxes(by_year, 1, 2), rule)), 1, 2)
    count = np.isfinite(off).sum(axis=-1)
    middle = median(off)
    scatter = robust_spread(off - middle[..., None])
    agree = (count >= min(rule.least, grid.per_year)) & (scatter < rule.level_agreement)
    year_cells = grid.cell.reshape(by_year.shape)
    recent = cells.recent
    for series, year in np.argwhere(agree & (np.abs(middle) > rule.level_log_limit)):
        inside = year_cells[series, year]
        inside = inside[inside >= 0]
        alone = int(np.sum(np.isfinite(by_year[series]).any(axis=-1))) == 2
        if not recent[inside].any() or (alone and year != _last_year(by_year[series])):
            continue
        yield _year_signal(cells, inside, float(middle[series, year]), rule, slips, alone)


def _steady_years(by_period: Floats, rule: HistoryRule) -> Floats:
    """The values by period and year without those far off the median of their years: of three one may be wrong."""
    far = np.abs(by_period - median(by_period)[..., None]) > rule.level_log_limit
    many = np.isfinite(by_period).sum(axis=-1, keepdims=True) > 2
    return np.where(far & many, np.nan, by_period)


def _last_year(years: Floats) -> int:
    return int(np.flatnonzero(np.isfinite(years).any(axis=-1))[-1])


def _year_signal(cells: Cells, inside: Ints, off: float, rule: HistoryRule, slips: Slips, alone: bool) -> Signal:
    carrier = cells.codes["carrier"][inside[:1]]
    factor = float(slips.explain(np.array([off]), np.array([rule.level_agreement]), carrier)[0])
    what = "year_or_the_other" if alone else "whole_year"
    first = int(inside[0])
    expected = float(cells.value[first] / np.exp(off))
    values = {"ratio": float(np.exp(off))}
    return Signal(rule, what, first, abs(off), tuple(int(each) for each in inside[1:]), factor, expected, values)
