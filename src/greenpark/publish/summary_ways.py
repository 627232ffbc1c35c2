"""The keys of summary.json on what follows from verdicts: the way to passing, peers, readiness for programmes."""

from __future__ import annotations

from typing import Any

from greenpark.publish.gaps import GapGroup, GapLine, gap_groups
from greenpark.publish.peers import peer_data, peer_lines
from greenpark.publish.programmes import ReadinessLine, readiness_lines
from greenpark.publish.shown import Shown


def ways_of(shown: Shown) -> dict[str, Any]:
    """Three keys; a table that the run did not fill gives an empty list."""
    return {
        "gaps": [_gap(group) for group in gap_groups(shown)],
        "peers": {
            "remark": shown.names.say("gaps.peers_restricted").model_dump(),
            "lines": peer_data(peer_lines(shown, parks=shown.focus)),
        },
        "readiness": [_readiness(line) for line in readiness_lines(shown)],
    }


def _gap(group: GapGroup) -> dict[str, Any]:
    return {
        "scheme": group.scheme.model_dump(),
        "entity": group.entity.zh,
        "period": group.period,
        "variant": group.variant.model_dump(),
        "state": group.state,
        "provisional": group.provisional,
        "smallest_set": [line.node for line in group.lines if line.cheapest],
        "smallest_set_percent": group.cost.value,
        "criteria": [_criterion(line) for line in group.lines],
        "open_conditions": [each.model_dump() for each in group.open_conditions],
    }


def _criterion(line: GapLine) -> dict[str, Any]:
    return {
        "criterion": line.node,
        "name": line.name.model_dump(),
        "status": line.status,
        "value": line.value.value,
        "target": line.target.value,
        "unit": line.value.unit.zh,
        "relative_percent": line.relative.value,
        "worth_of_one_percent": line.worth.value,
        "worth_of_target": line.worth_full.value,
        "missing": line.missing.model_dump(),
        "reason": line.reason.model_dump(),
        "provisional": line.provisional,
        "levers": [
            {
                "quantity": each.quantity.model_dump(),
                "value": each.value.value,
                "needed": each.needed.value,
                "unit": each.value.unit.zh,
                "relative_percent": each.relative.value,
                "status": each.status,
            }
            for each in line.levers
        ],
    }


def _readiness(line: ReadinessLine) -> dict[str, Any]:
    return {
        "programme": line.programme.model_dump(),
        "scheme": line.scheme.model_dump(),
        "entity": line.entity.zh,
        "period": line.period,
        "state": line.state,
        "provisional": line.provisional,
        "criteria_met": line.met,
        "criteria_not_met": line.not_met,
        "criteria_missing": line.missing,
        "conditions_not_met": line.conditions_not_met,
        "conditions_open": line.conditions_open,
        "score": line.score.value if line.score else None,
        "score_range": [each.value for each in line.span] if line.span else None,
        "in_force": line.in_force,
        "title_stage": line.stage,
        "reason": line.reason.model_dump(),
        "confidence": line.confidence,
    }
