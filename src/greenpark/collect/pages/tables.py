"""The figures of a table: each cell read with its row, its column and the caption."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from greenpark.collect.pages.amounts import amounts_in
from greenpark.collect.pages.grids import Grid, is_value, is_year
from greenpark.collect.pages.lexicon import Lexicon, Quantity
from greenpark.collect.pages.numerals import NUMBER, read_number
from greenpark.collect.pages.periods import PeriodReader
from greenpark.collect.pages.scopes import Topic
from greenpark.collect.pages.subjects import fits
from greenpark.model.pages import FigureKind, PageFigure
from greenpark.model.time import Period

_SOUND = re.compile(
    rf"^(?P<about>约|近|~|≈|>|<)?\s?(?P<sign>[-+])?(?P<number>{NUMBER})\s?"
    r"(?P<unit>[^\d\s~\-–—/.,][^*①②③\[]*?)?\s?(?:[*①②③]|\[\d\])?$"
)
_BRACKET = re.compile(r"[(（\[]([^()（）\[\]]+)[)）\]]")
_BEHIND_MARK = re.compile(r"[/,，:：]\s*([^/,，:：()（）]+(?:/[^/,，:：()（）]+)?)$")
_CHANGE = re.compile(r"增长|增速|增幅|同比|环比|降幅|变化|growth|change|year[- ]on[- ]year|yoy", re.IGNORECASE)
_FALL = re.compile(r"降幅|下降|减少|decrease|decline|reduction", re.IGNORECASE)
_SHARE = re.compile(r"占比|比重|占全国|占全|份额|share", re.IGNORECASE)
_TARGET = re.compile(r"目标|规划值|计划值|target|planned", re.IGNORECASE)
_LIMIT = re.compile(r"限值|基准值|标杆值|门槛|准入|标准值|threshold|limit|benchmark", re.IGNORECASE)


@dataclass(frozen=True)
class _Label:
    """What a caption, column head or row label says."""

    text: str
    quantity: Quantity | None
    unit: str
    period: Period | None
    scope: tuple[str, str] | None
    part: str | None


@dataclass(frozen=True)
class TableReading:
    """The figures of a table, and cells that could not be read: (cell, where) pairs by reason."""

    figures: list[PageFigure]
    damaged: list[tuple[str, str]]
    unplaced: list[tuple[str, str]]
    unnamed: list[tuple[str, str]]


class TableReader:
    """Reads the tables of one page."""

    def __init__(self, lexicon: Lexicon, page_year: int | None) -> None:
        self._lexicon = lexicon
        self._periods = PeriodReader(lexicon)
        self._page_year = page_year

    def read(self, grid: Grid, topic: Topic | None) -> TableReading:
        """The figures of ``grid``, row by row; ``topic`` is what the page is about above it."""
        reading = TableReading([], [], [], [])
        caption = self._caption(grid, topic)
        columns = _with_quantities_of_changes(
            [self._label(" ".join(_distinct(row[at] for row in grid.header))) for at in range(len(grid.rows[0]))]
        )
        for row in grid.rows:
            self._read_row(row, columns, caption, reading)
        for row in grid.ragged:
            reading.unplaced.append((" | ".join(row), " ".join(grid.caption)))
        return reading

    def _caption(self, grid: Grid, topic: Topic | None) -> _Label:
        text = " ".join(grid.caption)
        label = self._label(text)
        unit = next((found for line in grid.caption if (found := self._unit_line(line))), label.unit)
        scope = label.scope or ((topic.id, topic.kind) if topic else None)
        return replace(label, unit=unit, scope=scope)

    def _unit_line(self, line: str) -> str:
        """The unit in lines like 单位:亿元."""
        words = "|".join(map(re.escape, self._lexicon.cues.table_units))
        found = re.search(rf"(?:{words})\s*[:：]?\s*([^\s()（）,，;；]+)", line, re.IGNORECASE)
        return found[1] if found and self._lexicon.family_of(found[1]) else ""

    def _label(self, text: str) -> _Label:
        quantities = self._lexicon.quantities_in(text)
        periods = [
            one.period
            for one in self._periods.periods_in(text, None, self._page_year)
            if one.period and one.role != "baseline"
        ]
        scopes = [one for one in self._lexicon.scopes_in(text) if not one.part]
        parts = [one.id for one in self._lexicon.scopes_in(text) if one.part]
        period = periods[0] if len(periods) == 1 else None
        if period is None and is_year(text):
            period = Period.year(int(text.strip()[:4]))
        return _Label(
            text.strip(),
            quantities[-1].quantity if quantities else None,
            self._unit_in(text),
            period,
            (scopes[-1].id, str(scopes[-1].kind)) if scopes else None,
            parts[-1] if parts else None,
        )

    def _unit_in(self, text: str) -> str:
        """The unit that a label names: in brackets, behind a stroke or comma, or alone."""
        candidates: list[str] = [text.strip(), *(found.strip() for found in _BRACKET.findall(text)[::-1])]
        if behind := _BEHIND_MARK.search(text):
            candidates.append(behind[1].strip())
        for one in (written.split(":")[-1].strip() for written in candidates):
            if self._lexicon.family_of(one) or one in self._lexicon.vocabulary.scales:
                return one
        return ""

    def _read_row(self, row: tuple[str, ...], columns: list[_Label], caption: _Label, reading: TableReading) -> None:
        labels = [self._label(cell) for cell, column in zip(row, columns, strict=True) if self._is_label(cell, column)]
        named = self._row_name(row, columns)
        for cell, column in zip(row, columns, strict=True):
            if not is_value(cell) or self._numbers_rows(column):
                continue
            self._read_cell(cell, labels, column, caption, named, reading)

    def _is_label(self, cell: str, column: _Label) -> bool:
        absent = cell.strip() in self._lexicon.cues.table_absent
        return not absent and (not is_value(cell) or self._numbers_rows(column))

    def _numbers_rows(self, column: _Label) -> bool:
        """Whether a column holds ranks, codes or years, not figures."""
        return column.text.strip().lower() in {word.lower() for word in self._lexicon.cues.table_numbers}

    def _row_name(self, row: tuple[str, ...], columns: list[_Label]) -> str | None:
        """The name in a column headed 园区, name or the like: the scope of the row."""
        heads = {word.lower() for word in self._lexicon.cues.table_names}
        for cell, column in zip(row, columns, strict=True):
            names = column.text.lower() in heads or column.text in self._lexicon.cues.table_units
            if names and cell and not is_value(cell) and not is_year(cell) and not self._lexicon.family_of(cell):
                return cell
        return None

    def _read_cell(
        self, cell: str, labels: list[_Label], column: _Label, caption: _Label, named: str | None, reading: TableReading
    ) -> None:
        where = " | ".join(_distinct([*(one.text for one in labels), column.text]))
        near = [column, *labels]
        found = _SOUND.match(cell.strip())
        if not found:
            self._read_other(cell, near, caption, named, where, reading)
            return
        own = (found["unit"] or "").strip()
        if own and not self._lexicon.family_of(own):
            reading.damaged.append((cell, where))
            return
        value = float(read_number(found["number"])) * (-1 if found["sign"] == "-" else 1)
        figure = self._figure(value, own, bool(found["about"]), near, caption, named, f"{where} | {cell}")
        if figure:
            reading.figures.append(figure)
        else:
            reading.unnamed.append((cell, where))

    def _read_other(
        self, cell: str, near: list[_Label], caption: _Label, named: str | None, where: str, reading: TableReading
    ) -> None:
        """A range gives both its ends; anything else is damaged."""
        ends = re.fullmatch(rf"({NUMBER})\s?[-–—~]\s?({NUMBER})\s?(\D*)", cell.strip())
        unit = ends[3].strip() if ends else ""
        if (
            not ends
            or read_number(ends[1]) >= read_number(ends[2])
            or (unit and not amounts_in(f"1{unit}", self._lexicon, []).found)
        ):
            reading.damaged.append((cell, where))
            return
        for end in (ends[1], ends[2]):
            figure = self._figure(float(read_number(end)), unit, True, near, caption, named, f"{where} | {cell}")
            if figure:
                reading.figures.append(figure)

    def _figure(
        self, value: float, own: str, about: bool, near: list[_Label], caption: _Label, named: str | None, text: str
    ) -> PageFigure | None:
        unit = own or next((one.unit for one in near if one.unit), caption.unit)
        family = self._lexicon.family_of(unit)
        quantity = self._quantity(near, caption, family)
        if quantity is None and not unit:
            return None
        scope = self._scope(near, caption, named)
        labels = " ".join(one.text for one in near)
        period = next((one.period for one in near if one.period), caption.period)
        kind = _kind(labels, caption.text, family, quantity)
        sign = -1 if kind == "growth" and _FALL.search(labels) and value > 0 else 1
        return PageFigure(
            _named_quantity(quantity, kind, scope),
            value * sign,
            _with_denominator(unit, quantity),
            str(period) if period else None,
            _scope_text(scope, near, caption),
            kind,
            about,
            text,
        )

    @staticmethod
    def _quantity(near: list[_Label], caption: _Label, family: str) -> Quantity | None:
        """The quantity of the row or column whose unit fits, else any they name, else that of the caption."""
        named = [one.quantity for one in near if one.quantity]
        fitting = [one for one in named if not family or fits(one, family)]
        relative = family in {"percent", "point", "times"}
        chosen = fitting[:1] or (named[:1] if relative else [])
        if chosen or named:
            return chosen[0] if chosen else None
        return caption.quantity if caption.quantity and (not family or fits(caption.quantity, family)) else None

    @staticmethod
    def _scope(near: list[_Label], caption: _Label, named: str | None) -> tuple[str, str] | None:
        own = next((one.scope for one in near if one.scope), None)
        return own or ((named, "zone") if named else caption.scope)


def _with_quantities_of_changes(columns: list[_Label]) -> list[_Label]:
    """Column heads like 比上年增长 with the quantity of the column to their left."""
    result: list[_Label] = []
    for column in columns:
        left = next((one.quantity for one in reversed(result) if one.quantity), None)
        orphan = column.quantity is None and _CHANGE.search(column.text)
        result.append(replace(column, quantity=left) if orphan else column)
    return result


def _scope_text(scope: tuple[str, str] | None, near: list[_Label], caption: _Label) -> str | None:
    part = next((one.part for one in (*near, caption) if one.part), None)
    if scope is None:
        return part
    return f"{scope[0]} {part}" if part else scope[0]


def _kind(labels: str, caption: str, family: str, quantity: Quantity | None) -> FigureKind:
    relative = family in {"percent", "point", "times"}
    if _TARGET.search(labels) or _TARGET.search(caption):
        return "target"
    if _LIMIT.search(labels) or _LIMIT.search(caption):
        return "threshold"
    if _CHANGE.search(labels) and (relative or not family):
        return "growth"
    if _SHARE.search(labels) or family == "percent":
        return "share"
    if family == "times":
        return "ratio"
    return "count" if quantity and quantity.counted else "actual"


def _named_quantity(quantity: Quantity | None, kind: FigureKind, scope: tuple[str, str] | None) -> str | None:
    if quantity is None:
        return None
    name = quantity.in_zones if quantity.in_zones and scope and scope[1] == "zones" else quantity.id
    if kind == "growth":
        return f"{name}_change" if quantity.intensive or quantity.rate else f"{name}_growth"
    if kind == "share" and not quantity.rate:
        return quantity.share or f"share_of_{quantity.id}"
    return name


def _with_denominator(unit: str, quantity: Quantity | None) -> str:
    return f"{unit}{quantity.denominator}" if unit and quantity and quantity.denominator and "/" not in unit else unit


def _distinct(texts: Iterable[str]) -> list[str]:
    """Texts in order, without empty ones and repeats: a merged head stands in several rows."""
    return list(dict.fromkeys(text for text in texts if text))
