"""Totals straight from rows are those of the figures, and say what is not in them."""

from __future__ import annotations

from datetime import date

import pytest

from greenpark.account import account, list_views
from greenpark.account.totals import total_rows
from greenpark.catalog import Packs
from greenpark.engine.connect import Engine
from tests.account.made_park import MadePark, definitions, run

PROFILE = "china_park_national"


def totals(made: MadePark, packs: Packs, engine: Engine, by: list[str]) -> list[dict[str, object]]:
    given = definitions(packs, PROFILE)
    accounts = account(engine.from_arrow(made.observations), made.registered, given, engine)
    views = list_views(given.profiles, given.methods)
    methods = next(view.methods for view in views if view.variant == "view=location")
    rows = accounts.emissions.filter(accounts.emissions.method.isin(methods))
    found = engine.to_arrow(total_rows(rows, by, "zone", accounts.boundary, engine)).to_pylist()
    return sorted(found, key=lambda row: tuple(str(row[name]) for name in by))


@pytest.fixture
def park(made: MadePark) -> MadePark:
    made.unit("a").unit("b", area="hebei")
    made.months("a", "natural_gas", "use_industrial", [1.25] * 12)
    made.energy("b", "bituminous_coal", "use_industrial", 321.5)
    return made.energy("b", "electricity", "purchase", 1000.0).made("b", "nitric_acid_high_pressure", 10.0)


def test_the_total_of_a_park_is_that_of_its_figures(park: MadePark, packs: Packs, engine: Engine) -> None:
    result = run(park, definitions(packs, PROFILE), engine)
    by_gas = {row["gas"]: row["t"] for row in totals(park, packs, engine, ["gas"])}
    assert by_gas["CO2"] == pytest.approx(result.value("co2.total", variant="view=location"), rel=1e-9)
    assert set(by_gas) == {"CO2", "N2O"}


def test_rows_without_an_amount_are_counted_and_not_summed(park: MadePark, packs: Packs, engine: Engine) -> None:
    before = {row["carrier"]: row for row in totals(park, packs, engine, ["carrier"])}
    park.energy("a", "natural_gas", "use_industrial", None, "2022")
    after = {row["carrier"]: row for row in totals(park, packs, engine, ["carrier"])}
    assert after["natural_gas"]["t"] == before["natural_gas"]["t"]
    assert (before["natural_gas"]["rows_unmatched"], after["natural_gas"]["rows_unmatched"]) == (0, 1)


def test_rows_from_before_a_unit_belonged_to_the_park_are_left_out(
    park: MadePark, packs: Packs, engine: Engine
) -> None:
    before = totals(park, packs, engine, ["gas"])
    park.unit("late", since=date(2023, 7, 1)).months("late", "diesel", "use_other", [9.0] * 6)
    assert totals(park, packs, engine, ["gas"]) == before
