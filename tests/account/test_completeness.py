"""What is complete and what is not, counted by hand on a small park."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from greenpark.account.boundary import resolve_boundary
from greenpark.account.completeness import count_months
from greenpark.catalog import Packs
from greenpark.engine.connect import Engine
from tests.account.made_park import MadePark


def counted(made: MadePark, engine: Engine, *years: int) -> dict[tuple[str, str, int], dict[str, Any]]:
    boundary = resolve_boundary(made.registered, made.packs.areas, (), made.park)
    rows = count_months(engine.from_arrow(made.observations), boundary, years, engine).to_pylist()
    return {(row["entity"], row["carrier"], row["start"].year): row for row in rows}


def months(row: dict[str, Any]) -> tuple[int, int, int, int, int]:
    return row["expected"], row["present"], row["estimated"], row["absent"], row["missing"]


@pytest.fixture
def made(packs: Packs) -> MadePark:
    return MadePark(packs).unit("u1").unit("u2", since=date(2023, 4, 10), until=date(2023, 10, 1))


def test_months_that_nobody_reported_are_counted_as_missing(made: MadePark, engine: Engine) -> None:
    made.months("u1", "electricity", "purchase", [1.0] * 9 + [None] * 3)
    row = counted(made, engine, 2023)["u1", "electricity", 2023]
    assert months(row) == (12, 9, 0, 0, 3)
    assert row["last_day"] == date(2023, 9, 30)
    assert row["months"] == "rrrrrrrrrmmm"


def test_one_bill_of_a_year_fills_the_year(made: MadePark, engine: Engine) -> None:
    made.energy("u1", "natural_gas", "use_industrial", 5.0, "2023")
    row = counted(made, engine, 2023)["u1", "natural_gas", 2023]
    assert months(row) == (12, 12, 0, 0, 0)
    assert row["last_day"] == date(2023, 12, 31)


def test_two_flows_of_a_carrier_fill_its_months_together(made: MadePark, engine: Engine) -> None:
    made.energy("u1", "diesel", "purchase", 1.0, "2023-Q1").energy("u1", "diesel", "use_other", 1.0, "2023-04/2023-12")
    assert months(counted(made, engine, 2023)["u1", "diesel", 2023]) == (12, 12, 0, 0, 0)


def test_an_estimate_fills_a_month_only_where_nothing_is_reported(made: MadePark, engine: Engine) -> None:
    made.months("u1", "electricity", "purchase", [1.0] * 10 + [None] * 2)
    made.energy("u1", "electricity", "purchase", 1.0, "2023-10", status="estimated")
    made.energy("u1", "electricity", "purchase", 1.0, "2023-11", status="estimated")
    row = counted(made, engine, 2023)["u1", "electricity", 2023]
    assert months(row) == (12, 10, 1, 0, 1)
    assert row["months"] == "rrrrrrrrrrem"


def test_what_is_declared_absent_is_neither_there_nor_missing(made: MadePark, engine: Engine) -> None:
    made.energy("u1", "diesel", "use_other", None, "2023", status="declared_absent", notation="not_used")
    row = counted(made, engine, 2023)["u1", "diesel", 2023]
    assert months(row) == (12, 0, 0, 12, 0)
    assert row["notation"] == "not_used"


def test_months_with_numbers_and_months_declared_absent_stand_in_one_series(made: MadePark, engine: Engine) -> None:
    made.months("u1", "diesel", "use_other", [1.0] * 8 + [None] * 4)
    for month in (9, 10, 11):
        made.energy(
            "u1", "diesel", "use_other", None, f"2023-{month:02d}", status="declared_absent", notation="not_used"
        )
    row = counted(made, engine, 2023)["u1", "diesel", 2023]
    assert months(row) == (12, 8, 0, 3, 1)
    assert (row["months"], row["notation"]) == ("rrrrrrrraaam", "not_used")


def test_a_doubtful_value_fills_nothing(made: MadePark, engine: Engine) -> None:
    made.energy("u1", "diesel", "use_other", 2.0, "2023-01", status="doubtful")
    made.energy("u1", "diesel", "use_other", 2.0, "2023-02")
    assert months(counted(made, engine, 2023)["u1", "diesel", 2023]) == (12, 1, 0, 0, 11)


def test_months_are_due_only_while_the_unit_belongs_to_the_park(made: MadePark, engine: Engine) -> None:
    made.energy("u2", "electricity", "purchase", 1.0, "2023-Q2")
    row = counted(made, engine, 2023)["u2", "electricity", 2023]
    assert months(row) == (6, 3, 0, 0, 3)
    assert row["months"] == "---rrrmmm---"


def test_a_unit_that_reports_no_energy_did_not_respond(made: MadePark, engine: Engine) -> None:
    made.energy("u1", "electricity", "purchase", 1.0, "2023")
    row = counted(made, engine, 2023)["u2", "", 2023]
    assert months(row) == (6, 0, 0, 0, 6)
    assert row["last_day"] is None


def test_a_carrier_of_last_year_is_due_this_year_too(made: MadePark, engine: Engine) -> None:
    made.energy("u1", "electricity", "purchase", 1.0, "2023").energy("u1", "electricity", "purchase", 1.0, "2024")
    made.energy("u1", "lng", "use_industrial", 1.0, "2023")
    rows = counted(made, engine)
    assert months(rows["u1", "lng", 2024]) == (12, 0, 0, 0, 12)
    assert ("u2", "", 2024) not in rows  # it left the park in 2023


def test_december_and_odd_days_touch_their_months(made: MadePark, engine: Engine) -> None:
    made.energy("u1", "diesel", "use_other", 1.0, "2023-12")
    made.row("u1", "energy.amount", 1.0, None, carrier="lng", flow="use_industrial", unit="t")
    made.rows[-1] |= {"start": date(2023, 1, 20), "end": date(2023, 3, 2)}
    rows = counted(made, engine, 2023)
    assert months(rows["u1", "diesel", 2023]) == (12, 1, 0, 0, 11)
    assert months(rows["u1", "lng", 2023]) == (12, 3, 0, 0, 9)
