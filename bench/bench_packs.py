"""All built-in packs read and checked, against PyYAML merely parsing the same files in the same run."""

from __future__ import annotations

import time
from typing import Any

import yaml

from greenpark.catalog import load_packs
from greenpark.catalog.library import _units
from greenpark.catalog.packs import BUILT_IN
from greenpark.catalog.read import _read

ROUNDS = 5
TARGET_SECONDS = 1.0
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def targets() -> list[dict[str, Any]]:
    """The speed target of loading the packs [s of processor time]."""
    files = sorted(BUILT_IN.rglob("*.yaml"))
    measured, parsed = best(load_fresh), best(lambda: [yaml.load(each.read_bytes(), _PARSER) for each in files])
    return [
        {
            "id": "packs_load",
            "what": f"{len(files)} YAML files of all built-in packs read, checked and fitted together; processor time",
            "target": TARGET_SECONDS,
            "measured": round(measured, 3),
            "unit": "s",
            "reference": f"PyYAML with libyaml parsing the same files in the same run: {parsed:.3f} s",
            "ratio": round(measured / parsed, 2),
            "rows": 0,
            "peak_mb": None,
            "ok": measured < TARGET_SECONDS,
        }
    ]


def load_fresh() -> None:
    """Load all packs with nothing kept from before."""
    _read.cache_clear()
    _units.cache_clear()
    load_packs()


def best(work: Any) -> float:
    """The least processor time of several rounds [s]."""
    taken = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)
