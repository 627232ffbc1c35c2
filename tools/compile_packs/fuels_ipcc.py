"""2006 IPCC Guidelines, volume 2: heat content, carbon, oxidation and gases of every fuel, with the 95 % bounds."""

from __future__ import annotations

from dataclasses import replace

from tools.compile_packs.carriers import carrier_units
from tools.compile_packs.rows import REFERENCE, FactorRow, confidence_of, joined, number, read_table

TABLE = REFERENCE / "factors" / "fuel_emission_factors_ipcc2006.csv"
IDS = {
    "Motor Gasoline": "gasoline", "Other Kerosene": "kerosene", "Diesel Oil": "diesel", "Residual Fuel Oil": "fuel_oil",
    "Liquefied Petroleum Gases": "lpg", "Waxes": "paraffin", "White Spirit & SBP": "solvent_oil",
    "Other Bituminous Coal": "bituminous_coal", "Coke Oven Coke and Lignite Coke": "coke",
    "Oxygen Steel Furnace Gas": "converter_gas", "Wood/Wood Waste": "wood", "Biodiesels": "biodiesel",
    "Sulphite Lyes (Black Liquor)": "black_liquor", "Other Primary Solid Biomass": "biomass",
    "Oil Shale and Tar Sands": "oil_shale", "Natural Gas Liquids (NGLs)": "natural_gas_liquids",
    "Municipal Wastes (non-biomass fraction)": "municipal_waste_fossil", "Industrial Wastes": "industrial_waste",
    "Municipal Wastes (biomass fraction)": "municipal_waste_biogenic", "Other Biogas": "biogas",
    "Gas Works Gas": "gas_works_gas", "Landfill Gas": "landfill_gas", "Sludge Gas": "sludge_gas",
}  # fmt: skip
ACTIVITIES = {
    "all": "", "all stationary": "", "energy industries": "energy_industries",
    "manufacturing and construction": "manufacturing_and_construction", "commercial/institutional": "commercial",
}  # fmt: skip
PARAMETERS = {
    ("NCV", ""): ("ncv", "", "GJ/t", "net", "1"),
    ("carbon content", "C"): ("carbon_content", "", "tC/GJ", "net", "0.001"),
    ("oxidation factor", ""): ("oxidation", "", "1", "", "1"),
    ("emission factor", "CO2"): ("co2", "CO2", "tCO2/GJ", "net", "0.000001"),
    ("emission factor", "CH4"): ("ch4", "CH4", "kg/TJ", "net", "1"),
    ("emission factor", "N2O"): ("n2o", "N2O", "kg/TJ", "net", "1"),
}
BOUNDS = {
    "memory (": "上下限凭记忆，中值已核对 / bounds recalled, the central value is that of the database",
    "memory:": "上下限为该中值的常用范围，凭记忆 / bounds are the usual range of that central value, recalled",
}


def tables() -> dict[str, list[FactorRow]]:
    """The pack of IPCC fuels.

    A gas that China measures by volume has its heat content per tonne under an id of its own, ``<id>_mass``, which
    repeats the other parameters; they are per heat and hold for the volume as well.
    """
    rows: list[FactorRow] = []
    units = carrier_units()
    for record in read_table(TABLE):
        row = _row(record)
        if row.item in units and not (row.kind == "ncv" and units[row.item] != "t"):
            rows.append(_placed(row, row.item))
        if f"{row.item}_mass" in units:
            rows.append(_placed(row, f"{row.item}_mass"))
    return {"ipcc_2006_fuels": rows}


def _placed(row: FactorRow, item: str) -> FactorRow:
    activity = f".{row.activity}" if row.activity else ""
    return replace(row, id=f"ipcc_2006.{item}.{row.kind}{activity}", item=item)


def _row(record: dict[str, str]) -> FactorRow:
    name = record["fuel"]
    item = IDS.get(name, name.lower().replace(" ", "_").replace("-", "_"))
    kind, gas, unit, basis, scale = PARAMETERS[record["parameter"], record["gas"]]
    bounds = next((note for start, note in BOUNDS.items() if record["bounds_confidence"].startswith(start)), "")
    return FactorRow(
        id="", item=item, kind=kind, gas=gas, value=number(record["value"], scale), unit=unit, basis=basis, area="world",
        activity=ACTIVITIES[record["sector"]], low=number(record["lower_95"], scale),
        high=number(record["upper_95"], scale), source="ipcc_2006_v2", confidence=confidence_of(record["value_confidence"]),
        note=joined(record["table"], bounds),
    )  # fmt: skip
