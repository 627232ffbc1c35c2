"""Uses that no supply explains, supplies whose use is not reported, and uses that follow from stocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.account.entries import is_traded
from greenpark.account.gaps import first_of, first_place, placed_finding
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.findings import Finding, Severity
from greenpark.model.knowledge import Carrier

DECIMALS = 6
_USES = ("use_industrial", "use_other")
_SUPPLIES = ("purchase", "transform_out", "recovery")
STOCK_OPEN, STOCK_CLOSE = "stock_open", "stock_close"
_INTO = (STOCK_OPEN, "purchase")
_OUT = ("sale", STOCK_CLOSE)
_USED_KINDS = ("fuel", "electricity", "heat")
_KEYS = ("entity", "carrier", "year")


@dataclass(frozen=True)
class Balances:
    """``derived``: entity, carrier, year whose use is opening stock + purchase − sale − closing stock.

    ``lacking``: entity, carrier, flow and year of what is not reported; ``findings`` say the same to people.
    """

    derived: pa.Table
    lacking: tuple[Mapping[str, Any], ...]
    findings: tuple[Finding, ...]

    @classmethod
    def none(cls) -> Balances:
        """Nothing derived, lacking or found."""
        return cls(_derived_table(()), (), ())


def check_balances(observations: Any, carriers: Mapping[str, Carrier], engine: Engine) -> Balances:
    """Power or heat used but never got, and any energy that was got but never used.

    A use that is not reported is derived only where both stocks are, for the same periods, and nothing but purchase
    and sale stands beside them; it then counts as estimated. In every other case it is missing, and said to be.
    """
    traded = sorted(each.id for each in carriers.values() if is_traded(each))
    kinds = sorted(each.id for each in carriers.values() if each.kind in _USED_KINDS)
    rows = engine.to_arrow(_uneven(observations, kinds, traded)).to_pylist()
    rows.sort(key=lambda row: tuple(str(row[name]) for name in _KEYS))
    unsupplied = [row for row in rows if row["uses"]]
    unused = [row for row in rows if not row["uses"]]
    derived = [row for row in unused if row["carrier"] not in traded and _closes(row)]
    negative = [row for row in derived if row["left"] < 0]
    derived = [row for row in derived if row["left"] >= 0]
    named = {tuple(row[name] for name in _KEYS) for row in (*derived, *negative)}
    unknown = [row for row in unused if row["left"] > 0 and tuple(row[name] for name in _KEYS) not in named]
    findings = (
        *_findings("use_without_supply", "error", unsupplied, "used"),
        *_findings("use_derived", "note", derived, "left"),
        *_findings("use_negative", "error", negative, "left"),
        *_findings("use_not_reported", "error", unknown, "left"),
    )
    marks = [row | {"flow": "purchase"} for row in unsupplied]
    marks += [row | {"flow": "use_industrial"} for row in (*negative, *unknown)]
    return Balances(_derived_table(derived), tuple(marks), findings)


def _findings(rule: str, severity: Severity, rows: Sequence[Mapping[str, Any]], amount: str) -> tuple[Finding, ...]:
    return first_of(rule, [placed_finding(rule, severity, row, amount=row[amount]) for row in rows])


def _uneven(observations: Any, carriers: Sequence[str], traded: Sequence[str]) -> Any:
    """The balances of a unit, carrier and year that leave something unexplained."""
    rows = observations.filter(
        (observations.quantity == "energy.amount")
        & observations.status.isin(COUNTED)
        & observations.start.notnull()
        & observations.carrier.isin(list(carriers))
    )
    rows = rows.mutate(year=rows.start.year().cast("int64"), flow=rows.flow.fill_null("use_industrial"))
    is_use, is_supply = rows.flow.isin(_USES), rows.flow.isin(_SUPPLIES)
    sign = ibis.cases((rows.flow.isin(_INTO), 1.0), (rows.flow.isin(_OUT), -1.0), else_=0.0)
    found = rows.group_by(list(_KEYS)).aggregate(
        used=exact_sum(ibis.ifelse(is_use, rows.value, 0.0), DECIMALS),
        left=exact_sum(rows.value * sign, DECIMALS),
        uses=_count(is_use),
        supplies=_count(is_supply & (rows.value != 0)),
        opened=_count(rows.flow == STOCK_OPEN),
        closed=_count(rows.flow == STOCK_CLOSE),
        made=_count(rows.flow.isin(["transform_out", "recovery"])),
        **first_place(rows),
    )
    unsupplied = found.carrier.isin(list(traded)) & (found.used > 0) & (found.supplies == 0)
    return found.filter(unsupplied | ((found.uses == 0) & (found.left != 0)))


def _count(condition: Any) -> Any:
    return ibis.ifelse(condition, 1, 0).sum().cast("int64")


def _closes(row: Mapping[str, Any]) -> bool:
    return bool(row["opened"] and row["opened"] == row["closed"] and not row["made"])


def _derived_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    schema = pa.schema([("entity", pa.string()), ("carrier", pa.string()), ("year", pa.int64())])
    return pa.Table.from_pylist([{name: row[name] for name in _KEYS} for row in rows], schema=schema)
