"""Small schemes and indicator tables for tests, and the rows that come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from greenpark.engine.schema import conform
from greenpark.evaluate import evaluate
from greenpark.model.schemes import Scheme
from greenpark.model.tables import INDICATORS

HIGH = {"name": "high", "role": "high", "value": "high", "formula": "high"}


def criterion(name: str, rule: Mapping[str, Any], role: str = "mandatory", **other: Any) -> dict[str, Any]:
    """A criterion over the indicator of the same name in lower case."""
    base = {
        "id": name, "indicator": name.lower(), "group": "G", "role": role, "rule": dict(rule), "missing": "not_evaluable",
        "title": {"zh": name, "en": name}, "source": "S1", "confidence": HIGH,
    }  # fmt: skip
    return base | other


def make_scheme(
    criteria: Iterable[Mapping[str, Any]],
    verdict: Mapping[str, Any] | None = None,
    extra: Iterable[str] = (),
    **other: Any,
) -> Scheme:
    """A scheme named ``s`` with one indicator per criterion and the extra ones."""
    rows = [dict(each) for each in criteria]
    names = sorted(({str(row["indicator"]) for row in rows} | set(extra)) - {""})
    indicators = other.pop("indicators", {})
    data = {
        "head": {"kind": "schemes", "format": 1, "id": "s", "version": "1", "title": {"zh": "甲", "en": "s"}, "source": "S1"},
        "issuer": {"zh": "甲", "en": "s"}, "document": "d",
        "sources": [{"id": "S1", "title": "t"}],
        "groups": [{"id": "G", "title": {"zh": "组", "en": "group"}}],
        "indicators": [
            {"id": name, "title": {"zh": name, "en": name}, "unit": "1", "formula": "x", "confidence": "high", "source": "S1"}
            | indicators.get(name, {})
            for name in names
        ],
        "criteria": rows,
        "verdict": verdict or {"kind": "counts"},
        "verdict_confidence": "high",
    }  # fmt: skip
    return Scheme.model_validate(data | other)


def row(
    indicator: str, value: float | None, entity: str = "park", year: int = 2024, variant: str = "", **other: Any
) -> dict[str, Any]:
    """A row of ``indicators`` of the scheme ``s``; a value of None is a missing quantity q."""
    base = {
        "entity": entity, "indicator": f"s.{indicator}", "start": date(year, 1, 1), "end": date(year + 1, 1, 1),
        "variant": variant, "value": value, "unit": "1", "coverage": "boundary", "missing": "q" if value is None else None,
        "status": "not_evaluable" if value is None else "ok", "confidence": "high",
    }  # fmt: skip
    return base | other


def indicator_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """The table ``indicators`` without run."""
    names = [name for name in INDICATORS.names if name != "run"]
    listed = list(rows)
    columns = {name: [each[name] for each in listed] for name in names}
    return conform(pa.table(columns), INDICATORS, ("run",))


def scores(
    scheme: Scheme, rows: Iterable[Mapping[str, Any]], chosen: Any = None, excused: Any = None, **other: Any
) -> list[dict[str, Any]]:
    """The rows of the evaluation."""
    found: list[dict[str, Any]] = evaluate(
        indicator_table(rows), [scheme], chosen or {}, excused or {}, **other
    ).to_pylist()
    return found


def node(rows: Iterable[Mapping[str, Any]], name: str, **where: Any) -> dict[str, Any]:
    """The one row of a node."""
    found = [each for each in rows if each["node"] == name and all(each[key] == value for key, value in where.items())]
    assert len(found) == 1, found
    return dict(found[0])


def state_of(
    rule: Mapping[str, Any], value: float | None, extra: Mapping[str, float | None] | None = None, **other: Any
) -> str:
    """The state of one criterion with one value."""
    scheme = make_scheme([criterion("A", rule, **other)], extra=tuple(extra or ()))
    rows = [row("a", value), *(row(name, each) for name, each in (extra or {}).items())]
    return str(node(scores(scheme, rows), "A")["state"])
