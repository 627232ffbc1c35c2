"""Checks of rows against themselves: what the source reports beside what was computed, and ranges of ratios."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from greenpark.account.methods import Knowledge
from greenpark.engine.connect import Engine
from greenpark.model.findings import Finding, Place
from greenpark.model.job import RangeCheck, ReportedComparison

STAGE = "account"
_ROW = ["batch", "file", "sheet", "row", "entity", "carrier"]


def compare_reported(
    observations: Any, emissions: Any, comparison: ReportedComparison, engine: Engine
) -> tuple[tuple[Finding, ...], int]:
    """A finding for each row whose computed CO2 is off what the source reports, and how many rows were compared.

    Rows of which one side is missing are named as well.
    """
    numbered = _numbered(observations)
    activity = numbered.filter(numbered.quantity == comparison.activity).select(*_ROW, "line")
    reported = numbered.filter(numbered.quantity == comparison.reported)
    reported = reported.select(*_ROW, "cell", reported=reported.value, unit=reported.unit)
    co2 = emissions.filter((emissions.gas == "CO2") & (emissions.scope == 1))
    computed = co2.group_by(["batch", "line"]).aggregate(computed=co2.t.sum())
    rows = activity.left_join(computed, ["batch", "line"]).select(*_ROW, "computed")
    both = rows.inner_join(reported, _ROW)
    difference = (both.computed - both.reported).abs()
    off = (
        both.computed.isnull()
        | both.reported.isnull()
        | ((difference > comparison.tolerance * both.reported.abs()) & (difference > comparison.absolute))
    )
    found = engine.to_arrow(both.filter(off).order_by(["file", "sheet", "row", "carrier"])).to_pylist()
    compared = int(engine.to_arrow(both.aggregate(n=both.count())).column("n")[0].as_py())
    return tuple(_off_finding(row, comparison) for row in found), compared


def check_range(observations: Any, check: RangeCheck, knowledge: Knowledge, engine: Engine) -> tuple[Finding, ...]:
    """A finding for each row whose ratio lies outside the range of its carrier; rows that cannot be judged say so."""
    numbered = _numbered(observations)
    above = numbered.filter(numbered.quantity == check.numerator)
    above = above.select(*_ROW, "cell", above=above.value, above_unit=above.unit)
    below = numbered.filter(numbered.quantity == check.denominator)
    below = below.select(*_ROW, below=below.value, below_unit=below.unit)
    ranges = engine.from_arrow(_ranges(check, knowledge))
    rows = above.inner_join(below, _ROW).left_join(ranges, "carrier").drop("carrier_right")
    ratio = rows.above / rows.below.nullif(0)
    scaled = ratio / rows.multiplier.nullif(0)
    rows = rows.mutate(ratio=scaled)
    outside = (
        (rows.ratio.isnull() & ((rows.above != 0) | (rows.below != 0)) & rows.low.notnull())
        | (rows.ratio < rows.low)
        | (rows.ratio > rows.high)
    )
    found = engine.to_arrow(rows.filter(outside).order_by(["file", "sheet", "row", "carrier"])).to_pylist()
    return tuple(_range_finding(row, check) for row in found)


def _numbered(observations: Any) -> Any:
    return observations.mutate(
        row=observations.cell.re_extract(r"(\d+)$", 1).cast("int64"),
        sheet=observations.sheet.fill_null(""),
        carrier=observations.carrier.fill_null(""),
    )


def _ranges(check: RangeCheck, knowledge: Knowledge) -> pa.Table:
    rows = [
        {
            "carrier": factor.item,
            "low": factor.low,
            "high": factor.high,
            "range_unit": factor.unit,
            "multiplier": knowledge.units.multiplier(factor.unit, f"GJ/{knowledge.carriers[factor.item].unit}"),
        }
        for factor in knowledge.factor_sets[check.factor_set].factors
        if factor.kind == check.factor_kind and factor.item in knowledge.carriers
    ]
    schema = pa.schema(
        [("carrier", pa.string()), ("low", pa.float64()), ("high", pa.float64()), ("range_unit", pa.string()),
         ("multiplier", pa.float64())]
    )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


def _off_finding(row: Mapping[str, Any], comparison: ReportedComparison) -> Finding:
    values = {
        "computed": row["computed"], "reported": row["reported"], "unit": row["unit"],
        "tolerance": comparison.tolerance, "carrier": row["carrier"],
    }  # fmt: skip
    missing = row["computed"] is None or row["reported"] is None
    message = "account.reported_not_comparable" if missing else "account.reported_differs"
    return Finding(
        "warning", STAGE, "compare_reported", message, values, row["entity"], comparison.computed,
        place=Place(row["file"], row["sheet"], row["cell"]),
    )  # fmt: skip


def _range_finding(row: Mapping[str, Any], check: RangeCheck) -> Finding:
    unknown = row["ratio"] is None
    values = {
        "ratio": row["ratio"], "low": row["low"], "high": row["high"], "unit": row["range_unit"],
        "carrier": row["carrier"], "above": row["above"], "below": row["below"],
    }  # fmt: skip
    message = "account.ratio_undefined" if unknown else "account.ratio_out_of_range"
    return Finding(
        "warning", STAGE, check.id, message, values, row["entity"], check.numerator,
        place=Place(row["file"], row["sheet"], row["cell"]),
    )  # fmt: skip
