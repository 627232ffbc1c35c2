"""Closing a finding with an explanation that stays with the data: it opens again when the finding says otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from greenpark.desk.errors import DeskError
from greenpark.engine.register.desk_tables import FindingExplanation
from greenpark.engine.register.handed_in import explanations, findings_of, sign_offs
from greenpark.engine.store import Store
from greenpark.model.findings import Finding, finding_from_row, fingerprint, reference_of_fingerprint
from greenpark.model.submission import Explanation


def close_finding(store: Store, reference: str, because: str, by: str, at: datetime) -> tuple[Finding, Explanation]:
    """Keep why a finding of the newest runs or of a submission is as it is; the next run shows it closed with it.

    Raises
    ------
    DeskError
        When nothing is said, nobody says it, no or more than one finding has this reference, or it is an error: wrong
        data are corrected, not explained.
    """
    if not because.strip():
        raise DeskError("desk.explanation_missing", reference=reference)
    if not by.strip():
        raise DeskError("desk.name_missing")
    batches, finding = _found(store, reference)
    if finding.severity == "error":
        raise DeskError("desk.error_not_closed", reference=reference)
    told = Explanation(fingerprint=fingerprint(finding), text=because.strip(), by=by, at=at, batches=batches)
    with store.register.writing() as session:
        session.add(
            FindingExplanation(
                fingerprint=told.fingerprint, text=told.text, by=by, at=at, batches=json.dumps(list(told.batches))
            )
        )
    return finding, told


def explained(store: Store) -> tuple[Explanation, ...]:
    """Every explanation that counts, the oldest first."""
    return tuple(sorted(explanations(store.register).values(), key=lambda each: (each.at, each.fingerprint)))


def _found(store: Store, reference: str) -> tuple[tuple[str, ...], Finding]:
    """The finding of this reference and the batches it was made of."""
    wanted = reference.strip().lower()
    found: dict[str, tuple[tuple[str, ...], Finding]] = {}
    for run in store.latest_runs():
        rows = store.run_table(run.id, "findings")
        for row in store.engine.to_arrow(rows).to_pylist():
            if (row["reference"] or "").lower() == wanted:
                finding = finding_from_row(_as_written(row))
                found.setdefault(fingerprint(finding), (run.batches, finding))
    if not found:  # handed in, and no run since
        signed = [each.batch for each in sign_offs(store.register)]
        for batch, finding, _ in findings_of(store.register, signed):
            if reference_of_fingerprint(fingerprint(finding)).lower() == wanted:
                found.setdefault(fingerprint(finding), ((batch,), finding))
    if not found:
        raise DeskError("desk.finding_unknown", reference=reference)
    if len(found) > 1:
        raise DeskError("desk.finding_ambiguous", reference=reference)
    return next(iter(found.values()))


def _as_written(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the table with its days as texts and nothing missing, as a finding writes it."""
    days = {name: row[name].isoformat() if row[name] else None for name in ("start", "end")}
    texts = {name: row[name] or "" for name in ("entity", "subject", "file", "sheet", "cell")}
    return {**row, **days, **texts}
