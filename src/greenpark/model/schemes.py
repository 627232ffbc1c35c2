"""What a scheme pack states: indicators, criteria with their rules, choices, verdict; and targets."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from greenpark.model.confidence import Confidence
from greenpark.model.knowledge import PackHead, Source
from greenpark.model.text import Frozen, Text

Operator = Literal["<=", "<", ">=", ">", "=="]


class Indicator(Frozen):
    """A formula over quantities with its unit.

    ``energy_basis``: the basis on which energy.* enters; ``open`` where the scheme states none: both are computed.
    ``growth``: which kind of growth its ``growth`` and ``previous`` mean; empty where the scheme does not say: what was
    reported is then used, and named so.
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


class Threshold(Frozen):
    """Met when the value stands to the limit as the operator says."""

    kind: Literal["threshold"]
    operator: Operator
    limit: float
    unit: str


class Case(Frozen):
    """One case of a conditional threshold: holds where ``on`` is at least ``at_least`` and below ``below``."""

    at_least: float | None = None
    below: float | None = None
    equals: float | None = None
    operator: Operator
    limit: float
    title: Text | None = None


class Cases(Frozen):
    """A threshold that depends on another indicator; a value outside every case is undefined: not evaluable."""

    kind: Literal["cases"]
    on: str
    unit: str
    cases: tuple[Case, ...]


class LeadingValue(Frozen):
    """Ratio to a leading value: actual over leading, or the inverse where lower is better.

    Where lower is better, a value of zero or less has no ratio: ``non_positive`` says what it means, and
    ``full_score_if`` names an indicator that must be above zero for it to count in full.
    """

    kind: Literal["leading_value"]
    better: Literal["higher", "lower"]
    leading: float
    unit: str
    cap: float | None = None
    non_positive: Literal["full_score", "not_evaluable"] = "not_evaluable"
    full_score_if: str = ""


class Elasticity(Frozen):
    """At most the limit while ``growth`` is positive, at least the limit while it is negative, undefined at zero."""

    kind: Literal["elasticity"]
    limit: float
    unit: str
    growth: str


class Flag(Frozen):
    """A yes or no: 1 or 0."""

    kind: Literal["flag"]
    expected: bool = True


class External(Frozen):
    """A comparison whose reference is not in the pack: met or not is stated by evidence (a flag quantity)."""

    kind: Literal["external"]
    reference: Text


Rule = Annotated[Threshold | Cases | LeadingValue | Elasticity | Flag | External, Field(discriminator="kind")]


class CriterionConfidence(Frozen):
    """Confidence split by what it is about."""

    name: Confidence
    role: Confidence
    value: Confidence
    formula: Confidence


class Criterion(Frozen):
    """One criterion of a scheme. ``missing`` says what a missing value means: there is no default.

    ``applies_where`` names an indicator: where that is zero the criterion does not apply.
    """

    id: str
    indicator: str
    group: str
    role: Literal["mandatory", "optional", "guiding", "veto"]
    rule: Rule
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


class Choice(Frozen):
    """k of n: ``exactly`` k of the members enter the index; ``at_least`` k must be met."""

    id: str
    meaning: Literal["exactly", "at_least"]
    k: int
    members: tuple[str, ...]
    title: Text | None = None


class Group(Frozen):
    """A group of criteria."""

    id: str
    title: Text
    terms: int | None = None


class CountVerdict(Frozen):
    """All mandatory met, every at-least choice satisfied, and at least ``min_met`` met in all (when stated)."""

    kind: Literal["counts"]
    min_met: int | None = None
    core: tuple[str, ...] = ()


class IndexVerdict(Frozen):
    """The mean of the ratios of ``terms`` terms times ``scale``; ``min_score`` when the scheme states one."""

    kind: Literal["index"]
    terms: int
    scale: float
    min_score: float | None = None


Verdict = Annotated[CountVerdict | IndexVerdict, Field(discriminator="kind")]


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
    roles: dict[str, Literal["mandatory", "optional", "guiding", "veto"]] = {}


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


class Scheme(Frozen):
    """An evaluation scheme: a dated official text as data."""

    head: PackHead
    issuer: Text
    document: str
    since: date | None = None
    until: date | None = None
    profile: str = ""
    sources: tuple[Source, ...]
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    criteria: tuple[Criterion, ...]
    choices: tuple[Choice, ...] = ()
    conditions: tuple[Condition, ...] = ()
    switches: tuple[Switch, ...] = ()
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
