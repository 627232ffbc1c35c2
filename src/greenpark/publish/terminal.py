"""One clear page for the terminal: totals, verdicts, progress, findings, and where the reports lie."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from greenpark.model.findings import SEVERITIES
from greenpark.model.text import Language, Text
from greenpark.publish.inventory import headlines
from greenpark.publish.release import Release
from greenpark.publish.remarks import ProgressLine, comparisons, finding_lines, progress_lines, severity_counts
from greenpark.publish.shown import Shown
from greenpark.publish.verdicts import VerdictCard, verdict_cards

WIDTH = 100
FINDINGS = 5
VERDICTS = 12


def terminal_summary(release: Release, language: Language, reports: Sequence[str] = ()) -> str:
    """The page as text, ending with a line break; ``reports`` are the paths to name at its end."""
    page = _Page(Shown(release), language)
    blocks = [
        page.head(), page.totals(), page.comparison(), page.verdicts(), page.progress(), page.findings(),
        page.reports(reports),
    ]  # fmt: skip
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


class _Page:
    def __init__(self, shown: Shown, language: Language) -> None:
        self.shown = shown
        self.language = language

    def say(self, message: str, **values: object) -> str:
        return self.shown.names.sentence(message, self.language, **values)

    def of(self, text: Text) -> str:
        return text.in_language(self.language)

    def word(self, kind: str, value: str) -> str:
        return self.of(self.shown.names.word(kind, value))

    def head(self) -> list[str]:
        job = self.shown.release.job
        lines = ["═" * WIDTH, f"{self.of(job.title)}  [{job.id}]", "═" * WIDTH]
        if job.invented:
            lines.append(f"!! {self.say('publish.invented')} !!")
        return lines

    def totals(self) -> list[str]:
        rows = [
            (
                self.of(total.name) + _marked(self.of(total.variant)),
                total.period,
                total.number.text,
                self.of(total.number.unit),
                total.number.reference,
                "" if total.number.status == "ok" else self.word("status", total.number.status),
            )
            for total in headlines(self.shown)
        ]
        return self._block("publish.totals", aligned(rows, right=(2,)))

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
        rows = [(self.of(card.scheme), self._verdict(card), self._counts(card), card.reference) for card in cards]
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
            return [f"{self.say('publish.label.score')} {card.score.text}"]
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
        title = f"{self.say('publish.findings')}  {' · '.join(words)}"
        lines = finding_lines(self.shown)
        lines.sort(key=lambda line: SEVERITIES.index(line.severity))
        told = []
        for line in lines[:FINDINGS]:
            place = "!".join(part for part in (line.file, line.sheet, line.cell) if part)
            told.append(f"  {line.reference}  {self.word('severity', line.severity)}  {self.of(line.sentence)}")
            told.append(f"      {' · '.join(part for part in (place, self.of(line.fix)) if part)}")
        if len(lines) > FINDINGS:
            told.append("  " + self.say("publish.more", count=len(lines) - FINDINGS))
        return [title, *told]

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
