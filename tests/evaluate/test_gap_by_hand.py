"""Gaps worked by hand for the rules that are more than one limit: what passes, what is short of it, what it is worth.

Each case states the calculation. Scores are an index of one term out of 100, so that a ratio r is 100 r points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from greenpark.engine.units import Units
from greenpark.evaluate import Context, evaluate
from greenpark.evaluate.gap import Subject, Trial, find_gaps
from tests.evaluate.making import criterion, indicator_table, make_scheme, row

INDEX = {"kind": "index", "terms": 1, "scale": 100}
LESS = 0.999  # of the change


def gap_of(
    rule: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], units: Units, extra: Sequence[str] = (),
    context: Context | None = None, verdict: Mapping[str, Any] | None = INDEX, **other: Any,
) -> tuple[dict[str, Any], Trial]:  # fmt: skip
    """The gap of the criterion A of the park in 2024, and the trial that judges it with other values."""
    scheme = make_scheme([criterion("A", rule)], verdict, extra=tuple(extra), **other)
    table = indicator_table(rows)

    def judge(indicators: Any) -> Any:
        return evaluate(indicators, [scheme], {}, {}, context=context)

    subject = Subject("s", "park", date(2024, 1, 1), date(2025, 1, 1), "")
    stored = {
        each["node"]: each
        for each in judge(table).to_pylist()
        if (each["entity"], each["start"], each["variant"] or "") == ("park", subject.start, "")
    }
    trial = Trial(table, subject, judge, stored)
    found = find_gaps(trial, scheme, units)[0].to_pylist()
    return next(each for each in found if each["node"] == "A"), trial


def passes(trial: Trial, gap: Mapping[str, Any], share: float = 1.0) -> bool:
    """Whether the criterion is met after this share of the change."""
    value = gap["value"] + share * (gap["target"] - gap["value"])
    return bool(trial.judged({"s.a": value})["A"]["state"] == "met")


def assert_tight(trial: Trial, gap: Mapping[str, Any]) -> None:
    assert (passes(trial, gap), passes(trial, gap, LESS)) == (True, False)


# ---------------------------------------------------------------- linear
def test_linear_asks_for_the_leading_value_and_is_worth_its_slope(units: Units) -> None:
    """From 90 (nothing) down to 10 (full): 40 has (40 − 90)/(10 − 90) = 0.625 = 62.5 points.

    Missing to the full score: 30 of 40, −75 %, worth 37.5 points. One percent is 0.4 of a span of 80: 0.5 points.
    """
    gap, trial = gap_of({"kind": "linear", "base": 90, "leading": 10, "unit": "1"}, [row("a", 40)], units)
    assert trial.base["verdict"]["score"] == 62.5
    assert (gap["target"], gap["change"], gap["relative"], gap["method"]) == (10, -30, -0.75, "limit")
    assert (gap["worth"], gap["worth_full"]) == (0.5, 37.5)
    assert_tight(trial, gap)


def test_linear_of_logarithms_is_worth_more_the_lower_the_value(units: Units) -> None:
    """From 1 to 10000 by logarithms: 100 has 2/4 = 50 points; at 10000, 99 times more, there are 50 more.

    One percent: lg 1.01 / 4 = 0.0043213738/4 = 0.00108034, that is 0.108034 points.
    """
    rule = {"kind": "linear", "base": 1, "leading": 10000, "unit": "1", "scale": "log"}
    gap, trial = gap_of(rule, [row("a", 100)], units)
    assert (gap["target"], gap["relative"], gap["worth_full"]) == (10000, 99, 50)
    assert gap["worth"] == pytest.approx(0.108034, abs=1e-6)
    assert_tight(trial, gap)


# ---------------------------------------------------------------- bands and points
BANDS = {
    "kind": "bands", "unit": "1", "maximum": 10,
    "bands": [{"below": 20, "points": 0}, {"at_least": 20, "below": 40, "points": 6}, {"at_least": 40, "points": 10}],
}  # fmt: skip


def test_bands_ask_for_the_nearest_band_with_all_points(units: Units) -> None:
    """25 lies in the band of 6 of 10 points; all 10 begin at 40: +15, +60 %, worth 40 of 100.

    One percent more, 25.25, is the same band: worth nothing.
    """
    gap, trial = gap_of(BANDS, [row("a", 25)], units)
    assert gap["target"] == pytest.approx(40, rel=1e-9)
    assert (gap["relative"], gap["method"]) == (pytest.approx(0.6), "bracketed")
    assert (gap["worth"], gap["worth_full"]) == (0, 40)
    assert_tight(trial, gap)


def test_one_percent_is_worth_a_whole_band_where_it_crosses_into_it(units: Units) -> None:
    """39.8 and one percent are 40.198: from 6 to 10 of 10 points, 40 of 100."""
    gap, _ = gap_of(BANDS, [row("a", 39.8)], units)
    assert (gap["worth"], gap["worth_full"]) == (40, 40)


def test_a_value_in_no_band_has_no_gap_that_could_be_told(units: Units) -> None:
    rule = BANDS | {"bands": BANDS["bands"][1:]}
    gap, _ = gap_of(rule, [row("a", 5)], units)
    assert (gap["status"], gap["target"], gap["worth"]) == ("undefined", None, None)


def test_points_of_an_assessor_ask_for_all_of_them(units: Units) -> None:
    """15 of 20 points are 75 of 100; the other 5 are 25 more; one percent is 0.15 of 20: 0.75."""
    gap, trial = gap_of({"kind": "points", "maximum": 20}, [row("a", 15)], units)
    assert (gap["target"], gap["relative"], gap["method"]) == (20, pytest.approx(1 / 3), "limit")
    assert (gap["worth"], gap["worth_full"]) == (0.75, 25)
    assert_tight(trial, gap)


# ---------------------------------------------------------------- conditional
CONDITIONAL = {
    "kind": "conditional", "on": "size",
    "cases": [
        {"below": 10, "rule": {"kind": "threshold", "operator": "<=", "limit": 5, "unit": "1"}},
        {"at_least": 10, "rule": {"kind": "linear", "base": 10, "leading": 2, "unit": "1"}},
    ],
}  # fmt: skip


@pytest.mark.parametrize(("size", "target", "relative"), [(9.9, 5, -1 / 6), (10.0, 2, -2 / 3)])
def test_a_rule_by_size_asks_for_what_its_case_asks(size: float, target: float, relative: float, units: Units) -> None:
    """6 of a small park: at most 5, −1/6. Of a large one: the leading value 2, −4/6."""
    gap, trial = gap_of(CONDITIONAL, [row("a", 6), row("size", size)], units, extra=("size",), verdict=None)
    assert (gap["target"], gap["relative"]) == (target, pytest.approx(relative))
    assert_tight(trial, gap)


def test_in_the_linear_case_the_score_moves_with_its_slope(units: Units) -> None:
    """(6 − 10)/(2 − 10) = 50 points; the rest is 50; one percent, 0.06 of a span of 8, is 0.75."""
    gap, _ = gap_of(CONDITIONAL, [row("a", 6), row("size", 10.0)], units, extra=("size",))
    assert (gap["worth"], gap["worth_full"]) == (0.75, 50)


@pytest.mark.parametrize(("industry", "target"), [(("C2614", "C26", "C"), 9), (("C39", "C"), 3)])
def test_a_rule_by_industry_asks_for_the_limit_of_its_class(
    industry: tuple[str, ...], target: float, units: Units
) -> None:
    limit = {"kind": "threshold", "operator": "<=", "unit": "1"}
    rule = {
        "kind": "conditional", "attribute": "industry",
        "cases": [{"among": ["C26"], "rule": limit | {"limit": 9}}, {"otherwise": True, "rule": limit | {"limit": 3}}],
    }  # fmt: skip
    gap, trial = gap_of(rule, [row("a", 12)], units, context=Context({"park": {"industry": industry}}), verdict=None)
    assert (gap["target"], gap["method"]) == (target, "limit")
    assert_tight(trial, gap)


# ---------------------------------------------------------------- not below the mean of listed parks
RELATIVE = {"kind": "relative", "operator": ">=", "statistic": "mean", "group": "listed", "unit": "1"}
OTHERS = {"p": 2.0, "q": 4.0, "r": 7.0}


def relative(own: float, listed: tuple[str, ...], units: Units, **other: Any) -> tuple[dict[str, Any], Trial]:
    rows = [row("a", own), *(row("a", value, entity=name) for name, value in OTHERS.items())]
    return gap_of(RELATIVE | other, rows, units, context=Context(groups={"listed": listed}), verdict=None)


def test_a_park_outside_the_list_must_reach_the_mean_of_the_listed(units: Units) -> None:
    """(2 + 4 + 7)/3 = 13/3 = 4.333…: from 3, +44.4 %."""
    gap, trial = relative(3.0, ("p", "q", "r"), units)
    assert (gap["target"], gap["relative"]) == (pytest.approx(13 / 3, rel=1e-9), pytest.approx(4 / 9, rel=1e-9))
    assert_tight(trial, gap)


def test_a_listed_park_moves_the_mean_that_it_must_reach(units: Units) -> None:
    """Now the mean is (3 + 2 + 4 + 7)/4 = 4, but reaching 4 lifts it to 17/4.

    x ≥ (x + 13)/4 where 3x ≥ 13: again 13/3, and not the mean of today.
    """
    gap, trial = relative(3.0, ("p", "q", "r", "park"), units)
    assert trial.base["A"]["limit"] == 4.0
    assert trial.judged({"s.a": 4.0})["A"]["state"] == "not_met"
    assert (gap["target"], gap["method"]) == (pytest.approx(13 / 3, rel=1e-9), "bracketed")
    assert_tight(trial, gap)


def test_left_out_of_its_own_mean_a_listed_park_must_reach_that_of_the_others(units: Units) -> None:
    gap, trial = relative(3.0, ("p", "q", "r", "park"), units, with_own=False)
    assert (gap["target"], gap["method"]) == (pytest.approx(13 / 3, rel=1e-9), "limit")
    assert_tight(trial, gap)


def test_where_too_few_are_listed_nothing_is_asked_for(units: Units) -> None:
    gap, _ = relative(3.0, ("p",), units)
    assert (gap["status"], gap["target"]) == ("undefined", None)


# ---------------------------------------------------------------- own target against the base year
def self_set(value: float, units: Units, year: int = 2024, **other: Any) -> tuple[dict[str, Any], Trial]:
    """The park had 100 in 2020 and set itself 60 for ``year``; in 2024 it has ``value``."""
    rule = {"kind": "self_set", "better": "lower", "unit": "1", "base_year": 2020, "target_from": "own"} | other
    own = {
        "id": "own", "title": {"zh": "自设", "en": "own"}, "unit": "1", "by": "entity", "source": "S1",
        "values": [{"year": year, "key": "park", "value": 60, "source": "S1", "confidence": "high"}],
    }  # fmt: skip
    rows = [row("a", 100, year=2020), row("a", value)]
    return gap_of(rule, rows, units, references=[own], verdict=INDEX if rule["target_from"] else None)


def test_an_own_target_is_the_gap_and_progress_from_the_base_year_the_score(units: Units) -> None:
    """From 100 to 60: at 80 half of the way, 50 points; missing −20, −25 %, 50 points; one percent, 0.8 of 40, is 2."""
    gap, trial = self_set(80, units)
    assert trial.base["verdict"]["score"] == 50
    assert (gap["target"], gap["relative"], gap["method"]) == (60, -0.25, "limit")
    assert (gap["worth"], gap["worth_full"]) == (2, 50)
    assert_tight(trial, gap)


def test_a_target_that_is_not_due_yet_is_no_gap(units: Units) -> None:
    gap, _ = self_set(80, units, year=2030)
    assert (gap["status"], gap["target"]) == ("not_counted", None)


def test_without_a_target_the_gap_is_anything_better_than_the_base_year(units: Units) -> None:
    """110 after 100: below 100, that is the next number of ten digits."""
    gap, trial = self_set(110, units, target_from="")
    assert gap["target"] == pytest.approx(100, abs=1e-6) and gap["target"] < 100
    assert trial.judged({"s.a": 100.0})["A"]["state"] == "not_met"
    assert_tight(trial, gap)
