"""Fixtures for the tests of engine, store and register."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from greenpark.engine.connect import Engine
from greenpark.engine.store import Store, open_store


@pytest.fixture(scope="session")
def duckdb_engine() -> Iterator[Engine]:
    """DuckDB in this process."""
    engine = Engine()
    yield engine
    engine.close()


@pytest.fixture
def store(tmp_path: Path, duckdb_engine: Engine) -> Iterator[Store]:
    """An empty store in a folder whose name holds what engines read as patterns."""
    with open_store(tmp_path / "园区 [1] it's {x}*?", duckdb_engine) as opened:
        yield opened


@pytest.fixture
def register_url(postgres_url: str) -> Iterator[str]:
    """The url of an empty PostgreSQL database."""
    name = f"register_{secrets.token_hex(4)}"
    server = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
