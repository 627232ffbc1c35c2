"""Two values that stand in one another's place: each is off its own history, and fits that of the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from greenpark.model.checks import SwapRule
from greenpark.validate.cells import Bools, Cells, Ints
from greenpark.validate.grids import YEAR
from greenpark.validate.history import Offsets
from greenpark.validate.signals import Signal

# Within one unit and period across carriers and flows; within one column across units; within one series over time.
_NEIGHBOURS = (
    ("entity", "start", "end"),
    ("quantity", "carrier", "flow", "start", "end", "unit"),
    ("entity", "quantity", "carrier", "flow", "counterparty"),
)


def find_swapped(cells: Cells, chosen: Bools, rule: SwapRule, offsets: Offsets, limit: int) -> list[Signal]:
    """A signal for each pair of cells that both fit when exchanged."""
    # Only in a fraction of all cells can anything be exchanged: those that do not fit where they are.
    odd = np.flatnonzero(chosen & (np.abs(offsets.off) > np.maximum(rule.log_limit, 2 * offsets.spread)))
    taken: set[int] = set()
    signals: list[Signal] = []
    for keys in _NEIGHBOURS:
        # Two years of a series always fit in one another's place; months do only where the season says so.
        among = odd if "start" in keys else odd[cells.months[odd] < YEAR]
        group = cells.group(*keys)[among]
        for first, second in _pairs(among, group, cells, offsets, rule):
            if taken & {first, second} or len(signals) >= limit or not cells.checked[[first, second]].any():
                continue
            taken |= {first, second}
            size = float(abs(offsets.off[first]) + abs(offsets.off[second]))
            expected = float(cells.value[second])
            signals.append(Signal(rule, "swapped", first, size, (second,), expected=expected))
    return signals


def _pairs(odd: Ints, group: Ints, cells: Cells, offsets: Offsets, rule: SwapRule) -> Iterator[tuple[int, int]]:
    """Pairs of one group: the value of each lies where the other is expected."""
    value = np.log(cells.value[odd])
    wanted = value - offsets.off[odd]
    order = np.lexsort((value, group))
    sorted_group, sorted_value = group[order], value[order]
    bounds = np.searchsorted(sorted_group, np.arange(int(group.max(initial=-1)) + 2))
    for place in range(len(odd)):
        low, high = bounds[group[place]], bounds[group[place] + 1]
        near = wanted[place]
        begin = low + np.searchsorted(sorted_value[low:high], near - rule.log_tolerance)
        end = low + np.searchsorted(sorted_value[low:high], near + rule.log_tolerance, side="right")
        for other in order[begin:end]:
            if (
                other > place
                and value[place] != value[other]
                and abs(value[place] - wanted[other]) <= rule.log_tolerance
            ):
                yield int(odd[place]), int(odd[other])
