"""Each kind of rule at, just above and just below its limit, at zero, negative and missing."""

from __future__ import annotations

import pytest

from greenpark.engine.units import Units
from tests.evaluate.making import criterion, make_scheme, node, row, scores, state_of

AT_LEAST = {"kind": "threshold", "operator": ">=", "limit": 80, "unit": "1"}
AT_MOST = {"kind": "threshold", "operator": "<=", "limit": 0.5, "unit": "1"}
NONE = {"kind": "threshold", "operator": "==", "limit": 0, "unit": "1"}
ABOVE = {"kind": "threshold", "operator": ">", "limit": 50, "unit": "1"}
BELOW = {"kind": "threshold", "operator": "<", "limit": 0.3, "unit": "1"}
CASES = {
    "kind": "cases", "on": "size", "unit": "1",
    "cases": [
        {"at_least": 200000, "below": 1000000, "operator": "<=", "limit": 0.2},
        {"at_least": 1000000, "operator": "<=", "limit": 0.3},
    ],
}  # fmt: skip
CLASSES = {
    "kind": "cases", "on": "class", "unit": "1",
    "cases": [{"equals": 1, "operator": ">=", "limit": 30}, {"equals": 2, "operator": ">=", "limit": 20}],
}  # fmt: skip
HIGHER = {"kind": "leading_value", "better": "higher", "leading": 15, "unit": "1"}
LOWER = {"kind": "leading_value", "better": "lower", "leading": 5, "unit": "1"}
ELASTICITY = {"kind": "elasticity", "limit": 0.6, "unit": "1", "growth": "growth"}
FLAG = {"kind": "flag"}


@pytest.mark.parametrize(
    ("rule", "value", "state"),
    [
        (AT_LEAST, 80, "met"),
        (AT_LEAST, 80.001, "met"),
        (AT_LEAST, 79.999, "not_met"),
        (AT_LEAST, 0, "not_met"),
        (AT_LEAST, -5, "not_met"),
        (AT_LEAST, None, "not_evaluable"),
        (AT_MOST, 0.5, "met"),
        (AT_MOST, 0.4999, "met"),
        (AT_MOST, 0.5001, "not_met"),
        (AT_MOST, 0, "met"),
        (AT_MOST, -1, "met"),
        (NONE, 0, "met"),
        (NONE, 1, "not_met"),
        (ABOVE, 50, "not_met"),
        (ABOVE, 50.0001, "met"),
        (BELOW, 0.3, "not_met"),
        (BELOW, 0.2999, "met"),
    ],
)
def test_a_threshold_at_above_and_below_its_limit(rule: dict[str, object], value: float | None, state: str) -> None:
    assert state_of(rule, value) == state


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (0.1 + 0.2 - 0.3 + 80, "met"),
        (79.9999999999, "met"),  # the eleventh significant digit is not compared
        (79.99999999, "not_met"),  # the tenth is
    ],
)
def test_values_are_compared_at_ten_significant_digits(value: float, state: str) -> None:
    assert state_of(AT_LEAST, value) == state


@pytest.mark.parametrize(
    ("value", "size", "state"),
    [
        (0.2, 200000, "met"),
        (0.2001, 200000, "not_met"),
        (0.2001, 999999.99, "not_met"),
        (0.2001, 1000000, "met"),  # exactly one million belongs to the second band
        (0.3, 1000000, "met"),
        (0.3001, 5000000, "not_met"),
        (0.1, 199999.99, "not_evaluable"),
        (0, 300000, "met"),
        (-0.1, 300000, "met"),
        (None, 300000, "not_evaluable"),
        (0.1, None, "not_evaluable"),
    ],
)
def test_a_limit_that_depends_on_another_indicator(value: float | None, size: float | None, state: str) -> None:
    assert state_of(CASES, value, {"size": size}) == state


def test_a_value_outside_every_case_says_so() -> None:
    scheme = make_scheme([criterion("A", CASES)], extra=("size",))
    found = node(scores(scheme, [row("a", 0.1), row("size", 1000)]), "A")
    assert found["reason"] == "evaluate.outside_cases"
    assert found["detail"] == '{"indicator": "s.size"}'
    assert found["limit"] is None


