"""A text file of rows as a grid: its encoding and its separator are found, not asked for."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import numpy as np
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


def read_delimited(path: Path) -> tuple[Grid, str]:
    """The file as a grid, and the name of its encoding.

    UTF-8, UTF-8 and UTF-16 with their marks, else GB18030; separated by comma, semicolon, tab or bar.

    Raises
    ------
    FileRefused
        When it is none of these encodings, or holds no rows.
    """
    text, encoding = _decoded(path.read_bytes())
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        numbered = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise FileRefused("file_broken", detail=type(error).__name__) from error
    if not any(row for _, row in numbered):
        raise FileRefused("file_empty")
    # A row that spans several lines is named by its first one.
    ends = np.array([line for line, _ in numbered], dtype=np.int64)
    starts = np.concatenate(([1], ends[:-1] + 1))
    return _grid(path.name, [row for _, row in numbered], starts), encoding


def _grid(file: str, rows: list[list[str]], lines: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Grid:
    width = max(map(len, rows))
    if width * len(rows) > MOST_CELLS:
        raise FileRefused("file_unpacks_too_large", size=width * len(rows), limit=MOST_CELLS)
    frame = pd.DataFrame(rows, dtype=object)
    columns = tuple(trimmed(pa.array(frame[name], pa.string(), from_pandas=True)) for name in frame.columns)
    return Grid(file=file, sheet="", columns=columns, height=len(rows), lines=lines)


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
