"""The nation over its zones: what lies in two of them counts once, and how much was counted twice is said.

Zones overlap: a firm registers in two of them and both report it, or a sub-park lies inside two. An entity belongs to
every zone that names it as its own; a row that two zones hand in alike is one row. So each zone's total is whole, and
the total above them is that of all rows, each once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.account.activity import COUNTED
from greenpark.account.boundary import ALWAYS, Boundary
from greenpark.account.cells import CELL_KEY, summed_again
from greenpark.account.levels import Levels, load_levels
from greenpark.engine.connect import Engine
from greenpark.model.findings import Finding

STAGE = "account"
Read = Callable[[Sequence[str]], Any]
_ROW = ["entity", "quantity", "carrier", "flow", "counterparty", "start", "end"]
# Quantities that are said to be counted once, with the variants of theirs.
_SAID = ("energy.total", "co2.direct", "co2.power_net", "co2.heat_net", "co2.total")
_NOT_INDIRECT = "co2.direct"


@dataclass(frozen=True)
class Shared:
    """``repeated``: batch and line of rows that an earlier zone handed in alike; ``findings`` say what is shared."""

    repeated: pa.Table
    findings: tuple[Finding, ...]


def merge_registers(entities: pa.Table, submitters: Mapping[str, str]) -> pa.Table:
    """The rows of every entity in the newest batch of each submitter, as one register: all of them count.

    Parameters
    ----------
    entities
        Entity rows, oldest batch first.
    submitters
        Batch to the zone that handed it in.
    """
    batches = entities.column("batch").dictionary_encode().combine_chunks()
    names = batches.dictionary.to_pylist()
    owners = {name: number for number, name in enumerate(sorted({submitters.get(name, name) for name in names}))}
    owner = np.array([owners[submitters.get(name, name)] for name in names])[batches.indices.to_numpy()]
    order = np.array(batches.indices.to_numpy())
    frame = pd.DataFrame(
        {"entity": pd.factorize(entities.column("entity").to_pandas())[0], "owner": owner, "batch": order}
    )
    newest = frame.drop_duplicates(["entity", "owner"], keep="last")[["entity", "owner", "batch"]]
    frame["row"] = np.arange(len(frame))
    kept = frame.merge(newest, on=["entity", "owner", "batch"])["row"].to_numpy()
    chosen = entities.take(pa.array(np.sort(kept)))
    column = chosen.schema.get_field_index("batch")
    one = pa.array([""], pa.string()).take(pa.array(np.zeros(chosen.num_rows, np.int64)))
    merged = chosen.set_column(column, chosen.schema.field(column), one)
    words = merged.select(["entity", "parent", "since", "until"]).to_pandas()
    first = ~words.duplicated().to_numpy()
    return merged.filter(pa.array(first))


def find_shared(
    read: Read, entities: pa.Table, submitters: Mapping[str, str], order: Sequence[str], engine: Engine
) -> Shared:
    """What several zones report of one entity.

    Parameters
    ----------
    read
        Reads the observations of some batches: only of those that may share anything.
    entities
        Entity rows of all batches.
    order
        Batches in their order: of rows that are alike, that of the first one counts.

    Returns
    -------
    Shared
        Rows alike in entity, quantity, carrier, flow, receiver, period and value are one row, by whichever zones they
        are reported. Rows of one entity and period that differ in value are taken for parts, which add up.
    """
    named = entities.select(["entity", "batch"]).to_pandas()
    named["submitter"] = named["batch"].map(dict(submitters)).fillna(named["batch"])
    counts = named.drop_duplicates(["entity", "submitter"])["entity"].value_counts()
    several = sorted(counts[counts > 1].index)
    nothing = pa.table({"batch": pa.array([], pa.string()), "line": pa.array([], pa.int64())})
    if not several:
        return Shared(nothing, ())
    rows = read(sorted(set(named[named["entity"].isin(several)]["batch"])))
    shared = engine.from_arrow(pa.table({"entity": pa.array(several, pa.string())}))
    wanted = rows.filter(rows.status.isin(COUNTED)).semi_join(shared, "entity")
    frame = engine.to_arrow(wanted.select("batch", "line", *_ROW, "value")).to_pandas(date_as_object=True)
    if frame.empty:
        return Shared(nothing, ())
    frame["place"] = frame["batch"].map({batch: number for number, batch in enumerate(order)})
    frame["submitter"] = frame["batch"].map(dict(submitters)).fillna(frame["batch"])
    frame = frame.sort_values(["place", "line"], kind="stable")
    keys = [frame[name].fillna("") if name in ("carrier", "flow", "counterparty") else frame[name] for name in _ROW]
    series = pd.MultiIndex.from_arrays(keys).factorize()[0]
    alike = pd.DataFrame({"series": series, "value": frame["value"].to_numpy(), "of": frame["submitter"].to_numpy()})
    first = alike.groupby(["series", "value"], dropna=False)["of"].transform("first")
    repeated = (first != alike["of"]).to_numpy()
    values = alike[~repeated].groupby("series")["of"].nunique()
    differing = int((values > 1).sum())
    rows = frame[repeated][["batch", "line"]].sort_values(["batch", "line"])
    table = pa.table({"batch": pa.array(rows["batch"], pa.string()), "line": pa.array(rows["line"], pa.int64())})
    firms = frame[repeated]["entity"].nunique()
    findings = [_note("rows_of_two_zones", {"rows": table.num_rows, "firms": firms})] if table.num_rows else []
    if differing:
        findings.append(replace(_note("zones_differ", {"series": differing}), severity="warning"))
    return Shared(table, tuple(findings))


def read_once(read: Read, shared: Shared, order: Sequence[str], engine: Engine) -> Any:
    """The observations of some batches, each row of two zones once; only batches that repeat something are searched."""
    some = set(shared.repeated.column("batch").to_pylist()) & set(order)
    rest = [batch for batch in order if batch not in some]
    if not some:
        return read(rest)
    kept = read(sorted(some)).anti_join(engine.from_arrow(shared.repeated), ["batch", "line"])
    return read(rest).union(kept) if rest else kept


def wanted_entities(boundary: Boundary, kinds: Sequence[str]) -> pa.Array:
    """The entities of some kinds."""
    chosen = boundary.units.filter(pc.is_in(boundary.units["kind"], pa.array(kinds, pa.string())))
    return pa.array(chosen.column("entity").to_pylist(), pa.string())


def levels_of(boundary: Boundary, wanted: pa.Array, engine: Engine) -> Levels:
    """The levels of the wanted entities alone."""
    closure = boundary.closure.filter(pc.is_in(boundary.closure["ancestor"], wanted))
    levels = load_levels(replace(boundary, closure=closure), engine)
    return replace(levels, wanted=engine.from_arrow(pa.table({"entity": wanted})))


def parties_of(observations: Any, engine: Engine) -> set[str]:
    """Everybody in the transfer ledger."""
    moved = observations.filter((observations.flow == "transfer") & observations.counterparty.notnull())
    pairs = engine.to_arrow(moved.select("entity", "counterparty").distinct())
    return {*pairs.column("entity").to_pylist(), *pairs.column("counterparty").to_pylist()}


def put_together(
    cells: Any, boundary: Boundary, wanted: pa.Array, apart: Collection[str], engine: Engine
) -> tuple[Any, Levels]:
    """Cells of units that lie below the same wanted entities as cells of one, and the levels above these.

    Units whose membership has dates, those ``apart`` (who bring more than cells), and the wanted entities themselves
    stay as they are.
    """
    closure = boundary.closure.filter(pc.is_in(boundary.closure["ancestor"], wanted))
    groups, above = _groups(closure, {*boundary.dated, *apart, *wanted.to_pylist()})
    named = engine.from_arrow(groups)
    joined = cells.left_join(named, [cells.entity == named.member]).drop("member")
    joined = joined.mutate(entity=joined.together.fill_null(joined.entity)).drop("together")
    both = pa.concat_tables([closure.select(["entity", "ancestor", "leaf"]), above])
    always = above.select(["entity", "ancestor"])
    for name, day in zip(("since", "until"), ALWAYS, strict=True):
        always = always.append_column(name, pa.array([day] * above.num_rows, pa.date32()))
    episodes = pa.concat_tables([boundary.episodes.select(always.column_names), always])
    levels = load_levels(replace(boundary, closure=both, episodes=episodes), engine)
    return summed_again(joined, CELL_KEY), levels


def _groups(closure: pa.Table, alone: set[str]) -> tuple[pa.Table, pa.Table]:
    """Member → together, and entity, ancestor, leaf of the groups: named after their place in the order."""
    ordered = closure.sort_by([("entity", "ascending"), ("ancestor", "ascending")])
    entities = ordered.column("entity").combine_chunks().dictionary_encode()
    ancestors = ordered.column("ancestor").combine_chunks().dictionary_encode()
    names, tops = entities.dictionary.to_pylist(), ancestors.dictionary.to_pylist()
    codes = entities.indices.to_numpy()
    ends = (np.flatnonzero(np.diff(codes, append=-1)) + 1).tolist()
    values = ancestors.indices.to_numpy().astype(np.int64)
    leaf_of = dict(zip(ordered.column("ancestor").to_pylist(), ordered.column("leaf").to_pylist(), strict=True))
    known: dict[bytes, str] = {}
    units, together = [], []
    rows: list[dict[str, object]] = []
    start = 0
    for end in ends:
        name = names[codes[start]]
        if name not in alone:
            key = values[start:end].tobytes()
            if key not in known:
                known[key] = f"\x1f{len(known)}"
                tops_of = (tops[code] for code in values[start:end])
                rows += [{"entity": known[key], "ancestor": top, "leaf": leaf_of[top]} for top in tops_of]
            units.append(name)
            together.append(known[key])
        start = end
    schema = closure.select(["entity", "ancestor", "leaf"]).schema
    pairs = {"member": pa.array(units, pa.string()), "together": pa.array(together, pa.string())}
    return pa.table(pairs), pa.Table.from_pylist(rows, schema=schema)


def overlap_findings(figures: Sequence[Mapping[str, Any]], top: str, zones: Sequence[str]) -> tuple[Finding, ...]:
    """How far the sum of the zones is above their total, and that their total is no emission of the nation.

    Parameters
    ----------
    figures
        Rows of the table ``figures``.
    """
    own = set(zones)
    sums: dict[tuple[Any, ...], list[float]] = {}
    total: dict[tuple[Any, ...], float] = {}
    for row in sorted(figures, key=lambda row: (row["entity"], str(row["start"]))):
        if row["quantity"] not in _SAID or row["item"] or row["value"] is None:
            continue
        key = (row["quantity"], row["variant"], row["unit"], row["start"], row["end"])
        if row["entity"] in own:
            sums.setdefault(key, []).append(row["value"])
        elif row["entity"] == top:
            total[key] = row["value"]
    findings = [
        replace(
            _note("counted_once", {
                "quantity": quantity, "variant": variant, "unit": unit, "zones": len(sums[key]),
                "sum": round(sum(sums[key]), 3), "total": round(total[key], 3), "twice": round(sum(sums[key]) - total[key], 3),
            }),
            entity=top, subject=quantity, start=start, end=end,
        )
        for key in sorted(set(sums) & set(total), key=str)
        for quantity, variant, unit, start, end in [key]
    ]  # fmt: skip
    if total:
        findings.append(replace(_note("no_national_emission", {"zones": len(own)}), entity=top, subject=_NOT_INDIRECT))
    return tuple(findings)


def _note(rule: str, values: dict[str, object]) -> Finding:
    return Finding("note", STAGE, rule, f"account.{rule}", values)
