"""Steps of an explanation below a figure: the emission or energy row, the cell of a file, the factor, the method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from greenpark.model.text import Language, Text
from greenpark.publish.naming import NOTHING, Names, cited
from greenpark.publish.release import Lookup
from greenpark.publish.remarks import factor_index, method_of, split_ids
from greenpark.publish.shown import Row, number_of, period_of

STEP_KINDS: tuple[str, ...] = (
    "score", "node", "indicator", "figure", "emission", "energy", "observation", "factor", "method", "progress",
    "finding", "growth", "driver", "uncertainty", "completeness", "note",
)  # fmt: skip
Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Step:
    """One step of an explanation: what it is, its number, what is known about it, and what lies behind it."""

    kind: str
    title: str
    reference: str = ""
    number: str = ""
    unit: str = ""
    facts: Facts = ()
    behind: tuple[Step, ...] = ()


class Teller:
    """Words, numbers and labelled facts in one language."""

    def __init__(self, lookup: Lookup, names: Names, language: Language) -> None:
        self.lookup = lookup
        self.names = names
        self.language = language

    def say(self, message: str, **values: object) -> str:
        """A sentence in the language of the explanation."""
        return self.names.sentence(message, self.language, **values)

    def of(self, text: Text) -> str:
        """A text in the language of the explanation."""
        return text.in_language(self.language)

    def facts(self, **values: object) -> Facts:
        """Labelled facts; what is empty is left out."""
        labelled = []
        for name, value in values.items():
            text = self.of(value) if isinstance(value, Text) else "" if value is None else str(value)
            if text and text != NOTHING:
                labelled.append((self.say(f"publish.label.{name}"), text))
        return tuple(labelled)

    def marks(self, row: Mapping[str, Any]) -> Facts:
        """Status, coverage and confidence of a row."""
        word = self.names.word
        return self.facts(
            status=word("status", row.get("status")) if row.get("status") else None,
            coverage=self.names.words("coverage", row.get("coverage")),
            confidence=word("confidence", row["confidence"]),
        )

    def shown(self, value: float | None, unit: str | None) -> tuple[str, str]:
        """Digits and unit."""
        number = number_of(value, self.names.unit(unit))
        return number.text, self.of(number.unit) if value is not None else ""


class RowTeller(Teller):
    """Explains rows of emissions, energy and observations, and what they were multiplied with."""

    def __init__(self, lookup: Lookup, names: Names, language: Language) -> None:
        super().__init__(lookup, names, language)
        self._factors = factor_index(names.definitions)
        self._told: set[str] = set()

    def emission(self, row: Row) -> Step:
        """An emission row: its observation, factors and method."""
        names = self.names
        number, unit = self.shown(row["co2e"], "tCO2e")
        factor_number, _ = self.shown(row["factor_value"], None)
        facts = self.facts(
            category=names.word("category", row["category"]),
            view=names.word("view", row["view"]),
            gas=names.word("gas", row["gas"]),
            factor_value=factor_number,
            factor_area=names.area(row["factor_area"]),
            factor_year=row["factor_year"],
            factor_definition=names.word("definition", row["factor_definition"]),
            factor_basis=names.word("basis", row["factor_basis"]),
            gwp_set=row["gwp_set"],
        )
        return self._row("emission", row, number, unit, facts)

    def energy(self, row: Row) -> Step:
        """An energy row: its observation, factor and method."""
        names = self.names
        number, unit = self.shown(row["tce"], "tce")
        factor_number, _ = self.shown(row["factor_value"], None)
        facts = self.facts(
            basis=names.word("basis", row["basis"]),
            use=names.word("energy_role", row["role"]),
            factor_value=factor_number,
            factor_year=row["factor_year"],
        )
        return self._row("energy", row, number, unit, facts)

    def _row(self, kind: str, row: Row, number: str, unit: str, facts: Facts) -> Step:
        names = self.names
        title = f"{self.of(names.entity(row['entity']))} · {self.of(names.item(row['carrier']))} · {period_of(row)}"
        where = {"batch": row["batch"], "line": row["line"]}
        observed = [self.observation(each) for each in self.lookup.rows("observations", where, 1).to_pylist()]
        factors = [self.factor(each) for each in split_ids(row["factor"])]
        methods = [self.method(row["method"])] if row["method"] else []
        behind = (*observed, *factors, *methods)
        return Step(kind, title, row["reference"], number, unit, facts + self.marks(row), behind)

    def observation(self, row: Row) -> Step:
        """An observation: the cell of the file, and what is written there."""
        names = self.names
        number, unit = self.shown(row["value"], row["unit"])
        reported = " ".join(part for part in (row["reported_value"], row["reported_unit"]) if part)
        name = names.item(row["carrier"]) if row["carrier"] else names.quantity(row["quantity"])
        facts = self.facts(
            file=row["file"],
            sheet=row["sheet"],
            cell=row["cell"],
            reported=reported,
            quantity=names.quantity(row["quantity"]),
            flow=names.word("flow", row["flow"]),
            entity=names.entity(row["entity"]),
            period=period_of(row),
            notation=names.word("notation", row["notation"]),
        )
        return Step("observation", self.of(name), "", number, unit, facts + self.marks(row))

    def factor(self, factor_id: str) -> Step:
        """A factor: value, unit, area, year, definition, document, confidence."""
        if factor_id not in self._factors:
            return Step("factor", factor_id)
        names = self.names
        set_id, factor = self._factors[factor_id]
        source = {each.id: each for each in names.definitions.factor_sets[set_id].sources}.get(factor.source)
        number, unit = self.shown(factor.value, factor.unit)
        document = cited(source.title, source.document, source.publisher) if source else ""
        facts = self.facts(
            factor=factor.id,
            factor_area=names.area(factor.area),
            factor_year=factor.data_year,
            factor_definition=names.word("definition", factor.definition),
            factor_basis=names.word("basis", factor.basis),
            source=document or factor.source,
            confidence=names.word("confidence", factor.confidence),
        )
        kind, item = names.word("factor_kind", factor.kind), names.item(factor.item)
        facts = self._once(f"factor {factor_id}", facts)
        return Step("factor", f"{self.of(item)} · {self.of(kind)}", "", number, unit, facts)

    def method(self, written: str) -> Step:
        """A method: title, version, document and clause."""
        method = method_of(written, self.names.definitions.methods)
        if method is None:
            return Step("method", written)
        facts = self.facts(
            method=f"{method.id} {method.version}",
            source=method.source,
            clause=method.clause,
            confidence=self.names.word("confidence", method.confidence),
        )
        return Step("method", self.of(method.title), facts=self._once(f"method {method.id}", facts))

    def _once(self, what: str, facts: Facts) -> Facts:
        """Facts of a factor or method: in full where it is met first, then its id alone."""
        if what in self._told:
            return facts[:1]
        self._told.add(what)
        return facts
