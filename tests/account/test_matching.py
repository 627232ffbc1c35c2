"""Which factor an activity takes, and what is said where there is none."""

import pytest

from greenpark.account.matching import Key, match_rates
from greenpark.account.methods import Knowledge
from greenpark.engine.units import Units
from tests.account.made_park import MadePark, definitions, factor, method, run, with_own


def matches(packs, methods, keys, gwp=None):
    knowledge = Knowledge(packs.carriers, packs.factor_sets, Units(packs.units.values()))
    found = match_rates(keys, methods, knowledge, packs.areas, gwp or {"CO2": 1.0}, "AR5")
    return found.to_pylist()


def bought(packs, method_id, area, year, item="electricity"):
    found = matches(packs, [packs.methods[method_id]], [Key("energy.amount", item, "purchase", area, year)])
    assert len(found) == 1
    return found[0]


def test_every_row_carries_method_factor_area_year_definition_and_status(packs):
    row = bought(packs, "power_average_province", "hebei", 2022)
    assert row["method"] == "power_average_province@2025"
    assert row["factor"] == "cn_power_average/cn_power_average.hebei.2022"
    assert (row["factor_area"], row["factor_year"], row["factor_definition"]) == ("hebei", 2022, "average")
    assert (row["status"], row["confidence"], row["gwp_set"]) == ("ok", "high", "AR5")


@pytest.mark.parametrize(
    ("year", "taken"), [(2019, 2021), (2021, 2021), (2022, 2022), (2023, 2023), (2024, 2023), (2030, 2023)]
)
def test_same_data_year_else_the_newest_before_else_the_oldest(packs, year, taken):
    assert bought(packs, "power_average_national", "jiangsu", year)["factor_year"] == taken


def test_newest_factor_wins_where_the_method_asks_for_it(packs):
    newest = packs.methods["power_average_national"].model_copy(update={"year_rule": "latest_published"})
    row = matches(packs, [newest], [Key("energy.amount", "electricity", "purchase", "jiangsu", 2021)])[0]
    assert row["factor_year"] == 2023


def test_an_activity_without_year_finds_no_dated_factor(packs):
    row = bought(packs, "power_average_national", "jiangsu", 0)
    assert (row["status"], row["rate"]) == ("no_factor", None)


def test_an_entity_without_area_finds_no_regional_factor(packs):
    row = bought(packs, "power_average_province", "", 2023)
    assert (row["status"], row["rate"]) == ("no_factor", None)


def test_a_factor_counts_only_while_it_is_valid(packs, engine):
    factors = [
        factor("heat", "heat", 0.1, "tCO2/GJ", gas="CO2", id="old", until="2023-01-01"),
        factor("heat", "heat", 0.2, "tCO2/GJ", gas="CO2", id="new", since="2023-01-01", until="2024-01-01"),
    ]
    heat = method(
        "h", "heat", category="heat", view="location", flows={"purchase": 1.0}, carriers=("heat",), year_rule="valid"
    )
    made = MadePark(packs).unit("A")
    for year in ("2022", "2023", "2024"):
        made.energy("A", "heat", "purchase", 100.0, year)
    result = run(made, with_own(definitions(packs), [heat], factors), engine)
    found = {row["start"].year: (row["t"], row["status"]) for row in result.emissions}
    assert found == {2022: (pytest.approx(10), "ok"), 2023: (pytest.approx(20), "ok"), 2024: (None, "no_factor")}


def test_parts_of_a_combustion_factor_are_valid_together(packs, engine):
    """Carbon content changed in 2023: the product of the three changes with it."""
    parts = [
        factor("diesel", "ncv", 43.0, "GJ/t", basis="net"),
        factor("diesel", "carbon_content", 0.020, "tC/GJ", basis="net", id="old", until="2023-01-01"),
        factor("diesel", "carbon_content", 0.021, "tC/GJ", basis="net", id="new", since="2023-01-01"),
        factor("diesel", "oxidation", 1.0, "1"),
    ]
    fuels = method(
        "f", "combustion_net", flows={"use_industrial": 1.0}, parameters={"carbon_to_co2": 44 / 12}, kinds=("fuel",)
    )
    made = MadePark(packs).unit("A").energy("A", "diesel", "use_industrial", 1.0, "2022")
    made.energy("A", "diesel", "use_industrial", 1.0, "2023")
    result = run(made, with_own(definitions(packs), [fuels], parts), engine)
    found = {row["start"].year: row["t"] for row in result.emissions}
    assert found == {2022: pytest.approx(43 * 0.020 * 44 / 12), 2023: pytest.approx(43 * 0.021 * 44 / 12)}


def test_the_first_set_with_a_value_wins(packs):
    row = matches(
        packs,
        [packs.methods["combustion_database_2026"]],
        [Key("energy.amount", "natural_gas", "use_industrial", "jiangsu", 2023)],
    )[0]
    assert "cn_fuels_database_2026" in row["factor"]
    row = matches(
        packs,
        [packs.methods["combustion_database_2026"]],
        [Key("energy.amount", "anthracite", "use_industrial", "jiangsu", 2023)],
    )[0]
    assert "cn_fuels_ndrc" in row["factor"]


