"""Checks of methods, targets and forms: what they refer to exists, and units fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from greenpark.catalog.check_factors import check_source, check_sources
from greenpark.catalog.check_knowledge import OF_THE_CARRIER
from greenpark.catalog.library import Library
from greenpark.catalog.mistakes import PackMistake, Phrase
from greenpark.catalog.read import ReadPack
from greenpark.catalog.suggest import suggestion
from greenpark.model.contents import FLOWS, MethodPack
from greenpark.model.fit import Path
from greenpark.model.forms import Form, FormColumn, FormSheet
from greenpark.model.knowledge import Carrier
from greenpark.model.schemes import Fact, Target, TargetSet
from greenpark.model.time import Period

_CARRIER_KINDS: tuple[str, ...] = get_args(Carrier.model_fields["kind"].annotation)
_PER_YEAR = "1/year"
# What a target of each kind must state to be tracked.
_TARGET_NEEDS: Mapping[str, tuple[str, ...]] = {
    "level": ("quantity", "operator", "goal"),
    "share_of_entities": ("quantity", "among", "operator", "limit", "limit_unit", "goal"),
    "annual_rate": ("quantity", "operator", "goal"),
}


def check_methods(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Factor sets, carriers, flows, kinds and GWP sets that do not exist."""
    definition: MethodPack = pack.definition
    for index, method in enumerate(definition.methods):
        path = ("methods", index)
        for place, name in enumerate(method.factor_sets):
            yield from library.reference(pack, (*path, "factor_sets", place), "factor_set", name)
        for place, name in enumerate(method.carriers):
            yield from library.reference(pack, (*path, "carriers", place), "carrier", name)
        yield from _check_options(pack, (*path, "kinds"), method.kinds, _CARRIER_KINDS)
        yield from _check_flows(pack, (*path, "flows"), method.flows)
        yield from _check_gwp_set(pack, (*path, "gwp_set"), method.gwp_set, library)
        if method.produces == "energy" and not method.basis:
            yield pack.mistake((*path, "basis"), "catalog.method_basis", name=method.id)
    for index, profile in enumerate(definition.profiles):
        path = ("profiles", index)
        for place, name in enumerate(profile.methods):
            yield from library.reference(pack, (*path, "methods", place), "method", name)
        for place, name in enumerate(profile.clean_carriers):
            yield from library.reference(pack, (*path, "clean_carriers", place), "carrier", name)
        yield from _check_gwp_set(pack, (*path, "gwp_set"), profile.gwp_set, library)


def _check_options(
    pack: ReadPack, path: Path, names: tuple[str, ...], options: tuple[str, ...]
) -> Iterator[PackMistake]:
    for place, name in enumerate(names):
        if name not in options:
            yield pack.mistake((*path, place), "catalog.not_an_option", found=name, options=options)


def _check_flows(pack: ReadPack, path: Path, flows: Iterable[str]) -> Iterator[PackMistake]:
    for name in flows:
        if name and name not in FLOWS:
            yield pack.mistake((*path, name), "catalog.not_an_option", found=name, options=FLOWS)


def _check_gwp_set(pack: ReadPack, path: Path, name: str, library: Library) -> Iterator[PackMistake]:
    known = sorted({each.definition for each in library.all("factor").values() if each.kind == "gwp"})
    if name and name not in known and "factors" not in library.unreadable:
        values = {"sort": Phrase("catalog.sort.gwp_set"), "found": name}
        yield pack.mistake(path, "catalog.unknown_id", hint=suggestion(name, known), **values)


