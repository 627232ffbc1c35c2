"""Totals of single quarters: what was bought, used, emitted and reported within each of them.

A row counts in the quarter that holds its whole period. A longer one (a year's bill) cannot be split: it counts in
its year alone, and stands beside the quarters with the period of the year.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.account.boundary import Boundary
from greenpark.account.conflicts import without_overlaps
from greenpark.account.consolidate import DECIMALS, rank_of
from greenpark.account.entries import LEVEL_OF_LEAF, EmissionEntry, EnergyEntry
from greenpark.account.levels import Levels, climb, load_levels
from greenpark.account.quarter_gaps import Lacking, lacking_months, series_behind, silent_reports, silent_series
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.time import Period, add_months

# Totals of the job's own profile: variants of other profiles (``basis=calorific@profile``) are not followed.
TOTALS = ("co2.direct", "co2.total", "ghg.total", "energy.total", "energy.final")
_OWN = ["method", "part", "gas", "carrier", "quantity", "unit"]
_PLACE = ["entity", "leaf", "own", "start", "end", "first", "last"]
_TARGET = ["entity", "quantity", "variant", "unit", "start", "end"]
_CUMULATED = ["entity", "quantity", "unit", "series_year"]
SCHEMA = pa.schema(
    [
        ("entity", pa.string()), ("quantity", pa.string()), ("variant", pa.string()), ("unit", pa.string()),
        ("start", pa.date32()), ("end", pa.date32()), ("value", pa.float64()), ("months", pa.string()),
        ("unmatched", pa.int64()), ("rank", pa.int64()),
    ]
)  # fmt: skip


def quarter_totals(
    energy: Any, emissions: Any, observations: Any, boundary: Boundary, entities: Collection[str],
    reported: Collection[str], entries: tuple[Sequence[EmissionEntry], Sequence[EnergyEntry]],
    completeness: pa.Table, overlapping: Sequence[Mapping[str, Any]], engine: Engine,
) -> pa.Table:  # fmt: skip
    """The totals of some entities in every quarter that has rows, and what is known of whole years only.

    Parameters
    ----------
    entities
        The entities of which totals are wanted.
    reported
        Quantities that are reported and add up over time and entities. An entity's own report goes before the sum of
        the units below it.
    completeness
        The months of each series of energy: one that is silent in a month leaves a hole in the totals that it enters.
    overlapping
        entity, quantity, carrier and year of series that cover days twice; of reported quantities they are left out,
        unless they are cumulated since the first of January: then the differences count.

    Returns
    -------
    pyarrow.Table
        entity, quantity, variant, unit, start, end, value, months (those in which nothing is missing, joined by +), unmatched (rows
        without a factor or an amount), rank (least confidence, 0 to 2).
    """
    rows = _accounted(energy.mutate(gas=ibis.literal("")), "role", "tce").union(_accounted(emissions, "category", "t"))
    if reported:
        rows = rows.union(_reported(observations, reported, overlapping, engine))
    inside = _in_quarters(rows.mutate(unit_of=rows.entity))
    levels = load_levels(boundary, engine)
    wanted = levels.closure.filter(levels.closure.ancestor.isin(sorted(entities)))
    above = climb(inside, replace(levels, closure=wanted))
    above = above.mutate(own=above.entity == above.unit_of)
    found = above.group_by([*_PLACE, *_OWN]).aggregate(
        value=exact_sum(above.amount, DECIMALS), rows=above.count(), known=above.amount.count(),
        rank=rank_of(above.confidence).min(),
    )  # fmt: skip
    frame: pd.DataFrame = engine.to_arrow(found).to_pandas(date_as_object=True)
    frame["unmatched"] = frame.pop("rows") - frame.pop("known")
    frame[_OWN] = frame[_OWN].fillna("")
    cells = frame[frame["quantity"] == ""].drop(columns=["quantity", "unit"])
    stated = _first_hand(frame[frame["quantity"] != ""]).assign(variant="", scale=1.0)
    parts = [*_entered(cells, *entries), stated]
    filled = [part for part in parts if len(part)]
    if not filled:
        return SCHEMA.empty_table()
    wanted_levels = replace(levels, closure=wanted)
    lacking = {
        **_lacking_energy(inside, wanted_levels, completeness, entries, engine),
        **_lacking_reports(inside, wanted_levels, boundary, stated, engine),
    }
    return _summed(pd.concat(filled, ignore_index=True), lacking)


def _lacking_energy(
    inside: Any, levels: Levels, completeness: pa.Table, entries: tuple[Sequence[EmissionEntry], Sequence[EnergyEntry]],
    engine: Engine,
) -> Lacking:  # fmt: skip
    silent = silent_series(completeness)
    behind = series_behind(inside.filter(inside.quantity == ""), levels, silent, ["leaf", *_OWN], engine)
    if behind.empty:
        return {}
    entered = [part for part in _entered(behind.drop(columns=["quantity", "unit"]), *entries) if len(part)]
    return lacking_months(pd.concat(entered, ignore_index=True), silent) if entered else {}


def _lacking_reports(inside: Any, levels: Levels, boundary: Boundary, stated: pd.DataFrame, engine: Engine) -> Lacking:
    """Of quantities that are summed over units, not of those that an entity reports itself."""
    summed = stated.loc[~stated["own"], ["entity", "quantity"]].drop_duplicates()
    if summed.empty:
        return {}
    rows = climb(inside.filter(inside.quantity != ""), levels)
    frame = engine.to_arrow(rows.select("entity", "unit_of", "quantity", "first", "last").distinct()).to_pandas(
        date_as_object=True
    )
    frame = frame[frame["entity"] != frame["unit_of"]].merge(summed, on=["entity", "quantity"])
    if frame.empty:
        return {}
    return lacking_months(frame.assign(variant="", carrier=frame["quantity"]), silent_reports(frame, boundary))


def _accounted(table: Any, part: str, amount: str) -> Any:
    return table.select(
        "entity", "start", "end", "method", "gas", "carrier", "confidence", part=table[part],
        quantity=ibis.literal(""), unit=ibis.literal(""), amount=table[amount],
    )  # fmt: skip


def _reported(
    observations: Any, quantities: Collection[str], overlapping: Sequence[Mapping[str, Any]], engine: Engine
) -> Any:
    """What is reported as such, and not for a single carrier or product; cumulated values as their differences."""
    rows = observations.filter(
        observations.quantity.isin(sorted(quantities))
        & observations.status.isin(COUNTED)
        & observations.carrier.isnull()
    )
    if any(row["quantity"] in quantities for row in overlapping):
        columns = rows.columns
        rows = rows.mutate(series_year=rows.start.truncate("Y").cast("date"))
        series = rows.group_by(_CUMULATED).aggregate(
            latest=rows.start.max(), rows=rows.count(), ends=rows.end.nunique()
        )
        pure = series.filter((series.latest == series.series_year) & (series["rows"] == series.ends))
        plain = without_overlaps(rows.anti_join(pure, _CUMULATED), overlapping, engine).select(*columns)
        rows = plain.union(_differences(rows.semi_join(pure, _CUMULATED)).select(*columns))
    nothing = ibis.literal("")
    return rows.select(
        "entity", "start", "end", "confidence", "quantity", "unit", method=nothing, gas=nothing, carrier=nothing,
        part=nothing, amount=rows.value,
    ).select(
        "entity", "start", "end", "method", "gas", "carrier", "confidence", "part", "quantity", "unit", "amount"
    )  # fmt: skip


def _differences(rows: Any) -> Any:
    """Values cumulated since the first of January as those of the periods between; one that fell has no value."""
    order = ibis.window(group_by=_CUMULATED, order_by="end")
    before, last = rows.value.lag().over(order), rows.end.lag().over(order)
    since = rows.value - before.fill_null(0.0)
    fell = before.notnull() & (rows.value < before)
    return rows.mutate(start=ibis.coalesce(last, rows.start), value=ibis.ifelse(fell, ibis.null("float64"), since))


def _in_quarters(rows: Any) -> Any:
    """The rows with start and end of the quarter that holds them, else of their year; first and last are their own."""
    quarter = rows.start.truncate("Q").cast("date")
    after = (quarter + ibis.interval(months=3)).cast("date")
    year = rows.start.truncate("Y").cast("date")
    inside = rows.end <= after
    return rows.filter(rows.start.notnull()).mutate(
        first=rows.start, last=rows.end, start=ibis.ifelse(inside, quarter, year),
        end=ibis.ifelse(inside, after, (year + ibis.interval(years=1)).cast("date")),
    )  # fmt: skip


def _entered(
    cells: pd.DataFrame, emission_entries: Sequence[EmissionEntry], energy_entries: Sequence[EnergyEntry]
) -> list[pd.DataFrame]:
    """The cells of each total, with what each is multiplied with."""
    emitted = [
        (each.method, each.category, each.gas, each.quantity, each.variant, each.unit, each.level, each.scale)
        for each in emission_entries
        if each.quantity in TOTALS and not (each.item_by or each.item_is or "@" in each.variant)
    ]
    used = [
        (each.method, each.role, each.carrier, each.quantity, each.variant, each.unit, each.level, each.scale)
        for each in energy_entries
        if each.quantity in TOTALS and not (each.item_is or "@" in each.variant)
    ]
    rest = ["quantity", "variant", "unit", "level", "scale"]
    by_gas = pd.DataFrame(emitted, columns=["method", "part", "gas", *rest])
    by_carrier = pd.DataFrame(used, columns=["method", "part", "carrier", *rest])
    joined = [
        cells.merge(by_gas, on=["method", "part", "gas"]),
        cells[cells["gas"] == ""].merge(by_carrier, on=["method", "part", "carrier"]),
    ]
    return [each[(each["level"] == "") | (each["level"] == each["leaf"].map(LEVEL_OF_LEAF))] for each in joined]


def _first_hand(stated: pd.DataFrame) -> pd.DataFrame:
    """An entity's own report of a quarter where there is one, else what the units below it report."""
    has_own = stated.groupby(["entity", "quantity", "start"])["own"].transform("any")
    return stated[stated["own"] | ~has_own]


