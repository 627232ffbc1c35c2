"""What contradicts itself: parts larger than the whole, more used than there was, two levels reporting the same.

A series that cannot be right is left out of the totals, which are then partial and too low, never doubled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.activity import ACTIVITY_QUANTITIES
from greenpark.account.balances import DECIMALS, STOCK_CLOSE, STOCK_OPEN
from greenpark.account.gaps import FAMILIES, Locate, first_located, placed_finding
from greenpark.account.kinds import NOT_ZERO, has_bit
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.findings import Finding
from greenpark.model.knowledge import Carrier

# Names of the tolerances that checks packs state; without one, sums must agree exactly.
ROUNDING, BEYOND = "energy.rounding", "energy.beyond"
_HEAT = ("energy.heat_gross", "energy.heat_net")
BROKEN = pa.schema([("entity", pa.string()), ("carrier", pa.string()), ("year", pa.int64())])
_KEYS = ["entity", "carrier", "year"]
_BALANCED_KINDS = ("fuel", "electricity", "heat")
_SUPPLY = (STOCK_OPEN, "purchase", "transform_out", "recovery")
_USED = ("use_industrial", "use_other", "sale", "loss", STOCK_CLOSE)


@dataclass(frozen=True)
class Conflicts:
    """``broken``: entity, carrier, year left out of totals; ``lacking``: the same and others as gaps of a flow.

    ``say`` makes the findings, once it is told how to find the place of a row.
    """

    broken: pa.Table
    lacking: tuple[Mapping[str, Any], ...]
    say: Callable[[Locate], tuple[Finding, ...]]

    @classmethod
    def none(cls) -> Conflicts:
        """Nothing broken, lacking or found."""
        return cls(BROKEN.empty_table(), (), lambda locate: ())


def find_conflicts(
    cells: Any, carriers: Mapping[str, Carrier], closure: Any, tolerances: Mapping[str, float], engine: Engine
) -> Conflicts:
    """The series of energy that contradict themselves or another level.

    Returns
    -------
    Conflicts
        Broken: feedstock or transformation input above the use that holds it; an entity that reports a carrier (or product)
        which units below it report for the same year; a fuel reported both as an amount and as heat. Lacking without being
        broken: more used, sold and left than there was (by more than the tolerance ``energy.beyond``); by less, only a
        finding.
    """
    rounding, beyond = (1 + tolerances.get(name, 0.0) for name in (ROUNDING, BEYOND))
    energy = cells.filter((cells.quantity == "energy.amount") & (cells.year > 0) & (cells.carrier != ""))
    energy = energy.mutate(flow=ibis.ifelse(energy.flow == "", "use_industrial", energy.flow))
    sums = engine.cache(_sums(energy))
    parts = _rows(sums.filter(_part_exceeds(sums, rounding)), engine)
    kinds = sorted(each.id for each in carriers.values() if each.kind in _BALANCED_KINDS and not each.self_generated)
    supplied = sums.filter(sums.carrier.isin(kinds) & (sums.supply > 0) & (sums.out > sums.supply * rounding))
    exceeding = _rows(supplied, engine)
    active = cells.filter(cells.quantity.isin(ACTIVITY_QUANTITIES) & (cells.year > 0) & (cells.carrier != ""))
    levels = _rows(_both_levels(active, closure, engine), engine)
    twice = _rows(_both_measures(active), engine)
    told: tuple[tuple[str, list[Any], tuple[str, ...]], ...] = (
        ("part_exceeds_use", parts, ("part", "whole")),
        ("use_exceeds_supply", exceeding, ("out", "supply")),
        ("level_reports_too", levels, ()),
        ("amount_and_heat", twice, ()),
    )

    def say(locate: Locate) -> tuple[Finding, ...]:
        return tuple(finding for each in told for finding in _findings(*each, locate))

    far = [row for row in exceeding if row["out"] > row["supply"] * beyond]
    left_out = [*parts, *levels, *twice]
    # Of a product emissions alone are missing.
    products = [row | {"families": FAMILIES["product"]} for row in left_out if _is_product(row["carrier"], carriers)]
    energies = [row for row in (*left_out, *far) if not _is_product(row["carrier"], carriers)]
    lacking = [row | {"flow": flow} for row in (*products, *energies) for flow in ("purchase", "use_industrial")]
    return Conflicts(_broken(left_out), tuple(lacking), say)


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


def without_series(cells: Any, broken: pa.Table, engine: Engine) -> Any:
    """Cells without those of broken series."""
    if not broken.num_rows:
        return cells
    return cells.anti_join(engine.from_arrow(broken), ["entity", "carrier", "year"])


def without_overlaps(observations: Any, overlapping: Sequence[Mapping[str, Any]], engine: Engine) -> Any:
    """Observations without the reported quantities whose periods cover days twice."""
    if all(row["quantity"] == "energy.amount" for row in overlapping):
        return observations
    dated = observations.mutate(
        row_year=observations.start.year().cast("int64").fill_null(0), row_carrier=observations.carrier.fill_null("")
    )
    return _without_doubled(dated, dated.row_carrier, dated.row_year, overlapping, engine).drop(
        "row_year", "row_carrier"
    )


def without_doubled(cells: Any, overlapping: Sequence[Mapping[str, Any]], engine: Engine) -> Any:
    """Cells without those of reported quantities whose periods cover days twice."""
    if all(row["quantity"] == "energy.amount" for row in overlapping):
        return cells
    return _without_doubled(cells, cells.carrier, cells.year, overlapping, engine)


def _without_doubled(
    rows: Any, carrier: Any, year: Any, overlapping: Sequence[Mapping[str, Any]], engine: Engine
) -> Any:
    keys = ["entity", "quantity", "carrier", "year"]
    off = [{f"off_{name}": row[name] for name in keys} for row in overlapping if row["quantity"] != "energy.amount"]
    schema = pa.schema([(f"off_{name}", pa.int64() if name == "year" else pa.string()) for name in keys])
    marked = engine.from_arrow(pa.Table.from_pylist(off, schema=schema))
    return rows.anti_join(
        marked,
        [
            rows.entity == marked.off_entity,
            rows.quantity == marked.off_quantity,
            carrier == marked.off_carrier,
            year == marked.off_year,
        ],
    )


def _sums(energy: Any) -> Any:
    def total(flows: Sequence[str]) -> Any:
        return exact_sum(ibis.ifelse(energy.flow.isin(list(flows)), energy.value, 0.0), DECIMALS)

    return energy.group_by(_KEYS).aggregate(
        whole=total(["use_industrial"]),
        feedstock=total(["use_feedstock"]),
        transformed=total(["transform_in"]),
        supply=total(_SUPPLY),
        out=total(_USED),
    )


def _part_exceeds(sums: Any, rounding: float) -> Any:
    limit = sums.whole * rounding
    return (sums.feedstock > limit) | (sums.transformed > limit)


def _is_product(carrier: str, carriers: Mapping[str, Carrier]) -> bool:
    return carrier in carriers and carriers[carrier].kind in ("product", "material")


def _both_measures(active: Any) -> Any:
    """Fuels of a unit and year of which both an amount used and heat are reported: each would count."""
    heat = active.quantity.isin(list(_HEAT))
    amount = (active.quantity == "energy.amount") & active.flow.isin(["use_industrial", "use_other", ""])
    found = active.group_by(_KEYS).aggregate(
        heat=(heat & has_bit(active.mark, NOT_ZERO)).any(), amount=(amount & has_bit(active.mark, NOT_ZERO)).any()
    )
    return found.filter(found.heat & found.amount).select(*_KEYS)


def _both_levels(energy: Any, closure: Any, engine: Engine) -> Any:
    """Entities whose own rows stand beside rows of units below them, for the same carrier, flow and year."""
    energy = energy.mutate(flow=ibis.ifelse(energy.flow == "", "use_industrial", energy.flow))
    keys = ["entity", "carrier", "flow", "year"]
    strict = closure.filter(closure.entity != closure.ancestor)
    reported = energy.filter(energy.flow != "transfer").select(*keys)
    # Few entities have both units below them and rows of their own.
    tops = engine.cache(reported.semi_join(strict, [reported.entity == strict.ancestor]).distinct())
    strict = strict.semi_join(tops, [strict.ancestor == tops.entity])
    below = reported.inner_join(strict, "entity").select(
        level="ancestor", level_carrier="carrier", level_flow="flow", level_year="year"
    )
    below = below.distinct()
    both = tops.semi_join(
        below,
        [
            tops.entity == below.level,
            tops.carrier == below.level_carrier,
            tops.flow == below.level_flow,
            tops.year == below.level_year,
        ],
    )
    return both.select(*_KEYS).distinct()


def _rows(table: Any, engine: Engine) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = engine.to_arrow(table).to_pylist()
    for row in rows:
        row["part"] = max(row.get("feedstock") or 0.0, row.get("transformed") or 0.0)
    return sorted(rows, key=lambda row: tuple(str(row[name]) for name in _KEYS))


def _findings(
    rule: str, rows: Sequence[Mapping[str, Any]], values: Sequence[str], locate: Locate
) -> tuple[Finding, ...]:
    def finding(row: Mapping[str, Any]) -> Finding:
        return placed_finding(rule, "error", row, **{name: row[name] for name in values})

    return first_located(rule, rows, finding, locate)


def _broken(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    pairs = sorted({tuple(row[name] for name in _KEYS) for row in rows})
    return pa.Table.from_pylist([dict(zip(_KEYS, pair, strict=True)) for pair in pairs], schema=BROKEN)
