"""Growth, prices and intensities as statistics define them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from greenpark.engine.units import Units
from greenpark.measure.growth import Asked, grow, is_total
from greenpark.measure.growth.arithmetic import (
    comparable_growth,
    compound_rate,
    fall_over_years,
    growth_of,
    implied_growth,
    intensity_change,
    linked_levels,
)
from greenpark.measure.growth.findings import across_findings, growth_findings
from greenpark.measure.growth.prices import at_comparable_prices
from tests.measure.made_scheme import figure, indicator, scheme

RATES = st.floats(-0.5, 2.0)


@pytest.fixture(scope="session")
def oracle(shared: Any) -> Callable[[str], Any]:
    def read(name: str) -> Any:
        return yaml.safe_load((shared / "reference" / "oracles" / f"{name}.yaml").read_text(encoding="utf-8"))

    return read


def test_yearly_change_of_the_national_energy_intensity(oracle: Any) -> None:
    case = oracle("energy__nbs_intensity_levels_2005_2009")
    levels = case["inputs"]
    for year, change in case["expected"].items():
        found = growth_of(levels[year], levels[str(int(year) - 1)])
        assert found is not None
        assert 100 * found == pytest.approx(change, abs=0.09), year


def test_comparable_growth_of_provinces_follows_from_energy_and_intensity(oracle: Any) -> None:
    case = oracle("energy__province_2020_implied_gdp_growth")
    for one, expected in zip(case["inputs"], case["expected"], strict=True):
        found = implied_growth(one["energy_growth_pct"] / 100, one["energy_intensity_change_pct"] / 100)
        assert found is not None
        assert 100 * found == pytest.approx(expected["gdp_growth_comparable_pct"], abs=0.15), one["area"]


def test_a_five_year_fall_is_the_product_of_the_years_and_not_their_sum() -> None:
    assert fall_over_years([0.03] * 5) == pytest.approx(1 - 0.97**5)
    assert fall_over_years([0.1, -0.1]) == pytest.approx(0.01)


def test_growth_against_nothing_or_less_than_nothing_is_undefined() -> None:
    assert growth_of(1.0, 0.0) is None
    assert growth_of(1.0, -2.0) is None
    assert growth_of(None, 1.0) is None
    assert compound_rate(0.0, 1.0, 2) is None
    assert comparable_growth(1.0, 1.0, None) is None


@given(RATES, RATES)
def test_the_change_of_a_ratio_and_the_growth_below_it_are_each_others_inverse(above: float, below: float) -> None:
    change = intensity_change(above, below)
    assert change is not None
    assert implied_growth(above, change) == pytest.approx(below, abs=1e-9)


@given(st.floats(1.0, 1e6), st.lists(RATES, min_size=1, max_size=8))
def test_linked_levels_grow_as_their_rates_say(first: float, rates: list[float]) -> None:
    levels = linked_levels(first, rates)
    for before, after, rate in zip(levels[:-1], levels[1:], rates, strict=True):
        assert after / before - 1 == pytest.approx(rate, abs=1e-9)
    average = compound_rate(levels[0], levels[-1], len(rates))
    assert average is not None
    assert first * (1 + average) ** len(rates) == pytest.approx(levels[-1], rel=1e-9)


def _prices(packs: Any, known: dict[tuple[str, int], float], year: int) -> Any:
    def value(name: str, start: date) -> float | None:
        return known.get((name, start.year))

    quantity = packs.quantities["economy.industrial_value_added"]
    units = Units(packs.units.values())
    return at_comparable_prices(quantity, date(year, 1, 1), date(year - 1, 1, 1), value, packs.quantities, units)


def test_a_series_in_fixed_prices_is_linked_where_its_base_year_turns(packs: Any) -> None:
    """2021 is the first year in prices of 2020; 2020 itself is worth its current prices in them."""
    name = "economy.industrial_value_added"
    known = {(f"{name}_comparable", 2020): 90.0, (f"{name}_comparable", 2021): 108.0, (name, 2020): 100.0}
    found = _prices(packs, known, 2021)
    assert found.growth == pytest.approx(0.08)
    assert found.reason == "measure.growth_linked"
    del known[name, 2020]
    assert _prices(packs, known, 2021).growth is None


def test_a_reported_rate_goes_before_a_series_and_a_series_before_an_index(packs: Any) -> None:
    name = "economy.industrial_value_added"
    known = {(name, 2022): 100.0, (name, 2023): 110.0, (f"{name}_price_index", 2023): 102.0}
    assert _prices(packs, known, 2023).growth == pytest.approx(110 / 1.02 / 100 - 1)
    known |= {(f"{name}_comparable", 2022): 100.0, (f"{name}_comparable", 2023): 107.0}
    assert _prices(packs, known, 2023).growth == pytest.approx(0.07)
    known |= {(f"{name}_growth_comparable", 2023): 6.5}
    assert _prices(packs, known, 2023).growth == pytest.approx(0.065)


def _grown(packs: Any, *rows: dict[str, Any], used: dict[str, frozenset[str]] | None = None) -> list[dict[str, Any]]:
    asked = Asked(packs.quantities, Units(packs.units.values()), used or {})
    found: list[dict[str, Any]] = grow(rows, None, asked).to_pylist()
    return found


def test_intervals_of_equal_length_a_year_apart_are_compared(packs: Any) -> None:
    months = _grown(packs, figure("water.fresh", 5.0, "2023-02"), figure("water.fresh", 6.0, "2024-02"))
    assert [row["value"] for row in months] == [pytest.approx(0.2)]
    assert _grown(packs, figure("water.fresh", 5.0, "2023"), figure("water.fresh", 6.0, "2024-02")) == []


def test_yes_or_no_and_shares_do_not_grow(packs: Any) -> None:
    assert not is_total(packs.quantities["fact.green_plan"])
    assert not is_total(packs.quantities["air.good_rate"])
    assert is_total(packs.quantities["economy.employees"])


def test_fixed_prices_of_two_base_years_are_not_divided_silently(packs: Any) -> None:
    name = "economy.industrial_value_added_comparable"
    rows = _grown(packs, figure(name, 90.0, "2020", "万元"), figure(name, 108.0, "2021", "万元"))
    own = next(row for row in rows if row["kind"] == "as_reported")
    assert (own["status"], own["reason"]) == ("partial", "measure.growth_across_price_bases")
    schema = pa.Table.from_pylist(rows)
    assert [each.message for each in across_findings(schema)] == ["measure.price_bases_differ"]


def test_the_kind_that_a_scheme_states_is_the_one_used(packs: Any) -> None:
    name = "economy.output"
    rows = _grown(
        packs, figure(name, 1.0, "2022", "万元"), figure(name, 2.0, "2023", "万元"),
        used={name: frozenset({"comparable_prices"})},
    )  # fmt: skip
    assert {row["kind"]: row["used"] for row in rows} == {"as_reported": False, "comparable_prices": True}


def test_signs_that_differ_are_told_with_the_kind_that_is_used() -> None:
    base = {"entity": "p", "quantity": "q", "variant": "", "start": date(2023, 1, 1), "end": date(2024, 1, 1)}
    rows = [
        base | {"kind": "as_reported", "value": -0.01, "used": True},
        base | {"kind": "same_factors", "value": 0.05, "used": False},
        base | {"kind": "same_boundary", "value": None, "used": False},
    ]
    (found,) = growth_findings(pa.Table.from_pylist(rows))
    assert found.severity == "warning"
    assert found.values["used"] == "as_reported"
    assert found.values["kinds"] == "as_reported -1 %, same_factors 5 %"
    assert growth_findings(pa.Table.from_pylist(rows[1:])) == ()


def test_an_indicator_takes_the_year_before_in_the_kind_that_its_scheme_states(indicators: Any) -> None:
    rows = [
        figure("co2.total", 100.0, "2022", "tCO2", variant="view=location"),
        figure("co2.total", 104.0, "2022", "tCO2", variant="view=location#growth=same_boundary"),
        figure("co2.total", 106.6, "2023", "tCO2", variant="view=location"),
    ]
    own = indicator("own", "growth(co2.total)", "%", view="location")
    other = indicator("other", "growth(co2.total)", "%", view="location", growth="same_boundary")
    unknown = indicator("unknown", "growth(co2.total)", "%", view="location", growth="same_factors")
    found = {
        row["indicator"]: row for row in indicators(rows, scheme(own, other, unknown)) if row["start"].year == 2023
    }
    assert found["s.own"]["value"] == pytest.approx(6.6)
    assert found["s.other"]["value"] == pytest.approx(2.5)
    assert found["s.unknown"]["value"] is None
    assert found["s.unknown"]["missing"] == "co2.total@-1"
