"""Packing changes which files hold the rows, never the rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pytest

from greenpark.engine import packing
from greenpark.engine.store import Store
from tests.engine.made_rows import entities, observations, source


def fill(store: Store, marks: str = "abcdef") -> list[str]:
    """One batch for each mark: capitals belong to another park, digits to another year."""
    return [
        store.append(
            observations(4, mark),
            entities(mark),
            source(mark, entity="park2" if mark.isupper() else "park1", period="2023" if mark.isdigit() else "2024-05"),
        )
        for mark in marks
    ]


def all_rows(store: Store) -> pa.Table:
    rows = store.engine.to_arrow(store.read("observations", store.accepted()))
    return rows.sort_by([("batch", "ascending"), ("line", "ascending")])


def files(store: Store) -> list[str]:
    return [file.path for file in store.register.files("observations")]


def test_small_files_of_one_park_and_year_become_one_and_the_rows_stay(store: Store) -> None:
    fill(store, "abcABC12")
    before = all_rows(store)
    assert store.pack() == 16
    assert len(files(store)) == 3
    assert all_rows(store).equals(before)
    assert store.damaged_files() == ()
    assert store.pack() == 0


def test_one_batch_is_read_out_of_a_packed_file(store: Store) -> None:
    batches = fill(store)
    store.pack()
    read = store.engine.to_arrow(store.read("observations", batches[1:3]))
    assert set(read.column("batch").to_pylist()) == set(batches[1:3])
    assert read.num_rows == 8


def test_later_batches_join_the_packed_ones(store: Store) -> None:
    fill(store, "abc")
    store.pack()
    fill(store, "de")
    before = all_rows(store)
    store.pack()
    assert len(files(store)) == 1
    assert all_rows(store).equals(before)


def test_files_that_are_large_enough_stay_as_they_are(store: Store) -> None:
    fill(store)
    listed = files(store)
    assert store.pack(small=4) == 6, "the six of entities, which have one row each"
    assert files(store) == listed


def test_packed_files_do_not_grow_without_end(store: Store) -> None:
    fill(store)
    store.pack(packed=8)
    assert sorted(file.rows for file in store.register.files("observations")) == [8, 8, 8]


def test_readers_of_the_old_files_can_finish_before_a_sweep(store: Store) -> None:
    batches = fill(store)
    reader = store.read("observations", batches)
    store.pack()
    store.sweep()
    assert store.engine.to_arrow(reader).num_rows == 24


@pytest.mark.parametrize("step", ["place_files", "replace_files"])
def test_packing_that_dies_midway_changes_nothing(store: Store, step: str) -> None:
    fill(store)
    before, listed = all_rows(store), files(store)
    owner = packing if step == "place_files" else store.register
    with patch.object(owner, step, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        store.pack()
    assert files(store) == listed
    assert all_rows(store).equals(before)


def test_packing_that_loses_a_race_changes_nothing(store: Store) -> None:
    fill(store)
    place = packing.place_files

    def slow(*given: Any) -> Any:
        with patch.object(packing, "place_files", place):
            store.pack()  # somebody else, while this one writes
        return place(*given)

    before = all_rows(store)
    with patch.object(packing, "place_files", slow):
        store.pack()
    assert len(files(store)) == 1
    assert all_rows(store).equals(before)


def test_a_packed_file_that_holds_other_rows_is_never_listed(store: Store) -> None:
    fill(store)
    listed = files(store)

    def lossy(data: pa.Table, folder: Path) -> None:
        write(data.slice(1), folder)

    write = packing.write_arrow
    with patch.object(packing, "write_arrow", lossy), pytest.raises(RuntimeError, match="does not hold the rows"):
        store.pack()
    assert files(store) == listed
