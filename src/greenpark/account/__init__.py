"""Observations become energy, emissions and the figures of every level of the boundary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import Any

import pyarrow as pa

from greenpark.account.activity import (
    emission_rows,
    energy_rows,
    join_rates,
    keys_of_balances,
    list_keys,
    read_keys,
    select_activity,
    with_balances,
)
from greenpark.account.balances import STOCK_CLOSE, STOCK_OPEN, Balances, check_balances
from greenpark.account.boundary import Boundary, resolve_boundary
from greenpark.account.conflicts import BROKEN, Conflicts, find_conflicts, without, without_overlaps
from greenpark.account.consolidate import mark_partial
from greenpark.account.entries import is_traded, list_bases, list_views
from greenpark.account.gaps import Gaps, find_gaps
from greenpark.account.inventory import inventory_figures
from greenpark.account.levels import load_levels
from greenpark.account.matching import Key, match_rates
from greenpark.account.memberships import check_memberships
from greenpark.account.methods import Knowledge
from greenpark.account.reported import quantity_facts, reported_figures
from greenpark.account.transfers import check_transfers
from greenpark.account.uncounted import find_uncounted
from greenpark.engine.connect import Engine
from greenpark.model.findings import Finding
from greenpark.model.knowledge import Area, Method, Profile, Quantity

__all__ = ["Accounts", "Definitions", "account", "consolidate", "list_bases", "list_views"]


@dataclass(frozen=True)
class Definitions:
    """What accounting needs to know; the first profile is the job's own, the others are those of its schemes.

    ``refused``: entity (empty when unknown), quantity and year of cells that could not be read.
    """

    knowledge: Knowledge
    quantities: Mapping[str, Quantity]
    methods: Mapping[str, Method]
    profiles: Sequence[Profile]
    areas: Mapping[str, Area]
    top: str = ""
    refused: Sequence[tuple[str, str, int]] = ()


@dataclass(frozen=True)
class Accounts:
    """Energy and emissions without their run, lazy until the store writes them; what was matched; what is missing.

    ``look_for_gaps`` costs more than the totals: ``gaps`` and ``findings`` call it once, when first asked.
    """

    energy: Any
    emissions: Any
    boundary: Boundary
    matches: pa.Table
    observations: Any
    look_for_gaps: Callable[[], Gaps]

    @cached_property
    def gaps(self) -> Gaps:
        """What is incomplete, and why."""
        return self.look_for_gaps()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the data, as far as accounting can see."""
        return self.gaps.findings


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
        method version, factor, its area, data year, definition and calorific basis, and a status. A use that is not
        reported but follows from stocks and purchases enters through those rows, as estimated.
    """
    observed = _unregistered(observations, entities, engine)
    boundary = resolve_boundary(entities, definitions.areas, observed, definitions.top)
    activity = select_activity(observations, engine.from_arrow(boundary.units))
    methods = _methods(definitions)
    occurring = engine.to_arrow(list_keys(observations)).to_pylist()
    keys = read_keys(occurring, boundary.units.column("area").unique().to_pylist())
    weigh = cache(partial(_balances, observations, methods, definitions, engine))
    if {STOCK_OPEN, STOCK_CLOSE} <= {key.flow for key in keys} and weigh().derived.num_rows:
        activity = with_balances(activity, engine.from_arrow(weigh().derived))
        keys = (*keys, *keys_of_balances(keys, weigh().derived.to_pylist()))
    gwp_set = definitions.profiles[0].gwp_set if definitions.profiles else ""
    gwp = _global_warming_potentials(definitions.knowledge, gwp_set)
    matches = match_rates(keys, methods, definitions.knowledge, definitions.areas, gwp, gwp_set)
    joined = join_rates(activity, engine.from_arrow(matches))
    look = partial(_gaps, observations, boundary, keys, matches, weigh, definitions, engine)
    return Accounts(energy_rows(joined), emission_rows(joined), boundary, matches, observations, look)


def consolidate(accounts: Accounts, energy: Any, emissions: Any, definitions: Definitions, engine: Engine) -> Any:
    """The figures of every entity, level and year from the stored rows of energy and emissions.

    Returns
    -------
    table
        Columns of the table ``figures`` without its run.
    """
    levels = load_levels(accounts.boundary, engine)
    facts = engine.from_arrow(quantity_facts(definitions.quantities))
    kept = without_overlaps(accounts.observations, accounts.gaps.overlapping, engine)
    reported = reported_figures(kept, facts, levels, engine)
    if accounts.gaps.reported.num_rows:
        names = ["entity", "start", "end", "quantity", "item"]
        reported = mark_partial(reported, engine.from_arrow(accounts.gaps.reported), names)
    if not definitions.profiles:
        return reported
    broken = accounts.gaps.broken
    computed = inventory_figures(
        without(energy, broken, engine), without(emissions, broken, engine),
        without(accounts.observations, broken, engine), accounts.matches,
        list_views(definitions.profiles, definitions.methods), list_bases(definitions.profiles, definitions.methods),
        definitions.profiles[0].clean_carriers, definitions.knowledge, levels, engine,
    )  # fmt: skip
    columns = computed.columns
    if accounts.gaps.computed.num_rows:
        families = computed.mutate(family=computed.quantity.re_extract("^([a-z0-9]+)", 1))
        marks = engine.from_arrow(accounts.gaps.computed)
        computed = mark_partial(families, marks, ["entity", "start", "end", "family"])
    return computed.select(columns).union(reported.select(columns))


def _unregistered(observations: Any, entities: pa.Table, engine: Engine) -> tuple[str, ...]:
    """The entities that carry data and are in no register."""
    registered = engine.from_arrow(entities.select(["entity"]))
    found = observations.select("entity").distinct().anti_join(registered, "entity")
    return tuple(sorted(engine.to_arrow(found).column("entity").to_pylist()))


def _balances(observations: Any, methods: Sequence[Method], definitions: Definitions, engine: Engine) -> Balances:
    if not methods:
        return Balances.none()
    return check_balances(observations, definitions.knowledge.carriers, engine)


def _gaps(
    observations: Any, boundary: Boundary, keys: Sequence[Key], matches: pa.Table,
    weigh: Callable[[], Balances], definitions: Definitions, engine: Engine,
) -> Gaps:  # fmt: skip
    """Everything that is missing, in the order in which a person would mend it."""
    balances = weigh()
    carriers = definitions.knowledge.carriers
    lost: list[Mapping[str, Any]] = []
    uncounted: tuple[Finding, ...] = ()
    if definitions.profiles:
        lost, uncounted = find_uncounted(observations, keys, matches, carriers, engine)
    pairs = sorted({(row["item"], row["flow"]) for row in matches.select(["item", "flow"]).to_pylist()})
    counted = pa.table(
        {
            "carrier": pa.array([item for item, _ in pairs], pa.string()),
            "flow": pa.array([f for _, f in pairs], pa.string()),
        }
    )
    traded = [each.id for each in carriers.values() if is_traded(each)]
    facts = engine.from_arrow(quantity_facts(definitions.quantities))
    conflicts = _conflicts(observations, boundary, definitions, engine)
    lacking = [*balances.lacking, *lost, *conflicts.lacking]
    refused = [(entity or definitions.top, quantity, year) for entity, quantity, year in definitions.refused]
    series = find_gaps(observations, facts, counted, boundary, lacking, traded, engine, refused)
    units = boundary.units.select(["entity", "kind"]).to_pylist()
    registered = [row["entity"] for row in units if row["kind"] != "unregistered"]
    findings = (
        *boundary.findings,
        *check_memberships(observations, boundary, engine),
        *uncounted,
        *balances.findings,
        *conflicts.findings,
        *series.findings,
        *check_transfers(observations, registered, engine),
    )
    return replace(series, findings=findings, broken=_broken(conflicts, series))


def _conflicts(observations: Any, boundary: Boundary, definitions: Definitions, engine: Engine) -> Conflicts:
    if not definitions.profiles:
        return Conflicts(BROKEN.empty_table(), (), ())
    closure = engine.from_arrow(boundary.closure)
    return find_conflicts(observations, definitions.knowledge.carriers, closure, engine)


def _broken(conflicts: Conflicts, series: Gaps) -> pa.Table:
    """What is left out of totals: series that contradict themselves, and energy series that cover days twice."""
    overlapping = [row for row in series.overlapping if row["quantity"] == "energy.amount"]
    rows = [{name: row[name] for name in BROKEN.names} for row in overlapping]
    return pa.concat_tables([conflicts.broken, pa.Table.from_pylist(rows, schema=BROKEN)])


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
