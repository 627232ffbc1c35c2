"""What contradicts itself: parts larger than the whole, more used than there was, two levels reporting the same.

A series that cannot be right is left out of the totals, which are then partial and too low, never doubled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.account.balances import DECIMALS, STOCK_CLOSE, STOCK_OPEN
from greenpark.account.gaps import first_of, first_place, placed_finding
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.findings import Finding
from greenpark.model.knowledge import Carrier

# Sums of rounded months differ a little from a rounded year; a twentieth is no rounding.
ROUNDING, BEYOND = 1.001, 1.05
BROKEN = pa.schema([("entity", pa.string()), ("carrier", pa.string()), ("year", pa.int64())])
_KEYS = ["entity", "carrier", "year"]
_BALANCED_KINDS = ("fuel", "electricity", "heat")
_SUPPLY = (STOCK_OPEN, "purchase", "transform_out", "recovery")
_USED = ("use_industrial", "use_other", "sale", STOCK_CLOSE)


@dataclass(frozen=True)
class Conflicts:
    """``broken``: entity, carrier, year left out of totals; ``lacking``: the same and others as gaps of a flow."""

    broken: pa.Table
    lacking: tuple[Mapping[str, Any], ...]
    findings: tuple[Finding, ...]


def find_conflicts(observations: Any, carriers: Mapping[str, Carrier], closure: Any, engine: Engine) -> Conflicts:
    """The series of energy that contradict themselves or another level.

    Returns
    -------
    Conflicts
        Broken: feedstock or transformation input above the use that holds it; an entity that reports a carrier which
        units below it report for the same year. Lacking without being broken: more used, sold and left than there was
        (by more than a twentieth); by less, only a finding.
    """
    energy = observations.filter(
        (observations.quantity == "energy.amount") & observations.status.isin(COUNTED) & observations.start.notnull()
    )
    energy = energy.mutate(year=energy.start.year().cast("int64"), flow=energy.flow.fill_null("use_industrial"))
    sums = _sums(energy)
    parts = _rows(sums.filter(_part_exceeds(sums)), engine)
    kinds = sorted(each.id for each in carriers.values() if each.kind in _BALANCED_KINDS and not each.self_generated)
    supplied = sums.filter(sums.carrier.isin(kinds) & (sums.supply > 0) & (sums.out > sums.supply * ROUNDING))
    exceeding = _rows(supplied, engine)
    levels = _rows(_both_levels(energy, closure), engine)
    findings = (
        *first_of("part_exceeds_use", [_finding("part_exceeds_use", row, ("part", "whole")) for row in parts]),
        *first_of("use_exceeds_supply", [_finding("use_exceeds_supply", row, ("out", "supply")) for row in exceeding]),
        *first_of("level_reports_too", [_finding("level_reports_too", row, ()) for row in levels]),
    )
    far = [row for row in exceeding if row["out"] > row["supply"] * BEYOND]
    lacking = [row | {"flow": flow} for row in (*parts, *levels, *far) for flow in ("purchase", "use_industrial")]
    return Conflicts(_broken([*parts, *levels]), tuple(lacking), findings)


def without(rows: Any, broken: pa.Table, engine: Engine) -> Any:
    """Energy or emission rows without those of broken series."""
    if not broken.num_rows:
        return rows
    marked = engine.from_arrow(broken).rename(off_entity="entity", off_carrier="carrier", off_year="year")
    dated = rows.mutate(row_year=rows.start.year().cast("int64").fill_null(0))
    kept = dated.anti_join(
        marked,
        [
            dated.entity == marked.off_entity,
            dated.carrier == marked.off_carrier,
            dated.row_year == marked.off_year,
        ],
    )
    return kept.drop("row_year")


def without_overlaps(observations: Any, overlapping: Sequence[Mapping[str, Any]], engine: Engine) -> Any:
    """Observations without the reported quantities whose periods cover days twice."""
    keys = ["entity", "quantity", "carrier", "year"]
    rows = [{f"off_{name}": row[name] for name in keys} for row in overlapping if row["quantity"] != "energy.amount"]
    if not rows:
        return observations
    kinds = {"off_year": pa.int64()}
    schema = pa.schema([(f"off_{name}", kinds.get(f"off_{name}", pa.string())) for name in keys])
    marked = engine.from_arrow(pa.Table.from_pylist(rows, schema=schema))
    dated = observations.mutate(
        row_year=observations.start.year().cast("int64").fill_null(0), row_carrier=observations.carrier.fill_null("")
    )
    kept = dated.anti_join(
        marked,
        [
            dated.entity == marked.off_entity,
            dated.quantity == marked.off_quantity,
            dated.row_carrier == marked.off_carrier,
            dated.row_year == marked.off_year,
        ],
    )
    return kept.drop("row_year", "row_carrier")


def _sums(energy: Any) -> Any:
    def total(flows: Sequence[str]) -> Any:
        return exact_sum(ibis.ifelse(energy.flow.isin(list(flows)), energy.value, 0.0), DECIMALS)

    return energy.group_by(_KEYS).aggregate(
        whole=total(["use_industrial"]),
        feedstock=total(["use_feedstock"]),
        transformed=total(["transform_in"]),
        supply=total(_SUPPLY),
        out=total(_USED),
        **first_place(energy),
    )


def _part_exceeds(sums: Any) -> Any:
    limit = sums.whole * ROUNDING
    return (sums.feedstock > limit) | (sums.transformed > limit)


def _both_levels(energy: Any, closure: Any) -> Any:
    """Entities whose own rows stand beside rows of units below them, for the same carrier, flow and year."""
    keys = ["entity", "carrier", "flow", "year"]
    reported = energy.filter(energy.flow != "transfer").group_by(keys).aggregate(**first_place(energy))
    strict = closure.filter(closure.entity != closure.ancestor)
    below = (
        reported.select(*keys)
        .inner_join(strict, "entity")
        .select(level="ancestor", level_carrier="carrier", level_flow="flow", level_year="year")
    )
    below = below.distinct()
    both = reported.semi_join(
        below,
        [
            reported.entity == below.level,
            reported.carrier == below.level_carrier,
            reported.flow == below.level_flow,
            reported.year == below.level_year,
        ],
    )
    return both.group_by(_KEYS).aggregate(**first_place(both))


def _rows(table: Any, engine: Engine) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = engine.to_arrow(table).to_pylist()
    for row in rows:
        row["part"] = max(row.get("feedstock") or 0.0, row.get("transformed") or 0.0)
    return sorted(rows, key=lambda row: tuple(str(row[name]) for name in _KEYS))


def _finding(rule: str, row: Mapping[str, Any], values: Sequence[str]) -> Finding:
    return placed_finding(rule, "error", row, **{name: row[name] for name in values})


def _broken(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    pairs = sorted({tuple(row[name] for name in _KEYS) for row in rows})
    return pa.Table.from_pylist([dict(zip(_KEYS, pair, strict=True)) for pair in pairs], schema=BROKEN)
