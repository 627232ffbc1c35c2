"""The invented nation rolled up on both engines: a fiftieth of it here, the whole in `make soak`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from greenpark.catalog import load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.store import open_store
from greenpark.pipeline import Choices, run
from greenpark.pipeline.nation import JOB, Wanted, simulate
from tests.engines.comparing import differences

KINDS = ("units", "quantities", "carriers", "factors", "methods", "places", "simulations")
WHOLE, FIFTIETH = 1200, 24  # enterprises of each of the 178 zones
TABLES = ("figures", "findings")


def write_nation(folder: Path, enterprises: int) -> Path:
    """The workspace of a nation."""
    engine = Engine()
    with open_store(folder, engine) as store:
        wanted = Wanted(zones=178, enterprises=enterprises, year=2024, seed=7)
        simulate(wanted, load_packs(kinds=KINDS), store, lambda step, name: None)
    engine.close()
    return folder


def roll(workspace: Path, engine: str, folder: Path) -> dict[str, pa.Table]:
    choices = Choices(output=folder, workspace=workspace, engine=engine)
    published, _ = run(workspace / JOB, choices, lambda step, name: None)
    return {name: published.release.tables[name].drop_columns(["run"]) for name in TABLES}


def unlike(enterprises: int, spark_master: str, folder: Path) -> dict[str, list[str]]:
    """What differs between the engines, each in a workspace of its own."""
    one = write_nation(folder / "one", enterprises)
    other = Path(shutil.copytree(one, folder / "other"))
    here = roll(one, "duckdb", folder / "here")
    there = roll(other, spark_master, folder / "there")
    return {name: differences(rows, there[name]) for name, rows in here.items()}


@pytest.mark.slow
def test_a_fiftieth_of_the_nation_rolls_up_alike_on_the_cluster(spark_master: str, tmp_path: Path) -> None:
    assert unlike(FIFTIETH, spark_master, tmp_path) == {name: [] for name in TABLES}


@pytest.mark.soak
def test_the_whole_nation_rolls_up_alike_on_the_cluster(spark_master: str, tmp_path: Path) -> None:
    assert unlike(WHOLE, spark_master, tmp_path) == {name: [] for name in TABLES}
