"""Units: spellings, dimensions and multipliers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpark.catalog import load_packs
from greenpark.engine.unit_powers import combined, raised
from greenpark.engine.units import UnitError, Units
from greenpark.model.knowledge import Unit
from greenpark.model.text import Text

PACKED = load_packs(kinds=("units",)).units
UNITS = Units(PACKED.values())
IDS = sorted(PACKED)
NAME = Text(zh="测试", en="test")


def unit(identifier, definition="", dimension="", **more):
    return Unit(id=identifier, name=NAME, definition=definition, dimension=dimension, **more)


@pytest.mark.parametrize(
    ("source", "target", "multiplier"),
    [
        ("tce", "kgce", 1000),
        ("万tce", "tce", 10_000),
        ("万kWh", "MWh", 10),
        ("亿kWh", "万kWh", 10_000),
        ("万Nm3", "Nm3", 10_000),
        ("GJ", "MJ", 1000),
        ("MMBtu", "GJ", 1.05505585262),
        ("short_ton", "t", 0.90718474),
        ("barrel", "L", 158.987294928),
        ("Mcf", "m3", 28.316846592),
        ("亿元", "万元", 10_000),
        ("kcal", "kJ", 4.1868),
        ("kgCO2/MMBtu", "tCO2/GJ", 0.001 / 1.05505585262),
        ("tce/万元", "kgce/元", 0.1),
        ("kWh", "kJ", 3600),
        ("%", "1", 0.01),
        ("kgce/kWh", "tce/MWh", 1),
        ("1/TJ", "1/GJ", 0.001),
    ],
)
def test_published_conversions(source, target, multiplier):
    assert UNITS.multiplier(source, target) == pytest.approx(multiplier, rel=1e-12)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("t", "tce"), ("t", "tCO2"), ("tCO2", "tCO2e"), ("tC", "tCO2"), ("m3", "Nm3"), ("kWh", "tce"),
        ("元", "USD"), ("%", "pp"), ("GJ", "tCO2/GJ"), ("tce/万元", "tce/t"), ("个", "人"), ("t", "barrel"),
    ],
)  # fmt: skip
def test_different_things_do_not_convert(source, target):
    """Trap 16 and the mixing of tonnes: a mass is no heat, no carbon and no CO2 equivalent."""
    assert not UNITS.convertible(source, target)
    with pytest.raises(UnitError) as told:
        UNITS.multiplier(source, target)
    assert UNITS.dimension(source) in str(told.value)
    assert UNITS.dimension(target) in str(told.value)


@pytest.mark.parametrize(
    ("spelling", "found"),
    [
        ("吨标准煤", "tce"), ("吨标煤", "tce"), ("万吨标准煤", "万tce"), ("万千瓦时", "万kWh"), ("度", "kWh"),
        ("万标立方米", "万Nm3"), ("10^4 Nm3", "万Nm3"), ("10⁴Nm3", "万Nm3"), ("亿元", "亿元"), ("吨标煤/万元", "tce/万元"),
        ("吨标准煤／万元", "tce/万元"), ("ｋＷｈ", "kWh"), ("m³", "m3"), ("平方公里", "km2"), ("吨", "t"), ("short tons", "short_ton"),
        ("kgCO2/MMBtu", "kgCO2/MMBtu"), ("万 吨", "万t"), ("公顷", "hm2"), ("百分点", "pp"),
        ("furlong", None), ("吨标煤/瓶", None), ("", None), ("/", None), ("t/", None),
    ],
)  # fmt: skip
def test_spellings_as_people_write_them(spelling, found):
    assert UNITS.find(spelling) == found


def test_every_spelling_of_every_unit_is_found():
    for each in PACKED.values():
        for spelling in (each.id, *each.spellings):
            assert UNITS.find(spelling) == each.id, spelling


@given(st.sampled_from(IDS), st.sampled_from(IDS), st.sampled_from(IDS))
def test_conversion_there_and_back_is_one(first, second, third):
    for source, target in ((first, second), (f"{first}/{third}", f"{second}/{third}"), (f"{first}^2", f"{second}^2")):
        if UNITS.convertible(source, target):
            there, back = UNITS.multiplier(source, target), UNITS.multiplier(target, source)
            assert there * back == pytest.approx(1, rel=1e-12)
            assert math.isfinite(there) and there > 0


@given(st.sampled_from(IDS), st.sampled_from(IDS))
def test_product_and_quotient_of_units(first, second):
    product = combined(first, second, 1)
    assert UNITS.multiplier(combined(product, second, -1), first) == pytest.approx(1)
    assert UNITS.multiplier(combined(first, first, -1), "1") == pytest.approx(1)
    assert UNITS.multiplier(raised(first, 3), combined(combined(first, first, 1), first, 1)) == pytest.approx(1)


@given(st.text(max_size=30))
def test_any_text_is_a_unit_or_none(spelling):
    found = UNITS.find(spelling)
    assert found is None or UNITS.known(found)


@pytest.mark.parametrize(
    "wrong",
    [
        [unit("a", "2 b")],
        [unit("a", "2 b"), unit("b", "2 a")],
        [unit("a", "2 a")],
        [unit("a", "much")],
        [unit("a", "")],
        [unit("a", "0 b"), unit("b", dimension="length")],
        [unit("a", "-1 b"), unit("b", dimension="length")],
        [unit("a", ". b"), unit("b", dimension="length")],
        [unit("a", "1e999 b"), unit("b", dimension="length")],
    ],
)
def test_wrong_definitions_are_refused(wrong):
    with pytest.raises(UnitError):
        Units(wrong)


def test_definitions_may_stand_in_any_order():
    units = Units([unit("km", "1000 m"), unit("dam", "10 m"), unit("m", dimension="length")])
    assert units.multiplier("km", "dam") == pytest.approx(100)
    assert units.dimension("km^2/dam") == "length"


@pytest.mark.parametrize("expression", ["t/", "*t", "t^", "t^x", "t^999", "nothing", "t//t"])
def test_broken_expressions_are_unknown_units(expression):
    assert not UNITS.known(expression)
    with pytest.raises(UnitError):
        UNITS.multiplier(expression, "t")
