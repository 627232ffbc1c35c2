"""Heat content, carbon and oxidation of fuels against published products and the traps."""

import pytest

from tests.packs.packed import all_factors, factors, methods, one, read_csv, read_yaml, value

CARBON_TO_CO2 = 44 / 12
COALS = ("anthracite", "bituminous_coal", "lignite")
# Carbon per heat far outside that of ordinary fuels, by what they are [tC/TJ].
RICH = {
    "blast_furnace_gas": 70.8,
    "converter_gas": 49.6,
    "calcium_carbide_furnace_gas": 39.51,
    "industrial_waste": 39.0,
}


def co2(pack, item):
    """[tCO2 per unit of the carrier]."""
    ncv, carbon, oxidation = (value(pack, item, kind) for kind in ("ncv", "carbon_content", "oxidation"))
    return ncv * carbon * oxidation * CARBON_TO_CO2


def test_the_published_products_of_the_guidelines_are_reproduced(shared):
    """Column tco2_per_unit of the table: NCV × carbon content × oxidation × 44/12."""
    table = read_csv(shared / "reference/factors/fuel_emission_factors_cn.csv")
    names = {each["fuel_zh"]: float(each["tco2_per_unit"]) for each in table if each["source_set"] == "ndrc_general"}
    products = sorted(co2("cn_fuels_ndrc", row.item) for row in factors("cn_fuels_ndrc") if row.kind == "ncv")
    assert len(names) == len(products) == 27
    assert products == pytest.approx(sorted(names.values()), abs=1e-6)
    assert co2("cn_fuels_ndrc", "natural_gas") == pytest.approx(names["天然气"], abs=1e-6)
    assert co2("cn_fuels_ndrc", "bituminous_coal") == pytest.approx(names["烟煤"], abs=1e-6)


def test_factors_of_gases_follow_from_heat_content_and_carbon(shared):
    """Oracle co2__gas_ef_from_ncv_cc_of, from the packs' own numbers; its blast-furnace gas uses the default of other gas."""
    oracle = read_yaml(shared / "reference/oracles/co2__gas_ef_from_ncv_cc_of.yaml")
    items = {
        "天然气": ("oilfield_gas", "natural_gas"), "焦炉煤气": ("coke_oven_gas", "coke_oven_gas"),
        "高炉煤气": ("blast_furnace_gas", "other_gas"), "发生炉煤气": ("producer_gas", "other_gas"),
        "水煤气": ("water_gas", "other_gas"), "重油催化裂解煤气": ("heavy_oil_catalytic_gas", "other_gas"),
    }  # fmt: skip
    published = {each["fuel"]: each["tco2_per_m3"] for each in oracle["expected"]}
    assert set(published) == set(items)
    for fuel, (heat, carbon) in items.items():
        row = one("standard_coal_gbt2589_2008", heat, "ncv")
        ncv = row.value if row.value is not None else row.high
        content, oxidation = (
            value("cn_fuels_provincial_2011", carbon, kind) for kind in ("carbon_content", "oxidation")
        )
        found = ncv * content * oxidation * CARBON_TO_CO2 / 10000
        assert found == pytest.approx(published[fuel], abs=5.1e-5 if fuel == "天然气" else 5.1e-6), fuel


def test_factors_of_the_national_database_are_reproduced(shared):
    """Oracle co2__national_db_v2_converted."""
    oracle = read_yaml(shared / "reference/oracles/co2__national_db_v2_converted.yaml")
    gas, diesel = oracle["expected"]
    assert co2("cn_fuels_database_2026", "natural_gas") / 10 == pytest.approx(gas["kgco2_per_Nm3"], abs=6e-4)
    assert co2("cn_fuels_database_2026", "diesel_road") == pytest.approx(diesel["tco2_per_t"], abs=6e-4)


def test_carbon_is_in_tonnes_per_gigajoule_everywhere():
    """Trap 3: 0.0153 tC/GJ = 15.3 tC/TJ = 15.3 kgC/GJ."""
    assert {row.unit for row in all_factors() if row.kind == "carbon_content"} == {"tC/GJ"}
    assert value("ipcc_2006_fuels", "natural_gas", "carbon_content") == 0.0153
    assert value("cn_fuels_ndrc", "natural_gas", "carbon_content") == 0.0153


def test_carbon_becomes_co2_once_by_44_over_12():
    """Trap 4: the ratio stands in the methods that start from carbon, and nowhere else."""
    for method in methods().values():
        parameters = method.get("parameters", {})
        expected = 44 / 12 if method["function"] in ("combustion_net", "unoxidised") else None
        assert parameters.get("carbon_to_co2") == expected
        assert not [each for each in parameters.values() if each == 44 / 12] or expected


