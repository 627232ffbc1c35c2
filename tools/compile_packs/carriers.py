"""Carrier ids by the names and synonyms of the carriers packs."""

from __future__ import annotations

from functools import lru_cache

from tools.compile_packs.rows import PACKS, read_table


@lru_cache
def carriers_by_name() -> dict[str, str]:
    """Carrier id by Chinese name, English name or synonym of ``carriers/china``."""
    found: dict[str, str] = {}
    for row in read_table(PACKS / "carriers" / "china" / "carriers.csv"):
        for name in (row["name_zh"], row["name_en"], *row["synonyms"].split("|")):
            if name:
                found[name.casefold()] = row["id"]
    return found


@lru_cache
def carrier_units() -> dict[str, str]:
    """Unit of every carrier of every carriers pack."""
    tables = sorted((PACKS / "carriers").glob("*/carriers.csv"))
    return {row["id"]: row["unit"] for table in tables for row in read_table(table)}


def carrier_named(name: str) -> str:
    """The id of the carrier called ``name``.

    Raises
    ------
    KeyError
        When no carrier has that name: add the spelling to carriers.csv.
    """
    return carriers_by_name()[name.casefold()]
