"""Drivers of a run's CO2: stored rows, figures, growth and the boundary in, the table ``drivers`` out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.account import Accounts, Definitions, list_bases, list_views
from greenpark.account.conflicts import without
from greenpark.account.entries import EmissionEntry, emission_entries
from greenpark.engine.connect import Engine
from greenpark.measure.drivers import TOTAL, Asked, Unit, drivers_of_total, table_of
from greenpark.measure.drivers.cells import Sources, of_level, sum_cells, sum_values
from greenpark.measure.drivers.findings import driver_findings
from greenpark.measure.drivers.rates import rates_of_total
from greenpark.model.confidence import least
from greenpark.model.findings import Finding

__all__ = ["driver_findings", "driver_rows", "findings_of_drivers"]

VALUE, COMPARABLE = "economy.industrial_value_added", "economy.industrial_value_added_comparable"
ENERGY, CALORIFIC = "energy.total", "basis=calorific"
HEADS = ("economy.employees", "economy.employees_industrial")  # the wider one first
LETTERS = "ABCDEFGHIJKLMNOPQRST"  # the sections of GB/T 4754, where a code begins with one
Row = Mapping[str, Any]


def driver_rows(
    figures: Any, energy: Any, emissions: Any, growth: pa.Table, accounts: Accounts, entities: pa.Table,
    definitions: Definitions, subjects: Collection[str], engine: Engine,
) -> pa.Table:  # fmt: skip
    """The table ``drivers`` without its run; no rows where no total has a year before.

    Parameters
    ----------
    growth
        Table ``growth``: value added of both years in the same prices.
    entities
        Accepted entity rows, the newest last: industry and role of each unit.
    """
    views = [each.variant for each in list_views(definitions.profiles, definitions.methods) if each.variant]
    known = sum_values(figures, [TOTAL, VALUE, COMPARABLE, ENERGY, *HEADS], engine)
    of_levels = known["entity"].isin(sorted(subjects)) & known["value"].notna()
    values = _by_key(known[of_levels].to_dict("records"))
    levels = [each for each in sorted(subjects) if _has_pair(values, each, views)]
    if not levels:
        return table_of([])
    cells = sum_cells(_sources(energy, emissions, accounts, definitions, engine), engine)
    firms = known[known["entity"].isin(set(cells["entity"])) & known["quantity"].isin([VALUE, COMPARABLE])]
    priced = firms.assign(quantity=firms["quantity"].map({VALUE: "current", COMPARABLE: "comparable"}))
    units = _units(entities)
    turns = definitions.quantities[COMPARABLE].price_base_years if COMPARABLE in definitions.quantities else ()
    rows: list[dict[str, Any]] = []
    for level in levels:
        inside = of_level(cells, level, accounts.boundary.closure, accounts.boundary.episodes, accounts.boundary.dated)
        for view in views:
            totals = _totals(values, level, view)
            own = inside[inside["variant"] == view]
            asked = Asked(level, view, totals, view == views[0], least(priced["confidence"]))
            if len(own):
                rows += drivers_of_total(asked, own, priced, units, turns)
            rows += _rates(values, growth, totals)
    return table_of(sorted(rows, key=_order))


def findings_of_drivers(drivers: pa.Table) -> tuple[Finding, ...]:
    """What is to be said about the drivers of a run."""
    return driver_findings(drivers)


def _sources(energy: Any, emissions: Any, accounts: Accounts, definitions: Definitions, engine: Engine) -> Sources:
    views = list_views(definitions.profiles, definitions.methods)
    bases = list_bases(definitions.profiles, definitions.methods)
    calorific = [each for each in bases if each.variant.startswith(CALORIFIC)]
    broken = accounts.gaps.broken
    own = [each.id for each in definitions.knowledge.carriers.values() if each.self_generated]
    return Sources(
        without(energy, broken, engine), without(emissions, broken, engine), accounts.observations,
        pa.Table.from_pylist(list(_entries(accounts, definitions, views))), calorific[0].methods if calorific else (),
        own, accounts.boundary.dated,
    )  # fmt: skip


def _entries(accounts: Accounts, definitions: Definitions, views: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Which rows make the total of each view, what the ledger takes out, and what carries energy without CO2."""
    own, between = emission_entries(accounts.matches, views, definitions.knowledge, definitions.methods)
    wanted = [each for each in own if each.quantity == TOTAL and not each.item_by and not each.item_is]
    wanted += [each for each in between if each.quantity == "co2.internal_double_count"]
    yield from (_entry(each, each.variant, 1.0) for each in wanted)
    biogenic = [each for each in own if each.quantity == "co2.biogenic" and not each.item_by]
    for view in views:
        yield from (
            _entry(each, view.variant, 0.0) for each in biogenic if view.variant and each.method in view.methods
        )


def _entry(entry: EmissionEntry, variant: str, counts: float) -> dict[str, Any]:
    keys = {"method": entry.method, "category": entry.category, "gas": entry.gas}
    return {**keys, "variant": variant, "counts": counts}


def _units(entities: pa.Table) -> dict[str, Unit]:
    """Industry (the division of GB/T 4754: its first two digits) and role of every unit."""
    return {
        row["entity"]: Unit(row["entity"], (row["industry"] or "").lstrip(LETTERS)[:2], row["role"] or "")
        for row in entities.select(["entity", "industry", "role"]).to_pylist()
    }


def _totals(values: Mapping[Any, Row], level: str, view: str) -> dict[int, Row]:
    """The total of each year as rows of figures."""
    return {
        year: {**row, "start": date(year, 1, 1), "end": date(year + 1, 1, 1)}
        for (entity, quantity, variant, year), row in values.items()
        if (entity, quantity, variant) == (level, TOTAL, view)
    }


def _has_pair(values: Mapping[Any, Row], level: str, views: Sequence[str]) -> bool:
    years = {view: set(_totals(values, level, view)) for view in views}
    return any(year - 1 in known for known in years.values() for year in known)


def _rates(values: Mapping[Any, Row], growth: pa.Table, totals: Mapping[int, Row]) -> Iterator[dict[str, Any]]:
    """Kaya, decoupling and the identity for each pair of years."""
    for year, now in sorted(totals.items()):
        base = totals.get(year - 1)
        if base is None:
            continue
        level = now["entity"]
        energy = _both(values, level, ENERGY, CALORIFIC, year)
        heads = next((found for each in HEADS if (found := _both(values, level, each, "", year))), None)
        yield from rates_of_total(now, base, _value_added(growth, level, now["start"]), energy, heads)


def _both(values: Mapping[Any, Row], level: str, quantity: str, variant: str, year: int) -> tuple[Row, Row] | None:
    now, base = (values.get((level, quantity, variant, each)) for each in (year, year - 1))
    return None if now is None or base is None else (now, base)


def _value_added(growth: pa.Table, level: str, start: date) -> Row | None:
    wanted = (pc.field("entity") == level) & (pc.field("quantity") == VALUE) & (pc.field("start") == pa.scalar(start))
    rows: list[Row] = growth.filter(wanted & (pc.field("kind") == "comparable_prices")).to_pylist()
    return rows[0] if rows and rows[0]["value"] is not None else None


def _by_key(rows: Any) -> dict[Any, Row]:
    return {(row["entity"], row["quantity"], row["variant"], int(row["year"])): row for row in rows}


def _order(row: Row) -> tuple[str, ...]:
    names = ("entity", "variant", "start", "base_start", "approach", "level", "item", "driver")
    return tuple(str(row[name]) for name in names)
