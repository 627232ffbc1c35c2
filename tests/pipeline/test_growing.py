"""Growth in every kind, on a park whose numbers can be checked by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from greenpark.pipeline import Published
from tests.pipeline.made_years import run_job, write_job

FACTORS = {2021: 0.6451, 2022: 0.5978}  # tCO2/MWh, Jiangsu
Row = dict[str, Any]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return run_job(write_job(tmp_path_factory.mktemp("growth")))


@pytest.fixture(scope="module")
def kinds(published: Published) -> dict[tuple[str, str], dict[str, Row]]:
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in published.release.tables["growth"].to_pylist():
        if row["entity"] == "park":
            found.setdefault((row["quantity"], row["variant"]), {})[row["kind"]] = row
    return found


def test_the_vintage_of_the_grid_factor_alone_flips_the_sign(kinds: Any, published: Published) -> None:
    power = kinds["co2.power_net", "view=location"]
    then, now = 1000 * FACTORS[2021], 1050 * FACTORS[2022]
    assert power["as_reported"]["value"] == pytest.approx(now / then - 1)
    assert power["as_reported"]["value"] < 0
    assert power["same_factors"]["value"] == pytest.approx(0.05)
    assert power["same_factors"]["value_base"] == pytest.approx(1000 * FACTORS[2022])
    assert power["same_factors_previous"]["value"] == pytest.approx(0.05)
    assert power["same_factors_previous"]["value_now"] == pytest.approx(1050 * FACTORS[2021])
    assert power["same_factors"]["reason"] == "measure.growth_factors_changed"
    assert "jiangsu.2022" in power["same_factors"]["detail"]
    found = [row for row in published.release.tables["findings"].to_pylist() if row["rule"] == "growth_signs_differ"]
    assert "co2.power_net" in {row["subject"] for row in found}
    assert all("as_reported" in row["values"] for row in found)


def test_the_previous_year_over_the_firms_of_this_year_and_the_other_way_round(kinds: Any) -> None:
    fuel = kinds["co2.combustion", ""]
    assert fuel["as_reported"]["value"] == pytest.approx(16 / 14 - 1)
    assert fuel["same_boundary"]["value"] == pytest.approx(16 / 15 - 1)
    assert fuel["same_boundary_previous"]["value"] == pytest.approx(15 / 14 - 1)
    for kind in ("same_boundary", "same_boundary_previous"):
        assert fuel[kind]["status"] == "ok"
        assert fuel[kind]["reason"] == "measure.growth_firms_changed"
        assert '"entered": "1 (乙公司)"' in fuel[kind]["detail"]
        assert '"left": "1 (丙公司)"' in fuel[kind]["detail"]
    assert fuel["same_factors"]["reason"] == "measure.growth_factors_unchanged"


def test_energy_has_the_same_kinds_as_emissions(kinds: Any) -> None:
    energy = kinds["energy.total", "basis=calorific"]
    petrol = kinds["energy.final", "basis=calorific"]
    assert energy["same_boundary"]["value_base"] > energy["as_reported"]["value_base"]
    assert petrol["same_factors"]["value"] == pytest.approx(petrol["as_reported"]["value"])


def test_without_a_published_rule_all_kinds_stand_and_the_one_used_is_named(kinds: Any) -> None:
    total = kinds["co2.total", "view=location"]
    assert len(total) == 5
    assert [kind for kind, row in total.items() if row["used"]] == ["as_reported"]
    assert total["as_reported"]["reason"] == "measure.growth_rule_unknown"


def test_prices_are_taken_out_by_what_is_known_and_by_nothing_else(kinds: Any) -> None:
    output = kinds["economy.output", ""]["comparable_prices"]
    assert output["value"] == pytest.approx(1.1 / 1.041 - 1)
    assert output["reason"] == "measure.growth_deflated"
    added = kinds["economy.industrial_value_added", ""]["comparable_prices"]
    assert added["value"] == pytest.approx(310 / 290 - 1)
    assert added["reason"] == "measure.growth_fixed_prices"
    unknown = kinds["economy.gdp", ""]
    assert unknown["as_reported"]["value"] == pytest.approx(0.12)
    lacking = unknown["comparable_prices"]
    assert (lacking["value"], lacking["value_now"], lacking["status"]) == (None, None, "not_evaluable")
    assert lacking["reason"] == "measure.growth_prices_unknown"


def test_a_total_that_the_park_reported_itself_has_no_firm_list(kinds: Any) -> None:
    own = kinds["economy.gdp", ""]["same_boundary"]
    assert (own["status"], own["reason"]) == ("not_evaluable", "measure.growth_not_from_firms")


def test_a_firm_without_data_for_the_year_before_makes_the_comparison_partial(tmp_path: Path) -> None:
    energy = (
        "单位名称,时期,能源品种,计量单位,购进量,工业生产消费量\n"
        "甲公司,2021,汽油,吨,10,10\n甲公司,2022,汽油,吨,11,11\n乙公司,2022,汽油,吨,5,5\n"
    )
    rows = run_job(write_job(tmp_path, energy=energy)).release.tables["growth"].to_pylist()
    found = {row["kind"]: row for row in rows if (row["entity"], row["quantity"]) == ("park", "co2.combustion")}
    assert found["same_boundary"]["status"] == "partial"
    assert found["same_boundary"]["reason"] == "measure.growth_firms_without_data"
    assert found["same_boundary_previous"]["value"] == pytest.approx(0.1)
