"""What a simulated nation is made of: published totals that it must add up to, and invented lines below them."""

from __future__ import annotations

from greenpark.model.confidence import Confidence
from greenpark.model.knowledge import PackHead, Source
from greenpark.model.text import Frozen


class Aggregate(Frozen):
    """A total of all zones of a year, or an invented parameter (``published`` false); the newest before a year counts."""

    id: str
    quantity: str
    year: int
    value: float
    unit: str
    published: bool
    source: str
    confidence: Confidence
    note: str = ""


class SimulatedLine(Frozen):
    """A line that every enterprise of a sort reports each month.

    ``share`` is the line's part of the enterprise's energy [tce/tce]; of a product, its amount for each tce.
    """

    id: str
    sort: str
    quantity: str
    carrier: str
    flow: str = ""
    share: float
    source: str
    confidence: Confidence
    note: str = ""


class SimulationPack(Frozen):
    """A simulations pack."""

    head: PackHead
    sources: tuple[Source, ...]
    aggregates: tuple[Aggregate, ...]
    lines: tuple[SimulatedLine, ...]
