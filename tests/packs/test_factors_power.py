"""Power factors against the published tables, and the traps of year, area and definition."""

import re

import pytest

from tests.packs.packed import all_factors, areas, factors, methods, one, profiles, read_csv, value

NATION = {2021: 0.5568, 2022: 0.5366, 2023: 0.5306}
SEVEN = {"north", "northeast", "east", "central", "northwest", "south", "southwest"}
WITHOUT = ("tibet", "hong_kong", "macao", "taiwan")


def test_thirty_provinces_and_the_nation_of_2023_are_as_published(shared):
    table = read_csv(shared / "data/grid_factors_cn/grid_factor_2023.csv")
    ids = {area["name_zh"]: name for name, area in areas().items()} | {"全国": "china"}
    assert len(table) == 31
    for each in table:
        found = value("cn_power_average", "electricity", "power", area=ids[each["province"]], data_year=2023)
        assert found == float(each["kgco2_per_kwh"]), each["province"]


def test_every_year_has_thirty_provinces_seven_regions_and_the_nation():
    for year in NATION:
        rows = [row for row in factors("cn_power_average") if row.data_year == year and row.value is not None]
        kinds = [areas()[row.area]["kind"] for row in rows]
        assert (kinds.count("province"), kinds.count("grid_region"), kinds.count("nation")) == (30, 7, 1)


def test_years_are_data_years_and_stand_beside_the_day_of_publication():
    """Trap 9: 2021 is 0.5568 and 2022 is 0.5366; 0.5810 is the trading factor of 2021, 0.5703 of 2022."""
    published = {2021: "2024-04-12", 2022: "2024-12-20", 2023: "2025-12-31"}
    for year, factor in NATION.items():
        row = one("cn_power_average", "electricity", "power", area="china", data_year=year)
        assert (row.value, row.published) == (factor, published[year])
    assert {row.data_year: row.value for row in factors("cn_power_ets")} == {2015: 0.6101, 2021: 0.5810, 2022: 0.5703}


def test_yunnan_and_hebei_differ_five_fold():
    """Trap 10: province against nation is a choice of the profile."""
    yunnan, hebei = (
        value("cn_power_average", "electricity", "power", area=area, data_year=2023) for area in ("yunnan", "hebei")
    )
    assert hebei / yunnan == pytest.approx(4.9, abs=0.05)
    assert "power_average_national" in profiles()["china_park_national"]["methods"]
    assert "power_average_province" in profiles()["china_park_province"]["methods"]


def test_each_definition_is_a_pack_of_its_own():
    """Trap 11: five national numbers of one year never share a field."""
    national = {
        "cn_power_average": 0.5306,
        "cn_power_without_traded": 0.6096,
        "cn_power_fossil": 0.8273,
        "cn_power_life_cycle": 0.6205,
    }
    for pack, factor in national.items():
        rows = [row for row in factors(pack) if row.area == "china" and row.data_year == 2023 and not row.activity]
        assert [row.value for row in rows] == [factor]
    for pack in {row.pack for row in all_factors() if row.kind == "power"} - {"cn_power_ndrc"}:
        assert len({row.definition for row in factors(pack)}) == 1, pack


def test_the_trading_factor_is_not_the_announced_average():
    for year in (2021, 2022):
        assert value("cn_power_ets", "electricity", "power", data_year=year) != NATION[year]


def test_life_cycle_and_fossil_factors_serve_no_method():
    """Trap 11: neither is for scope 2."""
    used = {name for method in methods().values() for name in method["factor_sets"]}
    assert not used & {"cn_power_life_cycle", "cn_power_fossil"}
    assert {row.unit for row in factors("cn_power_life_cycle")} == {"tCO2e/MWh"}


def test_the_six_grids_of_2012_are_not_the_seven_of_2021():
    """Trap 12: the Southwest was part of Central."""
    old = {row.area for row in factors("cn_power_ndrc") if areas()[row.area]["kind"] == "grid_region"}
    new = {row.area for row in factors("cn_power_average") if areas()[row.area]["kind"] == "grid_region"}
    assert old == {f"china_2012_{name}" for name in SEVEN - {"southwest"}}
    assert new == {f"china_{name}" for name in SEVEN}
    assert not [name for name, area in areas().items() if area["parent"].startswith("china_2012_")]
    assert areas()["inner_mongolia"]["parent"] == "china"


@pytest.mark.parametrize("area", WITHOUT)
def test_areas_without_a_factor_say_so(area):
    """Trap 13: no neighbour's factor stands in."""
    rows = [row for row in factors("cn_power_average") if row.area == area]
    assert [(row.data_year, row.value) for row in rows] == [(2021, None), (2022, None), (2023, None)]
    assert areas()[area]["parent"] == "china"
    assert not [row for row in factors("cn_power_ndrc") if row.area == area]


def test_old_factors_are_low_and_their_two_series_are_apart():
    assert {row.confidence for row in factors("cn_power_ndrc")} == {"low"}
    by_definition = {(row.definition, row.data_year) for row in factors("cn_power_ndrc")}
    assert by_definition == {
        ("grid_average", 2010),
        ("grid_average", 2011),
        ("grid_average", 2012),
        ("assessment", 2016),
    }


def test_green_power_is_zero_by_line_in_both_views_and_by_certificate_in_one():
    location = {
        name for method in methods().values() if method.get("view") == "location" for name in method["factor_sets"]
    }
    market = {name for method in methods().values() if method.get("view") == "market" for name in method["factor_sets"]}
    assert "cn_power_direct" in location & market
    assert "cn_power_certified" in market - location
    assert {row.value for pack in ("cn_power_direct", "cn_power_certified") for row in factors(pack)} == {0.0}
    assert "electricity_traded_green" in methods()["power_average_national"]["carriers"]


def test_the_zero_carbon_park_factors_are_those_of_the_document(shared):
    text = (shared / "reference/zero_carbon_park_accounting.md").read_text(encoding="utf-8")
    grid = float(re.search(r"every other kind, grid included \| (\d\.\d+) kgCO2/kWh", text)[1])
    heat = float(re.search(r"default \*\*(\d\.\d+) tCO2/GJ", text)[1])
    assert value("zero_carbon_park_2025", "electricity", "power") == grid
    assert value("zero_carbon_park_2025", "heat", "heat") == heat
    others = [row for row in factors("zero_carbon_park_2025") if row.item not in ("electricity", "heat")]
    assert {row.value for row in others} == {0.0}


def test_the_zero_carbon_park_factor_is_the_fossil_one_of_2022():
    assert value("cn_power_fossil", "electricity", "power", data_year=2022) == 0.8325


def test_default_heat_is_0_11():
    assert value("cn_heat", "heat", "heat", definition="default") == 0.11
    assert one("cn_heat", "heat", "heat", definition="database_2026").confidence == "low"
