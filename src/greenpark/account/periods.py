"""Rows of any period become rows of the calendar year that holds them."""

from __future__ import annotations

from typing import Any

import ibis


def to_years(rows: Any) -> Any:
    """The same rows with start and end of their calendar year; a period that leaves its year keeps its own ends."""
    first = rows.start.truncate("Y").cast("date")
    next_first = (first + ibis.interval(years=1)).cast("date")
    inside = rows.end <= next_first
    return rows.mutate(
        start=ibis.ifelse(inside, first, rows.start),
        end=ibis.ifelse(inside, next_first, rows.end),
    )


def to_months(rows: Any) -> Any:
    """The rows whose period is exactly one calendar month."""
    first = rows.start.truncate("M").cast("date")
    return rows.filter((rows.start == first) & (rows.end == (first + ibis.interval(months=1)).cast("date")))
