"""The packs that come with greenpark are clean and begin with their head."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenpark.catalog import check_pack, format_mistakes, load_packs
from greenpark.catalog.layout import HEAD
from greenpark.catalog.packs import BUILT_IN

PACKS = sorted(path.parent.relative_to(BUILT_IN).as_posix() for path in BUILT_IN.glob("*/*/pack.yaml"))


@pytest.mark.parametrize("name", PACKS)
def test_a_built_in_pack_has_no_mistake(name: str) -> None:
    errors = [mistake for mistake in check_pack(BUILT_IN / name) if mistake.severity == "error"]
    assert not errors, format_mistakes(errors, "en")


@pytest.mark.parametrize("name", PACKS)
def test_a_built_in_pack_begins_with_its_head(name: str) -> None:
    lines = (BUILT_IN / name / "pack.yaml").read_text(encoding="utf-8").splitlines()
    keys = [line.split(":")[0] for line in lines if line and not line[0].isspace() and not line.startswith("#")]
    assert tuple(keys[: len(HEAD)]) == HEAD


def test_all_built_in_packs_fit_together() -> None:
    packs = load_packs()
    assert set(packs.hashes) == set(PACKS)
    assert all(len(digest) == 64 for digest in packs.hashes.values())


def test_every_file_of_a_pack_is_utf_8_with_a_line_end(repo: Path) -> None:
    for path in (repo / "src" / "greenpark" / "packs").rglob("*.*"):
        if path.is_file() and path.stat().st_size:
            assert path.read_bytes().decode("utf-8").endswith("\n"), path
