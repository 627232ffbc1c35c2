"""Uncertainty of totals as it is printed: the 95 % interval, and where better data would narrow it most."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from greenpark.model.doubt import APPROACHES
from greenpark.model.numbers import SIGNIFICANT_OF_UNCERTAINTY, rounded
from greenpark.model.text import Text
from greenpark.publish.naming import Names, plain
from greenpark.publish.shown import Number, Row, Shown, newest, number_of, period_of

SOURCE_LIMIT = 15


@dataclass(frozen=True)
class DoubtLine:
    """The interval of a total, or what one source contributes to it."""

    reference: str
    source: str
    name: Text
    value: Number
    low: Number
    high: Number
    half_width: Number
    share: Number
    assumed: bool
    confidence: str


@dataclass(frozen=True)
class DoubtGroup:
    """The uncertainty of one total by one approach: the total, then its sources, the largest first."""

    id: str
    name: Text
    entity: Text
    variant: Text
    period: str
    approach: str
    draws: int | None
    seed: int | None
    total: DoubtLine | None
    sources: tuple[DoubtLine, ...]
    left_out: int


def doubt_groups(shown: Shown, limit: int = SOURCE_LIMIT) -> list[DoubtGroup]:
    """The uncertainty of the totals of the focus in their newest period."""
    rows = [row for row in shown.uncertainty if row["entity"] in shown.focus and "@" not in row["variant"]]
    period = newest(rows)
    grouped: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if period_of(row) == period:
            grouped[(row["entity"], row["quantity"], row["variant"], row["approach"])].append(row)
    return [_group(shown, grouped[key], limit) for key in sorted(grouped, key=_order)]


def intervals(shown: Shown) -> dict[tuple[object, ...], DoubtLine]:
    """The interval that stands beside a total, by the first approach that was taken, by ``total_key`` of its row."""
    rows = [row for row in shown.uncertainty if not row["source"] and row["entity"] in shown.focus]
    totals = [row for row in rows if row["approach"] in APPROACHES]
    totals.sort(key=lambda row: -APPROACHES.index(row["approach"]))  # the first approach is written last
    return {total_key(row): doubt_line(shown, row) for row in totals}


def total_key(row: Row) -> tuple[object, ...]:
    """What a total and its uncertainty have in common."""
    return tuple(row[name] for name in ("entity", "quantity", "variant", "start", "end"))


def _order(key: tuple[str, ...]) -> tuple[object, ...]:
    entity, quantity, variant, approach = key
    return (entity, quantity, variant, APPROACHES.index(approach) if approach in APPROACHES else len(APPROACHES))


def _group(shown: Shown, rows: list[Row], limit: int) -> DoubtGroup:
    names, first = shown.names, rows[0]
    totals = [row for row in rows if not row["source"]]
    sources = sorted((row for row in rows if row["source"]), key=lambda row: (-(row["share"] or 0.0), row["source"]))
    shared = totals[0] if totals else first
    return DoubtGroup(
        id=f"doubt-{shared['reference']}",
        name=names.quantity(first["quantity"]),
        entity=names.entity(first["entity"]),
        variant=names.variant(first["variant"], first["quantity"]),
        period=period_of(first),
        approach=first["approach"],
        draws=shared["draws"],
        seed=shared["seed"],
        total=doubt_line(shown, totals[0]) if totals else None,
        sources=tuple(doubt_line(shown, row) for row in sources[:limit]),
        left_out=max(0, len(sources) - limit),
    )


def doubt_line(shown: Shown, row: Row) -> DoubtLine:
    """One row as it is printed."""
    unit, reference = shown.names.unit(row["unit"]), row["reference"]
    percent = plain("%")
    return DoubtLine(
        reference=reference,
        source=row["source"],
        name=source_of(shown.names, row["source"]) if row["source"] else shown.names.say("publish.all_items"),
        value=number_of(row["value"], unit, reference),
        low=number_of(row["low"], unit, reference),
        high=number_of(row["high"], unit, reference),
        half_width=number_of(percentage(row["half_width"]), percent, reference),
        share=number_of(percentage(row["share"]), percent, reference),
        assumed=bool(row["assumed"]),
        confidence=row["confidence"],
    )


def percentage(share: float | None) -> float | None:
    """A half width or a contribution [%], at the few digits to which an uncertainty is known."""
    return None if share is None else rounded(100 * share, SIGNIFICANT_OF_UNCERTAINTY)


def source_of(names: Names, source: str) -> Text:
    """What a source is, like the net calorific value of bituminous coal, or the reported amounts of a carrier."""
    kind, _, identifier = source.partition(":")
    if kind == "factor":
        known = names.factors.get(identifier.rpartition("/")[2])
        if known is None:
            return plain(identifier)
        item, word = names.item(known.item), names.word("factor_kind", known.kind)
        return Text(zh=f"{item.zh} · {word.zh}", en=f"{item.en} · {word.en}")
    if kind == "activity":
        return names.say("publish.doubt.activity", item=names.item(identifier))
    return plain(source)
