"""The quarterly sheet and the ledger of a run: what monitoring is given, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from greenpark.account import Accounts, Definitions
from greenpark.account.conflicts import without
from greenpark.account.quarters import quarter_totals
from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.model.findings import Finding
from greenpark.model.job import Job
from greenpark.model.schemes import Target
from greenpark.model.steering import QUARTERLY, LightRule, PlanLine
from greenpark.model.time import Period
from greenpark.monitor.plan_ledger import ledger_findings, ledger_table
from greenpark.monitor.quarterly import quarterly_findings, quarterly_sheet
from greenpark.pipeline.gather import Gathered
from greenpark.pipeline.wiring import entries_of, subjects_of


@dataclass(frozen=True)
class Steered:
    """The tables ``quarterly`` and ``ledger`` without their run, and their findings."""

    sheet: pa.Table
    ledger: pa.Table
    findings: tuple[Finding, ...]


def steer(
    job: Job, packs: Packs, definitions: Definitions, accounts: Accounts, energy: Any, emissions: Any,
    gathered: Gathered, completeness: pa.Table, engine: Engine,
) -> Steered:  # fmt: skip
    """The quarterly sheet of the boundary and its zones, and the ledger of measures.

    Parameters
    ----------
    energy, emissions
        Stored rows of the run.
    completeness
        The months of each series, without the run.
    """
    sheet, findings = _quarterly(job, packs, definitions, accounts, energy, emissions, completeness, engine)
    measures = [row for each in gathered.read for row in each.collected.measures]
    day = job.steering.day or _day_after(sheet, measures)
    ledger = ledger_table(measures, day)
    return Steered(sheet, ledger, (*findings, *ledger_findings(ledger, day, needed_by(sheet))))


def needed_by(sheet: pa.Table) -> dict[str, float]:
    """By how much the newest cumulative energy and CO2 exceed their plan lines, the worst of each [tce, tCO2]."""
    needed: dict[str, float] = {}
    rows = [row for row in sheet.to_pylist() if row["miss"] is not None and row["operator"] == "<=" and not row["over"]]
    newest = max((row["end"] for row in rows), default=None)
    for row in rows:
        kind = {"energy": "tce", "co2": "co2"}.get(row["quantity"].partition(".")[0])
        gap = row["value"] - row["plan"]
        if row["end"] == newest and kind and row["unit"] in ("tce", "tCO2") and gap > 0:
            needed[kind] = max(needed.get(kind, 0.0), gap)
    return needed


def _day_after(sheet: pa.Table, measures: Sequence[Mapping[str, Any]]) -> date:
    """The day after the last data; without any, the newest day on which a measure was begun or done."""
    ends = [row["end"] for row in sheet.select(["end"]).to_pylist()]
    happened = [row[name] for row in measures for name in ("begun", "done") if row.get(name)]
    return max(ends or happened, default=date.min)


def _quarterly(
    job: Job, packs: Packs, definitions: Definitions, accounts: Accounts, energy: Any, emissions: Any,
    completeness: pa.Table, engine: Engine,
) -> tuple[pa.Table, tuple[Finding, ...]]:  # fmt: skip
    if not (job.steering.quarterly and definitions.profiles and job.steering.rule in packs.lights):
        return arrow_schema(QUARTERLY).empty_table().drop_columns(["run"]), ()
    reported = [
        each.id
        for each in packs.quantities.values()
        if each.over_time == "sum" and each.over_entities == "sum" and each.id != "energy.amount"
    ]
    broken = accounts.gaps.broken
    totals = quarter_totals(
        without(energy, broken, engine), without(emissions, broken, engine), accounts.observations, accounts.boundary,
        subjects_of(job, accounts.boundary), reported, entries_of(accounts, definitions), completeness,
        accounts.gaps.overlapping, engine,
    )  # fmt: skip
    plan = plan_of(job, packs)
    sheet = quarterly_sheet(totals, plan, packs.lights[job.steering.rule], definitions.knowledge.units)
    if job.years:
        kept = [row["start"].year in job.years for row in sheet.select(["start"]).to_pylist()]
        sheet = sheet.filter(pa.array(kept, pa.bool_()))
    return sheet, (*quarterly_findings(sheet), *_unused(plan, sheet))


def plan_of(job: Job, packs: Packs) -> tuple[PlanLine, ...]:
    """The job's plan lines, and the levels that its target packs set for a year, each with its entity."""
    own = [line if line.entity else line.model_copy(update={"entity": job.boundary}) for line in job.steering.plan]
    targets = [target for name in job.targets for target in packs.targets[name].targets]
    return (*own, *(line for target in targets if (line := _line_of(target)) is not None))


def _line_of(target: Target) -> PlanLine | None:
    """A plan line of the year in which a level is due."""
    goal, operator = target.goal, target.operator
    if target.kind != "level" or goal is None or not goal.period or operator not in ("<=", ">="):
        return None
    due = Period.parse(goal.period)
    if due != Period.year(due.start.year):
        return None
    return PlanLine(
        quantity=target.quantity, entity=target.entity, year=due.start.year, operator=operator, goal=goal.value,
        unit=goal.unit, source=target.id,
    )  # fmt: skip


def _unused(plan: tuple[PlanLine, ...], sheet: pa.Table) -> list[Finding]:
    """A finding for each plan line that no quarter is held against."""
    used = {
        (row["entity"], row["quantity"], row["over"], row["start"].year)
        for row in sheet.to_pylist()
        if row["goal"] is not None
    }
    found = []
    for line in plan:
        if (line.entity, line.quantity, line.over, line.year) not in used:
            values: dict[str, object] = {"quantity": line.quantity, "year": line.year}
            found.append(
                Finding("note", "monitor", "quarterly", "monitor.plan_unused", values, line.entity, line.quantity)
            )
    return found


def rule_of(job: Job, folders: Sequence[Path]) -> LightRule | None:
    """The rule of the lights that a job names, from the packs."""
    return load_packs(folders, kinds=("steering",)).lights.get(job.steering.rule)
