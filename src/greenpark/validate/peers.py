"""Units beside those of their industry: what each uses in a year per output or per employee."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from greenpark.model.checks import PeersRule
from greenpark.validate.cells import Bools, Cells, Floats, Ints
from greenpark.validate.grids import NORMAL
from greenpark.validate.signals import Signal, Slips


@dataclass(frozen=True)
class Intensities:
    """Yearly amounts per size of the unit: logarithm, group of peers, first cell; all cells by ``of_cell``."""

    log: Floats
    group: Ints
    first: Ints
    index: Ints
    of_cell: Ints


def find_unlike_peers(
    cells: Cells, chosen: Bools, rule: PeersRule, slips: Slips, industries: Mapping[str, str], limit: int
) -> list[Signal]:
    """A signal for each unit, carrier and year whose intensity is far from that of its industry."""
    signals: list[Signal] = []
    for by in rule.by:
        found = _intensities(cells, chosen, by, rule, industries)
        if not len(found.log):
            continue
        middle, spread, count = _industry(found)
        off = found.log - middle
        spread = np.maximum(spread, rule.log_floor)
        odd = (np.abs(off) > np.maximum(rule.deviations * spread, rule.log_limit)) & (count >= rule.least)
        tolerance = np.minimum(np.maximum(spread, rule.slip_log_tolerance), np.abs(off) / 2)
        factor = slips.explain(off, tolerance, cells.codes["carrier"][found.first])
        for place in np.flatnonzero(odd)[:limit]:
            cell = int(found.first[place])
            others = tuple(int(each) for each in found.index[found.of_cell == place] if each != cell)
            values = {"ratio": float(np.exp(off[place])), "units": int(count[place]), "by": by}
            expected = float(cells.value[cell] / np.exp(off[place]))
            size, slip = abs(float(off[place])), float(factor[place])
            signals.append(Signal(rule, "unlike_peers", cell, size, others, slip, expected, values))
    return signals[:limit]


def _intensities(cells: Cells, chosen: Bools, by: str, rule: PeersRule, industries: Mapping[str, str]) -> Intensities:
    year = cells.first // 12
    keyed = year * len(cells.names["entity"]) + cells.codes["entity"]
    usable = np.isfinite(cells.value) & (cells.value > 0) & ~cells.declared & (cells.months > 0)
    is_size = cells.among("quantity", (by,)) & usable
    size = dict(zip(keyed[is_size].tolist(), cells.value[is_size].tolist(), strict=True)) if is_size.any() else {}
    codes = [industries.get(name, "")[: rule.digits] for name in cells.names["entity"]]
    known = np.array([bool(code) for code in codes])[cells.codes["entity"]]
    index = np.flatnonzero(chosen & usable & ~is_size & known & np.isin(keyed, np.array(list(size), dtype=np.int64)))
    if not len(index):
        none = np.array([], dtype=np.int64)
        return Intensities(np.array([]), none, none, none, none)
    of_series = cells.group("entity", "quantity", "carrier", "flow")[index] * 10_000 + year[index]
    _, first, series = np.unique(of_series, return_index=True, return_inverse=True)
    amount = np.bincount(series, cells.value[index])
    cell = index[first]
    log = np.log(amount) - np.log(np.array([size[each] for each in keyed[cell].tolist()]))
    industry = np.unique(np.array(codes), return_inverse=True)[1][cells.codes["entity"][cell]]
    group = cells.group("quantity", "carrier", "flow")[cell] * 1_000_000 + industry * 10_000 + year[cell]
    return Intensities(log, np.unique(group, return_inverse=True)[1], cell, index, series)


def _industry(found: Intensities) -> tuple[Floats, Floats, Ints]:
    """By intensity the median, robust spread and number of units of its industry."""
    count = np.bincount(found.group)
    middle = _group_median(found.log, found.group)[found.group]
    spread = NORMAL * _group_median(np.abs(found.log - middle), found.group)[found.group]
    return middle, spread, np.asarray(count[found.group], dtype=np.int64)


def _group_median(values: Floats, group: Ints) -> Floats:
    order = np.lexsort((values, group))
    count = np.bincount(group)
    start = np.concatenate(([0], np.cumsum(count)[:-1]))
    ordered = values[order]
    return np.asarray((ordered[start + (count - 1) // 2] + ordered[start + count // 2]) / 2)
