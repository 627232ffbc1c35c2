"""Each kind of target against its figures: one row of ``progress``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from greenpark.engine.units import Units
from greenpark.model.confidence import Confidence, least
from greenpark.model.numbers import rounded
from greenpark.model.schemes import Fact, Operator, Target
from greenpark.model.time import Period
from greenpark.monitor.figures import Value, dated, in_unit, start_of, value_of
from greenpark.monitor.pace import after, holds, pace, years_between

# What one share is in the unit of the goal.
_WHOLE = {"%": 100.0, "1": 1.0}

Row = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What targets are held against: the figures, the entities by kind, and the units."""

    values: tuple[Value, ...]
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)
    units: Units | None = None

    def of(self, target: Target) -> tuple[Value, ...]:
        """The figures of a target's quantity."""
        return tuple(each for each in self.values if each.quantity == target.quantity)


def follow(target: Target, pack: str, known: Known) -> Row:
    """The row of one target."""
    row: Row = {"pack": pack, "target": target.id, "entity": target.entity, "state": "not_evaluable"}
    row |= {"caveats": list(target.caveats), "confidence": target.confidence}
    row |= _FOLLOWED.get(target.kind, _words)(target, known, row["caveats"])
    row["caveats"] = "+".join(dict.fromkeys(row["caveats"])) or None
    return row


# ---------------------------------------------------------------- level
def _level(target: Target, known: Known, caveats: list[str]) -> Row:
    goal, operator = target.goal, target.operator
    if goal is None or operator is None or goal.period is None:
        return _words(target, known, caveats)
    base, last = _base_and_last(target, goal.unit, known, caveats)
    row = _ends(base, last, goal)
    due = Period.parse(goal.period)
    if base is not None:
        row["pace_planned"] = pace(base.value, goal.value, years_between(start_of(base), due))
    if last is None:
        return row
    now = start_of(last)
    row["pace_needed"] = pace(last.value, goal.value, years_between(now, due))
    if base is not None:
        row["pace_so_far"] = pace(base.value, last.value, years_between(start_of(base), now))
    row["confidence"] = _confidence(target, goal, base, last)
    reached = holds(last.value, operator, goal.value)
    if now.start >= due.start:
        return row | {"state": "met" if reached else "missed"}
    return row | {"state": _on_the_way(base, last, row.get("pace_planned"), operator, reached, caveats)}


def _on_the_way(
    base: Value | None, last: Value, planned: float | None, operator: Operator, reached: bool, caveats: list[str]
) -> str:
    """Before the due date: on track where the value keeps to the even path from the baseline to the goal."""
    if base is None or planned is None:
        caveats.append("monitor.no_planned_path")
        return "on_track" if reached else "not_evaluable"
    path = after(base.value, planned, years_between(start_of(base), start_of(last)))
    return "on_track" if reached or holds(last.value, operator, path) else "behind"


def _base_and_last(target: Target, unit: str, known: Known, caveats: list[str]) -> tuple[Value | None, Value | None]:
    """The baseline that the pack states, or else the first figure, and the newest figure after it."""
    own = tuple(each for each in known.of(target) if each.entity == target.entity)
    fitting = in_unit(own, unit, known.units)
    if len(fitting) < len(own):
        caveats.append("monitor.unit_differs")
    values = dated(fitting, target.assumed_period)
    if len(values) < len(fitting):
        caveats.append("monitor.period_not_stated")
    base = _baseline(target, unit, values, known, caveats)
    later = [each for each in values if base is None or start_of(each).start > start_of(base).start]
    return base, _newest(later, target, caveats)


def _baseline(target: Target, unit: str, values: Sequence[Value], known: Known, caveats: list[str]) -> Value | None:
    if target.baseline is None:
        first = next((each for each in values if not each.assumed), None)
        if first is not None and target.kind == "annual_rate":
            caveats.append("monitor.base_from_first_figure")
        return first if target.kind == "annual_rate" else None
    stated = in_unit((value_of(target.baseline, target),), unit, known.units)
    if not stated or stated[0].period is None:
        caveats.append("monitor.baseline_not_usable")
        return None
    same = [each for each in values if each.period == stated[0].period and not each.assumed]
    if any(rounded(each.value) != rounded(stated[0].value) for each in same):
        caveats.append("monitor.baseline_differs")
    return stated[0]


def _newest(values: Sequence[Value], target: Target, caveats: list[str]) -> Value | None:
    if not values:
        caveats.append("monitor.no_figure")
        return None
    last = max(start_of(each).start for each in values)
    newest = [each for each in values if start_of(each).start == last]
    if len({rounded(each.value) for each in newest}) > 1:
        caveats.append("monitor.several_values")
        return None
    # A dated figure of the same value is the better evidence.
    value = min(newest, key=lambda each: each.assumed)
    if value.assumed:
        caveats.append(target.assumed_caveat or "monitor.period_assumed")
    if value.partial:
        caveats.append("monitor.partial_value")
    return value


def _ends(base: Value | None, last: Value | None, goal: Fact) -> Row:
    row: Row = {"goal_period": str(Period.parse(goal.period)) if goal.period else None}
    row |= {"goal_value": goal.value, "unit": goal.unit}
    if base is not None:
        row |= {"base_period": str(base.period), "base_value": base.value}
    if last is not None:
        row["last_value"] = last.value
        row["assumed_period" if last.assumed else "last_period"] = str(last.period)
    return row


