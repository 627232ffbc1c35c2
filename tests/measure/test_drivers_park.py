"""The drivers of a park's CO2 from made inventories: terms by hand, and what holds for any numbers."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpark.measure.drivers import Asked, Unit, drivers_of_total, is_nominal
from greenpark.measure.drivers.inventory import Inventory, inventory_of
from greenpark.measure.drivers.park import drive
from greenpark.model.driving import DRIVERS

Line = tuple[str, str, str, int, float, float, float]
UNITS = {
    "a": Unit("a", "26", "enterprise"), "b": Unit("b", "26", "enterprise"), "c": Unit("c", "39", "enterprise"),
    "plant": Unit("plant", "44", "utility"), "town": Unit("town", "", "public"),
}  # fmt: skip


def inventory(lines: list[Line], value: dict[str, tuple[float, float]], turns: tuple[int, ...] = ()) -> Inventory:
    """Lines: unit, category, carrier, year, t, amount, tce; value added of 2020 and 2021 at comparable prices."""
    names = ["entity", "category", "carrier", "year", "t", "amount", "tce"]
    cells = pd.DataFrame(lines, columns=names)
    rows = [
        (unit, "comparable", year, each)
        for unit, pair in value.items()
        for year, each in zip((2020, 2021), pair, strict=True)
    ]
    values = pd.DataFrame(rows, columns=["entity", "quantity", "year", "value"])
    return inventory_of(cells, values, UNITS, (2020, 2021), turns)


def effects(found: Inventory) -> dict[str, float]:
    return dict(zip(DRIVERS, drive(found, 0, False).effects.sum(axis=0), strict=True))


def mean(a: float, b: float) -> float:
    return a if a == b else (a - b) / log(a / b)


def power(unit: str, amounts: tuple[float, float], factors: tuple[float, float], way: str = "power_in") -> list[Line]:
    sign = -1.0 if way == "power_out" else 1.0
    return [
        (unit, way, "electricity", year, sign * amount * factor, sign * amount, sign * amount * 0.1229)
        for year, amount, factor in zip((2020, 2021), amounts, factors, strict=True)
    ]


def test_the_grid_factor_is_one_number_for_firms_town_and_exports() -> None:
    """100 → 110 MWh of firm a, 10 → 10 of the town, 30 → 30 sold outside by the plant; factor 0.6 → 0.5."""
    factors = (0.6, 0.5)
    lines = (
        power("a", (100, 110), factors)
        + power("town", (10, 10), factors)
        + power("plant", (30, 30), factors, "power_out")
    )
    lines += [("plant", "combustion", "coal", year, 50.0, 20.0, 15.0) for year in (2020, 2021)]
    found = effects(inventory(lines, {"a": (10.0, 11.0)}))
    weight = mean(55, 60)
    grid = weight * log(5 / 6) + (5 - 6) - (15 - 18)
    assert found["grid_factor"] == pytest.approx(grid)
    assert found["net_export"] == pytest.approx(0.0)  # the amount did not change
    assert found["non_industrial"] == pytest.approx(0.0)
    assert found["scale"] == pytest.approx(weight * log(1.1))
    assert found["intensity"] == pytest.approx(0.0)
    assert sum(found.values()) == pytest.approx((55 + 5 - 15) - (60 + 6 - 18))


def test_what_a_plant_delivers_inside_is_its_users_and_the_plant_keeps_its_loss() -> None:
    """Fuel 100 → 120 t CO2; power inside 80 → 100 MWh at 1 t/MWh bought by firm a; 10 MWh leave the park in both years."""
    ones = (1.0, 1.0)
    lines = power("a", (80, 100), ones) + power("plant", (90, 110), ones, "power_out")
    lines += [
        ("plant", "combustion", "coal", year, co2, co2 / 2, co2 / 3) for year, co2 in ((2020, 100.0), (2021, 120.0))
    ]
    lines += [
        ("plant", "power_internal", "electricity", year, moved, moved, moved * 0.1229)
        for year, moved in ((2020, 80.0), (2021, 100.0))
    ]
    found = effects(inventory(lines, {"a": (8.0, 10.0)}))
    assert found["conversion"] == pytest.approx(20 - 20)  # fuel +20, deliveries +20
    assert found["net_export"] == pytest.approx(0)
    assert found["scale"] == pytest.approx(mean(100, 80) * log(10 / 8))
    assert sum(found.values()) == pytest.approx((100 - 110 + 120) - (80 - 90 + 100))


def test_a_process_is_split_into_output_and_factor() -> None:
    lines: list[Line] = [
        ("a", "process", "lime", 2020, 70.0, 100.0, 0.0),
        ("a", "process", "lime", 2021, 78.0, 120.0, 0.0),
    ]
    lines += power("a", (1, 1), (0.5, 0.5))
    found = effects(inventory(lines, {"a": (1.0, 1.0)}))
    weight = mean(78, 70)
    assert found["process_output"] == pytest.approx(weight * log(1.2))
    assert found["process_factor"] == pytest.approx(weight * log(0.65 / 0.7))


def test_firms_that_come_or_go_and_firms_that_lose_money_stand_apart() -> None:
    factors = (0.5, 0.5)
    lines = power("a", (10, 20), factors) + power("b", (10, 30), factors)[1:] + power("c", (40, 10), factors)[:1]
    found = effects(inventory(lines, {"a": (5.0, -1.0), "b": (1.0, 1.0)}))
    assert found["no_value_added"] == pytest.approx(5)
    assert found["entering"] == pytest.approx(15)
    assert found["leaving"] == pytest.approx(-20)
    assert found["scale"] == 0


def test_structure_of_industries_and_inside_them_are_told_apart() -> None:
    """Only shares move: inside industry 26 first, then between 26 and 39; intensities 1, 3 and 0.2 t/MWh stay."""
    factors = (1.0, 1.0)
    inside = power("a", (50, 30), factors) + power("b", (150, 210), factors) + power("c", (20, 20), factors)
    found = effects(inventory(inside, {"a": (50, 30), "b": (50, 70), "c": (100, 100)}))
    assert found["structure"] == pytest.approx(0, abs=1e-9)
    assert found["structure_inside"] == pytest.approx(260 - 220)
    between = power("a", (50, 25), factors) + power("b", (150, 75), factors) + power("c", (20, 30), factors)
    found = effects(inventory(between, {"a": (50, 25), "b": (50, 25), "c": (100, 150)}))
    assert found["structure_inside"] == pytest.approx(0, abs=1e-9)
    assert found["structure"] == pytest.approx(130 - 220)


def test_own_solar_power_is_a_change_of_the_mix() -> None:
    factors = (0.5, 0.5)
    lines = [*power("a", (100, 60), factors), ("a", "own_renewable", "solar", 2021, 0.0, 0.0, 40 * 0.1229)]
    found = effects(inventory(lines, {"a": (10.0, 10.0)}))
    assert found["mix"] == pytest.approx(-20)
    assert found["intensity"] == pytest.approx(0, abs=1e-9)


def test_co2_without_known_energy_is_not_split() -> None:
    lines: list[Line] = [
        ("a", "combustion", "odd", 2020, 10.0, 5.0, 0.0),
        ("a", "combustion", "odd", 2021, 14.0, 7.0, 0.0),
    ]
    found = effects(inventory([*lines, *power("a", (1, 1), (0.5, 0.5))], {"a": (1.0, 1.0)}))
    assert found["undivided"] == pytest.approx(4)
    assert sum(found.values()) == pytest.approx(4)


def test_a_year_in_new_fixed_prices_is_linked_at_current_prices() -> None:
    cells = power("a", (10, 10), (0.5, 0.5))
    frame = pd.DataFrame(cells, columns=["entity", "category", "carrier", "year", "t", "amount", "tce"])
    rows = [("a", "comparable", 2020, 80.0), ("a", "comparable", 2021, 110.0), ("a", "current", 2020, 100.0)]
    values = pd.DataFrame(rows, columns=["entity", "quantity", "year", "value"])
    found = inventory_of(frame, values, UNITS, (2020, 2021), (2020,))
    assert drive(found, 0, False).effects[0, 0] == pytest.approx(5 * log(1.1))
    assert not is_nominal(found, 0)


AMOUNT = st.floats(0.0, 50.0).map(lambda value: round(value, 3))


@st.composite
def parks(draw: Any) -> tuple[list[Line], dict[str, tuple[float, float]]]:
    lines: list[Line] = []
    for unit in UNITS:
        for category, carrier in (
            ("combustion", "coal"),
            ("power_in", "electricity"),
            ("process", "lime"),
            ("biogenic", "wood"),
        ):
            for year in (2020, 2021):
                amount, factor = draw(AMOUNT), draw(st.floats(0.1, 3.0))
                co2 = 0.0 if category == "biogenic" else amount * factor
                lines.append(
                    (unit, category, carrier, year, co2, amount, 0.0 if category == "process" else amount * 0.3)
                )
    for year in (2020, 2021):
        sold = draw(AMOUNT)
        inside = sold * draw(st.floats(0, 1))
        lines.append(("plant", "power_out", "electricity", year, -0.6 * sold, -sold, -0.1 * sold))
        lines.append(("plant", "power_internal", "electricity", year, 0.6 * inside, inside, 0.1 * inside))
    value = {unit: (draw(st.floats(-5, 100)), draw(st.floats(0.1, 100))) for unit in ("a", "b", "c")}
    return lines, value


@settings(max_examples=25, deadline=None)
@given(parks())
def test_terms_close_and_turning_the_years_turns_the_signs(park: Any) -> None:
    lines, value = park
    forward = inventory(lines, value)
    found = drive(forward, 0, False)
    assert found.effects.sum() == pytest.approx(found.end - found.base, abs=1e-6)
    assert np.isfinite(found.effects).all()
    other = {2020: 2021, 2021: 2020}
    turned = inventory(
        [(*line[:3], other[line[3]], *line[4:]) for line in lines], {unit: pair[::-1] for unit, pair in value.items()}
    )
    back = dict(zip(DRIVERS, drive(turned, 0, False).effects.sum(axis=0), strict=True))
    ahead = dict(zip(DRIVERS, found.effects.sum(axis=0), strict=True))
    for name in set(DRIVERS) - {"entering", "leaving"}:
        assert -back[name] == pytest.approx(ahead[name], abs=1e-6), name
    assert -back["leaving"] == pytest.approx(ahead["entering"], abs=1e-6)


def test_what_no_row_explains_is_other_and_the_lines_close_to_the_reported_total() -> None:
    lines = power("a", (100, 110), (0.6, 0.5))
    cells = pd.DataFrame(lines, columns=["entity", "category", "carrier", "year", "t", "amount", "tce"])
    values = pd.DataFrame(
        [("a", "comparable", 2020, 10.0), ("a", "comparable", 2021, 11.0)],
        columns=["entity", "quantity", "year", "value"],
    )
    totals = {
        year: {"value": value, "status": "ok", "confidence": "high"} for year, value in ((2020, 62.0), (2021, 60.0))
    }
    rows = drivers_of_total(Asked("park", "view=location", totals, True), cells, values, UNITS, ())
    total = {row["driver"]: row["value"] for row in rows if row["level"] == "total"}
    assert total["other"] == pytest.approx(-2 - (55 - 60))
    assert total.pop("change") == pytest.approx(-2)
    assert sum(total.values()) == pytest.approx(-2)
