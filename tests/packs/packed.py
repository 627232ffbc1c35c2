"""The CSV and YAML files of the packs as plain rows, read without the catalog."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

PACKS = Path(__file__).resolve().parents[2] / "src" / "greenpark" / "packs"


@dataclass(frozen=True)
class Row:
    """One factor as its cells say; numbers as numbers."""

    pack: str
    id: str
    item: str
    kind: str
    gas: str
    value: float | None
    unit: str
    basis: str
    area: str
    activity: str
    since: str
    until: str
    data_year: int | None
    definition: str
    published: str
    low: float | None
    high: float | None
    source: str
    confidence: str
    note: str


def read_csv(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def read_yaml(path: Path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@lru_cache
def factors(pack: str) -> tuple[Row, ...]:
    return tuple(_row(pack, cells) for cells in read_csv(PACKS / "factors" / pack / "factors.csv"))


def _row(pack: str, cells: dict[str, str]) -> Row:
    numbers = {name: float(cells[name]) if cells[name] else None for name in ("value", "low", "high")}
    year = int(cells["data_year"]) if cells["data_year"] else None
    return Row(pack=pack, **{**cells, **numbers, "data_year": year})


def all_factors() -> list[Row]:
    return [row for folder in sorted((PACKS / "factors").iterdir()) for row in factors(folder.name)]


def one(pack: str, item: str, kind: str, **wanted) -> Row:
    found = [
        row
        for row in factors(pack)
        if row.item == item and row.kind == kind and all(getattr(row, name) == value for name, value in wanted.items())
    ]
    assert len(found) == 1, (pack, item, kind, wanted, found)
    return found[0]


def value(pack: str, item: str, kind: str, **wanted) -> float:
    found = one(pack, item, kind, **wanted).value
    assert found is not None
    return found


@lru_cache
def carriers() -> dict[str, dict[str, str]]:
    return {row["id"]: row for table in sorted((PACKS / "carriers").glob("*/carriers.csv")) for row in read_csv(table)}


@lru_cache
def areas() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in read_csv(PACKS / "places" / "areas" / "areas.csv")}


@lru_cache
def methods() -> dict[str, dict]:
    found = [read_yaml(path) for path in sorted((PACKS / "methods").glob("*/methods.yaml"))]
    return {each["id"]: each for text in found for each in text["methods"]}


@lru_cache
def profiles() -> dict[str, dict]:
    found = [read_yaml(path) for path in sorted((PACKS / "methods").glob("*/methods.yaml"))]
    return {each["id"]: each for text in found for each in text["profiles"]}
