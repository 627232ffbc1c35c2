"""Titles as of a day and readiness for programmes, as they are printed: sheets, lines of the terminal, rows of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from greenpark.model.programmes import Programme, PublishedCount, ZoneGroup
from greenpark.model.text import Language, Text
from greenpark.publish.excel_layout import Cells, Layout, SheetContent, both
from greenpark.publish.naming import NOTHING, Names, plain, source_named
from greenpark.publish.release import Definitions
from greenpark.publish.shown import Number, Row, Shown, number_of, period_of

READINESS_LIMIT = 200
_STAGES = ("approved", "named", "reviewed", "withdrawn", "possible")
_COUNTS: Layout = (
    ("programme", 34), ("awarding_body", 34), ("group_of_zones", 30), ("title_approved", 14), ("title_named", 14),
    ("title_reviewed", 14), ("title_withdrawn", 14), ("title_possible", 14), ("holding", 14), ("low_rows", 14),
    ("published_number", 14), ("published_on", 14), ("published_stage", 20), ("reached", 16), ("names_missing", 16),
    ("source", 40), ("confidence", 12),
)  # fmt: skip
_TITLES: Layout = (
    ("programme", 34), ("holder", 34), ("zone_id", 26), ("title_level", 16), ("title_stage", 20), ("title_date", 14),
    ("batch", 10), ("document", 28), ("review_result", 16), ("title_until", 14), ("provisional", 12), ("source", 40),
    ("confidence", 12),
)  # fmt: skip
_READINESS: Layout = (
    ("programme", 34), ("scheme", 34), ("entity", 26), ("period", 12), ("state", 16), ("provisional", 12),
    ("criteria_met", 12), ("criteria_not_met", 12), ("criteria_missing", 14), ("conditions_not_met", 14),
    ("conditions_open", 14), ("score", 20), ("score_low", 20), ("score_high", 20), ("in_force", 14), ("title_stage", 20),
    ("reason", 60), ("confidence", 12),
)  # fmt: skip


@dataclass(frozen=True)
class TitleBook:
    """What is printed of the register of a day: its tables and the definitions that name their ids."""

    as_of: date
    standings: pa.Table
    tallies: pa.Table
    groups: tuple[ZoneGroup, ...]
    published: tuple[PublishedCount, ...]
    definitions: Definitions

    @property
    def names(self) -> Names:
        """Says every id; the register has no entities of a run."""
        return Names(self.definitions, pa.table({"entity": pa.array([], pa.string())}))


@dataclass(frozen=True)
class ReadinessLine:
    """How ready one park is for one programme by one scheme."""

    programme: Text
    scheme: Text
    entity: Text
    period: str
    state: str
    provisional: bool
    met: int | None
    not_met: int | None
    missing: int | None
    conditions_not_met: int | None
    conditions_open: int | None
    score: Number | None
    span: tuple[Number, Number] | None
    in_force: bool | None
    stage: str
    reason: Text
    confidence: str


def programme_title(definitions: Definitions, programme: str) -> Text:
    """The title of a programme."""
    known = definitions.programmes.get(programme)
    return known.title if known else plain(programme)


def readiness_lines(shown: Shown) -> list[ReadinessLine]:
    """Readiness in the newest year of each programme, scheme and park; the parks of the report's focus first."""
    rows = readiness_rows(shown)
    focus = set(shown.focus)
    return [readiness_line(shown, row) for row in sorted(rows, key=lambda row: row["entity"] not in focus)]


def readiness_rows(shown: Shown) -> list[Row]:
    """The rows of the newest year of each programme, scheme and park."""
    held = shown.release.tables.get("readiness")
    newest: dict[tuple[str, str, str], Row] = {}
    for row in held.to_pylist() if held is not None else []:
        key = (row["entity"], row["programme"], row["scheme"])
        if key not in newest or (row["end"] or date.min) > (newest[key]["end"] or date.min):
            newest[key] = row
    return [newest[key] for key in sorted(newest)]


