"""Write docs/reference/speed.md from what `make bench` measured: no figure in it is typed."""

from __future__ import annotations

import json
from typing import Any

from tools.machine import ROOT

RESULTS = ROOT / "bench" / "results.json"
PAGE = ROOT / "docs" / "reference" / "speed.md"
HEAD = """# Speed 速度

Written by `make bench` from `bench/results.json`; measured in one run on one machine, each target beside the same work
done by the tool it is compared with. 由 `make bench` 一次运行测得，每个目标都与同一次运行中的对照工具比较。

| id | what 内容 | target 目标 | measured 实测 | unit 单位 | ratio 比值 | rows 行数 | peak MB 内存 | met 达到 | compared with 对照 |
|---|---|---|---|---|---|---|---|---|---|
"""
COLUMNS = ("id", "what", "target", "measured", "unit", "ratio", "rows", "peak_mb", "ok", "reference")


def main() -> int:
    """Write the page; returns the exit code."""
    results: list[dict[str, Any]] = json.loads(RESULTS.read_text(encoding="utf-8"))
    lines = ["| " + " | ".join(_cell(each[name]) for name in COLUMNS) + " |\n" for each in results]
    PAGE.write_text(HEAD + "".join(lines), encoding="utf-8")
    return 0


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes 是" if value else "no 否"
    if isinstance(value, int | float):
        return f"{value:,}"
    return "–" if value is None else str(value).replace("|", "\\|")


if __name__ == "__main__":
    raise SystemExit(main())
