"""Checks of factors and of the ranges in which they must lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from greenpark.catalog.library import Library, measured
from greenpark.catalog.mistakes import PackMistake, Phrase
from greenpark.catalog.read import ReadPack
from greenpark.catalog.suggest import suggestion
from greenpark.model.contents import CheckPack, PlausibleRange
from greenpark.model.fit import Path
from greenpark.model.knowledge import Factor, FactorSet, Source

_ITEM = "{item}"


@dataclass(frozen=True)
class FactorKind:
    """What a factor of one kind must state.

    ``units`` are the units it may convert to ({item}: the unit of the carrier or product); ``bases`` the bases it
    may name; ``needs`` the further columns it must fill.
    """

    units: tuple[str, ...]
    bases: tuple[str, ...] = ("",)
    needs: tuple[str, ...] = ()
    of_carrier: bool = True


FACTOR_KINDS: Mapping[str, FactorKind] = {
    "ncv": FactorKind((f"GJ/{_ITEM}",), ("net",)),
    "gcv": FactorKind((f"GJ/{_ITEM}",), ("gross",)),
    "carbon_content": FactorKind(("tC/GJ", f"tC/{_ITEM}"), ("net", "gross")),
    "oxidation": FactorKind(("1",)),
    "co2": FactorKind(("tCO2/GJ", f"tCO2/{_ITEM}", "t/GJ"), ("net", "gross")),
    "ch4": FactorKind(("kg/TJ", f"kg/{_ITEM}"), ("net", "gross")),
    "n2o": FactorKind(("kg/TJ", f"kg/{_ITEM}"), ("net", "gross")),
    "standard_coal": FactorKind((f"tce/{_ITEM}",), ("calorific",)),
    "primary_energy": FactorKind((f"tce/{_ITEM}",), ("primary_energy",)),
    "power": FactorKind(("tCO2/MWh", "tCO2e/MWh"), needs=("definition",)),
    "heat": FactorKind(("tCO2/GJ",)),
    "process": FactorKind((f"t/{_ITEM}", f"tCO2/{_ITEM}", f"tC/{_ITEM}", f"tCO2e/{_ITEM}", "1"), needs=("gas",)),
    "gwp": FactorKind(("tCO2e/t", "tCO2e/tCO2"), needs=("definition",), of_carrier=False),
    "quantity_range": FactorKind((f"GJ/{_ITEM}",), ("net", "gross"), ("low", "high")),
}
# A factor per heat is meaningless without its calorific basis; one per unit of the carrier needs none.
_PER_HEAT = ("tC/GJ", "tCO2/GJ", "t/GJ", "kg/TJ")


def check_ranges(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Kinds, items, units and sources of ranges, and ends the wrong way round."""
    definition: CheckPack = pack.definition
    yield from check_sources(pack, definition.sources)
    for index, each in enumerate(definition.ranges):
        path = ("ranges", index)
        yield from _check_kind(pack, path, each.kind)
        if each.item:
            yield from library.reference(pack, (*path, "item"), "carrier", each.item)
        if each.factor and library.all("factor"):
            yield from library.reference(pack, (*path, "factor"), "factor", each.factor)
        yield from library.unit(pack, (*path, "unit"), each.unit)
        yield from check_source(pack, (*path, "source"), each.source, definition.sources)
        if each.low > each.high:
            yield pack.mistake((*path, "low"), "catalog.low_above_high", low=each.low, high=each.high)


