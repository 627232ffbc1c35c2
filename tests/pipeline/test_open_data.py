"""Published inventories of others, read through mappings: what their own documents say of them must come out."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from greenpark.account import Definitions, account, consolidate
from greenpark.account.methods import Knowledge
from greenpark.catalog import Packs
from greenpark.collect import Collected, Context, collect_mapping
from greenpark.engine.connect import Engine
from greenpark.engine.schema import conform
from greenpark.engine.units import Units
from greenpark.model.forms import MappedValue, RowFilter
from greenpark.model.forms import Mapping as Columns
from greenpark.model.tables import ENTITIES, OBSERVATIONS
from greenpark.model.text import Text

Figures = Mapping[tuple[str, str, int], float]
TITLE = Text(zh="公开数据", en="open data")
WASHINGTON = "data/facility_ghg_washington"
NGER = "data/corporate_nger_au"
CEADS = "data/ceads_china"
GASES = {
    "biogenic": "Biogenic Carbon Dioxide", "co2": "Carbon Dioxide", "ch4": "Methane", "n2o": "Nitrous Oxide",
    "hfc": "HFCs", "pfc": "PFCs", "sf6": "Sulfur Hexafluoride", "other_fluorinated": "Fluorinated - Other",
}  # fmt: skip


@pytest.fixture(scope="module")
def read(packs: Packs, engine: Engine) -> Callable[..., tuple[Collected, Figures]]:
    """Reads a file through a mapping and adds it up: what was collected, and figures by entity, quantity and year."""

    def _read(path: Path, columns: Columns, top: str) -> tuple[Collected, Figures]:
        units = Units(packs.units.values())
        collected = collect_mapping(path, columns, Context(units, packs.quantities, packs.carriers, packs.areas))
        knowledge = Knowledge(packs.carriers, packs.factor_sets, units)
        given = Definitions(knowledge, packs.quantities, packs.methods, (), packs.areas, top)
        rows = conform(_of_batch(collected.observations), OBSERVATIONS)
        entities = conform(_of_batch(collected.entities), ENTITIES)
        accounts = account(engine.cache(engine.from_arrow(rows)), entities, given, engine)
        figures = engine.to_arrow(consolidate(accounts, accounts.emissions, given, engine)).to_pylist()
        return collected, {
            (row["entity"], row["quantity"], row["start"].year): row["value"] for row in figures if not row["item"]
        }

    return _read


def _of_batch(rows: pa.Table) -> pa.Table:
    return rows.append_column("batch", pa.array(["b"] * rows.num_rows, pa.string()))


def test_facilities_of_washington_add_up_by_sector_and_year(
    read: Callable[..., tuple[Collected, Figures]], shared: Path
) -> None:
    """The published total includes biogenic CO2; fossil_total leaves it out. Suppliers stand beside facilities."""
    values = [
        MappedValue(column="Total Emissions (MTCO2e)", quantity="published.total", unit="tCO2e", may_be_empty=True)
    ]
    values += [
        MappedValue(column=f"{column} (MTCO2e)", quantity=f"published.{gas}", unit="tCO2e", may_be_empty=True)
        for gas, column in GASES.items()
    ]
    columns = Columns(
        id="washington", title=TITLE, source="Washington Department of Ecology", entity_columns=("Sector", "Reporter"),
        parent_column="Sector", period_column="Year", values=tuple(values),
    )  # fmt: skip
    collected, figures = read(shared / WASHINGTON / "wa_ghg_2012_2016.csv", columns, "washington")
    assert collected.cells.non_empty == collected.cells.accepted + collected.cells.declared_absent
    with (shared / WASHINGTON / "expected_year_sector.csv").open(encoding="utf-8") as file:
        expected = list(csv.DictReader(file))
    for row in expected:
        key, year = row["Sector"], int(row["Year"])
        assert figures[key, "published.total", year] == pytest.approx(float(row["Total Emissions (MTCO2e)"]), abs=1e-6)
        for gas, column in GASES.items():
            assert figures[key, f"published.{gas}", year] == pytest.approx(float(row[f"{column} (MTCO2e)"]), abs=1e-6)
        fossil = figures[key, "published.total", year] - figures[key, "published.biogenic", year]
        assert fossil == pytest.approx(float(row["fossil_total"]), abs=1e-6)
    years = {int(row["Year"]) for row in expected}
    for year in years:
        suppliers = figures["Transportation Fuel Supplier", "published.total", year]
        sectors = sum(figures[row["Sector"], "published.total", year] for row in expected if int(row["Year"]) == year)
        assert figures["washington", "published.total", year] == pytest.approx(sectors, abs=1e-6)
        # What suppliers sell is burnt by facilities and drivers: the plain sum is nobody's inventory.
        assert 0 < suppliers < sectors


def test_each_facility_is_the_sum_of_its_gases_within_two_tonnes(
    read: Callable[..., tuple[Collected, Figures]], shared: Path
) -> None:
    with (shared / WASHINGTON / "wa_ghg_2012_2016.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    def number(row: dict[str, str], name: str) -> float:
        return float(row[f"{name} (MTCO2e)"].replace(",", ""))

    complete = [row for row in rows if row["Total Emissions (MTCO2e)"].strip()]
    assert len(rows) - len(complete) == 1
    for row in complete:
        assert abs(number(row, "Total Emissions") - sum(number(row, each) for each in GASES.values())) <= 2


def test_corporations_of_australia_add_up(read: Callable[..., tuple[Collected, Figures]], shared: Path) -> None:
    columns = Columns(
        id="nger", title=TITLE, source="Clean Energy Regulator", entity_columns=("Identifying details",),
        entity_name_column="Organisation name", period="2021-07/2022-06",
        values=(
            MappedValue(column="Total scope 1 emissions (t CO2-e)", quantity="published.scope1", unit="tCO2e"),
            MappedValue(column="Total scope 2 emissions (t CO2-e)", quantity="published.scope2", unit="tCO2e"),
            MappedValue(column="Net energy consumed (GJ)", quantity="published.energy", unit="GJ"),
        ),
    )  # fmt: skip
    collected, figures = read(shared / NGER / "nger_2021_22_a.csv", columns, "australia")
    expected = next(csv.DictReader((shared / NGER / "expected_totals.csv").open(encoding="utf-8")))
    assert collected.observations.num_rows == 3 * int(expected["rows"])
    for quantity, name in (
        ("scope1", "Total scope 1 emissions (t CO2-e)"), ("scope2", "Total scope 2 emissions (t CO2-e)"),
        ("energy", "Net energy consumed (GJ)"),
    ):  # fmt: skip
        assert figures["australia", f"published.{quantity}", 2021] == float(expected[name])
    entities = {entity for entity, quantity, _ in figures if quantity == "published.energy"} - {"australia"}
    beyond = [
        each for each in entities
        if (energy := figures[each, "published.energy", 2021]) > 0
        and figures[each, "published.scope1", 2021] / energy > 0.15
    ]  # fmt: skip
    assert len(beyond) == int(expected["rows_scope1_over_GJ_gt_0.15"])


@pytest.fixture(scope="module")
def provinces(read: Callable[..., tuple[Collected, Figures]], shared: Path, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """Sectors and totals of thirty provinces: the file holds its totals among its rows."""
    text = gzip.decompress((shared / CEADS / "provinces_1997_2012.csv.gz").read_bytes())
    path = tmp_path_factory.mktemp("ceads") / "provinces.csv"
    path.write_bytes(text)
    rows = list(csv.DictReader(text.decode("utf-8").splitlines()))
    totals = {row["sector"] for row in rows if row["sector"].replace(" ", "").startswith("Total")}
    sectors = tuple(sorted({row["sector"] for row in rows} - totals))
    assert len(sectors) == 47
    fuels = list(rows[0])[3:20]
    values = [
        MappedValue(column=each, quantity="co2.reported", unit="MtCO2") for each in (*fuels, "Other_Energy", "Process")
    ]
    values.append(MappedValue(column="Scope_1_Total", quantity="published.direct_co2", unit="MtCO2"))
    columns = Columns(
        id="ceads", title=TITLE, source="CEADs", entity_columns=("province", "sector"), parent_column="province",
        period_column="year", values=tuple(values), keep=(RowFilter(column="sector", equals=sectors),),
    )  # fmt: skip
    printed = {
        (row["province"], int(row["year"])): float(row["Scope_1_Total"]) for row in rows if row["sector"] in totals
    }
    return read(path, columns, "china_30")[1], printed


def test_sectors_and_fuels_of_every_province_add_up_to_its_printed_total(provinces) -> None:  # type: ignore[no-untyped-def]
    """The printed numbers have six decimals of a million tonnes: 47 sectors may be off by some tonnes of rounding."""
    figures, printed = provinces
    assert len(printed) == 480
    for (province, year), total in printed.items():
        assert figures[province, "published.direct_co2", year] == pytest.approx(total * 1e6, abs=10), (province, year)
        assert figures[province, "co2.reported", year] == pytest.approx(total * 1e6, abs=100), (province, year)


def test_provinces_against_the_nation_are_shown_and_not_forced(provinces, shared: Path) -> None:  # type: ignore[no-untyped-def]
    figures, printed = provinces
    years = sorted({year for _, year in printed})
    with (shared / CEADS / "national_vs_sum_of_provinces.csv").open(encoding="utf-8") as file:
        published = {int(row["year"]): row for row in csv.DictReader(file)}
    for year in years:
        ours = figures["china_30", "published.direct_co2", year]
        assert ours == pytest.approx(float(published[year]["sum_of_30_provinces"]) * 1e6, abs=1e3)
        gap = 100 * (ours / (float(published[year]["national"]) * 1e6) - 1)
        assert gap == pytest.approx(float(published[year]["gap_pct"]), abs=2e-3)
    gaps = [float(published[year]["gap_pct"]) for year in years]
    assert min(gaps) < 0 < max(gaps)
