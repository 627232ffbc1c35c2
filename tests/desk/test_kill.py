"""A process that is killed while it hands in or accounts loses nothing that was accepted and leaves nothing half done."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from greenpark.engine.connect import Engine
from greenpark.engine.originals import kept_original
from greenpark.engine.register.handed_in import sign_offs
from greenpark.engine.store import Store, open_store
from tests.desk.handing_program import ROWS

IMPORTS, MANY_IMPORTS = 7, 70  # kills while files are handed in: in `make test`, in `make soak`
RUNS, MANY_RUNS = 3, 30  # kills while a run accounts
HANDING, RUNNING = 1.2, 6.0  # seconds of work before a kill
WRITERS = 4
EACH = 3


def start(repo: Path, folder: Path, first: int, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.desk.handing_program", str(folder), str(first), *more]
    return subprocess.Popen(command, cwd=repo, stdout=subprocess.PIPE, encoding="utf-8")


def said_until_killed(writer: subprocess.Popen[str], delay: float) -> list[tuple[str, str]]:
    """What the program said was done before it was killed `delay` seconds after it was ready."""
    assert writer.stdout is not None
    assert writer.stdout.readline().startswith("ready"), "the program did not begin"
    alive: list[bool] = []

    def kill() -> None:
        alive.append(writer.poll() is None)
        writer.kill()

    timer = threading.Timer(delay, kill)
    timer.start()
    lines = list(writer.stdout)
    timer.join()
    writer.wait()
    assert alive == [True], "the program ended before it was killed"
    # The last line may be cut off by the kill itself.
    return [(words[0], words[1]) for line in lines if line.endswith("\n") and len(words := line.split()) == 2]


def check_whole(store: Store, said: list[tuple[str, str]]) -> None:
    """Every accepted batch is whole and signed, its original kept; every closed run has what it lists."""
    accepted = store.accepted()
    ids = {batch.id for batch in accepted}
    assert {batch for what, batch in said if what == "batch"} <= ids
    read = store.read("observations", accepted)
    counts = store.engine.to_arrow(read.group_by("batch").aggregate(rows=read.count())).to_pylist()
    assert {each["batch"]: each["rows"] for each in counts} == dict.fromkeys(ids, ROWS)
    signed = {each.batch: each for each in sign_offs(store.register)}
    assert ids <= set(signed)
    assert len({(each.entity, each.period, each.number) for each in signed.values()}) == len(signed)
    for each in signed.values():
        assert kept_original(store.workspace, each.file, each.file_sha256).is_file()
        assert store.register.batch(each.batch) is not None
    closed = {run.id for run in store.register.closed_runs()}
    assert {run for what, run in said if what == "run"} <= closed
    assert store.damaged_files() == ()


def kill_again_and_again(
    repo: Path, folder: Path, engine: Engine, kills: int, longest: float, *more: str, url: str | None = None
) -> int:
    """Kill programs on one workspace one after the other and check it each time; how many accepted batches there are."""
    chance = random.Random(11)
    said: list[tuple[str, str]] = []
    given = [*more, *(["--register", url] if url else [])]
    # Enterprise 1 again each time: what one attempt left half done, the next one meets and finishes.
    for kill in range(kills):
        first = max(1, len({batch for what, batch in said if what == "batch"}))
        said += said_until_killed(start(repo, folder, first, *given), chance.uniform(0, longest) if kill else longest)
        with open_store(folder / "workspace", engine, url) as store:
            check_whole(store, said)
            store.sweep(timedelta(seconds=-1))
            check_whole(store, said)
    goes_on = start(repo, folder, 1, "--count", "2", *given)
    assert goes_on.communicate(timeout=300)[0].count("batch") == 2
    assert goes_on.returncode == 0
    with open_store(folder / "workspace", engine, url) as store:
        check_whole(store, said)
        return len(store.accepted())


@pytest.mark.slow
def test_a_program_killed_while_handing_in_loses_no_accepted_row(
    repo: Path, tmp_path: Path, duckdb_engine: Engine
) -> None:
    assert kill_again_and_again(repo, tmp_path, duckdb_engine, IMPORTS, HANDING) >= 2


@pytest.mark.slow
def test_a_program_killed_while_accounting_leaves_the_next_run_to_go_on(
    repo: Path, tmp_path: Path, duckdb_engine: Engine
) -> None:
    assert kill_again_and_again(repo, tmp_path, duckdb_engine, RUNS, RUNNING, "--runs") >= 2
    with open_store(tmp_path / "workspace", duckdb_engine) as store:
        last = store.latest_run("handed_in")
        assert last is not None
        assert set(last.batches) == {batch.id for batch in store.accepted()}
        assert store.engine.to_arrow(store.run_table(last.id, "figures")).num_rows


@pytest.mark.soak
def test_a_hundred_kills_lose_no_accepted_row(repo: Path, tmp_path: Path, duckdb_engine: Engine) -> None:
    kill_again_and_again(repo, tmp_path / "handing", duckdb_engine, MANY_IMPORTS, HANDING)
    kill_again_and_again(repo, tmp_path / "running", duckdb_engine, MANY_RUNS, RUNNING, "--runs")


@pytest.mark.slow
@pytest.mark.parametrize("is_database", [False, True], ids=["file", "postgresql"])
def test_four_writers_at_once_all_arrive(
    repo: Path, tmp_path: Path, duckdb_engine: Engine, is_database: bool, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("register_url") if is_database else None
    more = ["--count", str(EACH), *(["--register", url] if url else [])]
    # Two of the four hand in for the same enterprises, so they meet at the same batch.
    firsts = [1, 1, 10, 20][:WRITERS]
    writers = [start(repo, tmp_path, first, *more) for first in firsts]
    told = [writer.communicate(timeout=300)[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    batches = {line.split()[1] for text in told for line in text.splitlines() if line.startswith("batch")}
    assert len(batches) == EACH * len(set(firsts))
    with open_store(tmp_path / "workspace", duckdb_engine, url) as store:
        check_whole(store, [("batch", batch) for batch in batches])
        assert {batch.id for batch in store.accepted()} == batches
