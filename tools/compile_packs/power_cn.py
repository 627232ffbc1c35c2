"""Chinese power factors: one pack per definition, so that none is taken for another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tools.compile_packs.rows import RECALLED, REFERENCE, FactorRow, confidence_of, joined, number, read_table

TABLE = REFERENCE / "factors" / "grid_emission_factors_cn.csv"
AREAS = {"China": "china", "InnerMongolia": "inner_mongolia"}
# Places that the announcements give no factor: said, so that no neighbour's factor is taken for theirs.
WITHOUT = ("tibet", "hong_kong", "macao", "taiwan")
ANNOUNCED = {"2021": "announcement_2021", "2022": "announcement_2022", "2023": "announcement_2023"}
SOURCES_BEFORE = {"2010": "ndrc_2014", "2011": "ndrc_2014", "2012": "ndrc_2014", "2016": "assessment_2018"}
ETS_SOURCES = {"2015": "ets_2015", "2021": "ets_2021", "2022": "ets_2022"}
KINDS_OF_POWER = {
    "China: national average": "", "China: coal power": "coal_power", "China: gas power": "gas_power",
    "China: hydro": "hydro_power", "China: nuclear": "nuclear_power", "China: wind": "wind_power",
    "China: photovoltaic": "photovoltaic_power", "China: solar thermal": "solar_thermal_power",
    "China: biomass": "biomass_power",
}  # fmt: skip
NO_FACTOR = "公告未给出该地区因子 / the announcements give this area no factor"
YEAR_UNSURE = "年份标注有争议，常被引作2018年 / the year is disputed, often quoted as 2018"


def tables() -> dict[str, list[FactorRow]]:
    """The packs of power factors by definition; figures of 2010 to 2016 have a pack and six grid regions of their own."""
    packs: dict[str, list[FactorRow]] = {}
    for record in read_table(TABLE):
        pack, definition = _pack(record)
        packs.setdefault(pack, []).append(_row(record, pack, definition))
    packs["cn_power_average"].extend(_without())
    packs["cn_power_direct"] = [
        _green("electricity_direct_green", "direct_supply"),
        _green("electricity_self_renewable", "direct_supply"),
    ]
    packs["cn_power_certified"] = [
        _green("electricity_traded_green", "certified"),
        _green("electricity_certificate_green", "certified"),
    ]
    return packs


def _pack(record: dict[str, str]) -> tuple[str, str]:
    scope, words = record["scope"], record["definition"]
    if scope == "national_ets":
        return "cn_power_ets", "ets"
    if scope == "national_lifecycle":
        return "cn_power_life_cycle", "life_cycle"
    if record["year"] < "2021":
        return "cn_power_ndrc", "grid_average" if record["year"] < "2016" else "assessment"
    if "excluding" in words:
        return "cn_power_without_traded", "without_traded_non_fossil"
    if "fossil-fuel" in words:
        return "cn_power_fossil", "fossil"
    return "cn_power_average", "average"


def _row(record: dict[str, str], pack: str, definition: str) -> FactorRow:
    year, area, words = record["year"], _area(record), record["confidence"]
    life_cycle = definition == "life_cycle"
    activity = KINDS_OF_POWER[record["area_en"]] if life_cycle else ""
    return FactorRow(
        id=".".join(part for part in (pack, area, activity, year) if part), item="electricity", kind="power",
        gas="" if life_cycle else "CO2", value=number(record["value"]), unit="tCO2e/MWh" if life_cycle else "tCO2/MWh",
        area=area, activity=activity, data_year=year, definition=definition, published=record["published"],
        source=_source(pack, year), confidence=confidence_of(words),
        note=joined(YEAR_UNSURE if year == "2016" else "", RECALLED if words.startswith("memory") else ""),
    )  # fmt: skip


def _area(record: dict[str, str]) -> str:
    name = record["area_en"]
    if record["scope"] == "region":
        return f"china_{'2012_' if record['year'] < '2021' else ''}{name.lower()}"
    if record["scope"].startswith("national"):
        return "china"
    return AREAS.get(name, name.lower())


def _source(pack: str, year: str) -> str:
    if pack == "cn_power_ets":
        return ETS_SOURCES[year]
    if pack == "cn_power_life_cycle":
        return "footprint_2023"
    return SOURCES_BEFORE.get(year) or ANNOUNCED[year]


def _without() -> list[FactorRow]:
    rows: list[FactorRow] = []
    for area in WITHOUT:
        row = FactorRow(
            id="", item="electricity", kind="power", gas="CO2", unit="tCO2/MWh", area=area, definition="average",
            confidence="medium", note=NO_FACTOR,
        )  # fmt: skip
        rows.extend(
            replace(row, id=f"cn_power_average.{area}.{year}", data_year=year, source=source)
            for year, source in ANNOUNCED.items()
        )
    return rows


def _green(item: str, definition: str) -> FactorRow:
    certified = definition == "certified"
    return FactorRow(
        id=f"cn_power_{'certified' if certified else 'direct'}.{item}", item=item, kind="power", gas="CO2", value=Decimal(0),
        unit="tCO2/MWh", area="china", definition=definition, source="scope_2" if certified else "mrv_forms",
        confidence="medium" if certified else "high",
    )  # fmt: skip
