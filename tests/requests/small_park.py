"""A small park as its statistician would hand it in, run through the whole line, and what is read of its results."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner, Result

from greenpark.catalog import Packs
from greenpark.cli.commands import build
from greenpark.collect import Collected, Context, collect_form
from greenpark.engine.units import Units
from greenpark.pipeline import Choices, Published, run

UNITS = ("统一社会信用代码", "单位名称", "类别", "所在省份", "上级")
ENERGY = ("单位名称", "时期", "能源品种", "计量单位", "购进量", "工业生产消费量")
Row = dict[str, Any]


@dataclass
class Park:
    """A small park as its statistician would hand it in: a workbook with a sheet of units and one of energy."""

    folder: Path
    units: tuple[str, ...] = ("甲厂", "乙厂")
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    more: str = "profile: china_park_national\nyears: [2023]\n"
    sheets: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    @property
    def workbook(self) -> Path:
        return self.folder / "park.xlsx"

    def write(self) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "园区单位"
        for row in [UNITS, ("park", "示例园区", "园区", "江苏", ""), *(_unit(name) for name in self.units)]:
            sheet.append(row)
        energy = book.create_sheet("能源")
        for row in [ENERGY, *self.rows]:
            energy.append(row)
        for title, rows in self.sheets.items():
            more = book.create_sheet(title)
            for row in rows:
                more.append(row)
        self.folder.mkdir(parents=True, exist_ok=True)
        book.save(self.workbook)
        job = self.folder / "job.yaml"
        job.write_text(
            "id: small\ntitle: {zh: 小园区, en: small park}\nboundary: park\n"
            f"inputs:\n  - {{file: park.xlsx, kind: form, form: park_annual}}\n{self.more}",
            encoding="utf-8",
        )
        return job

    def run(self) -> Published:
        self.write()
        return self.run_written()

    def run_written(self) -> Published:
        return run(self.folder / "job.yaml", Choices(self.folder / "out", self.folder / "w"), lambda step, name: None)[
            0
        ]


def _unit(name: str) -> tuple[str, ...]:
    return (f"u_{name}", name, "法人单位", "江苏", "park")


def table(published: Published, name: str) -> list[Row]:
    return [dict(row) for row in published.release.tables[name].to_pylist()]


def figure(published: Published, quantity: str, entity: str = "park", item: str = "") -> Row:
    found = [
        row
        for row in table(published, "figures")
        if (row["entity"], row["quantity"], row["item"]) == (entity, quantity, item)
    ]
    assert len(found) == 1, (quantity, found)
    return found[0]


def messages_of(published: Published) -> set[str]:
    return {row["message"] for row in table(published, "findings")}


def read(path: Path, packs: Packs) -> Collected:
    context = Context(Units(packs.units.values()), packs.quantities, packs.carriers, packs.areas, None, (2023,))
    return collect_form(path, packs.forms["park_annual"], "", context)


def command(*arguments: str | Path, language: str = "zh") -> Result:
    """A command of greenpark as a person types it, in this process."""
    return CliRunner().invoke(build(language), [str(each) for each in arguments], catch_exceptions=False)


def sheet_rows(path: Path, tab: str) -> list[dict[str, Any]]:
    """The rows of a sheet of report.xlsx below its titles, by the first word of each title."""
    sheet = openpyxl.load_workbook(path)[tab]
    titles = [str(cell.value or "").split("\n")[0].split(" ")[0] for cell in sheet[3]]
    return [dict(zip(titles, row, strict=True)) for row in sheet.iter_rows(min_row=4, values_only=True)]
