"""Tables of others read through a mapping: the agency's plants, and layouts that people really have."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from greenpark.catalog import load_mapping
from greenpark.catalog.packs import Packs
from greenpark.collect.collected import CellCount, Collected
from greenpark.collect.context import Context
from greenpark.collect.mappings import collect_mapping
from greenpark.model.forms import MappedValue, Mapping, RowFilter
from greenpark.model.text import Text
from tests.collect.conftest import rules, write_book

PLANTS = Path("data") / "plant_fuel_co2_us"
MMBTU = 1.05505585262  # GJ, International Table


@pytest.fixture(scope="module")
def plants(repo: Path, packs: Packs) -> Mapping:
    return load_mapping(repo / "examples" / "us_plants_2017" / "mapping.yaml", packs)


@pytest.fixture
def open_context(context: Context) -> Context:
    return Context(context.units, context.quantities, context.carriers, context.areas)


def _totals(collected: Collected) -> dict[tuple[str, str], float]:
    """Values of each quantity by the state in the entity's id."""
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for row in collected.observations.select(["entity", "quantity", "value"]).to_pylist():
        totals[row["entity"].split("-")[-2], row["quantity"]] += row["value"]
    return totals


def test_the_118_rows_of_the_example_are_read_without_loss(repo: Path, plants: Mapping, context: Context) -> None:
    collected = collect_mapping(repo / "examples" / "us_plants_2017" / "plants.csv", plants, context)
    assert collected.cells == CellCount(354, 354, 0, 0)
    states = {row["entity"] for row in collected.entities.to_pylist() if row["kind"] == "group"}
    assert states == {"us_ga", "us_la", "us_mi"}
    assert set(collected.observations["unit"].to_pylist()) == {"GJ", "tCO2", "Mcf", "barrel", "short_ton"}


def test_the_example_is_cut_out_of_the_agencys_file(shared: Path, repo: Path, tmp_path: Path) -> None:
    from tools.compile_examples.us_plants import compile_plants

    target = tmp_path / "plants.csv"
    assert compile_plants(shared / PLANTS / "plant_fuel_2017_states_A_M.csv", target) == 118
    assert target.read_bytes() == (repo / "examples" / "us_plants_2017" / "plants.csv").read_bytes()


def test_the_391_industrial_rows_have_the_agencys_sums_by_state(
    shared: Path, plants: Mapping, open_context: Context
) -> None:
    collected = collect_mapping(shared / PLANTS / "plant_fuel_2017_states_A_M.csv", plants, open_context)
    assert collected.cells == CellCount(1173, 1173, 0, 0)
    assert [(f.rule, f.values["kept"]) for f in collected.findings] == [("rows_filtered", 391)]
    totals = _totals(collected)
    expected = _expected(shared, {"INDUSTRIAL"})
    assert len(expected) == 25
    for state, (heat, co2) in expected.items():
        assert totals[state, "energy.heat_gross"] == pytest.approx(heat * MMBTU, rel=1e-12)
        assert totals[state, "co2.reported"] == co2


def test_every_row_of_the_agencys_file_is_read_when_no_filter_is_set(
    shared: Path, plants: Mapping, open_context: Context
) -> None:
    """3101 rows with three values each; geothermal heat has no unit and the quantity zero."""
    everything = plants.model_copy(update={"keep": ()})
    collected = collect_mapping(shared / PLANTS / "plant_fuel_2017_states_A_M.csv", everything, open_context)
    assert collected.cells == CellCount(9303, 9303, 0, 0)
    assert sorted(rules(collected)) == [*["repeated_rows"] * 3, "rows_without_values", "unit_blank"]
    blank = next(finding for finding in collected.findings if finding.rule == "unit_blank")
    assert blank.values["count"] == 37
    totals = _totals(collected)
    for state, (heat, _) in _expected(shared, {"INDUSTRIAL", "COMMERCIAL", "ELECTRIC POWER"}).items():
        assert totals[state, "energy.heat_gross"] == pytest.approx(heat * MMBTU, rel=1e-12)


