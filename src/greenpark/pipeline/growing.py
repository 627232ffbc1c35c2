"""Growth of a run's totals: stored rows and figures in, the table ``growth`` and its findings out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.account import Accounts, Definitions, row_methods
from greenpark.account.boundary import Boundary
from greenpark.account.conflicts import without
from greenpark.account.entries import EmissionEntry, EnergyEntry, entries_table
from greenpark.account.matching import Key, match_rates
from greenpark.engine.connect import Engine
from greenpark.engine.formula import parse_formula
from greenpark.engine.schema import arrow_schema
from greenpark.engine.store import Store
from greenpark.measure.growth import Asked, grow
from greenpark.measure.growth.build import Bounds, Meanings, Rows, recomputation
from greenpark.measure.growth.findings import across_findings, growth_findings
from greenpark.measure.growth.pairs import Recomputation
from greenpark.measure.growth.ratios import SIDES
from greenpark.measure.needs import AS_REPORTED, in_growth
from greenpark.model.findings import Finding
from greenpark.model.knowledge import Quantity
from greenpark.model.schemes import Scheme
from greenpark.model.tables import FIGURES, UNSTATED
from greenpark.model.time import Period
from greenpark.pipeline.wiring import entries_of


def growth_rows(
    figures: Any, energy: Any, emissions: Any, accounts: Accounts, definitions: Definitions,
    schemes: Sequence[Scheme], subjects: Collection[str], engine: Engine,
) -> pa.Table:  # fmt: skip
    """The table ``growth`` of the subjects without its run; no rows where no total has a year before."""
    wanted = figures.filter(
        (figures.item == "") & figures.entity.isin(sorted(subjects)) & figures.start.notnull() & figures.end.notnull()
    )
    totals = engine.to_arrow(wanted.drop("run") if "run" in figures.columns else wanted).to_pylist()
    asked = Asked(definitions.quantities, definitions.knowledge.units, kinds_used(schemes))
    years = _compared_years(totals)
    recomputed = None
    if years and definitions.profiles:
        recomputed = _recomputation(figures, energy, emissions, accounts, definitions, subjects, years, engine)
    return grow(totals, recomputed, asked)


def with_bases(figures: Any, growth: pa.Table, schemes: Sequence[Scheme], store: Store) -> Any:
    """The figures, and the recomputed years before that indicators of the schemes mean by their kind of growth."""
    kinds = sorted({each.growth for scheme in schemes for each in scheme.indicators} - {"", AS_REPORTED})
    if not kinds:
        return figures
    chosen = growth.filter(pc.is_in(growth.column("kind"), pa.array(kinds, pa.string())))
    rows = [
        {
            "entity": row["entity"], "quantity": row["quantity"], "item": "", "start": row["base_start"],
            "end": row["base_end"], "variant": in_growth(row["variant"], 1, row["kind"]), "value": row["value_base"],
            "unit": row["unit"], "rows": 0, "rows_unmatched": 0, "coverage": UNSTATED, "status": row["status"],
            "confidence": row["confidence"],
        }
        for row in chosen.to_pylist()
        if row["value_base"] is not None
    ]  # fmt: skip
    names = [name for name in FIGURES.names if name != "run"]
    schema = pa.schema([arrow_schema(FIGURES).field(name) for name in names])
    return figures.select(*names).union(store.engine.from_arrow(pa.Table.from_pylist(rows, schema=schema)))


def findings_of_growth(growth: pa.Table) -> tuple[Finding, ...]:
    """What is to be said about the growth of a run."""
    return (*growth_findings(growth), *across_findings(growth))


def kinds_used(schemes: Sequence[Scheme]) -> dict[str, frozenset[str]]:
    """The kinds of growth that schemes count, by quantity, where they say so."""
    found: dict[str, set[str]] = defaultdict(set)
    for scheme in schemes:
        for indicator in scheme.indicators:
            if indicator.growth and indicator.formula:
                for leaf in parse_formula(indicator.formula).leaves:
                    if leaf.lag:
                        found[leaf.name].add(indicator.growth)
    return {name: frozenset(kinds) for name, kinds in found.items()}


def _compared_years(totals: Sequence[dict[str, Any]]) -> frozenset[int]:
    """The calendar years of totals that stand beside another year of the same total, both with a value."""
    known = {
        (row["entity"], row["quantity"], row["variant"], row["start"], row["end"])
        for row in totals
        if row["value"] is not None
    }
    years: set[int] = set()
    for entity, quantity, variant, start, end in known:
        earlier = Period(start, end).shifted(-1)
        if (entity, quantity, variant, earlier.start, earlier.end) in known:
            years |= {start.year, start.year - 1}
    return frozenset(years)


def _recomputation(
    figures: Any, energy: Any, emissions: Any, accounts: Accounts, definitions: Definitions, subjects: Collection[str],
    years: Collection[int], engine: Engine,
) -> Recomputation:  # fmt: skip
    own, used = entries_of(accounts, definitions)
    boundary = Bounds(
        accounts.boundary.units, accounts.boundary.closure, _limited(accounts.boundary, subjects, years),
        tuple(sorted(subjects)), tuple(sorted(years)),
    )  # fmt: skip
    broken = accounts.gaps.broken
    rows = Rows(
        _of_years(without(energy, broken, engine), years), _of_years(without(emissions, broken, engine), years), figures,
    )  # fmt: skip
    meanings = Meanings(
        entries_table(EnergyEntry, used), entries_table(EmissionEntry, own),
        _matches_beside(accounts.matches, definitions), _adding(definitions.quantities),
    )  # fmt: skip
    return recomputation(rows, boundary, meanings, engine)


def _of_years(rows: Any, years: Collection[int]) -> Any:
    return rows.filter(rows.start.year().cast("int64").isin(sorted(years)))


def _matches_beside(matches: pa.Table, definitions: Definitions) -> pa.Table:
    """The match table with what each key of a year would be given in the years beside it."""
    columns = ["quantity", "item", "flow", "area", "year"]
    rows = {tuple(row.values()) for row in matches.select(columns).to_pylist()}
    beside = {(*row[:4], int(row[4]) + shift) for row in rows for shift in SIDES.values() if row[4]} - rows
    keys = [Key(*row) for row in sorted(beside)]
    more = match_rates(keys, row_methods(definitions), definitions.knowledge, definitions.areas, {}, "")
    wanted = [*columns, "method", "gas", "factor", "rate"]
    return pa.concat_tables([matches.select(wanted), more.select(wanted)])


def _adding(quantities: Mapping[str, Quantity]) -> list[str]:
    return sorted(name for name, each in quantities.items() if each.over_entities == "sum")


def _limited(boundary: Boundary, subjects: Collection[str], years: Collection[int]) -> pa.Table:
    """entity, ancestor, since, until of the units that belong to a level for only a part of the years compared."""
    levels = pa.array(sorted(subjects), pa.string())
    rows = boundary.episodes.filter(pc.is_in(boundary.episodes.column("ancestor"), levels))
    whole = (pc.field("since") <= date(min(years), 1, 1)) & (pc.field("until") >= date(max(years) + 1, 1, 1))
    dated = rows.filter(~whole).column("entity").unique()
    return rows.filter(pc.is_in(rows.column("entity"), dated))
