"""The known traps of energy and carbon accounting, by number, where they take a calculation.

What a pack alone must get right (units, ranges, slips of printing) stands in ``tests/packs``; the CHP plant in the park
and the warming potentials stand in ``tests/account/test_oracles.py``.
"""

import re

import pytest

from greenpark.account.matching import Key, match_rates
from greenpark.account.methods import Knowledge
from greenpark.catalog import load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.units import UnitError, Units
from tests.account.made_park import KINDS, MadePark, definitions, factor, method, run, with_own

USES = {"use_industrial": 1.0, "use_other": 1.0}
RATIO = {"carbon_to_co2": 44 / 12}


@pytest.fixture(scope="module")
def packs():
    return load_packs(kinds=KINDS)


@pytest.fixture(scope="module")
def engine():
    opened = Engine("duckdb")
    yield opened
    opened.close()


def bought(packs, methods, area="jiangsu", year=2023, item="electricity", flow="purchase"):
    """The rows that an amount of a carrier gets under the methods."""
    knowledge = Knowledge(packs.carriers, packs.factor_sets, Units(packs.units.values()))
    chosen = [packs.methods[name] for name in methods]
    keys = [Key("energy.amount", item, flow, area, year)]
    return match_rates(keys, chosen, knowledge, packs.areas, {"CO2": 1.0}, "AR5").to_pylist()


def rate(packs, name, area="jiangsu", year=2023, item="electricity"):
    (row,) = bought(packs, [name], area, year, item)
    assert row["status"] == "ok"
    return row["rate"]


def own_fuel(packs, *parts, **more):
    """A profile with one method on the test's own factors of diesel."""
    fuels = method("f", "combustion_net", flows=USES, kinds=("fuel",), parameters=RATIO, **more)
    return with_own(definitions(packs), [fuels], [factor("diesel", *part[:3], **part[3]) for part in parts])


def test_every_trap_has_a_test(repo):
    told = "".join(path.read_text(encoding="utf-8") for path in sorted((repo / "tests").rglob("test_*.py")))
    named = {int(number) for number in re.findall(r"Traps? (\d+)", told)}
    assert named >= set(range(1, 23))


def test_gas_is_counted_by_ten_thousand_cubic_metres(packs, engine):
    """Trap 1: one unit of natural gas is 10^4 Nm3: about 21.6 t CO2 and 13.3 tce."""
    result = run(
        MadePark(packs).unit("A").energy("A", "natural_gas", "use_industrial", 1.0),
        definitions(packs, "china_park_national"),
        engine,
    )
    assert result.value("co2.direct") == pytest.approx(21.6, rel=0.02)
    assert result.value("energy.total", variant="basis=calorific") == pytest.approx(13.3, rel=0.01)
    with pytest.raises(UnitError):  # a cubic metre as metered is no normal cubic metre
        Units(packs.units.values()).multiplier("m3", "Nm3")


@pytest.mark.parametrize(
    ("profile", "item", "quantity", "status"),
    [
        ("us_plants", "us_ng", "energy.heat_gross", "ok"),
        ("us_plants", "us_ng", "energy.heat_net", "basis_mismatch"),
        ("china_park_national", "natural_gas", "energy.heat_net", "ok"),
        ("china_park_national", "natural_gas", "energy.heat_gross", "basis_mismatch"),
    ],
)
def test_gross_and_net_heat_never_meet(packs, engine, profile, item, quantity, status):
    """Trap 2: heat of one calorific basis with a factor of the other gives a status and no number."""
    made = (
        MadePark(packs)
        .unit("A", area="us_ga" if item == "us_ng" else "jiangsu")
        .row("A", quantity, 1000.0, carrier=item)
    )
    result = run(made, definitions(packs, profile), engine)
    assert {(row["status"], row["t"] is None) for row in result.emissions} == {(status, status != "ok")}
    direct = result.figure("co2.direct")
    assert (direct["value"] is None, direct["status"]) == ((False, "ok") if status == "ok" else (True, "not_evaluable"))


def test_carbon_content_in_any_of_its_units(packs, engine):
    """Trap 3: 0.0153 tC/GJ, 15.3 tC/TJ and 15.3 kgC/GJ are one value."""
    found = []
    for value, unit in ((0.0202, "tC/GJ"), (20.2, "tC/TJ"), (20.2, "kgC/GJ")):
        given = own_fuel(
            packs,
            ("ncv", 43.33, "GJ/t", {"basis": "net"}),
            ("carbon_content", value, unit, {"basis": "net"}),
            ("oxidation", 0.98, "1", {}),
        )
        found.append(
            run(MadePark(packs).unit("A").energy("A", "diesel", "use_industrial", 1000.0), given, engine).value(
                "co2.direct"
            )
        )
    assert found == [pytest.approx(1000 * 43.33 * 0.0202 * 0.98 * 44 / 12)] * 3


