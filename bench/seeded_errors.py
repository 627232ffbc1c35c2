"""Real data into which errors are put by a seeded draw, each labelled, and what the checks find of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from bench.check_bases import Base, Row
from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.engine.units import Units
from greenpark.model.findings import Finding
from greenpark.model.tables import ENTITIES, OBSERVATIONS
from greenpark.validate import CheckDefinitions, validate

TUNING_SEED = 1
PREVALENCE = 0.015
FACTORS = (10.0, 100.0, 1000.0, 10000.0, 0.1, 0.01, 0.001, 0.0001)


@dataclass(frozen=True)
class Seeded:
    """A base with errors: the lines that were spoilt, what stood there, and the lines of each error."""

    base: Base
    errors: tuple[frozenset[int], ...]
    truth: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """What was found of the errors put in."""

    errors: int
    found: int
    told: int
    right: int
    proposed: int

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, each) + getattr(other, each) for each in self.__dataclass_fields__))


# ---------------------------------------------------------------- errors
def slips(base: Base, seed: int) -> Seeded:
    """Values times a power of ten, or divided by one."""
    return _spoil(base, seed, "slip", lambda rows, random: {rows[0]["line"]: rows[0]["value"] * random.choice(FACTORS)})


def exchanged(base: Base, seed: int) -> Seeded:
    """Two different values of one unit and period in one another's place."""

    def exchange(rows: Sequence[Row], random: np.random.Generator) -> dict[int, float]:
        first = rows[0]
        others = [each for each in rows[1:] if each["start"] == first["start"] and each["value"] != first["value"]]
        if not others:
            return {}
        second = others[int(random.integers(len(others)))]
        return {first["line"]: second["value"], second["line"]: first["value"]}

    return _spoil(base, seed, "exchanged", exchange, group=lambda row: (row["entity"], row["start"], row["end"]))


def copied(base: Base, seed: int) -> Seeded:
    """A month that holds the value of the month before."""

    def copy(rows: Sequence[Row], random: np.random.Generator) -> dict[int, float]:
        first = rows[0]
        before = [row for row in rows if row["end"] == first["start"]]
        return {first["line"]: before[0]["value"]} if before and before[0]["value"] != first["value"] else {}

    return _spoil(base, seed, "copied", copy, group=_series)


def standard_coal(base: Base, seed: int, factors: dict[str, float]) -> Seeded:
    """Amounts in tonnes of coal equivalent where the physical amount belongs."""

    def typed(rows: Sequence[Row], random: np.random.Generator) -> dict[int, float]:
        factor = factors.get(rows[0]["carrier"] or "")
        return {rows[0]["line"]: rows[0]["value"] * factor} if factor else {}

    return _spoil(base, seed, "tce", typed)


def whole_years(base: Base, seed: int, previous: bool = False) -> Seeded:
    """Every period of a series times a power of ten: this year, or (``previous``) the newest year of the history."""
    pool = base.history if previous else base.rows
    newest = max(row["start"].year for row in pool)
    random = np.random.default_rng(seed)
    by_series: dict[tuple[Any, ...], list[Row]] = {}
    for row in pool:
        if row["start"].year == newest and row["value"]:
            by_series.setdefault(_series(row), []).append(row)
    named = sorted(by_series, key=str)
    wanted = PREVALENCE * len(base.rows)
    changed: dict[int, float] = {}
    errors: list[frozenset[int]] = []
    for place in random.permutation(len(named)):
        rows = by_series[named[place]]
        factor = float(random.choice(FACTORS))
        if sum(map(len, errors)) >= wanted:
            break
        changed |= {row["line"]: row["value"] * factor for row in rows}
        # A finding at any cell of the series may name the year.
        both = (*base.rows, *base.history)
        errors.append(frozenset(row["line"] for row in both if _series(row) == named[place]))
    return _with(base, changed, errors)


def _series(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("entity", "quantity", "carrier", "flow", "counterparty"))


