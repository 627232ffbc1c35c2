"""summary.json: the run's totals, indicators, verdicts and progress for machines, with the digits of the report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from greenpark.model.numbers import rounded
from greenpark.publish.internal import internal_of
from greenpark.publish.inventory import Headline, headlines
from greenpark.publish.league import newest_tables
from greenpark.publish.league_written import league_data
from greenpark.publish.release import Release
from greenpark.publish.remarks import ProgressLine, closed_count, progress_lines, severity_counts
from greenpark.publish.report import IndicatorLine, indicator_lines
from greenpark.publish.shown import shown_of
from greenpark.publish.summary_assurance import assurance_of
from greenpark.publish.summary_assurance import number_as_json as _number
from greenpark.publish.summary_ways import ways_of
from greenpark.publish.verdicts import VerdictCard, verdict_cards


def write_summary(release: Release, path: Path) -> None:
    """Write summary.json; keys are sorted, ``release.summary`` adds its keys at the top (and wins over ours)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(summary_of(release), ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def summary_of(release: Release) -> dict[str, Any]:
    """The content of summary.json.

    Raises
    ------
    ValueError
        When a number of ``release.summary`` is not finite.
    """
    shown = shown_of(release)
    totals = headlines(shown)
    return {
        "job": {"id": release.job.id, "title": release.job.title.model_dump()},
        "run": release.run,
        "code_version": release.code_version,
        "invented": release.job.invented,
        "internal": bool(internal_of(shown.names).zh),
        "packs": [
            {"kind": p.kind, "id": p.id, "version": p.version, "hash": p.hash} for p in release.definitions.packs
        ],
        "totals": [_total(total) for total in totals],
        "coverage": [_coverage(total) for total in totals],
        "indicators": [_indicator(line) for line in indicator_lines(shown)],
        "verdicts": [_verdict(card) for card in verdict_cards(shown)],
        "league": league_data(newest_tables(shown), shown.names.say("publish.league.restricted")),
        "progress": [_progress(line) for line in progress_lines(shown)],
        "findings": len(shown.findings),
        "findings_by_severity": severity_counts(shown),
        "findings_closed": closed_count(shown),
        "findings_by_message": dict(Counter(row["message"] for row in shown.findings)),
        **ways_of(shown),
        **assurance_of(shown),
        **_rounded(dict(release.summary)),
    }


def _total(total: Headline) -> dict[str, Any]:
    return {
        "name": total.name.model_dump(),
        "entity": total.entity.zh,
        "period": total.period,
        "variant": total.variant.model_dump(),
        "status": total.number.status,
        "confidence": total.number.confidence,
        "estimated_percent": total.estimated.value,
        "low": total.interval.low.value if total.interval else None,
        "high": total.interval.high.value if total.interval else None,
        "half_width_percent": total.interval.half_width.value if total.interval else None,
        **_number(total.number),
    }


def _coverage(total: Headline) -> dict[str, Any]:
    return {
        "reference": total.number.reference,
        "coverage": total.number.coverage,
        "rows": total.rows,
        "rows_unmatched": total.rows_unmatched,
        "estimated_percent": total.estimated.value,
    }


def _indicator(line: IndicatorLine) -> dict[str, Any]:
    return {
        "name": line.name.model_dump(),
        "entity": line.entity.zh,
        "period": line.period,
        "variant": line.variant.model_dump(),
        "status": line.number.status,
        "confidence": line.number.confidence,
        **_number(line.number),
    }


def _verdict(card: VerdictCard) -> dict[str, Any]:
    return {
        "scheme": card.scheme.model_dump(),
        "entity": card.entity.zh,
        "period": card.period,
        "variant": card.variant.model_dump(),
        "state": card.state,
        "provisional": card.provisional,
        "confidence": card.confidence,
        "score": card.score.value if card.score else None,
        "score_range": [end.value for end in card.span] if card.span else None,
        "criteria": dict(card.counts),
        "reference": card.reference,
    }


def _progress(line: ProgressLine) -> dict[str, Any]:
    return {
        "target": line.title.model_dump(),
        "entity": line.entity.zh,
        "state": line.state,
        "baseline": _number(line.base) | {"period": line.base_period},
        "newest": _number(line.last) | {"period": line.last_period},
        "goal": _number(line.goal) | {"period": line.goal_period},
        "pace_so_far_percent": line.pace_so_far.value,
        "pace_needed_percent": line.pace_needed.value,
        "pace_planned_percent": line.pace_planned.value,
        "confidence": line.confidence,
        "reference": line.reference,
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return rounded(value) if isinstance(value, float) else value
