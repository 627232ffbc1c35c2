"""Progress, findings, comparison with reported values, factors and methods as they are printed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from greenpark.model.findings import SEVERITIES
from greenpark.model.job import ReportedComparison
from greenpark.model.knowledge import Factor, Method, Source
from greenpark.model.schemes import Target
from greenpark.model.text import Text
from greenpark.publish.naming import NOTHING, Names, cited, plain, source_named
from greenpark.publish.release import Definitions, Release
from greenpark.publish.shown import Number, Row, Shown, number_of, period_of

_ID_SEPARATORS = re.compile(r"[+;,|]\s*")


@dataclass(frozen=True)
class ProgressLine:
    """One target: where it began, where it stands, where it must arrive, and the paces between."""

    reference: str
    pack: Text
    title: Text
    entity: Text
    state: str
    base: Number
    base_period: str
    last: Number
    last_period: str
    goal: Number
    goal_period: str
    pace_so_far: Number
    pace_needed: Number
    pace_planned: Number
    caveats: tuple[Text, ...]
    confidence: str
    source: str

    @property
    def has_values(self) -> bool:
        """Whether any value is known."""
        return any(number.value is not None for number in (self.base, self.last, self.goal))


@dataclass(frozen=True)
class FindingLine:
    """One finding: what is wrong, where, and what to do."""

    reference: str
    severity: str
    stage: str
    rule: str
    message: str
    sentence: Text
    fix: Text
    entity: Text
    subject: str
    about: Text
    period: str
    file: str
    sheet: str
    cell: str
    state: str
    close_by: str
    explanation: str

    @property
    def is_closed(self) -> bool:
        """Whether somebody explained it."""
        return self.state == "closed"


@dataclass(frozen=True)
class Compared:
    """A computed figure beside the one that the source published."""

    entity: Text
    item: Text
    period: str
    computed: Number
    reported: Number
    difference: Number
    relative: Number
    tolerance: Number
    state: str


@dataclass(frozen=True)
class FactorLine:
    """One factor with everything that is known about it."""

    factor: Factor
    set_id: str
    item: Text
    area: Text
    value: Number
    source: Source | None


def progress_lines(shown: Shown) -> list[ProgressLine]:
    """Progress towards the targets of the job, in the order of their packs."""
    packs = shown.names.definitions.targets.items()
    order = {(pack, target.id): place for pack, targets in packs for place, target in enumerate(targets.targets)}
    rows = sorted(shown.progress, key=lambda row: (row["pack"], order.get((row["pack"], row["target"]), len(order))))
    return [_progress_line(shown, row) for row in rows]


def _progress_line(shown: Shown, row: Row) -> ProgressLine:
    names = shown.names
    target = target_of(names.definitions, row["pack"], row["target"])
    targets = names.definitions.targets.get(row["pack"])
    per_year = names.say("publish.per_year")

    def value(column: str) -> Number:
        return number_of(row[column], names.unit(row["unit"]), row["reference"])

    def pace(column: str) -> Number:
        share = row[column]
        return number_of(None if share is None else share * 100, per_year, row["reference"])

    return ProgressLine(
        reference=row["reference"],
        pack=targets.head.title if targets else plain(row["pack"]),
        title=target.title if target else plain(row["target"]),
        entity=names.entity(row["entity"]),
        state=row["state"],
        base=value("base_value"),
        base_period=row["base_period"] or NOTHING,
        last=value("last_value"),
        last_period=row["last_period"] or NOTHING,
        goal=value("goal_value"),
        goal_period=row["goal_period"] or NOTHING,
        pace_so_far=pace("pace_so_far"),
        pace_needed=pace("pace_needed"),
        pace_planned=pace("pace_planned"),
        caveats=tuple(names.caveat(each, row["pack"]) for each in (row["caveats"] or "").split("+") if each),
        confidence=row["confidence"],
        source=target_source(names.definitions, row["pack"], target),
    )


def target_source(definitions: Definitions, pack: str, target: Target | None) -> str:
    """The plan's document and the source of a target."""
    targets = definitions.targets.get(pack)
    if targets is None:
        return target.source if target else ""
    named = source_named(target.source, targets.sources) if target else ""
    return named if targets.document in named else cited(targets.document, named)


def target_of(definitions: Definitions, pack: str, target: str) -> Target | None:
    """The target's definition, if its pack is known."""
    targets = definitions.targets.get(pack)
    return next((each for each in targets.targets if each.id == target), None) if targets else None


def finding_lines(shown: Shown, limit: int | None = None) -> list[FindingLine]:
    """The findings in the order of reports, at most ``limit``, errors before warnings before notes when cut."""
    rows = shown.findings
    if limit is not None and len(rows) > limit:
        rows = sorted(rows, key=_urgency)[:limit]
    return [finding_line(shown.names, row) for row in rows]


def _urgency(row: Row) -> tuple[bool, int, int]:
    return (row["state"] == "closed", SEVERITIES.index(row["severity"]), row["sort_key"])


