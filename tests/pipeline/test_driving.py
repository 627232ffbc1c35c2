"""Drivers of a park's CO2, on a park whose numbers can be checked by hand, and on the demonstration park."""

from __future__ import annotations

from math import log
from pathlib import Path
from typing import Any

import pytest

from greenpark.model.driving import DRIVERS
from greenpark.pipeline import Published
from tests.pipeline.made_years import ECONOMY, run_job, write_job

FACTORS = {2021: 0.6451, 2022: 0.5978}  # tCO2/MWh, Jiangsu
GASOLINE = 44.8 * 18.9e-3 * 0.98 * 44 / 12  # tCO2/t: NDRC defaults, GJ/t × tC/GJ × oxidation × 44/12
PETROL_TCE, POWER_TCE = 1.4714, 0.1229  # GB/T 2589-2020, tce/t and tce/MWh
Row = dict[str, Any]


def totals(published: Published, variant: str = "view=location", approach: str = "lmdi_1") -> dict[str, Row]:
    rows = published.release.tables["drivers"].to_pylist()
    kept = [
        row
        for row in rows
        if (row["entity"], row["variant"], row["approach"], row["level"]) == ("park", variant, approach, "total")
    ]
    return {row["driver"]: row for row in kept}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return run_job(write_job(tmp_path_factory.mktemp("drivers")))


def mean(a: float, b: float) -> float:
    return (a - b) / log(a / b)


def test_the_drivers_of_a_small_park_by_hand(published: Published) -> None:
    """Firm a stays: petrol 10 → 11 t, power 1000 → 1050 MWh, value added 290 → 310; b enters, c leaves, petrol 5 and 4 t."""
    found = {name: row["value"] for name, row in totals(published).items()}
    petrol, power = (10 * GASOLINE, 11 * GASOLINE), (1000 * FACTORS[2021], 1050 * FACTORS[2022])
    weights = mean(petrol[1], petrol[0]), mean(power[1], power[0])
    energy = [10 * PETROL_TCE + 1000 * POWER_TCE, 11 * PETROL_TCE + 1050 * POWER_TCE]
    assert found["scale"] == pytest.approx(sum(weights) * log(310 / 290), rel=1e-6)
    assert found["intensity"] == pytest.approx(sum(weights) * log(energy[1] / 310 * 290 / energy[0]), rel=1e-6)
    shares = log(11 / 10 * energy[0] / energy[1]), log(1050 / 1000 * energy[0] / energy[1])
    assert found["mix"] == pytest.approx(sum(w * s for w, s in zip(weights, shares, strict=True)), rel=1e-5)
    assert found["grid_factor"] == pytest.approx(weights[1] * log(FACTORS[2022] / FACTORS[2021]), rel=1e-6)
    assert found["entering"] == pytest.approx(5 * GASOLINE, rel=1e-6)
    assert found["leaving"] == pytest.approx(-4 * GASOLINE, rel=1e-6)
    assert found["fuel_factor"] == 0
    assert found["structure"] == 0  # one firm


def test_the_terms_add_to_the_reported_change_and_their_ratios_multiply_to_the_growth(published: Published) -> None:
    for variant in ("view=location", "view=market"):
        rows = totals(published, variant)
        change = rows.pop("change")
        assert set(rows) <= set(DRIVERS)
        assert sum(row["value"] for row in rows.values()) == pytest.approx(change["value"], abs=1e-6)
        assert sum(row["share"] for row in rows.values()) == pytest.approx(change["share"], abs=1e-9)
        product = 1.0
        for row in rows.values():
            product *= row["ratio"]
        assert product == pytest.approx(change["value_now"] / change["value_base"], rel=1e-9)
        figures = {
            row["start"].year: row["value"]
            for row in published.release.tables["figures"].to_pylist()
            if (row["entity"], row["quantity"], row["item"], row["variant"]) == ("park", "co2.total", "", variant)
        }
        assert change["value"] == pytest.approx(figures[2022] - figures[2021], rel=1e-9)


def test_who_entered_and_left_is_named(published: Published) -> None:
    rows = totals(published)
    assert rows["entering"]["reason"] == "measure.drivers_entering"
    assert '"entity": ["b"]' in rows["entering"]["detail"]
    assert '"entity": ["c"]' in rows["leaving"]["detail"]


def test_decoupling_and_the_identity_of_growth_and_intensity(published: Published) -> None:
    growth = totals(published)["change"]["share"]
    identity = {name: row["value"] for name, row in totals(published, approach="identity").items()}
    assert identity["value_added_growth"] == pytest.approx(310 / 290 - 1)
    assert (1 + identity["value_added_growth"]) * (1 + identity["intensity_change"]) == pytest.approx(1 + growth)
    tapio = totals(published, approach="tapio")["elasticity"]
    assert tapio["value"] == pytest.approx(growth / (310 / 290 - 1))
    assert tapio["reason"] == "measure.tapio_strong_decoupling"


def test_value_added_at_current_prices_is_labelled_nominal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    current = ECONOMY.replace("330,310", "330,").replace("300,290", "300,")
    assert current != ECONOMY
    monkeypatch.setattr("tests.pipeline.made_years.ECONOMY", current)
    published = run_job(write_job(tmp_path))
    rows = totals(published)
    assert all(row["nominal"] for row in rows.values())
    assert {row["status"] for row in rows.values()} == {"partial"}
    assert rows["scale"]["reason"] == "measure.drivers_nominal"
    found = {row["rule"] for row in published.release.tables["findings"].to_pylist()}
    assert "drivers_nominal" in found
    assert totals(published, approach="tapio")["elasticity"]["status"] == "not_evaluable"


def test_the_demonstration_park_closes_in_every_view_and_level(run_job: Any) -> None:
    published, _ = run_job("demo_park")
    rows = published.release.tables["drivers"].to_pylist()
    keys = {(row["variant"], row["start"], row["approach"]) for row in rows if row["approach"].startswith("lmdi")}
    assert len(keys) == 9  # three views; two pairs of years and their chain
    for key in keys:
        own = [row for row in rows if (row["variant"], row["start"], row["approach"]) == key]
        total = {row["driver"]: row for row in own if row["level"] == "total"}
        change = total.pop("change")
        assert sum(row["value"] for row in total.values()) == pytest.approx(change["value"], abs=1e-5)
        for level in {row["level"] for row in own} - {"total"}:
            for driver in total:
                parts = sum(row["value"] for row in own if row["level"] == level and row["driver"] == driver)
                assert parts == pytest.approx(total[driver]["value"], abs=0.01), (key, level, driver)
    chained = {
        row["driver"]: row["value"] for row in rows if row["approach"] == "lmdi_1_chained" and row["level"] == "total"
    }
    assert chained["scale"] > 0 > chained["intensity"]
    # Industries of the demonstration park grow apart, so that its structure moves the total, away from the heavy ones.
    assert chained["structure"] < 0
    assert abs(chained["structure"]) > 0.01 * abs(chained["scale"])
