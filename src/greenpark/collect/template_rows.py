"""What a template is filled with beforehand: registered units, rows of last year with their values, lists of items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import pyarrow as pa

from greenpark.collect.context import CARRIER_UNIT
from greenpark.collect.lookups import label
from greenpark.engine.units import Units
from greenpark.model.forms import CodeList, Form, FormColumn, FormSheet
from greenpark.model.knowledge import Area, Carrier, Quantity
from greenpark.model.text import Messages
from greenpark.model.time import Period

Cell = str | float | date | None
_KEYS = ("entity", "counterparty", "carrier", "quantity", "start", "end")


@dataclass(frozen=True)
class TemplateContext:
    """Definitions for a template, and what it is filled with.

    ``entities`` and ``last_year`` are tables like ``entities`` and ``observations``; ``year`` is the year to report.
    """

    messages: Messages
    quantities: Mapping[str, Quantity]
    carriers: Mapping[str, Carrier]
    units: Units
    areas: Mapping[str, Area] = field(default_factory=dict)
    entities: pa.Table | None = None
    last_year: pa.Table | None = None
    year: int | None = None


@dataclass(frozen=True)
class Prefilled:
    """One row of a template: texts by column id, and last year's values by column id."""

    cells: dict[str, Cell]
    last: dict[str, float]


def prefilled_rows(sheet: FormSheet, form: Form, context: TemplateContext) -> list[Prefilled]:
    """The rows of a sheet in their order; none when nothing is known."""
    if sheet.rows == "entities":
        return _entity_rows(sheet, form, context)
    if sheet.rows == "measures":
        return []
    last = _last_year(sheet, context)
    if sheet.quantities:
        return _item_rows(sheet, context, last)
    return [_keyed_row(sheet, key, values, context) for key, values in last.items()]


def _entity_rows(sheet: FormSheet, form: Form, context: TemplateContext) -> list[Prefilled]:
    if context.entities is None:
        return []
    lists = {each.id: each for each in form.lists}
    rows = sorted(context.entities.to_pylist(), key=lambda row: (row["kind"] != "zone", row["entity"]))
    return [
        Prefilled({column.id: _attribute(column, row, lists, context) for column in sheet.columns}, {}) for row in rows
    ]


def _attribute(
    column: FormColumn, row: dict[str, Cell], lists: Mapping[str, CodeList], context: TemplateContext
) -> Cell:
    if column.holds == "entity":
        return row["entity"]
    value = row.get(column.attribute) if column.attribute else None
    if column.code_list and value is not None:
        codes = {code.id: code for code in lists[column.code_list].codes}
        code = codes.get(str(value))
        return code_label(column.code_list, code.id, label(code.name)) if code else value
    if column.attribute == "area" and value in context.areas:
        return context.areas[str(value)].name.zh
    return value


def code_label(code_list: str, code: str, name: str) -> str:
    """How a code stands in a drop-down: with its number where people know the number."""
    return f"{code} {name}" if code_list == "industry" else name


def _last_year(sheet: FormSheet, context: TemplateContext) -> dict[tuple[object, ...], dict[str, float]]:
    """Last year's values of a sheet by row key and column id; what adds up is added."""
    if context.last_year is None:
        return {}
    frame = context.last_year.to_pandas()
    frame = frame[frame["value"].notna()]
    found: dict[tuple[object, ...], dict[str, float]] = {}
    for column in (each for each in sheet.columns if each.holds == "value"):
        for key, value in _sums(_rows_of(column, sheet, frame)):
            found.setdefault(key, {})[column.id] = value
    return dict(sorted(found.items(), key=lambda item: tuple(str(part) for part in item[0])))


def _rows_of(column: FormColumn, sheet: FormSheet, frame: pd.DataFrame) -> pd.DataFrame:
    wanted = frame["quantity"] == column.quantity if column.quantity else frame["quantity"].isin(sheet.quantities)
    if column.flow:
        wanted &= frame["flow"] == column.flow
    if sheet.carriers:
        wanted &= frame["carrier"].isin(sheet.carriers)
    return frame[wanted]


