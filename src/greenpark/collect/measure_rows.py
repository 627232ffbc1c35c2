"""The sheet of the ledger: every row is one measure of the action plan, with owner, dates, savings and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from greenpark.collect.collected import CellCount
from greenpark.collect.docket import Docket
from greenpark.collect.entity_rows import read_date
from greenpark.collect.grid import Grid
from greenpark.collect.headers import Header
from greenpark.collect.names import Names, folded, visible
from greenpark.collect.rows import any_present
from greenpark.collect.text_numbers import is_error, read_text_number
from greenpark.model.forms import FormColumn, FormSheet
from greenpark.model.steering import LEDGER

Measure = dict[str, Any]
_NUMBERS = frozenset(column.name for column in LEDGER.columns if column.kind == "float64")


class MeasureReader:
    """Reads the measures of one sheet: few, so one by one. What cannot be read is refused, the rest is kept."""

    def __init__(
        self, grid: Grid, header: Header, sheet: FormSheet, lists: Mapping[str, Names], docket: Docket
    ) -> None:  # fmt: skip
        self.grid, self.header, self.sheet, self.docket = grid, header, sheet, docket
        self._lists = lists
        columns = {column.id: column for column in sheet.columns}
        self._columns = {number: columns[identifier] for number, identifier in header.columns.items()}
        self._seen = 0
        self._rejected: set[tuple[int, int]] = set()

    def read(self) -> tuple[Measure, ...]:
        """The measures in the order of the sheet; a second one of the same id is refused."""
        index = np.arange(self.header.last_row + 1, self.grid.height)
        filled = index[any_present(self.grid, sorted(self._columns), index)]
        found: dict[str, Measure] = {}
        lines: dict[str, int] = {}
        for row in map(int, filled):
            measure = self._measure(row)
            if measure is None:
                continue
            key = folded(measure["measure"])
            if key in found:
                about = {"text": measure["measure"], "line": self.grid.line(lines[key])}
                self._refuse_row(row, self.docket.enter("measure_twice", self.grid, row, self._identity, **about))
                continue
            found[key], lines[key] = measure, row
        return tuple(found.values())

    def count(self) -> CellCount:
        """Cells seen, accepted and refused."""
        return CellCount(self._seen, self._seen - len(self._rejected), len(self._rejected), 0)

    @property
    def _identity(self) -> int:
        return next((number for number, form in self._columns.items() if form.holds == "entity"), 0)

    def _measure(self, row: int) -> Measure | None:
        texts = {number: visible(self.grid.text(row, number)) for number in self._columns}
        self._seen += sum(bool(self.grid.text(row, number)) for number in self._columns)
        name = texts.get(self._identity, "")
        if self._columns[self._identity].holds != "entity" or not name or is_error(name):
            title = self.header.titles.get(self._identity, "")
            self._refuse_row(
                row, self.docket.enter("missing_key", self.grid, row, self._identity, title=title, text="")
            )
            return None
        place = self.grid.place(row, self._identity)
        measure: Measure = {"measure": name, "file": place.file, "sheet": place.sheet or None, "cell": place.cell}
        for number, form in self._columns.items():
            if number != self._identity and texts[number] and form.attribute:
                measure[form.attribute] = self._value(form, texts[number], row, number)
        measure["name"] = measure.get("name") or name
        return measure

    def _value(self, form: FormColumn, text: str, row: int, column: int) -> object:
        """The value of one cell; None when the cell is refused."""
        rule, value = "error_cell", None
        if not is_error(text):
            rule, value = self._read(form, text)
        if value is not None:
            return value
        about: dict[str, object] = {"title": self.header.titles[column], "text": text}
        if rule == "unknown_code":
            about["suggestion"] = self._lists[form.code_list].nearest(text)
            rule = "unknown_code_like" if about["suggestion"] else rule
        self._refuse(row, column, self.docket.enter(rule, self.grid, row, column, **about))
        return None

    def _read(self, form: FormColumn, text: str) -> tuple[str, object]:
        if form.holds == "date":
            return "bad_date", read_date(text)
        if form.code_list:
            return "unknown_code", self._lists[form.code_list].find(text)
        if form.attribute not in _NUMBERS:
            return "", text
        number = read_text_number(text)
        if number is None or number.rest:
            return "not_a_number", None
        if number.number < 0 and not form.may_be_negative:
            return "negative", None
        return "", float(number.number)

    def _refuse(self, row: int, column: int, finding: int) -> None:
        if (row, column) not in self._rejected:
            self._rejected.add((row, column))
            self.docket.reject(self.grid, self.sheet.id, row, column, self.grid.text(row, column), finding)

    def _refuse_row(self, row: int, finding: int) -> None:
        for column in self._columns:
            if self.grid.text(row, column):
                self._refuse(row, column, finding)
