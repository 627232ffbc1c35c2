"""What moved the CO2 of the park as it is printed: drivers of each view, in words, lines and a waterfall."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from greenpark.model.driving import DRIVERS, KAYA_DRIVERS
from greenpark.model.text import Text
from greenpark.publish.charts import Chart, as_texts, as_values
from greenpark.publish.naming import period_text, plain
from greenpark.publish.shown import Number, Row, Shown, newest, number_of, period_of

# What a driver is called in the one sentence: several are one group there.
GROUPS: dict[str, tuple[str, ...]] = {
    "scale": ("scale",),
    "structure": ("structure", "structure_inside"),
    "efficiency": ("intensity",),
    "mix": ("mix",),
    "grid_factor": ("grid_factor",),
    "other_factors": ("fuel_factor", "heat_factor"),
    "process": ("process_output", "process_factor"),
    "moving": ("entering", "leaving"),
}
LEADING = ("scale", "structure", "efficiency")
_LMDI = ("lmdi_1", "lmdi_1_chained")
_IDENTITY = ("growth", "value_added_growth", "intensity_change", "intensity_at_no_growth")
_SMALLEST = 0.005  # of the change: a smaller group is not named as the one that moved it


@dataclass(frozen=True)
class DriverLine:
    """One driver: what it brings, in points of growth and as a ratio."""

    reference: str
    driver: str
    name: Text
    value: Number
    points: Number
    ratio: Number
    reason: Text


@dataclass(frozen=True)
class IndustryLine:
    """One industry or firm: its drivers that multiply, everything else, and the sum."""

    name: Text
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class DriverGroup:
    """The drivers of one total between two years."""

    id: str
    name: Text
    entity: Text
    variant: Text
    period: str
    base_period: str
    approach: str
    base: Number
    now: Number
    change: DriverLine
    lines: tuple[DriverLine, ...]
    industries: tuple[IndustryLine, ...]
    rates: tuple[DriverLine, ...]
    sentence: Text
    nominal: bool
    status: str
    confidence: str


def driver_groups(shown: Shown, everything: bool = False) -> list[DriverGroup]:
    """The drivers of the focus: the newest year against the one before in every view, then the whole chain of years."""
    rows = shown.drivers if everything else [row for row in shown.drivers if row["entity"] in shown.focus]
    if not everything:
        period = newest([row for row in rows if row["approach"] in _LMDI])
        rows = [row for row in rows if period_of(row) == period]
    grouped: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[(row["entity"], row["variant"], period_of(row), _base_of(row))].append(row)
    found = [
        _group(shown, own, approach)
        for own in grouped.values()
        for approach in _LMDI
        if any(row["approach"] == approach for row in own)
    ]
    return sorted(found, key=lambda group: _LMDI.index(group.approach))


def _group(shown: Shown, rows: list[Row], approach: str) -> DriverGroup:
    own = [row for row in rows if row["approach"] == approach]
    total = {row["driver"]: row for row in own if row["level"] == "total"}
    first = total["change"]
    unit = shown.names.unit(first["unit"])
    rated = {row["driver"]: row for row in rows if row["approach"] not in _LMDI}
    rates = [rated[name] for name in ("elasticity", *_IDENTITY, *KAYA_DRIVERS) if name in rated]
    return DriverGroup(
        id=f"drivers-{first['reference']}",
        name=shown.names.quantity(first["quantity"]),
        entity=shown.names.entity(first["entity"]),
        variant=shown.names.variant(first["variant"]),
        period=period_of(first),
        base_period=_base_of(first),
        approach=approach,
        base=number_of(first["value_base"], unit),
        now=number_of(first["value_now"], unit),
        change=_line(shown, first),
        lines=tuple(_line(shown, total[name]) for name in DRIVERS if name in total),
        industries=tuple(_industries(shown, [row for row in own if row["level"] == "industry"])),
        rates=tuple(_line(shown, row) for row in rates) if approach == "lmdi_1" else (),
        sentence=sentence_of(shown, total),
        nominal=bool(first["nominal"]),
        status=first["status"],
        confidence=first["confidence"],
    )


def _line(shown: Shown, row: Row) -> DriverLine:
    names, rate = shown.names, row["unit"] == "1"
    percent = rate and row["driver"] != "elasticity"
    value = row["value"]
    unit = plain("%") if percent else names.unit(row["unit"])
    return DriverLine(
        reference=row["reference"],
        driver=row["driver"],
        name=names.word("driver", row["driver"]),
        value=number_of(
            100 * value if percent and value is not None else value, unit, row["reference"], status=row["status"]
        ),
        points=number_of(None if row["share"] is None else 100 * row["share"], plain("%"), row["reference"]),
        ratio=number_of(row["ratio"], plain("")),
        reason=names.reason(row["reason"], row["detail"]),
    )


COLUMNS: tuple[str, ...] = ("scale", "structure", "efficiency", "mix", "grid_factor", "rest", "sum")


def _industries(shown: Shown, rows: list[Row]) -> list[IndustryLine]:
    """The industries from the one that moved most, each with its groups of drivers and their sum."""
    by_item: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows:
        by_item[row["item"]][row["driver"]] = row["value"] or 0.0
    unit = shown.names.unit("tCO2")
    lines = []
    for item, values in by_item.items():
        sums = [sum(values.get(name, 0.0) for name in GROUPS[group]) for group in COLUMNS[:5]]
        whole = sum(values.values())
        numbers = tuple(number_of(value, unit) for value in (*sums, whole - sum(sums), whole))
        lines.append((-abs(whole), item, IndustryLine(industry_name(shown, item), numbers)))
    return [line for _, _, line in sorted(lines, key=lambda each: each[:2])]


def industry_name(shown: Shown, code: str) -> Text:
    """The division of GB/T 4754 with its code."""
    if not code:
        return shown.names.say("publish.drivers.no_industry")
    return shown.names.industry(code)


def sentence_of(shown: Shown, total: dict[str, Row]) -> Text:
    """One sentence: how the total moved, what moved it most, and which of scale, structure and efficiency led."""
    say, word = shown.names.say, shown.names.word
    change = total["change"]["share"]
    if change is None:
        return say("publish.drivers.no_base")
    shares = _grouped({name: row["share"] or 0.0 for name, row in total.items() if name != "change"})
    sign = 1 if change >= 0 else -1
    order = sorted(shares, key=lambda name: (-sign * shares[name], name))
    main, against = order[0], order[-1]
    values: dict[str, object] = {
        "period": period_of(total["change"]), "base": _base_of(total["change"]), "growth": abs(100 * change),
        "main": word("driver_group", main), "main_points": _points(shares[main]),
        **{name: _points(shares.get(name, 0.0)) for name in LEADING},
    }  # fmt: skip
    direction = "rose" if change >= 0 else "fell"
    parts = [say(f"publish.drivers.{direction}", **values)]
    if sign * shares[against] < 0:
        told = {"against": word("driver_group", against), "points": _points(shares[against])}
        parts.append(say("publish.drivers.against", **told))
    leading = max(LEADING, key=lambda name: sign * shares.get(name, 0.0))
    clear = sign * shares.get(leading, 0.0) > _SMALLEST * abs(change)
    values["leading"] = word("driver_group", leading)
    if not any(shares.get(name) for name in LEADING):
        parts.append(say("publish.drivers.not_split"))
    else:
        parts.append(say(f"publish.drivers.{'leading' if clear else 'none_leading'}", **values))
    if total["change"]["nominal"]:
        parts.append(say("publish.drivers.nominal"))
    english = " ".join(part.en for part in parts)
    return Text(zh="".join(part.zh for part in parts), en=re.sub(r" (?=[,;])", "", english))


def _points(share: float) -> float:
    """Points of growth at the two digits of the sentence; nothing has no sign."""
    return round(100 * share, 2) or 0.0


def _grouped(shares: dict[str, float]) -> dict[str, float]:
    """The drivers by the groups of the sentence; a driver in no group stands for itself."""
    group_of = {name: group for group, names in GROUPS.items() for name in names}
    found: dict[str, float] = defaultdict(float)
    for name, share in shares.items():
        found[group_of.get(name, name)] += share
    return dict(found)


def waterfall_chart(shown: Shown, group: DriverGroup) -> Chart:
    """From the total of the base to that of the year, one step for each driver that moves it; bars where it goes below zero."""
    lines = [line for line in group.lines if line.value.value]
    running, level = [], group.base.value or 0.0
    for line in lines:
        level += line.value.value or 0.0
        running.append(level)
    steps = all(each >= 0 for each in [group.base.value or 0.0, *running])
    ends = [(plain(group.base_period), group.base), (plain(group.period), group.now)]
    moves = [(line.name, line.value) for line in lines]
    drawn = [ends[0], *moves, ends[1]] if steps else moves
    return {
        "kind": "waterfall" if steps else "bar",
        "title": as_texts(group.name),
        "unit": as_texts(group.base.unit),
        "note": as_texts(shown.names.say("publish.drivers.axis")),
        "names": [as_texts(name) for name, _ in drawn],
        "series": [
            {
                "name": as_texts(shown.names.say("publish.label.driver_value")),
                **as_values([number for _, number in drawn]),
            }
        ],
    }


def _base_of(row: Row) -> str:
    return period_text(row["base_start"], row["base_end"])
