"""Which evidence is missing, from the reason of a state."""

from __future__ import annotations

import json

from greenpark.evaluate.gap.trial import Row

_NOT_COUNTED = ("not_applicable", "excused")
_WITHOUT_A_GAP = {"met": "met", "scored": "no_limit"}


def missing_quantities(row: Row) -> tuple[str, ...]:
    """The quantities that a criterion or condition waits for; the indicator itself where nothing of it was reported."""
    if row["state"] != "not_evaluable":
        return ()
    said = json.loads(row["detail"] or "{}")
    listed = said.get("quantities")
    if isinstance(listed, list):
        return tuple(str(each) for each in listed)
    return ()


def gap_status(row: Row, has_gap: bool, names_missing: bool) -> str:
    """What stands in the way: nothing, no limit at all, a change, evidence, an answer of a reader, or an undefined value."""
    if row["state"] in _NOT_COUNTED:
        return "not_counted"
    if row["state"] in _WITHOUT_A_GAP:
        return _WITHOUT_A_GAP[row["state"]]
    if row["state"] == "not_met":
        return "gap" if has_gap else "no_change_found"
    if row["kind"] != "criterion":
        return "open"
    return "missing" if names_missing or row["value"] is None else "undefined"
