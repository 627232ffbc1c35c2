"""Names and sentences of a report in both languages: ids become words a reader knows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa

from greenpark.model.knowledge import Factor, Source
from greenpark.model.numbers import printed, unsigned
from greenpark.model.schemes import Scheme
from greenpark.model.text import Language, Text
from greenpark.model.time import Period
from greenpark.publish.placeholders import fill
from greenpark.publish.release import Definitions

_UNIT_TOKEN = re.compile(r"[^*/^()\s]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
# A unit whose id is an English word rather than a symbol, like barrel or short_ton.
_ENGLISH_WORD = re.compile(r"^[a-z]{4,}$|_")
_VARIANT_PARTS = re.compile(r"[;,+|&]")
_GASES = "ghg."
_DIVISION = 2  # digits of a division of GB/T 4754; groups and classes below it have more
NOTHING = "—"


class ShownNumber(float):
    """A number that prints itself in full digits unless a sentence asks for another form."""

    def __format__(self, form: str) -> str:
        return unsigned(float.__format__(self, form)) if form else printed(float(self))


class Names:
    """Says every id of a release in both languages."""

    def __init__(
        self, definitions: Definitions, entities: pa.Table, totals: Callable[[], Iterable[Mapping[str, Any]]] = tuple
    ) -> None:
        """``totals``: figures of greenhouse gases, asked for when one is named: which gases they hold."""
        self.definitions = definitions
        self._totals = totals
        self._entities = entities
        self._words: dict[tuple[str, str | None], Text] = {}
        self._inside: dict[str, tuple[str, ...]] = {}

    @cached_property
    def entity_rows(self) -> dict[str, dict[str, Any]]:
        """The newest row of each entity."""
        rows = self._entities.to_pylist()
        rows.sort(key=lambda row: (row.get("since") is not None, row.get("since")))
        return {row["entity"]: row for row in rows}

    @cached_property
    def gases(self) -> dict[str, tuple[str, ...]]:
        """The gases in the totals of greenhouse gases, by variant; CO2 first."""
        found: dict[str, set[str]] = {}
        for row in self._totals():
            if row["quantity"].startswith(_GASES) and row["item"] and row["value"] is not None:
                found.setdefault(row["variant"] or "", set()).add(row["item"])
        return {name: tuple(sorted(each, key=lambda gas: (gas != "CO2", gas))) for name, each in found.items()}

    @cached_property
    def factors(self) -> dict[str, Factor]:
        """The factors of all sets, by id."""
        return {factor.id: factor for each in self.definitions.factor_sets.values() for factor in each.factors}

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for entity, row in sorted(self.entity_rows.items()):
            found.setdefault(row["parent"] or "", []).append(entity)
        return found

    def inside(self, entity: str) -> tuple[str, ...]:
        """The entities inside one, at any depth, sorted."""
        if entity not in self._inside:
            found: set[str] = set()
            waiting = [entity]
            while waiting:
                new = [each for each in self._children.get(waiting.pop(), []) if each not in found]
                found.update(new)
                waiting += new
            self._inside[entity] = tuple(sorted(found - {entity}))
        return self._inside[entity]

    def say(self, message: str, **values: object) -> Text:
        """The sentence in both languages; a value may itself be a ``Text``."""
        return Text(zh=self.sentence(message, "zh", **values), en=self.sentence(message, "en", **values))

    def sentence(self, message: str, language: Language, **values: object) -> str:
        """The sentence in one language."""
        shown = {name: _shown(value, language) for name, value in values.items()}
        return self.definitions.messages.say(message, language, **shown)

    def word(self, kind: str, value: str | None) -> Text:
        """A word of a fixed list (states, confidences, coverages …); one that is not listed stands for itself."""
        if (kind, value) not in self._words:
            message = f"publish.{kind}.{value}"
            known = value and message in self.definitions.messages
            self._words[kind, value] = self.say(message) if known else plain(value or NOTHING)
        return self._words[kind, value]

    def words(self, kind: str, joined: str | None) -> Text:
        """Several words joined by +."""
        return _joined([self.word(kind, part) for part in (joined or "").split("+") if part])

    def quantity(self, quantity: str) -> Text:
        """The name of a quantity; ``id@-3`` is its value three years before."""
        name, _, lag = quantity.partition("@-")
        known = self.definitions.quantities.get(name)
        named = known.name if known else plain(name)
        return self.say("publish.years_before", quantity=named, years=lag) if lag else named

    def family(self, quantity: str) -> Text:
        """The name of the family of a quantity: what stands before the first dot."""
        return self.word("family", quantity.split(".", 1)[0])

    def item(self, item: str | None) -> Text:
        """The name of a carrier, a product or an emission category."""
        if not item:
            return self.say("publish.all_items")
        known = self.definitions.carriers.get(item) or self.definitions.quantities.get(item)
        return known.name if known else self.word("category", item)

    def entity(self, entity: str) -> Text:
        """The name of an entity."""
        row = self.entity_rows.get(entity)
        if row and row["name"] and row["name"] != entity:
            return plain(row["name"])
        known = self.definitions.zones.get(entity) or self.definitions.areas.get(entity)
        return known.name if known else plain(entity)

    def industry(self, code: str) -> Text:
        """The division of GB/T 4754 in which an industry lies, with its code."""
        for each in (code, code[:_DIVISION]):
            known = self.word("industry", each)
            if known.zh != each:
                return Text(zh=f"{code} {known.zh}", en=f"{code} {known.en}")
        return self.say("publish.drivers.industry", code=code)

    def indicator(self, indicator: str) -> Text:
        """The title of an indicator ``<pack>.<id>``."""
        known = self.definitions.indicators.get(indicator)
        return known.title if known else plain(indicator)

    def subject(self, subject: str | None) -> Text:
        """The name of what a finding is about: an indicator, a quantity, a carrier, a scheme or its criterion."""
        definitions = self.definitions
        if not subject:
            return plain("")
        if subject in definitions.indicators:
            return self.indicator(subject)
        if subject in definitions.quantities or subject in definitions.carriers:
            return self.quantity(subject) if subject in definitions.quantities else self.item(subject)
        if subject in definitions.schemes:
            return self.scheme(subject)
        pack, _, name = subject.partition(".")
        return self.criterion(name, pack) if pack in definitions.schemes and name else plain(subject)

    def compared(self, name: str) -> Text:
        """The name of what a rule refers to: a quantity, or an indicator of its own scheme."""
        full = [each for each in self.definitions.indicators if each == name or each.endswith(f".{name}")]
        if name in self.definitions.quantities or not full:
            return self.quantity(name)
        return self.indicator(full[0])

    def area(self, area: str | None) -> Text:
        """The name of an area."""
        known = self.definitions.areas.get(area or "")
        return known.name if known else plain(area or NOTHING)

    def scheme(self, scheme: str) -> Text:
        """The title of a scheme."""
        known = self.definitions.schemes.get(scheme)
        return known.head.title if known else plain(scheme)

    def variant(self, variant: str | None, quantity: str = "") -> Text:
        """What tells this variant of a number from the others, like the basis of energy.

        A total of greenhouse gases (``quantity``) also names the gases that it holds, and the set of warming potentials
        behind its CO2 equivalents.
        """
        parts = [part.strip() for part in _VARIANT_PARTS.split(variant or "") if part.strip()]
        told = [self._variant_part(part) for part in parts]
        if quantity.startswith(_GASES) and (gases := self.gases.get(variant or "")):
            alone = gases == ("CO2",)
            told.append(
                self.say("publish.variant.co2_alone" if alone else "publish.variant.gases", gases=" + ".join(gases))
            )
        if quantity.startswith(_GASES) and (potentials := self.definitions.gwp_set((variant or "").partition("@")[2])):
            told.append(self.say("publish.variant.gwp", set=potentials))
        return _joined(told, empty="")

    def _variant_part(self, part: str) -> Text:
        name, _, value = part.partition("=")
        value, _, profile = value.partition("@")
        message = f"publish.variant.{name}.{value}"
        if name == "switch" and message not in self.definitions.messages:
            return self.say("publish.variant.switch", title=self.option(*value.partition(":")[::2]))
        if message not in self.definitions.messages:
            return plain(part)
        known = self.say(message)
        if not profile:
            return known
        stated = self.definitions.profiles.get(profile)
        named = stated.title if stated else plain(profile)
        return Text(zh=f"{known.zh} · {named.zh}", en=f"{known.en} · {named.en}")

    def option(self, switch: str, option: str) -> Text:
        """The title of an option of an open point of a scheme, or its id as words."""
        if switch == "normalisation":
            return self.word("normalisation", option)
        known = [each for scheme in self.definitions.schemes.values() for each in scheme.switches if each.id == switch]
        titles = [each.titles[option] for each in known if option in each.titles]
        return titles[0] if titles else plain(option.replace("_", " "))

    def unit(self, unit: str | None) -> Text:
        """The unit as it is printed beside a number; empty for a pure number."""
        if not unit or unit == "1":
            return plain("")
        return Text(zh=self._unit(unit, "zh"), en=self._unit(unit, "en"))

    def _unit(self, expression: str, language: Language) -> str:
        foreign = _ENGLISH_WORD if language == "zh" else _CHINESE

        def named(found: re.Match[str]) -> str:
            known = self.definitions.units.get(found[0])
            return known.name.in_language(language) if known and foreign.search(found[0]) else found[0]

        return _UNIT_TOKEN.sub(named, expression)

    def caveat(self, caveat: str, pack: str = "") -> Text:
        """A caveat: a message, a note of the target pack, or words of the job itself."""
        if caveat in self.definitions.messages:
            return self.say(caveat)
        targets = self.definitions.targets.get(pack)
        return targets.notes[caveat] if targets and caveat in targets.notes else plain(caveat)

    def reason(self, message: str | None, detail: str | None, scheme: str = "") -> Text:
        """The sentence behind a state, filled with its placeholders; empty when there is none."""
        if not message:
            return plain("")
        return self.say(message, **self.filled(json.loads(detail or "{}"), scheme))

    def filled(self, values: Mapping[str, object], scheme: str = "") -> dict[str, object]:
        """Placeholders with ids replaced by names, where the placeholder says what the id is."""
        return fill(self, values, scheme)

    def criterion(self, criterion: str, scheme: str = "") -> Text:
        """The title of a criterion, group, condition, level or standing of a scheme, or of the first that has it."""
        schemes = [self.definitions.schemes[scheme]] if scheme in self.definitions.schemes else []
        schemes = schemes or list(self.definitions.schemes.values())
        titles = [title for known in schemes for name, title in _titles_in(known) if name == criterion]
        return titles[0] if titles else plain(criterion)

    def reference(self, reference: str, scheme: str = "") -> Text:
        """The title of a reference of a scheme, or of the first scheme that has it."""
        schemes = [self.definitions.schemes[scheme]] if scheme in self.definitions.schemes else []
        every = [each for known in schemes or self.definitions.schemes.values() for each in known.references]
        return next((each.title for each in every if each.id == reference), plain(reference))

    def plan(self, pack: str) -> Text:
        """The title of a target pack."""
        known = self.definitions.targets.get(pack)
        return known.head.title if known else plain(pack)

    def target(self, target: str, pack: str = "") -> Text:
        """The title of a target of a pack."""
        known = self.definitions.targets.get(pack)
        titles = [each.title for each in known.targets if each.id == target] if known else []
        return titles[0] if titles else plain(target)

    def method(self, method: str) -> Text:
        """The title of a method, named with or without its version."""
        known = self.definitions.methods.get(method.partition("@")[0])
        return known.title if known else plain(method)


def _titles_in(scheme: Scheme) -> Iterator[tuple[str, Text]]:
    """The ids and titles of what a scheme judges by."""
    yield from ((each.id, each.title) for each in scheme.criteria)
    yield from ((each.id, each.title) for each in scheme.groups)
    yield from ((each.id, each.text) for each in scheme.conditions)
    for standing in scheme.standings:
        yield standing.id, standing.title
        for level in (*getattr(standing, "levels", ()), *getattr(standing, "shares", ())):
            yield level.id, level.title


def plain(text: object) -> Text:
    """The same words in both languages."""
    return Text(zh=str(text), en=str(text))


def cited(*parts: str) -> str:
    """Documents and clauses side by side, each once."""
    return " · ".join(part for part in dict.fromkeys(parts) if part)


def source_named(source: str, sources: Iterable[Source]) -> str:
    """The document that a source id stands for; a source that is no id stands for itself."""
    known = {each.id: each for each in sources}.get(source)
    return cited(known.title, known.document, known.publisher) if known else source


def period_text(start: date | None, end: date | None) -> str:
    """The period as ISO; a dash when the source does not state it."""
    return str(Period(start, end)) if start and end else NOTHING


def _shown(value: object, language: Language) -> object:
    if isinstance(value, Text):
        return value.in_language(language)
    if value is None:
        return NOTHING
    if isinstance(value, list | tuple):
        return ("、" if language == "zh" else ", ").join(str(_shown(each, language)) for each in value)
    return ShownNumber(value) if isinstance(value, float) else value


def _joined(texts: list[Text], empty: str = NOTHING) -> Text:
    if not texts:
        return plain(empty)
    return Text(zh="、".join(text.zh for text in texts), en=", ".join(text.en for text in texts))
