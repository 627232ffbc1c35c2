"""The tables of the model as Ibis and Arrow schemas, and the check that a table is what it says it is."""

from __future__ import annotations

import math
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.model.tables import Column, Kind, Table

Expr = Any  # Ibis ships no types: a table expression of either engine

_IBIS: dict[Kind, str] = {
    "string": "string",
    "int64": "int64",
    "float64": "float64",
    "date": "date",
    "boolean": "boolean",
}
_ARROW: dict[Kind, pa.DataType] = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}


class SchemaError(ValueError):
    """A table without the columns, types, keys or values that the model states: the program is wrong, not the data."""


def ibis_schema(table: Table) -> Any:
    """The Ibis schema of a table of the model; every type is nullable, as Parquet files are."""
    return ibis.schema({column.name: _IBIS[column.kind] for column in table.columns})


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table of the model."""
    return pa.schema([pa.field(column.name, _ARROW[column.kind], column.nullable) for column in table.columns])


def check_table(expr: Expr, table: Table, without: tuple[str, ...] = ()) -> Expr:
    """`expr` with its columns in the table's order.

    Parameters
    ----------
    without
        Columns that the store adds later: ``run`` or ``batch``.

    Raises
    ------
    SchemaError
        When a column is missing, unknown or of another type.
    """
    given = {name: str(kind.copy(nullable=True)) for name, kind in expr.schema().items()}
    wanted = {column.name: _IBIS[column.kind] for column in table.columns if column.name not in without}
    _refuse(table, _differences(given, wanted))
    return expr.select(*wanted)


def conform_expr(expr: Expr, table: Table, without: tuple[str, ...] = ()) -> Expr:
    """`expr` with the table's columns in order: absent nullable ones empty, narrower numbers widened.

    Raises
    ------
    SchemaError
        When a required column is missing, or a column is unknown or of a type that does not widen to the table's.
    """
    wanted = [column for column in table.columns if column.name not in without]
    given = dict(expr.schema().items())
    _refuse(table, _unknown_or_missing(tuple(given), wanted))
    columns = {column.name: _widened(expr, column, given.get(column.name)) for column in wanted}
    return check_table(expr.select(**columns), table, without)


def _widened(expr: Expr, column: Column, kind: Any) -> Any:
    target = _IBIS[column.kind]
    if kind is None:
        return ibis.null(target)
    is_wider = (
        (column.kind == "int64" and kind.is_integer())
        or (column.kind == "float64" and (kind.is_floating() or kind.is_integer()))
        or kind.is_null()
    )
    return expr[column.name].cast(target) if is_wider else expr[column.name]


# Rows up to which a table is put into one piece; of a larger one the copy would cost more than reading pieces.
_COMBINED = 1_000_000


def conform(data: pa.Table, table: Table, without: tuple[str, ...] = (), keyed: bool = False) -> pa.Table:
    """`data` with the table's columns in order and its exact types; absent nullable columns are added empty.

    ``keyed``: that no two rows have the same key was seen before and is not looked at again.

    Raises
    ------
    SchemaError
        When a required column is missing, a column is unknown, a type does not convert without loss, a required
        value is empty, a number is not finite, or two rows have the same key.
    """
    wanted = [column for column in table.columns if column.name not in without]
    _refuse(table, _unknown_or_missing(tuple(data.column_names), wanted))
    arrays = [_converted(data, column, table) for column in wanted]
    fields = [arrow_schema(table).field(column.name) for column in wanted]
    result = pa.table(arrays, schema=pa.schema(fields))
    if result.num_rows <= _COMBINED:
        result = result.combine_chunks()
    _refuse(table, [*_bad_values(result, wanted), *([] if keyed else _repeated_keys(result, table, without))])
    return result


def _converted(data: pa.Table, column: Column, table: Table) -> pa.ChunkedArray:
    target = _ARROW[column.kind]
    if column.name not in data.column_names:
        return pa.chunked_array([pa.nulls(data.num_rows, target)])
    values = data.column(column.name)
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if not _converts(values.type, column.kind):
        raise SchemaError(f"{table.name}.{column.name} is {values.type}, not {column.kind}")
    try:
        return values.cast(target)
    except pa.ArrowInvalid as lossy:
        raise SchemaError(f"{table.name}.{column.name} does not convert to {column.kind}: {lossy}") from lossy


def _converts(given: pa.DataType, kind: Kind) -> bool:
    """Whether a type of Arrow may stand for a kind of the model."""
    if pa.types.is_null(given):
        return True
    fitting = {
        "string": pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_string_view(given),
        "int64": pa.types.is_integer(given),
        "float64": pa.types.is_integer(given) or pa.types.is_floating(given),
        "date": pa.types.is_date(given),
        "boolean": pa.types.is_boolean(given),
    }
    return bool(fitting[kind])


def _bad_values(data: pa.Table, columns: list[Column]) -> list[str]:
    told = []
    for column in columns:
        values = data.column(column.name)
        if not column.nullable and values.null_count:
            told.append(f"{column.name} is empty in {values.null_count} rows")
        if column.kind == "float64" and pc.any(pc.invert(pc.is_finite(values))).as_py():
            told.append(f"{column.name} is not a finite number somewhere")
    return told


def _repeated_keys(data: pa.Table, table: Table, without: tuple[str, ...]) -> list[str]:
    key = [name for name in table.key if name not in without]
    counts = data.group_by(key).aggregate([([], "count_all")]).column("count_all")
    repeated = data.num_rows - len(counts)
    return [f"{repeated} rows repeat the key {', '.join(key)}"] if repeated else []


def check_values(expr: Expr, table: Table, constant: tuple[str, ...] = ()) -> None:
    """Run the value checks of `conform` inside the engine that holds `expr`: two queries.

    Parameters
    ----------
    constant
        Columns of the key that are the same in all rows, so that comparing keys takes less time.

    Raises
    ------
    SchemaError
        When a required value is empty, a number is not finite, or two rows have the same key.
    """
    counts: dict[str, Any] = {"rows": expr.count()}
    for column in table.columns:
        values = expr[column.name]
        if not column.nullable:
            counts[f"{column.name} is empty"] = expr.count(where=values.isnull())
        if column.kind == "float64":
            counts[f"{column.name} is not a finite number"] = expr.count(where=not_finite(values))
    (found,) = expr.aggregate(**counts).to_pyarrow().to_pylist()
    told = [f"{what} in {found[what]} rows" for what in counts if what != "rows" and found[what]]
    key = [name for name in table.key if name not in constant]
    repeated = found["rows"] - expr.select(*key).distinct().count().to_pyarrow().as_py()
    if repeated:
        told.append(f"{repeated} rows repeat the key {', '.join(key)}")
    _refuse(table, told)


def not_finite(column: Any) -> Any:
    """Whether a number is NaN or infinite, as an Ibis expression; null where it is missing.

    Ibis 12 turns its own `isinf` into FALSE for Spark. Both engines hold NaN to be greater than every number.
    """
    return ~(column.abs() < math.inf)


def _unknown_or_missing(given: tuple[str, ...], wanted: list[Column]) -> list[str]:
    names = {column.name for column in wanted}
    missing = [f"{column.name} is missing" for column in wanted if column.name not in given and not column.nullable]
    return missing + [f"{name} is unknown" for name in given if name not in names]


def _differences(given: dict[str, str], wanted: dict[str, str]) -> list[str]:
    missing = [f"{name} is missing" for name in wanted if name not in given]
    unknown = [f"{name} is unknown" for name in given if name not in wanted]
    other = [f"{name} is {given[name]}, not {kind}" for name, kind in wanted.items() if given.get(name, kind) != kind]
    return missing + unknown + other


def _refuse(table: Table, told: list[str]) -> None:
    if told:
        raise SchemaError(f"table {table.name}: {'; '.join(told)}")
