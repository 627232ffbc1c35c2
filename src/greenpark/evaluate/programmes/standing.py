"""The stage that each holder of a title has reached as of a day: a register of events is read, none is changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from greenpark.engine.shape import Arrow, arrow_rows
from greenpark.model.programmes import STAGES, STANDINGS, Designation, days_of

POSSIBLE, LAPSED = "possible", "lapsed"
# What no longer stands.
ENDED = ("withdrawn", LAPSED)
# The level under which a whole zone stands where a part of it has the title too.
_WHOLE = "zone"


def title_standings(register: Iterable[Designation], as_of: date) -> Arrow:
    """One row for each programme and holder that had, or may have had, a stage of it on the day.

    An event counts from the last day on which it can have happened. Where only a looser date is known that begins by
    the day, the stage is ``possible``. A title past its ``until`` is ``lapsed``. A sub-park counts for its zone.

    Returns
    -------
    Arrow
        The table ``standings``, sorted by programme and holder.
    """
    events: dict[tuple[str, str], list[Designation]] = {}
    for each in register:
        if days_of(each.when)[0] <= as_of:
            events.setdefault((each.programme, each.key), []).append(each)
    return arrow_rows([_standing(events[key], as_of) for key in sorted(events)], STANDINGS, ())


def _standing(events: list[Designation], as_of: date) -> dict[str, Any]:
    certain = [each for each in events if days_of(each.when)[1] <= as_of]
    newest = _newest(certain or events)
    stage: str = newest.stage if certain else POSSIBLE
    if certain and newest.until and newest.until <= as_of and stage != ENDED[0]:
        stage = LAPSED
    # An event of which nobody knows whether it had happened leaves the stage as it was, but not certain.
    unsure = len(certain) < len(events)
    return {
        "programme": newest.programme, "holder": newest.key, "name": newest.holder, "level": _level(events),
        "stage": stage, "date": newest.when or None, "batch": newest.batch or None, "document": newest.document or None,
        "result": newest.result or None, "until": newest.until, "source": newest.source,
        "provisional": unsure or newest.confidence == "low", "confidence": newest.confidence,
    }  # fmt: skip


def _newest(events: list[Designation]) -> Designation:
    """The furthest stage; a withdrawal ends all before it, and only what came after it counts again."""
    withdrawn = max((each for each in events if each.stage == ENDED[0]), key=_order, default=None)
    ended = days_of(withdrawn.when)[1] if withdrawn else date.min
    later = [each for each in events if each.stage != ENDED[0] and (not withdrawn or days_of(each.when)[0] > ended)]
    return max(later, key=_order) if later or withdrawn is None else withdrawn


def _order(each: Designation) -> tuple[int, date, str]:
    return STAGES.index(each.stage), days_of(each.when)[1], each.id


def _level(events: list[Designation]) -> str:
    levels = [each.level for each in events]
    return _WHOLE if _WHOLE in levels else levels[0]
