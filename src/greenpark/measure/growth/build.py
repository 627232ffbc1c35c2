"""From stored rows, figures and the boundary to totals that can be recomputed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from greenpark.measure.growth.cells import (
    EMISSION_KEYS,
    ENERGY_KEYS,
    find_places,
    place_table,
    sum_rows,
    sum_units,
    units_that_vary,
)
from greenpark.measure.growth.pairs import Recomputation
from greenpark.measure.growth.ratios import SIDES, factor_ratios
from greenpark.measure.growth.recompute import Membership, enter


@dataclass(frozen=True)
class Rows:
    """Tables of the engine: energy and emission rows that count, of the years compared; all figures."""

    energy: Any
    emissions: Any
    figures: Any


@dataclass(frozen=True)
class Bounds:
    """Who belongs where: units (entity, name, parent, area), closure (entity, ancestor) and ``limited`` (entity,
    ancestor, since, until of units that are inside for a part of the years only); the levels and years compared.
    """

    units: pa.Table
    closure: pa.Table
    limited: pa.Table
    levels: Sequence[str]
    years: Sequence[int]


@dataclass(frozen=True)
class Meanings:
    """Which cells enter which figure (entries of energy and of emissions), the match table with the years beside, and
    the quantities that add up over entities.
    """

    energy: pa.Table
    emissions: pa.Table
    matches: pa.Table
    adding: Sequence[str]


def recomputation(rows: Rows, bounds: Bounds, meanings: Meanings, engine: Any) -> Recomputation:
    """The totals of the levels under the firms and factors of the years beside each year."""
    limited = bounds.limited.to_pandas(date_as_object=True).rename(columns={"entity": "place", "ancestor": "level"})
    dated = frozenset(limited["place"])
    vary = units_that_vary(rows.figures, bounds.levels, bounds.years, engine)
    places = find_places(bounds.units, bounds.closure, dated, bounds.levels, vary)
    named = engine.from_arrow(place_table(places, dated))
    use = sum_rows(rows.energy, "tce", ENERGY_KEYS, named, engine).assign(gas="")
    gases = sum_rows(rows.emissions, "t", EMISSION_KEYS, named, engine)
    parts = [
        enter(_with_ratios(gases, meanings.matches), _of_levels(meanings.emissions), "t", EMISSION_KEYS),
        enter(_with_ratios(use, meanings.matches), _of_levels(meanings.energy), "tce", ENERGY_KEYS),
    ]
    computed = pd.concat(parts, ignore_index=True)
    own = sorted(set(computed["quantity"]))
    reported = sum_units(rows.figures, own, meanings.adding, named, bounds.years, engine)
    names = {row["entity"]: row["name"] for row in bounds.units.select(["entity", "name"]).to_pylist()}
    return Recomputation(computed, reported, places, Membership(limited, dated), names)


def _with_ratios(cells: pd.DataFrame, matches: pa.Table) -> pd.DataFrame:
    for side, shift in SIDES.items():
        found = factor_ratios(cells, matches, shift)
        cells = cells.assign(**{f"{side}_{name}": found[name] for name in ("ratio", "other", "other_value")})
    return cells


def _of_levels(entries: pa.Table) -> pd.DataFrame:
    """The entries of totals of a level above units; those limited to an item are not compared."""
    frame: pd.DataFrame = entries.to_pandas()
    whole = frame["item_is"].eq("")
    if "item_by" in frame.columns:
        whole &= frame["item_by"].eq("")
    kept: pd.DataFrame = frame[whole & frame["level"].isin(["", "above"])].drop(columns=["unit", "level"])
    return kept
