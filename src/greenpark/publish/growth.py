"""Growth of totals as it is printed: the kinds side by side, the one used named, and a warning where signs differ."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from greenpark.model.assurance import GROWTH_KINDS
from greenpark.model.text import Text
from greenpark.publish.inventory import HEADLINES, INVENTORY_FAMILIES
from greenpark.publish.naming import period_text, plain
from greenpark.publish.shown import Number, Row, Shown, newest, number_of, period_of

# How many totals are shown kind by kind; the others follow in one table.
DETAILED = 8
# Families whose growth is printed; that of all others stands in the workbook.
GROWING: tuple[str, ...] = (*INVENTORY_FAMILIES, "economy", "water", "pollutant", "waste")


@dataclass(frozen=True)
class GrowthLine:
    """Growth of one total in one kind."""

    reference: str
    kind: str
    now: Number
    base: Number
    growth: Number
    used: bool
    status: str
    reason: Text
    confidence: str


@dataclass(frozen=True)
class GrowthGroup:
    """The growth of one total between two periods in all its kinds."""

    id: str
    name: Text
    entity: Text
    item: Text
    variant: Text
    period: str
    base_period: str
    lines: tuple[GrowthLine, ...]
    signs_differ: bool

    @property
    def others(self) -> tuple[GrowthLine, ...]:
        """The kinds that come out otherwise than the one used."""
        used = self.used
        return tuple(line for line in self.lines if used is None or line.growth.text != used.growth.text)

    @property
    def agreeing(self) -> int:
        """How many further kinds give the very number of the one used."""
        return len(self.lines) - len(self.others) - 1 if self.used else 0

    @property
    def drawable(self) -> bool:
        """Whether there are values that differ."""
        return len({line.growth.value for line in self.lines if line.growth.value is not None}) > 1

    @property
    def used(self) -> GrowthLine | None:
        """The kind that counts; None when none is marked."""
        return next((line for line in self.lines if line.used), None)


def growth_groups(shown: Shown, everything: bool = False) -> list[GrowthGroup]:
    """Growth of the totals of the focus in their newest period, those of the headline first; or all that was computed.

    What a profile counts otherwise and what counts items of a list stands in the workbook alone.
    """
    rows = shown.growth
    if not everything:
        rows = [row for row in rows if row["entity"] in shown.focus and not row["item"] and "@" not in row["variant"]]
        rows = [row for row in rows if row["quantity"].split(".", 1)[0] in GROWING]
        period = newest(rows)
        rows = [row for row in rows if period_of(row) == period]
        rows.sort(key=lambda row: (row["entity"], *_rank(row["quantity"])))
    grouped: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[(row["entity"], row["quantity"], row["item"], row["variant"], period_of(row), _base_of(row))].append(
            row
        )
    return [_group(shown, grouped[key]) for key in grouped]


def _group(shown: Shown, rows: list[Row]) -> GrowthGroup:
    names, first = shown.names, rows[0]
    rows = sorted(
        rows, key=lambda row: GROWTH_KINDS.index(row["kind"]) if row["kind"] in GROWTH_KINDS else len(GROWTH_KINDS)
    )
    lines = tuple(growth_line(shown, row) for row in rows)
    return GrowthGroup(
        id=f"growth-{lines[0].reference}",
        name=names.quantity(first["quantity"]),
        entity=names.entity(first["entity"]),
        item=names.item(first["item"]) if first["item"] else plain(""),
        variant=names.variant(first["variant"], first["quantity"]),
        period=period_of(first),
        base_period=_base_of(first),
        lines=lines,
        signs_differ=len({_sign(line.growth.value) for line in lines if line.growth.value is not None} - {0}) > 1,
    )


def growth_line(shown: Shown, row: Row) -> GrowthLine:
    """One row as it is printed."""
    unit = shown.names.unit(row["unit"])
    marks = {"status": row["status"], "confidence": row["confidence"]}
    share = row["value"]
    return GrowthLine(
        reference=row["reference"],
        kind=row["kind"],
        now=number_of(row["value_now"], unit, row["reference"]),
        base=number_of(row["value_base"], unit, row["reference"]),
        growth=number_of(None if share is None else 100 * share, plain("%"), row["reference"], **marks),
        used=bool(row["used"]),
        status=row["status"],
        reason=shown.names.reason(row["reason"], row["detail"]),
        confidence=row["confidence"],
    )


def _rank(quantity: str) -> tuple[int, int, str]:
    """Headlines in their order, then the others by family and id."""
    family = quantity.split(".", 1)[0]
    headline = HEADLINES.index(quantity) if quantity in HEADLINES else len(HEADLINES)
    return headline, GROWING.index(family), quantity


def _base_of(row: Row) -> str:
    return period_text(row["base_start"], row["base_end"])


def _sign(value: float | None) -> int:
    return 0 if not value else 1 if value > 0 else -1
