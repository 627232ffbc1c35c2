"""What units, and pairs of units, bring to figures beside their own rows: losses, corrections, allocations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from greenpark.account.views import View
from greenpark.model.confidence import RANK, Confidence
from greenpark.model.findings import Finding
from greenpark.model.tables import FIGURES

_DATES = ("start", "end", "first", "last")
_WORDS = ("entity", "counterparty", "quantity", "variant", "unit", "level", "item")
BROUGHT = pa.schema(
    [
        *((name, pa.string()) for name in _WORDS),
        *((name, pa.date32()) for name in _DATES),
        *((name, pa.float64()) for name in ("value", "part")),
        *((name, pa.int64()) for name in ("rows", "rank", "unmatched")),
    ]
)


@dataclass(frozen=True)
class Beside:
    """``brought`` climbs to every level; ``figures`` are those of one unit alone; ``findings`` say why."""

    brought: tuple[Mapping[str, Any], ...] = ()
    figures: tuple[Mapping[str, Any], ...] = ()
    findings: tuple[Finding, ...] = ()

    def __add__(self, other: Beside) -> Beside:
        return Beside(self.brought + other.brought, self.figures + other.figures, self.findings + other.findings)


@dataclass(frozen=True)
class Rates:
    """The rates that the match table found: [t or tce per unit of the carrier]."""

    area_of: Mapping[str, str]
    rows: Mapping[tuple[str, str, int], Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    @classmethod
    def read(cls, matches: pa.Table, area_of: Mapping[str, str]) -> Rates:
        """The rates of energy amounts that were matched."""
        found: dict[tuple[str, str, int], list[Mapping[str, Any]]] = {}
        for row in matches.to_pylist():
            if row["quantity"] == "energy.amount" and row["rate"] is not None:
                found.setdefault((row["item"], row["area"], row["year"]), []).append(row)
        return cls(area_of, found)

    def with_more(self, matches: pa.Table) -> Rates:
        """These rates, and after them those of more matches."""
        more = Rates.read(matches, self.area_of).rows
        both = {key: (*self.rows.get(key, ()), *more.get(key, ())) for key in {*self.rows, *more}}
        return Rates(self.area_of, both)

    def of(
        self, entity: str, carrier: str, year: int, methods: Collection[str], categories: tuple[str, ...] = (),
        gas: str = "CO2", produces: str = "",
    ) -> float | None:  # fmt: skip
        """The rate of a carrier for an entity by the first of these methods; None where there is none.

        ``categories``: what the category of an emission starts with; empty asks for energy [tce].
        """
        wanted = produces or ("emissions" if categories else "energy")
        for row in self.rows.get((carrier, self.area_of.get(entity, ""), year), ()):
            fits = row["category"].startswith(categories) and row["gas"] == gas if categories else not row["gas"]
            if row["method"] in methods and fits and row["produces"] == wanted:
                rate: float = row["rate"]
                return rate
        return None


def bring(
    entity: str, year: int, quantity: str, value: float, unit: str, *, variant: str = "", item: str = "",
    counterparty: str | None = None, level: str = "", dated: Collection[str] = (), confidence: Confidence = "medium",
) -> dict[str, Any]:  # fmt: skip
    """One row of what a unit (or a pair) brings in a year; ``dated``: entities whose membership has dates."""
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    matters = entity in dated or counterparty in dated
    return {
        "entity": entity, "counterparty": counterparty, "quantity": quantity, "variant": variant, "unit": unit,
        "level": level, "item": item, "start": start, "end": end, "first": start if matters else None,
        "last": end if matters else None, "value": value, "part": 0.0, "rows": 1, "rank": RANK[confidence],
        "unmatched": 0,
    }  # fmt: skip


def figure(
    entity: str, year: int, quantity: str, value: float | None, unit: str, variant: str = "",
    confidence: Confidence = "medium",
) -> dict[str, Any]:  # fmt: skip
    """One row of the table ``figures`` (without its run) that belongs to one unit alone."""
    return {
        "entity": entity, "start": date(year, 1, 1), "end": date(year + 1, 1, 1), "quantity": quantity, "item": "",
        "variant": variant, "unit": unit, "value": value, "rows": 1, "rows_unmatched": 0, "estimated_share": 0.0,
        "coverage": "unstated", "status": "not_evaluable" if value is None else "ok", "confidence": confidence,
    }  # fmt: skip


def brought_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """The rows as a table to be added to what the rows of units bring."""
    return pa.Table.from_pylist(list(rows), schema=BROUGHT)


def figures_table(
    rows: Iterable[Mapping[str, Any]], names: Sequence[str], kinds: Mapping[str, pa.DataType]
) -> pa.Table:
    """The rows as figures with these columns."""
    return pa.Table.from_pylist(list(rows), schema=pa.schema([(name, kinds[name]) for name in names]))


FIGURE_KINDS: Mapping[str, pa.DataType] = {
    column.name: {"float64": pa.float64(), "int64": pa.int64(), "date": pa.date32()}.get(column.kind, pa.string())
    for column in FIGURES.columns
}


def total_rows_of(
    entity: str, year: int, kind: str, value: float, view: View, item: str, **more: Any
) -> list[dict[str, Any]]:
    """What a correction of bought power or heat (``kind``, else of fuels) [tCO2] brings to the totals of a view, as an
    item of its own.
    """
    lines = [("co2.total", "tCO2", item), ("ghg.total", "tCO2e", "CO2")]
    lines += [(f"co2.{kind}_net", "tCO2", item)] if kind else [("co2.enterprise_sum", "tCO2", "")]
    return [
        bring(entity, year, quantity, value, unit, variant=view.variant, item=named, **more)
        for quantity, unit, part in lines
        for named in dict.fromkeys(("", part))
    ]
