"""The inventory as it is printed: headline totals, tables by year, by item, by unit and by month, both energy bases."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from greenpark.model.text import Text
from greenpark.publish.naming import NOTHING
from greenpark.publish.shown import Number, Row, Shown, is_month, newest, period_of
from greenpark.publish.uncertainty import DoubtLine, intervals, total_key

# Quantities in the order in which a reader asks for them; the first ones that exist are the headline.
HEADLINES: tuple[str, ...] = (
    "co2.total",
    "ghg.total",
    "energy.total",
    "co2.direct",
    "co2.combustion",
    "co2.reported",
    "energy.heat_gross",
    "zone.energy_per_value_added",
    "zone.share_below_limit",
    "zone.count",
    "economy.industrial_value_added",
)
_BASIS = re.compile(r"basis=(\w+)")
HEADLINE_LIMIT = 6
FOCUS_LIMIT = 4
ITEM_LIMIT = 30
UNIT_LIMIT = 15
# Of whose units the largest are listed: the first ones that exist.
BY_UNIT: tuple[str, ...] = ("co2.total", "energy.total", "co2.direct", "co2.combustion", "energy.heat_gross")
UNIT_GRIDS = 2
# Families whose tables stand in the inventory; the others follow as activity and environment.
INVENTORY_FAMILIES: tuple[str, ...] = ("co2", "ghg", "energy", "electricity", "heat")


@dataclass(frozen=True)
class Headline:
    """A total with what a reader must know to trust it."""

    name: Text
    entity: Text
    variant: Text
    period: str
    number: Number
    rows: int
    rows_unmatched: int
    estimated: Number
    interval: DoubtLine | None


@dataclass(frozen=True)
class Line:
    """One row of a table: a name, a mark and a number per column (None where there is no figure)."""

    name: Text
    variant: Text
    unit: Text
    numbers: tuple[Number | None, ...]


@dataclass(frozen=True)
class Grid:
    """A table of numbers: lines against columns; ``left_out`` lines stand only in the workbook."""

    id: str
    title: Text
    columns: tuple[Text, ...]
    lines: tuple[Line, ...]
    left_out: int = 0
    drawable: bool = False
    chart: str = "bar"


def headlines(shown: Shown) -> list[Headline]:
    """The headline totals of the focus, in the newest period of each."""
    found: list[Headline] = []
    focus = shown.focus[:FOCUS_LIMIT]
    per_entity = max(1, HEADLINE_LIMIT // max(1, len(focus)))
    known = intervals(shown)
    for entity in focus:
        totals = [row for row in shown.figures if row["entity"] == entity and not row["item"]]
        present = {row["quantity"] for row in totals}
        chosen = [each for each in HEADLINES if each in present] or sorted(present)
        for quantity in chosen[:per_entity]:
            found += _headlines_of(shown, [row for row in totals if row["quantity"] == quantity], known)
    return found


def _headlines_of(shown: Shown, rows: list[Row], known: Mapping[tuple[object, ...], DoubtLine]) -> list[Headline]:
    period = newest(rows)
    names = shown.names
    # What a profile counts otherwise (like another reading of a scheme) stands in the inventory, not in the headline.
    rows = [row for row in rows if "@" not in (row["variant"] or "")] or rows
    return [
        Headline(
            name=names.quantity(row["quantity"]),
            entity=names.entity(row["entity"]),
            variant=names.variant(row["variant"], row["quantity"]),
            period=period_of(row),
            number=shown.number(row),
            rows=row["rows"],
            rows_unmatched=row["rows_unmatched"],
            estimated=shown.percent(row, "estimated_share"),
            interval=known.get(total_key(row)),
        )
        for row in rows
        if period_of(row) in (period, NOTHING)
    ]


def yearly(shown: Shown, entity: str, families: Iterable[str] | None) -> list[Grid]:
    """One table per family: quantities against periods longer than a month; ``None`` asks for the families not in the
    inventory. Quantities on an energy basis stand in ``both_bases``.
    """
    wanted = None if families is None else set(families)
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in shown.figures:
        family = row["quantity"].split(".", 1)[0]
        inside = family not in INVENTORY_FAMILIES if wanted is None else family in wanted
        total = row["entity"] == entity and not row["item"] and not is_month(row)
        if total and inside and not _basis_of(row):
            grouped[family].append(row)
    order = {family: index for index, family in enumerate(INVENTORY_FAMILIES)}
    keys = sorted(grouped, key=lambda family: (order.get(family, len(order)), family))
    periods = sorted({period_of(row) for rows in grouped.values() for row in rows})
    return [_by_period(shown, f"{family}-{entity}", grouped[family], periods) for family in keys]


def _by_period(shown: Shown, identifier: str, rows: list[Row], periods: list[str]) -> Grid:
    names = shown.names
    cells = {(row["quantity"], row["variant"], period_of(row)): row for row in rows}
    lines = sorted({(quantity, variant) for quantity, variant, _ in cells}, key=lambda key: _quantity_order(shown, key))
    return Grid(
        id=identifier,
        title=names.family(rows[0]["quantity"]),
        columns=tuple(Text(zh=period, en=period) for period in periods),
        lines=tuple(_line(shown, [cells.get((*key, period)) for period in periods]) for key in lines),
    )


def both_bases(shown: Shown, entity: str) -> Grid | None:
    """Energy on the calorific and the primary-energy basis side by side; None when there is none."""
    bases = ("calorific", "primary_energy")
    rows = [
        row
        for row in shown.figures
        if row["entity"] == entity and not row["item"] and not is_month(row) and _basis_of(row)
    ]
    if not rows:
        return None
    cells = {(row["quantity"], period_of(row), _beside_basis(row), _basis_of(row)): row for row in rows}
    keys = sorted({key[:3] for key in cells}, key=lambda key: (_rank(shown, key[0]), key))
    return Grid(
        id=f"bases-{entity}",
        title=shown.names.say("publish.both_bases"),
        columns=tuple(shown.names.say(f"publish.variant.basis.{basis}") for basis in bases),
        lines=tuple(_based_line(shown, [cells.get((*key, basis)) for basis in bases]) for key in keys),
        drawable=True,
        chart="group",
    )


def _basis_of(row: Row) -> str:
    found = _BASIS.search(row["variant"] or "")
    return found[1] if found else ""


def _beside_basis(row: Row) -> str:
    """What the variant says beside the basis, like the profile that counts differently."""
    return _BASIS.sub("", row["variant"] or "").strip("@;, ")


def _based_line(shown: Shown, rows: list[Row | None]) -> Line:
    first = next(row for row in rows if row)
    mark = " ".join(part for part in (period_of(first), _beside_basis(first)) if part)
    return Line(
        shown.names.quantity(first["quantity"]),
        Text(zh=mark, en=mark),
        shown.names.unit(first["unit"]),
        tuple(shown.number(row) if row else None for row in rows),
    )


def breakdowns(shown: Shown, entity: str) -> list[Grid]:
    """Each quantity that has figures by carrier, category or product: its newest period, largest first."""
    grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in shown.figures:
        if row["entity"] == entity and row["item"] and not is_month(row):
            grouped[row["quantity"], row["variant"] or ""].append(row)
    keys = sorted(grouped, key=lambda key: _quantity_order(shown, key))
    return [_by_item(shown, entity, grouped[key]) for key in keys]


def _by_item(shown: Shown, entity: str, rows: list[Row]) -> Grid:
    period = newest(rows)
    rows = _largest_first([row for row in rows if period_of(row) == period])
    kind = "carrier" if all(row["item"] in shown.names.definitions.carriers for row in rows) else "category"
    lines = [_item_line(shown, row) for row in rows]
    quantity = shown.names.quantity(rows[0]["quantity"])
    variant = shown.names.variant(rows[0]["variant"], rows[0]["quantity"])
    return Grid(
        id=f"items-{entity}-{rows[0]['quantity']}-{rows[0]['variant'] or ''}",
        title=_titled(shown, f"publish.by_{kind}", quantity, variant, period),
        columns=(Text(zh=period, en=period),),
        lines=tuple(lines[:ITEM_LIMIT]),
        left_out=max(0, len(lines) - ITEM_LIMIT),
        drawable=len({row["unit"] for row in rows}) == 1 and sum(bool(row["value"]) for row in rows) > 1,
    )


def by_unit(shown: Shown, entity: str) -> list[Grid]:
    """The units inside an entity with the largest totals of the newest year; a quantity in its first variant."""
    inside = set(shown.names.inside(entity)) - set(shown.focus)
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in shown.figures:
        if row["entity"] in inside and not row["item"] and row["quantity"] in BY_UNIT:
            grouped[row["quantity"]].append(row)
    grids = []
    for quantity in [each for each in BY_UNIT if each in grouped][:UNIT_GRIDS]:
        variant = min(row["variant"] or "" for row in grouped[quantity])
        rows = [row for row in grouped[quantity] if (row["variant"] or "") == variant]
        period = newest(rows)
        current = _largest_first([row for row in rows if period_of(row) == period])
        grids.append(_unit_grid(shown, entity, (quantity, variant), period, current))
    return grids


def _unit_grid(shown: Shown, entity: str, key: tuple[str, str], period: str, rows: list[Row]) -> Grid:
    quantity, variant = shown.names.quantity(key[0]), shown.names.variant(key[1], key[0])
    lines = tuple(
        Line(shown.names.entity(row["entity"]), Text(zh="", en=""), shown.names.unit(row["unit"]), (shown.number(row),))
        for row in rows[:UNIT_LIMIT]
    )
    return Grid(
        id=f"units-{entity}-{key[0]}-{key[1]}",
        title=_titled(shown, "publish.by_unit", quantity, variant, period),
        columns=(Text(zh=period, en=period),),
        lines=lines,
        left_out=max(0, len(rows) - UNIT_LIMIT),
        drawable=len(rows) > 1,
    )


def monthly(shown: Shown, entity: str) -> list[Grid]:
    """The headline quantities month by month."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in shown.figures:
        if row["entity"] == entity and not row["item"] and is_month(row) and row["quantity"] in HEADLINES:
            grouped[row["quantity"]].append(row)
    return [_by_month(shown, entity, grouped[each]) for each in sorted(grouped, key=HEADLINES.index)]


