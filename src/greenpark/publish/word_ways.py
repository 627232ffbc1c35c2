"""The parts of the Word report on what follows from verdicts: the way to passing, peers, readiness for programmes."""

from __future__ import annotations

from collections.abc import Iterator

from greenpark.publish.gaps import GapGroup, GapLine, gap_groups
from greenpark.publish.naming import NOTHING
from greenpark.publish.peers import PEER_LIMIT, PeerLine, peer_lines
from greenpark.publish.programmes import READINESS_LIMIT, ReadinessLine, readiness_lines
from greenpark.publish.word_assurance import AssuranceWriter
from greenpark.publish.word_blocks import Block, table


class WayWriter(AssuranceWriter):
    """Says in one language what is missing to pass, where parks stand among peers, and what they are ready for."""

    def gaps(self) -> Iterator[Block]:
        """What is missing under each scheme, with the smallest set of changes and the levers."""
        groups = gap_groups(self.shown)
        if not groups:
            return
        yield Block("section", self.say("publish.section.gaps"))
        yield Block("note", self.say("gaps.lead"))
        for group in groups:
            yield from self._gap(group)

    def _gap(self, group: GapGroup) -> Iterator[Block]:
        mark = self.say("publish.provisional") if group.provisional else ""
        parts = (self.of(group.entity), group.period, self.of(group.variant), self.word("state", group.state), mark)
        yield Block("part", self.of(group.scheme))
        yield Block("text", " · ".join(part for part in parts if part))
        if group.cheapest:
            cost = {"criteria": list(group.cheapest), "count": len(group.cheapest), "cost": group.cost.text}
            yield Block("text", self.say("gaps.cheapest", **cost).strip())
        elif group.state == "not_met":
            yield Block("text", self.say("gaps.no_way").strip())
        rows = [self._gap_row(line) for line in group.lines]
        labels = ("criterion", "gap_status", "value", "target", "relative_change", "worth", "lever")
        yield from table(self.labels(*labels), rows, right=(2, 3, 4, 5))
        if group.open_conditions:
            yield Block("note", self.say("gaps.open", conditions=list(group.open_conditions)).strip())

    def _gap_row(self, line: GapLine) -> tuple[str, ...]:
        name = self.of(line.name) + (f"\n{self.say('publish.label.cheapest')}" if line.cheapest else "")
        status = self.word("gap_status", line.status)
        status += f" ({self.say('publish.provisional')})" if line.provisional else ""
        status += f"\n{self.of(line.reason)}" if line.status != "gap" and line.reason.zh else ""
        worth = line.worth.text
        if line.worth_full.value is not None:
            worth += f"\n{self.say('publish.label.worth_full')} {line.worth_full.text}"
        levers = [
            f"{self.of(each.quantity)}: {each.value.text} → {self.quantified(each.needed)}"
            if each.needed.value is not None
            else f"{self.of(each.quantity)}: {self.word('lever_status', each.status)}"
            for each in line.levers
        ]
        return (
            name, status, self.quantified(line.value), self.quantified(line.target), self.quantified(line.relative), worth,
            "\n".join(levers),
        )  # fmt: skip

    def peers(self) -> Iterator[Block]:
        """Where the parks of the report stand among their peers, marked as restricted."""
        lines = peer_lines(self.shown, parks=self.shown.focus)
        if not lines:
            return
        yield Block("section", self.say("publish.section.peers"))
        yield Block("note", self.say("gaps.peers_lead"))
        yield Block("warning", self.say("gaps.peers_restricted"))
        rows = [self._peer_row(line) for line in lines[:PEER_LIMIT]]
        labels = ("name", "entity", "value", "percentile", "median", "peers_with_value", "peer_group", "peer_status")
        yield from table(self.labels(*labels), rows, right=(2, 3, 4, 5))
        yield from self._left_out(len(lines), PEER_LIMIT)

    def _peer_row(self, line: PeerLine) -> tuple[str, ...]:
        low, median, high = line.quartiles
        quartiles = f"{median.text}\n{low.text} – {high.text}" if median.value is not None else NOTHING
        name = " · ".join(part for part in (self.of(line.name), line.period, self.of(line.variant)) if part)
        return (
            name, self.of(line.entity), self.quantified(line.value), self.quantified(line.percentile), quartiles,
            f"{line.others} / {line.members}", self.of(line.group), self.word("peer_status", line.status),
        )  # fmt: skip

    def readiness(self) -> Iterator[Block]:
        """How ready each park is for each programme."""
        lines = readiness_lines(self.shown)
        if not lines:
            return
        yield Block("section", self.say("publish.section.programmes"))
        yield Block("note", self.say("programmes.lead"))
        rows = [self._readiness_row(line) for line in lines[:READINESS_LIMIT]]
        labels = (
            "programme", "entity", "state", "criteria_met", "criteria_not_met", "criteria_missing", "conditions_open",
            "title_stage", "confidence",
        )  # fmt: skip
        yield from table(self.labels(*labels), rows, right=(3, 4, 5, 6))
        yield from self._left_out(len(lines), READINESS_LIMIT)

    def _readiness_row(self, line: ReadinessLine) -> tuple[str, ...]:
        state = self.word("readiness" if line.state == "not_assessed" else "state", line.state)
        state += f" ({self.say('publish.provisional')})" if line.provisional else ""
        if line.score:
            state += f"\n{self.say('publish.label.score')} {line.score.text}"
        if line.span:
            state += f"\n{line.span[0].text} – {line.span[1].text}"
        scheme = self.of(line.scheme)
        scheme += f" · {self.say('programmes.not_in_force').strip()}" if line.in_force is False else ""
        counts = (line.met, line.not_met, line.missing, line.conditions_open)
        return (
            f"{self.of(line.programme)}\n{scheme}", "\n".join(part for part in (self.of(line.entity), line.period) if part),
            state, *("" if each is None else str(each) for each in counts),
            self.word("title_stage", line.stage) if line.stage else "", self.word("confidence", line.confidence),
        )  # fmt: skip

    def _left_out(self, count: int, limit: int) -> Iterator[Block]:
        if count > limit:
            yield Block("note", self.say("publish.left_out", count=count - limit))
