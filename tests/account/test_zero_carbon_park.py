"""The zero-carbon-park method of 2025: the worked example of the reference note, and its open points."""

from functools import cache

import pytest

from greenpark.account import name_variants
from greenpark.catalog import load_packs
from greenpark.engine.units import Units
from greenpark.evaluate import evaluate, score_findings
from greenpark.measure import measure
from greenpark.model.schemes import readings_of
from tests.account.made_park import KINDS, definitions, factor, run

DIRECT, CERTIFIED, GRID = "electricity_direct_green", "electricity_traded_green", "electricity"
VIEW, ENERGY = {"variant": "view=zero_carbon_park"}, {"variant": "basis=primary_energy"}


def example(made, certified=150_000.0, grid=40_000.0):
    """Own numbers of the note, not official: one unit, power in MWh."""
    made.unit("U").energy("U", "natural_gas", "use_industrial", 1000.0).energy("U", "natural_gas", "purchase", 1000.0)
    made.energy("U", DIRECT, "purchase", 500_000.0).energy("U", DIRECT, "sale", 20_000.0)
    made.energy("U", DIRECT, "use_industrial", 480_000.0)
    for carrier, amount in ((CERTIFIED, certified), (GRID, grid), ("heat", 200_000.0)):
        if amount:
            made.energy("U", carrier, "purchase", amount).energy("U", carrier, "use_industrial", amount)
    return made


def proven(made, claimed, made_in=2023):
    """A certificate of these MWh."""
    for cell, quantity, value in (("A90", "certificate.claimed", claimed), ("B90", "certificate.year", made_in)):
        made.row("U", quantity, value, counterparty="G-1", cell=cell)
    return made


def with_the_notes_factors(packs, *profiles):
    """The pack's methods on the note's own assumptions: gas 389.31 GJ and 13.3 tce, 0.0561 tCO2/GJ, 0.30 kgce/kWh."""
    given = definitions(packs, *profiles)
    own = [
        factor("natural_gas", "ncv", 389.31, "GJ/万Nm3", basis="net"),
        factor("natural_gas", "carbon_content", 0.0561 / 44 * 12, "tC/GJ", basis="net"),
        factor("natural_gas", "oxidation", 1.0, "1"),
        factor("natural_gas", "standard_coal", 13.3, "tce/万Nm3", basis="calorific"),
        factor("heat", "standard_coal", 0.03412, "tce/GJ", basis="calorific"),
    ]
    # Of coking, the test's own: oxidation 0.9 of coal and 0.95 of coke.
    for item, ncv, carbon, oxidised, coal in (
        ("cleaned_coal", 26.0, 0.026, 0.9, 0.9),
        ("coke", 28.0, 0.03, 0.95, 0.97),
    ):
        own += [
            factor(item, "ncv", ncv, "GJ/t", basis="net"),
            factor(item, "carbon_content", carbon, "tC/GJ", basis="net"),
            factor(item, "oxidation", oxidised, "1"),
            factor(item, "standard_coal", coal, "tce/t", basis="calorific"),
        ]
    own += [
        factor(each, "primary_energy", 0.30, "tce/MWh", basis="primary_energy", definition="supply_coal_rate")
        for each in (DIRECT, CERTIFIED, GRID, "electricity_self_renewable")
    ]
    sets = dict(given.knowledge.factor_sets)
    any_set = sets["zero_carbon_park_2025"]
    sets["own"] = any_set.model_copy(
        update={"head": any_set.head.model_copy(update={"id": "own"}), "factors": tuple(own)}
    )
    knowledge = type(given.knowledge)(given.knowledge.carriers, sets, given.knowledge.units)
    methods = {
        name: each.model_copy(update={"factor_sets": ("own",)})
        if name.startswith(("energy_zero_carbon", "combustion_database", "conversion_full"))
        and not name.endswith("old_convention")
        else each
        for name, each in given.methods.items()
    }
    return type(given)(knowledge, given.quantities, methods, given.profiles, given.areas, given.top)


