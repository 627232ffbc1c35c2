"""The total above overlapping zones: what lies in two of them counts once, and is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import pyarrow as pa
import pytest

from greenpark.account import account, consolidate
from greenpark.account.rollup import Shared, find_shared, merge_registers, overlap_findings, read_once
from greenpark.catalog import Packs
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema, conform_expr
from greenpark.engine.unfolding import unfold
from greenpark.model.narrow import COUNTED, MATCHES
from greenpark.model.tables import ENTITIES, OBSERVATIONS
from tests.account.made_park import MadePark, Row, definitions

PROFILE = "china_park_province"
LEVELS = ("group", "zone", "sub_park")
SUBMITTERS = {"a": "east", "b": "west"}
ORDER = ("a", "b")
USED = 100.0  # t of bituminous coal: only ratios of sums of one carrier are compared


def register(*rows: tuple[str, str, str, str | None]) -> pa.Table:
    """Entity rows from (batch, entity, kind, parent)."""
    made = [
        {"batch": batch, "entity": entity, "kind": kind, "parent": parent, "name": entity, "area": "jiangsu"}
        for batch, entity, kind, parent in rows
    ]
    return pa.Table.from_pylist(made, schema=arrow_schema(ENTITIES))


TWO_ZONES = (("a", "east", "zone", None), ("b", "west", "zone", None))


class Nation:
    """Rows of two zones' batches, rolled up."""

    def __init__(self, packs: Packs, engine: Engine, entities: pa.Table, made: MadePark) -> None:
        rows = pa.Table.from_pylist(made.rows, schema=arrow_schema(OBSERVATIONS))
        table = engine.from_arrow(rows)

        def read(batches: Any) -> Any:
            return table.filter(table.batch.isin(list(batches)))

        self.shared: Shared = find_shared(read, entities, SUBMITTERS, ORDER, engine)
        given = definitions(packs, PROFILE, figures_of=LEVELS)
        accounts = account(
            engine.cache(read_once(read, self.shared, ORDER, engine)),
            merge_registers(entities, SUBMITTERS),
            given,
            engine,
        )
        self.figures: list[Row] = engine.to_arrow(consolidate(accounts, accounts.emissions, given, engine)).to_pylist()

    def value(self, entity: str, quantity: str = "energy.total", variant: str = "basis=calorific") -> float:
        (found,) = [
            row["value"]
            for row in self.figures
            if (row["entity"], row["quantity"], row["variant"], row["item"]) == (entity, quantity, variant, "")
        ]
        assert isinstance(found, float)
        return found


def use(made: MadePark, batch: str, entity: str, amount: float = USED) -> None:
    made.energy(entity, "bituminous_coal", "use_industrial", amount, batch=batch)


@pytest.fixture(scope="module")
def of_two(packs: Packs, engine: Engine) -> Nation:
    """A firm that both zones report alike, and one firm of each zone."""
    made = MadePark(packs)
    for batch, entity in (("a", "both"), ("a", "first"), ("b", "both"), ("b", "second")):
        use(made, batch, entity)
    firms = (
        ("a", "both", "unit", "east"),
        ("a", "first", "unit", "east"),
        ("b", "both", "unit", "west"),
        ("b", "second", "unit", "west"),
    )
    return Nation(packs, engine, register(*TWO_ZONES, *firms), made)  # fmt: skip


def test_a_firm_that_two_zones_report_counts_in_each_and_once_above(of_two: Nation) -> None:
    assert of_two.value("east") == of_two.value("west") == pytest.approx(2 * of_two.value("park") / 3)


def test_the_rows_that_two_zones_hand_in_alike_are_said(of_two: Nation) -> None:
    assert of_two.shared.repeated.to_pylist() == [{"batch": "b", "line": 3}]
    assert [(each.rule, each.values) for each in of_two.shared.findings] == [
        ("rows_of_two_zones", {"rows": 1, "firms": 1})
    ]


