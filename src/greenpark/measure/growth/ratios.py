"""What a row would have given with the factor that the same method takes for another year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from greenpark.model.contents import ESTIMATED_FLOW

SIDES = {"next": 1, "before": -1}  # the years beside a year, and how far they are
_KEY = ["method", "gas", "carrier", "flow", "area"]


def factor_ratios(cells: pd.DataFrame, matches: pa.Table, shift: int) -> pd.DataFrame:
    """For each cell: ``ratio`` of the other year's rate to its own, and ``other``, the factor of that year.

    Parameters
    ----------
    cells
        method, gas, carrier, flow, area, year, factor, factor_value.
    matches
        The match table of both years: quantity, item, flow, area, year, method, gas, factor, rate.
    shift
        +1 for the factors of the next year, −1 for those of the year before.

    Returns
    -------
    DataFrame
        ``ratio`` (NaN where the other year has no factor, or where the rate of the row is zero and the other is not),
        ``other`` and ``other_value``, in the order of the cells.
    """
    rates = _rates(matches)
    own = rates.rename(columns={"factor_name": "factor", "rate": "factor_value"})
    later = rates.rename(columns={"factor_name": "other", "rate": "other_value"}).assign(year=rates["year"] - shift)
    pairs = own.merge(later, on=[*_KEY, "quantity", "year"], how="left")
    pairs["ratio"] = _ratio(pairs["other_value"], pairs["factor_value"])
    keys = [*_KEY, "year", "factor", "factor_value"]
    # Two quantities may share a rate (heat and amount never do): where they then part, nothing can be said.
    unique = pairs.groupby(keys, dropna=False).agg(
        ratio=("ratio", "min"), most=("ratio", "max"), known=("ratio", "count"), rows=("ratio", "size"),
        other=("other", "first"), other_value=("other_value", "first"),
    )  # fmt: skip
    unique["ratio"] = unique["ratio"].where((unique["ratio"] == unique["most"]) & (unique["known"] == unique["rows"]))
    joined = cells[keys].merge(unique.reset_index(), on=keys, how="left")
    return joined[["ratio", "other", "other_value"]].set_index(cells.index)


def _rates(matches: pa.Table) -> pd.DataFrame:
    names = ["quantity", "item", "flow", "area", "year", "method", "gas", "factor", "rate"]
    frame = matches.select(names).to_pandas().rename(columns={"item": "carrier", "factor": "factor_name"})
    frame["flow"] = frame["flow"].str.removeprefix(ESTIMATED_FLOW)
    words = ["quantity", "carrier", "flow", "area", "method", "gas", "factor_name"]
    frame[words] = frame[words].fillna("")
    known: pd.DataFrame = frame[frame["rate"].notna()].drop_duplicates()
    return known


def _ratio(other: pd.Series[float], own: pd.Series[float]) -> Any:
    left, right = other.to_numpy(dtype=float), own.to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = left / right
    found[(right == 0) & (left == 0)] = 1.0
    return np.where(np.isfinite(found), found, np.nan)