def _summed(entered: pd.DataFrame, lacking: Lacking) -> pa.Table:
    entered["amount"] = entered["value"] * entered["scale"]
    entered["unmatched"] += entered["amount"].isna() & entered["value"].notna()
    entered["months"] = [
        "+".join(_months(first, last)) for first, last in zip(entered["first"], entered["last"], strict=True)
    ]
    found = (
        entered.groupby(_TARGET, sort=True)
        .agg(
            value=("amount", _known_sum),
            months=("months", _union),
            unmatched=("unmatched", "sum"),
            rank=("rank", "min"),
        )
        .reset_index()
    )
    keys = zip(found["entity"], found["quantity"], found["variant"], found["start"], strict=True)
    without = [lacking.get((*key, start.year), frozenset()) for *key, start in keys]
    found["months"] = [
        "+".join(each for each in joined.split("+") if each not in less)
        for joined, less in zip(found["months"], without, strict=True)
    ]
    return pa.Table.from_pandas(found, schema=SCHEMA, preserve_index=False)


def _known_sum(values: pd.Series[float]) -> float:
    return float(values.sum(min_count=1))


def _union(months: pd.Series[str]) -> str:
    return "+".join(sorted({each for joined in set(months) for each in joined.split("+") if each}))


def _months(first: Any, last: Any) -> list[str]:
    """The months that a period covers whole."""
    found, month = [], first.replace(day=1)
    if first.day != 1:
        month = add_months(month, 1)
    while add_months(month, 1) <= last:
        found.append(str(Period.month(month.year, month.month)))
        month = add_months(month, 1)
    return found
