"""The register on SQLite and on PostgreSQL: every change is whole or not at all, for many writers at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from greenpark.engine.connect import Engine
from greenpark.engine.errors import StoreError
from greenpark.engine.register import BatchRecord, FileRecord, PackUse, Register, RunRecord
from greenpark.engine.register.records import moment_text, read_moment
from greenpark.engine.store import open_store
from tests.engine.made_rows import source
from tests.engine.writing_program import ROWS

DAY = datetime(2025, 1, 1, tzinfo=UTC)
WRITERS, APPENDS = 4, 10


@pytest.fixture
def sqlite_register(tmp_path: Path) -> Iterator[Register]:
    register = Register(tmp_path / "a b?#%.sqlite", "w", is_new=True)
    yield register
    register.close()


@pytest.fixture
def postgres_register(register_url: str) -> Iterator[Register]:
    register = Register(register_url, "w", is_new=True)
    yield register
    register.close()


def batch(name: str, day: int = 0, supersedes: str | None = None) -> BatchRecord:
    moment = DAY + timedelta(days=day)
    return BatchRecord(name, "observations", name * 2, 3, source(), moment, moment, supersedes=supersedes)


def file(path: str, *batches: str, run: str | None = None) -> FileRecord:
    return FileRecord(path, "observations" if batches else "energy", "0" * 64, 10, 3, run, batches)


def run(name: str, *batches: str) -> RunRecord:
    return RunRecord(name, name * 2, "job", "j", "code", DAY, batches, {"p": PackUse("1", "h")})


def ids(records: tuple[BatchRecord, ...]) -> list[str]:
    return [record.id for record in records]


def check_batches(register: Register) -> None:
    assert register.add_batch(batch("a"), [file("observations/1", "a")])
    assert not register.add_batch(batch("a"), [file("observations/2", "a")])
    assert register.add_batch(batch("b", 1, supersedes="a"), [file("observations/3", "b")])
    assert register.batch("a") == batch("a")
    assert register.batch("nobody") is None
    assert ids(register.accepted()) == ["b"]
    assert ids(register.accepted(DAY)) == ["a"]
    assert ids(register.accepted(DAY - timedelta(microseconds=1))) == []
    assert [each.path for each in register.batch_files("observations", ["a", "b"])] == [
        "observations/1",
        "observations/3",
    ]
    with pytest.raises(StoreError, match="already_superseded"):
        register.add_batch(batch("c", 2, supersedes="a"), [])
    with pytest.raises(StoreError, match="batch_unknown"):
        register.add_batch(batch("d", 2, supersedes="nobody"), [])
    assert ids(register.accepted()) == ["b"]


def check_runs(register: Register) -> None:
    register.add_batch(batch("a"), [])
    assert register.begin_run(run("r", "a")) == run("r", "a")
    assert register.latest_run("job") is None
    with pytest.raises(StoreError, match="batch_unknown"):
        register.begin_run(run("s", "a", "nobody"))
    assert register.run("s") is None
    assert register.close_run("r", [file("energy/1", run="r")], DAY)
    assert not register.close_run("r", [file("energy/2", run="r")], DAY + timedelta(days=1))
    closed = register.run("r")
    assert closed is not None
    assert (closed.state, closed.closed, closed.packs) == ("closed", DAY, {"p": PackUse("1", "h")})
    assert register.begin_run(run("r", "a")) == closed == register.latest_run("job")
    assert register.run_files("r", "energy") == (file("energy/1", run="r"),)


def check_replacing(register: Register) -> None:
    for name in "abc":
        register.add_batch(batch(name), [file(f"observations/{name}", name)])
    packed = file("observations/ab", "a", "b")
    assert register.replace_files(["observations/a", "observations/b"], packed, DAY)
    assert register.batch_files("observations", ["a"]) == (packed,)
    other = file("observations/bc", "b", "c")
    assert not register.replace_files(["observations/b", "observations/c"], other, DAY)
    assert [each.path for each in register.files()] == ["observations/ab", "observations/c"]
    before = DAY - timedelta(seconds=1)
    assert register.kept_paths(since=before) == {f"observations/{name}" for name in ("a", "b", "ab", "c")}
    assert register.kept_paths(since=DAY) == {"observations/ab", "observations/c"}
    register.forget_replaced(DAY)
    assert register.kept_paths(since=before) == {"observations/ab", "observations/c"}


def check_workspace(where: Path | str) -> None:
    Register(where, "w", is_new=True).close()
    Register(where, "w", is_new=False).close()
    with pytest.raises(StoreError, match="register_of_another_workspace"):
        Register(where, "x", is_new=True)


CHECKS = [check_batches, check_runs, check_replacing]


@pytest.mark.parametrize("check", CHECKS)
def test_changes_are_whole_or_not_at_all_on_sqlite(check: Any, sqlite_register: Register) -> None:
    check(sqlite_register)


@pytest.mark.parametrize("check", CHECKS)
def test_changes_are_whole_or_not_at_all_on_postgresql(check: Any, postgres_register: Register) -> None:
    check(postgres_register)


def test_a_register_belongs_to_one_workspace_on_sqlite(tmp_path: Path) -> None:
    check_workspace(tmp_path / "register.sqlite")


def test_a_register_belongs_to_one_workspace_on_postgresql(register_url: str) -> None:
    check_workspace(register_url)


def test_an_empty_register_is_refused_when_the_workspace_holds_tables(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="register_empty"):
        Register(tmp_path / "register.sqlite", "w", is_new=False)


def test_more_batches_than_a_database_takes_in_one_list_can_be_asked_for(sqlite_register: Register) -> None:
    sqlite_register.add_batch(batch("a"), [file("observations/a", "a")])
    many = ["a", *(f"none{number}" for number in range(40_000))]
    assert [each.path for each in sqlite_register.batch_files("observations", many)] == ["observations/a"]


def test_moments_sort_as_texts_and_come_back() -> None:
    moments = [DAY, DAY + timedelta(microseconds=1), DAY.replace(year=1999), DAY + timedelta(days=400)]
    assert sorted(map(moment_text, moments)) == [moment_text(moment) for moment in sorted(moments)]
    assert [read_moment(moment_text(moment)) for moment in moments] == moments


# ---------------------------------------------------------------- many writers
def append_from_many_processes(repo: Path, folder: Path, engine: Engine, url: str | None) -> None:
    more = ["--register", url] if url else []
    command = [sys.executable, "-m", "tests.engine.writing_program", str(folder)]
    amount = ["--appends", str(APPENDS), "--bare"]
    writers = [
        subprocess.Popen([*command, f"w{number}", *amount, *more], cwd=repo, stdout=subprocess.PIPE, encoding="utf-8")
        for number in range(WRITERS)
    ]
    said = [line.split()[1] for writer in writers for line in writer.communicate(timeout=240)[0].splitlines()]
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    assert len(set(said)) == WRITERS * APPENDS
    with open_store(folder, engine, url) as store:
        assert set(ids(store.accepted())) == set(said)
        read = store.read("observations", store.accepted())
        counts = engine.to_arrow(read.group_by("batch").aggregate(rows=read.count()))
        assert counts.column("rows").to_pylist() == [ROWS] * WRITERS * APPENDS
        assert store.damaged_files() == ()


def test_four_processes_append_at_once_and_every_batch_arrives_whole(
    repo: Path, tmp_path: Path, duckdb_engine: Engine
) -> None:
    append_from_many_processes(repo, tmp_path / "workspace", duckdb_engine, None)


def test_four_processes_append_at_once_to_a_register_of_its_own(
    repo: Path, tmp_path: Path, duckdb_engine: Engine, register_url: str
) -> None:
    append_from_many_processes(repo, tmp_path / "workspace", duckdb_engine, register_url)
