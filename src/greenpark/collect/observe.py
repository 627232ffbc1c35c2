"""Judged columns as observations, in the order of the file, with repeated rows remarked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.collect.collected import no_observations, schema_of
from greenpark.collect.context import Context
from greenpark.collect.docket import Docket
from greenpark.collect.grid import Grid, taken
from greenpark.collect.rows import Numbers, Rows, repeated
from greenpark.collect.values import Judged
from greenpark.model.tables import OBSERVATIONS

_KEY = ("entity", "quantity", "carrier", "flow", "counterparty", "start", "end")
_MOST_ROWS_NAMED = 8


@dataclass(frozen=True)
class Observed:
    """Observations of one sheet with the row and column that each stands in."""

    table: pa.Table
    grid: Grid
    row: Numbers
    column: Numbers


def observe(judged: Sequence[Judged], rows: Rows, grid: Grid) -> Observed:
    """The kept cells of a sheet, row by row and from left to right."""
    parts = [_part(each, rows, grid) for each in judged if len(each.at)]
    if not parts:
        nothing = np.array([], dtype=np.int64)
        return Observed(no_observations(), grid, nothing, nothing)
    row = np.concatenate([part.row for part in parts])
    column = np.concatenate([part.column for part in parts])
    order = np.lexsort((column, row))
    table = pa.concat_tables([part.table for part in parts]).take(pa.array(order))
    return Observed(table, grid, row[order], column[order])


def numbered(observed: Sequence[Observed]) -> pa.Table:
    """All observations of a file with their lines, from 1."""
    if not observed:
        return no_observations()
    table = pa.concat_tables([each.table for each in observed]).combine_chunks()
    lines = pa.array(np.arange(1, table.num_rows + 1))
    return table.set_column(table.column_names.index("line"), "line", lines)


def _part(judged: Judged, rows: Rows, grid: Grid) -> Observed:
    at, size = judged.at, len(judged.at)
    index = rows.index[judged.at]
    absent = pc.is_valid(judged.notation)
    period = judged.column.period
    flow = judged.column.flow
    arrays = {
        "line": pa.nulls(size, pa.int64()),
        "entity": taken(rows.entity, at),
        "quantity": judged.quantity,
        "carrier": judged.carrier,
        "flow": repeated(flow, size) if flow else pa.nulls(size, pa.string()),
        "counterparty": taken(rows.counterparty, at),
        "start": _days(period.start, size) if period else taken(rows.start, at),
        "end": _days(period.end, size) if period else taken(rows.end, at),
        "value": pa.array(judged.value, pa.float64(), from_pandas=True),
        "unit": judged.unit,
        "reported_value": judged.text,
        "reported_unit": judged.reported_unit,
        "coverage": taken(rows.coverage, at),
        "status": pc.if_else(absent, "declared_absent", taken(rows.status, at)),
        "notation": judged.notation,
        "confidence": taken(rows.confidence, at),
        "file": repeated(grid.file, size),
        "sheet": repeated(grid.sheet, size) if grid.sheet else pa.nulls(size, pa.string()),
        "cell": grid.places(index, judged.column.column),
    }
    table = pa.table(arrays).select([column.name for column in OBSERVATIONS.columns if column.name != "batch"])
    return Observed(table.cast(schema_of(OBSERVATIONS)), grid, index, np.full(size, judged.column.column))


def _days(day: object, size: int) -> pa.Date32Array:
    return pa.repeat(pa.scalar(day, pa.date32()), size)


def remark_repeats(observed: Sequence[Observed], context: Context, docket: Docket) -> None:
    """Say which rows state the same thing again: they add up, and identical ones may be a slip."""
    whole = [each for each in observed if each.table.num_rows]
    if not whole:
        return
    table = pa.concat_tables([each.table for each in whole])
    origin = np.concatenate([np.full(each.table.num_rows, number) for number, each in enumerate(whole)])
    row = np.concatenate([each.row for each in whole])
    column = np.concatenate([each.column for each in whole])
    key = _key_numbers(table)
    if len(pd.unique(key)) == len(key):
        return
    order = np.lexsort((column, row, origin, key))
    same = np.flatnonzero(np.diff(key[order]) == 0)
    groups: dict[tuple[tuple[int, int], ...], list[list[int]]] = {}
    for members in _runs(order, same):
        places = tuple((int(origin[member]), int(row[member])) for member in members)
        groups.setdefault(places, []).append(members)
    for places, repeats in sorted(groups.items()):
        rows = [(whole[sheet].grid, line) for sheet, line in places]
        _remark(rows, repeats, table, int(column[repeats[0][0]]), context, docket)


def _key_numbers(table: pa.Table) -> Numbers:
    """One number per row, equal where all key columns are."""
    key = np.zeros(table.num_rows, dtype=np.int64)
    for name in _KEY:
        encoded = table[name].combine_chunks().dictionary_encode()
        size = len(encoded.dictionary) + 1
        codes = encoded.indices.fill_null(size - 1).to_numpy(zero_copy_only=False).astype(np.int64)
        if key.size and int(key.max()) >= np.iinfo(np.int64).max // size - 1:
            key = np.unique(key, return_inverse=True)[1]
        key = key * size + codes
    return key


def _runs(order: Numbers, same: Numbers) -> list[list[int]]:
    """Members of each run of equal keys; ``same`` are the positions whose next one is equal."""
    starts = np.flatnonzero(np.diff(same, prepend=-2) > 1)
    ends = [*starts[1:], len(same)]
    return [order[same[start] : same[end - 1] + 2].tolist() for start, end in zip(starts, ends, strict=True)]


def _remark(
    rows: list[tuple[Grid, int]],
    groups: list[list[int]],
    table: pa.Table,
    column: int,
    context: Context,
    docket: Docket,
) -> None:
    """One finding for rows that state the same; ``groups`` are the observations of each quantity and flow in them."""
    values = ([table["value"][member].as_py() for member in members] for members in groups)
    vectors = list(zip(*values, strict=True))
    first = groups[0][0]
    quantities = sorted({table["quantity"][members[0]].as_py() for members in groups})
    level = any(context.quantities[quantity].over_time != "sum" for quantity in quantities)
    identical = len(set(vectors)) < len(vectors)
    rule = "repeated_identical" if identical else "repeated_level" if level else "repeated_rows"
    named = [str(grid.line(row)) for grid, row in rows]
    shown = "、".join(named[:_MOST_ROWS_NAMED]) + ("…" if len(named) > _MOST_ROWS_NAMED else "")
    about = {"count": len(rows), "rows": shown, "quantity": "、".join(quantities)}
    entity = table["entity"][first].as_py()
    grid, row = rows[0]
    docket.enter(rule, grid, row, column, entity=entity, subject=quantities[0], **about)
