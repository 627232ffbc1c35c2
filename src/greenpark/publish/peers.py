"""The benchmark among peers as it is printed: one line for each park and indicator, in sheet, page, terminal and data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from greenpark.model.peering import INDUSTRY, REGION, SIZE
from greenpark.model.text import Language, Text
from greenpark.publish.drivers import industry_name
from greenpark.publish.excel_layout import Cells, Layout, SheetContent, both, sheet_of
from greenpark.publish.naming import Names, plain
from greenpark.publish.shown import Number, Row, Shown, number_of, period_of

PEER_LIMIT = 200
_LAYOUT: Layout = (
    ("entity", 28), ("name", 34), ("period", 12), ("variant", 22), ("value", 20), ("unit", 14), ("percentile", 16),
    ("low_quarter", 20), ("median", 20), ("high_quarter", 20), ("peers_with_value", 14), ("peers", 12),
    ("peer_group", 44), ("peer_status", 24), ("remark", 50),
)  # fmt: skip


@dataclass(frozen=True)
class PeerLine:
    """Where a park stands with one indicator; numbers of the others are empty where they are withheld."""

    entity: Text
    entity_id: str
    name: Text
    period: str
    variant: Text
    value: Number
    percentile: Number
    quartiles: tuple[Number, Number, Number]
    members: int
    others: int
    group: Text
    status: str


def peer_lines(shown: Shown, table: Any = None, parks: Collection[str] | None = None) -> list[PeerLine]:
    """The lines of some parks, or of all; from a release, or from a table at hand."""
    held = shown.release.tables.get("peers") if table is None else table
    rows = [] if held is None else held.to_pylist()
    return [_line(shown, row) for row in rows if parks is None or row["entity"] in parks]


def _line(shown: Shown, row: Row) -> PeerLine:
    names, unit = shown.names, shown.names.unit(row["unit"])
    share = row["percentile"]
    low, median, high = (number_of(row[name], unit) for name in ("low_quarter", "median", "high_quarter"))
    return PeerLine(
        entity=names.entity(row["entity"]),
        entity_id=row["entity"],
        name=names.indicator(row["indicator"]),
        period=period_of(row),
        variant=names.variant(row["variant"]),
        value=number_of(row["value"], unit),
        percentile=number_of(None if share is None else 100 * share, names.unit("%")),
        quartiles=(low, median, high),
        members=row["members"],
        others=row["others"],
        group=_group(shown, row["group"]),
        status=row["status"],
    )


def _group(shown: Shown, group: str | None) -> Text:
    """What the peers share, in words."""
    if not group:
        return shown.names.say("gaps.no_group" if group is None else "gaps.everybody")
    parts = [_shared(shown, *part.partition("=")[::2]) for part in group.split("+")]
    return Text(zh="、".join(each.zh for each in parts), en=", ".join(each.en for each in parts))


def _shared(shown: Shown, attribute: str, word: str) -> Text:
    names: Names = shown.names
    if attribute == REGION:
        return names.say("gaps.peer_group.region", word=names.area(word))
    if attribute == INDUSTRY:
        return names.say("gaps.peer_group.industry", word=industry_name(shown, word))
    if attribute == SIZE:
        return names.say("gaps.peer_group.size", word=names.word("size_class", word))
    return names.say("gaps.peer_group.other", attribute=attribute, word=word)


def peer_sheets(
    shown: Shown, lines: Sequence[PeerLine] | None = None, remark: Text | None = None
) -> list[SheetContent]:
    """The sheet of all parks of the run, or of some lines, each row saying that it is restricted, or why it is not."""
    told = peer_lines(shown) if lines is None else lines
    said = remark or shown.names.say("gaps.peers_restricted")
    rows: list[Cells] = [
        (
            both(line.entity), both(line.name), line.period, both(line.variant), line.value, both(line.value.unit),
            line.percentile, *line.quartiles, line.others, line.members, both(line.group),
            both(shown.names.word("peer_status", line.status)), both(said),
        )
        for line in told
    ]  # fmt: skip
    return [sheet_of(shown, "peers", _LAYOUT, rows)] if rows else []


def peer_text(shown: Shown, lines: Iterable[PeerLine], least: int, language: Language) -> list[str]:
    """The lines under a heading for each park and group."""
    say, told, head = shown.names.say, [], None
    for line in lines:
        if head != (line.entity_id, line.group):
            head = (line.entity_id, line.group)
            told.append(say("gaps.peers", entity=line.entity, group=line.group, members=line.members, least=least))
        told.append(_told(shown.names, line))
    return [each.in_language(language) for each in told]


def _told(names: Names, line: PeerLine) -> Text:
    low, median, high = (each.text for each in line.quartiles)
    variant = Text(zh=f"（{line.variant.zh}）", en=f" ({line.variant.en})") if line.variant.zh else plain("")
    return names.say(
        f"gaps.peer.{line.status}", name=Text(zh=line.name.zh + variant.zh, en=line.name.en + variant.en),
        period=line.period, value=line.value.text, unit=line.value.unit, percentile=line.percentile.text,
        others=line.others, low=low, median=median, high=high,
    )  # fmt: skip


def peer_data(lines: Iterable[PeerLine]) -> list[dict[str, Any]]:
    """The lines as data, with the digits of the sheet."""
    return [
        {
            "entity": line.entity_id, "name": line.name.model_dump(), "period": line.period,
            "variant": line.variant.model_dump(), "value": line.value.value, "unit": line.value.unit.zh,
            "percentile_percent": line.percentile.value, "quartiles": [each.value for each in line.quartiles],
            "others": line.others, "members": line.members, "group": line.group.model_dump(), "status": line.status,
        }
        for line in lines
    ]  # fmt: skip
