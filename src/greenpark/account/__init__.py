"""Observations become energy, emissions and the figures of every level of the boundary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.activity import emission_rows, energy_rows, join_rates, list_keys, read_keys, select_activity
from greenpark.account.boundary import Boundary, resolve_boundary
from greenpark.account.gaps import GAPS, check_transfers, find_gaps
from greenpark.account.inventory import (
    carrier_facts,
    emission_figures,
    energy_figures,
    exchange_figures,
    list_bases,
    list_views,
)
from greenpark.account.matching import match_rates
from greenpark.account.methods import Knowledge
from greenpark.account.reported import quantity_facts, reported_figures
from greenpark.engine.connect import Engine
from greenpark.model.findings import Finding
from greenpark.model.knowledge import Area, Method, Profile, Quantity

__all__ = ["Accounts", "Definitions", "account", "consolidate", "list_bases", "list_views"]


@dataclass(frozen=True)
class Definitions:
    """What accounting needs to know; the first profile is the job's own, the others are those of its schemes."""

    knowledge: Knowledge
    quantities: Mapping[str, Quantity]
    methods: Mapping[str, Method]
    profiles: Sequence[Profile]
    areas: Mapping[str, Area]
    top: str = ""


@dataclass(frozen=True)
class Accounts:
    """Tables without their run: energy, emissions and figures, lazy until the store writes them; and what was matched."""

    energy: Any
    emissions: Any
    boundary: Boundary
    matches: pa.Table
    observations: Any
    gaps: pa.Table
    findings: tuple[Finding, ...]


def account(observations: Any, entities: pa.Table, definitions: Definitions, engine: Engine) -> Accounts:
    """Energy on both bases and gas masses of every activity row.

    Parameters
    ----------
    observations
        Accepted observations.
    entities
        Accepted entity rows, oldest batch first.

    Returns
    -------
    Accounts
        ``energy`` [tce] and ``emissions`` [t, t CO2e]: one row per activity row and method that counts it, with
        method version, factor, its area, data year, definition and calorific basis, and a status.
    """
    observed = engine.to_arrow(observations.select("entity").distinct()).column("entity").to_pylist()
    receivers = observations.filter(observations.counterparty.notnull()).select("counterparty").distinct()
    named = engine.to_arrow(receivers).column("counterparty").to_pylist()
    boundary = resolve_boundary(entities, definitions.areas, tuple(sorted({*observed, *named})), definitions.top)
    activity = select_activity(observations, engine.from_arrow(boundary.units))
    keys = read_keys(engine.to_arrow(list_keys(activity)).to_pylist())
    methods = _methods(definitions)
    gwp_set = definitions.profiles[0].gwp_set if definitions.profiles else ""
    gwp = _global_warming_potentials(definitions.knowledge, gwp_set)
    matches = match_rates(keys, methods, definitions.knowledge, definitions.areas, gwp, gwp_set)
    joined = join_rates(activity, engine.from_arrow(matches))
    gaps, findings = _gaps(observations, boundary, matches, definitions, engine)
    return Accounts(energy_rows(joined), emission_rows(joined), boundary, matches, observations, gaps, findings)


def consolidate(accounts: Accounts, energy: Any, emissions: Any, definitions: Definitions, engine: Engine) -> Any:
    """The figures of every entity, level and year from the stored rows of energy and emissions.

    Returns
    -------
    table
        Columns of the table ``figures`` without its run.
    """
    closure = engine.from_arrow(accounts.boundary.closure)
    carriers = engine.from_arrow(carrier_facts(definitions.knowledge.carriers))
    facts = engine.from_arrow(quantity_facts(definitions.quantities))
    leaves = engine.from_arrow(_leaves(accounts.boundary))
    clean = definitions.profiles[0].clean_carriers if definitions.profiles else ()
    views = list_views(definitions.profiles, definitions.methods)
    bases = list_bases(definitions.profiles, definitions.methods)
    observations = accounts.observations
    parts = [reported_figures(observations, closure, facts, engine.cache)]
    if definitions.profiles:
        parts += [
            emission_figures(emissions, observations, closure, views, engine.cache),
            energy_figures(energy, closure, carriers, leaves, bases, clean, engine.cache),
            exchange_figures(observations, closure, carriers, engine.cache),
        ]
    columns = sorted(parts[0].columns)
    result = parts[0].select(columns)
    for part in parts[1:]:
        result = result.union(part.select(columns))
    return _with_gaps(result, engine.from_arrow(accounts.gaps), closure)


def _gaps(
    observations: Any, boundary: Boundary, matches: pa.Table, definitions: Definitions, engine: Engine
) -> tuple[pa.Table, tuple[Finding, ...]]:
    if not definitions.profiles:
        return GAPS.empty_table(), ()
    counted = [(row["item"], row["flow"]) for row in matches.select(["item", "flow"]).to_pylist()]
    carriers = definitions.knowledge.carriers.values()
    traded = [each.id for each in carriers if each.kind in ("electricity", "heat") and not each.self_generated]
    gaps, findings = find_gaps(observations, counted, traded, engine)
    units = boundary.units.select(["entity", "kind"]).to_pylist()
    registered = [row["entity"] for row in units if row["kind"] != "unregistered"]
    return gaps, (*findings, *check_transfers(observations, registered, engine))


def _with_gaps(figures: Any, gaps: Any, closure: Any) -> Any:
    """Energy and emission figures of a unit-year with a gap, and of every level above it, are partial."""
    above = gaps.inner_join(closure, "entity").select(entity="ancestor", start="start", end="end").distinct()
    marked = above.mutate(gap=ibis.literal(True))
    keys = ["entity", "start", "end"]
    joined = figures.left_join(marked, keys).drop(*(f"{name}_right" for name in keys))
    partial = joined.gap.fill_null(False) & joined.quantity.re_search("^(energy|co2|ghg|electricity|heat)[.]")
    status = ibis.ifelse(partial & (joined.status == "ok"), "partial", joined.status)
    return joined.mutate(status=status).select(*figures.columns)


def _methods(definitions: Definitions) -> tuple[Method, ...]:
    """The methods of all profiles, each once, in their order."""
    names = dict.fromkeys(name for profile in definitions.profiles for name in profile.methods)
    return tuple(definitions.methods[name] for name in names)


def _global_warming_potentials(knowledge: Knowledge, gwp_set: str) -> dict[str, float]:
    return {
        factor.item: factor.value
        for each in knowledge.factor_sets.values()
        for factor in each.factors
        if factor.kind == "gwp" and factor.definition == gwp_set and factor.value is not None
    }


def _leaves(boundary: Boundary) -> pa.Table:
    units = boundary.units.to_pandas()
    parents = set(units["parent"]) - {""}
    return pa.table({"entity": units["entity"], "leaf": [entity not in parents for entity in units["entity"]]})
