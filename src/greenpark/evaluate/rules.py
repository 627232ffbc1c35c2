"""The rules of criteria on arrays: what is met, the limit that applied, and the ratio to a leading value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from greenpark.engine.shape import Bools
from greenpark.evaluate.bench import Bench
from greenpark.evaluate.compare import NO_GROWTH, inside_range, side
from greenpark.evaluate.judged import Judged, decide, undecided
from greenpark.evaluate.references import Numbers, number_of
from greenpark.evaluate.rules_beside import judge_normalised, judge_portfolio, judge_relative, judge_self_set
from greenpark.evaluate.rules_points import judge_bands, judge_checklist, judge_linear, judge_points
from greenpark.evaluate.states import NO_REASON, operator_code
from greenpark.evaluate.subjects import Values
from greenpark.model.schemes import (
    Cases,
    Conditional,
    Elasticity,
    External,
    Flag,
    LeadingValue,
    Rule,
    Threshold,
)

_YES, _NO = 1.0, 0.0


def judge(rule: Rule, values: Values, bench: Bench) -> Judged:
    """The rule on the values of its indicator; where a value is unknown the outcome says nothing."""
    return _JUDGES[rule.kind](rule, values, bench)


def _threshold(rule: Threshold, values: Values, bench: Bench) -> Judged:
    judged = undecided(values.value, rule.unit)
    limit = number_of(bench, rule.limit, rule.limit_from, rule.unit)
    decide(judged, values.known & limit.known, values.value, rule.operator, limit.value)
    return _with_number(judged, limit)


def _with_number(judged: Judged, number: Numbers) -> Judged:
    """Say why nothing is judged where a number of the rule is not known."""
    judged.reason[~number.known] = number.reason
    judged.confidence = np.minimum(judged.confidence, number.confidence)
    return judged


def _cases(rule: Cases, values: Values, bench: Bench) -> Judged:
    judged = undecided(values.value, rule.unit)
    on = bench.values[rule.on]
    judged.reason[~on.known] = bench.reasons.code("evaluate.case_value_missing", indicator=on.name)
    judged.reason[on.known] = bench.reasons.code("evaluate.outside_cases", indicator=on.name)
    for case in rule.cases:
        inside = on.known & inside_range(case, on.value)
        judged.reason[inside] = NO_REASON
        decide(judged, inside & values.known, values.value, case.operator, case.limit)
        judged.limit[inside] = case.limit
        judged.operator[inside] = operator_code(case.operator)
    return judged


def _leading_value(rule: LeadingValue, values: Values, bench: Bench) -> Judged:
    judged = undecided(values.value, rule.unit)
    higher = rule.better == "higher"
    leading = number_of(bench, rule.leading, rule.leading_from, rule.unit, "evaluate.leading_not_public")
    usable = values.known & leading.known
    decide(judged, usable, values.value, ">=" if higher else "<=", leading.value)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = values.value / leading.value if higher else leading.value / values.value
    judged.ratio = np.where(usable & np.isfinite(ratio), ratio, np.nan)
    if not higher:
        _without_ratio(judged, usable & (side(values.value, 0.0) <= 0), rule, bench)
    if rule.cap is not None:
        judged.ratio = np.fmin(judged.ratio, np.where(np.isnan(judged.ratio), np.nan, rule.cap))
    return _with_number(judged, leading)


def _without_ratio(judged: Judged, where: Bools, rule: LeadingValue, bench: Bench) -> None:
    """Values of zero or less where lower is better: the leading value over them says nothing."""
    full = np.full(len(where), rule.non_positive == "full_score")
    if rule.full_score_if:
        condition = bench.values[rule.full_score_if]
        full &= condition.known & (side(condition.value, 0.0) > 0)
    judged.ratio = np.where(where, np.where(full, 1.0, np.nan), judged.ratio)
    judged.decided &= ~where | full
    judged.met &= ~where | full
    judged.reason[where & full] = bench.reasons.code("evaluate.non_positive_full_score")
    judged.reason[where & ~full] = bench.reasons.code("evaluate.ratio_undefined")


def _elasticity(rule: Elasticity, values: Values, bench: Bench) -> Judged:
    judged = undecided(values.value, rule.unit)
    growth = bench.values[rule.growth]
    still = growth.known & (np.abs(np.nan_to_num(growth.value)) < NO_GROWTH)
    grows, falls = growth.known & ~still & (growth.value > 0), growth.known & ~still & (growth.value < 0)
    decide(judged, grows & values.known, values.value, "<=", rule.limit)
    decide(judged, falls & values.known, values.value, ">=", rule.limit)
    judged.reason[still] = bench.reasons.code("evaluate.growth_zero", indicator=growth.name)
    judged.reason[~growth.known] = bench.reasons.code("evaluate.growth_missing", indicator=growth.name)
    return judged


def _flag(rule: Flag | External, values: Values, bench: Bench) -> Judged:
    """A yes (1) or no (0); for an external reference the park states the outcome of its comparison."""
    judged = undecided(values.value)
    expected = _NO if isinstance(rule, Flag) and not rule.expected else _YES
    is_answer = values.known & ((values.value == _YES) | (values.value == _NO))
    decide(judged, is_answer, values.value, "==", expected)
    judged.ratio = np.where(is_answer, judged.met.astype(np.float64), np.nan)
    judged.reason[values.known & ~is_answer] = bench.reasons.code("evaluate.not_yes_or_no")
    return judged


def _conditional(rule: Conditional, values: Values, bench: Bench) -> Judged:
    """The first case that holds judges; where none does the criterion is undefined."""
    judged = undecided(values.value)
    units: list[str] = []
    free, unknown = _open_cases(rule, bench, judged)
    merged = values
    for case in rule.cases:
        if case.otherwise:
            here = free & ~unknown
        elif rule.on:
            here = free & ~unknown & inside_range(case, bench.values[rule.on].value)
        else:
            here = free & bench.where_attribute(rule.attribute, case.among)[0]
        unit = getattr(case.rule, "unit", "")
        own = bench.in_unit(bench.values[case.indicator] if case.indicator else values, unit)
        if unit not in units:
            units.append(unit)
        judged.copy_from(judge(case.rule, own, bench), here, units.index(unit))
        merged = _merged(merged, own, here) if case.indicator else merged
        free &= ~here
    judged.units, judged.values = tuple(units), merged
    return judged


def _merged(values: Values, own: Values, here: Bools) -> Values:
    """The values with those of a case's own indicator where that case holds."""
    first = len(values.remarks)
    return replace(
        values,
        value=np.where(here, own.value, values.value),
        status=np.where(here, own.status, values.status),
        confidence=np.where(here, own.confidence, values.confidence),
        missing=np.where(here, np.where(own.missing > 0, own.missing + first, 0), values.missing),
        remarks=(*values.remarks, *own.remarks),
    )