def test_confidence_is_the_least_of_factor_method_and_activity(packs, engine):
    made = MadePark(packs).unit("A").energy("A", "natural_gas", "use_industrial", 1.0, confidence="low")
    made.energy("A", "diesel", "use_industrial", 1.0)
    result = run(made, definitions(packs, "china_park_national"), engine)
    found = {row["carrier"]: row["confidence"] for row in result.emissions}
    assert found == {"natural_gas": "low", "diesel": "medium"}
    assert result.figure("co2.direct")["confidence"] == "low"
    assert result.figure("co2.direct", item="diesel")["confidence"] == "medium"


def test_biogenic_carbon_is_shown_apart(packs, engine):
    factors = [factor("biomass", "co2", 1.5, "tCO2/t", basis="net")]
    direct = method("d", "combustion_direct", flows={"use_industrial": 1.0}, kinds=("fuel",))
    made = MadePark(packs).unit("A").energy("A", "biomass", "use_industrial", 10.0)
    result = run(made, with_own(definitions(packs), [direct], factors), engine)
    assert result.value("co2.biogenic") == pytest.approx(15)
    assert not result.has("co2.direct")


def test_feedstock_is_taken_out_of_combustion(packs, engine):
    made = MadePark(packs).unit("A").energy("A", "natural_gas", "use_industrial", 100.0)
    whole = run(made, definitions(packs, "china_park_national"), engine).value("co2.combustion")
    made.energy("A", "natural_gas", "use_feedstock", 40.0)
    result = run(made, definitions(packs, "china_park_national"), engine)
    assert result.value("co2.combustion") == pytest.approx(whole * 0.6)
    assert result.value("energy.feedstock", variant="basis=calorific") == pytest.approx(
        result.value("energy.total", variant="basis=calorific") * 0.4
    )


def test_net_heat_takes_the_place_of_amount_and_calorific_value(packs, engine):
    made = MadePark(packs).unit("A").energy("A", "natural_gas", "use_industrial", 1.0)
    by_amount = run(made, definitions(packs, "china_park_national"), engine).value("co2.combustion")
    ncv = next(
        f.value for f in packs.factor_sets["cn_fuels_ndrc"].factors if (f.item, f.kind) == ("natural_gas", "ncv")
    )
    heat = MadePark(packs).unit("A").row("A", "energy.heat_net", ncv, carrier="natural_gas")
    by_heat = run(heat, definitions(packs, "china_park_national"), engine)
    assert by_heat.value("co2.combustion") == pytest.approx(by_amount)


def test_an_empty_factor_is_no_factor_and_never_zero(packs, engine):
    direct = method("d", "combustion_direct", flows={"use_industrial": 1.0}, kinds=("fuel",))
    made = MadePark(packs).unit("A").unit("B").energy("A", "diesel", "use_industrial", 10.0)
    made.energy("B", "natural_gas", "use_industrial", 1.0)
    factors = [
        factor("diesel", "co2", None, "tCO2/GJ", basis="net"),
        factor("natural_gas", "co2", 21.0, "tCO2/万Nm3", basis="net"),
    ]
    result = run(made, with_own(definitions(packs), [direct], factors), engine)
    found = {row["carrier"]: (row["t"], row["status"]) for row in result.emissions}
    assert found == {"diesel": (None, "no_factor"), "natural_gas": (21.0, "ok")}
    assert result.figure("co2.direct", "A") | {"status": "not_evaluable", "value": None} == result.figure(
        "co2.direct", "A"
    )
    assert (result.value("co2.direct"), result.figure("co2.direct")["status"]) == (21.0, "partial")


def test_a_gas_without_warming_potential_keeps_its_mass_and_says_so(packs, engine):
    factors = [factor("diesel", "co2", 3.0, "tCO2/t", basis="net"), factor("diesel", "ch4", 0.001, "t/t", basis="net")]
    direct = method("d", "combustion_direct", flows={"use_industrial": 1.0}, kinds=("fuel",))
    bought = method("p", "power", category="power", view="location", flows={"purchase": 1.0})
    given = with_own(definitions(packs), [direct, bought], factors, gwp_set="AR5")
    sets = dict(given.knowledge.factor_sets)
    gwp = sets["gwp"]
    sets["gwp"] = gwp.model_copy(update={"factors": tuple(f for f in gwp.factors if f.item != "CH4")})
    knowledge = Knowledge(given.knowledge.carriers, sets, given.knowledge.units)
    made = MadePark(packs).unit("A").energy("A", "diesel", "use_industrial", 10.0)
    result = run(made, definitions(packs, knowledge=knowledge, methods=given.methods, profiles=given.profiles), engine)
    found = {row["gas"]: (row["t"], row["co2e"], row["status"]) for row in result.emissions}
    assert found == {"CO2": (30.0, 30.0, "ok"), "CH4": (pytest.approx(0.01), None, "no_gwp")}
    total = result.figure("ghg.total", variant="view=location")
    assert (total["value"], total["status"], total["rows_unmatched"]) == (30.0, "partial", 1)
    assert result.figure("co2.total", variant="view=location")["status"] == "ok"
