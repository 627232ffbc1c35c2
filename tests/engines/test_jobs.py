"""The jobs of examples/ end to end: the cluster publishes what DuckDB publishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from greenpark.pipeline import Choices, run
from tests.engines.comparing import differences, unlike_values

REPO = Path(__file__).resolve().parents[2]
JOBS = sorted(path.parent.name for path in REPO.glob("examples/*/job.yaml"))
# Minutes on two cores; the stages take every way that it takes on both engines, on a park made for it.
LONG = ("demo_park",)


def publish(name: str, engine: str, folder: Path) -> tuple[dict[str, Any], Any]:
    choices = Choices(output=folder / "out", workspace=folder / "workspace", engine=engine)
    published, _ = run(REPO / "examples" / name / "job.yaml", choices, lambda step, subject: None)
    return json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8")), published.release.tables


@pytest.mark.parametrize("name", [pytest.param(each, marks=[pytest.mark.soak] * (each in LONG)) for each in JOBS])
def test_a_job_publishes_the_same_on_both_engines(name: str, spark_master: str, tmp_path: Path) -> None:
    summary, tables = publish(name, "duckdb", tmp_path / "duckdb")
    summary_of_spark, tables_of_spark = publish(name, spark_master, tmp_path / "spark")
    assert unlike_values(summary, summary_of_spark) == []
    assert {table: differences(rows, tables_of_spark[table]) for table, rows in tables.items()} == {
        table: [] for table in tables
    }


def test_there_are_three_jobs() -> None:
    assert {"demo_park", "national_zones", "us_plants_2017"} <= set(JOBS)
