"""From the cells of accounting to cells of uncertainty: one aggregation in the engine, the rest on small tables.

The error of an activity is that of the year's series of one unit, carrier and flow: its twelve months share a meter
and a person, so they are added up first and do not cancel among each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa

from greenpark.account.boundary import Boundary
from greenpark.account.consolidate import DECIMALS
from greenpark.account.entries import LEVEL_OF_LEAF, EmissionEntry, EnergyEntry
from greenpark.account.levels import climb, load_levels
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.confidence import RANK

QUANTITIES = ("co2.direct", "co2.total", "ghg.total", "energy.total")
TARGET = ["entity", "quantity", "variant", "start", "end", "unit"]
KEYS = ["area", "carrier", "flow", "observed", "grade", "method", "part", "gas", "factor"]
_KIND = ["kind", "estimated", "rank"]
_WORDS = {rank: word for word, rank in RANK.items()}
# Squares of small and of large amounts, each as whole numbers of 18 digits: amounts from 10⁻⁵ to 10⁸.
_SMALL, _SMALL_DECIMALS, _LARGE_DECIMALS = 1000.0, 12, 2


def read_cells(
    cells: Any, matches: pa.Table, boundary: Boundary, entities: Sequence[str], engine: Engine
) -> pd.DataFrame:
    """What rests on the same factors, data and method, of each of some entities and years.

    Parameters
    ----------
    cells
        Cells of units, series and years (`greenpark.account.cells`), without those that enter no total.
    matches
        The match table with the kind of each row.

    Returns
    -------
    DataFrame
        entity, leaf, start, end, area, carrier, flow, observed, grade (confidence of the observations), method, part
        (category or role), gas, factor, amount [t or tce], square (of the amounts of the units), rank (least
        confidence, 0 to 2). Rows without a factor or an amount are in none.
    """
    levels = load_levels(boundary, engine)
    wanted = levels.closure.filter(levels.closure.ancestor.isin(list(entities)))
    known = cells.filter(cells.kind.notnull() & cells.value.notnull())
    series = _sums(known, ["entity", "start", "end", "first", "last", *_KIND])
    above = climb(series.mutate(unit=series.entity), replace(levels, closure=wanted))
    if levels.dated is not None:
        above = _sums(above, ["entity", "unit", "leaf", "start", "end", *_KIND])
    found = above.group_by(["entity", "leaf", "start", "end", *_KIND]).aggregate(
        value=exact_sum(above.value, DECIMALS),
        small=exact_sum(_square(above.value, small=True), _SMALL_DECIMALS),
        large=exact_sum(_square(above.value, small=False), _LARGE_DECIMALS),
    )
    frame: pd.DataFrame = engine.to_arrow(found).to_pandas(date_as_object=True)
    frame["square"] = frame.pop("small") + frame.pop("large")
    # A square too large for the engine's whole numbers: as if it were one unit's, which is on the safe side.
    frame["square"] = frame["square"].fillna(frame["value"] ** 2)
    return _accounted(frame, matches)


def _accounted(frame: pd.DataFrame, matches: pa.Table) -> pd.DataFrame:
    """The amounts that each method makes of the values of a kind."""
    rates = matches.to_pandas()
    rates = rates[rates["status"].isin(["ok", "no_gwp"]) & rates["rate"].notna()]
    is_energy = rates["produces"] == "energy"
    chosen = pd.DataFrame(
        {
            "kind": rates["kind"], "method": rates["method"], "carrier": rates["item"], "flow": rates["flow"],
            "area": rates["area"], "factor": rates["factor"], "scale": rates["coefficient"] * rates["rate"],
            "part": rates["role"].where(is_energy, rates["category"]), "gas": rates["gas"].where(~is_energy, ""),
            "factor_rank": rates["confidence"].map(RANK),
        }
    )  # fmt: skip
    joined = frame.merge(chosen, on="kind")
    joined["observed"] = joined["estimated"].map({True: "estimated", False: "reported"})
    joined["grade"] = joined["rank"].map(_WORDS)
    joined["rank"] = joined[["rank", "factor_rank"]].min(axis=1)
    joined["amount"] = joined["value"] * joined["scale"]
    joined["square"] *= joined["scale"] ** 2
    joined[KEYS] = joined[KEYS].fillna("")
    columns = ["entity", "leaf", "start", "end", *KEYS, "amount", "square", "rank"]
    ordered: pd.DataFrame = joined[columns].sort_values(["entity", "start", *KEYS], ignore_index=True)
    return ordered


def enter_cells(
    cells: pd.DataFrame, emission_entries: Sequence[EmissionEntry], energy_entries: Sequence[EnergyEntry]
) -> pd.DataFrame:
    """The cells of each target: columns of a target, the keys of a cell, value (signed), square, rank."""
    own = [each for each in emission_entries if _is_total(each) and not each.item_by]
    use = [each for each in energy_entries if _is_total(each)]
    frames = [
        cells.merge(_entries(own, "category"), on=["method", "part", "gas"]),
        cells[cells["gas"] == ""].merge(_entries(use, "role"), on=["method", "part", "carrier"]),
    ]
    entered = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    level = entered["level"]
    here = (level == "") | (level == entered["leaf"].map(LEVEL_OF_LEAF))
    entered["value"] = entered["amount"] * entered["scale"]
    entered["square"] = entered["square"] * entered["scale"] ** 2
    kept = entered[here & entered["value"].notna()]
    return kept[[*TARGET, *KEYS, "value", "square", "rank"]].reset_index(drop=True)


def _is_total(entry: EmissionEntry | EnergyEntry) -> bool:
    """Whether it enters a total of the job's own profile: variants of others are not assessed."""
    return entry.quantity in QUANTITIES and not entry.item_is and "@" not in entry.variant


def _sums(rows: Any, by: Sequence[str]) -> Any:
    return rows.group_by(list(by)).aggregate(value=exact_sum(rows.value, DECIMALS))


def _square(amount: Any, small: bool) -> Any:
    is_small = amount.abs() < _SMALL
    return ibis.ifelse(is_small if small else ~is_small, amount * amount, 0.0)


def _entries(entries: Sequence[EmissionEntry] | Sequence[EnergyEntry], part: str) -> pd.DataFrame:
    """Entries as a frame; ``scale`` is their sign, times the warming potential where they count CO2 equivalents."""
    item = "gas" if part == "category" else "carrier"
    rows = [
        (
            each.method, getattr(each, part), getattr(each, item), each.quantity, each.variant, each.unit, each.level,
            each.scale,
        )
        for each in entries
    ]  # fmt: skip
    names = ["method", "part", item, "quantity", "variant", "unit", "level", "scale"]
    return pd.DataFrame(rows, columns=names)
