"""The figures of an inventory: CO2 by category and view, energy on each basis, power and heat in and out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from greenpark.account.activity import ACTIVITY_QUANTITIES, COUNTED
from greenpark.account.consolidate import climb_to_figures, enter, sum_cells, sum_entered
from greenpark.account.entries import (
    EmissionEntry,
    EnergyEntry,
    ExchangeEntry,
    View,
    emission_entries,
    energy_entries,
    entries_table,
    exchange_entries,
)
from greenpark.account.levels import Levels
from greenpark.account.methods import Knowledge
from greenpark.account.periods import to_years
from greenpark.engine.connect import Engine
from greenpark.engine.coverage import coverage_code, gather

_PAIR = ("entity", "counterparty")


def inventory_figures(
    energy: Any, emissions: Any, observations: Any, matches: Any, views: Sequence[View], bases: Sequence[View],
    clean: Sequence[str], knowledge: Knowledge, levels: Levels, engine: Engine,
) -> Any:  # fmt: skip
    """All computed figures of every entity and year [tCO2], [tCO2e], [tce], [MWh], [GJ].

    Parameters
    ----------
    energy, emissions
        Stored rows, without those of other runs.
    matches
        The match table that made them (Arrow).
    """
    ledger = observations.filter((observations.flow == "transfer") & observations.counterparty.notnull())
    own_emissions, ledger_emissions = emission_entries(matches, views)
    own_exchange, ledger_exchange = exchange_entries(knowledge)
    entered = [
        _emissions(emissions, own_emissions, levels, engine),
        _energy(energy, energy_entries(matches, bases, knowledge.carriers, clean), levels, engine),
        _exchange(observations, own_exchange, ("entity",), levels, engine),
    ]
    if ledger_emissions:
        named = emissions.inner_join(ledger.select("batch", "line", "counterparty"), ["batch", "line"])
        entered += [
            _emissions(named, ledger_emissions, levels, engine, _PAIR),
            _exchange(ledger, ledger_exchange, _PAIR, levels, engine),
        ]
    brought = engine.cache(sum_entered(entered, _coverage(observations)))
    return climb_to_figures(brought, bool(ledger_emissions), levels)


def _emissions(
    rows: Any, entries: Sequence[EmissionEntry], levels: Levels, engine: Engine, parties: Sequence[str] = ("entity",)
) -> Any:
    keys = ["method", "category", "gas"]
    unmatched = {"no_mass": _has_no_mass, "no_co2e": _is_not_ok}
    cells = sum_cells(rows, ["t", "co2e"], [*keys, "carrier"], unmatched, levels, parties)
    entered = cells.inner_join(engine.from_arrow(entries_table(EmissionEntry, entries)), keys)
    as_co2e = entered.amount == "co2e"
    item = ibis.cases(
        (entered.item_by == "carrier", entered.carrier),
        (entered.item_by == "category", entered.category),
        else_=entered.item_is,
    )
    value = ibis.ifelse(as_co2e, entered.co2e, entered.t) * entered.sign
    return enter(entered, value, ibis.ifelse(as_co2e, entered.no_co2e, entered.no_mass), item)


def _energy(rows: Any, entries: Sequence[EnergyEntry], levels: Levels, engine: Engine) -> Any:
    keys = ["method", "carrier", "role"]
    cells = sum_cells(rows, ["tce"], keys, {"missing": _is_not_ok}, levels)
    entered = cells.inner_join(engine.from_arrow(entries_table(EnergyEntry, entries)), keys)
    return enter(entered, entered.tce * entered.sign, entered.missing, entered.item_is)


def _exchange(
    observations: Any, entries: Sequence[ExchangeEntry], parties: Sequence[str], levels: Levels, engine: Engine
) -> Any:
    keys = ["carrier", "flow"]
    carriers = sorted({entry.carrier for entry in entries})
    counted = observations.filter(
        (observations.quantity == "energy.amount")
        & observations.status.isin(COUNTED)
        & observations.carrier.isin(carriers)
    )
    rows = counted.mutate(amount=counted.value, observed=counted.status)
    cells = sum_cells(rows, ["amount"], keys, {"missing": _has_no_value}, levels, parties)
    entered = cells.inner_join(engine.from_arrow(entries_table(ExchangeEntry, entries)), keys)
    # An amount in a unit that does not convert (a mass of steam) is there, but not in this figure.
    unmatched = ibis.ifelse(entered.sign.isnull(), entered.rows, entered.missing)
    return enter(entered, entered.amount * entered.sign, unmatched, entered.item_is)


def _coverage(observations: Any) -> Any:
    """entity, start, end, coverage (as a number) of the activity of each year."""
    rows = to_years(
        observations.filter(
            observations.quantity.isin(ACTIVITY_QUANTITIES)
            & observations.status.isin(COUNTED)
            & observations.start.notnull()
        )
    )
    return rows.group_by(["entity", "start", "end"]).aggregate(coverage=gather(coverage_code(rows.coverage)))


def _has_no_mass(rows: Any) -> Any:
    return ~rows.status.isin(["ok", "no_gwp"])


def _is_not_ok(rows: Any) -> Any:
    return rows.status != "ok"


def _has_no_value(rows: Any) -> Any:
    return rows.value.isnull()
