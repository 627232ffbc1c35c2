"""Energy deducted as made, recovered or sold although nothing was counted that it came from: totals are marked."""

import pytest

from tests.account.made_park import MadePark, definitions, run

OWN, DIRECT, GRID = "electricity_self_renewable", "electricity_direct_green", "electricity"
LOCATION, CALORIFIC = {"variant": "view=location"}, {"variant": "basis=calorific"}
RULES = {
    "sold_without_supply",
    "made_without_input",
    "own_power_beyond_use",
    "fuel_without_input",
    "negative_combustion",
}
# Every case runs in one park, each in a unit of its own below a sub-park of its own: a mark climbs there and no further.
# name: rows of (carrier, flow, value); the rule that is told, or None; status of CO2 and of energy above (None: energy of
# biogas has no factor anyway).
CASES = {
    "power_sold_of_nothing": ([(GRID, "sale", 40.0)], "sold_without_supply", ("partial", "partial")),
    "green_power_sold_of_nothing": ([(DIRECT, "sale", 40.0)], "sold_without_supply", ("ok", "partial")),
    "power_made_of_nothing": ([(GRID, "transform_out", 9.0), (GRID, "sale", 9.0)], "made_without_input", ("partial",) * 2),
    "heat_made_of_nothing": ([("heat", "transform_out", 9.0), ("heat", "sale", 9.0)], "made_without_input", ("partial",) * 2),
    "sun_made_beside_a_gas_boiler": (
        [("natural_gas", "purchase", 1.0), ("natural_gas", "use_industrial", 1.0), (OWN, "use_industrial", 60.0),
         (OWN, "transform_out", 60.0)], "made_without_input", ("ok", "partial"),
    ),
    "own_power_beyond_own_use": (
        [("biomass", "use_industrial", 9.0), ("biomass", "transform_in", 9.0), (OWN, "use_industrial", 6.0),
         (OWN, "transform_out", 10.0)], "own_power_beyond_use", ("ok", "partial"),
    ),
    "gas_recovered_of_nothing": (
        [("blast_furnace_gas", "recovery", 5.0), ("blast_furnace_gas", "use_industrial", 5.0)], "fuel_without_input",
        ("partial",) * 2,
    ),
    "coke_made_of_nothing": ([("coke", "transform_out", 5.0), ("coke", "sale", 5.0)], "fuel_without_input", ("partial",) * 2),
    "more_gas_than_coke": (
        [("coke", "use_industrial", 1.0), ("blast_furnace_gas", "recovery", 90.0)], "negative_combustion", ("partial",) * 2,
    ),
    "coke_and_its_gas": (
        [("coke", "use_industrial", 90.0), ("blast_furnace_gas", "recovery", 5.0), ("blast_furnace_gas", "use_industrial", 5.0)],
        None, ("ok", "ok"),
    ),
    "power_bought_and_sold_on": ([(GRID, "purchase", 9.0), (GRID, "sale", 9.0)], None, ("ok", "ok")),
    "power_of_gas": (
        [("natural_gas", "use_industrial", 3.0), ("natural_gas", "transform_in", 3.0), (GRID, "transform_out", 9.0),
         (GRID, "sale", 9.0)], None, ("ok", "ok"),
    ),
    "power_of_waste_heat": (
        [("waste_heat_pressure", "recovery", 90.0), ("waste_heat_pressure", "use_industrial", 90.0), (GRID, "transform_out", 9.0),
         (GRID, "use_industrial", 9.0)], None, ("ok", "ok"),
    ),
    "hot_water_of_bought_heat": (
        [("heat", "purchase", 9.0), ("heat", "use_industrial", 9.0), ("heat_nonfossil", "transform_out", 8.0),
         ("heat_nonfossil", "sale", 8.0)], None, ("ok", "ok"),
    ),
    "heat_recovered": ([("heat", "recovery", 9.0), ("heat", "use_industrial", 9.0)], None, ("ok", "ok")),
    "biogas_of_waste_water": ([("biogas", "recovery", 9.0), ("biogas", "use_industrial", 9.0)], None, ("ok", None)),
    "own_power_used_and_sold": ([(OWN, "use_industrial", 9.0), (OWN, "sale", 4.0)], None, ("ok", "ok")),
    "fuel_traded": ([("diesel", "purchase", 9.0), ("diesel", "sale", 9.0)], None, ("ok", "ok")),
}  # fmt: skip


