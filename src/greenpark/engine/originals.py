"""Files as they were handed in, kept once per content, so that what was signed can be shown again years later."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from greenpark.engine.errors import StoreError
from greenpark.engine.provenance import hash_file
from greenpark.engine.tablefiles import UNFINISHED, sync_file, sync_folder
from greenpark.engine.workspace import Workspace


def keep_original(workspace: Workspace, file: Path, sha256: str) -> Path:
    """Copy a file into the workspace under its content hash; a content that is there already stays as it is.

    Raises
    ------
    StoreError
        When the file no longer holds what was read from it.
    """
    folder = workspace.originals
    target = folder / f"{sha256}{file.suffix.lower()}"
    if target.exists():
        return target
    folder.mkdir(exist_ok=True)
    unfinished = folder / f"{UNFINISHED}{secrets.token_hex(8)}"
    try:
        shutil.copyfile(file, unfinished)
        if hash_file(unfinished) != sha256:
            raise StoreError("store.original_changed", file=file.name)
        sync_file(unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(folder)
    return target


def kept_original(workspace: Workspace, file: str, sha256: str) -> Path:
    """The kept copy of a file of this name and content.

    Raises
    ------
    StoreError
        When it is gone or holds something else.
    """
    target = workspace.originals / f"{sha256}{Path(file).suffix.lower()}"
    if not target.is_file() or hash_file(target) != sha256:
        raise StoreError("store.original_lost", file=file, hash=sha256)
    return target
