"""Figures and schemes made by hand, and the indicators that come of them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.engine.units import Units
from greenpark.measure import measure
from greenpark.model.knowledge import PackHead, Quantity
from greenpark.model.schemes import CountVerdict, Indicator, Scheme, Source
from greenpark.model.tables import FIGURES
from greenpark.model.text import Text
from greenpark.model.time import Period

NAME = Text(zh="测试", en="test")
BASES = ("basis=calorific", "basis=primary_energy")
Row = dict[str, Any]


def indicator(identifier: str, formula: str, unit: str = "1", **more: Any) -> Indicator:
    return Indicator(
        id=identifier, title=NAME, unit=unit, formula=formula, **({"confidence": "high", "source": "s"} | more)
    )


def scheme(*indicators: Indicator, identifier: str = "s", **more: Any) -> Scheme:
    head = PackHead(kind="schemes", format=1, id=identifier, version="1", title=NAME, source="the test")
    return Scheme(
        head=head, issuer=NAME, document="", sources=(Source(id="s", title="s"),), groups=(), criteria=(),
        indicators=indicators, verdict=CountVerdict(kind="counts"), verdict_confidence="high", **more,
    )  # fmt: skip


def figure(quantity: str, value: float | None, period: str = "2023", unit: str = "t", **more: Any) -> Row:
    dates = Period.parse(period)
    given = {
        "run": "r", "entity": "park", "quantity": quantity, "item": "", "start": dates.start, "end": dates.end, "variant": "",
        "value": value, "unit": unit, "rows": 1, "rows_unmatched": 0, "estimated_share": None, "coverage": "boundary",
        "status": "ok" if value is not None else "not_evaluable", "confidence": "high",
    }  # fmt: skip
    return given | more


def measured(
    rows: list[Row], schemes: list[Scheme], quantities: dict[str, Quantity], units: Units, engine: Engine,
    variants: tuple[str, ...] = BASES,
) -> list[Row]:  # fmt: skip
    """The indicators of the park, by indicator, variant and period."""
    figures = engine.from_arrow(pa.Table.from_pylist(rows, schema=arrow_schema(FIGURES)))
    found = measure(figures, schemes, quantities, units, variants, ["park"], engine)
    assert found is not None
    rows = engine.to_arrow(found).to_pylist()
    return sorted(rows, key=lambda row: (row["indicator"], row["variant"], row["start"], row["end"]))
