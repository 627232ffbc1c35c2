"""Which schemes apply to whom and when, and what is said of each that does not."""

from __future__ import annotations

import pytest

from greenpark.catalog import Packs
from greenpark.evaluate import Assessed, applicable

PARKS = {"carbon_peak_pilot_2023", "circular_transformation", "eco_industrial_park_hj274_2015", "unido_eip_v2"}


def taken(packs: Packs, kind: str, year: int, listed: bool = False) -> set[str]:
    found, left_out = applicable(packs.schemes.values(), Assessed("p", kind, listed, year))
    names = {each.head.id for each in found}
    assert {each.subject for each in left_out} == set(packs.schemes) - names  # each of the others is named
    return names


@pytest.mark.parametrize(
    ("year", "more"),
    [
        (2024, {"green_industrial_park_2016"}),
        (2025, {"green_industrial_park_2025", "zero_carbon_park_2025"}),
        (2026, {"green_industrial_park_2025", "zero_carbon_park_2025"}),
    ],
)
def test_the_green_park_requirements_change_with_the_round_of_2025(packs: Packs, year: int, more: set[str]) -> None:
    assert taken(packs, "zone", year) == PARKS | more


def test_a_listed_zone_is_evaluated_by_the_edition_of_its_round(packs: Packs) -> None:
    for year, edition in ((2020, None), (2021, "2021"), (2023, "2021"), (2024, "2024")):
        found = {name for name in taken(packs, "zone", year, listed=True) if name.startswith("high_tech_zone")}
        assert found == ({f"high_tech_zone_{edition}"} if edition else set())
        assert not any(name.startswith("high_tech_zone") for name in taken(packs, "zone", year))


def test_a_factory_is_evaluated_by_the_standard_in_force(packs: Packs) -> None:
    always = {"green_supply_chain_enterprise"}
    assert taken(packs, "unit", 2025) == always | {"green_factory_gbt36132_2018"}
    assert taken(packs, "unit", 2026) == always | {"green_factory_gbt36132_2025"}


def test_the_reason_names_rounds_kind_list_or_emptiness(packs: Packs) -> None:
    _, left_out = applicable(packs.schemes.values(), Assessed("p", "zone", False, 2026))
    said = {each.subject: each for each in left_out}
    assert {name: each.message for name, each in said.items()} == {
        "eco_industrial_park_review_2018": "evaluate.scheme_of_other_rounds",
        "green_factory_gbt36132_2018": "evaluate.scheme_of_other_kind",
        "green_factory_gbt36132_2025": "evaluate.scheme_of_other_kind",
        "green_industrial_park_2016": "evaluate.scheme_of_other_rounds",
        "green_industrial_park_general": "evaluate.scheme_empty",
        "green_supply_chain_enterprise": "evaluate.scheme_of_other_kind",
        "high_tech_zone_2021": "evaluate.scheme_of_listed_zones",
        "high_tech_zone_2024": "evaluate.scheme_of_listed_zones",
    }
    assert {said["green_industrial_park_2016"].values[key] for key in ("first", "last", "round")} == {2017, 2024, 2026}
    assert {each.severity for each in left_out} == {"note"}
