"""Series that do not fill their year, or fill it twice."""

from datetime import date

import pytest

from tests.account.made_park import MadePark, definitions, run

QUARTERS = ("Q1", "Q2", "Q3", "Q4")


@pytest.fixture
def national(packs):
    return definitions(packs, "china_park_national")


def gaps(result, rule="months_missing"):
    return [
        (f.entity, f.values["carrier"], f.values["days"], f.values["expected"])
        for f in result.findings
        if f.rule == rule
    ]


@pytest.mark.parametrize(("year", "days"), [(2023, 365), (2024, 366)])
def test_a_full_year_of_months_is_complete_in_leap_years_too(packs, engine, national, made, year, days):
    made.unit("A").months("A", "natural_gas", "use_industrial", [1.0] * 12, year)
    assert gaps(run(made, national, engine)) == []
    short = MadePark(packs).unit("A").months("A", "natural_gas", "use_industrial", [1.0, None] + [1.0] * 10, year)
    assert gaps(run(short, national, engine)) == [("A", "natural_gas", days - (29 if year == 2024 else 28), days)]


@pytest.mark.parametrize("missing", [None, 1, 2, 3, 4])
def test_quarters_fill_a_year_like_months(engine, national, made, missing):
    made.unit("A")
    for number, quarter in enumerate(QUARTERS, start=1):
        if number != missing:
            made.energy("A", "natural_gas", "use_industrial", 1.0, f"2023-{quarter}")
    result = run(made, national, engine)
    assert len(gaps(result)) == (missing is not None)
    assert result.figure("co2.total", variant="view=location")["status"] == ("ok" if missing is None else "partial")


def test_quarters_and_months_may_share_a_year(engine, national, made):
    made.unit("A").months("A", "natural_gas", "use_industrial", [1.0] * 6)
    made.energy("A", "natural_gas", "use_industrial", 3.0, "2023-Q3").energy(
        "A", "natural_gas", "use_industrial", 3.0, "2023-Q4"
    )
    assert run(made, national, engine).rules == []


def test_two_rows_for_one_month_are_two_meters_and_no_overlap(engine, national, made):
    made.unit("A").months("A", "natural_gas", "use_industrial", [1.0] * 12)
    made.energy("A", "natural_gas", "use_industrial", 1.0, "2023-05")
    assert run(made, national, engine).rules == []


def test_months_beside_the_whole_year_overlap(engine, national, made):
    made.unit("A").months("A", "natural_gas", "use_industrial", [1.0] * 12)
    made.energy("A", "natural_gas", "use_industrial", 12.0).unit("B").energy("B", "diesel", "use_industrial", 1.0)
    result = run(made, national, engine)
    assert result.rules == ["periods_overlap"]
    assert result.figure("co2.direct")["status"] == "partial"


def test_an_overlap_does_not_hide_a_missing_month(engine, national, made):
    made.unit("A").months("A", "natural_gas", "use_industrial", [1.0] * 11)
    made.energy("A", "natural_gas", "use_industrial", 1.0, "2023-01/2023-02")
    assert run(made, national, engine).rules == ["months_missing", "periods_overlap"]


def test_a_firm_that_opened_in_summer_misses_no_spring(packs, engine, national):
    made = MadePark(packs).unit("A", since=date(2023, 7, 1))
    made.months("A", "electricity", "purchase", [None] * 6 + [1.0] * 6)
    made.months("A", "electricity", "use_industrial", [None] * 6 + [1.0] * 6)
    for month in range(7, 13):
        made.row("A", "water.fresh", 1.0, f"2023-{month:02d}")
    result = run(made, national, engine)
    assert result.rules == []
    assert result.figure("electricity.imported")["status"] == "ok"
    assert result.figure("water.fresh")["status"] == "ok"


def test_a_firm_that_closed_misses_nothing_after_it(packs, engine, national):
    made = MadePark(packs).unit("A", until=date(2023, 7, 1)).months("A", "natural_gas", "use_industrial", [1.0] * 6)
    assert run(made, national, engine).rules == []
    late = MadePark(packs).unit("A", until=date(2023, 7, 1)).months("A", "natural_gas", "use_industrial", [1.0] * 5)
    assert gaps(run(late, national, engine)) == [("A", "natural_gas", 151, 181)]


