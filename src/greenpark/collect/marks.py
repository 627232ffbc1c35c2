"""One streaming pass over a sheet's XML: errors, formulas without result, merges, hidden rows, per cent formats.

The fast reader of values turns error cells and formulas without a stored result into empty cells without a word; this
pass brings them back. Entities and document types are refused: no workbook needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from greenpark.collect.grid import Block, Cell, Marks, column_of, letters

_CHUNK = 1 << 18
_DIGITS = "0123456789"
_RANGE = re.compile(r"^\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?$")
_TRUE = ("1", "true")
_PERCENT_IDS = frozenset({9, 10})  # built-in formats 0% and 0.00%


class UnsafeXML(ValueError):
    """XML with a document type or entities: refused."""


def parse(stream: IO[bytes], start: Callable[[str, dict[str, str]], None]) -> None:
    """Feed a stream to ``start(name, attributes)``.

    Raises
    ------
    UnsafeXML
        For a document type or an entity.
    xml.parsers.expat.ExpatError
        For XML that is broken.
    """
    _feed(expat.ParserCreate(), stream, start)


def _feed(parser: expat.XMLParserType, stream: IO[bytes], start: Callable[[str, dict[str, str]], None]) -> None:
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = start
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _refuse(*_: object) -> None:
    raise UnsafeXML


def sheet_marks(stream: IO[bytes], percent_styles: frozenset[str]) -> Marks:
    """The marks of one sheet."""
    reader = _SheetReader(percent_styles)
    _feed(reader.parser, stream, reader.start)
    reader.close_cell()
    return reader.marks()


def percent_styles(stream: IO[bytes]) -> frozenset[str]:
    """The style numbers (as written in cells) whose number format shows per cent."""
    formats: set[int] = set(_PERCENT_IDS)
    styles: list[int] = []
    inside = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        name = name.rpartition(":")[2]
        if name in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside = name
        elif name == "numFmt" and "%" in attributes.get("formatCode", ""):
            formats.add(int(attributes["numFmtId"]))
        elif name == "xf" and inside == "cellXfs":
            styles.append(int(attributes.get("numFmtId", "0")))

    parse(stream, start)
    return frozenset(str(index) for index, form in enumerate(styles) if form in formats)


class _SheetReader:
    """Collects the marks while the XML streams by. Cells come by the million: ``start`` does as little as it can."""

    def __init__(self, percent_styles: frozenset[str]) -> None:
        self.parser = expat.ParserCreate()
        self._percent_styles = percent_styles
        self._errors: dict[Cell, str] = {}
        self._uncached: dict[Cell, str] = {}
        self._percents: set[Cell] = set()
        self._merges: list[Block] = []
        self._hidden_rows: list[int] = []
        self._hidden_columns: list[int] = []
        self._columns: set[str] = set()
        self._row = -1
        self._last_row = -1
        self._reference = ""
        self._kind: str | None = None
        self._formula = False
        self._has_value = False
        self._text = ""
        self._formula_text = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """One opening tag."""
        if name == "c":
            if self._formula or self._kind == "e":
                self.close_cell()
            self._reference = attributes.get("r") or self._next_reference()
            self._kind = attributes.get("t")
            if self._kind == "e":
                self._listen()
            if attributes.get("s") in self._percent_styles and self._kind in (None, "n"):
                self._percents.add(cell_of(self._reference))
        elif name in ("v", "is"):
            if self._formula or self._kind == "e":
                self._has_value = True
                self._formula_text, self._text = self._text, ""
            else:
                self._columns.add(self._reference.rstrip(_DIGITS))
                self._last_row = self._row
        elif name == "f":
            self._formula = True
            self._listen()
        else:
            self._other(name, attributes)

    def _other(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.close_cell()
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._reference = ""
            if attributes.get("hidden") in _TRUE:
                self._hidden_rows.append(self._row)
        elif name == "mergeCell":
            self._merges.append(block_of(attributes.get("ref", "")))
        elif name == "col" and attributes.get("hidden") in _TRUE:
            self._hidden_columns.extend(range(int(attributes["min"]) - 1, int(attributes["max"])))
        elif ":" in name:
            self.start(name.rpartition(":")[2], attributes)

    def close_cell(self) -> None:
        """Decide on a cell with an error or a formula, once the next one begins."""
        if not (self._formula or self._kind == "e"):
            return
        value = self._text.strip() if self._has_value else ""
        if self._kind == "e":
            self._errors[cell_of(self._reference)] = value or "#N/A"
        elif not value and self._kind != "str":
            formula = self._formula_text if self._has_value else self._text
            self._uncached[cell_of(self._reference)] = f"={formula.strip()}"
        if value or self._kind in ("e", "str"):
            self._columns.add(self._reference.rstrip(_DIGITS))
            self._last_row = self._row
        self._formula = self._has_value = False
        self._kind = None
        self.parser.CharacterDataHandler = None

    def marks(self) -> Marks:
        """What was found."""
        columns = [column_of(name) for name in self._columns]
        return Marks(
            errors=self._errors,
            uncached=self._uncached,
            percents=frozenset(self._percents),
            merges=tuple(sorted(self._merges, key=lambda block: (block.top, block.left))),
            hidden_rows=tuple(self._hidden_rows),
            hidden_columns=tuple(self._hidden_columns),
            first_column=min(columns, default=-1),
            last_column=max(columns, default=-1),
            last_row=self._last_row,
        )

    def _listen(self) -> None:
        self._text = ""
        self.parser.CharacterDataHandler = self._hear

    def _hear(self, text: str) -> None:
        self._text += text

    def _next_reference(self) -> str:
        """Where a cell stands that does not say so: right of the one before it."""
        before = column_of(self._reference.rstrip(_DIGITS)) if self._reference else -1
        return f"{letters(before + 1)}{self._row + 1}"


def cell_of(reference: str) -> Cell:
    """Row and column of a reference like D7."""
    name = reference.rstrip(_DIGITS)
    return int(reference[len(name) :]) - 1, column_of(name)


def block_of(reference: str) -> Block:
    """The range of a reference like B2:C5.

    Raises
    ------
    ValueError
        When it is none.
    """
    found = _RANGE.match(reference)
    if not found:
        raise ValueError(reference)
    left, top = column_of(found[1]), int(found[2]) - 1
    if not found[3]:
        return Block(top, left, top, left)
    return Block(top, left, int(found[4]) - 1, column_of(found[3]))
