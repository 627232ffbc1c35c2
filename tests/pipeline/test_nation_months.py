"""A roll-up after another one: only what is new is counted, and all results are those of counting everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from greenpark.catalog import Packs, load_job
from greenpark.engine.connect import Engine
from greenpark.engine.store import BatchRecord, Store, open_store
from greenpark.pipeline.compute import compute
from greenpark.pipeline.gather import Gathered, choose_batches
from greenpark.pipeline.nation import JOB, Wanted, simulate

WANTED = Wanted(zones=2, enterprises=8, year=2024, seed=7, months=2)
KINDS = ("units", "quantities", "carriers", "factors", "methods", "places", "simulations")
LINES = 15
RESULTS = ("figures", "findings", "members", "matches", "series", "cells", "counted", "energy", "emissions")

Step = Callable[[Store], None]


def months(packs: Packs, first: int, last: int) -> Step:
    """Every zone hands in some months in one batch."""
    return lambda store: void(
        simulate(replace(WANTED, since=first, months=last), packs, store, lambda step, name: None)
    )


def void(anything: object) -> None:
    """Nothing."""


def take_back_the_use_of_coal(store: Store) -> None:
    """One firm corrects all that it handed in: no use of coal, which then follows from stocks and purchases."""
    simulated = [each for each in store.accepted() if each.kind == "simulation"]
    firm = max(user_of_coal(store, each) for each in simulated)
    for batch in simulated:
        data = {table: store.engine.to_arrow(store.read(table, [batch])) for table in ("observations", "entities")}
        rows = data["observations"]
        used = pc.and_(pc.equal(rows["carrier"], "bituminous_coal"), pc.equal(rows["flow"], "use_industrial"))
        taken_back = pc.fill_null(pc.and_(used, pc.equal(rows["entity"], firm)), False)
        if pc.any(taken_back).as_py():
            kept = rows.filter(pc.invert(taken_back)).drop_columns(["batch"])
            entities = data["entities"].drop_columns(["batch"])
            source = replace(batch.source, reader="corrected")
            store.append(kept, entities, source, batch.id, "use of coal taken back", kind="simulation")


def user_of_coal(store: Store, batch: BatchRecord) -> str:
    """The last firm of a batch that burns coal, which no other zone reports; empty for none."""
    rows = store.read("observations", [batch])
    burnt = rows.filter((rows.carrier == "bituminous_coal") & (rows.flow == "use_industrial"))
    firms = store.engine.to_arrow(burnt.select("entity").distinct()).column("entity").to_pylist()
    return max(firms, default="")


class Rolled:
    """What each roll-up of a workspace left; ``steps`` are taken one after the other, and rolled up or not."""

    def __init__(self, folder: Path, steps: list[tuple[Step, bool]], packs: Packs) -> None:
        self.counted: list[int] = []
        self.runs: list[str] = []
        self.tables: list[dict[str, pa.Table]] = []
        for step, rolls in steps:
            with_store(folder, step)
            if rolls:
                with_store(folder, partial(self._roll, folder / JOB, packs))

    def _roll(self, path: Path, packs: Packs, store: Store) -> None:
        job, nothing = load_job(path, packs), Gathered(())
        batches = choose_batches(job, nothing, store, None)
        last = compute(path, job, packs, nothing, batches, store, lambda step, name: None).id
        self.runs.append(last)
        self.counted.append(sum(file.rows for file in store.register.run_files(last, "counted")))
        tables = {name: store.engine.to_arrow(store.run_table(last, name)) for name in RESULTS}
        self.tables.append(
            {name: rows.sort_by([(each, "ascending") for each in rows.column_names]) for name, rows in tables.items()}
        )


def with_store(workspace: Path, step: Step) -> None:
    engine = Engine(threads=1)
    with open_store(workspace, engine) as store:
        step(store)
    engine.close()


def steps(packs: Packs) -> list[Step]:
    """Two months; a correction; a month more, corrected before anybody looked at it."""

    def month_without_coal(store: Store) -> None:
        months(packs, 3, 3)(store)
        take_back_the_use_of_coal(store)

    return [months(packs, 1, 2), take_back_the_use_of_coal, month_without_coal]


@pytest.fixture(scope="module")
def one_after_the_other(tmp_path_factory: pytest.TempPathFactory, packs: Packs) -> Rolled:
    return Rolled(tmp_path_factory.mktemp("steps") / "w", [(step, True) for step in steps(packs)], packs)


def test_a_run_has_the_same_id_and_the_same_rows_whatever_was_rolled_up_before(
    one_after_the_other: Rolled, packs: Packs, tmp_path: Path
) -> None:
    *first, last = steps(packs)
    once = Rolled(tmp_path / "w", [*((step, False) for step in first), (last, True)], packs)
    assert once.runs == one_after_the_other.runs[-1:]
    (whole,) = once.tables
    assert [name for name in RESULTS if not one_after_the_other.tables[-1][name].equals(whole[name])] == []


def test_a_use_that_follows_from_stocks_is_there_once_it_is_not_reported(one_after_the_other: Rolled) -> None:
    derived = ["balance_purchase" in each["matches"].column("flow").to_pylist() for each in one_after_the_other.tables]
    assert derived == [False, True, True]


def test_a_new_month_writes_the_rows_of_the_month_and_a_correction_those_of_its_batch(
    one_after_the_other: Rolled,
) -> None:
    two_months, corrected, month = one_after_the_other.counted
    # Without the use of coal, and with opening stock, purchase and closing stock of three months standing in for it.
    assert month == two_months / 2 - 1 + 3 * 3
    assert 0 < corrected < two_months
