"""Small workbooks for the tests of reading, written with openpyxl as people's programs write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from greenpark.catalog.messages import load_messages
from greenpark.catalog.packs import Packs, load_packs
from greenpark.collect.collected import Collected
from greenpark.collect.context import Context
from greenpark.collect.credit_code import check_character
from greenpark.collect.forms import collect_form
from greenpark.engine.units import Units
from greenpark.model.forms import Form
from greenpark.model.text import Messages

Rows = Sequence[Sequence[Any]]
ENERGY = ("单位名称", "时期", "能源品种", "计量单位", "购进量", "工业生产消费量", "说明")


def code(number: int) -> str:
    """A credit code with a right check character."""
    start = f"91350100M{number:08d}"
    return start + check_character(start)


REGISTER: Rows = (
    ("统一社会信用代码", "单位名称", "类别"),
    ("PARK", "示范园区", "园区"),
    (code(1), "甲厂", "法人单位"),
    (code(2), "乙热电", "法人单位"),
)


@pytest.fixture(scope="session")
def packs() -> Packs:
    return load_packs(kinds=["forms", "places"])


@pytest.fixture(scope="session")
def messages() -> Messages:
    return load_messages()


@pytest.fixture(scope="session")
def form(packs: Packs) -> Form:
    return packs.forms["park_annual"]


@pytest.fixture(scope="session")
def units(packs: Packs) -> Units:
    return Units(packs.units.values())


@pytest.fixture(scope="session")
def context(packs: Packs, units: Units) -> Context:
    return Context(units, packs.quantities, packs.carriers, packs.areas, years=(2023,))


def write_book(path: Path, sheets: dict[str, Rows], change: Callable[[Any], None] | None = None) -> Path:
    """A workbook of sheets; ``change`` may do to it what rows cannot say."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(book)
    book.save(path)
    return path


@pytest.fixture
def read_energy(tmp_path: Path, form: Form, context: Context) -> Callable[..., Collected]:
    """Read rows of the energy sheet, beside the small register of units."""

    def read(rows: Rows, change: Callable[[Any], None] | None = None, titles: Sequence[str] = ENERGY) -> Collected:
        path = write_book(tmp_path / "book.xlsx", {"园区单位": REGISTER, "能源": [titles, *rows]}, change)
        return collect_form(path, form, "", context)

    return read


def rules(collected: Collected) -> list[str]:
    """The rules of the findings, without those that only say which optional parts are absent."""
    quiet = {"sheet_absent", "columns_absent"}
    return [finding.rule for finding in collected.findings if finding.rule not in quiet]
