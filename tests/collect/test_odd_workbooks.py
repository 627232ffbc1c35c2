"""Nothing is lost in odd workbooks: merged, hidden, unknown, untitled, blank, formulas, error cells, a second sheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from greenpark.collect.collected import Collected
from greenpark.collect.context import Context
from greenpark.collect.forms import collect_form
from greenpark.model.forms import Form
from tests.collect.conftest import REGISTER, write_book
from tests.collect.test_accounting_of_cells import TITLES, rows, values

# Which columns of the sheet hold values; the others of TITLES are keys, the unit and the note.
READ = {"E": "购进量", "F": "工业生产消费量", "G": "销售量"}
UNKNOWN, UNTITLED, AGAIN = "I", "L", "J"
NOT_READ = {UNKNOWN: "unknown_column", UNTITLED: "untitled_column", AGAIN: "duplicate_column"}


@dataclass(frozen=True)
class Odd:
    """What is odd about a workbook beside the texts of its cells."""

    above: int
    blanks: tuple[int, ...]
    merges: tuple[tuple[int, int, int, int], ...]
    hidden: frozenset[str]
    more: tuple[tuple[str, int, Any], ...]
    other_sheet: tuple[Any, ...]


ODD = st.builds(
    Odd,
    above=st.integers(0, 2),
    blanks=st.lists(st.integers(0, 8), max_size=2).map(tuple),
    merges=st.lists(
        st.tuples(st.integers(0, 6), st.integers(1, 7), st.integers(1, 3), st.integers(1, 2)), max_size=2
    ).map(tuple),
    hidden=st.frozensets(st.sampled_from(["sheet", "row", "column"])),
    more=st.lists(
        st.tuples(st.sampled_from([UNKNOWN, UNTITLED, AGAIN]), st.integers(0, 7), values), max_size=4
    ).map(tuple),
    other_sheet=st.lists(values, max_size=3).map(tuple),
)  # fmt: skip


def _write(path: Path, table: list[tuple[Any, ...]], odd: Odd) -> int:
    """The workbook; the number of its header row comes back."""
    body = list(table)
    for place in sorted(odd.blanks):
        body.insert(min(place, len(body)), ())
    head = [("园区能源统计表",)] * odd.above
    titles = [*TITLES, "本厂自用列", "购进量"]
    sheets: dict[str, Any] = {"园区单位": REGISTER, "能源": [*head, titles, *body]}
    if odd.other_sheet:
        sheets["随手记"] = [(each,) for each in odd.other_sheet]
    header = odd.above + 1
    write_book(path, sheets, lambda book: _make_odd(book, odd, header))
    return header


def _make_odd(book: Any, odd: Odd, header: int) -> None:
    sheet = book["能源"]
    for column, row, value in odd.more:
        sheet[f"{column}{header + 1 + row}"] = value
    for row, column, height, width in odd.merges:
        first = header + 1 + row
        area = (column, first, column + width - 1, first + height - 1)
        if not any(_overlap(area, known.bounds) for known in sheet.merged_cells.ranges):
            sheet.merge_cells(start_column=area[0], start_row=area[1], end_column=area[2], end_row=area[3])
    if odd.above:
        sheet.merge_cells("A1:H1")
    if "row" in odd.hidden:
        sheet.row_dimensions[header + 1].hidden = True
    if "column" in odd.hidden:
        sheet.column_dimensions["F"].hidden = True
    if "sheet" in odd.hidden:
        sheet.sheet_state = "hidden"


def _overlap(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _filled(path: Path, header: int) -> Counter[str]:
    """Filled cells below the header as another program sees them."""
    sheet = openpyxl.load_workbook(path)["能源"]
    cells = (cell for row in sheet.iter_rows(min_row=header + 1) for cell in row)
    return Counter(cell.coordinate for cell in cells if cell.value is not None and str(cell.value).strip())


def _of_columns(cells: Counter[str], columns: str) -> Counter[str]:
    return Counter({cell: count for cell, count in cells.items() if cell.rstrip("0123456789") in columns})


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=rows, odd=ODD)
def test_every_filled_cell_of_an_odd_workbook_is_read_refused_or_named_as_not_read(
    tmp_path: Path, form: Form, context: Context, table: list[tuple[Any, ...]], odd: Odd
) -> None:
    header = _write(tmp_path / "b.xlsx", table, odd)
    filled = _filled(tmp_path / "b.xlsx", header)
    collected = collect_form(tmp_path / "b.xlsx", form, "", context)
    kept = Counter(row["cell"] for row in collected.observations.to_pylist() if row["sheet"] == "能源")
    refused = Counter(each.place.cell for each in collected.rejected if each.place.sheet == "能源")
    assert kept + refused == _of_columns(filled, "".join(READ))
    assert collected.cells.non_empty == (
        collected.cells.accepted + collected.cells.rejected + collected.cells.declared_absent
    )
    for column, rule in NOT_READ.items():
        there = sum(_of_columns(filled, column).values())
        assert _told(collected, rule, column) == there, (column, rule)
    assert (("sheet_unknown", "随手记") in _sheets(collected)) == bool(odd.other_sheet)
    assert (("hidden_sheet", "能源") in _sheets(collected)) == ("sheet" in odd.hidden)


def _told(collected: Collected, rule: str, column: str) -> int:
    """How many cells of a column a finding says were not read."""
    named = [each for each in collected.findings if each.rule == rule and each.place.sheet == "能源"]
    return sum(int(str(each.values["count"])) for each in named if each.place.cell.rstrip("0123456789") == column)


def _sheets(collected: Collected) -> set[tuple[str, str]]:
    return {(each.rule, each.place.sheet) for each in collected.findings}


def test_the_columns_of_this_test_are_where_it_says() -> None:
    assert {get_column_letter(TITLES.index(title) + 1): title for title in READ.values()} == READ
