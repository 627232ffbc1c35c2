"""The marks of a sheet from its bytes, for the plain XML that spreadsheet programs write.

The parser of ``marks`` understands every XML and calls Python for each cell; this scan asks the same of whole pieces
of text at once. It gives up, and the parser is used, where the text is not of the plain kind: other quotes or
prefixes, comments, character data sections, document types, cells that do not say where they are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from greenpark.collect.grid import Block, Cell, Marks, column_of
from greenpark.collect.marks import block_of, cell_of

_CHUNK = 1 << 22
_ROW_END = b"</row>"
_NOT_PLAIN = (b"<!", b"='", b"= ", b"<c>", b"<row>")
_PLACED = ((b'<c r="', b"<c "), (b'<row r="', b"<row "), (b"<v />", b"<v "))
_PLAIN_START = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml [^>]*?\?>\s*)?<worksheet[ >]")
_OTHER_ENCODING = re.compile(rb"<\?xml [^>]*encoding=\"(?!utf-8\")", re.IGNORECASE)
_VALUED = re.compile(rb'<c r="([A-Z]+)\d+"(?:[^>]*[^/])?><(?:v>[^<]|is[ >])')
_FORMULA = rb'<c r="([A-Z]+)(\d+)"([^>]*)>(?:<f[^>]*/>|<f(?:>| [^>]*[^/]>)([^<]*)</f>)'
_WITH_VALUE = re.compile(_FORMULA + rb"<v>[^<]")
_WITHOUT_VALUE = re.compile(_FORMULA + rb"(?:<v ?/>|<v></v>)?</c>")
_ERROR = re.compile(rb'<c r="([A-Z]+\d+)"[^>]* t="e"[^>]*>(.*?)</c>', re.DOTALL)
_ERROR_VALUE = re.compile(rb"<v>([^<]*)</v>")
_TEXT = re.compile(rb'<c r="([A-Z]+)\d+"[^>]* t="str"(?:[^>]*[^/])?>(?!</c>)')
_HIDDEN_ROW = re.compile(rb'<row (?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"')
_HIDDEN_COLUMN = re.compile(rb'<col (?=[^>]*\bhidden="(?:1|true)")[^>]*>')
_MERGE = re.compile(rb'<mergeCell ref="(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)"')
_LONG_NUMBER = re.compile(rb"\.\d{10}")
_REFERENCE = re.compile(rb'<c r="[A-Z]+(\d+)"')


class _NotPlain(Exception):
    """The text is not of the plain kind."""


def scanned_marks(stream: IO[bytes], percent_styles: frozenset[str]) -> Marks | None:
    """The marks of one sheet; None where only the parser can tell."""
    scan = _Scan(percent_styles)
    try:
        for piece in _pieces(stream):
            scan.read(piece)
    except _NotPlain:
        return None
    return scan.marks()


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The text in pieces that end with a row."""
    rest = stream.read(_CHUNK)
    if not _PLAIN_START.match(rest) or _OTHER_ENCODING.search(rest[:200]):
        raise _NotPlain
    while chunk := stream.read(_CHUNK):
        whole = rest + chunk
        cut = whole.rfind(_ROW_END)
        if cut < 0:
            rest = whole
            continue
        cut += len(_ROW_END)
        yield whole[:cut]
        rest = whole[cut:]
    yield rest