def test_what_was_counted_twice_is_the_sum_of_the_zones_less_the_total(of_two: Nation) -> None:
    findings = overlap_findings(of_two.figures, "park", ("east", "west"))
    (energy,) = [
        each.values
        for each in findings
        if each.subject == "energy.total" and each.values["variant"] == "basis=calorific"
    ]
    assert energy["twice"] == pytest.approx(of_two.value("park") / 3, abs=1e-3)
    assert energy["sum"] == pytest.approx(energy["total"] + energy["twice"], abs=2e-3)


def test_direct_and_indirect_emissions_are_told_apart_and_the_total_is_no_national_emission(of_two: Nation) -> None:
    findings = overlap_findings(of_two.figures, "park", ("east", "west"))
    assert "co2.direct" in {each.subject for each in findings if each.rule == "counted_once"}
    assert [each.severity for each in findings if each.rule == "no_national_emission"] == ["note"]


def test_no_figure_of_a_single_enterprise_is_made(of_two: Nation) -> None:
    assert {row["entity"] for row in of_two.figures} == {"park", "east", "west"}


def test_a_nation_counted_by_hand(packs: Packs, engine: Engine, made: MadePark) -> None:
    # GB/T 2589-2020: power 0.1229 tce/MWh (calorific), diesel 1.4571 tce/t. Both zones report the firm `both`.
    for batch, firm, power in (("a", "both", 10.0), ("a", "first", 20.0), ("b", "both", 10.0), ("b", "second", 30.0)):
        for flow in ("purchase", "use_industrial"):
            made.energy(firm, "electricity", flow, power, batch=batch)
        if firm == "both":
            made.energy(firm, "diesel", "use_industrial", 2.0, batch=batch)
    firms = (("a", "both", "unit", "east"), ("a", "first", "unit", "east"))
    firms += (("b", "both", "unit", "west"), ("b", "second", "unit", "west"))
    nation = Nation(packs, engine, register(*TWO_ZONES, *firms), made)
    diesel = 2 * 1.4571
    assert nation.value("east") == pytest.approx(30 * 0.1229 + diesel)  # 6.6012 tce
    assert nation.value("west") == pytest.approx(40 * 0.1229 + diesel)  # 7.8302 tce
    assert nation.value("park") == pytest.approx(60 * 0.1229 + diesel)  # 10.2882 tce: not 14.4314, the sum of the zones
    # One firm burns diesel: direct emissions are its own at every level; bought power stays apart, 10 + 20 + 30 MWh.
    direct = {nation.value(level, "co2.direct", "") for level in ("east", "west", "park")}
    assert len(direct) == 1
    power = [nation.value(level, "co2.power_net", "view=location") for level in ("east", "west", "park")]
    assert [each / power[0] for each in power] == pytest.approx([1, 4 / 3, 2])


def test_different_values_of_one_firm_and_period_are_parts_that_add_up(
    packs: Packs, engine: Engine, made: MadePark
) -> None:
    use(made, "a", "both")
    use(made, "b", "both", 3 * USED)
    firms = (("a", "both", "unit", "east"), ("b", "both", "unit", "west"))
    nation = Nation(packs, engine, register(*TWO_ZONES, *firms), made)
    assert [(each.rule, each.severity) for each in nation.shared.findings] == [("zones_differ", "warning")]
    assert nation.value("park") == nation.value("east") == nation.value("west")


def test_a_sub_park_inside_two_zones_counts_in_both_and_once_above(
    packs: Packs, engine: Engine, made: MadePark
) -> None:
    use(made, "a", "inside")
    use(made, "a", "first")
    shared = (("a", "shared_park", "sub_park", "east"), ("b", "shared_park", "sub_park", "west"))
    firms = (("a", "inside", "unit", "shared_park"), ("a", "first", "unit", "east"))
    nation = Nation(packs, engine, register(*TWO_ZONES, *shared, *firms), made)
    whole = nation.value("park")
    assert nation.value("east") == whole
    assert nation.value("west") == nation.value("shared_park") == pytest.approx(whole / 2)


