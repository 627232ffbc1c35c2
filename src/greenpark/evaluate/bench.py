"""What criteria are judged with: the scheme, its values, who stands beside whom, references and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from greenpark.engine.shape import Bools, Ints
from greenpark.engine.units import Units
from greenpark.evaluate.states import Reasons
from greenpark.evaluate.subjects import Subjects, Values
from greenpark.model.job import SuppliedValue
from greenpark.model.schemes import Scheme

# The attribute that says what an entity is: zone, sub_park, unit.
KIND = "kind"


@dataclass(frozen=True)
class Context:
    """What is known of entities beyond their figures.

    ``attributes`` gives each entity its words by attribute, the most specific first (area: city, province, nation);
    ``parents`` the entity above each; ``groups`` the members of named groups; ``references`` what the user supplies;
    ``chosen_by`` who made a choice.
    """

    attributes: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    references: tuple[SuppliedValue, ...] = ()
    chosen_by: Mapping[str, str] = field(default_factory=dict)

    def words(self, entity: str, attribute: str) -> tuple[str, ...]:
        """The words of an entity for an attribute; empty when nobody said."""
        return self.attributes.get(entity, {}).get(attribute, ())


@dataclass(frozen=True)
class Bench:
    """What criteria are judged with."""

    scheme: Scheme
    subjects: Subjects
    values: Mapping[str, Values]
    facts: Mapping[str, Values]
    excused: Mapping[str, str]
    reasons: Reasons
    units: Units | None
    context: Context

    def in_unit(self, values: Values, unit: str) -> Values:
        """The values in the unit of a rule.

        Raises
        ------
        ValueError
            When the units differ and no units were given.
        """
        if not unit or unit == values.unit:
            return values
        return replace(values, value=values.value * self.multiplier(values.unit, unit, values.name), unit=unit)

    def multiplier(self, found: str, wanted: str, name: str) -> float:
        """What turns a value in one unit into another.

        Raises
        ------
        ValueError
            When the units differ and no units were given.
        """
        if found == wanted or not wanted:
            return 1.0
        if self.units is None:
            raise ValueError(f"{name} is in {found}, its rule in {wanted}: units are needed")
        return self.units.multiplier(found, wanted)

    def where_attribute(self, attribute: str, words: tuple[str, ...]) -> tuple[Bools, Bools]:
        """Which subjects have one of the words, and of which the attribute is known at all."""
        wanted = set(words)
        own = [self.context.words(entity, attribute) for entity in self.subjects.entities]
        has = np.array([bool(wanted & set(each)) for each in own], dtype=np.bool_)
        known = np.array([bool(each) for each in own], dtype=np.bool_)
        return has[self.subjects.entity_at], known[self.subjects.entity_at]

    def peers(self, group: str = "", same: str = "", kind: str = "") -> tuple[Ints, Bools]:
        """Who is compared with whom.

        Returns
        -------
        classes, members
            Subjects of one class are of the same year and variant and share the attribute ``same``; ``members`` are
            those that belong to the group and are of the kind.
        """
        entities = self.subjects.entities
        words = [next(iter(self.context.words(each, same)), "") if same else "" for each in entities]
        codes = {word: code for code, word in enumerate(dict.fromkeys(words))}
        shared = np.array([codes[word] for word in words], dtype=np.int64)
        listed = set(self.context.groups.get(group, ())) if group else set(entities)
        inside = [each in listed and (not kind or kind in self.context.words(each, KIND)) for each in entities]
        at = self.subjects.entity_at
        classes = self.subjects.year_at * len(codes) + shared[at]
        return classes, np.array(inside, dtype=np.bool_)[at]
