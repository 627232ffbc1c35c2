"""Criteria and conditions judged for all subjects, with every state and its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from greenpark.engine.shape import ABSENT, STATUS, Bools, Floats, Ints
from greenpark.evaluate.bench import Bench
from greenpark.evaluate.judged import Judged
from greenpark.evaluate.rules import judge
from greenpark.evaluate.states import (
    EXCUSED,
    HIGH,
    LOW,
    MET,
    NO_REASON,
    NOT_APPLICABLE,
    NOT_EVALUABLE,
    NOT_MET,
    SCORED,
    Node,
    Reasons,
    blank_node,
    states_of,
)
from greenpark.evaluate.subjects import Values
from greenpark.model.confidence import RANK, least
from greenpark.model.schemes import Condition, Criterion, Flag, Indicator, Over, Rule, Scheme

_WHEN_MISSING = {"not_evaluable": NOT_EVALUABLE, "not_met": NOT_MET, "not_applicable": NOT_APPLICABLE}


def excuse_of(scheme: Scheme, criterion: Criterion, excused: Mapping[str, str]) -> str:
    """The reason for which a criterion is excused; empty when it is not, may not be, or gives no reason."""
    if not criterion.may_be_excused:
        return ""
    return excused.get(f"{scheme.head.id}.{criterion.id}", excused.get(criterion.id, "")).strip()


def judge_criteria(bench: Bench) -> list[Node]:
    """All criteria of the scheme, in its order."""
    indicators = {each.id: each for each in bench.scheme.indicators}
    return [_judge_criterion(each, indicators.get(each.indicator), bench) for each in bench.scheme.criteria]


def judge_conditions(bench: Bench, size: int) -> list[Node]:
    """All conditions for entry: by fact, by indicator, or left to a reader."""
    indicators = {each.id: each for each in bench.scheme.indicators}
    return [_judge_condition(each, indicators, bench, size) for each in bench.scheme.conditions]


def _judge_criterion(criterion: Criterion, indicator: Indicator | None, bench: Bench) -> Node:
    rule, parts = criterion.rule, criterion.confidence
    unit = getattr(rule, "unit", indicator.unit if indicator else "1")
    values = bench.in_unit(bench.values[indicator.id], unit) if indicator else _no_values(criterion.id, bench)
    if criterion.over:
        values = _over_years(values, criterion.over, bench)
    node = _judged_node(criterion.id, "criterion", unit, rule, values, bench, criterion.missing)
    node = _where_it_applies(node, criterion, bench)
    if reason := excuse_of(bench.scheme, criterion, bench.excused):
        everywhere = np.ones(len(node.state), dtype=np.bool_)
        node = set_state(node, everywhere, EXCUSED, bench.reasons.code("evaluate.excused", reason=reason))
    own = indicator.confidence if indicator else "high"
    stated = RANK[least((parts.name, parts.role, parts.value, parts.formula, own))]
    confidence = np.minimum(node.confidence, stated)
    rests_on_low = RANK[least((parts.role, parts.value, parts.formula, own))] == LOW
    provisional = node.decided & (rests_on_low | (node.confidence == LOW) | node.provisional)
    return replace(node, role=criterion.role, confidence=confidence, provisional=provisional)


def _no_values(name: str, bench: Bench) -> Values:
    """Stands in for the indicator of a rule that needs none: known, without a number of its own."""
    size = bench.subjects.size
    ok, high = np.full(size, STATUS["ok"], dtype=np.int64), np.full(size, HIGH, dtype=np.int64)
    return Values(name, "1", np.zeros(size), ok, high, np.zeros(size, dtype=np.int64), ("",))


def _taken(years: Floats, over: Over) -> Floats:
    if over.take == "lowest":
        return np.asarray(years.min(axis=0), dtype=np.float64)
    if over.take == "highest":
        return np.asarray(years.max(axis=0), dtype=np.float64)
    total = years.sum(axis=0)
    return np.asarray(total if over.take == "total" else total / over.years, dtype=np.float64)


def _over_years(values: Values, over: Over, bench: Bench) -> Values:
    """The value over several years; unknown where one of them is."""
    at = np.stack([bench.subjects.earlier(back) for back in range(over.years)])
    there = at != ABSENT
    known = (there & values.known[at]).all(axis=0)
    years = np.where(there, values.value[at], np.nan)
    partial = (there & values.partial[at]).any(axis=0)
    status = np.where(known, np.where(partial, STATUS["partial"], STATUS["ok"]), STATUS["not_evaluable"])
    remark = len(values.remarks)
    lacks = f"{values.name}@-{over.years - 1}"
    return replace(
        values,
        value=np.where(known, _taken(years, over), np.nan),
        status=np.where(values.status == ABSENT, ABSENT, status).astype(np.int64),
        confidence=np.where(there, values.confidence[at], HIGH).min(axis=0),
        missing=np.where(known | ~values.known, values.missing, remark).astype(np.int64),
        remarks=(*values.remarks, lacks),
    )


def _judge_condition(condition: Condition, indicators: Mapping[str, Indicator], bench: Bench, size: int) -> Node:
    if condition.indicator and condition.rule:
        values = bench.in_unit(bench.values[condition.indicator], condition.rule.unit)
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
    judged = judge(rule, values, bench)
    values = judged.values or values
    states = states_of(judged.met & judged.decided, judged.decided & ~judged.met)
    states = np.where(judged.decided & judged.scored, SCORED, states)
    states = np.where(judged.waits, NOT_APPLICABLE, states)
    confidence = np.where(values.status == ABSENT, HIGH, values.confidence)
    node = replace(
        blank_node(name, kind, len(states), unit=unit),
        state=states,
        value=judged.value,
        limit=judged.limit,
        operator=judged.operator,
        ratio=judged.ratio,
        reason=_reasons(judged, states, values, bench.reasons),
        confidence=np.minimum(confidence, judged.confidence),
        provisional=values.partial,
        unit_at=judged.unit,
        units=judged.units if len(judged.units) > 1 else (unit,),
        waits=judged.waits,
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
    provisional, waits = node.provisional & ~where, node.waits & ~where
    return replace(node, state=states, reason=reasons, provisional=provisional, waits=waits)