def check_targets(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Targets that cannot be tracked for want of a part, and parts that do not fit one another."""
    definition: TargetSet = pack.definition
    yield from check_sources(pack, definition.sources)
    seen: dict[str, Path] = {}
    for index, target in enumerate(definition.targets):
        path = ("targets", index)
        if target.id in seen:
            first = pack.mistake(seen[target.id], "").place
            yield pack.mistake((*path, "id"), "catalog.duplicate_id", name=target.id, first=first)
        seen.setdefault(target.id, (*path, "id"))
        yield from check_source(pack, (*path, "source"), target.source, definition.sources)
        yield from _check_target(pack, path, target, library)
        for name in ("baseline", "goal"):
            fact: Fact | None = getattr(target, name)
            if fact is not None:
                yield from _check_fact(pack, (*path, name), fact, target, definition, library)
        for place, caveat in enumerate(target.caveats):
            if caveat not in definition.notes:
                values = {"sort": Phrase("catalog.sort.note"), "found": caveat}
                hint = suggestion(caveat, definition.notes)
                yield pack.mistake((*path, "caveats", place), "catalog.unknown_id", hint=hint, **values)


def _check_target(pack: ReadPack, path: Path, target: Target, library: Library) -> Iterator[PackMistake]:
    for name in _TARGET_NEEDS.get(target.kind, ()):
        if getattr(target, name) in ("", None):
            yield pack.mistake((*path, name), "catalog.target_needs", name=name, kind=target.kind)
    if target.quantity:
        yield from library.reference(pack, (*path, "quantity"), "quantity", target.quantity)
    quantity = library.all("quantity").get(target.quantity)
    if target.limit_unit and quantity:
        key = (*path, "limit_unit")
        yield from library.same_measure(pack, key, target.limit_unit, quantity.unit, target.quantity)


def _check_fact(
    pack: ReadPack, path: Path, fact: Fact, target: Target, definition: TargetSet, library: Library
) -> Iterator[PackMistake]:
    yield from library.unit(pack, (*path, "unit"), fact.unit)
    yield from check_source(pack, (*path, "source"), fact.source, definition.sources)
    if fact.period is not None:
        try:
            Period.parse(fact.period)
        except ValueError:
            yield pack.mistake((*path, "period"), "catalog.not_a_period", found=fact.period)
    quantity = library.all("quantity").get(target.quantity)
    if target.kind == "level" and quantity:
        yield from library.same_measure(pack, (*path, "unit"), fact.unit, quantity.unit, target.quantity)
    elif target.kind in ("share_of_entities", "annual_rate"):
        yearly = library.multiplier(fact.unit, _PER_YEAR) is not None
        if not (yearly and target.kind == "annual_rate"):
            yield from library.same_measure(pack, (*path, "unit"), fact.unit, "1", target.id)


def check_form(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Sheets and columns that could not be read into observations."""
    definition: Form = pack.definition
    if definition.legal_basis == "statistical_survey":
        for name in ("number", "issued_by", "approval", "valid_until"):
            if not getattr(definition, name):
                yield pack.mistake((name,), "catalog.survey_without", name=name)
    seen: set[str] = set()
    for index, sheet in enumerate(definition.sheets):
        path = ("sheets", index)
        if sheet.id in seen:
            yield pack.mistake((*path, "id"), "catalog.duplicate_id", name=sheet.id, first="sheets")
        seen.add(sheet.id)
        for place, name in enumerate(sheet.carriers):
            yield from library.reference(pack, (*path, "carriers", place), "carrier", name)
        yield from _check_columns(pack, path, sheet, library)


def _check_columns(pack: ReadPack, path: Path, sheet: FormSheet, library: Library) -> Iterator[PackMistake]:
    holds = [column.holds for column in sheet.columns]
    if "entity" not in holds:
        yield pack.mistake((*path, "columns"), "catalog.sheet_without_entity", name=sheet.id)
    if sheet.rows == "observations" and "value" not in holds:
        yield pack.mistake((*path, "columns"), "catalog.sheet_without_value", name=sheet.id)
    seen: dict[str, Path] = {}
    for place, column in enumerate(sheet.columns):
        key = (*path, "columns", place)
        if column.id in seen:
            first = pack.mistake(seen[column.id], "").place
            yield pack.mistake((*key, "id"), "catalog.duplicate_id", name=column.id, first=first)
        seen.setdefault(column.id, (*key, "id"))
        if column.carrier:
            yield from library.reference(pack, (*key, "carrier"), "carrier", column.carrier)
        yield from _check_flows(pack, (*key, "flow"), (column.flow,))
        if column.holds == "value":
            yield from _check_value_column(pack, key, column, "quantity" in holds, library)
        elif column.holds == "attribute" and not column.attribute:
            yield pack.mistake((*key, "attribute"), "catalog.missing_key", name="attribute")


def _check_value_column(
    pack: ReadPack, key: Path, column: FormColumn, of_row: bool, library: Library
) -> Iterator[PackMistake]:
    if not column.quantity and not of_row:
        yield pack.mistake((*key, "quantity"), "catalog.value_without_quantity", name=column.id)
    if column.quantity:
        yield from library.reference(pack, (*key, "quantity"), "quantity", column.quantity)
    if not column.unit:
        return
    quantity = library.all("quantity").get(column.quantity)
    if quantity and quantity.unit != OF_THE_CARRIER:
        yield from library.same_measure(pack, (*key, "unit"), column.unit, quantity.unit, column.quantity)
    else:
        yield from library.unit(pack, (*key, "unit"), column.unit)