def test_the_worked_example_of_the_note(packs, engine, made):
    given = with_the_notes_factors(packs, "zero_carbon_park_2025")
    result = run(example(made), given, engine)
    assert result.value("co2.combustion", item="natural_gas") == pytest.approx(21_840.3, abs=0.05)
    assert result.value("co2.power_net", **VIEW) == pytest.approx(33_300.0, rel=1e-9)
    assert result.value("co2.heat_net", **VIEW) == pytest.approx(22_000.0, rel=1e-9)
    assert result.value("co2.total", **VIEW) == pytest.approx(77_140.3, abs=0.05)
    assert result.value("energy.total", **ENERGY, item="natural_gas") == pytest.approx(13_300)
    power = [result.value("energy.total", **ENERGY, item=each) for each in (DIRECT, CERTIFIED, GRID)]
    assert sum(power) == pytest.approx(201_000)
    assert result.value("energy.total", **ENERGY, item="heat") == pytest.approx(6_824)
    assert result.value("energy.total", **ENERGY) == pytest.approx(221_124)
    z1 = result.value("co2.total", **VIEW) / result.value("energy.total", **ENERGY)
    assert z1 == pytest.approx(0.349, abs=5e-4)
    assert result.value("co2.total", **VIEW) - 0.2 * result.value("energy.total", **ENERGY) == pytest.approx(
        32_915.5, abs=0.05
    )
    direct = result.value("electricity.direct_green")  # of 500 GWh bought 20 are sold on
    assert direct / (direct + 150_000 + 40_000) == pytest.approx(0.716, abs=5e-4)


def test_with_the_last_40_gwh_green_the_limit_is_met(packs, engine, made):
    given = with_the_notes_factors(packs, "zero_carbon_park_2025")
    result = run(example(made, certified=190_000.0, grid=0.0), given, engine)
    assert result.value("co2.total", **VIEW) == pytest.approx(43_840.3, abs=0.05)
    z1 = result.value("co2.total", **VIEW) / result.value("energy.total", **ENERGY)
    assert z1 == pytest.approx(0.198, abs=5e-4)


def test_use_outside_production_counts_in_the_denominator_and_in_clean_energy(packs, engine, made):
    made.unit("U").energy("U", GRID, "purchase", 100.0).energy("U", GRID, "use_industrial", 60.0)
    made.energy("U", GRID, "use_other", 40.0).energy("U", DIRECT, "purchase", 50.0)
    made.energy("U", DIRECT, "use_other", 50.0)
    result = run(made, definitions(packs, "china_park_national", "zero_carbon_park_2025"), engine)
    own = "basis=primary_energy@zero_carbon_park_2025"
    for name in ("U", "park"):
        per_mwh = result.value("energy.total", name, variant="basis=primary_energy", item=GRID) / 60
        assert result.value("energy.total", name, variant=own) == pytest.approx(150 * per_mwh, abs=1e-5)
        assert result.value("energy.clean", name, variant=own) == pytest.approx(50 * per_mwh, abs=1e-5)
        assert result.value("energy.total", name, variant="basis=primary_energy") == pytest.approx(
            60 * per_mwh, abs=1e-5
        )


def judged(packs, engine, made):
    scheme = packs_with_schemes().schemes["zero_carbon_park_2025"]
    readings = readings_of(scheme)
    profiles = dict.fromkeys(["zero_carbon_park_2025", *(other.profile for _, other in readings)])
    given = with_the_notes_factors(packs, *profiles)
    result = run(made, given, engine)
    variants = name_variants(given.profiles, given.methods)
    figures = engine.from_arrow(_figures(result))
    units = Units(packs.units.values())
    found = engine.to_arrow(measure(figures, [scheme], packs.quantities, units, variants, ["park"], engine))
    scores = evaluate(found, [scheme], {}, {}, None, units)
    return result, found.to_pylist(), scores


@cache
def packs_with_schemes():
    return load_packs(kinds=(*KINDS, "schemes"))