def finding_line(names: Names, row: Row) -> FindingLine:
    """One finding with its sentences."""
    values = names.filled(json.loads(row["values"] or "{}"))
    return FindingLine(
        reference=row["reference"],
        severity=row["severity"],
        stage=row["stage"],
        rule=row["rule"],
        message=row["message"],
        sentence=names.say(row["message"], **values),
        fix=names.say(f"{row['message']}.fix", **values),
        entity=names.entity(row["entity"]) if row["entity"] else plain(""),
        subject=row["subject"] or "",
        about=names.subject(row["subject"]),
        period=period_of(row) if row["start"] else "",
        file=row["file"] or "",
        sheet=row["sheet"] or "",
        cell=row["cell"] or "",
        state=row["state"],
        close_by=row.get("close_by") or "",
        explanation=row.get("explanation") or "",
    )


def severity_counts(shown: Shown) -> dict[str, int]:
    """How many findings of each severity are open, all severities named."""
    counts = Counter(row["severity"] for row in shown.findings if row["state"] != "closed")
    return {severity: counts[severity] for severity in SEVERITIES}


def closed_count(shown: Shown) -> int:
    """How many findings are closed with an explanation."""
    return sum(row["state"] == "closed" for row in shown.findings)


def comparisons(shown: Shown) -> list[Compared]:
    """Computed against reported figures, as the job asks; figures that have no partner are left out here."""
    found = []
    for wanted in shown.release.job.compare:
        reported = {_partner(row): row for row in shown.figures if row["quantity"] == wanted.reported}
        for row in shown.figures:
            other = reported.get(_partner(row))
            if row["quantity"] == wanted.computed and other is not None:
                found.append(_compared(shown, row, other, wanted))
    return found


def _partner(row: Row) -> tuple[object, ...]:
    return (row["entity"], row["item"], row["start"], row["end"])


def _compared(shown: Shown, row: Row, other: Row, wanted: ReportedComparison) -> Compared:
    names = shown.names
    computed, reported = shown.number(row), shown.number(other)
    difference = relative = None
    if computed.value is not None and reported.value is not None:
        difference = computed.value - reported.value
        relative = difference / reported.value if reported.value else None
    beyond = abs(relative or 0.0) > wanted.tolerance and abs(difference or 0.0) > wanted.absolute
    return Compared(
        entity=names.entity(row["entity"]),
        item=names.item(row["item"]),
        period=period_of(row),
        computed=computed,
        reported=reported,
        difference=number_of(difference, computed.unit, row["reference"]),
        relative=number_of(None if relative is None else relative * 100, plain("%"), row["reference"]),
        tolerance=number_of(wanted.tolerance * 100, plain("%")),
        state="not_comparable" if relative is None else "beyond" if beyond else "within",
    )


def factor_index(definitions: Definitions) -> dict[str, tuple[str, Factor]]:
    """Factors by id and by ``<set>/<id>``, with the id of their set."""
    index: dict[str, tuple[str, Factor]] = {}
    for set_id, factor_set in sorted(definitions.factor_sets.items()):
        for factor in factor_set.factors:
            index.setdefault(factor.id, (set_id, factor))
            index[f"{set_id}/{factor.id}"] = (set_id, factor)
    return index


def split_ids(joined: str | None) -> list[str]:
    """The ids of a cell that may name several."""
    return [part for part in _ID_SEPARATORS.split(joined or "") if part]


def factor_lines(shown: Shown) -> list[FactorLine]:
    """The factors that entered the calculation, by set and id."""
    index = factor_index(shown.names.definitions)
    named = [index[each] for each in _used(shown.release, "factor", shown.release.factors_used) if each in index]
    used = {(set_id, factor.kind, factor.item, factor.id): factor for set_id, factor in named}
    return [factor_line(shown, key[0], used[key]) for key in sorted(used)]


def factor_line(shown: Shown, set_id: str, factor: Factor) -> FactorLine:
    """One factor as it is printed."""
    names = shown.names
    sources = {source.id: source for source in names.definitions.factor_sets[set_id].sources}
    return FactorLine(
        factor=factor,
        set_id=set_id,
        item=names.item(factor.item),
        area=names.area(factor.area),
        value=number_of(factor.value, names.unit(factor.unit)),
        source=sources.get(factor.source),
    )


def methods_used(shown: Shown) -> list[Method]:
    """The methods that entered the calculation, by id."""
    methods = shown.names.definitions.methods
    named = [method_of(each, methods) for each in _used(shown.release, "method", shown.release.methods_used)]
    found = {method.id: method for method in named if method}
    return [found[method] for method in sorted(found)]


def method_of(written: str, methods: Mapping[str, Method]) -> Method | None:
    """The method that a row names by id and version."""
    return methods.get(written) or methods.get(re.split(r"[@:\s]", written, maxsplit=1)[0])


def _used(release: Release, column: str, stated: tuple[str, ...] | None) -> list[str]:
    met = {each for joined in stated or () for each in split_ids(joined)}
    if stated is not None:
        return sorted(met)
    for table in ("emissions", "energy"):
        held = release.tables.get(table)
        for joined in held.column(column).unique().to_pylist() if held is not None else []:
            met.update(split_ids(joined))
    return sorted(met)
