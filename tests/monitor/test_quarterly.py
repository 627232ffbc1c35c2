"""The quarterly sheet: cumulative values, plan lines, pace and lights."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from greenpark.account.quarters import SCHEMA
from greenpark.catalog import load_packs
from greenpark.engine.units import Units
from greenpark.model.steering import PlanLine
from greenpark.model.time import Period, add_months
from greenpark.monitor.quarterly import quarterly_findings, quarterly_sheet

PACKS = load_packs(kinds=("units", "steering"))
UNITS = Units(PACKS.units.values())
RULE = PACKS.lights["deviation_from_plan"]
LAST, NOW = [100.0, 80.0, 70.0, 150.0], [102.0, 84.0, 77.0]


def months_of(period: Period) -> str:
    return "+".join(str(Period.month(*divmod_month(period.start, number))) for number in range(3))


def divmod_month(start: date, number: int) -> tuple[int, int]:
    day = add_months(start, number)
    return day.year, day.month


def totals(
    values: dict[int, list[float | None]], quantity: str = "co2.total", unit: str = "tCO2", **more
) -> list[dict]:
    rows = []
    for year, quarters in values.items():
        for number, value in enumerate(quarters, start=1):
            period = Period.parse(f"{year}-Q{number}")
            row = {"entity": "park", "quantity": quantity, "variant": "view=location", "unit": unit, "value": value}
            row |= {"start": period.start, "end": period.end, "months": months_of(period), "unmatched": 0, "rank": 2}
            rows.append(row | more)
    return [row for row in rows if row["value"] is not None]


def sheet(rows: list[dict], *plan: PlanLine):
    return quarterly_sheet(pa.Table.from_pylist(rows, schema=SCHEMA), plan, RULE, UNITS)


def line(**more) -> PlanLine:
    given = {"quantity": "co2.total", "entity": "park", "year": 2025, "goal": 380.0, "unit": "tCO2", "source": "plan"}
    return PlanLine(**{**given, **more})


def at(found, period: str, **more):
    end = Period.parse(period).end
    rows = [row for row in found.to_pylist() if row["end"] == end and more.items() <= row.items()]
    assert len(rows) == 1, found.to_pylist()
    return rows[0]


def test_the_year_so_far_stands_beside_the_same_quarters_of_last_year():
    row = at(sheet(totals({2024: LAST, 2025: NOW})), "2025-Q3")
    assert (row["start"], row["value"], row["last_value"]) == (date(2025, 1, 1), 263.0, 250.0)
    assert row["growth"] == pytest.approx(263 / 250 - 1)
    assert row["light"] == "none"


def test_the_goal_is_divided_as_last_year_was():
    row = at(sheet(totals({2024: LAST, 2025: NOW}), line()), "2025-Q3")
    assert row["split"] == "last_year"
    assert row["plan"] == pytest.approx(380 * 250 / 400)
    assert row["rest"] == pytest.approx(380 - 263)
    assert row["pace_needed"] == pytest.approx((380 - 263) / 150 - 1)


def test_without_a_whole_last_year_the_goal_is_divided_evenly_and_says_so():
    row = at(sheet(totals({2025: NOW}), line()), "2025-Q3")
    assert (row["split"], row["plan"]) == ("even", pytest.approx(285))
    assert row["last_value"] is None
    assert row["growth"] is None


@pytest.mark.parametrize(
    ("goal", "operator", "light"),
    [
        (421.0, "<=", "green"),
        (405.0, "<=", "amber"),
        (380.0, "<=", "red"),
        (380.0, ">=", "green"),
        (500.0, ">=", "red"),
    ],
)
def test_the_light_follows_the_rule(goal, operator, light):
    row = at(sheet(totals({2024: LAST, 2025: NOW}), line(goal=goal, operator=operator)), "2025-Q3")
    assert (row["light"], row["rule"]) == (light, "deviation_from_plan")


def test_a_missing_quarter_is_named_and_puts_the_light_out():
    found = sheet(totals({2024: LAST, 2025: [102.0, None, 77.0]}), line())
    row = at(found, "2025-Q3")
    assert row["missing"] == "2025-04+2025-05+2025-06"
    assert (row["status"], row["light"], row["growth"], row["rest"]) == ("partial", "none", None, None)
    assert [each.message for each in quarterly_findings(found)] == ["monitor.quarter_no_light"]


def test_what_is_reported_for_the_whole_year_only_is_left_out_of_the_plan_line():
    year = {"start": date(2024, 1, 1), "end": date(2025, 1, 1), "value": 100.0, "months": "", "unmatched": 0, "rank": 2}
    apart = {"entity": "park", "quantity": "co2.total", "variant": "view=location", "unit": "tCO2"} | year
    row = at(sheet([*totals({2024: LAST, 2025: NOW}), apart], line(goal=500.0)), "2025-Q3")
    assert row["yearly_share"] == pytest.approx(0.2)
    assert row["plan"] == pytest.approx(500 * 0.8 * 250 / 400)
    assert row["status"] == "partial"
    assert (row["light"], row["miss"]) == ("red", pytest.approx(263 / 250 - 1))


def test_a_ratio_is_that_of_the_cumulated_quantities():
    rows = totals({2025: [40.0, 50.0]}, "energy.total", "tce", variant="basis=calorific")
    rows += totals({2025: [100.0, 200.0]}, "economy.industrial_value_added", "万元", variant="")
    ratio = line(
        quantity="energy.total",
        over="economy.industrial_value_added",
        goal=0.31,
        unit="tce/万元",
        variant="basis=calorific",
    )
    row = at(sheet(rows, ratio), "2025-Q2", over="economy.industrial_value_added")
    assert row["value"] == pytest.approx(90 / 300)
    assert (row["light"], row["split"]) == ("green", "whole")


def test_units_of_the_plan_are_converted():
    row = at(sheet(totals({2024: LAST, 2025: NOW}), line(goal=0.0421, unit="万tCO2")), "2025-Q3")
    assert row["value"] == pytest.approx(0.0263)
    assert row["light"] == "green"


def test_red_and_amber_are_findings():
    found = sheet(totals({2024: LAST, 2025: NOW}), line())
    assert [(each.severity, each.message) for each in quarterly_findings(found)] == [("warning", "monitor.quarter_red")]


def test_a_fall_to_nothing_is_a_fall_by_all():
    row = at(sheet(totals({2024: [100.0], 2025: [0.0]})), "2025-Q1")
    assert (row["value"], row["growth"]) == (0.0, -1.0)
