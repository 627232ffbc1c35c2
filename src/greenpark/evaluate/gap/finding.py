"""Gaps of one park: every criterion with the nearest value that passes, what it is worth, and the cheapest way through."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from greenpark.engine.units import Units
from greenpark.evaluate.counts import VERDICT
from greenpark.evaluate.gap.targets import Target, nearest_target
from greenpark.evaluate.gap.trial import Row, Trial
from greenpark.evaluate.subjects import item_of
from greenpark.model.numbers import rounded
from greenpark.model.schemes import Criterion, Scheme

_YES_NO = ("flag", "external")
# A yes or no has no relative change; it counts like a change by its whole size.
_COST_OF_YES = 1.0
_PERCENT = 0.01


@dataclass(frozen=True)
class Gap:
    """A criterion that is not met, and the change of its indicator that would meet it.

    ``own`` is the target in the unit of the indicator, ``cost`` the relative change by which ways are compared.
    """

    criterion: Criterion
    indicator: str
    row: Row
    target: Target
    own: float

    @property
    def cost(self) -> float:
        if self.target.method == "yes_no":
            return _COST_OF_YES
        value = self.row["value"]
        return abs(self.target.value - value) / abs(value) if value else math.inf


def find_gap(trial: Trial, scheme: Scheme, criterion: Criterion, units: Units) -> Gap | None:
    """The gap of one criterion that is not met; None when no value within the bounds would meet it."""
    row = trial.base[criterion.id]
    indicator = item_of(scheme, criterion.indicator)
    multiplier = _multiplier(row, scheme, criterion, units)
    if multiplier is None or not trial.has(indicator):
        return None

    def passes(value: float) -> bool:
        return bool(trial.judged({indicator: value / multiplier})[criterion.id]["state"] == "met")

    target = nearest_target(row, passes, criterion.rule.kind in _YES_NO)
    return None if target is None else Gap(criterion, indicator, row, target, target.value / multiplier)


def _multiplier(row: Row, scheme: Scheme, criterion: Criterion, units: Units) -> float | None:
    """From the unit of the indicator to that of the rule."""
    found = [each.unit for each in scheme.indicators if each.id == criterion.indicator]
    if not found:
        return None
    unit = row["unit"] or found[0]
    return 1.0 if unit == found[0] else units.multiplier(found[0], unit)


def cheapest_way(trial: Trial, gaps: Mapping[str, Gap]) -> tuple[str, ...] | None:
    """The criteria whose changes together pass the scheme at the least sum of relative changes; None: they do not.

    All changes at once are tried first; then the dearest are taken back one by one as long as the scheme still passes.
    Where the scheme asks for all of some, k of each choice and so many in all, no other set is cheaper; where it offers
    combinations, another may be. Of several criteria over one indicator the furthest target counts for all.
    """
    kept = dict(gaps)
    if not _passes(trial, kept):
        return None
    for name in sorted(gaps, key=lambda each: (-gaps[each].cost, each)):
        fewer = {each: gap for each, gap in kept.items() if each != name}
        if _passes(trial, fewer):
            kept = fewer
    return tuple(sorted(kept))


def changes_of(trial: Trial, gaps: Mapping[str, Gap]) -> dict[str, float]:
    """The indicators with the values of these gaps; of several for one indicator the furthest from its present value."""
    found: dict[str, float] = {}
    for gap in gaps.values():
        now = trial.value_of(gap.indicator) or 0.0
        before = found.get(gap.indicator, now)
        if abs(gap.own - now) >= abs(before - now):
            found[gap.indicator] = gap.own
    return found


def _passes(trial: Trial, gaps: Mapping[str, Gap]) -> bool:
    return bool(trial.judged(changes_of(trial, gaps))[VERDICT]["state"] == "met")


def worth_of_percent(trial: Trial, scheme: Scheme, criterion: Criterion, gap: Gap | None) -> float | None:
    """The score gained when the indicator improves by one percent of its magnitude; None without score or direction."""
    indicator = item_of(scheme, criterion.indicator)
    value = trial.value_of(indicator)
    direction = _direction(trial.base[criterion.id], gap)
    if not value or not direction or criterion.rule.kind in _YES_NO:
        return None
    return score_gained(trial, {indicator: value + direction * _PERCENT * abs(value)})


def score_gained(trial: Trial, changes: Mapping[str, float]) -> float | None:
    """The score of the verdict with these changes less the present one."""
    before = trial.base[VERDICT]["score"]
    if before is None:
        return None
    after = trial.judged(changes)[VERDICT]["score"]
    return None if after is None else rounded(after - before)


def _direction(row: Row, gap: Gap | None) -> int:
    if gap is not None and row["value"] is not None:
        return 1 if gap.target.value > row["value"] else -1
    return {">=": 1, ">": 1, "<=": -1, "<": -1}.get(row["operator"] or "", 0)


def gap_cells(gap: Gap) -> dict[str, Any]:
    """The columns of the table ``gaps`` that a gap fills."""
    value = gap.row["value"]
    change = None if value is None else gap.target.value - value
    return {
        "target": gap.target.value,
        "change": None if change is None else rounded(change),
        "relative": None if change is None or not value else rounded(change / abs(value)),
        "method": gap.target.method,
    }
