"""Figures become indicators."""

import pytest
import yaml

from greenpark.engine.formula import parse_formula
from greenpark.engine.formula_tree import Leaf
from greenpark.engine.formula_values import evaluate_numbers
from greenpark.engine.units import Units
from greenpark.measure import list_tasks, measure
from tests.measure.made_scheme import figure, indicator, scheme


def by_year(rows):
    return {row["start"].year: row for row in rows}


@pytest.fixture(scope="session")
def oracle(shared):
    def read(name):
        return yaml.safe_load((shared / "reference" / "oracles" / f"{name}.yaml").read_text(encoding="utf-8"))

    return read


def test_yearly_change_of_the_national_energy_intensity(indicators, oracle):
    case = oracle("energy__nbs_intensity_levels_2005_2009")
    rows = [figure("zone.energy_per_value_added", level, year, "tce/万元") for year, level in case["inputs"].items()]
    found = by_year(indicators(rows, scheme(indicator("cut", "growth(zone.energy_per_value_added)", "%"))))
    for year, change in case["expected"].items():
        assert found[int(year)]["value"] == pytest.approx(change, abs=0.09), year
    first = found[2005]
    assert (first["value"], first["status"], first["missing"]) == (
        None,
        "not_evaluable",
        "zone.energy_per_value_added@-1",
    )


def test_growth_of_output_follows_from_energy_and_intensity(packs, oracle):
    """(1 + growth of energy) / (1 + change of intensity) − 1; the difference of the two is something else."""
    case = oracle("energy__province_2020_implied_gdp_growth")
    formula = parse_formula("(1 + zone.gdp_growth_nominal) / (1 + zone.co2_intensity_cut) - 1")
    energy, intensity = Leaf("zone.gdp_growth_nominal"), Leaf("zone.co2_intensity_cut")
    for given, expected in zip(case["inputs"], case["expected"], strict=True):
        numbers = {energy: given["energy_growth_pct"], intensity: given["energy_intensity_change_pct"]}
        found = evaluate_numbers(
            formula, numbers, lambda name: packs.quantities[name].unit, lambda name: (name,),
            Units(packs.units.values()), "%",
        )  # fmt: skip
        assert found == pytest.approx(expected["gdp_growth_comparable_pct"], abs=0.15), given["area"]


def test_an_indicator_names_what_it_rests_on(indicators):
    share = scheme(indicator("share", "waste.used / (waste.generated + waste.used_previous)", "%"))
    found = indicators(
        [figure("waste.used", 80.0), figure("waste.generated", 90.0), figure("waste.used_previous", 10.0)], share
    )
    assert [(row["indicator"], row["value"], row["unit"], row["status"]) for row in found] == [
        ("s.share", 80.0, "%", "ok")
    ]
    found = indicators([figure("waste.used", 80.0), figure("waste.used_previous", None)], share)
    assert [(row["value"], row["status"], row["missing"]) for row in found] == [
        (None, "not_evaluable", "waste.generated+waste.used_previous")
    ]


def test_a_zero_denominator_is_told_from_a_missing_value(indicators):
    share = scheme(indicator("share", "waste.used / waste.generated", "%"))
    found = indicators([figure("waste.used", 80.0), figure("waste.generated", 0.0)], share)
    assert [(row["value"], row["status"], row["missing"]) for row in found] == [
        (None, "not_evaluable", "zero_denominator")
    ]


def test_an_average_needs_every_member_of_its_family(indicators):
    wanted = scheme(
        indicator("elasticity", "average(growth(pollutant)) / growth(economy.industrial_value_added_comparable)")
    )
    members = ("cod", "nh3n", "so2", "nox")
    rows = [
        figure("economy.industrial_value_added_comparable", value, year)
        for year, value in (("2022", 100.0), ("2023", 110.0))
    ]
    for name in members:
        rows += [figure(f"pollutant.{name}", 100.0, "2022"), figure(f"pollutant.{name}", 95.0)]
    assert by_year(indicators(rows, wanted))[2023]["value"] == pytest.approx(-0.05 / 0.10)
    rows = [row for row in rows if not (row["quantity"] == "pollutant.so2" and row["start"].year == 2022)]
    found = by_year(indicators(rows, wanted))[2023]
    assert (found["value"], found["missing"]) == (None, "pollutant.so2@-1")


def test_an_open_energy_basis_gives_both_readings(indicators):
    wanted = scheme(
        indicator("productivity", "economy.industrial_value_added / energy.total", "万元/tce", energy_basis="open")
    )
    rows = [figure("economy.industrial_value_added", 100.0, unit="万元")]
    rows += [figure("energy.total", value, unit="tce", variant=basis) for basis, value in
             (("basis=calorific", 50.0), ("basis=primary_energy", 80.0))]  # fmt: skip
    found = {row["variant"]: row["value"] for row in indicators(rows, wanted)}
    assert found == {"basis=calorific": 2.0, "basis=primary_energy": 1.25}


def test_a_stated_basis_or_view_takes_its_own_figure(indicators):
    wanted = scheme(
        indicator(
            "intensity", "co2.total / energy.total", "tCO2/tce", energy_basis="primary_energy", view="zero_carbon_park"
        ),
        indicator("plain", "co2.total", "tCO2"),
    )
    rows = [figure("co2.total", value, unit="tCO2", variant=f"view={view}") for view, value in
            (("location", 7.0), ("market", 8.0), ("zero_carbon_park", 9.0))]  # fmt: skip
    rows += [figure("energy.total", value, unit="tce", variant=basis) for basis, value in
             (("basis=calorific", 2.0), ("basis=primary_energy", 3.0))]  # fmt: skip
    found = {row["indicator"]: (row["value"], row["variant"]) for row in indicators(rows, wanted)}
    assert found == {"s.intensity": (3.0, ""), "s.plain": (7.0, "")}


