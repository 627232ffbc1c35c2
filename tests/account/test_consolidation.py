"""Figures of units and of the levels above them."""

import pytest

from greenpark.account import list_bases, list_views
from tests.account.made_park import definitions, factor, method, run, with_own


@pytest.fixture
def national(packs):
    return definitions(packs, "china_park_national")


@pytest.mark.parametrize("basis", ["calorific", "primary_energy"])
def test_power_used_outside_production_leaves_comprehensive_energy_at_every_level(engine, national, made, basis):
    """The statistical form counts industrial use; the park, which counts imports, must take the rest out."""
    made.unit("A").energy("A", "electricity", "purchase", 100.0).energy("A", "electricity", "use_industrial", 80.0)
    made.energy("A", "electricity", "use_other", 20.0).unit("B").energy("B", "natural_gas", "use_other", 5.0)
    made.energy("B", "natural_gas", "use_industrial", 1.0)
    result = run(made, national, engine)
    variant = f"basis={basis}"
    units = result.value("energy.total", "A", variant=variant) + result.value("energy.total", "B", variant=variant)
    assert result.value("energy.total", variant=variant) == pytest.approx(units, abs=1e-5)
    assert result.value("energy.imported", variant=variant) == pytest.approx(
        result.value("energy.total", "A", variant=variant) / 0.8
    )
    assert result.value("energy.final", "A", variant=variant) == pytest.approx(
        result.value("energy.imported", variant=variant)
    )


def test_own_renewable_power_is_used_but_not_imported(engine, national, made):
    made.unit("A").energy("A", "electricity_self_renewable", "use_industrial", 30.0)
    made.energy("A", "electricity_self_renewable", "recovery", 30.0).energy("A", "electricity", "purchase", 70.0)
    made.energy("A", "electricity", "use_industrial", 70.0)
    result = run(made, national, engine)
    assert (result.value("electricity.use"), result.value("electricity.imported")) == (100, 70)
    calorific = {"variant": "basis=calorific"}
    share = result.value("energy.renewable", **calorific) / result.value("energy.final", **calorific)
    assert share == pytest.approx(0.3)


def test_gross_sum_of_reports_leaves_out_what_they_deduct(engine, national, made):
    made.unit("A").energy("A", "electricity", "purchase", 10.0).energy("A", "electricity", "sale", 4.0)
    made.energy("A", "electricity", "use_industrial", 6.0)
    result = run(made, national, engine)
    location = {"variant": "view=location"}
    gross = result.value("co2.enterprise_sum", **location)
    assert result.value("co2.total", **location) == pytest.approx(gross * 0.6)
    assert result.value("co2.power_net", item="import", **location) == pytest.approx(gross)
    assert result.value("co2.power_net", item="export", **location) == pytest.approx(gross * -0.4)


def test_location_and_market_stand_beside_one_another(engine, national, made):
    made.unit("A").energy("A", "electricity", "purchase", 60.0).energy(
        "A", "electricity_traded_green", "purchase", 40.0
    )
    result = run(made, national, engine)
    location, market = (result.value("co2.power_net", variant=f"view={view}") for view in ("location", "market"))
    factors = {(row["view"], row["carrier"]): row["factor_value"] for row in result.emissions}
    assert location == pytest.approx(100 * factors["location", "electricity"])
    assert market == pytest.approx(60 * factors["market", "electricity"])
    assert factors["market", "electricity_traded_green"] == 0
    assert factors["market", "electricity"] != factors["location", "electricity"]


def test_an_activity_without_value_is_counted_as_missing(engine, national, made):
    made.unit("A").energy("A", "natural_gas", "use_industrial", None).energy("A", "diesel", "use_industrial", 1.0)
    result = run(made, national, engine)
    assert {(row["carrier"], row["status"]) for row in result.emissions} == {
        ("natural_gas", "no_activity"),
        ("diesel", "ok"),
    }
    direct = result.figure("co2.direct")
    assert (direct["status"], direct["rows"], direct["rows_unmatched"]) == ("partial", 2, 1)


def test_estimated_share_is_that_of_amounts_whatever_their_sign(engine, national, made):
    made.unit("A").energy("A", "electricity", "purchase", 30.0, status="estimated").energy(
        "A", "electricity", "sale", 10.0
    )
    made.energy("A", "electricity", "use_industrial", 20.0)
    result = run(made, national, engine)
    assert result.figure("co2.power_net", variant="view=location")["estimated_share"] == pytest.approx(0.75)


