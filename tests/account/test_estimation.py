"""Estimates worked out by hand: each method on a park small enough to count."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from greenpark.account.boundary import resolve_boundary
from greenpark.account.estimation import Estimates, estimate
from greenpark.catalog import Packs
from greenpark.engine.connect import Engine
from greenpark.model.job import Estimation
from tests.account.made_park import MadePark

INDUSTRY = {"u1": "26", "u2": "2614", "u3": "262", "u4": "26", "other": "31"}


def estimated(made: MadePark, engine: Engine, *years: int, **how: Any) -> Estimates:
    boundary = resolve_boundary(made.registered, made.packs.areas, (), made.park)
    return estimate(engine.from_arrow(made.observations), boundary, INDUSTRY, years, Estimation(**how), engine)


def amounts(found: Estimates) -> dict[tuple[str, str, date], float]:
    return {(row["entity"], row["carrier"], row["start"]): row["value"] for row in found.observations.to_pylist()}


@pytest.fixture
def made(packs: Packs) -> MadePark:
    return MadePark(packs).unit("u1")


def test_a_missing_month_takes_the_mean_of_the_others(made: MadePark, engine: Engine) -> None:
    made.months("u1", "electricity", "purchase", [10.0, 20.0, 30.0, *[20.0] * 8, None])
    found = estimated(made, engine, 2023, missing_months="mean_of_months")
    assert amounts(found) == {("u1", "electricity", date(2023, 12, 1)): 20.0}
    (row,) = found.observations.to_pylist()
    assert (row["status"], row["confidence"], row["end"], row["unit"]) == ("estimated", "low", date(2024, 1, 1), "MWh")
    assert [finding.message for finding in found.findings] == ["account.estimated_mean_of_months"]


def test_a_missing_month_follows_last_year_and_this_years_change(made: MadePark, engine: Engine) -> None:
    made.months("u1", "electricity", "purchase", [10.0] * 11 + [40.0], 2022)
    made.months("u1", "electricity", "purchase", [11.0] * 11 + [None], 2023)
    found = estimated(made, engine, 2023, missing_months="same_month_last_year")
    assert amounts(found)["u1", "electricity", date(2023, 12, 1)] == pytest.approx(44.0)


def test_without_last_year_the_mean_is_taken_and_said(made: MadePark, engine: Engine) -> None:
    made.months("u1", "electricity", "purchase", [10.0] * 11 + [None])
    found = estimated(made, engine, 2023, missing_months="same_month_last_year")
    assert [finding.message for finding in found.findings] == ["account.estimated_mean_of_months"]


def test_nothing_is_estimated_unless_the_job_says_how(made: MadePark, engine: Engine) -> None:
    made.unit("u2").months("u1", "electricity", "purchase", [10.0] * 11 + [None])
    found = estimated(made, engine, 2023)
    assert found.observations.num_rows == 0
    assert not found.findings


def test_a_zero_that_was_reported_is_not_filled(made: MadePark, engine: Engine) -> None:
    made.months("u1", "electricity", "purchase", [10.0] * 11 + [0.0])
    assert estimated(made, engine, 2023, missing_months="mean_of_months").observations.num_rows == 0


def test_what_is_declared_absent_is_not_estimated(made: MadePark, engine: Engine) -> None:
    made.energy("u1", "diesel", "use_other", 1.0, "2023-01")
    made.energy("u1", "diesel", "use_other", None, "2023", status="declared_absent", notation="included_elsewhere")
    assert estimated(made, engine, 2023, missing_months="mean_of_months").observations.num_rows == 0


def test_a_stock_is_a_state_and_is_not_estimated(made: MadePark, engine: Engine) -> None:
    made.energy("u1", "raw_coal", "stock_open", 7.0, "2023-01")
    assert estimated(made, engine, 2023, missing_months="mean_of_months").observations.num_rows == 0


def test_months_before_a_unit_came_are_not_estimated(packs: Packs, engine: Engine) -> None:
    made = MadePark(packs).unit("u1", since=date(2023, 11, 1))
    made.energy("u1", "electricity", "purchase", 5.0, "2023-11")
    found = estimated(made, engine, 2023, missing_months="mean_of_months")
    assert amounts(found) == {("u1", "electricity", date(2023, 12, 1)): 5.0}


def respondents(made: MadePark) -> MadePark:
    for unit, then, now in (("u1", 100.0, 110.0), ("u2", 200.0, 230.0), ("u3", 100.0, 100.0)):
        if unit != "u1":
            made.unit(unit)
        made.energy(unit, "electricity", "purchase", then, "2022").energy(unit, "electricity", "purchase", now, "2023")
    made.unit("u4").energy("u4", "electricity", "purchase", 50.0, "2022")
    return made.unit("other").energy("other", "electricity", "purchase", 9.0, "2022")


def test_a_silent_unit_follows_the_change_of_its_industry(made: MadePark, engine: Engine) -> None:
    found = estimated(respondents(made), engine, 2023, non_respondents="last_year_growth")
    assert amounts(found) == {("u4", "electricity", date(2023, 1, 1)): pytest.approx(50.0 * 440.0 / 400.0)}
    # The other unit is alone in its industry: nothing is invented for it, and that is said.
    assert [(each.message, each.entity) for each in found.findings] == [
        ("account.not_estimated", "other"),
        ("account.estimated_last_year_growth", "u4"),
    ]


def test_a_silent_unit_takes_the_intensity_of_its_industry(made: MadePark, engine: Engine) -> None:
    respondents(made)
    for unit, workers in (("u1", 10.0), ("u2", 20.0), ("u3", 14.0), ("u4", 5.0)):
        made.row(unit, "economy.employees", workers, "2023")
    found = estimated(made, engine, 2023, non_respondents="industry_intensity", by="economy.employees")
    assert amounts(found) == {("u4", "electricity", date(2023, 1, 1)): pytest.approx(440.0 / 44.0 * 5.0)}


def test_too_few_respondents_give_no_estimate(made: MadePark, engine: Engine) -> None:
    found = estimated(respondents(made), engine, 2023, non_respondents="last_year_growth", least_respondents=4)
    assert found.observations.num_rows == 0


def test_the_order_of_rows_does_not_matter(made: MadePark, engine: Engine) -> None:
    respondents(made)
    first = estimated(made, engine, 2023, non_respondents="last_year_growth")
    made.rows.reverse()
    again = estimated(made, engine, 2023, non_respondents="last_year_growth")
    assert again.observations.equals(first.observations)


def test_months_that_respondents_lack_are_no_fall_in_the_use_of_who_is_silent(made: MadePark, engine: Engine) -> None:
    """Each respondent uses 10 % more in every month; one has reported nine months only, the other two all twelve.

    By hand: 12 × 50 × 1.1 = 660. Over whole sums the change would be (132 + 132 + 99) ÷ 360 = 1.008.
    """
    for unit in ("u1", "u2", "u3"):
        made.unit(unit) if unit != "u1" else made
        made.months(unit, "electricity", "purchase", [10.0] * 12, 2022)
        made.months(unit, "electricity", "purchase", [11.0] * 9 + [None if unit == "u3" else 11.0] * 3, 2023)
    made.unit("u4").months("u4", "electricity", "purchase", [50.0] * 12, 2022)
    found = estimated(made, engine, 2023, non_respondents="last_year_growth")
    assert amounts(found)["u4", "electricity", date(2023, 1, 1)] == pytest.approx(660.0)


def test_months_that_the_silent_unit_lacked_last_year_do_not_halve_it(made: MadePark, engine: Engine) -> None:
    """Six months of 50 in 2022 stand for a year of 600; the industry is unchanged."""
    for unit in ("u1", "u2", "u3"):
        made.unit(unit) if unit != "u1" else made
        for year in (2022, 2023):
            made.months(unit, "electricity", "purchase", [10.0] * 12, year)
    made.unit("u4").months("u4", "electricity", "purchase", [50.0] * 6 + [None] * 6, 2022)
    found = estimated(made, engine, 2023, non_respondents="last_year_growth")
    assert amounts(found)["u4", "electricity", date(2023, 1, 1)] == pytest.approx(600.0)


def test_an_intensity_rests_on_whole_years(made: MadePark, engine: Engine) -> None:
    """Three units of 10 a month and size 100 each, one with nine months: (120 + 120 + 120) ÷ 300 × 50 = 60."""
    for unit, months in (("u1", 12), ("u2", 12), ("u3", 9), ("u4", 0)):
        made.unit(unit) if unit != "u1" else made
        made.months(unit, "electricity", "purchase", [10.0] * months + [None] * (12 - months), 2023)
        made.row(unit, "economy.industrial_value_added", 50.0 if unit == "u4" else 100.0, "2023")
    how = {"non_respondents": "industry_intensity", "by": "economy.industrial_value_added"}
    found = estimated(made, engine, 2023, **how)
    assert amounts(found)["u4", "electricity", date(2023, 1, 1)] == pytest.approx(60.0)


def test_a_unit_of_no_known_industry_is_like_no_other(made: MadePark, engine: Engine) -> None:
    for unit in ("x1", "x2", "x3"):
        made.unit(unit)
        for year in (2022, 2023):
            made.months(unit, "electricity", "purchase", [10.0] * 12, year)
    made.unit("x4").months("x4", "electricity", "purchase", [50.0] * 12, 2022)
    found = estimated(made, engine, 2023, non_respondents="last_year_growth")
    assert "x4" not in {row["entity"] for row in found.observations.to_pylist()}
    assert "x4" in {each.entity for each in found.findings if each.rule == "not_estimated"}
