"""The rules of criteria on arrays: what is met, the limit that applied, and the ratio to a leading value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.evaluate.compare import NO_GROWTH, compare, side
from greenpark.evaluate.states import NO_OPERATOR, NO_REASON, Reasons, operator_code
from greenpark.evaluate.subjects import Values
from greenpark.model.schemes import (
    Case,
    Cases,
    Elasticity,
    External,
    Flag,
    LeadingValue,
    Operator,
    Rule,
    Threshold,
)

_YES, _NO = 1.0, 0.0


@dataclass
class Judged:
    """Where a rule is met, where it decides at all, and with which limit, operator, ratio and reason."""

    met: Bools
    decided: Bools
    limit: Floats
    operator: Ints
    ratio: Floats
    reason: Ints


def judge(rule: Rule, values: Values, others: Mapping[str, Values], reasons: Reasons) -> Judged:
    """The rule on the values of its indicator; where a value is unknown the outcome says nothing.

    ``others`` are all indicators of the scheme, for rules that depend on a second one.
    """
    if isinstance(rule, Threshold):
        return _threshold(rule, values)
    if isinstance(rule, Cases):
        return _cases(rule, values, others[rule.on], reasons)
    if isinstance(rule, LeadingValue):
        return _leading_value(rule, values, others, reasons)
    if isinstance(rule, Elasticity):
        return _elasticity(rule, values, others[rule.growth], reasons)
    return _flag(rule, values, reasons)


def _undecided(size: int) -> Judged:
    return Judged(
        np.zeros(size, dtype=np.bool_),
        np.zeros(size, dtype=np.bool_),
        np.full(size, np.nan),
        np.full(size, NO_OPERATOR, dtype=np.int64),
        np.full(size, np.nan),
        np.full(size, NO_REASON, dtype=np.int64),
    )


def _apply(judged: Judged, where: Bools, value: Floats, operator: Operator, limit: float) -> None:
    """Compare with one limit on some subjects."""
    judged.met[where] = compare(value[where], operator, limit)
    judged.decided[where] = True
    judged.limit[where] = limit
    judged.operator[where] = operator_code(operator)


def _threshold(rule: Threshold, values: Values) -> Judged:
    judged = _undecided(len(values.value))
    _apply(judged, values.known, values.value, rule.operator, rule.limit)
    return judged


def _cases(rule: Cases, values: Values, on: Values, reasons: Reasons) -> Judged:
    judged = _undecided(len(values.value))
    judged.reason[~on.known] = reasons.code("evaluate.case_value_missing", indicator=on.name)
    judged.reason[on.known] = reasons.code("evaluate.outside_cases", indicator=on.name)
    for case in rule.cases:
        inside = on.known & _holds(case, on.value)
        judged.reason[inside] = NO_REASON
        _apply(judged, inside & values.known, values.value, case.operator, case.limit)
        judged.limit[inside] = case.limit
        judged.operator[inside] = operator_code(case.operator)
    return judged


def _holds(case: Case, value: Floats) -> Bools:
    holds = ~np.isnan(value)
    if case.equals is not None:
        holds &= compare(value, "==", case.equals)
    if case.at_least is not None:
        holds &= compare(value, ">=", case.at_least)
    if case.below is not None:
        holds &= compare(value, "<", case.below)
    return holds


def _leading_value(rule: LeadingValue, values: Values, others: Mapping[str, Values], reasons: Reasons) -> Judged:
    judged = _undecided(len(values.value))
    higher = rule.better == "higher"
    _apply(judged, values.known, values.value, ">=" if higher else "<=", rule.leading)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = values.value / rule.leading if higher else rule.leading / values.value
    judged.ratio = np.where(values.known & np.isfinite(ratio), ratio, np.nan)
    if not higher:
        _without_ratio(judged, values.known & (side(values.value, 0.0) <= 0), rule, others, reasons)
    if rule.cap is not None:
        judged.ratio = np.fmin(judged.ratio, np.where(np.isnan(judged.ratio), np.nan, rule.cap))
    return judged


def _without_ratio(
    judged: Judged, where: Bools, rule: LeadingValue, others: Mapping[str, Values], reasons: Reasons
) -> None:
    """Values of zero or less where lower is better: the leading value over them says nothing."""
    full = np.full(len(where), rule.non_positive == "full_score")
    if rule.full_score_if:
        condition = others[rule.full_score_if]
        full &= condition.known & (side(condition.value, 0.0) > 0)
    judged.ratio = np.where(where, np.where(full, 1.0, np.nan), judged.ratio)
    judged.decided &= ~where | full
    judged.met &= ~where | full
    judged.reason[where & full] = reasons.code("evaluate.non_positive_full_score")
    judged.reason[where & ~full] = reasons.code("evaluate.ratio_undefined")


def _elasticity(rule: Elasticity, values: Values, growth: Values, reasons: Reasons) -> Judged:
    judged = _undecided(len(values.value))
    still = growth.known & (np.abs(np.nan_to_num(growth.value)) < NO_GROWTH)
    grows, falls = growth.known & ~still & (growth.value > 0), growth.known & ~still & (growth.value < 0)
    _apply(judged, grows & values.known, values.value, "<=", rule.limit)
    _apply(judged, falls & values.known, values.value, ">=", rule.limit)
    judged.reason[still] = reasons.code("evaluate.growth_zero", indicator=growth.name)
    judged.reason[~growth.known] = reasons.code("evaluate.growth_missing", indicator=growth.name)
    return judged


def _flag(rule: Flag | External, values: Values, reasons: Reasons) -> Judged:
    """A yes (1) or no (0); for an external reference the park states the outcome of its comparison."""
    judged = _undecided(len(values.value))
    expected = _NO if isinstance(rule, Flag) and not rule.expected else _YES
    is_answer = values.known & ((values.value == _YES) | (values.value == _NO))
    _apply(judged, is_answer, values.value, "==", expected)
    judged.ratio = np.where(is_answer, judged.met.astype(np.float64), np.nan)
    judged.reason[values.known & ~is_answer] = reasons.code("evaluate.not_yes_or_no")
    return judged
