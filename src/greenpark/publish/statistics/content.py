"""What statistics hold before they are written: tables of cells with titles known by the id of their column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from greenpark.model.findings import Finding
from greenpark.model.text import Text


@dataclass(frozen=True)
class StatTable:
    """One table: its id, its columns, and rows of cells (texts in both languages, numbers, words).

    ``restricted``: names members one by one and is made for the office that supervises, not for the public.
    """

    id: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, object], ...]
    restricted: bool = False


@dataclass(frozen=True)
class Statistics:
    """Tables with what must be said above them, and what was wrong with the data."""

    title: Text
    remarks: tuple[Text, ...]
    tables: tuple[StatTable, ...]
    findings: tuple[Finding, ...] = ()
    internal: bool = True


@dataclass(frozen=True)
class Released:
    """What may be published: tables of released cells, and how each number is explained without leaving them.

    ``explained``: by reference, what a number is of, the released cells that it sums, its run and packs.
    ``reason``: why zones may be named; empty where they are not.
    """

    title: Text
    remarks: tuple[Text, ...]
    tables: tuple[StatTable, ...]
    explained: Mapping[str, Mapping[str, object]]
    reason: str = ""

    @property
    def statistics(self) -> Statistics:
        """The tables as statistics that are not internal."""
        return Statistics(self.title, self.remarks, self.tables, internal=False)
