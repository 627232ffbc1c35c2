"""Gap to pass: what is missing for a scheme, which quantity could bring it, what a change would do.

Everything is tried by judging the scheme again with the change, so that it holds for every kind of rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from greenpark.engine.shape import Arrow, arrow_rows
from greenpark.engine.units import Units
from greenpark.evaluate.counts import VERDICT
from greenpark.evaluate.gap.finding import (
    Gap,
    cheapest_way,
    find_gap,
    gap_cells,
    score_gained,
    worth_of_percent,
)
from greenpark.evaluate.gap.levers import value_needed
from greenpark.evaluate.gap.missing import gap_status, missing_quantities
from greenpark.evaluate.gap.peers import Compared, PeerGroup, peer_benchmark, peer_groups, peers_of, size_classes
from greenpark.evaluate.gap.recipes import Recipe
from greenpark.evaluate.gap.trial import Judge, NotReproducedError, Row, Subject, Trial
from greenpark.evaluate.gap.what_if import Outcome, try_changes
from greenpark.model.gaps import GAPS, LEVERS
from greenpark.model.numbers import rounded
from greenpark.model.schemes import Criterion, Scheme

__all__ = [
    "Compared", "Judge", "NotReproducedError", "Outcome", "PeerGroup", "Recipe", "Subject", "Trial", "find_gaps",
    "find_levers", "peer_benchmark", "peer_groups", "peers_of", "size_classes", "try_changes",
]  # fmt: skip


def find_gaps(trial: Trial, scheme: Scheme, units: Units, all_worth: bool = True) -> tuple[Arrow, dict[str, Gap]]:
    """One row for each criterion and condition, one for the verdict, and the gaps themselves by criterion.

    Parameters
    ----------
    all_worth
        Whether also what is met is tried for what one percent more is worth: a judgement for each.

    Returns
    -------
    Arrow
        The table ``gaps`` without ``run``: state, nearest value that passes, its change, what one percent is worth in
        score, and whether it belongs to the cheapest set that passes the scheme.
    """
    criteria = [each for each in scheme.criteria if each.id in trial.base]
    gaps = {
        each.id: gap
        for each in criteria
        if trial.base[each.id]["state"] == "not_met" and (gap := find_gap(trial, scheme, each, units)) is not None
    }
    verdict = trial.base[VERDICT]
    way = cheapest_way(trial, gaps) if gaps and verdict["state"] not in ("met", "not_applicable") else None
    rows = [_criterion_row(trial, scheme, each, gaps.get(each.id), way, all_worth) for each in criteria]
    rows += [_row(trial, row, None) for row in trial.base.values() if row["kind"] == "condition"]
    rows.append(_verdict_row(trial, verdict, gaps, way))
    return arrow_rows(rows, GAPS), gaps


def _criterion_row(
    trial: Trial, scheme: Scheme, criterion: Criterion, gap: Gap | None, way: Sequence[str] | None, all_worth: bool
) -> dict[str, Any]:
    cheapest = None if way is None or gap is None else criterion.id in way
    row = _row(trial, trial.base[criterion.id], gap) | {"cheapest": cheapest}
    if row["status"] in ("gap", "no_change_found", *(("met", "no_limit") if all_worth else ())):
        row["worth"] = worth_of_percent(trial, scheme, criterion, gap)
    if gap is not None:
        row |= gap_cells(gap) | {"worth_full": score_gained(trial, {gap.indicator: gap.own})}
    return row


def _row(trial: Trial, row: Row, gap: Gap | None) -> dict[str, Any]:
    taken = ("node", "role", "state", "value", "operator", "unit", "reason", "detail", "provisional", "confidence")
    missing = missing_quantities(row)
    return {
        **_of(trial.subject),
        **{name: row[name] for name in taken},
        "status": gap_status(row, gap is not None, bool(missing)),
        "missing": "+".join(missing) or None,
    }


def _verdict_row(trial: Trial, verdict: Row, gaps: Mapping[str, Gap], way: Sequence[str] | None) -> dict[str, Any]:
    """The scheme as a whole: passed, to be passed by the cheapest set, or not to be passed by changes of values alone."""
    row = _row(trial, verdict, None)
    if way is None:
        return row
    total = sum(gaps[name].cost for name in way)
    sums = {"relative": rounded(total)} if total < float("inf") else {}
    return row | {"status": "gap", "cheapest": True, **sums}


def _of(subject: Subject) -> dict[str, Any]:
    return {
        "scheme": subject.scheme, "entity": subject.entity, "start": subject.start, "end": subject.end,
        "variant": subject.variant,
    }  # fmt: skip


def find_levers(trial: Trial, gaps: Mapping[str, Gap], recipes: Mapping[str, Recipe]) -> Arrow:
    """For each gap and each quantity of its indicator: what that quantity alone would have to be.

    Parameters
    ----------
    recipes
        By full indicator id, for the variant of the trial.
    """
    rows = []
    for name, gap in sorted(gaps.items()):
        recipe = recipes.get(gap.indicator)
        if recipe is None or gap.target.method == "yes_no":
            continue
        known = recipe.reproduces(trial.value_of(gap.indicator))
        rows += [_lever(trial, name, gap, recipe, quantity, known) for quantity in recipe.quantities]
    return arrow_rows(rows, LEVERS)


def _lever(trial: Trial, name: str, gap: Gap, recipe: Recipe, quantity: str, known: bool) -> dict[str, Any]:
    def reaches(value: float | None) -> bool:
        return value is not None and trial.judged({gap.indicator: value})[name]["state"] == "met"

    now = next(value for leaf, value in recipe.values.items() if leaf.name == quantity and not leaf.lag)
    base = {**_of(trial.subject), "node": name, "quantity": quantity, "value": now, "unit": recipe.unit_of(quantity)}
    if not known:
        return base | {"status": "not_recomputed"}
    needed = value_needed(recipe, quantity, gap.own, reaches)
    row = base | {"method": needed.method, "status": needed.status}
    if needed.value is None or now is None:
        return row
    change = needed.value - now
    relative = rounded(change / abs(now)) if now else None
    return row | {"needed": needed.value, "change": rounded(change), "relative": relative}
