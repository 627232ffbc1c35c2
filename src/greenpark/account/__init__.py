"""Observations become energy, emissions and the figures of every level of the boundary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.account.activity import (
    emission_rows,
    energy_rows,
    join_rates,
    keys_of_balances,
    read_keys,
    select_activity,
    with_balances,
)
from greenpark.account.balances import STOCK_CLOSE, STOCK_OPEN, Balances, check_balances
from greenpark.account.beside import Around, look_beside
from greenpark.account.boundary import Boundary, resolve_boundary
from greenpark.account.brought import FIGURE_KINDS, Beside, brought_table, figures_table
from greenpark.account.carried import Carried, has_quantity
from greenpark.account.conflicts import (
    BROKEN,
    Conflicts,
    find_conflicts,
    without,
    without_doubled,
    without_overlaps,
    without_series,
)
from greenpark.account.consolidate import mark_partial
from greenpark.account.definitions import Definitions, methods_of, own_potentials, row_methods
from greenpark.account.entries import is_traded, warming_potentials
from greenpark.account.gaps import Gaps, find_gaps, locate_rows
from greenpark.account.inventory import inventory_figures
from greenpark.account.kinds import distinct_keys
from greenpark.account.levels import load_levels
from greenpark.account.matching import Key, match_rates
from greenpark.account.memberships import check_memberships
from greenpark.account.origins import Origins, find_unfed
from greenpark.account.reported import quantity_facts, reported_figures
from greenpark.account.rollup import levels_of, parties_of, put_together, wanted_entities
from greenpark.account.steam import STATE, Converted, with_heat
from greenpark.account.tally import Keep, Tally, take_tally
from greenpark.account.transfers import Transfers, check_transfers, lacking_of, read_transfers
from greenpark.account.uncounted import find_nowhere, find_uncounted
from greenpark.account.views import list_bases, list_views, name_variants
from greenpark.engine.connect import Engine
from greenpark.model.findings import Finding
from greenpark.model.knowledge import Method

__all__ = [
    "Accounts",
    "Definitions",
    "account",
    "consolidate",
    "list_bases",
    "list_views",
    "name_variants",
    "row_methods",
]


@dataclass(frozen=True)
class Accounts:
    """Energy and emissions without their run, lazy until the store writes them; what was matched; what is missing.

    ``tally``: cells of the same rows, and the rows as they are stored. ``look_for_gaps`` is called once, when ``gaps``
    or ``findings`` are first asked for.
    """

    energy: Any
    emissions: Any
    boundary: Boundary
    matches: pa.Table
    observations: Any
    tally: Tally
    look_for_gaps: Callable[[], Gaps]
    look_for_more: Callable[[], Beside] = Beside

    @cached_property
    def gaps(self) -> Gaps:
        """What is incomplete, and why."""
        return self.look_for_gaps()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the data, as far as accounting can see."""
        return (*self.gaps.findings, *self.beside.findings)

    @cached_property
    def beside(self) -> Beside:
        """What enters figures beside the rows: losses between units, CHP plants, green power that is not credited."""
        return self.look_for_more()


def account(
    observations: Any, entities: pa.Table, definitions: Definitions, engine: Engine, keep: Keep | None = None,
    carried: Carried | None = None,
) -> Accounts:  # fmt: skip
    """Energy on both bases and gas masses of every activity row.

    Parameters
    ----------
    observations
        Accepted observations.
    entities
        Accepted entity rows, oldest batch first.
    keep
        What keeps the cells with their words as numbers, and gives them back to be read; None: nobody.
    carried
        What an earlier run made of some of the observations; taken over only where nothing changed that it rests on.

    Returns
    -------
    Accounts
        ``energy`` [tce] and ``emissions`` [t, t CO2e]: one row per activity row and method that counts it, with
        method version, factor, its area, data year, definition and calorific basis, and a status. A use that is not
        reported but follows from stocks and purchases enters through those rows, as estimated.
    """
    looked_at = observations if carried is None else carried.fresh
    observed = {*_unregistered(looked_at, entities, engine), *(carried.unregistered if carried else ())}
    boundary = resolve_boundary(entities, definitions.areas, tuple(sorted(observed)), definitions.top)
    occurring = engine.to_arrow(distinct_keys(looked_at)).to_pylist()
    taken = carried.keys(engine) if carried else []
    # Steam becomes heat row by row, from other rows of its unit.
    if carried and (not carried.holds(boundary) or has_quantity([*occurring, *taken], STATE)):
        return account(observations, entities, definitions, engine, keep)
    converted = _with_heat(observations, occurring, definitions, engine)
    if converted.observations is not observations:
        observations = converted.observations
        occurring = engine.to_arrow(distinct_keys(observations)).to_pylist()
    activity = select_activity(observations, engine.from_arrow(boundary.units))
    methods = row_methods(definitions)
    keys = read_keys([*occurring, *taken], boundary.units.column("area").unique().to_pylist())
    match = partial(_match, methods=methods, definitions=definitions)
    matches = match(keys)
    tally = take_tally(observations, occurring, matches, boundary, engine, keep, carried, taken)
    if carried and not carried.adds_up(tally.words):
        return account(observations, entities, definitions, engine, keep)
    weigh = cache(partial(_balances, tally, methods, definitions, engine))
    if {STOCK_OPEN, STOCK_CLOSE} <= {key.flow for key in keys} and weigh().derived.num_rows:
        activity = with_balances(activity, engine.from_arrow(weigh().derived))
        standing_in = keys_of_balances(keys, weigh().derived.to_pylist())
        keys = (*keys, *standing_in)
        matches = pa.concat_tables([matches, match(standing_in)])
        tally = tally.with_derived(weigh().derived, matches, occurring, taken)
    joined = join_rates(activity, engine.from_arrow(matches))
    moved = cache(partial(_transfers, observations, keys, engine))
    look = partial(_gaps, tally, keys, weigh, moved, definitions, engine)
    told = Beside(findings=converted.findings)
    more = partial(_beside, told, observations, tally, keys, matches, moved, definitions, engine)
    return Accounts(
        energy_rows(joined), emission_rows(joined), boundary, tally.matches, observations, tally, look, more
    )


