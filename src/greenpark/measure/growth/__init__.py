"""Growth of every total against the year before, in each way in which it can be meant.

``as_reported``: the two stored figures. ``same_boundary``: the year before over this year's firms (``…_previous``: this
year over last year's firms). ``same_factors``: the year before with this year's factors (``…_previous``: this year with
last year's). ``comparable_prices``: money with prices taken out. Each says what it rests on; nothing is assumed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from greenpark.engine.schema import arrow_schema
from greenpark.engine.units import Units
from greenpark.measure.growth.arithmetic import growth_of
from greenpark.measure.growth.pairs import Recomputation, Side
from greenpark.measure.growth.prices import across_price_bases, at_comparable_prices, is_money
from greenpark.model.assurance import GROWTH_KINDS
from greenpark.model.confidence import least
from greenpark.model.knowledge import Quantity
from greenpark.model.numbers import rounded
from greenpark.model.tables import GROWTH
from greenpark.model.time import Period

__all__ = ["Asked", "grow", "is_total"]

_RECOMPUTED = GROWTH_KINDS[1:5]
Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What growth is measured of.

    ``used`` says which kinds count for a quantity, as schemes state it; for all others what is reported counts, and
    the row says that no rule is known.
    """

    quantities: Mapping[str, Quantity]
    units: Units
    used: Mapping[str, frozenset[str]]


def is_total(quantity: Quantity | None) -> bool:
    """Whether growth of a quantity has a meaning: it adds up over time or over entities, and is no yes or no."""
    if quantity is None or quantity.id.startswith("fact."):
        return False
    return quantity.over_time == "sum" or (quantity.over_time == "last" and quantity.over_entities == "sum")


def grow(totals: Sequence[Mapping[str, Any]], recomputed: Recomputation | None, asked: Asked) -> pa.Table:
    """The table ``growth`` without its run.

    Parameters
    ----------
    totals
        Figures of the park and its sub-levels (item empty, period stated) as rows of the table ``figures``.
    recomputed
        The same totals under the firms and factors of the year beside; None where nothing can be recomputed.

    Returns
    -------
    pyarrow.Table
        For each total whose year before is known, one row per kind that applies to it.
    """
    known = {_key(row): row for row in totals}
    rows: list[Row] = []
    for key in sorted(known, key=str):
        now = known[key]
        base = known.get(_before(key))
        if base is not None and is_total(asked.quantities.get(now["quantity"])):
            rows += _kinds(now, base, known, recomputed, asked)
    names = [name for name in GROWTH.names if name != "run"]
    schema = pa.schema([arrow_schema(GROWTH).field(name) for name in names])
    return pa.Table.from_pylist(rows, schema=schema)


def _kinds(
    now: Mapping[str, Any], base: Mapping[str, Any], known: Mapping[Any, Mapping[str, Any]],
    recomputed: Recomputation | None, asked: Asked,
) -> Iterator[Row]:  # fmt: skip
    quantity = asked.quantities[now["quantity"]]
    used = asked.used.get(quantity.id, frozenset())
    yield _as_reported(now, base, quantity, used)
    if recomputed is not None:
        for kind in _RECOMPUTED:
            side = recomputed.side(kind, now, base)
            if side is not None:
                yield _recomputed(now, base, kind, side, used)
    if is_money(quantity, asked.units):
        yield _at_comparable_prices(now, base, known, quantity, used, asked)


def _as_reported(now: Mapping[str, Any], base: Mapping[str, Any], quantity: Quantity, used: frozenset[str]) -> Row:
    reason = "measure.growth_as_reported" if used else "measure.growth_rule_unknown"
    if across_price_bases(quantity, base["start"]):
        row = _row(now, base, "as_reported", now["value"], base["value"], "measure.growth_across_price_bases", {}, used)
        return row | {"status": "partial" if row["value"] is not None else row["status"]}
    return _row(now, base, "as_reported", now["value"], base["value"], reason, {}, used)


def _recomputed(now: Mapping[str, Any], base: Mapping[str, Any], kind: str, side: Side, used: frozenset[str]) -> Row:
    other = kind.endswith("_previous")
    value_now, value_base = (side.value, base["value"]) if other else (now["value"], side.value)
    row = _row(now, base, kind, value_now, value_base, side.reason, dict(side.detail), used)
    return row | {"status": side.status} if row["status"] == "ok" and side.status != "ok" else row


def _at_comparable_prices(
    now: Mapping[str, Any], base: Mapping[str, Any], known: Mapping[Any, Mapping[str, Any]], quantity: Quantity,
    used: frozenset[str], asked: Asked,
) -> Row:  # fmt: skip
    length = Period(now["start"], now["end"])

    def value(name: str, start: date) -> float | None:
        end = length.end if start == length.start else length.shifted(-1).end
        row = known.get((now["entity"], name, "", start, end))
        return None if row is None else row["value"]

    found = at_comparable_prices(quantity, now["start"], base["start"], value, asked.quantities, asked.units)
    row = _row(now, base, "comparable_prices", found.now, found.base, found.reason, {"quantity": quantity.id}, used)
    if found.growth is None:
        return row | {"value": None, "status": "not_evaluable"}
    return row | {"value": rounded(found.growth), "status": _status(now, base)}


def _row(
    now: Mapping[str, Any], base: Mapping[str, Any], kind: str, value_now: float | None, value_base: float | None,
    reason: str, detail: Mapping[str, object], used: frozenset[str],
) -> Row:  # fmt: skip
    found = growth_of(value_now, value_base)
    reported = reason in ("measure.growth_as_reported", "measure.growth_rule_unknown")
    if found is None and (reported or (value_now is not None and value_base is not None)):
        reason = "measure.growth_undefined"
    return {
        "entity": now["entity"], "quantity": now["quantity"], "item": now["item"], "start": now["start"],
        "end": now["end"], "base_start": base["start"], "base_end": base["end"], "variant": now["variant"],
        "kind": kind, "value_now": value_now, "value_base": value_base,
        "value": None if found is None else rounded(found), "unit": now["unit"],
        "used": kind in used or (not used and kind == "as_reported"),
        "status": "not_evaluable" if found is None else _status(now, base), "reason": reason,
        "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True),
        "confidence": least((now["confidence"], base["confidence"])),
    }  # fmt: skip


def _status(now: Mapping[str, Any], base: Mapping[str, Any]) -> str:
    return "ok" if now["status"] == base["status"] == "ok" else "partial"


def _key(row: Mapping[str, Any]) -> tuple[str, str, str, date, date]:
    return row["entity"], row["quantity"], row["variant"], row["start"], row["end"]


def _before(key: tuple[str, str, str, date, date]) -> tuple[str, str, str, date, date]:
    """The key of the interval of equal length one year earlier."""
    entity, quantity, variant, start, end = key
    earlier = Period(start, end).shifted(-1)
    return entity, quantity, variant, earlier.start, earlier.end
