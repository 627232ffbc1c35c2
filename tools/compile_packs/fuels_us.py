"""Fuels of US plants: CO2 per gross heat, and the heat contents between which a reported quantity is plausible."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from tools.compile_packs.carriers import carrier_units
from tools.compile_packs.rows import DATA, REFERENCE, FactorRow, confidence_of, number, read_table

FACTORS = REFERENCE / "factors" / "us_eia_plant_fuels.csv"
PLANTS = DATA / "plant_fuel_co2_us" / "plant_fuel_2017_states_A_M.csv"
# The range is that of 90 % of the agency's rows, widened by this on each side: it finds slips of unit, not fuels
# that are merely poor or rich.
WIDENING = Decimal("1.25")
TAIL = Decimal("0.05")
ENOUGH_ROWS = 10
RANGE_NOTE = (
    "取{rows}行的5%至95%分位，两端各放宽1.25倍 / 5 % to 95 % quantiles of {rows} rows, widened by 1.25 on both ends"
)
RECOMPUTED = "凭记忆录入；该机构2017年电厂数据反推结果在0.01%内一致 / recalled; the agency's own plant figures of 2017 imply it to 0.01 %"
NOTHING = "无公布因子；少数行亦不对应常数 / no published value, and the few rows imply no constant"


def tables() -> dict[str, list[FactorRow]]:
    """The packs of US plant fuels."""
    return {"us_plant_fuels": _factors(), "us_plant_fuel_heat_ranges": _ranges()}


def _factors() -> list[FactorRow]:
    return [
        FactorRow(
            id=f"us_plant_fuels.{record['code'].lower()}", item=f"us_{record['code'].lower()}", kind="co2", gas="CO2",
            value=number(record["co2_factor"]), unit="kgCO2/MMBtu", basis="gross", area="united_states", data_year="2017",
            source="electric_power_annual", confidence=confidence_of(record["confidence"]),
            note=RECOMPUTED if record["co2_factor"] else NOTHING,
        )
        for record in read_table(FACTORS)
    ]  # fmt: skip


def _ranges() -> list[FactorRow]:
    contents = _heat_contents()
    return [_range(code, sorted(contents[code])) for code in sorted(contents) if contents[code]]


def _heat_contents() -> Mapping[str, list[Decimal]]:
    """MMBtu per unit of quantity of every row that states both."""
    found: dict[str, list[Decimal]] = {}
    for record in read_table(PLANTS):
        heat = number(record["Total Fuel Consumption (MMBtu)"])
        quantity = number(record["Quantity of Fuel Consumed"])
        if record["Fuel Code"] and heat and quantity:
            found.setdefault(record["Fuel Code"], []).append(heat / quantity)
    return found


def _range(code: str, contents: list[Decimal]) -> FactorRow:
    item = f"us_{code.lower()}"
    cut = int(len(contents) * TAIL)
    low, high = contents[cut] / WIDENING, contents[-1 - cut] * WIDENING
    return FactorRow(
        id=f"us_heat_range.{code.lower()}", item=item, kind="quantity_range", unit=f"MMBtu/{carrier_units()[item]}",
        basis="gross", area="united_states", data_year="2017",
        low=low.quantize(Decimal("0.001"), ROUND_FLOOR), high=high.quantize(Decimal("0.001"), ROUND_CEILING),
        source="plant_rows", confidence="medium" if len(contents) >= ENOUGH_ROWS else "low",
        note=RANGE_NOTE.format(rows=len(contents)),
    )  # fmt: skip