def _expected(shared: Path, sectors: set[str]) -> dict[str, tuple[float, float]]:
    sums: dict[str, tuple[float, float]] = {}
    with (shared / PLANTS / "expected_state_sector.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["sector"] in sectors:
                before = sums.get(row["state"], (0.0, 0.0))
                sums[row["state"]] = (before[0] + float(row["mmbtu"]), before[1] + float(row["tco2"]))
    return sums


def test_thousands_commas_and_a_value_without_its_unit(
    repo: Path, tmp_path: Path, plants: Mapping, context: Context
) -> None:
    lines = (repo / "examples" / "us_plants_2017" / "plants.csv").read_text(encoding="utf-8").splitlines()[:3]
    lines[1] = lines[1].replace("19855922", '"19,855,922"').replace("Mcf", "")
    path = tmp_path / "plants.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    collected = collect_mapping(path, plants, context)
    assert collected.cells == CellCount(6, 5, 1, 0)
    assert rules(collected) == ["thousands", "unit_missing"]
    assert collected.observations["value"][0].as_py() == pytest.approx(19855922 * MMBTU)
    assert collected.rejected_rows[0].texts[collected.rejected_rows[0].titles.index("Plant Name")] == "Louisiana 1"


def test_a_renamed_column_of_the_agency_is_named(tmp_path: Path, plants: Mapping, context: Context) -> None:
    path = tmp_path / "plants.csv"
    path.write_text("Plant Code,State,Fuel\n1,GA,NG\n", encoding="utf-8")
    collected = collect_mapping(path, plants, context)
    assert rules(collected) == ["mapped_columns_missing"]
    assert "Fuel Code" in str(collected.findings[0].values["titles"])


MONTHS = Mapping(
    id="months",
    title=Text(zh="月份在列", en="months in columns"),
    source="own",
    entity="91350100M000100Y43",
    carrier_column="能源",
    unit_names={"方": "万Nm3"},
    period_columns={f"{month}月": f"2023-{month:02d}" for month in range(1, 13)},
    values=(MappedValue(column="*", quantity="energy.amount", unit_column="单位", flow="purchase", may_be_empty=True),),
)


def test_months_in_columns_and_no_id_column(tmp_path: Path, context: Context) -> None:
    """A typical ledger of one enterprise: merged title, one row per carrier, twelve columns of months."""
    titles = ["能源", "单位", *(f"{month}月" for month in range(1, 13)), "全年"]
    rows = [["2023年能源台账"], titles, ["电力", "万千瓦时", *range(1, 13), 78], ["天然气", "方", 5, *[None] * 12]]
    path = write_book(tmp_path / "b.xlsx", {"台账": rows}, lambda book: book["台账"].merge_cells("A1:O1"))
    collected = collect_mapping(path, MONTHS, context)
    assert collected.cells == CellCount(13, 13, 0, 0)
    table = collected.observations
    assert sum(row["value"] for row in table.to_pylist() if row["carrier"] == "electricity") == pytest.approx(780.0)
    assert [str(day) for day in table["start"].to_pylist()[:2]] == ["2023-01-01", "2023-02-01"]
    assert set(table["entity"].to_pylist()) == {"91350100M000100Y43"}
    assert table["cell"].to_pylist()[0] == "C3"


def test_quantities_in_rows_and_totals_left_out(tmp_path: Path, context: Context) -> None:
    mapping = Mapping(
        id="long",
        title=Text(zh="长表", en="long table"),
        source="own",
        keep=(RowFilter(column="状态", equals=("定稿",)),),
        entity_columns=("企业",),
        quantity_column="指标",
        quantity_names={"新水": "water.fresh"},
        period_column="年份",
        values=(MappedValue(column="数值", quantity="", unit_column="单位"),),
    )
    rows = [
        ["企业", "指标", "年份", "数值", "单位", "状态"],
        ["甲", "新水", 2023, 1.5, "万立方米", "定稿"],
        ["甲", "氮氧化物排放量", 2023, 800, "kg", "定稿"],
        ["甲", "利润总额", 2023, -3, "万元", "定稿"],
        ["甲", "新水", 2023, -3, "m3", "定稿"],
        ["甲", "新水", 2023, 9, "m3", "草稿"],
        ["合计", "新水", 2023, 9, "m3", "定稿"],
    ]
    collected = collect_mapping(write_book(tmp_path / "b.xlsx", {"表": rows}), mapping, context)
    assert collected.cells == CellCount(5, 3, 2, 0)
    assert sorted(rules(collected)) == ["negative", "rows_filtered", "total_row"]
    assert collected.observations.select(["quantity", "value"]).to_pylist() == [
        {"quantity": "water.fresh", "value": 15000.0},
        {"quantity": "pollutant.nox", "value": pytest.approx(0.8)},
        {"quantity": "economy.profit", "value": -3.0},
    ]


def test_empty_cells_that_a_mapping_expects_are_missing_not_zero(tmp_path: Path, context: Context) -> None:
    mapping = MONTHS.model_copy(
        update={
            "period_columns": {},
            "period": "2023",
            "values": (
                MappedValue(column="购", quantity="energy.amount", flow="purchase"),
                MappedValue(column="销", quantity="energy.amount", flow="sale"),
            ),
        }
    )
    rows = [["能源", "购", "销"], ["柴油", 5, None], ["汽油", 6, 1]]
    collected = collect_mapping(write_book(tmp_path / "b.xlsx", {"表": rows}), mapping, context)
    assert rules(collected) == ["cells_empty"]
    assert collected.observations.num_rows == 3


def test_rows_that_disagree_about_an_entity_are_named(tmp_path: Path, plants: Mapping, context: Context) -> None:
    titles = "Plant Code,Plant Name,State,Sector Group,Prime Mover,Fuel Code,Total Fuel Consumption (MMBtu),"
    titles += "Quantity of Fuel Consumed,Fuel Units,Metric Tonnes of CO2 Emissions\n"
    path = tmp_path / "plants.csv"
    path.write_text(
        titles + "1,Old,GA,INDUSTRIAL,ST,NG,1,1,Mcf,1\n1,New,GA,INDUSTRIAL,ST,DFO,1,1,Barrels,1\n", encoding="utf-8"
    )
    collected = collect_mapping(path, plants, context)
    assert rules(collected) == ["entity_conflict"]
    assert [row["name"] for row in collected.entities.to_pylist() if row["kind"] == "plant"] == ["Old"]
