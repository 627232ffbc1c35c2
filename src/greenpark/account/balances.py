"""Uses that no supply explains, supplies whose use is not reported, and uses that follow from stocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.entries import is_traded
from greenpark.account.gaps import Locate, first_located, placed_finding
from greenpark.account.kinds import NOT_ZERO, has_bit
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.findings import Finding, Severity
from greenpark.model.knowledge import Carrier

DECIMALS = 6
_USES = ("use_industrial", "use_other")
_SUPPLIES = ("purchase", "transform_out", "recovery")
STOCK_OPEN, STOCK_CLOSE = "stock_open", "stock_close"
_INTO = (STOCK_OPEN, "purchase")
_OUT = ("sale", "loss", STOCK_CLOSE)
_USED_KINDS = ("fuel", "electricity", "heat")
_KEYS = ("entity", "carrier", "year")


@dataclass(frozen=True)
class Balances:
    """``derived``: entity, carrier, year whose use is opening stock + purchase − sale − loss − closing stock.

    ``lacking``: entity, carrier, flow and year of what is not reported; ``say`` makes the findings that say the same to
    people, once it is told how to find the place of a row.
    """

    derived: pa.Table
    lacking: tuple[Mapping[str, Any], ...]
    say: Callable[[Locate], tuple[Finding, ...]]

    @classmethod
    def none(cls) -> Balances:
        """Nothing derived, lacking or found."""
        return cls(_derived_table(()), (), lambda locate: ())


def check_balances(cells: Any, carriers: Mapping[str, Carrier], engine: Engine) -> Balances:
    """Power or heat used but never got, and any energy that was got but never used.

    A use that is not reported is derived only where both stocks are, for the same periods, and nothing but purchase,
    sale and loss stands beside them; it then counts as estimated. In every other case it is missing, and said to be.
    """
    traded = sorted(each.id for each in carriers.values() if is_traded(each))
    kinds = sorted(each.id for each in carriers.values() if each.kind in _USED_KINDS)
    rows = engine.to_arrow(_uneven(cells, kinds, traded)).to_pylist()
    rows.sort(key=lambda row: tuple(str(row[name]) for name in _KEYS))
    unsupplied = [row for row in rows if row["uses"]]
    unused = [row for row in rows if not row["uses"]]
    derived = [row for row in unused if row["carrier"] not in traded and _closes(row)]
    negative = [row for row in derived if row["left"] < 0]
    derived = [row for row in derived if row["left"] >= 0]
    named = {tuple(row[name] for name in _KEYS) for row in (*derived, *negative)}
    unknown = [row for row in unused if row["left"] > 0 and tuple(row[name] for name in _KEYS) not in named]
    told: tuple[tuple[str, Severity, list[Any], str], ...] = (
        ("use_without_supply", "error", unsupplied, "used"),
        ("use_derived", "note", derived, "left"),
        ("use_negative", "error", negative, "left"),
        ("use_not_reported", "error", unknown, "left"),
    )

    def say(locate: Locate) -> tuple[Finding, ...]:
        return tuple(finding for each in told for finding in _findings(*each, locate))

    marks = [row | {"flow": "purchase"} for row in unsupplied]
    marks += [row | {"flow": "use_industrial"} for row in (*negative, *unknown)]
    return Balances(_derived_table(derived), tuple(marks), say)


def _findings(
    rule: str, severity: Severity, rows: Sequence[Mapping[str, Any]], amount: str, locate: Locate
) -> tuple[Finding, ...]:
    return first_located(rule, rows, lambda row: placed_finding(rule, severity, row, amount=row[amount]), locate)


def _uneven(cells: Any, carriers: Sequence[str], traded: Sequence[str]) -> Any:
    """The balances of a unit, carrier and year that leave something unexplained."""
    rows = cells.filter((cells.quantity == "energy.amount") & (cells.year > 0) & cells.carrier.isin(list(carriers)))
    rows = rows.mutate(flow=ibis.ifelse(rows.flow == "", "use_industrial", rows.flow))
    is_use, is_supply = rows.flow.isin(_USES), rows.flow.isin(_SUPPLIES)
    sign = ibis.cases((rows.flow.isin(_INTO), 1.0), (rows.flow.isin(_OUT), -1.0), else_=0.0)
    found = rows.group_by(list(_KEYS)).aggregate(
        used=exact_sum(ibis.ifelse(is_use, rows.value, 0.0), DECIMALS),
        left=exact_sum(rows.value * sign, DECIMALS),
        uses=_count(is_use, rows),
        supplies=_count(is_supply & has_bit(rows.mark, NOT_ZERO), rows),
        opened=_count(rows.flow == STOCK_OPEN, rows),
        closed=_count(rows.flow == STOCK_CLOSE, rows),
        made=_count(rows.flow.isin(["transform_out", "recovery"]), rows),
    )
    unsupplied = found.carrier.isin(list(traded)) & (found.used > 0) & (found.supplies == 0)
    return found.filter(unsupplied | ((found.uses == 0) & (found.left != 0)))


def _count(condition: Any, cells: Any) -> Any:
    return ibis.ifelse(condition, cells.rows, 0).sum().cast("int64")


def _closes(row: Mapping[str, Any]) -> bool:
    return bool(row["opened"] and row["opened"] == row["closed"] and not row["made"])


def _derived_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    schema = pa.schema([("entity", pa.string()), ("carrier", pa.string()), ("year", pa.int64())])
    return pa.Table.from_pylist([{name: row[name] for name in _KEYS} for row in rows], schema=schema)
