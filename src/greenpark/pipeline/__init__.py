"""The whole job: collect → account → measure → monitor → evaluate → publish. Read this first.

``run`` is the line; the modules beside it only wire: ``gather`` (inputs → batches), ``compute`` (batches → result
tables), ``notices`` (statuses → findings), ``outputs`` (tables → reports), ``lookup`` (rows of a run on demand).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from greenpark.catalog import load_job, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.store import open_store
from greenpark.model.text import Language
from greenpark.pipeline.applying import apply_schemes
from greenpark.pipeline.compute import compute
from greenpark.pipeline.gather import Gathered, choose_batches, gather
from greenpark.pipeline.outputs import Published, publish
from greenpark.pipeline.recalling import check_then, recall
from greenpark.pipeline.terms import Terms

__all__ = ["Choices", "Published", "run"]


@dataclass(frozen=True)
class Choices:
    """What a person may choose for a run; everything else stands in the job file."""

    output: Path | None = None
    workspace: Path | None = None
    inputs: tuple[Path, ...] = ()
    engine: str = "duckdb"
    packs: tuple[Path, ...] = ()
    language: Language = "zh"
    register_url: str | None = None
    as_of: datetime | None = None
    packs_as_of: bool = False


def run(path: Path, choices: Choices, told: Callable[[str, str], None]) -> tuple[Published, Gathered]:
    """Run one job file and publish its reports.

    Parameters
    ----------
    told
        Is told each step (a message id) and what it works on, as it begins.

    Raises
    ------
    PackError
        When a pack, the job or a mapping is wrong; every mistake is in it.
    JobError
        When the job names a file or an id that does not exist, or nothing was accepted by the moment it is run as of.
    """
    packs = load_packs(choices.packs)
    job = load_job(path, packs)
    gathered = Gathered(())
    if choices.as_of is None:
        gathered = gather(path, job, packs, choices.inputs, lambda file: told("pipeline.reading", file))
    engine = Engine(choices.engine)
    workspace = choices.workspace or Path("workspace") / job.id
    try:
        with open_store(workspace, engine, choices.register_url) as store:
            if choices.as_of is not None:
                check_then(job, choices.as_of, store)
                job, packs, gathered = recall(path, job, packs, choices.as_of, choices.packs_as_of, store, told)
            batches = choose_batches(job, gathered, store, choices.as_of)
            job, gathered = apply_schemes(job, packs, gathered, batches, store)
            record = compute(path, job, packs, gathered, batches, store, told, Terms(as_of=choices.as_of))
            told("pipeline.publishing", job.id)
            output = choices.output or Path("out") / job.id
            return publish(job, packs, gathered, record, store, output, choices.language), gathered
    finally:
        engine.close()
