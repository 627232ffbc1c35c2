"""Activity that enters no result: without a method, a carrier or a period, or too large to be summed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.account.activity import ACTIVITY_QUANTITIES, COUNTED
from greenpark.account.gaps import first_of, first_place, placed_finding
from greenpark.account.kinds import DIGITS, LARGE, Numbers, has_bit, is_too_large, with_scale
from greenpark.account.matching import Key
from greenpark.engine.connect import Engine
from greenpark.model.findings import Finding, Severity
from greenpark.model.knowledge import Carrier

_USES = ("use_industrial", "use_other", "")
_HEAT = ("energy.heat_gross", "energy.heat_net")
_NO_PLACE = ("unregistered", "group")  # said elsewhere, or no place at all
_NAMED = 3
_SEVERITY: dict[str, Severity] = {"carrier_missing": "error", "value_too_large": "error", "period_unstated": "warning"}


def find_uncounted(
    cells: Any, observations: Any, numbers: Numbers, keys: Sequence[Key], matches: pa.Table,
    carriers: Mapping[str, Carrier], engine: Engine,
) -> tuple[list[Mapping[str, Any]], tuple[Finding, ...]]:  # fmt: skip
    """What no method counts, and why.

    Returns
    -------
    list, tuple of Finding
        entity, carrier, flow, year of used energy that enters nothing; the findings.
    """
    lost, findings = _unused_keys(observations, keys, matches, engine)
    products = _products_without_process(keys, matches, carriers)
    odd = _odd_rows(observations, numbers, engine) if _has_odd(cells, engine) else ()
    return lost, (*odd, *findings, *products)


def find_nowhere(matches: pa.Table, units: pa.Table) -> tuple[Finding, ...]:
    """One finding when energy of units whose area nobody knows found no factor: the area is what is missing."""
    unmatched = matches.filter(pc.equal(matches["status"], "no_factor"))
    if all(unmatched.column("area").unique().to_pylist()):
        return ()
    nowhere = units.filter(pc.equal(pc.fill_null(units["area"], ""), "")).select(["name", "kind"]).to_pylist()
    names = [row["name"] for row in nowhere if row["kind"] not in _NO_PLACE]
    if not names:
        return ()
    values: dict[str, object] = {"count": len(names), "names": "、".join(names[:_NAMED])}
    return (Finding("error", "account", "area_unknown", "account.area_unknown", values),)


def _has_odd(cells: Any, engine: Engine) -> bool:
    """Whether any row is without carrier or period or too large: seldom, so that the rows need not be looked at."""
    activity = cells.filter(cells.quantity.isin(ACTIVITY_QUANTITIES))
    odd = activity.filter((activity.carrier == "") | (activity.year == 0) | has_bit(activity.mark, LARGE))
    return bool(engine.to_arrow(odd.aggregate(n=odd.count())).column("n")[0].as_py())


def _odd_rows(observations: Any, numbers: Numbers, engine: Engine) -> tuple[Finding, ...]:
    rows = observations.filter(observations.quantity.isin(ACTIVITY_QUANTITIES) & observations.status.isin(COUNTED))
    rows = with_scale(rows, numbers)
    case = ibis.cases(
        (rows.carrier.isnull(), "carrier_missing"),
        (is_too_large(rows.value, rows.scale), "value_too_large"),
        (rows.start.isnull(), "period_unstated"),
        else_="",
    )
    rows = rows.mutate(case=case, carrier=rows.carrier.fill_null(""))
    odd = rows.filter(rows.case != "")
    found = odd.group_by(["case", "entity", "quantity", "carrier"]).aggregate(
        rows=odd.count(), scale=odd.scale.max(), **first_place(odd)
    )
    named = engine.to_arrow(found).to_pylist()
    named.sort(key=lambda row: (row["case"], row["entity"], row["quantity"], row["carrier"]))
    findings: list[Finding] = []
    for rule, severity in _SEVERITY.items():
        chosen = [
            placed_finding(
                rule, severity, row, rows=row["rows"], quantity=row["quantity"], limit=10**DIGITS / row["scale"]
            )
            for row in named
            if row["case"] == rule
        ]
        findings += first_of(rule, chosen)
    return tuple(findings)


def _unused_keys(
    observations: Any, keys: Sequence[Key], matches: pa.Table, engine: Engine
) -> tuple[list[Mapping[str, Any]], tuple[Finding, ...]]:
    matched = {(row["quantity"], row["item"]) for row in matches.select(["quantity", "item"]).to_pylist()}
    unknown = sorted(
        {
            (key.quantity, key.item)
            for key in keys
            if key.quantity in ("energy.amount", *_HEAT, "material.use")
            and key.flow in _USES
            and (key.quantity, key.item) not in matched
        }
    )
    if not unknown:
        return [], ()
    schema = pa.schema([("quantity", pa.string()), ("carrier", pa.string())])
    wanted = pa.Table.from_pylist([{"quantity": q, "carrier": c} for q, c in unknown], schema=schema)
    rows = observations.filter(observations.status.isin(COUNTED) & (observations.value != 0))
    rows = rows.mutate(flow=rows.flow.fill_null(""), year=rows.start.year().cast("int64"))
    rows = rows.filter(rows.flow.isin(_USES)).semi_join(engine.from_arrow(wanted), ["quantity", "carrier"])
    names = ["entity", "quantity", "carrier", "flow", "year"]
    found = rows.group_by(names).aggregate(rows=rows.count(), **first_place(rows))
    lost = engine.to_arrow(found).to_pylist()
    lost.sort(key=lambda row: tuple(str(row[name]) for name in names))
    findings = [placed_finding("not_counted", "error", row, flow=row["flow"], rows=row["rows"]) for row in lost]
    return [row for row in lost if row["year"] is not None], first_of("not_counted", findings)


def _products_without_process(
    keys: Sequence[Key], matches: pa.Table, carriers: Mapping[str, Carrier]
) -> tuple[Finding, ...]:
    """Most products have no process emissions; that none are counted is still said once for each."""
    matched = set(matches.column("item").to_pylist())
    items = sorted({key.item for key in keys if key.quantity == "output.product" and key.item not in matched})
    return tuple(
        Finding("note", "account", "no_process", "account.no_process", {"carrier": item}, subject=item)
        for item in items
        if item in carriers
    )
