"""The ledger of the green action plan: where each measure stands, and what the measures together are to bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from greenpark.engine.shape import Arrow, arrow_rows
from greenpark.model.findings import Finding, Place, Severity
from greenpark.model.steering import LEDGER

_STAGE, _RULE = "monitor", "ledger"
_ACHIEVED = ("achieved_tce", "achieved_co2")
Row = Mapping[str, Any]


def ledger_table(measures: Sequence[Row], day: date) -> Arrow:
    """The table ``ledger`` without its run, sorted by measure.

    Parameters
    ----------
    measures
        Rows as they were read: columns of the table without their status.
    day
        The day on which it is judged what is overdue.
    """
    rows = [{**row, "kind": row.get("kind") or "", "status": status_of(row, day)} for row in measures]
    return arrow_rows(sorted(rows, key=lambda row: str(row["measure"])), LEDGER)


def status_of(measure: Row, day: date) -> str:
    """Planned, under_way, overdue, done, or done_without_evidence.

    A measure is done when it has a day of completion; saving that is reported earlier does not make it so.
    """
    done, due, begun = measure.get("done"), measure.get("due"), measure.get("begun")
    if done is not None and done <= day:
        return "done" if measure.get("evidence") else "done_without_evidence"
    if due is not None and due < day:
        return "overdue"
    return "under_way" if begun is not None and begun <= day else "planned"


def ledger_findings(ledger: Arrow, day: date, needed: Mapping[str, float]) -> tuple[Finding, ...]:
    """Measures that are overdue, unproved or cannot be judged, and what all of them expect against what is needed.

    Parameters
    ----------
    needed
        What the plan lines of the newest year still ask for: tce and co2, as far as they are known.
    """
    rows = ledger.to_pylist()
    found = [finding for row in rows for finding in _of_measure(row, day)]
    for kind, amount in sorted(needed.items()):
        expected = [row[f"expected_{kind}"] for row in rows if row["status"] not in ("done", "done_without_evidence")]
        known = [value for value in expected if value is not None]
        if rows and sum(known) < amount:
            values: dict[str, object] = {
                "expected": f"{sum(known):,.1f}", "needed": f"{amount:,.1f}", "unit": _UNITS[kind],
                "unstated": len(expected) - len(known),
            }  # fmt: skip
            found.append(Finding("warning", _STAGE, _RULE, "monitor.ledger_falls_short", values))
    return tuple(found)


_UNITS = {"tce": "tce", "co2": "tCO2"}


def _of_measure(row: Row, day: date) -> list[Finding]:
    claims = [row[name] for name in _ACHIEVED if row[name] is not None]
    found: list[tuple[Severity, str]] = []
    if row["status"] == "overdue":
        found.append(("warning", "monitor.measure_overdue"))
    if claims and not row["evidence"]:
        found.append(("warning", "monitor.achieved_without_evidence"))
    if row["status"].startswith("done") and not claims:
        found.append(("warning", "monitor.done_without_result"))
    if not row["kind"]:
        found.append(("note", "monitor.measure_without_kind"))
    if row["due"] is None:
        found.append(("note", "monitor.measure_without_due"))
    values = {"measure": row["measure"], "name": row["name"], "due": str(row["due"] or ""), "day": str(day)}
    place = Place(row["file"] or "", row["sheet"] or "", row["cell"] or "")
    return [
        Finding(severity, _STAGE, _RULE, message, values, subject=row["measure"], place=place)
        for severity, message in found
    ]
