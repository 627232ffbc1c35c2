"""Who speaks for a unit: what it handed in itself goes before what somebody else handed in for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.engine.register.handed_in import sign_offs
from greenpark.engine.store import Store
from greenpark.model.findings import Finding, Place
from greenpark.model.time import Period
from greenpark.pipeline.vintages import Counting

_KEY = ["entity", "quantity", "carrier", "flow", "counterparty", "start", "end"]
_NAMED = 50
_ROUNDING = 1e-12


def own_reports(counting: Counting, batches: Sequence[str], store: Store) -> Counting:
    """The observations without those that a park hands in for a unit which hands in the very same itself.

    Both would be added up. They are the same where unit, period, quantity, carrier, flow and counterparty are; what the
    park alone hands in stays.
    """
    handed = {each.batch: each.entity for each in sign_offs(store.register, batches) if each.origin == "enterprise"}
    if len(set(handed.values())) < 2:
        return counting
    engine = store.engine
    names = sorted(handed)
    said = pa.table({"batch": names, "reporter": [handed[each] for each in names]})
    rows = counting.observations.left_join(engine.from_arrow(said), "batch")
    rows = rows.select(*counting.observations.columns, "reporter")
    own = rows.filter((rows.reporter == rows.entity) & rows.status.isin(COUNTED))
    own = own.group_by(_KEY).aggregate(own_value=own.value.sum()).rename({f"own_{each}": each for each in _KEY})
    others = rows.filter(rows.reporter.notnull() & (rows.reporter != rows.entity))
    others = others.group_by([*_KEY, "reporter"]).mutate(told=others.value.sum())
    doubled = others.inner_join(own, [others[each].identical_to(own[f"own_{each}"]) for each in _KEY])
    doubled = engine.cache(
        doubled.select(*_KEY, "batch", "line", "value", "told", "own_value", "file", "sheet", "cell", "reporter")
    )
    found = engine.to_arrow(doubled.order_by(["entity", "quantity", "carrier", "flow", "start", "batch", "line"]))
    if not found.num_rows:
        return counting
    kept = counting.observations.anti_join(doubled, ["batch", "line"])
    return replace(counting, observations=kept, findings=(*counting.findings, *_said(found)))


def _said(rows: pa.Table) -> list[Finding]:
    """A finding for each row that no longer counts: an error where the two say different numbers."""
    found = []
    for row in rows.slice(0, _NAMED).to_pylist():
        differs = not _alike(row["told"], row["own_value"])
        rule = "own_report_differs" if differs else "own_report_counts"
        period = str(Period(row["start"], row["end"])) if row["start"] and row["end"] else ""
        values: dict[str, object] = {
            "reporter": row["reporter"], "period": period, "value": _number(row["value"]),
            "own": _number(row["own_value"]), "rows": rows.num_rows,
        }  # fmt: skip
        place = Place(row["file"] or "", row["sheet"] or "", row["cell"] or "")
        where = (row["entity"], row["carrier"] or row["quantity"], row["start"], row["end"])
        found.append(
            Finding("error" if differs else "warning", "collect", rule, f"pipeline.{rule}", values, *where, place)
        )
    return found


def _alike(told: float | None, own: float | None) -> bool:
    """Whether two sums are the same but for the order in which they were added."""
    return told == own or (told is not None and own is not None and math.isclose(told, own, rel_tol=_ROUNDING))


def _number(value: Any) -> str:
    return "" if value is None else f"{value:,.10g}"
