"""A workbook of 100,000 rows read and checked, against the bare fast reader on the same file in the same run."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path
from typing import Any

import fastexcel
import xlsxwriter

from greenpark.catalog.packs import load_packs
from greenpark.collect.context import Context
from greenpark.collect.forms import collect_form
from greenpark.engine.units import Units

ROWS = 100_000
UNITS = 400
VALUES = (
    "purchase",
    "use_industrial",
    "use_feedstock",
    "transform_in",
    "use_other",
    "stock_open",
    "stock_close",
    "sale",
)
SEED = 7
CARRIERS = (
    *("烟煤", "天然气", "电力", "热力", "柴油", "汽油", "燃料油", "焦炭", "液化石油气", "无烟煤", "褐煤"),
    *("焦炉煤气", "高炉煤气", "转炉煤气", "原油", "煤油", "石脑油", "石油焦", "炼厂干气", "液化天然气", "渣油"),
)
TARGET_SECONDS = 10.0


def targets() -> list[dict[str, Any]]:
    """The speed target of reading a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "energy.xlsx"
        write_workbook(path)
        packs = load_packs(kinds=["forms", "places"])
        context = Context(Units(packs.units.values()), packs.quantities, packs.carriers, packs.areas, years=(2023,))
        started = time.perf_counter()
        collected = collect_form(path, packs.forms["park_annual"], "", context)
        measured = time.perf_counter() - started
        reference = read_bare(path)
    complete = collected.cells.non_empty == collected.cells.accepted == ROWS * len(VALUES) + UNITS * 3
    return [
        {
            "id": "workbook_100k",
            "what": f"read and check a workbook of {ROWS:,} rows with {len(VALUES)} values each",
            "target": TARGET_SECONDS,
            "measured": round(measured, 3),
            "unit": "s",
            "reference": f"fastexcel reading the same file without any check: {reference:.3f} s",
            "ratio": round(measured / reference, 2),
            "rows": ROWS,
            "ok": measured < TARGET_SECONDS and complete,
        }
    ]


def write_workbook(path: Path) -> None:
    """Units and a year of monthly energy rows, none of them twice."""
    numbers = random.Random(SEED)
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    units = workbook.add_worksheet("园区单位")
    units.write_row(0, 0, ["统一社会信用代码", "单位名称", "类别"])
    for number in range(UNITS):
        units.write_row(number + 1, 0, [f"U{number:05d}", f"企业{number:05d}", "法人单位"])
    energy = workbook.add_worksheet("能源")
    energy.write_row(0, 0, ["单位名称", "时期", "能源品种", *VALUES])
    for row in range(ROWS):
        key, month = divmod(row, 12)
        carrier, unit = divmod(key, UNITS)
        values = [numbers.randrange(1_000_000) / 100 for _ in VALUES]
        energy.write_row(row + 1, 0, [f"企业{unit:05d}", f"2023-{month + 1:02d}", CARRIERS[carrier], *values])
    workbook.close()


def read_bare(path: Path) -> float:
    """Seconds that the fast reader takes for the same sheets."""
    started = time.perf_counter()
    reader = fastexcel.read_excel(path)
    for name in reader.sheet_names:
        reader.load_sheet(name).to_arrow()
    return time.perf_counter() - started
