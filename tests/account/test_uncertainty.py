"""Uncertainty through the real stages: rows of a made park in, the table out."""

from __future__ import annotations

from datetime import date

import pytest

from greenpark.account import list_bases, list_views
from greenpark.account.entries import emission_entries, energy_entries
from greenpark.account.uncertainty import Asked, Assessed, assess
from greenpark.account.uncertainty.ranges import Ranges, scored_range
from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from greenpark.model.doubt import StatedRange
from tests.account.made_park import KINDS, MadePark, definitions, run

PROFILE = "china_park_national"
LOCATION = "view=location"


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs(kinds=(*KINDS, "uncertainty"))


def assessed(made: MadePark, packs: Packs, engine: Engine, stated=(), approaches=("analytic",)) -> Assessed:
    given = definitions(packs, PROFILE)
    result = run(made, given, engine)
    views, bases = list_views(given.profiles, given.methods), list_bases(given.profiles, given.methods)
    own, _ = emission_entries(result.accounts.matches, views, given.knowledge, given.methods)
    use = energy_entries(result.accounts.matches, bases, given.knowledge.carriers)
    pack = packs.uncertainties["park_default"]
    carriers = {**packs.carriers, **made.carriers}
    plain = Ranges(pack, packs.factor_sets, carriers, stated)
    scored = Ranges(pack, packs.factor_sets, carriers, stated, by_scores=True)
    return assess(
        result.accounts.tally.cells, result.accounts.matches, result.accounts.boundary, (own, use),
        {"analytic": plain, "monte_carlo": plain, "pedigree": scored},
        Asked(["park"], (), approaches, 4000, 1), engine, result.accounts.beside.brought,
    )  # fmt: skip


def row(found: Assessed, quantity: str, variant: str = LOCATION, approach: str = "analytic", source: str = ""):
    wanted = {"quantity": quantity, "variant": variant, "approach": approach, "source": source}
    rows = [each for each in found.table.to_pylist() if wanted.items() <= each.items()]
    assert len(rows) == 1, (wanted, found.table.to_pylist())
    return rows[0]


@pytest.mark.parametrize("units", [1, 25])
def test_the_grid_factor_weighs_as_much_for_many_units_as_for_one(units, packs, engine):
    """Trap 22: a shared factor ties the errors of enterprises together."""
    made = MadePark(packs)
    for number in range(units):
        made.unit(f"u{number}").energy(f"u{number}", "electricity", "purchase", 1000.0)
    total = row(assessed(made, packs, engine), "co2.total")
    assert total["half_width"] == pytest.approx((0.074**2 + 0.01**2 / units) ** 0.5, rel=1e-6)
    assert total["assumed"]
    assert total["confidence"] == "low"


def test_grid_factors_of_two_provinces_do_not_cancel(packs, engine):
    made = MadePark(packs).unit("a", area="jiangsu").unit("b", area="hebei")
    given = definitions(packs, "china_park_province")
    for name in ("a", "b"):
        made.energy(name, "electricity", "purchase", 1000.0)
    result = run(made, given, engine)
    assert len({each["factor"] for each in result.emissions if each["view"] == "location"}) == 2
    ranges = Ranges(packs.uncertainties["park_default"], packs.factor_sets, packs.carriers)
    names = sorted({each["factor"] for each in result.emissions if each["view"] == "location"})
    assert {ranges.correlation_of(name) for name in names} == {("power_factors", 1.0)}


def test_the_total_is_that_of_the_figures_and_the_shares_are_the_whole(packs, engine):
    made = MadePark(packs).unit("a").unit("b")
    made.months("a", "natural_gas", "use_industrial", [1.25] * 12)
    made.energy("b", "bituminous_coal", "use_industrial", 321.5).energy("b", "electricity", "purchase", 1000.0)
    made.energy("b", "electricity", "sale", 10.0)
    figures = run(made, definitions(packs, PROFILE), engine)
    found = assessed(made, packs, engine)
    for quantity, variant in (("co2.total", LOCATION), ("co2.direct", ""), ("energy.total", "basis=calorific")):
        expected = figures.value(quantity, variant=variant)
        assert row(found, quantity, variant)["value"] == pytest.approx(expected, rel=1e-9)
    rows = [each for each in found.table.to_pylist() if each["quantity"] == "co2.total" and each["source"]]
    shares = [each["share"] for each in rows if each["variant"] == LOCATION]
    assert sum(shares) == pytest.approx(1)


def test_the_months_of_one_series_share_its_error(packs, engine):
    monthly = MadePark(packs).unit("a").months("a", "natural_gas", "use_industrial", [1.0] * 12)
    yearly = MadePark(packs).unit("a").energy("a", "natural_gas", "use_industrial", 12.0)
    first, second = (row(assessed(made, packs, engine), "co2.direct", "") for made in (monthly, yearly))
    assert first["half_width"] == pytest.approx(second["half_width"])


def test_a_unit_that_moved_in_during_the_year_still_has_one_error(packs, engine):
    whole = MadePark(packs).unit("a").months("a", "electricity", "purchase", [1.0] * 12)
    moved = MadePark(packs).unit("a", since=date(2023, 1, 1)).months("a", "electricity", "purchase", [1.0] * 12)
    first, second = (row(assessed(made, packs, engine), "co2.total") for made in (whole, moved))
    assert first["half_width"] == pytest.approx(second["half_width"])


