"""What holds for every park: improvement, order, units, and the leading value itself."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpark.catalog import Packs
from greenpark.engine.shape import arrow_rows
from greenpark.evaluate import evaluate
from greenpark.evaluate.compare import compare, rounded_all, side
from greenpark.model.numbers import rounded
from greenpark.model.schemes import LeadingValue, Scheme, Threshold, readings_of
from greenpark.model.tables import INDICATORS
from tests.evaluate.making import criterion, indicator_table, make_scheme, node, row, scores

VALUES = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)
POSITIVE = st.floats(min_value=1e-3, max_value=1e6, allow_nan=False)
STEP = st.floats(min_value=0, max_value=1e6, allow_nan=False)
RANKED = {"not_met": 0, "met": 1}


@given(value=VALUES, step=STEP, limit=VALUES, operator=st.sampled_from([">=", ">", "<=", "<"]))
@settings(max_examples=60, deadline=None)
def test_an_improvement_never_turns_met_into_not_met(value: float, step: float, limit: float, operator: str) -> None:
    better = value + step if operator.startswith(">") else value - step
    before, after = (compare(np.array([each]), operator, limit)[0] for each in (value, better))
    assert after >= before


@given(values=st.lists(POSITIVE, min_size=3, max_size=3), step=STEP, place=st.integers(0, 2))
@settings(max_examples=40, deadline=None)
def test_with_a_fixed_choice_an_improvement_never_lowers_the_index(
    values: list[float], step: float, place: int
) -> None:
    rule = {"kind": "leading_value", "leading": 10, "unit": "1"}
    criteria = [criterion("A", rule | {"better": "higher"}), criterion("B", rule | {"better": "lower"})]
    criteria += [criterion(name, rule | {"better": "higher"}, "optional") for name in "CD"]
    choice = {"id": "one", "meaning": "exactly", "k": 1, "members": ["C", "D"]}
    scheme = make_scheme(criteria, {"kind": "index", "terms": 3, "scale": 100}, choices=[choice])

    def index(given_values: list[float], node_id: str) -> float:
        rows = [row(name, value) for name, value in zip("abc", given_values, strict=True)]
        return float(node(scores(scheme, [*rows, row("d", 1)], chosen={"one": ("C",)}), node_id)["score"])

    better = list(values)
    better[place] = max(values[place] - step, values[place] / 2) if place == 1 else values[place] + step
    for name in ("index", "index_capped"):
        assert index(better, name) >= index(values, name)


def test_an_elasticity_is_the_exception_more_growth_can_turn_met_into_not_met() -> None:
    rule = {"kind": "elasticity", "limit": 0.6, "unit": "1", "growth": "g"}
    scheme = make_scheme([criterion("A", rule)], extra=("g",))
    states = [node(scores(scheme, [row("a", 0.9), row("g", growth)]), "A")["state"] for growth in (-1.0, 1.0)]
    assert states == ["met", "not_met"]


def leading_rows(scheme: Scheme, factor: float = 1.0) -> list[dict[str, Any]]:
    """A park that stands exactly at every leading value, with yes for every yes or no."""
    rows = []
    for each in scheme.criteria:
        value = each.rule.leading * factor if isinstance(each.rule, LeadingValue) else 1.0
        rows.append(row(each.indicator, value) | {"indicator": f"{scheme.head.id}.{each.indicator}"})
    return rows


def first_choices(scheme: Scheme) -> dict[str, tuple[str, ...]]:
    return {choice.id: choice.members[: choice.k] for choice in scheme.choices}


def test_a_park_at_every_leading_value_scores_exactly_100(packs: Packs) -> None:
    scheme = packs.schemes["green_industrial_park_2016"]
    rows = evaluate(indicator_table(leading_rows(scheme)), [scheme], first_choices(scheme), {}).to_pylist()
    assert [node(rows, name)["score"] for name in ("index", "index_capped", "verdict")] == [100.0, 100.0, 100.0]
    assert {each["state"] for each in rows if each["kind"] == "criterion"} == {"met", "not_applicable"}


def test_every_single_choice_of_a_park_at_its_leading_values_scores_100(packs: Packs) -> None:
    scheme = packs.schemes["green_industrial_park_2016"]
    table = indicator_table(leading_rows(scheme))
    for choice in scheme.choices:
        for start in range(len(choice.members) - choice.k + 1):
            chosen = first_choices(scheme) | {choice.id: choice.members[start : start + choice.k]}
            assert node(evaluate(table, [scheme], chosen, {}).to_pylist(), "verdict")["score"] == 100.0


@given(seed=st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_does_not_matter(packs: Packs, seed: int) -> None:
    scheme = packs.schemes["green_industrial_park_2016"]
    rows = [each | {"entity": name} for name in ("p1", "p2") for each in leading_rows(scheme)]
    shuffled = random.Random(seed).sample(rows, len(rows))
    first, second = (evaluate(indicator_table(each), [scheme], first_choices(scheme), {}) for each in (rows, shuffled))
    assert first.equals(second)


@given(scale=st.sampled_from([1e-4, 1e-2, 1e2, 1e4]), factor=st.floats(0.2, 5))
@settings(max_examples=20, deadline=None)
def test_units_do_not_matter(packs: Packs, scale: float, factor: float) -> None:
    """Values and limits in a unit that is ``scale`` times smaller give the same states and ratios."""
    scheme = packs.schemes["green_industrial_park_2016"]
    rows = leading_rows(scheme, factor)
    scaled = Scheme.model_validate(_scaled(scheme, scale))
    measured = {each.indicator for each in scheme.criteria if isinstance(each.rule, LeadingValue)}
    moved = [
        each | {"value": each["value"] * scale} if each["indicator"].split(".", 1)[1] in measured else each
        for each in rows
    ]
    first = evaluate(indicator_table(rows), [scheme], first_choices(scheme), {}).to_pylist()
    second = evaluate(indicator_table(moved), [scaled], first_choices(scheme), {}).to_pylist()
    assert [each["state"] for each in first] == [each["state"] for each in second]
    assert node(first, "index")["score"] == pytest.approx(node(second, "index")["score"], rel=1e-9)


def _scaled(scheme: Scheme, scale: float) -> dict[str, Any]:
    data = json.loads(scheme.model_dump_json())
    for each in data["criteria"]:
        if each["rule"]["kind"] == "leading_value":
            each["rule"]["leading"] *= scale
    return dict(data)


def test_every_threshold_of_the_packs_is_met_just_inside_its_limit_and_not_just_beyond(packs: Packs) -> None:
    """At the limit itself it is met where the document says at least or at most, not where it says above or below."""
    for scheme in packs.schemes.values():
        for each in scheme.criteria:
            if isinstance(each.rule, Threshold) and each.rule.operator != "==" and each.rule.limit is not None:
                operator, limit = each.rule.operator, each.rule.limit
                step = max(abs(limit), 1.0) * 1e-6 * (1 if operator in (">=", ">") else -1)
                inside, at, beyond = compare(np.array([limit + step, limit, limit - step]), operator, limit)
                assert (inside, at, beyond) == (True, operator in (">=", "<="), False), each.id


@given(value=VALUES, limit=VALUES)
@settings(max_examples=200, deadline=None)
def test_the_fast_comparison_equals_rounding_both_sides(value: float, limit: float) -> None:
    assert side(np.array([value]), limit)[0] == np.sign(rounded(value) - rounded(limit))


@given(limit=st.floats(1e-6, 1e6), ulps=st.integers(-2000, 2000), digits=st.sampled_from([9, 10, 11]))
@settings(max_examples=200, deadline=None)
def test_near_the_limit_too(limit: float, ulps: int, digits: int) -> None:
    value = limit * (1 + ulps * 10.0**-digits / 100)
    assert side(np.array([value]), limit)[0] == np.sign(rounded(value) - rounded(limit))


def test_rounding_many_equals_rounding_one() -> None:
    values = np.array([1 / 3, 0.0, -2 / 3, 1e-12, 123456789.123456])
    assert rounded_all(values).tolist() == [rounded(each) for each in values.tolist()]
    assert np.isnan(rounded_all(np.array([np.nan]))[0])


def test_all_zones_over_ten_years_have_one_verdict_per_reading(packs: Packs) -> None:
    """178 zones, ten years, three schemes with their open variants; how long it takes is measured by the bench."""
    names = ("zero_carbon_park_2025", "eco_industrial_park_hj274_2015", "green_industrial_park_2016")
    schemes = [packs.schemes[name] for name in names]
    rng = random.Random(7)
    rows = []
    for zone in range(178):
        for year in range(2015, 2025):
            for scheme in schemes:
                for each in scheme.indicators:
                    bases = ("basis=calorific", "basis=primary_energy") if each.energy_basis == "open" else ("",)
                    for variant in bases:
                        value = rng.choice((0.0, 1.0)) if each.formula.startswith("fact.") else rng.uniform(0, 200)
                        rows.append(
                            row("x", value, f"z{zone}", year, variant) | {"indicator": f"{scheme.head.id}.{each.id}"}
                        )
    table = arrow_rows(rows, INDICATORS)
    chosen = {name: members for scheme in schemes for name, members in first_choices(scheme).items()}
    chosen = {name: members for name, members in chosen.items() if name.startswith(("RG", "IG", "CG", "HG"))}
    found = evaluate(table, schemes, chosen, {})
    readings = sum(len(readings_of(scheme)) for scheme in schemes)
    verdicts = 178 * 10 * (1 + readings + 3 + 3)  # zero carbon once, and once per reading; the others per basis
    assert sum(each == "verdict" for each in found.column("kind").to_pylist()) == verdicts
