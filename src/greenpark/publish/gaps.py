"""The way to passing as it is printed: sheets of the workbook, lines of the terminal, rows of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from greenpark.model.text import Language, Text
from greenpark.publish.criteria import node_title
from greenpark.publish.excel_layout import Cells, Layout, SheetContent, both, sheet_of
from greenpark.publish.naming import Names, plain
from greenpark.publish.shown import Number, Row, Shown, number_of, period_of

_GAPS: Layout = (
    ("scheme", 34), ("entity", 24), ("period", 12), ("variant", 22), ("criterion", 40), ("role", 12), ("gap_status", 18),
    ("value", 18), ("target", 18), ("unit", 14), ("change", 18), ("relative_change", 16), ("cheapest", 14), ("worth", 18),
    ("worth_full", 18), ("missing", 50), ("gap_method", 18), ("reason", 50), ("provisional", 12), ("confidence", 12),
)  # fmt: skip
_LEVERS: Layout = (
    ("scheme", 34), ("entity", 24), ("period", 12), ("variant", 22), ("criterion", 40), ("lever", 36), ("value", 20),
    ("needed", 20), ("unit", 14), ("change", 20), ("relative_change", 16), ("lever_status", 24), ("gap_method", 18),
)  # fmt: skip
_SHOWN = ("gap", "no_change_found", "missing", "undefined")


@dataclass(frozen=True)
class GapLine:
    """One criterion or condition in the way, with its levers."""

    node: str
    name: Text
    status: str
    value: Number
    target: Number
    relative: Number
    cheapest: bool
    worth: Number
    worth_full: Number
    missing: Text
    reason: Text
    provisional: bool
    levers: tuple[LeverLine, ...]


@dataclass(frozen=True)
class LeverLine:
    """What one quantity alone would have to be."""

    quantity: Text
    value: Number
    needed: Number
    relative: Number
    status: str


@dataclass(frozen=True)
class GapGroup:
    """The way to passing of one park under one variant of a scheme."""

    scheme: Text
    entity: Text
    period: str
    variant: Text
    state: str
    provisional: bool
    cost: Number
    lines: tuple[GapLine, ...]
    open_conditions: tuple[Text, ...]

    @property
    def cheapest(self) -> tuple[Text, ...]:
        """The criteria of the cheapest set."""
        return tuple(line.name for line in self.lines if line.cheapest)

    @property
    def evidence(self) -> tuple[GapLine, ...]:
        """The criteria that wait for evidence."""
        return tuple(line for line in self.lines if line.status == "missing")


def gap_groups(shown: Shown, tables: Mapping[str, Any] | None = None) -> list[GapGroup]:
    """One group for each scheme, park, year and variant, in that order; from a release, or from tables at hand."""
    held = tables or shown.release.tables
    if held.get("gaps") is None:
        return []
    levers: dict[tuple[object, ...], list[Row]] = {}
    for row in held["levers"].to_pylist():
        levers.setdefault((*_key(row), row["node"]), []).append(row)
    grouped: dict[tuple[object, ...], list[Row]] = {}
    for row in held["gaps"].to_pylist():
        grouped.setdefault(_key(row), []).append(row)
    return [_group(shown, rows, levers) for rows in grouped.values()]


def _title(names: Names, scheme: str, node: str) -> Text:
    """The title of a criterion, or what else the node is called."""
    known = names.definitions.schemes.get(scheme)
    if known and any(each.id == node for each in known.criteria):
        title = names.criterion(node, scheme)
        return Text(zh=f"{node} {title.zh}", en=f"{node} {title.en}")
    return node_title(names, known, node)


def _key(row: Row) -> tuple[object, ...]:
    return row["scheme"], row["entity"], row["start"], row["end"], row["variant"]


def _group(shown: Shown, rows: list[Row], levers: Mapping[tuple[object, ...], list[Row]]) -> GapGroup:
    names = shown.names
    verdict = next(row for row in rows if row["node"] == "verdict")
    lines = [_line(shown, row, levers.get((*_key(row), row["node"]), [])) for row in rows if row["status"] in _SHOWN]
    scheme = names.definitions.schemes.get(verdict["scheme"])
    waiting = [row for row in rows if row["status"] == "open" and row["node"] != "verdict"]
    return GapGroup(
        scheme=names.scheme(verdict["scheme"]),
        entity=names.entity(verdict["entity"]),
        period=period_of(verdict),
        variant=names.variant(verdict["variant"]),
        state=verdict["state"],
        provisional=verdict["provisional"],
        cost=_percent(names, verdict["relative"]),
        lines=tuple(line for line in lines if line.node != "verdict"),
        open_conditions=tuple(node_title(names, scheme, row["node"]) for row in waiting),
    )


def _line(shown: Shown, row: Row, levers: Iterable[Row]) -> GapLine:
    names = shown.names
    unit = names.unit(row["unit"])
    missing = [names.quantity(each) for each in (row["missing"] or "").split("+") if each]
    return GapLine(
        node=row["node"],
        name=_title(names, row["scheme"], row["node"]),
        status=row["status"],
        value=number_of(row["value"], unit),
        target=number_of(row["target"], unit),
        relative=_percent(names, row["relative"]),
        cheapest=bool(row["cheapest"]),
        worth=number_of(row["worth"], plain("")),
        worth_full=number_of(row["worth_full"], plain("")),
        missing=Text(zh="、".join(each.zh for each in missing), en=", ".join(each.en for each in missing)),
        reason=names.reason(row["reason"], row["detail"], row["scheme"]),
        provisional=row["provisional"],
        levers=tuple(_lever(names, each) for each in levers),
    )


def _lever(names: Names, row: Row) -> LeverLine:
    unit = names.unit(row["unit"])
    return LeverLine(
        quantity=names.quantity(row["quantity"]),
        value=number_of(row["value"], unit),
        needed=number_of(row["needed"], unit),
        relative=_percent(names, row["relative"]),
        status=row["status"],
    )


def _percent(names: Names, fraction: float | None) -> Number:
    return number_of(None if fraction is None else 100 * fraction, names.unit("%"))


def gap_text(shown: Shown, groups: Iterable[GapGroup], language: Language) -> list[str]:
    """The groups line by line."""
    told: list[str] = []
    for group in groups:
        told += [each.in_language(language) for each in _told(shown.names, group)]
    return told


def _told(names: Names, group: GapGroup) -> Iterable[Text]:
    variant = Text(zh=f"（{group.variant.zh}）", en=f" ({group.variant.en})") if group.variant.zh else plain("")
    mark = names.say("programmes.provisional_mark") if group.provisional else plain("")
    yield names.say(
        "gaps.head", scheme=group.scheme, entity=group.entity, period=group.period, variant=variant,
        state=names.word("state", group.state), mark=mark,
    )  # fmt: skip
    if group.cheapest:
        cost = group.cost.text
        yield names.say("gaps.cheapest", criteria=list(group.cheapest), count=len(group.cheapest), cost=cost)
    elif group.state == "not_met":
        yield names.say("gaps.no_way")
    for line in group.lines:
        yield from _line_told(names, line)
    if group.open_conditions:
        yield names.say("gaps.open", conditions=list(group.open_conditions))


def _line_told(names: Names, line: GapLine) -> Iterable[Text]:
    values: dict[str, object] = {
        "name": line.name, "value": line.value.text, "target": line.target.text, "unit": line.value.unit,
        "relative": line.relative.text, "missing": line.missing, "reason": line.reason,
    }  # fmt: skip
    yield names.say(f"gaps.line.{line.status}", **values)
    if line.worth.value is not None or line.worth_full.value is not None:
        yield names.say("gaps.worth", worth=line.worth.text, full=line.worth_full.text)
    for lever in line.levers:
        yield names.say(
            f"gaps.lever.{lever.status}", quantity=lever.quantity, value=lever.value.text, needed=lever.needed.text,
            unit=lever.value.unit, relative=lever.relative.text,
        )  # fmt: skip


def what_if_text(
    shown: Shown, scheme: str, indicators: Mapping[str, tuple[float | None, float]],
    nodes: Mapping[str, tuple[Row, Row]], undefined: Iterable[str], left: Iterable[str], language: Language,
) -> list[str]:  # fmt: skip
    """What the changed quantities would do: indicators, then criteria and verdict, before and after."""
    names = shown.names
    told = [names.say("gaps.what_if")]
    for name, (before, after) in indicators.items():
        unit = names.unit(names.definitions.indicators[name].unit)
        numbers = [number_of(each, unit).text for each in (before, after)]
        told.append(
            names.say("gaps.indicator", name=names.indicator(name), before=numbers[0], after=numbers[1], unit=unit)
        )
    for node, pair in nodes.items():
        states = [names.word("state", row["state"]) for row in pair]
        scores = [number_of(row["score"], plain("")).text for row in pair]
        values = {"name": _title(names, scheme, node), "before": states[0], "after": states[1]}
        if pair[0]["score"] is None and pair[1]["score"] is None:
            told.append(names.say("gaps.node", **values))
        else:
            told.append(names.say("gaps.node_scored", **values, score_before=scores[0], score_after=scores[1]))
    told += [names.say("gaps.undefined", name=names.indicator(name)) for name in undefined]
    told += [names.say("gaps.left", name=names.indicator(name)) for name in left]
    if not indicators and not nodes:
        told.append(names.say("gaps.nothing_changes"))
    return [each.in_language(language) for each in told]


def gap_sheets(shown: Shown, tables: Mapping[str, Any] | None = None) -> list[SheetContent]:
    """Gaps and levers as two sheets, where there are any."""
    held = tables or shown.release.tables
    if held.get("gaps") is None or not held["gaps"].num_rows:
        return []
    found = [sheet_of(shown, "gaps", _GAPS, [_gap_cells(shown, row) for row in held["gaps"].to_pylist()])]
    if held["levers"].num_rows:
        levers = [_lever_cells(shown, row) for row in held["levers"].to_pylist()]
        found.append(sheet_of(shown, "levers", _LEVERS, levers))
    return found


def _gap_cells(shown: Shown, row: Row) -> Cells:
    names, line = shown.names, _line(shown, row, ())
    unit = names.unit(row["unit"])
    cheapest = "" if row["cheapest"] is None else both(names.word("yes_no", "yes" if row["cheapest"] else "no"))
    return (
        *_subject_cells(shown, row), both(names.word("role", row["role"])) if row["role"] else "",
        both(names.word("gap_status", row["status"])), line.value, line.target, both(unit),
        number_of(row["change"], unit), line.relative, cheapest, line.worth, line.worth_full, both(line.missing),
        both(names.word("gap_method", row["method"])) if row["method"] else "", both(line.reason),
        both(names.say("publish.label.provisional")) if row["provisional"] else "",
        both(names.word("confidence", row["confidence"])),
    )  # fmt: skip


def _lever_cells(shown: Shown, row: Row) -> Cells:
    names, line = shown.names, _lever(shown.names, row)
    unit = names.unit(row["unit"])
    return (
        *_subject_cells(shown, row), both(line.quantity), line.value, line.needed, both(unit),
        number_of(row["change"], unit), line.relative, both(names.word("lever_status", row["status"])),
        both(names.word("gap_method", row["method"])) if row["method"] else "",
    )  # fmt: skip


def _subject_cells(shown: Shown, row: Row) -> Cells:
    names = shown.names
    return (
        both(names.scheme(row["scheme"])), both(names.entity(row["entity"])), period_of(row),
        both(names.variant(row["variant"])), both(_title(names, row["scheme"], row["node"])),
    )  # fmt: skip
