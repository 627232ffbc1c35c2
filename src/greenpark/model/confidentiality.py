"""Rules of confidentiality: what may be released, and how far a suppressed value must stay unknown."""

from __future__ import annotations

from greenpark.model.confidence import Confidence
from greenpark.model.knowledge import PackHead, Source
from greenpark.model.text import Frozen, Text


class ConfidentialityRule(Frozen):
    """When a cell is too close to a single contributor, and what protects it.

    A cell is sensitive with fewer than ``threshold`` contributors; when its ``dominance_units`` largest make up more
    than ``dominance_share`` of it; or when its total less the two largest is below ``p_share`` of the largest (an
    empty limit is not applied; magnitudes count where contributions are negative). A suppressed cell must be able to
    move by ``protection_share`` of its magnitude either way, for a reader who knows each value beforehand within
    ``prior_share`` of its magnitude. A quantile needs ``quantile_units`` units, ``tail_units`` of them on each side.
    """

    id: str
    title: Text
    threshold: int
    dominance_units: int | None = None
    dominance_share: float | None = None
    p_share: float | None = None
    protection_share: float
    prior_share: float
    quantile_units: int
    tail_units: int
    source: str
    clause: str = ""
    confidence: Confidence
    note: Text | None = None


class ConfidentialityPack(Frozen):
    """A confidentiality pack: its rules with their sources."""

    head: PackHead
    sources: tuple[Source, ...]
    rules: tuple[ConfidentialityRule, ...]