def readiness_line(shown: Shown, row: Row) -> ReadinessLine:
    """One row with its names and numbers."""
    names, unit = shown.names, plain("")
    spans = row["low"] is not None and row["low"] != row["high"]
    return ReadinessLine(
        programme=programme_title(names.definitions, row["programme"]),
        scheme=names.scheme(row["scheme"]) if row["scheme"] else names.say("programmes.no_scheme"),
        entity=names.entity(row["entity"]),
        period=period_of(row),
        state=row["state"],
        provisional=row["provisional"],
        met=row["criteria_met"],
        not_met=row["criteria_not_met"],
        missing=row["criteria_missing"],
        conditions_not_met=row["conditions_not_met"],
        conditions_open=row["conditions_open"],
        score=None if row["score"] is None else number_of(row["score"], unit),
        span=(number_of(row["low"], unit), number_of(row["high"], unit)) if spans else None,
        in_force=row["in_force"],
        stage=row["stage"] or "",
        reason=names.reason(row["reason"], row["detail"], row["scheme"]),
        confidence=row["confidence"],
    )


def readiness_sheets(shown: Shown) -> list[SheetContent]:
    """All readiness rows of the run as a sheet, where there are any."""
    held = shown.release.tables.get("readiness")
    rows = [] if held is None else held.to_pylist()
    if not rows:
        return []
    lines = [readiness_line(shown, row) for row in rows]
    return [_sheet(shown.names, "readiness", _READINESS, [_readiness_cells(shown.names, each) for each in lines])]


def readiness_text(shown: Shown, language: Language) -> list[str]:
    """The newest readiness, one block for each park."""
    names = shown.names
    told: list[str] = []
    for line in readiness_lines(shown):
        values = {
            "programme": line.programme, "scheme": line.scheme, "entity": line.entity, "period": line.period,
            "state": _state(names, line), "met": line.met, "not_met": line.not_met, "missing": line.missing,
        }  # fmt: skip
        message = "programmes.not_assessed_line" if line.state == "not_assessed" else "programmes.readiness_line"
        told.append(names.say(message, **values).in_language(language))
        extra = [
            names.say("programmes.score", score=line.score.text) if line.score else None,
            names.say("programmes.span", low=line.span[0].text, high=line.span[1].text) if line.span else None,
            names.say("programmes.conditions", failed=line.conditions_not_met, open=line.conditions_open)
            if line.conditions_not_met or line.conditions_open
            else None,
            names.say("programmes.not_in_force") if line.in_force is False else None,
            names.say("programmes.holds", stage=names.word("title_stage", line.stage)) if line.stage else None,
            line.reason if line.reason.zh else None,
        ]
        told += [f"    {each.in_language(language)}" for each in extra if each]
    return told


def title_sheets(book: TitleBook) -> list[SheetContent]:
    """The counts and the titles of the day as two sheets."""
    names = book.names
    counts = [_count_cells(book, names, row) for row in book.tallies.to_pylist()]
    titles = [_title_cells(book, names, row) for row in book.standings.to_pylist()]
    return [_sheet(names, "title_counts", _COUNTS, counts), _sheet(names, "titles", _TITLES, titles)]


def titles_text(book: TitleBook, language: Language, zone: str = "") -> list[str]:
    """The counts of the day and who holds what; of one zone alone where one is named."""
    names = book.names
    lines = [names.say("programmes.as_of", day=book.as_of.isoformat()).in_language(language)]
    for row in [] if zone else book.tallies.to_pylist():
        lines += [text.in_language(language) for text in _count_texts(book, names, row)]
    rows = [row for row in book.standings.to_pylist() if zone in ("", row["holder"])]
    lines.append(names.say("programmes.titles", count=len(rows)).in_language(language))
    for row in rows:
        values = {
            "programme": programme_title(book.definitions, row["programme"]), "holder": row["name"],
            "stage": names.word("title_stage", row["stage"]), "date": row["date"] or NOTHING, "zone": row["holder"],
        }  # fmt: skip
        said = names.say("programmes.title_line", **values).in_language(language)
        mark = names.say("programmes.provisional_mark").in_language(language) if row["provisional"] else ""
        lines.append(f"  {said}{mark}")
    return lines


