"""The national year: every row accounted and stored, consolidated and rolled up; what a month more costs; growth with rows.

The invented nation is written once into a folder for temporary files and stays there for the next time. Each roll-up
works on a copy of hard links, in a process of its own whose peak memory is stated; packs are read within the time, reports
are not written. Times hang on what else the machine does, so the processor time of the process stands beside each.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from bench.__main__ import peak_mb
from greenpark.catalog import load_job, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.provenance import hash_words, package_version
from greenpark.engine.store import open_store
from greenpark.pipeline.compute import compute
from greenpark.pipeline.gather import Gathered, choose_batches
from greenpark.pipeline.nation import JOB, PACK, Wanted, simulate

Result = TypeVar("Result")
KINDS = ("units", "quantities", "carriers", "factors", "methods", "places", "simulations")
YEAR = Wanted(zones=178, enterprises=1200, year=2024, seed=7)
LAST = 12
SMALL = 31  # enterprises of each zone: a million rows
CORES, ROUNDS = 2, 2
SECONDS, MEMORY_MB = 40.0, 3072.0
TIMES_MONTH = 2.0
REGISTER = "register.sqlite"


@dataclass(frozen=True)
class Taken:
    """One roll-up: seconds, seconds of processor, peak memory of its process [MB], rows that it read and wrote."""

    seconds: float
    cpu: float
    peak_mb: float
    rows: int
    counted: int


def targets() -> list[dict[str, Any]]:
    """Time and memory of the national year, its growth with rows, and a month more."""
    year, small = nation(YEAR), nation(replace(YEAR, enterprises=SMALL))
    whole = [rolled(year) for _ in range(ROUNDS)]
    best = min(whole, key=lambda each: each.seconds)
    few = min((rolled(small) for _ in range(ROUNDS)), key=lambda each: each.seconds)
    alone = rolled(nation(replace(YEAR, since=LAST)))
    more = month_more(year)
    per_row = (best.seconds / best.rows) / (few.seconds / few.rows)
    peak = max(each.peak_mb for each in whole)
    told = f"{best.cpu:.1f} s of processor on {CORES} cores; {best.counted:,} rows stored with all their amounts"
    return [
        _target("national_seconds", "the national year accounted, every row stored, consolidated and rolled up",
                SECONDS, best.seconds, "s", told, None, best.rows, peak),
        _target("national_memory", "the same: peak memory of the process", MEMORY_MB, peak, "MB",
                "the process alone, its libraries included", None, best.rows, peak),
        _target("national_growth", "time per row against that of a million rows", 1.0, per_row, "times",
                f"{few.rows:,} rows in {few.seconds:.1f} s, {best.rows:,} in {best.seconds:.1f} s", per_row, best.rows, peak),
        _target("national_month", "a month more after eleven, against that month in a workspace of its own", TIMES_MONTH,
                more.seconds / alone.seconds, "times",
                f"{more.seconds:.1f} s ({more.cpu:.1f} s of processor), {more.counted:,} rows written, against "
                f"{alone.seconds:.1f} s ({alone.cpu:.1f}), {alone.counted:,} rows; the whole year: {best.seconds:.1f} s",
                more.seconds / alone.seconds, more.rows, more.peak_mb),
    ]  # fmt: skip


def nation(wanted: Wanted) -> Path:
    """A workspace with the nation, written once: whoever was killed at it left a folder of another name."""
    version = load_packs(kinds=KINDS).heads[f"simulations/{PACK}"].version
    name = hash_words(str(wanted), version, package_version())[:12]
    folder = Path(tempfile.gettempdir()) / f"greenpark-bench-nation-{name}"
    if not folder.is_dir():
        unfinished = Path(tempfile.mkdtemp(prefix="greenpark-bench-unfinished-"))
        apart(write_nation, wanted, unfinished / "w")
        (unfinished / "w").rename(folder)
        unfinished.rmdir()
    return folder


def write_nation(wanted: Wanted, folder: Path) -> None:
    """The months before the last and the last one as batches of their own; the register as it was before the last."""
    if wanted.since < LAST:
        append_months(replace(wanted, months=LAST - 1), folder)
        shutil.copy(folder / REGISTER, folder / f"{REGISTER}.before")
    append_months(replace(wanted, since=LAST), folder)


def append_months(wanted: Wanted, folder: Path) -> None:
    """The batches of the wanted months of every zone."""
    packs = load_packs(kinds=KINDS)
    engine = Engine()
    with open_store(folder, engine) as store:
        simulate(wanted, packs, store, lambda step, name: None)
    engine.close()


def rolled(folder: Path) -> Taken:
    """A roll-up of everything in a copy of the workspace."""
    with tempfile.TemporaryDirectory(prefix="greenpark-bench-", dir=folder.parent) as copy:
        link_workspace(folder, Path(copy) / "w", REGISTER)
        return apart(roll, Path(copy) / "w")


def month_more(folder: Path) -> Taken:
    """The roll-up after that of the months before the last, which is not in the time."""
    with tempfile.TemporaryDirectory(prefix="greenpark-bench-", dir=folder.parent) as copy:
        workspace = Path(copy) / "w"
        link_workspace(folder, workspace, f"{REGISTER}.before")
        apart(roll, workspace)
        apart(append_months, replace(YEAR, since=LAST), workspace)
        return apart(roll, workspace)


def roll(workspace: Path) -> Taken:
    """What a job file costs up to the closed run, in this process."""
    started, cpu = time.perf_counter(), time.process_time()
    packs = load_packs()
    path = workspace / JOB
    job = load_job(path, packs)
    engine = Engine(threads=CORES)
    with open_store(workspace, engine) as store:
        gathered = Gathered(())
        batches = choose_batches(job, gathered, store, None)
        record = compute(path, job, packs, gathered, batches, store, lambda step, name: None)
        taken = time.perf_counter() - started, time.process_time() - cpu
        known = {batch.id: batch.rows for batch in store.accepted()}
        counted = sum(file.rows for file in store.register.run_files(record.id, "counted"))
    engine.close()
    return Taken(*taken, peak_mb(), sum(known[batch] for batch in batches), counted)


def apart(work: Callable[..., Result], *given: Any) -> Result:
    """What a function gives, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def link_workspace(folder: Path, copy: Path, register: str) -> None:
    """The workspace once more: files of rows are never changed, so that they may be the same ones."""
    left_out = shutil.ignore_patterns(f"{REGISTER}*")
    shutil.copytree(folder, copy, copy_function=_link_file, ignore=left_out)
    shutil.copy(folder / register, copy / REGISTER)


def _link_file(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or a system without hard links
        shutil.copy2(source, target)


def _target(
    name: str, what: str, target: float, measured: float, unit: str, reference: str, ratio: float | None, rows: int,
    peak: float,
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": name, "what": what, "target": target, "measured": round(measured, 3), "unit": unit, "reference": reference,
        "ratio": None if ratio is None else round(ratio, 3), "rows": rows, "peak_mb": peak, "ok": measured <= target,
    }  # fmt: skip
