"""The quarterly sheet: where the year stands against last year and the plan, and what the rest of it must bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from greenpark.engine.shape import Arrow, arrow_rows
from greenpark.engine.units import UnitError, Units
from greenpark.model.confidence import RANK
from greenpark.model.findings import Finding
from greenpark.model.numbers import rounded
from greenpark.model.steering import QUARTERLY, LightRule, PlanLine
from greenpark.model.time import Period

_STAGE = "monitor"
_QUARTERS, _MONTHS = 4, 3
_WHOLE_YEAR = 0  # in place of the number of a quarter: what is known of the year alone
_WORDS = {rank: word for word, rank in RANK.items()}
Row = dict[str, Any]
Key = tuple[str, str, str]  # entity, quantity, variant


@dataclass(frozen=True)
class Quarter:
    """One quarter of one quantity: its value, unit, months with data, and whether something is missing in it."""

    value: float | None
    unit: str
    months: frozenset[str]
    unmatched: int
    rank: int


@dataclass(frozen=True)
class Known:
    """The quarters of each entity, quantity and variant, by year and number (1 to 4; 0: known of the year alone)."""

    quarters: Mapping[Key, Mapping[tuple[int, int], Quarter]]
    units: Units

    def so_far(self, key: Key, year: int, quarter: int, unit: str) -> Quarter:
        """The first quarters of a year together, in ``unit``; no value where one of them has none."""
        return self._together(key, year, range(1, quarter + 1), unit)

    def rest(self, key: Key, year: int, quarter: int, unit: str) -> Quarter:
        """The quarters after one."""
        return self._together(key, year, range(quarter + 1, _QUARTERS + 1), unit)

    def yearly_share(self, key: Key, year: int, unit: str) -> float:
        """The share of a year that is reported for the whole year only, 0 to 1."""
        apart = self._together(key, year, (_WHOLE_YEAR,), unit).value or 0.0
        quarters = self.so_far(key, year, _QUARTERS, unit).value or 0.0
        whole = abs(apart) + abs(quarters)
        return abs(apart) / whole if whole else 0.0

    def _together(self, key: Key, year: int, numbers: Iterable[int], unit: str) -> Quarter:
        known = self.quarters.get(key, {})
        parts = [known[(year, number)] for number in numbers if (year, number) in known]
        values = [self._in_unit(part, unit) for part in parts]
        present = [value for value in values if value is not None]
        return Quarter(
            sum(present) if present and len(present) == len(values) else None, unit,
            frozenset().union(*(part.months for part in parts)), sum(part.unmatched for part in parts),
            min((part.rank for part in parts), default=0),
        )  # fmt: skip

    def _in_unit(self, part: Quarter, unit: str) -> float | None:
        if part.value is None or part.unit == unit:
            return part.value
        try:
            return part.value * self.units.multiplier(part.unit, unit)
        except UnitError:
            return None


def quarterly_sheet(totals: Arrow, plan: Sequence[PlanLine], rule: LightRule, units: Units) -> Arrow:
    """The table ``quarterly`` without its run: one row per quantity and quarter that has data.

    Parameters
    ----------
    totals
        Totals of single quarters (`greenpark.account.quarters`).
    plan
        Plan lines with their entity filled in. One without a variant holds for every variant of its quantity.
    """
    known = _known(totals, units)
    rows: list[Row] = []
    for key, quarters in sorted(known.quarters.items()):
        for year, quarter in sorted(place for place in quarters if place[1]):
            lines = [each for each in plan if each.year == year and not each.over and _is_of(each, key)]
            rows += [_row(key, year, quarter, line, known, rule) for line in lines]
            rows += [] if lines else [_row(key, year, quarter, None, known, rule)]
    for line in (each for each in plan if each.over):
        rows += _ratio_rows(line, known, rule)
    return arrow_rows(sorted(rows, key=lambda row: tuple(str(row[name]) for name in QUARTERLY.key[1:])), QUARTERLY)


def quarterly_findings(sheet: Arrow) -> tuple[Finding, ...]:
    """A finding for each plan line that is red or amber, or cannot be judged, in its newest quarter."""
    newest: dict[tuple[str, ...], Row] = {}
    for row in sheet.to_pylist():
        if row["goal"] is not None:
            newest[tuple(row[name] for name in ("entity", "quantity", "over", "variant"))] = row
    found = []
    for row in newest.values():
        if row["light"] == "green":
            continue
        severity, message = _SAID[row["light"]]
        values: dict[str, object] = {
            "quantity": row["quantity"], "period": str(Period(row["start"], row["end"])), "missing": row["missing"] or "",
            "miss": "" if row["miss"] is None else f"{100 * row['miss']:.1f}", "rule": row["rule"],
        }  # fmt: skip
        found.append(
            Finding(
                severity, _STAGE, "quarterly", message, values, row["entity"], row["quantity"], row["start"], row["end"]
            )
        )
    return tuple(found)


_SAID: Mapping[str, tuple[Any, str]] = {
    "red": ("warning", "monitor.quarter_red"),
    "amber": ("note", "monitor.quarter_amber"),
    "none": ("note", "monitor.quarter_no_light"),
}


def _known(totals: Arrow, units: Units) -> Known:
    found: dict[Key, dict[tuple[int, int], Quarter]] = {}
    for row in totals.to_pylist():
        key = (row["entity"], row["quantity"], row["variant"])
        is_quarter = Period(row["start"], row["end"]).months == _MONTHS
        place = (row["start"].year, (row["start"].month + 2) // _MONTHS if is_quarter else _WHOLE_YEAR)
        months = frozenset(filter(None, row["months"].split("+")))
        found.setdefault(key, {})[place] = Quarter(row["value"], row["unit"], months, row["unmatched"], row["rank"])
    return Known(found, units)


def _is_of(line: PlanLine, key: Key) -> bool:
    return line.entity == key[0] and line.quantity == key[1] and line.variant in ("", key[2])


def _row(key: Key, year: int, quarter: int, line: PlanLine | None, known: Known, rule: LightRule) -> Row:
    unit = line.unit if line else known.quarters[key][(year, quarter)].unit
    now, before = (known.so_far(key, each, quarter, unit) for each in (year, year - 1))
    row = _head(key, "", year, quarter, now, before, unit, rule)
    row["yearly_share"] = rounded(max(known.yearly_share(key, each, unit) for each in (year, year - 1)))
    if line is None:
        return _judged(row, now, rule)
    whole = known.so_far(key, year - 1, _QUARTERS, unit)
    share, split = _share(quarter, line, before.value, whole, _missing(whole, year - 1, _QUARTERS))
    by_quarters = line.goal * (1 - known.yearly_share(key, year - 1, unit))
    row |= {"goal": line.goal, "operator": line.operator, "source": line.source, "split": split}
    row["plan"] = rounded(by_quarters * share)
    if now.value is not None and not row["missing"]:
        rest, last_rest = by_quarters - now.value, known.rest(key, year - 1, quarter, unit)
        row["rest"] = rounded(rest)
        if last_rest.value and not _missing(last_rest, year - 1, _QUARTERS, quarter + 1):
            row["pace_needed"] = rounded(rest / last_rest.value - 1)
    return _judged(row, now, rule)


def _share(quarter: int, line: PlanLine, so_far: float | None, whole: Quarter, missing: list[str]) -> tuple[float, str]:
    """Which part of the year's goal belongs to its first quarters: last year's, where that is complete."""
    if line.split == "last_year" and so_far is not None and whole.value and whole.value > 0 and not missing:
        return so_far / whole.value, "last_year"
    return quarter / _QUARTERS, "even"


def _ratio_rows(line: PlanLine, known: Known, rule: LightRule) -> list[Row]:
    """A ratio of two cumulated quantities; its plan line is the goal itself."""
    rows = []
    for key, quarters in sorted(known.quarters.items()):
        if not _is_of(line, key):
            continue
        below = (key[0], line.over, "")
        for year, quarter in sorted(quarters):
            if year != line.year or quarter == _WHOLE_YEAR:
                continue
            now, before = (_ratio(key, below, each, quarter, line.unit, known) for each in (year, year - 1))
            row = _head(key, line.over, year, quarter, now, before, line.unit, rule)
            row |= {
                "goal": line.goal,
                "plan": line.goal,
                "operator": line.operator,
                "source": line.source,
                "split": "whole",
            }
            rows.append(_judged(row, now, rule))
    return rows


def _ratio(above: Key, below: Key, year: int, quarter: int, unit: str, known: Known) -> Quarter:
    parts = [known.quarters.get(each, {}).get((year, quarter)) for each in (above, below)]
    if parts[0] is None or parts[1] is None:
        return Quarter(None, unit, frozenset(), 0, 0)
    upper = known.so_far(above, year, quarter, parts[0].unit)
    lower = known.so_far(below, year, quarter, parts[1].unit)
    try:
        scale: float | None = known.units.multiplier(f"{upper.unit}/{lower.unit}", unit)
    except UnitError:
        scale = None
    value = upper.value / lower.value * scale if scale and upper.value is not None and lower.value else None
    months = upper.months & lower.months
    return Quarter(value, unit, months, upper.unmatched + lower.unmatched, min(upper.rank, lower.rank))


def _head(
    key: Key, over: str, year: int, quarter: int, now: Quarter, before: Quarter, unit: str, rule: LightRule
) -> Row:
    missing, last_missing = _missing(now, year, quarter), _missing(before, year - 1, quarter)
    row: Row = {"entity": key[0], "quantity": key[1], "variant": key[2], "over": over, "unit": unit, "rule": rule.id}
    period = Period(Period.year(year).start, Period.parse(f"{year}-Q{quarter}").end)
    row |= {"start": period.start, "end": period.end, "value": _shown(now.value), "last_value": _shown(before.value)}
    row |= {"missing": "+".join(missing) or None, "last_missing": "+".join(last_missing) or None}
    complete = not missing and not last_missing
    row["growth"] = None
    if complete and now.value is not None and before.value is not None and before.value > 0:
        row["growth"] = rounded(now.value / before.value - 1)
    row["confidence"] = _WORDS[now.rank]
    return row


def _judged(row: Row, now: Quarter, rule: LightRule) -> Row:
    row["status"] = "not_evaluable" if row["value"] is None else "ok"
    row["light"] = "none"
    incomplete = bool(row["missing"] or now.unmatched)
    if row["value"] is not None and (incomplete or row.get("yearly_share")):
        row["status"] = "partial"
    if row.get("plan") is None or row["value"] is None or incomplete or row["plan"] <= 0:
        return row
    miss = row["value"] / row["plan"] - 1
    row["miss"] = rounded(miss if row["operator"] == "<=" else -miss)
    row["light"] = "green" if row["miss"] <= rule.green else "amber" if row["miss"] <= rule.amber else "red"
    return row


def _missing(found: Quarter, year: int, quarter: int, first: int = 1) -> list[str]:
    expected = [f"{year}-{month:02d}" for month in range(first * _MONTHS - 2, quarter * _MONTHS + 1)]
    return [month for month in expected if month not in found.months]


def _shown(value: float | None) -> float | None:
    return None if value is None else rounded(value)
