"""The way to passing: hand-worked parks for each kind of rule; the smallest change passes, 0.1 % less of it fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpark.engine.formula import parse_formula
from greenpark.engine.formula_tree import Leaf
from greenpark.engine.units import Units
from greenpark.evaluate import evaluate
from greenpark.evaluate.gap import (
    NotReproducedError,
    PeerGroup,
    Recipe,
    Subject,
    Trial,
    find_gaps,
    find_levers,
    peer_benchmark,
    try_changes,
)
from greenpark.model.peering import Peering
from greenpark.model.schemes import Scheme
from tests.evaluate.making import criterion, indicator_table, make_scheme, row

LESS = 0.999  # of the change


def trial_of(scheme: Scheme, rows: Iterable[Mapping[str, Any]], variant: str = "", **chosen: Any) -> Trial:
    """The park of 2024 under one variant."""
    table = indicator_table(rows)

    def judge(indicators: Any) -> Any:
        return evaluate(indicators, [scheme], chosen, {})

    subject = Subject("s", "park", date(2024, 1, 1), date(2025, 1, 1), variant)
    stored = {
        each["node"]: each
        for each in judge(table).to_pylist()
        if (each["entity"], each["start"], each["variant"] or "") == ("park", subject.start, variant)
    }
    return Trial(table, subject, judge, stored)


def gaps_of(trial: Trial, scheme: Scheme, units: Units) -> dict[str, dict[str, Any]]:
    return {each["node"]: each for each in find_gaps(trial, scheme, units)[0].to_pylist()}


def state(trial: Trial, node: str, **values: float) -> str:
    return str(trial.judged({f"s.{name}": value for name, value in values.items()})[node]["state"])


AT_LEAST = {"kind": "threshold", "operator": ">=", "limit": 2.0, "unit": "1"}
AT_MOST = {"kind": "threshold", "operator": "<=", "limit": 2.0, "unit": "1"}
CASES = {
    "kind": "cases", "on": "b", "unit": "1",
    "cases": [
        {"below": 10.0, "operator": "<=", "limit": 5.0},
        {"at_least": 10.0, "operator": "<=", "limit": 2.0},
    ],
}  # fmt: skip
HIGHER = {"kind": "leading_value", "better": "higher", "leading": 3.0, "unit": "1"}
LOWER = {"kind": "leading_value", "better": "lower", "leading": 0.4, "unit": "1"}
ELASTICITY = {"kind": "elasticity", "limit": 0.3, "unit": "1", "growth": "b"}
RULES = [
    # rule, value, second indicator, nearest value that passes (by hand)
    (AT_LEAST, 1.5, None, 2.0),
    (AT_MOST, 2.5, None, 2.0),
    (AT_LEAST | {"operator": ">"}, 1.5, None, 2.000000001),  # the next number of ten digits
    (AT_MOST | {"operator": "<"}, 2.5, None, 1.999999999),
    (AT_LEAST | {"operator": "=="}, 1.0, None, 2.0),
    (AT_LEAST | {"limit": 0.0}, -1.0, None, 0.0),
    (AT_LEAST | {"limit": -2.0}, -3.0, None, -2.0),
    (CASES, 6.0, 9.0, 5.0),
    (CASES, 6.0, 10.0, 2.0),
    (HIGHER, 2.7, None, 3.0),
    (LOWER, 0.5, None, 0.4),
    (ELASTICITY, 0.6, 0.05, 0.3),  # value added grows: at most
    (ELASTICITY, 0.1, -0.05, 0.3),  # it falls: at least
]


@pytest.mark.parametrize(("rule", "value", "other", "target"), RULES)
def test_the_smallest_change_passes_and_a_thousandth_less_of_it_fails(
    rule: dict[str, Any], value: float, other: float | None, target: float, units: Units
) -> None:
    scheme = make_scheme([criterion("A", rule)], extra=("b",) if other is not None else ())
    trial = trial_of(scheme, [row("a", value), *([row("b", other)] if other is not None else [])])
    gap = gaps_of(trial, scheme, units)["A"]
    assert (gap["status"], gap["method"], gap["target"]) == ("gap", "limit", target)
    assert gap["change"] == pytest.approx(target - value)
    assert state(trial, "A", a=gap["target"]) == "met"
    assert state(trial, "A", a=value + LESS * (target - value)) == "not_met"


@pytest.mark.parametrize(("rule", "value", "other", "target"), RULES)
def test_at_the_limit_and_beyond_it_there_is_no_gap(
    rule: dict[str, Any], value: float, other: float | None, target: float, units: Units
) -> None:
    scheme = make_scheme([criterion("A", rule)], extra=("b",) if other is not None else ())
    exact = rule.get("operator") == "=="
    for inside in (target, *(() if exact else (target + 0.1 * (target - value),))):
        trial = trial_of(scheme, [row("a", inside), *([row("b", other)] if other is not None else [])])
        gap = gaps_of(trial, scheme, units)["A"]
        assert (gap["status"], gap["target"], gap["cheapest"]) == ("met", None, None)


@pytest.mark.parametrize(("operator", "target"), [(">", 2.000000001), ("<", 1.999999999)])
def test_exactly_at_a_limit_that_must_be_passed_one_step_of_the_tenth_digit_is_enough(
    operator: str, target: float, units: Units
) -> None:
    scheme = make_scheme([criterion("A", AT_LEAST | {"operator": operator})])
    trial = trial_of(scheme, [row("a", 2.0)])
    assert gaps_of(trial, scheme, units)["A"]["target"] == target
    assert [state(trial, "A", a=2.0 + share * (target - 2.0)) for share in (1.0, 0.4)] == ["met", "not_met"]


def test_a_yes_or_no_asks_for_the_other_answer(units: Units) -> None:
    scheme = make_scheme([criterion("A", {"kind": "flag"}), criterion("B", {"kind": "flag", "expected": False})])
    gaps = gaps_of(trial_of(scheme, [row("a", 0.0), row("b", 1.0)]), scheme, units)
    assert [(gaps[name]["target"], gaps[name]["method"]) for name in ("A", "B")] == [(1.0, "yes_no"), (0.0, "yes_no")]


def test_where_a_value_is_missing_the_quantity_is_named_and_nothing_is_calculated(units: Units) -> None:
    scheme = make_scheme(
        [criterion("A", AT_LEAST)],
        conditions=[{"id": "C1", "text": {"zh": "无事故", "en": "no accident"}, "kind": "veto", "source": "S1"}],
    )
    gaps = gaps_of(trial_of(scheme, [row("a", None)]), scheme, units)
    assert (gaps["A"]["status"], gaps["A"]["missing"], gaps["A"]["target"]) == ("missing", "q", None)
    assert gaps["C1"]["status"] == "open"
    assert (gaps["verdict"]["status"], gaps["verdict"]["cheapest"]) == ("open", None)


def test_where_the_rule_is_undefined_there_is_no_answer(units: Units) -> None:
    scheme = make_scheme([criterion("A", ELASTICITY)], extra=("b",))
    gap = gaps_of(trial_of(scheme, [row("a", 0.6), row("b", 0.0)]), scheme, units)["A"]
    assert (gap["status"], gap["target"], gap["worth"]) == ("undefined", None, None)


def test_a_rule_in_another_unit_gives_its_target_in_that_unit(units: Units) -> None:
    scheme = make_scheme([criterion("A", AT_LEAST | {"unit": "%", "limit": 50.0})])
    table = [row("a", 0.4)]

    def judge(indicators: Any) -> Any:
        return evaluate(indicators, [scheme], {}, {}, units=units)

    subject = Subject("s", "park", date(2024, 1, 1), date(2025, 1, 1), "")
    stored = {each["node"]: each for each in judge(indicator_table(table)).to_pylist()}
    trial = Trial(indicator_table(table), subject, judge, stored)
    gap = gaps_of(trial, scheme, units)["A"]
    assert (gap["value"], gap["target"], gap["unit"]) == (pytest.approx(40.0), 50.0, "%")
    assert state(trial, "A", a=0.5) == "met"


@pytest.mark.parametrize("turned", [False, True])
def test_another_reading_of_an_open_point_is_not_the_value_of_the_plain_one(turned: bool) -> None:
    scheme = make_scheme([criterion("A", AT_LEAST)])
    rows = [row("a", 1.0), row("a", 1.5, variant="switch=point:other")]
    trial = trial_of(scheme, reversed(rows) if turned else rows)
    assert trial.value_of("s.a") == 1.0


def test_scores_that_cannot_be_reproduced_are_refused() -> None:
    scheme = make_scheme([criterion("A", AT_LEAST)])
    trial = trial_of(scheme, [row("a", 1.0)])
    other = {name: each | {"value": 1.1} for name, each in trial.base.items()}
    with pytest.raises(NotReproducedError):
        Trial(indicator_table([row("a", 1.0)]), trial.subject, lambda table: evaluate(table, [scheme], {}, {}), other)


# ------------------------------------------------------------------ what it is worth
def test_one_percent_of_an_index_term_is_worth_its_share_of_the_score(units: Units) -> None:
    # Two terms, 100/2 each. A = 1.5 of 3: one percent more is 0.015/3 of 50 points = 0.25. To 3: 25 points.
    # B = 0.5 against 0.4, lower is better: at 0.495 the ratio is 0.4/0.495; less 0.8, of 50 points.
    scheme = make_scheme([criterion("A", HIGHER), criterion("B", LOWER)], {"kind": "index", "terms": 2, "scale": 100})
    gaps = gaps_of(trial_of(scheme, [row("a", 1.5), row("b", 0.5)]), scheme, units)
    assert gaps["A"]["worth"] == pytest.approx(0.25)
    assert gaps["A"]["worth_full"] == pytest.approx(25.0)
    assert gaps["B"]["worth"] == pytest.approx(50 * (0.4 / 0.495 - 0.8))
    assert gaps["B"]["worth_full"] == pytest.approx(10.0)


def test_a_verdict_by_counts_has_no_score_that_a_percent_could_be_worth(units: Units) -> None:
    scheme = make_scheme([criterion("A", AT_LEAST)])
    assert gaps_of(trial_of(scheme, [row("a", 1.5)]), scheme, units)["A"]["worth"] is None


# ------------------------------------------------------------------ the cheapest way
def test_the_cheapest_set_takes_what_is_required_and_the_smallest_changes_of_the_rest(units: Units) -> None:
    # Required: M (10 % short). Of the choice X, Y, Z at least one: Y is nearest (5 %). In all three must be met:
    # beside M and Y the next cheapest is X (20 %), not Z (50 %).
    scheme = make_scheme(
        [criterion("M", AT_LEAST), *(criterion(name, AT_LEAST, role="optional") for name in ("X", "Y", "Z"))],
        {"kind": "counts", "min_met": 3},
        choices=[{"id": "one", "meaning": "at_least", "k": 1, "members": ["X", "Y", "Z"]}],
    )
    values = {"m": 2 / 1.1, "x": 2 / 1.2, "y": 2 / 1.05, "z": 2 / 1.5}
    gaps = gaps_of(trial_of(scheme, [row(name, value) for name, value in values.items()]), scheme, units)
    assert {name for name in "MXYZ" if gaps[name]["cheapest"]} == {"M", "X", "Y"}
    assert gaps["verdict"]["relative"] == pytest.approx(0.1 + 0.2 + 0.05)


def test_there_is_no_way_where_evidence_is_missing_or_a_condition_fails(units: Units) -> None:
    scheme = make_scheme([criterion("A", AT_LEAST), criterion("B", AT_LEAST)])
    gaps = gaps_of(trial_of(scheme, [row("a", 1.0), row("b", None)]), scheme, units)
    assert (gaps["A"]["status"], gaps["A"]["cheapest"], gaps["verdict"]["cheapest"]) == ("gap", None, None)


def test_of_two_criteria_over_one_indicator_the_stricter_one_counts(units: Units) -> None:
    scheme = make_scheme([criterion("A", AT_LEAST), criterion("B", AT_LEAST | {"limit": 3.0}, indicator="a")])
    trial = trial_of(scheme, [row("a", 1.0)])
    gaps = gaps_of(trial, scheme, units)
    # Reaching 3 meets both, so that the smaller change need not be taken too.
    assert (gaps["A"]["cheapest"], gaps["B"]["cheapest"]) == (False, True)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.floats(0.5, 1.99).map(lambda each: round(each, 3)), min_size=5, max_size=5, unique=True),
    st.integers(1, 2), st.integers(1, 5),
)  # fmt: skip
def test_no_other_set_of_changes_that_passes_is_cheaper(values: list[float], k: int, least: int) -> None:
    from greenpark.catalog import load_packs

    names = ("M", "X", "Y", "Z", "W")
    scheme = make_scheme(
        [criterion("M", AT_LEAST), *(criterion(name, AT_LEAST, role="optional") for name in names[1:])],
        {"kind": "counts", "min_met": least},
        choices=[{"id": "some", "meaning": "at_least", "k": k, "members": ["X", "Y", "Z"]}],
    )
    trial = trial_of(scheme, [row(name.lower(), value) for name, value in zip(names, values, strict=True)])
    gaps = gaps_of(trial, scheme, Units(load_packs(kinds=("units",)).units.values()))
    cost = {name: gaps[name]["relative"] for name in names}
    passing = [
        sum(cost[name] for name in chosen)
        for size in range(1, 6)
        for chosen in combinations(names, size)
        if state(trial, "verdict", **{name.lower(): 2.0 for name in chosen}) == "met"
    ]
    assert gaps["verdict"]["relative"] == pytest.approx(min(passing))


# ------------------------------------------------------------------ quantities
def recipe(formula: str, values: Mapping[str, float | None], units: Units, **other: Any) -> Recipe:
    """An indicator over quantities without unit; ``q@1`` is the year before."""
    leaves = {Leaf(name.partition("@")[0], int(name.partition("@")[2] or 0)): each for name, each in values.items()}
    members = {leaf.name: (leaf.name,) for leaf in leaves}
    signs = other.pop("non_negative", frozenset(leaf.name for leaf in leaves))
    return Recipe("s.a", "", "1", parse_formula(formula), leaves, members, lambda name: "1", units, signs)


LEVERS = [
    # formula, figures, limit at most, quantity, what it needs (by hand), how it is found
    ("x / y", {"x": 6.0, "y": 2.0}, 2.0, "x", 4.0, "closed"),
    ("x / y", {"x": 6.0, "y": 2.0}, 2.0, "y", 3.0, "closed"),
    ("(x + z) / y", {"x": 4.0, "y": 2.0, "z": 2.0}, 2.0, "x", 2.0, "closed"),
    ("(x - z) / (y + z)", {"x": 10.0, "y": 1.0, "z": 1.0}, 2.0, "z", 8 / 3, "closed"),
    ("1 - x / y", {"x": 2.0, "y": 100.0}, 0.9, "x", 10.0, "closed"),
    ("growth(x)", {"x": 110.0, "x@1": 100.0}, 0.04, "x", 104.0, "closed"),
    ("power(x, 2)", {"x": 2.0}, 2.25, "x", 1.5, "bracketed"),
    ("root(x, 2)", {"x": 9.0}, 2.0, "x", 4.0, "bracketed"),
    ("greatest(x, y)", {"x": 5.0, "y": 1.0}, 3.0, "x", 3.0, "closed"),
]


@pytest.mark.parametrize(("formula", "figures", "limit", "quantity", "needed", "method"), LEVERS)
def test_a_quantity_alone_reaches_the_target_with_this_value_and_not_with_a_thousandth_less_change(
    formula: str, figures: dict[str, float], limit: float, quantity: str, needed: float, method: str, units: Units
) -> None:
    scheme = make_scheme([criterion("A", AT_MOST | {"limit": limit})])
    made = recipe(formula, figures, units)
    trial = trial_of(scheme, [row("a", made.value_with({}))])
    _, gaps = find_gaps(trial, scheme, units)
    levers = {each["quantity"]: each for each in find_levers(trial, gaps, {"s.a": made}).to_pylist()}
    found = levers[quantity]
    assert (found["status"], found["method"]) == ("ok", method)
    assert found["needed"] == pytest.approx(needed, rel=1e-9)
    now = figures[quantity]

    def verdict(share: float) -> str:
        value = made.value_with({quantity: now + share * (found["needed"] - now)})
        assert value is not None
        return state(trial, "A", a=value)

    assert (verdict(1.0), verdict(LESS)) == ("met", "not_met")


def test_a_quantity_that_would_have_to_be_negative_or_does_not_matter_cannot_bring_it(units: Units) -> None:
    scheme = make_scheme([criterion("A", AT_MOST)])
    made = recipe("(x + z) / y + 0 * w", {"x": 4.5, "y": 2.0, "z": 8.0, "w": 1.0}, units)
    trial = trial_of(scheme, [row("a", 6.25)])  # x would need −4, z −0.5
    _, gaps = find_gaps(trial, scheme, units)
    levers = {each["quantity"]: each["status"] for each in find_levers(trial, gaps, {"s.a": made}).to_pylist()}
    assert levers == {"x": "not_possible", "y": "ok", "z": "not_possible", "w": "none_within_bounds"}


def test_an_indicator_that_does_not_follow_from_the_figures_at_hand_is_left_alone(units: Units) -> None:
    scheme = make_scheme([criterion("A", AT_MOST)])
    made = recipe("x / y", {"x": 6.0, "y": 2.0}, units)
    trial = trial_of(scheme, [row("a", 3.5)])
    _, gaps = find_gaps(trial, scheme, units)
    levers = find_levers(trial, gaps, {"s.a": made}).to_pylist()
    assert {each["status"] for each in levers} == {"not_recomputed"}
    assert try_changes(trial, {"s.a": made}, {"x": 2.0}).not_recomputed == ("s.a",)


def test_a_what_if_shows_indicator_state_and_score_before_and_after(units: Units) -> None:
    scheme = make_scheme([criterion("A", LOWER)], {"kind": "index", "terms": 1, "scale": 100})
    made = recipe("x / y", {"x": 1.0, "y": 2.0}, units)
    trial = trial_of(scheme, [row("a", 0.5)])
    outcome = try_changes(trial, {"s.a": made}, {"x": 0.8})
    assert outcome.indicators == {"s.a": (0.5, 0.4)}
    assert [each["state"] for each in outcome.nodes["A"]] == ["not_met", "met"]
    assert [each["score"] for each in outcome.nodes["verdict"]] == [pytest.approx(80.0), pytest.approx(100.0)]
    assert try_changes(trial, {"s.a": made}, {"y": 0.0}).undefined == ("s.a",)
    assert not try_changes(trial, {"s.a": made}, {"other": 1.0}).nodes


# ------------------------------------------------------------------ peers
def peers(values: Mapping[str, float | None], entity: str = "a", least: int = 3, quartiles: int = 3) -> dict[str, Any]:
    table = indicator_table([row("x", value, name) for name, value in values.items()])
    peering = Peering(least=least, least_for_quartiles=quartiles)
    found = peer_benchmark(table, [PeerGroup("", tuple(values))], {"s.x": "1"}, peering).to_pylist()
    found = [each for each in found if each["entity"] == entity]
    return dict(found[0])


def test_the_percentile_counts_the_others_below_and_half_of_those_that_are_equal() -> None:
    found = peers({"a": 3.0, "b": 1.0, "c": 3.0, "d": 4.0, "e": 5.0})
    # Of four others one lies below and one is equal: (1 + 0.5) / 4. Quartiles of 1, 3, 4, 5: 2.5, 3.5, 4.25.
    assert (found["others"], found["percentile"]) == (4, 0.375)
    assert [found[name] for name in ("low_quarter", "median", "high_quarter")] == [2.5, 3.5, 4.25]


def test_a_group_of_fewer_than_three_others_is_withheld_and_says_so() -> None:
    found = peers({"a": 3.0, "b": 1.0, "c": 3.0, "d": None})
    assert (found["status"], found["others"], found["percentile"], found["median"]) == ("withheld", 2, None, None)


def test_few_others_give_a_percentile_and_no_quartiles_of_which_each_would_be_one_parks_value() -> None:
    found = peers({"a": 3.0, "b": 1.0, "c": 3.0, "d": 4.0}, quartiles=10)
    assert (found["status"], found["percentile"], found["median"]) == ("ok", 0.5, None)


def test_a_park_without_a_value_sees_its_peers_and_no_place_of_its_own() -> None:
    found = peers({"a": None, "b": 1.0, "c": 3.0, "d": 4.0})
    assert (found["status"], found["value"], found["percentile"], found["median"]) == ("no_value", None, None, 3.0)
