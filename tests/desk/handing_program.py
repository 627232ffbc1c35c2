"""A program that hands workbooks in, accepts them and runs a job on them, and says what is done; made to be killed.

`python -m tests.desk.handing_program FOLDER FIRST [--register URL] [--count N] [--runs]`

Enterprise FIRST hands in, then the next …; a file that was handed in before is the same batch again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from greenpark.catalog import Packs, load_packs
from greenpark.desk.errors import DeskError
from greenpark.desk.review import accept_submission
from greenpark.engine.connect import Engine
from greenpark.engine.register.records import utc_now
from greenpark.engine.store import Store, open_store
from tests.collect.conftest import code
from tests.desk.made_books import book, coal, handed_in

ROWS = 6
JOB = """id: handed_in
title: {zh: 已接受的报送, en: What was accepted}
inputs:
  - {kind: accepted}
boundary: PARK
profile: china_park_province
years: [2025]
"""


def main() -> None:
    """Hand in until the number is done; with ``--runs`` a job runs on all that was accepted after each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("first", type=int)
    parser.add_argument("--register")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--runs", action="store_true")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    packs = load_packs(kinds=["forms", "places", "feeds"])
    print("ready", "-", flush=True)
    for number in range(asked.first, asked.first + asked.count):
        with open_store(asked.folder / "workspace", Engine(threads=1), asked.register) as store:
            print("batch", hand_in_and_accept(store, packs, asked.folder, number), flush=True)
        if asked.runs:
            print("run", run_all(asked.folder, asked.register), flush=True)


def hand_in_and_accept(store: Store, packs: Packs, folder: Path, number: int) -> str:
    """The accepted batch of an enterprise; whatever an earlier, killed attempt left to do is done."""
    file = folder / f"{number}.xlsx"
    if not file.exists():
        rows = [coal(number, 100 + month, f"2025-{month:02d}") for month in range(1, ROWS // 2 + 1)]
        unfinished = book(folder / f"{number}.{id(file)}.unfinished.xlsx", rows, [number])
        unfinished.replace(file)
    signed = handed_in(store, packs, file, entity=code(number), period="2025").sign_off
    if signed.state == "submitted":
        try:
            accept_submission(store, signed.batch, "赵六", utc_now())
        except DeskError as error:  # another writer of the same enterprise was quicker
            if error.message not in ("desk.quicker", "desk.not_accepted"):
                raise
    return signed.batch


def run_all(folder: Path, register: str | None) -> str:
    """The id of a run on everything that counts now."""
    from greenpark.pipeline import Choices, run  # only those that run pay for it

    job = folder / "job.yaml"
    if not job.exists():
        job.write_text(JOB, encoding="utf-8")
    choices = Choices(folder / "out", folder / "workspace", register_url=register)
    published, _ = run(job, choices, lambda message, _: print("step", message, flush=True))
    return published.release.run


if __name__ == "__main__":
    main()
