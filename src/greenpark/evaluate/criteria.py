"""Criteria and conditions judged for all subjects, with every state and its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from greenpark.engine.shape import ABSENT, Bools, Ints
from greenpark.engine.units import Units
from greenpark.evaluate.rules import Judged, judge
from greenpark.evaluate.states import (
    EXCUSED,
    HIGH,
    LOW,
    MET,
    NO_REASON,
    NOT_APPLICABLE,
    NOT_EVALUABLE,
    NOT_MET,
    Node,
    Reasons,
    blank_node,
    states_of,
)
from greenpark.evaluate.subjects import Values
from greenpark.model.confidence import RANK, least
from greenpark.model.schemes import Condition, Criterion, Flag, Indicator, Rule, Scheme

_WHEN_MISSING = {"not_evaluable": NOT_EVALUABLE, "not_met": NOT_MET, "not_applicable": NOT_APPLICABLE}


@dataclass(frozen=True)
class Bench:
    """What criteria are judged with: the scheme, its values, the excuses, the reasons and the units."""

    scheme: Scheme
    values: Mapping[str, Values]
    facts: Mapping[str, Values]
    excused: Mapping[str, str]
    reasons: Reasons
    units: Units | None

    def in_unit(self, indicator: Indicator, unit: str) -> Values:
        """The values of an indicator in the unit of a rule.

        Raises
        ------
        ValueError
            When the units differ and no units were given.
        """
        values = self.values[indicator.id]
        if not unit or unit == indicator.unit:
            return values
        if self.units is None:
            raise ValueError(f"{indicator.id} is in {indicator.unit}, its rule in {unit}: units are needed")
        return replace(values, value=values.value * self.units.multiplier(indicator.unit, unit))


def excuse_of(scheme: Scheme, criterion: Criterion, excused: Mapping[str, str]) -> str:
    """The reason for which a criterion is excused; empty when it is not, may not be, or gives no reason."""
    if not criterion.may_be_excused:
        return ""
    return excused.get(f"{scheme.head.id}.{criterion.id}", excused.get(criterion.id, "")).strip()


def judge_criteria(bench: Bench) -> list[Node]:
    """All criteria of the scheme, in its order."""
    indicators = {each.id: each for each in bench.scheme.indicators}
    return [_judge_criterion(each, indicators[each.indicator], bench) for each in bench.scheme.criteria]


def judge_conditions(bench: Bench, size: int) -> list[Node]:
    """All conditions for entry: by fact, by indicator, or left to a reader."""
    indicators = {each.id: each for each in bench.scheme.indicators}
    return [_judge_condition(each, indicators, bench, size) for each in bench.scheme.conditions]


def _judge_criterion(criterion: Criterion, indicator: Indicator, bench: Bench) -> Node:
    rule, parts = criterion.rule, criterion.confidence
    unit = getattr(rule, "unit", indicator.unit)
    values = bench.in_unit(indicator, unit)
    node = _judged_node(criterion.id, "criterion", unit, rule, values, bench, criterion.missing)
    node = _where_it_applies(node, criterion, bench)
    if reason := excuse_of(bench.scheme, criterion, bench.excused):
        everywhere = np.ones(len(node.state), dtype=np.bool_)
        node = set_state(node, everywhere, EXCUSED, bench.reasons.code("evaluate.excused", reason=reason))
    stated = RANK[least((parts.name, parts.role, parts.value, parts.formula, indicator.confidence))]
    confidence = np.minimum(node.confidence, stated)
    rests_on_low = RANK[least((parts.role, parts.value, parts.formula, indicator.confidence))] == LOW
    provisional = node.decided & (rests_on_low | (node.confidence == LOW) | values.partial)
    return replace(node, role=criterion.role, confidence=confidence, provisional=provisional)


def _judge_condition(condition: Condition, indicators: Mapping[str, Indicator], bench: Bench, size: int) -> Node:
    if condition.indicator and condition.rule:
        values = bench.in_unit(indicators[condition.indicator], condition.rule.unit)
        node = _judged_node(condition.id, "condition", condition.rule.unit, condition.rule, values, bench)
        return replace(node, role=condition.kind, provisional=node.decided & (node.confidence == LOW))
    if condition.fact and condition.fact in bench.facts:
        values = bench.facts[condition.fact]
        node = _judged_node(condition.id, "condition", "1", Flag(kind="flag"), values, bench)
        return replace(node, role=condition.kind, provisional=node.decided & (node.confidence == LOW))
    message = "evaluate.fact_not_reported" if condition.fact else "evaluate.condition_for_a_reader"
    code = bench.reasons.code(message)
    return replace(blank_node(condition.id, "condition", size, condition.kind), reason=np.full(size, code))


def _judged_node(
    name: str, kind: str, unit: str, rule: Rule, values: Values, bench: Bench, missing: str = "not_evaluable"
) -> Node:
    judged = judge(rule, values, bench.values, bench.reasons)
    states = states_of(judged.met & judged.decided, judged.decided & ~judged.met)
    node = replace(
        blank_node(name, kind, len(states), unit=unit),
        state=states,
        value=values.value,
        limit=judged.limit,
        operator=judged.operator,
        ratio=judged.ratio,
        reason=_reasons(judged, states, values, bench.reasons),
        confidence=np.where(values.status == ABSENT, HIGH, values.confidence),
    )
    if missing == "not_evaluable":
        return node
    gone = (node.state == NOT_EVALUABLE) & _is_missing(values)
    # Both are named, so that the check of messages finds them.
    message = "evaluate.missing_is_not_met" if missing == "not_met" else "evaluate.missing_is_not_applicable"
    return set_state(node, gone, _WHEN_MISSING[missing], bench.reasons.code(message))


def _is_missing(values: Values) -> Bools:
    """Not reported, or calculated from something that was not: a value that is merely undefined is not missing."""
    return np.asarray((values.status == ABSENT) | (~values.known & (values.missing > 0)), dtype=np.bool_)


def _reasons(judged: Judged, states: Ints, values: Values, reasons: Reasons) -> Ints:
    """Why each subject has its state: of the value first, then of the rule, then plainly met or not met."""
    found = np.where(states == MET, reasons.code("evaluate.meets"), reasons.code("evaluate.misses"))
    found = np.where(states == NOT_EVALUABLE, reasons.code("evaluate.value_undefined"), found)
    found = np.where(judged.reason != NO_REASON, judged.reason, found)
    for code in np.unique(values.missing[_is_missing(values) & (values.missing > 0)]):
        names = values.remarks[code].split("+")
        missing = reasons.code("evaluate.value_missing", quantities=names)
        found = np.where(~values.known & (values.missing == code), missing, found)
    absent = reasons.code("evaluate.value_not_reported")
    found = np.where(values.status == ABSENT, absent, found)
    partial = values.partial & (states <= NOT_MET) & (judged.reason == NO_REASON)
    return np.where(partial, reasons.code("evaluate.value_partial"), found).astype(np.int64)


def _where_it_applies(node: Node, criterion: Criterion, bench: Bench) -> Node:
    if not criterion.applies_where:
        return node
    condition = bench.values[criterion.applies_where]
    zero = condition.known & (condition.value == 0)
    code = bench.reasons.code("evaluate.does_not_apply", indicator=condition.name)
    return set_state(node, zero, NOT_APPLICABLE, code)


def set_state(node: Node, where: Bools, state: int, reason: int) -> Node:
    """The node with another state and reason on some subjects."""
    states, reasons = np.where(where, state, node.state), np.where(where, reason, node.reason)
    return replace(node, state=states, reason=reasons, provisional=node.provisional & ~where)
