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


def warned(result, rule="green_without_certificate"):
    return [(f.entity, f.values["carrier"], f.values["amount"]) for f in result.findings if f.rule == rule]


def test_green_power_without_a_certificate_counts_as_reported_and_is_warned_of_at_its_cell(engine, national, made):
    buyer(made, "A", 50.0)
    result = run(made, national, engine)
    [told] = [f for f in result.findings if f.rule == "green_without_certificate"]
    assert (told.severity, told.values["amount"], told.values["zero"]) == ("warning", 50.0, ["view=market"])
    row = next(row for row in made.rows if row["cell"] == told.place.cell)
    assert (row["carrier"], row["flow"]) == (GREEN, "purchase")
    assert result.value("green.unproven") == 50
    assert result.value("co2.power_net", **MARKET) == pytest.approx(100 * grid_factor(result))
    assert result.value("co2.green_unproven", **MARKET) == pytest.approx(50 * grid_factor(result))
    # Apart from every total, and nothing in the location view, in which it is grid power already.
    assert not result.has("co2.total", item="green_unproven", **MARKET)
    assert not result.has("co2.green_unproven", **LOCATION)


def test_certificates_for_a_part_leave_the_rest_unproven(engine, national, made):
    certificate(buyer(made, "A", 50.0), "A", "G-1", claimed=30.0)
    made.energy("A", "electricity_certificate_green", "purchase", 7.0)
    made.energy("A", "electricity_certificate_green", "use_industrial", 7.0)
    result = run(made, national, engine)
    assert warned(result) == [("A", GREEN, 20.0), ("A", "electricity_certificate_green", 7.0)]
    assert result.value("green.unproven", item=GREEN) == 20


def test_what_is_denied_is_not_unproven_too(engine, national, made):
    certificate(buyer(made, "A", 50.0), "A", "G-1", claimed=50.0, made_in=2022)
    result = run(made, national, engine)
    assert warned(result) == []
    assert result.value("green.not_credited") == 50


def test_own_power_counts_at_zero_by_its_meter_and_asks_for_its_certificates(engine, national, made):
    buyer(made, "A", 0.0).energy("A", OWN, "use_industrial", 60.0)
    result = run(made, national, engine)
    assert warned(result, "own_power_without_certificate") == [("A", OWN, 60.0)]
    assert not result.has("green.unproven")
    assert not result.has("co2.green_unproven", **MARKET)
    certificate(made, "A", "G-5", claimed=60.0)
    proven = run(made, national, engine)
    assert not {"own_power_without_certificate", "claim_above_purchase"} & set(proven.rules)


def test_power_of_a_direct_line_needs_no_certificate(engine, national, made):
    buyer(made, "A", 0.0).energy("A", "electricity_direct_green", "purchase", 5.0)
    made.energy("A", "electricity_direct_green", "use_industrial", 5.0)
    assert run(made, national, engine).rules == []


def test_what_is_not_credited_counts_where_nobody_bought_grid_power(engine, national, made):
    """All power of the park is green, and its certificate is of another year: 50 MWh count at the market factor."""
    made.unit("A").energy("A", GREEN, "purchase", 50.0).energy("A", GREEN, "use_industrial", 50.0)
    certificate(made, "A", "G-1", claimed=50.0, made_in=2022)
    result = run(made, national, engine)
    # 2023, without market-traded non-fossil power: 0.6096 tCO2/MWh (announcement 47/2025).
    assert result.value("co2.total", **MARKET) == pytest.approx(50 * 0.6096)


def test_a_roll_up_says_how_many_units_have_none(packs, engine, made):
    buyer(buyer(made, "A", 50.0), "B", 30.0)
    result = run(made, definitions(packs, "china_park_national", figures_of=("zone",)), engine)
    told = [f for f in result.findings if f.rule == "green_without_certificate"]
    assert [(f.values["units"], f.values["amount"]) for f in told] == [(2, 80.0)]
