"""A writer that is killed at any moment loses nothing that it said was done and leaves nothing half done in sight."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy.engine.default import DefaultDialect

from greenpark.engine import register as register_module
from greenpark.engine import store as store_module
from greenpark.engine import tablefiles
from greenpark.engine.connect import Engine
from greenpark.engine.register import Register
from greenpark.engine.schema import arrow_schema
from greenpark.engine.store import RunHandle, Store, open_store
from greenpark.model.tables import TABLES
from tests.engine.made_rows import emissions, entities, observations, source
from tests.engine.writing_program import PACKS, ROWS, RUN_ROWS

KILLS, MANY = 10, 100  # in `make test`, in `make soak`
LONGEST = 0.6  # seconds of work before a kill, after the first thing is done
AT_ONCE = timedelta(seconds=-1)


def start(repo: Path, folder: Path, name: str, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.engine.writing_program", str(folder), name, *more]
    return subprocess.Popen(command, cwd=repo, stdout=subprocess.PIPE, encoding="utf-8")


def said_until_killed(writer: subprocess.Popen[str], delay: float) -> list[tuple[str, str]]:
    """What the writer said was done before it was killed `delay` seconds after the first of it."""
    assert writer.stdout is not None
    first = writer.stdout.readline()
    assert first, "the writer did nothing"
    timer = threading.Timer(delay, writer.kill)
    timer.start()
    lines = [first, *writer.stdout]
    timer.join()
    writer.wait()
    assert writer.returncode != 0, "the writer ended before it was killed"
    # The last line may be cut off by the kill itself.
    return [(words[0], words[1]) for line in lines if line.endswith("\n") and len(words := line.split()) == 2]


def check_nothing_is_lost_or_half_there(store: Store, said: list[tuple[str, str]]) -> None:
    accepted = store.accepted()
    assert {batch for what, batch in said if what == "batch"} <= {batch.id for batch in accepted}
    for table, rows in (("observations", ROWS), ("entities", 1)):
        read = store.read(table, accepted)
        counts = store.engine.to_arrow(read.group_by("batch").aggregate(rows=read.count())).to_pylist()
        assert {each["batch"]: each["rows"] for each in counts} == {batch.id: rows for batch in accepted}
    closed = {run.id for run in store.register.closed_runs()}
    assert {run for what, run in said if what == "run"} <= closed
    for table in ("emissions", "energy"):
        listed = {run: sum(file.rows for file in store.register.run_files(run, table)) for run in closed}
        assert listed == dict.fromkeys(closed, RUN_ROWS)
        for run in sorted(closed)[::10]:
            assert store.engine.to_arrow(store.run_table(run, table)).num_rows == RUN_ROWS
    assert store.damaged_files() == ()


def files_on_disk(store: Store) -> set[str]:
    folder = store.workspace.folder
    outside = {"workspace.yaml"} | {path.name for path in folder.glob("register.sqlite*")}
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return files - outside


def kill_again_and_again(repo: Path, folder: Path, engine: Engine, url: str | None, kills: int) -> None:
    """Kill writers of one workspace one after the other and check it each time; then let one finish."""
    more = ["--register", url] if url else []
    chance = random.Random(20260101)
    said: list[tuple[str, str]] = []
    left = 0
    for kill in range(kills):
        said += said_until_killed(start(repo, folder, f"k{kill}", *more), chance.uniform(0, LONGEST))
        with open_store(folder, engine, url) as store:
            check_nothing_is_lost_or_half_there(store, said)
            left += len(store.sweep(AT_ONCE))
            assert files_on_disk(store) == {file.path for file in store.register.files()}
            check_nothing_is_lost_or_half_there(store, said)
    assert left, "no kill ever left anything: the kills hit nothing"
    goes_on = start(repo, folder, "last", "--appends", "3", *more)
    assert goes_on.communicate(timeout=120)[0].count("run") == 3
    assert goes_on.returncode == 0


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_and_leaves_nothing_half_done(
    repo: Path, tmp_path: Path, duckdb_engine: Engine
) -> None:
    kill_again_and_again(repo, tmp_path / "workspace", duckdb_engine, None, KILLS)


@pytest.mark.soak
def test_a_writer_killed_a_hundred_times_loses_nothing(repo: Path, tmp_path: Path, duckdb_engine: Engine) -> None:
    kill_again_and_again(repo, tmp_path / "workspace", duckdb_engine, None, MANY)


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_when_the_register_is_a_database_of_its_own(
    repo: Path, tmp_path: Path, duckdb_engine: Engine, register_url: str
) -> None:
    kill_again_and_again(repo, tmp_path / "workspace", duckdb_engine, register_url, max(3, KILLS // 4))


@pytest.mark.slow
def test_a_writer_killed_while_it_creates_the_workspace_leaves_one_that_opens(
    repo: Path, tmp_path: Path, duckdb_engine: Engine
) -> None:
    chance = random.Random(7)
    for number in range(3):
        folder = tmp_path / f"workspace{number}"
        writer = start(repo, folder, "n")
        while not folder.exists():
            assert writer.poll() is None
        threading.Event().wait(chance.uniform(0, 0.05))
        writer.kill()
        writer.communicate()
        with open_store(folder, duckdb_engine) as store:
            store.sweep(AT_ONCE)
            assert files_on_disk(store) == {file.path for file in store.register.files()}


# ---------------------------------------------------------------- at exactly this step
class Died(BaseException):
    """Like a kill: nothing in the program catches it."""


def dies_at(call: int, done: Callable[..., Any]) -> Callable[..., Any]:
    """`done`, except that the given call of it dies."""
    calls = itertools.count(1)

    def counted(*given: Any, **more: Any) -> Any:
        if next(calls) == call:
            raise Died
        return done(*given, **more)

    return counted


@pytest.mark.parametrize(
    ("owner", "step", "call"),
    [
        (store_module, "write_arrow", 1),
        (store_module, "write_arrow", 2),
        (tablefiles, "sync_file", 1),
        (tablefiles, "sync_file", 2),
        (tablefiles, "_place", 2),
        (Register, "add_batch", 1),
        (register_module, "_list_files", 1),
        (DefaultDialect, "do_commit", 2),
    ],
)
def test_an_append_that_dies_at_any_step_leaves_nothing_in_sight_and_can_be_repeated(
    tmp_path: Path, duckdb_engine: Engine, owner: Any, step: str, call: int
) -> None:
    with open_store(tmp_path / "w", duckdb_engine) as store:
        first = store.append(observations(3, "a"), entities("a"), source("a"))
        with patch.object(owner, step, dies_at(call, getattr(owner, step))), pytest.raises(Died):
            store.append(observations(4, "b"), entities("b"), source("b"))
        assert [batch.id for batch in store.accepted()] == [first]
        store.sweep(AT_ONCE)
        assert files_on_disk(store) == {file.path for file in store.register.files()}
        second = store.append(observations(4, "b"), entities("b"), source("b"))
        assert store.engine.to_arrow(store.read("observations", [second])).num_rows == 4


@pytest.mark.parametrize(
    ("owner", "step", "call"),
    [
        (tablefiles, "sync_file", 2),
        (store_module, "check_values", 1),
        (Register, "close_run", 1),
        (register_module, "_list_files", 1),
        (DefaultDialect, "do_commit", 1),
    ],
)
def test_a_run_that_dies_at_any_step_is_not_there_and_can_be_repeated(
    tmp_path: Path, duckdb_engine: Engine, owner: Any, step: str, call: int
) -> None:
    def compute(store: Store, run: RunHandle) -> None:
        store.write(run, "emissions", emissions(5))
        store.write(run, "energy", store.engine.from_arrow(empty_energy))
        store.close_run(run)

    empty_energy = arrow_schema(TABLES["energy"]).empty_table().drop_columns("run")
    with open_store(tmp_path / "w", duckdb_engine) as store:
        run = store.begin_run("job", "j", [], PACKS, "code")
        with patch.object(owner, step, dies_at(call, getattr(owner, step))), pytest.raises(Died):
            compute(store, run)
        assert store.latest_run("job") is None
        store.sweep(AT_ONCE)
        assert files_on_disk(store) == set()
        again = store.begin_run("job", "j", [], PACKS, "code")
        assert (again.id, again.closed) == (run.id, False)
        compute(store, again)
        assert store.engine.to_arrow(store.run_table(run.id, "emissions")).num_rows == 5
