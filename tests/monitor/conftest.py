"""The target pack of the 2021 action plan."""

from __future__ import annotations

import pytest

from greenpark.catalog import Packs, load_packs
from greenpark.engine.units import Units
from greenpark.model.schemes import TargetSet


@pytest.fixture(scope="session")
def packs() -> Packs:
    return load_packs(kinds=("targets",))


@pytest.fixture(scope="session")
def plan(packs: Packs) -> TargetSet:
    return packs.targets["htz_green_action_plan_2021"]


@pytest.fixture(scope="session")
def units(packs: Packs) -> Units:
    return Units(packs.units.values())
