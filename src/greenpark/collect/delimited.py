"""A text file of rows as a grid: its encoding and its separator are found, not asked for."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from greenpark.collect.admission import MOST_CELLS, FileRefused
from greenpark.collect.grid import Grid, trimmed

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ",;\t|"
_SAMPLE_LINES = 50
_FIELD_LIMIT = 1 << 24
# So many separators in a field before its line break are the rest of a row, when they make it as wide as the others.
_FEWEST_SWALLOWED = 2
_Lines = npt.NDArray[np.int64]


def read_delimited(path: Path) -> tuple[Grid, str]:
    """The file as a grid, and the name of its encoding.

    UTF-8, UTF-8 and UTF-16 with their marks, else GB18030; separated by comma, semicolon, tab or bar.

    Raises
    ------
    FileRefused
        When it is none of these encodings, holds no rows, or has a quotation mark that is not closed.
    """
    text, encoding = _decoded(path.read_bytes())
    csv.field_size_limit(_FIELD_LIMIT)
    separator = _separator(text)
    numbered = _numbered_rows(text, separator)
    if not any(row for _, row in numbered):
        raise FileRefused("file_empty")
    # A row that spans several lines is named by its first one.
    ends = np.array([line for line, _ in numbered], dtype=np.int64)
    starts = np.concatenate(([1], ends[:-1] + 1))
    rows = [row for _, row in numbered]
    _refuse_swallowed(rows, starts, separator)
    return _grid(path.name, rows, starts, separator), encoding


def _numbered_rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Each row with the line on which it ends; a quotation mark without its fellow would swallow rows unseen."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    numbered: list[tuple[int, list[str]]] = []
    try:
        numbered.extend((reader.line_num, row) for row in reader)
    except csv.Error as error:
        line = numbered[-1][0] + 1 if numbered else 1
        raise FileRefused("quote_open", line=line) from error
    return numbered


def _refuse_swallowed(rows: list[list[str]], lines: _Lines, separator: str) -> None:
    """Refuse a file in which two stray quotation marks made one field of the end of a row and the next one's beginning."""
    widths = [len(row) for row in rows]
    usual = max(sorted(set(widths)), key=widths.count)
    for row, line in zip(rows, lines, strict=True):
        for place, field in enumerate(row):
            inside = field.partition("\n")[0].count(separator) if "\n" in field else 0
            if inside >= _FEWEST_SWALLOWED and place + inside == usual - 1:
                raise FileRefused("quote_open", line=int(line))


def _grid(file: str, rows: list[list[str]], lines: _Lines, separator: str) -> Grid:
    width = max(map(len, rows))
    if width * len(rows) > MOST_CELLS:
        raise FileRefused("file_unpacks_too_large", size=width * len(rows), limit=MOST_CELLS)
    frame = pd.DataFrame(rows, dtype=object)
    columns = tuple(trimmed(pa.array(frame[name], pa.string(), from_pandas=True)) for name in frame.columns)
    fields = np.array([len(row) for row in rows], dtype=np.int64)
    return Grid(file=file, sheet="", columns=columns, height=len(rows), lines=lines, separator=separator, fields=fields)


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strictly(content, "gb18030"), "gb18030"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefused("file_encoding", position=error.start) from error
    return text


def _separator(text: str) -> str:
    """The sign that cuts the first lines into the most columns evenly; a comma when none does."""
    lines = [line for line in text[: 1 << 16].splitlines() if line.strip()][:_SAMPLE_LINES]

    def weight(sign: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=sign)]
        common = max(sorted(set(counts)), key=counts.count, default=1)
        return (counts.count(common) if common > 1 else 0, common)

    return max(_SEPARATORS, key=weight)
