"""One park judged under all schemes, against one bare pass over its indicators in the same run."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from greenpark.catalog import load_job, load_packs
from greenpark.engine.units import Units
from greenpark.evaluate import evaluate
from greenpark.pipeline import Choices, run

ROUNDS = 7
TARGET_SECONDS = 1.0
JOB = Path(__file__).resolve().parent.parent / "examples" / "demo_park" / "job.yaml"


def targets() -> list[dict[str, Any]]:
    """The speed target of evaluating one park in process."""
    packs = load_packs()
    job = load_job(JOB, packs)
    with tempfile.TemporaryDirectory() as folder:
        choices = Choices(Path(folder) / "out", Path(folder) / "workspace")
        tables = run(JOB, choices, lambda step, name: None)[0].release.tables
        indicators, figures = tables["indicators"], tables["figures"]
    schemes = [packs.schemes[name] for name in job.schemes]
    units = Units(packs.units.values())
    measured = _best(lambda: evaluate(indicators, schemes, job.chosen, job.excused, figures, units))
    bare = _best(lambda: compare_bare(indicators))
    return [
        {
            "id": "evaluate_one_park",
            "what": f"one park, three years, {len(schemes)} schemes, from indicators to verdicts, after import",
            "target": TARGET_SECONDS,
            "measured": round(measured, 4),
            "unit": "s",
            "reference": f"NumPy comparing every indicator with a number once: {bare:.5f} s",
            "ratio": round(measured / bare, 1),
            "rows": indicators.num_rows,
            "peak_mb": None,
            "ok": measured < TARGET_SECONDS,
        }
    ]


def compare_bare(indicators: pa.Table) -> int:
    """How many indicator values are at least one: the least that any evaluation must look at."""
    values = indicators.column("value").to_numpy(zero_copy_only=False).astype(float)
    return int(np.count_nonzero(values >= 1.0))


def _best(work: Any) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)
