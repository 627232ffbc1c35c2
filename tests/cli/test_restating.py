"""Restating, publishing again and looking back, as a person does it on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import greenpark
from tests.cli.test_handing_in import greenpark as here
from tests.pipeline.made_years import write_job


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the job has run."""
    folder = tmp_path_factory.mktemp("restating")
    job = write_job(folder / "job")
    done = greenpark("run", job, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_a_restatement_shows_and_writes_each_changed_value(worked: Path) -> None:
    done = greenpark("restate", "years", "--gwp", "AR6", cwd=worked)
    assert done.returncode == 0, done.stderr
    assert "GWP changed: nitric acid at high pressure N2O: AR5 → AR6" in done.stdout
    whole = json.loads((worked / "out/years-restated/restatement.json").read_text(encoding="utf-8"))
    with (worked / "out/years-restated/restatement.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert whole["changed"] == len(rows) == len(whole["values"])
    assert whole["unchanged"] > 0
    nitrous = next(row for row in rows if row["entity"] == "park" and row["item"] == "N2O")
    assert (float(nitrous["value_old"]), float(nitrous["value_new"])) == (2385, 2457)
    assert nitrous["why_zh"] == "增温潜势改变：硝酸（高压法） N2O: AR5 → AR6"
    assert all(isinstance(row["difference"], float) for row in whole["values"])


def test_the_reports_of_a_run_are_written_again_byte_for_byte(worked: Path) -> None:
    done = greenpark("report", "years", "--output", "again", cwd=worked)
    run = json.loads((worked / "again/summary.json").read_text(encoding="utf-8"))["run"]
    assert done.returncode == 0, done.stderr
    greenpark("report", run, "--output", "once_more", cwd=worked)
    for name in ("report.html", "report.xlsx", "summary.json"):
        assert (worked / "again" / name).read_bytes() == (worked / "once_more" / name).read_bytes()


def test_a_run_as_of_a_day_before_there_was_anything_says_so(worked: Path) -> None:
    report = worked / "out/years/report.html"
    before = report.read_bytes()
    for language, told in (("en", "nothing that the job years takes had been accepted"), ("zh", "最早一批接受于")):
        done = greenpark("run", worked / "job/job.yaml", "--as-of", "2020-01-01", cwd=worked, language=language)
        assert done.returncode == 1
        assert told in done.stderr
    assert report.read_bytes() == before


def test_two_restatements_in_a_row_are_both_compared_with_the_run_of_the_job(worked: Path, tmp_path: Path) -> None:
    """1000 t of nitric acid at high pressure give 9 t N2O: 2385 t under AR5, 2457 t under AR6, 2682 t under AR4."""
    original = json.loads((worked / "out/years/summary.json").read_text(encoding="utf-8"))["run"]
    where = ("--workspace", worked / "workspace/years", "--output", tmp_path)

    def restated(named: str, gwp: str) -> tuple[str, dict[str, Any], tuple[float, float]]:
        told = here("restate", named, "--gwp", gwp, *where).stdout
        whole: dict[str, Any] = json.loads((tmp_path / "restatement.json").read_text(encoding="utf-8"))
        row = next(row for row in whole["values"] if row["entity"] == "park" and row["item"] == "N2O")
        return told, whole, (row["value_old"], row["value_new"])

    for gwp, value in (("AR6", 2457), ("AR4", 2682)):
        told, whole, values = restated("years", gwp)
        assert told.startswith(f"基准：作业 years 的运行 {original}（")
        assert (whole["restated"], values) == (original, (2385, value))
    last = whole["run"]
    told, whole, values = restated(last, "AR6")  # unless it is named
    assert told.startswith(f"基准：运行 {last}（")
    assert f"它本身是对运行 {original} 的重述" in told
    assert (whole["restated"], values) == (last, (2682, 2457))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("restate", "years"), "Nothing was named that is to change."),
        (("restate", "nobody", "--gwp", "AR6"), "no closed run nobody"),
        (("restate", "years", "--gwp", "AR9"), "No GWP set is called AR9"),
        (("run", "job/job.yaml", "--as-of", "soon"), "--as-of takes a day"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(arguments: tuple[str, ...], told: str, worked: Path) -> None:
    done = greenpark(*arguments, cwd=worked)
    assert done.returncode == 1
    assert told in done.stderr


def test_a_workspace_of_the_present_format_needs_no_migration(worked: Path) -> None:
    done = greenpark("migrate", "workspace/years", cwd=worked, language="zh")
    assert done.returncode == 0
    assert "已是现在的格式" in done.stdout
