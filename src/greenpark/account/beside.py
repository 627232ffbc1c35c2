"""Everything that enters figures beside the rows of units, looked for only where the data holds something of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from greenpark.account.boundary import Boundary
from greenpark.account.brought import Beside, Rates
from greenpark.account.chp import allocate, read_plants
from greenpark.account.deliveries import ask_of_deliveries
from greenpark.account.gaps import Locate, locate_rows
from greenpark.account.green_power import (
    CERTIFIED,
    GRID,
    OWN,
    bring_green_power,
    judge_certificates,
    read_certificates,
    read_green_power,
)
from greenpark.account.losses import bring_deliveries, bring_losses
from greenpark.account.matching import Key
from greenpark.account.methods import Knowledge
from greenpark.account.oxidation import bring_oxidation, read_converters
from greenpark.account.transfers import Transfers, list_losses
from greenpark.account.unproven import bring_unproven, count_unproven, list_unproven
from greenpark.account.views import View
from greenpark.engine.connect import Engine
from greenpark.model.knowledge import Method


@dataclass(frozen=True)
class Around:
    """What is looked at beside the rows of units.

    ``cells``: of the observations. ``quantities``, ``keys``: what occurs in them. ``match``: the match table of more keys.
    ``alone``: whether the figures of single units are asked for.
    """

    observations: Any
    cells: Callable[[], Any]
    quantities: Collection[str]
    keys: Sequence[Key]
    matches: pa.Table
    match: Callable[[Sequence[Key], Sequence[Method]], pa.Table]
    boundary: Boundary
    transfers: Transfers
    alone: bool = True


def look_beside(
    around: Around, views: Sequence[View], bases: Sequence[View], methods: Sequence[Method], knowledge: Knowledge, engine: Engine
) -> Beside:  # fmt: skip
    """Losses between units, the split of CHP plants, full oxidation of conversion, and green power that is not credited or
    that nothing proves.

    Parameters
    ----------
    methods
        The methods of the profiles.
    """
    splits = tuple(each for each in methods if each.produces == "allocation")
    corrections = tuple(each for each in methods if each.produces == "correction")
    units = around.boundary.units.select(["entity", "kind", "area"]).to_pylist()
    rates = Rates.read(around.matches, {row["entity"]: row["area"] for row in units})
    dated = frozenset(around.boundary.dated)
    transfers = around.transfers
    found = Beside()
    if transfers.moved:
        registered = [row["entity"] for row in units if row["kind"] != "unregistered"]
        found += bring_deliveries(transfers.moved, rates, bases, knowledge, dated)
        found += bring_losses(list_losses(transfers, registered), rates, views, bases, knowledge, dated)
    if splits and _makes_power_or_heat(around.keys, knowledge):
        direct = views[0].methods if views else ()
        plants, unknown = read_plants(around.observations, direct, rates, knowledge, engine)
        found += allocate(plants, unknown, splits, transfers, views, rates, knowledge, dated)
    converted = [key for key in around.keys if key.flow in ("transform_in", "transform_out")]
    if corrections and converted:
        more = rates.with_more(around.match(converted, corrections))
        rows = read_converters(around.cells(), knowledge, engine)
        found += bring_oxidation(rows, more, corrections, views, dated)
    if around.alone and any(key.flow == "sale" for key in around.keys):
        locate = _locating(around, engine)
        found += Beside(findings=ask_of_deliveries(around.cells(), transfers, knowledge, engine, locate))
    return found + _green_power(around, rates, views, methods, dated, engine)


def _locating(around: Around, engine: Engine) -> Locate:
    by = ("entity", "carrier", "flow", "year")
    return partial(locate_rows, observations=around.observations, engine=engine, by=by)


def _green_power(
    around: Around, rates: Rates, views: Sequence[View], methods: Sequence[Method], dated: Collection[str], engine: Engine
) -> Beside:  # fmt: skip
    """Certificates held against the power that they stand for, and power for which there are none."""
    green = [key for key in around.keys if key.item in (*CERTIFIED, OWN) and key.year]
    claimed = any(name.startswith("certificate.") for name in around.quantities)
    if not green and not claimed:
        return Beside()
    # What is not credited counts as grid power, which nobody need have bought.
    grid = sorted({(key.area, key.year) for key in around.keys if key.year})
    bought = [each for each in methods if each.function == "power"]
    rates = rates.with_more(around.match([Key("energy.amount", GRID, "purchase", *each) for each in grid], bought))
    certificates = read_certificates(around.observations, engine) if claimed else ()
    power = read_green_power(around.cells(), engine)
    denied, findings = judge_certificates(certificates, power)
    found = bring_green_power(denied, findings, rates, views, dated)
    unproven = list_unproven(certificates, denied, power)
    if not around.alone:
        return found + count_unproven(unproven)
    return found + bring_unproven(unproven, rates, views, dated, _locating(around, engine))


def _makes_power_or_heat(keys: Sequence[Key], knowledge: Knowledge) -> bool:
    """Whether anybody puts fuel into transformation and makes power or heat."""
    kinds: Mapping[str, str] = {each.id: each.kind for each in knowledge.carriers.values()}
    puts = any(key.flow == "transform_in" and kinds.get(key.item) == "fuel" for key in keys)
    return puts and any(key.flow == "transform_out" and kinds.get(key.item) in ("electricity", "heat") for key in keys)
