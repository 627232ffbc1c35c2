"""Small workbooks as enterprises hand them in, and what is said with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from greenpark.catalog import Packs
from greenpark.desk.handing_in import Handover, Receipt, hand_in, read_handover
from greenpark.engine.store import Store
from tests.collect.conftest import code, write_book

TITLES = ("统一社会信用代码", "时期", "能源品种", "计量单位", "购进量", "工业生产消费量")
SIGNED_ON = date(2025, 4, 10)
REGISTERED = (("统一社会信用代码", "单位名称", "类别"), ("PARK", "示范园区", "园区"))


def moment(hours: float = 0) -> datetime:
    """A moment in the past from which tests count."""
    return datetime(2025, 4, 10, tzinfo=UTC) + timedelta(hours=hours)


def coal(number: int, amount: Any, period: str = "2025-03") -> tuple[Any, ...]:
    """A row of coal bought and used."""
    return (code(number), period, "烟煤", "t", amount, amount)


def book(path: Path, rows: Sequence[Sequence[Any]], units: Sequence[int] = (1,)) -> Path:
    """A workbook with a register of units and these rows of energy."""
    registered = [*REGISTERED, *((code(each), f"{each}号厂", "法人单位") for each in units)]
    return write_book(path, {"园区单位": registered, "能源": [TITLES, *rows]})


def said(packs: Packs, file: Path, **more: Any) -> Handover:
    """A handover of enterprise 1 for March 2025, signed by three people."""
    given: dict[str, Any] = {
        "entity": code(1), "period": "2025-03", "filled_by": "张三", "checked_by": "李四", "responsible": "王五",
        "signed_on": SIGNED_ON,
    }  # fmt: skip
    return Handover(file, packs.forms["park_annual"], **{**given, **more})


def handed_in(store: Store, packs: Packs, file: Path, **more: Any) -> Receipt:
    """The receipt of a file that was handed in."""
    return hand_in(read_handover(said(packs, file, **more), packs, store), store, SIGNED_ON)
