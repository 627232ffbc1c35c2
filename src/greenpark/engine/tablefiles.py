"""Files of a table: written under a name that nobody reads, made durable, then moved to their place."""

from __future__ import annotations

import math
import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from greenpark.engine.errors import StoreError
from greenpark.engine.provenance import hash_file
from greenpark.engine.register.records import FileRecord
from greenpark.engine.schema import SchemaError
from greenpark.model.tables import Table

UNFINISHED = "tmp-"
_TRIES = 5


@dataclass(frozen=True)
class WrittenFile:
    """A file in its place: its path relative to the workspace, and what it holds."""

    path: str
    sha256: str
    bytes: int
    rows: int


def place_files(workspace: Path, table: str, part: str, fill: Callable[[Path], None]) -> tuple[WrittenFile, ...]:
    """Files of a table, durable and in their place; nobody reads them before the register lists them.

    Their names are new each time, so that two writers of the same part, or one that was killed and its successor,
    never touch each other's files, and what no register lists may be deleted without looking.

    Parameters
    ----------
    part
        Like ``batch=1f0c…``: the folder inside the table's folder.
    fill
        Writes Parquet files into the folder that it is given and that does not exist yet.
    """
    name = secrets.token_hex(8)
    unfinished = workspace / table / f"{UNFINISHED}{name}"
    unfinished.parent.mkdir(exist_ok=True)
    try:
        fill(unfinished)
        written = sorted(unfinished.glob("*.parquet"))
        return tuple(
            _place(path, workspace, f"{table}/{part}/part-{name}-{number}.parquet")
            for number, path in enumerate(written)
        )
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _place(path: Path, workspace: Path, place: str) -> WrittenFile:
    sync_file(path)
    target = workspace / place
    written = WrittenFile(place, hash_file(path), path.stat().st_size, pq.read_metadata(path).num_rows)
    for attempt in range(_TRIES):
        target.parent.mkdir(exist_ok=True)
        try:
            path.rename(target)
            break
        except FileNotFoundError:  # a sweep may take the empty folder away in between
            if attempt == _TRIES - 1:
                raise
    sync_folder(target.parent)
    sync_folder(target.parent.parent)
    return written


def sync_file(path: Path) -> None:
    """Wait until the file's content is on the disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Wait until the folder's list of names is on the disk, where the system can open folders."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_statistics(paths: Sequence[Path], table: Table) -> None:
    """Nothing, when what the files say of their own columns keeps to the table: none of the rows is read.

    Raises
    ------
    SchemaError
        When a required value is empty, or the least or greatest number of a column is not finite.
    """
    told: set[str] = set()
    for path in paths:
        metadata = pq.read_metadata(path)
        places = {metadata.schema.column(at).name: at for at in range(metadata.num_columns)}
        for column in (each for each in table.columns if each.name in places):
            for group in range(metadata.num_row_groups):
                found = metadata.row_group(group).column(places[column.name]).statistics
                if not column.nullable and (found is None or not found.has_null_count or found.null_count):
                    told.add(f"{column.name} is empty somewhere")
                ends = (found.min, found.max) if found is not None and found.has_min_max else ()
                if column.kind == "float64" and not all(map(math.isfinite, ends)):
                    told.add(f"{column.name} is not a finite number somewhere")
    if told:
        raise SchemaError(f"table {table.name}: {'; '.join(sorted(told))}")


def check_files(folder: Path, files: Sequence[FileRecord]) -> None:
    """Nothing, when every listed file is there with the size it was written with.

    Raises
    ------
    StoreError
        Naming the files that are gone or damaged.
    """
    lost = [file.path for file in files if not (folder / file.path).is_file()]
    if lost:
        raise StoreError("store.file_lost", files=", ".join(lost))
    damaged = [file.path for file in files if (folder / file.path).stat().st_size != file.bytes]
    if damaged:
        raise StoreError("store.file_damaged", files=", ".join(damaged))
