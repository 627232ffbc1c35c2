"""Runs of the example jobs, each once per session."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from greenpark.pipeline import Choices, Published, run

RunJob = Callable[..., tuple[Published, dict[str, Any]]]


@pytest.fixture(scope="session")
def packs() -> Packs:
    """The packs that come with greenpark."""
    return load_packs()


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """DuckDB in this process."""
    opened = Engine("duckdb")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def run_job(tmp_path_factory: pytest.TempPathFactory, repo: Path) -> RunJob:
    """Runs examples/NAME/job.yaml in fresh folders (once per input, unless ``again``): what was published, its summary."""

    known: dict[tuple[object, ...], tuple[Published, dict[str, Any]]] = {}

    def _run(name: str, *inputs: Path, again: bool = False) -> tuple[Published, dict[str, Any]]:
        key = (name, *inputs)
        if again or key not in known:
            known[key] = _fresh(name, inputs)
        return known[key]

    def _fresh(name: str, inputs: tuple[Path, ...]) -> tuple[Published, dict[str, Any]]:
        folder = tmp_path_factory.mktemp(name)
        choices = Choices(output=folder / "out", workspace=folder / "workspace", inputs=inputs)
        published, _ = run(repo / "examples" / name / "job.yaml", choices, lambda step, subject: None)
        summary = json.loads((published.folder / "summary.json").read_text(encoding="utf-8"))
        return published, summary

    return _run
