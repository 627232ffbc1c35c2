"""Whether two engines give the same rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

TOLERANCE = 1e-9

Row = dict[str, Any]


def differences(left: pa.Table, right: pa.Table, ordered: bool = False, tolerance: float = TOLERANCE) -> list[str]:
    """What differs between two tables, in words; nothing when they hold the same rows.

    Numbers are the same within `tolerance` of the larger; everything else is the same exactly. Unless `ordered`, the
    order of rows does not matter.
    """
    if left.schema != right.schema:
        return [f"schemas differ: {left.schema} and {right.schema}"]
    if left.num_rows != right.num_rows:
        return [f"{left.num_rows} rows and {right.num_rows} rows"]
    pair = [_plain(table.to_pylist()) for table in (left, right)]
    first, second = pair if ordered else (sorted(rows, key=_order) for rows in pair)
    return [told for one, other in zip(first, second, strict=True) for told in _unlike(one, other, tolerance)]


def unlike_values(left: Any, right: Any, place: str = "", tolerance: float = TOLERANCE) -> list[str]:
    """Where two JSON values differ: the paths, with both values."""
    if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
        parts = [(f"{place}.{name}", left[name], right[name]) for name in left]
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        parts = [(f"{place}[{number}]", *pair) for number, pair in enumerate(zip(left, right, strict=True))]
    else:
        return [] if _same(left, right, tolerance) else [f"{place}: {left!r} and {right!r}"]
    return [told for name, one, other in parts for told in unlike_values(one, other, name, tolerance)]


def _plain(rows: list[Row]) -> list[Row]:
    return [{name: _flat(value) for name, value in row.items()} for row in rows]


def _flat(value: Any) -> Any:
    """A nested value as tuples, which compare and sort."""
    if isinstance(value, dict):
        return tuple((key, _flat(each)) for key, each in value.items())
    return tuple(map(_flat, value)) if isinstance(value, list) else value


def _order(row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Rows by their words and dates first, then by their numbers to six digits, which both engines share."""
    numbers = [value for value in row.values() if isinstance(value, float)]
    words = [value for value in row.values() if not isinstance(value, float)]
    return tuple(map(repr, words)), tuple(f"{value:.6e}" for value in numbers)


def _unlike(left: Row, right: Row, tolerance: float) -> Sequence[str]:
    bad = [name for name in left if not _same(left[name], right[name], tolerance)]
    return [f"{name}: {left[name]!r} and {right[name]!r} in {left} and {right}" for name in bad]


def _same(left: Any, right: Any, tolerance: float) -> bool:
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(lambda a, b: _same(a, b, tolerance), left, right))
    if not (isinstance(left, float) and isinstance(right, float)):
        return bool(left == right)
    return math.isclose(left, right, rel_tol=tolerance) or (math.isnan(left) and math.isnan(right))
