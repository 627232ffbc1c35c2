"""Real plants: reported heat × published factor against the CO2 that the agency published."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.conftest import RunJob

AGENCY_FILE = "data/plant_fuel_co2_us/plant_fuel_2017_states_A_M.csv"
HEAT, CO2 = "Total Fuel Consumption (MMBtu)", ("Tons of CO2 Emissions", "Metric Tonnes of CO2 Emissions")


@pytest.fixture(scope="module")
def example(run_job: RunJob) -> dict[str, Any]:
    return run_job("us_plants_2017")[1]


@pytest.fixture(scope="module")
def agency(run_job: RunJob, shared: Path) -> dict[str, Any]:
    return run_job("us_plants_2017", shared / AGENCY_FILE)[1]


def _industrial(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["Sector Group"] == "INDUSTRIAL"]


def _check(summary: dict[str, Any], rows: list[dict[str, str]]) -> None:
    assert summary["rows_in"] == len(rows)
    assert abs(summary["relative_difference"]) < 0.001
    counts = Counter(row["Fuel Code"] for row in rows)
    for fuel, pair in summary["by_fuel"].items():
        if counts[fuel] > 10:
            assert abs(pair["relative_difference"]) < 0.005, fuel


def test_the_118_rows_of_three_states_come_out_within_a_thousandth(example: dict[str, Any], repo: Path) -> None:
    rows = _industrial(repo / "examples/us_plants_2017/plants.csv")
    assert len(rows) == 118
    _check(example, rows)


def test_the_391_industrial_rows_of_the_agency_file_come_out_within_a_thousandth(
    agency: dict[str, Any], shared: Path
) -> None:
    rows = _industrial(shared / AGENCY_FILE)
    assert len(rows) == 391
    _check(agency, rows)


def test_the_sums_by_state_are_those_of_the_agency(agency: dict[str, Any], shared: Path) -> None:
    with (shared / "data/plant_fuel_co2_us/expected_state_sector.csv").open(encoding="utf-8") as file:
        expected = {row["state"]: float(row["tco2"]) for row in csv.DictReader(file) if row["sector"] == "INDUSTRIAL"}
    reported = {name: pair["reported_co2_t"] for name, pair in agency["by_state"].items()}
    assert reported == pytest.approx(expected)


def test_every_row_off_its_factor_is_named(run_job: RunJob, shared: Path) -> None:
    published, summary = run_job("us_plants_2017", shared / AGENCY_FILE)
    named = published.release.tables["findings"].to_pylist()
    off = {row["cell"] for row in named if row["rule"] == "compare_reported"}
    rows = _industrial(shared / AGENCY_FILE)
    factors = published.release.definitions.factor_sets["us_plant_fuels"].factors
    kg_per_mmbtu = {factor.item.removeprefix("us_").upper(): factor.value for factor in factors}
    expected = 0
    for row in rows:
        factor = kg_per_mmbtu[row["Fuel Code"]]
        agency_t = float(row[CO2[1]].replace(",", ""))
        own = None if factor is None else float(row[HEAT].replace(",", "")) * factor / 1000
        far = own is None or (abs(own - agency_t) > 0.005 * agency_t and abs(own - agency_t) > 1.0)
        expected += far
    assert len(off) == expected
    assert summary["rows_in"] - summary["rows_accounted"] == sum(kg_per_mmbtu[row["Fuel Code"]] is None for row in rows)


def test_tripling_the_agency_co2_leaves_the_computed_co2_alone(
    run_job: RunJob, repo: Path, tmp_path: Path, example: dict[str, Any]
) -> None:
    changed = _rewritten(repo / "examples/us_plants_2017/plants.csv", tmp_path / "tripled.csv", CO2, 3, None)
    _, summary = run_job("us_plants_2017", changed)
    assert summary["co2_t"] == example["co2_t"]
    assert summary["reported_co2_t"] == pytest.approx(3 * example["reported_co2_t"])


def test_doubling_the_heat_of_gas_rows_moves_the_total_by_exactly_the_gas_part(
    run_job: RunJob, repo: Path, tmp_path: Path, example: dict[str, Any]
) -> None:
    changed = _rewritten(repo / "examples/us_plants_2017/plants.csv", tmp_path / "doubled.csv", (HEAT,), 2, "NG")
    _, summary = run_job("us_plants_2017", changed)
    assert summary["co2_t"] - example["co2_t"] == pytest.approx(example["by_fuel"]["NG"]["co2_t"], rel=1e-9)


def _rewritten(source: Path, target: Path, columns: tuple[str, ...], times: int, fuel: str | None) -> Path:
    with source.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        names = list(reader.fieldnames or ())
    for row in rows:
        if fuel is None or row["Fuel Code"] == fuel:
            for column in columns:
                if row.get(column):
                    row[column] = str(int(row[column].replace(",", "")) * times)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return target
