"""From rows of units to figures of every level of the boundary, without counting anything twice.

Rows are summed once into small cells; a table of *entries* (`entries`) says which cells enter which figure and with
which sign; cells climb to every level above their unit. What is delivered between two units of a level is taken from
the transfer ledger and leaves imports and exports of that level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis

from greenpark.account.levels import Levels, climb, meet, to_member_years
from greenpark.engine.coverage import coverage_words, gather
from greenpark.engine.sums import exact_sum

DECIMALS = 6
PERIOD = ("start", "end")
_MEMBER = ("first", "last")
FIGURE = ("quantity", "item", "variant", "unit")
_COUNTS = ("value", "size", "estimated", "rows", "unmatched", "rank")


def sum_cells(
    rows: Any, amounts: Sequence[str], by: Sequence[str], unmatched: Mapping[str, Any], levels: Levels,
    parties: Sequence[str] = ("entity",),
) -> Any:  # fmt: skip
    """Rows of one unit (or of two parties) and year summed by ``by``.

    Parameters
    ----------
    amounts
        Columns to be summed; the share that is estimated is that of the first.
    unmatched
        Name of a count and the condition on a row that counts it.

    Returns
    -------
    table
        The parties, start, end, first, last, *by, amounts, estimated, rows, the counts, rank (of confidence, 0 to 2).
    """
    years = to_member_years(rows, levels, parties)
    estimated = ibis.ifelse(years.observed == "estimated", years[amounts[0]], 0.0)
    return years.group_by([*parties, *PERIOD, *_MEMBER, *by]).aggregate(
        **{name: exact_sum(years[name], DECIMALS) for name in amounts},
        estimated=exact_sum(estimated, DECIMALS),
        rows=years.count(),
        rank=rank_of(years.confidence).min(),
        **{name: ibis.ifelse(condition(years), 1, 0).sum() for name, condition in unmatched.items()},
    )


def enter(cells: Any, value: Any, unmatched: Any, item: Any) -> Any:
    """What cells bring to each figure, one row per cell and entry.

    Parameters
    ----------
    cells
        Cells joined with their entries (quantity, variant, unit, level).
    value
        What enters, with its sign; ``unmatched`` rows bring nothing to it.
    """
    share = (cells.estimated / cells[_first_amount(cells)].nullif(0)).fill_null(0.0)
    receiver = cells.counterparty if "counterparty" in cells.columns else ibis.null("string")
    return cells.select(
        "entity", *PERIOD, *_MEMBER, "quantity", "variant", "unit", "level", "rows", "rank",
        counterparty=receiver, item=item, value=value, part=(value * share).abs(), unmatched=unmatched,
    )  # fmt: skip


def _first_amount(cells: Any) -> str:
    return next(name for name in ("t", "tce", "amount") if name in cells.columns)


def sum_entered(entered: Sequence[Any], coverage: Any) -> Any:
    """What each unit (or pair of units) brings to each figure in all.

    Parameters
    ----------
    coverage
        entity, start, end, coverage of the observations as a number.
    """
    rows = union(entered)
    found = rows.group_by(["entity", "counterparty", *PERIOD, *_MEMBER, *FIGURE, "level"]).aggregate(
        value=exact_sum(rows.value, DECIMALS),
        size=exact_sum(rows.value.abs(), DECIMALS),
        estimated=exact_sum(rows.part, DECIMALS),
        rows=rows.rows.sum().cast("int64"),
        unmatched=rows.unmatched.sum().cast("int64"),
        rank=rows["rank"].min(),
    )
    covered = found.left_join(coverage, ["entity", *PERIOD])
    return covered.drop(*(f"{name}_right" for name in ("entity", *PERIOD)))


def climb_to_figures(brought: Any, has_pairs: bool, levels: Levels) -> Any:
    """The rows of the table ``figures`` of every level from what units and pairs of units bring.

    What a pair brings counts at the levels that both belong to; ``level`` says where else something counts.
    """
    units = brought.filter(brought.counterparty.isnull()).drop("counterparty")
    high = climb(units, levels)
    high = high.filter((high.level == "") | (high.level == ibis.ifelse(high.leaf, "leaf", "above")))
    kept = ["entity", *PERIOD, *FIGURE, *_COUNTS, "coverage"]
    parts = [high.select(kept)]
    if has_pairs:
        parts.append(meet(brought.filter(brought.counterparty.notnull()), levels).select(kept))
    return as_figures(union(parts))


def as_figures(rows: Any) -> Any:
    """One figure per entity, period, quantity, item and variant."""
    found = rows.group_by(["entity", *PERIOD, *FIGURE]).aggregate(
        value=exact_sum(rows.value, DECIMALS),
        size=exact_sum(rows["size"], DECIMALS),
        estimated=exact_sum(rows.estimated, DECIMALS),
        rows=rows.rows.sum().cast("int64"),
        rows_unmatched=rows.unmatched.sum().cast("int64"),
        rank=rows["rank"].min(),
        coverage=gather(rows.coverage),
    )
    return found.select(
        "entity", *PERIOD, *FIGURE, "value", "rows", "rows_unmatched",
        estimated_share=found.estimated / found["size"].nullif(0),
        coverage=coverage_words(found.coverage.fill_null(0)),
        status=ibis.cases((found.value.isnull(), "not_evaluable"), (found.rows_unmatched > 0, "partial"), else_="ok"),
        confidence=confidence_of(found["rank"]),
    )  # fmt: skip


def mark_partial(figures: Any, marks: Any, by: Sequence[str]) -> Any:
    """The figures, of which those that ``marks`` names by ``by`` are no more than partial."""
    marked = marks.select(*by).distinct().mutate(gap=ibis.literal(True))
    joined = figures.left_join(marked, list(by)).drop(*(f"{name}_right" for name in by))
    partial = joined.gap.fill_null(False) & (joined.status == "ok")
    return joined.mutate(status=ibis.ifelse(partial, "partial", joined.status)).select(*figures.columns)


def union(parts: Sequence[Any]) -> Any:
    """All rows of the parts, whose columns are the same."""
    result = parts[0]
    for part in parts[1:]:
        result = result.union(part)
    return result


def rank_of(confidence: Any) -> Any:
    """A confidence as a number that has a least."""
    return ibis.cases((confidence == "low", 0), (confidence == "medium", 1), else_=2).cast("int64")


def confidence_of(rank: Any) -> Any:
    """The word for a rank."""
    return ibis.cases((rank == 0, "low"), (rank == 1, "medium"), else_="high")
