"""The figures that a target is held against: of its quantity and entity, with a period or an assumed one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from greenpark.engine.shape import Arrow, rows_of
from greenpark.engine.units import Units
from greenpark.model.confidence import Confidence
from greenpark.model.schemes import Fact, Target
from greenpark.model.time import Period


@dataclass(frozen=True)
class Value:
    """A value with its period; ``assumed`` where the source states none and the target pack names a probable one."""

    entity: str
    quantity: str
    value: float
    unit: str
    period: Period | None
    confidence: Confidence
    partial: bool = False
    assumed: bool = False


def read_values(figures: Arrow, quantities: Iterable[str]) -> tuple[Value, ...]:
    """The figures of some quantities that have a value and are not limited to an item."""
    return tuple(
        Value(
            row["entity"],
            row["quantity"],
            row["value"],
            row["unit"],
            Period(row["start"], row["end"]) if row["start"] and row["end"] else None,
            row["confidence"],
            partial=row["status"] == "partial",
        )
        for row in rows_of(figures, "quantity", quantities)
        if row["value"] is not None and row["status"] != "not_evaluable" and not row["item"]
    )


def value_of(fact: Fact, target: Target) -> Value:
    """A value that the pack itself states."""
    period = Period.parse(fact.period) if fact.period else None
    return Value(target.entity, target.quantity, fact.value, fact.unit, period, fact.confidence)


def in_unit(values: Sequence[Value], unit: str, units: Units | None) -> tuple[Value, ...]:
    """The values in a unit; those that do not convert, or cannot for want of units, are left out."""
    converted = []
    for each in values:
        if each.unit == unit:
            converted.append(each)
        elif units is not None and units.convertible(each.unit, unit):
            converted.append(replace(each, value=each.value * units.multiplier(each.unit, unit), unit=unit))
    return tuple(converted)


def dated(values: Sequence[Value], assumed_period: str) -> tuple[Value, ...]:
    """The values with a period, their own or the assumed one; without either they are left out."""
    assumed = Period.parse(assumed_period) if assumed_period else None
    placed = [
        each if each.period else replace(each, period=assumed, assumed=True)
        for each in values
        if each.period or assumed
    ]
    return tuple(sorted(placed, key=_order))


def start_of(value: Value) -> Period:
    """The period of a value that has one.

    Raises
    ------
    ValueError
        When it has none: only dated values are compared.
    """
    if value.period is None:
        raise ValueError("a value without period")
    return value.period


def _order(value: Value) -> tuple[Period, float]:
    return start_of(value), value.value
