"""The packs and one engine for all tests of accounting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from tests.account.made_park import KINDS, MadePark


@pytest.fixture(scope="session")
def packs() -> Packs:
    return load_packs(kinds=KINDS)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    opened = Engine("duckdb")
    yield opened
    opened.close()


@pytest.fixture
def made(packs: Packs) -> MadePark:
    return MadePark(packs)
