"""Which code computed a run, and what rows say: hashes that do not depend on the machine."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PACKAGE = Path(__file__).resolve().parent.parent
_SHOWN = 16  # hex digits of the hash that stand behind the version


@lru_cache(maxsize=1)
def code_version() -> str:
    """The package's version and a hash of its code and messages, like ``0.1.0+9f2c41d07be3a655``."""
    return f"{package_version()}+{hash_code(PACKAGE)[:_SHOWN]}"


def package_version() -> str:
    """The version of the installed package."""
    return version("greenpark")


def hash_code(package: Path) -> str:
    """The SHA-256 over the names and texts of all modules and messages of a package folder.

    Line ends count as one kind, so a checkout on another system is the same code.
    """
    files = [*package.rglob("*.py"), *(package / "model" / "messages").glob("*.yaml")]
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda each: each.relative_to(package).as_posix()):
        text = path.read_bytes().replace(b"\r\n", b"\n")
        _add(digest, path.relative_to(package).as_posix().encode(), text)
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_rows(*tables: pa.Table) -> str:
    """The SHA-256 of what tables say, whatever their chunks, buffers or the version of Arrow.

    Column names, types, missing values and row order count.
    """
    digest = hashlib.sha256()
    for table in tables:
        _add(digest, b"table", str(table.num_rows).encode())
        for name in table.column_names:
            values = table.column(name)
            _add(digest, name.encode(), str(values.type).encode())
            for part in _content(values):
                _add(digest, part)
    return digest.hexdigest()


def hash_words(*words: str) -> str:
    """The SHA-256 of a list of words; their borders count."""
    digest = hashlib.sha256()
    _add(digest, *(word.encode() for word in words))
    return digest.hexdigest()


def _content(values: pa.ChunkedArray) -> tuple[bytes, ...]:
    """Which values are present, and their bytes with one fixed filling for those that are not."""
    present = _bytes(pc.is_valid(values), np.bool_)
    if pa.types.is_string(values.type):
        filled = pc.fill_null(values, "")
        return present, _bytes(pc.binary_length(filled), np.int64), b"".join(map(_text, filled.chunks))
    if pa.types.is_boolean(values.type):
        return present, _bytes(pc.fill_null(values, False), np.bool_)
    if pa.types.is_date(values.type):
        return present, _bytes(pc.fill_null(values.cast(pa.int32()), 0), np.int64)
    kind = np.float64 if pa.types.is_floating(values.type) else np.int64
    return present, _bytes(pc.fill_null(values, 0), kind)


def _text(values: pa.Array) -> bytes:
    """The characters of all words, one after the other: the part of the buffer that this slice uses."""
    _, offsets, characters = values.buffers()
    if not len(values) or characters is None:
        return b""
    ends = np.frombuffer(offsets, np.int32)[values.offset : values.offset + len(values) + 1]
    return memoryview(characters)[ends[0] : ends[-1]].tobytes()


def _bytes(values: pa.ChunkedArray, kind: type[np.generic]) -> bytes:
    numbers = np.asarray(values.to_numpy(), dtype=kind)
    return numbers.astype(numbers.dtype.newbyteorder("<")).tobytes()


def _add(digest: hashlib._Hash, *parts: bytes) -> None:
    """Feed each part with its length before it, so that no two lists of parts look alike."""
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
