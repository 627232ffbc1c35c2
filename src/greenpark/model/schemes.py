"""What a scheme pack states: indicators, criteria with their rules, choices, verdict; and targets."""

from __future__ import annotations

from datetime import date
from typing import Literal

from greenpark.model.confidence import Confidence
from greenpark.model.knowledge import PackHead, Source
from greenpark.model.scheme_rules import (
    Band,
    Bands,
    Case,
    Cases,
    Checklist,
    Conditional,
    Elasticity,
    External,
    Flag,
    LeadingValue,
    Linear,
    Normalised,
    Operator,
    Points,
    Portfolio,
    Range,
    Relative,
    Rule,
    SelfSet,
    Threshold,
    When,
)
from greenpark.model.scheme_verdicts import (
    Choice,
    Count,
    CountVerdict,
    Group,
    IndexVerdict,
    Reference,
    Role,
    Standing,
    SubScore,
    TreeVerdict,
    Verdict,
)
from greenpark.model.text import Frozen, Text

__all__ = [
    "Band", "Bands", "Case", "Cases", "Checklist", "Choice", "Condition", "Conditional", "Count", "CountVerdict", "Criterion",
    "CriterionConfidence", "Elasticity", "External", "Fact", "Flag", "Group", "IndexVerdict", "Indicator", "LeadingValue",
    "Linear", "Normalised", "Operator", "Over", "Points", "Portfolio", "Range", "Reading", "Reference", "Relative", "Role",
    "Rounds", "Rule", "Scheme", "SelfSet", "Standing", "SubScore", "Switch", "Target", "TargetSet", "Threshold", "TreeVerdict",
    "Verdict", "When", "read_otherwise", "readings_of",
]  # fmt: skip


class Indicator(Frozen):
    """A formula over quantities with its unit.

    ``energy_basis``: the basis on which energy.* enters; ``open`` where the scheme states none: both are computed.
    ``growth``: which kind of growth its ``growth`` and ``previous`` mean; empty where the scheme does not say: what was
    reported is then used, and named so. ``formula`` stays empty where the document does not say how it is calculated: the
    indicator is then never measured.
    """

    id: str
    title: Text
    unit: str
    formula: str
    energy_basis: Literal["none", "calorific", "primary_energy", "open"] = "none"
    price_basis: Literal["none", "current", "comparable", "open"] = "none"
    view: Literal["none", "location", "market", "zero_carbon_park"] = "none"
    growth: Literal["", "as_reported", "same_boundary", "same_factors", "comparable_prices"] = ""
    confidence: Confidence
    source: str
    note: Text | None = None


class CriterionConfidence(Frozen):
    """Confidence split by what it is about."""

    name: Confidence
    role: Confidence
    value: Confidence
    formula: Confidence


class Over(Frozen):
    """A value over several years up to the year judged; one year that is missing makes it unknown."""

    years: int
    take: Literal["mean", "lowest", "highest", "total"]


class Criterion(Frozen):
    """One criterion of a scheme. ``missing`` says what a missing value means: there is no default.

    ``applies_where`` names an indicator: where that is zero the criterion does not apply. ``weight`` counts in a tree;
    ``null`` says that it is not public. ``over`` judges the value over several years. ``indicator`` stays empty where the
    rule needs none (checklist, portfolio).
    """

    id: str
    indicator: str = ""
    group: str
    role: Role
    rule: Rule
    weight: float | None = None
    weight_confidence: Confidence = "high"
    over: Over | None = None
    missing: Literal["not_evaluable", "not_met", "not_applicable"]
    applies_where: str = ""
    may_be_excused: bool = False
    excuse: Text | None = None
    title: Text
    text: Text | None = None
    clause: str = ""
    source: str
    confidence: CriterionConfidence
    note: Text | None = None


class Condition(Frozen):
    """A condition for entry: a yes or no fact of the park, an indicator with a rule, or words that greenpark cannot check."""

    id: str
    text: Text
    kind: Literal["veto", "eligibility", "encouraged"]
    fact: str = ""
    indicator: str = ""
    rule: Threshold | None = None
    source: str


class Reading(Frozen):
    """What another reading of an open point puts in place of what the scheme says; empty parts stay as they are.

    ``profile`` accounts by other methods; ``formulas`` are those of indicators, ``rules`` and ``roles`` those of criteria.
    """

    profile: str = ""
    formulas: dict[str, str] = {}
    rules: dict[str, Rule] = {}
    roles: dict[str, Role] = {}


