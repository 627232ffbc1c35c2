"""The worked examples of the packs come out as worked by hand."""

from __future__ import annotations

import pytest

from greenpark.catalog import Packs
from greenpark.engine.connect import Engine
from greenpark.engine.units import Units
from greenpark.evaluate import Context, evaluate
from greenpark.pipeline.worked import run_worked_examples
from tests.evaluate.making import node
from tests.evaluate.worked import facts_of, indicators_of

EXAMPLES = (
    ("zero_carbon_park_2025", "one_tenth_not_green.yaml"),
    ("zero_carbon_park_2025", "all_green.yaml"),
    ("eco_industrial_park_hj274_2015", "basis_decides.yaml"),
    ("green_industrial_park_2016", "worked_park.yaml"),
    ("unido_eip_v2", "worked_park.yaml"),
)


def evaluated(packs: Packs, units: Units, scheme_id: str, name: str) -> list[dict[str, object]]:
    scheme, example = packs.schemes[scheme_id], packs.examples[scheme_id][name]
    indicators = indicators_of(scheme, example, packs, units)
    context = Context(references=example.references)
    rows: list[dict[str, object]] = evaluate(
        indicators, [scheme], example.chosen, example.excused, facts_of(example), units, context
    ).to_pylist()
    return rows


@pytest.mark.parametrize(("scheme_id", "name"), EXAMPLES)
def test_a_worked_example_comes_out_as_worked(packs: Packs, units: Units, scheme_id: str, name: str) -> None:
    example = packs.examples[scheme_id][name]
    rows = evaluated(packs, units, scheme_id, name)
    for criterion, expected in example.expect.items():
        found = [row for row in rows if row["node"] == criterion]
        assert found
        for each in found:
            assert each["state"] == expected.state, (criterion, each)
            if expected.value is not None:
                assert each["value"] == pytest.approx(expected.value, rel=1e-9), criterion
            if expected.ratio is not None:
                assert each["ratio"] == pytest.approx(expected.ratio, rel=1e-9), criterion
    overall = [row for row in rows if row["node"] == "verdict"]
    verdict = next((row for row in overall if row["variant"] == ""), overall[0])
    assert verdict["state"] == example.verdict.state
    assert verdict["provisional"] == example.verdict.provisional
    if example.verdict.score is not None:
        assert verdict["score"] == pytest.approx(example.verdict.score, rel=1e-9)


def test_every_worked_example_of_the_packs_comes_out_through_the_real_stages(packs: Packs) -> None:
    """All of them, also those with several zones or with references that a user supplies."""
    engine = Engine("duckdb")
    count, deviations = run_worked_examples(packs, tuple(sorted(packs.schemes)), engine)
    engine.close()
    assert deviations == ()
    assert count == sum(len(found) for found in packs.examples.values())


def test_every_scheme_that_can_be_judged_has_a_worked_example(packs: Packs) -> None:
    assert {name for name, scheme in packs.schemes.items() if not packs.examples.get(name)} == {
        name for name, scheme in packs.schemes.items() if not scheme.criteria
    }


def test_the_eco_park_passes_on_one_energy_basis_only(packs: Packs, units: Units) -> None:
    rows = evaluated(packs, units, "eco_industrial_park_hj274_2015", "basis_decides.yaml")
    states = {
        (row["variant"], row["state"], row["value"]) for row in rows if row["node"] == "verdict" and row["variant"]
    }
    assert states == {
        ("basis=calorific;price=current", "met", 29.0),
        ("basis=calorific;price=comparable", "met", 27.0),
        ("basis=primary_energy;price=current", "not_met", 27.0),
        ("basis=primary_energy;price=comparable", "not_met", 25.0),
    }
    combined = node(rows, "verdict", variant="")
    assert combined["reason"] == "evaluate.verdict_depends_on_basis"
    assert combined["provisional"]
    assert combined["confidence"] == "low"


def test_elasticities_and_intensities_of_the_eco_park_are_those_on_paper(packs: Packs, units: Units) -> None:
    rows = evaluated(packs, units, "eco_industrial_park_hj274_2015", "basis_decides.yaml")
    paper = {
        ("R10", "basis=calorific;price=current"): 0.5,
        ("R10", "basis=primary_energy;price=current"): 0.6,
        ("R11", "basis=calorific;price=current"): 0.242,
        ("R11", "basis=calorific;price=comparable"): 242000 / 864000,
        ("R11", "basis=primary_energy;price=current"): 0.56448,
        ("R12", "basis=calorific;price=current"): 10,
        ("R8", "basis=calorific;price=current"): 10,
        ("R8", "basis=calorific;price=comparable"): 8.64,
        ("E2", "basis=calorific;price=current"): 20,
        ("R14", "basis=calorific;price=current"): 5.5125,
        ("V27", "basis=calorific;price=current"): 6,
        ("V28", "basis=calorific;price=current"): 0.095,
    }
    for (name, variant), value in paper.items():
        assert node(rows, name, variant=variant)["value"] == pytest.approx(value, rel=1e-9), name


def test_the_green_index_is_25_85_over_24_and_capped_22_53_over_24(packs: Packs, units: Units) -> None:
    rows = evaluated(packs, units, "green_industrial_park_2016", "worked_park.yaml")
    variant = "basis=calorific;price=current"
    assert node(rows, "index", variant=variant)["score"] == pytest.approx(25.85 / 24 * 100, rel=1e-9)
    capped = (2.36666666666667 + 5.5 + 3 + 2.66666666666667 + 6 + 3) / 24 * 100
    assert node(rows, "index_capped", variant=variant)["score"] == pytest.approx(capped, rel=1e-9)
    groups = {group: node(rows, group, variant=variant)["score"] for group in ("EG", "RG", "IG", "CG", "HG", "MG")}
    paper = {"EG": 2.3666666667, "RG": 5.7, "IG": 3.5, "CG": 3.0333333333, "HG": 8.25, "MG": 3}
    assert groups == pytest.approx({name: value / 24 * 100 for name, value in paper.items()}, rel=1e-9)
    assert sum(groups.values()) == pytest.approx(25.85 / 24 * 100, rel=1e-9)
    verdict = node(rows, "verdict", variant="")
    assert verdict["reason"] == "evaluate.no_minimum_score"
    assert (verdict["low"], verdict["high"]) == pytest.approx((capped, 25.85 / 24 * 100), rel=1e-9)
