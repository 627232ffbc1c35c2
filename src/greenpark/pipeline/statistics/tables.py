"""The statistics of what was read: growth, single periods, shares, ratios with their distribution, league tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from greenpark.measure.statistics import flag_breaks, grow, percentage_points, shares, single_periods
from greenpark.model.confidence import least
from greenpark.model.job import UNSAID, JobError
from greenpark.model.numbers import rounded
from greenpark.model.statistics import Asked
from greenpark.model.text import Text
from greenpark.model.time import Period
from greenpark.pipeline.statistics.cells import (
    Cells,
    entity_name,
    head,
    marks,
    number,
    pair_of_texts,
    percent,
    vintage_name,
)
from greenpark.pipeline.statistics.pairs import FEW, league, level_of, ratios
from greenpark.pipeline.statistics.reading import Read, Row, key_of, parts_of
from greenpark.publish.naming import plain
from greenpark.publish.shown import number_of
from greenpark.publish.statistics import Statistics, StatTable


def statistics_of(read: Read, asked: Asked) -> Statistics:
    """All tables that what was read allows.

    Raises
    ------
    JobError
        When a pair or period is asked for that does not exist.
    """
    level = level_of(read, asked)
    shown = [row for row in read.series if not read.members or row["entity"] in {read.boundary, *level}]
    tables = (
        _growth(read, shown), _single(read, shown), _shares(read, asked, level), ratios(read, asked, level),
        league(read, asked, level),
    )  # fmt: skip
    say = read.names.say
    remarks = [say("statistics.internal")] if read.members else []
    remarks += [say("publish.invented_note")] if read.invented else []
    low = any(row["confidence"] == "low" for row in read.series)
    remarks += [say("statistics.provisional")] if low else []
    return Statistics(read.title, tuple(remarks), tuple(table for table in tables if table.rows), read.findings)


# ---------------------------------------------------------------- growth
def _growth(read: Read, rows: Sequence[Row]) -> StatTable:
    grown = grow(_grouped(rows)).to_pylist()
    broken = {
        (row["group"], row["start"], row["end"]): row["breaks"] for row in flag_breaks(_grouped(rows, True)).to_pylist()
    }
    by_key = {(_group(row), row["start"], row["end"]): row for row in rows}
    lines = []
    for each in grown:
        row = by_key[each["group"], each["start"], each["end"]]
        known = read.comparable.get(key_of(row))
        before = Period(row["start"], row["end"]).shifted(-1)
        base = by_key.get((each["group"], before.start, before.end))
        confidence = least([row["confidence"]] + ([base["confidence"]] if base else []))
        lines.append(
            head(read, row)
            | {
                "value": number(read, row, row["value"]),
                "base": number(read, row, each["base"]),
                "growth": percent(each["growth"]),
                "growth_comparable": percent(known.growth if known else None),
                "how": known.how if known else plain(""),
                "breaks": read.names.words("statistics_break", broken[each["group"], each["start"], each["end"]]),
                **marks(read, row, confidence),
            }
        )
    columns = (
        "quantity", "entity", "variant", "period", "value", "unit", "base", "growth", "growth_comparable", "how", "breaks",
        "status", "confidence", "vintage", "source", "place",
    )  # fmt: skip
    return StatTable("growth", columns, _boundary_first(read, lines))


def _boundary_first(read: Read, lines: Sequence[Cells]) -> tuple[Cells, ...]:
    """The lines of the boundary before those of its members."""
    top = entity_name(read, read.boundary)
    return tuple(sorted(lines, key=lambda line: line["entity"] != top)) if read.boundary else tuple(lines)


def _grouped(rows: Iterable[Row], grounds: bool = False) -> pa.Table:
    """Rows as measure takes them: a series is a group."""
    names = ("start", "end", "value", *(("coverage", "boundary", "method", "vintage") if grounds else ()))
    made = [{"group": _group(row), **{name: row[name] for name in names}} for row in rows]
    for row in made:  # as printed, so that the last bits of a sum are no growth
        row["value"] = None if row["value"] is None else rounded(row["value"])
    kinds = {"group": pa.string(), "start": pa.date32(), "end": pa.date32(), "value": pa.float64()}
    return pa.Table.from_pylist(made, schema=pa.schema(kinds | {name: pa.string() for name in names[3:]}))


def _group(row: Mapping[str, Any]) -> str:
    return "\x1f".join(row[name] for name in ("entity", "quantity", "item", "variant"))


# ---------------------------------------------------------------- single periods
def _single(read: Read, rows: Sequence[Row]) -> StatTable:
    """What each month or quarter adds to values that are reported since the first of January."""
    runs: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in rows:
        if (row["start"].month, row["start"].day) == (1, 1) and read.is_flow(row["quantity"], row["unit"]):
            runs[_group(row), row["start"].year].append(row)
    kept = [row for run in runs.values() if len(run) >= FEW for row in run]
    ends = {(_group(row), row["end"]): row for row in kept}
    lines = []
    signed = {_group(row) for row in kept if _may_fall(read, row["quantity"])}
    parts = [(each, group in signed) for each in kept if (group := _group(each))]
    for may_fall in (False, True):
        some = [each for each, falls in parts if falls is may_fall]
        for each in single_periods(_grouped(some), non_negative=not may_fall).to_pylist():
            row = {**ends[each["group"], each["end"]], "start": each["start"], "end": each["end"]}
            lines.append(_single_line(read, row, each, ends.get((each["group"], each["start"]))))
    columns = (
        "quantity",
        "entity",
        "variant",
        "period",
        "value",
        "unit",
        "since",
        "confidence",
        "vintage",
        "source",
        "place",
    )
    return StatTable("single", columns, tuple(lines))


def _single_line(read: Read, row: Row, found: Row, before: Row | None) -> Cells:
    """A difference is no surer than the less sure of its two values, and says where these are of two vintages."""
    said = read.names.word("statistics_single", found["status"])
    confidence = least([row["confidence"]] + ([before["confidence"]] if before else []))
    if before is not None and (before["vintage"] or UNSAID) != (row["vintage"] or UNSAID):
        differs = read.names.word("statistics_break", "vintage")
        said = Text(zh=f"{said.zh}；{differs.zh}", en=f"{said.en}; {differs.en}")
    line = head(read, row) | {"value": number(read, row, found["value"]), "since": said}
    return line | marks(read, row, confidence)


def _may_fall(read: Read, quantity: str) -> bool:
    """Whether a quantity like profit may be below zero, so that a falling sum says nothing of a revision."""
    known = read.packs.quantities.get(quantity)
    return known is not None and known.sign == "any"


# ---------------------------------------------------------------- shares
def _shares(read: Read, asked: Asked, level: Sequence[str]) -> StatTable:
    """Shares of members in the boundary, and of the pairs that were asked for, with the vintages that are divided."""
    lines: list[Cells] = []
    for pair in asked.shares:
        lines += _shares_of_pair(read, pair)
    if level and read.boundary:
        groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in read.series:
            if row["entity"] in level or row["entity"] == read.boundary:
                groups[row["quantity"], row["variant"]].append(row)
        for (quantity, _), rows in sorted(groups.items()):
            known = read.packs.quantities.get(quantity)
            if known is None or known.over_entities == "sum":
                wholes = [row for row in rows if row["entity"] == read.boundary]
                lines += _shares_in(read, [row for row in rows if row["entity"] in level], wholes)
    columns = (
        "quantity", "entity", "variant", "of", "period", "value", "unit", "total", "share", "points", "vintages",
        "status", "confidence", "source", "place",
    )  # fmt: skip
    return StatTable("shares", columns, tuple(lines))


def _shares_of_pair(read: Read, pair: str) -> list[Cells]:
    parts_of(pair)
    above, _, below = pair.partition("/")
    parts = _sided(read, above)
    lines: list[Cells] = []
    for entity in sorted({row["entity"] for row in parts}):
        wholes = [row for row in _sided(read, below) if row["entity"] == entity]
        lines += _shares_in(read, [row for row in parts if row["entity"] == entity], wholes)
    if not lines:
        raise JobError("pipeline.statistics_no_share", text=pair)
    return lines


def _sided(read: Read, text: str) -> list[Row]:
    quantity, _, variant = text.rstrip("]").partition("[")
    return [row for row in read.series if row["quantity"] == quantity and variant in ("", row["variant"])]


def _shares_in(read: Read, parts: Sequence[Row], wholes: Sequence[Row]) -> list[Cells]:
    if not parts or not wholes or {row["unit"] for row in parts} != {row["unit"] for row in wholes}:
        return []
    totals = {(row["start"], row["end"]): row for row in wholes}
    found = percentage_points(shares(_grouped(parts), _grouped(wholes))).to_pylist()
    by_key = {(_group(row), row["start"], row["end"]): row for row in parts}
    lines = []
    for each in found:
        row, whole = by_key[each["group"], each["start"], each["end"]], totals.get((each["start"], each["end"]))
        if whole is None:
            continue
        lines.append(
            head(read, row)
            | {
                "of": read.names.quantity(whole["quantity"])
                if whole["quantity"] != row["quantity"]
                else entity_name(read, whole["entity"]),
                "value": number(read, row, row["value"]),
                "total": number(read, whole, whole["value"]),
                "share": percent(each["share"]),
                "points": number_of(each["points"], plain("")),
                "vintages": pair_of_texts(vintage_name(read, row), vintage_name(read, whole)),
                **marks(read, row, least((row["confidence"], whole["confidence"]))),
            }
        )
    return lines
