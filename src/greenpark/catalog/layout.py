"""Which files a pack of each kind has, which keys or columns they hold, and what they become."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args, get_origin

from greenpark.model.confidentiality import ConfidentialityPack
from greenpark.model.contents import (
    CarrierPack,
    CheckPack,
    MethodPack,
    PagePack,
    PlacePack,
    PlausibleRange,
    QuantityPack,
    UnitPack,
)
from greenpark.model.doubt import UncertaintyPack
from greenpark.model.forms import Form
from greenpark.model.knowledge import Area, Carrier, Factor, FactorSet, Zone
from greenpark.model.pages import PageVocabulary
from greenpark.model.programmes import Designation, ProgrammePack
from greenpark.model.schemes import Scheme, TargetSet
from greenpark.model.simulation import Aggregate, SimulatedLine, SimulationPack
from greenpark.model.steering import SteeringPack
from greenpark.model.submission import FeedPack
from greenpark.model.text import LANGUAGES, Frozen, Text

HEAD = ("kind", "format", "id", "version", "title", "source")
FORMAT = 1
# The id of a pack names a folder on every system.
PACK_ID = re.compile(r"[a-z0-9][a-z0-9_]*")


@dataclass(frozen=True)
class Table:
    """A CSV file of a pack: the key its records stand under, its columns with their readers."""

    key: str
    columns: Mapping[str, str]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """The files of one kind of pack.

    ``extra`` are the keys of pack.yaml beyond the head; ``texts`` maps a YAML file to its keys, ``tables`` a CSV
    file to its table; ``optional`` files may be absent; ``needs`` are the kinds it refers to.
    """

    definition: type[Frozen]
    extra: tuple[str, ...] = ()
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def _table(key: str, record: type[Frozen], required: tuple[str, ...] = ()) -> Table:
    """The table whose columns are the fields of a definition; a text in two languages takes two columns."""
    columns: dict[str, str] = {}
    needed: list[str] = []
    for name, field_info in record.model_fields.items():
        kind = _kind_of(field_info.annotation)
        parts = [f"{name}_{language}" for language in LANGUAGES] if kind == "two" else [name]
        columns.update(dict.fromkeys(parts, "text" if kind == "two" else kind))
        needed.extend(parts if field_info.is_required() or name in required else ())
    return Table(key, columns, tuple(needed))


def _kind_of(annotation: object) -> str:
    """The reader of a column: text, number, whole, flag, words, or ``two`` for a text in two languages."""
    options = (annotation, *get_args(annotation))
    for kind, reader in ((Text, "two"), (float, "number"), (bool, "flag"), (int, "whole")):
        if kind in options:
            return reader
    return "words" if get_origin(annotation) is tuple else "text"


# A value may be empty (known to have none), but its column is there, so that it is not forgotten.
_FACTORS = _table("factors", Factor, ("value",))

# In the order in which they are read: a kind stands after those it refers to.
LAYOUTS: Mapping[str, Layout] = {
    "units": Layout(UnitPack, texts={"units.yaml": ("units",)}),
    "quantities": Layout(QuantityPack, texts={"quantities.yaml": ("quantities",)}, needs=("units",)),
    "places": Layout(
        PlacePack,
        tables={"areas.csv": _table("areas", Area), "zones.csv": _table("zones", Zone)},
        optional=("areas.csv", "zones.csv"),
    ),
    "carriers": Layout(CarrierPack, tables={"carriers.csv": _table("carriers", Carrier)}, needs=("units",)),
    "checks": Layout(
        CheckPack,
        texts={"sources.yaml": ("sources",), "rules.yaml": ("rules", "tolerances")},
        tables={"ranges.csv": _table("ranges", PlausibleRange)},
        optional=("rules.yaml", "ranges.csv"),
        needs=("units", "quantities", "carriers"),
    ),
    "factors": Layout(
        FactorSet,
        texts={"sources.yaml": ("sources",)},
        tables={"factors.csv": _FACTORS},
        needs=("units", "places", "carriers", "checks"),
    ),
    "methods": Layout(
        MethodPack,
        texts={"methods.yaml": ("methods", "profiles")},
        needs=("units", "carriers", "places", "checks", "factors"),
    ),
    "uncertainty": Layout(
        UncertaintyPack,
        texts={
            "sources.yaml": ("sources",),
            "ranges.yaml": ("ranges", "borrowed", "correlated"),
            "pedigree.yaml": ("pedigree",),
        },
        optional=("pedigree.yaml",),
        needs=("units", "places", "carriers", "checks", "factors"),
    ),
    "schemes": Layout(
        Scheme,
        extra=(
            "issuer",
            "document",
            "since",
            "until",
            "rounds",
            "entity_kinds",
            "of_listed_zones",
            "profile",
            "note",
            "sources",
        ),
        texts={
            "indicators.yaml": ("indicators",),
            "scheme.yaml": (
                "groups",
                "criteria",
                "choices",
                "conditions",
                "switches",
                "references",
                "subscores",
                "standings",
                "verdict",
                "verdict_confidence",
            ),
        },
        needs=("units", "quantities", "places", "carriers", "checks", "factors", "methods"),
    ),
    "programmes": Layout(
        ProgrammePack,
        texts={"sources.yaml": ("sources",), "programmes.yaml": ("programmes", "groups", "published")},
        tables={"designations.csv": _table("designations", Designation)},
        optional=("programmes.yaml", "designations.csv"),
        needs=("units", "quantities", "places", "carriers", "checks", "factors", "methods", "schemes"),
    ),
    "targets": Layout(
        TargetSet,
        extra=("document", "sources"),
        texts={"targets.yaml": ("targets", "notes")},
        needs=("units", "quantities"),
    ),
    "steering": Layout(SteeringPack, texts={"sources.yaml": ("sources",), "lights.yaml": ("lights",)}),
    "forms": Layout(
        Form,
        texts={
            "form.yaml": (
                "number",
                "issued_by",
                "approval",
                "valid_until",
                "legal_basis",
                "legal_note",
                "cover",
                "sheets",
            ),
            "lists.yaml": ("lists",),
        },
        optional=("lists.yaml",),
        needs=("units", "quantities", "carriers"),
    ),
    "confidentiality": Layout(ConfidentialityPack, texts={"sources.yaml": ("sources",), "rules.yaml": ("rules",)}),
    "simulations": Layout(
        SimulationPack,
        texts={"sources.yaml": ("sources",)},
        tables={"aggregates.csv": _table("aggregates", Aggregate), "lines.csv": _table("lines", SimulatedLine)},
        needs=("units", "quantities", "carriers"),
    ),
    "feeds": Layout(FeedPack, texts={"feeds.yaml": ("bases",)}),
    "pages": Layout(PagePack, texts={"vocabulary.yaml": tuple(PageVocabulary.model_fields)}),
}


def with_needs(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds and all that they refer to, in reading order."""
    wanted = set(kinds) | {need for kind in kinds for need in LAYOUTS[kind].needs}
    return tuple(kind for kind in LAYOUTS if kind in wanted)
