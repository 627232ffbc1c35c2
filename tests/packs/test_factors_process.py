"""Process factors against stoichiometry, and what is deliberately left out."""

import pytest

from tests.packs.packed import all_factors, carriers, factors, methods, one, profiles, read_csv, value

PACKS = ("cn_process", "cn_process_provincial_2011", "ipcc_2006_process", "ipcc_2006_process_with_fuel", "cn_heat")
# Formulas, slopes, deductions, carbon contents and fractions: named in the notes of the packs.
LEFT_OUT = {
    "hot water to heat: Q = M x (T - 20) x 4.1868 / 1000", "steam to heat: Q = M x (h - 83.74) / 1000",
    "cement clinker, enterprise: Q x [(CaO - CaO_nc) x 44/56 + (MgO - MgO_nc) x 44/40]",
    "aluminium CWPB slope coefficient", "aluminium SWPB slope coefficient", "aluminium VSS slope coefficient",
    "aluminium HSS slope coefficient", "anode consumption: (1 - S - A) x NC x 44/12",
    "crude steel carbon sequestered (deduct)", "methanol from coke-oven gas (deduct)",
    "industrial wastewater anaerobic: (TOW - S) x B0 x MCF - R", "MCF anaerobic reactor", "MCF deep anaerobic lagoon",
    "MCF shallow anaerobic lagoon", "MCF overloaded aerobic", "MCF well-managed aerobic",
    "MCF sea, river, lake discharge", "lubricant oxidised during use",
}  # fmt: skip
MOLAR_MASS = {
    "calcium_carbonate": 100.0869, "magnesium_carbonate": 84.3139, "iron_carbonate": 115.8539, "manganese_carbonate": 114.9469,
    "sodium_carbonate": 105.9884, "potassium_carbonate": 138.2055, "lithium_carbonate": 73.891, "barium_carbonate": 197.336,
    "strontium_carbonate": 147.63,
}  # fmt: skip


def test_every_row_of_the_reference_is_compiled_or_named_as_left_out(shared):
    table = read_csv(shared / "reference/factors/heat_and_process_factors_cn.csv")
    carbon = {each["activity_en"] for each in table if each["gas"] == "C"}
    left = [each for each in table if each["activity_en"] in LEFT_OUT | carbon]
    assert len(carbon) == 7
    assert len(table) - len(left) == sum(len(factors(pack)) for pack in PACKS)


@pytest.mark.parametrize("item", sorted(MOLAR_MASS))
def test_carbonates_are_stoichiometric(item):
    found = [row.value for row in all_factors() if (row.item, row.kind) == (item, "process")]
    assert found == [pytest.approx(44.0095 / MOLAR_MASS[item], abs=6e-4)]


def test_dolomite_frees_two_molecules():
    assert value("ipcc_2006_process", "calcium_magnesium_carbonate", "process") == pytest.approx(
        2 * 44.0095 / 184.4008, abs=1e-4
    )


def test_ammonia_is_not_its_fuel_requirement():
    """Trap 18: an export repeats 29.7 to 42.5 GJ/t as if they were tCO2/t."""
    found = [row for row in factors("ipcc_2006_process_with_fuel") if row.item.startswith("ammonia")]
    assert len(found) == 6
    assert all(1.5 < row.value < 3.5 for row in found)
    high = {row.value for row in found if row.confidence == "high"}
    assert high == {1.694}


def test_factors_that_include_the_fuel_serve_no_method():
    """Traps 15 and 19: with fuel combustion they would count twice."""
    assert not [each["id"] for each in methods().values() if "ipcc_2006_process_with_fuel" in each["factor_sets"]]
    assert {row.item for row in factors("ipcc_2006_process_with_fuel")} >= {
        "crude_steel",
        "pig_iron",
        "ammonia_natural_gas",
    }


def test_chinese_guidelines_come_before_the_ipcc():
    assert methods()["process_china"]["factor_sets"] == [
        "cn_process",
        "cn_process_provincial_2011",
        "ipcc_2006_process",
    ]
    assert value("cn_process_provincial_2011", "cement_clinker", "process") == 0.538
    assert value("ipcc_2006_process", "cement_clinker", "process") == 0.52
    for name in ("china_park_national", "china_park_province", "zero_carbon_park_2025"):
        assert "process_china" in profiles()[name]["methods"]


def test_gases_other_than_co2_are_masses_of_that_gas():
    for row in all_factors():
        if row.kind == "process":
            assert row.unit == ("tCO2/t" if row.gas == "CO2" else "t/t")
    assert value("ipcc_2006_process", "adipic_acid", "process", gas="N2O") == 0.3
    assert value("ipcc_2006_process", "aluminium_cwpb", "process", gas="CF4") == 0.0004


def test_items_are_products_or_materials():
    for row in all_factors():
        if row.kind == "process":
            assert carriers()[row.item]["kind"] in ("product", "material"), row.id
    assert one("cn_process", "electrode", "process").value == 3.663
