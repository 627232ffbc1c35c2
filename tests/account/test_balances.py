"""Uses that no supply explains, supplies whose use is not reported, uses that follow from stocks."""

import pytest

from tests.account.made_park import definitions, run


@pytest.fixture
def national(packs):
    return definitions(packs, "china_park_national")


def amounts(result, rule):
    return [(f.entity, f.values["carrier"], f.values["amount"]) for f in result.findings if f.rule == rule]


def test_use_follows_from_stocks_purchase_and_sale_as_estimated(packs, engine, national, made):
    made.unit("A").energy("A", "diesel", "stock_open", 10.0).energy("A", "diesel", "purchase", 100.0)
    made.energy("A", "diesel", "sale", 20.0).energy("A", "diesel", "stock_close", 5.0).unit("B")
    made.energy("B", "diesel", "use_industrial", 85.0)
    result = run(made, national, engine)
    assert amounts(result, "use_derived") == [("A", "diesel", 85.0)]
    for quantity, variant in (("co2.direct", ""), ("energy.total", "basis=calorific")):
        derived, used = (result.figure(quantity, name, variant=variant) for name in "AB")
        assert derived["value"] == pytest.approx(used["value"], abs=1e-5)
        assert (derived["estimated_share"], used["estimated_share"]) == (pytest.approx(1), 0)
    signed = {row["flow"]: row["t"] > 0 for row in result.emissions if row["entity"] == "A"}
    assert signed == {"stock_open": True, "purchase": True, "sale": False, "stock_close": False}


def test_stocks_of_every_month_add_up_to_the_change_of_the_year(engine, national, made):
    made.unit("A")
    level = 50.0
    for month in range(1, 13):
        period = f"2023-{month:02d}"
        made.energy("A", "diesel", "stock_open", level, period).energy("A", "diesel", "purchase", 10.0, period)
        level -= 1
        made.energy("A", "diesel", "stock_close", level, period)
    assert amounts(run(made, national, engine), "use_derived") == [("A", "diesel", 132.0)]


def test_a_reported_use_is_never_replaced(engine, national, made):
    made.unit("A").energy("A", "diesel", "stock_open", 10.0).energy("A", "diesel", "purchase", 100.0)
    made.energy("A", "diesel", "stock_close", 5.0).energy("A", "diesel", "use_industrial", 0.0)
    result = run(made, national, engine)
    assert (result.rules, result.value("co2.direct")) == ([], 0)


def test_a_purchase_without_use_is_no_silent_zero(engine, national, made):
    made.unit("A").energy("A", "diesel", "purchase", 100.0).unit("B").energy("B", "natural_gas", "use_industrial", 1.0)
    result = run(made, national, engine)
    assert amounts(result, "use_not_reported") == [("A", "diesel", 100.0)]
    assert (
        result.figure("co2.direct")["status"]
        == result.figure("co2.total", variant="view=location")["status"]
        == "partial"
    )
    assert result.figure("co2.direct", "B")["status"] == "ok"


def test_one_stock_alone_gives_no_use(engine, national, made):
    made.unit("A").energy("A", "diesel", "purchase", 100.0).energy("A", "diesel", "stock_close", 20.0)
    assert amounts(run(made, national, engine), "use_not_reported") == [("A", "diesel", 80.0)]


def test_stocks_that_give_a_negative_use_count_in_nothing(engine, national, made):
    made.unit("A").energy("A", "diesel", "stock_open", 1.0).energy("A", "diesel", "stock_close", 5.0)
    result = run(made, national, engine)
    assert amounts(result, "use_negative") == [("A", "diesel", -4.0)]
    assert result.emissions == []


def test_a_trader_uses_nothing(engine, national, made):
    made.unit("A").energy("A", "diesel", "purchase", 100.0).energy("A", "diesel", "sale", 100.0)
    assert run(made, national, engine).rules == []


def test_power_that_nobody_supplied_is_named(engine, national, made):
    made.unit("A").energy("A", "electricity", "use_industrial", 10.0).unit("B").energy(
        "B", "electricity", "purchase", 5.0
    )
    made.energy("B", "electricity", "use_industrial", 5.0)
    result = run(made, national, engine)
    assert amounts(result, "use_without_supply") == [("A", "electricity", 10.0)]
    assert result.figure("co2.total", variant="view=location")["status"] == "partial"
    assert not result.has("co2.power_net", "A")


def test_power_that_is_made_or_recovered_has_a_supply(engine, national, made):
    made.unit("A").energy("A", "electricity", "use_industrial", 10.0).energy("A", "electricity", "transform_out", 10.0)
    made.energy("A", "natural_gas", "use_industrial", 5.0).unit("B").energy("B", "heat", "use_industrial", 10.0).energy(
        "B", "heat", "recovery", 10.0
    )
    assert run(made, national, engine).rules == []


def test_bought_power_without_use_leaves_emissions_whole_and_energy_partial(engine, national, made):
    made.unit("A").energy("A", "electricity", "purchase", 10.0)
    result = run(made, national, engine)
    assert amounts(result, "use_not_reported") == [("A", "electricity", 10.0)]
    assert result.figure("co2.total", variant="view=location")["status"] == "ok"
    assert result.figure("energy.total", variant="basis=calorific")["status"] == "partial"
