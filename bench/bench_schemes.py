"""All schemes over the national zones and ten years; and 10,000 draws of unknown weights with their rank ranges."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.engine.units import Units
from greenpark.evaluate import Context, evaluate, facts_asked
from greenpark.evaluate.draws import sample
from greenpark.evaluate.tree import INDEX, Branch, Tree
from greenpark.evaluate.tree_scores import masks_of
from greenpark.measure import list_tasks, measure
from greenpark.model.scheme_verdicts import Group, UnknownWeights
from greenpark.model.tables import FIGURES

ZONES, YEARS, CRITERIA, DRAWS = 178, 10, 46, 10_000
FIRST, BEFORE = 2015, 4
TARGET_SCHEMES, TARGET_DRAWS = 20.0, 1.0
BASES = ("basis=calorific", "basis=primary_energy", "view=location", "view=market", "view=zero_carbon_park", "")
ROUNDS = 3


def targets() -> list[dict[str, Any]]:
    """The speed of scoring everything, and of the ranges that unknown weights leave."""
    return [_all_schemes(), _draws()]


# ---------------------------------------------------------------- all schemes
def _all_schemes() -> dict[str, Any]:
    packs = load_packs(kinds=("schemes",))
    schemes, units, engine = list(packs.schemes.values()), Units(packs.units.values()), Engine("duckdb")
    figures = national_figures(packs, ZONES, YEARS)
    zones = sorted(set(figures.column("entity").to_pylist()))
    context = Context({zone: {"kind": ("zone",), "industry": ("C",)} for zone in zones})
    facts = figures.filter(pa.compute.is_in(figures.column("quantity"), pa.array(_facts(packs), pa.string())))
    start = time.perf_counter()
    found = measure(engine.from_arrow(figures), schemes, packs.quantities, units, BASES, zones, engine)
    indicators = engine.to_arrow(found.filter(found.start >= date(FIRST, 1, 1)))
    between = time.perf_counter()
    rows = evaluate(indicators, schemes, {}, {}, facts, units, context).num_rows
    taken = time.perf_counter() - start
    engine.close()
    bare = _least(indicators)
    return {
        "id": "all_schemes_nation",
        "what": f"{len(schemes)} schemes × {ZONES} zones × {YEARS} years, from figures to {rows} verdict rows "
        f"({between - start:.1f} s of it to measure)",
        "target": TARGET_SCHEMES,
        "measured": round(taken, 2),
        "unit": "s",
        "reference": f"NumPy comparing every indicator with a number once: {bare:.5f} s",
        "ratio": round(taken / bare, 1),
        "rows": rows,
        "peak_mb": None,
        "ok": taken < TARGET_SCHEMES,
    }


def _facts(packs: Packs) -> list[str]:
    return sorted({name for scheme in packs.schemes.values() for name in facts_asked(scheme)})


def _least(indicators: pa.Table) -> float:
    start = time.perf_counter()
    values = indicators.column("value").to_numpy(zero_copy_only=False).astype(float)
    np.count_nonzero(values >= 1.0)
    return time.perf_counter() - start


def national_figures(packs: Packs, zones: int, years: int) -> pa.Table:
    """Invented figures of every quantity that any scheme asks for: zone × year, seeded, none missing."""
    tasks = list_tasks(list(packs.schemes.values()), packs.quantities, BASES)
    needed = sorted({(need.quantity, need.variant.partition("#")[0]) for task in tasks for need in task.needs})
    needed += [(name, "") for name in _facts(packs) if (name, "") not in needed]
    rng = np.random.default_rng(11)
    first = FIRST - BEFORE
    span = years + BEFORE
    size = zones * span
    entity = np.repeat([f"zone_{index:03d}" for index in range(zones)], span)
    year = np.tile(np.arange(first, first + span), zones)
    parts = []
    for quantity, variant in needed:
        is_fact = quantity.startswith("fact.")
        value = np.ones(size) if is_fact else np.repeat(rng.uniform(50, 150, zones), span) * rng.uniform(0.9, 1.1, size)
        parts.append(_column(entity, year, quantity, variant, packs.quantities[quantity].unit, value))
    return pa.concat_tables(parts)


def _column(
    entity: np.ndarray, year: np.ndarray, quantity: str, variant: str, unit: str, value: np.ndarray
) -> pa.Table:
    size = len(value)
    same = {
        "run": "bench", "quantity": quantity, "item": "", "variant": variant, "unit": unit, "rows": 1,
        "rows_unmatched": 0, "estimated_share": 0.0, "coverage": "whole_park", "status": "ok", "confidence": "high",
    }  # fmt: skip
    columns: dict[str, Any] = {name: [each] * size for name, each in same.items()}
    columns["entity"] = entity.tolist()
    columns["start"] = [date(each, 1, 1) for each in year.tolist()]
    columns["end"] = [date(each + 1, 1, 1) for each in year.tolist()]
    columns["value"] = value
    schema = arrow_schema(FIGURES)
    return pa.table({name: columns[name] for name in schema.names}, schema=schema)


# ---------------------------------------------------------------- draws
def _draws() -> dict[str, Any]:
    matrix = np.random.default_rng(5).random((CRITERIA, ZONES))
    tree, bounds = flat_tree(matrix), bounds_of(DRAWS)
    classes, everyone = np.zeros(ZONES, dtype=np.int64), np.ones(ZONES, dtype=np.bool_)
    taken = min(_timed(lambda: sample(tree, bounds, 100.0, classes, everyone)) for _ in range(ROUNDS))
    bare = min(_timed(lambda: by_numpy(matrix, bounds)) for _ in range(ROUNDS))
    return {
        "id": "weight_draws",
        "what": f"{DRAWS} draws of {CRITERIA} unknown weights, range of score and rank of {ZONES} zones",
        "target": TARGET_DRAWS,
        "measured": round(taken, 3),
        "unit": "s",
        "reference": f"NumPy: one product of matrices and two argsorts: {bare:.3f} s",
        "ratio": round(taken / bare, 2),
        "rows": DRAWS * ZONES,
        "peak_mb": None,
        "ok": taken < TARGET_DRAWS,
    }


def bounds_of(draws: int) -> UnknownWeights:
    """Weights between 0.8 and 1.2."""
    return UnknownWeights(low=0.8, high=1.2, draws=draws, seed=1, source="S1", confidence="low")


def flat_tree(matrix: np.ndarray) -> Tree:
    """A tree of one group with a criterion for each row of the matrix, all weights unknown."""
    names = tuple(f"c{index}" for index in range(len(matrix)))
    known = np.ones(matrix.shape, dtype=np.bool_)
    masks = masks_of(known, known, "incomplete", "leave_out", 1)
    rules = Group.model_validate({"id": "all", "title": {"zh": "全部", "en": "all"}})
    branch = Branch(INDEX, rules, names, (), masks, known[0])
    return Tree((branch,), dict(zip(names, matrix, strict=True)), dict.fromkeys(names), frozenset())


def by_numpy(matrix: np.ndarray, bounds: UnknownWeights) -> tuple[np.ndarray, ...]:
    """The same by hand: lowest and highest score, best and worst rank."""
    weights = np.random.default_rng(bounds.seed).uniform(bounds.low, bounds.high, (bounds.draws, len(matrix)))
    scores = weights @ matrix / weights.sum(axis=1, keepdims=True) * 100.0
    ranks = np.argsort(np.argsort(-scores, axis=1), axis=1) + 1
    return scores.min(axis=0), scores.max(axis=0), ranks.min(axis=0), ranks.max(axis=0)


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
