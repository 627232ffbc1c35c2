"""The built-in packs, loaded once."""

from __future__ import annotations

import pytest

from greenpark.catalog import Packs, load_packs
from greenpark.engine.units import Units


@pytest.fixture(scope="session")
def packs() -> Packs:
    return load_packs(kinds=("schemes", "targets"))


@pytest.fixture(scope="session")
def units(packs: Packs) -> Units:
    return packs.units if isinstance(packs.units, Units) else Units(packs.units.values())
