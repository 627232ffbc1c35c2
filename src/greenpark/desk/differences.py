"""What a batch says otherwise than another: every value and every fact of a unit, with both places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from greenpark.engine.store import Store
from greenpark.model.findings import Place
from greenpark.model.time import Period

_KEY = ("entity", "quantity", "carrier", "flow", "counterparty", "start", "end", "coverage")
_SAID = ("value", "status", "notation")
_PLACE = ("file", "sheet", "cell")
_NOWHERE = Place()


@dataclass(frozen=True)
class Change:
    """One value that differs: added, removed or changed; a fact of a unit has ``field`` and texts instead of numbers.

    ``difference`` is new minus old in ``unit``; None where one of them is no number.
    """

    kind: Literal["added", "removed", "changed"]
    entity: str
    quantity: str
    carrier: str = ""
    flow: str = ""
    counterparty: str = ""
    period: str = ""
    unit: str = ""
    old: float | str | None = None
    new: float | str | None = None
    difference: float | None = None
    old_place: Place = _NOWHERE
    new_place: Place = _NOWHERE
    field: str = ""


def difference(store: Store, old: str, new: str) -> tuple[Change, ...]:
    """What batch ``new`` says otherwise than batch ``old``, by entity, quantity and period."""
    return difference_of(_rows(store, old), _rows(store, new))


def difference_of(old: tuple[pa.Table, pa.Table], new: tuple[pa.Table, pa.Table]) -> tuple[Change, ...]:
    """The same for observations and entities at hand; a row is known by what it is about, not by where it stands."""
    found = [*_of_values(_grouped(old[0], _KEY), _grouped(new[0], _KEY))]
    return (*found, *_of_facts(_grouped(old[1], ("entity", "since")), _grouped(new[1], ("entity", "since"))))


def _rows(store: Store, batch: str) -> tuple[pa.Table, pa.Table]:
    observations, entities = (store.engine.to_arrow(store.read(name, [batch])) for name in ("observations", "entities"))
    return observations, entities


def _grouped(table: pa.Table, key: tuple[str, ...]) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """Rows by key; several of one key in the order of their lines."""
    rows = table.to_pylist()
    if "line" in table.column_names:
        rows.sort(key=lambda row: int(row["line"]))
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple("" if row[name] is None else str(row[name]) for name in key), []).append(row)
    return groups


def _pairs(
    old: Mapping[tuple[str, ...], list[dict[str, Any]]], new: Mapping[tuple[str, ...], list[dict[str, Any]]]
) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    for key in sorted({*old, *new}):
        before, after = old.get(key, []), new.get(key, [])
        for number in range(max(len(before), len(after))):
            yield (
                before[number] if number < len(before) else None,
                after[number] if number < len(after) else None,
            )


def _of_values(
    old: Mapping[tuple[str, ...], list[dict[str, Any]]], new: Mapping[tuple[str, ...], list[dict[str, Any]]]
) -> Iterator[Change]:
    for before, after in _pairs(old, new):
        if before and after and all(before[name] == after[name] for name in (*_SAID, "unit")):
            continue
        row = after or before or {}
        first, second = (_said(each) for each in (before, after))
        moved = second - first if isinstance(first, float) and isinstance(second, float) else None
        yield Change(
            "added" if before is None else "removed" if after is None else "changed",
            row["entity"], row["quantity"], row["carrier"] or "", row["flow"] or "", row["counterparty"] or "",
            str(Period(row["start"], row["end"])) if row["start"] and row["end"] else "", row["unit"], first, second,
            moved, _place(before), _place(after),
        )  # fmt: skip


def _said(row: Mapping[str, Any] | None) -> float | str | None:
    """The value, or the notation that says why there is none."""
    if row is None:
        return None
    return row["notation"] or row["status"] if row["value"] is None else float(row["value"])


def _of_facts(
    old: Mapping[tuple[str, ...], list[dict[str, Any]]], new: Mapping[tuple[str, ...], list[dict[str, Any]]]
) -> Iterator[Change]:
    for before, after in _pairs(old, new):
        row = after or before or {}
        kind: Any = "added" if before is None else "removed" if after is None else "changed"
        for name in row:
            if name in (*_PLACE, "batch", "entity"):
                continue
            first, second = (
                None if each is None or each[name] is None else str(each[name]) for each in (before, after)
            )
            if first != second:
                yield Change(
                    kind, row["entity"], "", old=first, new=second, old_place=_place(before),
                    new_place=_place(after), field=name,
                )  # fmt: skip


def _place(row: Mapping[str, Any] | None) -> Place:
    return _NOWHERE if row is None else Place(*(row[name] or "" for name in _PLACE))