def test_carbon_becomes_carbon_dioxide_exactly_once(packs, engine):
    """Trap 4: a factor of carbon is multiplied by 44/12, one of CO2 is not, and a carbon factor is no CO2 factor."""
    carbon = own_fuel(
        packs,
        ("ncv", 40.0, "GJ/t", {"basis": "net"}),
        ("carbon_content", 0.02, "tC/GJ", {"basis": "net"}),
        ("oxidation", 1.0, "1", {}),
    )
    made = MadePark(packs).unit("A").energy("A", "diesel", "use_industrial", 1.0)
    assert run(made, carbon, engine).value("co2.direct") == pytest.approx(40 * 0.02 * 44 / 12, abs=1e-6)
    direct = method("d", "combustion_direct", flows=USES, kinds=("fuel",))
    dioxide = with_own(definitions(packs), [direct], [factor("diesel", "co2", 3.1, "tCO2/t", basis="net")])
    assert run(made, dioxide, engine).value("co2.direct") == 3.1
    wrong = with_own(definitions(packs), [direct], [factor("diesel", "co2", 0.85, "tC/t", basis="net")])
    assert {row["status"] for row in run(made, wrong, engine).emissions} == {"no_factor"}


def test_oxidation_and_calorific_value_are_those_of_the_stated_method(packs, engine):
    """Trap 5 and Trap 6: one tonne of coal gives different CO2 by method, and each row says which factors it took."""
    made = MadePark(packs).unit("A").energy("A", "bituminous_coal", "use_industrial", 1.0)
    found = {}
    for name in ("combustion_ndrc", "combustion_ipcc_2006"):
        result = run(made, with_own(definitions(packs), [packs.methods[name]]), engine)
        found[name] = [row for row in result.emissions if row["gas"] in ("CO2", "")]
    (row,) = found["combustion_ndrc"]
    assert row["t"] == pytest.approx(23.204 * 0.02618 * 0.93 * 44 / 12)
    assert "oxidation" in row["factor"] and "ncv" in row["factor"] and row["method"] == "combustion_ndrc@2013"
    assert all(other["status"] == "no_factor" or other["t"] > row["t"] for other in found["combustion_ipcc_2006"])
    raw = run(
        MadePark(packs).unit("A").energy("A", "raw_coal", "use_industrial", 1.0),
        definitions(packs, "china_park_national"),
        engine,
    )
    assert {each["status"] for each in raw.emissions} == {"no_factor"}


def test_standard_coal_is_no_amount_of_heat(packs):
    """Trap 7: whether a tonne of coal equivalent is 29.271 or 29.3076 GJ is said by a factor, never by a unit."""
    with pytest.raises(UnitError):
        Units(packs.units.values()).multiplier("GJ", "tce")


def test_both_energy_bases_stand_side_by_side(packs, engine):
    """Trap 8: electricity at 0.1229 (calorific, 当量值) or about 0.30 tce/MWh (primary energy, 等价值), each named."""
    made = (
        MadePark(packs)
        .unit("A")
        .energy("A", "electricity", "use_industrial", 10_000.0)
        .energy("A", "electricity", "purchase", 10_000.0)
    )
    result = run(made, definitions(packs, "china_park_national"), engine)
    calorific, primary = (result.value("energy.total", variant=f"basis={b}") for b in ("calorific", "primary_energy"))
    assert calorific == pytest.approx(1229)
    assert 2.4 < primary / calorific < 2.6
    assert not result.has("energy.total", variant="")


@pytest.mark.parametrize(("year", "value"), [(2021, 0.5568), (2022, 0.5366), (2023, 0.5306)])
def test_the_grid_factor_is_that_of_the_year_of_activity(packs, engine, year, value):
    """Trap 9: data year, publication year and year of activity differ; each row states the data year it took."""
    made = MadePark(packs).unit("A").energy("A", "electricity", "purchase", 1000.0, str(year))
    result = run(made, definitions(packs, "china_park_national"), engine)
    (row,) = [row for row in result.emissions if row["view"] == "location"]
    assert (row["factor_value"], row["factor_year"], row["t"]) == (value, year, pytest.approx(1000 * value))


@pytest.mark.parametrize(("year", "value"), [(2019, 0.6101), (2021, 0.5810), (2022, 0.5703), (2024, 0.5703)])
def test_factors_of_emissions_trading_have_years_of_their_own(packs, year, value):
    """Trap 9: 0.5810 is the number of 2021 and 0.5703 that of 2022."""
    assert rate(packs, "power_ets", year=year) == value


def test_province_region_and_nation_are_the_methods_choice(packs):
    """Trap 10: by province Hebei is about five times Yunnan; by nation they are equal."""
    by_province = {area: rate(packs, "power_average_province", area) for area in ("hebei", "yunnan")}
    assert by_province["hebei"] / by_province["yunnan"] > 4
    assert rate(packs, "power_average_national", "hebei") == rate(packs, "power_average_national", "yunnan")
    by_region = rate(packs, "power_average_region", "yunnan")
    assert by_region not in (by_province["yunnan"], rate(packs, "power_average_national", "yunnan"))