@dataclass
class _Scan:
    percent_styles: frozenset[str]
    errors: dict[Cell, str] = field(default_factory=dict)
    uncached: dict[Cell, str] = field(default_factory=dict)
    percents: set[Cell] = field(default_factory=set)
    merges: list[Block] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    columns: set[bytes] = field(default_factory=set)
    last_row: int = -1
    long_numbers: bool = False

    def read(self, piece: bytes) -> None:
        """Add what one piece tells."""
        _require_plain(piece)
        self.columns.update(_VALUED.findall(piece))
        if b"<f" in piece:
            self._read_formulas(piece)
        if b' t="e"' in piece:
            self._read_errors(piece)
        if b' t="str"' in piece:
            self.columns.update(_TEXT.findall(piece))
        self.long_numbers = self.long_numbers or _has_long_numbers(piece)
        self._read_last_row(piece)
        self._read_percents(piece)
        if b"hidden=" in piece:
            self.hidden_rows += [int(row) - 1 for row in _HIDDEN_ROW.findall(piece)]
            for found in _HIDDEN_COLUMN.findall(piece):
                self.hidden_columns += range(_attribute(found, b"min") - 1, _attribute(found, b"max"))
        if b"<mergeCell " in piece:
            self._read_merges(piece)

    def marks(self) -> Marks:
        """What was found."""
        columns = [column_of(name.decode()) for name in self.columns]
        return Marks(
            errors=self.errors,
            uncached=self.uncached,
            percents=frozenset(self.percents),
            merges=tuple(sorted(self.merges, key=lambda block: (block.top, block.left))),
            hidden_rows=tuple(self.hidden_rows),
            hidden_columns=tuple(self.hidden_columns),
            first_column=min(columns, default=-1),
            last_column=max(columns, default=-1),
            last_row=self.last_row,
            long_numbers=self.long_numbers,
        )

    def _read_formulas(self, piece: bytes) -> None:
        self.columns.update(found[1] for found in _WITH_VALUE.finditer(piece))
        for found in _WITHOUT_VALUE.finditer(piece):
            if b't="str"' in found[3] or b't="e"' in found[3]:
                continue
            formula = html.unescape((found[4] or b"").decode("utf-8")).strip()
            self.uncached[int(found[2]) - 1, column_of(found[1].decode())] = f"={formula}"

    def _read_errors(self, piece: bytes) -> None:
        for found in _ERROR.finditer(piece):
            if b"<c " in found[2]:  # an empty cell with this type swallowed the next one
                raise _NotPlain
            value = _ERROR_VALUE.search(found[2])
            cell = cell_of(found[1].decode())
            self.errors[cell] = (value[1].decode("utf-8").strip() if value else "") or "#N/A"
            self.columns.add(found[1].rstrip(b"0123456789"))

    def _read_last_row(self, piece: bytes) -> None:
        end = max(piece.rfind(b"<v>"), piece.rfind(b"<is"))
        if end >= 0 and (found := _REFERENCE.match(piece, piece.rfind(b"<c ", 0, end))):
            self.last_row = int(found[1]) - 1

    def _read_percents(self, piece: bytes) -> None:
        if not self.percent_styles:
            return
        styles = "|".join(sorted(self.percent_styles)).encode()
        pattern = re.compile(rb'<c r="([A-Z]+\d+)"(?=[^>]* s="(?:' + styles + rb')")(?![^>]* t="[^n])[^>]*>')
        self.percents.update(cell_of(reference.decode()) for reference in pattern.findall(piece))

    def _read_merges(self, piece: bytes) -> None:
        found = _MERGE.findall(piece)
        if len(found) != piece.count(b"<mergeCell "):
            raise _NotPlain
        self.merges += [block_of(reference.decode()) for reference in found]


def _require_plain(piece: bytes) -> None:
    """Every cell and row says where it is, in the usual quotes, and nothing is hidden from a scan."""
    if any(sign in piece for sign in _NOT_PLAIN):
        raise _NotPlain
    for placed, tag in _PLACED:
        if piece.count(placed) != piece.count(tag):
            raise _NotPlain


def _has_long_numbers(piece: bytes) -> bool:
    """Whether a number has more than nine decimals or a negative exponent; a text like one counts too."""
    return b"E-" in piece or b"e-" in piece or _LONG_NUMBER.search(piece) is not None


def _attribute(tag: bytes, name: bytes) -> int:
    found = re.search(rb"\b" + name + rb'="(\d+)"', tag)
    if not found:
        raise _NotPlain
    return int(found[1])
