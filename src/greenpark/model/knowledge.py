"""What packs state about the world: units, quantities, carriers, factors, methods, areas."""

from __future__ import annotations

from datetime import date
from typing import Literal

from greenpark.model.confidence import Confidence
from greenpark.model.text import Frozen, Text

CarrierKind = Literal["fuel", "electricity", "heat", "working_medium", "recovered", "product", "material"]


class Source(Frozen):
    """A document that a value comes from."""

    id: str
    title: str
    document: str = ""
    publisher: str = ""
    published: str = ""
    url: str = ""
    note: str = ""


class PackHead(Frozen):
    """The first lines of every pack."""

    kind: str
    format: int
    id: str
    version: str
    title: Text
    source: str
    note: Text | None = None


class Unit(Frozen):
    """A unit: its definition by other units, and every spelling in which it is met.

    ``definition`` is an expression of unit ids and numbers ("29307.6 MJ"), or ``dimension`` names a base of its own.
    """

    id: str
    name: Text
    definition: str = ""
    dimension: str = ""
    spellings: tuple[str, ...] = ()
    source: str = ""


class Quantity(Frozen):
    """A quantity with its unit and how it adds up.

    ``price_base_years``: of a series in fixed prices, the years whose prices the years after them are valued in; the
    base year itself is still valued in the prices of the one before.
    """

    id: str
    name: Text
    unit: str
    over_time: Literal["sum", "last", "average", "none"]
    over_entities: Literal["sum", "none"]
    sign: Literal["non_negative", "any"] = "non_negative"
    decimals: int = 6
    variant: Literal["", "basis", "view"] = ""
    price_base_years: tuple[int, ...] = ()
    synonyms: tuple[str, ...] = ()
    note: Text | None = None
    source: str = ""


class Carrier(Frozen):
    """An energy carrier or other item of an activity (product, raw material, waste)."""

    id: str
    name: Text
    unit: str
    kind: CarrierKind
    renewable: bool = False
    biogenic: bool = False
    self_generated: bool = False
    code: str = ""
    synonyms: tuple[str, ...] = ()
    note: str = ""


class Factor(Frozen):
    """One factor with its validity, place, definition and confidence (a row of a factors.csv).

    ``item`` is the carrier or product; ``kind`` says what the factor turns it into:
    ncv, gcv, carbon_content, oxidation, co2, ch4, n2o, standard_coal, primary_energy, power, heat, process, gwp.
    """

    id: str
    item: str
    kind: str
    gas: str = ""
    value: float | None = None
    unit: str
    basis: Literal["", "net", "gross", "calorific", "primary_energy"] = ""
    area: str = ""
    activity: str = ""
    since: date | None = None
    until: date | None = None
    data_year: int | None = None
    definition: str = ""
    published: str = ""
    low: float | None = None
    high: float | None = None
    source: str
    confidence: Confidence
    note: str = ""


class FactorSet(Frozen):
    """A factors pack: its head, sources and factors."""

    head: PackHead
    sources: tuple[Source, ...]
    factors: tuple[Factor, ...]


class Method(Frozen):
    """An accounting method: a function in the method table, its parameters and the factor sets it may use.

    ``factor_sets`` are searched in order; ``flows`` maps a flow to its coefficient. ``definition`` and ``activity``
    name the factors meant, where a set holds several; ``year`` fixes the data year of dated ones. ``carriers`` and
    ``kinds`` (of carrier) say what the method is about, ``without`` what it leaves out. The total of a view is the rows
    of view ``direct`` plus the rows of that view. ``allocation`` splits the fuel CO2 of a plant between its products,
    ``conversion`` turns a mass of steam or hot water into heat, ``correction`` adds to the total of its view; none of them
    makes rows of its own.
    """

    id: str
    function: str
    version: str
    title: Text
    produces: Literal["energy", "emissions", "allocation", "conversion", "correction"]
    basis: Literal["", "calorific", "primary_energy"] = ""
    category: str = ""
    factor_sets: tuple[str, ...] = ()
    definition: str = ""
    activity: str = ""
    area: Literal["", "province", "region", "nation"] = ""
    year_rule: Literal["", "same_year_else_latest", "latest_published", "valid"] = ""
    year: int | None = None
    carriers: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    kinds: tuple[CarrierKind, ...] = ()
    flows: dict[str, float] = {}
    parameters: dict[str, float] = {}
    view: Literal["", "direct", "location", "market", "zero_carbon_park"] = ""
    gwp_set: str = ""
    source: str
    clause: str = ""
    confidence: Confidence
    note: Text | None = None


class Profile(Frozen):
    """A named choice of methods used together by a job (for example ``china_park``)."""

    id: str
    title: Text
    methods: tuple[str, ...]
    gwp_set: str
    clean_carriers: tuple[str, ...] = ()
    source: str = ""
    note: Text | None = None


class Area(Frozen):
    """A place that factors and rules refer to."""

    id: str
    name: Text
    kind: Literal["world", "nation", "grid_region", "province"]
    parent: str = ""
    code: str = ""


class Zone(Frozen):
    """A zone of a places pack."""

    id: str
    name: Text
    province: str
    city: str = ""
    approved_year: int | None = None
    batch: str = ""
    confidence: Confidence = "medium"
    note: str = ""
