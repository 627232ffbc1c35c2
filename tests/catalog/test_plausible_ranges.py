"""Published factors pass the plausible ranges; slips of unit, digit and row do not (traps 3, 17 and 18)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from greenpark.catalog import check_pack
from tests.catalog.conftest import MakePack

HEAD = "id,item,kind,value,unit,basis,source,confidence\n"


def carbon_contents(shared: Path) -> list[tuple[str, str]]:
    """(English name, tC/GJ) of each carbon content of the Chinese tables."""
    path = shared / "reference" / "factors" / "fuel_emission_factors_cn.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["fuel_en"], row["carbon_content"]) for row in rows if row["carbon_content"]]


ITEMS = {
    "LNG": "lng", "LPG": "lpg", "natural gas": "natural_gas", "blast-furnace gas": "blast_furnace_gas",
    "converter gas": "converter_gas", "closed calcium carbide furnace gas": "calcium_carbide_furnace_gas",
}  # fmt: skip


def judged(folder: Path, rows: list[tuple[str, str, str]]) -> list[int]:
    """The lines of the rows (item, value, unit) that are implausible."""
    lines = [
        f"f{n},{item},carbon_content,{value},{unit},net,document,low" for n, (item, value, unit) in enumerate(rows)
    ]
    (folder / "factors.csv").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return [mistake.line for mistake in check_pack(folder) if mistake.message == "catalog.implausible"]


def test_of_all_published_carbon_contents_only_the_swapped_lng_value_is_refused(
    shared: Path, make_pack: MakePack
) -> None:
    rows = [(ITEMS.get(name, "raw_coal"), value, "tC/GJ") for name, value in carbon_contents(shared)]
    refused = [rows[line - 2] for line in judged(make_pack("factors"), rows)]
    assert refused == [("lng", "0.0172", "tC/GJ")]


def test_a_thousandfold_slip_is_refused_for_every_fuel(shared: Path, make_pack: MakePack) -> None:
    rows = [(ITEMS.get(name, "raw_coal"), value, "tC/TJ") for name, value in carbon_contents(shared)]
    assert len(judged(make_pack("factors"), rows)) == len(rows)


@pytest.mark.parametrize(("value", "unit"), [("0.0153", "tC/GJ"), ("15.3", "tC/TJ"), ("15.3", "kgC/GJ")])
def test_the_unit_in_which_a_value_is_written_does_not_matter(value: str, unit: str, make_pack: MakePack) -> None:
    assert judged(make_pack("factors"), [("natural_gas", value, unit)]) == []


@pytest.mark.parametrize(("item", "value", "fits"), [
    ("raw_coal", "35", True), ("raw_coal", "35.1", False), ("raw_coal", "10", True), ("raw_coal", "9.9", False),
    ("blast_furnace_gas", "70.8", True), ("blast_furnace_gas", "26", False), ("converter_gas", "49.6", True),
    ("raw_coal", "70.8", False), ("lpg", "17.2", True), ("lng", "17.2", False), ("lng", "15.3", True),
])  # fmt: skip
def test_the_range_of_an_item_stands_before_the_general_one(
    item: str, value: str, fits: bool, make_pack: MakePack
) -> None:
    assert (judged(make_pack("factors"), [(item, value, "tC/TJ")]) == []) is fits