def _open_cases(rule: Conditional, bench: Bench, judged: Judged) -> tuple[Bools, Bools]:
    """All subjects, still without a case; and those of which the deciding value or attribute is unknown."""
    if rule.on:
        on = bench.values[rule.on]
        known, name = on.known, on.name
    else:
        known, name = bench.where_attribute(rule.attribute, ())[1], rule.attribute
    message = "evaluate.outside_cases" if rule.on else "evaluate.class_without_case"
    absent = "evaluate.case_value_missing" if rule.on else "evaluate.class_unknown"
    judged.reason[known] = bench.reasons.code(message, indicator=name)
    judged.reason[~known] = bench.reasons.code(absent, indicator=name)
    return np.ones(len(known), dtype=np.bool_), ~known


_JUDGES: dict[str, Callable[[Any, Values, Bench], Judged]] = {
    "threshold": _threshold,
    "cases": _cases,
    "leading_value": _leading_value,
    "linear": judge_linear,
    "elasticity": _elasticity,
    "flag": _flag,
    "external": _flag,
    "points": judge_points,
    "bands": judge_bands,
    "checklist": judge_checklist,
    "relative": judge_relative,
    "normalised": judge_normalised,
    "self_set": judge_self_set,
    "portfolio": judge_portfolio,
    "conditional": _conditional,
}
