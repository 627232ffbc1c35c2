"""Who owes which form when, and what became of it by a day: due, late, missing, received late, to be reminded."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from greenpark.engine.register.handed_in import sign_offs
from greenpark.engine.store import Store
from greenpark.model.submission import Calendar, Duty, SignOff
from greenpark.model.time import Period, add_months

# due: not yet overdue; late: overdue, but a draft or a returned batch is there; missing: overdue and nothing is there.
OwedState = Literal["due", "late", "missing", "received", "received_late"]
REMINDED: tuple[OwedState, ...] = ("missing", "late", "due")
_MONTHS = {"monthly": 1, "quarterly": 3, "annual": 12}


@dataclass(frozen=True)
class Owed:
    """One form that one entity owes for one period, and how it stands on a day.

    ``days``: after the due day when positive, days left when negative; of what was received, the delay of its arrival.
    ``estimated``: the park has estimated it meanwhile, which ends no duty.
    """

    duty: str
    form: str
    entity: str
    entity_name: str
    period: str
    due: date
    state: OwedState
    days: int
    received: date | None = None
    batch: str = ""
    standing: str = ""
    estimated: bool = False


def owed(calendar: Calendar, store: Store, on: date) -> tuple[Owed, ...]:
    """Everything owed for periods that ended by a day, by state, delay, entity and period."""
    units = _units(store)
    zone = timezone(timedelta(hours=calendar.utc_offset_hours))
    books: dict[tuple[str, str, str], list[SignOff]] = {}
    for each in sign_offs(store.register):
        books.setdefault((each.entity, each.form, each.period), []).append(each)
    found = [
        _standing(
            duty, period, entity, units.get(entity, []), books.get((entity, duty.form, str(period)), ()), on, zone
        )
        for duty in calendar.duties
        for period in _periods(duty, on)
        for entity in _who(duty, period, units)
    ]
    order = (*REMINDED, "received_late", "received")
    return tuple(
        sorted(found, key=lambda each: (order.index(each.state), -each.days, each.entity, each.period, each.duty))
    )


def to_remind(found: Sequence[Owed]) -> tuple[Owed, ...]:
    """The 催报 list: what has not been handed in, the longest overdue first."""
    return tuple(each for each in found if each.state in REMINDED)


def write_csv(path: Path, found: Sequence[Owed], titles: Mapping[str, str], words: Mapping[str, str]) -> None:
    """Write a list as CSV that spreadsheet programs open as it is (UTF-8 with a mark at the start)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(titles.values())
        for each in found:
            said: dict[str, Any] = {
                "state": words[each.state],
                "estimated": words["estimated"] if each.estimated else "",
                "standing": words.get(each.standing, each.standing),
            }
            row = [said.get(name, getattr(each, name)) for name in titles]
            writer.writerow("" if value is None else value for value in row)


def _periods(duty: Duty, on: date) -> Iterator[Period]:
    """The whole periods from the duty's beginning that ended by the day."""
    months = _MONTHS[duty.frequency]
    start = date(duty.since.year, 1, 1)
    while True:
        period = Period(start, add_months(start, months))
        if period.end > on or (duty.until is not None and period.end > duty.until):
            return
        if period.start >= duty.since:
            yield period
        start = period.end


def _standing(
    duty: Duty, period: Period, entity: str, rows: Sequence[Mapping[str, Any]], signed: Sequence[SignOff], on: date,
    zone: timezone,
) -> Owed:  # fmt: skip
    due = period.end + timedelta(days=duty.due_days - 1)
    arrived = [each for each in signed if _day(each.submitted_on, zone, on)]
    own = [each for each in arrived if each.origin == "enterprise"]
    drafts = [each for each in signed if each.origin == "enterprise" and each.state == "draft"]
    newest = max([*own, *drafts], key=lambda each: each.number, default=None)
    name = str(rows[-1]["name"]) if rows else newest.entity_name if newest else entity
    about = (duty.id, duty.form, entity, name, str(period), due)
    estimated = any(each.origin == "park" for each in arrived)
    counting = [each for each in own if each.state != "returned"]
    if counting:
        received = min(day for each in counting if (day := _day(each.submitted_on, zone, on)))
        days, batch = (received - due).days, counting[-1]
        return Owed(
            *about, "received_late" if days > 0 else "received", days, received, batch.batch, batch.state, estimated
        )
    days = (on - due).days
    state: OwedState = "due" if days <= 0 else "late" if newest else "missing"
    last = (newest.batch, newest.state) if newest else ("", "")
    return Owed(*about, state, days, None, *last, estimated)


def _day(moment: datetime | None, zone: timezone, on: date) -> date | None:
    """The day of a moment there; None when it lies after the day that is asked about."""
    day = moment.astimezone(zone).date() if moment else None
    return day if day and day <= on else None


def _units(store: Store) -> dict[str, list[dict[str, Any]]]:
    """The registered entities of accepted batches, the rows of each in the order of their dates."""
    batches = [batch for batch in store.accepted() if batch.kind != "simulation"]
    if not batches:
        return {}
    order = {batch.id: batch.accepted_at for batch in batches}
    table: pa.Table = store.engine.to_arrow(store.read("entities", batches))
    rows = sorted(
        table.to_pylist(), key=lambda row: (str(order[row["batch"]]), row["since"] or date.min, row["entity"])
    )
    units: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        units.setdefault(row["entity"], []).append(row)
    return units


def _who(duty: Duty, period: Period, units: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    if duty.entities:
        return sorted(set(duty.entities))
    last = period.end - timedelta(days=1)
    return sorted(entity for entity, rows in units.items() if _belongs(rows, duty.group, last))


def _belongs(rows: Sequence[Mapping[str, Any]], group: str, day: date) -> bool:
    """Whether a unit is inside its park, and in the group, on a day, by the newest batch that registers it."""
    newest = [row for row in rows if row["batch"] == rows[-1]["batch"] and row["kind"] == "unit"]
    inside = [row for row in newest if _within(row["since"], row["until"], day)]
    if group == "units":
        return bool(inside)
    since, until = f"{group}_since", f"{group}_until"
    return any(row[since] is not None and _within(row[since], row[until], day) for row in inside)


def _within(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or day < until)
