"""How long the command line takes to say its help, against an interpreter that does nothing, in the same run."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROUNDS = 7
TARGET_SECONDS = 0.5


def targets() -> list[dict[str, Any]]:
    """The speed target of starting the command line."""
    program = Path(sys.executable).with_name("greenpark")
    command = [str(program)] if program.exists() else [sys.executable, "-c", "from greenpark.cli import main; main()"]
    measured = best_seconds([*command, "--help"])
    idle = best_seconds([sys.executable, "-c", "pass"])
    return [
        {
            "id": "cli_help",
            "what": "greenpark --help, a process from start to end, the best of several",
            "target": TARGET_SECONDS,
            "measured": round(measured, 3),
            "unit": "s",
            "reference": f"python -c pass in the same run: {idle:.3f} s",
            "ratio": round(measured / idle, 2),
            "rows": 0,
            "peak_mb": None,
            "ok": measured < TARGET_SECONDS,
        }
    ]


def best_seconds(command: list[str], rounds: int = ROUNDS) -> float:
    """The shortest time of several runs of a command [s].

    Raises
    ------
    subprocess.CalledProcessError
        When the command fails.
    """
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append(time.perf_counter() - start)
    return min(taken)
