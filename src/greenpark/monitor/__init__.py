"""Dated targets in, progress out: pace so far, pace needed, planned pace, and a state with its caveats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from greenpark.engine.shape import Arrow, arrow_rows, rows_of
from greenpark.engine.units import Units
from greenpark.model.findings import Finding, Severity
from greenpark.model.schemes import TargetSet
from greenpark.model.tables import PROGRESS
from greenpark.monitor.figures import read_values
from greenpark.monitor.targets import Known, follow

__all__ = ["progress_findings", "track"]

_STAGE = "monitor"
_SAID: dict[str, tuple[Severity, str]] = {
    "missed": ("warning", "monitor.target_missed"),
    "behind": ("warning", "monitor.target_behind"),
    "not_evaluable": ("note", "monitor.target_not_evaluable"),
}


def track(
    figures: Arrow,
    targets: TargetSet,
    members: Mapping[str, Sequence[str]] | None = None,
    units: Units | None = None,
) -> Arrow:
    """Where each target of a plan stands.

    Parameters
    ----------
    figures
        The table ``figures`` with or without its run. A figure without period is used only where the plan names a
        probable year, and then says so.
    members
        The ids of the entities of a kind, so that a share counts those without a figure as unknown.
    units
        Needed only where figures and targets are in different units.

    Returns
    -------
    Arrow
        The table ``progress`` without ``run``, one row per target, sorted by target.
    """
    asked = {target.quantity for target in targets.targets if target.quantity}
    known = Known(read_values(figures, asked), members or {}, units)
    rows = [follow(target, targets.head.id, known) for target in targets.targets]
    return arrow_rows(sorted(rows, key=lambda row: (row["target"], row["entity"])), PROGRESS)


def progress_findings(progress: Arrow) -> tuple[Finding, ...]:
    """A finding for each target that is missed, behind, or cannot be evaluated."""
    return tuple(_finding(row) for row in rows_of(progress, "state", _SAID))


def _finding(row: Mapping[str, Any]) -> Finding:
    severity, message = _SAID[row["state"]]
    subject = f"{row['pack']}.{row['target']}"
    values = {"target": row["target"], "plan": row["pack"]}
    return Finding(severity, _STAGE, row["target"], message, values, entity=row["entity"], subject=subject)
