"""What a run is asked beside its job file: a moment in the past, or other definitions than a run had before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from greenpark.account.boundary import ALWAYS

_SECOND_DAY = date(ALWAYS[0].year, ALWAYS[0].month, ALWAYS[0].day + 1)


@dataclass(frozen=True)
class Terms:
    """How a run departs from a plain one of its job; everything empty: it does not.

    ``job_hash`` stands for the job where there is no file. ``as_of``: only what was accepted and said by then.
    ``members_of``: units belong to what they belonged to on that day, at all times. ``restates``: the run whose values
    are restated, ``changes`` what was changed, in words that make the run another one.
    """

    job_hash: str = ""
    as_of: datetime | None = None
    members_of: date | None = None
    restates: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """What makes the run another one than that of its job alone."""
        day = "" if self.members_of is None else self.members_of.isoformat()
        if not (self.restates or day):
            return ()
        return (self.restates, day, *(word for pair in sorted(self.changes.items()) for word in pair))


PLAIN = Terms()


def frozen_members(entities: pa.Table, day: date | None) -> pa.Table:
    """The entity rows with the memberships of one day at all times; None: as they are."""
    if day is None:
        return entities
    rows = [row | _frozen(row, day) for row in entities.to_pylist()]
    inside = {(row["batch"], row["entity"]) for row in rows if row["since"] is None}
    kept = [row for row in rows if row["since"] is None or (row["batch"], row["entity"]) not in inside]
    return pa.Table.from_pylist(kept, schema=entities.schema)


def _frozen(row: Mapping[str, Any], day: date) -> dict[str, date | None]:
    """Always inside, or inside for one day that no data reach: a unit without any row would count for the park."""
    if (row["since"] or ALWAYS[0]) <= day < (row["until"] or ALWAYS[1]):
        return {"since": None, "until": None}
    return {"since": ALWAYS[0], "until": _SECOND_DAY}
