"""Whether a file may be opened at all: its size, its kind, and what it unpacks to."""

from __future__ import annotations

import mmap
import zipfile
from pathlib import Path
from typing import Literal

OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP_SIGNATURE = b"PK\x03\x04"
# Names of streams in a compound file ([MS-OFFCRYPTO] 2.3.4.4, [MS-XLS] 2.1.2).
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_OLD_STREAMS = tuple(f"{name}\0".encode("utf-16-le") for name in ("Workbook", "Book"))
_OLD_NAMES = (".xls", ".xlt", ".et")

# Technical limits of one input file; far above any form that people fill in.
MOST_BYTES = 512 * 2**20
MOST_UNPACKED = 4 * 2**30
MOST_RATIO = 200  # a workbook of equal cells packs about 30 to 1
RATIO_FROM = 64 * 2**20  # below this unpacked size the ratio does not matter
MOST_PARTS = 10_000
MOST_CELLS = 60_000_000  # of the rectangle that the reader must hold

FileKind = Literal["workbook", "text"]


class FileRefused(Exception):
    """A file that cannot be read: the message id and its values say why."""

    def __init__(self, rule: str, **values: object) -> None:
        super().__init__(rule)
        self.rule = rule
        self.values = values


def admit(path: Path) -> FileKind:
    """What kind of file it is, by its content.

    Raises
    ------
    FileRefused
        When it is missing, empty, too large, encrypted, an old workbook, a zip bomb or broken.
    """
    if not path.is_file():
        raise FileRefused("file_missing")
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("file_empty")
    if size > MOST_BYTES:
        raise FileRefused("file_too_large", size=size, limit=MOST_BYTES)
    with path.open("rb") as file:
        head = file.read(8)
    if head == OLE_SIGNATURE:
        raise FileRefused("file_old" if _is_old_workbook(path) else "file_encrypted")
    if head[:4] == ZIP_SIGNATURE:
        _judge_archive(path)
        return "workbook"
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        raise FileRefused("file_broken", detail="zip")
    return "text"


def _is_old_workbook(path: Path) -> bool:
    """Whether a compound file is a workbook of Excel 2003 or earlier: by its streams, else by its name."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(_ENCRYPTED_STREAM) >= 0:
            return False
        named = any(content.find(stream) >= 0 for stream in _OLD_STREAMS)
    return named or path.suffix.lower() in _OLD_NAMES


def _judge_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise FileRefused("file_broken", detail=type(error).__name__) from error
    if any(part.flag_bits & 0x1 for part in parts):
        raise FileRefused("file_encrypted")
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    too_dense = unpacked > RATIO_FROM and unpacked / packed > MOST_RATIO
    if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS or too_dense:
        raise FileRefused("file_unpacks_too_large", size=unpacked, limit=MOST_UNPACKED)
