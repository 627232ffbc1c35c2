"""Properties of every kind of verdict, on schemes that Hypothesis makes up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpark.engine.units import Units
from greenpark.evaluate import evaluate
from greenpark.evaluate.compare import rounded_all
from greenpark.model.numbers import rounded
from tests.evaluate.making import criterion, indicator_table, make_scheme, node, row, scores

MODEST = settings(max_examples=25, deadline=None)
VALUE = st.floats(0.5, 100, allow_nan=False).map(lambda each: round(each, 3))
TEXT = {"zh": "组", "en": "group"}
NAMES = "ABCDE"

# Rules under which a better value is never worth less, with the direction in which values improve.
MONOTONE: dict[str, tuple[dict[str, Any], int]] = {
    "threshold": ({"kind": "threshold", "operator": ">=", "limit": 40, "unit": "1"}, 1),
    "threshold_lower": ({"kind": "threshold", "operator": "<=", "limit": 40, "unit": "1"}, -1),
    "leading_value": ({"kind": "leading_value", "better": "higher", "leading": 50, "unit": "1"}, 1),
    "leading_value_lower": ({"kind": "leading_value", "better": "lower", "leading": 50, "unit": "1"}, -1),
    "leading_value_capped": ({"kind": "leading_value", "better": "higher", "leading": 50, "cap": 1, "unit": "1"}, 1),
    "linear": ({"kind": "linear", "base": 10, "leading": 60, "unit": "1"}, 1),
    "linear_lower": ({"kind": "linear", "base": 60, "leading": 10, "unit": "1"}, -1),
    "linear_log": ({"kind": "linear", "base": 1, "leading": 90, "unit": "1", "scale": "log"}, 1),
    "bands": (
        {"kind": "bands", "unit": "1", "maximum": 5, "bands": [
            {"below": 20, "points": 0}, {"at_least": 20, "below": 60, "points": 2}, {"at_least": 60, "points": 5}]},
        1,
    ),
    "points": ({"kind": "points", "maximum": 100}, 1),
}  # fmt: skip
# Not monotone, by name and with the reason: these are shown in the verdict and never enter the property.
EXCEPTIONS = {
    "elasticity": "its test turns round where the growth it divides by crosses zero",
    "cases": "the limit itself changes with the other indicator: a better size may meet a stricter limit",
    "conditional": "the rule itself changes with the case",
    "relative": "the mean of the peers moves with the value",
    "normalised": "the scale moves with the best and the worst of all",
    "self_set": "the ratio to a target below the base turns round with the base",
    "portfolio": "the share moves with the weights",
}


def test_every_rule_kind_is_monotone_or_a_named_exception() -> None:
    from greenpark.evaluate.rules import _JUDGES

    others = {"flag", "external", "checklist"}  # yes and no: an improvement is a no that becomes a yes
    assert {name.removesuffix("_lower").removesuffix("_capped").removesuffix("_log") for name in MONOTONE} | set(
        EXCEPTIONS
    ) | others == set(_JUDGES)


def score_of(kinds: list[str], values: list[float], verdict: dict[str, Any], **other: Any) -> float:
    """The index of one park whose criteria have these rules and values."""
    criteria = [
        criterion(
            name, MONOTONE[kind][0], "scored" if verdict["kind"] == "tree" else "mandatory", **other.get(name, {})
        )
        for name, kind in zip(NAMES, kinds, strict=False)
    ]
    groups = [{"id": "G", "title": TEXT, "weight": 1.0} | other.get("group", {})]
    scheme = make_scheme(criteria, verdict, groups=groups)
    rows = [row(name.lower(), value) for name, value in zip(NAMES, values, strict=False)]
    found = node(scores(scheme, rows), "index")["score"]
    assert found is not None
    return float(found)


SCORED = sorted(set(MONOTONE) - {"threshold", "threshold_lower"})


@MODEST
@given(
    kinds=st.lists(st.sampled_from(SCORED), min_size=3, max_size=3),
    values=st.lists(VALUE, min_size=3, max_size=3),
    weights=st.lists(st.floats(0.1, 5), min_size=3, max_size=3),
    which=st.integers(0, 2),
    factor=st.floats(1.001, 3),
    aggregation=st.sampled_from(["arithmetic", "geometric", "sum", "lowest"]),
)
def test_an_improvement_never_lowers_the_score_of_a_tree(
    kinds: list[str], values: list[float], weights: list[float], which: int, factor: float, aggregation: str
) -> None:
    """Weights, bounds and everything else fixed; points stay below their maximum."""
    verdict = {"kind": "tree", "scale": 100, "weights": "equal"}
    other: dict[str, Any] = {name: {"weight": weight} for name, weight in zip(NAMES, weights, strict=False)}
    other["group"] = {"aggregation": aggregation}
    better = list(values)
    better[which] = values[which] * factor if MONOTONE[kinds[which]][1] > 0 else values[which] / factor
    if kinds[which] == "points":
        better[which] = min(better[which], 100.0)
    before = score_of(kinds, values, verdict, **other)
    assert score_of(kinds, better, verdict, **other) >= before - 1e-7 * max(abs(before), 1)


@MODEST
@given(
    values=st.lists(st.lists(VALUE, min_size=3, max_size=3), min_size=2, max_size=6),
    which=st.integers(0, 2),
    factor=st.floats(1.01, 3),
)
def test_an_improvement_under_unknown_weights_never_lowers_either_end_of_the_range(
    values: list[list[float]], which: int, factor: float
) -> None:
    rule = MONOTONE["linear"][0] | {"outside": "open"}
    scheme = make_scheme(
        [criterion(name, rule, "scored", weight=None) for name in "ABC"],
        {"kind": "tree", "scale": 100, "weights": "equal",
         "unknown_weights": {"low": 0.8, "high": 1.2, "draws": 200, "source": "S1", "confidence": "low"}},
        groups=[{"id": "G", "title": TEXT}],
    )  # fmt: skip

    def index(table: list[list[float]]) -> dict[str, Any]:
        rows = [
            row(name, value, entity=f"p{place}")
            for place, line in enumerate(table)
            for name, value in zip("abc", line, strict=True)
        ]
        return node(scores(scheme, rows), "index", entity="p0")

    better = [list(line) for line in values]
    better[0][which] *= factor
    before, after = index(values), index(better)
    for end in ("score", "low", "high"):
        assert after[end] >= before[end] - 1e-9
    for end in ("rank", "rank_low", "rank_high"):
        assert after[end] <= before[end]


@MODEST
@given(
    leading=st.lists(st.floats(0.01, 1e4), min_size=2, max_size=5),
    better=st.lists(st.sampled_from(["higher", "lower"]), min_size=5, max_size=5),
    cap=st.sampled_from([None, 1.0]),
)
def test_a_park_at_every_leading_value_scores_exactly_a_hundred(
    leading: list[float], better: list[str], cap: float | None
) -> None:
    criteria = [
        criterion(name, {"kind": "leading_value", "better": way, "leading": value, "unit": "1", "cap": cap})
        for name, value, way in zip(NAMES, leading, better, strict=False)
    ]
    scheme = make_scheme(criteria, {"kind": "index", "terms": len(criteria), "scale": 100})
    rows = [row(name.lower(), value) for name, value in zip(NAMES, leading, strict=False)]
    found = scores(scheme, rows)
    assert node(found, "index")["score"] == 100
    assert node(found, "index_capped")["score"] == 100


@MODEST
@given(table=st.lists(st.lists(VALUE, min_size=3, max_size=3), min_size=2, max_size=7), order=st.randoms())
def test_the_order_of_rows_does_not_matter(table: list[list[float]], order: Any) -> None:
    verdict = {
        "kind": "tree", "scale": 100, "weights": "equal",
        "normalisation": {"chosen": "percent_rank", "alternatives": ["min_max"], "source": "S1", "confidence": "low"},
    }  # fmt: skip
    rule = {"kind": "normalised", "better": "higher", "unit": "1"}
    scheme = make_scheme(
        [criterion(name, rule, "scored", weight=1.0) for name in "ABC"], verdict, groups=[{"id": "G", "title": TEXT}]
    )
    rows = [
        row(name, value, entity=f"p{place}")
        for place, line in enumerate(table)
        for name, value in zip("abc", line, strict=True)
    ]
    shuffled = list(rows)
    order.shuffle(shuffled)
    assert scores(scheme, rows) == scores(scheme, shuffled)


@MODEST
@given(values=st.lists(VALUE, min_size=2, max_size=2))
def test_units_do_not_matter(values: list[float], units: Units) -> None:
    """The same values in tonnes and in kilograms, against rules in tonnes."""
    rules = [
        {"kind": "linear", "base": 90, "leading": 10, "unit": "t"},
        {"kind": "leading_value", "better": "lower", "leading": 20, "unit": "t"},
    ]

    def index(unit: str, factor: float) -> Any:
        scheme = make_scheme(
            [criterion(name, rule, "scored", weight=1.0) for name, rule in zip("AB", rules, strict=True)],
            {"kind": "tree", "scale": 100, "weights": "equal"},
            groups=[{"id": "G", "title": TEXT}],
            indicators={name: {"unit": unit} for name in "ab"},
        )
        rows = [row(name, value * factor, unit=unit) for name, value in zip("ab", values, strict=True)]
        found = evaluate(indicator_table(rows), [scheme], {}, {}, None, units).to_pylist()
        return node(found, "index")["score"]

    assert index("t", 1) == pytest.approx(index("kg", 1000), rel=1e-9)


def test_ranks_agree_with_a_loop_also_where_scores_are_equal_or_missing() -> None:
    from greenpark.evaluate.tree_scores import ranks_in_rows

    rng = np.random.default_rng(2)
    table = rng.integers(0, 5, (50, 9)).astype(float)
    table[rng.random(table.shape) < 0.1] = np.nan
    table[0] = np.nan
    table[1] = 3.0
    ranks = ranks_in_rows(table)
    for line, own in zip(table, ranks, strict=True):
        for value, rank in zip(line, own, strict=True):
            if not np.isnan(value):
                assert rank == 1 + sum(each > value for each in line)


@MODEST
@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=40))
def test_rounding_many_is_rounding_each(values: list[float]) -> None:
    ties = [
        0.0,
        -0.0,
        1.00000000005,
        123456789.05,
        9.9999999995,
        99999999995.0,
        1e-320,
        5e300,
        0.1 + 0.2,
        2.5,
        1e22,
        1e-22,
    ]
    listed = [*values, *ties, *(-each for each in ties)]
    found = rounded_all(np.array(listed)).tolist()
    assert found == [rounded(each) for each in listed]
