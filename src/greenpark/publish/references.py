"""Short references that lead from a printed number back to its row, the same in every run of the same content.

A reference is a letter for the table and the first hexadecimal digits of SHA-256 over the row's key without the run:
the key's values as text (a date as ISO, nothing as the empty text), joined by the character U+001F.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import pyarrow as pa

from greenpark.model.tables import TABLES

LETTERS: dict[str, str] = {
    "figures": "F",
    "indicators": "I",
    "scores": "S",
    "progress": "P",
    "findings": "N",
    "emissions": "E",
    "energy": "C",
    "growth": "G",
    "drivers": "D",
    "uncertainty": "U",
    "completeness": "V",
}
TABLE_OF: dict[str, str] = {letter: table for table, letter in LETTERS.items()}
SHORTEST = 4
# Rows of energy and emissions are never all at hand, so their references are long enough not to collide.
ROW_DIGITS = 12
_SEPARATOR = "\x1f"


class UnknownReferenceError(LookupError):
    """No row has this reference, or several have: ``candidates`` are their longer references."""

    def __init__(self, reference: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(reference)
        self.reference = reference
        self.candidates = candidates


# A finding's number in its run says nothing: another finding takes it when one goes. What it says makes it the same.
_FINDING = ("stage", "rule", "entity", "subject", "start", "end", "file", "sheet", "cell", "message", "values")


def key_columns(table: str) -> tuple[str, ...]:
    """What makes a row of a table the same in every run: its key without the run; of a finding, what it says."""
    if table == "findings":
        return _FINDING
    return tuple(name for name in TABLES[table].key if name != "run")


def key_of(table: str, row: Mapping[str, Any]) -> tuple[object, ...]:
    """The values of a row's key without its run."""
    return tuple(row[name] for name in key_columns(table))


def digest_text(key: Sequence[object]) -> str:
    """All 64 hexadecimal digits for a key."""
    return hashlib.sha256(_SEPARATOR.join(_as_text(value) for value in key).encode()).hexdigest()


def reference_of(table: str, key: Sequence[object], digits: int = SHORTEST) -> str:
    """The reference of the row of ``table`` with this key, like ``F-7f3a``."""
    return f"{LETTERS[table]}-{digest_text(key)[:digits]}"


def row_reference(table: str, row: Mapping[str, Any]) -> str:
    """The reference of a row of a table that is too long to be looked through."""
    return reference_of(table, key_of(table, row), ROW_DIGITS)


def references(table: str, rows: pa.Table) -> list[str]:
    """One reference per row, in row order: as short as possible, longer only where two would be the same."""
    columns = [rows.column(name).to_pylist() for name in key_columns(table)]
    digests = [digest_text(key) for key in zip(*columns, strict=True)]
    ordered = sorted(set(digests))
    digits = dict.fromkeys(ordered, SHORTEST)
    for one, other in pairwise(ordered):
        shared = _alike(one, other) + 1
        digits[one] = max(digits[one], shared)
        digits[other] = max(digits[other], shared)
    return [f"{LETTERS[table]}-{digest[: digits[digest]]}" for digest in digests]


def table_of(reference: str) -> str:
    """The table that a reference points into.

    Raises
    ------
    UnknownReferenceError
        When its form is not letter, hyphen and at least four hexadecimal digits.
    """
    letter, _, digits = reference.partition("-")
    known = letter.upper() in TABLE_OF and len(digits) >= SHORTEST and set(digits.lower()) <= set("0123456789abcdef")
    if not known:
        raise UnknownReferenceError(reference)
    return TABLE_OF[letter.upper()]


def resolve(reference: str, tables: Mapping[str, pa.Table]) -> tuple[str, dict[str, Any]]:
    """The table and the row that a reference points to.

    Raises
    ------
    UnknownReferenceError
        When no row has it, or several rows begin like it.
    """
    table = table_of(reference)
    digits = reference.partition("-")[2].lower()
    rows = tables[table].to_pylist() if table in tables else []
    found = [row for row in rows if digest_text(key_of(table, row)).startswith(digits)]
    return table, only_row(reference, table, found)


def only_row(reference: str, table: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The single row, or an ``UnknownReferenceError`` that lists the candidates."""
    if len(rows) != 1:
        candidates = tuple(sorted(row_reference(table, row) for row in rows))
        raise UnknownReferenceError(reference, candidates)
    return rows[0]


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return next((index for index, (a, b) in enumerate(zip(one, other, strict=True)) if a != b), len(one))


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
