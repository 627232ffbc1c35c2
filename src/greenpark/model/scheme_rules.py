"""The rules of criteria: what a value is compared with, and what it is worth."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from greenpark.model.text import Frozen, Text

Operator = Literal["<=", "<", ">=", ">", "=="]
Better = Literal["higher", "lower"]
Statistic = Literal["mean", "median", "lowest", "highest", "quantile"]

# Numbers of a rule that may be null (the document does not make them public) or come from a reference of the scheme
# (`limit_from`): by rule kind.
OPEN_NUMBERS: dict[str, tuple[str, ...]] = {
    "threshold": ("limit",),
    "leading_value": ("leading",),
    "linear": ("base", "leading"),
}


class Range(Frozen):
    """Where a case, a band or a level holds; an end that is not stated is open."""

    at_least: float | None = None
    above: float | None = None
    below: float | None = None
    at_most: float | None = None
    equals: float | None = None


class Threshold(Frozen):
    """Met when the value stands to the limit as the operator says.

    ``limit: null``: the limit is not public, so nothing can be judged until a reader supplies it. ``limit_from``: the
    limit is that of a reference of the scheme, for the year and the class or area of the entity.
    """

    kind: Literal["threshold"]
    operator: Operator
    limit: float | None = None
    limit_from: str = ""
    unit: str


class Case(Range):
    """One case of a conditional threshold: its limit holds where ``on`` lies in its range."""

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

    ``cap`` limits the ratio (1 where a leading value that is passed counts no more than one that is reached). Where
    lower is better, a value of zero or less has no ratio: ``non_positive`` says what it means, and ``full_score_if``
    names an indicator that must be above zero for it to count in full.
    """

    kind: Literal["leading_value"]
    better: Better
    leading: float | None = None
    leading_from: str = ""
    unit: str
    cap: float | None = None
    non_positive: Literal["full_score", "not_evaluable"] = "not_evaluable"
    full_score_if: str = ""


class Linear(Frozen):
    """Zero at the base value, one at the leading value, linear between: (x − base) / (leading − base).

    Lower is better where the leading value is the lower one; ``better`` is only needed where one of the two is not
    public: a value at the known leading value or beyond then counts in full, at the known base or beyond as nothing.
    ``scale: log`` takes the logarithms of all three. ``outside`` says what happens beyond the two: ``capped`` to 0 and 1,
    ``capped_above`` to 1 only, or ``open``.
    """

    kind: Literal["linear"]
    base: float | None = None
    base_from: str = ""
    leading: float | None = None
    leading_from: str = ""
    unit: str
    better: Better | None = None
    scale: Literal["plain", "log"] = "plain"
    outside: Literal["capped", "capped_above", "open"] = "capped"


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


class Points(Frozen):
    """The value is itself the points given by an assessor, from zero to ``maximum``; its share of them counts."""

    kind: Literal["points"]
    maximum: float
    unit: str = "1"


class Band(Range):
    """One band: the points that a value in its range gets."""

    points: float
    title: Text | None = None


class Bands(Frozen):
    """Points by band, out of ``maximum``; a value that no band covers is undefined: not evaluable."""

    kind: Literal["bands"]
    unit: str
    maximum: float
    bands: tuple[Band, ...]


class Item(Frozen):
    """One item of a checklist: a yes or no quantity, and what a yes counts."""

    fact: str
    title: Text | None = None
    counts: float = 1.0


class Checklist(Frozen):
    """Items answered yes; met when they count ``at_least`` so much in all (all items where nothing is stated).

    ``full_at``: from here on it counts in full; all items where nothing is stated.
    """

    kind: Literal["checklist"]
    items: tuple[Item, ...]
    at_least: float | None = None
    full_at: float | None = None


class Relative(Frozen):
    """Compared with a statistic over other entities in the same year.

    ``group`` names a group that the job lists (``listed parks``); empty: all that are evaluated. ``same``: only those
    that share this attribute (``area``, ``industry``). ``least`` entities must have a value.
    """

    kind: Literal["relative"]
    operator: Operator
    statistic: Statistic
    quantile: float | None = None
    group: str = ""
    same: str = ""
    with_own: bool = True
    least: int = 2
    unit: str


class Normalised(Frozen):
    """Scored against all entities of the year, by the normalisation that the verdict of the scheme states."""

    kind: Literal["normalised"]
    better: Better
    unit: str


class SelfSet(Frozen):
    """A target that the park sets itself, against its base year: (x − base) / (target − base).

    ``base_year`` takes the park's own value of that year, ``base_from`` a reference keyed by entity. ``target_from`` is
    such a reference too, one value for each milestone year; without one every improvement on the base year meets it.
    """

    kind: Literal["self_set"]
    better: Better
    unit: str
    base_year: int | None = None
    base_from: str = ""
    target_from: str = ""


class Portfolio(Frozen):
    """The share of an entity's members whose ``indicator`` stands to ``bound`` as ``holds`` says.

    ``weight`` names an indicator by which members count (output, energy); each counts once where none is named.
    ``members`` is the kind of entity (unit, sub_park, zone), empty for all; ``group`` takes a listed group instead of
    what lies below the entity.
    """

    kind: Literal["portfolio"]
    indicator: str
    holds: Operator
    bound: float
    weight: str = ""
    members: str = ""
    group: str = ""
    operator: Operator
    limit: float | None = None
    unit: str = "%"


Plain = Annotated[
    Threshold | Cases | LeadingValue | Linear | Elasticity | Flag | External | Points | Bands | Checklist | Relative
    | Normalised | SelfSet | Portfolio,
    Field(discriminator="kind"),
]  # fmt: skip


class When(Range):
    """One case of a conditional rule: by the range of ``on``, by the words of an attribute, or ``otherwise``.

    ``indicator`` replaces the one of the criterion: a variant of the criterion for those to whom it applies.
    """

    among: tuple[str, ...] = ()
    otherwise: bool = False
    indicator: str = ""
    rule: Plain
    title: Text | None = None


class Conditional(Frozen):
    """A rule that depends on the size, growth, area, industry or class of the entity: the first case that holds.

    ``on`` names an indicator, ``attribute`` an attribute of the entity (area, industry, kind, or one that the job
    states). Where no case holds the criterion is undefined: not evaluable.
    """

    kind: Literal["conditional"]
    on: str = ""
    attribute: str = ""
    cases: tuple[When, ...]


Rule = Annotated[
    Threshold | Cases | LeadingValue | Linear | Elasticity | Flag | External | Points | Bands | Checklist | Relative
    | Normalised | SelfSet | Portfolio | Conditional,
    Field(discriminator="kind"),
]  # fmt: skip
