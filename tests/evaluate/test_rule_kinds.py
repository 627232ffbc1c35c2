"""Every rule kind at, just above and just below its limit, at zero, negative and missing; numbers worked by hand."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from greenpark.engine.schema import conform
from greenpark.evaluate import Context, check_requests
from greenpark.model.job import SuppliedValue
from greenpark.model.tables import FIGURES
from tests.evaluate.making import criterion, make_scheme, node, row, scores

LINEAR = {"kind": "linear", "base": 10, "leading": 30, "unit": "1"}
SOURCED = {"source": "S1", "confidence": "high"}


def judged(
    rule: dict[str, Any], value: float | None, extra: dict[str, float | None] | None = None, **other: Any
) -> Any:
    """The node of one criterion with one value."""
    scheme = make_scheme([criterion("A", rule)], extra=tuple(extra or ()), **other)
    rows = [row("a", value), *(row(name, each) for name, each in (extra or {}).items())]
    return node(scores(scheme, rows), "A")


# ---------------------------------------------------------------- linear
@pytest.mark.parametrize(
    ("value", "state", "ratio"),
    [(10, "not_met", 0.0), (10.1, "not_met", 0.005), (9.9, "not_met", 0.0), (20, "not_met", 0.5), (29.9, "not_met", 0.995),
     (30, "met", 1.0), (30.1, "met", 1.0), (0, "not_met", 0.0), (-5, "not_met", 0.0)],
)  # fmt: skip
def test_linear_is_zero_at_the_base_and_one_at_the_leading_value(value: float, state: str, ratio: float) -> None:
    found = judged(LINEAR, value)
    assert found["state"] == state
    assert found["ratio"] == pytest.approx(ratio, abs=1e-12)


def test_linear_where_lower_is_better_runs_from_the_higher_base_down_to_the_leading_value() -> None:
    """(50 − 35) / (50 − 20) = 0.5."""
    rule = {"kind": "linear", "base": 50, "leading": 20, "unit": "1"}
    assert judged(rule, 35)["ratio"] == 0.5
    assert judged(rule, 20)["state"] == "met"
    assert judged(rule, 20.1)["state"] == "not_met"


def test_linear_of_logarithms_and_open_ends() -> None:
    """ln 1000 is three quarters of the way from ln 1 to ln 10000; below 1 an open scale goes below zero."""
    rule = {"kind": "linear", "base": 1, "leading": 10000, "unit": "1", "scale": "log"}
    assert judged(rule, 1000)["ratio"] == pytest.approx(0.75)
    assert judged(rule, 0)["reason"] == "evaluate.no_logarithm"
    assert judged(rule | {"outside": "open"}, 0.1)["ratio"] == pytest.approx(-0.25)
    assert judged(rule | {"outside": "capped_above"}, 1e5)["ratio"] == 1.0


def test_a_missing_value_and_a_number_that_is_not_public_are_told_apart() -> None:
    assert judged(LINEAR, None)["reason"] == "evaluate.value_missing"
    for number, rule in (
        ("base", {"kind": "linear", "base": None, "leading": 30, "unit": "1"}),
        ("limit", {"kind": "threshold", "operator": ">=", "limit": None, "unit": "1"}),
        ("leading", {"kind": "leading_value", "better": "higher", "leading": None, "unit": "1"}),
    ):
        found = judged(rule, 20)
        assert (found["state"], found["reason"]) == ("not_evaluable", f"evaluate.{number}_not_public")


# ---------------------------------------------------------------- leading value
@pytest.mark.parametrize(("value", "ratio"), [(50, 0.5), (100, 1.0), (120, 1.2), (0, 0.0), (-10, -0.1)])
def test_the_ratio_to_a_leading_value_is_uncapped_unless_the_rule_caps_it(value: float, ratio: float) -> None:
    rule = {"kind": "leading_value", "better": "higher", "leading": 100, "unit": "1"}
    assert judged(rule, value)["ratio"] == pytest.approx(ratio)
    assert judged(rule | {"cap": 1}, value)["ratio"] == pytest.approx(min(ratio, 1.0))


# ---------------------------------------------------------------- points, bands, checklists
@pytest.mark.parametrize(
    ("value", "state", "reason"),
    [(0, "not_met", "evaluate.misses"), (7.9, "not_met", "evaluate.misses"), (8, "met", "evaluate.meets"),
     (8.1, "not_evaluable", "evaluate.points_out_of_range"), (-1, "not_evaluable", "evaluate.points_out_of_range")],
)  # fmt: skip
def test_points_lie_between_zero_and_their_maximum(value: float, state: str, reason: str) -> None:
    found = judged({"kind": "points", "maximum": 8}, value)
    assert (found["state"], found["reason"]) == (state, reason)


BANDS = {
    "kind": "bands", "unit": "1", "maximum": 10,
    "bands": [{"at_least": 90, "points": 10}, {"at_least": 80, "below": 90, "points": 6}, {"equals": 0, "points": 0}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "ratio"), [(90, 1.0), (89.9, 0.6), (80, 0.6), (79.9, None), (0, 0.0), (-1, None), (95, 1.0)]
)
def test_a_value_in_no_band_is_undefined(value: float, ratio: float | None) -> None:
    found = judged(BANDS, value)
    assert found["ratio"] == ratio
    if ratio is None:
        assert (found["state"], found["reason"]) == ("not_evaluable", "evaluate.outside_bands")


def facts(**values: float | None) -> pa.Table:
    """Yes or no figures of the park in 2024."""
    rows = [
        row("x", value) | {"quantity": f"fact.{name}", "item": "", "rows": 1, "rows_unmatched": 0}
        for name, value in values.items()
    ]
    kept = [{key: each[key] for key in each if key in FIGURES.names} for each in rows]
    return conform(pa.Table.from_pylist(kept), FIGURES, ("run",))


def checklist(answers: dict[str, float], **other: Any) -> Any:
    items = [{"fact": f"fact.{name}"} for name in ("p", "q", "r")]
    rule = {"kind": "checklist", "items": items} | other
    scheme = make_scheme([criterion("A", rule, indicator="")], extra=("b",))
    return node(scores(scheme, [row("b", 1)], facts=facts(**answers)), "A")


def test_a_checklist_counts_the_items_answered_yes() -> None:
    assert checklist({"p": 1, "q": 1, "r": 1})["state"] == "met"
    found = checklist({"p": 1, "q": 1, "r": 0})
    assert (found["state"], found["value"], found["limit"]) == ("not_met", 2, 3)
    assert found["ratio"] == pytest.approx(2 / 3)


def test_an_open_item_leaves_a_checklist_open_only_where_it_could_change_the_outcome() -> None:
    assert checklist({"p": 1, "q": 1}, at_least=2)["state"] == "met"
    assert checklist({"p": 1, "q": 1})["state"] == "not_evaluable"
    assert checklist({"p": 0, "q": 1})["state"] == "not_met"
    assert checklist({"p": 1, "q": 1})["reason"] == "evaluate.items_open"
    assert checklist({"p": 1, "q": 2, "r": 1})["state"] == "not_evaluable"
    assert checklist({"p": 1, "q": 1}, full_at=2)["ratio"] == 1.0


# ---------------------------------------------------------------- conditional
BY_SIZE = {
    "kind": "conditional", "on": "size",
    "cases": [
        {"at_least": 10000, "rule": {"kind": "linear", "base": 0, "leading": 20, "unit": "1"}},
        {"at_least": 3000, "below": 10000, "rule": {"kind": "linear", "base": 0, "leading": 40, "unit": "1"}},
    ],
}  # fmt: skip


@pytest.mark.parametrize(("size", "ratio"), [(10000, 0.5), (9999.9, 0.25), (3000, 0.25), (2999.9, None), (None, None)])
def test_a_rule_by_size_takes_the_case_of_the_size(size: float | None, ratio: float | None) -> None:
    found = judged(BY_SIZE, 10, {"size": size})
    assert found["ratio"] == ratio
    if ratio is None:
        expected = "evaluate.case_value_missing" if size is None else "evaluate.outside_cases"
        assert (found["state"], found["reason"]) == ("not_evaluable", expected)


def by_class(industry: tuple[str, ...]) -> Any:
    limit = {"kind": "threshold", "operator": "<=", "unit": "1"}
    rule = {
        "kind": "conditional", "attribute": "industry",
        "cases": [{"among": ["C26", "C25"], "rule": limit | {"limit": 9}}, {"otherwise": True, "rule": limit | {"limit": 3}}],
    }  # fmt: skip
    scheme = make_scheme([criterion("A", rule)])
    context = Context({"park": {"industry": industry}} if industry else {})
    return node(scores(scheme, [row("a", 5)], context=context), "A")


def test_a_rule_by_class_of_industry_asks_the_attribute_of_the_entity() -> None:
    assert (by_class(("C2614", "C26", "C"))["state"], by_class(("C2614", "C26", "C"))["limit"]) == ("met", 9)
    assert (by_class(("C39", "C"))["state"], by_class(("C39", "C"))["limit"]) == ("not_met", 3)
    assert by_class(())["reason"] == "evaluate.class_unknown"


def test_a_variant_by_applicability_has_an_indicator_and_a_unit_of_its_own() -> None:
    rule = {
        "kind": "conditional", "on": "has_limit",
        "cases": [
            {"equals": 1, "indicator": "per_product", "rule": {"kind": "threshold", "operator": "<=", "limit": 2, "unit": "t"}},
            {"equals": 0, "rule": {"kind": "threshold", "operator": "<=", "limit": 4, "unit": "1"}},
        ],
    }  # fmt: skip
    scheme = make_scheme(
        [criterion("A", rule)], extra=("has_limit", "per_product"), indicators={"per_product": {"unit": "t"}}
    )
    first = [row("a", None), row("has_limit", 1), row("per_product", 1.5, unit="t")]
    second = [row("a", 3, entity="q"), row("has_limit", 0, entity="q"), row("per_product", None, entity="q", unit="t")]
    found = scores(scheme, [*first, *second])
    own, plain = node(found, "A", entity="park"), node(found, "A", entity="q")
    assert (own["state"], own["value"], own["limit"], own["unit"]) == ("met", 1.5, 2, "t")
    assert (plain["state"], plain["value"], plain["limit"], plain["unit"]) == ("met", 3, 4, "1")


# ---------------------------------------------------------------- references by year
REFERENCE = {
    "id": "national", "title": {"zh": "全国平均", "en": "national mean"}, "unit": "1", "supplied": "either", "source": "S1",
    "values": [{"year": 2023, "value": 15, **SOURCED}],
}  # fmt: skip


def against_reference(value: float, year: int, supplied: tuple[SuppliedValue, ...] = ()) -> Any:
    rule = {"kind": "threshold", "operator": ">=", "limit_from": "national", "unit": "1"}
    scheme = make_scheme([criterion("A", rule)], references=[REFERENCE])
    return node(scores(scheme, [row("a", value, year=year)], context=Context(references=supplied)), "A")


def test_a_yearly_reference_is_that_of_the_year_and_never_of_another() -> None:
    assert against_reference(15, 2023)["state"] == "met"
    assert against_reference(14.9, 2023)["state"] == "not_met"
    missing = against_reference(20, 2024)
    assert (missing["state"], missing["reason"]) == ("not_evaluable", "evaluate.reference_missing")


def test_a_user_supplies_the_reference_of_a_year_and_its_confidence_stays_with_it() -> None:
    own = SuppliedValue(reference="s.national", year=2024, value=16, document="年鉴", page="3", confidence="medium")
    found = against_reference(20, 2024, (own,))
    assert (found["state"], found["limit"], found["confidence"]) == ("met", 16, "medium")


# ---------------------------------------------------------------- peers
def relative(values: dict[str, float | None], context: Context | None = None, **other: Any) -> Any:
    rule = {"kind": "relative", "operator": ">=", "statistic": "mean", "unit": "1"} | other
    scheme = make_scheme([criterion("A", rule)])
    rows = [row("a", value, entity=name) for name, value in values.items()]
    return {each["entity"]: each for each in scores(scheme, rows, context=context) if each["node"] == "A"}


def test_not_below_the_mean_of_listed_parks_of_the_same_area() -> None:
    """Listed in the east are p (40) and q (60): their mean is 50. In the west stands r alone."""
    context = Context(
        {"p": {"area": ("east",)}, "q": {"area": ("east",)}, "r": {"area": ("west",)}, "n": {"area": ("east",)}},
        groups={"listed": ("p", "q", "r")},
    )
    found = relative({"p": 40, "q": 60, "r": 90, "n": 50}, context, group="listed", same="area")
    assert (found["n"]["limit"], found["n"]["state"]) == (50, "met")
    assert found["p"]["state"] == "not_met"
    assert (found["r"]["state"], found["r"]["reason"]) == ("not_evaluable", "evaluate.too_few_peers")


def test_the_entity_itself_may_be_left_out_of_the_statistic() -> None:
    found = relative({"p": 1, "q": 2, "r": 6}, with_own=False)
    assert {name: each["limit"] for name, each in found.items()} == {"p": 4, "q": 3.5, "r": 1.5}


# ---------------------------------------------------------------- own base year, several years, members
def self_set(value: float | None, year: int = 2025, **other: Any) -> Any:
    rule = {"kind": "self_set", "better": "lower", "unit": "1", "base_year": 2020, "target_from": "own"} | other
    targets = [
        {"year": 2025, "key": "park", "value": 80, **SOURCED},
        {"year": 2030, "key": "park", "value": 60, **SOURCED},
    ]
    own = {
        "id": "own",
        "title": {"zh": "自设", "en": "own"},
        "unit": "1",
        "by": "entity",
        "source": "S1",
        "values": targets,
    }
    scheme = make_scheme([criterion("A", rule)], references=[own])
    return node(
        scores(scheme, [row("a", 100, year=2020), row("a", value, year=year)]),
        "A",
        start=row("a", 1, year=year)["start"],
    )


def test_progress_towards_a_target_of_the_park_itself_counts_from_its_base_year() -> None:
    """From 100 to 80 by 2025: 90 is half way, 80 is there. By 2030 the target is 60."""
    half = self_set(90)
    assert (half["state"], half["ratio"], half["limit"]) == ("not_met", 0.5, 80)
    assert self_set(80)["state"] == "met"
    assert self_set(80.1)["state"] == "not_met"
    waits = self_set(90, year=2027)
    assert (waits["state"], waits["reason"], waits["ratio"]) == ("not_applicable", "evaluate.target_not_due", 0.25)
    assert self_set(59, year=2027)["state"] == "met"
    assert self_set(50, year=2031)["reason"] == "evaluate.reference_missing"


def test_without_a_target_every_improvement_on_the_base_year_counts() -> None:
    assert self_set(99.9, target_from="")["state"] == "met"
    assert self_set(100, target_from="")["state"] == "not_met"
    assert self_set(99, base_year=2019, target_from="")["reason"] == "evaluate.base_year_missing"


def test_a_value_over_several_years_needs_every_one_of_them() -> None:
    """(40 + 50 + 70) / 3 = 53.3 > 50; without the year 2023 nothing is judged."""
    rule = {"kind": "threshold", "operator": ">", "limit": 50, "unit": "1"}
    scheme = make_scheme([criterion("A", rule, over={"years": 3, "take": "mean"})])
    years = {2022: 40, 2023: 50, 2024: 70}
    full = scores(scheme, [row("a", value, year=year) for year, value in years.items()])
    last = row("a", 1, year=2024)["start"]
    assert node(full, "A", start=last)["value"] == pytest.approx(160 / 3)
    assert node(full, "A", start=last)["state"] == "met"
    gap = scores(scheme, [row("a", value, year=year) for year, value in years.items() if year != 2023])
    assert node(gap, "A", start=last)["state"] == "not_evaluable"


def test_a_portfolio_is_the_share_of_members_by_number_or_by_weight() -> None:
    """Of three plants u and v hold the title: 2 of 3; by output 30 of 100."""
    parents = {"u": "park", "v": "park", "w": "park"}
    values = {"park": (0, 0), "u": (1, 10), "v": (1, 20), "w": (0, 70)}
    rows = [
        row(name, each[place], entity=entity)
        for entity, each in values.items()
        for place, name in enumerate(("t", "o"))
    ]
    for weight, expected in (("", 200 / 3), ("o", 30.0)):
        rule = {
            "kind": "portfolio",
            "indicator": "t",
            "holds": ">=",
            "bound": 1,
            "weight": weight,
            "operator": ">=",
            "limit": 50,
        }
        scheme = make_scheme([criterion("A", rule, indicator="")], extra=("t", "o"))
        found = node(scores(scheme, rows, context=Context(parents=parents)), "A", entity="park")
        assert found["value"] == pytest.approx(expected)
        assert found["state"] == ("met" if expected >= 50 else "not_met")
        assert (
            node(scores(scheme, rows, context=Context(parents=parents)), "A", entity="u")["reason"]
            == "evaluate.no_members"
        )


def test_beyond_the_end_that_is_known_the_other_end_does_not_matter() -> None:
    """Leading 8, base not public, higher is better: 8 and 9 count in full, 7.9 is open."""
    rule = {"kind": "linear", "base": None, "leading": 8, "unit": "1", "better": "higher"}
    assert [(judged(rule, value)["state"], judged(rule, value)["ratio"]) for value in (9, 8)] == [("met", 1.0)] * 2
    assert judged(rule, 7.9)["reason"] == "evaluate.base_not_public"
    other = {"kind": "linear", "base": 5, "leading": None, "unit": "1", "better": "lower"}
    assert (judged(other, 5)["state"], judged(other, 6)["ratio"]) == ("not_met", 0.0)
    assert judged(other, 4.9)["reason"] == "evaluate.leading_not_public"


def test_who_chose_is_recorded_and_shown_and_a_choice_of_nobody_is_told() -> None:
    rule = {"kind": "leading_value", "better": "higher", "leading": 10, "unit": "1"}
    scheme = make_scheme(
        [criterion("A", rule, "optional"), criterion("B", rule, "optional")],
        {"kind": "index", "terms": 1, "scale": 100},
        choices=[{"id": "any", "meaning": "exactly", "k": 1, "members": ["A", "B"]}],
    )
    rows, chosen = [row("a", 5), row("b", 10)], {"s.any": ("B",)}
    found = node(scores(scheme, rows, chosen, context=Context(chosen_by={"any": "张三"})), "any")
    assert (found["reason"], found["detail"]) == ("evaluate.choice_recorded_by", '{"by": "张三", "criteria": ["B"]}')
    told = [each.message for each in check_requests([scheme], chosen, {}, Context())]
    assert told == ["evaluate.choice_unsigned"]
    assert check_requests([scheme], chosen, {}, Context(chosen_by={"s.any": "张三"})) == ()


def test_references_and_groups_that_nobody_knows_are_told() -> None:
    rule = {"kind": "relative", "operator": ">=", "statistic": "mean", "group": "listed", "unit": "1"}
    scheme = make_scheme(
        [criterion("A", rule)], references=[REFERENCE, REFERENCE | {"id": "fixed", "supplied": "pack"}]
    )
    own = {"value": 1, "document": "d", "confidence": "low"}
    supplied = tuple(SuppliedValue(reference=name, **own) for name in ("national", "s.national", "fixed", "nationall"))
    found = check_requests([scheme], {}, {}, Context(references=supplied))
    assert [(each.message, each.subject) for each in found] == [
        ("evaluate.unknown_reference", "fixed"),
        ("evaluate.unknown_reference", "nationall"),
        ("evaluate.group_not_listed", "s"),
    ]
