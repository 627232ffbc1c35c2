"""Everything that enters figures beside the rows of units, looked for only where the data holds something of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pyarrow as pa

from greenpark.account.boundary import Boundary
from greenpark.account.brought import Beside, Rates
from greenpark.account.chp import allocate, read_plants
from greenpark.account.entries import View
from greenpark.account.green_power import bring_green_power, judge_certificates, read_certificates, read_green_power
from greenpark.account.losses import bring_losses
from greenpark.account.matching import Key
from greenpark.account.methods import Knowledge
from greenpark.account.transfers import Transfers, list_losses
from greenpark.engine.connect import Engine
from greenpark.model.knowledge import Method


def look_beside(
    observations: Any, quantities: Collection[str], keys: Sequence[Key], matches: pa.Table, boundary: Boundary,
    transfers: Transfers, views: Sequence[View], bases: Sequence[View], splits: Sequence[Method],
    knowledge: Knowledge, engine: Engine,
) -> Beside:  # fmt: skip
    """Losses between units, the split of CHP plants, and green power that is not credited.

    Parameters
    ----------
    quantities, keys
        What occurs in the observations.
    splits
        The allocation methods of the profiles.
    """
    units = boundary.units.select(["entity", "kind", "area"]).to_pylist()
    rates = Rates.read(matches, {row["entity"]: row["area"] for row in units})
    dated = frozenset(boundary.dated)
    found = Beside()
    if transfers.moved:
        registered = [row["entity"] for row in units if row["kind"] != "unregistered"]
        found += bring_losses(list_losses(transfers, registered), rates, views, bases, knowledge, dated)
    if splits and _makes_power_or_heat(keys, knowledge):
        direct = views[0].methods if views else ()
        plants, unknown = read_plants(observations, direct, rates, knowledge, engine)
        found += allocate(plants, unknown, splits, transfers, views, rates, knowledge, dated)
    if any(name.startswith("certificate.") for name in quantities):
        certificates = read_certificates(observations, engine)
        denied, findings = judge_certificates(certificates, read_green_power(observations, engine))
        found += bring_green_power(denied, findings, rates, views, dated)
    return found


def _makes_power_or_heat(keys: Sequence[Key], knowledge: Knowledge) -> bool:
    """Whether anybody puts fuel into transformation and makes power or heat."""
    kinds: Mapping[str, str] = {each.id: each.kind for each in knowledge.carriers.values()}
    puts = any(key.flow == "transform_in" and kinds.get(key.item) == "fuel" for key in keys)
    return puts and any(key.flow == "transform_out" and kinds.get(key.item) in ("electricity", "heat") for key in keys)
