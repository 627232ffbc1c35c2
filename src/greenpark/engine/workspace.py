"""A workspace: the folder with everything that a park or a region keeps."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from greenpark.engine.errors import StoreError
from greenpark.engine.provenance import package_version
from greenpark.engine.register.connection import migrate_register
from greenpark.engine.tablefiles import UNFINISHED, sync_file, sync_folder
from greenpark.model.tables import TABLES

FORMAT = 2
ABOUT = "workspace.yaml"
REGISTER = "register.sqlite"

Migration = Callable[[Path], None]


def _with_vintages(folder: Path) -> None:
    """Format 2: batches have a vintage. A register in a database of its own is migrated by itself."""
    if (folder / REGISTER).is_file():
        migrate_register(folder / REGISTER)


# How a workspace of one format becomes one of the next; format 1 is the first.
MIGRATIONS: Mapping[int, Migration] = {1: _with_vintages}


@dataclass(frozen=True)
class Workspace:
    """A folder, the format of what lies in it, the version that made it, and its id."""

    folder: Path
    format: int
    version: str
    id: str

    @property
    def register(self) -> Path:
        """The register's file, when it is not in a database of its own."""
        return self.folder / REGISTER

    @property
    def packs(self) -> Path:
        """The folder with the packs that runs used, by content hash."""
        return self.folder / "packs"

    @property
    def originals(self) -> Path:
        """The folder with the files that were handed in, by content hash."""
        return self.folder / "originals"

    @property
    def releases(self) -> Path:
        """The folder with the record of what was released; internal."""
        return self.folder / "releases"

    @property
    def logs(self) -> Path:
        """The folder of the logs."""
        return self.folder / "logs"

    @property
    def has_tables(self) -> bool:
        """Whether rows were ever written into it."""
        return any((self.folder / table).is_dir() for table in TABLES)


def open_workspace(folder: Path) -> Workspace:
    """The workspace in a folder; an absent or empty folder becomes one.

    Raises
    ------
    StoreError
        When the folder holds something else, or a workspace of a newer or an older format.
    """
    folder = folder.resolve()
    about = folder / ABOUT
    if not about.exists():
        _create(folder)
    workspace = read_workspace(folder)
    if workspace.format > FORMAT:
        raise StoreError("store.workspace_newer", found=workspace.format, known=FORMAT, version=workspace.version)
    if workspace.format < FORMAT:
        raise StoreError("store.workspace_older", found=workspace.format, known=FORMAT, version=workspace.version)
    for place in (workspace.packs, workspace.logs):
        place.mkdir(exist_ok=True)
    return workspace


def read_workspace(folder: Path) -> Workspace:
    """What a workspace says of itself, whatever its format.

    Raises
    ------
    StoreError
        When the folder is no workspace or its first file is broken.
    """
    about = folder / ABOUT
    if not about.is_file():
        raise StoreError("store.no_workspace", folder=folder.name)
    lines = (line.partition(":") for line in about.read_text(encoding="utf-8").splitlines())
    said = {name.strip(): value.strip() for name, _, value in lines}
    if not said.get("format", "").isdecimal() or not said.get("greenpark") or not said.get("id"):
        raise StoreError("store.workspace_unreadable", file=ABOUT)
    return Workspace(folder, int(said["format"]), said["greenpark"], said["id"])


def migrate_workspace(
    folder: Path, migrations: Mapping[int, Migration] = MIGRATIONS, known: int = FORMAT
) -> Path | None:
    """Bring a workspace to the known format, step by step; a copy made before is returned, None when nothing was due.

    Nobody else may use the workspace meanwhile.

    Raises
    ------
    StoreError
        When it is of a newer format, or an older copy stands where the new one should go.
    """
    workspace = read_workspace(folder.resolve())
    if workspace.format > known:
        raise StoreError("store.workspace_newer", found=workspace.format, known=known, version=workspace.version)
    if workspace.format == known:
        return None
    copy = workspace.folder.with_name(f"{workspace.folder.name}.format-{workspace.format}")
    if copy.exists():
        raise StoreError("store.copy_exists", folder=copy.name)
    shutil.copytree(workspace.folder, copy)
    for step in range(workspace.format, known):
        migrations[step](workspace.folder)
        _write_about(workspace.folder, step + 1, workspace.id, is_first=False)
    return copy


def _create(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    others = [each.name for each in folder.iterdir() if not each.name.startswith(UNFINISHED)]
    if others and not (folder / ABOUT).exists():
        raise StoreError("store.not_a_workspace", folder=folder.name, holds=len(others))
    _write_about(folder, FORMAT, secrets.token_hex(8), is_first=True)


def _write_about(folder: Path, form: int, workspace: str, is_first: bool) -> None:
    """Write the workspace's first file, whole or not at all; when several create it, the first one stays."""
    unfinished = folder / f"{UNFINISHED}{secrets.token_hex(8)}"
    text = f"format: {form}\ngreenpark: {package_version()}\nid: {workspace}\n"
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    sync_file(unfinished)
    if not (is_first and _linked(unfinished, folder / ABOUT)):
        unfinished.replace(folder / ABOUT)
    sync_folder(folder)


def _linked(unfinished: Path, target: Path) -> bool:
    """Whether `target` stands, from here or from somebody quicker; False on a disk without links."""
    try:
        with suppress(FileExistsError):
            os.link(unfinished, target)
    except OSError:
        return False
    unfinished.unlink()
    return True
