"""A run as of a date gives what stood then, whatever became of files, packs and vintages since."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from greenpark.engine.connect import Engine
from greenpark.engine.store import open_store
from greenpark.model.job import JobError
from greenpark.pipeline import Published
from tests.pipeline.made_years import ENERGY, changed_factor, run_job, write_job

REFUSED = "甲公司,2022,柴油,吨,abc,abc\n"


def _figures(published: Published) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = published.release.tables["figures"].to_pylist()
    return [{name: value for name, value in row.items() if name != "run"} for row in rows]


def _collected(published: Published) -> list[str]:
    rows = published.release.tables["findings"].to_pylist()
    return [f"{row['message']} {row['values']} {row['cell']}" for row in rows if row["stage"] == "collect"]


def test_a_run_as_of_a_date_is_the_run_of_that_date(tmp_path: Path) -> None:
    """The file was mended and a row refused since: neither reaches back."""
    job = write_job(tmp_path)
    first = run_job(job)
    then = datetime.now(UTC)
    (tmp_path / "energy.csv").write_text(
        ENERGY.replace("2022,汽油,吨,11,11", "2022,汽油,吨,12,12") + REFUSED, encoding="utf-8"
    )
    second = run_job(job)
    assert second.release.run != first.release.run
    assert _collected(second) != _collected(first)
    (tmp_path / "energy.csv").unlink()  # as of a date no file is read
    again = run_job(job, as_of=then)
    assert again.release.run == first.release.run
    assert _figures(again) == _figures(first)
    assert _collected(again) == _collected(first)
    assert all(row["status"] == "ok" for row in _figures(again) if row["quantity"] == "co2.combustion")


def test_refused_cells_of_that_time_still_make_totals_partial(tmp_path: Path) -> None:
    job = write_job(tmp_path, energy=ENERGY + REFUSED)
    first = run_job(job)
    then = datetime.now(UTC)
    (tmp_path / "energy.csv").write_text(ENERGY, encoding="utf-8")
    run_job(job)
    again = run_job(job, as_of=then)
    assert _figures(again) == _figures(first)
    fuel = [
        row
        for row in _figures(again)
        if (row["entity"], row["quantity"], row["item"]) == ("park", "co2.combustion", "")
    ]
    assert [row["status"] for row in fuel if row["start"].year == 2022] == ["partial"]


def test_the_packs_of_that_time_are_used_where_asked(tmp_path: Path, repo: Path) -> None:
    job = write_job(tmp_path / "job")
    old = "jiangsu.2022,electricity,power,CO2,0.5978"
    changed = changed_factor(repo, tmp_path / "packs", "cn_power_average", old, old.replace("0.5978", "0.7"))
    first = run_job(job)
    then = datetime.now(UTC)
    now = run_job(job, packs=(changed,))
    assert _figures(run_job(job, as_of=then, packs=(changed,))) == _figures(now)
    assert _figures(run_job(job, as_of=then, packs_as_of=True, packs=(changed,))) == _figures(first)


def test_before_anything_was_accepted_a_run_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    job = write_job(tmp_path)
    then = datetime.now(UTC)
    first = run_job(job)
    before = {path: path.read_bytes() for path in first.paths}
    for packs_then in (False, True):
        with pytest.raises(JobError) as refused:
            run_job(job, as_of=then, packs_as_of=packs_then)
        assert refused.value.message == "pipeline.nothing_then"
        accepted = datetime.fromisoformat(str(refused.value.values["first"]))
        assert then.replace(microsecond=0) <= accepted <= datetime.now(UTC)
    assert {path: path.read_bytes() for path in first.paths} == before
    assert _newest(tmp_path) == [first.release.run]


def test_where_nothing_ever_was_accepted_it_says_that(tmp_path: Path) -> None:
    with pytest.raises(JobError) as refused:
        run_job(write_job(tmp_path), as_of=datetime.now(UTC))
    assert refused.value.message == "pipeline.nothing_ever"
    assert _newest(tmp_path) == []


def test_what_a_job_takes_that_others_had_read_and_its_input_of_later_are_told_apart(tmp_path: Path) -> None:
    """Another job of the same workspace had read the files; this one had not run, and asks for one file more."""
    run_job(write_job(tmp_path))
    then = datetime.now(UTC)
    job = write_job(tmp_path, "{file: census.csv, kind: form, form: park_annual, sheet: economy, vintage: census}")
    job.write_text(job.read_text(encoding="utf-8").replace("id: years", "id: others"), encoding="utf-8")
    with pytest.raises(JobError, match="no_run_then"):
        run_job(job, as_of=then, packs_as_of=True)
    told = _collected(run_job(job, as_of=then))
    assert sum("pipeline.absent_then" in each for each in told) == 1


def test_a_run_of_the_past_does_not_become_the_newest_of_its_job(tmp_path: Path) -> None:
    job = write_job(tmp_path)
    first = run_job(job)
    then = datetime.now(UTC)
    (tmp_path / "energy.csv").write_text(ENERGY.replace("2022,汽油,吨,11,11", "2022,汽油,吨,12,12"), encoding="utf-8")
    second = run_job(job)
    again = run_job(job, as_of=then)
    assert again.release.run == first.release.run != second.release.run
    assert _newest(tmp_path) == [second.release.run]


def _newest(folder: Path) -> list[str]:
    """What explain, statistics and report take where nobody names a run."""
    engine = Engine("duckdb")
    try:
        with open_store(folder / "w", engine) as store:
            return [each.id for each in store.latest_runs()]
    finally:
        engine.close()


CENSUS = "单位或园区名称,时期,工业总产值（现价）（万元）\n甲公司,2022,1200\n"


def test_the_newest_vintage_counts_and_an_older_one_stays_readable(tmp_path: Path) -> None:
    flash = write_job(tmp_path)
    first = run_job(flash)
    then = datetime.now(UTC)
    (tmp_path / "census.csv").write_text(CENSUS, encoding="utf-8")
    job = write_job(tmp_path, "{file: census.csv, kind: form, form: park_annual, sheet: economy, vintage: census}")
    revised = run_job(job)
    assert _output(first) == {2021: 1000.0, 2022: 1100.0}
    assert _output(revised) == {2021: 1000.0, 2022: 1200.0}
    assert any("pipeline.older_vintage " in each for each in _collected(revised))
    assert _output(run_job(job, as_of=then)) == {2021: 1000.0, 2022: 1100.0}


def test_a_ratio_of_two_vintages_quotes_both(tmp_path: Path) -> None:
    (tmp_path / "census.csv").write_text(
        "单位或园区名称,时期,工业增加值（现价）（万元）,工业增加值（可比价）（万元）\n甲公司,2022,350,330\n",
        encoding="utf-8",
    )
    job = write_job(tmp_path, "{file: census.csv, kind: form, form: park_annual, sheet: economy, vintage: census}")
    with job.open("a", encoding="utf-8") as file:
        file.write("schemes: [eco_industrial_park_hj274_2015]\n")
    rows = run_job(job).release.tables["findings"].to_pylist()
    found = [row for row in rows if row["message"] == "measure.vintages_differ"]
    assert found
    energy = next(row for row in found if row["subject"].endswith("energy_per_value_added"))
    assert "energy.total annual" in energy["values"]
    assert "census" in energy["values"]


def _output(published: Published) -> dict[int, float]:
    return {
        row["start"].year: row["value"]
        for row in _figures(published)
        if (row["entity"], row["quantity"]) == ("park", "economy.output")
    }