def test_a_bill_across_new_year_leaves_both_years_incomplete(engine, national, made):
    made.unit("A").months("A", "natural_gas", "use_industrial", [None] + [1.0] * 11)
    made.energy("A", "natural_gas", "use_industrial", 1.0, "2022-12-15/2023-01-31")
    result = run(made, national, engine)
    assert {f.values["year"] for f in result.findings if f.rule == "months_missing"} == {2022, 2023}
    assert result.value("co2.direct", period="2022-12-15/2023-01-31") > 0


def test_flows_that_no_figure_counts_may_be_as_they_are(engine, national, made):
    """Diesel is bought three times a year; its use is what counts."""
    made.unit("A").months("A", "diesel", "purchase", [6.0, None, None, 6.0])
    made.months("A", "diesel", "use_industrial", [1.0] * 12)
    assert run(made, national, engine).rules == []


def test_a_gap_makes_those_figures_partial_that_rest_on_it(engine, national, made):
    made.unit("A").unit("B").months("A", "electricity", "use_industrial", [1.0] * 11).energy(
        "A", "electricity", "purchase", 12.0
    )
    made.energy("B", "diesel", "use_industrial", 1.0)
    result = run(made, national, engine)
    assert gaps(result) == [("A", "electricity", 334, 365)]
    status = {row["quantity"]: row["status"] for row in result.figures if row["entity"] == "park"}
    assert status["energy.total"] == status["electricity.use"] == "partial"
    assert status["co2.total"] == status["co2.direct"] == status["co2.power_net"] == "ok"
    assert result.figure("energy.total", "B", variant="basis=calorific")["status"] == "ok"


def test_a_reported_quantity_with_missing_months_is_partial_at_every_level(engine, national, made):
    made.unit("A").unit("B").row("B", "water.fresh", 5.0)
    for month in range(1, 12):
        made.row("A", "water.fresh", 1.0, f"2023-{month:02d}")
    result = run(made, national, engine)
    assert [result.figure("water.fresh", name)["status"] for name in ("A", "B", "park")] == ["partial", "ok", "partial"]
    assert result.value("water.fresh") == 16
    assert result.rules == ["months_missing"]


def test_gaps_are_found_without_any_profile(packs, engine, made):
    made.unit("A").row("A", "water.fresh", 1.0, "2023-Q1")
    assert run(made, definitions(packs), engine).rules == ["months_missing"]


def test_a_product_that_park_and_unit_both_report_makes_its_process_emissions_once(engine, national, made):
    """1,000 t of lime are 683 t of CO2 (0.683 t/t, provincial guidelines), not twice as much."""
    made.unit("A").made("A", "lime", 1000.0).made("park", "lime", 1000.0)
    result = run(made, national, engine)
    alone = MadePark(made.packs).unit("A").made("A", "lime", 1000.0)
    once = run(alone, national, engine).value("co2.process")
    assert result.value("co2.process") == pytest.approx(once)
    assert [(f.entity, f.values["carrier"]) for f in result.findings if f.rule == "level_reports_too"] == [
        ("park", "lime")
    ]
    assert result.figure("co2.process")["status"] == "partial"
    made.energy("A", "gasoline", "use_industrial", 1.0)
    assert run(made, national, engine).figure("energy.total", variant="basis=calorific")["status"] == "ok"
    assert result.value("output.product", item="lime") == 1000


def test_a_fuel_reported_as_amount_and_as_heat_does_not_count_twice(engine, national, made):
    made.unit("A").energy("A", "natural_gas", "use_industrial", 10.0).energy("A", "gasoline", "use_industrial", 1.0)
    made.row("A", "energy.heat_net", 3893.1, carrier="natural_gas", unit="GJ")
    result = run(made, national, engine)
    assert [(f.entity, f.values["carrier"]) for f in result.findings if f.rule == "amount_and_heat"] == [
        ("A", "natural_gas")
    ]
    total = result.figure("co2.total", variant="view=location")
    petrol = next(row["t"] for row in result.emissions if row["carrier"] == "gasoline")
    assert (total["status"], total["value"]) == ("partial", pytest.approx(petrol))
