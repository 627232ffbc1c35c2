"""Quantities whose names are nearly equal stay distinct: own title and unit, a note that says which, a place in a form."""

from __future__ import annotations

import pytest

from tests.packs.packed import PACKS, read_yaml

FAMILIES = {
    "land": ("land.approved", "land.managed", "land.built_up", "land.industrial", "land.construction"),
    "green": ("green.area", "green.coverage_area", "green.forest_area", "green.all_green_area"),
    "value added": (
        "economy.gdp", "economy.industrial_value_added", "economy.value_added_reporting_firms",
        "economy.value_added_whole_zone", "economy.host_city_gdp",
    ),
    "energy": ("energy.total", "energy.published_calorific"),
}  # fmt: skip
# Rates as published: the title says all there is to say.
RATES = ("green.area_rate", "green.coverage_rate", "green.all_green_rate", "green.forest_cover")


def quantities() -> dict[str, dict]:
    files = sorted((PACKS / "quantities").glob("*/quantities.yaml"))
    return {each["id"]: each for file in files for each in read_yaml(file)["quantities"]}


def carried() -> set[str]:
    """What the workbooks can carry: a value column of its own, or a row of a sheet of quantities."""
    found: set[str] = set()
    for name in ("park_annual", "scheme_figures"):
        for sheet in read_yaml(PACKS / "forms" / name / "form.yaml")["sheets"]:
            found.update(sheet.get("quantities", ()))
            found.update(column["quantity"] for column in sheet["columns"] if column.get("quantity"))
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_each_of_a_family_has_a_title_of_its_own_and_a_note_in_both_languages(family: str) -> None:
    known = [quantities()[name] for name in FAMILIES[family]]
    for language in ("zh", "en"):
        titles = [each["name"][language] for each in known]
        assert len(set(titles)) == len(titles)
        assert all(each["note"][language] for each in known)


def test_titles_are_unique_over_all_quantities() -> None:
    for language in ("zh", "en"):
        titles = [each["name"][language] for each in quantities().values()]
        assert sorted(titles) == sorted(set(titles))


def test_the_workbooks_carry_every_near_name_that_is_reported() -> None:
    asked = {name for family in FAMILIES.values() for name in family} | set(RATES) | {"energy.published_primary"}
    assert asked - carried() == {"energy.total"}  # worked out from the energy sheet, on both bases


def test_energy_exists_on_both_bases_and_never_on_none() -> None:
    """The total is one quantity with a basis as its variant; published totals are two quantities."""
    known = quantities()
    assert known["energy.total"]["variant"] == "basis"
    assert known["energy.published_calorific"]["name"]["zh"] != known["energy.published_primary"]["name"]["zh"]
