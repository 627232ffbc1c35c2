"""League tables: the scores of one scheme and year in order, each with the ranks that its range allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from greenpark.model.text import Text
from greenpark.publish.naming import plain
from greenpark.publish.shown import Number, Row, Shown, number_of, period_of

# The nodes whose rank is that of the whole, in the order in which they are preferred.
_WHOLE = ("verdict", "index")
LEAGUE_LIMIT = 300


@dataclass(frozen=True)
class LeagueLine:
    """One place in the table; ``others`` are the ranks under the alternatives, None where there is none."""

    entity: Text
    entity_id: str
    rank: int
    rank_low: int
    rank_high: int
    score: Number
    low: Number
    high: Number
    state: str
    provisional: bool
    confidence: str
    others: tuple[int | None, ...]

    @property
    def interval(self) -> str:
        """The ranks that the range of the score allows, the best first."""
        return str(self.rank) if self.rank_low == self.rank_high else f"{self.rank_low}–{self.rank_high}"


@dataclass(frozen=True)
class LeagueTable:
    """The table of one scheme, year and reading; ``alternatives`` name the columns of other ranks."""

    scheme: str
    title: Text
    period: str
    variant: Text
    ranked: int
    alternatives: tuple[Text, ...]
    lines: tuple[LeagueLine, ...]


def league_tables(shown: Shown, scheme: str = "", period: str = "") -> list[LeagueTable]:
    """One table for each scheme and period in which more than one entity has a rank; the newest period first.

    ``scheme`` and ``period`` keep those alone. Equal scores share the better rank; who has no score has no place here.
    """
    grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in shown.scores:
        asked = scheme in ("", row["scheme"]) and period in ("", period_of(row))
        if asked and row["node"] in _WHOLE and row.get("rank") is not None:
            grouped[row["scheme"], period_of(row)].append(row)
    keys = sorted(sorted(grouped, key=lambda key: key[1], reverse=True), key=lambda key: key[0])
    tables = [_table(shown, key, grouped[key]) for key in keys]
    return [each for each in tables if len(each.lines) > 1]


def newest_tables(shown: Shown) -> list[LeagueTable]:
    """The newest table of each scheme."""
    found: dict[str, LeagueTable] = {}
    for table in league_tables(shown):
        found.setdefault(table.scheme, table)
    return list(found.values())


def masked(table: LeagueTable, named: Collection[str] = ()) -> LeagueTable:
    """The table without the names of any but some entities; ranks and scores stay."""
    nobody = plain("***")
    lines = tuple(
        line
        if line.entity_id in named
        else LeagueLine(**{**vars(line), "entity": nobody, "entity_id": "", "score": _bare(line.score),
                           "low": _bare(line.low), "high": _bare(line.high)})
        for line in table.lines
    )  # fmt: skip
    return LeagueTable(**{**vars(table), "lines": lines})


def _bare(number: Number) -> Number:
    """A number without the reference that would lead back to whose it is."""
    return number_of(number.value, number.unit)


def _table(shown: Shown, key: tuple[str, str], rows: list[Row]) -> LeagueTable:
    node = next(each for each in _WHOLE if any(row["node"] == each for row in rows))
    variants: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if row["node"] == node:
            variants[row["variant"] or ""][row["entity"]] = row
    chosen, *others = sorted(variants, key=lambda each: (each.startswith("switch="), each))
    lines = [_line(shown, row, tuple(variants[other].get(row["entity"]) for other in others))
             for row in variants[chosen].values()]  # fmt: skip
    lines.sort(key=lambda line: (line.rank, line.entity.zh, line.entity_id))
    return LeagueTable(
        scheme=key[0],
        title=shown.names.scheme(key[0]),
        period=key[1],
        variant=shown.names.variant(chosen),
        ranked=next(iter(variants[chosen].values()))["ranked"],
        alternatives=tuple(shown.names.variant(each) for each in others),
        lines=tuple(lines),
    )


def _line(shown: Shown, row: Row, others: tuple[Row | None, ...]) -> LeagueLine:
    reference = row["reference"]
    low = row["rank"] if row["rank_low"] is None else row["rank_low"]
    high = row["rank"] if row["rank_high"] is None else row["rank_high"]
    return LeagueLine(
        entity=shown.names.entity(row["entity"]),
        entity_id=row["entity"],
        rank=row["rank"],
        rank_low=low,
        rank_high=high,
        score=number_of(row["score"], plain(""), reference),
        low=number_of(row["low"], plain(""), reference),
        high=number_of(row["high"], plain(""), reference),
        state=row["state"],
        provisional=bool(row["provisional"]),
        confidence=row["confidence"],
        others=tuple(None if each is None else each["rank"] for each in others),
    )
