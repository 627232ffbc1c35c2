"""Decoupling after Tapio, the identity of Kaya, and total growth against the cut of intensity."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from greenpark.measure.drivers.kaya import intensity_change_at, kaya, total_growth
from greenpark.measure.drivers.tapio import STATES, elasticity, growths, states


@pytest.fixture(scope="session")
def oracle(shared: Path) -> Callable[[str], Any]:
    def read(name: str) -> Any:
        return yaml.safe_load((shared / "reference" / "oracles" / f"{name}.yaml").read_text(encoding="utf-8"))

    return read


def named(impact: Any, driver: Any) -> list[str]:
    return [STATES[code].replace("_", " ") for code in states(impact, driver)]


def test_elasticity_of_energy_as_printed_in_the_statistical_yearbook(oracle: Any) -> None:
    case = oracle("tapio__china_energy_elasticity")
    energy, gdp = (
        np.array([row[name] for row in case["inputs"]]) / 100 for name in ("energy_growth_pct", "gdp_growth_pct")
    )
    assert elasticity(energy, gdp) == pytest.approx([row["elasticity"] for row in case["expected"]], abs=0.0051)
    assert named(energy, gdp) == [row["state"] for row in case["expected"]]


def test_elasticity_from_levels_against_the_base_year(oracle: Any) -> None:
    case = oracle("tapio__level_based")
    co2, value = (growths(case["inputs"][name]) for name in ("co2", "value_added"))
    # The second value is printed to nine digits.
    assert elasticity(co2, value) == pytest.approx(case["expected"]["elasticity"], rel=1e-8)
    assert named(co2, value) == case["expected"]["state"]


@pytest.mark.parametrize(
    ("impact", "driver", "state"),
    [
        (-0.01, 0.10, "strong decoupling"),
        (0.0, 0.10, "weak decoupling"),
        (0.079, 0.10, "weak decoupling"),
        (0.08, 0.10, "expansive coupling"),  # e = 0.8 is coupling
        (0.12, 0.10, "expansive coupling"),  # e = 1.2 is coupling
        (0.121, 0.10, "expansive negative decoupling"),
        (0.01, -0.10, "strong negative decoupling"),
        (0.0, -0.10, "weak negative decoupling"),
        (-0.079, -0.10, "weak negative decoupling"),
        (-0.08, -0.10, "recessive coupling"),
        (-0.12, -0.10, "recessive coupling"),
        (-0.121, -0.10, "recessive decoupling"),
        (0.05, 0.0, "undefined"),
        (float("nan"), 0.05, "undefined"),
    ],
)
def test_the_eight_states_at_and_beside_their_limits(impact: float, driver: float, state: str) -> None:
    assert named([impact], [driver]) == [state]


def test_kaya_by_hand_closes_to_the_change() -> None:
    """P 100 → 110, G 1000 → 1210, E 500 → 544.5, C 1000 → 980.1: ratios 1.1, 1.1, 0.9, 0.9 make 0.9801."""
    found = kaya([100, 1000, 500, 1000], [110, 1210, 544.5, 980.1])
    assert found.multiplicative == pytest.approx([1.1, 1.1, 0.9, 0.9])
    assert found.additive.sum() == pytest.approx(-19.9)


def test_a_zone_can_meet_its_cut_of_intensity_and_still_emit_more() -> None:
    assert total_growth(0.08, -0.05) == pytest.approx(0.026)  # cut met, total grows
    assert total_growth(0.01, -0.03) == pytest.approx(-0.0203)  # cut of 5 % missed, total falls
    assert intensity_change_at(0.0, 0.08) == pytest.approx(-0.08 / 1.08)
