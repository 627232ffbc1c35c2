"""Packs that runs used, kept once per content, so that a result can be computed again as it was."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from greenpark.engine.errors import StoreError
from greenpark.engine.tablefiles import UNFINISHED, sync_file, sync_folder


def keep_pack(packs: Path, folder: Path, content_hash: str) -> Path:
    """Copy a pack's folder to `packs` under its content hash; a content that is there already stays as it is."""
    target = packs / content_hash
    if target.exists():
        return target
    unfinished = packs / f"{UNFINISHED}{secrets.token_hex(8)}"
    try:
        shutil.copytree(folder, unfinished)
        for path in sorted(unfinished.rglob("*")):
            if path.is_file():
                sync_file(path)
        unfinished.rename(target)
    except OSError:
        if not target.exists():  # else somebody else has kept the same content meanwhile
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    sync_folder(packs)
    return target


def kept_pack(packs: Path, content_hash: str) -> Path:
    """The folder with the kept pack of this content.

    Raises
    ------
    StoreError
        When none is kept.
    """
    target = packs / content_hash
    if not target.is_dir():
        raise StoreError("store.pack_not_kept", hash=content_hash)
    return target