def test_the_numbers_of_one_year_keep_their_definitions_apart(packs):
    """Trap 11: average, without market-traded non-fossil, zero-carbon park and emissions trading: four numbers."""
    names = ("power_average_national", "power_residual_market", "power_zero_carbon_park", "power_ets")
    rows = bought(packs, names, year=2022)
    assert {row["factor_definition"] for row in rows} == {
        "average",
        "without_traded_non_fossil",
        "zero_carbon_park",
        "ets",
    }
    assert len({row["rate"] for row in rows}) == 4


def test_regions_are_those_of_2021_and_say_so_where_there_is_none(packs):
    """Trap 12: Sichuan lies in the Southwest; Inner Mongolia has two grids, hence none, and takes the nation's factor."""
    for area, taken in (("sichuan", "china_southwest"), ("hubei", "china_central"), ("inner_mongolia", "china")):
        (row,) = bought(packs, ["power_average_region"], area)
        assert (row["status"], row["factor_area"]) == ("ok", taken)


@pytest.mark.parametrize("area", ["tibet", "hong_kong", "macao", "taiwan"])
def test_a_place_without_factor_has_a_status_and_never_zero(packs, engine, area):
    """Trap 13: Tibet has no factor, nor have Hong Kong, Macao and Taiwan."""
    if area not in packs.areas:
        area = ""
    made = MadePark(packs).unit("A", area=area or "nowhere").unit("B").energy("A", "electricity", "purchase", 100.0)
    made.energy("B", "electricity", "purchase", 50.0)
    result = run(made, definitions(packs, "china_park_province"), engine)
    (row,) = [row for row in result.emissions if row["entity"] == "A" and row["view"] == "location"]
    assert (row["t"], row["status"]) == (None, "no_factor")
    location = {"variant": "view=location"}
    alone, park = result.figure("co2.power_net", "A", **location), result.figure("co2.power_net", **location)
    assert (alone["value"], alone["status"]) == (None, "not_evaluable")
    assert (park["value"] == result.value("co2.power_net", "B", **location), park["status"]) == (True, "partial")


def test_green_power_counts_zero_once_and_only_in_its_view(packs, engine):
    """Trap 15: certified power is zero in the market view, grid power in the location view; sent out it deducts nothing."""
    made = MadePark(packs).unit("A").energy("A", "electricity_traded_green", "purchase", 100.0)
    made.energy("A", "electricity_traded_green", "sale", 40.0)
    result = run(made, definitions(packs, "china_park_national", "zero_carbon_park_2025"), engine)
    found = {
        view: result.value("co2.power_net", variant=f"view={view}")
        for view in ("location", "market", "zero_carbon_park")
    }
    assert found == {"location": pytest.approx(60 * 0.5306), "market": 0, "zero_carbon_park": 0}


def test_a_mass_of_steam_has_no_heat(packs, engine):
    """Trap 16: without pressure and temperature a tonne of steam is neither energy nor CO2, and nothing calls it zero."""
    made = (
        MadePark(packs).unit("A").energy("A", "steam", "purchase", 100.0).energy("A", "steam", "use_industrial", 100.0)
    )
    made.energy("A", "heat", "purchase", 5.0).energy("A", "heat", "use_industrial", 5.0)
    result = run(made, definitions(packs, "china_park_national", "zero_carbon_park_2025"), engine)
    steam = [row for row in (*result.energy, *result.emissions) if row["carrier"] == "steam"]
    assert {row["status"] for row in steam} == {"no_factor"}
    assert {row["view"] for row in steam if "view" in row} == {"location", "market", "zero_carbon_park"}
    for quantity, variant in (
        ("heat.imported", ""),
        ("co2.heat_net", "view=location"),
        ("energy.total", "basis=calorific"),
    ):
        assert result.figure(quantity, variant=variant)["status"] == "partial"
    assert result.value("heat.imported") == 5


def test_carbon_of_by_product_gas_is_counted_once(packs, engine):
    """Trap 19: what leaves the coke or the furnace as gas is taken out where it is made and counted where it burns."""
    made = MadePark(packs).unit("works").energy("works", "coke", "use_industrial", 1000.0)
    given = definitions(packs, "china_park_national")
    coke = run(made, given, engine).value("co2.combustion")
    made.energy("works", "blast_furnace_gas", "transform_out", 50.0)
    made.energy("works", "blast_furnace_gas", "use_industrial", 50.0)
    assert run(made, given, engine).value("co2.combustion") == pytest.approx(coke, abs=1e-5)
    sold = MadePark(packs).unit("works").energy("works", "coke", "use_industrial", 1000.0)
    sold.energy("works", "blast_furnace_gas", "transform_out", 50.0).unit("mill")
    sold.energy("mill", "blast_furnace_gas", "use_industrial", 50.0)
    result = run(sold, given, engine)
    assert result.value("co2.combustion", "works") < coke
    assert result.value("co2.combustion") == pytest.approx(coke, abs=1e-5)
