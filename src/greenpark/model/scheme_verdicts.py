"""What stands above the criteria: groups, choices, verdicts, references, and what follows from a score."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from greenpark.model.confidence import Confidence
from greenpark.model.scheme_rules import Better, Operator, Range, Statistic
from greenpark.model.text import Frozen, Text

Aggregation = Literal["arithmetic", "geometric", "sum", "lowest"]
# What a term without a value means for the score above it.
MissingTerm = Literal["incomplete", "leave_out", "spread_equally", "zero"]
Normalisation = Literal["min_max", "z_score", "percent_rank", "ratio_to_best", "ratio_to_mean"]
Role = Literal["mandatory", "optional", "guiding", "veto", "scored"]


class Choice(Frozen):
    """k of n: ``exactly`` k of the members enter the index; ``at_least`` k must be met."""

    id: str
    meaning: Literal["exactly", "at_least"]
    k: int
    members: tuple[str, ...]
    title: Text | None = None


class Group(Frozen):
    """A group of criteria; in a tree also of other groups, which name it as their ``parent``.

    ``weight``: what it counts inside its parent; null: not public. ``weights: equal`` says that its terms count alike,
    ``stated`` that each states its own. ``missing`` and ``not_applicable`` say what a term without a value means:
    ``incomplete`` (no score), ``leave_out`` (the others keep their proportions), ``spread_equally`` (each of the others
    gains the same), ``zero``. ``least_terms`` of its terms must have a value. ``decimals`` rounds its score, where the
    document says so.
    """

    id: str
    title: Text
    terms: int | None = None
    parent: str = ""
    weight: float | None = None
    weight_confidence: Confidence = "high"
    weights: Literal["stated", "equal"] = "stated"
    aggregation: Aggregation = "arithmetic"
    missing: MissingTerm = "incomplete"
    not_applicable: MissingTerm = "leave_out"
    least_terms: int = 1
    decimals: int | None = None


class Count(Frozen):
    """So many of the named criteria met: a number, or a share of those that apply [%].

    The criteria are those of a ``group``, of a ``role``, or the ``members`` listed; all where none is named.
    """

    id: str
    title: Text | None = None
    group: str = ""
    role: Role | None = None
    members: tuple[str, ...] = ()
    at_least: int | None = None
    share: float | None = None


class CountVerdict(Frozen):
    """All mandatory met, every at-least choice satisfied, and at least ``min_met`` met in all (when stated).

    ``counts`` are further counts. All of them must hold; where ``any_of`` lists combinations of them, one
    combination is enough.
    """

    kind: Literal["counts"]
    min_met: int | None = None
    core: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()


class IndexVerdict(Frozen):
    """The mean of the ratios of ``terms`` terms times ``scale``; ``min_score`` when the scheme states one."""

    kind: Literal["index"]
    terms: int
    scale: float
    min_score: float | None = None


class UnknownWeights(Frozen):
    """Between which bounds a weight that is not public is taken, and how the range of the score is sampled.

    The provisional score takes the middle of the bounds. ``interval``: the part of the draws [%] that the printed
    ranges cover.
    """

    low: float
    high: float
    draws: int = 10_000
    seed: int = 1
    interval: float = 100.0
    source: str
    confidence: Confidence
    note: Text | None = None


class Normalising(Frozen):
    """How the values of normalised criteria become comparable: the choice, and what stands beside it.

    ``among``: the kind of entity that is compared and ranked (zone); empty for all that are evaluated.
    """

    chosen: Normalisation
    alternatives: tuple[Normalisation, ...] = ()
    among: str = ""
    text: Text | None = None
    source: str
    confidence: Confidence


class TreeVerdict(Frozen):
    """A score from a hierarchy of weighted groups: criteria into groups, groups into the whole.

    ``aggregation``, ``weights``, ``missing`` and ``decimals`` are those of the topmost groups. ``required``: criteria of
    these roles must be met whatever the score. Points are weights that are summed: ``aggregation: sum``.
    """

    kind: Literal["tree"]
    scale: float
    aggregation: Aggregation = "arithmetic"
    weights: Literal["stated", "equal"] = "stated"
    missing: MissingTerm = "incomplete"
    not_applicable: MissingTerm = "leave_out"
    least_terms: int = 1
    decimals: int | None = None
    min_score: float | None = None
    required: tuple[Role, ...] = ()
    unknown_weights: UnknownWeights | None = None
    normalisation: Normalising | None = None


Verdict = Annotated[CountVerdict | IndexVerdict | TreeVerdict, Field(discriminator="kind")]


class SubScore(Frozen):
    """A score over some of the criteria, with their weights brought to one; ``official: false`` is said everywhere."""

    id: str
    title: Text
    members: tuple[str, ...]
    official: bool
    source: str
    note: Text | None = None


class ReferenceValue(Frozen):
    """One value of a reference: of a year (every year where none is stated) and of a class, area or entity."""

    year: int | None = None
    key: str = ""
    value: float | None
    source: str
    confidence: Confidence


class Reference(Frozen):
    """Values that a rule takes from outside the criterion: yearly, by class of industry, by area, or by entity.

    ``by`` is the attribute of an entity that is looked up as key; empty: one value for all. ``supplied``: whether the
    values stand in the pack, or come from whoever runs the evaluation. A year or key without a value cannot be
    evaluated; a value of another year is never taken.
    """

    id: str
    title: Text
    unit: str
    by: str = ""
    supplied: Literal["pack", "user", "either"] = "pack"
    values: tuple[ReferenceValue, ...] = ()
    source: str
    note: Text | None = None


class Level(Range):
    """A level of a score: its range and its name."""

    id: str
    title: Text


class Share(Frozen):
    """A grade by rank: the best so many per cent, the next so many, and so on."""

    id: str
    title: Text
    percent: float


class _Standing(Frozen):
    """What follows from the score; ``veto``: the verdict fails with it, ``beside``: it is shown beside the verdict."""

    id: str
    title: Text
    effect: Literal["veto", "beside"] = "beside"
    of: str = ""
    source: str
    confidence: Confidence
    note: Text | None = None


class Levels(_Standing):
    """Named levels of a score (excellent from 90); a score in no level is undefined."""

    kind: Literal["levels"]
    levels: tuple[Level, ...]


class Grades(_Standing):
    """Grades by rank among a group: the first ``percent`` of it, the next, and so on."""

    kind: Literal["grades"]
    shares: tuple[Share, ...]
    group: str = ""
    same: str = ""


class AgainstPeers(_Standing):
    """Not below (or above) a statistic of the scores of a group: the mean of the listed parks of the same area.

    ``reference`` takes a published value instead of the scores at hand.
    """

    kind: Literal["against_peers"]
    operator: Operator
    statistic: Statistic = "mean"
    quantile: float | None = None
    group: str = ""
    same: str = ""
    least: int = 2
    reference: str = ""


class LastShare(_Standing):
    """Fails for an entity that is among the last ``percent`` of a group in ``years`` years running."""

    kind: Literal["last_share"]
    percent: float
    years: int
    group: str = ""
    same: str = ""
    better: Better = "higher"


Standing = Annotated[Levels | Grades | AgainstPeers | LastShare, Field(discriminator="kind")]