def _match(keys: Sequence[Key], methods: Sequence[Method], definitions: Definitions) -> pa.Table:
    gwp_set = definitions.profiles[0].gwp_set if definitions.profiles else ""
    gwp = warming_potentials(definitions.knowledge, gwp_set)
    own = own_potentials(definitions)
    return match_rates(keys, methods, definitions.knowledge, definitions.areas, gwp, gwp_set, own)


def consolidate(accounts: Accounts, emissions: Any, definitions: Definitions, engine: Engine) -> Any:
    """The figures of every entity, level and year from the cells of the rows.

    Parameters
    ----------
    emissions
        Rows of emissions: what moves between two units is taken from them.

    Returns
    -------
    table
        Columns of the table ``figures`` without its run.
    """
    cells = without_series(accounts.tally.cells, accounts.gaps.broken, engine)
    levels = load_levels(accounts.boundary, engine)
    together = levels
    if definitions.figures_of:
        wanted = wanted_entities(accounts.boundary, definitions.figures_of)
        levels = levels_of(accounts.boundary, wanted, engine)
        apart = {row["entity"] for row in accounts.beside.brought}
        if "transfer" in accounts.matches.column("flow").unique().to_pylist():
            apart |= parties_of(accounts.observations, engine)
        cells, together = put_together(cells, accounts.boundary, wanted, apart, engine)
    facts = engine.from_arrow(quantity_facts(definitions.quantities))
    kept = without_overlaps(accounts.observations, accounts.gaps.overlapping, engine)
    occurring = accounts.tally.quantities & definitions.quantities.keys()
    rules = {name: definitions.quantities[name].over_time for name in occurring}
    summed = (
        without_doubled(accounts.tally.cells, accounts.gaps.overlapping, engine) if definitions.figures_of else None
    )
    reported = reported_figures(kept, facts, levels, engine, rules, summed)
    if accounts.gaps.reported.num_rows:
        names = ["entity", "start", "end", "quantity", "item"]
        reported = mark_partial(reported, engine.from_arrow(accounts.gaps.reported), names)
    if not definitions.profiles:
        return reported
    broken = accounts.gaps.broken
    computed = inventory_figures(
        cells, accounts.tally.slots,
        without(emissions, broken, engine), without(accounts.observations, broken, engine), accounts.matches,
        list_views(definitions.profiles, definitions.methods), list_bases(definitions.profiles, definitions.methods),
        definitions.methods, definitions.knowledge, together, engine, brought_table(accounts.beside.brought),
    )  # fmt: skip
    columns = computed.columns
    if accounts.gaps.computed.num_rows:
        families = computed.mutate(family=computed.quantity.re_extract("^([a-z0-9]+)", 1))
        marks = engine.from_arrow(accounts.gaps.computed)
        computed = mark_partial(families, marks, ["entity", "start", "end", "family"])
    every = computed.select(columns).union(reported.select(columns))
    if not accounts.beside.figures:
        return every
    return every.union(engine.from_arrow(figures_table(accounts.beside.figures, columns, FIGURE_KINDS)))


def _unregistered(observations: Any, entities: pa.Table, engine: Engine) -> tuple[str, ...]:
    """The entities that carry data and are in no register."""
    found = engine.to_arrow(observations.select("entity").distinct()).column("entity")
    known = pc.is_in(found, value_set=entities.column("entity").combine_chunks())
    return tuple(sorted(found.filter(pc.invert(known)).to_pylist()))