@pytest.mark.parametrize(
    ("value", "group", "state"), [(30, 1, "met"), (25, 1, "not_met"), (25, 2, "met"), (25, 3, "not_evaluable")]
)
def test_cases_by_class(value: float, group: float, state: str) -> None:
    assert state_of(CLASSES, value, {"class": group}) == state


@pytest.mark.parametrize(
    ("rule", "value", "ratio", "state"),
    [
        (HIGHER, 15, 1.0, "met"),
        (HIGHER, 30, 2.0, "met"),
        (HIGHER, 7.5, 0.5, "not_met"),
        (HIGHER, 0, 0.0, "not_met"),
        (HIGHER, -3, -0.2, "not_met"),
        (LOWER, 5, 1.0, "met"),
        (LOWER, 2.5, 2.0, "met"),
        (LOWER, 10, 0.5, "not_met"),
        (LOWER, 0, None, "not_evaluable"),
        (LOWER, -1, None, "not_evaluable"),
        (LOWER | {"non_positive": "full_score"}, 0, 1.0, "met"),
        (LOWER | {"non_positive": "full_score"}, -1, 1.0, "met"),
        (HIGHER | {"cap": 1.5}, 30, 1.5, "met"),
        (HIGHER, None, None, "not_evaluable"),
    ],
)
def test_the_ratio_to_a_leading_value(
    rule: dict[str, object], value: float | None, ratio: float | None, state: str
) -> None:
    found = node(scores(make_scheme([criterion("A", rule)]), [row("a", value)]), "A")
    assert (found["ratio"], found["state"]) == (ratio, state)


@pytest.mark.parametrize(
    ("growth", "state"), [(5.0, "met"), (0.0, "not_evaluable"), (-5.0, "not_evaluable"), (None, "not_evaluable")]
)
def test_a_negative_elasticity_counts_in_full_only_while_value_added_grows(growth: float | None, state: str) -> None:
    rule = LOWER | {"non_positive": "full_score", "full_score_if": "growth"}
    assert state_of(rule, -0.5, {"growth": growth}) == state


@pytest.mark.parametrize(
    ("value", "growth", "state"),
    [
        (0.6, 10, "met"),
        (0.5999, 10, "met"),
        (0.6001, 10, "not_met"),
        (-0.2, 10, "met"),  # use falls while value added grows
        (0.6, -10, "met"),
        (0.6001, -10, "met"),  # use falls at least as fast as value added
        (0.5999, -10, "not_met"),
        (-0.2, -10, "not_met"),  # use grows while value added falls
        (0.5, 0, "not_evaluable"),
        (0.5, 1e-12, "not_evaluable"),
        (None, 10, "not_evaluable"),
        (0.5, None, "not_evaluable"),
    ],
)
def test_an_elasticity_flips_with_the_sign_of_growth(value: float | None, growth: float | None, state: str) -> None:
    assert state_of(ELASTICITY, value, {"growth": growth}) == state


def test_an_elasticity_at_zero_growth_says_so_even_without_value() -> None:
    scheme = make_scheme([criterion("A", ELASTICITY)], extra=("growth",))
    undefined = row("a", None, missing=None)
    assert node(scores(scheme, [undefined, row("growth", 0.0)]), "A")["reason"] == "evaluate.growth_zero"


@pytest.mark.parametrize(
    ("rule", "value", "state"),
    [
        (FLAG, 1, "met"),
        (FLAG, 0, "not_met"),
        (FLAG, 0.5, "not_evaluable"),
        (FLAG, -1, "not_evaluable"),
        (FLAG, None, "not_evaluable"),
        (FLAG | {"expected": False}, 0, "met"),
        (FLAG | {"expected": False}, 1, "not_met"),
        ({"kind": "external", "reference": {"zh": "标准", "en": "standard"}}, 1, "met"),
        ({"kind": "external", "reference": {"zh": "标准", "en": "standard"}}, 0, "not_met"),
        ({"kind": "external", "reference": {"zh": "标准", "en": "standard"}}, None, "not_evaluable"),
    ],
)
def test_a_yes_or_no(rule: dict[str, object], value: float | None, state: str) -> None:
    assert state_of(rule, value) == state


