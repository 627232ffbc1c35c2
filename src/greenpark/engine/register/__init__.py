"""The register: which batches, runs and files count. A row in here is the only commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import cast

from sqlalchemy import CTE, ColumnElement, and_, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from greenpark.engine.errors import StoreError
from greenpark.engine.register import desk_tables as _desk_tables  # noqa: F401 - its tables are created with the others
from greenpark.engine.register.connection import Connection
from greenpark.engine.register.records import (
    BatchKind,
    BatchRecord,
    BatchSource,
    BatchState,
    FileRecord,
    PackUse,
    RunRecord,
    RunState,
)
from greenpark.engine.register.tables import Batch, File, FileBatch, Run, RunBatch, RunPack

__all__ = [
    "BatchKind",
    "BatchRecord",
    "BatchSource",
    "BatchState",
    "FileRecord",
    "PackUse",
    "Register",
    "RunRecord",
    "RunState",
    "enter_batch",
]

_COUNTING = ("accepted", "locked")
_AT_ONCE = 5000  # values in one IN list; the databases have a limit


class Register:
    """What is registered in a workspace; each method is one transaction.

    Parameters
    ----------
    where
        The path of an SQLite file, or the URL of a PostgreSQL database.
    workspace
        Id of the workspace that the register must belong to.
    is_new
        Whether the workspace holds no table yet.
    """

    def __init__(self, where: Path | str, workspace: str, is_new: bool) -> None:
        self._connection = Connection(where)
        self._connection.prepare(workspace, is_new)

    def close(self) -> None:
        """Close all connections to the database."""
        self._connection.close()

    def reading(self) -> AbstractContextManager[Session]:
        """A transaction that sees one state of the register: for tables that lie beside it."""
        return self._connection.reading()

    def writing(self) -> AbstractContextManager[Session]:
        """A transaction that is committed whole, or not at all when its block raises."""
        return self._connection.writing()

    # ------------------------------------------------------------ batches
    def add_batch(self, record: BatchRecord, files: Sequence[FileRecord]) -> bool:
        """List a batch and its files; False when a batch of this id is listed already, and then nothing changes.

        Raises
        ------
        StoreError
            When the batch that it supersedes is unknown or superseded already.
        """
        try:
            with self._connection.writing() as session:
                return enter_batch(session, record, files)
        except IntegrityError:  # on PostgreSQL somebody else may enter the same between the look and the entry
            if self.batch(record.id) is None:
                with self._connection.reading() as session:
                    _check_superseded(session, record.supersedes)
                raise
            return False

    def batch(self, batch: str) -> BatchRecord | None:
        """The batch of this id, in whatever state."""
        with self._connection.reading() as session:
            row = session.get(Batch, batch)
            return None if row is None else _batch_record(row)

    def accepted(self, as_of: datetime | None = None) -> tuple[BatchRecord, ...]:
        """The batches that counted at a moment (None: now), by id: accepted by then, and not superseded by then."""
        gone = _superseded(as_of)
        query = select(Batch).where(_counts(Batch, as_of), Batch.id.not_in(select(gone.c.id))).order_by(Batch.id)
        with self._connection.reading() as session:
            return tuple(_batch_record(row) for row in session.scalars(query))

    def once_accepted(self) -> tuple[BatchRecord, ...]:
        """Every batch that ever was accepted, the first one first, whatever became of it."""
        query = select(Batch).where(Batch.accepted_at.is_not(None)).order_by(Batch.accepted_at, Batch.id)
        with self._connection.reading() as session:
            return tuple(_batch_record(row) for row in session.scalars(query))

    def batch_files(self, table: str, batches: Iterable[str]) -> tuple[FileRecord, ...]:
        """The files of a table with rows of these batches, by path; they may hold rows of further batches."""
        with self._connection.reading() as session:
            paths: set[str] = set()
            for some in _parts(sorted(set(batches))):
                query = select(FileBatch.path).join(File, File.path == FileBatch.path)
                query = query.where(FileBatch.batch.in_(some), File.table == table, File.replaced.is_(None))
                paths.update(session.scalars(query))
            return _file_records(session, sorted(paths))

    # ------------------------------------------------------------ runs
    def begin_run(self, record: RunRecord, as_of: datetime | None = None) -> RunRecord:
        """Enter an open run, or find the run of the same id, and note that it was asked for: now, or as of a moment.

        Raises
        ------
        StoreError
            When a batch is unknown.
        """
        asked = min(as_of or record.started, record.started)
        try:
            with self._connection.writing() as session:
                row = session.get(Run, record.id)
                if row is None:
                    _enter_run(session, record, asked)
                    return record
                row.asked = max(row.asked, asked)
                return _run_record(session, row)
        except IntegrityError:
            found = self.run(record.id)
            if found is None:
                unknown = [batch for batch in record.batches if self.batch(batch) is None]
                raise StoreError("store.batch_unknown", batches=", ".join(unknown)) from None
            return found

    def close_run(self, run: str, files: Sequence[FileRecord], moment: datetime, as_of: datetime | None = None) -> bool:
        """Close a run and list its files, all at once; False when it was closed already, and then nothing changes."""
        with self._connection.writing() as session:
            closing = update(Run).where(Run.id == run, Run.state == "open")
            asked = moment if as_of is None else Run.asked  # as of a moment it stays where it was put when it began
            closing = closing.values(state="closed", closed=moment, asked=asked).returning(Run.id)
            if session.scalars(closing).one_or_none() is None:
                return False
            _list_files(session, files)
            return True

    def run(self, run: str) -> RunRecord | None:
        """The run of this id, open or closed."""
        with self._connection.reading() as session:
            row = session.get(Run, run)
            return None if row is None else _run_record(session, row)

    def latest_run(self, job: str) -> RunRecord | None:
        """The closed run of a job that was asked for last."""
        return next(iter(self.runs_of(job, 1)), None)

    def runs_of(self, job: str, most: int | None = None) -> tuple[RunRecord, ...]:
        """The closed runs of a job, the one that was asked for last first."""
        query = select(Run).where(Run.job == job, Run.state == "closed").order_by(Run.asked.desc(), Run.id).limit(most)
        with self._connection.reading() as session:
            return tuple(_run_record(session, row) for row in session.scalars(query).all())

    def latest_runs(self) -> tuple[RunRecord, ...]:
        """The closed run of each job that was asked for last, by job."""
        query = select(Run).where(Run.state == "closed").order_by(Run.job, Run.asked, Run.id)
        with self._connection.reading() as session:
            newest = {row.job: row for row in session.scalars(query)}
            return tuple(_run_record(session, row) for row in newest.values())

    def closed_runs(self) -> tuple[RunRecord, ...]:
        """All closed runs, by id."""
        with self._connection.reading() as session:
            rows = session.scalars(select(Run).where(Run.state == "closed").order_by(Run.id)).all()
            return tuple(_run_record(session, row) for row in rows)

    def run_files(self, run: str, table: str) -> tuple[FileRecord, ...]:
        """The files with a run's rows of a table, by path."""
        query = select(File.path).where(File.run == run, File.table == table).order_by(File.path)
        with self._connection.reading() as session:
            return _file_records(session, session.scalars(query).all())

    # ------------------------------------------------------------ files
    def files(self, table: str | None = None) -> tuple[FileRecord, ...]:
        """All files that count, or those of one table, by path."""
        query = select(File.path).where(File.replaced.is_(None)).order_by(File.path)
        if table is not None:
            query = query.where(File.table == table)
        with self._connection.reading() as session:
            return _file_records(session, session.scalars(query).all())

    def replace_files(self, old: Sequence[str], new: FileRecord, moment: datetime) -> bool:
        """List `new` instead of `old`, all at once; False, and no change, when one of `old` no longer counts."""
        with self._connection.writing() as session:
            replacing = update(File).where(File.path.in_(old), File.replaced.is_(None))
            replaced = session.scalars(replacing.values(replaced=moment).returning(File.path)).all()
            if len(replaced) != len(old):
                session.rollback()
                return False
            _list_files(session, [new])
            return True

    def kept_paths(self, since: datetime) -> frozenset[str]:
        """The paths that nobody may delete: of files that count, and of those replaced after a moment."""
        query = select(File.path).where(or_(File.replaced.is_(None), File.replaced > since))
        with self._connection.reading() as session:
            return frozenset(session.scalars(query))

    def forget_replaced(self, until: datetime) -> None:
        """Forget the files that were replaced until a moment: they are deleted from disk."""
        old = select(File.path).where(File.replaced <= until)
        with self._connection.writing() as session:
            session.execute(delete(FileBatch).where(FileBatch.path.in_(old)))
            session.execute(delete(File).where(File.replaced <= until))


