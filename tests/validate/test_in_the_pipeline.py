"""Checks packs are applied by the command line before handing in, and chosen by the job."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from greenpark.catalog import load_job, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.model.job import JobError
from greenpark.model.tables import ENTITIES, OBSERVATIONS
from greenpark.pipeline.validating import check_job, rules_of, tolerances_of


def test_a_workbook_is_checked_against_last_year_before_it_is_handed_in(repo: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(repo / "examples" / "demo_park" / "park_2025.xlsx")
    sheet = book["能源"]
    cell = sheet["F394"]
    was = float(cell.value)
    cell.value = was * 10_000
    book.save(tmp_path / "park.xlsx")
    last = repo / "examples" / "demo_park" / "park_2024.xlsx"
    program = [sys.executable, "-c", "from greenpark.cli import main; main()"]
    command = [*program, "check", str(tmp_path / "park.xlsx"), "--history", str(last), "--json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    told = [each for each in json.loads(done.stdout)["findings"] if each["cell"] == "F394"]
    assert [each["message"] for each in told] == ["validate.slip_unit"]
    assert told[0]["values"]["proposal"] == pytest.approx(was)
    assert told[0]["values"]["likely_unit"] == "kWh"


def test_a_job_may_choose_no_checks_and_a_wrong_name_is_refused(repo: Path) -> None:
    packs = load_packs()
    job = load_job(repo / "examples" / "demo_park" / "job.yaml", packs)
    engine = Engine(threads=1)
    rows = engine.from_arrow(arrow_schema(OBSERVATIONS).empty_table())
    nobody = arrow_schema(ENTITIES).empty_table()
    assert check_job(job, packs, rows, nobody, engine) == ()
    assert check_job(job.model_copy(update={"checks": ()}), packs, None, nobody, engine) == ()
    engine.close()
    with pytest.raises(JobError, match="unknown_id"):
        rules_of(("nothing_of_that_name",), packs)


def test_the_tolerances_of_accounting_stand_in_a_pack() -> None:
    assert tolerances_of(load_packs()) == {"reported.parts": 0.001, "energy.rounding": 0.001, "energy.beyond": 0.05}