def _figures(result):
    import pyarrow as pa

    from greenpark.engine.schema import arrow_schema
    from greenpark.model.tables import FIGURES

    return pa.Table.from_pylist([{"run": "r", **row} for row in result.figures], schema=arrow_schema(FIGURES))


def test_each_open_point_is_computed_and_a_flip_is_said(packs, engine, made):
    """At 0.198 tCO2/tce the limit of 0.2 is met; read otherwise, it is not: the verdict says on which point it hangs."""
    made = proven(example(made, certified=190_000.0, grid=0.0), 200_000.0)
    made.energy("U", "electricity_self_renewable", "use_industrial", 10_000.0)
    result, indicators, scores = judged(packs, engine, made)
    z1 = {row["variant"]: row["value"] for row in indicators if row["indicator"].endswith(".co2_per_energy")}
    total, energy = result.value("co2.total", **VIEW), result.value("energy.total", **ENERGY)
    assert z1[""] == pytest.approx(total / energy)
    assert z1["switch=self_generation:left_out_of_energy"] == pytest.approx(total / (energy - 3_000))
    old = z1["switch=primary_energy_value:old_convention"]
    assert old < z1[""]
    rows = scores.to_pylist()
    states = {row["variant"]: row["state"] for row in rows if row["node"] == "verdict"}
    scheme = packs_with_schemes().schemes["zero_carbon_park_2025"]
    assert set(states) == {"", *(label for label, _ in readings_of(scheme))}
    assert states[""] == "met"
    assert states["switch=guiding_indicators:all_must_be_met_or_excused"] == "not_evaluable"
    told = [f for f in score_findings(scores) if f.message == "evaluate.verdict_depends_on_switch"]
    assert [(f.values["met"], f.values["open"]) for f in told] == [
        (["switch=chosen"], ["switch=guiding_indicators:all_must_be_met_or_excused"])
    ]
    verdict = next(row for row in rows if row["node"] == "verdict" and row["variant"] == "")
    assert (verdict["provisional"], verdict["confidence"]) == (True, "low")


def test_green_power_that_is_not_proven_counts_at_the_factor_of_other_power(packs, engine, made):
    made = proven(example(made, certified=190_000.0, grid=0.0), 190_000.0, made_in=2022)
    result, indicators, scores = judged(packs, engine, made)
    assert result.value("co2.green_denied", **VIEW) == pytest.approx(190_000 * 0.8325)
    z1 = {row["variant"]: row["value"] for row in indicators if row["indicator"].endswith(".co2_per_energy")}
    assert z1[""] > 0.9 > 0.2 > z1["switch=green_power_not_proven:kept_at_zero"]
    rows = scores.to_pylist()
    states = {row["variant"]: row["state"] for row in rows if row["node"] == "verdict"}
    assert (states[""], states["switch=green_power_not_proven:kept_at_zero"]) == ("not_met", "met")


def test_green_power_without_a_certificate_counts_as_reported_and_the_other_reading_is_judged(packs, engine, made):
    result, indicators, scores = judged(packs, engine, example(made, certified=190_000.0, grid=0.0))
    assert result.value("co2.total", **VIEW) == pytest.approx(43_840.3, abs=0.05)
    assert result.value("co2.green_unproven", **VIEW) == pytest.approx(190_000 * 0.8325)
    z1 = {row["variant"]: row["value"] for row in indicators if row["indicator"].endswith(".co2_per_energy")}
    denied = (43_840.3 + 190_000 * 0.8325) / 221_124
    assert z1["switch=green_power_without_certificate:denied"] == pytest.approx(denied, rel=1e-5)
    told = [f for f in score_findings(scores) if f.message == "evaluate.verdict_depends_on_switch"]
    assert [f.values["not_met"] for f in told] == [["switch=green_power_without_certificate:denied"]]


def coking(made, tonnes=10_000.0):
    """Coal into coke, 1 to 0.75, all of the coke sold."""
    made.unit("K")
    for flow in ("purchase", "use_industrial", "transform_in"):
        made.energy("K", "cleaned_coal", flow, tonnes)
    return made.energy("K", "coke", "transform_out", 0.75 * tonnes).energy("K", "coke", "sale", 0.75 * tonnes)


