"""League tables as a sheet, as lines for the terminal, and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from greenpark.model.text import Language, Text
from greenpark.publish.excel_layout import Cells, Layout, SheetContent, both, sheet_of
from greenpark.publish.league import LeagueTable, newest_tables
from greenpark.publish.naming import NOTHING
from greenpark.publish.shown import Shown


def league_sheets(
    shown: Shown, tables: Sequence[LeagueTable] | None = None, remark: Text | None = None
) -> list[SheetContent]:
    """The sheet of ranks: one row for each place; none where nothing is ranked. ``remark`` is said in every row."""
    ranked = newest_tables(shown) if tables is None else tables
    said = remark or shown.names.say("publish.league.restricted")
    layout: Layout = (
        ("rank", 10), ("rank_range", 14), ("entity", 28), ("score", 16), ("low", 16), ("high", 16), ("scheme", 34),
        ("period", 10), ("variant", 24), ("other_ranks", 40), ("state", 14), ("confidence", 12), ("provisional", 14),
        ("reference", 12), ("remark", 50),
    )  # fmt: skip
    rows: list[Cells] = [
        (
            line.rank, line.interval, both(line.entity), line.score, line.low, line.high, both(table.title), table.period,
            both(table.variant), _others(table, line.others), both(shown.names.word("state", line.state)),
            both(shown.names.word("confidence", line.confidence)),
            both(shown.names.say("publish.provisional")) if line.provisional else "", line.score.reference, both(said),
        )
        for table in ranked
        for line in table.lines
    ]  # fmt: skip
    return [sheet_of(shown, "league", layout, rows)] if rows else []


def _others(table: LeagueTable, ranks: tuple[int | None, ...]) -> str:
    named = zip(table.alternatives, ranks, strict=True)
    return "; ".join(f"{both(label)}: {NOTHING if rank is None else rank}" for label, rank in named)


def league_text(shown: Shown, tables: Sequence[LeagueTable], remark: Text, language: Language) -> list[str]:
    """The tables as lines for the terminal."""
    lines: list[str] = []
    for table in tables:
        said = (shown.names.say("publish.league", period=table.period), table.variant)
        lines += [
            "",
            f"{table.title.in_language(language)}  {' '.join(each.in_language(language) for each in said)}".rstrip(),
            remark.in_language(language),
        ]
        labels = ("rank", "rank_range", "score", "low", "high", "entity")
        lines.append("  ".join(shown.names.sentence(f"publish.label.{label}", language) for label in labels))
        for line in table.lines:
            mark = shown.names.sentence("publish.provisional", language) if line.provisional else ""
            numbers = "  ".join(f"{number.text:>14}" for number in (line.score, line.low, line.high))
            cells = (
                f"{line.rank:>4}  {line.interval:>9}",
                numbers,
                line.entity.in_language(language),
                mark,
                line.score.reference,
            )
            lines.append("  ".join(cell for cell in cells if cell))
        lines.append(shown.names.sentence("publish.league.note", language, ranked=table.ranked))
    return lines


def league_data(tables: Sequence[LeagueTable], remark: Text) -> list[dict[str, Any]]:
    """The tables as data, with the digits of the sheet."""
    return [
        {
            "scheme": table.scheme, "period": table.period, "ranked": table.ranked, "remark": remark.model_dump(),
            "alternatives": [each.model_dump() for each in table.alternatives],
            "places": [
                {
                    "rank": line.rank, "rank_low": line.rank_low, "rank_high": line.rank_high, "entity": line.entity_id or None,
                    "score": line.score.value, "low": line.low.value, "high": line.high.value,
                    "provisional": line.provisional, "confidence": line.confidence, "other_ranks": list(line.others),
                }
                for line in table.lines
            ],
        }
        for table in tables
    ]  # fmt: skip
