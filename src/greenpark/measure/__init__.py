"""Figures become indicators: every formula of every scheme, for every entity and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa

from greenpark.engine.coverage import coverage_code, coverage_words, gather
from greenpark.engine.formula import parse_formula
from greenpark.engine.formula_tree import Leaf
from greenpark.engine.formula_values import evaluate_column
from greenpark.engine.schema import not_finite
from greenpark.engine.units import Units
from greenpark.measure.needs import Need, Task, inputs_table, list_needs, list_tasks, needs_table, tasks_table
from greenpark.model.knowledge import Quantity
from greenpark.model.schemes import Scheme

__all__ = ["Need", "Task", "list_tasks", "measure"]

_KEYS = ["entity", "start", "end"]


def measure(
    figures: Any,
    schemes: Sequence[Scheme],
    quantities: Mapping[str, Quantity],
    units: Units,
    variants: Sequence[str] | Mapping[str, str],
    subjects: Sequence[str],
    engine: Any,
) -> Any:
    """The indicators of the schemes for the subjects.

    Parameters
    ----------
    figures
        Table ``figures``; only totals (item empty) with a stated period enter.
    variants
        The variants that figures exist in; a scheme's own (``…@profile``) go before the general ones. Or under which
        of them each profile's own is found (``basis=calorific@profile`` → variant).
    subjects
        Entities to be measured.

    Returns
    -------
    table or None
        Columns of the table ``indicators`` without its run: every indicator for every year of which there are
        figures, and for other periods those that can be computed. None when no scheme asks for any.
    """
    tasks = list_tasks(schemes, quantities, variants)
    if not tasks:
        return None
    needs = list_needs(tasks)
    totals = figures.filter((figures.item == "") & figures.start.notnull() & figures.entity.isin(list(subjects)))
    # The figures of zones are few; laid side by side they would make a long query of a short one.
    long = engine.to_arrow(_with_lags(totals, needs, engine.from_arrow(needs_table(needs))))
    wide = engine.from_arrow(_side_by_side(long, needs))
    values = _values(wide, tasks, quantities, units, engine.from_arrow(tasks_table(tasks)))
    return _with_standing(values, engine.from_arrow(long), engine.from_arrow(inputs_table(tasks, needs)))


def _with_lags(totals: Any, needs: Sequence[Need], numbers: Any) -> Any:
    """The figures once for each number of years that a formula looks back, dated where they are looked for.

    ``need`` is the number of the need that a figure fills; empty for figures that nobody asks for.
    """
    columns = ["entity", "quantity", "variant", "value", "status", "confidence", "coverage"]
    parts = []
    for lag in sorted({0, *(need.lag for need in needs)}):
        ahead = ibis.interval(years=lag)
        parts.append(
            totals.select(
                *columns,
                start=(totals.start + ahead).cast("date"),
                end=(totals.end + ahead).cast("date"),
                lag=ibis.literal(lag, "int64"),
            )
        )
    every = _union(parts)
    return every.left_join(numbers, ["quantity", "variant", "lag"]).select(
        *_KEYS, "lag", "value", "status", "confidence", "coverage", "need"
    )


def _side_by_side(long: pa.Table, needs: Sequence[Need]) -> pa.Table:
    """One row per entity and period: the value of every need, and its name where it is missing."""
    frame = long.select([*_KEYS, "lag", "need", "value"]).to_pandas()
    filled = frame[frame["need"].notna()].groupby([*_KEYS, "need"], sort=True)["value"].max().unstack("need")
    present = frame.loc[frame["lag"] == 0, _KEYS].drop_duplicates().sort_values(_KEYS)
    values = filled.reindex(columns=range(len(needs))).reindex(pd.MultiIndex.from_frame(present))
    columns: dict[str, Any] = {name: pa.array(present[name], long.schema.field(name).type) for name in _KEYS}
    for number, need in enumerate(needs):
        found = values[number]
        columns[need.column] = pa.array(found.to_numpy(dtype=float), pa.float64(), from_pandas=True)
        columns[need.absent] = pa.array([f"+{need.label}" if lacks else "" for lacks in found.isna()], pa.string())
    return pa.table(columns)


def _values(wide: Any, tasks: Sequence[Task], quantities: Mapping[str, Quantity], units: Units, facts: Any) -> Any:
    """One row per entity, period and task: value, what is missing, and the facts of the task."""
    structs = [
        ibis.struct(
            {
                "number": ibis.literal(number, "int64"),
                "value": _value(wide, task, quantities, units).cast("float64"),
                "missing": reduce(add, (wide[need.absent] for need in task.needs)),
            }
        )
        for number, task in enumerate(tasks)
    ]
    packed = wide.select(*_KEYS, row=ibis.array(structs).unnest())
    fields = {name: packed.row[name] for name in ("number", "value", "missing")}
    return packed.select(*_KEYS, **fields).inner_join(facts, "number")


def _value(wide: Any, task: Task, quantities: Mapping[str, Quantity], units: Units) -> Any:
    def column(leaf: Leaf) -> Any:
        return wide[task.column_of(leaf)]

    return evaluate_column(
        parse_formula(task.formula), column, lambda name: quantities[name].unit, task.members_of, units, task.unit
    )


def _with_standing(values: Any, long: Any, inputs: Any) -> Any:
    """Join what the inputs say of themselves: confidence, status and coverage."""
    used = long.inner_join(inputs, "need")
    standing = used.group_by([*_KEYS, "number"]).aggregate(
        rank=_rank(used.confidence).min(),
        partial=(used.status != "ok").any(),
        coverage=gather(coverage_code(used.coverage)),
    )
    joined = values.left_join(standing, [*_KEYS, "number"])
    year = joined.start.truncate("Y").cast("date")
    whole = (joined.start == year) & (joined.end == (year + ibis.interval(years=1)).cast("date"))
    joined = joined.mutate(whole=whole)
    undefined = joined.value.isnull() | not_finite(joined.value)
    rank = ibis.least(joined["rank"].fill_null(2), _rank(joined.own))
    # Of a quarter for which one rate was published nobody asks for all the others.
    return joined.filter(joined.whole | ~undefined).select(
        *_KEYS, "indicator", "variant", "unit",
        value=ibis.ifelse(undefined, ibis.null("float64"), joined.value),
        coverage=coverage_words(joined.coverage.fill_null(0)),
        missing=ibis.cases(
            (joined.missing != "", joined.missing.substr(1)), (undefined, "zero_denominator"),
            else_=ibis.null("string"),
        ),
        status=ibis.cases((undefined, "not_evaluable"), (joined.partial.fill_null(False), "partial"), else_="ok"),
        confidence=ibis.cases((rank == 0, "low"), (rank == 1, "medium"), else_="high"),
    )  # fmt: skip


def _rank(confidence: Any) -> Any:
    return ibis.cases((confidence == "low", 0), (confidence == "medium", 1), else_=2)


def _union(parts: Sequence[Any]) -> Any:
    result = parts[0]
    for part in parts[1:]:
        result = result.union(part)
    return result
