"""Packing: the small files of a park's batches of one year become one, so that reading opens few files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from greenpark.engine.connect import write_arrow
from greenpark.engine.register import FileRecord, Register
from greenpark.engine.tablefiles import place_files
from greenpark.model.tables import INPUT_TABLES, TABLES, Table
from greenpark.model.time import Period

SMALL_ROWS = 50_000  # a file with fewer rows is worth packing
PACKED_ROWS = 500_000  # a packed file has at most this many; packing works in memory


def pack_batches(workspace: Path, register: Register, clock: Callable[[], datetime], small: int, packed: int) -> int:
    """Replace small files of batches that count; the number of files replaced.

    The list of files changes in one transaction. The old files stay on disk for their readers until they are swept.
    """
    park_year = {batch.id: (batch.source.entity, _year(batch.source.period)) for batch in register.accepted()}
    return sum(
        len(files)
        for name in INPUT_TABLES
        for files in _groups(register.files(name), park_year, small, packed)
        if _replace(files, TABLES[name], workspace, register, clock)
    )


def _groups(
    files: Sequence[FileRecord], park_year: dict[str, tuple[str, str]], small: int, packed: int
) -> Iterator[tuple[FileRecord, ...]]:
    """Files to put together: small ones whose batches all belong to one park and year, at least two."""
    together: dict[tuple[str, str], list[FileRecord]] = {}
    for file in files:
        owners = {park_year.get(batch) for batch in file.batches}
        owner = owners.pop() if len(owners) == 1 else None
        if file.rows < small and owner is not None:
            together.setdefault(owner, []).append(file)
    for group in together.values():
        yield from _filled(group, packed)


def _filled(files: Sequence[FileRecord], packed: int) -> Iterator[tuple[FileRecord, ...]]:
    some: list[FileRecord] = []
    for file in files:
        if some and sum(each.rows for each in some) + file.rows > packed:
            yield tuple(some)
            some = []
        some.append(file)
    if len(some) > 1:
        yield tuple(some)


def _replace(
    files: Sequence[FileRecord], table: Table, workspace: Path, register: Register, clock: Callable[[], datetime]
) -> bool:
    """Write one file with the rows of several and list it in their place; False when somebody else was quicker."""
    rows = pa.concat_tables([pq.ParquetFile(workspace / file.path).read() for file in files])
    rows = rows.sort_by([(name, "ascending") for name in table.key])
    batches = tuple(sorted({batch for file in files for batch in file.batches}))
    (written,) = place_files(workspace, table.name, "packed", lambda folder: write_arrow(rows, folder))
    if not pq.ParquetFile(workspace / written.path).read().equals(rows):
        raise RuntimeError(f"the packed file {written.path} does not hold the rows of the files that it replaces")
    new = FileRecord(written.path, table.name, written.sha256, written.bytes, written.rows, None, batches)
    return register.replace_files([file.path for file in files], new, clock())


def _year(period: str) -> str:
    """The year in which a period begins; empty when it is unstated or no period."""
    try:
        return str(Period.parse(period).start.year)
    except ValueError:
        return ""
