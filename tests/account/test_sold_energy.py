"""Energy that is sold: a line of its own, deducted once, and no sale of the park where the buyer is inside."""

import pytest

from tests.account.made_park import definitions, run

CALORIFIC, PRIMARY = {"variant": "basis=calorific"}, {"variant": "basis=primary_energy"}
# GB/T 2589-2020, annex A [tce/t, tce/MWh]: coke, cleaned coal, power, diesel.
COKE, COAL, POWER, DIESEL = 0.9714, 0.9, 0.1229, 1.4571


@pytest.fixture
def national(packs):
    return definitions(packs, "china_park_national")


def coking(made):
    """1,000 t of coal become 750 t of coke: 600 t are sold, 400 of them to the foundry inside, 150 are burnt."""
    made.unit("K").unit("F")
    for flow in ("purchase", "use_industrial", "transform_in"):
        made.energy("K", "cleaned_coal", flow, 1000.0)
    made.energy("K", "coke", "transform_out", 750.0).energy("K", "coke", "use_industrial", 150.0)
    made.energy("K", "coke", "sale", 600.0).energy("K", "coke", "transfer", 400.0, counterparty="F")
    return made.energy("F", "coke", "purchase", 400.0).energy("F", "coke", "use_industrial", 400.0)


def test_fuel_sold_has_a_line_and_is_deducted_once(engine, national, made):
    result = run(coking(made), national, engine)
    assert result.rules == []
    assert result.value("energy.sold", "K", **CALORIFIC) == pytest.approx(600 * COKE, rel=1e-4)
    assert result.value("energy.sold", "K", item="coke", **PRIMARY) == pytest.approx(600 * COKE, rel=1e-4)
    # The coking plant: coal put in less coke made, and the coke it burns itself; its sale deducts nothing again.
    assert result.value("energy.total", "K", **CALORIFIC) == pytest.approx(1000 * COAL - 600 * COKE, rel=1e-4)
    assert not result.has("energy.sold", "F")


def test_what_is_delivered_inside_is_no_sale_of_the_park(engine, national, made):
    result = run(coking(made), national, engine)
    assert result.value("energy.sold", **CALORIFIC) == pytest.approx(200 * COKE, rel=1e-4)
    assert result.value("energy.sold", item="coke", **CALORIFIC) == pytest.approx(200 * COKE, rel=1e-4)
    # What crossed the park's boundary: coal in, 200 t of coke out.
    assert result.value("energy.total", **CALORIFIC) == pytest.approx(1000 * COAL - 200 * COKE, rel=1e-4)
    # And its carbon: coal in less coke out, each at its own factor.
    co2 = {row["carrier"]: row["factor_value"] for row in result.emissions if row["gas"] == "CO2"}
    assert result.value("co2.total", variant="view=location") == pytest.approx(
        1000 * co2["cleaned_coal"] - 200 * co2["coke"], rel=1e-9
    )


def test_power_heat_and_recovered_energy_sold_stand_in_the_same_line(engine, national, made):
    made.unit("A").energy("A", "natural_gas", "use_industrial", 50.0).energy("A", "natural_gas", "purchase", 50.0)
    made.energy("A", "natural_gas", "transform_in", 50.0).energy("A", "electricity", "transform_out", 100.0)
    made.energy("A", "electricity", "sale", 100.0).energy("A", "electricity_self_renewable", "use_industrial", 5.0)
    made.energy("A", "electricity_self_renewable", "sale", 10.0)
    made.energy("A", "waste_heat_pressure", "recovery", 1000.0).energy("A", "waste_heat_pressure", "sale", 1000.0)
    result = run(made, national, engine)
    sold = {
        item: result.value("energy.sold", item=item, **CALORIFIC)
        for item in ("electricity", "electricity_self_renewable", "waste_heat_pressure")
    }
    assert sold["electricity"] == pytest.approx(100 * POWER)
    assert sold["electricity_self_renewable"] == pytest.approx(10 * POWER)
    assert sold["waste_heat_pressure"] == pytest.approx(1000 / 29.3076, rel=1e-3)
    assert result.value("energy.sold", **CALORIFIC) == pytest.approx(sum(sold.values()))


def test_a_ledger_without_the_sale_leaves_the_line_of_the_park_without_a_value(engine, national, made):
    coking(made)
    for row in made.rows:
        if row["flow"] == "sale":
            row["value"] = 100.0
    result = run(made, national, engine)
    figure = result.figure("energy.sold", **CALORIFIC)
    assert (figure["value"], figure["status"]) == (None, "not_evaluable")
    assert "transfer_exceeds_supply" in result.rules


