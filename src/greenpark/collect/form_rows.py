"""One observation sheet of a form: its keys by row, its value columns, and the observations that they make."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.collect.collected import CellCount
from greenpark.collect.context import Context
from greenpark.collect.docket import NO_FINDING, Docket
from greenpark.collect.give_back import Layout
from greenpark.collect.grid import Grid, taken
from greenpark.collect.headers import Header
from greenpark.collect.lookups import Lookups, carrier_names, label, quantity_names
from greenpark.collect.names import Names, all_visible
from greenpark.collect.observe import Observed, observe
from greenpark.collect.rows import (
    Flags,
    Key,
    Rows,
    any_present,
    blank_rows,
    present,
    refuse_overlong,
    refuse_totals,
    require,
    resolve,
    resolve_periods,
    with_merged_filled,
)
from greenpark.collect.values import ValueColumn, judge
from greenpark.model.forms import FormColumn, FormSheet

_YEAR = re.compile(r"((?:19|20)\d{2})\s*年")
_NAMING = ("entity", "carrier", "quantity", "counterparty", "period", "ignored")


@dataclass(frozen=True)
class ReadSheet:
    """What one sheet gives."""

    observed: Observed
    count: CellCount
    layout: Layout


def read_observations(
    grid: Grid, header: Header, sheet: FormSheet, lookups: Lookups, context: Context, docket: Docket
) -> ReadSheet:
    """The observations of one sheet."""
    columns = {column: _form_column(sheet, identifier) for column, identifier in header.columns.items()}
    values = [column for column, form in columns.items() if form.holds == "value"]
    keys = {column: header.titles[column] for column in columns if column not in values}
    grid = with_merged_filled(grid, keys, header.last_row + 1, docket)
    index = np.arange(header.last_row + 1, grid.height)
    filled = any_present(grid, values, index)
    _remark_rows_without_values(grid, header, keys, filled, index, docket)
    rows = blank_rows(index[filled], sheet.coverage, "reported", "high")
    everywhere = np.ones(len(rows.index), dtype=np.bool_)
    refuse_overlong(rows, grid, header.last_row, docket)
    naming = _names_of_columns(columns, sheet, lookups, context)
    refuse_totals(rows, grid, _naming_columns(columns, header), everywhere, docket, naming)
    _SheetKeys(rows, grid, header, sheet, columns, lookups, context, docket).read()
    judged = [
        judge(_value_column(column, columns[column], header, lookups), rows, grid, sheet.id, context, docket)
        for column in values
    ]
    count = sum((each.count for each in judged), CellCount())
    layout = Layout(grid, sheet.id, {column: header.titles[column] for column in columns}, frozenset(values))
    return ReadSheet(observe(judged, rows, grid), count, layout)


class _SheetKeys:
    """Fills the rows of a sheet from its key columns."""

    def __init__(
        self,
        rows: Rows,
        grid: Grid,
        header: Header,
        sheet: FormSheet,
        columns: dict[int, FormColumn],
        lookups: Lookups,
        context: Context,
        docket: Docket,
    ) -> None:
        self._rows, self._grid, self._header, self._sheet = rows, grid, header, sheet
        self._columns, self._lookups, self._context, self._docket = columns, lookups, context, docket
        self._wanted: Flags = rows.open

    def read(self) -> None:
        """All keys."""
        rows = self._rows
        self._require_columns()
        self._read_entities()
        if key := self._key("carrier"):
            rows.carrier = self._resolved(key, carrier_names(self._sheet, self._context), "unknown_carrier")
        if key := self._key("quantity"):
            rows.quantity = self._resolved(key, quantity_names(self._sheet, self._context), "unknown_quantity")
        if key := self._key("period"):
            year = self._context.year or _stated_year(self._grid, self._header)
            years = () if self._sheet.any_year else self._context.years
            resolve_periods(key, rows, self._wanted, year, years, self._grid, self._docket)
        if key := self._key("unit"):
            rows.unit = key.texts
        if key := self._key("reference"):
            key = replace(key, texts=all_visible(key.texts))
            if key.required:
                require(key, rows, self._wanted, self._grid, self._docket)
            rows.counterparty = key.texts
        if key := self._key("note"):
            rows.noted = present(key.texts)
        for holds in ("coverage", "status"):
            self._read_choice(holds)

    def _read_entities(self) -> None:
        """The unit of each row; where no unit is registered anywhere, what is written is its id."""
        known = self._lookups.entities
        for holds, field in (("entity", "entity"), ("counterparty", "counterparty")):
            key = self._key(holds)
            if key is None:
                continue
            if len(known):
                setattr(self._rows, field, self._resolved(key, known, f"unknown_{holds}"))
            else:
                key = replace(key, texts=all_visible(key.texts))
                require(key, self._rows, self._wanted, self._grid, self._docket)
                setattr(self._rows, field, key.texts)
        if not len(known) and self._wanted.any() and (key := self._key("entity")):
            self._docket.enter("entities_unregistered", self._grid, self._header.last_row, key.column, title=key.title)

    def _read_choice(self, holds: str) -> None:
        key = self._key(holds)
        if key is None:
            return
        form = self._columns[key.column]
        ids = self._resolved(key, self._lookups.lists[form.code_list], "unknown_code")
        setattr(self._rows, holds, pc.coalesce(ids, getattr(self._rows, holds)))

    def _resolved(self, key: Key, names: Names, rule: str) -> pa.StringArray:
        return resolve(key, self._rows, self._wanted, names, rule, self._grid, self._docket)

    def _key(self, holds: str) -> Key | None:
        for column, form in self._columns.items():
            if form.holds == holds:
                texts = taken(self._grid.columns[column], self._rows.index)
                return Key(column, self._header.titles[column], texts, form.required)
        return None

    def _require_columns(self) -> None:
        """A required key column that is not there refuses every row."""
        for form in self._sheet.columns:
            if form.required and form.holds != "value" and form.id not in self._header.columns.values():
                title = label(form.title)
                finding = self._docket.enter("missing_column", self._grid, self._header.last_row, 0, title=title)
                self._rows.refusal[self._rows.refusal == NO_FINDING] = finding


def _value_column(column: int, form: FormColumn, header: Header, lookups: Lookups) -> ValueColumn:
    return ValueColumn(
        column=column,
        title=header.titles[column],
        quantity=form.quantity,
        flow=form.flow,
        unit=header.units.get(column, form.unit),
        carrier=form.carrier,
        negative="with_reason" if form.may_be_negative else "never",
        codes=lookups.lists[form.code_list] if form.code_list else None,
        titled_unit=header.units.get(column, ""),
        own_unit=bool(form.unit),
    )


def _form_column(sheet: FormSheet, identifier: str) -> FormColumn:
    return next(column for column in sheet.columns if column.id == identifier)


def _naming_columns(columns: dict[int, FormColumn], header: Header) -> list[int]:
    """Columns in which the word for a total may stand: keys, and columns like a running number."""
    named = [column for column, form in columns.items() if form.holds in _NAMING]
    return sorted([*named, *header.unknown])


def _names_of_columns(
    columns: dict[int, FormColumn], sheet: FormSheet, lookups: Lookups, context: Context
) -> dict[int, Names | None]:
    """The key columns with what their texts may name; periods name nothing."""
    names = {
        "entity": lookups.entities,
        "counterparty": lookups.entities,
        "carrier": carrier_names(sheet, context),
        "quantity": quantity_names(sheet, context),
        "period": None,
    }
    return {column: names[form.holds] for column, form in columns.items() if form.holds in names}


def _stated_year(grid: Grid, header: Header) -> int | None:
    """The year in the sheet's name or above its header, when there is exactly one."""
    above = " ".join(grid.text(row, column) for row in range(header.first_row) for column in range(grid.width))
    years = set(_YEAR.findall(f"{grid.sheet} {above}"))
    return int(years.pop()) if len(years) == 1 else None


def _remark_rows_without_values(
    grid: Grid, header: Header, keys: dict[int, str], filled: Flags, index: np.ndarray, docket: Docket
) -> None:
    bare = any_present(grid, list(keys), index) & ~filled
    if bare.any():
        first = int(index[np.flatnonzero(bare)[0]])
        docket.enter("rows_without_values", grid, first, min(keys), count=int(bare.sum()))
