"""Published pages: what is read from one, and the words by which it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from greenpark.model.findings import Finding
from greenpark.model.text import Frozen, Text

FigureKind = Literal["actual", "target", "share", "growth", "count", "ratio", "threshold", "comparison"]
ScopeKind = Literal["zones", "zone", "region", "nation", "enterprise"]
Words = tuple[str, ...]


@dataclass(frozen=True)
class PageFigure:
    """One figure as a page states it: ``value`` in ``unit``, both as printed; nothing is converted.

    ``quantity``, ``period`` and ``scope`` are null where the page does not say them. ``period`` is ISO (ends inclusive).
    Growth and falls carry a sign. ``approximate`` marks about, nearly, over, under, at least and the ends of a range.
    """

    quantity: str | None
    value: float
    unit: str
    period: str | None
    scope: str | None
    kind: FigureKind
    approximate: bool
    text: str

    def as_json(self) -> dict[str, object]:
        """The figure as one object of the list ``figures``; a whole number is written without a point."""
        return {
            "quantity": self.quantity,
            "value": int(self.value) if self.value.is_integer() else self.value,
            "unit": self.unit,
            "period": self.period,
            "scope": self.scope,
            "kind": self.kind,
            "approximate": self.approximate,
            "text": self.text,
        }


@dataclass(frozen=True)
class PageReading:
    """The figures of a page, and findings for each passage that looks like a figure but cannot be trusted as one."""

    figures: tuple[PageFigure, ...]
    findings: tuple[Finding, ...]


class UnitWords(Frozen):
    """Spellings of units of one family (money, mass …); ``counted`` marks words that count things (家, zones)."""

    family: str
    names: Words
    counted: bool = False


class QuantityWords(Frozen):
    """A quantity and its spellings.

    ``families`` are the unit families it is stated in. ``counted``: a set whose members are counted;
    ``title``: a set that its members have been admitted to, so it names the count rather than the members do.
    ``rate``: a percentage of its own; ``intensive``: its change is named ``_change``, not ``_growth``.
    ``share`` names its share of the nation, ``in_zones`` its id when the scope is all zones together.
    """

    id: str
    name: Text
    zh: Words = ()
    en: Words = ()
    families: Words = ()
    counted: bool = False
    title: bool = False
    rate: bool = False
    intensive: bool = False
    share: str | None = None
    in_zones: str | None = None


class IntensityPart(Frozen):
    """The upper or lower half of an intensity, as in 单位 + 增加值 + 能耗 or energy use + per unit of + value added."""

    id: str
    name: Text
    zh: Words = ()
    en: Words = ()
    families: Words = ()


class Intensities(Frozen):
    """The halves that combine into ids like ``energy_per_gdp``, and the words that join them."""

    numerators: tuple[IntensityPart, ...]
    denominators: tuple[IntensityPart, ...]
    zh_openers: Words
    en_joiners: Words


class PerHead(Frozen):
    """A denominator said before the quantity: 每万名从业人员, per 10,000 employees."""

    suffix: str
    unit: str
    zh: Words = ()
    en: Words = ()


class ScopeWords(Frozen):
    """An area or set that figures are about, and its spellings."""

    id: str
    kind: ScopeKind
    zh: Words = ()
    en: Words = ()


class ScopePart(Frozen):
    """A part of a scope, appended to its id: industrial enterprises of the zones."""

    id: str
    zh: Words = ()
    en: Words = ()


class PlanPeriod(Frozen):
    """A plan named in words (十四五) and its first and last year."""

    names: Words
    first: int
    last: int


class SpokenRatio(Frozen):
    """A ratio said in words (一半), with the value and unit it stands for."""

    names: Words
    value: float
    unit: str


class PageCues(Frozen):
    """Words that tell what a number is. Chinese and English stand side by side; English ones match whole words."""

    approximate_before: Words
    approximate_after: Words
    limit_before: Words
    limit_after: Words
    links: Words
    totals: Words
    rises: Words
    falls: Words
    change_base: Words
    level: Words
    fillers: Words
    yearly: Words
    yearly_unit: str
    nominal: Words
    real: Words
    share: Words
    whole_nation: Words
    averages: Words
    higher: Words
    lower: Words
    target: Words
    target_by: Words
    actual: Words
    threshold: Words
    respectively: Words
    same_period: Words
    unknown_period: Words
    baseline_before: Words
    origin_before: Words
    as_of: Words
    period_after: Words
    page_titles: Words
    not_counted: Words
    not_names: Words
    place_endings: Words
    firm_endings: Words
    region_endings: Words
    page_furniture: Words
    table_units: Words
    table_names: Words
    table_numbers: Words
    table_absent: Words
    numbered_before: Words
    ordinal_before: Words


class PageVocabulary(Frozen):
    """All words by which a page is read: data of a pack, in simplified Chinese and English."""

    quantities: tuple[QuantityWords, ...]
    intensities: Intensities
    per_heads: tuple[PerHead, ...]
    units: tuple[UnitWords, ...]
    not_units: Words
    per_units: Words
    scales: Words
    currencies_before: Words
    scopes: tuple[ScopeWords, ...]
    scope_parts: tuple[ScopePart, ...]
    plans: tuple[PlanPeriod, ...]
    spoken: tuple[SpokenRatio, ...]
    cues: PageCues