def test_fuel_lost_on_the_way_stays_in_the_energy_of_the_park_and_was_burnt_by_nobody(engine, national, made):
    """A trader gets 100 t in, 95 arrive next door: the park used up 100 t, and burnt 95."""
    made.unit("T").unit("B").energy("T", "diesel", "purchase", 100.0).energy("T", "diesel", "sale", 100.0)
    made.energy("T", "diesel", "transfer", 100.0, counterparty="B").energy("B", "diesel", "purchase", 95.0)
    made.energy("B", "diesel", "use_industrial", 95.0)
    result = run(made, national, engine)
    assert result.value("energy.total", **CALORIFIC) == pytest.approx(100 * DIESEL, rel=1e-4)
    assert result.value("energy.loss", **CALORIFIC) == pytest.approx(5 * DIESEL, rel=1e-4)
    per_tonne = next(row["factor_value"] for row in result.emissions if row["carrier"] == "diesel")
    assert result.value("co2.total", variant="view=location") == pytest.approx(95 * per_tonne)
    assert result.value("energy.sold", **CALORIFIC) == pytest.approx(0.0)


def test_a_loss_that_a_unit_reports_counts_above_it_and_is_no_use(engine, national, made):
    made.unit("T").energy("T", "diesel", "purchase", 100.0).energy("T", "diesel", "use_industrial", 90.0)
    made.energy("T", "diesel", "loss", 4.0).energy("T", "diesel", "sale", 6.0)
    result = run(made, national, engine)
    assert result.value("energy.total", "T", **CALORIFIC) == pytest.approx(90 * DIESEL, rel=1e-4)
    assert result.value("energy.total", **CALORIFIC) == pytest.approx(94 * DIESEL, rel=1e-4)
    assert result.value("energy.loss", item="diesel", **CALORIFIC) == pytest.approx(4 * DIESEL, rel=1e-4)


def test_steam_in_tonnes_that_is_lost_ends_no_run(engine, national, made):
    made.unit("A").unit("B").energy("A", "steam", "purchase", 50.0).energy("A", "steam", "sale", 50.0)
    made.energy("A", "steam", "transfer", 50.0, counterparty="B").energy("B", "steam", "purchase", 45.0)
    made.energy("B", "steam", "use_industrial", 45.0).energy("B", "gasoline", "use_industrial", 1.0)
    result = run(made, national, engine)
    assert "transfer_loss" in result.rules
    assert result.figure("co2.total", variant="view=location")["status"] == "partial"


def test_working_media_are_neither_energy_sold_nor_energy_lost(engine, national, made):
    made.unit("A").unit("B").energy("A", "oxygen", "purchase", 50.0).energy("A", "oxygen", "sale", 50.0)
    made.energy("A", "oxygen", "transfer", 50.0, counterparty="B").energy("B", "oxygen", "purchase", 45.0)
    made.energy("B", "gasoline", "use_industrial", 1.0)
    result = run(made, national, engine)
    assert not result.has("energy.sold")
    assert result.value("energy.total", **CALORIFIC) == result.value("energy.total", "B", **CALORIFIC)


def test_heat_made_of_biomass_is_renewable_once(engine, national, made):
    """Share of clean energy: biomass put in, heat made of it and used next door count once, as in the total."""
    made.unit("A").unit("B").energy("A", "biodiesel", "use_industrial", 100.0)
    made.energy("A", "biodiesel", "purchase", 100.0).energy("A", "biodiesel", "transform_in", 100.0)
    made.energy("A", "heat_nonfossil", "transform_out", 2000.0).transfer("A", "B", "heat_nonfossil", 2000.0)
    made.energy("B", "heat_nonfossil", "use_industrial", 2000.0)
    result = run(made, national, engine)
    total, clean = result.figure("energy.total", **CALORIFIC), result.figure("energy.clean", **CALORIFIC)
    assert clean["value"] == pytest.approx(total["value"])
    assert result.value("energy.renewable", **CALORIFIC) == pytest.approx(total["value"])


def test_green_power_that_passes_through_two_units_is_green_power_once(engine, national, made):
    """A trader buys 500 MWh from a direct line, sells 20 of them outside and 480 next door: 480 MWh are used."""
    made.unit("T").unit("B").energy("T", "electricity_direct_green", "purchase", 500.0)
    made.energy("T", "electricity_direct_green", "sale", 20.0)
    made.transfer("T", "B", "electricity_direct_green", 480.0)
    made.energy("B", "electricity_direct_green", "use_industrial", 480.0)
    result = run(made, national, engine)
    assert result.value("electricity.direct_green") == result.value("electricity.use") == 480


def test_a_sale_beside_purchases_of_others_asks_for_the_ledger(engine, national, made):
    coking(made)
    assert "sold_inside_perhaps" not in run(made, national, engine).rules
    made.rows = [row for row in made.rows if row["flow"] != "transfer"]
    result = run(made, national, engine)
    [told] = [f for f in result.findings if f.rule == "sold_inside_perhaps"]
    assert (told.severity, told.entity, told.values["amount"], told.values["bought"]) == ("note", "K", 600.0, 400.0)
    # Totals are those of the park with its ledger; only the line of what is sold is higher.
    assert result.value("energy.total", **CALORIFIC) == pytest.approx(1000 * COAL - 200 * COKE, rel=1e-4)
    assert result.value("energy.sold", **CALORIFIC) == pytest.approx(600 * COKE, rel=1e-4)
