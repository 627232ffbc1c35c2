"""The worked examples of the scheme packs: their figures as a table of indicators."""

from __future__ import annotations

from itertools import product
from typing import Any

import pyarrow as pa

from greenpark.catalog import Packs
from greenpark.engine.formula import parse_formula
from greenpark.engine.formula_tree import Leaf
from greenpark.engine.formula_values import evaluate_numbers
from greenpark.engine.schema import arrow_schema, conform
from greenpark.engine.units import Units
from greenpark.model.contents import WorkedExample
from greenpark.model.numbers import rounded
from greenpark.model.schemes import Indicator, Scheme
from greenpark.model.tables import FIGURES, INDICATORS
from greenpark.model.time import Period

VALUE_ADDED = "economy.industrial_value_added"
BASES = {"open": ("calorific", "primary_energy")}
PRICES = {"open": ("comparable", "current")}


def indicators_of(scheme: Scheme, example: WorkedExample, packs: Packs, units: Units) -> pa.Table:
    """The indicators of a scheme from the figures of an example, each open basis on its own."""
    period = Period.parse(example.period)
    rows = []
    for indicator in scheme.indicators:
        for basis, price in product(
            BASES.get(indicator.energy_basis, (indicator.energy_basis,)), PRICES.get(indicator.price_basis, ("",))
        ):
            value, missing = _value(indicator, basis, price, example, period, packs, units)
            parts = [f"basis={basis}"] if indicator.energy_basis == "open" else []
            parts += [f"price={price}"] if indicator.price_basis == "open" else []
            rows.append(
                {
                    "entity": example.entity, "indicator": f"{scheme.head.id}.{indicator.id}", "start": period.start,
                    "end": period.end, "variant": ";".join(parts), "value": value, "unit": indicator.unit,
                    "coverage": "boundary", "missing": "+".join(missing) or None,
                    "status": "not_evaluable" if value is None else "ok", "confidence": "high",
                }
            )  # fmt: skip
    return conform(pa.Table.from_pylist(rows), INDICATORS, ("run",))


def facts_of(example: WorkedExample) -> pa.Table:
    """The yes or no facts of an example as figures."""
    rows: list[dict[str, Any]] = []
    for quantity, values in example.figures.items():
        for text, value in values.items():
            if quantity.startswith("fact."):
                period = Period.parse(text)
                rows.append(
                    {
                        "entity": example.entity, "quantity": quantity, "item": "", "start": period.start, "end": period.end,
                        "variant": "", "value": value, "unit": "1", "rows": 1, "rows_unmatched": 0, "coverage": "boundary",
                        "status": "ok", "confidence": "high",
                    }
                )  # fmt: skip
    if not rows:
        return arrow_schema(FIGURES).empty_table().drop_columns(["run"])
    return conform(pa.Table.from_pylist(rows), FIGURES, ("run",))


def _value(
    indicator: Indicator, basis: str, price: str, example: WorkedExample, period: Period, packs: Packs, units: Units
) -> tuple[float | None, list[str]]:
    text = indicator.formula
    if price == "comparable":
        text = text.replace(VALUE_ADDED, f"{VALUE_ADDED}_comparable").replace("_comparable_comparable", "_comparable")
    formula = parse_formula(text)
    values: dict[Leaf, float | None] = {}

    def members(name: str) -> tuple[str, ...]:
        found = sorted(each for each in packs.quantities if each.startswith(f"{name}."))
        return (name,) if name in packs.quantities else tuple(found)

    for leaf in formula.leaves:
        for member in members(leaf.name):
            values[Leaf(member, leaf.lag)] = _figure(example, member, period.shifted(-leaf.lag), indicator, basis)
    missing = sorted({leaf.name for leaf, value in values.items() if value is None})
    result = evaluate_numbers(formula, values, lambda name: packs.quantities[name].unit, members, units, indicator.unit)
    return (None if result is None else rounded(result)), missing


def _figure(example: WorkedExample, quantity: str, period: Period, indicator: Indicator, basis: str) -> float | None:
    tables = [example.figures, example.variants.get(f"basis={basis}", {})]
    tables.append(example.variants.get(f"view={indicator.view}", {}))
    return next((table[quantity][str(period)] for table in tables if str(period) in table.get(quantity, {})), None)
