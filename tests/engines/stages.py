"""Account → consolidate → measure on one constructed park with every case that takes a way of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from greenpark.account import Definitions, account, consolidate, list_bases, list_views
from greenpark.account.completeness import count_months
from greenpark.account.estimation import estimate
from greenpark.account.methods import Knowledge
from greenpark.account.totals import total_rows
from greenpark.catalog import Packs
from greenpark.engine.connect import Engine
from greenpark.engine.units import Units
from greenpark.measure import measure
from greenpark.model.findings import Finding
from greenpark.model.job import Estimation
from greenpark.model.schemes import Scheme
from tests.account.made_park import MadePark

KINDS = ("units", "quantities", "carriers", "factors", "methods", "places", "schemes")
PROFILE = "china_park_province"
YEARS = ("2022", "2023")
COMPUTED = ("energy", "electricity", "heat", "co2", "ghg", "output", "material", "zone", "fact")


def build_park(packs: Packs) -> MadePark:
    """A CHP plant that sells inside and outside, an east and a west of the park, two years, and what goes wrong."""
    made = MadePark(packs)
    made.unit("east", kind="sub_park", parent="park").unit("west", kind="sub_park", parent="park", area="hebei")
    made.unit("chp", parent="east").unit("cement", parent="east").unit("chemistry", parent="west", area="hebei")
    made.unit("moved", parent="west", since=date(2022, 7, 1)).unit("left", parent="west", until=date(2023, 7, 1))
    for number, year in enumerate(YEARS):
        _energy(made, year, 1 + 0.1 * number)
        _other(made, year, 1 + 0.07 * number)
    _odd(made)
    return made


def _energy(made: MadePark, year: str, factor: float) -> None:
    made.energy("chp", "bituminous_coal", "use_industrial", 50000.0 * factor, year)
    made.energy("chp", "bituminous_coal", "transform_in", 50000.0 * factor, year)
    made.energy("chp", "electricity", "transform_out", 75000.0 * factor, year)
    made.energy("chp", "heat", "transform_out", 350000.0 * factor, year)
    made.energy("chp", "electricity", "sale", 5000.0, year)
    for receiver, power, heat in (("cement", 30000.0, 100000.0), ("chemistry", 20000.0, 150000.25)):
        made.transfer("chp", receiver, "electricity", power * factor, year)
        made.transfer("chp", receiver, "heat", heat, year)
        made.energy(receiver, "electricity", "use_industrial", power * factor, year)
        made.energy(receiver, "heat", "use_industrial", heat, year)
    made.energy("chemistry", "natural_gas", "use_industrial", 103.123456 * factor, year, status="estimated")
    made.energy("chemistry", "natural_gas", "use_feedstock", 11.7, year)
    made.energy("chemistry", "diesel", "use_other", 3.3333333, year, confidence="medium", coverage="whole_park")
    made.energy("cement", "electricity_direct_green", "purchase", 800.0, year)
    made.energy("cement", "electricity_direct_green", "use_industrial", 800.0, year)
    for flow, amount in (("stock_open", 40.0), ("purchase", 700.5), ("stock_close", 12.25)):
        made.energy("cement", "raw_coal", flow, amount * factor, year)
    for unit in ("moved", "left"):
        made.months(unit, "electricity", "purchase", [10.1 * month * factor for month in range(1, 13)], int(year))
        made.months(unit, "electricity", "use_industrial", [10.1 * month * factor for month in range(1, 13)], int(year))


def _other(made: MadePark, year: str, factor: float) -> None:
    """Products, and a value for every quantity that is reported and not computed."""
    made.made("cement", "cement_clinker", 90000.0 * factor, year)
    made.made("chemistry", "nitric_acid_high_pressure", 120.5, year)
    for number, name in enumerate(sorted(made.packs.quantities)):
        if name.partition(".")[0] in COMPUTED:
            continue
        if made.packs.quantities[name].over_entities == "none":
            made.row("park", name, (3.0 + number / 7) * factor, year)
            continue
        made.row("cement", name, (10.0 + number / 3) * factor, year)
        for quarter in range(1, 5):
            made.row("chemistry", name, number * factor / quarter, f"{year}-Q{quarter}")


def _odd(made: MadePark) -> None:
    """A missing value, a carrier without factor, a doubtful row, an unstated period, months that are not there."""
    made.energy(
        "chemistry", "fuel_oil", "use_industrial", None, "2023", status="declared_absent", notation="confidential"
    )
    made.energy("chemistry", "other_fuel", "use_industrial", 5.0, "2023")
    made.energy("chemistry", "gasoline", "use_other", 9.0, "2023", status="doubtful")
    made.row("chemistry", "energy.amount", 2.0, None, carrier="lpg", flow="use_other", unit="t")
    made.months("cement", "natural_gas", "use_industrial", [5.5, None, 6.5, 7.25])
    made.row("nobody", "energy.amount", 1.5, "2023", carrier="diesel", flow="use_other", unit="t")


@dataclass(frozen=True)
class Results:
    """The tables of each stage on one engine."""

    tables: dict[str, pa.Table]
    findings: tuple[Finding, ...]


def run_stages(packs: Packs, engine: Engine) -> Results:
    """All stages on one engine, each table computed once and kept, as the store does."""
    made = build_park(packs)
    schemes = tuple(packs.schemes[name] for name in sorted(packs.schemes))
    given = _definitions(packs, schemes)
    observations = engine.cache(engine.from_arrow(made.observations))
    accounts = account(observations, made.registered, given, engine)
    energy, emissions = engine.cache(accounts.energy), engine.cache(accounts.emissions)
    figures = engine.cache(consolidate(accounts, emissions, given, engine))
    views = [*list_views(given.profiles, given.methods), *list_bases(given.profiles, given.methods)]
    indicators = measure(
        figures, schemes, packs.quantities, given.knowledge.units, [view.variant for view in views],
        ["east", "park", "west"], engine,
    )  # fmt: skip
    totals = total_rows(emissions, ["method", "gas", "carrier"], "sub_park", accounts.boundary, engine)
    tables = {
        "energy": energy, "emissions": emissions, "totals": totals, "figures": figures, "indicators": indicators,
    }  # fmt: skip
    how = Estimation(missing_months="mean_of_months", non_respondents="last_year_growth", least_respondents=1)
    estimates = estimate(observations, accounts.boundary, {}, (2022, 2023), how, engine)
    small = {
        "completeness": count_months(observations, accounts.boundary, (2022, 2023), engine),
        "estimates": estimates.observations,
    }
    found = {name: engine.to_arrow(table) for name, table in tables.items()} | small
    return Results(found, (*accounts.findings, *estimates.findings))


def _definitions(packs: Packs, schemes: Sequence[Scheme]) -> Definitions:
    names = dict.fromkeys([PROFILE, *(scheme.profile for scheme in schemes if scheme.profile)])
    known = Knowledge(packs.carriers, packs.factor_sets, Units(packs.units.values()))
    profiles: list[Any] = [packs.profiles[name] for name in names]
    tolerances = {each.id: each.value for pack in packs.checks.values() for each in pack.tolerances}
    return Definitions(known, packs.quantities, packs.methods, profiles, packs.areas, "park", tolerances=tolerances)
