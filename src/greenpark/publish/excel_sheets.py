"""The sheets of the workbook as columns and rows, drawn from the same numbers as the page."""

from __future__ import annotations

from datetime import date

from greenpark.model.text import Text
from greenpark.publish.criteria import criterion_lines, node_title
from greenpark.publish.excel_assurance import assurance_sheets
from greenpark.publish.excel_inputs import inputs_sheet
from greenpark.publish.excel_layout import NAME, Cells, Layout, SheetContent, both, sheet_of
from greenpark.publish.gaps import gap_sheets
from greenpark.publish.inventory import headlines
from greenpark.publish.league_written import league_sheets
from greenpark.publish.naming import cited, plain
from greenpark.publish.peers import peer_sheets
from greenpark.publish.programmes import readiness_sheets
from greenpark.publish.remarks import (
    comparisons,
    factor_lines,
    finding_lines,
    methods_used,
    progress_lines,
    severity_counts,
)
from greenpark.publish.rules import rule_text
from greenpark.publish.shown import Row, Shown, number_of, period_of
from greenpark.publish.steering import steering_sheets


def sheets_of(shown: Shown) -> list[SheetContent]:
    """All sheets, in reading order."""
    found = [
        _summary(shown),
        _figures(shown),
        _indicators(shown),
        _verdicts(shown),
        inputs_sheet(shown),
        *league_sheets(shown),
        _progress(shown),
    ]
    if shown.release.job.compare:
        found.append(_comparison(shown))
    found += [
        *assurance_sheets(shown),
        *steering_sheets(shown),
        *readiness_sheets(shown),
        *gap_sheets(shown),
        *peer_sheets(shown),
        _findings(shown),
        _factors(shown),
        _methods(shown),
        _notes(shown),
    ]
    return found


_MARKS: Layout = (("status", 14), ("confidence", 12))


def _summary(shown: Shown) -> SheetContent:
    layout: Layout = (
        *NAME,
        ("entity", 24),
        ("period", 12),
        ("variant", 22),
        ("value", 22),
        ("unit", 14),
        ("estimated_share", 12),
        ("half_width", 14),
        ("low", 20),
        ("high", 20),
        ("coverage", 18),
        *_MARKS,
    )
    rows: list[Cells] = [
        (
            total.number.reference,
            total.name.zh,
            total.name.en,
            total.entity.zh,
            total.period,
            both(total.variant),
            total.number,
            both(total.number.unit),
            total.estimated,
            total.interval.half_width if total.interval else "",
            total.interval.low if total.interval else "",
            total.interval.high if total.interval else "",
            both(shown.names.words("coverage", total.number.coverage)),
            both(shown.names.word("status", total.number.status)),
            both(shown.names.word("trust", total.number.confidence)),
        )
        for total in headlines(shown)
    ]
    return sheet_of(shown, "summary", layout, rows)


def _figures(shown: Shown) -> SheetContent:
    layout: Layout = (
        *NAME, ("id", 24), ("entity_id", 20), ("entity", 24), ("item", 22), ("period", 16), ("variant", 22),
        ("value", 22), ("unit", 14), ("rows", 10), ("rows_unmatched", 12), ("estimated_share", 12), ("coverage", 18), *_MARKS,
    )  # fmt: skip
    return sheet_of(shown, "figures", layout, [_figure(shown, row) for row in shown.figures])


def _figure(shown: Shown, row: Row) -> Cells:
    names = shown.names
    name = names.quantity(row["quantity"])
    return (
        row["reference"],
        name.zh,
        name.en,
        row["quantity"],
        row["entity"],
        both(names.entity(row["entity"])),
        both(names.item(row["item"])) if row["item"] else "",
        period_of(row),
        both(names.variant(row["variant"], row["quantity"])),
        shown.number(row),
        both(names.unit(row["unit"])),
        row["rows"],
        row["rows_unmatched"],
        shown.percent(row, "estimated_share"),
        *_marks(shown, row),
    )


def _marks(shown: Shown, row: Row) -> tuple[str, str, str]:
    names = shown.names
    return (
        both(names.words("coverage", row["coverage"])),
        both(names.word("status", row["status"])),
        both(names.word("trust", row["confidence"])),
    )