# ---------------------------------------------------------------- rows and records
def enter_batch(session: Session, record: BatchRecord, files: Sequence[FileRecord]) -> bool:
    """List a batch and its files in a transaction of the caller; False, and no change, when its id is listed.

    Raises
    ------
    StoreError
        When the batch that it supersedes is unknown or superseded already.
    """
    if session.get(Batch, record.id) is not None:
        return False
    _check_superseded(session, record.supersedes)
    session.add(_batch_row(record))
    session.flush()
    _list_files(session, files)
    return True


def _superseded(as_of: datetime | None) -> CTE:
    """All that a counting batch supersedes, however far back: what was returned in between counts for nothing."""
    first = select(Batch.supersedes.label("id")).where(_counts(Batch, as_of), Batch.supersedes.is_not(None))
    chain = first.cte("superseded", recursive=True)
    earlier = aliased(Batch)
    further = select(earlier.supersedes).join(chain, earlier.id == chain.c.id)
    return chain.union(further.where(earlier.supersedes.is_not(None)))


def _counts(batch: type[Batch], as_of: datetime | None) -> ColumnElement[bool]:
    accepted = batch.state.in_(_COUNTING)
    return accepted if as_of is None else and_(accepted, batch.accepted_at <= as_of)


def _check_superseded(session: Session, batch: str | None) -> None:
    if batch is None:
        return
    if session.get(Batch, batch) is None:
        raise StoreError("store.batch_unknown", batches=batch)
    other = session.scalars(select(Batch.id).where(Batch.supersedes == batch)).one_or_none()
    if other is not None:
        raise StoreError("store.already_superseded", batch=batch, by=other)