def test_coverage_of_the_observations_travels_with_the_figures(engine, national, made):
    made.unit("A").unit("B").energy("A", "natural_gas", "use_industrial", 1.0, coverage="above_scale")
    made.energy("B", "natural_gas", "use_industrial", 1.0, coverage="whole_park").unit("C")
    made.energy("C", "natural_gas", "use_industrial", 1.0, coverage="in_statistics")
    result = run(made, national, engine)
    found = {name: result.figure("co2.direct", name)["coverage"] for name in ("A", "B", "park")}
    assert found == {"A": "above_scale", "B": "whole_park", "park": "above_scale+in_statistics+whole_park"}


def test_a_second_profile_that_totals_a_view_otherwise_gets_its_own_variant(packs):
    profiles = [packs.profiles["china_park_national"], packs.profiles["china_park_province"]]
    variants = [view.variant for view in list_views(profiles, packs.methods)]
    assert variants == ["", "view=location", "view=market", "view=location@china_park_province"]
    assert [each.variant for each in list_bases(profiles, packs.methods)] == ["basis=calorific", "basis=primary_energy"]


def test_other_quantities_than_energy_need_no_profile(packs, engine, made):
    made.unit("A").row("A", "water.fresh", 5.0).energy("A", "natural_gas", "use_industrial", 1.0)
    result = run(made, definitions(packs), engine)
    assert result.value("water.fresh") == 5
    assert (result.energy, result.emissions) == ([], [])


def test_working_media_count_where_a_method_counts_them(packs, engine, made):
    made.unit("A").made("A", "cement_clinker", 1.0).energy("A", "compressed_air", "purchase", 10.0)
    result = run(made, with_own(definitions(packs), [packs.methods["working_media_2020"]]), engine)
    row = next(row for row in result.energy if row["carrier"] == "compressed_air")
    for name in ("A", "park"):
        assert result.value("energy.total", name, variant="basis=primary_energy") == pytest.approx(
            row["factor_value"] * 10
        )


def test_used_energy_that_no_method_counts_is_named_and_leaves_the_park_partial(packs, engine, made):
    factors = [factor("diesel", "co2", 3.0, "tCO2/t", basis="net")]
    direct = method("d", "combustion_direct", flows={"use_industrial": 1.0}, carriers=("diesel",))
    made.unit("A").energy("A", "fuel_oil", "use_industrial", 5.0).unit("B").energy("B", "diesel", "use_industrial", 1.0)
    result = run(made, with_own(definitions(packs), [direct], factors), engine)
    assert [(f.entity, f.values["carrier"], f.values["rows"]) for f in result.findings if f.rule == "not_counted"] == [
        ("A", "fuel_oil", 1)
    ]
    assert result.figure("co2.direct")["status"] == "partial"


def test_odd_rows_are_named(engine, national, made):
    made.unit("A").row("A", "energy.amount", 5.0, unit="t", flow="use_industrial")
    made.energy("A", "diesel", "use_industrial", 1e13).energy("A", "natural_gas", "use_industrial", 1.0, None)
    made.made("A", "crude_steel", 3.0)
    result = run(made, national, engine)
    assert [rule for rule in result.rules if rule != "no_process"] == [
        "carrier_missing",
        "period_unstated",
        "value_too_large",
    ]
    undated = [row for row in result.figures if row["start"] is None and row["quantity"] == "co2.direct"]
    assert {row["entity"] for row in undated} == {"A", "park"}


def test_messages_of_all_findings_can_be_said(packs, engine, national, made):
    made.unit("A", parent="B").unit("B", parent="A").energy("A", "diesel", "purchase", 5.0).made("A", "ammonia", 3.0)
    made.energy("A", "heat", "transfer", 5.0, counterparty="A").energy(
        "A", "heat", "transfer", 5.0, counterparty="nobody"
    )
    made.energy("A", "electricity", "use_industrial", 1.0, "2023-01")
    for finding in run(made, national, engine).findings:
        for language in ("zh", "en"):
            assert packs.messages.say(finding.message, language, **finding.values)
            assert packs.messages.say(f"{finding.message}.fix", language, **finding.values)
