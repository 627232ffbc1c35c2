"""How many distinct zones hold each title as of a day, beside the number that was published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from greenpark.engine.shape import Arrow, arrow_rows
from greenpark.evaluate.programmes.standing import ENDED, POSSIBLE, title_standings
from greenpark.model.programmes import (
    STAGES,
    TALLIES,
    Designation,
    Programme,
    PublishedCount,
    ZoneGroup,
    days_of,
)

_COUNTED = ("approved", "named", "reviewed")


def title_counts(
    register: Sequence[Designation], programmes: Iterable[Programme], groups: Iterable[ZoneGroup],
    published: Sequence[PublishedCount], zones: Collection[str], as_of: date,
) -> Arrow:  # fmt: skip
    """Distinct zones by stage, for each programme and group that has a title or a published number by the day.

    A group whose ids begin with something counts zones of the list; a group without counts every holder. The published
    number is the last total by the day; ``reached`` counts who had come to its stage by its own date, so that both speak
    of the same day. Numbers of one batch (``new``) are no total and stand beside nothing.

    Parameters
    ----------
    zones
        The zone ids of the places packs.
    """
    standings = title_standings(register, as_of).to_pylist()
    rows = []
    for programme in sorted(programmes, key=lambda each: each.id):
        for group in sorted(groups, key=lambda each: each.id):
            own = [
                row for row in standings if row["programme"] == programme.id and _inside(row["holder"], group, zones)
            ]
            told = _last_total(published, programme.id, group.id, as_of)
            if own or told:
                rows.append(
                    _tally(own) | _beside(told, register, group, zones) | {"programme": programme.id, "group": group.id}
                )
    return arrow_rows(rows, TALLIES, ())


def _inside(holder: str, group: ZoneGroup, zones: Collection[str]) -> bool:
    return not group.begins or (holder in zones and holder.startswith(group.begins))


def _tally(own: list[Mapping[str, Any]]) -> dict[str, int]:
    stages = [row["stage"] for row in own]
    holding = [row for row in own if row["stage"] in _COUNTED]
    return {
        **{stage: stages.count(stage) for stage in (*_COUNTED, POSSIBLE)},
        "withdrawn": sum(stages.count(stage) for stage in ENDED),
        "holding": len(holding),
        "low": sum(row["confidence"] == "low" for row in holding),
    }


def _last_total(published: Sequence[PublishedCount], programme: str, group: str, as_of: date) -> PublishedCount | None:
    """The last total of a programme that speaks of a day not after ``as_of``."""
    known = [
        each
        for each in published
        if (each.programme, each.group, each.counts) == (programme, group, "total") and days_of(each.when)[1] <= as_of
    ]
    return max(known, key=lambda each: (days_of(each.when)[1], each.id), default=None)


def _beside(
    told: PublishedCount | None, register: Sequence[Designation], group: ZoneGroup, zones: Collection[str]
) -> dict[str, object]:
    """The published number, and how many of the register had reached its stage on its day."""
    if told is None:
        empty = ("published", "published_date", "published_stage", "reached", "difference", "source", "confidence")
        return dict.fromkeys(empty)
    then = title_standings(register, days_of(told.when)[1]).to_pylist()
    least = STAGES.index(told.stage)
    reached = sum(
        row["programme"] == told.programme
        and row["stage"] in _COUNTED
        and STAGES.index(row["stage"]) >= least
        and _inside(row["holder"], group, zones)
        for row in then
    )
    return {
        "published": told.count, "published_date": told.when, "published_stage": told.stage, "reached": reached,
        "difference": told.count - reached, "source": told.source, "confidence": told.confidence,
    }  # fmt: skip
