"""The national high-tech zones as entities of a places pack."""

from __future__ import annotations

import csv
import re

from tools.compile_packs.rows import PACKS, REFERENCE, read_table

TABLE = REFERENCE / "high_tech_zones.csv"
PACK = PACKS / "places" / "high_tech_zones"
COLUMNS = ("id", "name_zh", "name_en", "province", "city", "approved_year", "batch", "confidence", "note")
# How sure the reference is: A name and year found, B name found and year recalled, C recalled.
CONFIDENCE = {"A": "high", "B": "medium", "C": "low"}
YEAR_RECALLED = "批准年份凭记忆，按各年总数核对 / year recalled, checked against the published totals"
ALL_RECALLED = "凭记忆录入 / recalled"
NOTES = {"A": "", "B": YEAR_RECALLED, "C": ALL_RECALLED}
KEPT_NOTE = re.compile(r"国函〔\d{4}〕\d+号")
SUFFIX = re.compile(r" (High-tech Industrial (Development Zone|Park)|Science Park|High-tech .*)$")


def write_zones() -> int:
    """Write zones.csv and return the number of zones."""
    rows = zone_rows()
    with (PACK / "zones.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return len(rows)


def zone_rows() -> list[tuple[str, ...]]:
    """The cells of zones.csv.

    The id is ``htz_`` and the English name without its generic ending: it stays when rows are added.
    """
    provinces = {row["name_zh"]: row["id"] for row in read_table(PACKS / "places" / "areas" / "areas.csv")}
    return [_zone(record, provinces) for record in read_table(TABLE)]


def _zone(record: dict[str, str], provinces: dict[str, str]) -> tuple[str, ...]:
    grade = record["source_confidence"][:1]
    province = record["province"].replace("新疆生产建设兵团", "新疆维吾尔自治区")
    document = KEPT_NOTE.search(f"{record['note']} {record['batch']}")
    note = "; ".join(part for part in (document.group() if document else "", NOTES[grade]) if part)
    return (
        _id(record["name_en"]), record["name_zh"], record["name_en"], provinces[province], record["city"],
        record["approved_year"], record["batch"], CONFIDENCE[grade], note,
    )  # fmt: skip


def _id(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", SUFFIX.sub("", name).lower().replace("'", ""))
    return f"htz_{words.strip('_')}"
