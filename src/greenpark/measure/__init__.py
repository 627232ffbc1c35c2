"""Figures become indicators: every formula of every scheme, for every entity and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis

from greenpark.engine.coverage import coverage_code, coverage_words, gather
from greenpark.engine.formula import parse_formula
from greenpark.engine.formula_tree import Leaf
from greenpark.engine.formula_values import evaluate_column
from greenpark.engine.units import Units
from greenpark.measure.needs import Need, Task, list_tasks, needs_table, tasks_table
from greenpark.model.knowledge import Quantity
from greenpark.model.schemes import Scheme

__all__ = ["Need", "Task", "list_tasks", "measure"]

_KEYS = ["entity", "start", "end"]


def measure(
    figures: Any,
    schemes: Sequence[Scheme],
    quantities: Mapping[str, Quantity],
    units: Units,
    variants: Sequence[str],
    subjects: Sequence[str],
    engine: Any,
) -> Any:
    """The indicators of the schemes for the subjects.

    Parameters
    ----------
    figures
        Table ``figures``; only totals (item empty) with a stated period enter.
    variants
        The variants that figures exist in; a scheme's own (``…@profile``) go before the general ones.
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
    totals = figures.filter((figures.item == "") & figures.start.notnull() & figures.entity.isin(list(subjects)))
    long = engine.cache(_with_lags(totals, tasks))
    wide = engine.cache(_wide(long, tasks))
    values = _values(wide, tasks, quantities, units, engine.from_arrow(tasks_table(tasks)))
    return _with_standing(values, long, engine.from_arrow(needs_table(tasks)))


def _with_lags(totals: Any, tasks: Sequence[Task]) -> Any:
    """The figures once for each number of years that a formula looks back, dated where they are looked for."""
    lags = sorted({0, *(need.lag for task in tasks for need in task.needs)})
    columns = ["entity", "quantity", "variant", "value", "status", "confidence", "coverage"]
    parts = []
    for lag in lags:
        ahead = ibis.interval(years=lag)
        parts.append(
            totals.select(
                *columns,
                start=(totals.start + ahead).cast("date"),
                end=(totals.end + ahead).cast("date"),
                lag=ibis.literal(lag, "int64"),
            )
        )
    return _union(parts)


def _wide(long: Any, tasks: Sequence[Task]) -> Any:
    needs = sorted({need for task in tasks for need in task.needs})
    present = long.group_by(_KEYS).aggregate(
        now=(long.lag == 0).any(),
        **{
            need.column: long.value.max(
                where=(long.quantity == need.quantity) & (long.variant == need.variant) & (long.lag == need.lag)
            )
            for need in needs
        },
    )
    return present.filter(present.now).drop("now")


def _values(wide: Any, tasks: Sequence[Task], quantities: Mapping[str, Quantity], units: Units, facts: Any) -> Any:
    """One row per entity, period and task: value, what is missing, and the facts of the task."""
    structs = [
        ibis.struct(
            {
                "number": ibis.literal(number, "int64"),
                "value": _value(wide, task, quantities, units).cast("float64"),
                "missing": _missing(wide, task),
            }
        )
        for number, task in enumerate(tasks)
    ]
    packed = wide.select(*_KEYS, row=ibis.array(structs).unnest())
    fields = {name: packed.row[name] for name in ("number", "value", "missing")}
    return packed.select(*_KEYS, **fields).inner_join(facts, "number").drop("number")


def _value(wide: Any, task: Task, quantities: Mapping[str, Quantity], units: Units) -> Any:
    def column(leaf: Leaf) -> Any:
        return wide[task.column_of(leaf)]

    return evaluate_column(
        parse_formula(task.formula), column, lambda name: quantities[name].unit, task.members_of, units, task.unit
    )


def _missing(wide: Any, task: Task) -> Any:
    """The quantities that are not there, joined by +; ``zero_denominator`` is told apart later by its value."""
    words = ibis.literal("")
    for need in task.needs:
        label = need.quantity if not need.lag else f"{need.quantity}@-{need.lag}"
        words = words + ibis.ifelse(wide[need.column].isnull(), f"+{label}", "")
    return words


def _with_standing(values: Any, long: Any, needs: Any) -> Any:
    """Join what the inputs say of themselves: confidence, status and coverage."""
    used = long.inner_join(needs, ["quantity", "variant", "lag"])
    standing = used.group_by([*_KEYS, "indicator", "out_variant"]).aggregate(
        rank=_rank(used.confidence).min(),
        partial=(used.status != "ok").any(),
        coverage=gather(coverage_code(used.coverage)),
    )
    joined = values.left_join(
        standing,
        [
            *(values[name] == standing[name] for name in _KEYS),
            values.indicator == standing.indicator,
            values.variant == standing.out_variant,
        ],
    )
    year = joined.start.truncate("Y").cast("date")
    whole = (joined.start == year) & (joined.end == (year + ibis.interval(years=1)).cast("date"))
    joined = joined.mutate(whole=whole)
    undefined = joined.value.isnull() | joined.value.isnan() | joined.value.isinf()
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
