"""Sums that must agree: balances of energy, water, waste and land, sub-totals, and ratios that must lie in a range."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from greenpark.model.checks import BalanceRule, RatioRule, Term
from greenpark.validate.cells import Bools, Cells, Floats, Ints
from greenpark.validate.definitions import CheckDefinitions
from greenpark.validate.signals import Signal, Slips, carriers_in

_GROUP = ("entity", "start", "end")


@dataclass(frozen=True)
class Side:
    """One side of a balance by group: its sum, whether every required term is there, whether anything is."""

    total: Floats
    complete: Bools
    any: Bools


@dataclass(frozen=True)
class Groups:
    """Cells by unit and period (and carrier): the group of each cell, and the cells of each group in order."""

    of_cell: Ints
    order: Ints
    starts: Ints

    def members(self, group: int, taking_part: Bools) -> Ints:
        """The cells of a group that take part."""
        last = self.starts[group + 1] if group + 1 < len(self.starts) else len(self.order)
        inside = self.order[self.starts[group] : last]
        return np.asarray(inside[taking_part[inside]])


def group_cells(cells: Cells, per_carrier: bool) -> Groups:
    """The groups within which sides are summed."""
    number = cells.group(*_GROUP, "carrier") if per_carrier else cells.group(*_GROUP)
    order = np.argsort(number, kind="stable")
    starts = np.searchsorted(number[order], np.arange(int(number.max(initial=-1)) + 1))
    return Groups(number, order, starts)


def find_unbalanced(
    cells: Cells, chosen: Bools, rule: BalanceRule, slips: Slips, definitions: CheckDefinitions, limit: int
) -> list[Signal]:
    """A signal for each unit and period whose sides do not agree, with the one slip that would make them."""
    groups = group_cells(cells, rule.per_carrier)
    left_weight = _weights(cells, chosen, rule.left, rule.unit, definitions)
    right_weight = _weights(cells, chosen, rule.right, rule.unit, definitions)
    left = _side(cells, groups, left_weight, rule.left, definitions)
    right = _side(cells, groups, right_weight, rule.right, definitions)
    difference = left.total - right.total
    allowed = np.maximum(rule.tolerance * np.maximum(np.abs(left.total), np.abs(right.total)), rule.absolute)
    off = difference > allowed if rule.relation == "at_most" else np.abs(difference) > allowed
    off &= left.complete & right.complete & left.any & right.any
    wrong = np.flatnonzero(off)
    size = np.abs(difference[wrong]) / np.maximum(allowed[wrong], 1e-300)
    wrong = wrong[np.argsort(-size, kind="stable")][:limit]
    weight = np.where(np.isfinite(left_weight), left_weight, 0.0) - np.where(
        np.isfinite(right_weight), right_weight, 0.0
    )
    part = weight != 0
    signals = []
    for group in np.sort(wrong):
        inside = groups.members(int(group), part)
        if cells.checked[inside].any():
            sums = float(left.total[group]), float(right.total[group])
            signals.append(_balance_signal(cells, inside, weight, rule, slips, sums))
    return signals


def _balance_signal(
    cells: Cells, inside: Ints, weight: Floats, rule: BalanceRule, slips: Slips, sums: tuple[float, float]
) -> Signal:
    """The cell whose value times one slip restores the balance; without one, the largest cell stands for all."""
    left, right = sums
    parts = cells.value[inside] * weight[inside]
    needed = parts - (left - right)
    possible = needed * parts > 0
    off = np.full(len(parts), np.nan)
    off[possible] = np.log(parts[possible] / needed[possible])
    # The rounding that a balance may leave, seen from the cell that is to be restored.
    slack = max(rule.absolute, rule.tolerance * max(abs(left), abs(right)))
    near = np.log1p(np.minimum(slack / np.maximum(np.abs(needed), 1e-300), 1.0))
    factor = slips.explain(off, np.maximum(near, 1e-6), cells.codes["carrier"][inside])
    values: dict[str, object] = {"left": left, "right": right, "difference": left - right, "in_unit": rule.unit}
    found = np.flatnonzero(factor > 0)
    place = int(found[0]) if len(found) else int(np.argmax(np.abs(parts)))
    others = tuple(int(each) for number, each in enumerate(inside) if number != place)
    if len(found) == 0:
        return Signal(rule, "unbalanced", int(inside[place]), abs(left - right), others, values=values)
    expected = float(needed[place] / weight[inside[place]])
    if len(found) > 1:
        values["also"] = tuple((int(inside[each]), float(factor[each])) for each in found[1:])
    cell, slip = int(inside[place]), float(factor[place])
    return Signal(rule, "unbalanced_slip", cell, abs(left - right), others, slip, expected, values)


def find_out_of_range(
    cells: Cells, chosen: Bools, rule: RatioRule, slips: Slips, definitions: CheckDefinitions, limit: int
) -> list[Signal]:
    """A signal for each unit and period whose ratio is out of range, with the slip or exchange that brings it back."""
    groups = group_cells(cells, rule.per_carrier)
    # A pure number compares amounts in the unit in which they are stored.
    above_unit, _, below_unit = ("" if rule.unit == "1" else rule.unit).partition("/")
    above_weight = _weights(cells, chosen, rule.above, above_unit, definitions)
    below_weight = _weights(cells, chosen, rule.below, below_unit, definitions)
    above = _side(cells, groups, above_weight, rule.above, definitions)
    below = _side(cells, groups, below_weight, rule.below, definitions)
    part = np.isfinite(above_weight) | np.isfinite(below_weight)
    low, high = _ends(cells, groups, part, rule, definitions)
    under = below.total if rule.below else np.ones(len(above.total))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = above.total / under
    margin = np.exp(rule.log_margin)
    told = above.complete & above.any & ((below.complete & below.any) if rule.below else above.any)
    both_zero = (above.total == 0) & (under == 0)
    outside = (
        told & ~both_zero & ~np.isnan(low) & ~np.isnan(high) & ~((ratio >= low / margin) & (ratio <= high * margin))
    )
    outside &= np.isfinite(ratio) | (under == 0)
    wrong = np.flatnonzero(outside)[:limit]
    signals = []
    for group in wrong:
        inside = groups.members(int(group), part)
        if cells.checked[inside].any():
            ends = float(low[group]), float(high[group])
            signals.append(_ratio_signal(cells, inside, float(ratio[group]), ends, rule, slips))
    return signals


def _ratio_signal(
    cells: Cells, inside: Ints, ratio: float, ends: tuple[float, float], rule: RatioRule, slips: Slips
) -> Signal:
    low, high = ends
    values: dict[str, object] = {"ratio": ratio, "low": low, "high": high, "in_unit": rule.unit}
    others = tuple(int(each) for each in inside[1:])
    first = int(inside[0])
    middle = np.sqrt(low * high) if low > 0 and np.isfinite(high) else np.nan
    if not np.isfinite(ratio) or ratio <= 0 or not np.isfinite(middle):
        return Signal(rule, "out_of_range", first, np.inf, others, values=values)
    width = float(np.log(high / low) / 2) + rule.log_margin
    off = np.array([np.log(ratio / middle)])
    if not rule.below:
        # A value judged by itself, over a range wide on purpose, tells no factor.
        return Signal(rule, "out_of_range", first, abs(float(off[0])), others, values=values)
    factor = float(slips.explain(off, np.array([max(width, 1e-6)]), cells.codes["carrier"][inside[:1]])[0])
    if rule.per_carrier and low <= 1 / ratio <= high and factor == 0:
        return Signal(rule, "exchanged", first, abs(float(off[0])), others, values=values)
    if factor == 0:
        return Signal(rule, "out_of_range", first, abs(float(off[0])), others, values=values)
    return Signal(rule, "ratio_slip", first, abs(float(off[0])), others, factor, None, values)


def _weights(cells: Cells, chosen: Bools, terms: Iterable[Term], unit: str, definitions: CheckDefinitions) -> Floats:
    """By cell the number by which it enters the sum; not a number for cells that do not."""
    weight = np.full(len(cells), np.nan)
    for term in terms:
        inside = chosen & _of_term(cells, term, definitions) & np.isfinite(cells.value) & ~cells.declared
        weight[inside] = term.coefficient * _scales(cells, term, unit, definitions)[inside]
    return weight


def _of_term(cells: Cells, term: Term, definitions: CheckDefinitions) -> Bools:
    named = cells.among("quantity", (term.quantity,)) & cells.among("flow", term.flows)
    return named & carriers_in(cells, term.carriers, term.carrier_kinds, definitions)


def _scales(cells: Cells, term: Term, unit: str, definitions: CheckDefinitions) -> Floats:
    """By cell what turns its amount into the unit of the rule: by unit, or by the factor of its carrier."""
    if term.factor_kind and unit:
        factors = definitions.carrier_factors(term.factor_kind, (term.factor_set,), unit)
        by_carrier = np.array([factors.get(name, np.nan) for name in cells.names["carrier"]])
        return np.asarray(by_carrier[cells.codes["carrier"]])
    if not unit:
        return np.ones(len(cells))
    scales = [definitions.scale(name, unit) for name in cells.names["unit"]]
    by_unit = np.array([np.nan if scale is None else scale for scale in scales])
    return np.asarray(by_unit[cells.codes["unit"]])


def _side(cells: Cells, groups: Groups, weight: Floats, terms: tuple[Term, ...], definitions: CheckDefinitions) -> Side:
    there = np.isfinite(weight)
    size = len(groups.starts)
    total = np.bincount(groups.of_cell[there], cells.value[there] * weight[there], minlength=size)
    complete = np.ones(size, dtype=bool)
    for term in terms:
        if term.required:
            inside = _of_term(cells, term, definitions)
            reported = np.bincount(groups.of_cell[inside & there], minlength=size) > 0
            # An amount that could not be converted leaves the side incomplete.
            lost = np.bincount(groups.of_cell[inside & ~there & ~cells.declared], minlength=size) > 0
            complete &= reported & ~lost
    return Side(np.asarray(total, dtype=np.float64), complete, np.bincount(groups.of_cell[there], minlength=size) > 0)


def _ends(
    cells: Cells, groups: Groups, part: Bools, rule: RatioRule, definitions: CheckDefinitions
) -> tuple[Floats, Floats]:
    size = len(groups.starts)
    low = np.full(size, -np.inf if rule.low is None else rule.low)
    high = np.full(size, np.inf if rule.high is None else rule.high)
    if rule.factor_set:
        ranges = definitions.carrier_ranges(rule.factor_kind, rule.factor_set, rule.unit.partition("/")[0])
        nothing = (np.nan, np.nan)
        ends = np.array([ranges.get(name, nothing) for name in cells.names["carrier"]]).reshape(-1, 2)
        low[groups.of_cell[part]] = ends[cells.codes["carrier"][part], 0]
        high[groups.of_cell[part]] = ends[cells.codes["carrier"][part], 1]
    return low, high