class Switch(Frozen):
    """A point that the document leaves open, the choice made here, and the alternatives.

    ``readings`` says what each alternative changes: it is then computed beside the chosen one. ``titles`` name the
    options.
    """

    id: str
    text: Text
    chosen: str
    alternatives: tuple[str, ...] = ()
    readings: dict[str, Reading] = {}
    titles: dict[str, Text] = {}


class Rounds(Frozen):
    """Which rounds of evaluation a scheme governs: the first and the last year in which it is used; open where null."""

    first: int | None = None
    last: int | None = None
    source: str
    confidence: Confidence
    note: Text | None = None


class Scheme(Frozen):
    """An evaluation scheme: a dated official text as data.

    ``entity_kinds`` are the kinds of entity it assesses; ``of_listed_zones`` says that it is about the zones of the
    places packs alone (national high-tech zones).
    """

    head: PackHead
    issuer: Text
    document: str
    since: date | None = None
    until: date | None = None
    rounds: Rounds | None = None
    entity_kinds: tuple[Literal["zone", "sub_park", "unit"], ...] = ("zone", "sub_park")
    of_listed_zones: bool = False
    profile: str = ""
    sources: tuple[Source, ...]
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    criteria: tuple[Criterion, ...]
    choices: tuple[Choice, ...] = ()
    conditions: tuple[Condition, ...] = ()
    switches: tuple[Switch, ...] = ()
    references: tuple[Reference, ...] = ()
    subscores: tuple[SubScore, ...] = ()
    standings: tuple[Standing, ...] = ()
    verdict: Verdict
    verdict_confidence: Confidence
    note: Text | None = None


def read_otherwise(scheme: Scheme, reading: Reading) -> Scheme:
    """The scheme as another reading of one of its open points has it."""
    indicators = tuple(
        each.model_copy(update={"formula": reading.formulas[each.id]}) if each.id in reading.formulas else each
        for each in scheme.indicators
    )
    criteria = tuple(
        each.model_copy(
            update={"rule": reading.rules.get(each.id, each.rule), "role": reading.roles.get(each.id, each.role)}
        )
        for each in scheme.criteria
    )
    changed = {"indicators": indicators, "criteria": criteria, "profile": reading.profile or scheme.profile}
    return scheme.model_copy(update=changed)


def readings_of(scheme: Scheme) -> tuple[tuple[str, Scheme], ...]:
    """The other readings of the scheme, one open point at a time: variant label and scheme, in its order."""
    return tuple(
        (f"switch={switch.id}:{name}", read_otherwise(scheme, switch.readings[name]))
        for switch in scheme.switches
        for name in switch.alternatives
        if name in switch.readings
    )


class Fact(Frozen):
    """A value with its period and confidence, as a target pack quotes it."""

    period: str | None = None
    value: float
    unit: str
    source: str
    confidence: Confidence


class Target(Frozen):
    """A dated target.

    ``level``: the quantity reaches the goal by the period. ``share_of_entities``: that share of the entities of kind
    ``among`` is under ``limit``. ``annual_rate``: yearly fall of the quantity. ``exists`` and ``qualitative`` are
    carried as text and are not computed. ``quoted``: a claim of the source that greenpark cannot check.
    ``assumed_period``: the period taken for a value whose source states none; ``assumed_caveat`` then joins the caveats.
    """

    id: str
    kind: Literal["level", "share_of_entities", "annual_rate", "exists", "qualitative", "quoted"]
    title: Text
    quantity: str = ""
    entity: str = ""
    among: str = ""
    operator: Operator | None = None
    limit: float | None = None
    limit_unit: str = ""
    baseline: Fact | None = None
    goal: Fact | None = None
    assumed_period: str = ""
    assumed_caveat: str = ""
    caveats: tuple[str, ...] = ()
    source: str
    confidence: Confidence
    note: Text | None = None


class TargetSet(Frozen):
    """A targets pack: a plan with its dated targets.

    ``notes``: the words of the plan's own caveats by id; a caveat of a target is such an id or a message id.
    """

    head: PackHead
    document: str
    sources: tuple[Source, ...]
    targets: tuple[Target, ...]
    notes: dict[str, Text] = {}