def test_an_estimate_and_a_poor_observation_are_less_sure(packs, engine):
    def width(**more: str) -> float:
        made = MadePark(packs).unit("a").energy("a", "electricity", "purchase", 1000.0, **more)
        share = row(assessed(made, packs, engine), "co2.total", source="activity:electricity")
        return float(share["half_width"])

    assert width() < width(confidence="low") < width(status="estimated")


def test_observations_of_different_confidence_keep_their_own(packs, engine):
    made = MadePark(packs).unit("a").unit("b").energy("a", "electricity", "purchase", 1000.0)
    made.energy("b", "electricity", "purchase", 1000.0, confidence="low")
    share = row(assessed(made, packs, engine), "co2.total", source="activity:electricity")
    assert share["half_width"] == pytest.approx((0.01**2 + 0.15**2) ** 0.5 / 2, rel=1e-6)


def test_a_range_that_the_job_states_is_no_assumption(packs, engine):
    made = MadePark(packs).unit("a").energy("a", "electricity", "purchase", 1000.0)
    factor = next(name for name in row_sources(assessed(made, packs, engine)) if name.startswith("factor:"))
    stated = (
        StatedRange(factor=factor.removeprefix("factor:"), half_width=0.03, note="declared by the grid company"),
        StatedRange(carrier="electricity", half_width=0.004, note="calibrated meter"),
    )
    total = row(assessed(made, packs, engine, stated), "co2.total")
    assert total["half_width"] == pytest.approx((0.03**2 + 0.004**2) ** 0.5, rel=1e-6)
    assert not total["assumed"]


def row_sources(found: Assessed) -> list[str]:
    return [each["source"] for each in found.table.to_pylist() if each["quantity"] == "co2.total"]


def test_the_draws_and_the_seed_stand_beside_a_simulated_range(packs, engine):
    made = MadePark(packs).unit("a").energy("a", "electricity", "purchase", 1000.0)
    found = assessed(made, packs, engine, approaches=("analytic", "monte_carlo"))
    drawn, derived = row(found, "co2.total", approach="monte_carlo"), row(found, "co2.total")
    assert (drawn["draws"], drawn["seed"]) == (4000, 1)
    assert drawn["half_width"] == pytest.approx(derived["half_width"], rel=0.06)
    assert drawn["value"] == pytest.approx(derived["value"], rel=5e-3)
    again = assessed(made, packs, engine, approaches=("analytic", "monte_carlo"))
    assert again.table.equals(found.table)


def test_quality_scores_are_another_way(packs, engine):
    made = MadePark(packs).unit("a").energy("a", "electricity", "purchase", 1000.0)
    found = assessed(made, packs, engine, approaches=("analytic", "pedigree"))
    matrix = packs.uncertainties["park_default"].pedigree
    assert matrix is not None
    best = scored_range((1, 1, 1, 1, 1), matrix)
    assert (best.low, best.high) == pytest.approx((1 - 1 / 1.05, 0.05))
    poor = scored_range((5, 5, 5, 5, 5), matrix)
    assert poor.high == pytest.approx(1.5196, abs=1e-3)  # exp(sqrt(0.85395)) − 1, by hand
    assert row(found, "co2.total", approach="pedigree")["half_width"] != row(found, "co2.total")["half_width"]


def test_a_factor_without_any_range_is_named(packs, engine):
    made = MadePark(packs).unit("a").energy("a", "natural_gas", "use_industrial", 12.0)
    told = [each for each in assessed(made, packs, engine).findings if each.message == "account.uncertainty_unstated"]
    assert len(told) == 1
    assert "oxidation" in str(told[0].values["factors"])


def test_a_net_value_near_zero_is_shown_in_units(packs, engine):
    made = MadePark(packs).unit("a").energy("a", "electricity", "purchase", 1000.0)
    made.energy("a", "electricity", "sale", 999.0)
    found = assessed(made, packs, engine)
    total = row(found, "co2.total")
    assert total["low"] < 0 < total["high"]
    assert any(each.message == "account.uncertainty_holds_zero" for each in found.findings)


def test_losses_and_green_power_not_credited_are_part_of_the_total_whose_uncertainty_is_told(packs, engine):
    """The mean is the figure: 100 + 30 − 28 of grid power bought, 2 lost between units, 50 MWh green that is not credited."""
    made = MadePark(packs).unit("a").unit("b")
    made.energy("a", "electricity", "purchase", 100.0).energy("a", "electricity", "use_industrial", 70.0)
    made.energy("a", "electricity", "sale", 30.0).energy("a", "electricity", "transfer", 30.0, counterparty="b")
    made.energy("b", "electricity", "purchase", 28.0).energy("b", "electricity", "use_industrial", 28.0)
    made.energy("b", "electricity_traded_green", "purchase", 50.0)
    made.energy("b", "electricity_traded_green", "use_industrial", 50.0)
    for cell, quantity, value in (("A90", "certificate.claimed", 50.0), ("B90", "certificate.year", 2022)):
        made.row("b", quantity, value, counterparty="G-1", cell=cell)
    found, result = assessed(made, packs, engine), run(made, definitions(packs, PROFILE), engine)
    for variant in (LOCATION, "view=market"):
        figure = result.value("co2.total", variant=variant)
        assert row(found, "co2.total", variant)["value"] == pytest.approx(figure, rel=1e-9)
    assert result.value("co2.total", variant="view=market") == pytest.approx(150 * 0.6096)
    denied = row(found, "co2.total", "view=market", source="activity:green_denied")
    assert denied["value"] == pytest.approx(50 * 0.6096)
    energy = result.value("energy.total", variant="basis=calorific")
    assert row(found, "energy.total", "basis=calorific")["value"] == pytest.approx(energy, rel=1e-9)
