"""Targets against figures: the checks derived in the reference, and each state at, above and below its limit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpark.catalog import Packs
from greenpark.engine.shape import arrow_rows
from greenpark.engine.units import Units
from greenpark.model.schemes import TargetSet
from greenpark.model.tables import FIGURES
from greenpark.model.time import Period
from greenpark.monitor import progress_findings, track

ZONES = "national_high_tech_zones"
ENERGY = "zone.energy_per_value_added"
CO2 = "zone.co2_per_value_added"


def figure(
    value: float | None, period: str | None, entity: str = ZONES, quantity: str = ENERGY, **other: Any
) -> dict[str, Any]:
    """A row of ``figures``; a period of None is not stated by its source."""
    time = Period.parse(period) if period else None
    base = {
        "entity": entity, "quantity": quantity, "item": "", "start": time.start if time else None,
        "end": time.end if time else None, "variant": "", "value": value, "unit": "tce/万元" if quantity == ENERGY else "tCO2/万元",
        "rows": 1, "rows_unmatched": 0, "coverage": "unstated", "status": "ok", "confidence": "high",
    }  # fmt: skip
    return base | other


def figures(*rows: dict[str, Any]) -> pa.Table:
    return arrow_rows(rows, FIGURES)


def tracked(plan: TargetSet, target: str, *rows: dict[str, Any], **other: Any) -> dict[str, Any]:
    found = [each for each in track(figures(*rows), plan, **other).to_pylist() if each["target"] == target]
    assert len(found) == 1
    return dict(found[0])


def caveats(row: dict[str, Any]) -> list[str]:
    return (row["caveats"] or "").split("+")


def derived(shared: Path) -> list[float]:
    text = (shared / "reference" / "action_plan_2021.yaml").read_text(encoding="utf-8")
    return [each["value_pct"] for each in yaml.safe_load(text)["derived_checks"]]


# ---------------------------------------------------------------- the plan
def test_the_pack_carries_baseline_and_goals_of_the_reference(plan: TargetSet, shared: Path) -> None:
    facts = yaml.safe_load((shared / "reference" / "action_plan_2021.yaml").read_text(encoding="utf-8"))
    ids = {each.id: each for each in plan.targets}
    assert [each["id"] for each in facts["targets"]] == [name for name in ids if name.startswith("T")]
    assert ids["T1"].baseline is not None
    assert ids["T1"].baseline.value == facts["baseline"][0]["value"]
    for fact in facts["targets"]:
        target = ids[fact["id"]]
        assert target.confidence == fact["confidence"]
        if target.goal is not None:
            assert (target.goal.value, target.operator) == (fact["value"], fact["operator"])
            assert target.goal.period == str(fact["year"])
    assert (ids["T2"].limit, ids["T2"].limit_unit) == (
        facts["targets"][1]["threshold"],
        facts["targets"][1]["threshold_unit"],
    )


def test_every_caveat_has_words(plan: TargetSet, packs: Packs) -> None:
    for each in plan.targets:
        for caveat in (*each.caveats, *filter(None, [each.assumed_caveat])):
            assert caveat in plan.notes or caveat in packs.messages


def test_the_three_paces_are_those_derived_in_the_reference(plan: TargetSet, shared: Path) -> None:
    planned, so_far, needed, _ = derived(shared)
    row = tracked(plan, "T1", figure(0.464, "2019"), figure(0.423, None))
    assert round(row["pace_planned"] * 100, 2) == planned
    assert round(row["pace_so_far"] * 100, 2) == so_far
    assert round(row["pace_needed"] * 100, 2) == needed


def test_the_cut_of_four_per_cent_a_year_adds_up_as_in_the_reference(plan: TargetSet, shared: Path) -> None:
    row = tracked(plan, "T3", figure(1.0, "2020", quantity=CO2), figure(0.9, "2022", quantity=CO2))
    assert round((1 - row["goal_value"]) * 100, 2) == derived(shared)[3]


def test_the_zones_are_on_track_with_their_caveats(plan: TargetSet) -> None:
    row = tracked(plan, "T1", figure(0.464, "2019"), figure(0.423, None))
    assert (row["state"], row["confidence"]) == ("on_track", "low")
    assert (row["base_period"], row["last_period"], row["assumed_period"], row["goal_period"]) == (
        "2019",
        None,
        "2022",
        "2025",
    )
    assert (row["base_value"], row["last_value"], row["goal_value"]) == (0.464, 0.423, 0.4)
    assert set(caveats(row)) == {
        "price_basis_not_stated", "electricity_basis_not_stated", "coverage_not_stated", "year_of_0423_not_stated",
    }  # fmt: skip


def test_a_value_with_a_stated_year_needs_no_assumption(plan: TargetSet) -> None:
    row = tracked(plan, "T1", figure(0.423, "2022"))
    assert (row["last_period"], row["assumed_period"], row["confidence"]) == ("2022", None, "high")
    assert "year_of_0423_not_stated" not in caveats(row)


def test_without_an_assumed_year_a_value_without_year_is_not_used(plan: TargetSet) -> None:
    bare = plan.model_copy(update={"targets": (plan.targets[0].model_copy(update={"assumed_period": ""}),)})
    row = tracked(bare, "T1", figure(0.423, None))
    assert (row["state"], row["last_value"], row["pace_so_far"]) == ("not_evaluable", None, None)
    assert {"monitor.period_not_stated", "monitor.no_figure"} <= set(caveats(row))
    assert row["pace_planned"] is not None


def test_what_public_data_cannot_tell_is_not_evaluable_and_says_so(plan: TargetSet) -> None:
    rows = {
        each["target"]: each for each in track(figures(figure(0.464, "2019"), figure(0.423, None)), plan).to_pylist()
    }
    assert {name for name, row in rows.items() if row["state"] == "not_evaluable"} == {
        "T2",
        "T3",
        "T4",
        "T5",
        "T6",
        "T7",
    }
    assert "share_not_public" in caveats(rows["T2"])
    assert {"co2_intensity_not_public", "base_year_not_stated"} <= set(caveats(rows["T3"]))
    assert rows["better_than_average"]["state"] == "quoted"
    assert "average_not_quoted" in caveats(rows["better_than_average"])


# ---------------------------------------------------------------- level
@pytest.mark.parametrize(
    ("value", "period", "state"),
    [
        (0.4, "2025", "met"),
        (0.4000001, "2025", "missed"),
        (0.39, "2025", "met"),
        (0.41, "2026", "missed"),
        (0.4, "2022", "on_track"),
        (0.464 * (0.4 / 0.464) ** 0.5, "2022", "on_track"),  # exactly on the even path
        (0.4309, "2022", "behind"),  # just above it
        (0.4308, "2022", "on_track"),  # just below it
        (0.5, "2022", "behind"),
    ],
)
def test_a_level_at_above_and_below_its_path(plan: TargetSet, value: float, period: str, state: str) -> None:
    assert tracked(plan, "T1", figure(value, period))["state"] == state


@pytest.mark.parametrize("value", [0.0, -0.1])
def test_a_value_that_is_not_above_zero_has_no_compound_pace(plan: TargetSet, value: float) -> None:
    row = tracked(plan, "T1", figure(value, "2022"))
    assert (row["pace_so_far"], row["pace_needed"], row["last_value"]) == (None, None, value)


def test_missing_values_several_values_and_other_units_are_told(plan: TargetSet) -> None:
    missing = tracked(plan, "T1", figure(None, "2022", status="not_evaluable"))
    assert "monitor.no_figure" in caveats(missing)
    several = tracked(plan, "T1", figure(0.42, "2022"), figure(0.43, "2022", variant="basis=calorific"))
    assert (several["state"], "monitor.several_values" in caveats(several)) == ("not_evaluable", True)
    foreign = tracked(plan, "T1", figure(423, "2022", unit="kgce/万元"))
    assert "monitor.unit_differs" in caveats(foreign)
    partial = tracked(plan, "T1", figure(0.42, "2022", status="partial"))
    assert "monitor.partial_value" in caveats(partial)
    other = tracked(plan, "T1", figure(0.5, "2019"), figure(0.42, "2022"))
    assert "monitor.baseline_differs" in caveats(other)
    assert other["base_value"] == 0.464


def test_units_do_not_matter(plan: TargetSet, units: Units) -> None:
    same = tracked(plan, "T1", figure(0.423, "2022"))
    scaled = tracked(plan, "T1", figure(423, "2022", unit="kgce/万元"), units=units)
    assert scaled["pace_so_far"] == pytest.approx(same["pace_so_far"], rel=1e-12)
    assert scaled["state"] == same["state"]


@given(value=st.floats(0.01, 1), better=st.floats(0, 0.5), year=st.integers(2020, 2026))
@settings(max_examples=50, deadline=None)
def test_an_improvement_never_worsens_a_level(plan: TargetSet, value: float, better: float, year: int) -> None:
    rank = {"missed": 0, "behind": 0, "on_track": 1, "met": 1}
    before, after = (tracked(plan, "T1", figure(each, str(year)))["state"] for each in (value, value * (1 - better)))
    assert rank[after] >= rank[before]


# ---------------------------------------------------------------- share of zones
def zones(below: int, above: int, period: str = "2025", at: int = 0) -> list[dict[str, Any]]:
    values = [0.2999] * below + [0.3] * at + [0.3001] * above
    return [figure(value, period, f"zone_{index:03d}") for index, value in enumerate(values)]


@pytest.mark.parametrize(
    ("below", "at", "above", "state", "share"),
    [
        (5, 0, 5, "met", 50),
        (6, 0, 4, "met", 60),
        (4, 0, 6, "missed", 40),
        (4, 2, 4, "missed", 40),  # exactly 0.3 is not below 0.3
        (0, 0, 10, "missed", 0),
        (10, 0, 0, "met", 100),
    ],
)
def test_the_share_of_zones_below_the_limit(
    plan: TargetSet, below: int, at: int, above: int, state: str, share: float
) -> None:
    row = tracked(plan, "T2", *zones(below, above, at=at), figure(0.3, "2025"))
    assert (row["state"], row["last_value"], row["unit"], row["last_period"]) == (state, share, "%", "2025")
    assert "monitor.members_unknown" in caveats(row)


@pytest.mark.parametrize(
    ("below", "above", "state"),
    [(5, 0, "met"), (4, 1, "not_evaluable"), (0, 6, "missed"), (4, 6, "missed"), (0, 0, "not_evaluable")],
)
def test_zones_without_a_figure_are_unknown_and_not_left_out(
    plan: TargetSet, below: int, above: int, state: str
) -> None:
    members = {"zone": [f"zone_{index:03d}" for index in range(10)]}
    row = tracked(plan, "T2", *zones(below, above), members=members)
    assert row["state"] == state
    if 0 < below + above < 10:
        assert "monitor.share_incomplete" in caveats(row)
        assert row["last_value"] == below * 10


def test_a_share_before_it_is_due(plan: TargetSet) -> None:
    assert tracked(plan, "T2", *zones(5, 5, "2023"))["state"] == "on_track"
    assert tracked(plan, "T2", *zones(4, 6, "2023"))["state"] == "behind"
    later = [*zones(4, 6, "2023"), *zones(6, 4, "2024")]
    assert tracked(plan, "T2", *later)["last_period"] == "2024"


# ---------------------------------------------------------------- yearly cut
@pytest.mark.parametrize(
    ("last", "period", "state"),
    [
        (0.96**5, "2025", "met"),
        (0.96**5 * 1.0001, "2025", "missed"),
        (0.96**5 * 0.9999, "2025", "met"),
        (0.96**2, "2022", "on_track"),
        (0.97**2, "2022", "behind"),
        (1.1, "2022", "behind"),
        (0.0, "2022", "not_evaluable"),
    ],
)
def test_the_average_yearly_cut(plan: TargetSet, last: float, period: str, state: str) -> None:
    row = tracked(plan, "T3", figure(1.0, "2020", quantity=CO2), figure(last, period, quantity=CO2))
    assert (row["state"], row["pace_planned"]) == (state, -0.04)
    assert "monitor.base_from_first_figure" in caveats(row)


# ---------------------------------------------------------------- findings and order
def test_findings_name_what_is_missed_behind_or_open(plan: TargetSet) -> None:
    found = {
        each.subject.split(".")[1]: each.message
        for each in progress_findings(track(figures(figure(0.5, "2025")), plan))
    }
    assert found["T1"] == "monitor.target_missed"
    assert found["T7"] == "monitor.target_not_evaluable"
    assert "better_than_average" not in found


def test_the_order_of_figures_does_not_matter(plan: TargetSet) -> None:
    rows = [figure(0.464, "2019"), figure(0.44, "2021"), figure(0.423, None), *zones(3, 4, "2023")]
    assert track(figures(*rows), plan).equals(track(figures(*rows[::-1]), plan))
