"""The sheet of what each criterion was computed from."""

from __future__ import annotations

from greenpark.publish.excel_layout import Cells, Layout, SheetContent, both, sheet_of
from greenpark.publish.shown import Shown
from greenpark.publish.verdicts import scheme_reports


def inputs_sheet(shown: Shown) -> SheetContent:
    """A row for each figure of each criterion: value, unit, number of rows behind it, and the cells where it stands."""
    layout: Layout = (
        ("reference", 12), ("scheme", 34), ("entity", 24), ("criterion", 40), ("quantity", 40), ("variant", 20),
        ("period", 12), ("value", 20), ("unit", 14), ("status", 12), ("rows", 10), ("place", 60),
    )  # fmt: skip
    rows: list[Cells] = [
        (
            line.number.reference,
            both(report.title),
            both(detail.cards[0].entity) if detail.cards else "",
            both(line.criterion),
            both(line.name),
            both(line.variant),
            line.period,
            line.number,
            both(line.number.unit),
            both(shown.names.word("status", line.number.status)),
            line.rows,
            "\n".join(line.places),
        )
        for report in scheme_reports(shown)
        for detail in report.details
        for line in detail.inputs
    ]
    return sheet_of(shown, "inputs", layout, rows)
