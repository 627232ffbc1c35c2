"""Steam and hot water as masses, turned into heat."""

import pytest

from greenpark.account.if97 import boiling_point, enthalpy_of_saturated_steam, enthalpy_of_steam, enthalpy_of_water
from tests.account.made_park import definitions, run


@pytest.fixture
def national(packs):
    return definitions(packs, "china_park_national")


@pytest.mark.parametrize(
    ("kelvin", "pressure", "expected"),
    [(300, 0.0035, 2549.91145), (700, 0.0035, 3335.68375), (700, 30, 2631.49474)],
)
def test_steam_has_the_enthalpy_of_the_release(kelvin, pressure, expected):
    """IAPWS R7-97(2012), table 15."""
    assert enthalpy_of_steam(pressure, kelvin - 273.15) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(
    ("kelvin", "pressure", "expected"), [(300, 3, 115.331273), (300, 80, 184.142828), (500, 3, 975.542239)]
)
def test_water_has_the_enthalpy_of_the_release(kelvin, pressure, expected):
    """IAPWS R7-97(2012), table 5."""
    assert enthalpy_of_water(pressure, kelvin - 273.15) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(("pressure", "kelvin"), [(0.1, 372.755919), (1, 453.035632), (10, 584.149488)])
def test_water_boils_where_the_release_says(pressure, kelvin):
    """IAPWS R7-97(2012), table 36."""
    assert boiling_point(pressure) == pytest.approx(kelvin - 273.15, rel=1e-8)


def test_what_is_no_steam_has_no_enthalpy_of_steam():
    assert enthalpy_of_steam(1.0, 100.0) is None
    assert enthalpy_of_steam(25.0, 380.0) is None
    assert enthalpy_of_steam(1.0, 900.0) is None
    assert enthalpy_of_saturated_steam(20.0) is None


def steam(made, mass, row=7, carrier="steam", **state):
    place = {"cell": f"D{row}"}
    made.energy("A", carrier, "purchase", mass, **place).energy("A", carrier, "use_industrial", mass, cell=f"E{row}")
    for column, (name, value) in enumerate(state.items()):
        made.row("A", f"steam.{name}", value, cell=f"{'HIJ'[column]}{row}", carrier=carrier)
    return made


def test_a_mass_of_steam_with_pressure_and_temperature_is_heat(engine, national, made):
    result = run(steam(made.unit("A"), 1000.0, pressure=0.981, temperature=300.0), national, engine)
    expected = 1000 * (enthalpy_of_steam(0.981, 300.0) - 83.74) / 1000
    assert result.value("heat.imported") == pytest.approx(expected, abs=1e-5)
    assert result.value("co2.heat_net", variant="view=location") == pytest.approx(expected * 0.11, abs=1e-5)
    assert result.figure("co2.heat_net", variant="view=location")["status"] == "ok"
    assert "steam_converted" in result.rules


def test_saturated_steam_needs_its_pressure_alone(engine, national, made):
    """Steam tables: 0.8 MPa, 170.41 °C, 2768 kJ/kg; a temperature read to a degree below boiling is the same."""
    steam(made.unit("A"), 10.0, row=7, pressure=0.8)
    steam(made, 10.0, row=8, pressure=0.8, temperature=170.0)
    result = run(made, national, engine)
    assert result.value("heat.imported") == pytest.approx(20 * (2768.3 - 83.74) / 1000, rel=1e-4)


def test_a_reported_enthalpy_goes_before_the_formulation(engine, national, made):
    result = run(steam(made.unit("A"), 100.0, enthalpy=2883.74), national, engine)
    assert result.value("heat.imported") == pytest.approx(280.0)


def test_hot_water_goes_by_its_temperature(engine, national, made):
    result = run(steam(made.unit("A"), 1000.0, carrier="hot_water", temperature=70.0), national, engine)
    assert result.value("heat.imported") == pytest.approx(1000 * 50 * 4.1868 / 1000)


def test_an_impossible_state_is_named_and_the_mass_stays_a_mass(engine, national, made):
    result = run(steam(made.unit("A"), 100.0, pressure=1.0, temperature=100.0), national, engine)
    assert "steam_state_impossible" in result.rules
    assert result.figure("co2.heat_net", variant="view=location")["status"] != "ok"


def test_steam_without_any_state_is_left_as_it_is(engine, national, made):
    result = run(steam(made.unit("A"), 100.0), national, engine)
    assert not {"steam_converted", "steam_state_impossible"} & set(result.rules)
    assert {row["status"] for row in result.emissions if row["carrier"] == "steam"} == {"no_factor"}


@pytest.mark.parametrize(
    ("carrier", "state"),
    [("steam", {"enthalpy": 2.8}), ("hot_water", {"temperature": 12.0})],
    ids=["MJ_per_kg", "chilled"],
)
def test_a_state_that_would_make_heat_below_zero_is_named_and_deducts_nothing(engine, national, made, carrier, state):
    result = run(steam(made.unit("A"), 100.0, carrier=carrier, **state), national, engine)
    assert "steam_state_impossible" in result.rules
    assert not any((row["tce"] or 0.0) < 0 for row in result.energy)
