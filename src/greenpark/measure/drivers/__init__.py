"""What moved a park's CO2: the table ``drivers`` from cells of rows, value added of firms and reported totals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from greenpark.engine.shape import arrow_rows
from greenpark.measure.drivers.inventory import Inventory, Unit, inventory_of
from greenpark.measure.drivers.lmdi import Floats, logarithmic_mean
from greenpark.measure.drivers.park import PairEffects, by_industry, drive
from greenpark.model.confidence import Confidence, least
from greenpark.model.driving import DRIVEN, DRIVERS
from greenpark.model.numbers import rounded

__all__ = ["Asked", "Unit", "drivers_of_total"]

TOTAL = "co2.total"
UNIT = "tCO2"
ROUNDING = 1e-6  # amounts are summed at six decimals
DIGITS = 12  # two more than are shown, so that the shown ones add up
DUST = 1e-8  # of the largest driver
Row = dict[str, Any]
Figure = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """One total to be taken apart: of which entity, in which variant, with the reported figures by year.

    ``value_confidence`` is the least of the value added behind it; ``firms``: whether rows of single firms are wanted.
    """

    entity: str
    variant: str
    totals: Mapping[int, Figure]
    firms: bool
    value_confidence: Confidence = "high"


def drivers_of_total(
    asked: Asked, cells: pd.DataFrame, values: pd.DataFrame, units: Mapping[str, Unit], turns: Sequence[int]
) -> list[Row]:
    """Rows of the table ``drivers`` (approach lmdi_1) for each pair of years that have a total, and for the whole chain.

    Parameters
    ----------
    cells, values, turns
        See ``inventory_of``.
    """
    pairs = [year for year in sorted(asked.totals) if year - 1 in asked.totals]
    years = sorted({*pairs, *(year - 1 for year in pairs)})
    if not pairs:
        return []
    found = inventory_of(cells, values, units, years, turns)
    rows: list[Row] = []
    effects: dict[int, PairEffects] = {}
    for year in pairs:
        place = years.index(year) - 1
        effects[year] = drive(found, place, is_nominal(found, place))
        rows += _pair_rows(asked, found, effects[year], year)
    if len(pairs) > 1 and pairs == list(range(pairs[0], pairs[-1] + 1)):
        rows += _chain_rows(asked, found, effects)
    return rows


def is_nominal(found: Inventory, pair: int) -> bool:
    """Whether value added is known at current prices only: then all of it is taken so, and the rows say it."""
    comparable = (found.linked[pair] > 0) & (found.value_added[pair + 1] > 0)
    current = (found.current[pair] > 0) & (found.current[pair + 1] > 0)
    there = found.present[pair] & found.present[pair + 1]
    return bool((current & there).any() and not (comparable & there).any())


def table_of(rows: Sequence[Row]) -> pa.Table:
    """Rows as the table ``drivers`` without its run."""
    return arrow_rows(rows, DRIVEN)


def _pair_rows(asked: Asked, found: Inventory, pair: PairEffects, year: int) -> list[Row]:
    now, base = asked.totals[year], asked.totals[year - 1]
    head = _head(asked, year, year - 1, "lmdi_1", pair.nominal, now, base)
    sums = pair.effects.sum(axis=0)
    rows = _level(head, "total", "", _closed(sums, now["value"] - base["value"]), _details(found, pair))
    rows.append(
        head | {"driver": "change", "value": rounded(now["value"] - base["value"], DIGITS), **_ratio(head, None)}
    )
    words, effects = by_industry(pair.effects, found)
    for word, own in zip(words, effects, strict=True):
        rows += _level(head, "industry", word, own)
    if asked.firms:
        for unit, own in zip(found.units, pair.effects, strict=True):
            rows += _level(head, "enterprise", unit.entity, own)
    return rows


def _chain_rows(asked: Asked, found: Inventory, effects: Mapping[int, PairEffects]) -> list[Row]:
    """The effects of all years added up: from the first year to the last."""
    last, first = max(effects), min(effects) - 1
    now, base = asked.totals[last], asked.totals[first]
    nominal = any(each.nominal for each in effects.values())
    head = _head(asked, last, first, "lmdi_1_chained", nominal, now, base)
    sums = np.sum([each.effects.sum(axis=0) for each in effects.values()], axis=0)
    rows = _level(head, "total", "", _closed(sums, now["value"] - base["value"]))
    rows.append(
        head | {"driver": "change", "value": rounded(now["value"] - base["value"], DIGITS), **_ratio(head, None)}
    )
    every = np.sum([each.effects for each in effects.values()], axis=0)
    for word, own in zip(*by_industry(every, found), strict=True):
        rows += _level(head, "industry", word, own)
    return rows


def _closed(sums: Floats, change: float) -> Floats:
    """The sums with what no row explains as ``other``, so that they add up to the change of the reported total."""
    rest = change - float(sums.sum())
    closed = sums.copy()
    closed[DRIVERS.index("other")] += rest if abs(rest) > ROUNDING else 0.0
    # What is left of rounding amounts at six decimals is no driver; the largest takes it, so that the sum stays.
    dust = np.abs(closed) <= DUST * np.abs(closed).max(initial=0.0)
    closed[int(np.argmax(np.abs(closed)))] += float(closed[dust].sum())
    return np.where(dust, 0.0, closed)


def _level(
    head: Row,
    level: str,
    item: str,
    sums: Floats,
    details: Mapping[str, tuple[str, Mapping[str, object]]] | None = None,
) -> list[Row]:
    rows = []
    dust = DUST * float(np.abs(sums).max(initial=0.0))
    for driver, exact in zip(DRIVERS, sums, strict=True):
        value = 0.0 if abs(exact) <= dust else float(exact)
        told = (details or {}).get(driver)
        if value == 0.0 and not (level == "total" and driver in _ALWAYS) and told is None:
            continue
        row = head | {
            "level": level,
            "item": item,
            "driver": driver,
            "value": rounded(float(value), DIGITS),
            **_ratio(head, value),
        }
        if told is not None:
            row |= {"reason": told[0], "detail": _json(told[1])}
        rows.append(row)
    return rows


_ALWAYS = ("scale", "structure", "intensity", "mix", "fuel_factor", "grid_factor")


def _details(found: Inventory, pair: PairEffects) -> dict[str, tuple[str, Mapping[str, object]]]:
    """What is to be said of a term: how many firms and which."""
    groups = pair.groups
    told: dict[str, tuple[str, Mapping[str, object]]] = {}
    for driver, members in (
        ("entering", groups.entering), ("leaving", groups.leaving), ("no_value_added", groups.without_value),
        ("conversion", groups.supply), ("non_industrial", groups.outside),
    ):  # fmt: skip
        names = [unit.entity for unit, inside in zip(found.units, members, strict=True) if inside]
        if names:
            told[driver] = (f"measure.drivers_{driver}", {"count": len(names), "entity": names[:_NAMED]})
    count = int(groups.industrial.sum())
    reason = "measure.drivers_nominal" if pair.nominal else "measure.drivers_scale"
    told["scale"] = (reason if count else "measure.drivers_no_scale", {"count": count})
    return told


_NAMED = 5


def _head(asked: Asked, year: int, base_year: int, approach: str, nominal: bool, now: Figure, base: Figure) -> Row:
    whole = now["status"] == base["status"] == "ok"
    return {
        "entity": asked.entity, "quantity": TOTAL, "variant": asked.variant, "start": date(year, 1, 1),
        "end": date(year + 1, 1, 1), "base_start": date(base_year, 1, 1), "base_end": date(base_year + 1, 1, 1),
        "approach": approach, "level": "total", "item": "", "driver": "", "value": None, "share": None, "ratio": None,
        "value_base": base["value"], "value_now": now["value"], "unit": UNIT, "nominal": nominal,
        "status": "ok" if whole and not nominal else "partial", "reason": None, "detail": None,
        "confidence": least((now["confidence"], base["confidence"], asked.value_confidence)),
    }  # fmt: skip


def _ratio(head: Row, value: float | None) -> Row:
    """The share in the total of the base, and the multiplicative effect, of a value; None: of the whole change."""
    now, base = head["value_now"], head["value_base"]
    if value is None:
        value = now - base
    mean = float(logarithmic_mean(now, base)) if now > 0 and base > 0 else 0.0
    return {
        "share": rounded(float(value) / base, DIGITS) if base > 0 else None,
        "ratio": rounded(float(np.exp(value / mean)), DIGITS) if mean > 0 else None,
    }


def _json(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)
