"""What the rules of the built-in pack say about small made-up series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.engine.units import Units
from greenpark.model.checks import RatioRule, Term
from greenpark.model.findings import Finding
from greenpark.model.tables import ENTITIES, OBSERVATIONS
from greenpark.model.text import Text
from greenpark.model.time import add_months
from greenpark.validate import CheckDefinitions, validate
from greenpark.validate.grids import median, median_of_others
from greenpark.validate.repeats import significant_digits

Row = dict[str, Any]
STEADY = (101.23, 99.41, 103.57, 98.19, 100.36, 102.84, 97.93, 101.77, 99.02, 100.58, 102.11, 98.67)


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs()


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    opened = Engine(threads=1)
    yield opened
    opened.close()


def months(
    values: Sequence[float | None], carrier: str = "raw_coal", flow: str = "purchase", entity: str = "A",
    year: int = 2024, unit: str = "t", reported: str = "", quantity: str = "energy.amount",
) -> list[Row]:  # fmt: skip
    first = date(year, 1, 1)
    return [
        row(value, carrier, flow, entity, add_months(first, place), 1, unit, reported, quantity)
        for place, value in enumerate(values)
        if value is not None
    ]


def row(
    value: float | None, carrier: str = "", flow: str = "", entity: str = "A", start: date = date(2024, 1, 1),
    length: int = 12, unit: str = "t", reported: str = "", quantity: str = "energy.amount", notation: str = "",
) -> Row:  # fmt: skip
    return {
        "entity": entity, "quantity": quantity, "carrier": carrier or None, "flow": flow or None, "start": start,
        "end": add_months(start, length), "value": value, "unit": unit, "reported_value": str(value),
        "reported_unit": reported or unit, "coverage": "unstated", "confidence": "high",
        "status": "declared_absent" if notation else "reported", "notation": notation or None,
    }  # fmt: skip


def table(rows: Sequence[Row], batch: str = "now") -> pa.Table:
    numbered = [
        {**each, "batch": batch, "line": line, "file": f"{batch}.xlsx", "sheet": "能源", "cell": f"F{line}"}
        for line, each in enumerate(rows, start=1)
    ]
    return pa.Table.from_pylist(numbered, schema=arrow_schema(OBSERVATIONS))


def checked(
    rows: Sequence[Row], packs: Packs, engine: Engine, history: Sequence[Row] = (),
    entities: Sequence[Mapping[str, Any]] = (), block: int = 100_000,
) -> list[Finding]:  # fmt: skip
    known = engine.from_arrow(table(history, "before")) if history else None
    units = pa.Table.from_pylist([{"batch": "now", **each} for each in entities], schema=arrow_schema(ENTITIES))
    definitions = CheckDefinitions(packs.carriers, packs.factor_sets, Units(packs.units.values()))
    rules = packs.checks["park_statistics"].rules
    return list(validate(engine.from_arrow(table(rows)), units, rules, definitions, engine, known, block=block))


def rules_of(found: Sequence[Finding]) -> list[str]:
    return sorted({each.rule for each in found})


def spoilt(place: int, factor: float, values: Sequence[float] = STEADY) -> list[float]:
    return [value * (factor if number == place else 1) for number, value in enumerate(values)]


def test_a_steady_series_is_left_in_peace(packs: Packs, engine: Engine) -> None:
    assert checked(months(STEADY), packs, engine) == []


def test_a_month_in_kilograms_is_told_with_the_unit_and_the_value_that_were_meant(packs: Packs, engine: Engine) -> None:
    (found,) = checked(months(spoilt(4, 1000)), packs, engine)
    assert (found.rule, found.message, found.place.cell) == ("month_on_month", "validate.slip_unit", "F5")
    assert found.values["likely_unit"] == "kg"
    assert found.values["proposal"] == pytest.approx(100.36)
    assert found.severity == "warning"


@pytest.mark.parametrize(
    ("carrier", "unit", "plausible", "slipped", "rule"),
    [
        # Value added of 9,000 万元. 3,500 MWh, and 3,500,000 kWh typed as 万kWh: 35,000,000 MWh, 3,889 MWh/万元 against 100.
        ("electricity", "MWh", 3_500.0, 35_000_000.0, "power_per_value_added"),
        # 9,900 t of raw coal, and as many 万t at 0.7143 tce/t: 70,715,700 tce, 7,857 tce/万元 against 200.
        ("raw_coal", "t", 9_900.0, 99_000_000.0, "fuel_per_value_added"),
    ],
)
def test_a_slip_of_a_unit_in_a_first_year_is_told_by_the_value_added(
    carrier: str, unit: str, plausible: float, slipped: float, rule: str, packs: Packs, engine: Engine
) -> None:
    economy = row(9_000.0, unit="万元", quantity="economy.industrial_value_added")
    firm = [{"entity": "A", "kind": "unit", "name": "A"}]

    def found(amount: float) -> list[str]:
        return rules_of(
            checked([row(amount, carrier, "use_industrial", unit=unit), economy], packs, engine, entities=firm)
        )

    assert rule not in found(plausible)
    assert rule in found(slipped)


@pytest.mark.parametrize(
    ("unit", "factor", "likely"), [("万kWh", 10_000, "kWh"), ("万Nm3", 10_000, "Nm3"), ("万Nm3", 1e-4, "")]
)
def test_the_unit_is_proposed_in_the_unit_that_was_reported(
    packs: Packs, engine: Engine, unit: str, factor: float, likely: str
) -> None:
    carrier, stored = ("electricity", "MWh") if "Wh" in unit else ("natural_gas", "万Nm3")
    (found,) = checked(months(spoilt(4, factor), carrier, unit=stored, reported=unit), packs, engine)
    assert (found.values["unit"], found.values["likely_unit"]) == (unit, likely)
    assert found.values["factor"] == factor


def test_standard_coal_in_the_column_of_gas_is_recognised(packs: Packs, engine: Engine) -> None:
    factors = CheckDefinitions(packs.carriers, packs.factor_sets, Units(packs.units.values())).carrier_factors(
        "standard_coal", ("standard_coal_gbt2589_2020", "standard_coal_from_ncv"), "tce"
    )
    (found,) = checked(months(spoilt(4, factors["natural_gas"]), "natural_gas", unit="万Nm3"), packs, engine)
    assert found.values["likely_unit"] == "tce"


def test_a_heating_season_is_no_oddity_once_two_years_show_it(packs: Packs, engine: Engine) -> None:
    season = (900.1, 800.2, 450.3, 60.4, 9.15, 8.26, 8.37, 9.48, 10.59, 70.61, 400.72, 850.83)
    years = [replace_year(season, scale) for scale in (1.0, 1.04, 0.97)]
    history = [each for year, values in zip((2022, 2023), years[:2], strict=True)
               for each in months(values, "heat", unit="GJ", year=year)]  # fmt: skip
    assert checked(months(years[2], "heat", unit="GJ"), packs, engine, history) == []
    summer = spoilt(6, 100, years[2])
    (found,) = checked(months(summer, "heat", unit="GJ"), packs, engine, history)
    assert (found.place.cell, found.values["factor"]) == ("F7", 100.0)


def replace_year(values: Sequence[float], scale: float) -> list[float]:
    return [value * scale for value in values]


def test_a_whole_year_in_another_unit_is_one_finding(packs: Packs, engine: Engine) -> None:
    history = [*months(STEADY, year=2022), *months(replace_year(STEADY, 1.1), year=2023)]
    found = checked(months(replace_year(STEADY, 1000)), packs, engine, history)
    assert [each.message for each in found] == ["validate.whole_year_unit"]
    assert found[0].values["likely_unit"] == "kg"


def test_with_two_years_only_it_is_said_that_either_may_be_wrong(packs: Packs, engine: Engine) -> None:
    found = checked(months(replace_year(STEADY, 1000)), packs, engine, months(STEADY, year=2023))
    assert [each.message for each in found] == ["validate.year_or_the_other_unit"]


def test_of_three_years_the_wrong_one_is_named(packs: Packs, engine: Engine) -> None:
    years = [row(value, start=date(year, 1, 1), quantity="water.fresh", unit="m3")
             for year, value in ((2022, 5012.0), (2023, 51.3), (2024, 5200.0))]  # fmt: skip
    (found,) = checked(years, packs, engine)
    assert (found.start, found.values["factor"]) == (date(2023, 1, 1), 0.01)


def test_a_balance_names_the_cell_that_would_close_it(packs: Packs, engine: Engine) -> None:
    rows = [
        row(1234.5, "electricity", "purchase", unit="MWh"),
        row(12345.0, "electricity", "use_industrial", unit="MWh"),
    ]
    (found,) = checked(rows, packs, engine)
    assert found.rule == "energy_balance"
    assert found.message.startswith("validate.unbalanced_slip")
    assert found.values["factor"] in (0.1, 10.0)


def test_a_balance_without_one_of_its_sides_is_not_judged(packs: Packs, engine: Engine) -> None:
    assert checked([row(1234.5, "electricity", "purchase", unit="MWh")], packs, engine) == []


def test_power_and_heat_out_cannot_exceed_the_fuel_put_in(packs: Packs, engine: Engine) -> None:
    rows = [
        row(1000.0, "raw_coal", "transform_in"),
        row(9000.0, "electricity", "transform_out", unit="MWh"),
    ]
    found = [each for each in checked(rows, packs, engine) if each.severity == "error"]
    assert [each.rule for each in found] == ["chp_output_exceeds_fuel"]


def test_land_inside_a_park_is_not_larger_than_the_park(packs: Packs, engine: Engine) -> None:
    rows = [row(12.0, quantity="land.built_up", unit="km2"), row(10.0, quantity="land.managed", unit="km2")]
    (found,) = checked(rows, packs, engine)
    assert (found.rule, found.severity) == ("built_up_within_managed", "error")


@pytest.mark.parametrize(("stored", "told"), [(15.0, []), (5.0, ["waste_balance"])])
def test_waste_used_disposed_and_stored_is_what_was_generated_and_taken_from_stock(
    packs: Packs, engine: Engine, stored: float, told: list[str]
) -> None:
    amounts = {"generated": 100.0, "used": 80.0, "disposed": 12.0, "used_previous": 7.0, "stored": stored}
    rows = [row(value, quantity=f"waste.{name}") for name, value in amounts.items()]
    assert rules_of(checked(rows, packs, engine)) == told


@pytest.mark.parametrize(("ends", "told"), [({"high": 0.5}, [0.6]), ({"low": 0.3}, [0.2]), ({}, [])])
def test_a_range_may_have_one_end_only(packs: Packs, engine: Engine, ends: dict[str, float], told: list[float]) -> None:
    rule = RatioRule(
        id="one_end", title=Text(zh="比", en="ratio"), kind="ratio", unit="1", source="the test", confidence="high",
        above=(Term(quantity="water.reused"),), below=(Term(quantity="water.fresh"),), **ends,
    )  # fmt: skip
    rows = [
        row(value, quantity=quantity, entity=f"E{part}")
        for part in (0.2, 0.4, 0.6)
        for quantity, value in (("water.reused", 10 * part), ("water.fresh", 10.0))
    ]
    known = CheckDefinitions(packs.carriers, packs.factor_sets, Units(packs.units.values()))
    nobody = arrow_schema(ENTITIES).empty_table()
    found = validate(engine.from_arrow(table(rows)), nobody, [rule], known, engine)
    assert [each.values["ratio"] for each in found] == told


def test_exchanged_cells_are_one_finding(packs: Packs, engine: Engine) -> None:
    coal, coke = list(STEADY), replace_year(STEADY, 9.3)
    coal[5], coke[5] = coke[5], coal[5]
    found = checked([*months(coal), *months(coke, "coke")], packs, engine)
    assert [each.message for each in found] == ["validate.swapped"]


def test_a_copied_month_is_told_at_the_later_cell(packs: Packs, engine: Engine) -> None:
    values = replace_year(STEADY, 1.0173)
    values[7] = values[6]
    (found,) = checked(months(values), packs, engine)
    assert (found.rule, found.place.cell) == ("same_as_month_before", "F8")


def test_a_copied_number_of_few_digits_may_be_chance(packs: Packs, engine: Engine) -> None:
    values = [*STEADY[:6], 98.0, 98.0, *STEADY[8:]]
    assert checked(months(values), packs, engine) == []


def test_a_month_left_out_is_told_unless_it_was_declared(packs: Packs, engine: Engine) -> None:
    values: list[float | None] = list(STEADY)
    values[6] = None
    (found,) = checked(months(values), packs, engine)
    assert (found.rule, found.values["missing"]) == ("left_out", "2024-07")
    said = row(None, "raw_coal", "purchase", start=date(2024, 7, 1), length=1, notation="not_used")
    assert checked([*months(values), said], packs, engine) == []


def test_a_zero_is_a_report_and_no_gap(packs: Packs, engine: Engine) -> None:
    values = [0.0 if place == 6 else value for place, value in enumerate(STEADY)]
    assert checked(months(values), packs, engine) == []


def test_declared_absent_and_stated_contradict(packs: Packs, engine: Engine) -> None:
    said = row(None, "raw_coal", "purchase", start=date(2024, 7, 1), length=1, notation="not_used")
    assert rules_of(checked([*months(STEADY), said], packs, engine)) == ["declared_yet_stated"]


def test_peers_of_the_industry_judge_a_unit_without_history(packs: Packs, engine: Engine) -> None:
    rows: list[Row] = []
    for number in range(12):
        amount = 100.0 * (1 + number / 10) * (10_000 if number == 3 else 1)
        rows.append(row(amount, "electricity", "use_industrial", f"U{number:02d}", unit="MWh", reported="万kWh"))
        rows.append(row(5000.0, entity=f"U{number:02d}", quantity="economy.output", unit="万元"))
    entities = [{"entity": f"U{number:02d}", "kind": "unit", "name": "x", "industry": "2614"} for number in range(12)]
    (found,) = checked(rows, packs, engine, entities=entities)
    assert (found.rule, found.entity, found.values["likely_unit"]) == ("peers", "U03", "kWh")


def test_history_is_not_told_of_beyond_its_last_year(packs: Packs, engine: Engine) -> None:
    history = [*months(spoilt(3, 1000), year=2021), *months(STEADY, year=2022), *months(STEADY, year=2023)]
    assert checked(months(replace_year(STEADY, 1.01)), packs, engine, history) == []


def test_a_plant_that_stops_is_one_event(packs: Packs, engine: Engine) -> None:
    rows = [
        row(value * scale, carrier, "use_industrial", start=date(year, 1, 1))
        for carrier, scale in (("raw_coal", 1.0), ("coke", 3.0), ("diesel", 0.2))
        for year, value in ((2021, 5000.0), (2022, 5200.0), (2023, 4900.0), (2024, 11.0 * scale))
    ]
    assert [each.message for each in checked(rows, packs, engine)] == ["validate.changed_as_a_whole"]


def test_blocks_change_nothing(packs: Packs, engine: Engine) -> None:
    rows = [each for number in range(8) for each in months(spoilt(number, 100), entity=f"U{number}")]
    whole = checked(rows, packs, engine)
    assert len(whole) == 8
    assert checked(rows, packs, engine, block=30) == whole


def test_the_order_of_rows_changes_nothing_but_their_lines(packs: Packs, engine: Engine) -> None:
    rows = [*months(spoilt(2, 10)), *months(spoilt(5, 0.01), "coke")]
    told = [{**each.values, "rule": each.rule} for each in checked(rows, packs, engine)]
    assert [{**each.values, "rule": each.rule} for each in checked(rows[::-1], packs, engine)] == told


def test_every_message_can_be_said_in_both_languages(packs: Packs, engine: Engine) -> None:
    coal, coke = list(STEADY), replace_year(STEADY, 9.3)
    coal[5], coke[5] = coke[5], coal[5]
    rows = [*months(coal), *months(coke, "coke"), *months(spoilt(2, 1000), "diesel"), row(12.0, quantity="land.built_up",
            unit="km2"), row(10.0, quantity="land.managed", unit="km2")]  # fmt: skip
    for found in checked(rows, packs, engine):
        for language in ("zh", "en"):
            assert packs.messages.say(found.message, language, **found.values)
            assert packs.messages.say(f"{found.message}.fix", language, **found.values)


def test_rules_hold_only_in_their_time(packs: Packs, engine: Engine) -> None:
    rules = [rule.model_copy(update={"since": date(2030, 1, 1)}) for rule in packs.checks["park_statistics"].rules]
    definitions = CheckDefinitions(packs.carriers, packs.factor_sets, Units(packs.units.values()))
    entities = arrow_schema(ENTITIES).empty_table()
    rows = engine.from_arrow(table(months(spoilt(4, 1000))))
    assert validate(rows, entities, rules, definitions, engine) == ()


@given(st.lists(st.lists(st.one_of(st.none(), st.floats(-50, 50)), min_size=6, max_size=6), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_median_of_the_others_is_that_of_numpy(rows: list[list[float | None]]) -> None:
    values = np.array([[np.nan if each is None else each for each in series] for series in rows])
    found = median_of_others(values)
    for series, column in np.ndindex(values.shape):
        others = np.delete(values[series], column)
        others = others[np.isfinite(others)]
        expected = np.median(others) if len(others) else np.nan
        assert found[series, column] == pytest.approx(expected, nan_ok=True)
    for series, middle in zip(values, median(values), strict=True):
        kept = series[np.isfinite(series)]
        assert middle == pytest.approx(np.median(kept) if len(kept) else np.nan, nan_ok=True)


def test_significant_digits_are_counted() -> None:
    values = np.array([1200.0, 946.9, 0.05, 0.0, np.nan, 123456.789])
    assert significant_digits(values).tolist() == [2, 4, 1, 0, 0, 9]
