"""What holds for every factor of every pack."""

import re

import pytest

from tests.packs.packed import PACKS, all_factors, areas, carriers, read_csv, read_yaml, value
from tools.compile_packs.rows import RECALLED, as_csv
from tools.compile_packs.tables import factor_tables
from tools.compile_packs.zones import zone_rows

OFFICIAL = re.compile(
    r"https://(www\.)?(mee|ndrc)\.gov\.cn|https://data\.ncsc\.org\.cn|https://www\.(ipcc-nggip\.iges\.or\.jp|ipcc\.ch|eia\.gov)"
    r"|https://ghgprotocol\.org"
)


def test_committed_tables_are_what_the_reference_compiles_to(shared):
    compiled = factor_tables()
    assert sorted(compiled) == sorted(folder.name for folder in (PACKS / "factors").iterdir())
    for pack, rows in compiled.items():
        assert as_csv(rows) == (PACKS / "factors" / pack / "factors.csv").read_text(encoding="utf-8"), pack
    written = [tuple(row.values()) for row in read_csv(PACKS / "places" / "high_tech_zones" / "zones.csv")]
    assert written == zone_rows()


def test_every_factor_has_a_known_item_area_source_and_unit():
    for row in all_factors():
        listed = {source["id"] for source in read_yaml(PACKS / "factors" / row.pack / "sources.yaml")["sources"]}
        assert row.kind == "gwp" or row.item in carriers(), row.id
        assert row.area in areas(), row.id
        assert row.source in listed, row.id
        assert row.unit, row.id


def test_factor_ids_are_unique_across_packs():
    ids = [row.id for row in all_factors()]
    assert len(ids) == len(set(ids))


def test_recalled_values_are_of_low_confidence():
    recalled = [row for row in all_factors() if RECALLED in row.note]
    assert len(recalled) > 200
    assert {row.confidence for row in recalled} == {"low"}


def test_a_factor_is_empty_only_where_a_range_or_a_reason_stands():
    for row in all_factors():
        if row.value is None:
            assert (row.low is not None and row.high is not None) or row.note, row.id


def test_addresses_are_official():
    for path in sorted((PACKS / "factors").glob("*/*.yaml")):
        for address in re.findall(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8")):
            assert OFFICIAL.match(address), (path, address)
    assert not any("http" in row.note for row in all_factors())


@pytest.mark.parametrize("kind", ["ncv", "carbon_content", "co2", "ch4", "n2o"])
def test_heat_based_factors_name_their_calorific_basis(kind):
    rows = [row for row in all_factors() if row.kind == kind]
    assert {row.basis for row in rows} <= {"net", "gross"}
    gross = {row.pack for row in rows if row.basis == "gross"}
    assert gross <= {"us_plant_fuels"}


def test_units_of_gases_are_of_ten_thousand_cubic_metres():
    """Trap 1: 389.31 GJ is per 10^4 Nm3; a slip is 10^4-fold."""
    for row in all_factors():
        if row.kind in ("ncv", "standard_coal") and carriers()[row.item]["unit"] == "万Nm3":
            assert row.unit.endswith("/万Nm3"), row.id
            content = row.value if row.value is not None else row.high
            low, high = (30, 400) if row.kind == "ncv" else (1, 14)
            assert low <= content <= high, row.id


def test_the_database_value_per_cubic_metre_became_one_per_ten_thousand():
    """Trap 1: that source prints 0.038931 GJ per Nm3."""
    assert value("cn_fuels_database_2026", "natural_gas", "ncv") == 389.31
    assert value("cn_fuels_ndrc", "natural_gas", "ncv") == 389.31