def test_carbon_of_the_ipcc_times_44_over_12_is_its_co2_factor():
    """Trap 4: a factor in tCO2 already holds the ratio."""
    for row in factors("ipcc_2006_fuels"):
        if row.kind == "co2":
            carbon = value("ipcc_2006_fuels", row.item, "carbon_content")
            assert row.value == pytest.approx(carbon * CARBON_TO_CO2, rel=0.01), row.id


def test_oxidation_of_coal_differs_between_the_sets():
    """Trap 5: IPCC 1, NDRC 0.93 to 0.96, trading 0.99, boilers 0.85."""
    assert {row.value for row in factors("ipcc_2006_fuels") if row.kind == "oxidation"} == {1.0}
    assert [value("cn_fuels_ndrc", coal, "oxidation") for coal in COALS] == [0.94, 0.93, 0.96]
    assert {row.value for row in factors("cn_fuels_ets_power") if (row.item, row.kind) == ("coal", "oxidation")} == {
        0.99
    }
    by_use = {
        row.activity: row.value
        for row in factors("cn_fuels_gbt2589_ncv")
        if (row.item, row.kind) == ("lignite", "oxidation")
    }
    assert by_use == {"cement_kiln": 0.99, "power_boiler": 0.95, "industrial_boiler": 0.85}


def test_a_tonne_of_raw_coal_has_no_factor_until_its_rank_is_known():
    """Trap 6: the same tonne gives 1.87 or 2.07 tCO2, depending on whose heat content is taken."""
    assert not [row for row in factors("cn_fuels_ndrc") if row.item == "raw_coal"]
    bituminous = co2("cn_fuels_ndrc", "bituminous_coal")
    on_2589 = bituminous * 20.908 / value("cn_fuels_ndrc", "bituminous_coal", "ncv")
    assert (round(on_2589, 2), round(bituminous, 2)) == (1.87, 2.07)
    assert value("standard_coal_gbt2589_2008", "raw_coal", "ncv") == 20.908
    assert one("cn_fuels_database_2026", "raw_coal", "carbon_content").confidence == "low"


def test_lpg_and_lng_keep_their_own_carbon():
    """Trap 17: one source prints the carbon of LPG on the line of LNG; that cell stays empty."""
    for pack in ("cn_fuels_ndrc", "cn_fuels_ets_power"):
        assert value(pack, "lpg", "carbon_content") == 0.0172
        assert value(pack, "lng", "carbon_content") == 0.0153
    swapped = one("cn_fuels_gbt2589_ncv", "lng", "carbon_content")
    assert (swapped.value, swapped.confidence) == (None, "low")


def test_carbon_per_heat_is_that_of_a_fuel():
    """Trap 18: 10 to 35 tC/TJ but for four lean gases and wastes; bituminous coal is not 23.08."""
    for row in all_factors():
        if row.kind == "carbon_content" and row.value is not None:
            rich = RICH.get(row.item.removesuffix("_mass"))
            expected = rich if rich and row.value > 0.035 else None
            assert 0.010 <= row.value <= 0.035 or row.value * 1000 == pytest.approx(expected), row.id
    assert value("cn_fuels_gbt2589_ncv", "bituminous_coal", "carbon_content") == 0.02618


def test_bounds_hold_the_value():
    for row in all_factors():
        if row.value is not None and row.low is not None:
            assert row.low <= row.value <= row.high, row.id


def test_unmeasured_coal_of_the_trading_guideline_changed_in_2022():
    rows = {
        row.since: row for row in factors("cn_fuels_ets_power") if (row.item, row.kind) == ("coal", "carbon_content")
    }
    assert (rows["2021-01-01"].value, rows["2021-01-01"].until) == (0.03356, "2022-01-01")
    assert (rows["2022-01-01"].value, rows["2022-01-01"].until) == (0.03085, "")


def test_gases_of_the_ipcc_by_mass_are_items_of_their_own():
    assert one("ipcc_2006_fuels", "natural_gas_mass", "ncv").unit == "GJ/t"
    assert not [row for row in factors("ipcc_2006_fuels") if (row.item, row.kind) == ("natural_gas", "ncv")]
    assert (
        value("ipcc_2006_fuels", "natural_gas", "co2") == value("ipcc_2006_fuels", "natural_gas_mass", "co2") == 0.0561
    )


def test_all_54_ipcc_fuels_are_there(shared):
    table = read_csv(shared / "reference/factors/fuel_emission_factors_ipcc2006.csv")
    fuels = {each["fuel"] for each in table}
    items = {row.item.removesuffix("_mass") for row in factors("ipcc_2006_fuels")}
    assert len(fuels) == len(items) == 54
