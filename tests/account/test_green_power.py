"""Green power by kind, and one MWh claimed once."""

import pytest

from tests.account.made_park import definitions, run

GREEN = "electricity_traded_green"
OWN = "electricity_self_renewable"
MARKET, LOCATION = {"variant": "view=market"}, {"variant": "view=location"}


@pytest.fixture
def national(packs):
    return definitions(packs, "china_park_national")


def buyer(made, name, green, grid=100.0):
    made.unit(name).energy(name, "electricity", "purchase", grid).energy(name, "electricity", "use_industrial", grid)
    if green:
        made.energy(name, GREEN, "purchase", green).energy(name, GREEN, "use_industrial", green)
    return made


def certificate(made, entity, number, claimed=None, sold=None, made_in=2023, period="2023"):
    """One row of the form: its cells stand in the same row of the sheet."""
    row = len(made.rows) + 100
    values = {"certificate.claimed": claimed, "certificate.sold": sold, "certificate.year": made_in}
    for column, (quantity, value) in enumerate(values.items()):
        if value is not None:
            place = {"counterparty": number, "cell": f"{'ABC'[column]}{row}"}
            made.row(entity, quantity, value, period, **place)
    return made


def told(result, rule):
    return [(f.entity, f.values["number"], f.values["amount"]) for f in result.findings if f.rule == rule]


def grid_factor(result):
    return next(r["factor_value"] for r in result.emissions if r["view"] == "market" and r["carrier"] == "electricity")


def test_a_certificate_used_once_changes_nothing(engine, national, made):
    certificate(buyer(made, "A", 50.0), "A", "G-1", claimed=50.0)
    result = run(made, national, engine)
    assert not result.has("green.not_credited")
    assert result.value("co2.power_net", **MARKET) == pytest.approx(100 * grid_factor(result))


def test_the_same_number_in_two_enterprises_is_credited_once(engine, national, made):
    buyer(made, "A", 50.0)
    buyer(made, "B", 30.0)
    certificate(made, "A", "G-1", claimed=50.0)
    certificate(made, "B", "G-1", claimed=30.0)
    result = run(made, national, engine)
    assert told(result, "certificate_twice") == [("B", "G-1", 30.0)]
    assert result.value("green.not_credited") == result.value("green.not_credited", "B") == 30
    assert result.value("co2.green_denied", **MARKET) == pytest.approx(30 * grid_factor(result))
    assert result.value("co2.total", item="green_denied", **MARKET) == pytest.approx(30 * grid_factor(result))
    assert result.value("co2.power_net", **MARKET) == pytest.approx(230 * grid_factor(result))


def test_enterprise_and_park_do_not_both_claim(engine, national, made):
    buyer(made, "A", 50.0)
    certificate(made, "A", "G-1", claimed=50.0)
    certificate(made, "park", "G-1", claimed=50.0)
    result = run(made, national, engine)
    assert told(result, "certificate_twice") == [("park", "G-1", 50.0)]
    assert told(result, "claim_above_purchase") == [("park", "G-1", 50.0)]


def test_a_certificate_of_another_year_is_not_credited(engine, national, made):
    certificate(buyer(made, "A", 50.0), "A", "G-1", claimed=50.0, made_in=2022)
    result = run(made, national, engine)
    assert told(result, "certificate_of_another_year") == [("A", "G-1", 50.0)]
    assert result.value("green.not_credited", item="certificate_of_another_year") == 50
    assert result.value("co2.power_net", **MARKET) == pytest.approx(150 * grid_factor(result))


def test_a_certificate_moves_nothing_in_the_location_view(engine, national, made):
    certificate(buyer(made, "A", 50.0), "A", "G-1", claimed=50.0, made_in=2022)
    result = run(made, national, engine)
    assert not result.has("co2.green_denied", **LOCATION)
    assert not result.has("co2.total", item="green_denied", **LOCATION)


def test_a_claim_above_the_power_bought_stands_for_nothing(engine, national, made):
    certificate(buyer(made, "A", 50.0), "A", "G-1", claimed=80.0)
    result = run(made, national, engine)
    assert told(result, "claim_above_purchase") == [("A", "G-1", 30.0)]
    assert not result.has("co2.green_denied", **MARKET)


def test_own_power_whose_certificate_was_sold_does_not_count_as_zero(engine, national, made):
    buyer(made, "A", 0.0).energy("A", OWN, "use_industrial", 60.0).energy("A", OWN, "sale", 40.0)
    certificate(made, "A", "G-9", sold=70.0)
    result = run(made, national, engine)
    assert told(result, "own_certificate_sold") == [("A", "G-9", 30.0)]
    assert result.value("co2.total", item="green_denied", **MARKET) == pytest.approx(30 * grid_factor(result))


def test_certificates_sold_with_the_power_sold_leave_own_use_at_zero(engine, national, made):
    buyer(made, "A", 0.0).energy("A", OWN, "use_industrial", 60.0).energy("A", OWN, "sale", 40.0)
    certificate(made, "A", "G-9", sold=40.0)
    result = run(made, national, engine)
    assert not result.has("green.not_credited")


def test_a_certificate_that_was_sold_is_nobody_elses_inside(engine, national, made):
    buyer(made, "A", 50.0).energy("A", OWN, "sale", 10.0)
    certificate(made, "A", "G-1", sold=10.0)
    certificate(made, "A", "G-1", claimed=10.0)
    result = run(made, national, engine)
    assert told(result, "certificate_sold") == [("A", "G-1", 10.0)]
