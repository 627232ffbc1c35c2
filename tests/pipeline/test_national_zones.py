"""Published figures of all zones against the 2021 action plan."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pipeline.conftest import RunJob


@pytest.fixture(scope="module")
def progress(run_job: RunJob) -> dict[str, dict[str, Any]]:
    published, _ = run_job("national_zones")
    return {row["target"]: row for row in published.release.tables["progress"].to_pylist()}


def test_the_pace_of_energy_intensity_is_that_of_the_reference(progress: dict[str, dict[str, Any]]) -> None:
    target = progress["T1"]
    assert (target["base_value"], target["last_value"], target["goal_value"]) == (0.464, 0.423, 0.4)
    assert target["pace_planned"] * 100 == pytest.approx(-2.44, abs=0.005)
    assert target["pace_so_far"] * 100 == pytest.approx(-3.04, abs=0.005)
    assert target["pace_needed"] * 100 == pytest.approx(-1.85, abs=0.005)


def test_the_verdict_carries_its_caveats(progress: dict[str, dict[str, Any]]) -> None:
    caveats = progress["T1"]["caveats"]
    for word in ("year", "price", "electricity", "coverage"):
        assert word in caveats, word


def test_what_public_data_cannot_tell_is_not_evaluable(progress: dict[str, dict[str, Any]]) -> None:
    assert progress["T2"]["state"] == "not_evaluable"
    assert progress["T3"]["state"] == "not_evaluable"


def test_better_than_the_nation_stays_a_quoted_claim(progress: dict[str, dict[str, Any]]) -> None:
    assert "quoted" in {row["state"] for row in progress.values()}


def test_figures_of_the_page_count_only_where_confirmed(run_job: RunJob) -> None:
    published, _ = run_job("national_zones")
    lookup = published.release.lookup
    assert lookup is not None
    figures = published.release.tables["figures"].to_pylist()
    values = [row["value"] for row in figures if row["quantity"] == "zone.energy_per_value_added"]
    assert sorted(values) == [0.423, 0.464]
