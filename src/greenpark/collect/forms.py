"""Read a workbook or text file of a greenpark form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from greenpark.collect.admission import FileRefused, admit
from greenpark.collect.collected import CellCount, Collected, no_entities
from greenpark.collect.context import Context
from greenpark.collect.cover import is_cover
from greenpark.collect.delimited import read_delimited
from greenpark.collect.docket import Docket
from greenpark.collect.entity_rows import Registered, read_entities
from greenpark.collect.form_rows import ReadSheet, read_observations
from greenpark.collect.give_back import Layout, give_back
from greenpark.collect.grid import Grid
from greenpark.collect.headers import Header, find_header
from greenpark.collect.lookups import Lookups, label, lookups_for
from greenpark.collect.measure_rows import MeasureReader
from greenpark.collect.names import folded
from greenpark.collect.observe import numbered, remark_repeats
from greenpark.collect.remarks import remark_header
from greenpark.collect.workbook import SheetPart, Workbook
from greenpark.model.forms import Form, FormSheet

LISTS_SHEET = "_lists"
GUIDE_SHEET = "说明 Guide"
SHEET_NAME_LENGTH = 31


@dataclass(frozen=True)
class _Found:
    """A sheet of the form with the grid and the header in which it was found."""

    sheet: FormSheet
    grid: Grid
    header: Header


def collect_form(path: Path, form: Form, sheet: str, context: Context) -> Collected:
    """The observations and units of a filled form.

    Parameters
    ----------
    path
        A workbook (all its sheets are read) or a text file of one sheet.
    sheet
        The id of the one sheet to read; empty: all of a workbook, or for a text file the one whose columns fit best.

    Returns
    -------
    Collected
        Every non-empty data cell is exactly one of accepted, rejected and declared absent. A file that cannot be
        opened gives no cells and one finding.
    """
    docket = Docket(path.name)
    try:
        found = _find_sheets(path, form, sheet, context, docket)
    except FileRefused as refusal:
        docket.refuse_file(refusal)
        found = []
    lookups = lookups_for(form, context)
    registered = [_register(each, lookups, docket) for each in found if each.sheet.rows == "entities"]
    known = [each.table for each, _ in registered] + ([context.entities] if context.entities is not None else [])
    lookups = lookups.with_entities(known)
    read = [_read(each, lookups, context, docket) for each in found if each.sheet.rows == "observations"]
    remark_repeats([each.observed for each in read], context, docket)
    ledgers = [each for each in found if each.sheet.rows == "measures"]
    readers = [MeasureReader(each.grid, each.header, each.sheet, lookups.lists, docket) for each in ledgers]
    measures = tuple(row for reader in readers for row in reader.read())
    collected = _collected(registered, read, [_layout(each) for each in ledgers], docket)
    counts = [collected.cells, *(reader.count() for reader in readers)]
    return replace(collected, measures=measures, cells=sum(counts, CellCount()))


def _collected(
    registered: list[tuple[Registered, Layout]], read: list[ReadSheet], ledgers: list[Layout], docket: Docket
) -> Collected:
    layouts = [layout for _, layout in registered] + [each.layout for each in read] + ledgers
    tables = [each.table for each, _ in registered]
    counts = [each.count for each, _ in registered] + [each.count for each in read]
    rejected = docket.rejected
    return Collected(
        observations=numbered([each.observed for each in read]),
        entities=pa.concat_tables(tables) if tables else no_entities(),
        findings=docket.findings,
        rejected=rejected,
        cells=sum(counts, CellCount()),
        rejected_rows=give_back(layouts, rejected),
    )


def _find_sheets(path: Path, form: Form, sheet: str, context: Context, docket: Docket) -> list[_Found]:
    """The sheets of the form that the file holds, in the order of the form."""
    if admit(path) == "text":
        grid, encoding = read_delimited(path)
        if encoding == "gb18030":
            docket.enter("encoding_gb18030", grid, 0, 0)
        wanted = [each for each in form.sheets if not sheet or each.id == sheet]
        return list(_best(grid, wanted, context, docket))
    workbook = Workbook(path)
    parts = {each.id: part for each in form.sheets if (part := _part_of(each, workbook.sheets))}
    if not sheet:
        _remark_sheets(workbook, form, parts, docket)
    asked = [each for each in form.sheets if each.id in parts and sheet in ("", each.id)]
    if sheet and not asked:
        raise FileRefused("sheet_missing", sheet=sheet)
    found = []
    for each in asked:
        try:
            found += list(_best(workbook.grid(parts[each.id]), [each], context, docket))
        except FileRefused as refusal:
            docket.refuse_file(refusal, parts[each.id].name)
    return found


def sheet_name(sheet: FormSheet) -> str:
    """The name of a form's sheet in a workbook."""
    return label(sheet.title)[:SHEET_NAME_LENGTH].strip()


def _part_of(sheet: FormSheet, parts: tuple[SheetPart, ...]) -> SheetPart | None:
    names = {folded(text) for text in (sheet_name(sheet), sheet.title.zh, sheet.title.en, sheet.id)}
    return next((part for part in parts if folded(part.name) in names), None)


def _remark_sheets(workbook: Workbook, form: Form, parts: dict[str, SheetPart], docket: Docket) -> None:
    used = {part.name for part in parts.values()}
    unknown = [part for part in workbook.sheets if part.name not in used | {LISTS_SHEET, GUIDE_SHEET}]
    for part in (each for each in unknown if not is_cover(each.name)):
        docket.enter("sheet_unknown", Grid(docket.file, part.name, (), 0), sheet=part.name)
    absent = [sheet.title.zh for sheet in form.sheets if sheet.id not in parts]
    if not parts:
        raise FileRefused("no_sheet_of_form", sheets="、".join(sheet.title.zh for sheet in form.sheets))
    if absent:
        docket.enter("sheet_absent", sheets="、".join(absent))


def _best(grid: Grid, sheets: list[FormSheet], context: Context, docket: Docket) -> Iterator[_Found]:
    """The sheet whose columns the grid names most of; none when no header is found."""
    headers = [(sheet, find_header(grid, _spellings(sheet), context.units.find)) for sheet in sheets]
    found = [(sheet, header) for sheet, header in headers if header is not None]
    if not found:
        if grid.height:
            titles = "、".join(column.title.zh for column in sheets[0].columns if column.required) if sheets else ""
            docket.enter("header_not_found", grid, 0, 0, titles=titles)
        return
    sheet, header = max(found, key=lambda pair: len(pair[1].columns))
    remark_header(grid, sheet, header, docket)
    yield _Found(sheet, grid, header)


def _spellings(sheet: FormSheet) -> dict[str, tuple[str, ...]]:
    return {
        column.id: (label(column.title), column.title.zh, column.title.en, column.id, *column.synonyms)
        for column in sheet.columns
    }


def _register(found: _Found, lookups: Lookups, docket: Docket) -> tuple[Registered, Layout]:
    registered = read_entities(found.grid, found.header, found.sheet, lookups.lists, lookups.areas, docket)
    return registered, _layout(found)


def _layout(found: _Found) -> Layout:
    """How the rows of a sheet are given back."""
    titles = {column: found.header.titles[column] for column in found.header.columns}
    return Layout(found.grid, found.sheet.id, titles, frozenset())


def _read(found: _Found, lookups: Lookups, context: Context, docket: Docket) -> ReadSheet:
    return read_observations(found.grid, found.header, found.sheet, lookups, context, docket)