def _indicators(shown: Shown) -> SheetContent:
    layout: Layout = (
        *NAME, ("id", 30), ("entity", 24), ("period", 16), ("variant", 22), ("value", 22), ("unit", 14),
        ("missing", 30), ("coverage", 18), *_MARKS,
    )  # fmt: skip
    rows = [_indicator(shown, row) for row in shown.indicators]
    return sheet_of(shown, "indicators", layout, rows)


def _indicator(shown: Shown, row: Row) -> Cells:
    names = shown.names
    name = names.indicator(row["indicator"])
    missing = [both(names.quantity(each)) for each in (row["missing"] or "").split("+") if each]
    return (
        row["reference"],
        name.zh,
        name.en,
        row["indicator"],
        both(names.entity(row["entity"])),
        period_of(row),
        both(names.variant(row["variant"])),
        shown.number(row),
        both(names.unit(row["unit"])),
        "; ".join(missing),
        *_marks(shown, row),
    )


def _verdicts(shown: Shown) -> SheetContent:
    layout: Layout = (
        *NAME, ("scheme", 34), ("kind", 12), ("entity", 24), ("period", 12), ("variant", 20), ("role", 14), ("rule", 40),
        ("value", 20), ("limit", 16), ("unit", 14), ("ratio", 14), ("score", 14), ("state", 16), ("reason", 44),
        ("confidence", 12), ("provisional", 14), ("clause", 34),
    )  # fmt: skip
    return sheet_of(shown, "verdicts", layout, [_score(shown, row) for row in shown.scores])


def _score(shown: Shown, row: Row) -> Cells:
    names = shown.names
    scheme = names.definitions.schemes.get(row["scheme"])
    criterion = next((each for each in scheme.criteria if each.id == row["node"]), None) if scheme else None
    title = criterion.title if criterion else node_title(names, scheme, row["node"])
    line = criterion_lines(shown, scheme, [{**row, "kind": row["kind"] if row["kind"] != "verdict" else "node"}])[0]
    return (
        row["reference"],
        title.zh,
        title.en,
        both(names.scheme(row["scheme"])),
        both(names.word("kind", row["kind"])),
        both(names.entity(row["entity"])),
        period_of(row),
        both(names.variant(row["variant"])),
        both(line.role),
        both(rule_text(names, criterion)) if criterion else "",
        line.value,
        line.limit,
        both(names.unit(row["unit"])),
        line.ratio,
        number_of(row["score"], plain("")),
        both(names.word("state", row["state"])),
        both(line.reason),
        both(names.word("confidence", row["confidence"])),
        both(names.say("publish.provisional")) if row["provisional"] else "",
        line.clause,
    )


def _progress(shown: Shown) -> SheetContent:
    layout: Layout = (
        *NAME, ("entity", 24), ("state", 16), ("baseline_period", 12), ("baseline", 16), ("newest_period", 14),
        ("newest", 16), ("goal_period", 12), ("goal", 16), ("unit", 14), ("pace_so_far", 18), ("pace_needed", 18),
        ("pace_planned", 18), ("caveats", 60), ("confidence", 12), ("source", 40),
    )  # fmt: skip
    rows: list[Cells] = [
        (
            line.reference,
            line.title.zh,
            line.title.en,
            both(line.entity),
            both(shown.names.word("progress", line.state)),
            line.base_period,
            line.base,
            line.last_period,
            line.last,
            line.goal_period,
            line.goal,
            both(line.base.unit),
            line.pace_so_far,
            line.pace_needed,
            line.pace_planned,
            "\n".join(both(caveat) for caveat in line.caveats),
            both(shown.names.word("trust", line.confidence)),
            line.source,
        )
        for line in progress_lines(shown)
    ]
    return sheet_of(shown, "progress", layout, rows)


def _comparison(shown: Shown) -> SheetContent:
    layout: Layout = (
        ("reference", 12), ("entity", 30), ("item", 28), ("period", 12), ("computed", 20), ("reported", 20), ("unit", 12),
        ("difference", 20), ("relative", 18), ("tolerance", 12), ("state", 18), ("reported_reference", 14),
    )  # fmt: skip
    rows: list[Cells] = [
        (
            line.computed.reference,
            both(line.entity),
            both(line.item),
            line.period,
            line.computed,
            line.reported,
            both(line.computed.unit),
            line.difference,
            line.relative,
            line.tolerance,
            both(shown.names.word("compared", line.state)),
            line.reported.reference,
        )
        for line in comparisons(shown)
    ]
    return sheet_of(shown, "comparison", layout, rows)


