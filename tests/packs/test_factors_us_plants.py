"""CO2 factors and heat contents of US plant fuels against the agency's own rows."""

import pytest

from tests.packs.packed import carriers, factors, one, read_csv, value

GJ_PER_MMBTU = 1.05505585262
PLANTS = "data/plant_fuel_co2_us/plant_fuel_2017_states_A_M.csv"


def number(text):
    return float(text.replace(",", "") or 0)


def test_factors_are_what_the_published_plants_imply(shared):
    table = read_csv(shared / "data/plant_fuel_co2_us/implied_kgco2_per_mmbtu.csv")
    known = [each for each in table if each["fuel"] != "SGC"]
    assert len(table) == 17
    for each in known:
        assert value("us_plant_fuels", f"us_{each['fuel'].lower()}", "co2") == pytest.approx(
            float(each["median"]), rel=1e-4
        )


def test_every_code_of_the_table_is_a_carrier(shared):
    table = read_csv(shared / "reference/factors/us_eia_plant_fuels.csv")
    units = {"short ton": "short_ton", "barrel": "barrel", "Mcf": "Mcf", "-": "MMBtu"}
    assert len(table) == len(factors("us_plant_fuels")) == 17
    for each in table:
        carrier = carriers()[f"us_{each['code'].lower()}"]
        assert (carrier["code"], carrier["unit"]) == (each["code"], units[each["quantity_unit"]])


def test_synthesis_gas_has_no_factor():
    row = one("us_plant_fuels", "us_sgc", "co2")
    assert (row.value, row.confidence) == (None, "low")
    assert row.note


def test_factors_are_per_gross_heat():
    """Trap 2: gas per gross heat is a tenth below gas per net heat, coal a twentieth."""
    assert {row.basis for row in factors("us_plant_fuels")} == {"gross"}
    for us, ipcc, low, high in (("us_ng", "natural_gas", 0.89, 0.91), ("us_bit", "bituminous_coal", 0.93, 0.96)):
        gross = value("us_plant_fuels", us, "co2") / 1000 / GJ_PER_MMBTU
        assert low < gross / value("ipcc_2006_fuels", ipcc, "co2") < high


def test_heat_ranges_hold_nearly_all_published_rows(shared):
    inside = outside = 0
    for each in read_csv(shared / PLANTS):
        heat, quantity = number(each["Total Fuel Consumption (MMBtu)"]), number(each["Quantity of Fuel Consumed"])
        if heat and quantity:
            row = one("us_plant_fuel_heat_ranges", f"us_{each['Fuel Code'].lower()}", "quantity_range")
            inside, outside = (inside + 1, outside) if row.low <= heat / quantity <= row.high else (inside, outside + 1)
    assert outside / (inside + outside) < 0.01


@pytest.mark.parametrize(
    ("slip", "factor"),
    [("kg for short tons", 907.18474), ("thousand Btu", 1000), ("gallons for barrels", 42), ("counted twice", 1.9)],
)
def test_heat_ranges_find_slips_of_unit(slip, factor):
    for code in ("bit", "dfo", "ng"):
        row = one("us_plant_fuel_heat_ranges", f"us_{code}", "quantity_range")
        middle = (row.low * row.high) ** 0.5
        assert not row.low <= middle * factor <= row.high
        assert not row.low <= middle / factor <= row.high


def test_ranges_from_few_rows_are_of_low_confidence():
    low = {row.item for row in factors("us_plant_fuel_heat_ranges") if row.confidence == "low"}
    assert low == {"us_lig", "us_pg", "us_sgc", "us_wc"}
    assert "us_geo" not in {row.item for row in factors("us_plant_fuel_heat_ranges")}
