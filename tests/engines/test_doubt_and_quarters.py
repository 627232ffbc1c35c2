"""Uncertainty and quarters are the same on both engines, from stored rows to their tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from greenpark.account import account, list_bases, list_views
from greenpark.account.completeness import count_months
from greenpark.account.entries import emission_entries, energy_entries
from greenpark.account.quarters import quarter_totals
from greenpark.account.uncertainty import Asked, assess
from greenpark.account.uncertainty.ranges import Ranges
from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from tests.account.made_park import definitions
from tests.engines.comparing import differences
from tests.engines.stages import KINDS, PROFILE, build_park

Tables = dict[str, pa.Table]


@pytest.fixture(scope="module")
def both(spark_master: str) -> tuple[Tables, Tables]:
    packs = load_packs(kinds=(*KINDS, "uncertainty"))
    found = []
    for name in ("duckdb", spark_master):
        engine = Engine(name)
        try:
            found.append(_tables(packs, engine))
        finally:
            engine.close()
    return found[0], found[1]


def _tables(packs: Packs, engine: Engine) -> Tables:
    made = build_park(packs)
    given = replace(definitions(packs, PROFILE), top="park")
    observations = engine.cache(engine.from_arrow(made.observations))
    accounts = account(observations, made.registered, given, engine)
    energy, emissions = engine.cache(accounts.energy), engine.cache(accounts.emissions)
    views, bases = list_views(given.profiles, given.methods), list_bases(given.profiles, given.methods)
    own, _ = emission_entries(accounts.matches, views, given.knowledge, given.methods)
    entries: Any = (own, energy_entries(accounts.matches, bases, given.knowledge.carriers))
    plain = Ranges(packs.uncertainties["park_default"], packs.factor_sets, packs.carriers)
    entities = ["east", "park", "west"]
    asked = Asked(entities, (), ("analytic", "monte_carlo"), 500, 1)
    ranges: Any = {"analytic": plain, "monte_carlo": plain}
    assessed = assess(accounts.tally.cells, accounts.matches, accounts.boundary, entries, ranges, asked, engine)
    reported = [name for name, each in packs.quantities.items() if each.over_time == each.over_entities == "sum"]
    reported = [name for name in reported if name != "energy.amount"]
    months = count_months(observations, accounts.boundary, (), engine)
    quarters = quarter_totals(
        energy, emissions, observations, accounts.boundary, entities, reported, entries, months,
        accounts.gaps.overlapping, engine,
    )  # fmt: skip
    return {"uncertainty": assessed.table, "quarters": quarters}


@pytest.mark.parametrize("table", ["uncertainty", "quarters"])
def test_both_engines_say_the_same(table: str, both: tuple[Tables, Tables]) -> None:
    on_duckdb, on_spark = (tables[table] for tables in both)
    assert on_duckdb.num_rows
    assert differences(on_duckdb, on_spark) == []
