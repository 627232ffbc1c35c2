"""The way to passing of a park: what the room ``evaluate/gap`` is given, in a run and afterwards on demand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.catalog import Packs
from greenpark.engine.formula import parse_formula
from greenpark.engine.formula_tree import Leaf
from greenpark.engine.schema import arrow_schema
from greenpark.engine.store import RunRecord, Store
from greenpark.engine.units import Units
from greenpark.evaluate.gap import (
    NotReproducedError,
    Outcome,
    Recipe,
    Subject,
    Trial,
    find_gaps,
    find_levers,
    try_changes,
)
from greenpark.measure import Task, list_tasks
from greenpark.model.gaps import GAPS, LEVERS
from greenpark.model.job import Job, JobError
from greenpark.model.knowledge import Quantity
from greenpark.model.schemes import Scheme, TreeVerdict
from greenpark.model.time import Period
from greenpark.pipeline.company import context_of, with_areas
from greenpark.pipeline.growing import with_bases
from greenpark.pipeline.judging import Judging
from greenpark.pipeline.wiring import definitions_of, entities_of, schemes_of

_SWITCH = "switch="
_FEW_DRAWS = 2
_CHANGE = re.compile(r"(?P<quantity>[a-z][\w.]*)=(?P<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?P<percent>%?)$")
_TOTAL = ("entity", "quantity", "item", "variant", "start", "end", "value")


@dataclass(frozen=True)
class Change:
    """A quantity changed to ``number`` [its unit], or by that share of its magnitude."""

    quantity: str
    number: float
    is_share: bool


@dataclass(frozen=True)
class Assessed:
    """Tables of one run without their run: what was measured, and the verdicts on it.

    ``figures`` has totals with the recomputed years before; ``facts`` what conditions and checklists ask for.
    """

    judging: Judging
    figures: pa.Table
    indicators: pa.Table
    scores: pa.Table
    facts: pa.Table


@dataclass(frozen=True)
class Way:
    """The gaps and levers of one park in one year under one variant; with changes also what they would do."""

    subject: Subject
    gaps: pa.Table
    levers: pa.Table
    outcome: Outcome | None = None


def gap_tables(assessed: Assessed, schemes: Sequence[Scheme], entity: str) -> tuple[pa.Table, pa.Table]:
    """The tables ``gaps`` and ``levers`` of a park in its newest year, under every variant of every scheme."""
    ways = [way for scheme in schemes for way in find_ways(assessed, scheme, entity, all_worth=False)]
    return _stacked([way.gaps for way in ways], GAPS), _stacked([way.levers for way in ways], LEVERS)


def assessed_again(job: Job, packs: Packs, record: RunRecord, store: Store) -> Assessed:
    """The tables of a closed run, with everything that judging it again takes."""
    members = store.engine.to_arrow(store.run_table(record.id, "members"))
    context = context_of(job, with_areas(members, packs.areas), entities_of(store, record.batches))
    judging = Judging(job, packs, definitions_of(job, packs, schemes_of(job, packs)), context)
    figures = store.run_table(record.id, "figures")
    growth, indicators, scores = (_stored(store, record, name) for name in ("growth", "indicators", "scores"))
    measured = totals_of(with_bases(figures, growth, judging.schemes, store), None, store)
    return Assessed(judging, measured, indicators, scores, judging.facts(figures, store))


def totals_of(measured: Any, entity: str | None, store: Store) -> pa.Table:
    """The totals of one park, or of all, as they entered the indicators."""
    rows = measured.filter(measured.item == "")
    rows = rows if entity is None else rows.filter(rows.entity == entity)
    return store.engine.to_arrow(rows.select(*_TOTAL))


def _stored(store: Store, record: RunRecord, name: str) -> pa.Table:
    return store.engine.to_arrow(store.run_table(record.id, name)).drop_columns(["run"])


def find_ways(
    assessed: Assessed,
    scheme: Scheme,
    entity: str,
    changes: Sequence[Change] = (),
    year: int | None = None,
    all_worth: bool = True,
) -> list[Way]:
    """The way to passing under each variant of a scheme; none where the scheme did not judge the park.

    A park whose stored scores do not come out again from the stored indicators is left out: nothing is said of it.

    Parameters
    ----------
    changes
        Changes of quantities of the year, to be tried as well.

    Raises
    ------
    JobError
        When a change names a quantity that no indicator of the scheme uses, or one without value by a percentage.
    year
        The year that is looked at; the newest where none is named.
    all_worth
        Whether also criteria that are met are tried for what one percent more is worth.
    """
    ways = []
    for subject, stored in _subjects(assessed.scores, scheme, entity, year):
        try:
            judge, quick = (assessed.judging.judge(each, assessed.facts) for each in (scheme, _without_draws(scheme)))
            trial = Trial(assessed.indicators, subject, judge, stored, quick)
        except NotReproducedError:
            continue
        recipes = recipes_of(assessed, scheme, subject)
        gaps, found = find_gaps(trial, scheme, assessed.judging.units, all_worth)
        levers = find_levers(trial, found, recipes)
        outcome = try_changes(trial, recipes, _resolved(changes, recipes, scheme)) if changes else None
        ways.append(Way(subject, gaps, levers, outcome))
    return ways


def _without_draws(scheme: Scheme) -> Scheme:
    """The scheme with as few draws of unknown weights as can be: they change the range of a score, not the score."""
    verdict = scheme.verdict
    if not isinstance(verdict, TreeVerdict) or verdict.unknown_weights is None:
        return scheme
    few = verdict.unknown_weights.model_copy(update={"draws": _FEW_DRAWS})
    return scheme.model_copy(update={"verdict": verdict.model_copy(update={"unknown_weights": few})})


def read_change(text: str) -> Change:
    """A change as it is typed: ``quantity=1000``, ``quantity=+5%`` or ``quantity=-5%``.

    Raises
    ------
    JobError
        When the text is none.
    """
    found = _CHANGE.match(text.strip())
    if found is None:
        raise JobError("gaps.bad_change", text=text)
    number = float(found["number"])
    return Change(found["quantity"], number / 100 if found["percent"] else number, bool(found["percent"]))


def _resolved(changes: Sequence[Change], recipes: Mapping[str, Recipe], scheme: Scheme) -> dict[str, float]:
    """The changed values; a percentage is one of the value that the variant at hand has."""
    now: dict[str, float | None] = {}
    for recipe in recipes.values():
        now |= {leaf.name: value for leaf, value in recipe.values.items() if not leaf.lag}
    found: dict[str, float] = {}
    for change in changes:
        if change.quantity not in now:
            known = ", ".join(sorted(now))
            raise JobError("gaps.unknown_quantity", scheme=scheme.head.id, quantity=change.quantity, known=known)
        value = now[change.quantity]
        if not change.is_share:
            found[change.quantity] = change.number
        elif value is None:
            raise JobError("gaps.no_value", quantity=change.quantity)
        else:
            found[change.quantity] = value + change.number * abs(value)
    return found


def _subjects(
    scores: pa.Table, scheme: Scheme, entity: str, year: int | None
) -> list[tuple[Subject, dict[str, dict[str, Any]]]]:
    """The park in one year under each variant that has criteria, with its rows by node."""
    mine = pc.and_(pc.equal(scores.column("scheme"), scheme.head.id), pc.equal(scores.column("entity"), entity))
    rows = [row for row in scores.filter(mine).to_pylist() if _SWITCH not in (row["variant"] or "")]
    days = {row["start"] for row in rows if year in (None, row["start"].year)}
    if not days:
        return []
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        if row["start"] == max(days):
            found.setdefault(row["variant"] or "", {})[row["node"]] = row
    judged = {
        variant: nodes for variant, nodes in found.items() if any(n["kind"] == "criterion" for n in nodes.values())
    }
    ends = {variant: next(iter(nodes.values()))["end"] for variant, nodes in judged.items()}
    return [
        (Subject(scheme.head.id, entity, max(days), ends[variant], variant), judged[variant])
        for variant in sorted(judged)
    ]


def recipes_of(assessed: Assessed, scheme: Scheme, subject: Subject) -> dict[str, Recipe]:
    """How each indicator of the scheme was computed for a park, a year and a variant."""
    quantities, units = assessed.judging.packs.quantities, assessed.judging.units
    tasks = list_tasks([scheme], quantities, assessed.judging.variants)
    figures = _figures_of(assessed.figures, subject.entity)
    wanted = _parts(subject.variant)
    fitting = [task for task in tasks if all(wanted.get(name) == value for name, value in _parts(task.variant).items())]
    return {task.indicator: _recipe(task, subject, figures, quantities, units) for task in fitting}


def _recipe(
    task: Task, subject: Subject, figures: Mapping[tuple[str, str, date, date], float], quantities: Mapping[str, Quantity],
    units: Units,
) -> Recipe:  # fmt: skip
    values = {}
    for need in task.needs:
        period = Period(subject.start, subject.end).shifted(-need.lag)
        values[Leaf(need.quantity, need.lag)] = figures.get((need.quantity, need.variant, period.start, period.end))
    signs = frozenset(need.quantity for need in task.needs if quantities[need.quantity].sign == "non_negative")
    return Recipe(
        task.indicator, task.variant, task.unit, parse_formula(task.formula), values, task.families,
        lambda name: quantities[name].unit, units, signs,
    )  # fmt: skip


def _figures_of(figures: pa.Table, entity: str) -> dict[tuple[str, str, date, date], float]:
    """The totals of a park by quantity, variant and period."""
    own = figures.filter(pc.and_(pc.equal(figures.column("entity"), entity), pc.equal(figures.column("item"), "")))
    columns = ("quantity", "variant", "start", "end", "value")
    rows = zip(*(own.column(name).to_pylist() for name in columns), strict=True)
    return {(name, variant or "", start, end): value for name, variant, start, end, value in rows if value is not None}


def _parts(variant: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in variant.split(";") if part)


def _stacked(tables: list[pa.Table], table: Any) -> pa.Table:
    return pa.concat_tables(tables) if tables else arrow_schema(table).empty_table().drop_columns(["run"])
