"""The cover of a filled form: who filled it in, checked it and answers for it, when, and in which version of the form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from greenpark.collect.admission import FileRefused, admit
from greenpark.collect.docket import Docket
from greenpark.collect.entity_rows import read_date
from greenpark.collect.grid import Grid
from greenpark.collect.lookups import label
from greenpark.collect.names import folded
from greenpark.collect.periods import read_period
from greenpark.collect.workbook import Workbook
from greenpark.model.findings import Finding
from greenpark.model.forms import CoverField, Form

COVER_SHEET = "封面 Cover"
_NAMES = ("封面", "cover", COVER_SHEET)
_COLON = re.compile(r"[:：]")
_SERIAL = re.compile(r"^\d{5}(\.0+)?$")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Signatures:
    """What stands on the cover; empty where nothing is written.

    ``form_version`` is like ``park_annual@1``; ``signed_on`` is None where no day is written or what is written is no
    day, which is then one of ``findings``.
    """

    entity: str = ""
    entity_name: str = ""
    period: str = ""
    filled_by: str = ""
    checked_by: str = ""
    responsible: str = ""
    signed_on: date | None = None
    contact: str = ""
    form_version: str = ""
    findings: tuple[Finding, ...] = field(default=())


def read_signatures(path: Path, form: Form) -> Signatures:
    """What stands on the cover of a filled workbook; empty for a text file or a workbook without a cover.

    A title is found by any of its spellings, alone in a cell with the answer on its right, or before a colon.
    """
    docket = Docket(path.name)
    try:
        grid = _cover(path)
    except FileRefused:  # reading the form itself says why
        grid = None
    if grid is None:
        return Signatures()
    texts = _texts(grid, form)
    written = {name: text for name, (text, _, _) in texts.items() if name != "signed_on"}
    version = _version(grid, form)
    if version and version != form.version:
        docket.enter("cover_version", grid, 0, 0, found=version, expected=form.version)
    return Signatures(
        **written, signed_on=_day(grid, form, texts, docket), form_version=version, findings=docket.findings
    )


def is_cover(sheet: str) -> bool:
    """Whether a sheet of this name is the cover."""
    return folded(sheet) in {folded(name) for name in _NAMES}


def _cover(path: Path) -> Grid | None:
    if admit(path) == "text":
        return None
    workbook = Workbook(path)
    part = next((each for each in workbook.sheets if is_cover(each.name)), None)
    return workbook.grid(part) if part else None


def _texts(grid: Grid, form: Form) -> dict[str, tuple[str, int, int]]:
    """What is written for each field, with its row and column; the first answer counts."""
    spelt: dict[str, str] = {folded(text): each.id for each in form.cover for text in _spellings(each)}
    found: dict[str, tuple[str, int, int]] = {}
    for row, column, text in _cells(grid):
        title, colon, rest = _parts(text)
        name = spelt.get(folded(title))
        if name is None or name in found:
            continue
        if colon and rest:
            found[name] = (rest, row, column)
        elif answer := _right_of(grid, row, column, spelt):
            found[name] = answer
    return found


def _spellings(cover: CoverField) -> tuple[str, ...]:
    return (label(cover.title), cover.title.zh, cover.title.en, *cover.synonyms)


def _cells(grid: Grid) -> Iterator[tuple[int, int, str]]:
    for row in range(grid.height):
        for column in range(grid.width):
            if text := grid.text(row, column):
                yield row, column, text


def _parts(text: str) -> tuple[str, str, str]:
    """A title, the colon behind it, and what follows."""
    found = _COLON.search(text)
    return (text[: found.start()], found[0], text[found.end() :].strip()) if found else (text, "", "")


def _right_of(grid: Grid, row: int, column: int, spelt: dict[str, str]) -> tuple[str, int, int] | None:
    """The answer in the next cell; none when it is empty or holds another title."""
    text = grid.text(row, column + 1)
    return (text, row, column + 1) if text and folded(_parts(text)[0]) not in spelt else None


def _version(grid: Grid, form: Form) -> str:
    """The form's id and version as the template printed them."""
    pattern = re.compile(rf"{re.escape(form.head.id)}@\S+")
    return next((text for _, _, text in _cells(grid) if pattern.fullmatch(text)), "")


def _day(grid: Grid, form: Form, texts: dict[str, tuple[str, int, int]], docket: Docket) -> date | None:
    if "signed_on" not in texts:
        return None
    text, row, column = texts["signed_on"]
    period = read_period(text).period
    if _SERIAL.match(text) or (period and period.end - period.start == _DAY):
        return read_date(text.partition(".")[0]) if _SERIAL.match(text) else read_date(text)
    title = next(each.title.zh for each in form.cover if each.id == "signed_on")
    docket.enter("bad_date", grid, row, column, title=title, text=text)
    return None
