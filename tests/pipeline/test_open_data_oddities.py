"""What the publishers of open inventories say of their own data, and where they contradict themselves, is named.

Each through the product: mappings, checks and the comparison of wholes with parts; no figure is corrected.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from greenpark.account import Definitions, account
from greenpark.account.methods import Knowledge
from greenpark.account.parts import compare_parts
from greenpark.catalog import Packs
from greenpark.collect import Context, collect_mapping
from greenpark.engine.connect import Engine
from greenpark.engine.schema import conform
from greenpark.engine.units import Units
from greenpark.model.checks import BalanceRule, CheckRule, RatioRule, Term
from greenpark.model.findings import Finding
from greenpark.model.forms import MappedValue
from greenpark.model.forms import Mapping as Columns
from greenpark.model.tables import ENTITIES, OBSERVATIONS
from greenpark.model.text import Text
from greenpark.validate import CheckDefinitions, validate
from tests.pipeline.test_open_data import CEADS, GASES, NGER, TITLE, WASHINGTON

US_PLANTS = "data/plant_fuel_co2_us"
NATION = "nation"


def collected(path: Path, columns: Columns, packs: Packs) -> tuple[pa.Table, pa.Table]:
    """Observations and entities of a file, as a batch."""
    units = Units(packs.units.values())
    found = collect_mapping(path, columns, Context(units, packs.quantities, packs.carriers, packs.areas))
    assert found.cells.rejected == 0
    return tuple(  # type: ignore[return-value]
        conform(rows.append_column("batch", pa.array(["b"] * rows.num_rows, pa.string())), table)
        for rows, table in ((found.observations, OBSERVATIONS), (found.entities, ENTITIES))
    )


def checked(
    rows: pa.Table, entities: pa.Table, rules: Sequence[CheckRule], packs: Packs, engine: Engine
) -> list[Finding]:
    known = CheckDefinitions(packs.carriers, packs.factor_sets, Units(packs.units.values()))
    return list(validate(engine.from_arrow(rows), entities, rules, known, engine))


def spoilt(rows: pa.Table, quantity: str, by: float) -> pa.Table:
    """The rows with the first filled one of a quantity larger by so much."""
    table = rows.to_pylist()
    first = next(row for row in table if row["quantity"] == quantity and row["value"])
    first["value"] += by
    return pa.Table.from_pylist(table, schema=rows.schema)


def text(words: str) -> Text:
    return Text(zh=words, en=words)


# ---------------------------------------------------------------- Washington: totals within two tonnes
def test_every_facility_of_washington_balances_within_two_tonnes_and_three_are_noticed(
    packs: Packs, engine: Engine, shared: Path
) -> None:
    values = [
        MappedValue(column=f"{column} (MTCO2e)", quantity=f"published.{gas}", unit="tCO2e", may_be_empty=True)
        for gas, column in {"total": "Total Emissions", **GASES}.items()
    ]
    columns = Columns(
        id="washington", title=TITLE, source="Washington Department of Ecology",
        entity_columns=("Reporter", "City"), period_column="Year", values=tuple(values),
    )  # fmt: skip
    rows, entities = collected(shared / WASHINGTON / "wa_ghg_2012_2016.csv", columns, packs)
    rule = BalanceRule(
        id="sum_of_gases", title=text("sum"), kind="balance", unit="tCO2e", tolerance=0.0, absolute=2.0,
        source="README", confidence="high", left=(Term(quantity="published.total"),),
        right=tuple(Term(quantity=f"published.{gas}", required=False) for gas in GASES),
    )  # fmt: skip
    assert checked(rows, entities, [rule], packs, engine) == []
    told = checked(spoilt(rows, "published.total", 5.0), entities, [rule], packs, engine)
    assert [each.message for each in told] == ["validate.unbalanced"]
    # Two facilities report nothing but zeros: kept as zeros. A third left its whole row empty: it has no figure at all.
    size: dict[tuple[str, int], float] = {}
    for row in rows.to_pylist():
        key = (row["entity"], row["start"].year)
        size[key] = size.get(key, 0.0) + abs(row["value"])
    assert {key[0].split("-")[0] for key, total in size.items() if total == 0} == {
        "Albina Fuel Co", "HollyFrontier Refining & Marketing LLC",
    }  # fmt: skip
    assert not [key for key in size if key[0].startswith("Pettit Oil Company") and key[1] == 2013]


# ---------------------------------------------------------------- Australia: more CO2 than the energy can give
def test_scope_1_that_no_fuel_can_explain_is_a_warning_and_no_error(packs: Packs, engine: Engine, shared: Path) -> None:
    """Methane of mines and process CO2 exceed 0.15 t per GJ: the README names them as legitimate."""
    columns = Columns(
        id="nger", title=TITLE, source="Clean Energy Regulator", entity_columns=("Identifying details",),
        entity_name_column="Organisation name", period="2021-07/2022-06",
        values=(
            MappedValue(column="Total scope 1 emissions (t CO2-e)", quantity="published.scope1", unit="tCO2e"),
            MappedValue(column="Net energy consumed (GJ)", quantity="published.energy", unit="GJ"),
        ),
    )  # fmt: skip
    rows, entities = collected(shared / NGER / "nger_2021_22_a.csv", columns, packs)
    rule = RatioRule(
        id="co2_per_energy", title=text("CO2 per energy"), kind="ratio", unit="tCO2e/GJ", high=0.15, source="README",
        confidence="high", above=(Term(quantity="published.scope1"),), below=(Term(quantity="published.energy"),),
    )  # fmt: skip
    told = checked(rows, entities, [rule], packs, engine)
    expected = next(csv.DictReader((shared / NGER / "expected_totals.csv").open(encoding="utf-8")))
    positive = [each for each in told if each.values["ratio"] != "∞"]
    assert len({each.entity for each in positive}) == int(expected["rows_scope1_over_GJ_gt_0.15"])
    assert {each.severity for each in told} == {"warning"}


# ---------------------------------------------------------------- US plants: heat that has no fuel behind it
def test_the_four_rows_off_their_fuels_factor_are_found_and_no_other(
    packs: Packs, engine: Engine, shared: Path
) -> None:
    """Two gasification plants: coal with heat and no CO2, and synthesis gas, of which nobody states a factor."""
    columns = Columns(
        id="plants", title=TITLE, source="EIA", entity_columns=("Plant Code", "State", "Prime Mover", "Sector Code"),
        carrier_column="Fuel Code", carrier_prefix="us_", period="2017",
        values=(
            MappedValue(column="Total Fuel Consumption (MMBtu)", quantity="energy.heat_gross", unit="MMBtu"),
            MappedValue(column="Metric Tonnes of CO2 Emissions", quantity="co2.reported", unit="tCO2"),
        ),
    )  # fmt: skip
    rows, entities = collected(shared / US_PLANTS / "plant_fuel_2017_states_A_M.csv", columns, packs)
    factors = {each.item: each.value for each in packs.factor_sets["us_plant_fuels"].factors if each.kind == "co2"}
    off = _off_factor(rows, factors)
    with (shared / US_PLANTS / "rows_off_the_fuel_factor.csv").open(encoding="utf-8", newline="") as file:
        published = {(row["Plant Code"], f"us_{row['Fuel Code'].lower()}") for row in csv.DictReader(file)}
    assert {(entity.split("-")[0], carrier) for entity, carrier in off} == published
    assert entities.num_rows > 1000


def _off_factor(rows: pa.Table, factors: dict[str, float | None]) -> set[tuple[str, str]]:
    """Unit and fuel whose CO2 is more than a tonne and a thousandth off heat × factor, or that has no factor."""
    heat: dict[tuple[str, str], float] = {}
    co2: dict[tuple[str, str], float] = {}
    for row in rows.to_pylist():
        into = heat if row["quantity"] == "energy.heat_gross" else co2
        key = (row["entity"], row["carrier"])
        into[key] = into.get(key, 0.0) + (row["value"] or 0.0)
    off = set()
    for key, reported in co2.items():
        factor = factors.get(key[1])
        own = None if factor is None else heat[key] / 1.05505585262 * factor / 1000
        if (own is None and (heat[key] or reported)) or (
            own is not None and abs(own - reported) > max(1.0, reported / 1000)
        ):
            off.add(key)
    return off


# ---------------------------------------------------------------- China: provinces against the nation
@pytest.fixture(scope="module")
def china(packs: Packs, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, pa.Table]:
    """The totals of thirty provinces below the nation, which reports its own total."""
    folder = tmp_path_factory.mktemp("ceads")
    path = folder / "totals.csv"
    provinces = csv.DictReader(
        gzip.decompress((shared / CEADS / "provinces_1997_2012.csv.gz").read_bytes()).decode().splitlines()
    )
    nation = csv.DictReader((shared / CEADS / "national_1997_2012.csv").read_text(encoding="utf-8").splitlines())
    lines = [(row["province"], NATION, row["year"], row["Scope_1_Total"]) for row in provinces if _is_total(row)]
    assert len(lines) == 480
    lines += [(NATION, "", row["year"], row["Scope_1_Total"]) for row in nation if _is_total(row)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("where", "above", "year", "total"), *lines])
    columns = Columns(
        id="ceads", title=TITLE, source="CEADs", entity_columns=("where",), entity_kind="group", parent_column="above",
        period_column="year", values=(MappedValue(column="total", quantity="published.direct_co2", unit="MtCO2"),),
    )  # fmt: skip
    return collected(path, columns, packs)


def _is_total(row: dict[str, Any]) -> bool:
    return str(row["sector"]).replace(" ", "").startswith("Total")


def test_the_sum_of_provinces_is_shown_beside_the_nation_and_the_nation_keeps_its_own(
    packs: Packs, engine: Engine, shared: Path, china: tuple[pa.Table, pa.Table]
) -> None:
    """A reconciliation finding for each year, with the published gap: a warning where provinces exceed the nation."""
    rows, entities = china
    known = Knowledge(packs.carriers, packs.factor_sets, Units(packs.units.values()))
    given = Definitions(known, packs.quantities, packs.methods, (), packs.areas, NATION)
    accounts = account(engine.cache(engine.from_arrow(rows)), entities, given, engine)
    found = compare_parts(accounts.observations, accounts.boundary, packs.quantities, {"reported.parts": 0.001}, engine)
    with (shared / CEADS / "national_vs_sum_of_provinces.csv").open(encoding="utf-8") as file:
        published = {int(row["year"]): float(row["gap_pct"]) for row in csv.DictReader(file)}
    given_years = {row["start"].year for row in rows.to_pylist()}
    far = {year: gap for year, gap in published.items() if year in given_years and abs(gap) > 0.1}
    told = {each.start.year: each for each in found if each.start}
    assert told.keys() == far.keys()
    for year, gap in far.items():
        assert float(str(told[year].values["percent"])) == pytest.approx(gap, abs=2e-3)
        assert (told[year].severity, told[year].values["count"]) == ("warning" if gap > 0 else "note", 30)
    assert {each.entity for each in found} == {NATION}
