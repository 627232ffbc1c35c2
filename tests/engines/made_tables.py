"""Small invented tables with every trap that engines treat differently: nulls in keys, zeros, ties, unstated dates."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from greenpark.engine.connect import Engine

ROWS = 240
CARRIERS = ("raw_coal", "natural_gas", "electricity", "electricity.direct_green", "heat", None)
FLOWS = ("purchase", "use_industrial", "sale", "transfer", None)
STATUSES = ("reported", "corrected", "estimated", "doubtful", "declared_absent")
UNITS = ("A", "B", "C", "D", "单位E", "none")


@dataclass(frozen=True)
class Made:
    """The tables on one engine."""

    rows: Any
    units: Any
    factors: Any
    closure: Any
    numbers: Any


def make_tables(engine: Engine) -> Made:
    """The same tables for every engine."""
    return Made(*(engine.from_arrow(table()) for table in (_rows, _units, _factors, _closure, _numbers)))


Table = Callable[[], pa.Table]


def _rows() -> pa.Table:
    chance = random.Random(20)
    return pa.Table.from_pylist([_row(line, chance) for line in range(1, ROWS + 1)], schema=_ROWS)


_ROWS = pa.schema(
    [
        ("line", pa.int64()), ("entity", pa.string()), ("carrier", pa.string()), ("flow", pa.string()),
        ("start", pa.date32()), ("end", pa.date32()), ("value", pa.float64()), ("status", pa.string()),
        ("confidence", pa.string()), ("cell", pa.string()), ("text", pa.string()),
    ]
)  # fmt: skip


def _row(line: int, chance: random.Random) -> dict[str, Any]:
    month = chance.randrange(36)
    start = date(2022 + month // 12, month % 12 + 1, 1)
    year, following = start.year + (start.month == 12), start.month % 12 + 1
    stated = line % 29 != 0
    return {
        "line": line,
        "entity": chance.choice(UNITS),
        "carrier": chance.choice(CARRIERS),
        "flow": chance.choice(FLOWS),
        "start": start if stated else None,
        "end": date(year, following, 1) if stated else None,
        "value": None
        if line % 13 == 0
        else 0.0
        if line % 17 == 0
        else chance.uniform(-2, 9) * 10 ** chance.randrange(6),
        "status": chance.choice(STATUSES),
        "confidence": chance.choice(("high", "medium", "low")),
        "cell": f"{chance.choice('DEF')}{line}",
        "text": chance.choice(
            ("1,234", "12万", "综合能源消费量（吨标准煤）", "GDP 2023年", "", None, "Total  CO2", "é_%")
        ),
    }


def _units() -> pa.Table:
    return pa.table(
        {
            "entity": ["A", "B", "C", "D", "单位E", None, "never"],
            "area": ["jiangsu", "hebei", None, "jiangsu", "inner_mongolia", "hebei", "hebei"],
            "parent": ["P", "P", "Q", "Q", "P", "P", None],
            "since": [date(2020, 1, 1), date(2022, 7, 1), None, date(2023, 1, 1), date(2024, 2, 29), None, None],
            "until": [None, date(2023, 7, 1), date(2024, 1, 1), None, None, None, date(2021, 1, 1)],
        }
    )


def _factors() -> pa.Table:
    rows = [
        ("raw_coal", "", None, None, None, 1.9003),
        ("raw_coal", "jiangsu", date(2023, 1, 1), None, 2023, 1.85),
        ("natural_gas", "", None, date(2023, 1, 1), 2022, 21.622),
        ("natural_gas", "", date(2023, 1, 1), None, 2023, 21.65),
        ("electricity", "hebei", date(2022, 1, 1), date(2024, 1, 1), 2022, 0.7252),
        ("electricity", "jiangsu", date(2022, 1, 1), None, 2023, 0.5978),
        ("heat", "", None, None, None, None),
        (None, "", None, None, 2020, 5.0),
    ]
    kinds = (pa.string(), pa.string(), pa.date32(), pa.date32(), pa.int64(), pa.float64())
    names = ("carrier", "area", "since", "until", "data_year", "rate")
    columns = zip(*rows, strict=True)
    return pa.table({name: pa.array(c, kind) for name, c, kind in zip(names, columns, kinds, strict=True)})


def _closure() -> pa.Table:
    pairs = [("A", "P"), ("B", "P"), ("C", "Q"), ("D", "Q"), ("单位E", "P"), ("P", "N"), ("Q", "N")]
    above = [*pairs, *((unit, "N") for unit in ("A", "B", "C", "D", "单位E")), *((x, x) for x in ("A", "B", "C", "D"))]
    return pa.table({"entity": [unit for unit, _ in above], "ancestor": [top for _, top in above]})


def _numbers() -> pa.Table:
    """Wide rows, as formulas see them."""
    return pa.table(
        {
            "id": pa.array(range(8), pa.int64()),
            "a": [1.0, 0.0, -4.0, None, 1e-9, 123456.789, 2.5, 1e12],
            "b": [2.0, 0.0, None, 3.0, 0.0, -7.0, 2.5, 3.0],
            "c": [None, 8.0, 27.0, 1.0, 10.0, 0.5, -1.0, 1e-3],
            "n": pa.array([1, None, 7, -7, 0, 2**40, 5, 6], pa.int64()),
        }
    )
