"""The tables of a release, made of released cells alone: totals, ratios, distribution, and zones where they may be named."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from greenpark.engine.store import RunRecord, Store
from greenpark.measure.growth.arithmetic import growth_of
from greenpark.model.numbers import rounded
from greenpark.model.statistics import Asked
from greenpark.model.text import Text
from greenpark.model.time import Period
from greenpark.pipeline.statistics.cells import Cells, confidence_marks, percent
from greenpark.pipeline.statistics.contributing import Number
from greenpark.pipeline.statistics.pairs import QUANTILES, members_of, pairs_of, ratio_name, ratio_unit
from greenpark.pipeline.statistics.releasing import (
    Protection,
    number_name,
    ordered_places,
    place_names,
    records_of,
)
from greenpark.publish.confidentiality import Spread, read_spreads, record_spread, released_spread
from greenpark.publish.confidentiality.contributions import Place
from greenpark.publish.shown import number_of
from greenpark.publish.statistics import Released, StatTable

_MOST_MEMBERS = 400  # the attack on percentiles solves two programmes for each


def release_of(protection: Protection, asked: Asked, record: RunRecord, store: Store) -> Released:
    """Everything that is published, with an explanation of each number that leads to released cells only."""
    cells, explained = _cells(protection, record)
    ratios = _ratios(protection, asked)
    spread = _spread(protection, asked, store)
    tables = [cells, ratios, spread, _withheld(protection)]
    if asked.unrestricted:
        tables.append(_league(protection, ratios))
    say = protection.read.names.say
    remarks = [say("statistics.released", rule=protection.rule.title)]
    if protection.rule.confidence == "low":
        remarks.append(say("statistics.rule_provisional"))
    remarks.append(
        say("statistics.unrestricted", reason=asked.unrestricted) if asked.unrestricted else say("statistics.no_league")
    )
    if protection.read.invented:
        remarks.append(say("publish.invented_note"))
    title = protection.read.title
    return Released(title, tuple(remarks), tuple(each for each in tables if each.rows), explained, asked.unrestricted)


def reference_of(number: Number, period: Period, place: Place) -> str:
    """The reference of a released cell; withheld cells have none."""
    digest = hashlib.sha256("\x1f".join((*number, str(period), *place)).encode()).hexdigest()
    return f"R-{digest[:12]}"


def _cells(protection: Protection, record: RunRecord) -> tuple[StatTable, dict[str, dict[str, object]]]:
    lines: list[Cells] = []
    explained: dict[str, dict[str, object]] = {}
    names = protection.read.names
    withheld = names.say("statistics.withheld")
    for number, period in sorted(protection.tables, key=lambda key: (key[0], -key[1].start.toordinal())):
        quantity, variant = number_name(protection, number)
        rows = protection.rows(number, period)
        unit = names.unit(rows[0]["unit"])
        marks = confidence_marks(protection.read, protection.confidence(number, period))
        places = [
            each for each in ordered_places(protection, period) if each in protection.tables[number, period].by_place
        ]
        for place in places:
            where, kind = place_names(protection, place)
            value = protection.value(number, period, place)
            head: Cells = {"quantity": quantity, "variant": variant, "region": where, "industry": kind}
            head |= {"period": str(period), "unit": unit}
            if value is None:
                lines.append({**head, "value": withheld})
                continue
            reference = reference_of(number, period, place)
            base = protection.value(number, period.shifted(-1), place)
            total = protection.value(number, period, _top(protection))
            share = value / total if total and total > 0 else None
            own = {
                "growth": percent(growth_of(rounded(value), None if base is None else rounded(base))),
                "share": percent(share),
                "reference": reference,
                **marks,
            }
            lines.append({**head, "value": number_of(value, unit, reference), **own})
            explained[reference] = {**head, "value": number_of(value, unit), **marks} | {
                "parts": _parts(protection, number, period, place),
                "run": record.id,
                "packs": {name: use.hash for name, use in sorted(record.packs.items())},
            }
    columns = (
        "quantity", "variant", "region", "industry", "period", "value", "unit", "growth", "share", "confidence", "reference",
    )  # fmt: skip
    return StatTable("cells", columns, tuple(lines)), explained


def _withheld(protection: Protection) -> StatTable:
    """How many cells of each number are withheld: for what they say themselves, or so that others stay unknown."""
    lines: list[Cells] = []
    for (number, period), table in sorted(protection.tables.items(), key=lambda each: (each[0][0], each[0][1].start)):
        quantity, variant = number_name(protection, number)
        marks = Counter(cell.mark for cell in table.cells)
        line: Cells = {"quantity": quantity, "variant": variant, "period": str(period), "cells": len(table.cells)}
        primary = marks["few"] + marks["dominated"]
        lines.append({**line, "released": marks[""], "primary": primary, "secondary": marks["secondary"]})
    columns = ("quantity", "variant", "period", "cells", "released", "primary", "secondary")
    return StatTable("withheld", columns, tuple(lines))


def _top(protection: Protection) -> Place:
    return protection.read.boundary, "all"


def _parts(protection: Protection, number: Number, period: Period, place: Place) -> list[str]:
    """The references of the released cells one step below a cell: never of a withheld one."""
    found = []
    for axis, dimension in enumerate(protection.frame.dimensions):
        for child in dimension.children.get(place[axis], ()):
            below = (child, place[1]) if axis == 0 else (place[0], child)
            if protection.value(number, period, below) is not None:
                found.append(reference_of(number, period, below))
    return found


def _ratios(protection: Protection, asked: Asked) -> StatTable:
    """Ratios of released sums by region and industry."""
    lines: list[Cells] = []
    read, period = protection.read, protection.period
    for pair in pairs_of(read, asked):
        above, below, _ = members_of(read, pair, period, [read.boundary])
        numbers = _numbers_of(protection, pair)
        if not above or not below or numbers is None:
            continue
        unit, name = ratio_unit(read, above, below), ratio_name(read, above, below)
        for place in ordered_places(protection, period):
            values = [protection.value(number, period, place) for number in numbers]
            if values[0] is None or values[1] is None or values[1] <= 0:
                continue
            where, kind = place_names(protection, place)
            marks = confidence_marks(read, _worse(protection, numbers, period))
            line: Cells = {"ratio": name, "region": where, "industry": kind, "period": str(period), "unit": unit}
            lines.append({**line, "value": number_of(values[0] / values[1], unit), "place_id": place, **marks})
    return StatTable(
        "released_ratios", ("ratio", "region", "industry", "period", "value", "unit", "confidence"), tuple(lines)
    )


def _worse(protection: Protection, numbers: Sequence[Number], period: Period) -> str:
    found = {protection.confidence(number, period) for number in numbers}
    return next(each for each in ("low", "medium", "high") if each in found)


def _numbers_of(protection: Protection, pair: str) -> tuple[Number, Number] | None:
    """Both numbers of a pair, as they are in the release."""
    found = []
    for text in pair.split("/"):
        quantity, _, variant = text.rstrip("]").partition("[")
        fits = [key[0] for key in protection.tables if key[0][0] == quantity and variant in ("", key[0][1])]
        if not fits:
            return None
        found.append(min(fits))
    return found[0], found[1]


def _spread(protection: Protection, asked: Asked, store: Store) -> StatTable:
    """Percentiles over zones (of a single park: over its units), as far as nobody can be told from them."""
    lines: list[Cells] = []
    read, frame, period = protection.read, protection.frame, protection.period
    members = frame.zones if len(frame.zones) > 1 else (*read.levels("unit"), *read.levels("plant"))
    for pair in pairs_of(read, asked) if len(members) <= _MOST_MEMBERS else ():
        above, below, table = members_of(read, pair, period, members)
        numbers = _numbers_of(protection, pair)
        own = {
            row["entity"]: (row["numerator"] / row["denominator"], row["denominator"])
            for row in table.to_pylist()
            if row["numerator"] is not None and (row["denominator"] or 0) > 0
        }
        if not own or numbers is None:
            continue
        known = frozenset(each for each in own if _is_released(protection, numbers, _place_of(protection, each)))
        key = f"{pair}|{period}"
        found = released_spread(
            own, QUANTILES, asked.limit, protection.rule, known=known, sums=_groups(protection, numbers, own),
            earlier=read_spreads(records_of(store), key),
        )  # fmt: skip
        record_spread(records_of(store), key, found)
        lines.append(_spread_line(protection, found, ratio_name(read, above, below), ratio_unit(read, above, below)))
    columns = ("ratio", "period", "unit", "members", *(f"q{round(100 * q)}" for q in QUANTILES), "limit", "share_below")
    return StatTable("released_spread", columns, tuple(lines))


def _spread_line(protection: Protection, spread: Spread, name: Text, unit: Text) -> Cells:
    withheld = protection.read.names.say("statistics.withheld")
    known = dict(spread.quantiles)
    line: Cells = {"ratio": name, "period": str(protection.period), "unit": unit, "members": len(spread.members)}
    for q in QUANTILES:
        line[f"q{round(100 * q)}"] = number_of(known[q], unit) if q in known else withheld
    if spread.limit is not None:
        line["limit"] = number_of(spread.limit, unit)
        line["share_below"] = withheld if spread.below is None else percent(spread.below / len(spread.members))
    return line


def _place_of(protection: Protection, entity: str) -> Place:
    """The cell that holds a member alone, if there is one."""
    return (entity, "all") if entity in protection.frame.zones else (protection.read.boundary, entity)


def _is_released(protection: Protection, numbers: Sequence[Number], place: Place) -> bool:
    return all(protection.value(number, protection.period, place) is not None for number in numbers)


def _groups(protection: Protection, numbers: Sequence[Number], own: dict[str, tuple[float, float]]) -> list[list[str]]:
    """The groups of members whose numerators and denominators are released in sum."""
    frame, groups = protection.frame, []
    for place in ordered_places(protection, protection.period):
        if not _is_released(protection, numbers, place):
            continue
        inside = [each for each in sorted(own) if _is_inside(protection, each, place)]
        if inside and (len(frame.zones) == 1 or place[1] == "all"):
            groups.append(inside)
    return groups


def _is_inside(protection: Protection, member: str, place: Place) -> bool:
    frame = protection.frame
    zone = frame.zone_of[member]
    industry = frame.kind_of(member)
    in_region = place[0] in frame.region.above(frame.area_of.get(zone, "rest"))
    return in_region and (place[1] == "all" or (len(frame.zones) == 1 and industry == place[1]))


def _league(protection: Protection, ratios: StatTable) -> StatTable:
    """Zones by their released ratios, lowest first; a zone whose ratio is withheld has no rank."""
    zones = set(protection.frame.zones)
    rows = [row for row in ratios.rows if _zone_in(row) in zones]
    lines: list[Cells] = []
    for name in dict.fromkeys(str(row["ratio"]) for row in rows):
        own = sorted((row for row in rows if str(row["ratio"]) == name), key=_size)
        sizes = [_size(row) for row in own]
        lines += [{**row, "rank": sizes.index(_size(row)) + 1, "entity": row["region"]} for row in own]
    columns = ("ratio", "period", "rank", "entity", "value", "unit", "confidence")
    return StatTable("league", columns, tuple(lines))


def _zone_in(row: object) -> str:
    place = row["place_id"]  # type: ignore[index]  # a line of the table of ratios
    return place[0] if place[1] == "all" else ""


def _size(row: object) -> float:
    return row["value"].value  # type: ignore[index,no-any-return]  # a line of the table of ratios