def test_the_variant_of_the_schemes_own_profile_goes_first(indicators):
    wanted = indicator("total", "energy.total", "tce", energy_basis="calorific")
    rows = [figure("energy.total", 2.0, unit="tce", variant="basis=calorific"),
            figure("energy.total", 3.0, unit="tce", variant="basis=calorific@special")]  # fmt: skip
    variants = ("basis=calorific", "basis=calorific@special")
    found = indicators(rows, scheme(wanted, profile="special"), scheme(wanted, identifier="t"), variants=variants)
    assert {row["indicator"]: row["value"] for row in found} == {"s.total": 3.0, "t.total": 2.0}


def test_an_open_price_basis_gives_both_readings(indicators):
    """Trap 20: value added at current and at comparable prices are two quantities, as are output and value added."""
    wanted = scheme(
        indicator("added", "economy.industrial_value_added / economy.employees", "万元/人", price_basis="open")
    )
    rows = [figure("economy.industrial_value_added", 100.0), figure("economy.industrial_value_added_comparable", 90.0)]
    found = indicators([*rows, figure("economy.employees", 10.0)], wanted)
    assert {row["variant"]: row["value"] for row in found} == {"price=current": 10.0, "price=comparable": 9.0}


def test_confidence_is_the_least_of_formula_and_inputs_of_all_years(indicators):
    sure = indicator("growth", "growth(water.fresh)", "%")
    unsure = indicator("unsure", "water.fresh", "m3", confidence="medium")
    rows = [figure("water.fresh", 10.0, "2022", confidence="low"), figure("water.fresh", 11.0)]
    found = {(row["indicator"], row["start"].year): row["confidence"] for row in indicators(rows, scheme(sure, unsure))}
    assert found["s.growth", 2023] == "low"
    assert (found["s.unsure", 2022], found["s.unsure", 2023]) == ("low", "medium")


def test_partial_inputs_make_a_partial_indicator(indicators):
    wanted = scheme(indicator("growth", "growth(water.fresh)", "%"), indicator("waste", "waste.used", "t"))
    rows = [
        figure("water.fresh", 10.0, "2022", status="partial"),
        figure("water.fresh", 11.0),
        figure("waste.used", 1.0),
    ]
    found = {(row["indicator"], row["start"].year): row["status"] for row in indicators(rows, wanted)}
    assert (found["s.growth", 2023], found["s.waste", 2023]) == ("partial", "ok")


def test_inputs_of_different_coverage_are_joined_and_each_named_once(indicators):
    wanted = scheme(
        indicator("intensity", "water.fresh / economy.output", "m3/万元"), indicator("water", "water.fresh", "m3")
    )
    rows = [
        figure("water.fresh", 10.0, coverage="above_scale+whole_park"),
        figure("economy.output", 5.0, coverage="in_statistics"),
    ]
    found = {row["indicator"]: row["coverage"] for row in indicators(rows, wanted)}
    assert found == {"s.intensity": "above_scale+in_statistics+whole_park", "s.water": "above_scale+whole_park"}


def test_only_totals_of_the_subjects_enter(indicators):
    wanted = scheme(indicator("water", "water.fresh", "m3"))
    rows = [
        figure("water.fresh", 10.0, item="cooling"),
        figure("water.fresh", 3.0, entity="other"),
        figure("water.fresh", 7.0),
    ]
    assert [row["value"] for row in indicators(rows, wanted)] == [7.0]


def test_a_year_with_any_figure_has_every_indicator_and_a_quarter_only_those_it_can(indicators):
    wanted = scheme(indicator("rate", "air.good_rate", "%"), indicator("water", "water.fresh", "m3"))
    rows = [figure("air.good_rate", 80.0, "2023-Q1", "%"), figure("air.good_rate", 82.0, "2023", "%")]
    found = [(row["indicator"], str(row["end"]), row["status"]) for row in indicators(rows, wanted)]
    assert found == [
        ("s.rate", "2023-04-01", "ok"), ("s.rate", "2024-01-01", "ok"), ("s.water", "2024-01-01", "not_evaluable"),
    ]  # fmt: skip


def test_growth_compares_equal_intervals_a_year_apart(indicators):
    wanted = scheme(indicator("growth", "growth(water.fresh)", "%"))
    rows = [
        figure("water.fresh", 10.0, "2022-Q1"),
        figure("water.fresh", 12.0, "2023-Q1"),
        figure("water.fresh", 99.0, "2022"),
    ]
    found = [(row["value"], str(row["start"])) for row in indicators(rows, wanted) if row["value"] is not None]
    assert found == [(pytest.approx(20.0), "2023-01-01")]


def test_leap_years_shift_by_whole_years(indicators):
    wanted = scheme(indicator("before", "previous(water.fresh, 4)", "m3"))
    rows = [figure("water.fresh", 10.0, "2020-02"), figure("water.fresh", 12.0, "2024-02")]
    found = [row["value"] for row in indicators(rows, wanted) if row["start"].year == 2024]
    assert found == [10.0]


def test_no_scheme_asks_for_no_indicator(packs, engine):
    assert measure(None, [], packs.quantities, Units(packs.units.values()), (), ("park",), engine) is None
    assert list_tasks([], packs.quantities, ()) == ()


def test_an_optional_input_may_be_missing(indicators):
    wanted = scheme(indicator("either", "if_else(known(waste.used), waste.used, waste.generated)", "t"))
    found = indicators([figure("waste.generated", 4.0)], wanted)
    assert [(row["value"], row["status"]) for row in found] == [(4.0, "ok")]
