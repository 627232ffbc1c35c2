"""Quantities that are reported: how they add up over time and over units."""

import pytest

from greenpark.account.parts import compare_parts
from tests.account.made_park import definitions, run


@pytest.fixture
def plain(packs):
    return definitions(packs)


def test_sums_add_over_months_and_units(engine, plain, made):
    made.unit("A").unit("B").row("B", "water.fresh", 7.0)
    for month in range(1, 13):
        made.row("A", "water.fresh", 1.5, f"2023-{month:02d}")
    result = run(made, plain, engine)
    assert (result.value("water.fresh", "A"), result.value("water.fresh")) == (18, 25)
    assert result.figure("water.fresh")["rows"] == 13


def test_a_state_at_a_day_takes_the_newest_of_the_year(engine, plain, made):
    made.unit("A").unit("B").row("A", "economy.employees", 90.0, "2023-Q2").row(
        "A", "economy.employees", 100.0, "2023-Q4"
    )
    made.row("B", "economy.employees", 11.0).row("A", "economy.employees", 80.0, "2023-Q1")
    result = run(made, plain, engine)
    assert (result.value("economy.employees", "A"), result.value("economy.employees")) == (100, 111)


def test_what_does_not_add_up_over_units_has_no_sum(engine, plain, made):
    made.unit("A").row("A", "land.industrial", 3.0).row("park", "land.industrial", 12.0)
    result = run(made, plain, engine)
    assert (result.value("land.industrial", "A"), result.value("land.industrial")) == (3, 12)
    alone = type(made)(made.packs).unit("A").row("A", "land.industrial", 3.0)
    assert not run(alone, plain, engine).has("land.industrial", "park")


def test_a_level_with_a_figure_of_its_own_keeps_it(engine, plain, made):
    made.unit("A").row("A", "economy.output", 10.0).row("park", "economy.output", 50.0)
    assert run(made, plain, engine).value("economy.output") == 50


def test_a_unit_below_a_level_with_a_figure_of_its_own_does_not_reach_the_levels_above_twice(engine, plain, made):
    """Unit A reports 10 inside the 50 of its sub-park, and unit B 7 beside it: the park has 57 of these, not 67."""
    made.unit("S", kind="sub_park", parent="park").unit("A", parent="S").unit("B", parent="park")
    made.row("A", "economy.output", 10.0).row("S", "economy.output", 50.0).row("B", "economy.output", 7.0)
    made.row("A", "economy.revenue", 3.0).row("A", "economy.output", 11.0, "2022")
    result = run(made, plain, engine)
    assert [result.value("economy.output", name) for name in ("A", "S", "park")] == [10, 50, 57]
    assert result.value("economy.output", period="2022") == 11  # the sub-park reports another year only
    assert result.value("economy.revenue") == result.value("economy.revenue", "S") == 3


def test_a_total_that_its_parts_do_not_add_up_to_is_shown_and_kept(engine, plain, made):
    made.unit("A").unit("B").row("park", "economy.output", 50.0).row("A", "economy.output", 30.0)
    made.row("B", "economy.output", 21.0).row("park", "economy.revenue", 10.0).row("A", "economy.revenue", 9.0)
    made.row("park", "economy.taxes", 8.0).row("A", "economy.taxes", 8.004)
    result = run(made, plain, engine)
    found = compare_parts(
        result.accounts.observations, result.accounts.boundary, plain.quantities, {"reported.parts": 0.001}, engine
    )
    told = {
        each.subject: (each.severity, each.values["whole"], each.values["parts"], each.values["count"])
        for each in found
    }
    assert told == {"economy.output": ("warning", 50.0, 51.0, 2), "economy.revenue": ("note", 10.0, 9.0, 1)}
    assert result.value("economy.output") == 50


def test_what_does_not_add_up_over_time_keeps_its_own_period(engine, plain, made):
    made.row("park", "air.good_rate", 80.0, "2023-Q1").row("park", "air.good_rate", 85.0)
    result = run(made, plain, engine)
    assert result.value("air.good_rate", period="2023-Q1") == 80
    assert result.value("air.good_rate") == 85


@pytest.mark.parametrize(("second", "value"), [(80.0, 80.0), (81.0, None)])
def test_two_statements_of_one_rate_agree_or_have_no_value(engine, plain, made, second, value):
    made.row("park", "air.good_rate", 80.0).row("park", "air.good_rate", second)
    found = run(made, plain, engine).figure("air.good_rate")
    assert (found["value"], found["status"]) == (value, "ok" if value else "not_evaluable")


def test_figures_without_period_do_not_mix_with_those_of_units(engine, plain, made):
    made.unit("A").row("A", "economy.output", 10.0, None).row("park", "economy.output", 50.0, None)
    rows = [row for row in run(made, plain, engine).figures if row["entity"] == "park"]
    assert [(row["value"], row["start"]) for row in rows] == [(50.0, None)]


def test_doubtful_figures_count_in_nothing(engine, plain, made):
    made.unit("A").row("A", "economy.output", 10.0, status="doubtful").row(
        "A", "economy.output", None, status="declared_absent"
    )
    assert run(made, plain, engine).figures == []


def test_items_stay_apart(engine, plain, made):
    made.unit("A").made("A", "cement_clinker", 5.0).made("A", "lime", 2.0)
    result = run(made, plain, engine)
    assert result.value("output.product", item="cement_clinker") == 5
    assert result.value("output.product", item="lime") == 2


def test_coverage_and_confidence_are_those_of_the_inputs(engine, plain, made):
    made.unit("A").unit("B").row("A", "economy.output", 10.0, coverage="above_scale", confidence="low")
    made.row("B", "economy.output", 10.0, coverage="in_statistics", status="estimated")
    found = run(made, plain, engine).figure("economy.output")
    assert (found["coverage"], found["confidence"], found["estimated_share"]) == (
        "above_scale+in_statistics",
        "low",
        0.5,
    )
