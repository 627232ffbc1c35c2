"""Stored rows summed once into cells that growth is recomputed from: few, whatever the number of rows.

Units that never change their level and report in every year are summed with their neighbours; only those that enter,
leave or stop reporting keep cells of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa

from greenpark.engine.sums import exact_sum

DECIMALS = 6
EMISSION_KEYS = ("method", "category", "gas")
ENERGY_KEYS = ("method", "carrier", "role")
_RATE_KEYS = ("carrier", "flow", "factor", "factor_value")


@dataclass(frozen=True)
class Places:
    """Where cells lie: ``of`` has entity, place, area; ``moving`` are the places of single units that may change.

    ``levels`` has place, level: the levels that a place belongs (or ever belonged) to.
    """

    of: pd.DataFrame
    moving: frozenset[str]
    levels: pd.DataFrame


def units_that_vary(figures: Any, levels: Sequence[str], years: Sequence[int], engine: Any) -> frozenset[str]:
    """The units that have some figure in one of the years and not in another: who entered, left or fell silent."""
    rows = figures.filter((figures.item == "") & figures.start.notnull() & ~figures.entity.isin(list(levels)))
    rows = rows.mutate(year=rows.start.year().cast("int64"))
    rows = rows.filter(rows.year.isin(list(years)))
    counts = rows.group_by(["entity", "quantity", "variant"]).aggregate(years=rows.year.nunique())
    found = engine.to_arrow(counts.filter(counts.years < len(years)).select("entity").distinct())
    return frozenset(found.column("entity").to_pylist())


def find_places(
    units: pa.Table, closure: pa.Table, dated: Collection[str], levels: Collection[str], vary: Collection[str]
) -> Places:
    """The places of all units, given who does not report the same in every year.

    Parameters
    ----------
    units, closure
        Of the boundary: entity, parent, area; entity, ancestor.
    dated
        Entities whose membership has dates.
    levels
        The entities whose growth is wanted.
    """
    frame = units.select(["entity", "parent", "area"]).to_pandas().fillna("")
    alone = frame["entity"].isin([*vary, *dated, *levels])
    frame["place"] = frame["entity"].where(alone, "\t" + frame["parent"] + "\t" + frame["area"])
    pairs = closure.select(["entity", "ancestor"]).to_pandas().rename(columns={"ancestor": "level"})
    pairs = pairs[pairs["level"].isin(list(levels))]
    found = pairs.merge(frame[["entity", "place"]], on="entity")[["place", "level"]].drop_duplicates()
    moving = frozenset(frame.loc[alone & ~frame["entity"].isin(list(levels)), "place"])
    ordered = found.sort_values(["place", "level"], ignore_index=True)
    return Places(frame[["entity", "place", "area"]], moving, ordered)


def sum_rows(rows: Any, amount: str, keys: Sequence[str], places: Any, engine: Any) -> pd.DataFrame:
    """Cells: place, area, year, first, last, *keys, carrier, flow, factor, factor_value, the amount.

    Parameters
    ----------
    rows
        Energy or emission rows; those that reach beyond their calendar year are not part of a year's figure.
    places
        Table of the engine: entity, place, area, dated (whether the own period of a row matters).
    """
    year = rows.start.truncate("Y").cast("date")
    inside = rows.filter(rows.end <= (year + ibis.interval(years=1)).cast("date"))
    here = inside.inner_join(places, "entity")
    nothing = ibis.null("date")
    here = here.mutate(
        year=here.start.year().cast("int64"),
        first=ibis.ifelse(here.dated, here.start, nothing),
        last=ibis.ifelse(here.dated, here.end, nothing),
    )
    by = list(dict.fromkeys(["place", "area", "year", "first", "last", *keys, *_RATE_KEYS]))
    found = here.group_by(by).aggregate(**{amount: exact_sum(here[amount], DECIMALS)})
    return _ordered(engine.to_arrow(found), by)


def sum_units(
    figures: Any, computed: Sequence[str], adding: Sequence[str], places: Any, years: Collection[int], engine: Any
) -> pd.DataFrame:
    """What places bring to reported totals: place, year, first, last, quantity, variant, value.

    Parameters
    ----------
    computed
        Quantities that are computed from rows, which are taken from there.
    adding
        Quantities that add up over entities.
    """
    rows = figures.filter(
        (figures.item == "") & figures.quantity.isin(list(adding)) & ~figures.quantity.isin(list(computed))
    )
    year = rows.start.truncate("Y").cast("date")
    rows = rows.filter((rows.start == year) & (rows.end == (year + ibis.interval(years=1)).cast("date")))
    rows = rows.mutate(year=rows.start.year().cast("int64"))
    here = rows.filter(rows.year.isin(sorted(years))).inner_join(places, "entity")
    nothing = ibis.null("date")
    here = here.mutate(
        first=ibis.ifelse(here.dated, here.start, nothing), last=ibis.ifelse(here.dated, here.end, nothing)
    ).filter(~here.level)
    by = ["place", "year", "first", "last", "quantity", "variant"]
    return _ordered(engine.to_arrow(here.group_by(by).aggregate(value=exact_sum(here.value, DECIMALS))), by)


def _ordered(found: pa.Table, by: Sequence[str]) -> pd.DataFrame:
    frame: pd.DataFrame = found.to_pandas()
    words = [name for name in by if name not in ("year", "first", "last", "factor_value")]
    frame[words] = frame[words].fillna("")
    for name in ("first", "last"):  # days as numbers; those of places without dates are not looked at
        frame[name] = found.column(name).cast(pa.int32()).fill_null(0).to_numpy()
    return frame.sort_values(list(by), ignore_index=True, na_position="first")


def place_table(places: Places, dated: Collection[str]) -> pa.Table:
    """entity, place, area, dated, level: to be made known to the engine."""
    levels = set(places.levels["level"])
    return pa.table(
        {
            **{name: pa.array(places.of[name], pa.string()) for name in ("entity", "place", "area")},
            "dated": pa.array(places.of["entity"].isin(list(dated)), pa.bool_()),
            "level": pa.array(places.of["entity"].isin(levels), pa.bool_()),
        }
    )
