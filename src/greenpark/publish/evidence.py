"""Where the rows behind a figure are: which table, and which of its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from greenpark.model.time import Period
from greenpark.publish.naming import Names

_MARK = re.compile(r"(\w+)=([\w.]+)")
# What part of the emission rows enters a quantity.
_EMISSION_PARTS: dict[str, dict[str, object]] = {
    "co2.total": {"scope": (1, 2)},
    "ghg.total": {"scope": (1, 2)},
    "co2.direct": {"scope": 1},
    "co2.combustion": {"category": "combustion"},
    "co2.process": {"category": "process"},
    "co2.power_net": {"category": ("power_in", "power_out")},
    "co2.heat_net": {"category": ("heat_in", "heat_out")},
    "co2.biogenic": {"category": "biogenic"},
    "co2.enterprise_sum": {"scope": (1, 2)},
    "co2.internal_double_count": {"scope": 2},
}
_ENERGY_PARTS: dict[str, dict[str, object]] = {
    "energy.total": {"role": ("use", "output")},
    "energy.feedstock": {"role": "feedstock"},
}
# Amounts that are counted from the amounts of carriers of one kind.
_AMOUNT_PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "electricity.use": ("electricity", ("use_industrial", "use_other")),
    "electricity.imported": ("electricity", ("purchase",)),
    "electricity.exported": ("electricity", ("sale",)),
    "heat.imported": ("heat", ("purchase",)),
    "heat.exported": ("heat", ("sale",)),
}


@dataclass(frozen=True)
class Evidence:
    """A question to a lookup: the rows behind a figure, and the column by which the largest come first."""

    table: str
    where: dict[str, object]
    order_by: str


def evidence_of(figure: Mapping[str, Any], names: Names) -> Evidence:
    """Where the rows behind a figure are."""
    quantity = figure["quantity"]
    marks = dict(_MARK.findall(figure["variant"] or ""))
    where = {**_entities(figure["entity"], names), **_period(figure)}
    if quantity in _EMISSION_PARTS:
        where |= _EMISSION_PARTS[quantity] | _item(figure["item"], names)
        where |= {"gas": "co2"} if quantity.startswith("co2.") else {}
        where |= {"view": ("direct", marks["view"])} if marks.get("view") in ("location", "market") else {}
        return Evidence("emissions", where, "co2e")
    if quantity in _ENERGY_PARTS:
        where |= _ENERGY_PARTS[quantity] | _item(figure["item"], names)
        where |= {"basis": marks["basis"]} if "basis" in marks else {}
        return Evidence("energy", where, "tce")
    return Evidence("observations", where | _observed(quantity, figure["item"], names), "value")


def _observed(quantity: str, item: str | None, names: Names) -> dict[str, object]:
    if quantity in _AMOUNT_PARTS:
        kind, flows = _AMOUNT_PARTS[quantity]
        carriers = tuple(sorted(each.id for each in names.definitions.carriers.values() if each.kind == kind))
        return {"quantity": "energy.amount", "carrier": carriers, "flow": flows}
    return {"quantity": quantity} | ({"carrier": item} if item else {})


def _entities(entity: str, names: Names) -> dict[str, object]:
    inside = names.inside(entity)
    if len(inside) + 1 >= len(names.entity_rows) and inside:
        return {}
    return {"entity": tuple(sorted((entity, *inside))) if inside else entity}


def _period(figure: Mapping[str, Any]) -> dict[str, object]:
    return {"within": Period(figure["start"], figure["end"])} if figure["start"] and figure["end"] else {}


def _item(item: str | None, names: Names) -> dict[str, object]:
    if not item:
        return {}
    return {"carrier": item} if item in names.definitions.carriers else {"category": item}
