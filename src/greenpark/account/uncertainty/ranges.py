"""The 95 % range of every factor and of every kind of activity: stated by its source, by the job, or assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log, sqrt

from greenpark.model.confidence import Confidence, least
from greenpark.model.doubt import AssumedRange, PedigreeMatrix, StatedRange, UncertaintyPack
from greenpark.model.knowledge import Carrier, Factor, FactorSet


@dataclass(frozen=True)
class Range:
    """A 95 % range: the distances of its ends from the value, as fractions of the value.

    ``known`` is False where nobody states or assumes a range: the value is then taken as exact, and said to be.
    """

    low: float
    high: float
    assumed: bool = False
    known: bool = True
    confidence: Confidence = "high"

    @property
    def is_exact(self) -> bool:
        """Whether the range has no width."""
        return self.low == 0 and self.high == 0


UNKNOWN = Range(0.0, 0.0, known=False)


@dataclass(frozen=True)
class Ranges:
    """Where ranges are looked up; ``by_scores``: quality scores instead of ranges, wherever scores are given."""

    pack: UncertaintyPack
    factor_sets: Mapping[str, FactorSet]
    carriers: Mapping[str, Carrier]
    stated: Sequence[StatedRange] = ()
    by_scores: bool = False

    def of_factor(self, name: str) -> Range:
        """The range of a factor, named ``<set>/<id>``.

        The job's own statement first, then the factor's own range, an assumption on its item, the range of the same
        item in another set, an assumption on its kind; ``UNKNOWN`` where there is none of these.
        """
        factor = self._factor(name)
        for stated in self.stated:
            if stated.factor in (name, factor.id):
                return self._stated(stated)
        assumed = self._factor_rows(factor)
        if self.by_scores and assumed and (assumed[0].scores or assumed[0].exact):
            return self._assumed(assumed[0])
        own = relative_range(factor)
        if own is not None:
            return own
        if assumed and assumed[0].item:
            return self._assumed(assumed[0])
        return self._borrowed(factor) or (self._assumed(assumed[0]) if assumed else UNKNOWN)

    def of_activity(self, carrier: str, status: str, grade: str) -> Range:
        """The range of one year's activity of one unit and carrier, by what is known of the observation."""
        for stated in self.stated:
            if stated.carrier and stated.carrier == carrier:
                return self._stated(stated)
        kind = self.carriers[carrier].kind if carrier in self.carriers else ""
        given = {"kind": kind, "item": carrier, "status": status, "grade": grade}
        rows = [each for each in self.pack.ranges if each.subject == "activity" and _fits(each, given)]
        return self._assumed(max(rows, key=_precision)) if rows else UNKNOWN

    def correlation_of(self, name: str) -> tuple[str, float]:
        """The class of factors whose errors go together with this one's, and how closely; empty and 0 for none."""
        kind = self._factor(name).kind
        for each in self.pack.correlated:
            if each.kind == kind:
                return each.id, each.correlation
        return "", 0.0

    def _factor(self, name: str) -> Factor:
        set_id, _, identifier = name.partition("/")
        return next(each for each in self.factor_sets[set_id].factors if each.id == identifier)

    def _factor_rows(self, factor: Factor) -> list[AssumedRange]:
        given = {"kind": factor.kind, "item": factor.item}
        rows = [each for each in self.pack.ranges if each.subject == "factor" and _fits(each, given)]
        return sorted(rows, key=_precision, reverse=True)

    def _borrowed(self, factor: Factor) -> Range | None:
        """The width of another set's range for the same item; its unevenness is that of another value and stays there."""
        for rule in self.pack.borrowed:
            if rule.kind != factor.kind:
                continue
            for other in self.factor_sets[rule.factor_set].factors:
                same = other.item == factor.item and other.kind == rule.of_kind
                found = relative_range(other) if same else None
                if found is not None:
                    half = (found.low + found.high) / 2
                    return Range(half, half, assumed=True, confidence=least((found.confidence, rule.confidence)))
        return None

    def _assumed(self, row: AssumedRange) -> Range:
        if row.exact:
            return Range(0.0, 0.0, confidence=row.confidence)
        if self.by_scores and row.scores and self.pack.pedigree is not None:
            matrix = self.pack.pedigree
            return replace(scored_range(row.scores, matrix), confidence=least((row.confidence, matrix.confidence)))
        if row.low is None or row.high is None:
            return UNKNOWN
        return Range(row.low, row.high, assumed=True, confidence=row.confidence)

    def _stated(self, stated: StatedRange) -> Range:
        if stated.scores and self.pack.pedigree is not None:
            return replace(scored_range(stated.scores, self.pack.pedigree), assumed=False)
        if stated.half_width is not None:
            return Range(stated.half_width, stated.half_width)
        return Range(stated.low or 0.0, stated.high or 0.0)


def relative_range(factor: Factor) -> Range | None:
    """The range that a factor states, as fractions of its value; None when it states none that holds the value."""
    value, low, high = factor.value, factor.low, factor.high
    if not value or low is None or high is None or not low <= value <= high or low == high:
        return None
    return Range((value - low) / value, (high - value) / value, confidence=factor.confidence)


def scored_range(scores: Sequence[int], matrix: PedigreeMatrix) -> Range:
    """The lognormal 95 % range of quality scores: value ÷ and × exp(sqrt(ln² basic + Σ ln² factor of each score)).

    References
    ----------
    Weidema and Wesnæs (1996), Journal of Cleaner Production 4, and the ecoinvent reports that put numbers to it.
    """
    factors = [matrix.basic]
    factors += [each.factors[score - 1] for each, score in zip(matrix.indicators, scores, strict=True)]
    wide = exp(sqrt(sum(log(each) ** 2 for each in factors)))
    return Range(1 - 1 / wide, wide - 1, assumed=True, confidence=matrix.confidence)


def _fits(row: AssumedRange, given: Mapping[str, str]) -> bool:
    return all(getattr(row, name) in ("", value) for name, value in given.items())


def _precision(row: AssumedRange) -> tuple[bool, ...]:
    """What is known of the observation says more than what it is of."""
    return bool(row.status), bool(row.grade), bool(row.item), bool(row.kind)
