"""Checks of formulas: they parse, their names exist, and they come out in the indicator's unit."""

from __future__ import annotations

from collections.abc import Iterator

from greenpark.catalog.check_knowledge import OF_THE_CARRIER
from greenpark.catalog.library import Library
from greenpark.catalog.mistakes import PackMistake, Phrase
from greenpark.catalog.read import ReadPack
from greenpark.catalog.suggest import suggestion
from greenpark.engine.formula import Formula, parse_formula
from greenpark.engine.formula_tree import FormulaError, Scope
from greenpark.engine.formula_values import MISSING, NumberArithmetic, check_formula
from greenpark.engine.units import UnitError
from greenpark.model.fit import Path
from greenpark.model.knowledge import Quantity
from greenpark.model.schemes import Indicator


def check_indicator(pack: ReadPack, path: Path, indicator: Indicator, library: Library) -> Iterator[PackMistake]:
    """Mistakes in the unit and the formula of one indicator."""
    yield from library.unit(pack, (*path, "unit"), indicator.unit)
    key = (*path, "formula")
    if not indicator.formula:  # the document does not say how it is calculated
        return
    try:
        formula = parse_formula(indicator.formula)
    except FormulaError as error:
        yield pack.mistake(key, "catalog.formula", detail=error)
        return
    if "quantities" in library.unreadable:
        return
    quantities: dict[str, Quantity] = library.all("quantity")
    wrong = tuple(_check_names(pack, key, formula, quantities))
    yield from wrong
    if not wrong and library.units is not None and library.units.known(indicator.unit):
        yield from _check_unit(pack, key, formula, indicator, library)


def members_of(name: str, quantities: dict[str, Quantity]) -> tuple[str, ...]:
    """The quantity itself, or the members of the family."""
    if name in quantities:
        return (name,)
    return tuple(sorted(each for each in quantities if each.startswith(f"{name}.")))


def _check_names(pack: ReadPack, key: Path, formula: Formula, quantities: dict[str, Quantity]) -> Iterator[PackMistake]:
    for name in formula.names:
        members = members_of(name, quantities)
        if not members:
            values = {"sort": Phrase("catalog.sort.quantity"), "found": name}
            yield pack.mistake(key, "catalog.unknown_id", hint=suggestion(name, quantities), **values)
        elif members != (name,) and name not in formula.families:
            yield pack.mistake(key, "catalog.family_outside", name=name, options=members)
        for member in members:
            if quantities[member].unit == OF_THE_CARRIER:
                yield pack.mistake(key, "catalog.formula_carrier", name=member)


def _check_unit(
    pack: ReadPack, key: Path, formula: Formula, indicator: Indicator, library: Library
) -> Iterator[PackMistake]:
    quantities: dict[str, Quantity] = library.all("quantity")
    units = library.units
    if units is None:
        return

    def unit_of(name: str) -> str:
        return quantities[name].unit

    def members(name: str) -> tuple[str, ...]:
        return members_of(name, quantities)

    try:
        check_formula(formula, unit_of, members, units, indicator.unit)
        return
    except (FormulaError, UnitError) as error:
        detail = error
    try:
        scope = Scope(lambda leaf: MISSING, unit_of, members, units, NumberArithmetic())
        found = formula.tree.evaluate(scope).unit
    except (FormulaError, UnitError) as error:
        yield pack.mistake(key, "catalog.formula", detail=error)
        return
    mistakes = tuple(library.same_measure(pack, key, found, indicator.unit, indicator.id))
    yield from mistakes or (pack.mistake(key, "catalog.formula", detail=detail),)
