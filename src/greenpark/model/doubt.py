"""What is said about the uncertainty of data and factors: ranges, correlated classes, quality scores; a job's choice."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from greenpark.model.confidence import Confidence
from greenpark.model.knowledge import PackHead, Source
from greenpark.model.text import Frozen, Text

Approach = Literal["analytic", "monte_carlo", "pedigree"]
APPROACHES: tuple[Approach, ...] = ("analytic", "monte_carlo", "pedigree")
Fraction = Annotated[float, Field(ge=0)]


class AssumedRange(Frozen):
    """The 95 % range of an activity or a factor whose source states none; empty conditions hold for all.

    ``kind`` is the kind of the carrier (activity) or of the factor; ``item`` the carrier or product; ``status`` and
    ``grade`` are status and confidence of the observation. ``low`` and ``high`` are the distances of the two ends from
    the value as fractions of it. ``scores`` are the five quality scores that the approach ``pedigree`` takes instead.
    ``exact``: a definition or a convention, not an assumption.
    """

    id: str
    subject: Literal["activity", "factor"]
    kind: str = ""
    item: str = ""
    status: str = ""
    grade: Literal["", "high", "medium", "low"] = ""
    low: Fraction | None = None
    high: Fraction | None = None
    scores: tuple[int, ...] = ()
    exact: bool = False
    source: str
    confidence: Confidence
    note: Text | None = None


class BorrowedRanges(Frozen):
    """Factors of a kind without a range of their own take that of the same item in another set, as a fraction."""

    kind: str
    factor_set: str
    of_kind: str
    source: str
    confidence: Confidence
    note: Text | None = None


class CorrelatedFactors(Frozen):
    """Factors of a kind whose errors go together: ``correlation`` 1 says that they do not cancel among each other."""

    id: str
    kind: str
    correlation: Annotated[float, Field(ge=0, le=1)]
    source: str
    confidence: Confidence
    note: Text | None = None


class QualityIndicator(Frozen):
    """One of the five indicators of the pedigree matrix: the factor of the 95 % range of each score from 1 on."""

    id: str
    title: Text
    factors: tuple[Annotated[float, Field(ge=1)], ...]


class PedigreeMatrix(Frozen):
    """Quality scores to lognormal ranges: the squares of the geometric standard deviations; ``basic`` is always there.

    The factor of the 95 % range is exp(sqrt(sum of the squared logarithms of all factors)).
    """

    basic: Annotated[float, Field(ge=1)]
    indicators: tuple[QualityIndicator, ...]
    source: str
    confidence: Confidence


class UncertaintyPack(Frozen):
    """An uncertainty pack: what is assumed where no source states a range."""

    head: PackHead
    sources: tuple[Source, ...]
    ranges: tuple[AssumedRange, ...]
    borrowed: tuple[BorrowedRanges, ...] = ()
    correlated: tuple[CorrelatedFactors, ...] = ()
    pedigree: PedigreeMatrix | None = None


class StatedRange(Frozen):
    """A range that the job states, with its reason: of a factor (its full id) or of the activity of a carrier."""

    factor: str = ""
    carrier: str = ""
    half_width: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    scores: tuple[int, ...] = ()
    note: str


class Doubt(Frozen):
    """How a job computes uncertainty; an empty ``approach`` leaves it out."""

    approach: tuple[Approach, ...] = ("analytic", "monte_carlo")
    draws: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    seed: Annotated[int, Field(ge=0)] = 1
    pack: str = "park_default"
    stated: tuple[StatedRange, ...] = ()
