"""The sheets that say how far totals can be trusted: growth, uncertainty, completeness, signatures."""

from __future__ import annotations

from greenpark.publish.completeness import completeness_of, gap_line
from greenpark.publish.drivers import industry_name
from greenpark.publish.excel_layout import NAME, Cells, Layout, SheetContent, both, sheet_of
from greenpark.publish.growth import growth_groups
from greenpark.publish.naming import period_text, plain
from greenpark.publish.shown import Row, Shown, number_of, period_of
from greenpark.publish.signing import signing
from greenpark.publish.uncertainty import doubt_line


def assurance_sheets(shown: Shown) -> list[SheetContent]:
    """Growth, uncertainty and completeness where there are any; signatures always."""
    found = []
    if shown.growth:
        found.append(_growth(shown))
    if shown.drivers:
        found.append(_drivers(shown))
    if shown.uncertainty:
        found.append(_uncertainty(shown))
    if shown.completeness:
        found += [_coverage(shown), _completeness(shown)]
    return [*found, _signing(shown)]


def _growth(shown: Shown) -> SheetContent:
    layout: Layout = (
        *NAME, ("entity", 24), ("item", 20), ("period", 12), ("base_period", 12), ("variant", 22), ("growth_kind", 22),
        ("used", 12), ("growth", 18), ("value_now", 20), ("value_base", 20), ("unit", 14), ("status", 14), ("reason", 44),
        ("signs_differ", 16), ("confidence", 12),
    )  # fmt: skip
    word, rows = shown.names.word, list[Cells]()
    for group in growth_groups(shown, everything=True):
        warning = both(shown.names.say("publish.growth.signs_differ")) if group.signs_differ else ""
        for line in group.lines:
            used = both(shown.names.say("publish.growth.used")) if line.used else ""
            rows.append((
                line.reference, group.name.zh, group.name.en, both(group.entity), both(group.item), group.period,
                group.base_period, both(group.variant), both(word("growth_kind", line.kind)), used, line.growth,
                line.now, line.base, both(line.now.unit), both(word("status", line.status)), both(line.reason),
                warning, both(word("trust", line.confidence)),
            ))  # fmt: skip
    return sheet_of(shown, "growth", layout, rows)


def _drivers(shown: Shown) -> SheetContent:
    layout: Layout = (
        ("reference", 12), ("driver", 30), ("entity", 24), ("variant", 22), ("period", 12), ("base_period", 12),
        ("driver_approach", 24), ("driver_level", 14), ("item", 26), ("driver_value", 20), ("driver_points", 18),
        ("driver_ratio", 16), ("value_base", 20), ("value_now", 20), ("unit", 12), ("nominal", 14), ("status", 14),
        ("reason", 50), ("confidence", 12),
    )  # fmt: skip
    return sheet_of(shown, "drivers", layout, [_driver(shown, row) for row in shown.drivers])


def _driver(shown: Shown, row: Row) -> Cells:
    names = shown.names
    item = {"industry": industry_name(shown, row["item"]), "enterprise": names.entity(row["item"])}.get(row["level"])
    tonnes = names.unit("tCO2")
    return (
        row["reference"], both(names.word("driver", row["driver"])), both(names.entity(row["entity"])),
        both(names.variant(row["variant"])), period_of(row), period_text(row["base_start"], row["base_end"]),
        both(names.word("driver_approach", row["approach"])), both(names.word("driver_level", row["level"])),
        both(item) if item else "", shown.number(row), shown.percent(row, "share"), number_of(row["ratio"], plain("")),
        number_of(row["value_base"], tonnes), number_of(row["value_now"], tonnes), both(names.unit(row["unit"])),
        both(names.say("publish.drivers.nominal_short")) if row["nominal"] else "",
        both(names.word("status", row["status"])), both(names.reason(row["reason"], row["detail"])),
        both(names.word("trust", row["confidence"])),
    )  # fmt: skip