def check_factors(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Everything that a factor must state, and no two factors for the same thing at the same time."""
    definition: FactorSet = pack.definition
    yield from check_sources(pack, definition.sources)
    for index, factor in enumerate(definition.factors):
        path = ("factors", index)
        yield from _check_kind(pack, path, factor.kind)
        yield from check_source(pack, (*path, "source"), factor.source, definition.sources)
        yield from check_dates(pack, path, factor.since, factor.until)
        if factor.area:
            yield from library.reference(pack, (*path, "area"), "area", factor.area)
        yield from _check_values(pack, path, factor)
        if factor.kind in FACTOR_KINDS:
            yield from _check_kind_needs(pack, path, factor, library)
        yield from _check_plausible(pack, path, factor, library)
    yield from _check_overlaps(pack, definition.factors)


def check_sources(pack: ReadPack, sources: tuple[Source, ...]) -> Iterator[PackMistake]:
    """Source ids that stand twice."""
    seen: set[str] = set()
    for index, source in enumerate(sources):
        path = ("sources", index, "id")
        if source.id in seen:
            first = next(place for place, each in enumerate(sources) if each.id == source.id)
            where = pack.mistake(("sources", first, "id"), "").place
            yield pack.mistake(path, "catalog.duplicate_id", name=source.id, first=where)
        seen.add(source.id)


def check_source(pack: ReadPack, path: Path, found: str, sources: tuple[Source, ...]) -> Iterator[PackMistake]:
    """A source that the pack does not list."""
    known = tuple(source.id for source in sources)
    if found not in known:
        values = {"sort": Phrase("catalog.sort.source"), "found": found}
        yield pack.mistake(path, "catalog.unknown_id", hint=suggestion(found, known), **values)


def check_dates(pack: ReadPack, path: Path, since: date | None, until: date | None) -> Iterator[PackMistake]:
    """A validity that ends before it begins."""
    if since and until and until <= since:
        yield pack.mistake((*path, "until"), "catalog.until_before_since", since=since, until=until)


def _check_kind(pack: ReadPack, path: Path, kind: str) -> Iterator[PackMistake]:
    if kind not in FACTOR_KINDS:
        yield pack.mistake((*path, "kind"), "catalog.not_an_option", found=kind, options=tuple(FACTOR_KINDS))


def _check_values(pack: ReadPack, path: Path, factor: Factor) -> Iterator[PackMistake]:
    low, value, high = factor.low, factor.value, factor.high
    if low is not None and high is not None and low > high:
        yield pack.mistake((*path, "low"), "catalog.low_above_high", low=low, high=high)
    elif value is not None and ((low is not None and value < low) or (high is not None and value > high)):
        shown = {"low": "…" if low is None else low, "high": "…" if high is None else high}
        yield pack.mistake((*path, "value"), "catalog.value_outside", found=value, **shown)


def _check_kind_needs(pack: ReadPack, path: Path, factor: Factor, library: Library) -> Iterator[PackMistake]:
    kind = FACTOR_KINDS[factor.kind]
    if kind.of_carrier:
        yield from library.reference(pack, (*path, "item"), "carrier", factor.item)
    for column in kind.needs:
        if getattr(factor, column) in ("", None):
            yield pack.mistake((*path, column), "catalog.kind_needs", name=column, kind=factor.kind)
    yield from library.unit(pack, (*path, "unit"), factor.unit)
    if not library.known_unit(factor.unit):
        return
    fitting = _fitting_unit(kind, factor, library)
    if fitting is None:
        yield from _wrong_unit(pack, path, factor, kind, library)
    elif not factor.basis and "" not in kind.bases and (fitting in _PER_HEAT or len(kind.bases) == 1):
        yield pack.mistake((*path, "basis"), "catalog.no_basis", kind=factor.kind, options=kind.bases)
    elif factor.basis and factor.basis not in kind.bases:
        yield pack.mistake((*path, "basis"), "catalog.not_an_option", found=factor.basis, options=kind.bases)


def _wrong_unit(
    pack: ReadPack, path: Path, factor: Factor, kind: FactorKind, library: Library
) -> Iterator[PackMistake]:
    options = _unit_options(kind, factor, library)
    if library.units is not None and options:
        now = measured(library.units, factor.unit)
        values = {"found": factor.unit, "options": options, "is_now": now}
        yield pack.mistake((*path, "unit"), "catalog.factor_unit", kind=factor.kind, item=factor.item, **values)


def _unit_options(kind: FactorKind, factor: Factor, library: Library) -> tuple[str, ...]:
    """The units that the kind allows for this item; empty when the item's own unit is not known."""
    carrier = library.all("carrier").get(factor.item) if kind.of_carrier else None
    if carrier is None:
        return tuple(unit for unit in kind.units if _ITEM not in unit)
    return tuple(unit.replace(_ITEM, carrier.unit) for unit in kind.units)


def _fitting_unit(kind: FactorKind, factor: Factor, library: Library) -> str | None:
    options = _unit_options(kind, factor, library)
    if len(options) < len(kind.units):
        return factor.unit
    return next((unit for unit in options if library.multiplier(factor.unit, unit) is not None), None)


def _check_plausible(pack: ReadPack, path: Path, factor: Factor, library: Library) -> Iterator[PackMistake]:
    if factor.value is None or not library.known_unit(factor.unit):
        return
    fitting = [each for each in library.all("range").values() if _judges(each, factor, library)]
    own = [each for each in fitting if each.factor] or [each for each in fitting if each.item] or fitting
    for each in own:
        number = factor.value * (library.multiplier(factor.unit, each.unit) or 1.0)
        if not each.low <= number <= each.high:
            found = f"{number:.6g} {each.unit.removeprefix('1')}".strip()
            yield pack.mistake(
                (*path, "value"), "catalog.implausible", kind=factor.kind, item=factor.item, found=found,
                low=each.low, high=each.high, range=each.id,
            )  # fmt: skip


def _judges(each: PlausibleRange, factor: Factor, library: Library) -> bool:
    return (
        each.kind == factor.kind
        and each.item in ("", factor.item)
        and each.factor in ("", factor.id)
        and each.basis in ("", factor.basis)
        and library.multiplier(factor.unit, each.unit) is not None
    )


def _check_overlaps(pack: ReadPack, factors: tuple[Factor, ...]) -> Iterator[PackMistake]:
    groups: dict[tuple[object, ...], list[tuple[date, date, int]]] = {}
    for index, each in enumerate(factors):
        key = (each.item, each.kind, each.gas, each.area, each.activity, each.definition, each.basis, each.data_year)
        span = (each.since or date.min, each.until or date.max, index)
        groups.setdefault(key, []).append(span)
    for spans in groups.values():
        spans.sort()
        for (_, end, first), (start, _, second) in pairwise(spans):
            if start < end:
                early, late = sorted((first, second))
                values = {"first": pack.mistake(("factors", early, "id"), "").place, "name": factors[early].id}
                yield pack.mistake(("factors", late, "since"), "catalog.overlap", **values)
