"""A park of its own for each test, and the packs that come with greenpark."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenpark.catalog import Packs, load_packs
from tests.requests.small_park import Park


@pytest.fixture
def park(tmp_path: Path) -> Park:
    return Park(tmp_path)


@pytest.fixture(scope="session")
def packs() -> Packs:
    return load_packs()