@pytest.fixture(scope="module")
def result(packs, engine):
    made = MadePark(packs)
    for name, (rows, _, _) in CASES.items():
        made.entities.append(
            {"batch": "b", "entity": f"of_{name}", "kind": "sub_park", "name": name, "area": "jiangsu"}
        )
        made.unit(name, parent=f"of_{name}")
        for carrier, flow, value in rows:
            made.energy(name, carrier, flow, value)
        # Something that counts, so that every total exists.
        made.energy(name, "gasoline", "use_industrial", 1.0) if "nothing" not in name else None
    return run(made, definitions(packs, "china_park_national"), engine)


@pytest.mark.parametrize("name", CASES)
def test_what_came_of_nothing_is_told_at_its_cell_and_marks_the_totals_above(result, name):
    _, rule, status = CASES[name]
    told = [finding for finding in result.findings if finding.entity == name and finding.rule in RULES]
    assert [finding.rule for finding in told] == ([rule] if rule else [])
    assert all(finding.severity == "error" and finding.place.cell for finding in told)
    if result.has("co2.total", f"of_{name}", **LOCATION):
        assert result.figure("co2.total", f"of_{name}", **LOCATION)["status"] == status[0]
    if status[1]:
        assert result.figure("energy.total", f"of_{name}", **CALORIFIC)["status"] == status[1]


def test_the_park_above_is_partial_in_all_its_totals(result):
    for quantity, where in (("co2.total", LOCATION), ("ghg.total", LOCATION), ("energy.total", CALORIFIC)):
        assert result.figure(quantity, **where)["status"] == "partial"


def test_amounts_are_told_and_stand_at_the_cell_of_the_flow(result):
    told = {f.entity: f for f in result.findings if f.rule in RULES}
    assert told["power_sold_of_nothing"].values["amount"] == 40.0
    assert told["own_power_beyond_own_use"].values["amount"] == 4.0
    assert told["more_gas_than_coke"].values["amount"] < -100.0
    cell = told["power_made_of_nothing"].place.cell
    row = next(each for each in result.accounts.observations.to_pyarrow().to_pylist() if each["cell"] == cell)
    assert (row["entity"], row["flow"]) == ("power_made_of_nothing", "transform_out")


def test_solar_power_reported_as_put_in_counts_once_where_it_is_sold_inside(packs, engine, made):
    """40 MWh made on a roof and sold next door: 40 × 0.1229 tce in the park's total, nothing bought from outside."""
    made.unit("S").unit("B").energy("S", OWN, "use_industrial", 40.0).energy("S", OWN, "transform_in", 40.0)
    made.energy("S", DIRECT, "transform_out", 40.0).transfer("S", "B", DIRECT, 40.0)
    made.energy("B", DIRECT, "use_industrial", 40.0)
    result = run(made, definitions(packs, "china_park_national"), engine)
    assert not RULES & set(result.rules)
    total = result.figure("energy.total", **CALORIFIC)
    assert (total["status"], total["value"]) == ("ok", pytest.approx(40 * 0.1229))
    assert result.value("energy.total", "S", **CALORIFIC) == pytest.approx(0)
    assert result.value("electricity.imported") == pytest.approx(0)
    assert result.value("electricity.use") == pytest.approx(40)
    assert result.value("energy.clean", **CALORIFIC) == pytest.approx(40 * 0.1229)
