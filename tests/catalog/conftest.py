"""Packs made for one test from the skeletons, changed where the test needs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from greenpark.catalog import new_pack

MakePack = Callable[..., Path]


@pytest.fixture
def make_pack(tmp_path: Path) -> MakePack:
    """A function that writes a skeleton and replaces texts in it: ``make_pack("schemes", ("scheme.yaml", old, new))``."""

    def make(kind: str, *edits: tuple[str, str, str], name: str = "mine", root: str = "mine") -> Path:
        new_pack(kind, name, tmp_path / root)
        folder = tmp_path / root / kind / name
        for file, old, new in edits:
            path = folder / file
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
        return folder

    return make
