"""Totals of one year over the firms, or with the factors, of the year beside it.

Everything is a sum of *parts*: what a place brings to a figure. The same sum under the year's own firms and factors
must give the stored figure; where it does not, the recomputed one is not believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from greenpark.measure.growth.cells import Places

NAMED_CHANGES = 3
EPOCH = date(1970, 1, 1)
Presence = tuple[str, str, str, int]
_FIGURE = ["level", "quantity", "variant", "year"]
_SAME = 1e-9
_ROUNDING = 1e-6  # cells are summed at six decimals


@dataclass(frozen=True)
class Membership:
    """When places belong to levels: ``episodes`` has place, level, since, until of the places whose time is limited."""

    episodes: pd.DataFrame
    dated: frozenset[str]


def enter(cells: pd.DataFrame, entries: pd.DataFrame, amount: str, keys: Sequence[str]) -> pd.DataFrame:
    """What each cell brings to each figure: the columns of a cell, quantity, variant, value, other (with the factors
    of the year beside), lost (rows whose factor of that year is unknown).
    """
    joined = cells.merge(entries, on=list(keys))
    scale = joined["sign"]
    if "gwp" in joined.columns:
        scale = scale * joined["gwp"].where(joined["amount"] == "co2e", 1.0)
    value = joined[amount] * scale
    counted = value.notna()
    joined["value"] = value.fillna(0.0)
    for side in ("next", "before"):
        ratio = joined[f"{side}_ratio"]
        joined[f"with_{side}"] = (value * ratio).fillna(0.0)
        # A zero stays zero whatever the factor; a row that never counted is missing on both sides.
        joined[f"lost_{side}"] = (counted & ratio.isna()).astype("int64")
        joined[f"change_{side}"] = (value * ratio - value).fillna(0.0)
    return joined


def climb(parts: pd.DataFrame, places: Places) -> pd.DataFrame:
    """The parts once for every level that their place belongs (or ever belonged) to."""
    return parts.merge(places.levels, on="place")


def belongs(parts: pd.DataFrame, membership: Membership, shift: int) -> Any:
    """Whether each part counts for its level when the boundary of ``shift`` years later is moved to its year."""
    inside = ~parts["place"].isin(membership.dated)
    if inside.all():
        return inside
    rows = parts.loc[~inside, ["place", "level", "first", "last"]].reset_index(names="row")
    episodes = membership.episodes
    since, until = (episodes[name].map(lambda day: _days(_moved(day, -shift))) for name in ("since", "until"))
    met = rows.merge(episodes[["place", "level"]].assign(since=since, until=until), on=["place", "level"])
    touched = met.loc[(met["first"] < met["until"]) & (met["last"] > met["since"]), "row"]
    return inside | parts.index.isin(touched)


def present_keys(parts: pd.DataFrame, counted: Any) -> set[Presence]:
    """(family, place, level, year) of what counts."""
    rows = parts.loc[counted, ["family", "place", "level", "year"]].drop_duplicates()
    return set(rows.itertuples(index=False, name=None))


def totals(parts: pd.DataFrame, counted: Any, column: str) -> dict[tuple[str, str, str, int], float]:
    """The sum of a column over what counts, by level, quantity, variant and year."""
    rows = parts.loc[counted]
    sums = rows.groupby(_FIGURE, sort=True)[column].sum()
    return {(str(a), str(b), str(c), int(d)): float(value) for (a, b, c, d), value in sums.items()}


def listed(parts: pd.DataFrame, counted: Any, places: Places, present: set[Presence], shift: int) -> Any:
    """What counts of the firm list of the year beside: those that never move, and those that report in that year."""
    moving = parts["place"].isin(places.moving)
    rows = parts[moving]
    keys = zip(rows["family"], rows["place"], rows["level"], rows["year"] + shift, strict=True)
    there = rows.index[[key in present for key in keys]]
    return counted & (~moving | parts.index.isin(there))


def changed_factors(parts: pd.DataFrame, counted: Any, side: str) -> dict[tuple[str, str, str, int], str]:
    """The largest changes of factors behind each figure, in words of ids and numbers."""
    rows = parts.loc[counted & (parts[f"change_{side}"] != 0)]
    if rows.empty:
        return {}
    keys = [*_FIGURE, "carrier", "factor", "factor_value", f"{side}_other", f"{side}_other_value"]
    sums = rows.groupby(keys, sort=True, dropna=False)[f"change_{side}"].sum().reset_index()
    sums["size"] = sums[f"change_{side}"].abs()
    ordered = sums.sort_values([*_FIGURE, "size", "carrier", "factor"], ascending=[True] * 4 + [False, True, True])
    found: dict[tuple[str, str, str, int], list[str]] = {}
    for row in ordered.to_dict("records"):
        key = (row["level"], row["quantity"], row["variant"], int(row["year"]))
        told = found.setdefault(key, [])
        if len(told) < NAMED_CHANGES:
            other = row[f"{side}_other_value"]
            told.append(f"{row['carrier']} {row['factor_value']:.6g} → {other:.6g} ({row[f'{side}_other']})")
    return {key: "; ".join(told) for key, told in found.items()}


def same(stored: float, summed: float, parts: int) -> bool:
    """Whether a stored figure and the sum of its parts agree within rounding."""
    return abs(stored - summed) <= max(abs(stored), abs(summed)) * _SAME + (parts + 1) * _ROUNDING


def _days(day: date) -> int:
    return (day - EPOCH).days


def _moved(day: date, years: int) -> date:
    """The same day ``years`` later; the 29th of February becomes the 1st of March, and always stays always."""
    if not 1 <= day.year + years <= date.max.year:
        return day
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
