"""Read a table of published figures: one figure a row, with its source and confidence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.collect.admission import FileRefused, admit
from greenpark.collect.collected import Collected, no_entities, no_observations, schema_of
from greenpark.collect.context import Context
from greenpark.collect.delimited import read_delimited
from greenpark.collect.docket import NO_FINDING, Docket
from greenpark.collect.give_back import Layout, give_back
from greenpark.collect.grid import Grid, taken
from greenpark.collect.headers import Header, find_header
from greenpark.collect.lookups import quantity_names
from greenpark.collect.names import Names
from greenpark.collect.observe import numbered, observe, remark_repeats
from greenpark.collect.rows import Key, Rows, any_present, blank_rows, present, require, resolve, resolve_periods
from greenpark.collect.values import ValueColumn, judge
from greenpark.collect.workbook import Workbook
from greenpark.model.confidence import RANK
from greenpark.model.tables import ENTITIES

REQUIRED = ("entity", "quantity", "period", "value", "unit", "source", "confidence")
OPTIONAL = ("note", "entity_name", "entity_kind", "parent", "coverage")
GROUP = "group"
_TITLES = {
    "entity": ("主体", "单位"),
    "quantity": ("指标",),
    "period": ("时期",),
    "value": ("数值",),
    "unit": ("计量单位",),
    "source": ("来源",),
    "confidence": ("可信度",),
    "note": ("说明", "备注"),
}


def collect_figures(path: Path, context: Context) -> Collected:
    """Published figures as observations: each needs its source and confidence, a period may be left open.

    Columns: ``REQUIRED``, and any of ``OPTIONAL``. A figure without a period keeps none and gets a finding.
    """
    docket = Docket(path.name)
    try:
        grid, header = _open(path, context)
    except FileRefused as refusal:
        docket.refuse_file(refusal)
        return Collected(no_observations(), no_entities(), docket.findings)
    places = {identifier: column for column, identifier in header.columns.items()}
    index = np.arange(header.last_row + 1, grid.height)
    index = index[any_present(grid, [places["value"]], index)]
    rows = blank_rows(index, "unstated", "reported", "low")
    keys = _Keys(rows, grid, header, places, context, docket)
    keys.read()
    column = ValueColumn(places["value"], header.titles[places["value"]], negative="by_quantity", blank_unit="refuse")
    judged = judge(column, rows, grid, "", context, docket)
    observed = observe([judged], rows, grid)
    remark_repeats([observed], context, docket)
    rejected = docket.rejected
    layout = Layout(grid, "", header.titles, frozenset({places["value"]}))
    return Collected(
        observations=numbered([observed]),
        entities=keys.entities(),
        findings=docket.findings,
        rejected=rejected,
        cells=judged.count,
        rejected_rows=give_back([layout], rejected),
    )


def _open(path: Path, context: Context) -> tuple[Grid, Header]:
    if admit(path) == "text":
        grid = read_delimited(path)[0]
    else:
        workbook = Workbook(path)
        grid = workbook.grid(workbook.sheets[0])
    wanted = {name: (name, *_TITLES.get(name, ())) for name in (*REQUIRED, *OPTIONAL)}
    header = find_header(grid, wanted, context.units.find)
    found = set(header.columns.values()) if header else set()
    missing = [name for name in REQUIRED if name not in found]
    if header is None or missing:
        raise FileRefused("mapped_columns_missing", titles="、".join(missing))
    return grid, header


class _Keys:
    """Fills the rows of a table of figures."""

    def __init__(
        self, rows: Rows, grid: Grid, header: Header, places: dict[str, int], context: Context, docket: Docket
    ) -> None:
        self._rows, self._grid, self._header, self._places = rows, grid, header, places
        self._context, self._docket = context, docket

    def read(self) -> None:
        """All keys."""
        rows, context = self._rows, self._context
        wanted = rows.open
        rows.entity = self._required("entity", wanted).texts
        key = self._required("quantity", wanted)
        rows.quantity = resolve(key, rows, wanted, quantity_names(None, context), "unknown_quantity", *self._where)
        resolve_periods(self._key("period", False), rows, wanted, context.year, context.years, *self._where)
        rows.unit = self._required("unit", wanted).texts
        self._required("source", wanted)
        names = Names((level, (level,)) for level in RANK)
        key = self._required("confidence", wanted)
        rows.confidence = resolve(key, rows, wanted, names, "unknown_confidence", *self._where)
        if "coverage" in self._places:
            rows.coverage = pc.coalesce(self._texts("coverage"), rows.coverage)
        self._remark_open_periods()

    def entities(self) -> pa.Table:
        """The entities named in the rows, as far as the table tells of them."""
        told: dict[str, dict[str, object]] = {}
        columns = {name: self._texts(name).to_pylist() for name in ("entity_name", "entity_kind", "parent")}
        for at in np.flatnonzero(self._rows.refusal == NO_FINDING):
            entity = self._rows.entity[int(at)].as_py()
            row = int(self._rows.index[at])
            kept = told.setdefault(entity, {"entity": entity, "file": self._grid.file, **self._cell(row)})
            for field, name in (("name", "entity_name"), ("kind", "entity_kind"), ("parent", "parent")):
                if columns[name][int(at)] is not None:
                    kept.setdefault(field, columns[name][int(at)])
        areas = self._context.areas
        for entity, kept in told.items():
            area = areas.get(entity)
            kept.setdefault("kind", area.kind if area and area.kind == "nation" else GROUP)
            kept.setdefault("name", area.name.zh if area else entity)
            kept["area"] = entity if area else None
        return pa.Table.from_pylist([told[entity] for entity in sorted(told)], schema=schema_of(ENTITIES))

    @property
    def _where(self) -> tuple[Grid, Docket]:
        return self._grid, self._docket

    def _remark_open_periods(self) -> None:
        open_rows = np.flatnonzero(self._rows.open & ~present(self._texts("period")))
        for at in open_rows:
            about = {"entity": self._rows.entity[int(at)].as_py(), "subject": self._rows.quantity[int(at)].as_py()}
            self._docket.enter("period_open", self._grid, int(self._rows.index[at]), self._places["period"], **about)

    def _required(self, name: str, wanted: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Key:
        key = self._key(name, True)
        require(key, self._rows, wanted, self._grid, self._docket)
        return key

    def _key(self, name: str, required: bool) -> Key:
        column = self._places[name]
        return Key(column, self._header.titles[column], self._texts(name), required)

    def _texts(self, name: str) -> pa.StringArray:
        size = len(self._rows.index)
        if name not in self._places:
            return pa.nulls(size, pa.string())
        return taken(self._grid.columns[self._places[name]], self._rows.index)

    def _cell(self, row: int) -> dict[str, object]:
        place = self._grid.place(row, self._places["entity"])
        return {"sheet": place.sheet or None, "cell": place.cell}