@pytest.mark.parametrize("state", ["not_evaluable", "not_met", "not_applicable"])
def test_the_scheme_says_what_a_missing_value_means(state: str) -> None:
    assert state_of(AT_LEAST, None, missing=state) == state


@pytest.mark.parametrize("missing", [None, "zero_denominator"])
def test_an_undefined_value_is_not_a_missing_one(missing: str | None) -> None:
    scheme = make_scheme([criterion("A", AT_LEAST, missing="not_met")])
    found = node(scores(scheme, [row("a", None, missing=missing)]), "A")
    assert (found["state"], found["reason"]) == ("not_evaluable", "evaluate.value_undefined")


def test_a_missing_value_names_the_quantities() -> None:
    scheme = make_scheme([criterion("A", AT_LEAST), criterion("B", AT_LEAST)])
    rows = scores(scheme, [row("a", None, missing="waste.used+waste.generated")])
    assert node(rows, "A")["detail"] == '{"quantities": ["waste.used", "waste.generated"]}'
    assert node(rows, "B")["reason"] == "evaluate.value_not_reported"


def test_a_criterion_does_not_apply_where_its_condition_is_zero() -> None:
    scheme = make_scheme([criterion("A", AT_LEAST, applies_where="made")], extra=("made",))
    undefined = row("a", None, missing=None)
    assert node(scores(scheme, [undefined, row("made", 0.0)]), "A")["state"] == "not_applicable"
    assert node(scores(scheme, [row("a", 10), row("made", 5.0)]), "A")["state"] == "not_met"
    assert node(scores(scheme, [row("a", 10)]), "A")["state"] == "not_met"


def test_an_excuse_needs_permission_and_a_reason() -> None:
    allowed = make_scheme([criterion("A", AT_LEAST, "guiding", may_be_excused=True)])
    found = node(scores(allowed, [row("a", 1)], excused={"A": "no such heat"}), "A")
    assert (found["state"], found["value"], found["detail"]) == ("excused", 1.0, '{"reason": "no such heat"}')
    assert node(scores(allowed, [row("a", 1)], excused={"s.A": "why"}), "A")["state"] == "excused"
    assert node(scores(allowed, [row("a", 1)], excused={"A": "  "}), "A")["state"] == "not_met"
    forbidden = make_scheme([criterion("A", AT_LEAST, "guiding")])
    assert node(scores(forbidden, [row("a", 1)], excused={"A": "why"}), "A")["state"] == "not_met"


def test_a_rule_in_another_unit_needs_units(units: Units) -> None:
    rule = {"kind": "threshold", "operator": ">=", "limit": 0.8, "unit": "1"}
    scheme = make_scheme([criterion("A", rule)], indicators={"a": {"unit": "%"}})
    for value, state in ((80, "met"), (79, "not_met")):
        assert node(scores(scheme, [row("a", value, unit="%")], units=units), "A")["state"] == state
    with pytest.raises(ValueError, match="units are needed"):
        scores(scheme, [row("a", 80, unit="%")])


@pytest.mark.parametrize("part", ["role", "value", "formula"])
def test_a_result_on_a_low_confidence_value_is_provisional(part: str) -> None:
    confidence = {"name": "high", "role": "high", "value": "high", "formula": "high"} | {part: "low"}
    rows = scores(make_scheme([criterion("A", AT_LEAST, confidence=confidence)]), [row("a", 90)])
    for name in ("A", "verdict"):
        assert node(rows, name)["provisional"]
        assert node(rows, name)["confidence"] == "low"


def test_a_result_on_doubtful_or_incomplete_data_is_provisional() -> None:
    scheme = make_scheme([criterion("A", AT_LEAST)])
    assert not node(scores(scheme, [row("a", 90)]), "verdict")["provisional"]
    assert node(scores(scheme, [row("a", 90, confidence="low")]), "verdict")["provisional"]
    partial = node(scores(scheme, [row("a", 90, status="partial")]), "A")
    assert partial["provisional"]
    assert partial["reason"] == "evaluate.value_partial"
