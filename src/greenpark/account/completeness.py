"""How complete the data of each unit, carrier and year are, and up to which day they reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from greenpark.account.boundary import Boundary
from greenpark.engine.connect import Engine
from greenpark.engine.coverage import gather

MONTHS = 12
ENERGY = "energy.amount"
_CLASSES = {"reported": "present", "corrected": "present", "estimated": "estimated", "declared_absent": "absent"}
LETTERS = {"present": "r", "estimated": "e", "absent": "a", "missing": "m"}
_KEY = ["entity", "carrier", "year"]
SCHEMA = pa.schema(
    [
        ("entity", pa.string()), ("quantity", pa.string()), ("carrier", pa.string()), ("start", pa.date32()),
        ("end", pa.date32()), ("expected", pa.int64()), ("present", pa.int64()), ("estimated", pa.int64()),
        ("absent", pa.int64()), ("missing", pa.int64()), ("notation", pa.string()), ("months", pa.string()), ("last_day", pa.date32()),
    ]
)  # fmt: skip

Masks = npt.NDArray[np.int64]


def count_months(observations: Any, boundary: Boundary, years: Sequence[int], engine: Engine) -> pa.Table:
    """Months due, reported, estimated, declared absent and missing of each unit, energy carrier and year.

    A carrier that a unit reports in any year is due in every year, for the months in which the unit belonged to the
    park; several flows of one carrier fill its months together. A unit without any energy in a year has one row with
    an empty carrier: it did not respond. Doubtful rows fill nothing.

    Parameters
    ----------
    years
        The years that are due; empty: those in which any energy is reported.

    Returns
    -------
    pyarrow.Table
        entity, quantity, carrier, start, end [of the year], expected, present, estimated, absent, missing [months],
        notation (of what is declared absent), months (a letter for each: r reported, e estimated, a absent, m missing,
        - not due), last_day (of the data of that carrier and year).
    """
    found = engine.to_arrow(_masks(observations)).to_pandas()
    found = found[found["class"].notna()]
    found["notation"] = found["notation"].fillna("")  # months with numbers have none beside those declared absent
    due = tuple(years) or tuple(sorted({int(year) for year in found["year"]}))
    units = boundary.units.select(["entity", "kind", "since", "until"]).to_pandas()
    units = units[units["kind"].isin(["unit", "unregistered"])]
    wide = found.pivot_table(index=_KEY, columns="class", values="mask", aggfunc="first").reset_index()
    more = found.groupby(_KEY, as_index=False).agg(last=("last", "max"), notation=("notation", "max"))
    rows = _due(found, units, due).merge(wide, on=_KEY, how="left").merge(more, on=_KEY, how="left")
    return _table(rows.sort_values(["entity", "year", "carrier"], ignore_index=True))


def _masks(observations: Any) -> Any:
    """entity, carrier, year, class, mask (a bit for each month that rows of this class touch), last, notation."""
    rows = observations.filter((observations.quantity == ENERGY) & observations.start.notnull())
    year = rows.start.year().cast("int64")
    first = rows.start.month().cast("int64") - 1
    into = rows.end.month().cast("int64") - ibis.ifelse(rows.end.day() > 1, 0, 1)
    last = ibis.ifelse(rows.end.year() > rows.start.year(), MONTHS, into)
    two = ibis.literal(2.0)
    cases = [(rows.status == status, word) for status, word in _CLASSES.items()]
    rows = rows.mutate(
        carrier=rows.carrier.fill_null(""), year=year, bits=(two**last - two**first).cast("int64"),
        **{"class": ibis.cases(*cases, else_=ibis.null("string"))},
    )  # fmt: skip
    return rows.group_by([*_KEY, "class"]).aggregate(
        mask=gather(rows.bits), last=rows.end.max(), notation=rows.notation.min()
    )


def _due(found: pd.DataFrame, units: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """entity, carrier, year and the months due (a bit each) of every series, and of units without any."""
    grid = pd.DataFrame({"year": np.array(years, dtype=np.int64)})
    pairs = found.loc[found["year"].isin(years), ["entity", "carrier"]].drop_duplicates()
    series = pairs[pairs["entity"].isin(units["entity"])].merge(grid, how="cross")
    silent = units[["entity"]].merge(grid, how="cross")
    heard = found[["entity", "year"]].drop_duplicates().assign(heard=True)
    silent = silent.merge(heard, on=["entity", "year"], how="left")
    silent = silent[silent["heard"].isna()][["entity", "year"]].assign(carrier="")
    rows = pd.concat([series, silent], ignore_index=True).drop_duplicates(_KEY)
    rows = rows.merge(units[["entity", "since", "until"]], on="entity", how="left")
    rows["due"] = member_months(rows["since"], rows["until"], rows["year"].to_numpy(np.int64))
    return rows[rows["due"] > 0]


def member_months(since: pd.Series[Any], until: pd.Series[Any], year: Masks) -> Masks:
    """The months of each year that a membership touches, a bit for each."""
    low = np.array([(day.year * MONTHS + day.month - 1) for day in since], dtype=np.int64) - year * MONTHS
    # The month of the last day inside: one that ends on the first of a month does not touch it.
    high = np.array([_months_until(day) for day in until], dtype=np.int64) - year * MONTHS
    low, high = np.clip(low, 0, MONTHS), np.clip(high, 0, MONTHS)
    return np.where(high > low, (1 << high) - (1 << np.minimum(low, high)), 0)


def _months_until(day: date) -> int:
    return day.year * MONTHS + day.month - (1 if day.day == 1 else 0)


def _table(rows: pd.DataFrame) -> pa.Table:
    due = rows["due"].to_numpy(np.int64)
    mask = {name: _bits(rows, name) for name in ("present", "estimated", "absent")}
    estimated = mask["estimated"] & ~mask["present"]
    absent = mask["absent"] & ~mask["present"] & ~mask["estimated"]
    counts = {
        "expected": due, "present": mask["present"] & due, "estimated": estimated & due, "absent": absent & due,
        "missing": due & ~(mask["present"] | estimated | absent),
    }  # fmt: skip
    years = rows["year"].to_numpy(np.int64)
    notation = rows["notation"].where(absent > 0, None)
    columns = {
        "entity": pa.array(rows["entity"], pa.string()),
        "quantity": pa.array([ENERGY] * len(rows), pa.string()),
        "carrier": pa.array(rows["carrier"], pa.string()),
        "start": pa.array([date(year, 1, 1) for year in years], pa.date32()),
        "end": pa.array([date(year + 1, 1, 1) for year in years], pa.date32()),
        **{name: pa.array(np.bitwise_count(bits).astype(np.int64)) for name, bits in counts.items()},
        "notation": pa.array([each if isinstance(each, str) and each else None for each in notation], pa.string()),
        "months": _letters(counts),
        "last_day": _day_before(rows["last"]),
    }
    return pa.table(columns, schema=SCHEMA)


def _letters(counts: Mapping[str, Masks]) -> pa.Array:
    """The months of each row from January to December, a letter for each."""
    due = counts["expected"]
    letters = np.full((len(due), MONTHS), "-", dtype="U1")
    month = np.arange(MONTHS)
    for name, letter in LETTERS.items():
        letters[(counts[name][:, None] >> month) & 1 == 1] = letter
    return pa.array(letters.view(f"U{MONTHS}").reshape(len(due)).tolist(), pa.string())


def _bits(rows: pd.DataFrame, name: str) -> Masks:
    if name not in rows:
        return np.zeros(len(rows), dtype=np.int64)
    return rows[name].fillna(0).to_numpy().astype(np.int64)


def _day_before(ends: pd.Series[Any]) -> pa.Array:
    days = [None if pd.isna(day) else pd.Timestamp(day).date() - pd.Timedelta(days=1) for day in ends]
    return pa.array(days, pa.date32())
