"""A workspace whose register is a file or a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.store import Store, open_store
from tests.engine.conftest import duckdb_engine, register_url

__all__ = ["duckdb_engine", "register_url"]


@pytest.fixture(scope="session")
def packs() -> Packs:
    return load_packs(kinds=["forms", "places", "feeds"])


@pytest.fixture
def store(tmp_path: Path, duckdb_engine: Engine) -> Iterator[Store]:
    with open_store(tmp_path / "workspace", duckdb_engine) as opened:
        yield opened


@pytest.fixture
def shared_store(tmp_path: Path, duckdb_engine: Engine, register_url: str) -> Iterator[Store]:
    """A workspace whose register is a PostgreSQL database."""
    with open_store(tmp_path / "workspace", duckdb_engine, register_url) as opened:
        yield opened