def _batch_row(record: BatchRecord) -> Batch:
    plain = {name: value for name, value in asdict(record).items() if name != "source"}
    return Batch(**plain, **asdict(record.source))


def _batch_record(row: Batch) -> BatchRecord:
    source = BatchSource(
        row.file, row.file_sha256, row.form, row.form_version, row.entity, row.period, row.reader, row.vintage
    )
    state = cast("BatchState", row.state)  # the database checks that it is one of them
    kind = cast("BatchKind", row.kind)
    return BatchRecord(
        row.id, kind, row.content, row.rows, source, row.created, row.accepted_at, state, row.supersedes, row.reason
    )


def _enter_run(session: Session, record: RunRecord, asked: datetime) -> None:
    session.add(
        Run(
            id=record.id, identity=record.identity, job=record.job, job_hash=record.job_hash, code=record.code,
            started=record.started, asked=asked, state=record.state,
        )
    )  # fmt: skip
    session.flush()
    session.add_all(RunBatch(run=record.id, batch=batch) for batch in record.batches)
    packs = sorted(record.packs.items())
    session.add_all(RunPack(run=record.id, pack=pack, version=use.version, hash=use.hash) for pack, use in packs)


def _run_record(session: Session, row: Run) -> RunRecord:
    batches = session.scalars(select(RunBatch.batch).where(RunBatch.run == row.id).order_by(RunBatch.batch)).all()
    packs = session.scalars(select(RunPack).where(RunPack.run == row.id).order_by(RunPack.pack)).all()
    return RunRecord(
        row.id, row.identity, row.job, row.job_hash, row.code, row.started, tuple(batches),
        {pack.pack: PackUse(pack.version, pack.hash) for pack in packs}, row.closed,
        "closed" if row.state == "closed" else "open",
    )  # fmt: skip


def _list_files(session: Session, files: Iterable[FileRecord]) -> None:
    listed = list(files)
    session.add_all(
        File(path=each.path, table=each.table, sha256=each.sha256, bytes=each.bytes, rows=each.rows, run=each.run)
        for each in listed
    )
    session.flush()
    session.add_all(FileBatch(path=each.path, batch=batch) for each in listed for batch in each.batches)


def _file_records(session: Session, paths: Sequence[str]) -> tuple[FileRecord, ...]:
    records = []
    for some in _parts(paths):
        batches: dict[str, list[str]] = {}
        pairs = select(FileBatch.path, FileBatch.batch).where(FileBatch.path.in_(some)).order_by(FileBatch.batch)
        for path, batch in session.execute(pairs):
            batches.setdefault(path, []).append(batch)
        for row in session.scalars(select(File).where(File.path.in_(some)).order_by(File.path)):
            own = tuple(batches.get(row.path, ()))
            records.append(FileRecord(row.path, row.table, row.sha256, row.bytes, row.rows, row.run, own))
    return tuple(sorted(records, key=lambda each: each.path))


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(values), _AT_ONCE):
        yield values[first : first + _AT_ONCE]