def _by_month(shown: Shown, entity: str, rows: list[Row]) -> Grid:
    months = sorted({period_of(row) for row in rows})
    variants = sorted({row["variant"] or "" for row in rows})
    cells = {(row["variant"] or "", period_of(row)): row for row in rows}
    quantity = shown.names.quantity(rows[0]["quantity"])
    nothing = Text(zh="", en="")
    unit = shown.names.unit(rows[0]["unit"])
    lines = []
    for month in months:
        numbers = [cells.get((variant, month)) for variant in variants]
        name = Text(zh=month, en=month)
        lines.append(Line(name, nothing, unit, tuple(shown.number(row) if row else None for row in numbers)))
    return Grid(
        id=f"months-{entity}-{rows[0]['quantity']}",
        title=_titled(shown, "publish.by_month", quantity, nothing, ""),
        columns=tuple(shown.names.variant(variant) if variant else quantity for variant in variants),
        lines=tuple(lines),
        drawable=len(months) > 1,
        chart="line",
    )


def _titled(shown: Shown, message: str, quantity: Text, variant: Text, period: str) -> Text:
    title = shown.names.say(message, quantity=quantity)
    marks = [part for part in (variant, Text(zh=period, en=period)) if part.zh]
    if not marks:
        return title
    return Text(
        zh=f"{title.zh}（{'，'.join(part.zh for part in marks)}）",
        en=f"{title.en} ({', '.join(part.en for part in marks)})",
    )


def _line(shown: Shown, rows: list[Row | None]) -> Line:
    first = next(row for row in rows if row)
    return Line(
        name=shown.names.quantity(first["quantity"]),
        variant=shown.names.variant(first["variant"], first["quantity"]),
        unit=shown.names.unit(first["unit"]),
        numbers=tuple(shown.number(row) if row else None for row in rows),
    )


def _item_line(shown: Shown, row: Row) -> Line:
    unit = shown.names.unit(row["unit"])
    return Line(shown.names.item(row["item"]), Text(zh="", en=""), unit, (shown.number(row),))


def _largest_first(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["value"] is None, -abs(row["value"] or 0.0), row["item"], row["entity"]))


def _quantity_order(shown: Shown, key: tuple[str, str | None]) -> tuple[int, str, str]:
    return (_rank(shown, key[0]), key[0], key[1] or "")


def _rank(shown: Shown, quantity: str) -> int:
    order = list(shown.names.definitions.quantities)
    return order.index(quantity) if quantity in order else len(order)