def _findings(shown: Shown) -> SheetContent:
    layout: Layout = (
        ("reference", 12), ("severity", 12), ("finding_zh", 60), ("fix_zh", 50), ("file", 26), ("sheet", 18), ("cell", 10),
        ("entity", 24), ("subject", 24), ("period", 14), ("finding_state", 12), ("explanation", 40), ("close_by", 14),
        ("stage", 12), ("check", 24), ("finding_en", 60), ("fix_en", 50),
    )  # fmt: skip
    rows: list[Cells] = [
        (
            line.reference,
            both(shown.names.word("severity", line.severity)),
            line.sentence.zh,
            line.fix.zh,
            line.file,
            line.sheet,
            line.cell,
            line.entity.zh,
            both(line.about),
            line.period,
            both(shown.names.word("finding_state", line.state)),
            line.explanation,
            line.close_by,
            both(shown.names.word("stage", line.stage)),
            line.rule,
            line.sentence.en,
            line.fix.en,
        )
        for line in finding_lines(shown)
    ]
    return sheet_of(shown, "findings", layout, rows)


def _factors(shown: Shown) -> SheetContent:
    layout: Layout = (
        ("factor", 34), ("item", 28), ("factor_kind", 20), ("gas", 8), ("value", 18), ("unit", 16), ("factor_basis", 18),
        ("factor_area", 18), ("factor_year", 10), ("factor_definition", 24), ("valid", 24), ("source", 60),
        ("confidence", 12), ("factor_set", 24), ("note", 50),
    )  # fmt: skip
    names = shown.names
    rows: list[Cells] = []
    for line in factor_lines(shown):
        factor, source = line.factor, line.source
        rows.append((
            factor.id, both(line.item), both(names.word("factor_kind", factor.kind)), factor.gas, line.value,
            both(line.value.unit), both(names.word("basis", factor.basis)), both(line.area), str(factor.data_year or ""),
            both(names.word("definition", factor.definition)), _valid(factor.since, factor.until),
            cited(source.title, source.document, source.publisher) if source else factor.source,
            both(names.word("confidence", factor.confidence)), line.set_id, factor.note,
        ))  # fmt: skip
    return sheet_of(shown, "factors", layout, rows)


def _valid(since: date | None, until: date | None) -> str:
    return f"{since or ''} – {until or ''}" if since or until else ""


def _methods(shown: Shown) -> SheetContent:
    layout: Layout = (
        ("method", 34), ("version", 10), ("name_zh", 36), ("name_en", 40), ("source", 50), ("clause", 30), ("confidence", 12),
    )  # fmt: skip
    rows: list[Cells] = []
    for method in methods_used(shown):
        confidence = both(shown.names.word("confidence", method.confidence))
        title = method.title
        rows.append((method.id, method.version, title.zh, title.en, method.source, method.clause, confidence))
    return sheet_of(shown, "methods", layout, rows)


def _notes(shown: Shown) -> SheetContent:
    layout: Layout = (("note", 30), ("text_zh", 70), ("text_en", 70))
    release, say = shown.release, shown.names.say

    def line(label: str, text: Text) -> Cells:
        return (both(say(f"publish.label.{label}")), text.zh, text.en)

    rows = [line("job", release.job.title), line("run", plain(release.run)), line("code", plain(release.code_version))]
    if release.job.note:
        rows.append(line("note", release.job.note))
    rows += [line("caveats", shown.names.caveat(each)) for each in release.job.caveats]
    counts = severity_counts(shown)
    rows += [line("findings", say("publish.severity_count", severity=shown.names.word("severity", each), count=counts[each]))
             for each in counts]  # fmt: skip
    rows += [line(each, say(f"publish.note.{each}")) for each in ("digits", "missing", "confidence", "references")]
    for pack in release.definitions.packs:
        rows.append(line("pack", plain(f"{pack.kind}/{pack.id} {pack.version} {pack.hash}")))
    return sheet_of(shown, "notes", layout, rows)
