"""Global warming potentials over 100 years, by assessment report."""

from __future__ import annotations

from decimal import Decimal

from tools.compile_packs.rows import RECALLED, REFERENCE, FactorRow, confidence_of, joined, number, read_table

TABLE = REFERENCE / "factors" / "gwp.csv"
REPORTS = ("SAR", "TAR", "AR4", "AR5", "AR5CCF", "AR6")
GASES = {
    "CH4 fossil": "CH4_fossil", "CH4 non-fossil": "CH4_biogenic", "PFC-14 CF4": "CF4", "PFC-116 C2F6": "C2F6",
    "PFC-218 C3F8": "C3F8",
}  # fmt: skip
# Second spellings of a value that the set already holds: an unrounded one and another compilation's.
LEFT_OUT = ("HFC-134a (unrounded, 7.SM)", "SF6 (alternative compilation)")
NOTES = {
    ("CH4", "AR5"): "不含气候—碳反馈；化石甲烷计入氧化为30 / without climate-carbon feedback; 30 for fossil methane",
    ("CH4", "AR6"): "不分来源；化石29.8，生物源27.0 / origin not split; 29.8 fossil, 27.0 biogenic",
}
REFERENCE_GAS = "参照气体，按定义为1 / the reference gas: 1 by definition"


def tables() -> dict[str, list[FactorRow]]:
    """The pack of global warming potentials: gas masses are converted by one report's values, last of all."""
    rows = [
        _row(GASES.get(record["gas"], record["gas"]), record["report"], number(record["gwp100"]), record["confidence"])
        for record in read_table(TABLE)
        if record["report"] in REPORTS and record["gas"] not in (*LEFT_OUT, "CO2")
    ]
    carbon_dioxide = [_row("CO2", report, Decimal(1), "high") for report in REPORTS]
    return {"gwp": sorted([*carbon_dioxide, *rows], key=lambda row: (row.item, REPORTS.index(row.definition)))}


def _row(gas: str, report: str, value: Decimal | None, words: str) -> FactorRow:
    note = REFERENCE_GAS if gas == "CO2" else NOTES.get((gas, report), "")
    return FactorRow(
        id=f"gwp.{gas}.{report}", item=gas, kind="gwp", value=value, unit="tCO2e/t", area="world", definition=report,
        source=report, confidence=confidence_of(words), note=joined(note, RECALLED if words.startswith("memory") else ""),
    )  # fmt: skip
