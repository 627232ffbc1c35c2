"""Whether what was signed is what is read: stored rows compared with the bytes that were written."""

from __future__ import annotations

from collections.abc import Iterable

from greenpark.engine.errors import StoreError
from greenpark.engine.provenance import hash_file
from greenpark.engine.store import Store
from greenpark.engine.tablefiles import check_files
from greenpark.model.tables import INPUT_TABLES


def check_signed_rows(store: Store, batches: Iterable[str]) -> None:
    """Nothing, when the files with rows of these batches still hold the bytes that were written.

    Raises
    ------
    StoreError
        Naming the files that are gone or hold something else.
    """
    folder, wanted = store.workspace.folder, sorted(set(batches))
    for table in INPUT_TABLES if wanted else ():
        files = store.register.batch_files(table, wanted)
        check_files(folder, files)
        altered = [file.path for file in files if hash_file(folder / file.path) != file.sha256]
        if altered:
            raise StoreError("store.file_altered", files=", ".join(altered))
