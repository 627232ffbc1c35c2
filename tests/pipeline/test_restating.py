"""Old results never move; a restatement is asked for and lists each changed value and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from greenpark.catalog import load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.store import Store, open_store
from greenpark.model.job import JobError
from greenpark.pipeline import Published
from greenpark.pipeline.restating import Otherwise, Restated, later_sets, republish, restate
from tests.pipeline.made_years import changed_factor, run_job, write_job

KEY = ("entity", "quantity", "item", "start", "end", "variant")
OLD, NEW = "jiangsu.2022,electricity,power,CO2,0.5978", "jiangsu.2022,electricity,power,CO2,0.7"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return run_job(write_job(tmp_path_factory.mktemp("restate")))


@pytest.fixture(scope="module")
def store(ran: Published) -> Iterator[Store]:
    engine = Engine("duckdb")
    with open_store(ran.folder.parent / "w", engine) as opened:
        yield opened
    engine.close()


def _restated(ran: Published, store: Store, folder: Path, otherwise: Otherwise) -> Restated:
    return restate(store.run(ran.release.run), otherwise, store, folder, "zh", lambda step, name: None)


def _figures(store: Store, run: str) -> dict[tuple[Any, ...], Any]:
    rows = store.engine.to_arrow(store.run_table(run, "figures")).to_pylist()
    return {tuple(row[name] for name in KEY): (row["value"], row["status"]) for row in rows}


@pytest.fixture(scope="module")
def by_factor(ran: Published, store: Store, repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Restated:
    folder = changed_factor(repo, tmp_path_factory.mktemp("packs"), "cn_power_average", OLD, NEW)
    return _restated(ran, store, tmp_path_factory.mktemp("out"), Otherwise(packs=(folder.as_posix(),)))


def test_the_old_report_is_byte_equal_after_a_factor_changed(
    ran: Published, store: Store, by_factor: Restated, tmp_path: Path
) -> None:
    assert by_factor.new.id != ran.release.run
    again = republish(store.run(ran.release.run), store, tmp_path, "zh")
    assert [path.name for path in again.paths] == [path.name for path in ran.paths]
    for before, after in zip(ran.paths, again.paths, strict=True):
        assert before.read_bytes() == after.read_bytes(), before.name


def test_the_restatement_lists_each_changed_value_and_no_other(store: Store, by_factor: Restated) -> None:
    old, new = (_figures(store, each.id) for each in (by_factor.old, by_factor.new))
    differing = {key for key in {*old, *new} if old.get(key) != new.get(key)}
    listed = {
        tuple(row[name] for name in KEY): (row["value_old"], row["value_new"])
        for row in by_factor.rows.to_pylist()
        if row["sort"] == "figure"
    }
    assert set(listed) == differing
    assert differing
    for key, (value_old, value_new) in listed.items():
        assert (value_old, value_new) == (old[key][0], new[key][0])


def test_the_restatement_says_which_factor_changed(by_factor: Restated) -> None:
    rows = [row for row in by_factor.rows.to_pylist() if row["quantity"] == "co2.power_net" and not row["item"]]
    row = next(row for row in rows if row["entity"] == "park")
    assert row["value_new"] - row["value_old"] == pytest.approx(1050 * (0.7 - 0.5978))
    assert row["difference"] == pytest.approx(1050 * (0.7 - 0.5978))
    assert row["relative"] == pytest.approx(0.7 / 0.5978 - 1)
    assert row["reason"] == "pipeline.restate_factors"
    changed = json.loads(row["detail"])["changed"]
    assert "0.5978 →" in changed
    assert changed.endswith("= 0.7")
    assert {row["start"].year for row in by_factor.rows.to_pylist()} == {2022}


def test_unchanged_values_are_counted(store: Store, by_factor: Restated) -> None:
    figures = by_factor.rows.num_rows
    assert by_factor.unchanged == len(_figures(store, by_factor.new.id)) - figures


@pytest.mark.parametrize(("gwp", "potential"), [("AR4", 298.0), ("AR5", 265.0), ("AR6", 273.0)])
def test_one_case_under_three_gwp_sets(
    gwp: str, potential: float, ran: Published, store: Store, tmp_path: Path
) -> None:
    """1000 t of nitric acid at high pressure give 9 t N2O (2006 IPCC Guidelines, volume 3, table 3.3)."""
    done = _restated(ran, store, tmp_path, Otherwise(gwp=gwp))
    rows = store.engine.to_arrow(store.run_table(done.new.id, "figures")).to_pylist()
    values = {
        row["quantity"]: row["value"]
        for row in rows
        if (row["entity"], row["item"], row["start"].year, row["variant"]) == ("park", "", 2022, "view=location")
    }
    assert values["ghg.total"] - values["co2.total"] == pytest.approx(9 * potential)
    changed = [row for row in done.rows.to_pylist() if row["sort"] == "figure"]
    if gwp == "AR5":  # what the profile has
        assert changed == []
    else:
        assert {row["quantity"] for row in changed} == {"ghg.total"}
        assert {row["reason"] for row in changed} == {"pipeline.restate_gwp"}


def test_another_profile_changes_the_method(ran: Published, store: Store, tmp_path: Path) -> None:
    done = _restated(ran, store, tmp_path, Otherwise(profile="china_park_national"))
    rows = {(row["quantity"], row["item"], row["variant"], row["start"].year): row for row in done.rows.to_pylist()}
    power = rows["co2.power_net", "", "view=location", 2022]
    assert power["reason"] == "pipeline.restate_methods"
    assert "power_average_province" in power["detail"]


def test_factors_of_one_year_for_all_years(ran: Published, store: Store, tmp_path: Path) -> None:
    done = _restated(ran, store, tmp_path, Otherwise(factors_year=2021))
    rows = [row for row in done.rows.to_pylist() if row["quantity"] == "co2.power_net" and row["entity"] == "park"]
    power = next(row for row in rows if not row["item"] and row["variant"] == "view=location")
    assert power["value_new"] == pytest.approx(1050 * 0.6451)
    assert power["start"] == date(2022, 1, 1)


def test_a_year_before_all_factors_is_refused_and_sets_that_begin_later_are_named(
    ran: Published, store: Store, tmp_path: Path
) -> None:
    with pytest.raises(JobError) as refused:
        _restated(ran, store, tmp_path, Otherwise(factors_year=1900))
    assert refused.value.message == "pipeline.no_factors_of_year"
    packs = load_packs()
    # Years as printed in the announcements: averages by province from 2021 on, primary-energy rates from 2020 on.
    later = " ".join(later_sets(packs, 2016))
    assert "cn_power_average (2021–)" in later
    assert "cn_power_average" not in " ".join(later_sets(packs, 2021))


def test_the_firm_list_of_one_day_for_all_years(ran: Published, store: Store, tmp_path: Path) -> None:
    done = _restated(ran, store, tmp_path, Otherwise(members_of=date(2022, 6, 1)))
    rows = [row for row in done.rows.to_pylist() if row["entity"] == "park" and row["quantity"] == "co2.combustion"]
    fuel = next(row for row in rows if not row["item"])
    assert fuel["start"].year == 2021  # firms a and b instead of a and c
    assert fuel["value_new"] / fuel["value_old"] == pytest.approx(15 / 14)
    assert fuel["reason"] == "pipeline.restate_boundary"


def test_a_restatement_can_be_published_again_too(by_factor: Restated, store: Store, tmp_path: Path) -> None:
    again = republish(by_factor.new, store, tmp_path, "zh")
    for before, after in zip(by_factor.published.paths, again.paths, strict=True):
        assert before.read_bytes() == after.read_bytes(), before.name


@pytest.mark.parametrize(
    ("otherwise", "message"),
    [
        (Otherwise(), "pipeline.nothing_changed"),
        (Otherwise(gwp="AR9"), "pipeline.unknown_gwp"),
        (Otherwise(profile="nobody"), "pipeline.unknown_id"),
    ],
)
def test_what_cannot_be_restated_is_refused(
    otherwise: Otherwise, message: str, ran: Published, store: Store, tmp_path: Path
) -> None:
    with pytest.raises(JobError) as refused:
        _restated(ran, store, tmp_path, otherwise)
    assert refused.value.message == message
