"""A program that appends batches, computes runs and packs, and says each thing that is done; made to be killed.

`python -m tests.engine.writing_program FOLDER NAME [--register URL] [--appends N] [--bare]`
"""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path

import ibis

from greenpark.engine.connect import Engine
from greenpark.engine.store import Store, open_store
from tests.engine.made_rows import emissions, entities, observations, source

ROWS = 20
RUN_ROWS = 50
PACKS = {"factors_cn": ("1", "f" * 64)}


def main() -> None:
    """Work until the number of appends is done."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("name")
    parser.add_argument("--register")
    parser.add_argument("--appends", type=int, default=1_000_000)
    parser.add_argument("--bare", action="store_true", help="append only")
    asked = parser.parse_args()
    with open_store(asked.folder, Engine(threads=1), asked.register) as store:
        for number in range(asked.appends):
            mark = f"{asked.name}_{number}"
            batch = store.append(observations(ROWS, mark), entities(mark), source(mark))
            print("batch", batch, flush=True)
            if not asked.bare:
                work_on(store, batch, number)


def work_on(store: Store, batch: str, number: int) -> None:
    """A run on the batch, and from time to time the order in the house."""
    run = store.begin_run("job", f"j{batch}", [batch], PACKS, "code")
    store.write(run, "emissions", emissions(RUN_ROWS, batch))
    given = store.engine.from_arrow(emissions(RUN_ROWS, batch)).mutate(scope=ibis.literal(2))
    energy = given.mutate(basis=ibis.literal("calorific"), role=ibis.literal("use"), tce=given.t)
    names = ("batch", "line", "entity", "basis", "role", "tce", "method", "observed", "status", "confidence")
    store.write(run, "energy", energy.select(*names))
    store.close_run(run)
    print("run", run.id, flush=True)
    if number % 4 == 3:
        print("packed", store.pack(), flush=True)
    if number % 6 == 5:
        print("swept", len(store.sweep(timedelta(minutes=1))), flush=True)


if __name__ == "__main__":
    main()
