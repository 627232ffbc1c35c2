"""Run every benchmark in one go: `python -m bench [NAME ...]` writes bench/results.json and prints a table.

Each module runs in a process of its own, so that its peak memory is its own. Exit 1 when a module failed or a target
was missed, after everything has run.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
KEYS = ("id", "what", "target", "measured", "unit", "reference", "ratio", "rows", "peak_mb", "ok")
COLUMNS = ("id", "target", "measured", "unit", "ratio", "rows", "peak_mb", "ok")

Target = dict[str, Any]


def main() -> int:
    """Run all benchmarks, or the named ones; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="modules to run, like bench_rollup; all when none is named")
    parser.add_argument("--alone", nargs=2, metavar=("MODULE", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        return run_here(*asked.alone)
    names = asked.names or sorted(path.stem for path in HERE.glob("bench_*.py"))
    results, failed = run_all(names)
    if not asked.names:
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print_table(results)
    for name in failed:
        print(f"failed: {name}", file=sys.stderr)
    return 1 if failed or not all(each["ok"] for each in results) else 0


def run_all(names: list[str]) -> tuple[list[Target], list[str]]:
    """The results of the named modules, and the names of those that failed."""
    results: list[Target] = []
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            print(f"bench: {name}", file=sys.stderr, flush=True)
            file = Path(folder) / f"{name}.json"
            command = [sys.executable, "-m", "bench", "--alone", name, str(file)]
            if subprocess.run(command, cwd=HERE.parent, check=False).returncode:
                failed.append(name)
            else:
                results += json.loads(file.read_text(encoding="utf-8"))
    return results, failed


def run_here(name: str, file: str) -> int:
    """Run one module in this process and write its results to `file`."""
    targets: list[Target] = importlib.import_module(f"bench.{name}").targets()
    peak = peak_mb()
    written = [checked(name, {"peak_mb": peak, **target}) for target in targets]
    Path(file).write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
    return 0


def checked(name: str, target: Target) -> Target:
    """The target with its keys in order.

    Raises
    ------
    ValueError
        When a key is missing or unknown.
    """
    if set(target) != set(KEYS):
        raise ValueError(f"{name}: keys differ from the expected: {sorted(set(target) ^ set(KEYS))}")
    return {key: target[key] for key in KEYS}


def peak_mb() -> float:
    """The largest resident memory of this process so far [MB]."""
    status = Path("/proc/self/status")
    if status.exists():  # reset when a program starts, which the resource module's figure is not
        line = next(each for each in status.read_text(encoding="utf-8").splitlines() if each.startswith("VmHWM"))
        return round(int(line.split()[1]) / 1024, 1)
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def print_table(results: list[Target]) -> None:
    """One line per target."""
    lines = [COLUMNS, *(tuple(shown(each[key]) for key in COLUMNS) for each in results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def shown(value: object) -> str:
    """A cell of the table."""
    if isinstance(value, bool):
        return "yes" if value else "NO"
    if isinstance(value, float):
        return f"{value:,.3f}"
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else str(value)


if __name__ == "__main__":
    raise SystemExit(main())
