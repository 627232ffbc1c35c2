"""One clear page for the terminal: totals, verdicts, progress, findings, and where the reports lie."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from greenpark.model.findings import SEVERITIES
from greenpark.model.text import Language, Text
from greenpark.publish.completeness import completeness_of
from greenpark.publish.drivers import DriverGroup, driver_groups
from greenpark.publish.growth import GrowthGroup, growth_groups
from greenpark.publish.internal import internal_of
from greenpark.publish.inventory import Headline, headlines
from greenpark.publish.release import Release
from greenpark.publish.remarks import (
    FindingLine,
    ProgressLine,
    closed_count,
    comparisons,
    finding_lines,
    progress_lines,
    severity_counts,
)
from greenpark.publish.shown import shown_of
from greenpark.publish.signing import signing
from greenpark.publish.verdicts import VerdictCard, verdict_cards
from greenpark.publish.voice import Voice

WIDTH = 100
FINDINGS = 5
VERDICTS = 12
GROWTH = 6
SIGNED = 6


def terminal_summary(release: Release, language: Language, reports: Sequence[str] = ()) -> str:
    """The page as text, ending with a line break; ``reports`` are the paths to name at its end."""
    page = _Page(shown_of(release), language)
    blocks = [
        page.head(), page.totals(), page.growth(), page.drivers(), page.completeness(), page.comparison(), page.verdicts(),
        page.progress(), page.findings(), page.signing(), page.reports(reports),
    ]  # fmt: skip
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


class _Page(Voice):
    """The page, part by part."""

    def head(self) -> list[str]:
        job = self.shown.release.job
        lines = ["═" * WIDTH, f"{self.of(job.title)}  [{job.id}]", "═" * WIDTH]
        if job.invented:
            lines.append(f"!! {self.say('publish.invented')} !!")
        lines += [internal] if (internal := self.of(internal_of(self.shown.names))) else []
        return lines

    def _whose(self, entity: Text, every: Iterable[Text]) -> str:
        """The name of the entity before what is said of it, where the page speaks of several."""
        return f"{self.of(entity)}: " if len({self.of(each) for each in every}) > 1 else ""

    def _compared(self, group: GrowthGroup | DriverGroup) -> str:
        return f"{self.of(group.name)}{_marked(self.of(group.variant))} {group.period} / {group.base_period}"

    def totals(self) -> list[str]:
        entities = [total.entity for total in headlines(self.shown)]
        rows = [
            (
                self._whose(total.entity, entities) + self.of(total.name) + _marked(self.of(total.variant)),
                total.period,
                total.number.text,
                self.of(total.number.unit),
                total.number.reference,
                "" if total.number.status == "ok" else self.word("status", total.number.status),
                self._mark(total.number.confidence),
                self._doubt(total),
            )
            for total in headlines(self.shown)
        ]
        return self._block("publish.totals", aligned(rows, right=(2,)))

    def _mark(self, confidence: str) -> str:
        return self.say("publish.provisional") if confidence == "low" else ""

    def _doubt(self, total: Headline) -> str:
        """What share is estimated and how wide the interval is, where either is known and not nothing."""
        parts = []
        if total.estimated.value:
            parts.append(f"{self.say('publish.label.estimated_share_short')} {total.estimated.text} %")
        if total.interval and total.interval.half_width.value is not None:
            parts.append(f"± {total.interval.half_width.text} %")
        return "  ".join(parts)

    def growth(self) -> list[str]:
        """The kinds of growth of the first totals side by side, the one used marked."""
        groups = growth_groups(self.shown)
        entities = [group.entity for group in groups]
        lines = []
        for group in groups[:GROWTH]:
            name = self._whose(group.entity, entities) + self._compared(group)
            lines.append(f"  {name}")
            rows = [
                (
                    f"  {'*' if line.used else ' '} {self.word('growth_kind', line.kind)}",
                    f"{line.growth.text} %" if line.growth.value is not None else self.of(line.reason),
                    line.reference,
                    self.word("status", line.status) if line.status != "ok" and line.growth.value is not None else "",
                    self._mark(line.confidence) if line.growth.value is not None else "",
                )
                for line in ([group.used] if group.used else []) + [*group.others]
            ]
            lines += aligned(rows)
            if group.agreeing:
                lines.append(f"      {self.say('publish.growth.agreeing', count=group.agreeing)}")
            lines += [f"    !! {self.say('publish.growth.signs_differ')}"] if group.signs_differ else []
        lines += [f"  {self.say('publish.more', count=len(groups) - GROWTH)}"] if len(groups) > GROWTH else []
        return self._block("publish.growth.used_marked", lines)

    def drivers(self) -> list[str]:
        """In one sentence each: what moved the CO2 of the park in every view."""
        groups = driver_groups(self.shown)
        entities = [group.entity for group in groups]
        lines = []
        for group in groups:
            name = self._whose(group.entity, entities) + self._compared(group)
            mark = _marked(self._mark(group.confidence))
            lines += [f"  {name}{mark}  {group.change.reference}", f"    {self.of(group.sentence)}"]
        return self._block("publish.section.drivers", lines)

    def completeness(self) -> list[str]:
        """How much of what was due is there, and the last day of data."""
        found = completeness_of(self.shown)
        if found is None:
            return []
        whole = found.total
        told = self.say(
            "publish.completeness.sentence", expected=f"{whole.expected:,}", present=f"{whole.present:,}",
            estimated=f"{whole.estimated:,}", absent=f"{whole.absent:,}", missing=f"{whole.missing:,}",
            last_day=whole.last_day,
        )  # fmt: skip
        return self._block("publish.section.completeness", [f"  {told}"])

    def signing(self) -> list[str]:
        """Whether and by whom the batches are signed."""
        found = signing(self.shown)
        rows = [
            (line.batch, self.of(line.entity), line.period, line.filled_by, line.checked_by, line.responsible,
             line.signed_on, self.word("batch_state", line.state), line.file)
            for line in found.lines[:SIGNED]
        ]  # fmt: skip
        left = len(found.lines) - SIGNED
        more = [f"  {self.say('publish.more', count=left)}"] if left > 0 else []
        return self._block("publish.section.signing", [f"  {self.of(found.sentence)}", *aligned(rows), *more])

    def comparison(self) -> list[str]:
        """What was computed for the boundary beside what the source published."""
        boundary = self.shown.names.entity(self.shown.release.job.boundary)
        rows = [
            (
                self.of(line.item), line.period, line.computed.text, line.reported.text, self.of(line.computed.unit),
                "" if line.relative.value is None else f"{line.relative.text} %",
            )
            for line in comparisons(self.shown)
            if line.entity == boundary
        ]  # fmt: skip
        if not rows:
            return []
        head = ("", "", self.say("publish.computed"), self.say("publish.reported"), "", "")
        return self._block("publish.section.comparison", aligned([head, *rows], right=(2, 3, 5)))

    def verdicts(self) -> list[str]:
        cards = verdict_cards(self.shown)
        entities = [card.entity for card in cards]
        rows = [
            (
                self._whose(card.entity, entities) + self.of(card.scheme),
                self._verdict(card),
                self._counts(card),
                card.reference,
            )
            for card in cards
        ]
        lines = aligned(rows[:VERDICTS])
        if len(rows) > VERDICTS:
            lines.append(self.say("publish.more", count=len(rows) - VERDICTS))
        return self._block("publish.verdicts", lines)

    def _verdict(self, card: VerdictCard) -> str:
        provisional = _marked(self.say("publish.provisional")) if card.provisional else ""
        variant = _marked(self.of(card.variant))
        return f"{card.period}{variant} {self.word('state', card.state)}{provisional}"

    def _counts(self, card: VerdictCard) -> str:
        counts = [f"{self.word('state', state)} {count}" for state, count in card.counts]
        return " ".join([*self._score(card), *counts])

    def _score(self, card: VerdictCard) -> list[str]:
        if card.score is not None:
            beside = f" ({card.span[0].text} – {card.span[1].text})" if card.span and card.ranged else ""
            return [f"{self.say('publish.label.score')} {card.score.text}{beside}"]
        if card.span is not None:
            return [f"{self.say('publish.label.score')} {card.span[0].text} – {card.span[1].text}"]
        return []

    def progress(self) -> list[str]:
        rows = [
            (
                line.reference,
                self.word("progress", line.state),
                "" if line.last.value is None else line.last.text,
                "" if line.last.value is None else self.of(line.last.unit),
                self._goal(line),
                self.of(line.title),
            )
            for line in progress_lines(self.shown)
        ]
        lines = progress_lines(self.shown)
        caveats = [
            f"  {line.reference}  {self.say('publish.label.caveats')}: {self.of(each)}"
            for line in lines
            if line.last.value is not None and line.state != "quoted"
            for each in line.caveats
        ]
        paces = [self._paces(line) for line in lines if line.pace_so_far.value is not None]
        return [*self._block("publish.progress_title", aligned(rows, right=(2,))), *paces, *caveats]

    def _paces(self, line: ProgressLine) -> str:
        named = (
            ("pace_so_far", line.pace_so_far),
            ("pace_needed", line.pace_needed),
            ("pace_planned", line.pace_planned),
        )
        words = [
            f"{self.say(f'publish.label.{name}')} {pace.text} {self.of(pace.unit)}"
            for name, pace in named
            if pace.value is not None
        ]
        return f"  {line.reference}  {'; '.join(words)}"

    def _goal(self, line: ProgressLine) -> str:
        if line.goal.value is None:
            return ""
        return f"→ {line.goal.text} {self.of(line.goal.unit)} ({line.goal_period})"

    def findings(self) -> list[str]:
        counts = severity_counts(self.shown)
        words = [f"{self.word('severity', severity)} {counts[severity]}" for severity in SEVERITIES]
        closed = closed_count(self.shown)
        words += [f"{self.word('finding_state', 'closed')} {closed}"] if closed else []
        title = f"{self.say('publish.findings')}  {' · '.join(words)}"
        lines = finding_lines(self.shown)
        lines = [line for line in lines if not line.is_closed]
        lines.sort(key=lambda line: SEVERITIES.index(line.severity))
        told = []
        for line in lines[:FINDINGS]:
            place = "!".join(part for part in (line.file, line.sheet, line.cell) if part)
            named = " ".join(part for part in (line.reference, line.close_by) if part)
            told.append(f"  {named}  {self.word('severity', line.severity)}  {self._finding(line)}")
            told.append(f"      {' · '.join(part for part in (place, self.of(line.fix)) if part)}")
        if len(lines) > FINDINGS:
            told.append("  " + self.say("publish.more", count=len(lines) - FINDINGS))
        return [title, *told]

    def _finding(self, line: FindingLine) -> str:
        """What it is about, then what is wrong."""
        about = [part for part in (self.of(line.about), line.period) if part and part not in self.of(line.sentence)]
        colon = "：" if self.language == "zh" else ": "
        return (" ".join(about) + colon if about else "") + self.of(line.sentence)

    def reports(self, reports: Sequence[str]) -> list[str]:
        return self._block("publish.reports", [f"  {report}" for report in reports])

    def _block(self, title: str, lines: list[str]) -> list[str]:
        return [self.say(title), *lines] if lines else []


def width_of(text: str) -> int:
    """The columns a text takes in a terminal: two for a full-width character, none for a combining one."""
    wide = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
    return wide - sum(1 for each in text if unicodedata.combining(each))


def aligned(rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Rows as lines whose columns stand under one another; the columns ``right`` end flush."""
    rows = [tuple(row) for row in rows]
    widths = [max(width_of(cell) for cell in column) for column in zip(*rows, strict=True)] if rows else []
    lines = []
    for row in rows:
        cells = []
        for index, cell in enumerate(row):
            space = " " * (widths[index] - width_of(cell))
            cells.append(space + cell if index in right else cell + space)
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines


def _marked(text: str) -> str:
    return f" ({text})" if text else ""
