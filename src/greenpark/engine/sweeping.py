"""Sweeping: what killed writers left, and files that packing replaced, are deleted after a grace period."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from greenpark.engine.provenance import hash_file
from greenpark.engine.register import Register
from greenpark.engine.tablefiles import UNFINISHED
from greenpark.engine.workspace import Workspace
from greenpark.model.tables import TABLES

GRACE = timedelta(days=1)


def sweep_workspace(workspace: Workspace, register: Register, until: datetime) -> tuple[str, ...]:
    """Delete files last changed until a moment that the register did not list since then; their relative paths."""
    folder = workspace.folder
    # Look at the disk first and at the register after: a file that is listed in between is then seen as listed.
    old = [path for path in _candidates(workspace) if _changed(path) <= until]
    kept = register.kept_paths(since=until)
    folders = sorted((path for path in old if path.is_dir()), reverse=True)  # the inner ones first
    files = sorted(path for path in old if path.is_file() and path.relative_to(folder).as_posix() not in kept)
    gone = tuple(path.relative_to(folder).as_posix() for path in files if _deleted(path))
    register.forget_replaced(until)
    for each in folders:
        with suppress(OSError):  # it is not empty, or somebody has just begun to use it
            each.rmdir()
    return gone


def _candidates(workspace: Workspace) -> Iterator[Path]:
    """All files and folders of tables, and whatever stands under the name of something unfinished."""
    for table in TABLES:
        yield from (workspace.folder / table).rglob("*")
    for place in (workspace.folder, workspace.packs, workspace.originals):
        for unfinished in place.glob(f"{UNFINISHED}*"):
            yield unfinished
            yield from unfinished.rglob("*")


def _deleted(path: Path) -> bool:
    """Delete a file; False when somebody has it open on a system that then keeps it: a later sweep takes it."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        return False
    return True


def _changed(path: Path) -> datetime:
    """When a file was last changed; one that is gone meanwhile counts as new."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)


def damaged_files(folder: Path, register: Register) -> tuple[str, ...]:
    """The relative paths of listed files that are gone or hold other bytes than when they were written."""
    return tuple(
        file.path
        for file in register.files()
        if not (folder / file.path).is_file() or hash_file(folder / file.path) != file.sha256
    )
