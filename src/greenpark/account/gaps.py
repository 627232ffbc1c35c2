"""What is missing from the activity data of a unit and year, so that no total looks complete when it is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.engine.connect import Engine
from greenpark.model.findings import Finding, Place

_USES = ["use_industrial", "use_other"]
_SUPPLIES = ["purchase", "transform_out", "recovery"]
_COMPLETE = ["use_industrial", "use_other", "purchase", "sale", "transform_out", "transform_in"]
_STAGE = "account"
GAPS = pa.schema([("entity", pa.string()), ("start", pa.date32()), ("end", pa.date32())])


def find_gaps(
    observations: Any, counted: Sequence[tuple[str, str]], traded: Sequence[str], engine: Engine
) -> tuple[pa.Table, tuple[Finding, ...]]:
    """The units and years with a gap, and a finding for each gap.

    Parameters
    ----------
    counted
        (carrier, flow) pairs that some method counts.
    traded
        Carriers of power and heat that are bought and sold.

    Returns
    -------
    pyarrow.Table, tuple of Finding
        entity, start, end of each unit-year whose energy and emission figures are partial; why.
    """
    energy = observations.filter(
        (observations.quantity == "energy.amount") & observations.status.isin(COUNTED) & observations.start.notnull()
    )
    energy = energy.mutate(year=energy.start.year().cast("int64"))
    months = _missing_months(energy, engine)
    supply = _use_without_supply(energy, traded, engine)
    unknown = _not_counted(energy, counted, engine)
    findings = [
        *(_finding("months_missing", "warning", row, days=row["days"], flow=row["flow"]) for row in months),
        *(_finding("use_without_supply", "error", row, used=row["used"]) for row in supply),
        *(_finding("not_counted", "error", row, flow=row["flow"], rows=row["rows"]) for row in unknown),
    ]
    pairs = sorted({(row["entity"], row["year"]) for row in (*months, *supply, *unknown)})
    rows = [{"entity": entity, "start": date(year, 1, 1), "end": date(year + 1, 1, 1)} for entity, year in pairs]
    return pa.Table.from_pylist(rows, schema=GAPS), tuple(findings)


def _missing_months(energy: Any, engine: Engine) -> list[dict[str, Any]]:
    """Series of months that do not fill their year."""
    rows = energy.filter(energy.flow.isin(_COMPLETE))
    spans = rows.group_by(["entity", "carrier", "flow", "year", "start", "end"]).aggregate(**_place(rows))
    spans = spans.mutate(days=spans.end.delta(spans.start, unit="day").cast("int64"))
    keys = ["entity", "carrier", "flow", "year"]
    years = spans.group_by(keys).aggregate(
        days=spans.days.sum().cast("int64"), longest=spans.days.max(), last=spans.end.max(), first=spans.start.min(),
        file=spans.file.min(), sheet=spans.sheet.min(), cell=spans.cell.min(),
    )  # fmt: skip
    lacking = years.filter((years.days < 365) & (years.longest <= 31))
    return engine.to_arrow(lacking.order_by(keys)).to_pylist()


def _use_without_supply(energy: Any, traded: Sequence[str], engine: Engine) -> list[dict[str, Any]]:
    """Power or heat that is used but never bought, made or recovered: its emissions would silently be nothing."""
    rows = energy.filter(energy.carrier.isin(list(traded)))
    used, got = rows.flow.isin(_USES), rows.flow.isin(_SUPPLIES)
    keys = ["entity", "carrier", "year"]
    years = rows.group_by(keys).aggregate(
        used=rows.value.sum(where=used), got=rows.value.sum(where=got), **_place(rows)
    )
    lacking = years.filter((years.used > 0) & (years.got.fill_null(0.0) == 0))
    return engine.to_arrow(lacking.order_by(keys)).to_pylist()


def _not_counted(energy: Any, counted: Sequence[tuple[str, str]], engine: Engine) -> list[dict[str, Any]]:
    """Used energy that no method counts."""
    known = sorted({carrier for carrier, _ in counted})
    rows = energy.filter(energy.flow.isin(_USES) & ~energy.carrier.isin(known) & (energy.value != 0))
    keys = ["entity", "carrier", "flow", "year"]
    years = rows.group_by(keys).aggregate(rows=rows.count(), **_place(rows))
    return engine.to_arrow(years.order_by(keys)).to_pylist()


def check_transfers(observations: Any, registered: Sequence[str], engine: Engine) -> tuple[Finding, ...]:
    """Findings where the ledger has more than supplier or receiver report, or names a receiver nobody registered."""
    energy = observations.filter((observations.quantity == "energy.amount") & observations.status.isin(COUNTED))
    energy = energy.mutate(year=energy.start.year().cast("int64"))
    ledger = energy.filter(energy.flow == "transfer")
    found = [
        *_exceeding(ledger, energy.filter(energy.flow == "sale"), "entity", "sale", engine),
        *_exceeding(ledger, energy.filter(energy.flow == "purchase"), "counterparty", "purchase", engine),
    ]
    outside = ledger.filter(~ledger.counterparty.isin(list(registered)))
    rows = outside.group_by(["counterparty", "carrier", "year"]).aggregate(entity=outside.entity.min(), **_place(outside))
    for row in engine.to_arrow(rows.order_by(["counterparty", "carrier", "year"])).to_pylist():
        found.append(_finding("transfer_outside", "error", row, receiver=row["counterparty"]))
    return tuple(found)


def _exceeding(ledger: Any, reported: Any, party: str, side: str, engine: Engine) -> list[Finding]:
    keys = ["party", "carrier", "year"]
    moved = ledger.mutate(party=ledger[party])
    moved = moved.group_by(keys).aggregate(transferred=moved.value.sum(), **_place(moved))
    own = reported.mutate(party=reported.entity)
    own = own.group_by(keys).aggregate(reported=own.value.sum())
    both = moved.left_join(own, keys)
    both = both.mutate(reported=both.reported.fill_null(0.0), entity=both.party)
    # A share of 10^-9 is the rounding of sums, not a difference.
    exceeding = both.filter(both.transferred > both.reported * (1 + 1e-9))
    rows = engine.to_arrow(exceeding.select("entity", "carrier", "year", "transferred", "reported", *PLACE)).to_pylist()
    ordered = sorted(rows, key=lambda row: (row["entity"], row["carrier"], row["year"] or 0))
    return [
        _finding(
            "transfer_exceeds_supply", "error", row, transferred=row["transferred"], reported=row["reported"], side=side
        )
        for row in ordered
    ]


PLACE = ("file", "sheet", "cell")


def _place(rows: Any) -> dict[str, Any]:
    """The first place of a group, as a person would look for it."""
    return {name: rows[name].min() for name in PLACE}


def _finding(rule: str, severity: Any, row: dict[str, Any], **values: object) -> Finding:
    place = Place(row["file"] or "", row["sheet"] or "", row["cell"] or "")
    named = {"carrier": row["carrier"], "year": row["year"], **values}
    return Finding(severity, _STAGE, rule, f"account.{rule}", named, row["entity"], row["carrier"] or "", place=place)
