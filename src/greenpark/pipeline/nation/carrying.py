"""What a roll-up takes over from the one before it, so that a new month costs what the month is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.account import Accounts
from greenpark.account.carried import Carried, digest_of_dated
from greenpark.account.kinds import SERIES_WORDS
from greenpark.account.rollup import Shared, read_once
from greenpark.engine.provenance import hash_words
from greenpark.engine.store import RunHandle, RunRecord, Store
from greenpark.engine.unfolding import NARROW, PARTS
from greenpark.model.tables import MATCHES

Read = Callable[[Sequence[str]], Any]


@dataclass(frozen=True)
class Before:
    """``counted_by``: the run that counted the rows of each batch that is there again as it was."""

    counted_by: Mapping[str, str]
    carried: Carried


def find_before(handle: RunHandle, batches: Sequence[str], shared: Shared, read: Read, store: Store) -> Before | None:
    """What the job's last run made of batches that are there again; None where nothing can be taken over.

    It must have had the same job, packs and code. Entities of batches that are no more are added up anew from all their
    rows; their other batches keep their rows.
    """
    last = store.latest_run(handle.record.job)
    if last is None or not _is_alike(last, handle.record) or not store.register.run_files(last.id, PARTS):
        return None
    parts = {row["batch"]: row for row in store.engine.to_arrow(store.run_table(last.id, PARTS)).to_pylist()}
    repeated = digests_of_repeated(shared)
    same = {batch for batch in batches if batch in parts and parts[batch]["repeated"] == repeated.get(batch, "")}
    if not same:
        return None
    kept = [batch for batch in batches if batch in same]
    added = [batch for batch in batches if batch not in same]
    gone = sorted(parts.keys() - same)
    cells = store.run_table(last.id, "cells").drop("run")
    new = fresh = read_once(read, shared, added, store.engine)
    members = store.engine.to_arrow(store.run_table(last.id, "members").select("entity", "kind", "area"))
    unknown = set(members.filter(pc.equal(members["kind"], "unregistered")).column("entity").to_pylist())
    if gone:
        leaving = store.engine.cache(read(gone).select("entity").distinct())
        cells = cells.anti_join(leaving, "entity")
        fresh = fresh.union(read_once(read, shared, kept, store.engine).semi_join(leaving, "entity"))
        unknown -= set(store.engine.to_arrow(leaving).column("entity").to_pylist())
    words = store.engine.to_arrow(store.run_table(last.id, "series"))
    dated = parts[kept[0]]["dated"]
    carried = Carried(cells, words, fresh, new, members.select(["entity", "area"]), dated, tuple(sorted(unknown)))
    return Before({batch: parts[batch]["counted_by"] for batch in kept}, carried)


def _is_alike(last: RunRecord, asked: RunRecord) -> bool:
    return (last.job_hash, last.code, last.packs) == (asked.job_hash, asked.code, asked.packs)


def digests_of_repeated(shared: Shared) -> dict[str, str]:
    """Of each batch that repeats lines of an earlier one, what stands for these lines."""
    lines: dict[str, list[str]] = {}
    for row in shared.repeated.to_pylist():
        lines.setdefault(row["batch"], []).append(str(row["line"]))
    return {batch: hash_words(*those) for batch, those in lines.items()}


def write_rows(
    handle: RunHandle, accounts: Accounts, batches: Sequence[str], shared: Shared, before: Before | None, store: Store
) -> None:
    """The rows of energy and emissions in the narrow layout, and what the next run may take over."""
    tally = accounts.tally
    store.write(handle, NARROW[1], tally.matches.select([name for name in MATCHES.names if name != "run"]))
    # One row follows from each observation, whose keys were checked when its batch was accepted.
    store.write(handle, NARROW[0], tally.counted, unique=True)
    store.write(handle, "series", tally.words.select(["series", *SERIES_WORDS, "scale"]))
    counted_by = before.counted_by if before and tally.carried else {}
    repeated = digests_of_repeated(shared)
    dated = digest_of_dated(accounts.boundary)
    parts = {
        "batch": list(batches), "counted_by": [counted_by.get(batch, handle.id) for batch in batches],
        "repeated": [repeated.get(batch, "") for batch in batches], "dated": [dated] * len(batches),
    }  # fmt: skip
    store.write(handle, PARTS, pa.table({name: pa.array(words, pa.string()) for name, words in parts.items()}))
