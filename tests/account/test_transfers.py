"""The ledger of deliveries inside the park."""

import pytest

from tests.account.made_park import definitions, run


@pytest.fixture
def national(packs):
    return definitions(packs, "china_park_national")


def found(result, rule):
    return [(f.entity, f.values["carrier"]) for f in result.findings if f.rule == rule]


def test_a_ledger_larger_than_sale_or_purchase_is_named(engine, national, made):
    made.unit("A").unit("B").energy("A", "heat", "transform_out", 100.0).energy(
        "A", "heat", "transfer", 50.0, counterparty="B"
    )
    made.energy("A", "heat", "sale", 40.0).energy("B", "heat", "purchase", 45.0).energy(
        "B", "heat", "use_industrial", 45.0
    )
    result = run(made, national, engine)
    exceeding = [f for f in result.findings if f.rule == "transfer_exceeds_supply"]
    told = [(f.entity, f.values["side"], f.values["transferred"], f.values["reported"]) for f in exceeding]
    assert told == [("A", "sale", 50.0, 40.0)]
    lost = [(f.entity, f.values["receiver"], f.values["loss"]) for f in result.findings if f.rule == "transfer_loss"]
    assert lost == [("A", "B", 5.0)]


def test_what_is_lost_on_the_way_stays_the_parks_own(engine, national, made):
    """A supplier's meter shows 100, the receiver's 95: nothing was exported, and the total is that of the fuel."""
    made.unit("A").unit("B").energy("A", "natural_gas", "use_industrial", 40.0)
    made.energy("A", "natural_gas", "transform_in", 40.0).energy("A", "heat", "transform_out", 100.0)
    made.energy("A", "heat", "sale", 100.0).energy("A", "heat", "transfer", 100.0, counterparty="B")
    made.energy("B", "heat", "purchase", 95.0).energy("B", "heat", "use_industrial", 95.0)
    result = run(made, national, engine)
    location = {"variant": "view=location"}
    assert (result.value("heat.imported"), result.value("heat.exported"), result.value("heat.loss")) == (0, 0, 5)
    assert result.value("co2.total", **location) == pytest.approx(result.value("co2.direct"), rel=1e-9)
    assert result.value("co2.total", item="network_loss", **location) == pytest.approx(5 * 0.11)
    gas = result.value("energy.total", variant="basis=calorific", item="natural_gas")
    assert result.value("energy.total", variant="basis=calorific") == pytest.approx(gas)
    per_gj = next(row["factor_value"] for row in result.energy if row["carrier"] == "heat")
    assert result.value("energy.loss", variant="basis=calorific") == pytest.approx(5 * per_gj, abs=1e-5)
    assert result.figure("co2.total", **location)["status"] == "ok"


def test_a_delivery_whose_purchase_is_missing_leaves_no_negative_import(engine, national, made):
    made.unit("A").unit("B").energy("A", "heat", "transform_out", 100.0).energy("A", "heat", "sale", 100.0)
    made.energy("A", "heat", "transfer", 100.0, counterparty="B").energy("B", "heat", "use_industrial", 100.0)
    result = run(made, national, engine)
    imported = result.figure("heat.imported")
    assert (imported["value"], imported["status"]) == (None, "not_evaluable")
    assert result.figure("co2.total", variant="view=location")["status"] == "partial"
    assert ("B", "heat") in found(result, "transfer_exceeds_supply")


def test_a_ledger_is_held_against_each_month_where_both_are_by_month(engine, national, made):
    made.unit("A").unit("B").energy("A", "heat", "transform_out", 24.0)
    for month in range(1, 13):
        period = f"2023-{month:02d}"
        late = {1: 1.0, 2: 3.0}.get(month, 2.0)
        made.energy("A", "heat", "transfer", 2.0, period, counterparty="B").energy("A", "heat", "sale", 2.0, period)
        made.energy("B", "heat", "purchase", late, period).energy("B", "heat", "use_industrial", late, period)
    result = run(made, national, engine)
    told = [
        (f.entity, f.values["side"], f.values["month"]) for f in result.findings if f.rule == "transfer_month_differs"
    ]
    assert told == [("B", "purchase", "2023-01")]


def test_monthly_ledger_is_held_against_yearly_sale(engine, national, made):
    made.unit("A").unit("B").energy("A", "heat", "transform_out", 1.2).energy("A", "diesel", "use_industrial", 1.0)
    for month in range(1, 13):
        made.energy("A", "heat", "transfer", 0.1, f"2023-{month:02d}", counterparty="B")
    made.energy("A", "heat", "sale", 1.2).energy("B", "heat", "purchase", 1.2).energy(
        "B", "heat", "use_industrial", 1.2
    )
    assert run(made, national, engine).rules == []


def test_a_receiver_that_nobody_registered_is_outside(engine, national, made):
    made.unit("A").energy("A", "heat", "transform_out", 100.0).energy(
        "A", "heat", "transfer", 50.0, counterparty="nobody"
    )
    made.energy("A", "heat", "sale", 50.0)
    result = run(made, national, engine)
    assert found(result, "transfer_outside") == [("A", "heat")]
    # What leaves for somebody unknown leaves the park.
    assert result.value("heat.exported") == 50
    assert not result.has("co2.internal_double_count", variant="view=location")


def test_nobody_supplies_itself(engine, national, made):
    made.unit("A").energy("A", "heat", "transform_out", 100.0).energy("A", "heat", "transfer", 50.0, counterparty="A")
    made.energy("A", "heat", "sale", 50.0).energy("A", "heat", "purchase", 50.0).energy(
        "A", "heat", "use_industrial", 50.0
    )
    result = run(made, national, engine)
    assert found(result, "transfer_to_itself") == [("A", "heat")]
    assert not result.has("co2.internal_double_count", variant="view=location")


def test_the_park_itself_may_supply_its_units_and_be_supplied(engine, national, made):
    """A utility that is registered as the park still delivers inside the park."""
    made.unit("B").energy("park", "heat", "transform_out", 100.0).transfer("park", "B", "heat", 60.0)
    made.energy("B", "heat", "use_industrial", 60.0).transfer("B", "park", "electricity", 5.0)
    made.energy("B", "electricity", "transform_out", 5.0).energy("park", "electricity", "use_industrial", 5.0)
    result = run(made, national, engine)
    assert result.value("heat.exported") == result.value("heat.imported") == 0
    assert result.value("electricity.exported") == result.value("electricity.imported") == 0


def test_deliveries_between_parts_leave_the_part_and_stay_in_the_park(engine, national, made):
    for part in ("east", "west"):
        made.unit(part, kind="sub_park", parent="park")
    made.unit("A", parent="east").unit("B", parent="west").unit("C", parent="east")
    made.energy("A", "heat", "transform_out", 100.0).transfer("A", "B", "heat", 30.0).transfer("A", "C", "heat", 20.0)
    for name, value in (("B", 30.0), ("C", 20.0)):
        made.energy(name, "heat", "use_industrial", value)
    result = run(made, national, engine)
    exported = {name: result.value("heat.exported", name) for name in ("A", "east", "park")}
    assert exported == {"A": 50, "east": 30, "park": 0}
    imported = {name: result.value("heat.imported", name) for name in ("B", "west", "C", "park")}
    assert imported == {"B": 30, "west": 30, "C": 20, "park": 0}
    location = {"variant": "view=location"}
    counted = {name: result.value("co2.internal_double_count", name, **location) for name in ("east", "park")}
    assert counted["east"] * 50 == pytest.approx(counted["park"] * 20)
    assert not result.has("co2.internal_double_count", "west")
