"""Long tables as dense arrays and back: entity × period × variant × item.

The stages after ``indicators`` calculate on these arrays; Arrow itself stays in here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from greenpark.engine.schema import conform
from greenpark.model.confidence import RANK
from greenpark.model.tables import Table

Arrow = Any  # an Arrow table: pyarrow ships no types

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ABSENT = -1
_DAYS = 2**32
_SPELLED = 65_536  # rows
STATUS: dict[str, int] = {"ok": 0, "partial": 1, "not_evaluable": 2}


@dataclass(frozen=True)
class Cube:
    """A long table as arrays ``[entity, period, variant, item]``.

    ``value`` is NaN where there is none; ``status`` and ``confidence`` are ``ABSENT`` where the table has no row;
    ``remark`` indexes ``remarks``, the words of the remark column ('' stands first).
    """

    entities: tuple[str, ...]
    periods: tuple[tuple[date, date], ...]
    variants: tuple[str, ...]
    items: tuple[str, ...]
    value: Floats
    status: Ints
    confidence: Ints
    remark: Ints
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Coded:
    """A column of words as codes into ``words``; a negative code is empty."""

    codes: Ints
    words: Sequence[str]


def reshape(table: Arrow, item: str, wanted: Iterable[str], remark: str = "") -> Cube:
    """The rows of the wanted items that have a period, as a cube.

    Parameters
    ----------
    table
        Has the columns entity, start, end, variant, value, status, confidence, ``item`` and ``remark``.
    item, wanted
        The column that names the item, and the items to keep: all of them become columns, in sorted order.
    remark
        A column of words to carry along; empty for none.

    Raises
    ------
    ValueError
        When two rows have the same key, or a status or confidence is unknown: the program is wrong, not the data.
    """
    items = tuple(sorted(set(wanted)))
    rows = _kept(table, item, items)
    entity, entities = _coded(rows.column("entity"))
    variant, variants = _coded(pc.fill_null(rows.column("variant"), ""))
    period, periods = _periods(rows)
    place, found = _coded(rows.column(item))
    place = np.array([items.index(name) for name in found], dtype=np.int64)[place] if found else place
    shape = (len(entities), len(periods), len(variants), len(items))
    at = np.ravel_multi_index((entity, period, variant, place), shape) if rows.num_rows else np.empty(0, np.int64)
    if repeated := _repeated(at, int(np.prod(shape))):
        raise ValueError(f"{repeated} rows repeat the key entity, period, variant, {item}")
    remark_code, remarks = _remarks(rows, remark)

    def spread(values: NDArray[Any], empty: float) -> NDArray[Any]:
        flat = np.full(int(np.prod(shape)), empty, dtype=values.dtype)
        flat[at] = values
        return flat.reshape(shape)

    return Cube(
        entities, periods, variants, items,
        spread(_floats(rows.column("value")), np.nan),
        spread(_known_codes(rows.column("status"), STATUS), ABSENT),
        spread(_known_codes(rows.column("confidence"), RANK), ABSENT),
        spread(remark_code, 0), remarks,
    )  # fmt: skip


def _repeated(at: Ints, size: int) -> int:
    """How many places of a cube are named more than once."""
    taken = np.zeros(size, dtype=np.bool_)
    taken[at] = True
    return len(at) - int(np.count_nonzero(taken))


def rows_of(table: Arrow, column: str, wanted: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of a small selection as dictionaries: those whose ``column`` is one of the wanted words."""
    names = sorted(set(wanted))
    picked = table.filter(pc.is_in(table.column(column), value_set=pa.array(names, pa.string())))
    found: list[dict[str, Any]] = picked.to_pylist()
    return found


