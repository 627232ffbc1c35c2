"""Standard coal against GB/T 2589 as printed, and the traps of its bases."""

import pytest

from tests.packs.packed import all_factors, factors, methods, one, read_yaml, value

KCAL_2008 = 4.1816  # kJ, GB/T 2589-2008
KGCE_2008 = 7 * KCAL_2008  # MJ
KGCE_2020 = 29.3076  # MJ
ELECTRICITY = (
    "electricity",
    "electricity_direct_green",
    "electricity_traded_green",
    "electricity_self_renewable",
    "electricity_certificate_green",
)


def pairs(pack):
    """(standard coal, heat content) of the carriers that have both as single values."""
    contents = {row.item: row.value for row in factors(pack) if row.kind == "ncv"}
    coal = [row for row in factors(pack) if row.kind == "standard_coal" and row.value is not None]
    return [(row, contents[row.item]) for row in coal if contents.get(row.item) is not None]


def test_the_2008_table_agrees_with_itself(shared):
    """Oracle energy__gbt2589_2008_table_consistency."""
    oracle = read_yaml(shared / "reference/oracles/energy__gbt2589_2008_table_consistency.yaml")
    printed = {each["carrier"]: each["kgce_per_unit"] for each in oracle["expected"]}
    for each in oracle["inputs"]:
        scale = 10 if each["per"] == "m3" else 1
        coal = value("standard_coal_gbt2589_2008", each["carrier"], "standard_coal") / scale
        ncv = value("standard_coal_gbt2589_2008", each["carrier"], "ncv") / scale
        assert coal == pytest.approx(printed[each["carrier"]], abs=1e-12)
        assert coal == pytest.approx(each["ncv_kcal"] / 7000, abs=5e-5)
        assert ncv * 1000 == pytest.approx(each["ncv_kJ"])
        assert coal == pytest.approx(ncv / KGCE_2008, abs=1e-4)


def test_the_2020_factor_is_the_heat_content_over_29307_6_kilojoules():
    found = pairs("standard_coal_gbt2589_2020")
    assert len(found) >= 20
    for row, ncv in found:
        scale = 10 if row.unit.endswith("Nm3") else 1
        assert row.value / scale == pytest.approx(ncv / scale / KGCE_2020, abs=1.01e-4), row.id


def test_the_two_editions_rest_on_two_kilocalories():
    """Trap 7: 29271 against 29307.6 kJ/kgce."""
    for edition, kgce in (("2008", KGCE_2008), ("2020", KGCE_2020)):
        ncv = value(f"standard_coal_gbt2589_{edition}", "raw_coal", "ncv")
        assert ncv == pytest.approx(5 / 7 * kgce, abs=5e-4)
    sets = [set(each["factor_sets"]) for each in methods().values()]
    assert not any({"standard_coal_gbt2589_2008", "standard_coal_gbt2589_2020"} <= each for each in sets)


@pytest.mark.parametrize("item", ["natural_gas", "coke_oven_gas", "coal_slime", "biogas"])
def test_a_carrier_with_a_range_has_no_default(item):
    """Trap 7: natural gas is 1.10 to 1.33 in 2020, without a default."""
    row = one("standard_coal_gbt2589_2020", item, "standard_coal")
    assert row.value is None
    assert row.low < row.high
    assert row.note


def test_natural_gas_is_two_items_in_2008_and_a_range_in_2020():
    assert value("standard_coal_gbt2589_2008", "oilfield_gas", "standard_coal") == 13.3
    assert value("standard_coal_gbt2589_2008", "gasfield_gas", "standard_coal") == 12.143
    row = one("standard_coal_gbt2589_2020", "natural_gas", "standard_coal")
    assert (row.low, row.high) == (11.0, 13.3)


def test_what_follows_from_a_heat_content_fills_only_what_the_standard_leaves_open():
    printed = {row.item for row in factors("standard_coal_gbt2589_2020") if row.kind == "standard_coal" and row.value}
    for row in factors("standard_coal_from_ncv"):
        assert row.item not in printed
        if row.item != "other_fuel":
            ncv = value("cn_fuels_ndrc" if row.source == "ndrc_ncv" else "ipcc_2006_fuels", row.item, "ncv")
            assert row.value == pytest.approx(ncv / KGCE_2020, abs=5e-5)
    for item in ("natural_gas", "coke_oven_gas"):
        row = one("standard_coal_gbt2589_2020", item, "standard_coal")
        assert row.low <= value("standard_coal_from_ncv", item, "standard_coal") <= row.high


def test_the_two_bases_of_electricity_differ_two_and_a_half_fold():
    """Trap 8: 1.229 against about 3 (once 4.04) tce per 10^4 kWh."""
    calorific = value("standard_coal_gbt2589_2020", "electricity", "standard_coal")
    assert calorific == 0.1229
    for row in factors("primary_energy"):
        assert row.basis == "primary_energy"
        assert 2.4 < row.value / calorific < 3.3
    assert value("primary_energy", "electricity", "primary_energy", definition="old_convention") == 0.404
    years = {row.data_year for row in factors("primary_energy") if row.definition == "supply_coal_rate"}
    assert years == {2020, 2021, 2022, 2023}


def test_every_kind_of_electricity_has_the_same_energy():
    for pack, kind in (
        ("standard_coal_gbt2589_2020", "standard_coal"),
        ("standard_coal_gbt2589_2008", "standard_coal"),
    ):
        assert {value(pack, item, kind) for item in ELECTRICITY} == {0.1229}
    for year in (2020, 2023):
        found = {
            value("primary_energy", item, "primary_energy", data_year=year, definition="supply_coal_rate")
            for item in ELECTRICITY
        }
        assert len(found) == 1


def test_heat_is_0_03412_tce_per_gigajoule():
    assert value("standard_coal_gbt2589_2020", "heat", "standard_coal") == 0.03412
    assert value("standard_coal_gbt2589_2020", "waste_heat_pressure", "standard_coal") == 0.03412


def test_a_mass_of_steam_finds_no_factor_but_the_old_one():
    """Trap 16: the mass needs pressure and temperature; 0.1286 is one old default."""
    found = {(row.pack, row.item): row.value for row in all_factors() if row.item.startswith("steam")}
    assert found == {("standard_coal_gbt2589_2008", "steam_low_pressure"): 0.1286}


def test_fresh_water_is_three_times_higher_in_2020():
    new, old = (value(f"working_media_gbt2589_{year}", "fresh_water", "primary_energy") for year in (2020, 2008))
    assert (new, old) == (0.0002571, 0.0000857)