def _spoil(
    base: Base, seed: int, kind: str, error: Callable[[Sequence[Row], np.random.Generator], dict[int, float]],
    group: Callable[[Row], tuple[Any, ...]] | None = None,
) -> Seeded:  # fmt: skip
    """Errors of one kind at the prevalence; a drawn row leads its group, and zero rows cannot be spoilt."""
    random = np.random.default_rng([seed, sum(map(ord, kind))])
    rows = [row for row in base.rows if row["value"]]
    groups: dict[tuple[Any, ...], list[Row]] = {}
    if group:
        for row in rows:
            groups.setdefault(group(row), []).append(row)
    wanted = max(1, round(PREVALENCE * len(base.rows)))
    changed: dict[int, float] = {}
    errors: list[frozenset[int]] = []
    for place in random.permutation(len(rows)):
        first = rows[place]
        others = [row for row in groups[group(first)] if row is not first] if group else []
        spoilt = error([first, *others], random)
        if not spoilt or changed.keys() & spoilt.keys():
            continue
        changed |= spoilt
        errors.append(frozenset(spoilt))
        if len(changed) >= wanted:
            break
    return _with(base, changed, errors)


def _with(base: Base, changed: dict[int, float], errors: Sequence[frozenset[int]]) -> Seeded:
    def spoilt(rows: Iterable[Row]) -> tuple[Row, ...]:
        return tuple({**row, "value": changed.get(row["line"], row["value"])} for row in rows)

    truth = {row["line"]: row["value"] for row in (*base.rows, *base.history) if row["line"] in changed}
    return Seeded(replace(base, rows=spoilt(base.rows), history=spoilt(base.history)), tuple(errors), truth)


# ---------------------------------------------------------------- measuring
def check(base: Base, definitions: CheckDefinitions, engine: Engine) -> tuple[Finding, ...]:
    """What the checks tell of a base, notes left out."""
    schema = arrow_schema(OBSERVATIONS)
    rows = engine.from_arrow(pa.Table.from_pylist(list(base.rows), schema=schema))
    history = engine.from_arrow(pa.Table.from_pylist(list(base.history), schema=schema)) if base.history else None
    entities = pa.Table.from_pylist(
        [{"batch": base.id, **each} for each in base.entities], schema=arrow_schema(ENTITIES)
    )
    found = validate(rows, entities, base.rules, definitions, engine, history)
    return tuple(finding for finding in found if finding.severity != "note")


def lines_of(finding: Finding) -> set[int]:
    """The lines that a finding names."""
    others = str(finding.values.get("others", "")).split(", ")
    return {int(cell[1:].split("!")[-1]) for cell in (finding.place.cell, *others) if cell.startswith("L")}


def score(seeded: Seeded, findings: Sequence[Finding]) -> Score:
    """How many errors a finding names, and how many findings name an error; proposals within 1 % of the truth."""
    named = [lines_of(finding) for finding in findings]
    everywhere = set().union(*named) if named else set()
    bad = set().union(*seeded.errors) if seeded.errors else set()
    found = sum(bool(each & everywhere) for each in seeded.errors)
    right = sum(bool(lines & bad) for lines in named)
    spoilt = {row["line"]: row["value"] for row in (*seeded.base.rows, *seeded.base.history)}
    proposed = sum(_proposes(finding, seeded.truth, spoilt) for finding in findings)
    return Score(len(seeded.errors), found, len(findings), right, proposed)


def _proposes(finding: Finding, truth: dict[int, float], spoilt: dict[int, float]) -> bool:
    """Whether the proposal is the true value: as a ratio, for it is told in the unit that was reported."""
    line = int(finding.place.cell[1:])
    proposal, value = finding.values.get("proposal"), finding.values.get("value")
    if line not in truth or not isinstance(proposal, float) or not isinstance(value, float):
        return False
    return math.isclose(proposal / value, truth[line] / spoilt[line], rel_tol=0.01)


def definitions_of(packs: Packs) -> CheckDefinitions:
    """What the checks look up."""
    return CheckDefinitions(packs.carriers, packs.factor_sets, Units(packs.units.values()))


def all_packs() -> Packs:
    """The packs that come with greenpark."""
    return load_packs()
