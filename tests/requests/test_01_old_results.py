"""Request 1: old results do not move when a factor changes; a restatement is asked for and lists each changed value."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.pipeline.made_years import write_job
from tests.requests.small_park import command, sheet_rows

REPORTS = ("report.html", "report.xlsx", "report.docx", "summary.json")
OLD, NEW = "jiangsu.2022,electricity,power,CO2,0.5978", "jiangsu.2022,electricity,power,CO2,0.7"
BOUGHT = 1050.0  # MWh that the park of tests/pipeline/made_years.py buys in 2022


@pytest.fixture(scope="module")
def moved(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the first report, one after the factor was edited in place, the first again, and a restatement."""
    folder = tmp_path_factory.mktemp("request_01")
    job, mine, workspace = write_job(folder / "job"), folder / "mine", ("--workspace", folder / "w")
    pack = mine / "factors" / "cn_power_average"
    shutil.copytree(repo / "src/greenpark/packs/factors/cn_power_average", pack)
    assert command("run", job, "--packs", mine, "--output", folder / "first", *workspace).exit_code == 0
    run = json.loads((folder / "first" / "summary.json").read_text(encoding="utf-8"))["run"]
    for name, old, new in (("factors.csv", OLD, NEW), ("pack.yaml", 'version: "1"', 'version: "1.1"')):
        text = (pack / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (pack / name).write_text(text.replace(old, new), encoding="utf-8")
    assert command("run", job, "--packs", mine, "--output", folder / "second", *workspace).exit_code == 0
    assert command("report", run, "--output", folder / "again", *workspace).exit_code == 0
    done = command("restate", run, "--packs", mine, "--output", folder / "restated", *workspace)
    assert done.exit_code == 0, done.output
    return folder


def figures(folder: Path) -> dict[tuple[str, ...], float | None]:
    """The figures that a report shows, by quantity, entity, item, period and variant."""
    rows = sheet_rows(folder / "report.xlsx", "统计量 Figures")
    return {
        (row["标识"], row["单位标识"], str(row["品种或类别"]), row["时期"], row["口径"]): row["数值"] for row in rows
    }


def restated(folder: Path) -> list[dict[str, str]]:
    with (folder / "restated" / "restatement.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_01_the_old_report_is_byte_equal_though_its_factor_was_edited(moved: Path) -> None:
    for name in REPORTS:
        assert (moved / "again" / name).read_bytes() == (moved / "first" / name).read_bytes(), name
    assert (moved / "second" / "summary.json").read_bytes() != (moved / "first" / "summary.json").read_bytes()


def test_01_the_restatement_lists_each_value_that_a_new_run_shows_otherwise_and_no_other(moved: Path) -> None:
    first, second = figures(moved / "first"), figures(moved / "second")
    changed = sorted((first[key], second[key]) for key in first.keys() & second.keys() if first[key] != second[key])
    told = [row for row in restated(moved) if row["sort"] == "figure"]
    assert first.keys() == second.keys()
    assert sorted((_number(row["value_old"]), _number(row["value_new"])) for row in told) == changed
    assert len(changed) >= 4
    assert {row["period"] for row in told} == {"2022"}


def test_01_the_restatement_says_by_how_much_and_why(moved: Path) -> None:
    (row,) = [
        row
        for row in restated(moved)
        if (row["entity"], row["quantity"], row["item"]) == ("park", "co2.power_net", "")
        and row["variant"] == "view=location"
    ]
    assert _number(row["difference"]) == pytest.approx(BOUGHT * (0.7 - 0.5978))
    assert "0.5978" in row["why_zh"]
    assert "0.7" in row["why_en"]


def _number(text: str) -> float:
    return float(text.replace(",", ""))
