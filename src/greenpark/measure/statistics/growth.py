"""Growth of series, nominal and with prices taken out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from greenpark.measure.growth.arithmetic import comparable_growth, growth_of
from greenpark.model.time import Period

_SERIES = {"group": pa.string(), "start": pa.date32(), "end": pa.date32()}


def grow(series: pa.Table, price_indices: pa.Table | None = None) -> pa.Table:
    """Growth of each period against the same period of the year before.

    Parameters
    ----------
    price_indices
        Columns ``start``, ``end``, ``index``: prices of the period with those of the year before as 100 (上年=100).

    Returns
    -------
    pa.Table
        ``group``, ``start``, ``end``, ``value``, ``base``, ``growth`` (nominal) and ``growth_comparable``: value ÷ price
        index ÷ base − 1, empty where no index is known.
    """
    rows = series.to_pylist()
    held = {(row["group"], row["start"], row["end"]): row["value"] for row in rows}
    prices = {(row["start"], row["end"]): row["index"] for row in (price_indices.to_pylist() if price_indices else ())}
    found = []
    for row in sorted(rows, key=_order):
        before = Period(row["start"], row["end"]).shifted(-1)
        base = held.get((row["group"], before.start, before.end))
        index = prices.get((row["start"], row["end"]))
        ratio = None if index is None else index / 100
        own = {name: row[name] for name in ("group", "start", "end", "value")}
        growths = {
            "growth": growth_of(row["value"], base),
            "growth_comparable": comparable_growth(row["value"], base, ratio),
        }
        found.append({**own, "base": base, **growths})
    numbers = dict.fromkeys(("value", "base", "growth", "growth_comparable"), pa.float64())
    return pa.Table.from_pylist(found, schema=pa.schema(_SERIES | numbers))


def deflate(series: pa.Table, price_indices: pa.Table) -> pa.Table:
    """The series in the prices of its first year: levels chained by the growth at comparable prices.

    A period without a price index, or without the year before it, ends the chain: it and what follows are empty.
    """
    grown = grow(series, price_indices).to_pylist()
    level: dict[tuple[str, date], float | None] = {}
    first = {row["group"]: row["start"].year for row in reversed(grown)}
    found = []
    for row in grown:
        before = Period(row["start"], row["end"]).shifted(-1)
        base, rate = level.get((row["group"], before.start)), row["growth_comparable"]
        linked = None if base is None or rate is None else base * (1 + rate)
        value = row["value"] if row["start"].year == first[row["group"]] else linked
        level[row["group"], row["start"]] = value
        found.append({**{name: row[name] for name in _SERIES}, "value": value})
    return pa.Table.from_pylist(found, schema=pa.schema(_SERIES | {"value": pa.float64()}))


def link(segments: pa.Table) -> pa.Table:
    """One series of growth from segments in the prices of different base years (2015, 2020, 2025).

    Parameters
    ----------
    segments
        Also ``base_year``. At a turn the year stands in both segments: in the old prices it grows against the year
        before, in the new prices the next year grows against it. Levels of two base years are never compared.

    Returns
    -------
    pa.Table
        ``group``, ``start``, ``end``, ``growth`` and ``index``, the chained level with the first period as 100.
    """
    held: dict[tuple[str, int, date, date], float] = {}
    for row in segments.to_pylist():
        if row["value"] is not None:
            held[row["group"], row["base_year"], row["start"], row["end"]] = row["value"]
    growths: dict[tuple[str, date, date], float | None] = {}
    # The newest base year that knows both years speaks last.
    for (group, base_year, start, end), value in sorted(held.items(), key=lambda each: each[0]):
        before = Period(start, end).shifted(-1)
        rate = growth_of(value, held.get((group, base_year, before.start, before.end)))
        if rate is not None or (group, start, end) not in growths:
            growths[group, start, end] = rate
    index: dict[tuple[str, date], float | None] = {}
    begun: set[str] = set()
    found: list[dict[str, Any]] = []
    for (group, start, end), rate in sorted(growths.items(), key=lambda each: each[0]):
        base = index.get((group, Period(start, end).shifted(-1).start))
        level = base * (1 + rate) if base is not None and rate is not None else None
        index[group, start] = 100.0 if group not in begun else level
        begun.add(group)
        found.append({"group": group, "start": start, "end": end, "growth": rate, "index": index[group, start]})
    numbers = {"growth": pa.float64(), "index": pa.float64()}
    return pa.Table.from_pylist(found, schema=pa.schema(_SERIES | numbers))


def elasticity(growth: float | None, of: float | None) -> float | None:
    """Growth of one thing by that of another (能源消费弹性系数); None, printed as "-", where undefined or negative."""
    if growth is None or of is None or of == 0 or growth / of < 0:
        return None
    return growth / of


def _order(row: dict[str, Any]) -> tuple[str, date, date]:
    return row["group"], row["start"], row["end"]
