"""How sure totals are: propagation of errors, simulation, and what each source brings to the uncertainty.

`assess` is the whole of it: cells in, the table ``uncertainty`` and findings out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from greenpark.account.boundary import Boundary
from greenpark.account.entries import EmissionEntry, EnergyEntry
from greenpark.account.uncertainty.analytic import Propagated, propagate
from greenpark.account.uncertainty.build import Built, build_cells, least_rank
from greenpark.account.uncertainty.corrections import correction_cells
from greenpark.account.uncertainty.findings import doubts_of
from greenpark.account.uncertainty.ranges import Ranges
from greenpark.account.uncertainty.rows import TARGET, enter_cells, read_cells
from greenpark.account.uncertainty.simulate import Simulated, simulate
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.model.doubt import Approach
from greenpark.model.findings import Finding
from greenpark.model.numbers import rounded
from greenpark.model.tables import UNCERTAINTY

__all__ = ["Asked", "Assessed", "assess", "enter_cells", "read_cells"]

_CONFIDENCE = ("low", "medium", "high")


@dataclass(frozen=True)
class Asked:
    """Which entities and years, and by which approaches."""

    entities: Sequence[str]
    years: Sequence[int]
    approaches: Sequence[Approach]
    draws: int
    seed: int


@dataclass(frozen=True)
class Assessed:
    """The table ``uncertainty`` without its run, and what is to be said about it."""

    table: pa.Table
    findings: tuple[Finding, ...]


def assess(
    cells: Any, matches: pa.Table, boundary: Boundary, entries: tuple[Sequence[EmissionEntry], Sequence[EnergyEntry]],
    ranges: Mapping[Approach, Ranges], asked: Asked, engine: Engine, brought: Sequence[Mapping[str, Any]] = (),
) -> Assessed:  # fmt: skip
    """How sure the totals of some entities are.

    Parameters
    ----------
    cells, matches
        Cells of units as the totals count them, and the match table with their kinds.
    entries
        Which rows enter which total, as for the figures.
    ranges
        Where the ranges of each approach are looked up.
    brought
        What totals hold beside the rows of units: without it their means would be off the figures.
    """
    read = read_cells(cells, matches, boundary, asked.entities, engine)
    frame = enter_cells(read, *entries)
    if (beside := correction_cells(brought, boundary, asked.entities)) is not None:
        frame = pd.concat([frame, beside], ignore_index=True)
    if asked.years:
        starts = [each is not None and each.year in asked.years for each in frame["start"]]
        frame = frame[np.array(starts, bool)]
    rows: list[dict[str, Any]] = []
    findings: list[Finding] = []
    if len(frame):
        by_ranges = build_cells(frame, ranges["analytic"])
        for approach in asked.approaches:
            built = build_cells(frame, ranges[approach]) if approach == "pedigree" else by_ranges
            if approach == "monte_carlo":
                simulated = simulate(built.cells, _keys(built), asked.draws, asked.seed)
                rows += _simulated_rows(built, simulated, asked)
                findings += doubts_of(built, simulated, asked.draws)
            else:
                rows += _propagated_rows(built, propagate(built.cells), approach)
        findings += doubts_of(by_ranges, None, 0)
    schema = pa.schema([each for each in arrow_schema(UNCERTAINTY) if each.name != "run"])
    ordered = sorted(rows, key=_order)
    return Assessed(pa.Table.from_pylist(ordered, schema=schema), tuple(findings))


def _order(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in UNCERTAINTY.key if name != "run")


def _keys(built: Built) -> list[str]:
    return ["|".join(str(each) for each in row) for row in built.targets[TARGET].itertuples(index=False)]


def _heads(built: Built, approach: str) -> list[dict[str, Any]]:
    heads = []
    for number, row in enumerate(built.targets[TARGET].to_dict("records")):
        head: dict[str, Any] = {str(key): None if pd.isna(value) else value for key, value in row.items()}
        used = [built.ranges[name] for name in built.rests[number]]
        head |= {"approach": approach, "source": "", "assumed": any(each.assumed for each in used)}
        heads.append(head | {"confidence": _CONFIDENCE[least_rank(built, number)]})
    return heads


def _propagated_rows(built: Built, found: Propagated, approach: str) -> list[dict[str, Any]]:
    rows = []
    cells = built.cells
    heads = _heads(built, approach)
    for target, head in enumerate(heads):
        rows.append(head | _interval(found.value[target], found.low[target], found.high[target]) | {"share": None})
    for target, source in zip(*np.nonzero(found.dependent), strict=True):
        value = found.dependent[target, source]
        low, high = value - found.below[target, source], value + found.above[target, source]
        name = f"factor:{cells.sources.names[source]}"
        rows.append(heads[target] | _interval(value, low, high) | _of(built, name, found.share[target, source]))
    parts = cells.parts
    for number, target in enumerate(parts.target):
        value = parts.value[number]
        low, high = value - np.sqrt(parts.down[number]), value + np.sqrt(parts.up[number])
        name = parts.labels[parts.label[number]]
        rows.append(heads[target] | _interval(value, low, high) | _of(built, name, found.activity_share[number]))
    return rows


def _of(built: Built, name: str, share: float) -> dict[str, Any]:
    known = built.ranges[name]
    return {
        "source": name, "share": rounded(float(share)), "assumed": known.assumed, "confidence": known.confidence,
    }  # fmt: skip


def _simulated_rows(built: Built, found: Simulated, asked: Asked) -> list[dict[str, Any]]:
    drawn = {"draws": asked.draws, "seed": asked.seed, "share": None}
    return [
        head | _interval(found.mean[target], found.low[target], found.high[target]) | drawn
        for target, head in enumerate(_heads(built, "monte_carlo"))
    ]


def _interval(value: float, low: float, high: float) -> dict[str, float | None]:
    """Value, ends and half width; a half width of nothing is none, and the ends say it in units."""
    half = rounded(float((high - low) / 2 / abs(value))) if value else None
    return {
        "value": rounded(float(value)), "low": rounded(float(low)), "high": rounded(float(high)), "half_width": half,
    }  # fmt: skip
