"""Standard coal: GB/T 2589 in both editions, the primary-energy basis, and what follows from a heat content."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from tools.compile_packs import fuels_ipcc
from tools.compile_packs.carriers import carrier_named, carrier_units, carriers_by_name
from tools.compile_packs.rows import (
    RECALLED,
    REFERENCE,
    SECOND_HAND,
    FactorRow,
    confidence_of,
    joined,
    number,
    read_table,
)

TABLE = REFERENCE / "factors" / "standard_coal_gbt2589_2020.csv"
KGCE_MJ = Decimal("29.3076")  # 7000 kcal of 4.1868 kJ, the definition of GB/T 2589-2020
IDS = {
    "middlings": "washed_middlings", "gangue": "coal_gangue", "bf_gas": "blast_furnace_gas",
    "heavy_oil_cat_gas": "heavy_oil_catalytic_gas", "heavy_oil_therm_gas": "heavy_oil_thermal_gas",
    "pressure_gas": "pressure_gasification_gas", "residuum": "residual_oil", "coalmine_gas": "coal_mine_gas",
    "soft_water": "softened_water", "deox_water": "deaerated_water", "co2_gas": "carbon_dioxide_gas",
}  # fmt: skip
# Carriers that have the same heat content as another one, by what they are.
SAME_AS = {
    "electricity": (
        "electricity_direct_green",
        "electricity_traded_green",
        "electricity_self_renewable",
        "electricity_certificate_green",
    ),
    "heat": ("heat_nonfossil", "waste_heat_pressure"),
}
# kgce per unit of the table → tce per unit of the carrier; kJ or MJ per unit of the table → GJ per unit of the carrier
FACTOR_SCALE = {"kgce/kg": "1", "kgce/m3": "10", "kgce/t": "0.001", "kgce/(kW·h)": "1", "kgce/MJ": "1"}
NCV_SCALE = {"kJ/kg": "0.001", "kJ/m3": "0.01"}
EDITIONS = {"GB/T 2589-2020": "gbt2589_2020", "GB/T 2589-2008": "gbt2589_2008"}
DERIVED = {
    "ndrc_ncv": "由指南默认低位发热量÷29.3076 GJ/tce推算；应优先使用实测值 / "
    "default NCV of the guidelines over 29.3076 GJ/tce; a measured value comes first",
    "ipcc_ncv": "由IPCC默认低位发热量÷29.3076 GJ/tce推算；应优先使用实测值 / "
    "default NCV of the IPCC over 29.3076 GJ/tce; a measured value comes first",
}
RANGE_NOTE = "标准给出范围，无单一默认值 / the standard prints a range and no single default"
CONSISTENT = "与低位发热量÷29307.6 kJ/kgce一致 / agrees with its own heat content over 29307.6 kJ/kgce"
PRINTED_ODD = "2008版此处热值按4.1868折算，与全表4.1816不一致 / heat content printed on 4.1868 kJ/kcal, unlike the rest of the 2008 table"
# How the reference names the supply coal rate [kgce/kWh] of power plants of 6 MW and more for each year.
COAL_RATE_OF_YEAR = re.compile(r"(0\.\d+) \((20\d\d)\)")


def tables() -> dict[str, list[FactorRow]]:
    """The packs of standard coal and of the primary-energy basis."""
    reference = read_table(TABLE)
    rows = {edition: _edition(reference, edition) for edition in EDITIONS.values()}
    new = rows["gbt2589_2020"]
    return {
        **{
            f"standard_coal_{edition}": [row for row in found if row.basis != "primary_energy"]
            for edition, found in rows.items()
        },
        "standard_coal_from_ncv": _from_ncv(new),
        "primary_energy": _electricity(),
        "working_media_gbt2589_2020": [row for row in new if row.basis == "primary_energy"],
        "working_media_gbt2589_2008": [row for row in rows["gbt2589_2008"] if row.basis == "primary_energy"],
    }


def _edition(reference: list[dict[str, str]], edition: str) -> list[FactorRow]:
    found: list[FactorRow] = []
    for record in reference:
        mine = EDITIONS.get(record["standard"].split(" General")[0].split(" (")[0])
        if mine != edition or not record["factor_low"]:
            continue
        found.extend(_rows(record, edition))
    return found


def _rows(record: dict[str, str], edition: str) -> list[FactorRow]:
    item = IDS.get(record["carrier_id"], record["carrier_id"])
    media = "等价值" in record["value_type"]
    kind, basis = ("primary_energy", "primary_energy") if media else ("standard_coal", "calorific")
    single, scale = record["factor_default"], FACTOR_SCALE[record["factor_unit"]]
    row = FactorRow(
        id=f"{edition}.{item}", item=item, kind=kind, value=number(single, scale), unit=f"tce/{carrier_units()[item]}",
        basis=basis, area="china", source=edition, confidence=confidence_of(record["confidence"]),
        low=None if single else number(record["factor_low"], scale),
        high=None if single else number(record["factor_high"], scale),
        note=joined("" if single else RANGE_NOTE, _doubt(record)),
    )  # fmt: skip
    twins = [replace(row, id=f"{edition}.{twin}", item=twin) for twin in SAME_AS.get(item, ())]
    return [row, *twins, *_heat_content(record, row, edition)]


def _heat_content(record: dict[str, str], row: FactorRow, edition: str) -> list[FactorRow]:
    scale = NCV_SCALE.get(record["ncv_basis"])
    if scale is None:
        return []
    low, high = number(record["ncv_low_kJ"], scale), number(record["ncv_high_kJ"], scale)
    single = low == high
    odd = PRINTED_ODD if edition == "gbt2589_2008" and row.item == "refinery_gas" else ""
    return [
        replace(
            row, id=f"{edition}.{row.item}.ncv", kind="ncv", value=low if single else None, basis="net",
            unit=f"GJ/{carrier_units()[row.item]}", low=None if single else low, high=None if single else high,
            note=joined(row.note, odd),
        )
    ]  # fmt: skip


def _doubt(record: dict[str, str]) -> str:
    words = record["confidence"]
    if words.startswith("memory"):
        return joined(RECALLED, CONSISTENT if "self-consistent" in words else "")
    return SECOND_HAND if words.startswith("medium") else ""


def _from_ncv(printed: list[FactorRow]) -> list[FactorRow]:
    """Default NCV over 29.3076 GJ/tce for the fuels for which GB/T 2589-2020 prints no single value.

    The guidelines' heat content where they have one, else that of the IPCC, which is worth less here.
    """
    have = {row.item for row in printed if row.kind == "standard_coal" and row.value is not None}
    rows: list[FactorRow] = []
    for source, contents in (("ndrc_ncv", _guideline_contents()), ("ipcc_ncv", _ipcc_contents())):
        for item, ncv in contents.items():
            if item not in have:
                have.add(item)
                rows.append(_derived(item, ncv, source))
    return [*rows, _already_standard_coal()]


def _guideline_contents() -> dict[str, Decimal]:
    table = read_table(REFERENCE / "factors" / "fuel_emission_factors_cn.csv")
    mine = [record for record in table if record["source_set"] == "ndrc_general"]
    return {carrier_named(record["fuel_zh"]): Decimal(record["ncv"]) for record in mine}


def _ipcc_contents() -> dict[str, Decimal]:
    """Heat contents of the fuels that Chinese statistics list too, in the order of the IPCC table."""
    china = set(carriers_by_name().values())
    rows = [row for row in fuels_ipcc.tables()["ipcc_2006_fuels"] if row.kind == "ncv" and row.item in china]
    return {row.item: row.value for row in rows if row.value is not None}


def _derived(item: str, ncv: Decimal, source: str) -> FactorRow:
    return FactorRow(
        id=f"from_ncv.{item}", item=item, kind="standard_coal", value=(ncv / KGCE_MJ).quantize(Decimal("0.0001")),
        unit=f"tce/{carrier_units()[item]}", basis="calorific", area="china", source=source,
        confidence="medium" if source == "ndrc_ncv" else "low", note=DERIVED[source],
    )  # fmt: skip


def _already_standard_coal() -> FactorRow:
    """Other fuels are reported in standard coal by the forms."""
    return FactorRow(
        id="from_ncv.other_fuel", item="other_fuel", kind="standard_coal", value=Decimal(1), unit="tce/tce", basis="calorific",
        area="china", source="energy_forms", confidence="medium", note="报表即按标准煤填报 / the forms ask for standard coal",
    )  # fmt: skip


def _electricity() -> list[FactorRow]:
    """Electricity on the primary-energy basis [tce/MWh]: the yearly supply coal rate, and the old convention."""
    note = joined(
        "全国6000千瓦及以上电厂供电煤耗，并非发电煤耗 / supply coal rate, the generation rate is lower", RECALLED
    )
    rates = next(each["note"] for each in read_table(TABLE) if "supply coal consumption" in each["note"])
    rows: list[FactorRow] = []
    for item in ("electricity", *SAME_AS["electricity"]):
        row = FactorRow(
            id="", item=item, kind="primary_energy", unit="tce/MWh", basis="primary_energy", area="china",
            definition="supply_coal_rate", source="coal_rate", confidence="low", note=note,
        )  # fmt: skip
        rows.extend(
            replace(row, id=f"primary_energy.{item}.{year}", value=Decimal(rate), data_year=year)
            for rate, year in COAL_RATE_OF_YEAR.findall(rates)
        )
    old = next(each for each in read_table(TABLE) if each["factor_low"] == "0.404")
    convention = FactorRow(
        id="", item="", kind="primary_energy",
        value=number(old["factor_low"]), unit="tce/MWh", basis="primary_energy", area="china",
        definition="old_convention", source="old_convention", confidence="low",
        note=joined("旧等价折标系数，每万千瓦时4.04吨标准煤 / the old 4.04 tce per 10^4 kWh", RECALLED),
    )  # fmt: skip
    items = ("electricity", *SAME_AS["electricity"])
    return [*rows, *(replace(convention, id=f"primary_energy.{each}.old_convention", item=each) for each in items)]
