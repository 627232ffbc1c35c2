"""A roll-up that is killed while it writes leaves nothing half visible, and the next one says the same as if it had not been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from greenpark.catalog import load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.store import open_store
from greenpark.pipeline.nation import JOB, Wanted, simulate

WANTED = Wanted(zones=2, enterprises=40, year=2024, seed=7)
KINDS = ("units", "quantities", "carriers", "factors", "methods", "places", "simulations")
PROGRAM = "from greenpark.cli import main; main()"
KILLED_AT = ("cells", "counted", "figures")
PATIENCE = 240.0
AT_ONCE = timedelta(seconds=-1)


def start(workspace: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PROGRAM, "run", str(workspace / JOB), "--workspace", str(workspace)]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.Popen(
        [*command, "--output", str(workspace.parent / "out")], env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def kill_when_it_writes(workspace: Path, table: str) -> None:
    """Kill a roll-up as soon as the first file of a table is begun."""
    program = start(workspace)
    until = time.monotonic() + PATIENCE
    while not any((workspace / table).glob("*")):
        assert program.poll() is None, "the roll-up ended before it was killed"
        assert time.monotonic() < until, f"the roll-up never wrote {table}"
        time.sleep(0.005)
    program.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    program.wait()
    assert program.returncode != 0


def look(workspace: Path) -> tuple[int, set[str], dict[str, pa.Table]]:
    """How many runs are closed, what lies on the disk without being listed after sweeping, and the last run's tables."""
    engine = Engine(threads=1)
    with open_store(workspace, engine) as store:
        runs = store.register.closed_runs()
        store.sweep(AT_ONCE)
        listed = {file.path for file in store.register.files()}
        lost = {path.relative_to(workspace).as_posix() for path in workspace.rglob("*.parquet")} - listed
        tables = {
            name: engine.to_arrow(store.run_table(runs[-1].id, name)).drop_columns(["run"])
            for name in ("figures", "counted")
            if runs
        }
    engine.close()
    return len(runs), lost, tables


@pytest.mark.slow
def test_a_roll_up_killed_at_any_table_is_not_there_and_can_be_repeated(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    engine = Engine(threads=1)
    with open_store(workspace, engine) as store:
        rows = simulate(WANTED, load_packs(kinds=KINDS), store, lambda step, name: None)
    engine.close()
    for table in KILLED_AT:
        kill_when_it_writes(workspace, table)
        assert look(workspace) == (0, set(), {}), table
    assert start(workspace).wait() == 0
    runs, lost, tables = look(workspace)
    assert (runs, lost) == (1, set())
    assert 0 < tables["counted"].num_rows < rows
    zones = [entity for entity in tables["figures"].column("entity").unique().to_pylist() if entity.startswith("htz_")]
    assert len(zones) >= WANTED.zones
