"""Why a number is what it is: back to figures, rows, the cell of a file, the factor and the clause of a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from greenpark.engine.formula import Formula, parse_formula
from greenpark.model.schemes import Criterion, Indicator, Scheme
from greenpark.model.text import Language, Text
from greenpark.model.time import Period
from greenpark.publish.criteria import node_title
from greenpark.publish.evidence import Evidence, evidence_of
from greenpark.publish.explain_assurance import AssuranceTeller
from greenpark.publish.explain_rows import STEP_KINDS, Step
from greenpark.publish.lookup import RememberingLookup, as_lookup
from greenpark.publish.naming import Names, cited, source_named
from greenpark.publish.reading import figures_read, reading_of
from greenpark.publish.references import SHORTEST, UnknownReferenceError, only_row, references, row_reference, table_of
from greenpark.publish.release import Definitions, Lookup
from greenpark.publish.remarks import finding_line, split_ids, target_of, target_source
from greenpark.publish.rules import rule_text
from greenpark.publish.shown import Row, number_of, period_of

# The largest rows behind a figure that are shown; the number of all is stated.
CONTRIBUTORS = 5
# More than any list of entities, or of results of one entity and period, holds.
EVERY_ROW = 1_000_000
ALIKE = 100


@dataclass(frozen=True)
class Explanation:
    """The explanation of one reference; ``labels`` name the kinds of its steps."""

    reference: str
    table: str
    step: Step
    labels: Mapping[str, str]


def explain(
    reference: str, tables: Mapping[str, pa.Table] | Lookup, definitions: Definitions, language: Language
) -> Explanation | None:
    """The explanation of the number with this reference, as a tree; None when no number of the run has it.

    ``tables`` are the run's tables with ``observations`` and ``entities``, or a lookup that reaches them. Where several
    numbers begin with the reference, the explanation lists their longer ones.
    """
    lookup = RememberingLookup(as_lookup(tables))
    names = Names(
        definitions, lookup.rows("entities", {}, EVERY_ROW),
        lambda: lookup.rows("figures", {"quantity": "ghg.total"}, EVERY_ROW).to_pylist(),
    )  # fmt: skip
    labels = {kind: names.sentence(f"publish.step.{kind}", language) for kind in STEP_KINDS}
    try:
        step = Explainer(lookup, names, language).step_of(reference)
    except UnknownReferenceError as unknown:
        if not unknown.candidates:
            return None
        told = {"reference": reference, "candidates": unknown.candidates}
        step = Step("note", names.sentence("publish.explain.several", language, **told))
    return Explanation(reference, table_of(reference), step, labels)


class Explainer(AssuranceTeller):
    """Explains the results of one run in one language."""

    def step_of(self, reference: str) -> Step:
        """The step for a reference, with everything behind it."""
        table = table_of(reference)
        rows = self.lookup.rows(table, {"reference": reference}, ALIKE)
        row = only_row(reference, table, rows.to_pylist())
        steps: dict[str, Callable[[Row], Step]] = {
            "figures": self.figure,
            "indicators": self.indicator,
            "scores": self.score,
            "progress": self.progress,
            "findings": self.finding,
            "emissions": self.emission,
            "energy": self.energy,
            "growth": self.growth,
            "drivers": self.driver,
            "uncertainty": self.doubt,
            "completeness": self.complete,
        }
        return steps[table]({**row, "close_by": row.get("reference"), "reference": reference})

    def score(self, row: Row) -> Step:
        """A criterion, choice, group or verdict of a scheme."""
        names = self.names
        scheme = names.definitions.schemes.get(row["scheme"])
        criterion = next((each for each in scheme.criteria if each.id == row["node"]), None) if scheme else None
        number, unit = self.shown(row["value"], row["unit"])
        limit = " ".join(part for part in self.shown(row["limit"], row["unit"]) if part)
        facts = self.facts(
            scheme=names.scheme(row["scheme"]),
            entity=names.entity(row["entity"]),
            period=period_of(row),
            variant=names.variant(row["variant"]),
            rule=rule_text(names, criterion) if criterion else None,
            note=criterion.text if criterion else None,
            limit=limit,
            state=names.word("state", row["state"]),
            reason=names.reason(row["reason"], row["detail"], row["scheme"]),
            clause=criterion.clause if criterion else None,
            source=_scheme_source(scheme, criterion),
            confidence=names.word("confidence", row["confidence"]),
            provisional=names.say("publish.provisional") if row["provisional"] else None,
        )
        title = criterion.title if criterion else node_title(names, scheme, row["node"])
        behind = self._indicators_behind(row, criterion.indicator) if criterion else self._nodes_behind(row)
        return Step("score", self.of(title), row["reference"], number, unit, facts, behind)

    def _indicators_behind(self, row: Row, indicator: str) -> tuple[Step, ...]:
        where = {name: row[name] for name in ("entity", "start", "end")}
        full = indicator if indicator in self.names.definitions.indicators else f"{row['scheme']}.{indicator}"
        found = self._numbered("indicators", where | {"indicator": full})
        same = [each for each in found if (each["variant"] or "") == (row["variant"] or "")] or found
        return tuple(self.indicator(each) for each in same)

    def _nodes_behind(self, row: Row) -> tuple[Step, ...]:
        where = {name: row[name] for name in ("scheme", "entity", "start", "end")}
        nodes = [
            each
            for each in self._numbered("scores", where)
            if each["node"] != row["node"] and (each["variant"] or "") == (row["variant"] or "")
        ]
        return tuple(self._node(each) for each in nodes)

    def _node(self, row: Row) -> Step:
        scheme = self.names.definitions.schemes.get(row["scheme"])
        titles = {each.id: each.title for each in scheme.criteria} if scheme else {}
        title = titles.get(row["node"]) or node_title(self.names, scheme, row["node"])
        number, unit = self.shown(row["value"], row["unit"])
        facts = self.facts(state=self.names.word("state", row["state"]))
        return Step("node", self.of(title), row["reference"], number, unit, facts)

    def indicator(self, row: Row) -> Step:
        """An indicator: its formula in words and the figures that entered."""
        names = self.names
        profile, known = self._as_asked(row)
        number, unit = self.shown(row["value"], row["unit"])
        missing = "、".join(self.of(names.quantity(each)) for each in split_ids(row["missing"]))
        formula = parse_formula(known.formula) if known and known.formula else None
        words = {name: names.quantity(name) for name in formula.names} if formula else {}
        facts = self.facts(
            entity=names.entity(row["entity"]),
            period=period_of(row),
            variant=names.variant(row["variant"]),
            formula=formula.sentence(words, self.language) if formula else None,
            missing=missing,
            source=known.source if known else None,
        )
        behind = self._figures_behind(row, formula, known, profile) if formula and known else ()
        title = self.of(names.indicator(row["indicator"]))
        return Step("indicator", title, row["reference"], number, unit, facts + self.marks(row), behind)

    def _as_asked(self, row: Row) -> tuple[str, Indicator | None]:
        """The profile of the scheme and the indicator, as the variant of the row reads open points."""
        pack, _, name = row["indicator"].partition(".")
        scheme = self.names.definitions.schemes.get(pack)
        if scheme is None:
            return "", None
        reading = reading_of(scheme, row["variant"] or "")
        return reading.profile or "", next((each for each in reading.indicators if each.id == name), None)

    def _figures_behind(self, row: Row, formula: Formula, known: Indicator, profile: str) -> tuple[Step, ...]:
        steps = []
        for leaf in formula.leaves:
            period = Period(row["start"], row["end"]).shifted(-leaf.lag) if row["start"] else None
            where = {"entity": row["entity"]} | ({"start": period.start, "end": period.end} if period else {})
            found = self._numbered("figures", where)
            read = figures_read(found, leaf.name, known, profile, row["variant"] or "")
            steps += [self.figure(each) for each in read]
        return tuple(steps)

    def figure(self, row: Row) -> Step:
        """A figure: the largest rows behind it and how many there are."""
        names = self.names
        number, unit = self.shown(row["value"], row["unit"])
        facts = self.facts(
            entity=names.entity(row["entity"]),
            item=names.item(row["item"]) if row["item"] else None,
            period=period_of(row),
            variant=names.variant(row["variant"], row["quantity"]),
            rows=number_of(row["rows"], Text(zh="", en="")).text,
            rows_unmatched=number_of(row["rows_unmatched"], Text(zh="", en="")).text,
        )
        title = self.of(names.quantity(row["quantity"]))
        evidence = evidence_of(row, names)
        return Step(
            "figure", title, row["reference"], number, unit, facts + self.marks(row), self._rows_behind(evidence)
        )

    def _rows_behind(self, questions: tuple[Evidence, ...]) -> tuple[Step, ...]:
        steps = {"emissions": self.emission, "energy": self.energy, "observations": self.observation}
        found: list[tuple[float, str, Row]] = []
        for asked in questions:
            rows = self.lookup.rows(asked.table, asked.where, CONTRIBUTORS + 1, asked.order_by)
            found += [(abs(row[asked.order_by] or 0.0), asked.table, row) for row in rows.to_pylist()]
        found.sort(key=lambda each: -each[0])
        shown = [steps[table](_referenced(table, row)) for _, table, row in found[:CONTRIBUTORS]]
        if not found:
            shown.append(Step("note", self.say("publish.explain.no_rows")))
        if len(found) > CONTRIBUTORS:
            shown.append(Step("note", self.say("publish.explain.largest", count=CONTRIBUTORS)))
        return tuple(shown)

    def progress(self, row: Row) -> Step:
        """A target: baseline, newest value, goal and the figures behind."""
        names = self.names
        target = target_of(names.definitions, row["pack"], row["target"])
        number, unit = self.shown(row["last_value"], row["unit"])
        caveats = [self.of(names.caveat(each, row["pack"])) for each in split_ids(row["caveats"])]
        facts = self.facts(
            entity=names.entity(row["entity"]),
            baseline=self._dated(row["base_value"], row["unit"], row["base_period"]),
            newest=self._dated(row["last_value"], row["unit"], row["last_period"]),
            goal=self._dated(row["goal_value"], row["unit"], row["goal_period"]),
            state=names.word("progress", row["state"]),
            caveats="；".join(caveats) if self.language == "zh" else "; ".join(caveats),
            source=target_source(names.definitions, row["pack"], target),
            confidence=names.word("confidence", row["confidence"]),
        )
        where = {"entity": row["entity"], "quantity": target.quantity} if target and target.quantity else None
        rows = [each for each in self._numbered("figures", where) if not each["item"]] if where else []
        title = self.of(target.title) if target else row["target"]
        return Step("progress", title, row["reference"], number, unit, facts, tuple(self.figure(each) for each in rows))

    def _dated(self, value: float | None, unit: str | None, period: str | None) -> str:
        if value is None:
            return ""
        return " ".join(part for part in (*self.shown(value, unit), f"({period})" if period else "") if part)

    def finding(self, row: Row) -> Step:
        """A finding: what is wrong, where, and what to do."""
        line = finding_line(self.names, row)
        facts = self.facts(
            severity=self.names.word("severity", line.severity),
            fix=line.fix,
            file=line.file,
            sheet=line.sheet,
            cell=line.cell,
            entity=line.entity,
            subject=line.about,
            period=line.period,
            finding_state=self.names.word("finding_state", line.state) if line.is_closed else None,
            explanation=line.explanation,
            close_by=line.close_by,
            check=line.rule,
        )
        return Step("finding", self.of(line.sentence), row["reference"], facts=facts)

    def _numbered(self, table: str, where: Mapping[str, object]) -> list[Row]:
        found = self.lookup.rows(table, where, EVERY_ROW)
        return [{**row, "reference": self._reference(table, row)} for row in found.to_pylist()]

    def _reference(self, table: str, row: Row) -> str:
        """The reference as the report prints it: longer only where another row of the run begins alike."""
        full = row_reference(table, row)
        alike = self.lookup.rows(table, {"reference": full[: 2 + SHORTEST]}, ALIKE)
        return next(each for each in references(table, alike) if full.startswith(each))


def _scheme_source(scheme: Scheme | None, criterion: Criterion | None) -> str:
    if scheme is None:
        return ""
    named = source_named(criterion.source, scheme.sources) if criterion else ""
    return named if scheme.document in named else cited(scheme.document, named)


def _referenced(table: str, row: Row) -> Row:
    return row if table == "observations" else {**row, "reference": row_reference(table, row)}