def test_the_newest_register_of_each_zone_counts() -> None:
    entities = register(("old", "firm", "unit", "gone"), ("a", "firm", "unit", "east"), ("b", "firm", "unit", "west"))
    merged = merge_registers(entities, {**SUBMITTERS, "old": "east"})
    assert merged.column("parent").to_pylist() == ["east", "west"]
    assert set(merged.column("batch").to_pylist()) == {""}


def rolled(packs: Packs, engine: Engine, made: MadePark, *kinds: str) -> list[Row]:
    given = definitions(packs, PROFILE, figures_of=kinds)
    accounts = account(engine.cache(engine.from_arrow(made.observations)), made.registered, given, engine)
    return engine.to_arrow(consolidate(accounts, accounts.emissions, given, engine)).to_pylist()


def varied(made: MadePark) -> MadePark:
    """A park with a sub-park, a unit that joined late, a transfer, an estimate, months that are missing and no factor."""
    made.unit("sub", kind="sub_park")
    for name, parent in (("one", "sub"), ("two", "sub"), ("three", "park"), ("four", "park")):
        made.unit(name, parent=parent)
    made.unit("late", parent="park", since=date(2023, 7, 1))
    for name in ("one", "two", "three", "late"):
        made.months(name, "electricity", "purchase", [10.0 + number for number in range(12)])
        made.months(name, "electricity", "use_industrial", [10.0 + number for number in range(12)])
    made.months("four", "natural_gas", "use_industrial", [1.0, 2.0, 3.0])
    made.energy("one", "diesel", "use_other", 5.0, status="estimated")
    made.energy("two", "coal", "use_industrial", 7.0, confidence="medium")
    made.transfer("one", "three", "heat", 50.0)
    made.made("four", "cement_clinker", 1000.0)
    made.row("one", "economy.output", 12.5)
    return made.row("three", "economy.output", 7.5)


def test_figures_of_levels_are_those_that_all_figures_give(packs: Packs, engine: Engine, made: MadePark) -> None:
    varied(made)
    wanted = {"park", "sub"}
    keys = ("entity", "quantity", "item", "start", "variant")
    every = {
        tuple(str(row[name]) for name in keys): row for row in rolled(packs, engine, made) if row["entity"] in wanted
    }
    some = {
        tuple(str(row[name]) for name in keys): row for row in rolled(packs, engine, made, "group", "zone", "sub_park")
    }
    assert some.keys() == every.keys()
    for key, row in every.items():
        for name in ("value", "estimated_share"):
            assert some[key][name] == (None if row[name] is None else pytest.approx(row[name], abs=1e-5)), (key, name)
        same = ("unit", "rows", "rows_unmatched", "status", "confidence", "coverage")
        assert {name: some[key][name] for name in same} == {name: row[name] for name in same}, key


def test_rows_in_the_narrow_layout_are_the_rows_of_energy_and_emissions(
    packs: Packs, engine: Engine, made: MadePark
) -> None:
    varied(made)
    given = definitions(packs, PROFILE)
    accounts = account(engine.cache(engine.from_arrow(made.observations)), made.registered, given, engine)
    counted = engine.cache(conform_expr(accounts.tally.counted, COUNTED, ("run",)).mutate(run=ibis.literal("r")))
    matches = accounts.matches.append_column("run", pa.array(["r"] * accounts.matches.num_rows))
    for table, lazy in (("energy", accounts.energy), ("emissions", accounts.emissions)):
        found = unfold(counted, engine.from_arrow(matches.select(list(MATCHES.names))), table).drop("run")
        pair = [engine.to_arrow(rows.select(*sorted(lazy.columns))).to_pylist() for rows in (found, lazy)]
        left, right = (sorted(rows, key=lambda row: tuple(map(str, row.values()))) for rows in pair)
        assert left == right
