"""CSV tables of packs as plain data: one record per row, with the line and column of everything."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from typing import Any

from greenpark.catalog.yaml_text import YamlMistake
from greenpark.model.fit import Path
from greenpark.model.text import LANGUAGES

TextMistake = YamlMistake
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?$")
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}$")


class _Unreadable(ValueError):
    """A cell that is not what its column holds; the argument says what was expected."""


def _number(text: str) -> float:
    if not _NUMBER.match(text):
        raise _Unreadable("number")
    return float(text)


def _whole(text: str) -> int:
    if not _WHOLE.match(text):
        raise _Unreadable("whole_number")
    return int(text)


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise _Unreadable("true_or_false")
    return text == "true"


def _words(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


READERS: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "number": _number,
    "whole": _whole,
    "flag": _flag,
    "words": _words,
}


class CsvText:
    """A read CSV file: its records, its mistakes, and the line of each path.

    ``columns`` maps a column name to its reader in ``READERS``; ``name_zh`` and ``name_en`` become ``name: {zh, en}``.
    An empty cell is an absent key.
    """

    def __init__(self, text: str, columns: Mapping[str, str], required: tuple[str, ...]) -> None:
        self.mistakes: list[TextMistake] = []
        self.data: list[dict[str, Any]] = []
        self._lines: list[int] = []
        rows = csv.reader(io.StringIO(text, newline=""))
        header = [name.strip() for name in next(rows, [])]
        if self._header_fits(header, columns, required):
            line = rows.line_num + 1
            for cells in rows:
                if any(cell.strip() for cell in cells):
                    self._read_row(line, header, cells, columns)
                line = rows.line_num + 1

    def line(self, path: Path) -> int:
        """The line (from 1) of the record that the path's first step counts."""
        index = path[0] if path else None
        return self._lines[index] if isinstance(index, int) and index < len(self._lines) else 1

    def _note(self, line: int, column: str, message: str, **values: object) -> None:
        self.mistakes.append(TextMistake(line, (column,) if column else (), message, values))

    def _header_fits(self, header: list[str], columns: Mapping[str, str], required: tuple[str, ...]) -> bool:
        for name in dict.fromkeys(header):
            if name not in columns:
                self._note(1, name, "catalog.unknown_column", found=name, options=tuple(columns))
            elif header.count(name) > 1:
                self._note(1, name, "catalog.duplicate_column", found=name)
        for name in required:
            if name not in header:
                self._note(1, name, "catalog.missing_column", name=name)
        return not self.mistakes

    def _read_row(self, line: int, header: list[str], cells: list[str], columns: Mapping[str, str]) -> None:
        if len(cells) != len(header):
            self._note(line, "", "catalog.row_length", expected=len(header), found=len(cells))
            return
        record: dict[str, Any] = {}
        for column, cell in zip(header, cells, strict=True):
            text = cell.strip()
            if not text:
                continue
            try:
                _put(record, column, READERS[columns[column]](text))
            except _Unreadable as error:
                self._note(line, column, "catalog.wrong_cell", expected=str(error), found=text)
        self.data.append(record)
        self._lines.append(line)


def column_of(path: Path) -> str:
    """The column name of a path inside a record: ``name_zh`` for ("name", "zh")."""
    return "_".join(str(step) for step in path if isinstance(step, str))


def _put(record: dict[str, Any], column: str, value: Any) -> None:
    name, _, language = column.rpartition("_")
    if language in LANGUAGES:
        record.setdefault(name, {})[language] = value
    else:
        record[column] = value
