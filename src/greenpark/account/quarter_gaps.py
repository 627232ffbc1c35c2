"""Months that a total lacks although it has some data in them: one of the series that make it up is silent there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from greenpark.account.boundary import Boundary
from greenpark.account.completeness import MONTHS, member_months
from greenpark.account.levels import Levels, climb
from greenpark.engine.connect import Engine

Lacking = Mapping[tuple[str, str, str, int], frozenset[str]]  # entity, quantity, variant, year: its months
_MISSING = "m"


def silent_series(completeness: pa.Table) -> pd.DataFrame:
    """unit_of, item (carrier; empty: any), year, mask: the months in which a series that is due has no data."""
    rows = completeness.select(["entity", "carrier", "start", "months"]).to_pylist()
    found = [
        (row["entity"], row["carrier"], row["start"].year, _mask(row["months"]))
        for row in rows
        if _MISSING in row["months"]
    ]
    return pd.DataFrame(found, columns=["unit_of", "item", "year", "mask"])


def series_behind(
    inside: Any, levels: Levels, silent: pd.DataFrame, own: Collection[str], engine: Engine
) -> pd.DataFrame:
    """entity, unit_of, and the columns ``own`` of the silent series that enter the totals of a level."""
    if silent.empty:
        return pd.DataFrame(columns=["entity", "unit_of", *own])
    quiet = engine.from_arrow(pa.table({"quiet": sorted(set(silent["unit_of"]))}))
    rows = inside.semi_join(quiet, [inside.unit_of == quiet.quiet])
    frame: pd.DataFrame = engine.to_arrow(climb(rows, levels).select("entity", "unit_of", *own).distinct()).to_pandas()
    return frame.fillna("")


def lacking_months(entered: pd.DataFrame, silent: pd.DataFrame) -> dict[tuple[str, str, str, int], frozenset[str]]:
    """The months that each total lacks in each year.

    Parameters
    ----------
    entered
        entity, quantity, variant, unit_of, carrier: the series that make a total up.
    silent
        What `silent_series` or `silent_reports` found; an empty item stands for whatever the unit reported.
    """
    if entered.empty or silent.empty:
        return {}
    series = entered[["entity", "quantity", "variant", "unit_of", "carrier"]].drop_duplicates()
    joined = series.merge(silent, on="unit_of")
    joined = joined[(joined["item"] == joined["carrier"]) | (joined["item"] == "")]
    found: dict[tuple[str, str, str, int], int] = {}
    for row in _rows(joined):
        key = (row["entity"], row["quantity"], row["variant"], int(row["year"]))
        found[key] = found.get(key, 0) | int(row["mask"])
    return {key: _names(mask, key[3]) for key, mask in found.items()}


def silent_reports(stated: pd.DataFrame, boundary: Boundary) -> pd.DataFrame:
    """unit_of, item (the quantity), year, mask: months of a unit's own reports that it leaves out.

    Due are the months in which the unit belongs to the park, of a year in which, or in the year before which, it
    reports the quantity by parts of the year.

    Parameters
    ----------
    stated
        unit_of, quantity, first, last: the periods that units report.
    """
    covered: dict[tuple[str, str, int], int] = {}
    whole: set[tuple[str, str, int]] = set()
    for row in _rows(stated):
        key = (row["unit_of"], row["quantity"], row["first"].year)
        touched = _touched(row["first"], row["last"])
        if touched == (1 << MONTHS) - 1:
            whole.add(key)
        else:
            covered[key] = covered.get(key, 0) | touched
    if not covered:
        return pd.DataFrame(columns=["unit_of", "item", "year", "mask"])
    newest = max(year for _, _, year in covered)
    due = {*covered, *((unit, quantity, year + 1) for unit, quantity, year in covered if year < newest)}
    rows = pd.DataFrame(sorted(due - (whole - set(covered))), columns=["unit_of", "item", "year"])
    units = boundary.units.select(["entity", "since", "until"]).to_pandas().rename(columns={"entity": "unit_of"})
    rows = rows.merge(units, on="unit_of")
    member = member_months(rows["since"], rows["until"], rows["year"].to_numpy(np.int64))
    has: npt.NDArray[np.int64] = np.array(
        [covered.get(key, 0) for key in zip(rows["unit_of"], rows["item"], rows["year"], strict=True)], dtype=np.int64
    )
    rows["mask"] = member & ~has
    return rows.loc[rows["mask"] > 0, ["unit_of", "item", "year", "mask"]]


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _mask(letters: str) -> int:
    return sum(1 << month for month, letter in enumerate(letters) if letter == _MISSING)


def _touched(first: Any, last: Any) -> int:
    """The months that a period touches, a bit for each."""
    after = MONTHS if last.year > first.year else last.month - (1 if last.day == 1 else 0)
    return sum(1 << month for month in range(first.month - 1, after))


def _names(mask: int, year: int) -> frozenset[str]:
    return frozenset(f"{year}-{month + 1:02d}" for month in range(MONTHS) if mask >> month & 1)
