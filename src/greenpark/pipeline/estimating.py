"""What the park estimates becomes a batch of its own before accounting; what is complete becomes a table after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.account import Accounts, Definitions, list_bases, list_views
from greenpark.account.boundary import resolve_boundary
from greenpark.account.completeness import count_months
from greenpark.account.consolidate import DECIMALS
from greenpark.account.estimation import FILE, estimate
from greenpark.engine.connect import Engine
from greenpark.engine.provenance import hash_rows
from greenpark.engine.schema import arrow_schema
from greenpark.engine.store import BatchSource, Store
from greenpark.engine.sums import exact_sum
from greenpark.model.findings import Finding
from greenpark.model.job import Job
from greenpark.model.knowledge import Area
from greenpark.model.tables import ENTITIES
from greenpark.pipeline.reporters import own_reports
from greenpark.pipeline.vintages import newest_vintages
from greenpark.pipeline.wiring import entities_of


def append_estimates(
    job: Job, batches: Sequence[str], areas: Mapping[str, Area], store: Store
) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """The batches with that of the job's estimates, and what the estimates rest on.

    Estimates are never accepted: they belong to the runs that made them, whatever is reported later. The same
    estimates again are the same batch.
    """
    if job.estimate is None:
        return tuple(batches), ()
    entities = entities_of(store, batches)
    boundary = resolve_boundary(entities, areas, (), job.boundary)
    rows = entities.select(["entity", "industry"]).to_pylist()
    industry = {row["entity"]: row["industry"] for row in rows if row["industry"]}
    newest = newest_vintages(store.read("observations", batches), batches, store)
    counted = own_reports(newest, batches, store).observations
    found = estimate(counted, boundary, industry, job.years, job.estimate, store.engine)
    if not found.observations.num_rows:
        return tuple(batches), found.findings
    schema = arrow_schema(ENTITIES)
    nobody = schema.remove(schema.get_field_index("batch")).empty_table()
    rows_hash = hash_rows(found.observations)
    source = BatchSource(FILE, rows_hash, FILE, "", job.boundary, "", rows_hash)
    batch = store.append(found.observations, nobody, source, kind="estimate", state="draft")
    return (*batches, batch), found.findings


def completeness_rows(
    job: Job, accounts: Accounts, energy: Any, emissions: Any, definitions: Definitions, engine: Engine
) -> pa.Table:
    """The table ``completeness`` without its run: months of each series, with what rests on estimates [tce, tCO2]."""
    counted = count_months(accounts.observations, accounts.boundary, job.years, engine)
    bases = list_bases(definitions.profiles, definitions.methods)
    views = [view for view in list_views(definitions.profiles, definitions.methods) if view.variant]
    if not pc.sum(counted["estimated"]).as_py():
        nothing = pa.array([0.0] * counted.num_rows, pa.float64())
        return counted.append_column("estimated_tce", nothing).append_column("estimated_co2", nothing)
    tce = _estimated(energy, "tce", bases[0].methods if bases else (), engine)
    gas = emissions.filter((emissions.gas == "CO2") & emissions.scope.isin([1, 2]))
    co2 = _estimated(gas, "t", views[0].methods if views else (), engine)
    rows = [row | {"estimated_tce": tce.get(_key(row), 0.0), "estimated_co2": co2.get(_key(row), 0.0)}
            for row in counted.to_pylist()]  # fmt: skip
    schema = counted.schema.append(pa.field("estimated_tce", pa.float64()))
    return pa.Table.from_pylist(rows, schema=schema.append(pa.field("estimated_co2", pa.float64())))


def _estimated(rows: Any, amount: str, methods: Sequence[str], engine: Engine) -> dict[tuple[str, str, int], float]:
    """What estimated rows of these methods bring, by unit, carrier and year."""
    if amount == "tce":
        rows = rows.filter(~rows.role.startswith("memo_"))
    chosen = rows.filter((rows.observed == "estimated") & rows.method.isin(list(methods)) & rows[amount].notnull())
    dated = chosen.mutate(year=chosen.start.year().cast("int64").fill_null(0), carrier=chosen.carrier.fill_null(""))
    sums = dated.group_by(["entity", "carrier", "year"]).aggregate(total=exact_sum(dated[amount], DECIMALS))
    found = engine.to_arrow(sums).to_pylist()
    return {(row["entity"], row["carrier"], row["year"]): row["total"] for row in found if row["total"] is not None}


def _key(row: dict[str, Any]) -> tuple[str, str, int]:
    return row["entity"], row["carrier"], row["start"].year
