"""Heat and process factors: every row whose unit is a plain ratio of a gas to a product, a material or heat."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tools.compile_packs.rows import RECALLED, REFERENCE, FactorRow, confidence_of, joined, number, read_table

TABLE = REFERENCE / "factors" / "heat_and_process_factors_cn.csv"
GUIDELINES, PROVINCIAL, IPCC, WITH_FUEL = (
    "cn_process",
    "cn_process_provincial_2011",
    "ipcc_2006_process",
    "ipcc_2006_process_with_fuel",
)
PREFIX = {
    GUIDELINES: "cn_process", PROVINCIAL: "provincial_2011", IPCC: "ipcc_2006_process", WITH_FUEL: "ipcc_2006_with_fuel",
}  # fmt: skip
INCLUDES_FUEL = "含燃料与原料用能的排放，不得再加其燃烧排放 / includes fuel and feedstock: never add their combustion"
REDUCTANT = "含还原剂的碳；还原剂须填作原材料，否则重复计算 / includes the reductant's carbon: report the reductant as feedstock"
PURE = "按纯碳酸盐质量计，乘纯度与煅烧率 / per mass of pure carbonate: times purity and calcined fraction"
REPLACED = "GB/T 32151.5-2026已替代，须核对 / GB/T 32151.5-2026 has replaced the source: to be compared"
SCALES = {"kg": ("0.001", "t/t"), "t": ("1", "t/t"), "tCO2": ("1", "tCO2/t")}


@dataclass(frozen=True)
class Place:
    """Where a row of the reference goes: pack, item, source, and what must be said about it."""

    pack: str
    item: str
    source: str
    note: str = ""
    activity: str = ""


def _carbonate(item: str) -> Place:
    return Place(IPCC, item, "table_2_1", PURE)


def _stoichiometric(item: str) -> Place:
    return Place(GUIDELINES, item, "stoichiometry", PURE)


def _ammonia(route: str) -> Place:
    return Place(WITH_FUEL, f"ammonia_{route}", "table_3_1", INCLUDES_FUEL)


def _steel(item: str) -> Place:
    return Place(WITH_FUEL, item, "table_4_1", INCLUDES_FUEL)


def _flux(item: str) -> Place:
    return Place(GUIDELINES, item, "steel_guideline", REPLACED)


# By the reference's English words for the activity; two rows of one name differ by their source.
PLACES: dict[str, Place] = {
    "CaCO3 calcite/limestone": _carbonate("calcium_carbonate"),
    "MgCO3 magnesite": _carbonate("magnesium_carbonate"),
    "CaMg(CO3)2 dolomite": _carbonate("calcium_magnesium_carbonate"),
    "FeCO3 siderite": _carbonate("iron_carbonate"),
    "MnCO3 rhodochrosite": _carbonate("manganese_carbonate"),
    "Na2CO3 soda ash": _carbonate("sodium_carbonate"),
    "K2CO3": _stoichiometric("potassium_carbonate"),
    "Li2CO3": _stoichiometric("lithium_carbonate"),
    "BaCO3": _stoichiometric("barium_carbonate"),
    "SrCO3": _stoichiometric("strontium_carbonate"),
    "NaHCO3": _stoichiometric("sodium_bicarbonate"),
    "cement clinker": Place(IPCC, "cement_clinker", "equation_2_4", "含2%水泥窑灰修正 / includes 2 % for kiln dust"),
    "lime, average 85% high-calcium 15% dolomitic": Place(IPCC, "lime", "equation_2_8"),
    "high-calcium lime": Place(IPCC, "lime_high_calcium", "equation_2_8"),
    "dolomitic lime (developed/developing)": Place(IPCC, "lime_dolomitic", "equation_2_8"),
    "calcium carbide production (reduction)": Place(IPCC, "calcium_carbide", "table_3_8", REDUCTANT),
    "calcium carbide use (acetylene)": Place(IPCC, "calcium_carbide_used", "table_3_8"),
    "ammonia: modern, conventional reforming, natural gas": _ammonia("conventional_reforming"),
    "ammonia: modern, excess air reforming, natural gas": _ammonia("excess_air_reforming"),
    "ammonia: modern, autothermal reforming, natural gas": _ammonia("autothermal_reforming"),
    "ammonia: modern, partial oxidation": _ammonia("partial_oxidation_modern"),
    "ammonia: mix, natural gas (European average)": _ammonia("natural_gas"),
    "ammonia: mix, partial oxidation": _ammonia("partial_oxidation"),
    "nitric acid: NSCR (all processes)": Place(IPCC, "nitric_acid_nscr", "table_3_3"),
    "nitric acid: process-integrated or tail-gas N2O destruction": Place(IPCC, "nitric_acid_destruction", "table_3_3"),
    "nitric acid: atmospheric pressure plant": Place(IPCC, "nitric_acid_atmospheric", "table_3_3"),
    "nitric acid: medium pressure plant": Place(IPCC, "nitric_acid_medium_pressure", "table_3_3"),
    "nitric acid: high pressure plant": Place(IPCC, "nitric_acid_high_pressure", "table_3_3"),
    "adipic acid, uncontrolled": Place(IPCC, "adipic_acid", "table_3_4"),
    "soda ash, natural process": Place(IPCC, "soda_ash_natural", "equation_3_14"),
    "glass (default, before cullet)": Place(
        IPCC, "glass", "table_2_6", "须乘（1－碎玻璃比例） / times (1 - share of cullet)"
    ),
    "iron and steel tier 1: sinter": _steel("sinter"),
    "iron and steel tier 1: pig iron": _steel("pig_iron"),
    "iron and steel tier 1: direct reduced iron": _steel("direct_reduced_iron"),
    "iron and steel tier 1: pellet": _steel("pellet"),
    "iron and steel tier 1: BOF steel": _steel("steel_basic_oxygen"),
    "iron and steel tier 1: EAF steel from scrap": _steel("steel_electric_arc"),
    "iron and steel tier 1: global average steel": _steel("crude_steel"),
    "limestone flux": _flux("limestone"),
    "dolomite flux": _flux("dolomite"),
    "electrode": _flux("electrode"),
    "pig iron input": _flux("pig_iron_input"),
    "DRI input": _flux("direct_reduced_iron_input"),
    "ferronickel": _flux("ferronickel_input"),
    "ferrochromium": _flux("ferrochromium_input"),
    "ferromolybdenum": _flux("ferromolybdenum_input"),
    "aluminium CWPB default": Place(IPCC, "aluminium_cwpb", "table_4_15"),
    "aluminium SWPB default": Place(IPCC, "aluminium_swpb", "table_4_15"),
    "aluminium VSS default": Place(IPCC, "aluminium_vss", "table_4_15"),
    "aluminium HSS default": Place(IPCC, "aluminium_hss", "table_4_15"),
    "aluminium PFC, NDRC": Place(GUIDELINES, "primary_aluminium", "aluminium_guideline"),
    "aluminium PFC, provincial PFPB": Place(PROVINCIAL, "aluminium_pfpb", "provincial_2011"),
    "prebake anode tier 1": Place(IPCC, "primary_aluminium", "table_4_10", "预焙阳极 / prebake anodes"),
    "primary magnesium from dolomite": Place(IPCC, "magnesium_dolomite", "table_4_19"),
    "ferroalloy ferrosilicon 75%": Place(IPCC, "ferrosilicon_75", "table_4_5", REDUCTANT),
    "ferroalloy ferromanganese 7% C": Place(IPCC, "ferromanganese_7c", "table_4_5", REDUCTANT),
    "ferroalloy silicomanganese": Place(IPCC, "silicomanganese", "table_4_5", REDUCTANT),
    "ferroalloy silicon metal": Place(IPCC, "silicon_metal", "table_4_5", REDUCTANT),
    "ferroalloy ferrochromium": Place(IPCC, "ferrochromium", "table_4_5", REDUCTANT),
    "lead default": Place(IPCC, "lead", "volume_3", REDUCTANT),
    "zinc default": Place(IPCC, "zinc", "volume_3", REDUCTANT),
    "HFC-23 by-product of HCFC-22": Place(PROVINCIAL, "hcfc_22", "provincial_2011", "未经销毁 / without destruction"),
    "flue-gas desulphurisation with limestone: B x I x EF x TR": Place(
        GUIDELINES, "desulphuriser_calcium_carbonate", "power_guideline", PURE
    ),
}
PROVINCIAL_PLACES = {
    "cement clinker": Place(PROVINCIAL, "cement_clinker", "provincial_2011"),
    "lime": Place(PROVINCIAL, "lime", "provincial_2011"),
    "calcium carbide": Place(PROVINCIAL, "calcium_carbide", "provincial_2011", REDUCTANT),
}


def tables() -> dict[str, list[FactorRow]]:
    """The packs of heat and of processes; what is a formula or counts in an unusual unit is left out."""
    records = read_table(TABLE)
    packs: dict[str, list[FactorRow]] = {pack: [] for pack in PREFIX}
    for record in records:
        place = _place(record)
        if place:
            packs[place.pack].append(_process(record, place))
    by_name = {record["activity_en"]: record for record in records}
    packs["cn_heat"] = _heat(by_name)
    packs["zero_carbon_park_2025"] = _zero_carbon_park()
    return packs


def _place(record: dict[str, str]) -> Place | None:
    if record["source"].startswith("省级") and record["activity_en"] in PROVINCIAL_PLACES:
        return PROVINCIAL_PLACES[record["activity_en"]]
    return PLACES.get(record["activity_en"])


def _process(record: dict[str, str], place: Place) -> FactorRow:
    mass = record["unit"].split("/")[0].split(" ")[0].removesuffix(record["gas"]) or "t"
    scale, unit = SCALES["tCO2" if record["gas"] == "CO2" else mass]
    words = record["confidence"]
    # Only the value named there was found in the database; the other routes of ammonia were recalled.
    recalled = words.startswith("memory") or (
        words.startswith("high for") and record["value"] not in words.split(";")[0]
    )
    return FactorRow(
        id=f"{PREFIX[place.pack]}.{place.item}.{record['gas'].lower()}", item=place.item, kind="process", gas=record["gas"],
        value=number(record["value"], scale), unit=unit, area="china" if place.pack in (GUIDELINES, PROVINCIAL) else "world",
        low=number(record["lower"], scale), high=number(record["upper"], scale), source=place.source,
        confidence="low" if recalled else confidence_of(words), note=joined(place.note, RECALLED if recalled else ""),
    )  # fmt: skip


def _heat(records: dict[str, dict[str, str]]) -> list[FactorRow]:
    default = records["purchased heat (default)"]
    database = records["purchased heat (database v2 label)"]
    waste = records["recovered waste heat / own waste-heat power / direct renewable not fed to the grid"]
    return [
        _heat_row("heat", "default", "guidelines", default),
        _heat_row("heat_nonfossil", "default", "mrv_forms", waste),
        _heat_row("heat", "database_2026", "database_2026", database),
    ]


def _heat_row(item: str, definition: str, source: str, record: dict[str, str]) -> FactorRow:
    return FactorRow(
        id=f"cn_heat.{item}.{definition}", item=item, kind="heat", gas="CO2", value=number(record["value"]), unit="tCO2/GJ",
        area="china", definition=definition, source=source, confidence=confidence_of(record["confidence"]),
    )  # fmt: skip


def _zero_carbon_park() -> list[FactorRow]:
    """Annex 4 of 发改环资〔2025〕910号, sections 4 and 5, as `zero_carbon_park_accounting.md` reports them."""
    power, heat = ("power", "tCO2/MWh", "annex_4_power"), ("heat", "tCO2/GJ", "annex_4_heat")
    rows = (
        ("electricity", "0.8325", power, "全国化石能源电力因子 / national factor of fossil power"),
        ("electricity_direct_green", "0", power, "直接供应的非化石电力 / directly supplied non-fossil power"),
        ("electricity_traded_green", "0", power, "绿证或绿电交易取得的可再生电力 / by certificates or green trading"),
        (
            "electricity_certificate_green",
            "0",
            power,
            "绿证取得的可再生电力，证电分离 / by certificates without the power",
        ),
        (
            "electricity_self_renewable",
            "0",
            power,
            "文件未单列，按非化石电力理解 / not named in the text; read as non-fossil",
        ),
        ("heat", "0.11", heat, "无实测值时的缺省值 / default without a measured factor"),
        ("heat_nonfossil", "0", heat, "非化石热力 / non-fossil heat"),
    )
    return [
        FactorRow(
            id=f"zero_carbon_park.{item}", item=item, kind=kind, gas="CO2", value=Decimal(value), unit=unit, area="china",
            definition="zero_carbon_park", published="2025-06-30", source=source,
            confidence="medium" if item == "electricity_self_renewable" else "high", note=note,
        )
        for item, value, (kind, unit, source), note in rows
    ]  # fmt: skip