def _uncertainty(shown: Shown) -> SheetContent:
    layout: Layout = (
        *NAME, ("entity", 24), ("period", 12), ("variant", 22), ("approach", 18), ("doubt_source", 36), ("value", 20),
        ("low", 20), ("high", 20), ("unit", 14), ("half_width", 16), ("share", 18), ("draws", 12), ("seed", 12),
        ("assumed", 18), ("confidence", 12),
    )  # fmt: skip
    return sheet_of(shown, "uncertainty", layout, [_doubt(shown, row) for row in shown.uncertainty])


def _doubt(shown: Shown, row: Row) -> Cells:
    names, line = shown.names, doubt_line(shown, row)
    name = names.quantity(row["quantity"])
    return (
        line.reference, name.zh, name.en, both(names.entity(row["entity"])), period_of(row),
        both(names.variant(row["variant"], row["quantity"])), both(names.word("approach", row["approach"])), both(line.name), line.value,
        line.low, line.high, both(line.value.unit), line.half_width, line.share, row["draws"],
        "" if row["seed"] is None else str(row["seed"]), both(names.say("publish.doubt.assumed")) if line.assumed else "",
        both(names.word("trust", line.confidence)),
    )  # fmt: skip


_COUNTS: Layout = (("expected", 10), ("present", 10), ("estimated", 10), ("absent", 12), ("missing_count", 10))
_ESTIMATED: Layout = (("last_day", 14), ("estimated_tce", 20), ("estimated_co2", 20))


def _coverage(shown: Shown) -> SheetContent:
    """Completeness of the whole, of each unit and of each period."""
    layout: Layout = (("coverage_of", 30), *_COUNTS, ("present_percent", 14), *_ESTIMATED)
    found = completeness_of(shown)
    lines = (found.total, *found.entities, *found.periods) if found else ()
    rows: list[Cells] = [
        (
            both(line.entity), line.expected, line.present, line.estimated, line.absent, line.missing,
            line.present_percent, line.last_day, line.estimated_tce, line.estimated_co2,
        )
        for line in lines
    ]  # fmt: skip
    return sheet_of(shown, "coverage", layout, rows)


def _completeness(shown: Shown) -> SheetContent:
    layout: Layout = (
        ("reference", 12), ("entity", 26), ("entity_id", 20), ("quantity", 24), ("item", 22), ("period", 14), *_COUNTS,
        ("notation", 18), ("months", 18), ("missing_months", 16), *_ESTIMATED,
    )  # fmt: skip
    rows: list[Cells] = []
    for row in shown.completeness:
        line = gap_line(shown, row)
        rows.append((
            line.reference, both(line.entity), row["entity"], both(line.quantity), both(line.carrier), line.period,
            line.expected, line.present, line.estimated, line.absent, line.missing, both(line.notation), line.months,
            line.missing_months, line.last_day, line.estimated_tce, line.estimated_co2,
        ))  # fmt: skip
    return sheet_of(shown, "completeness", layout, rows)


def _signing(shown: Shown) -> SheetContent:
    layout: Layout = (
        ("batch", 20), ("batch_state", 14), ("entity", 28), ("period", 12), ("form", 40), ("filled_by", 14),
        ("checked_by", 14), ("responsible", 16), ("signed_on", 14), ("accepted_by", 16), ("accepted_on", 20),
        ("legal_basis", 18), ("file", 28), ("file_hash", 20), ("remark", 44),
    )  # fmt: skip
    word, found = shown.names.word, signing(shown)
    rows: list[Cells] = [
        (
            line.batch, both(word("batch_state", line.state)), both(line.entity), line.period, both(line.form),
            line.filled_by, line.checked_by, line.responsible, line.signed_on, line.accepted_by, line.accepted_on,
            both(word("legal_basis", line.legal_basis)) if line.legal_basis else "", line.file, line.file_hash,
            both(line.remark),
        )
        for line in found.lines
    ]  # fmt: skip
    rows.append((both(found.sentence),))
    rows += [(f"{both(form.title)} · {form.version} · {form.number}", "", both(form.issued_by), "", both(form.note), "",
              "", "", both(form.valid_until), "", both(form.approval), both(form.legal_basis)) for form in found.forms]  # fmt: skip
    return sheet_of(shown, "signing", layout, rows)
