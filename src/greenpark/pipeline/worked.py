"""Worked examples of a scheme pack, run through the real stages and compared with what they expect."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from greenpark.catalog import Packs
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.engine.units import Units
from greenpark.evaluate import Context, evaluate
from greenpark.measure import measure
from greenpark.model.contents import WorkedExample
from greenpark.model.numbers import rounded
from greenpark.model.schemes import Scheme
from greenpark.model.tables import FIGURES
from greenpark.model.time import Period

_SAME = 1e-9


@dataclass(frozen=True)
class Deviation:
    """Where a worked example came out otherwise than it says."""

    scheme: str
    example: str
    node: str
    expected: str
    found: str


def run_worked_examples(packs: Packs, scheme_ids: tuple[str, ...], engine: Engine) -> tuple[int, tuple[Deviation, ...]]:
    """How many examples of these schemes were run, and every deviation."""
    units = Units(packs.units.values())
    deviations: list[Deviation] = []
    count = 0
    for scheme_id in scheme_ids:
        for name, example in sorted(packs.examples.get(scheme_id, {}).items()):
            count += 1
            scores = _scores(packs.schemes[scheme_id], example, packs, units, engine)
            deviations += [
                Deviation(scheme_id, name, node, expected, found) for node, expected, found in _compare(example, scores)
            ]
    return count, tuple(deviations)


def _scores(scheme: Scheme, example: WorkedExample, packs: Packs, units: Units, engine: Engine) -> list[dict[str, Any]]:
    figures = _figures(example, packs)
    variants = sorted({variant for variant in figures.column("variant").to_pylist() if variant})
    entities = [example.entity, *example.others]
    found = measure(engine.from_arrow(figures), [scheme], packs.quantities, units, variants, entities, engine)
    if found is None:
        return []
    period = Period.parse(example.period)
    context = Context(example.attributes, example.parents, example.entity_groups, example.references, example.chosen_by)
    rows = engine.to_arrow(found)
    scores = evaluate(rows, [scheme], example.chosen, example.excused, figures, units, context)
    told: list[dict[str, Any]] = scores.to_pylist()
    return [
        row
        for row in told
        if row["entity"] == example.entity and (row["start"], row["end"]) == (period.start, period.end)
    ]


def _figures(example: WorkedExample, packs: Packs) -> pa.Table:
    rows = [*_rows("", example.figures, example.entity, packs)]
    for variant, figures in sorted(example.variants.items()):
        rows += _rows(variant, figures, example.entity, packs)
    for entity, figures in sorted(example.others.items()):
        for variant in ("", *sorted(example.variants)):
            rows += _rows(variant, _of_variant(figures, variant, packs), entity, packs)
    return pa.Table.from_pylist(rows, schema=arrow_schema(FIGURES))


def _of_variant(
    figures: Mapping[str, Mapping[str, float | None]], variant: str, packs: Packs
) -> dict[str, Mapping[str, float | None]]:
    """What other entities report counts alike on every basis and view that the example states for its own entity."""
    return {
        quantity: values
        for quantity, values in figures.items()
        if packs.quantities[quantity].variant == variant.partition("=")[0]
    }


def _rows(
    variant: str, figures: Mapping[str, Mapping[str, float | None]], entity: str, packs: Packs
) -> Iterator[dict[str, object]]:
    for quantity, values in sorted(figures.items()):
        for text, value in sorted(values.items()):
            if value is None:
                continue
            period = Period.parse(text)
            yield {
                "run": "example", "entity": entity, "quantity": quantity, "item": "", "start": period.start,
                "end": period.end, "variant": variant, "value": value, "unit": packs.quantities[quantity].unit,
                "rows": 1, "rows_unmatched": 0, "estimated_share": 0.0, "coverage": "whole_park", "status": "ok",
                "confidence": "high",
            }  # fmt: skip


def _compare(example: WorkedExample, scores: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for name, expected in sorted(example.expect.items()):
        # Other readings of open points are shown beside; an example is of the scheme's own.
        rows = [row for row in scores if row["node"] == name and "switch=" not in row["variant"]]
        if not rows:
            yield name, expected.state, "–"
        for row in rows:
            if row["state"] != expected.state:
                yield name, expected.state, row["state"]
            if expected.reason and row["reason"] != expected.reason:
                yield f"{name}.reason", expected.reason, row["reason"] or "–"
            for column in ("value", "ratio", "score"):
                wanted = getattr(expected, column)
                if wanted is not None and not _close(row[column], wanted):
                    yield f"{name}.{column}", str(wanted), _shown(row[column])
    yield from _compare_verdict(example, [row for row in scores if row["node"] == "verdict"])


def _compare_verdict(example: WorkedExample, verdicts: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    overall = next((row for row in verdicts if row["variant"] == ""), verdicts[0] if verdicts else None)
    wanted = example.verdict
    if overall is None:
        yield "verdict", wanted.state, "–"
        return
    if overall["state"] != wanted.state:
        yield "verdict", wanted.state, overall["state"]
    if wanted.provisional is not None and overall["provisional"] != wanted.provisional:
        yield "verdict.provisional", str(wanted.provisional), str(overall["provisional"])
    for column in ("score", "low", "high", "rank"):
        expected = getattr(wanted, column)
        if expected is not None and not _close(overall[column], expected):
            yield f"verdict.{column}", str(expected), _shown(overall[column])


def _close(found: float | None, wanted: float) -> bool:
    return found is not None and math.isclose(found, wanted, rel_tol=_SAME, abs_tol=_SAME)


def _shown(value: float | None) -> str:
    return "–" if value is None else str(rounded(value))
