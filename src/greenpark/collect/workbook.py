"""A workbook as grids: values from the fast reader, the rest from the sheet's XML."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal, TypeVar
from xml.parsers import expat

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.collect.admission import MOST_CELLS, FileRefused
from greenpark.collect.grid import Cell, Grid, Marks, trimmed
from greenpark.collect.marks import UnsafeXML, parse, percent_styles, sheet_marks
from greenpark.collect.marks_scan import scanned_marks
from greenpark.collect.text_numbers import PLAIN

Result = TypeVar("Result")

_STYLES = "xl/styles.xml"
# What a damaged archive or part can raise on the way.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    fastexcel.FastExcelError,
    StopIteration,
    KeyError,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
)


@dataclass(frozen=True)
class SheetPart:
    """One sheet of the workbook: its name, its part in the archive, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


class Workbook:
    """The sheets of a workbook, each read when it is asked for.

    Raises
    ------
    FileRefused
        When the archive is no workbook, its XML is broken, or it uses entities.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.sheets = _guarded(lambda: _sheets(path))
        self._percents = _guarded(lambda: _percent_styles(path))

    def grid(self, sheet: SheetPart) -> Grid:
        """The cells of one sheet, anchored at A1."""
        marks = _guarded(lambda: self._marks(sheet))
        width, height = marks.last_column + 1, marks.last_row + 1
        if width * height > MOST_CELLS:
            raise FileRefused("file_unpacks_too_large", size=width * height, limit=MOST_CELLS)
        values = _guarded(lambda: self._values(sheet, marks))
        height = max([height, *map(len, values)])
        columns = [pa.nulls(height, pa.string()) for _ in range(max(marks.first_column, 0))]
        columns += [_of_height(column, height) for column in values]
        columns, height = _with_marked(columns, height, marks)
        return Grid(
            file=self._path.name,
            sheet=sheet.name,
            columns=tuple(trimmed(column) for column in columns),
            height=height,
            marks=marks,
            hidden=sheet.hidden,
        )

    def _marks(self, sheet: SheetPart) -> Marks:
        with zipfile.ZipFile(self._path) as archive:
            with archive.open(sheet.part) as stream:
                if (marks := scanned_marks(stream, self._percents)) is not None:
                    return marks
            with archive.open(sheet.part) as stream:
                return sheet_marks(stream, self._percents)

    def _values(self, sheet: SheetPart, marks: Marks) -> list[pa.StringArray]:
        """The columns from the first one with a value; rows from row 1."""
        if marks.first_column < 0:
            return []
        texts = self._loaded(sheet, "string")
        if texts.num_columns != marks.last_column - marks.first_column + 1:
            raise FileRefused("file_broken", detail=f"{sheet.name}: {texts.num_columns}")
        if not marks.long_numbers:
            return list(texts.columns)
        numbers = self._loaded(sheet, "float")
        return [_exact(text, number) for text, number in zip(texts.columns, numbers.columns, strict=True)]

    def _loaded(self, sheet: SheetPart, kind: Literal["string", "float"]) -> pa.RecordBatch:
        """Every cell of the sheet as text, or as a number where it is one."""
        reader = fastexcel.read_excel(self._path)
        return reader.load_sheet(sheet.name, header_row=None, skip_rows=0, dtypes=kind).to_arrow()


def _exact(texts: pa.StringArray, numbers: pa.DoubleArray) -> pa.StringArray:
    """The texts with every digit of their numbers: the reader rounds a number to nine decimals when it makes a text."""
    plain = pc.match_substring_regex(texts, PLAIN)
    shown = pc.if_else(plain, pc.replace_substring_regex(texts, r"^\+", ""), pa.scalar(None, pa.string()))
    differs = pc.fill_null(pc.not_equal(shown.cast(pa.float64()), numbers), False)
    return pc.if_else(differs, numbers.cast(pa.string()), texts) if pc.any(differs).as_py() else texts


def _guarded(step: Callable[[], Result]) -> Result:
    try:
        return step()
    except UnsafeXML as error:
        raise FileRefused("file_unsafe") from error
    except _BROKEN as error:
        raise FileRefused("file_broken", detail=type(error).__name__) from error


def _sheets(path: Path) -> tuple[SheetPart, ...]:
    with zipfile.ZipFile(path) as archive:
        book = next(target for kind, target in _relations(archive, "").values() if kind == "officeDocument")
        targets = _relations(archive, book)
        found: list[SheetPart] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name.rpartition(":")[2] != "sheet":
                return
            relation = next(text for key, text in attributes.items() if key.endswith(":id"))
            kind, part = targets[relation]
            if kind == "worksheet":
                hidden = attributes.get("state", "visible") != "visible"
                found.append(SheetPart(attributes["name"], part, hidden))

        with archive.open(book) as stream:
            parse(stream, start)
    return tuple(found)


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Kind and target of each relation of a part."""
    folder, name = posixpath.split(part)
    relations: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
            relations[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target)

    with archive.open(posixpath.join(folder, "_rels", f"{name}.rels")) as stream:
        parse(stream, start)
    return relations


def _percent_styles(path: Path) -> frozenset[str]:
    with zipfile.ZipFile(path) as archive:
        if _STYLES not in archive.namelist():
            return frozenset()
        with archive.open(_STYLES) as stream:
            return percent_styles(stream)


def _of_height(column: pa.StringArray, height: int) -> pa.StringArray:
    missing = height - len(column)
    return pa.concat_arrays([column, pa.nulls(missing, pa.string())]) if missing > 0 else column.slice(0, height)


def _with_marked(columns: list[pa.StringArray], height: int, marks: Marks) -> tuple[list[pa.StringArray], int]:
    """The columns with the texts of marked cells put in: errors, formulas, numbers shown as per cent."""
    texts: dict[Cell, str] = {**marks.uncached, **marks.errors}
    width = max([len(columns), *(column + 1 for _, column in texts)])
    height = max([height, *(row + 1 for row, _ in texts)])
    columns = [_of_height(column, height) for column in columns]
    columns += [pa.nulls(height, pa.string()) for _ in range(width - len(columns))]
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), text in texts.items():
        by_column.setdefault(column, {})[row] = text
    for row, column in marks.percents:
        if column < width and row < height and (shown := _shown_percent(columns[column][row].as_py())):
            by_column.setdefault(column, {})[row] = shown
    for column, changes in by_column.items():
        columns[column] = _replaced(columns[column], changes)
    return columns, height


def _replaced(column: pa.StringArray, changes: dict[int, str]) -> pa.StringArray:
    values = column.to_numpy(zero_copy_only=False).astype(object)
    values[list(changes)] = list(changes.values())
    return pa.array(values, pa.string())


def _shown_percent(text: str | None) -> str:
    """What Excel shows for a number formatted as per cent: 0.125 is 12.5%."""
    if text is None:
        return ""
    try:
        number = Decimal(text) * 100
    except InvalidOperation:
        return ""
    return f"{number.normalize():f}%" if number.is_finite() else ""