def arrow_table(
    columns: Mapping[str, Any], table: Table, without: tuple[str, ...] = ("run",), keyed: bool = False
) -> Arrow:
    """Columns as an Arrow table of the model: NaN becomes empty, codes become words.

    ``keyed``: the caller has seen that no two rows have the same key.

    Raises
    ------
    greenpark.engine.schema.SchemaError
        When the columns are not those of the model's table.
    """
    data = {name: _arrow(values) for name, values in columns.items()}
    return conform(pa.table(data), table, without, keyed)


def arrow_rows(rows: Sequence[Mapping[str, Any]], table: Table, without: tuple[str, ...] = ("run",)) -> Arrow:
    """A few rows as an Arrow table of the model."""
    names = [name for name in table.names if name not in without]
    return arrow_table({name: [row.get(name) for row in rows] for name in names}, table, without)


def whole_numbers(values: Floats) -> Arrow:
    """Whole numbers held as floats as a column of integers: NaN becomes empty."""
    return pa.array(np.nan_to_num(values).astype(np.int64), pa.int64(), mask=np.isnan(values))


def _arrow(values: Any) -> Any:
    if isinstance(values, Coded):
        return _spelled(values)
    if isinstance(values, np.ndarray):
        return pa.array(values, from_pandas=True)
    return pa.array(values)


def _spelled(values: Coded) -> Any:
    """The words of codes, some rows at a time: what fits into the processor's own memory is several times as fast."""
    codes = values.codes.astype(np.int32)
    empty = codes < 0
    places = pa.array(codes, mask=empty if empty.any() else None)
    words = pa.array(list(values.words), pa.string())
    parts = [pc.take(words, places.slice(first, _SPELLED)) for first in range(0, len(codes), _SPELLED)]
    return pa.chunked_array(parts, pa.string())


def _kept(table: Arrow, item: str, items: tuple[str, ...]) -> Arrow:
    named = pc.is_in(table.column(item), value_set=pa.array(items, pa.string()))
    dated = pc.and_(pc.is_valid(table.column("start")), pc.is_valid(table.column("end")))
    return table.filter(pc.and_(named, dated)).combine_chunks()


def _coded(column: Any) -> tuple[Ints, tuple[str, ...]]:
    """Codes into the sorted words of a column without empty values."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = whole.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    order = sorted(range(len(words)), key=lambda index: words[index])
    rank = np.empty(len(words), dtype=np.int64)
    rank[order] = np.arange(len(words))
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return (rank[codes] if len(words) else codes), tuple(words[index] for index in order)


def _periods(rows: Arrow) -> tuple[Ints, tuple[tuple[date, date], ...]]:
    days = [rows.column(name).to_numpy().astype("datetime64[D]").astype(np.int64) for name in ("start", "end")]
    # One number per pair, in the order of the pairs: days lie far within 32 bits.
    numbers, code = np.unique(days[0] * _DAYS + days[1], return_inverse=True)
    ends = numbers - np.round(numbers / _DAYS).astype(np.int64) * _DAYS
    pairs = np.stack([(numbers - ends) // _DAYS, ends], axis=1)
    found = pairs.astype("datetime64[D]").tolist()
    return np.asarray(code, dtype=np.int64).reshape(-1), tuple((start, end) for start, end in found)


def _remarks(rows: Arrow, remark: str) -> tuple[Ints, tuple[str, ...]]:
    if not remark:
        return np.zeros(rows.num_rows, dtype=np.int64), ("",)
    code, words = _coded(pc.fill_null(rows.column(remark), ""))
    return (code, words) if "" in words else (code + 1, ("", *words))


def _floats(column: Any) -> Floats:
    values = column.cast(pa.float64()).to_numpy()
    return np.asarray(values, dtype=np.float64)


def _known_codes(column: Any, codes: Mapping[str, int]) -> Ints:
    place, words = _coded(column)
    unknown = sorted(set(words) - set(codes))
    if unknown:
        raise ValueError(f"unknown words: {', '.join(unknown)}")
    return np.array([codes[word] for word in words], dtype=np.int64)[place] if words else place
