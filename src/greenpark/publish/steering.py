"""The quarterly sheet and the ledger of measures as they are printed: sheets of the workbook, lines of the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from greenpark.model.steering import LEDGER_UNITS, LightRule
from greenpark.model.text import Language, Text
from greenpark.model.time import Period
from greenpark.publish.excel_layout import Cells, Layout, SheetContent, both, sheet_of
from greenpark.publish.naming import NOTHING
from greenpark.publish.shown import Number, Row, Shown, number_of

_QUARTERLY: Layout = (
    ("light", 12), ("quantity", 30), ("entity", 24), ("period", 18), ("variant", 20), ("cumulative", 20),
    ("same_last_year", 20), ("growth", 14), ("goal_of_year", 20), ("plan_line", 20), ("rest_of_year", 20),
    ("pace_needed_rest", 18), ("worse_than_plan", 18), ("unit", 14), ("split", 22), ("missing_months", 30),
    ("last_missing_months", 30), ("yearly_only", 18), ("rule", 22), ("source", 20), ("status", 14), ("confidence", 12),
)  # fmt: skip
_LEDGER: Layout = (
    ("measure", 12), ("measure_name", 34), ("measure_kind", 24), ("measure_state", 20), ("owner", 24),
    ("investment", 16), ("begun", 14), ("due", 14), ("done", 14), ("expected_tce", 18), ("expected_co2", 18),
    ("achieved_tce", 18), ("achieved_co2", 18), ("evidence", 30), ("note", 24), ("place", 24),
)  # fmt: skip


def steering_sheets(shown: Shown) -> list[SheetContent]:
    """The quarterly sheet and the ledger, where there are any rows."""
    found = []
    if quarters := rows_of(shown, "quarterly"):
        found.append(sheet_of(shown, "quarterly", _QUARTERLY, [_quarter(shown, row) for row in quarters]))
    if measures := rows_of(shown, "ledger"):
        found.append(sheet_of(shown, "ledger", _LEDGER, [_measure(shown, row) for row in measures]))
    return found


def quarterly_text(shown: Shown, end: date, rule: LightRule | None, language: Language) -> list[str]:
    """The quarterly sheet to the end of one quarter, and the ledger, line by line."""

    def say(name: str, **values: object) -> str:
        return shown.names.say(f"publish.quarterly.{name}", **values).in_language(language)

    lines = []
    rows = [row for row in rows_of(shown, "quarterly") if row["end"] == end]
    for row in rows:
        names = shown.names
        lines.append(
            say(
                "line", light=names.word("light", row["light"]).in_language(language),
                quantity=quantity_name(shown, row, language), entity=names.entity(row["entity"]).in_language(language),
                period=period(row), value=_number(shown, row, "value").text,
                unit=names.unit(row["unit"]).in_language(language), last=_number(shown, row, "last_value").text,
                growth=_percent(shown, row, "growth").text,
            )
        )  # fmt: skip
        if row["goal"] is not None:
            lines.append("    " + _against_plan(shown, row, language))
        if row["missing"]:
            lines.append("    " + say("missing", months=row["missing"].replace("+", ", ")))
        if row["yearly_share"]:
            lines.append("    " + say("yearly", share=_percent(shown, row, "yearly_share").text))
    if not rows:
        lines.append(say("nothing"))
    if rule is not None:
        lines.append(say("rule", rule=rule.title.in_language(language), id=rule.id))
    return [*lines, *_ledger_text(shown, language)]


def quantity_name(shown: Shown, row: Row, language: Language) -> str:
    """The quantity, what it is divided by, and its variant."""
    names = shown.names
    name = names.quantity(row["quantity"]).in_language(language)
    over = f" / {names.quantity(row['over']).in_language(language)}" if row["over"] else ""
    variant = names.variant(row["variant"]).in_language(language)
    return f"{name}{over}" + (f" ({variant})" if variant else "")


def rows_of(shown: Shown, table: str) -> list[Row]:
    """The rows of a table that the release may hold."""
    held = shown.release.tables.get(table)
    return [] if held is None else list(held.to_pylist())


def period(row: Row) -> str:
    """The months from the start of the year, or the quarter or year that they are."""
    return str(Period(row["start"], row["end"]))


def _against_plan(shown: Shown, row: Row, language: Language) -> str:
    name = "plan_at_most" if row["operator"] == "<=" else "plan_at_least"
    return shown.names.say(
        f"publish.quarterly.{name}", goal=_number(shown, row, "goal").text, plan=_number(shown, row, "plan").text,
        unit=shown.names.unit(row["unit"]).in_language(language), rest=_number(shown, row, "rest").text,
        pace=_percent(shown, row, "pace_needed").text, miss=_percent(shown, row, "miss").text,
        split=shown.names.word("split", row["split"]).in_language(language), source=row["source"] or NOTHING,
    ).in_language(language)  # fmt: skip


def _ledger_text(shown: Shown, language: Language) -> list[str]:
    names = shown.names
    return [
        names.say(
            "publish.quarterly.measure", state=names.word("measure_state", row["status"]).in_language(language),
            measure=row["measure"], name=row["name"], owner=row["owner"] or NOTHING, due=row["due"] or NOTHING,
            expected=_amount(shown, row, "expected_co2").text, achieved=_amount(shown, row, "achieved_co2").text,
        ).in_language(language)
        for row in rows_of(shown, "ledger")
    ]  # fmt: skip


def _quarter(shown: Shown, row: Row) -> Cells:
    names = shown.names
    months = [(row[name] or "").replace("+", ", ") for name in ("missing", "last_missing")]
    quantity = Text(zh=quantity_name(shown, row, "zh"), en=quantity_name(shown, row, "en"))
    return (
        both(names.word("light", row["light"])), both(quantity), both(names.entity(row["entity"])),
        period(row), both(names.variant(row["variant"])), *_numbers(shown, row, "value", "last_value"),
        _percent(shown, row, "growth"), *_numbers(shown, row, "goal", "plan", "rest"), _percent(shown, row, "pace_needed"),
        _percent(shown, row, "miss"), both(names.unit(row["unit"])),
        both(names.word("split", row["split"])) if row["split"] else "", *months, _percent(shown, row, "yearly_share"),
        row["rule"], row["source"] or "", both(names.word("status", row["status"])),
        both(names.word("confidence", row["confidence"])),
    )  # fmt: skip


def _measure(shown: Shown, row: Row) -> Cells:
    names = shown.names
    place = "!".join(part for part in (row["file"], row["sheet"], row["cell"]) if part)
    return (
        row["measure"], row["name"], both(names.word("measure_kind", row["kind"])),
        both(names.word("measure_state", row["status"])), row["owner"] or "", _amount(shown, row, "investment"),
        *(str(row[name] or "") for name in ("begun", "due", "done")),
        *(_amount(shown, row, name) for name in list(LEDGER_UNITS)[1:]), row["evidence"] or "", row["note"] or "", place,
    )  # fmt: skip


def _numbers(shown: Shown, row: Row, *columns: str) -> Sequence[Number]:
    return [_number(shown, row, column) for column in columns]


def _number(shown: Shown, row: Row, column: str) -> Number:
    return number_of(row[column], shown.names.unit(row["unit"]))


def _percent(shown: Shown, row: Row, column: str) -> Number:
    value = row[column]
    return number_of(None if value is None else 100 * value, shown.names.unit("%"))


def _amount(shown: Shown, row: Row, column: str) -> Number:
    return number_of(row[column], shown.names.unit(LEDGER_UNITS[column]))
