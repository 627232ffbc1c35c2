"""What the remaining kinds of pack hold, one type per kind, so that a whole pack is read in one step."""

from __future__ import annotations

from greenpark.model.checks import CheckRule, Tolerance
from greenpark.model.confidence import Confidence
from greenpark.model.job import SuppliedValue
from greenpark.model.knowledge import Area, Carrier, Method, PackHead, Profile, Quantity, Source, Unit, Zone
from greenpark.model.pages import PageVocabulary
from greenpark.model.text import Frozen, Text

# How an amount of a carrier moves, in the words of the statistical energy forms.
FLOWS: tuple[str, ...] = (
    "stock_open",
    "stock_close",
    "purchase",
    "use_industrial",
    "use_other",
    "use_feedstock",
    "transform_in",
    "transform_out",
    "recovery",
    "sale",
    "transfer",
    "loss",
)
ESTIMATED_FLOW = "balance_"  # before a flow: a row of a balance that stands in for a use that was not reported


class UnitPack(Frozen):
    """A units pack."""

    head: PackHead
    units: tuple[Unit, ...]


class QuantityPack(Frozen):
    """A quantities pack."""

    head: PackHead
    quantities: tuple[Quantity, ...]


class CarrierPack(Frozen):
    """A carriers pack."""

    head: PackHead
    carriers: tuple[Carrier, ...]


class MethodPack(Frozen):
    """A methods pack."""

    head: PackHead
    methods: tuple[Method, ...] = ()
    profiles: tuple[Profile, ...] = ()


class PlacePack(Frozen):
    """A places pack: areas that factors refer to, or zones, or both."""

    head: PackHead
    areas: tuple[Area, ...] = ()
    zones: tuple[Zone, ...] = ()


class PlausibleRange(Frozen):
    """The range [low, high] in which a factor of a kind must lie.

    ``item`` empty: every item without a range of its own. ``factor`` names a single factor whose document prints an
    odd value: the exception is then said, with its reason in ``note``. A factor in a unit that does not convert to
    ``unit`` is not judged by the range.
    """

    id: str
    kind: str
    item: str = ""
    factor: str = ""
    basis: str = ""
    unit: str
    low: float
    high: float
    source: str
    confidence: Confidence
    note: str = ""


class CheckPack(Frozen):
    """A checks pack: ranges against which factors are read, rules for data, tolerances of other stages."""

    head: PackHead
    sources: tuple[Source, ...]
    ranges: tuple[PlausibleRange, ...] = ()
    rules: tuple[CheckRule, ...] = ()
    tolerances: tuple[Tolerance, ...] = ()


class PagePack(PageVocabulary):
    """A pages pack: the vocabulary of the page reader."""

    head: PackHead


class Confirmation(Frozen):
    """One reader compared one value of a pack with the document.

    ``value`` is a path such as ``criteria[3].rule.limit`` or a factor id; ``reads`` is the value as the reader found
    it: with it a confirmation ends by itself when the pack's value changes.
    """

    value: str
    document: str
    page: str
    reader: str
    date: str
    reads: float | None = None


class Confirmations(Frozen):
    """A confirmations file; ``pack`` (kind/id) is needed only where the file does not lie beside the pack."""

    pack: str = ""
    confirmations: tuple[Confirmation, ...]


class ExpectedCriterion(Frozen):
    """What a worked example expects of one criterion, group, choice, condition, sub-score or standing."""

    state: str
    value: float | None = None
    ratio: float | None = None
    score: float | None = None
    reason: str = ""


class ExpectedVerdict(Frozen):
    """What a worked example expects of the whole."""

    state: str
    score: float | None = None
    low: float | None = None
    high: float | None = None
    rank: int | None = None
    provisional: bool | None = None


class WorkedExample(Frozen):
    """Figures of an entity, and the verdict that the scheme must give.

    ``others`` are figures of further entities that are evaluated beside it. ``attributes``, ``parents``, ``entity_groups``,
    ``references`` and ``chosen_by`` are what a job states.
    """

    title: Text
    entity: str
    period: str
    figures: dict[str, dict[str, float | None]]
    variants: dict[str, dict[str, dict[str, float | None]]] = {}
    chosen: dict[str, tuple[str, ...]] = {}
    excused: dict[str, str] = {}
    others: dict[str, dict[str, dict[str, float | None]]] = {}
    attributes: dict[str, dict[str, tuple[str, ...]]] = {}
    parents: dict[str, str] = {}
    entity_groups: dict[str, tuple[str, ...]] = {}
    references: tuple[SuppliedValue, ...] = ()
    chosen_by: dict[str, str] = {}
    expect: dict[str, ExpectedCriterion] = {}
    verdict: ExpectedVerdict
    note: Text | None = None
