"""The parts of the Word report on growth, uncertainty, completeness and signatures."""

from __future__ import annotations

from collections.abc import Iterator

from greenpark.publish.completeness import CoverageOf, completeness_of
from greenpark.publish.drivers import driver_groups
from greenpark.publish.growth import DETAILED, GrowthGroup, growth_groups
from greenpark.publish.naming import NOTHING
from greenpark.publish.shown import Number
from greenpark.publish.signing import Signing
from greenpark.publish.uncertainty import DoubtLine, doubt_groups
from greenpark.publish.voice import Voice
from greenpark.publish.word_blocks import Block, table

ENTITIES = 40
GAPS = 60
BATCHES = 300
# Who signs a report: whoever wrote it, checked it, answers for it, and the day.
_SIGNERS = ("filled_by", "checked_by", "responsible", "signed_on")


class AssuranceWriter(Voice):
    """Says in one language how far a release can be trusted, and who answers for it."""

    def labels(self, *names: str) -> list[str]:
        """The titles of columns."""
        return [self.say(f"publish.label.{name}") for name in names]

    def quantified(self, number: Number) -> str:
        """The digits with their unit."""
        return f"{number.text} {self.of(number.unit)}".strip() if number.value is not None else number.text

    def interval(self, line: DoubtLine | None) -> str:
        """The half width and the ends of an interval."""
        if line is None or line.half_width.value is None:
            return NOTHING
        return f"{line.half_width.text}\n{line.low.text} – {line.high.text}"

    def growth(self) -> Iterator[Block]:
        """The kinds of growth side by side."""
        groups = growth_groups(self.shown)
        if not groups:
            return
        yield Block("section", self.say("publish.section.growth"))
        yield Block("note", self.say("publish.growth.lead"))
        for group in groups[:DETAILED]:
            name = self.say("publish.growth.of", name=group.name, period=group.period, base=group.base_period)
            yield Block(
                "caption", " · ".join(part for part in (name, self.of(group.variant), self.of(group.entity)) if part)
            )
            rows = [
                (
                    self.word("growth_kind", line.kind)
                    + (f" ({self.say('publish.growth.used')})" if line.used else ""),
                    line.growth.text,
                    self.quantified(line.now),
                    self.quantified(line.base),
                    self.word("trust", line.confidence),
                    self.of(line.reason),
                    line.reference,
                )
                for line in group.lines
            ]
            labels = ("growth_kind", "growth", "value_now", "value_base", "confidence", "reason", "reference")
            yield from table(self.labels(*labels), rows, right=(1, 2, 3))
            if group.signs_differ:
                yield Block("warning", self.say("publish.growth.signs_differ"))
        yield from self._more_growth(groups[DETAILED:])

    def _more_growth(self, groups: list[GrowthGroup]) -> Iterator[Block]:
        """The other totals, each in the kind used, with what comes out otherwise."""
        rows = []
        for group in groups:
            used = group.used or group.lines[0]
            others = [
                f"{self.word('growth_kind', line.kind)} {line.growth.text}" for line in group.others if line != used
            ]
            others += [self.say("publish.growth.signs_differ")] if group.signs_differ else []
            name = " · ".join(part for part in (self.of(group.name), self.of(group.variant), group.period) if part)
            kind = self.word("growth_kind", used.kind)
            growth = used.growth.text + (f" ({self.say('publish.provisional')})" if used.confidence == "low" else "")
            rows.append((name, kind, growth, self.quantified(used.now), "\n".join(others), used.reference))
        if rows:
            yield Block("caption", self.say("publish.growth.more"))
        labels = ("name", "growth_kind", "growth", "value_now", "other_kinds", "reference")
        yield from table(self.labels(*labels), rows, right=(2, 3))

    def drivers(self) -> Iterator[Block]:
        """What moved the total of CO2, in one sentence and a table for each view."""
        groups = driver_groups(self.shown)
        if not groups:
            return
        yield Block("section", self.say("publish.section.drivers"))
        yield Block("note", self.say("publish.drivers.lead"))
        for group in groups:
            name = self.say("publish.growth.of", name=group.name, period=group.period, base=group.base_period)
            told = (name, self.of(group.variant), self.of(group.entity), self.word("driver_approach", group.approach))
            yield Block("caption", " · ".join(part for part in told if part))
            yield Block("text", self.of(group.sentence))
            yield Block("note", f"{self.say('publish.label.confidence')} {self.word('trust', group.confidence)}")
            rows = [
                (
                    self.of(line.name),
                    self.quantified(line.value),
                    line.points.text,
                    line.ratio.text,
                    self.of(line.reason),
                )
                for line in (*group.lines, group.change)
            ]
            labels = ("driver", "driver_value", "driver_points", "driver_ratio", "reason")
            yield from table(self.labels(*labels), rows, right=(1, 2, 3))
            rates = [(self.of(line.name), self.quantified(line.value), self.of(line.reason)) for line in group.rates]
            yield from table(self.labels("driver", "value", "reason"), rates, right=(1,))

    def doubts(self) -> Iterator[Block]:
        """The intervals, and where data work pays."""
        groups = doubt_groups(self.shown)
        if not groups:
            return
        yield Block("section", self.say("publish.section.uncertainty"))
        yield Block("note", self.say("publish.doubt.lead"))
        rows = [
            (
                " · ".join(part for part in (self.of(group.name), self.of(group.variant), group.period) if part),
                self.word("approach", group.approach),
                self.quantified(group.total.value),
                self.interval(group.total),
                self.word("trust", group.total.confidence)
                + (f" ({self.say('publish.doubt.assumed')})" if group.total.assumed else ""),
                group.total.reference,
            )
            for group in groups
            if group.total
        ]
        labels = ("name", "approach", "value", "half_width", "confidence", "reference")
        yield from table(self.labels(*labels), rows, right=(2, 3))
        for group in groups:
            if group.sources:
                parts = (self.say("publish.doubt.where_to_work"), self.of(group.name), self.of(group.variant))
                yield Block(
                    "caption", " · ".join(part for part in (*parts, self.word("approach", group.approach)) if part)
                )
                lines = [(self.of(line.name), line.share.text, line.half_width.text) for line in group.sources]
                yield from table(self.labels("doubt_source", "share", "half_width"), lines, right=(1, 2))

    def completeness(self) -> Iterator[Block]:
        """What was due and what is there, by period and entity, and the gaps."""
        found = completeness_of(self.shown)
        if found is None:
            return
        whole = found.total
        yield Block("section", self.say("publish.section.completeness"))
        yield Block("text", self.say(
            "publish.completeness.sentence", expected=f"{whole.expected:,}", present=f"{whole.present:,}",
            estimated=f"{whole.estimated:,}", absent=f"{whole.absent:,}", missing=f"{whole.missing:,}",
            last_day=whole.last_day,
        ))  # fmt: skip
        yield from self._coverages("period", found.periods)
        yield from self._coverages("entity", found.entities[:ENTITIES])
        if len(found.entities) > ENTITIES:
            yield Block("note", self.say("publish.left_out", count=len(found.entities) - ENTITIES))
        rows = [
            (
                self.of(line.entity),
                self.of(line.carrier) or self.of(line.quantity),
                line.period,
                f"{line.missing:,}",
                line.missing_months,
                f"{line.estimated:,}",
                line.last_day,
                line.reference,
            )
            for line in found.gaps[:GAPS]
        ]
        yield Block("caption", self.say("publish.completeness.gaps"))
        labels = ("entity", "item", "period", "missing_count", "missing_months", "estimated", "last_day", "reference")
        yield from table(self.labels(*labels), rows, right=(3, 5))
        left = len(found.gaps) + found.gaps_left_out - len(rows)
        told = self.say("publish.left_out", count=left) if rows else self.say("publish.completeness.none")
        yield from [Block("note", told)] if left or not rows else []

    def _coverages(self, first: str, lines: tuple[CoverageOf, ...]) -> list[Block]:
        rows = [
            (
                self.of(line.entity), f"{line.expected:,}", f"{line.present:,}", f"{line.estimated:,}", f"{line.absent:,}",
                f"{line.missing:,}", line.last_day, line.estimated_tce.text, line.estimated_co2.text,
            )
            for line in lines
        ]  # fmt: skip
        counts = ("expected", "present", "estimated", "absent", "missing_count")
        columns = self.labels(first, *counts, "last_day", "estimated_tce", "estimated_co2")
        return table(columns, rows, right=(1, 2, 3, 4, 5, 7, 8))

    def sign_off(self, found: Signing) -> Iterator[Block]:
        """The last page: batches and who signed them, the forms and what they are not, and room to sign the report."""
        yield Block("break")
        yield Block("section", self.say("publish.section.signing"))
        yield Block("warning" if found.state != "signed" else "text", self.of(found.sentence))
        yield Block("note", self.say("publish.signing.lead"))
        rows = [
            (
                line.batch,
                "\n".join(part for part in (self.of(line.entity), self.of(line.remark)) if part),
                line.period,
                self.of(line.form),
                line.filled_by,
                line.checked_by,
                line.responsible,
                line.signed_on,
                self.word("batch_state", line.state),
                self.word("legal_basis", line.legal_basis) if line.legal_basis else NOTHING,
            )
            for line in found.lines[:BATCHES]
        ]
        labels = ("batch", "entity", "period", "form", "filled_by", "checked_by", "responsible", "signed_on")
        yield from table(self.labels(*labels, "batch_state", "legal_basis"), rows)
        if len(found.lines) > BATCHES:
            yield Block("note", self.say("publish.left_out", count=len(found.lines) - BATCHES))
        yield from self._forms(found)
        yield Block("caption", self.say("publish.signing.report"))
        yield Block("note", self.say("publish.signing.report_lead"))
        yield from table(self.labels(*_SIGNERS), [("",) * len(_SIGNERS)])
        release = self.shown.release
        told = (self.say("publish.label.run"), release.run, "·", "greenpark", release.code_version)
        yield Block("note", " ".join(part for part in told if part))

    def _forms(self, found: Signing) -> Iterator[Block]:
        if found.forms:
            yield Block("caption", self.say("publish.signing.forms"))
        rows = [
            (
                f"{self.of(form.title)} {form.version}", form.number, self.of(form.issued_by), self.of(form.approval),
                self.of(form.valid_until), self.of(form.legal_basis),
            )
            for form in found.forms
        ]  # fmt: skip
        labels = ("form", "form_number", "issued_by", "approval", "valid_until", "legal_basis")
        yield from table(self.labels(*labels), rows)
        yield from (Block("note", self.of(form.note)) for form in found.forms)
