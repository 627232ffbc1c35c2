"""Runs of the example jobs, each once per session."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from greenpark.pipeline import Choices, Published, run

RunJob = Callable[..., tuple[Published, dict[str, Any]]]


@pytest.fixture(scope="session")
def run_job(tmp_path_factory: pytest.TempPathFactory, repo: Path) -> RunJob:
    """Runs examples/NAME/job.yaml in fresh folders and gives what was published and its summary."""

    def _run(name: str, *inputs: Path, engine: str = "duckdb") -> tuple[Published, dict[str, Any]]:
        folder = tmp_path_factory.mktemp(name)
        choices = Choices(output=folder / "out", workspace=folder / "workspace", inputs=inputs, engine=engine)
        published, _ = run(repo / "examples" / name / "job.yaml", choices, lambda step, subject: None)
        summary = json.loads((published.folder / "summary.json").read_text(encoding="utf-8"))
        return published, summary

    return _run
