"""The content of the Word report in one language: totals, inventory, trust, verdicts, gaps, findings, sources, sign-off page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from greenpark.model.findings import SEVERITIES
from greenpark.model.text import Language, Text
from greenpark.publish.internal import internal_of
from greenpark.publish.inventory import FOCUS_LIMIT, Grid, both_bases, breakdowns, by_unit, headlines, yearly
from greenpark.publish.inventory import INVENTORY_FAMILIES as FAMILIES
from greenpark.publish.league import LEAGUE_LIMIT, LeagueTable, newest_tables
from greenpark.publish.naming import cited
from greenpark.publish.remarks import FindingLine, factor_lines, finding_lines, methods_used, progress_lines
from greenpark.publish.shown import Number, Shown
from greenpark.publish.signing import signing
from greenpark.publish.verdicts import SchemeDetail, SchemeReport, scheme_reports
from greenpark.publish.word_blocks import Block, table
from greenpark.publish.word_ways import WayWriter

# Columns of years that a page holds; earlier ones stand in the workbook.
YEARS = 4
FINDINGS = 100


class Writer(WayWriter):
    """Says a release as blocks of a document."""

    def __init__(self, shown: Shown, language: Language) -> None:
        super().__init__(shown, language)
        self.signed = signing(shown)

    def content(self) -> dict[str, object]:
        """What the template takes."""
        job = self.shown.release.job
        return {
            "header": self.of(job.title),
            "footer": f"{self.of(self.signed.sentence)} {self.say('publish.label.run')} {self.shown.release.run}",
            "invented": self.say("publish.invented") if job.invented else "",
            "blocks": list(self.blocks()),
        }

    def blocks(self) -> Iterator[Block]:
        """All parts in reading order."""
        yield from self._front()
        yield from self._totals()
        yield from self._inventory()
        yield from self.growth()
        yield from self.drivers()
        yield from self.doubts()
        yield from self.completeness()
        yield from self._progress()
        yield from self._verdicts()
        yield from self.gaps()
        yield from self.peers()
        yield from self.readiness()
        yield from self._findings()
        yield from self._sources()
        yield from self.sign_off(self.signed)

    def _front(self) -> Iterator[Block]:
        job = self.shown.release.job
        yield Block("title", self.of(job.title))
        yield Block("subtitle", self.say("publish.kicker"))
        focus = [self.of(self.shown.names.entity(entity)) for entity in self.shown.focus[:FOCUS_LIMIT]]
        years = self.shown.years
        period = "–".join(dict.fromkeys((years[0], years[-1]))) if years else ""
        if told := " · ".join(part for part in (*focus, period) if part):
            yield Block("subtitle", told)
        if job.invented:
            yield Block("warning", self.say("publish.invented_note"))
        if internal := self.of(internal_of(self.shown.names)):
            yield Block("warning", internal)
        yield Block("warning" if self.signed.state != "signed" else "text", self.of(self.signed.sentence))
        if job.note:
            yield Block("text", self.of(job.note))
        yield from (Block("note", self.of(self.shown.names.caveat(each))) for each in job.caveats)

    def _totals(self) -> Iterator[Block]:
        yield Block("section", self.say("publish.totals"))
        rows = [
            (
                self.named(total.name, total.variant),
                self.of(total.entity),
                total.period,
                self.stated(total.number),
                self.of(total.number.unit),
                self.interval(total.interval),
                total.estimated.text,
                self.of(self.shown.names.words("coverage", total.number.coverage)),
                self.trusted(total.number),
                total.number.reference,
            )
            for total in headlines(self.shown)
        ]
        labels = (
            "name",
            "entity",
            "period",
            "value",
            "unit",
            "half_width",
            "estimated_share",
            "coverage",
            "confidence",
        )
        yield from table(self.labels(*labels, "reference"), rows, right=(3, 5, 6))
        if not rows:
            yield Block("note", self.say("publish.no_totals"))
        yield Block("note", self.say("publish.note.digits") + self.say("publish.note.missing"))

    def _inventory(self) -> Iterator[Block]:
        yield Block("section", self.say("publish.section.inventory"))
        for entity in self.shown.focus[:FOCUS_LIMIT]:
            if len(self.shown.focus) > 1:
                yield Block("part", self.of(self.shown.names.entity(entity)))
            bases = both_bases(self.shown, entity)
            grids = [
                *yearly(self.shown, entity, FAMILIES),
                *([bases] if bases else []),
                *breakdowns(self.shown, entity),
            ]
            for grid in [*grids, *by_unit(self.shown, entity)]:
                yield from self._grid(grid)

    def _grid(self, grid: Grid) -> Iterator[Block]:
        """A table of the inventory with its newest columns; references stand under the numbers."""
        first = max(0, len(grid.columns) - YEARS)
        yield Block("caption", self.of(grid.title))
        columns = [*self.labels("name", "unit"), *(self.of(column) for column in grid.columns[first:])]
        rows = [
            (self.named(line.name, line.variant), self.of(line.unit), *(self.cited(n) for n in line.numbers[first:]))
            for line in grid.lines
        ]
        yield from table(columns, rows, right=range(2, len(columns)))
        if grid.left_out:
            yield Block("note", self.say("publish.left_out", count=grid.left_out))

    def _progress(self) -> Iterator[Block]:
        lines = progress_lines(self.shown)
        if not lines:
            return
        yield Block("section", self.say("publish.section.progress"))
        rows = [
            (
                self.of(line.title),
                self.word("progress", line.state),
                *(
                    f"{self.quantified(number)} ({period})" if number.value is not None else number.text
                    for number, period in (
                        (line.base, line.base_period), (line.last, line.last_period), (line.goal, line.goal_period)
                    )
                ),
                "\n".join(self.of(each) for each in line.caveats),
                line.reference,
            )
            for line in lines
        ]  # fmt: skip
        labels = ("name", "state", "baseline", "newest", "goal", "caveats", "reference")
        yield from table(self.labels(*labels), rows, right=(2, 3, 4))

    def _verdicts(self) -> Iterator[Block]:
        reports = scheme_reports(self.shown)
        if reports:
            yield Block("section", self.say("publish.section.verdicts"))
        for report in reports:
            yield Block("part", self.of(report.title))
            yield Block("note", " · ".join(part for part in (self.of(report.issuer), report.document) if part))
            for detail in report.details:
                yield from self._detail(detail)
            for ranking in newest_tables(self.shown):
                if ranking.scheme == report.id:
                    yield from self._league(ranking)
            yield from self._choices(report)

    def _detail(self, detail: SchemeDetail) -> Iterator[Block]:
        for card in (*detail.cards, *detail.variants):
            mark = self.say("publish.provisional") if card.provisional else ""
            parts = (self.of(card.entity), card.period, self.of(card.variant), self.word("state", card.state), mark)
            told = " · ".join(part for part in (*parts, card.reference) if part)
            yield Block("text", told)
            if card.reason.zh:
                yield Block("note", self.of(card.reason))
        rows = [
            (
                self.named(line.name, line.variant),
                "\n".join(part for part in (self.of(line.rule), self.of(line.text)) if part),
                self.cited(line.value, with_unit=True),
                self.quantified(line.limit),
                self.word("state", line.state) + (f" ({self.say('publish.provisional')})" if line.provisional else ""),
                self.of(line.reason),
                line.clause,
            )
            for line in detail.lines
        ]
        yield from table(self.labels("criterion", "rule", "value", "limit", "state", "reason", "clause"), rows, (2, 3))
        yield from self._inputs(detail)

    def _inputs(self, detail: SchemeDetail) -> Iterator[Block]:
        if not detail.inputs:
            return
        yield Block("caption", self.say("publish.inputs"))
        rows = [
            (
                self.of(line.criterion),
                self.named(line.name, line.variant),
                line.period,
                self.word("status", "missing") if line.number.status == "missing" else self.cited(line.number),
                self.of(line.number.unit),
                "\n".join(line.places),
            )
            for line in detail.inputs
        ]
        yield from table(self.labels("criterion", "quantity", "period", "value", "unit", "place"), rows, (3,))
        yield Block("note", self.say("publish.inputs.note"))

    def _league(self, ranking: LeagueTable) -> Iterator[Block]:
        """The ranks of one scheme, marked as restricted."""
        yield Block("caption", self.say("publish.league", period=ranking.period))
        yield Block("warning", self.say("publish.league.restricted"))
        rows = [
            (str(line.rank), line.interval, self.of(line.entity), self.cited(line.score), line.low.text, line.high.text,
             self.say("publish.provisional") if line.provisional else "")
            for line in ranking.lines[:LEAGUE_LIMIT]
        ]  # fmt: skip
        yield from table(
            self.labels("rank", "rank_range", "entity", "score", "low", "high", "provisional"), rows, (0, 3, 4, 5)
        )
        if len(ranking.lines) > LEAGUE_LIMIT:
            yield Block("note", self.say("publish.left_out", count=len(ranking.lines) - LEAGUE_LIMIT))
        yield Block("note", self.say("publish.league.note", ranked=ranking.ranked))

    def _choices(self, report: SchemeReport) -> Iterator[Block]:
        rows = [(self.of(each.text), self.of(each.chosen), self.of(each.alternatives)) for each in report.choices]
        if rows:
            yield Block("caption", self.say("publish.choices"))
            yield from table(self.labels("point", "chosen", "alternatives"), rows)

    def _findings(self) -> Iterator[Block]:
        yield Block("section", self.say("publish.section.findings"))
        lines = finding_lines(self.shown)
        lines.sort(key=lambda line: SEVERITIES.index(line.severity))
        for state in ("open", "closed"):
            chosen = [line for line in lines if line.is_closed == (state == "closed")]
            if chosen:
                yield Block("part", f"{self.word('finding_state', state)} ({len(chosen):,})")
                yield from self._finding_table(chosen[:FINDINGS], state)
            if len(chosen) > FINDINGS:
                yield Block("note", self.say("publish.left_out", count=len(chosen) - FINDINGS))
        if not lines:
            yield Block("note", self.say("publish.no_findings"))

    def _finding_table(self, lines: Sequence[FindingLine], state: str) -> list[Block]:
        rows = [
            (
                line.close_by or line.reference,
                self.word("severity", line.severity),
                " · ".join(part for part in (self.of(line.entity), self.of(line.about), line.period) if part),
                self.of(line.sentence),
                line.explanation if state == "closed" else self.of(line.fix),
                "!".join(part for part in (line.file, line.sheet, line.cell) if part),
            )
            for line in lines
        ]
        answer = "explanation" if state == "closed" else "fix"
        return table(self.labels("reference", "severity", "subject", "finding", answer, "place"), rows)

    def _sources(self) -> Iterator[Block]:
        methods, factors = methods_used(self.shown), factor_lines(self.shown)
        if not methods and not factors:
            return
        yield Block("section", self.say("publish.section.factors"))
        rows = [
            (self.of(each.title), each.source, each.clause, self.word("confidence", each.confidence))
            for each in methods
        ]
        yield from table(self.labels("method", "source", "clause", "confidence"), rows)
        lines = [
            (
                f"{self.of(line.item)} · {self.word('factor_kind', line.factor.kind)}",
                self.quantified(line.value),
                " · ".join(part for part in (self.of(line.area), str(line.factor.data_year or "")) if part),
                cited(line.source.title, line.source.document) if line.source else line.factor.source,
                self.word("confidence", line.factor.confidence),
            )
            for line in factors
        ]
        yield from table(self.labels("factor", "value", "factor_area", "source", "confidence"), lines, right=(1,))

    def named(self, name: Text, variant: Text) -> str:
        """A name with what tells this variant from the others."""
        mark = self.of(variant)
        return f"{self.of(name)} ({mark})" if mark else self.of(name)

    def stated(self, number: Number) -> str:
        """The digits, and what is wrong with them."""
        return number.text if number.status == "ok" else f"{number.text} ({self.word('status', number.status)})"

    def trusted(self, number: Number) -> str:
        """The confidence; low means provisional."""
        return self.word("trust", number.confidence) if number.confidence else ""

    def cited(self, number: Number | None, *, with_unit: bool = False) -> str:
        """The digits with the reference below, and whether they are provisional."""
        if number is None:
            return "—"
        told = self.quantified(number) if with_unit else number.text
        if number.value is None:
            return told
        mark = self.say("publish.provisional") if number.confidence == "low" else ""
        return "\n".join(part for part in (told, number.reference, mark) if part)
