"""The report's content: everything the page prints, drawn from one release and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from greenpark.model.knowledge import Method
from greenpark.model.text import LANGUAGES, Text
from greenpark.publish.charts import Chart, comparison_chart, grid_chart, progress_chart
from greenpark.publish.charts_assurance import completeness_chart, doubt_chart, growth_chart
from greenpark.publish.completeness import Completeness, completeness_of
from greenpark.publish.drivers import DriverGroup, driver_groups, waterfall_chart
from greenpark.publish.explain import Explainer
from greenpark.publish.explain_rows import Step
from greenpark.publish.gaps import GapGroup, gap_groups
from greenpark.publish.growth import DETAILED, GrowthGroup, growth_groups
from greenpark.publish.inventory import (
    FOCUS_LIMIT,
    INVENTORY_FAMILIES,
    Grid,
    Headline,
    both_bases,
    breakdowns,
    by_unit,
    headlines,
    monthly,
    yearly,
)
from greenpark.publish.league import LeagueTable, newest_tables
from greenpark.publish.peers import PEER_LIMIT, PeerLine, peer_lines
from greenpark.publish.programmes import READINESS_LIMIT, ReadinessLine, readiness_lines
from greenpark.publish.remarks import (
    Compared,
    FactorLine,
    FindingLine,
    ProgressLine,
    closed_count,
    comparisons,
    factor_lines,
    finding_lines,
    methods_used,
    progress_lines,
    severity_counts,
)
from greenpark.publish.shown import Number, Row, Shown, is_month, is_year, newest, number_of, period_of
from greenpark.publish.signing import Signing, signing
from greenpark.publish.uncertainty import DoubtGroup, doubt_groups
from greenpark.publish.verdicts import SchemeReport, scheme_reports

FINDING_LIMIT = 800
COMPARISON_LIMIT = 60
INDICATOR_LIMIT = 300


@dataclass(frozen=True)
class EntityInventory:
    """The inventory of one entity of the focus."""

    entity: Text
    by_year: list[Grid]
    bases: Grid | None
    breakdowns: list[Grid]
    units: list[Grid]
    months: list[Grid]
    other: list[Grid]


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator in its newest period."""

    name: Text
    scheme: Text
    entity: Text
    period: str
    variant: Text
    number: Number
    missing: Text


@dataclass(frozen=True)
class CoverageLine:
    """How much of the observations a total rests on."""

    headline: Headline
    share: Number


@dataclass(frozen=True)
class Report:
    """All sections of the report."""

    headlines: list[Headline]
    explanations: list[tuple[Headline, Step, Step]]
    coverage: list[CoverageLine]
    schemes: list[SchemeReport]
    league: list[LeagueTable]
    indicators: list[IndicatorLine]
    indicators_left_out: int
    inventories: list[EntityInventory]
    progress: list[ProgressLine]
    comparisons: list[Compared]
    comparisons_left_out: int
    findings: list[FindingLine]
    findings_left_out: int
    severities: dict[str, int]
    factors: list[FactorLine]
    methods: list[Method]
    growth: list[GrowthGroup]
    drivers: list[DriverGroup]
    doubts: list[DoubtGroup]
    completeness: Completeness | None
    signing: Signing
    closed: int
    gaps: list[GapGroup]
    peers: list[PeerLine]
    peers_left_out: int
    readiness: list[ReadinessLine]
    readiness_left_out: int
    charts: dict[str, Chart]


