"""Growth, uncertainty, completeness and signatures of the sample run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from greenpark.model.forms import Form
from greenpark.model.knowledge import PackHead
from greenpark.model.submission import SignOff
from greenpark.model.text import Text
from greenpark.publish.signed import BatchUsed

FORM = Form(
    head=PackHead(
        kind="forms", format=1, id="park_annual", version="1", title=Text(zh="园区填报工作簿", en="Park workbook"), source="own"
    ),
    sheets=(),
    legal_note=Text(zh="内部填报表，不是经批准的统计调查表。", en="An internal form, not an approved survey form."),
    number="GP-01",
    issued_by=Text(zh="某园区管委会", en="A park administration"),
)  # fmt: skip


def growth(total: float) -> list[dict[str, Any]]:
    known = {
        "run": "r1", "entity": "park", "quantity": "co2.total", "item": "", "start": date(2024, 1, 1), "end": date(2025, 1, 1),
        "base_start": date(2023, 1, 1), "base_end": date(2024, 1, 1), "variant": "", "value_now": total, "unit": "tCO2", "used": False,
        "status": "ok", "confidence": "medium",
    }  # fmt: skip
    values = {"as_reported": 1953185.1, "same_boundary": 1800000.25, "same_factors": 1812345.678}
    rows = [
        known | {"kind": kind, "value_base": base, "value": total / base - 1, "used": kind == "same_factors"}
        for kind, base in values.items()
    ]
    absent = {
        "value_now": None,
        "value_base": None,
        "value": None,
        "status": "not_evaluable",
        "reason": "sample.no_data",
    }
    return [*rows, known | absent | {"kind": "comparable_prices", "detail": '{"quantity": "co2.total"}'}]


def uncertainty(total: float) -> list[dict[str, Any]]:
    known = {
        "run": "r1", "entity": "park", "quantity": "co2.total", "variant": "", "start": date(2024, 1, 1), "end": date(2025, 1, 1),
        "unit": "tCO2", "assumed": True, "confidence": "low",
    }  # fmt: skip
    whole = {"source": "", "value": total, "half_width": 0.0712345, "low": total * 0.9287655, "high": total * 1.0712345}
    parts = {"factor:co2_raw_coal": 0.61, "activity:raw_coal": 0.27, "activity:electricity": 0.12}
    rows = [known | whole | {"approach": "analytic"}]
    rows += [known | whole | {"approach": "monte_carlo", "draws": 10000, "seed": 20240101, "half_width": 0.0709}]
    return rows + [
        known | {"approach": "analytic", "source": source, "share": share, "half_width": share / 10}
        for source, share in parts.items()
    ]


def completeness() -> list[dict[str, Any]]:
    def row(
        entity: str, carrier: str, present: int, estimated: int, absent: int, missing: int, **more: Any
    ) -> dict[str, Any]:
        return {
            "run": "r1", "entity": entity, "quantity": "energy.amount", "carrier": carrier, "start": date(2024, 1, 1),
            "end": date(2025, 1, 1), "expected": 12, "present": present, "estimated": estimated, "absent": absent,
            "missing": missing, "months": "r" * present + "e" * estimated + "a" * absent + "m" * missing,
            "last_day": date(2024, 12, 31),
        } | more  # fmt: skip

    return [
        row("u01", "raw_coal", 12, 0, 0, 0),
        row("u02", "natural_gas", 9, 2, 0, 1, last_day=date(2024, 9, 30), estimated_tce=1234.5, estimated_co2=2345.678901),
        row("u03", "diesel", 0, 0, 12, 0, notation="not_used", last_day=None),
        row("u03", "electricity", 12, 0, 0, 0) | {"start": date(2023, 1, 1), "end": date(2024, 1, 1)},
    ]  # fmt: skip


def sign_off(**more: Any) -> SignOff:
    known = {
        "batch": "b1c0ffee00112233", "entity": "u02", "entity_name": "第2化工有限公司", "form": "park_annual", "form_version": "1",
        "period": "2024", "file": "能源报表2024.xlsx", "file_sha256": "ab" * 32, "filled_by": "张三", "checked_by": "李四",
        "responsible": "王五", "signed_on": date(2025, 3, 31), "state": "accepted", "legal_basis": "voluntary",
        "accepted_on": datetime(2025, 4, 2, 9, 30, tzinfo=UTC), "accepted_by": "园区统计员",
    }  # fmt: skip
    return SignOff(**(known | more))


SIGNATURES = (
    sign_off(),
    sign_off(
        batch="c0ffee0011223344", entity="u03", entity_name="", supersedes="b0b0b0b0b0b0b0b0", reason="漏报三季度柴油"
    ),
)
BATCHES = (
    BatchUsed(
        "b1c0ffee00112233", "能源报表2024.xlsx", "ab" * 32, "submission", "accepted", "park_annual@1", "u02", "2024"
    ),
    BatchUsed("d15ea5e000112233", "park_2023.xlsx", "cd" * 32),
)
