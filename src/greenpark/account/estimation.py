"""What the park estimates where units did not report: rows of their own, marked estimated, never the unit's word.

Ratio imputation: a missing amount follows what is known of the same unit or of the units that responded.
Source: de Waal, Pannekoek, Scholtus, Handbook of Statistical Data Editing and Imputation (Wiley 2011), chapter 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.account.boundary import Boundary
from greenpark.account.completeness import ENERGY, MONTHS, member_months
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.model.findings import Finding
from greenpark.model.job import Estimation
from greenpark.model.numbers import rounded
from greenpark.model.tables import OBSERVATIONS

FILE = "estimates"  # where an estimated row says that it stands
_SERIES = ["entity", "carrier", "flow"]
_STATES = ("stock_open", "stock_close", "transfer")  # a state is not a flow, a delivery has two sides
_STATED = [*COUNTED, "declared_absent"]


@dataclass(frozen=True)
class Estimates:
    """Estimated observations (without batch), and what each rests on or why there is none."""

    observations: pa.Table
    findings: tuple[Finding, ...] = ()


@dataclass
class _Known:
    """Monthly amounts: an array of 12 for each series and year, NaN where no row covers the month."""

    amounts: dict[tuple[str, str, str, int], Any]
    units: Mapping[tuple[str, str, str], str]
    absent: frozenset[tuple[str, str, str, int]]
    due: dict[tuple[str, int], Any]
    industry: Mapping[str, str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def estimate(
    observations: Any, boundary: Boundary, industry: Mapping[str, str], years: tuple[int, ...], how: Estimation,
    engine: Engine,
) -> Estimates:  # fmt: skip
    """Rows for months and units without any, by the declared methods.

    Parameters
    ----------
    industry
        GB/T 4754 code of each unit; units are compared within its first two digits.
    years
        The years to fill; empty: every year with energy.

    Returns
    -------
    Estimates
        One row per missing month of a series that has other months, or per year of a unit that did not respond
        [unit of the carrier], status estimated, confidence low; a note for each series, and a warning where the
        method has too little to go by.
    """
    known = _read(observations, boundary, industry, engine)
    wanted = years or tuple(sorted({key[3] for key in known.amounts}))
    if how.missing_months:
        for key in sorted(known.amounts):
            if key[3] in wanted:
                _fill_months(known, key, how)
    if how.non_respondents:
        sizes = _sizes(observations, how.by, engine) if how.non_respondents == "industry_intensity" else {}
        heard = {(key[0], key[3]) for key in (*known.amounts, *known.absent)}
        for unit, year in sorted(set(known.due) - heard):
            if year in wanted:
                _fill_unit(known, unit, year, how, sizes)
    return Estimates(_table(known.rows), tuple(known.findings))


# ---------------------------------------------------------------- what is known
def _read(observations: Any, boundary: Boundary, industry: Mapping[str, str], engine: Engine) -> _Known:
    rows = observations.filter((observations.quantity == ENERGY) & observations.start.notnull())
    rows = rows.filter(
        rows.status.isin(_STATED) & rows.carrier.notnull() & ~rows.flow.fill_null("").isin(list(_STATES))
    )
    frame = engine.to_arrow(rows.select(*_SERIES, "start", "end", "value", "unit", "status")).to_pandas()
    frame["flow"] = frame["flow"].fillna("")
    frame = frame.sort_values([*_SERIES, "start", "end", "value"], ignore_index=True)
    amounts: dict[tuple[str, str, str, int], Any] = {}
    absent: set[tuple[str, str, str, int]] = set()
    for row in frame.itertuples(index=False):
        key = (row.entity, row.carrier, row.flow, row.start.year)
        if row.status == "declared_absent":
            absent.add(key)
        elif not pd.isna(row.value):
            _add_months(amounts.setdefault(key, np.full(MONTHS, np.nan)), row)
    years = sorted({key[3] for key in amounts})
    units = boundary.units.select(["entity", "kind", "since", "until"]).to_pandas()
    units = units[units["kind"] == "unit"]
    due: dict[tuple[str, int], Any] = {}
    for year in years:
        bits = member_months(units["since"], units["until"], np.full(len(units), year, dtype=np.int64))
        inside = (bits[:, None] >> np.arange(MONTHS)) & 1 == 1
        due |= {(unit, year): each for unit, each in zip(units["entity"], inside, strict=True) if each.any()}
    named = frame.drop_duplicates(_SERIES)
    spelled = {(row.entity, row.carrier, row.flow): row.unit for row in named.itertuples(index=False)}
    return _Known(amounts, spelled, frozenset(absent), due, {unit: code[:2] for unit, code in industry.items()})


def _add_months(months: Any, row: Any) -> None:
    """Spread a row evenly over the months of its year that it touches."""
    last = MONTHS if row.end.year > row.start.year else row.end.month - (1 if row.end.day == 1 else 0)
    touched = slice(row.start.month - 1, last)
    share = row.value / max(last - row.start.month + 1, 1)
    months[touched] = np.where(np.isnan(months[touched]), 0.0, months[touched]) + share


def _sizes(observations: Any, by: str, engine: Engine) -> dict[tuple[str, int], float]:
    """The quantity `by` of each unit and year."""
    rows = observations.filter((observations.quantity == by) & observations.status.isin(COUNTED))
    rows = rows.filter(rows.value.notnull() & rows.start.notnull()).select("entity", "start", "value")
    frame = engine.to_arrow(rows).to_pandas().sort_values(["entity", "start", "value"])
    found: dict[tuple[str, int], float] = {}
    for row in frame.itertuples(index=False):
        found[row.entity, row.start.year] = found.get((row.entity, row.start.year), 0.0) + row.value
    return found


# ---------------------------------------------------------------- months
def _fill_months(known: _Known, key: tuple[str, str, str, int], how: Estimation) -> None:
    unit, carrier, flow, year = key
    months = known.amounts[key]
    missing = np.isnan(months) & known.due.get((unit, year), np.zeros(MONTHS, dtype=bool))
    if not missing.any() or key in known.absent:
        return
    values, method = np.full(MONTHS, np.nanmean(months)), "mean_of_months"
    before = known.amounts.get((unit, carrier, flow, year - 1))
    if how.missing_months == "same_month_last_year" and before is not None:
        both = ~np.isnan(months) & ~np.isnan(before)
        if both.any() and before[both].sum() > 0 and not np.isnan(before[missing]).any():
            values, method = before * (months[both].sum() / before[both].sum()), "same_month_last_year"
    for month in np.flatnonzero(missing):
        first = date(year, month + 1, 1)
        after = date(year + (month == MONTHS - 1), (month + 1) % MONTHS + 1, 1)
        _add_row(known, key, first, after, float(values[month]), method)
    _note(known, key, method, int(missing.sum()), float(values[missing].sum()))


# ---------------------------------------------------------------- units
def _fill_unit(known: _Known, unit: str, year: int, how: Estimation, sizes: Mapping[tuple[str, int], float]) -> None:
    """The year of a unit that reported no energy."""
    found = (
        _by_last_year(known, unit, year, how) if how.non_respondents == "last_year_growth"
        else _by_intensity(known, unit, year, how, sizes)
    )  # fmt: skip
    if not found:
        values: dict[str, object] = {"year": year, "least": how.least_respondents}
        known.findings.append(Finding("warning", "account", "not_estimated", "account.not_estimated", values, unit))
        return
    months = known.due[unit, year]
    share = months.sum() / MONTHS
    first, last = int(np.flatnonzero(months)[0]), int(np.flatnonzero(months)[-1])
    start = date(year, first + 1, 1)
    end = date(year + (last == MONTHS - 1), (last + 1) % MONTHS + 1, 1)
    for (carrier, flow), amount in sorted(found.items()):
        key = (unit, carrier, flow, year)
        _add_row(known, key, start, end, amount * share, how.non_respondents)
        _note(known, key, how.non_respondents, int(months.sum()), amount * share)


def _respondents(known: _Known, unit: str, years: tuple[int, ...]) -> list[str]:
    """The other units of the same industry that reported energy in all of these years."""
    industry = known.industry.get(unit, "")
    if not industry:  # a unit of no known industry is like no other
        return []
    heard = [{key[0] for key in known.amounts if key[3] == year} for year in years]
    peers = set.intersection(*heard) if heard else set()
    return sorted(peer for peer in peers if peer != unit and known.industry.get(peer, "") == industry)


def _by_last_year(known: _Known, unit: str, year: int, how: Estimation) -> dict[tuple[str, str], float]:
    """Last year's series of the unit times the change of the industry's total of the same carrier and flow.

    The change is that of the months that a respondent has in both years, and the unit's own last year is twelve times
    the mean of its months: what is missing there is no fall in use.
    """
    peers = _respondents(known, unit, (year - 1, year))
    if len(peers) < how.least_respondents:
        return {}
    found = {}
    for own, carrier, flow, when in sorted(known.amounts):
        if own == unit and when == year - 1:
            now, then = _in_both_years(known, peers, carrier, flow, year)
            if then > 0:
                last_year = MONTHS * float(np.nanmean(known.amounts[own, carrier, flow, when]))
                found[carrier, flow] = last_year * now / then
    return found


def _in_both_years(known: _Known, units: list[str], carrier: str, flow: str, year: int) -> tuple[float, float]:
    """What units used this year and last, over the months that each has in both.

    A series that ended or began counts with its months of the one year where the other has none.
    """
    now = then = 0.0
    for unit in units:
        this, last = (known.amounts.get((unit, carrier, flow, each)) for each in (year, year - 1))
        if this is not None and last is not None:
            both = ~np.isnan(this) & ~np.isnan(last)
            this, last = this[both], last[both]
        now += 0.0 if this is None else float(np.nansum(this))
        then += 0.0 if last is None else float(np.nansum(last))
    return now, then


def _by_intensity(
    known: _Known, unit: str, year: int, how: Estimation, sizes: Mapping[tuple[str, int], float]
) -> dict[tuple[str, str], float]:
    """The industry's amount per unit of the size, times the size of the unit."""
    peers = [peer for peer in _respondents(known, unit, (year,)) if (peer, year) in sizes]
    size = sum(sizes[peer, year] for peer in peers)
    if len(peers) < how.least_respondents or size <= 0 or (unit, year) not in sizes:
        return {}
    series = sorted({(c, f) for u, c, f, when in known.amounts if u in set(peers) and when == year})
    return {each: _total(known, peers, *each, year) / size * sizes[unit, year] for each in series}


