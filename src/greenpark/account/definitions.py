"""What accounting needs to know, and which methods follow from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from greenpark.account.entries import warming_potentials
from greenpark.account.methods import Knowledge
from greenpark.model.knowledge import Area, Method, Profile, Quantity


@dataclass(frozen=True)
class Definitions:
    """What accounting needs to know; the first profile is the job's own, the others are those of its schemes.

    ``refused``: entity (empty when unknown), quantity and year of cells that could not be read. ``figures_of``: the
    kinds of entity that figures are wanted of; empty for all. ``tolerances``: those of the checks packs, by id.
    """

    knowledge: Knowledge
    quantities: Mapping[str, Quantity]
    methods: Mapping[str, Method]
    profiles: Sequence[Profile]
    areas: Mapping[str, Area]
    top: str = ""
    refused: Sequence[tuple[str, str, int]] = ()
    figures_of: Sequence[str] = ()
    tolerances: Mapping[str, float] = field(default_factory=dict)


def methods_of(definitions: Definitions) -> tuple[Method, ...]:
    """The methods of all profiles, each once, in their order."""
    names = dict.fromkeys(name for profile in definitions.profiles for name in profile.methods)
    return tuple(definitions.methods[name] for name in names)


def row_methods(definitions: Definitions) -> tuple[Method, ...]:
    """The methods of all profiles that make rows of energy and emissions, each once."""
    return tuple(each for each in methods_of(definitions) if each.produces in ("energy", "emissions"))


def own_potentials(definitions: Definitions) -> dict[str, tuple[Mapping[str, float], str]]:
    """The warming potentials of methods that another set than the first profile's is named for.

    That set is the method's own, else that of the first profile that uses it.
    """
    first: dict[str, str] = {}
    for profile in definitions.profiles:
        for name in profile.methods:
            first.setdefault(name, definitions.methods[name].gwp_set or profile.gwp_set)
    return {name: (warming_potentials(definitions.knowledge, named), named) for name, named in first.items()}