def _sums(frame: pd.DataFrame) -> list[tuple[tuple[object, ...], float]]:
    if frame.empty:
        return []
    summed = frame.groupby(list(_KEYS), dropna=False, sort=True)["value"].sum().reset_index()
    keys = zip(*(summed[name].tolist() for name in _KEYS), strict=True)
    known = (tuple(None if pd.isna(part) else part for part in key) for key in keys)
    return list(zip(known, (float(value) for value in summed["value"]), strict=True))


def _keyed_row(
    sheet: FormSheet, key: tuple[object, ...], values: dict[str, float], context: TemplateContext
) -> Prefilled:
    entity, counterparty, carrier, quantity, start, end = key
    cells: dict[str, Cell] = {}
    for column in sheet.columns:
        if column.holds in ("entity", "counterparty"):
            cells[column.id] = _entity_name(entity if column.holds == "entity" else counterparty, context)
        elif column.holds == "reference":
            cells[column.id] = str(counterparty or "")
        elif column.holds == "carrier" and carrier in context.carriers:
            cells[column.id] = label(context.carriers[str(carrier)].name)
        elif column.holds == "period" and isinstance(start, date) and isinstance(end, date):
            cells[column.id] = str(Period(start, end).shifted(1))
        elif column.holds == "unit":
            cells[column.id] = stored_unit(str(quantity), str(carrier), context)
    return Prefilled(cells, values)


def _item_rows(
    sheet: FormSheet, context: TemplateContext, last: dict[tuple[object, ...], dict[str, float]]
) -> list[Prefilled]:
    """One row for each quantity of the sheet, for the park when it is known."""
    zones = _zones(context)
    rows = []
    for quantity in sheet.quantities:
        known = {key[0]: values for key, values in last.items() if key[3] == quantity}
        stated: list[str | None] = [*sorted(str(each) for each in known)] or [*zones[:1]] or [None]
        for entity in stated:
            cells: dict[str, Cell] = {}
            for column in sheet.columns:
                if column.holds == "entity":
                    cells[column.id] = _entity_name(entity, context)
                elif column.holds == "quantity" and quantity in context.quantities:
                    cells[column.id] = label(context.quantities[quantity].name)
                elif column.holds == "unit":
                    cells[column.id] = stored_unit(quantity, "", context)
                elif column.holds == "period" and context.year:
                    cells[column.id] = str(context.year)
            rows.append(Prefilled(cells, known.get(entity, {})))
    return rows


def _zones(context: TemplateContext) -> list[str]:
    rows = context.entities.to_pylist() if context.entities is not None else []
    return sorted(row["entity"] for row in rows if row["kind"] == "zone")


def _entity_name(entity: object, context: TemplateContext) -> Cell:
    if entity is None or context.entities is None:
        return str(entity) if entity is not None else None
    names = dict(zip(context.entities["entity"].to_pylist(), context.entities["name"].to_pylist(), strict=True))
    name = names.get(entity)
    twice = list(names.values()).count(name) > 1
    return str(name if name and not twice else entity)


def stored_unit(quantity: str, carrier: str, context: TemplateContext) -> str:
    """The unit in which a value is stored; empty when it is the carrier's and none is named."""
    known = context.quantities.get(quantity)
    if known is None or known.unit == CARRIER_UNIT:
        return context.carriers[carrier].unit if carrier in context.carriers else ""
    return known.unit


def provinces(areas: Mapping[str, Area], nations: tuple[str, ...]) -> list[str]:
    """The names of the provinces of these nations; of all when none is named."""

    def nation(area: Area) -> str:
        while area.kind != "nation" and area.parent in areas:
            area = areas[area.parent]
        return area.id

    known = [area for area in areas.values() if area.kind == "province"]
    return [area.name.zh for area in known if not nations or nation(area) in nations]
