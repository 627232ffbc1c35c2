"""The figures of an inventory: CO2 by category and view, energy on each basis, power and heat in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.account.cells import coverage_of_cells, emission_cells, energy_cells, exchange_cells
from greenpark.account.consolidate import climb_to_figures, enter, sum_cells, sum_entered
from greenpark.account.entries import (
    SOLD,
    TRADED_KINDS,
    EmissionEntry,
    EnergyEntry,
    ExchangeEntry,
    emission_entries,
    energy_entries,
    entries_table,
    exchange_entries,
)
from greenpark.account.levels import Levels
from greenpark.account.methods import Knowledge
from greenpark.account.views import View
from greenpark.engine.connect import Engine
from greenpark.model.knowledge import Method

_PAIR = ("entity", "counterparty")
ROUNDING = 1e-6  # amounts are summed at six decimals


def inventory_figures(
    cells: Any, slots: int, emissions: Any, observations: Any, matches: pa.Table, views: Sequence[View], bases: Sequence[View],
    methods: Mapping[str, Method], knowledge: Knowledge, levels: Levels, engine: Engine, more: pa.Table | None = None,
) -> Any:  # fmt: skip
    """All computed figures of every entity and year [tCO2], [tCO2e], [tce], [MWh], [GJ].

    Parameters
    ----------
    cells, slots
        Cells of everything that counts, with an amount in each slot; of units, or of units put together.
    emissions, observations
        Rows: what moves between two units is taken from them.
    matches
        The match table with kinds and slots.
    more
        What units and pairs of units bring beside their rows (`brought`).
    """
    ledger = observations.filter((observations.flow == "transfer") & observations.counterparty.notnull())
    own_emissions, ledger_emissions = emission_entries(matches, views, knowledge, methods)
    own_exchange, ledger_exchange = exchange_entries(knowledge)
    made = engine.from_arrow(matches)
    entered = [
        _emissions(emission_cells(cells, made, slots), own_emissions, engine),
        _energy(energy_cells(cells, made, slots), energy_entries(matches, bases, knowledge.carriers), engine),
        _exchange(exchange_cells(cells, _carriers(own_exchange)), own_exchange, engine),
    ]
    if ledger_emissions:
        named = emissions.inner_join(ledger.select("batch", "line", "counterparty"), ["batch", "line"])
        entered += [
            _emissions(_emissions_between(named, levels), ledger_emissions, engine),
            _exchange(_exchange_between(ledger, ledger_exchange, levels), ledger_exchange, engine),
        ]
    paired = bool(ledger_emissions)
    if more is not None and more.num_rows:
        paired |= more.column("counterparty").null_count < more.num_rows
        entered.append(engine.from_arrow(more).select(*entered[0].columns).cast(entered[0].schema()))
    brought = engine.cache(sum_entered(entered, coverage_of_cells(cells)))
    return without_negative_exchange(climb_to_figures(brought, paired, levels))


def without_negative_exchange(figures: Any) -> Any:
    """Nobody imports, exports or sells less than nothing: where the ledger has more than units report, no value stands."""
    exchanged = figures.quantity.isin(
        [SOLD, *(f"{kind}.{way}" for kind in TRADED_KINDS for way in ("imported", "exported"))]
    )
    impossible = exchanged & (figures.value < -ROUNDING)
    return figures.mutate(
        value=ibis.ifelse(impossible, ibis.null("float64"), figures.value),
        status=ibis.ifelse(impossible, "not_evaluable", figures.status),
    )


def _emissions(cells: Any, entries: Sequence[EmissionEntry], engine: Engine) -> Any:
    keys = ["method", "category", "gas"]
    entered = cells.inner_join(engine.from_arrow(entries_table(EmissionEntry, entries)), keys)
    as_co2e = entered.amount == "co2e"
    item = ibis.cases(
        (entered.item_by == "carrier", entered.carrier),
        (entered.item_by == "category", entered.category),
        else_=entered.item_is,
    )
    value = ibis.ifelse(as_co2e, entered.t * entered.gwp, entered.t) * entered.sign
    no_gwp = as_co2e & entered.gwp.isnull()
    return enter(entered, value, ibis.ifelse(no_gwp, entered.rows, entered.no_mass), item)


def _energy(cells: Any, entries: Sequence[EnergyEntry], engine: Engine) -> Any:
    keys = ["method", "carrier", "role"]
    entered = cells.inner_join(engine.from_arrow(entries_table(EnergyEntry, entries)), keys)
    return enter(entered, entered.tce * entered.sign, entered.missing, entered.item_is)


def _exchange(cells: Any, entries: Sequence[ExchangeEntry], engine: Engine) -> Any:
    keys = ["carrier", "flow"]
    entered = cells.inner_join(engine.from_arrow(entries_table(ExchangeEntry, entries)), keys)
    # An amount in a unit that does not convert (a mass of steam) is there, but not in this figure.
    unmatched = ibis.ifelse(entered.sign.isnull(), entered.rows, entered.missing)
    return enter(entered, entered.amount * entered.sign, unmatched, entered.item_is)


def _emissions_between(emissions: Any, levels: Levels) -> Any:
    keys = ["method", "category", "gas", "carrier"]
    return sum_cells(emissions, ["t"], keys, {"no_mass": _has_no_mass}, levels, _PAIR)


def _exchange_between(ledger: Any, entries: Sequence[ExchangeEntry], levels: Levels) -> Any:
    counted = ledger.filter(
        (ledger.quantity == "energy.amount") & ledger.status.isin(COUNTED) & ledger.carrier.isin(_carriers(entries))
    )
    rows = counted.mutate(amount=counted.value, observed=counted.status)
    return sum_cells(rows, ["amount"], ["carrier", "flow"], {"missing": _has_no_value}, levels, _PAIR)


def _carriers(entries: Sequence[ExchangeEntry]) -> list[str]:
    return sorted({entry.carrier for entry in entries})


def _has_no_mass(rows: Any) -> Any:
    return ~rows.status.isin(["ok", "no_gwp"])


def _has_no_value(rows: Any) -> Any:
    return rows.value.isnull()
