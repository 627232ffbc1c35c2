"""Verdicts of a run: schemes judged on its indicators, and what follows from the scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from greenpark.account import Definitions, name_variants
from greenpark.catalog import Packs
from greenpark.engine.schema import arrow_schema
from greenpark.engine.store import Store
from greenpark.engine.units import Units
from greenpark.evaluate import Context, evaluate, facts_asked
from greenpark.model.job import Job
from greenpark.model.schemes import Scheme
from greenpark.model.tables import SCORES
from greenpark.pipeline.wiring import schemes_of


@dataclass(frozen=True)
class Judging:
    """What the schemes of a run are judged with, beside its tables."""

    job: Job
    packs: Packs
    definitions: Definitions
    context: Context

    @cached_property
    def schemes(self) -> tuple[Scheme, ...]:
        """The schemes of the job."""
        return schemes_of(self.job, self.packs)

    @property
    def units(self) -> Units:
        """All units."""
        return self.definitions.knowledge.units

    @property
    def variants(self) -> Mapping[str, str]:
        """Under which label each profile's own total is found."""
        return name_variants(self.definitions.profiles, self.definitions.methods)

    def facts(self, figures: Any, store: Store) -> pa.Table:
        """The figures that conditions and checklists ask for."""
        asked = sorted({name for scheme in self.schemes for name in facts_asked(scheme)})
        return store.engine.to_arrow(figures.filter(figures.quantity.isin(asked) & (figures.item == ""))).drop_columns(
            ["run"]
        )

    def scores(self, indicators: pa.Table, schemes: Sequence[Scheme], facts: pa.Table) -> pa.Table:
        """The table ``scores`` without its run."""
        if not schemes:
            return arrow_schema(SCORES).empty_table().drop_columns(["run"])
        return evaluate(indicators, schemes, self.job.chosen, self.job.excused, facts, self.units, self.context)

    def judge(self, scheme: Scheme, facts: pa.Table) -> Callable[[pa.Table], pa.Table]:
        """Judges one scheme on a table of indicators as the run did."""
        return lambda indicators: self.scores(indicators, [scheme], facts)
