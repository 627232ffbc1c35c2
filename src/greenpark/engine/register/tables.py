"""The tables of the register."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from greenpark.engine.register.records import moment_text, read_moment


class Moment(TypeDecorator[datetime]):
    """A moment with time zone, kept as text in UTC: SQLite has no type for it."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """What is stored."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """What is read back."""
        return None if value is None else read_moment(value)


class RegisterTable(DeclarativeBase):
    """All tables of the register."""


class About(RegisterTable):
    """One row: which workspace this register belongs to, and the format of these tables."""

    __tablename__ = "about"
    workspace: Mapped[str] = mapped_column(primary_key=True)
    format: Mapped[int]


class Batch(RegisterTable):
    """A batch of rows with its source and state."""

    __tablename__ = "batches"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'submitted', 'returned', 'accepted', 'locked')", name="batch_state"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    content: Mapped[str]
    rows: Mapped[int] = mapped_column(BigInteger)
    file: Mapped[str]
    file_sha256: Mapped[str]
    form: Mapped[str]
    form_version: Mapped[str]
    entity: Mapped[str]
    period: Mapped[str]
    reader: Mapped[str]
    vintage: Mapped[str] = mapped_column(server_default="", default="")
    created: Mapped[datetime] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    state: Mapped[str]
    supersedes: Mapped[str | None] = mapped_column(ForeignKey("batches.id"), unique=True)
    reason: Mapped[str]


class Run(RegisterTable):
    """A run: immutable once closed, except for the moment it was last asked for."""

    __tablename__ = "runs"
    __table_args__ = (CheckConstraint("state IN ('open', 'closed')", name="run_state"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    identity: Mapped[str]
    job: Mapped[str] = mapped_column(index=True)
    job_hash: Mapped[str]
    code: Mapped[str]
    started: Mapped[datetime] = mapped_column(Moment)
    asked: Mapped[datetime] = mapped_column(Moment)
    closed: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str]


class RunBatch(RegisterTable):
    """A batch that went into a run."""

    __tablename__ = "run_batches"
    run: Mapped[str] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batches.id"), primary_key=True)


class RunPack(RegisterTable):
    """A pack that a run used."""

    __tablename__ = "run_packs"
    run: Mapped[str] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    pack: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    hash: Mapped[str]


class File(RegisterTable):
    """A file that counts, or one that a packed file has replaced and that is kept a while for its readers."""

    __tablename__ = "files"
    path: Mapped[str] = mapped_column(primary_key=True)
    table: Mapped[str] = mapped_column("table_name")
    sha256: Mapped[str]
    bytes: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(BigInteger)
    run: Mapped[str | None] = mapped_column(ForeignKey("runs.id"), index=True)
    replaced: Mapped[datetime | None] = mapped_column(Moment)


class FileBatch(RegisterTable):
    """A batch whose rows a file holds."""

    __tablename__ = "file_batches"
    path: Mapped[str] = mapped_column(ForeignKey("files.path"), primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batches.id"), primary_key=True, index=True)