def test_oxidation_in_conversion_is_whole_and_a_flip_of_the_verdict_is_said(packs, engine, made):
    """By hand, 10,000 t of coal: what 0.9 and 0.95 leave is 26 × 0.026 × 0.1 × 44/12 = 0.24787 t/t of coal and 28 × 0.03 ×
    0.05 × 44/12 = 0.154 t/t of coke: 2,478.67 − 1,155 = 1,323.67 t. Z1 is (43,840.3 + 363.0) / 222,849 = 0.1984 at the
    fuels' own rates, and (44,203.3 + 1,323.67) / 222,849 = 0.2043 at 100 %.
    """
    made = coking(proven(example(made, certified=190_000.0, grid=0.0), 190_000.0))
    result, indicators, scores = judged(packs, engine, made)
    assert result.value("co2.conversion_oxidation", **VIEW) == pytest.approx(1_323.667, abs=1e-3)
    assert result.value("co2.total", **VIEW, item="conversion_oxidation") == pytest.approx(1_323.667, abs=1e-3)
    assert result.value("co2.total", **VIEW) == pytest.approx(45_526.97, abs=0.1)
    assert result.value("ghg.total", **VIEW) == pytest.approx(45_526.97, abs=0.1)
    z1 = {row["variant"]: row["value"] for row in indicators if row["indicator"].endswith(".co2_per_energy")}
    assert z1[""] == pytest.approx(0.2043, abs=5e-5)
    assert z1["switch=conversion_oxidation:default_rates"] == pytest.approx(0.1984, abs=5e-5)
    states = {row["variant"]: row["state"] for row in scores.to_pylist() if row["node"] == "verdict"}
    assert (states[""], states["switch=conversion_oxidation:default_rates"]) == ("not_met", "met")
    told = [f for f in score_findings(scores) if f.message == "evaluate.verdict_depends_on_switch"]
    assert "switch=conversion_oxidation:default_rates" in told[0].values["met"]


def test_full_oxidation_is_no_matter_of_power_plants_nor_of_other_views(packs, engine, made):
    made.unit("P").energy("P", "cleaned_coal", "purchase", 1000.0).energy("P", "cleaned_coal", "use_industrial", 1000.0)
    made.energy("P", "cleaned_coal", "transform_in", 1000.0).energy("P", GRID, "transform_out", 2000.0)
    made.energy("P", GRID, "sale", 2000.0)
    result = run(coking(made), definitions(packs, "china_park_national", "zero_carbon_park_2025"), engine)
    assert not result.has("co2.conversion_oxidation", "P")
    assert result.has("co2.conversion_oxidation", "K", **VIEW)
    assert not result.has("co2.total", "K", variant="view=location", item="conversion_oxidation")
    assert "conversion_mixed" not in result.rules


def test_a_unit_that_makes_coke_and_power_is_told_that_all_is_taken_as_conversion(packs, engine, made):
    coking(made).energy("K", GRID, "transform_out", 100.0).energy("K", GRID, "use_industrial", 100.0)
    result = run(made, with_the_notes_factors(packs, "zero_carbon_park_2025"), engine)
    [told] = [f for f in result.findings if f.rule == "conversion_mixed"]
    assert (told.entity, told.severity, told.values["value"]) == ("K", "note", pytest.approx(1_323.667, abs=1e-3))


def test_a_plants_own_factor_for_power_sent_out_is_another_reading(packs, engine, made):
    made.unit("P").energy("P", "natural_gas", "purchase", 1000.0).energy("P", "natural_gas", "use_industrial", 1000.0)
    made.energy("P", "natural_gas", "transform_in", 1000.0).energy("P", GRID, "transform_out", 40_000.0)
    made.energy("P", GRID, "sale", 40_000.0)
    result = run(made, with_the_notes_factors(packs, "zero_carbon_park_2025"), engine)
    own = result.value("chp.power_factor", "P", variant="allocation=efficiency")
    assert own == pytest.approx(21_840.291 / 40_000)
    assert result.value("co2.export_at_plant_factor") == pytest.approx(40_000 * (0.8325 - own), abs=1e-3)


