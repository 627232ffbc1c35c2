"""The docket of one file: its findings and refused cells, each with its place in the order of the file."""

from __future__ import annotations

from dataclasses import dataclass, field

from greenpark.collect.admission import FileRefused
from greenpark.collect.collected import RejectedCell
from greenpark.collect.grid import Grid
from greenpark.model.findings import Finding, Place, Severity

STAGE = "collect"
NO_FINDING = -1

# Checks whose finding is no error: the cell is read, or nothing is lost by it.
_MILDER: dict[str, Severity] = {
    **dict.fromkeys(
        (
            "cells_empty",
            "cover_version",
            "credit_check",
            "credit_form",
            "date_as_number",
            "duplicate_column",
            "entities_unregistered",
            "entity_conflict",
            "hidden_rows",
            "hidden_columns",
            "hidden_sheet",
            "other_year",
            "repeated_identical",
            "repeated_level",
            "sheet_unknown",
            "text_number_scaled",
            "total_row",
            "unit_blank",
            "unknown_column",
            "untitled_column",
        ),
        "warning",
    ),
    **dict.fromkeys(
        (
            "below_total",
            "columns_absent",
            "encoding_gb18030",
            "header_lower",
            "merged_header",
            "merged_key",
            "period_open",
            "repeated_rows",
            "rows_filtered",
            "rows_without_values",
            "sheet_absent",
            "text_number",
            "thousands",
        ),
        "note",
    ),
}


@dataclass
class Docket:
    """Findings and refused cells of one file while it is read."""

    file: str
    _findings: list[Finding] = field(default_factory=list)
    _order: list[tuple[int, int, int, str, int]] = field(default_factory=list)
    _rejected: list[tuple[tuple[int, int, int], RejectedCell]] = field(default_factory=list)
    _sheets: dict[str, int] = field(default_factory=dict)

    def enter(self, rule: str, grid: Grid | None = None, row: int = -1, column: int = -1, **about: object) -> int:
        """Add a finding at a cell, a row's start, a sheet or the file; its number comes back.

        ``entity`` and ``subject`` of ``about`` name what it is about; all else fills the message.
        """
        entity, subject = str(about.pop("entity", "") or ""), str(about.pop("subject", "") or "")
        finding = Finding(
            severity=_MILDER.get(rule, "error"),
            stage=STAGE,
            rule=rule,
            message=f"{STAGE}.{rule}",
            values=about,
            entity=entity,
            subject=subject,
            place=self._place(grid, row, column),
        )
        self._findings.append(finding)
        self._order.append((self._sheet_number(grid), row, column, rule, len(self._findings)))
        return len(self._findings) - 1

    def refuse_file(self, refusal: FileRefused, sheet: str = "") -> None:
        """Add why the file, or one sheet of it, cannot be read."""
        finding = Finding(
            severity="error",
            stage=STAGE,
            rule=refusal.rule,
            message=f"{STAGE}.{refusal.rule}",
            values=refusal.values,
            place=Place(self.file, sheet),
        )
        self._findings.append(finding)
        self._order.append((-1, -1, -1, refusal.rule, len(self._findings)))

    def reject(self, grid: Grid, form_sheet: str, row: int, column: int, text: str, finding: int) -> None:
        """Add a refused cell with the number of its finding."""
        cell = RejectedCell(grid.place(row, column), form_sheet, row, column, text, self._findings[finding])
        self._rejected.append(((self._sheet_number(grid), row, column), cell))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings in the order of the file."""
        return tuple(self._findings[entry[-1] - 1] for entry in sorted(self._order))

    @property
    def rejected(self) -> tuple[RejectedCell, ...]:
        """All refused cells in the order of the file."""
        return tuple(cell for _, cell in sorted(self._rejected, key=lambda entry: entry[0]))

    def _sheet_number(self, grid: Grid | None) -> int:
        return self._sheets.setdefault(grid.sheet, len(self._sheets)) if grid else -1

    def _place(self, grid: Grid | None, row: int, column: int) -> Place:
        if grid is None:
            return Place(self.file)
        if row < 0:
            return Place(self.file, grid.sheet)
        return grid.place(row, max(column, 0))
