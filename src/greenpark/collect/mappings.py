"""Read somebody else's table through a mapping of its columns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.collect.admission import FileRefused, admit
from greenpark.collect.collected import CellCount, Collected, no_entities, no_observations
from greenpark.collect.context import Context
from greenpark.collect.delimited import read_delimited
from greenpark.collect.docket import NO_FINDING, Docket
from greenpark.collect.give_back import Layout, give_back
from greenpark.collect.grid import Grid, taken
from greenpark.collect.headers import Header, find_header
from greenpark.collect.lookups import carrier_names, entity_names, spellings
from greenpark.collect.mapped_entities import mapped_entities
from greenpark.collect.names import Names, all_visible
from greenpark.collect.observe import numbered, observe, remark_repeats
from greenpark.collect.remarks import remark_hidden
from greenpark.collect.rows import (
    Key,
    Rows,
    any_present,
    blank_rows,
    present,
    refuse_overlong,
    refuse_totals,
    repeated,
    require,
    resolve,
    resolve_periods,
    with_merged_filled,
)
from greenpark.collect.values import Judged, ValueColumn, judge
from greenpark.collect.workbook import Workbook
from greenpark.model.forms import MappedValue, Mapping
from greenpark.model.time import Period

EVERY_PERIOD = "*"
_PART = "-"  # joins the parts of an entity's id


def collect_mapping(path: Path, mapping: Mapping, context: Context) -> Collected:
    """The observations and entities of a table whose columns the mapping names.

    Rows that the mapping's filters do not keep are counted in a finding and take no part; every non-empty value cell
    of the kept rows is exactly one of accepted, rejected and declared absent.
    """
    docket = Docket(path.name)
    try:
        grid = _grid(path, mapping, docket)
        header = _header(grid, mapping, context)
    except FileRefused as refusal:
        docket.refuse_file(refusal)
        return Collected(no_observations(), no_entities(), docket.findings)
    return _MappedTable(grid, header, mapping, context, docket).collected()


def _grid(path: Path, mapping: Mapping, docket: Docket) -> Grid:
    if admit(path) == "text":
        grid, encoding = read_delimited(path)
        if encoding == "gb18030":
            docket.enter("encoding_gb18030", grid, 0, 0)
        return grid
    workbook = Workbook(path)
    for part in workbook.sheets:
        if mapping.sheet in ("", part.name):
            return workbook.grid(part)
    raise FileRefused("sheet_missing", sheet=mapping.sheet)


def _header(grid: Grid, mapping: Mapping, context: Context) -> Header:
    """The header row; every column that the mapping names must be there."""
    wanted = _titles(mapping)
    header = find_header(grid, {title: (title,) for title in wanted}, context.units.find)
    if header is None:
        raise FileRefused("mapped_columns_missing", titles="、".join(wanted))
    missing = [title for title in wanted if title not in header.columns.values()]
    if missing:
        raise FileRefused("mapped_columns_missing", titles="、".join(missing))
    return header


def _titles(mapping: Mapping) -> tuple[str, ...]:
    """Every column that the mapping names."""
    single = (
        mapping.entity_name_column,
        mapping.parent_column,
        mapping.carrier_column,
        mapping.period_column,
        mapping.quantity_column,
        mapping.note_column,
    )
    values = [title for each in mapping.values for title in (each.column, each.unit_column) if title != EVERY_PERIOD]
    kept = [each.column for each in mapping.keep]
    titles = [*mapping.entity_columns, *single, *kept, *values, *mapping.period_columns]
    return tuple(dict.fromkeys(title for title in titles if title))


class _MappedTable:
    """One table while it is read."""

    def __init__(self, grid: Grid, header: Header, mapping: Mapping, context: Context, docket: Docket) -> None:
        self._header, self._mapping, self._context, self._docket = header, mapping, context, docket
        self._place = {title: column for column, title in header.columns.items()}
        keys = {column: header.titles[column] for column in sorted(set(header.columns) - self._value_places())}
        self._grid = with_merged_filled(grid, keys, header.last_row + 1, docket)
        self._rows = self._kept_rows()
        remark_hidden(grid, header, docket)

    def collected(self) -> Collected:
        """Everything the table gives."""
        grid, rows, docket = self._grid, self._rows, self._docket
        self._read_keys()
        judged = [judge(column, rows, grid, "", self._context, docket) for column in self._value_columns()]
        self._remark_empty(judged)
        observed = observe(judged, rows, grid)
        remark_repeats([observed], self._context, docket)
        places = frozenset(self._value_places())
        titles = {column: self._header.titles[column] for column in sorted(self._header.titles)}
        rejected = docket.rejected
        return Collected(
            observations=numbered([observed]),
            entities=mapped_entities(rows, grid, self._mapping, self._place, self._context, docket),
            findings=docket.findings,
            rejected=rejected,
            cells=sum((each.count for each in judged), CellCount()),
            rejected_rows=give_back([Layout(grid, "", titles, places)], rejected),
        )

    def _kept_rows(self) -> Rows:
        """The rows with data that pass the filters."""
        grid, mapping = self._grid, self._mapping
        index = np.arange(self._header.last_row + 1, grid.height)
        keys = sorted(set(self._header.columns) - self._value_places())
        filled = any_present(grid, sorted(self._value_places()), index)
        wanted = np.ones(len(index), dtype=np.bool_)
        for each in mapping.keep:
            column = taken(grid.columns[self._place[each.column]], index)
            allowed = pc.fill_null(pc.is_in(column, pa.array(each.equals)), False)
            wanted &= allowed.to_numpy(zero_copy_only=False)
        kept = filled & wanted
        left, bare = int((filled & ~wanted).sum()), wanted & ~filled & any_present(grid, keys, index)
        if left:
            self._docket.enter("rows_filtered", grid, self._header.last_row, 0, kept=int(kept.sum()), left=left)
        if bare.any():
            first = int(index[np.flatnonzero(bare)[0]])
            self._docket.enter("rows_without_values", grid, first, 0, count=int(bare.sum()))
        rows = blank_rows(index[kept], mapping.coverage, "reported", mapping.confidence)
        refuse_overlong(rows, grid, self._header.last_row, self._docket)
        everywhere = np.ones(len(rows.index), dtype=np.bool_)
        refuse_totals(rows, grid, keys, everywhere, self._docket, self._names_of_columns())
        return rows

    def _names_of_columns(self) -> dict[int, Names | None]:
        """The key columns with what their texts may name; periods name nothing."""
        mapping, context = self._mapping, self._context
        registered = entity_names([context.entities] if context.entities is not None else [])
        names: dict[str, Names | None] = dict.fromkeys(
            (*mapping.entity_columns, mapping.entity_name_column), registered
        )
        names[mapping.carrier_column] = _mapped_names(mapping, context)
        names[mapping.quantity_column] = _mapped_quantities(mapping, context)
        names[mapping.period_column] = None
        return {self._place[title]: known for title, known in names.items() if title in self._place}

    def _read_keys(self) -> None:
        rows, mapping = self._rows, self._mapping
        rows.entity = self._entities()
        self._read_carriers()
        self._read_quantities()
        self._read_periods()
        if key := self._key(mapping.note_column):
            rows.noted = present(key.texts)

    def _entities(self) -> pa.StringArray:
        """The parts of the id joined; a row that lacks one is refused."""
        mapping, rows = self._mapping, self._rows
        if not mapping.entity_columns:
            return repeated(mapping.entity, len(rows.index))
        wanted = rows.open
        required = [self._required(title) for title in mapping.entity_columns]
        keys = [replace(key, texts=all_visible(key.texts)) for key in required]
        for key in keys:
            require(key, rows, wanted, self._grid, self._docket)
        return pc.binary_join_element_wise(*(key.texts for key in keys), _PART)

    def _read_carriers(self) -> None:
        mapping, rows = self._mapping, self._rows
        if not mapping.carrier_column:
            rows.carrier = repeated(mapping.carrier, len(rows.index)) if mapping.carrier else rows.carrier
            return
        key = self._required(mapping.carrier_column)
        names = _mapped_names(mapping, self._context)
        rows.carrier = resolve(key, rows, rows.open, names, "unknown_carrier", self._grid, self._docket)

    def _read_quantities(self) -> None:
        mapping, rows = self._mapping, self._rows
        if mapping.quantity_column:
            key = self._required(mapping.quantity_column)
            names = _mapped_quantities(mapping, self._context)
            rows.quantity = resolve(key, rows, rows.open, names, "unknown_quantity", self._grid, self._docket)

    def _read_periods(self) -> None:
        mapping, rows, size = self._mapping, self._rows, len(self._rows.index)
        if mapping.period_column:
            key = self._required(mapping.period_column)
            context = self._context
            resolve_periods(key, rows, rows.open, context.year, context.years, self._grid, self._docket)
        elif mapping.period:
            period = Period.parse(mapping.period)
            rows.start = pa.repeat(pa.scalar(period.start, pa.date32()), size)
            rows.end = pa.repeat(pa.scalar(period.end, pa.date32()), size)

    def _value_columns(self) -> list[ValueColumn]:
        columns: list[ValueColumn] = []
        for value in self._mapping.values:
            if value.column == EVERY_PERIOD:
                columns += [
                    self._value_column(value, title, Period.parse(period))
                    for title, period in self._mapping.period_columns.items()
                ]
            else:
                columns.append(self._value_column(value, value.column, None))
        return columns

    def _value_column(self, value: MappedValue, title: str, period: Period | None) -> ValueColumn:
        column = self._place[title]
        unit_key = self._key(value.unit_column)
        return ValueColumn(
            column=column,
            title=self._header.titles[column],
            quantity=value.quantity,
            flow=value.flow,
            unit=value.unit or self._header.units.get(column, ""),
            negative="by_quantity",
            unit_texts=unit_key.texts if unit_key else None,
            unit_names=self._mapping.unit_names,
            blank_unit="refuse",
            period=period,
            titled_unit="" if value.unit else self._header.units.get(column, ""),
        )

    def _remark_empty(self, judged: list[Judged]) -> None:
        """Empty cells of a column that the mapping expects to be full: missing, and said so."""
        expected = {value.column for value in self._mapping.values if not value.may_be_empty}
        wanted = int((self._rows.refusal == NO_FINDING).sum())
        for each in judged:
            title = self._header.columns[each.column.column]
            missing = wanted - int((self._rows.open & self._filled(each.column.column)).sum())
            if title in expected and missing > 0:
                row = int(self._rows.index[np.flatnonzero(self._rows.open & ~self._filled(each.column.column))[0]])
                self._docket.enter("cells_empty", self._grid, row, each.column.column, title=title, count=missing)

    def _filled(self, column: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return any_present(self._grid, [column], self._rows.index)

    def _value_places(self) -> set[int]:
        titles = {value.column for value in self._mapping.values} | set(self._mapping.period_columns)
        return {self._place[title] for title in titles if title in self._place}

    def _required(self, title: str) -> Key:
        column = self._place[title]
        texts = taken(self._grid.columns[column], self._rows.index)
        return Key(column, self._header.titles[column], texts)

    def _key(self, title: str) -> Key | None:
        return self._required(title) if title else None


def _mapped_names(mapping: Mapping, context: Context) -> Names:
    """Carriers by the mapping's own words, by what follows its prefix, and by their known spellings."""
    if not mapping.carrier_prefix and not mapping.carrier_names:
        return carrier_names(None, context)
    words: dict[str, list[str]] = {}
    for word, carrier in mapping.carrier_names.items():
        words.setdefault(carrier, []).append(word)
    prefix = mapping.carrier_prefix
    known = [each for each in context.carriers.values() if each.id.startswith(prefix) or each.id in words]
    return Names(
        (each.id, (each.code, each.id.removeprefix(prefix), *words.get(each.id, ()), *spellings(each.name)))
        for each in known
    )


def _mapped_quantities(mapping: Mapping, context: Context) -> Names:
    """Quantities by the mapping's own words and by their known spellings."""
    words: dict[str, list[str]] = {}
    for word, quantity in mapping.quantity_names.items():
        words.setdefault(quantity, []).append(word)
    return Names(
        (each.id, (*words.get(each.id, ()), *spellings(each.name), *each.synonyms))
        for each in context.quantities.values()
    )
