"""The verdicts of a run, written with what follows from them: readiness, the way to passing, peers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pyarrow as pa

from greenpark.engine.store import RunHandle, Store
from greenpark.pipeline.gapping import Assessed, gap_tables, totals_of
from greenpark.pipeline.judging import Judging
from greenpark.pipeline.peering import peer_rows, sizes_of
from greenpark.pipeline.programmes import readiness_rows


def write_verdicts(
    judging: Judging, figures: Any, measured: Any, indicators: pa.Table, subjects: Collection[str], handle: RunHandle,
    store: Store,
) -> pa.Table:  # fmt: skip
    """The table ``scores`` without its run; it, readiness, gaps and levers of the job's own park, and peers are written.

    Parameters
    ----------
    figures, measured
        Figures of the run, and with the recomputed years before.
    """
    job = judging.job
    facts = judging.facts(figures, store)
    scores = judging.scores(indicators, judging.schemes, facts)
    store.write(handle, "scores", scores)
    store.write(handle, "readiness", readiness_rows(job, judging.packs, scores, subjects, judging.context))
    totals = totals_of(measured, job.boundary, store)
    gaps, levers = gap_tables(Assessed(judging, totals, indicators, scores, facts), judging.schemes, job.boundary)
    store.write(handle, "gaps", gaps)
    store.write(handle, "levers", levers)
    sizes = sizes_of(figures, job.peers, store)
    store.write(handle, "peers", peer_rows(judging, indicators, sizes, job.peers))
    return scores
