"""Connections to the register's database: SQLite for one machine, PostgreSQL for many users."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, select, text
from sqlalchemy.orm import Session

from greenpark.engine.errors import StoreError
from greenpark.engine.register.tables import About, RegisterTable

REGISTER_FORMAT = 2
PATIENCE = 60  # seconds that a writer waits for the others
# What makes tables of one format those of the next; tables that are new are created with the others.
_STEPS: dict[int, tuple[str, ...]] = {
    1: ("ALTER TABLE batches ADD COLUMN vintage VARCHAR NOT NULL DEFAULT ''",),
}
_CREATION_LOCK = 4714150002  # any number, the same for all: who holds it creates the tables


class Connection:
    """The register's database: short transactions, each seen whole or not at all.

    Parameters
    ----------
    where
        The path of an SQLite file on a local disk, or the URL of a PostgreSQL database.
    """

    def __init__(self, where: Path | str) -> None:
        url = URL.create("sqlite", database=str(where)) if isinstance(where, Path) else where
        self._engine = create_engine(url)
        self._writing = self._engine
        if self._engine.dialect.name == "sqlite":
            _prepare_sqlite(self._engine)
            # Reserve the right to write at once: a reader that turns writer midway may have to be thrown out.
            self._writing = self._engine.execution_options(greenpark_begin="BEGIN IMMEDIATE")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one state of the register."""
        with Session(self._engine) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is committed whole when its block ends, and not at all when it raises."""
        with Session(self._writing) as session, session.begin():
            yield session

    def prepare(self, workspace: str, is_new: bool) -> None:
        """Create the tables where there are none, and make sure that they belong to this workspace.

        Raises
        ------
        StoreError
            When they belong to another workspace or are of a newer format, or when a workspace that holds tables
            meets an empty register: everything in it would look like left-overs.
        """
        with self.writing() as session:
            if self._engine.dialect.name == "postgresql":
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CREATION_LOCK})
            RegisterTable.metadata.create_all(session.connection())
            about = session.execute(select(About)).scalar_one_or_none()
            if about is None:
                if not is_new:
                    raise StoreError("store.register_empty")
                session.add(About(workspace=workspace, format=REGISTER_FORMAT))
                return
            if about.workspace != workspace:
                raise StoreError("store.register_of_another_workspace", workspace=about.workspace)
            if about.format > REGISTER_FORMAT:
                raise StoreError("store.register_newer", found=about.format, known=REGISTER_FORMAT)
            if about.format < REGISTER_FORMAT:
                raise StoreError("store.register_older", found=about.format, known=REGISTER_FORMAT)

    def migrate(self) -> int:
        """Bring tables of an older format to this one, in one transaction; the format they had before.

        Raises
        ------
        StoreError
            When there are none, or they are of a newer format.
        """
        with self.writing() as session:
            about = session.execute(select(About)).scalar_one_or_none()
            if about is None:
                raise StoreError("store.register_empty")
            before = about.format
            if before > REGISTER_FORMAT:
                raise StoreError("store.register_newer", found=before, known=REGISTER_FORMAT)
            for step in range(before, REGISTER_FORMAT):
                for statement in _STEPS[step]:
                    session.execute(text(statement))
            about.format = REGISTER_FORMAT
            return before

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def migrate_register(where: Path | str) -> int:
    """Bring a register of an older format to the known one; the format it had before.

    A copy of a database that is no file is its keeper's business.

    Raises
    ------
    StoreError
        When it is empty or of a newer format.
    """
    connection = Connection(where)
    try:
        return connection.migrate()
    finally:
        connection.close()


def _prepare_sqlite(engine: Engine) -> None:
    """Settings with which many processes may write and a killed one leaves nothing half done."""

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for setting in (f"busy_timeout = {PATIENCE * 1000}", "foreign_keys = ON", "synchronous = FULL"):
            connection.execute(f"PRAGMA {setting}")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("greenpark_begin", "BEGIN"))
