"""A run as of a date gives what stood then, whatever became of files, packs and vintages since."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

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


def test_before_the_first_run_there_is_nothing_and_it_says_so(tmp_path: Path) -> None:
    job = write_job(tmp_path)
    then = datetime.now(UTC)
    run_job(job)
    early = run_job(job, as_of=then)
    assert _figures(early) == []
    assert sum("pipeline.absent_then" in each for each in _collected(early)) == 5
    with pytest.raises(JobError, match="no_run_then"):
        run_job(job, as_of=then, packs_as_of=True)


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
