"""A workspace of format 1 is refused, and migrated on request with a copy; nothing in it is lost."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from greenpark.engine.connect import Engine
from greenpark.engine.errors import StoreError
from greenpark.engine.register.connection import Connection
from greenpark.engine.store import open_store
from greenpark.engine.workspace import migrate_workspace, read_workspace
from tests.engine.made_rows import entities, observations, source


@pytest.fixture
def older(tmp_path: Path, duckdb_engine: Engine) -> Path:
    """A workspace as format 1 had it: batches without a vintage."""
    folder = tmp_path / "w"
    with open_store(folder, duckdb_engine) as store:
        store.append(observations(2), entities(), source())
    with sqlite3.connect(folder / "register.sqlite") as register:
        register.execute("ALTER TABLE batches DROP COLUMN vintage")
        register.execute("UPDATE about SET format = 1")
    register.close()
    about = folder / "workspace.yaml"
    about.write_text(about.read_text(encoding="utf-8").replace("format: 2", "format: 1"), encoding="utf-8")
    return folder


def test_an_older_workspace_is_refused_until_it_is_migrated(older: Path, duckdb_engine: Engine) -> None:
    with pytest.raises(StoreError, match=r"store\.workspace_older"), open_store(older, duckdb_engine):
        pass
    copy = migrate_workspace(older)
    assert copy is not None
    assert (read_workspace(older).format, read_workspace(copy).format) == (2, 1)
    with open_store(older, duckdb_engine) as store:
        (batch,) = store.accepted()
        assert batch.source.vintage == ""
        assert duckdb_engine.to_arrow(store.read("observations", [batch])).num_rows == 2
    assert migrate_workspace(older) is None


def test_a_register_of_its_own_is_refused_until_it_is_migrated(older: Path) -> None:
    connection = Connection(older / "register.sqlite")
    with pytest.raises(StoreError, match=r"store\.register_older"):
        connection.prepare(read_workspace(older).id, is_new=False)
    assert connection.migrate() == 1
    connection.prepare(read_workspace(older).id, is_new=False)
    assert connection.migrate() == 2
    connection.close()


def test_a_vintage_makes_a_batch_of_its_own(tmp_path: Path, duckdb_engine: Engine) -> None:
    with open_store(tmp_path / "w", duckdb_engine) as store:
        plain = store.append(observations(2), entities(), source())
        census = store.append(observations(2), entities(), replace(source(), vintage="census"))
        assert plain != census
        kept = store.register.batch(census)
        assert kept is not None
        assert kept.source.vintage == "census"
