"""The difference of two batches: complete, without what only moved, and undone by its reverse."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from greenpark.desk.differences import Change, difference_of
from greenpark.engine.schema import arrow_schema
from greenpark.model.tables import ENTITIES, OBSERVATIONS

rows = st.lists(
    st.tuples(
        st.sampled_from(["甲", "乙"]),
        st.sampled_from(["coal", "power"]),
        st.sampled_from([1, 2, 3]),
        st.one_of(st.none(), st.integers(0, 5)),
    ),
    max_size=8,
)


def observations(said: list[tuple[Any, ...]]) -> pa.Table:
    """Rows of energy as a batch holds them."""
    made = [
        {
            "batch": "b", "line": number, "entity": entity, "quantity": "energy.amount", "carrier": carrier,
            "flow": "purchase", "counterparty": None, "start": date(2025, month, 1), "end": date(2025, month + 1, 1),
            "value": None if value is None else float(value), "unit": "t", "reported_value": "", "reported_unit": "t",
            "coverage": "unstated", "status": "declared_absent" if value is None else "reported",
            "notation": "not_used" if value is None else None, "confidence": "high", "file": "f.xlsx", "sheet": "s",
            "cell": f"E{number}",
        }
        for number, (entity, carrier, month, value) in enumerate(said, start=1)
    ]  # fmt: skip
    return pa.Table.from_pylist(made, schema=arrow_schema(OBSERVATIONS))


NOBODY = arrow_schema(ENTITIES).empty_table()


def changes(old: list[tuple[Any, ...]], new: list[tuple[Any, ...]]) -> tuple[Change, ...]:
    return difference_of((observations(old), NOBODY), (observations(new), NOBODY))


@given(said=rows)
def test_a_batch_does_not_differ_from_itself(said: list[tuple[Any, ...]]) -> None:
    assert changes(said, said) == ()


@given(old=rows, new=rows)
def test_applying_the_changes_to_the_old_gives_the_new(old: list[tuple[Any, ...]], new: list[tuple[Any, ...]]) -> None:
    def told(said: list[tuple[Any, ...]]) -> list[tuple[str, ...]]:
        return sorted(
            (entity, carrier, f"2025-{month:02d}", str("not_used" if value is None else float(value)))
            for entity, carrier, month, value in said
        )

    result = told(old)
    for each in changes(old, new):
        if each.kind != "added":
            result.remove((each.entity, each.carrier, each.period, str(each.old)))
        if each.kind != "removed":
            result.append((each.entity, each.carrier, each.period, str(each.new)))
    assert sorted(result) == told(new)


@given(old=rows, new=rows)
def test_the_reverse_difference_says_the_opposite(old: list[tuple[Any, ...]], new: list[tuple[Any, ...]]) -> None:
    there = [(each.entity, each.carrier, each.period, each.old, each.new) for each in changes(old, new)]
    back = [(each.entity, each.carrier, each.period, each.new, each.old) for each in changes(new, old)]
    assert there == back


def test_a_changed_fact_of_a_unit_is_a_difference_too() -> None:
    row = dict.fromkeys(ENTITIES.names) | {"batch": "b", "entity": "甲", "kind": "unit", "name": "甲厂"}
    old = pa.Table.from_pylist([row | {"industry": "2511", "cell": "A2"}], schema=arrow_schema(ENTITIES))
    new = pa.Table.from_pylist([row | {"industry": "2614", "cell": "A3"}], schema=arrow_schema(ENTITIES))
    (found,) = difference_of((observations([]), old), (observations([]), new))
    assert (found.field, found.old, found.new, found.old_place.cell) == ("industry", "2511", "2614", "A2")