def build_report(shown: Shown) -> Report:
    """The report of a release."""
    totals = headlines(shown)
    compared = sorted(comparisons(shown), key=lambda line: (line.state != "beyond", -abs(line.difference.value or 0.0)))
    inventories = [_inventory(shown, entity) for entity in shown.focus[:FOCUS_LIMIT]]
    progress = progress_lines(shown)
    indicators = indicator_lines(shown)
    findings = finding_lines(shown, FINDING_LIMIT)
    readiness = readiness_lines(shown)
    peers = peer_lines(shown, parks=shown.focus)
    growth, doubts, complete = growth_groups(shown), doubt_groups(shown), completeness_of(shown)
    charts = _charts(shown, inventories, progress, compared)
    charts |= {group.id: growth_chart(shown, group) for group in growth[:DETAILED] if group.drawable}
    drivers = driver_groups(shown)
    charts |= {group.id: waterfall_chart(shown, group) for group in drivers if group.change.value.value}
    charts |= {group.id: doubt_chart(shown, group) for group in doubts if len(group.sources) > 1}
    charts |= {"completeness": completeness_chart(shown, complete)} if complete else {}
    return Report(
        headlines=totals,
        explanations=[_explained(shown, total) for total in totals],
        coverage=[_coverage(total) for total in totals if total.rows],
        schemes=list(scheme_reports(shown)),
        league=newest_tables(shown),
        indicators=indicators[:INDICATOR_LIMIT],
        indicators_left_out=max(0, len(indicators) - INDICATOR_LIMIT),
        inventories=inventories,
        progress=progress,
        comparisons=compared[:COMPARISON_LIMIT],
        comparisons_left_out=max(0, len(compared) - COMPARISON_LIMIT),
        findings=findings,
        findings_left_out=len(shown.findings) - len(findings),
        severities=severity_counts(shown),
        factors=factor_lines(shown),
        methods=methods_used(shown),
        growth=growth,
        drivers=drivers,
        doubts=doubts,
        completeness=complete,
        signing=signing(shown),
        closed=closed_count(shown),
        gaps=gap_groups(shown),
        peers=peers[:PEER_LIMIT],
        peers_left_out=max(0, len(peers) - PEER_LIMIT),
        readiness=readiness[:READINESS_LIMIT],
        readiness_left_out=max(0, len(readiness) - READINESS_LIMIT),
        charts=charts,
    )


def _inventory(shown: Shown, entity: str) -> EntityInventory:
    return EntityInventory(
        entity=shown.names.entity(entity),
        by_year=yearly(shown, entity, INVENTORY_FAMILIES),
        bases=both_bases(shown, entity),
        breakdowns=breakdowns(shown, entity),
        units=by_unit(shown, entity),
        months=monthly(shown, entity),
        other=yearly(shown, entity, None),
    )


def _explained(shown: Shown, total: Headline) -> tuple[Headline, Step, Step]:
    reference = total.number.reference
    zh, en = (Explainer(shown.lookup, shown.names, language).step_of(reference) for language in LANGUAGES)
    return total, zh, en


def _coverage(total: Headline) -> CoverageLine:
    share = 100 * (total.rows - total.rows_unmatched) / total.rows
    return CoverageLine(total, number_of(share, Text(zh="%", en="%"), total.number.reference))


def indicator_lines(shown: Shown) -> list[IndicatorLine]:
    """The indicators of the focus in their newest period."""
    focus = set(shown.focus) & {row["entity"] for row in shown.indicators} or {
        row["entity"] for row in shown.indicators
    }
    rows = [row for row in shown.indicators if row["entity"] in focus and not is_month(row)]
    period = newest([row for row in rows if is_year(row)] or rows)
    return [_indicator_line(shown, row) for row in rows if period_of(row) == period]


def _indicator_line(shown: Shown, row: Row) -> IndicatorLine:
    names = shown.names
    missing = [names.quantity(each) for each in (row["missing"] or "").split("+") if each]
    return IndicatorLine(
        name=names.indicator(row["indicator"]),
        scheme=names.scheme(row["indicator"].partition(".")[0]),
        entity=names.entity(row["entity"]),
        period=period_of(row),
        variant=names.variant(row["variant"]),
        number=shown.number(row),
        missing=Text(zh="、".join(text.zh for text in missing), en=", ".join(text.en for text in missing)),
    )


def _charts(
    shown: Shown, inventories: list[EntityInventory], progress: list[ProgressLine], compared: list[Compared]
) -> dict[str, Chart]:
    charts: dict[str, Chart] = {}
    for inventory in inventories:
        grids = [
            *inventory.breakdowns,
            *inventory.units,
            *inventory.months,
            *([inventory.bases] if inventory.bases else []),
        ]
        charts.update({grid.id: grid_chart(grid) for grid in grids if grid.drawable})
    say = shown.names.say
    words = (say("publish.baseline"), say("publish.newest"), say("publish.goal"))
    for line in progress:
        if line.base.value is not None and line.goal.value is not None:
            charts[f"progress-{line.reference}"] = progress_chart(line, words)
    if compared:
        title, computed, reported = (say(f"publish.{word}") for word in ("comparison", "computed", "reported"))
        charts["comparison"] = comparison_chart(title, computed, reported, compared)
    return charts
