"""Quantities, units and families for the tests of formulas."""

from __future__ import annotations

from greenpark.engine.units import Units
from greenpark.model.knowledge import Unit
from greenpark.model.text import Text

_NAME = Text(zh="单位", en="unit")
UNITS = Units(
    [
        Unit(id="1", name=_NAME, definition="1"),
        Unit(id="%", name=_NAME, definition="0.01"),
        Unit(id="t", name=_NAME, dimension="mass"),
        Unit(id="kg", name=_NAME, definition="0.001 t"),
        Unit(id="tCO2", name=_NAME, dimension="co2_mass"),
        Unit(id="tce", name=_NAME, dimension="standard_coal"),
        Unit(id="元", name=_NAME, dimension="money"),
        Unit(id="万元", name=_NAME, definition="10000 元"),
        Unit(id="亿元", name=_NAME, definition="10000 万元"),
    ]
)
QUANTITIES: dict[str, str] = {
    "waste.used": "t", "waste.made": "kg", "co2.total": "tCO2", "energy.total": "tce", "money.added": "万元",
    "money.output": "亿元", "pollutant.cod": "t", "pollutant.so2": "t", "pollutant.nox": "t", "mixed.a": "t", "mixed.b": "tce",
    "single.one": "t",
}  # fmt: skip
NAMES = {
    "waste.used": Text(zh="利用量", en="waste used"),
    "waste.made": Text(zh="产生量", en="waste made"),
    "money.added": Text(zh="增加值", en="value added"),
    "energy.total": Text(zh="能耗", en="energy use"),
    "pollutant": Text(zh="污染物", en="pollutant"),
}


def unit_of(name: str) -> str:
    return QUANTITIES[name]


def members_of(name: str) -> tuple[str, ...]:
    if name in QUANTITIES:
        return (name,)
    return tuple(sorted(each for each in QUANTITIES if each.startswith(f"{name}.")))
