"""What a source reports beside what was computed, and ratios outside their range."""

import pytest

from greenpark.account.checks import check_range, compare_reported
from greenpark.model.job import RangeCheck, ReportedComparison
from tests.account.made_park import definitions, run

COMPARISON = ReportedComparison(activity="energy.heat_gross", reported="co2.reported", tolerance=0.01, absolute=1.0)
RANGE = RangeCheck(
    id="heat_per_quantity", numerator="energy.heat_gross", denominator="energy.physical",
    factor_kind="quantity_range", factor_set="us_plant_fuel_heat_ranges",
)  # fmt: skip


@pytest.fixture
def plants(packs):
    return definitions(packs, "us_plants")


def row_of(made, number, heat, reported=None, amount=None):
    """One line of a table: heat, physical amount and the source's own CO2 stand in one row."""
    for column, (quantity, value, unit) in zip(
        "ABC",
        (("energy.heat_gross", heat, "GJ"), ("co2.reported", reported, "tCO2"), ("energy.physical", amount, "Mcf")),
        strict=True,
    ):
        if value is not None:
            made.row("plant", quantity, value, carrier="us_ng", unit=unit, cell=f"{column}{number}")


def test_rows_off_the_reported_value_are_named_with_their_cell(engine, plants, made):
    made.unit("plant", area="us_ga")
    for number in range(2, 5):
        row_of(made, number, 100_000.0, 1.0)
    result = run(made, plants, engine)
    tonnes = result.emissions[0]["t"]
    made.rows = []
    for number, reported in ((2, tonnes), (3, tonnes * 1.009), (4, tonnes * 1.02), (5, tonnes * 0.5)):
        row_of(made, number, 100_000.0, reported)
    again = run(made, plants, engine)
    observations = engine.from_arrow(made.observations)
    emissions = engine.cache(again.accounts.emissions)
    findings, compared = compare_reported(observations, emissions, COMPARISON, engine)
    assert compared == 4
    assert [finding.place.cell for finding in findings] == ["B4", "B5"]
    assert {finding.message for finding in findings} == {"account.reported_differs"}


def test_the_reported_value_takes_no_part_in_the_calculation(engine, plants, made):
    made.unit("plant", area="us_ga")
    row_of(made, 2, 100_000.0, 5000.0)
    once = run(made, plants, engine).value("co2.combustion", "plant")
    made.rows = []
    row_of(made, 2, 100_000.0, 15000.0)
    result = run(made, plants, engine)
    assert result.value("co2.combustion", "plant") == once
    assert result.value("co2.reported", "plant", item="us_ng") == 15000


def test_a_ratio_outside_the_range_of_its_fuel_is_named(engine, plants, made):
    made.unit("plant", area="us_ga")
    sound = 1.08  # GJ per thousand cubic feet, as natural gas has
    row_of(made, 2, 1000.0 * sound, amount=1000.0)
    row_of(made, 3, 1000.0 * sound, amount=1000.0 * 1000)
    row_of(made, 4, 1000.0 * sound, amount=0.0)
    row_of(made, 5, 0.0, amount=0.0)
    observations = engine.from_arrow(made.observations)
    findings = check_range(observations, RANGE, plants.knowledge, engine)
    assert [(f.place.cell, f.message) for f in findings] == [
        ("A3", "account.ratio_out_of_range"), ("A4", "account.ratio_undefined"),
    ]  # fmt: skip
