"""Stored rows summed into the cells that a decomposition is made of: unit, category, carrier and year."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.engine.sums import exact_sum
from greenpark.measure.growth.recompute import Membership, belongs

DECIMALS = 6
_KEYS = ["entity", "counterparty", "variant", "category", "carrier", "year", "first", "last"]
_AMOUNTS = ["t", "amount", "tce"]
OWN = "own_renewable"  # the category of renewable energy that a unit makes and uses itself


@dataclass(frozen=True)
class Sources:
    """Tables of the engine: energy and emission rows that count, their observations; ``dated`` units may come or go.

    ``entries``: method, category, gas, variant, counts (0 for what carries energy and no CO2). ``energy_methods``: those
    of the basis on which energy is weighed. ``own``: carriers that units make for themselves.
    """

    energy: Any
    emissions: Any
    observations: Any
    entries: pa.Table
    energy_methods: Collection[str]
    own: Collection[str]
    dated: Collection[str]


def sum_cells(sources: Sources, engine: Any) -> pd.DataFrame:
    """entity, counterparty (of what is delivered inside), variant, category, carrier, year, first, last, and

    t [t CO2], amount [unit of the carrier] (t over the factor), tce [tce, calorific], each signed as it enters the total.
    """
    weighed = _weights(sources)
    rows = sources.emissions.inner_join(engine.from_arrow(sources.entries), ["method", "category", "gas"])
    rows = rows.filter(rows.t.notnull()).left_join(weighed, ["batch", "line"])
    rows = rows.left_join(_receivers(sources), ["batch", "line"], rname="{name}_of_ledger")
    rows = _inside_years(rows, sources.dated, ("entity", "receiver"))
    sign = ibis.ifelse(rows.t < 0, -1.0, 1.0)
    factor = rows.factor_value.nullif(0.0)
    rows = rows.mutate(
        carrier=rows.carrier.fill_null(""),
        counterparty=rows.receiver.fill_null(""),
        amount=ibis.coalesce(rows.t / factor, sign * rows.tce, rows.t) * rows.counts,
        tce=rows.tce * sign,
        t=rows.t * rows.counts,
    )
    frames = [_summed(rows, engine)]
    if sources.own:
        frames += _own(sources, sorted(set(frames[0]["variant"])), engine)
    found = pd.concat(frames, ignore_index=True)
    return found.sort_values(_KEYS, ignore_index=True)


def sum_values(figures: Any, quantities: Sequence[str], engine: Any) -> pd.DataFrame:
    """Whole years of reported totals: entity, quantity, year, value, status, confidence."""
    year = figures.start.truncate("Y").cast("date")
    whole = (figures.start == year) & (figures.end == (year + ibis.interval(years=1)).cast("date"))
    rows = figures.filter(whole & (figures.item == "") & figures.quantity.isin(sorted(quantities)))
    names = ["entity", "quantity", "variant", "value", "status", "confidence"]
    frame: pd.DataFrame = engine.to_arrow(rows.select(*names, year=rows.start.year().cast("int64"))).to_pandas()
    return frame.sort_values(["entity", "quantity", "variant", "year"], ignore_index=True)


def _weights(sources: Sources) -> Any:
    """The energy [tce] of each row, without the sign with which it enters comprehensive energy."""
    rows = sources.energy.filter(sources.energy.method.isin(sorted(sources.energy_methods)))
    return rows.group_by(["batch", "line"]).aggregate(tce=rows.tce.abs().max())


def _receivers(sources: Sources) -> Any:
    ledger = sources.observations.filter(sources.observations.flow == "transfer")
    return ledger.select("batch", "line", receiver=ledger.counterparty)


def _own(sources: Sources, variants: Sequence[str], engine: Any) -> list[pd.DataFrame]:
    """Renewable power that units make and use: energy without CO2, in every variant."""
    energy = sources.energy
    used = energy.flow.isin(["use_industrial", "use_other"]) & energy.carrier.isin(sorted(sources.own))
    rows = _inside_years(energy.filter(used & energy.method.isin(sorted(sources.energy_methods))), sources.dated)
    rows = rows.mutate(
        variant=ibis.literal(""), category=ibis.literal(OWN), counterparty=ibis.literal(""), t=ibis.literal(0.0),
        amount=ibis.literal(0.0), tce=rows.tce.abs(),
    )  # fmt: skip
    found = _summed(rows, engine)
    return [found.assign(variant=variant) for variant in variants] if len(found) else []


def _inside_years(rows: Any, dated: Collection[str], parties: Sequence[str] = ("entity",)) -> Any:
    """Rows that lie inside one calendar year, with their own days where membership has dates."""
    year = rows.start.truncate("Y").cast("date")
    inside = rows.filter(rows.end <= (year + ibis.interval(years=1)).cast("date"))
    nothing, matters = ibis.null("date"), ibis.literal(False)
    for party in parties:
        matters = matters | inside[party].fill_null("").isin(sorted(dated))
    return inside.mutate(
        year=inside.start.year().cast("int64"),
        first=ibis.ifelse(matters, inside.start, nothing),
        last=ibis.ifelse(matters, inside.end, nothing),
    )


def _summed(rows: Any, engine: Any) -> pd.DataFrame:
    found = engine.to_arrow(
        rows.group_by(_KEYS).aggregate(**{name: exact_sum(rows[name], DECIMALS) for name in _AMOUNTS})
    )
    frame: pd.DataFrame = found.to_pandas()
    for name in ("first", "last"):  # days as numbers; those of units without dates are not looked at
        frame[name] = found.column(name).cast(pa.int32()).fill_null(0).to_numpy()
    return frame


def of_level(
    cells: pd.DataFrame, level: str, closure: pa.Table, episodes: pa.Table, dated: Collection[str]
) -> pd.DataFrame:
    """The cells of units inside a level, for the time in which they belong to it.

    What is delivered counts where both sides belong; elsewhere it leaves the level and is a sale.
    """
    pairs = closure.filter(pc.equal(closure.column("ancestor"), level)).column("entity").to_pylist()
    inside = cells[cells["entity"].isin(pairs)]
    ledger = inside["counterparty"] != ""
    inside = inside[~ledger | (inside["counterparty"].isin(pairs) & (inside["counterparty"] != inside["entity"]))]
    if not dated:
        return inside.reset_index(drop=True)
    limited = episodes.to_pandas(date_as_object=True).rename(columns={"entity": "place", "ancestor": "level"})
    membership = Membership(limited[limited["place"].isin(list(dated))], frozenset(dated))
    kept = inside.assign(level=level).reset_index(drop=True)
    for party in ("entity", "counterparty"):
        kept = kept[belongs(kept.assign(place=kept[party]), membership, 0)].reset_index(drop=True)
    return kept.drop(columns="level")
