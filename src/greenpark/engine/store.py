"""The store: batches and runs as immutable Parquet files in a workspace, listed by its register.

A row in the register is the only commit: files are written, made durable and moved first, then one transaction lists
them. What the register does not list is never read, and `Store.sweep` deletes it after a grace period.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from greenpark.engine.connect import Engine, write_arrow
from greenpark.engine.errors import StoreError
from greenpark.engine.identity import RunHandle, same_content, sort_rows, with_id
from greenpark.engine.packing import PACKED_ROWS, SMALL_ROWS, pack_batches
from greenpark.engine.packkeeping import keep_pack, kept_pack
from greenpark.engine.provenance import hash_rows, hash_words
from greenpark.engine.register import (
    BatchKind,
    BatchRecord,
    BatchSource,
    BatchState,
    FileRecord,
    PackUse,
    Register,
    RunRecord,
)  # fmt: skip
from greenpark.engine.register.records import utc_now
from greenpark.engine.schema import Expr, check_values, conform, conform_expr
from greenpark.engine.sweeping import GRACE, damaged_files, sweep_workspace
from greenpark.engine.tablefiles import WrittenFile, check_files, check_statistics, place_files
from greenpark.engine.unfolding import NARROW, PARTS, UNFOLDED, put_parts_together, unfold
from greenpark.engine.workspace import Workspace, open_workspace
from greenpark.model.tables import ENTITIES, INPUT_TABLES, OBSERVATIONS, RESULT_TABLES, TABLES, Table

__all__ = ["BatchKind", "BatchRecord", "BatchSource", "BatchState", "RunHandle", "RunRecord", "Store", "open_store"]

_log = logging.getLogger(__name__)
_BATCH_ID, _RUN_ID = 16, 12  # hex digits of the content's hash


@contextmanager
def open_store(
    folder: Path,
    engine: Engine,
    register_url: str | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[Store]:
    """The store of a workspace; an absent or empty folder becomes one.

    Parameters
    ----------
    register_url
        URL of a PostgreSQL database that keeps the register; None for a file in the workspace.
    clock
        What tells the moment at which something is accepted, begun or closed.

    Raises
    ------
    StoreError
        When the folder or the register cannot be used.
    """
    workspace = open_workspace(folder)
    register = Register(register_url or workspace.register, workspace.id, is_new=not workspace.has_tables)
    try:
        yield Store(workspace, register, engine, clock)
    finally:
        register.close()


class Store:
    """Appends batches, reads what was accepted, and keeps the rows of runs; nothing is ever overwritten."""

    def __init__(self, workspace: Workspace, register: Register, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.workspace = workspace
        self.register = register
        self.engine = engine
        self._clock = clock

    def append(
        self,
        observations: pa.Table,
        entities: pa.Table,
        source: BatchSource,
        supersedes: str | None = None,
        reason: str = "",
        kind: BatchKind = "observations",
        state: BatchState = "accepted",
        enter: Callable[[BatchRecord, Sequence[FileRecord]], bool] | None = None,
    ) -> str:
        """Add a batch and accept it; its id follows from its rows, so the same rows again are the same batch.

        Parameters
        ----------
        observations, entities
            Tables of the model without the column ``batch``.
        supersedes, reason
            The batch that this one corrects, which no longer counts from when this one counts, and why.
        kind
            ``observations``: an input of a job; ``estimate``: made by a run; ``submission``: handed in; ``simulation``.
        state
            ``accepted``: it counts from now on; ``submitted`` or ``draft``: it counts once it is accepted.
        enter
            Lists the batch in the register together with something else, in one transaction; None: alone.

        Raises
        ------
        SchemaError
            When a table is not what the model states.
        StoreError
            When the superseded batch is unknown or superseded already.
        """
        given = {OBSERVATIONS: observations, ENTITIES: entities}
        rows = {table: sort_rows(conform(data, table, ("batch",)), table) for table, data in given.items()}
        # What is handed in is a batch of its own, even where another entity or period hands in the same (no) rows.
        of = (kind, source.entity, source.period, source.form, source.file_sha256)
        handed_in = () if kind == "observations" else of
        stated = (source.vintage,) if source.vintage else ()  # a revision that changes nothing is one nevertheless
        content = hash_words(hash_rows(*rows.values()), supersedes or "", *handed_in, *stated)
        batch = content[:_BATCH_ID]
        if (known := self.register.batch(batch)) is not None:
            return same_content(known.content, content, batch)
        files = [
            self._record(written, table, batches=(batch,))
            for table, data in rows.items()
            for written in self._place_arrow(with_id(data, table, "batch", batch), table, f"batch={batch}")
        ]
        now = self._clock()
        count = rows[OBSERVATIONS].num_rows
        accepted = now if state == "accepted" else None
        record = BatchRecord(batch, kind, content, count, source, now, accepted, state, supersedes, reason)
        added = (enter or self.register.add_batch)(record, files)
        _log.info("batch %s: %d rows, %s", batch, count, state if added else "known")
        return batch

    def accepted(self, as_of: datetime | None = None) -> tuple[BatchRecord, ...]:
        """The batches that counted at a moment with time zone (None: now), by id."""
        return self.register.accepted(as_of)

    def read(self, table: str, batches: Iterable[BatchRecord | str]) -> Expr:
        """The rows of these batches, in no order.

        Raises
        ------
        StoreError
            When a batch is not in the register, or a file of it is gone.
        """
        wanted = {each if isinstance(each, str) else each.id for each in batches}
        files = self.register.batch_files(_named(table, INPUT_TABLES).name, wanted)
        held = {batch for file in files for batch in file.batches}
        if wanted - held:
            raise StoreError("store.batch_unknown", batches=", ".join(sorted(wanted - held)))
        rows = self._read_files(files, TABLES[table])
        if not held - wanted:
            return rows
        return rows.filter(rows.batch.isin(sorted(wanted)))

    def begin_run(
        self,
        job_id: str,
        job_hash: str,
        batches: Iterable[BatchRecord | str],
        packs: Mapping[str, tuple[str, str]],
        code_hash: str,
        as_of: datetime | None = None,
    ) -> RunHandle:
        """A run whose id follows from job, batches, packs and code; a closed one of the same id is not computed again.

        Parameters
        ----------
        packs
            Pack id to its version and content hash.
        as_of
            The moment whose knowledge the run has, by which it takes its place among the runs of its job; None: now.

        Raises
        ------
        StoreError
            When a batch is not in the register.
        """
        ids = tuple(sorted({each if isinstance(each, str) else each.id for each in batches}))
        uses = {pack: PackUse(*packs[pack]) for pack in sorted(packs)}
        hashes = [word for pack, use in uses.items() for word in (pack, use.hash)]
        identity = hash_words(job_hash, str(len(ids)), *ids, *hashes, code_hash)
        asked = RunRecord(identity[:_RUN_ID], identity, job_id, job_hash, code_hash, self._clock(), ids, uses)
        record = self.register.begin_run(asked, as_of)
        same_content(record.identity, identity, record.id)
        _log.info("run %s: %s", record.id, "known" if record.state == "closed" else "begun")
        return RunHandle(record, record.state == "closed", as_of=as_of)

    def write(self, run: RunHandle, table_name: str, rows: Expr | pa.Table, unique: bool = False) -> Expr:
        """Write a run's rows of a table, once, with the run's id; the table can be read at once by this run.

        Parameters
        ----------
        rows
            An Ibis table of the store's engine or an Arrow table, without the column ``run``.
        unique
            Whether keys are sure to differ, because rows follow one to one from keys that were checked.

        Raises
        ------
        SchemaError
            When the rows are not what the model states.
        StoreError
            When the run is closed or has written this table.
        """
        table = _named(table_name, RESULT_TABLES)
        if run.closed or table_name in run.written:
            raise StoreError("store.written_once", run=run.id, table=table_name)
        if isinstance(rows, pa.Table):
            data = with_id(conform(rows, table, ("run",)), table, "run", run.id)
            written = self._place_arrow(data, table, f"run={run.id}")
        else:
            names = [name for name in table.names if not table.sparse or name == "run" or name in rows.columns]
            expr = conform_expr(rows, table, ("run",)).mutate(run=ibis.literal(run.id)).select(*names)
            written = self._place(lambda folder: self.engine.write_parquet(expr, folder), table, f"run={run.id}")
        readable = self.engine.read_parquet([self.workspace.folder / each.path for each in written], table)
        if not isinstance(rows, pa.Table):
            if unique:
                check_statistics([self.workspace.folder / each.path for each in written], table)
            else:
                check_values(readable, table, constant=("run",))
        run.written[table_name] = tuple(self._record(each, table, run=run.id) for each in written)
        _log.info("run %s: %d rows of %s", run.id, sum(each.rows for each in written), table_name)
        return readable

    def close_run(self, run: RunHandle) -> RunRecord:
        """Make the run and its tables visible, in one transaction; it is immutable from then on.

        Raises
        ------
        StoreError
            When a file that it wrote is gone.
        """
        files = [file for written in run.written.values() for file in written]
        if not run.closed:
            self._check_there(files)
            self.register.close_run(run.id, files, self._clock(), run.as_of)
            run.closed = True
        run.record = self.run(run.id)
        _log.info("run %s: closed", run.id)
        return run.record

    def run(self, run_id: str) -> RunRecord:
        """The run of this id.

        Raises
        ------
        StoreError
            When there is none.
        """
        record = self.register.run(run_id)
        if record is None:
            raise StoreError("store.run_unknown", run=run_id)
        return record

    def run_table(self, run_id: str, table_name: str) -> Expr:
        """A closed run's rows of a table; no rows when it wrote none.

        Raises
        ------
        StoreError
            When the run is unknown or not closed, or a file of it is gone.
        """
        table = _named(table_name, RESULT_TABLES)
        if self.run(run_id).state != "closed":
            raise StoreError("store.run_open", run=run_id)
        if table_name == NARROW[0] and self.register.run_files(run_id, PARTS):
            return put_parts_together(run_id, self._own_rows, self.engine)
        files = self.register.run_files(run_id, table_name)
        if not files and table_name in UNFOLDED and self.register.run_files(run_id, NARROW[0]):
            counted, matches = (self.run_table(run_id, name) for name in NARROW)
            return unfold(counted, matches, table_name)
        return self._read_files(files, table)

    def _own_rows(self, run_id: str, table_name: str) -> Expr:
        return self._read_files(self.register.run_files(run_id, table_name), TABLES[table_name])

    def latest_run(self, job_id: str) -> RunRecord | None:
        """The closed run of a job with the newest knowledge, asked for last; None before the first."""
        return self.register.latest_run(job_id)

    def latest_runs(self) -> tuple[RunRecord, ...]:
        """The newest closed run of every job of this workspace, by job."""
        return self.register.latest_runs()

    def keep_pack(self, folder: Path, content_hash: str) -> Path:
        """Keep a copy of a pack's folder under its content hash, once; the copy's folder is returned."""
        return keep_pack(self.workspace.packs, folder, content_hash)

    def kept_pack(self, content_hash: str) -> Path:
        """The folder with the kept pack of this content.

        Raises
        ------
        StoreError
            When none is kept.
        """
        return kept_pack(self.workspace.packs, content_hash)

    def pack(self, small: int = SMALL_ROWS, packed: int = PACKED_ROWS) -> int:
        """Put small files of batches of one park and year into one; the number of files that were replaced."""
        count = pack_batches(self.workspace.folder, self.register, self._clock, small, packed)
        _log.info("packed %d files", count)
        return count

    def sweep(self, grace: timedelta = GRACE) -> tuple[str, ...]:
        """Delete what the register has not listed for longer than `grace`; the relative paths that are gone.

        `grace` must be longer than the longest run: what a run writes is listed when it is closed.
        """
        gone = sweep_workspace(self.workspace, self.register, self._clock() - grace)
        _log.info("swept %d files", len(gone))
        return gone

    def damaged_files(self) -> tuple[str, ...]:
        """The relative paths of listed files that are gone or hold other bytes than when they were written."""
        return damaged_files(self.workspace.folder, self.register)

    def _place(self, fill: Callable[[Path], None], table: Table, part: str) -> tuple[WrittenFile, ...]:
        return place_files(self.workspace.folder, table.name, part, fill)

    def _place_arrow(self, data: pa.Table, table: Table, part: str) -> tuple[WrittenFile, ...]:
        return self._place(lambda folder: write_arrow(data, folder), table, part)

    def _record(self, written: WrittenFile, table: Table, **of: Any) -> FileRecord:
        return FileRecord(written.path, table.name, written.sha256, written.bytes, written.rows, **of)

    def _read_files(self, files: Iterable[FileRecord], table: Table) -> Expr:
        listed = tuple(files)
        self._check_there(listed)
        return self.engine.read_parquet([self.workspace.folder / file.path for file in listed], table)

    def _check_there(self, files: Iterable[FileRecord]) -> None:
        check_files(self.workspace.folder, tuple(files))


def _named(name: str, names: tuple[str, ...]) -> Table:
    if name not in names:
        raise ValueError(f"{name!r} is none of {', '.join(names)}")
    return TABLES[name]
