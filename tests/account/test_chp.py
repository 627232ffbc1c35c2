"""Plants that make power and heat, and what the split of their fuel CO2 moves and does not move."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenpark.account.chp import SPLITS, Plant
from tests.account.made_park import definitions, run

SPLIT_NAMES = ("heat_quantity", "efficiency", "exergy")


@pytest.fixture
def national(packs):
    return definitions(packs, "china_park_national")


def plant(made, name="A", gas=100.0, power=2000.0, heat=10_000.0, to="B"):
    made.unit(name).energy(name, "natural_gas", "use_industrial", gas)
    made.energy(name, "natural_gas", "purchase", gas).energy(name, "natural_gas", "transform_in", gas)
    made.energy(name, "electricity", "transform_out", power).energy(name, "heat", "transform_out", heat)
    made.transfer(name, to, "heat", heat).energy(name, "electricity", "sale", power)
    return made


def receiver(made, heat, name="B"):
    return made.unit(name).energy(name, "heat", "use_industrial", heat)


def test_the_parts_are_the_fuel_and_the_factors_are_those_of_the_parts(engine, national, made):
    result = run(receiver(plant(made), 10_000.0), national, engine)
    fuel = result.value("chp.fuel_co2", "A")
    assert fuel == pytest.approx(result.value("co2.combustion", "A"), rel=1e-9)
    for name in SPLIT_NAMES:
        split = {"variant": f"allocation={name}"}
        power, heat = result.value("chp.co2_power", "A", **split), result.value("chp.co2_heat", "A", **split)
        assert power + heat == pytest.approx(fuel, rel=1e-9)
        assert result.value("chp.power_factor", "A", **split) == pytest.approx(power / 2000, rel=1e-6)
        assert result.value("chp.heat_factor", "A", **split) == pytest.approx(heat / 10_000, rel=1e-6)
    by_heat = {"variant": "allocation=heat_quantity"}
    assert result.value("chp.co2_heat", "A", **by_heat) == pytest.approx(fuel * 10_000 / (10_000 + 2000 * 3.6))


def test_heat_quantity_takes_the_heat_of_the_boilers_where_it_is_reported(engine, national, made):
    plant(made).row("A", "chp.boiler_heat", 40_000.0)
    result = run(receiver(made, 10_000.0), national, engine)
    share = result.value("chp.co2_heat", "A", variant="allocation=heat_quantity") / result.value("chp.fuel_co2", "A")
    assert share == pytest.approx(0.25)


def test_what_the_default_factor_leaves_is_shown_and_in_no_total(engine, national, made):
    """A plant at its own factor, buyers at the default: the residue stands beside the total, not in it."""
    result = run(receiver(plant(made), 10_000.0), national, engine)
    location = {"variant": "view=location"}
    default = result.value("co2.heat_net", "B", **location) / 10_000
    for name in SPLIT_NAMES:
        split = {"variant": f"allocation={name}"}
        own = result.value("chp.heat_factor", "A", **split)
        assert result.value("co2.unallocated", **split) == pytest.approx(10_000 * (default - own), abs=1e-5)
    assert result.value("co2.heat_net", **location) == pytest.approx(0, abs=1e-6)


def test_internal_heat_of_0_09_at_a_default_of_0_11_leaves_two_hundredths_per_gj(engine, national, made):
    heat, per_gas = 10_000.0, 21.622268
    gas = 0.09 * heat / per_gas
    result = run(receiver(plant(made, gas=gas, power=0.0, heat=heat), heat), national, engine)
    own = result.value("chp.heat_factor", "A", variant="allocation=efficiency")
    residue = result.value("co2.unallocated", variant="allocation=efficiency")
    assert residue == pytest.approx(heat * (0.11 - own), abs=1e-5)
    assert own == pytest.approx(0.09, rel=0.02)


def test_several_plants_have_factors_of_their_own(engine, national, made):
    plant(made, "A", gas=100.0, heat=10_000.0)
    plant(made, "C", gas=300.0, heat=10_000.0)
    result = run(receiver(made, 20_000.0), national, engine)
    factors = {name: result.value("chp.heat_factor", name, variant="allocation=efficiency") for name in "AC"}
    assert factors["C"] == pytest.approx(3 * factors["A"], rel=1e-6)
    assert result.value("chp.fuel_co2") == pytest.approx(result.value("co2.combustion"), rel=1e-9)
    assert not result.has("chp.heat_factor", variant="allocation=efficiency")


def test_a_plant_whose_fuel_has_no_factor_is_named_and_not_split(engine, national, made):
    made.unit("A").energy("A", "raw_coal", "use_industrial", 10.0).energy("A", "raw_coal", "purchase", 10.0)
    made.energy("A", "raw_coal", "transform_in", 10.0).energy("A", "heat", "transform_out", 100.0)
    made.energy("A", "heat", "use_industrial", 100.0)
    result = run(made, national, engine)
    assert [(f.entity, f.values["carrier"]) for f in result.findings if f.rule == "chp_fuel_unknown"] == [
        ("A", "raw_coal")
    ]
    assert not result.has("chp.fuel_co2", "A")


def test_a_plant_whose_fuel_has_no_amount_is_named_and_not_split(engine, national, made):
    plant(made).energy("A", "diesel", "transform_in", None)
    result = run(receiver(made, 10_000.0), national, engine)
    assert not result.has("chp.fuel_co2", "A")
    assert [f.values["carrier"] for f in result.findings if f.rule == "chp_fuel_unknown"] == ["diesel"]


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(gas=st.floats(10, 1000), power=st.floats(0, 5000), heat=st.floats(100, 50_000), boiler=st.floats(60_000, 90_000))
def test_the_total_of_the_park_does_not_depend_on_the_split(engine, packs, gas, power, heat, boiler):
    from tests.account.made_park import MadePark

    totals = []
    for reported in (None, boiler):
        made = receiver(plant(MadePark(packs), gas=gas, power=power, heat=heat), heat)
        if reported:
            made.row("A", "chp.boiler_heat", reported)
        result = run(made, definitions(packs, "china_park_national"), engine)
        totals.append(result.value("co2.total", variant="view=location"))
        net = result.value("co2.direct") + result.value("co2.power_net", variant="view=location")
        assert totals[-1] == pytest.approx(net, rel=1e-9, abs=1e-5)
    assert totals[0] == totals[1]


@given(power=st.floats(0, 1e6), heat=st.floats(1, 1e6), boiler=st.one_of(st.none(), st.floats(1, 1e7)))
def test_every_split_gives_heat_a_share_between_nothing_and_all(power, heat, boiler):
    parameters = {"heat_efficiency": 0.8, "power_efficiency": 0.35, "carnot": 0.3546}
    for split in SPLITS.values():
        assert 0 <= split(Plant("A", 2023, 1.0, power, heat, boiler), parameters) <= 1