def _balances(tally: Tally, methods: Sequence[Method], definitions: Definitions, engine: Engine) -> Balances:
    if not methods:
        return Balances.none()
    return check_balances(tally.own_cells(), definitions.knowledge.carriers, engine)


def _gaps(
    tally: Tally, keys: Sequence[Key], weigh: Callable[[], Balances], moved: Callable[[], Transfers],
    definitions: Definitions, engine: Engine,
) -> Gaps:  # fmt: skip
    """Everything that is missing, in the order in which a person would mend it."""
    observations, cells, boundary, matches = tally.own.rows, tally.own_cells(), tally.boundary, tally.matches
    balances = weigh()
    carriers = definitions.knowledge.carriers
    lost: list[Mapping[str, Any]] = []
    uncounted: tuple[Finding, ...] = ()
    conflicts = Conflicts.none()
    unfed = Origins.none()
    if definitions.profiles:
        unfed = find_unfed(tally.cells, matches, tally.slots, carriers, engine)
        lost, uncounted = find_uncounted(cells, observations, tally.own.numbers, keys, matches, carriers, engine)
        uncounted = (*find_nowhere(matches, boundary.units), *uncounted)
        conflicts = find_conflicts(cells, carriers, engine.from_arrow(boundary.closure), definitions.tolerances, engine)
    traded = [each.id for each in carriers.values() if is_traded(each)]
    summed = [
        name
        for name in sorted(tally.quantities & definitions.quantities.keys())
        if name != "energy.amount" and definitions.quantities[name].over_time == "sum"
    ]
    units = boundary.units.select(["entity", "kind"])
    registered = units.filter(pc.not_equal(units["kind"], "unregistered")).column("entity").to_pylist()
    lacking = [*balances.lacking, *lost, *conflicts.lacking, *unfed.lacking, *lacking_of(moved(), registered)]
    refused = [(entity or definitions.top, quantity, year) for entity, quantity, year in definitions.refused]
    series = find_gaps(
        cells,
        observations,
        summed,
        boundary,
        lacking,
        traded,
        engine,
        refused,
        wanted_entities(boundary, definitions.figures_of) if definitions.figures_of else None,
    )

    def locate(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return locate_rows(rows, observations, engine, ("entity", "carrier", "year"))

    def locate_flow(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return locate_rows(rows, observations, engine, ("entity", "carrier", "flow", "year"))

    findings = (
        *boundary.findings,
        *check_memberships(observations, boundary, engine),
        *uncounted,
        *balances.say(locate),
        *conflicts.say(locate),
        *unfed.say(locate_flow),
        *series.findings,
        *check_transfers(moved(), registered),
    )
    return replace(series, findings=findings, broken=_broken(conflicts, series))


def _transfers(observations: Any, keys: Sequence[Key], engine: Engine) -> Transfers:
    if not any(key.flow == "transfer" for key in keys):
        return Transfers((), ())
    return read_transfers(observations, engine)


def _with_heat(
    observations: Any, occurring: Sequence[Mapping[str, Any]], definitions: Definitions, engine: Engine
) -> Converted:
    """Masses of steam as heat, where any state of steam is reported and a profile says how."""
    methods = [each for each in methods_of(definitions) if each.produces == "conversion"]
    if not methods or not any(row["quantity"].startswith(STATE) for row in occurring):
        return Converted(observations, ())
    return with_heat(observations, methods[0], engine)


def _beside(
    told: Beside, observations: Any, tally: Tally, keys: Sequence[Key], matches: pa.Table, moved: Callable[[], Transfers],
    definitions: Definitions, engine: Engine,
) -> Beside:  # fmt: skip
    if not definitions.profiles:
        return told
    views = list_views(definitions.profiles, definitions.methods)
    bases = list_bases(definitions.profiles, definitions.methods)
    match = partial(_match, definitions=definitions)
    around = Around(
        observations, tally.own_cells, tally.quantities, keys, matches, match, tally.boundary, moved(),
        not definitions.figures_of,
    )  # fmt: skip
    return told + look_beside(around, views, bases, methods_of(definitions), definitions.knowledge, engine)


def _broken(conflicts: Conflicts, series: Gaps) -> pa.Table:
    """What is left out of totals: series that contradict themselves, and energy series that cover days twice."""
    overlapping = [row for row in series.overlapping if row["quantity"] == "energy.amount"]
    rows = [{name: row[name] for name in BROKEN.names} for row in overlapping]
    return pa.concat_tables([conflicts.broken, pa.Table.from_pylist(rows, schema=BROKEN)])
