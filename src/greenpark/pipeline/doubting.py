"""How sure the totals of a run are: what the uncertainty stage is given, and what comes of it."""

from __future__ import annotations

from greenpark.account import Accounts, Definitions
from greenpark.account.conflicts import without_series
from greenpark.account.uncertainty import Asked, Assessed, assess
from greenpark.account.uncertainty.ranges import Ranges
from greenpark.catalog import Packs
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.model.doubt import APPROACHES
from greenpark.model.job import Job
from greenpark.model.tables import UNCERTAINTY
from greenpark.pipeline.wiring import entries_of, subjects_of


def doubt(job: Job, packs: Packs, definitions: Definitions, accounts: Accounts, engine: Engine) -> Assessed:
    """The table ``uncertainty`` of the boundary and its zones, in the years of the job."""
    asked = job.uncertainty
    approaches = [each for each in APPROACHES if each in asked.approach]
    if not approaches or not definitions.profiles or asked.pack not in packs.uncertainties:
        return Assessed(arrow_schema(UNCERTAINTY).empty_table().drop_columns(["run"]), ())
    entities = subjects_of(job, accounts.boundary)
    pack, broken = packs.uncertainties[asked.pack], accounts.gaps.broken
    entries = entries_of(accounts, definitions)
    plain = Ranges(pack, packs.factor_sets, packs.carriers, asked.stated)
    scored = Ranges(pack, packs.factor_sets, packs.carriers, asked.stated, by_scores=True)
    return assess(
        without_series(accounts.tally.cells, broken, engine), accounts.matches, accounts.boundary, entries,
        {"analytic": plain, "monte_carlo": plain, "pedigree": scored}, Asked(entities, job.years, approaches, asked.draws, asked.seed),
        engine, accounts.beside.brought,
    )  # fmt: skip
