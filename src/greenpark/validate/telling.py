"""Noticed things become findings: at the cell, in the unit that was reported, with what is likely meant."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from greenpark.engine.connect import Engine
from greenpark.model.checks import SlipRule
from greenpark.model.findings import Finding, Place, Severity
from greenpark.model.numbers import rounded
from greenpark.model.time import Period
from greenpark.validate.cells import Cells
from greenpark.validate.definitions import CheckDefinitions
from greenpark.validate.merging import Noticed
from greenpark.validate.signals import Signal

STAGE = "validate"
_EPOCH = date(1970, 1, 1)
_NAMED = 6
_SAME = 1e-6
Key = tuple[str, int]


@dataclass(frozen=True)
class Told:
    """A noticed thing freed of its block: the names, numbers and row keys that its finding needs."""

    signal: Signal
    evidence: tuple[str, ...]
    severity: Severity
    entity: str
    quantity: str
    carrier: str
    flow: str
    unit: str
    start: date
    end: date
    value: float
    key: Key
    others: tuple[Key, ...]


def detach(cells: Cells, noticed: Iterable[Noticed]) -> list[Told]:
    """The noticed things of one block, so that its cells need not be kept; what is about history alone is left out."""
    told = []
    recent = cells.recent
    for each in noticed:
        signal = each.signal
        inside = (signal.cell, *signal.others)
        at = next((cell for cell in inside if recent[cell]), None)
        if at is None:
            continue
        others = tuple(_key(cells, cell) for cell in inside if cell != at)[:_NAMED]
        told.append(
            Told(
                signal, each.evidence, each.severity, cells.name("entity", at), cells.name("quantity", at), cells.name("carrier", at),
                cells.name("flow", at), cells.name("unit", at), _day(int(cells.start[at])), _day(int(cells.end[at])),
                float(cells.value[at]), _key(cells, at), others,
            )
        )  # fmt: skip
    return told


def tell(
    noticed: Sequence[Told], tables: Sequence[Any], slip: SlipRule | None, definitions: CheckDefinitions, engine: Engine
) -> list[Finding]:
    """A finding for each noticed thing, in the order of units, quantities and periods."""
    if not noticed:
        return []
    places = _places(noticed, tables, engine)
    ordered = sorted(noticed, key=lambda each: (each.entity, each.quantity, each.carrier, each.flow, each.start,
                                                each.signal.what, each.signal.rule.id))  # fmt: skip
    return [_finding(each, places, slip, definitions) for each in ordered]


def _finding(
    told: Told, places: Mapping[Key, Mapping[str, Any]], slip: SlipRule | None, definitions: CheckDefinitions
) -> Finding:
    signal = told.signal
    row = places.get(told.key, {})
    unit = _reported_unit(told, row, definitions)
    scale = definitions.scale(told.unit, unit) or 1.0
    values: dict[str, object] = {
        "value": _shown(told.value * scale), "unit": unit, "carrier": told.carrier or told.quantity,
        "flow": told.flow, "period": str(Period(told.start, told.end)), "evidence": "+".join(told.evidence),
        "others": ", ".join(_cell(places[key]) for key in told.others if key in places),
    }  # fmt: skip
    values |= {name: _shown(each) for name, each in signal.values.items() if name not in ("also", "missing")}
    if "missing" in signal.values:
        values["missing"] = ", ".join(_month(month) for month in _numbers(signal.values["missing"]))
    if signal.expected is not None:
        values["expected"] = _shown(signal.expected * scale)
        values["ratio"] = _shown(told.value / signal.expected) if signal.expected else values.get("ratio")
    if signal.factor:
        likely = _likely_unit(signal.factor, unit, told.carrier, slip, definitions)
        values |= {"factor": _shown(signal.factor), "proposal": _shown(told.value * scale / signal.factor),
                   "likely_unit": likely or ""}  # fmt: skip
    message = _message(signal, values)
    place = Place(row.get("file") or "", row.get("sheet") or "", row.get("cell") or "")
    subject = told.carrier or told.quantity
    return Finding(
        told.severity, STAGE, signal.rule.id, message, values, told.entity, subject, told.start, told.end, place
    )


def _message(signal: Signal, values: Mapping[str, object]) -> str:
    """What is said: with a factor the unit that was likely meant, where there is one."""
    if signal.factor and signal.what in ("slip", "unbalanced_slip", "whole_year", "unlike_peers", "year_or_the_other"):
        return f"{STAGE}.{signal.what}_{'unit' if values['likely_unit'] else 'factor'}"
    return f"{STAGE}.{signal.what}"


def _likely_unit(
    factor: float, unit: str, carrier: str, slip: SlipRule | None, definitions: CheckDefinitions
) -> str | None:
    """The unit in which the value was likely stated, when it is ``factor`` times what it should be."""
    if slip is None:
        return None
    if slip.factor_kind and slip.typed:
        own = definitions.carrier_factors(slip.factor_kind, slip.factor_sets, slip.typed).get(carrier)
        if own is not None and math.isclose(own, factor, rel_tol=_SAME):
            return slip.typed
    for name in slip.units:
        scale = definitions.scale(name, unit)
        if scale is not None and name != unit and math.isclose(scale * factor, 1.0, rel_tol=_SAME):
            return name
    return None


def _reported_unit(told: Told, row: Mapping[str, Any], definitions: CheckDefinitions) -> str:
    written = row.get("reported_unit")
    found = definitions.units.find(written) if written else None
    return found if found and definitions.scale(told.unit, found) is not None else told.unit


def _places(noticed: Sequence[Told], tables: Sequence[Any], engine: Engine) -> dict[Key, Mapping[str, Any]]:
    """File, sheet, cell and reported unit of every row that a finding names."""
    wanted = sorted({key for each in noticed for key in (each.key, *each.others)})
    keys = pa.table({"batch": [key[0] for key in wanted], "line": pa.array([key[1] for key in wanted], pa.int64())})
    asked = engine.from_arrow(keys)
    places: dict[Key, Mapping[str, Any]] = {}
    for table in tables:
        rows = table.select("batch", "line", "file", "sheet", "cell", "reported_unit")
        found = engine.to_arrow(rows.semi_join(asked, ["batch", "line"])).to_pylist()
        places |= {(row["batch"], row["line"]): row for row in found}
    return places


def _cell(row: Mapping[str, Any]) -> str:
    return str(Place("", row["sheet"] or "", row["cell"] or "")) or str(row["file"])


def _key(cells: Cells, cell: int) -> Key:
    return cells.name("batch", cell), int(cells.line[cell])


def _day(days: int) -> date:
    return _EPOCH + timedelta(days=days)


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"


def _numbers(value: object) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else ()


def _shown(value: object) -> object:
    if isinstance(value, float):
        return rounded(value) if math.isfinite(value) else "∞" if value > 0 else "−∞"
    return value