def _count_texts(book: TitleBook, names: Names, row: Row) -> list[Text]:
    """What the register has, what was published, and the difference, said in words."""
    values: dict[str, Any] = {
        **row, "programme": programme_title(book.definitions, row["programme"]), "group": _group(book, row["group"]),
    }  # fmt: skip
    told = [names.say("programmes.count_line", **values)]
    if row["published"] is not None:
        values["stage"] = names.word("title_stage", row["published_stage"])
        told.append(names.say("programmes.published_line", **values))
        elsewhere = row["reached"] - row.get(row["published_stage"], row["reached"])
        if row["difference"] == 0 and elsewhere > 0:
            told.append(names.say("programmes.as_many_by_chance", count=elsewhere))
        else:
            told.append(names.say(_difference(row["difference"]), count=abs(row["difference"])))
    if row["low"]:
        told.append(names.say("programmes.low_line", count=row["low"]))
    return [told[0], *(Text(zh=f"    {each.zh}", en=f"    {each.en}") for each in told[1:])]


def _difference(difference: int) -> str:
    if difference > 0:
        return "programmes.fewer_names"
    return "programmes.more_names" if difference < 0 else "programmes.as_many"


def _group(book: TitleBook, group: str) -> Text:
    return next((each.title for each in book.groups if each.id == group), plain(group))


def _source(book: TitleBook, source: str | None) -> str:
    return source_named(source, book.definitions.programme_sources) if source else ""


def _count_cells(book: TitleBook, names: Names, row: Row) -> Cells:
    known: Programme | None = book.definitions.programmes.get(row["programme"])
    return (
        both(programme_title(book.definitions, row["programme"])), both(known.awarding_body) if known else "",
        both(_group(book, row["group"])), *(row[stage] for stage in _STAGES), row["holding"], row["low"], row["published"],
        row["published_date"], both(names.word("title_stage", row["published_stage"])) if row["published_stage"] else "",
        row["reached"], row["difference"], _source(book, row["source"]),
        both(names.word("confidence", row["confidence"])) if row["confidence"] else "",
    )  # fmt: skip


def _title_cells(book: TitleBook, names: Names, row: Row) -> Cells:
    return (
        both(programme_title(book.definitions, row["programme"])), row["name"], row["holder"],
        both(names.word("title_level", row["level"])), both(names.word("title_stage", row["stage"])), row["date"],
        row["batch"], row["document"], row["result"], str(row["until"] or ""), _provisional(names, row["provisional"]),
        _source(book, row["source"]), both(names.word("confidence", row["confidence"])),
    )  # fmt: skip


def _readiness_cells(names: Names, line: ReadinessLine) -> Cells:
    span: Sequence[object] = line.span or ("", "")
    in_force = "" if line.in_force is None else both(names.word("yes_no", "yes" if line.in_force else "no"))
    return (
        both(line.programme), both(line.scheme), both(line.entity), line.period,
        both(names.word("readiness" if line.state == "not_assessed" else "state", line.state)),
        _provisional(names, line.provisional), line.met, line.not_met, line.missing, line.conditions_not_met,
        line.conditions_open, line.score or "", *span, in_force,
        both(names.word("title_stage", line.stage)) if line.stage else "", both(line.reason),
        both(names.word("confidence", line.confidence)),
    )  # fmt: skip


def _state(names: Names, line: ReadinessLine) -> Text:
    word = names.word("state", line.state)
    if not line.provisional:
        return word
    mark = names.say("programmes.provisional_mark")
    return Text(zh=word.zh + mark.zh, en=word.en + mark.en)


def _provisional(names: Names, provisional: bool) -> str:
    return both(names.say("publish.label.provisional")) if provisional else ""


def _sheet(names: Names, identifier: str, layout: Layout, rows: list[Cells]) -> SheetContent:
    columns = tuple((names.say(f"publish.label.{label}"), width) for label, width in layout)
    return SheetContent(identifier, names.say(f"publish.sheet.{identifier}"), columns, rows)
