"""How ready each park is for each programme: the verdict of the programme's schemes, and what stands in its way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.engine.shape import Arrow, arrow_rows
from greenpark.evaluate.programmes.standing import ENDED, POSSIBLE, title_standings
from greenpark.model.programmes import READINESS, Designation, Programme
from greenpark.model.schemes import Scheme
from greenpark.model.tables import SCORES

_SUBJECT = ["scheme", "entity", "start", "end"]
_NOT_ASSESSED = "not_assessed"
# Other readings of an open point are judged beside the verdict, which already says where they differ.
_SWITCH = "switch="
# What is counted: of which nodes, in which state, under which name.
_COUNTS = (
    ("criterion", "met", "criteria_met"), ("criterion", "not_met", "criteria_not_met"),
    ("criterion", "not_evaluable", "criteria_missing"), ("condition", "not_met", "conditions_not_met"),
    ("condition", "not_evaluable", "conditions_open"),
)  # fmt: skip


def programme_readiness(
    scores: Arrow, programmes: Iterable[Programme], schemes: Sequence[Scheme], register: Iterable[Designation],
    parks: Iterable[str], firms: Collection[str] = (),
) -> Arrow:  # fmt: skip
    """One row for each programme, each of its schemes and each park (or factory, or firm) and year.

    Parameters
    ----------
    scores
        The table ``scores``, with or without its run.
    schemes
        All schemes that are known, whether or not they were applied.
    parks
        Entities that get a row, ``not_assessed`` and without a period, for every programme of parks that no verdict speaks
        of.
    firms
        Entities that programmes of factories, products or supply chains are about: they have a row where a scheme of the
        programme was applied to them, and nothing is asked of parks.

    Returns
    -------
    Arrow
        The table ``readiness`` without ``run``. Criteria are counted under the variant with the fewest met, the most not
        met and the most missing, each by itself.
    """
    verdicts = _verdicts(scores)
    known = {each.head.id: each for each in schemes}
    events = list(register)
    rows: list[dict[str, Any]] = []
    for programme in sorted(programmes, key=lambda each: each.id):
        own = programme.kind == "park"
        assessed = [row for row in verdicts if row["scheme"] in programme.schemes and own != (row["entity"] in firms)]
        rows += [_row(programme, row, known[row["scheme"]]) for row in assessed]
        told = {(row["scheme"], row["entity"]) for row in assessed}
        rows += [
            _unassessed(programme, scheme, park)
            for scheme in (*programme.schemes, *(("",) if not programme.schemes else ()))
            for park in (sorted(set(parks) - set(firms)) if own else ())
            if (scheme, park) not in told
        ]
    return arrow_rows(_with_titles(rows, events), READINESS)


def _verdicts(scores: Arrow) -> list[dict[str, Any]]:
    """The verdict of each scheme, park and year over all variants, with its counts."""
    own = scores.filter(pc.invert(pc.match_substring(pc.fill_null(scores.column("variant"), ""), _SWITCH)))
    verdicts = own.filter(
        pc.and_(pc.equal(own.column("kind"), "verdict"), pc.equal(pc.fill_null(own.column("variant"), ""), ""))
    )
    counted = own.filter(pc.is_in(own.column("kind"), pa.array(["criterion", "condition"])))
    for kind, state, name in _COUNTS:
        hit = pc.and_(pc.equal(counted.column("kind"), kind), pc.equal(counted.column("state"), state))
        counted = counted.append_column(name, hit.cast(pa.int64()))
    per_variant = counted.group_by([*_SUBJECT, "variant"]).aggregate([(name, "sum") for _, _, name in _COUNTS])
    worst = [(f"{name}_sum", "min" if state == "met" else "max") for _, state, name in _COUNTS]
    over = per_variant.group_by(_SUBJECT).aggregate(worst)
    named = over.rename_columns([*_SUBJECT, *(name for _, _, name in _COUNTS)])
    joined = verdicts.select([name for name in SCORES.names if name != "run"]).join(named, _SUBJECT)
    found: list[dict[str, Any]] = joined.sort_by([(name, "ascending") for name in _SUBJECT]).to_pylist()
    return found


def _row(programme: Programme, verdict: dict[str, Any], scheme: Scheme) -> dict[str, Any]:
    taken = (*_SUBJECT, "state", "score", "low", "high", "reason", "detail", "provisional", "confidence")
    last = verdict["end"] - timedelta(days=1)
    return {
        "programme": programme.id,
        **{name: verdict[name] for name in taken},
        **{name: verdict[name] for _, _, name in _COUNTS},
        "in_force": _in_force(scheme, last),
    }


def _in_force(scheme: Scheme, last: date) -> bool:
    """Whether a scheme holds for data up to a day: by its dates, and by the round of the year after."""
    dated = (scheme.since or date.min) <= last < (scheme.until or date.max)
    final = scheme.rounds.last if scheme.rounds else None
    return dated and (final is None or last.year + 1 <= final)


def _unassessed(programme: Programme, scheme: str, park: str) -> dict[str, Any]:
    return {
        "programme": programme.id, "scheme": scheme, "entity": park, "state": _NOT_ASSESSED, "provisional": False,
        "confidence": "high",
    }  # fmt: skip


def _with_titles(rows: list[dict[str, Any]], register: Sequence[Designation]) -> list[dict[str, Any]]:
    """The rows with the title held on the last day of their period; without a period, on the last day of any."""
    days = [row["end"] - timedelta(days=1) for row in rows if row.get("end")]
    newest = max(days, default=date.max)
    held = {
        day: {
            (row["programme"], row["holder"]): row["stage"]
            for row in title_standings(register, day).to_pylist()
            if row["stage"] not in (*ENDED, POSSIBLE)
        }
        for day in {*days, newest}
    }
    for row in rows:
        day = row["end"] - timedelta(days=1) if row.get("end") else newest
        row["stage"] = held[day].get((row["programme"], row["entity"]))
    return rows