def _confidence(target: Target, goal: Fact, *values: Value | None) -> Confidence:
    """The least of all; a value of an assumed year is of low confidence."""
    found: list[Confidence] = [target.confidence, goal.confidence]
    found += ["low" if each.assumed else each.confidence for each in values if each is not None]
    return least(found)


# ---------------------------------------------------------------- yearly rate
def _annual_rate(target: Target, known: Known, caveats: list[str]) -> Row:
    """A yearly cut, on average from the base to the newest value; the goal is the level that it leads to."""
    goal, operator = target.goal, target.operator
    if goal is None or operator is None or goal.period is None or goal.unit not in _WHOLE:
        return _words(target, known, caveats)
    own = [each for each in known.of(target) if each.entity == target.entity]
    unit = target.baseline.unit if target.baseline else (own[0].unit if own else "")
    base, last = _base_and_last(target, unit, known, caveats)
    due, rate = Period.parse(goal.period), goal.value / _WHOLE[goal.unit]
    row = _ends(base, last, goal) | {"pace_planned": -rate, "goal_value": None, "unit": unit or None}
    if base is None or last is None:
        return row
    row["goal_value"] = after(base.value, -rate, years_between(start_of(base), due))
    row["pace_so_far"] = pace(base.value, last.value, years_between(start_of(base), start_of(last)))
    row["pace_needed"] = pace(last.value, row["goal_value"], years_between(start_of(last), due))
    row["confidence"] = _confidence(target, goal, base, last)
    if row["pace_so_far"] is None:
        return row
    reached = holds(-row["pace_so_far"], operator, rate)
    is_due = start_of(last).start >= due.start
    states = ("met", "missed") if is_due else ("on_track", "behind")
    return row | {"state": states[0] if reached else states[1]}


# ---------------------------------------------------------------- share of entities
def _share(target: Target, known: Known, caveats: list[str]) -> Row:
    """The share of the entities whose value is below the limit, in the goal's period or the newest before it."""
    goal, operator, limit = target.goal, target.operator, target.limit
    if goal is None or operator is None or limit is None or goal.period is None or goal.unit not in _WHOLE:
        return _words(target, known, caveats)
    members = known.members.get(target.among)
    values = _of_entities(target, members, known, caveats)
    row = _ends(None, None, goal)
    if not values:
        caveats.append("monitor.no_figure")
        return row
    due, period = Period.parse(goal.period), start_of(values[0])
    below = sum(holds(each.value, "<", limit) for each in values)
    total = len(values) if members is None else len(set(members))
    least_share, most_share = (part / total * _WHOLE[goal.unit] for part in (below, below + total - len(values)))
    if members is None:
        caveats.append("monitor.members_unknown")
    elif len(values) < total:
        caveats.append("monitor.share_incomplete")
    row |= {"last_period": str(period), "last_value": least_share, "confidence": _confidence(target, goal, *values)}
    states = ("met", "missed") if period.start >= due.start else ("on_track", "behind")
    if holds(least_share, operator, goal.value):
        return row | {"state": states[0]}
    if holds(most_share, operator, goal.value):
        return row
    if states[1] == "behind":
        caveats.append("monitor.no_planned_path")
    return row | {"state": states[1]}


def _of_entities(target: Target, members: Sequence[str] | None, known: Known, caveats: list[str]) -> tuple[Value, ...]:
    """One value per entity in one period: that of the goal where there are values, else the newest."""
    others = [each for each in known.of(target) if each.entity != target.entity]
    others = [each for each in others if members is None or each.entity in set(members)]
    fitting = in_unit(others, target.limit_unit, known.units)
    if len(fitting) < len(others):
        caveats.append("monitor.unit_differs")
    values = dated(fitting, "")
    if len(values) < len(fitting):
        caveats.append("monitor.period_not_stated")
    if not values:
        return ()
    due = Period.parse(target.goal.period) if target.goal and target.goal.period else None
    periods = {start_of(each) for each in values}
    period = due if due in periods else max(periods)
    by_entity: dict[str, list[Value]] = {}
    for each in values:
        if each.period == period:
            by_entity.setdefault(each.entity, []).append(each)
    if any(len({rounded(each.value) for each in found}) > 1 for found in by_entity.values()):
        caveats.append("monitor.several_values")
    return tuple(found[0] for found in by_entity.values() if len({rounded(each.value) for each in found}) == 1)


# ---------------------------------------------------------------- words
def _words(target: Target, known: Known, caveats: list[str]) -> Row:
    """A target that is carried as text: nothing is calculated."""
    row: Row = {}
    if target.baseline is not None:
        base = value_of(target.baseline, target)
        row = {"base_value": base.value, "unit": base.unit, "base_period": str(base.period) if base.period else None}
    if target.kind == "quoted":
        return row | {"state": "quoted"}
    caveats.append("monitor.not_computable")
    return row


_FOLLOWED: dict[str, Callable[[Target, Known, list[str]], Row]] = {
    "level": _level,
    "annual_rate": _annual_rate,
    "share_of_entities": _share,
}
