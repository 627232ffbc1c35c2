"""greenpark in a process of its own, as a person starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def greenpark(*arguments: str | Path, cwd: Path, language: str = "en") -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from greenpark.cli import main; main()"]
    environment = {**os.environ, "PYTHONUTF8": "1", "GREENPARK_LANG": language}
    return subprocess.run(
        [*program, *map(str, arguments)], cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8",
        check=False, timeout=600,
    )  # fmt: skip
