"""Who belongs to the park, and when."""

from datetime import date

import pytest

from greenpark.account.boundary import resolve_boundary
from tests.account.made_park import definitions, run

JULY = date(2023, 7, 1)


def boundary_of(made, packs, **more):
    return resolve_boundary(made.registered, packs.areas, **more)


def pairs(boundary):
    return {(row["entity"], row["ancestor"]) for row in boundary.closure.to_pylist()}


def unit_row(boundary, name):
    return next(row for row in boundary.units.to_pylist() if row["entity"] == name)


def test_a_unit_counts_for_itself_and_every_level_above(packs, made):
    made.unit("sub", kind="sub_park", parent="park").unit("A", parent="sub")
    found = pairs(boundary_of(made, packs))
    assert {ancestor for entity, ancestor in found if entity == "A"} == {"A", "sub", "park"}


def test_what_belongs_to_nothing_belongs_to_the_job(packs, made):
    made.unit("A").unit("sub", kind="sub_park").unit("B", parent="sub")
    found = pairs(boundary_of(made, packs, observed=("stranger",), top="park"))
    for name in ("A", "B", "sub", "stranger"):
        assert (name, "park") in found
    assert unit_row(boundary_of(made, packs, observed=("stranger",), top="park"), "stranger")["kind"] == "unregistered"


def test_a_unit_takes_the_area_of_the_level_above_it(packs, made):
    made.unit("sub", area=None, parent="park").unit("A", area="", parent="sub").unit("B", area="yunnan", parent="sub")
    boundary = boundary_of(made, packs)
    assert unit_row(boundary, "A")["area"] == "jiangsu"
    assert unit_row(boundary, "B")["province"] == "yunnan"
    assert unit_row(boundary, "B")["grid_region"] == "china_south"
    assert unit_row(boundary, "B")["nation"] == "china"


def test_inner_mongolia_is_one_province_of_two_grids(packs, made):
    made.unit("A", area="inner_mongolia")
    row = unit_row(boundary_of(made, packs), "A")
    assert (row["province"], row["grid_region"], row["nation"]) == ("inner_mongolia", "", "china")


def test_the_newest_batch_of_an_entity_counts(packs, made):
    made.unit("A", area="hebei", parent="park")
    made.entities.append(made.entities[0] | {"area": "yunnan", "batch": "c", "name": "renamed"})
    row = unit_row(boundary_of(made, packs), "A")
    assert (row["area"], row["name"]) == ("yunnan", "renamed")


def test_figures_that_only_name_an_entity_change_nothing_about_it(packs, made):
    made.unit("A", area="hebei", kind="zone", parent="park")
    named = made.entities[0] | {"area": None, "batch": "c", "name": "A", "kind": "group", "parent": None}
    made.entities.append(named)
    row = unit_row(boundary_of(made, packs), "A")
    assert (row["kind"], row["area"], row["parent"]) == ("zone", "hebei", "park")
    made.entities.append(named | {"parent": "sub", "batch": "d"})
    row = unit_row(boundary_of(made, packs), "A")
    assert (row["kind"], row["area"], row["parent"]) == ("zone", "hebei", "sub")


def test_a_circle_of_parents_is_named(packs, made):
    made.unit("A", parent="B").unit("B", parent="A")
    found = boundary_of(made, packs).findings
    assert [(each.rule, each.entity, each.values["parent"]) for each in found] == [
        ("circle", "A", "B"),
        ("circle", "B", "A"),
    ]


def test_rows_before_a_firm_joined_count_for_the_firm_alone(packs, engine, made):
    made.unit("A", since=JULY, parent="park").unit("B")
    made.months("A", "natural_gas", "use_industrial", [1.0] * 12).energy("B", "natural_gas", "use_industrial", 100.0)
    result = run(made, definitions(packs, "china_park_national"), engine)
    one = result.value("co2.direct", "B") / 100
    assert result.value("co2.direct", "A") == pytest.approx(12 * one, abs=1e-5)
    assert result.value("co2.direct") == pytest.approx(106 * one, abs=1e-5)
    found = [each for each in result.findings if each.rule == "outside_membership"]
    assert [(each.entity, each.values["rows"]) for each in found] == [("A", 6)]


def test_rows_after_a_firm_left_count_for_the_firm_alone(packs, engine, made):
    made.unit("A", until=JULY, parent="park")
    made.energy("A", "electricity", "purchase", 10.0, "2023-01/2023-06")
    made.energy("A", "electricity", "purchase", 7.0, "2023-07/2023-12")
    result = run(made, definitions(packs, "china_park_national"), engine)
    assert (result.value("electricity.imported", "A"), result.value("electricity.imported")) == (17, 10)


def test_a_row_across_the_day_of_joining_counts_in_whole_and_is_named(packs, engine, made):
    made.unit("A", since=JULY, parent="park").energy("A", "natural_gas", "use_industrial", 12.0)
    result = run(made, definitions(packs, "china_park_national"), engine)
    assert result.value("co2.direct") == result.value("co2.direct", "A")
    assert result.rules == ["across_membership"]


def test_a_firm_that_moves_between_parts_of_the_park_counts_once(packs, engine, made):
    for name in ("east", "west"):
        made.unit(name, kind="sub_park", parent="park")
    made.unit("A", parent="east", until=JULY).unit("A", parent="west", since=JULY)
    made.months("A", "natural_gas", "use_industrial", [1.0] * 12)
    made.months("A", "diesel", "use_industrial", [1.0] * 12)
    result = run(made, definitions(packs, "china_park_national"), engine)
    whole = result.value("co2.direct", "A")
    assert result.value("co2.direct") == pytest.approx(whole, abs=1e-5)
    assert result.value("co2.direct", "east") == pytest.approx(whole / 2, abs=1e-5)
    assert result.value("co2.direct", "west") == pytest.approx(whole / 2, abs=1e-5)
    assert result.rules == []


def test_a_firm_that_comes_back_counts_once(packs, engine, made):
    made.unit("A", parent="park", until=date(2023, 3, 1)).unit("A", parent="park", since=date(2023, 9, 1))
    made.months("A", "natural_gas", "use_industrial", [1.0] * 12)
    made.energy("A", "diesel", "use_industrial", 6.0)
    result = run(made, definitions(packs, "china_park_national"), engine)
    gas = result.value("co2.direct", "A", item="natural_gas")
    assert result.value("co2.direct", item="natural_gas") == pytest.approx(gas / 2, abs=1e-5)
    assert result.value("co2.direct", item="diesel") == result.value("co2.direct", "A", item="diesel")


def test_membership_holds_for_reported_quantities_and_deliveries_too(packs, engine, made):
    made.unit("A", since=JULY, parent="park").unit("B")
    for month in range(1, 13):
        period = f"2023-{month:02d}"
        made.row("A", "water.fresh", 10.0, period)
        made.transfer("A", "B", "electricity", 5.0, period)
    result = run(made, definitions(packs, "china_park_national"), engine)
    assert (result.value("water.fresh", "A"), result.value("water.fresh")) == (120, 60)
    location = {"variant": "view=location"}
    factor = result.value("co2.power_net", "B", **location) / 60
    assert result.value("co2.internal_double_count", **location) == pytest.approx(30 * factor)
    # What B bought before A joined came from outside.
    assert result.value("electricity.imported") == pytest.approx(30)
