"""Chinese fuels: net calorific value, carbon content and oxidation of each published set."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from tools.compile_packs.carriers import carrier_named, carrier_units
from tools.compile_packs.rows import (
    RECALLED,
    REFERENCE,
    SECOND_HAND,
    Confidence,
    FactorRow,
    confidence_of,
    joined,
    number,
    read_table,
)

TABLE = REFERENCE / "factors" / "fuel_emission_factors_cn.csv"
# reference set → (pack, short name of its factors, source in the pack)
SETS = {
    "ndrc_general": ("cn_fuels_ndrc", "ndrc", "guidelines_24"),
    "regional_or_sector_set_2589_ncv": ("cn_fuels_gbt2589_ncv", "regional", "sector_set"),
    "provincial_inventory_guidelines_2011": ("cn_fuels_provincial_2011", "provincial_2011", "provincial_2011"),
    "mee_ets_power_2022_2023": ("cn_fuels_ets_power", "ets", "ets_2022"),
    "mee_ets_power_2021": ("cn_fuels_ets_power", "ets_2021", "ets_2021"),
    "mee_ets_power_2022": ("cn_fuels_ets_power", "ets_2022", "ets_2022"),
    "national_ef_database_v2_2026": ("cn_fuels_database_2026", "database_2026", "database_2026"),
}
# Sets whose default changed from one reporting year to the next.
VALID = {"mee_ets_power_2021": ("2021-01-01", "2022-01-01"), "mee_ets_power_2022": ("2022-01-01", "")}
NCV_SCALE = {"GJ/t": "1", "GJ/10^4 Nm3": "1", "GJ/Nm3": "10000", "GJ/": "1"}
OXIDATION_BY_EQUIPMENT = re.compile(r"(cement kiln|power boiler|industrial boiler) (\d+)%")
COPIED_WRONG = "抄录来源误作0.02308，此处取指南值 / copies carry 0.02308 in error; this is the guideline's value"
PRINTED_SWAPPED = (
    "原表含碳量为0.0172，与液化石油气串行，不采用；其他各套为0.0153 / "
    "carbon content printed 0.0172, the value of LPG: not taken; other sets have 0.0153"
)
NOTES = {
    ("regional", "lng"): PRINTED_SWAPPED,
    ("regional", "bituminous_coal"): COPIED_WRONG,
    ("database_2026", "raw_coal"): "单位热值含碳量偏高，疑为系统默认值 / carbon content looks like a system default",
    ("provincial_2011", "cleaned_coal"): "各抄本氧化率不一（93%至100%） / copies of the oxidation differ, 93 to 100 %",
}
COALS = ("anthracite", "bituminous_coal", "lignite", "cleaned_coal")
# A line of that set carries the carbon content of its neighbour: known to be wrong, so it has none.
SWAPPED = ("regional", "lng")
AVERAGE_BOILER = "各类设备的平均氧化率 / oxidation averaged over equipment"
UNMEASURED = "未实测元素碳含量时的高限缺省值 / punitive default where carbon is not measured"


def tables() -> dict[str, list[FactorRow]]:
    """The packs of Chinese fuels."""
    found: dict[str, list[FactorRow]] = {}
    for record in read_table(TABLE):
        pack, short, source = SETS[record["source_set"]]
        found.setdefault(pack, []).extend(_rows(record, short, source))
    return found


def _rows(record: dict[str, str], short: str, source: str) -> list[FactorRow]:
    item = carrier_named(record["fuel_zh"])
    since, until = VALID.get(record["source_set"], ("", ""))
    row = FactorRow(
        id=f"{short}.{item}", item=item, kind="", area="china", since=since, until=until, source=source,
        confidence=_confidence(record, short, item), note=_note(record, short, item),
    )  # fmt: skip
    parts = (
        ("ncv", number(record["ncv"], NCV_SCALE[record["ncv_unit"]]), f"GJ/{carrier_units()[item]}", "net"),
        ("carbon_content", number(record["carbon_content"]), "tC/GJ", "net"),
        ("oxidation", number(record["oxidation_rate"]), "1", ""),
    )
    rows = [
        replace(row, id=f"{row.id}.{kind}", kind=kind, value=value, unit=unit, basis=basis)
        for kind, value, unit, basis in parts
        if value is not None
    ]
    if (short, item) == SWAPPED:
        rows = [replace(each, value=None) if each.kind == "carbon_content" else each for each in rows]
    if short == "provincial_2011":
        rows = [_averaged(each) if each.kind == "oxidation" else each for each in rows]
    return [*rows, *_oxidation_by_equipment(record, row)]


def _averaged(row: FactorRow) -> FactorRow:
    """Oxidation is not part of what was checked in that set, and copies of the one of cleaned coal differ."""
    note = joined(row.note, AVERAGE_BOILER if row.item in COALS else "")
    return replace(row, confidence="low" if row.item == "cleaned_coal" else "medium", note=note)


def _oxidation_by_equipment(record: dict[str, str], row: FactorRow) -> list[FactorRow]:
    """The set on GB/T 2589 heat contents gives solid fuels an oxidation for each kind of equipment instead of one."""
    if record["source_set"] != "regional_or_sector_set_2589_ncv" or record["oxidation_rate"]:
        return []
    return [
        replace(
            row, id=f"{row.id}.oxidation.{use.replace(' ', '_')}", kind="oxidation", value=Decimal(rate) / 100, unit="1",
            activity=use.replace(" ", "_"),
        )
        for use, rate in OXIDATION_BY_EQUIPMENT.findall(record["note"])
    ]  # fmt: skip


def _confidence(record: dict[str, str], short: str, item: str) -> Confidence:
    return "low" if (short, item) == SWAPPED else confidence_of(record["confidence"])


def _note(record: dict[str, str], short: str, item: str) -> str:
    words = record["confidence"]
    doubt = RECALLED if words.startswith("memory") else ("" if words.startswith("high") else SECOND_HAND)
    return joined(NOTES.get((short, item), ""), UNMEASURED if item == "coal" else "", doubt)