def _total(known: _Known, units: list[str], carrier: str, flow: str, year: int) -> float:
    """What units used in the months of the year in which they are due; a missing month is like the mean of the others."""
    total = 0.0
    for unit in units:
        part, due = known.amounts.get((unit, carrier, flow, year)), known.due.get((unit, year))
        if part is not None:
            total += float(np.nanmean(part)) * (MONTHS if due is None else int(due.sum()))
    return total


# ---------------------------------------------------------------- rows
def _add_row(known: _Known, key: tuple[str, str, str, int], start: date, end: date, value: float, method: str) -> None:
    unit, carrier, flow, year = key
    amount = rounded(float(value))
    spelled = known.units.get((unit, carrier, flow)) or _unit_of(known, carrier)
    known.rows.append(
        {
            "line": len(known.rows) + 1, "entity": unit, "quantity": ENERGY, "carrier": carrier, "flow": flow or None,
            "counterparty": None, "start": start, "end": end, "value": amount, "unit": spelled, "reported_value": str(amount),
            "reported_unit": None, "coverage": "boundary", "status": "estimated", "notation": None,
            "confidence": "low", "file": FILE, "sheet": method, "cell": str(year),
        }
    )  # fmt: skip


def _unit_of(known: _Known, carrier: str) -> str:
    return next(unit for (_, other, _), unit in sorted(known.units.items()) if other == carrier)


def _note(known: _Known, key: tuple[str, str, str, int], method: str, months: int, amount: float) -> None:
    unit, carrier, flow, year = key
    values: dict[str, object] = {
        "carrier": carrier, "flow": flow, "year": year, "months": months, "amount": rounded(float(amount)),
        "unit": known.units.get((unit, carrier, flow)) or _unit_of(known, carrier),
    }  # fmt: skip
    message = f"account.estimated_{method}"
    known.findings.append(Finding("note", "account", "estimated", message, values, unit, carrier))


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    schema = arrow_schema(OBSERVATIONS)
    return pa.Table.from_pylist(rows, schema=schema.remove(schema.get_field_index("batch")))