def test_the_sink_of_green_land_is_a_line_of_its_own(packs, engine, made):
    made = example(made).row("park", "co2.sink", 1_000.0)
    result, indicators, _ = judged(packs, engine, made)
    assert result.value("co2.sink") == 1_000
    assert result.value("co2.total", **VIEW) == pytest.approx(77_140.3, abs=0.05)
    z1 = {row["variant"]: row["value"] for row in indicators if row["indicator"].endswith(".co2_per_energy")}
    deducted = (result.value("co2.total", **VIEW) - 1_000) / result.value("energy.total", **ENERGY)
    assert z1["switch=sinks:deducted"] == pytest.approx(deducted)


def test_methane_and_nitrous_oxide_of_combustion_enter_the_equivalents_alone(packs, engine, made):
    """2006 IPCC Guidelines, table 2.3: gas of industry 1 kg CH4 and 0.1 kg N2O per TJ."""
    made.unit("A").energy("A", "natural_gas", "use_industrial", 1.0).energy("A", "natural_gas", "purchase", 1.0)
    made.energy("A", GRID, "purchase", 1.0).energy("A", GRID, "use_industrial", 1.0)
    result = run(made, definitions(packs, "china_park_ghg"), engine)
    masses = {row["gas"]: row["t"] for row in result.emissions if row["carrier"] == "natural_gas"}
    assert masses["CH4"] == pytest.approx(389.31 * 1e-6)
    assert masses["N2O"] == pytest.approx(389.31 * 1e-7)
    location = {"variant": "view=location"}
    more = masses["CH4"] * 28 + masses["N2O"] * 265
    assert result.value("ghg.total", **location) == pytest.approx(
        result.value("co2.total", **location) + more, abs=3e-4
    )
    assert result.value("ghg.total", item="CH4", **location) == pytest.approx(masses["CH4"] * 28, abs=2e-5)


def test_each_profile_applies_its_own_warming_potentials_last(packs, engine, made):
    made.unit("A").energy("A", "natural_gas", "use_industrial", 1.0).energy("A", "natural_gas", "purchase", 1.0)
    made.energy("A", GRID, "purchase", 1.0).energy("A", GRID, "use_industrial", 1.0)
    given = definitions(packs, "china_park_ghg")
    first = given.profiles[0]
    second = first.model_copy(update={"id": "old", "gwp_set": "SAR"})
    given = type(given)(given.knowledge, given.quantities, given.methods, [first, second], given.areas, given.top)
    result = run(made, given, engine)
    ch4 = {v: result.value("ghg.total", item="CH4", variant=v) for v in ("view=location", "view=location@old")}
    assert ch4["view=location@old"] / ch4["view=location"] == pytest.approx(21 / 28)
    assert {row["gwp_set"] for row in result.emissions} == {"AR5"}


def test_a_verdict_on_a_total_that_deducts_what_was_never_counted_is_no_clean_pass(packs, engine, made):
    """All green, the limit is met; then another unit sells 10 MWh of grid power that it neither bought nor made."""
    made = proven(example(made, certified=190_000.0, grid=0.0), 190_000.0)
    _, _, clean = judged(packs, engine, made)
    made.unit("X").energy("X", GRID, "sale", 10.0)
    result, indicators, scores = judged(packs, engine, made)
    assert result.figure("co2.total", **VIEW)["status"] == "partial"
    [plain] = [row for row in indicators if row["indicator"].endswith(".co2_per_energy") and row["variant"] == ""]
    assert plain["status"] == "partial"
    before, after = (
        next(row for row in each.to_pylist() if row["node"] == "Z1" and row["variant"] == "")
        for each in (clean, scores)
    )
    assert (before["state"], before["reason"]) == ("met", "evaluate.meets")
    assert (after["state"], after["provisional"], after["reason"]) == ("met", True, "evaluate.value_partial")
