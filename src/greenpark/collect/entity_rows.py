"""The sheet of units: every row registers one unit of the park, its attributes and its dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from greenpark.collect.collected import CellCount, no_entities, schema_of
from greenpark.collect.credit_code import judge_credit_code
from greenpark.collect.docket import Docket
from greenpark.collect.grid import Grid
from greenpark.collect.headers import Header
from greenpark.collect.names import Names, folded, visible
from greenpark.collect.periods import EXCEL_DAY_ZERO, read_period
from greenpark.collect.rows import any_present, enter_overlong, overlong
from greenpark.collect.text_numbers import is_error
from greenpark.model.forms import FormColumn, FormSheet
from greenpark.model.tables import ENTITIES

_INDUSTRY = re.compile(r"^[A-Z]?(\d{2,4})$")
_DIVISION = 2  # digits of a division of GB/T 4754
_SERIAL = re.compile(r"^\d{5}$")
UNIT, ZONE = "unit", "zone"


@dataclass(frozen=True)
class Registered:
    """What a sheet of units gives."""

    table: pa.Table
    count: CellCount


def read_entities(
    grid: Grid, header: Header, sheet: FormSheet, lists: Mapping[str, Names], areas: Names, docket: Docket
) -> Registered:
    """The units of one sheet; a cell that cannot be read is refused, its row is still registered without it."""
    columns = {column: _form_column(sheet, identifier) for column, identifier in header.columns.items()}
    index = np.arange(header.last_row + 1, grid.height)
    filled = index[any_present(grid, sorted(columns), index)]
    reader = _Reader(grid, header, sheet, columns, lists, areas, docket)
    records = [record for row in filled if (record := reader.record(int(row)))]
    _resolve_parents(records, grid, docket, reader)
    records = _first_of_each(records, reader)
    table = pa.Table.from_pylist([record.fields for record in records], schema=schema_of(ENTITIES))
    return Registered(table if records else no_entities(), reader.count())


@dataclass
class _Record:
    row: int
    fields: dict[str, object]
    cells: dict[str, int]  # column of the grid by field


class _Reader:
    """Reads the rows of units: few, so one by one."""

    def __init__(
        self,
        grid: Grid,
        header: Header,
        sheet: FormSheet,
        columns: dict[int, FormColumn],
        lists: Mapping[str, Names],
        areas: Names,
        docket: Docket,
    ) -> None:
        self.grid, self.header, self.sheet, self.docket = grid, header, sheet, docket
        self._columns, self._lists, self._areas = columns, lists, areas
        self._overlong = overlong(grid, header.last_row)
        self._seen = 0
        self._rejected: set[tuple[int, int]] = set()

    def record(self, row: int) -> _Record | None:
        """One unit; None when the row has no id."""
        texts = {column: self.grid.text(row, column) for column in self._columns}
        self._seen += sum(bool(text) for text in texts.values())
        texts = {column: visible(text) for column, text in texts.items()}
        if self._overlong[row]:
            self.refuse_row(row, enter_overlong(self.grid, self.header.last_row, row, self.docket))
            return None
        identity = next((c for c, form in self._columns.items() if form.holds == "entity"), None)
        if identity is None or not texts[identity] or is_error(texts[identity]):
            rule = "error_cell" if identity is not None and texts[identity] else "missing_key"
            title = self.header.titles[identity] if identity is not None else ""
            self.refuse_row(row, self.docket.enter(rule, self.grid, row, identity or 0, title=title, text=""))
            return None
        fields: dict[str, object] = {"entity": texts[identity].replace(" ", ""), "kind": UNIT}
        cells = {"entity": identity}
        for column, form in self._columns.items():
            if column != identity and texts[column] and form.attribute:
                value = self._value(form, texts[column], row, column)
                if value is not None:
                    fields[form.attribute] = value
                    cells[form.attribute] = column
        fields.setdefault("name", fields["entity"])
        fields |= {"file": self.grid.file, "sheet": self.grid.sheet or None}
        fields["cell"] = self.grid.place(row, identity).cell
        self._judge_code(fields, row, identity)
        return _Record(row, fields, cells)

    def refuse(self, row: int, column: int, finding: int) -> None:
        """Refuse one cell."""
        if (row, column) not in self._rejected:
            self._rejected.add((row, column))
            self.docket.reject(self.grid, self.sheet.id, row, column, self.grid.text(row, column), finding)

    def refuse_row(self, row: int, finding: int) -> None:
        """Refuse every filled cell of a row."""
        for column in self._columns:
            if self.grid.text(row, column):
                self.refuse(row, column, finding)

    def refuse_field(self, record: _Record, field: str, rule: str, **about: object) -> None:
        """Refuse the cell of one field and empty the field."""
        column = record.cells[field]
        about = {"title": self.header.titles[column], "text": self.grid.text(record.row, column), **about}
        self.refuse(record.row, column, self.docket.enter(rule, self.grid, record.row, column, **about))
        record.fields[field] = None

    def count(self) -> CellCount:
        """Cells seen, accepted and refused."""
        return CellCount(self._seen, self._seen - len(self._rejected), len(self._rejected), 0)

    def _value(self, form: FormColumn, text: str, row: int, column: int) -> object:
        """The value of an attribute; None when the cell is refused."""
        rule, value = "error_cell", None
        if not is_error(text):
            rule, value = self._read(form, text)
        if value is None:
            about = {"title": self.header.titles[column], "text": text, "suggestion": self._suggestion(form, text)}
            rule = f"{rule}_like" if rule == "unknown_code" and about["suggestion"] else rule
            self.refuse(row, column, self.docket.enter(rule, self.grid, row, column, **about))
        return value

    def _read(self, form: FormColumn, text: str) -> tuple[str, object]:
        readers: dict[str, Callable[[str], object]] = {"industry": self._industry, "area": self._areas.find}
        if form.holds == "date":
            return "bad_date", read_date(text)
        if form.attribute in readers:
            return "unknown_code", readers[form.attribute](text)
        if form.code_list:
            return "unknown_code", self._lists[form.code_list].find(text)
        return "", text

    def _suggestion(self, form: FormColumn, text: str) -> str:
        if form.attribute == "area":
            return self._areas.nearest(text)
        return self._lists[form.code_list].nearest(text) if form.code_list else ""

    def _industry(self, text: str) -> str | None:
        """A code of GB/T 4754: a name of the list, or two to four digits that begin with a division of the list."""
        known = self._lists.get("industry")
        if known is None:
            return text
        if (code := known.find(text)) is not None:
            return code
        found = _INDUSTRY.match(text.upper())
        return found[1] if found and known.find(found[1][:_DIVISION]) else None

    def _judge_code(self, fields: dict[str, object], row: int, column: int) -> None:
        """A wrong check character is a warning: the unit is registered under the code as written."""
        code, kind = str(fields["entity"]), fields["kind"]
        judged = judge_credit_code(code)
        if judged == "wrong_check" or (judged == "other_form" and kind == UNIT):
            rule = "credit_check" if judged == "wrong_check" else "credit_form"
            self.docket.enter(rule, self.grid, row, column, entity=code, text=code, name=fields["name"])


def read_date(text: str) -> date | None:
    """A day; a month means its first day, a year its first."""
    if _SERIAL.match(text):
        return EXCEL_DAY_ZERO + timedelta(days=int(text))
    period = read_period(text).period
    return period.start if period else None


def _form_column(sheet: FormSheet, identifier: str) -> FormColumn:
    return next(column for column in sheet.columns if column.id == identifier)


def _resolve_parents(records: list[_Record], grid: Grid, docket: Docket, reader: _Reader) -> None:
    """Parents by id or name; a unit without one belongs to the zone, when the sheet registers exactly one."""
    names = Names([(str(each.fields["entity"]), [str(each.fields["name"])]) for each in records])
    zones = [each.fields["entity"] for each in records if each.fields["kind"] == ZONE]
    for record in records:
        stated = record.fields.get("parent")
        if stated is None:
            if len(zones) == 1 and record.fields["kind"] != ZONE and record.fields["entity"] != zones[0]:
                record.fields["parent"] = zones[0]
        elif found := names.find(str(stated)):
            record.fields["parent"] = found
        elif record.fields["kind"] != ZONE:
            reader.refuse_field(record, "parent", "unknown_entity")


def _first_of_each(records: list[_Record], reader: _Reader) -> list[_Record]:
    """One record per unit and starting day; a second one is refused."""
    seen: dict[tuple[object, object], int] = {}
    kept: list[_Record] = []
    for record in records:
        key = (folded(str(record.fields["entity"])), record.fields.get("since"))
        if key in seen:
            about = {"text": record.fields["entity"], "line": seen[key] + 1}
            finding = reader.docket.enter(
                "entity_twice", reader.grid, record.row, record.cells["entity"], entity=record.fields["entity"], **about
            )
            reader.refuse_row(record.row, finding)
            continue
        seen[key] = record.row
        kept.append(record)
    return kept
