"""The packs and one engine for all tests of indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.units import Units
from tests.measure.made_scheme import Row, measured


@pytest.fixture(scope="session")
def packs() -> Packs:
    return load_packs(kinds=("units", "quantities"))


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    opened = Engine("duckdb")
    yield opened
    opened.close()


@pytest.fixture
def indicators(packs: Packs, engine: Engine) -> Callable[..., list[Row]]:
    units = Units(packs.units.values())

    def run(rows: list[Row], *schemes: Any, **more: Any) -> list[Row]:
        return measured(rows, list(schemes), packs.quantities, units, engine, **more)

    return run
