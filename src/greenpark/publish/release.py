"""What is published: one run's tables, the definitions behind them, and how to look up rows that are too many to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import pyarrow as pa

from greenpark.model.forms import Form
from greenpark.model.job import Job
from greenpark.model.knowledge import Area, Carrier, FactorSet, Method, Profile, Quantity, Source, Unit, Zone
from greenpark.model.programmes import Programme
from greenpark.model.schemes import Indicator, Scheme, TargetSet
from greenpark.model.submission import SignOff
from greenpark.model.text import Messages, Text
from greenpark.publish.signed import BatchUsed


class Lookup(Protocol):
    """Rows of one run's tables, fetched in small portions: a run may hold tens of millions of them."""

    def rows(self, table: str, where: Mapping[str, object], limit: int, order_by: str | None = None) -> pa.Table:
        """At most ``limit`` rows of ``table`` (also ``observations`` and ``entities``) that satisfy ``where``.

        ``where`` maps a column to the value it equals, or to a tuple of values of which it is one; ``None`` is the
        empty cell. Two keys are no columns: ``within`` (a ``Period``) keeps rows whose period lies inside it,
        ``reference`` keeps rows whose full reference (see ``references.digest_text``) begins with the given text.
        ``order_by`` names a column whose largest magnitudes come first; rows come in the order of the table's key
        otherwise and among equals.
        """
        ...


@dataclass(frozen=True)
class PackUsed:
    """A pack that the run used: exactly this content."""

    kind: str
    id: str
    version: str
    hash: str
    title: Text


@dataclass(frozen=True)
class Definitions:
    """Everything the report needs to name, explain and cite a number."""

    messages: Messages
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    carriers: Mapping[str, Carrier] = field(default_factory=dict)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    targets: Mapping[str, TargetSet] = field(default_factory=dict)
    methods: Mapping[str, Method] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    factor_sets: Mapping[str, FactorSet] = field(default_factory=dict)
    areas: Mapping[str, Area] = field(default_factory=dict)
    zones: Mapping[str, Zone] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    packs: tuple[PackUsed, ...] = ()
    profile: str = ""
    forms: Mapping[str, Form] = field(default_factory=dict)
    programmes: Mapping[str, Programme] = field(default_factory=dict)
    programme_sources: tuple[Source, ...] = ()

    def methods_of_view(self, view: str, own: str = "") -> tuple[str, ...]:
        """The methods (``id@version``) that can stand behind a total of a view; ``""``: a direct total.

        They are those of the profiles that have the view; a direct total is that of a profile with a location view or
        without any view; ``own`` names the one profile whose variant it is. Empty when no profile is known.
        """
        asked = view or "location"
        chosen: set[str] = set()
        for profile in [each for each in self.profiles.values() if own in ("", each.id)]:
            members = [self.methods[name] for name in profile.methods if name in self.methods]
            views = {each.view for each in members} - {"", "direct"}
            if asked in views or (not views and not view):
                chosen |= {f"{each.id}@{each.version}" for each in members}
        return tuple(sorted(chosen))

    def methods_of_basis(self, basis: str, profile: str = "") -> tuple[str, ...]:
        """The energy methods (``id@version``) behind a total on a basis: of the profile named in its variant, else of the
        job's own (``profile``). Empty when that is not known.
        """
        known = self.profiles.get(profile or self.profile)
        members = [self.methods[name] for name in known.methods if name in self.methods] if known else []
        return tuple(f"{each.id}@{each.version}" for each in members if each.basis == basis)

    def gwp_set(self, profile: str = "") -> str:
        """The set of warming potentials of the profile named in a variant, else of the job's own; empty: not known."""
        known = self.profiles.get(profile or self.profile)
        return known.gwp_set if known else ""

    def clean_carriers(self, profile: str = "") -> tuple[str, ...]:
        """The carriers that the profile of a variant (else the job's own) counts as clean; empty: the renewable ones."""
        known = self.profiles.get(profile or self.profile)
        return known.clean_carriers if known else ()

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators of all schemes by ``<pack>.<id>``."""
        return {f"{pack}.{each.id}": each for pack, scheme in self.schemes.items() for each in scheme.indicators}


@dataclass(frozen=True, eq=False)  # one release is like no other: what is drawn from it is kept beside it
class Release:
    """One run, ready to be published.

    ``tables`` holds the run's figures, indicators, scores, progress, findings, growth, uncertainty and completeness in
    full, and of energy and emissions at most an extract; ``lookup`` reaches all rows. ``factors_used`` and
    ``methods_used`` name what entered the calculation (``None``: those met in the extracts). ``summary`` holds further
    keys of summary.json. ``batches`` are those that the run rests on, ``signatures`` what was signed with them.
    """

    job: Job
    run: str
    tables: Mapping[str, pa.Table]
    entities: pa.Table
    definitions: Definitions
    summary: Mapping[str, object] = field(default_factory=dict)
    code_version: str = ""
    lookup: Lookup | None = None
    factors_used: tuple[str, ...] | None = None
    methods_used: tuple[str, ...] | None = None
    signatures: tuple[SignOff, ...] = ()
    batches: tuple[BatchUsed, ...] = ()
