"""Every official limit of every scheme pack: at it, just above, just below, at zero, negative, and missing.

The states expected are written from the words of the rules (at least, at most, above, below, yes or no, points out of a
maximum), not from the code that judges.
"""

from __future__ import annotations

from itertools import product

import pytest

from greenpark.catalog import Packs
from greenpark.engine.units import Units
from greenpark.evaluate import evaluate
from greenpark.model.schemes import Criterion, Flag, Indicator, LeadingValue, Points, Scheme, Threshold
from tests.evaluate.making import indicator_table, row

PLACES = ("at", "above", "below", "zero", "negative", "missing")
SCHEMES = (
    "zero_carbon_park_2025", "eco_industrial_park_hj274_2015", "green_industrial_park_2016", "unido_eip_v2",
    "green_supply_chain_enterprise", "eco_industrial_park_review_2018",
)  # fmt: skip


def limit_of(criterion: Criterion) -> float | None:
    """The number on paper; None for rules that have no single one."""
    rule = criterion.rule
    if isinstance(rule, Threshold):
        return rule.limit
    if isinstance(rule, LeadingValue):
        return rule.leading
    if isinstance(rule, Points):
        return rule.maximum
    return 1.0 if isinstance(rule, Flag) else None


def value_at(limit: float, place: str) -> float | None:
    step = max(abs(limit), 1.0) * 1e-6
    values = {"at": limit, "above": limit + step, "below": limit - step, "zero": 0.0, "negative": -1.0}
    return values.get(place)


def expected(criterion: Criterion, value: float | None, limit: float) -> str:
    """The state by the words of the rule."""
    rule = criterion.rule
    if value is None:
        return {"not_evaluable": "not_evaluable", "not_met": "not_met", "not_applicable": "not_applicable"}[
            criterion.missing
        ]
    if isinstance(rule, Flag):
        return {1.0: "met", 0.0: "not_met"}.get(value, "not_evaluable")
    if isinstance(rule, Points):
        return "not_evaluable" if not 0 <= value <= limit else "met" if value == limit else "not_met"
    if isinstance(rule, LeadingValue):
        if rule.better == "lower" and value <= 0:
            return "met" if rule.non_positive == "full_score" else "not_evaluable"
        return "met" if (value >= limit if rule.better == "higher" else value <= limit) else "not_met"
    assert isinstance(rule, Threshold)
    words = {"at least": ">=", "at most": "<=", "above": ">", "below": "<", "exactly": "=="}
    said = next(word for word, sign in words.items() if sign == rule.operator)
    holds = {
        "at least": value >= limit, "at most": value <= limit, "above": value > limit, "below": value < limit,
        "exactly": value == limit,
    }[said]  # fmt: skip
    return "met" if holds else "not_met"


def variants_of(indicator: Indicator) -> list[str]:
    bases = ["basis=calorific", "basis=primary_energy"] if indicator.energy_basis == "open" else [""]
    prices = ["price=current", "price=comparable"] if indicator.price_basis == "open" else [""]
    return [";".join(part for part in pair if part) for pair in product(bases, prices)]


def judged(scheme: Scheme, units: Units) -> dict[tuple[str, str], set[str]]:
    """The states of every criterion by entity; each entity stands at one place of every limit."""
    limits = {each.indicator: limit_of(each) for each in scheme.criteria}
    rows = []
    for place, indicator in product(PLACES, scheme.indicators):
        limit = limits.get(indicator.id)
        value = 1.0 if limit is None else value_at(limit, place)
        for variant in variants_of(indicator):
            name = {"indicator": f"{scheme.head.id}.{indicator.id}", "unit": indicator.unit}
            rows.append(row("x", value, place, 2024, variant) | name)
    found: dict[tuple[str, str], set[str]] = {}
    for each in evaluate(indicator_table(rows), [scheme], {}, {}, units=units).to_pylist():
        if each["kind"] == "criterion" and "switch=" not in each["variant"]:
            found.setdefault((each["entity"], each["node"]), set()).add(each["state"])
    return found


@pytest.mark.parametrize("scheme_id", SCHEMES)
def test_a_criterion_is_judged_as_its_rule_says_at_and_around_its_limit(
    packs: Packs, units: Units, scheme_id: str
) -> None:
    scheme = packs.schemes[scheme_id]
    found = judged(scheme, units)
    compared = 0
    for place, criterion in product(PLACES, scheme.criteria):
        limit = limit_of(criterion)
        if limit is not None:
            state = expected(criterion, value_at(limit, place), limit)
            assert found[place, criterion.id] == {state}, (criterion.id, place)
            compared += 1
    assert compared >= len(PLACES)


def test_the_bands_of_the_review_change_at_90_80_70_and_60(packs: Packs, units: Units) -> None:
    scheme = packs.schemes["eco_industrial_park_review_2018"]
    name = {"indicator": "eco_industrial_park_review_2018.review_score", "unit": "分"}
    paper = {
        100.0: "excellent", 90.0: "excellent", 89.99: "good", 80.0: "good", 79.99: "medium", 70.0: "medium",
        69.99: "pass", 60.0: "pass", 59.99: "fail", 0.0: "fail",
    }  # fmt: skip
    rows = [row("x", value, f"p{value}", 2018) | name for value in paper]
    said = {
        each["entity"]: each["detail"]
        for each in evaluate(indicator_table(rows), [scheme], {}, {}, units=units).to_pylist()
        if each["node"] == "bands"
    }
    assert {value: band in (said[f"p{value}"] or "") for value, band in paper.items()} == dict.fromkeys(paper, True)
