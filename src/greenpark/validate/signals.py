"""What a rule noticed, before it becomes a finding: cells, the factor or value that would explain it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from greenpark.model.checks import Rule, SlipRule
from greenpark.validate.cells import Bools, Cells, Floats, Ints
from greenpark.validate.definitions import CheckDefinitions


@dataclass(frozen=True)
class Signal:
    """One oddity.

    ``what`` is the ending of its message; ``cell`` the cell it stands at, ``others`` further cells that take part;
    ``factor`` the slip that explains it (value = factor × true value), 0 for none; ``expected`` what was expected.
    """

    rule: Rule
    what: str
    cell: int
    strength: float
    others: tuple[int, ...] = ()
    factor: float = 0.0
    expected: float | None = None
    values: Mapping[str, object] = field(default_factory=dict)


def in_scope(cells: Cells, rule: Rule, kinds: Mapping[str, str], industries: Mapping[str, str],
             definitions: CheckDefinitions) -> Bools:  # fmt: skip
    """Which cells a rule applies to: its quantities, carriers, flows, industries, kinds of unit, months and validity."""
    chosen = cells.among("quantity", rule.quantities) & cells.among("flow", rule.flows)
    chosen &= carriers_in(cells, rule.carriers, rule.carrier_kinds, definitions)
    if rule.months:
        chosen &= np.isin(cells.months, rule.months)
    if rule.entity_kinds or rule.industries:
        names = cells.names["entity"]
        fits = [
            (not rule.entity_kinds or kinds.get(name, "") in rule.entity_kinds)
            and (not rule.industries or industries.get(name, "").startswith(rule.industries))
            for name in names
        ]
        chosen &= np.array(fits, dtype=bool)[cells.codes["entity"]]
    if rule.since:
        chosen &= cells.start >= int(np.datetime64(rule.since, "D").astype(np.int64))
    if rule.until:
        chosen &= cells.start < int(np.datetime64(rule.until, "D").astype(np.int64))
    return chosen


def carriers_in(
    cells: Cells, carriers: tuple[str, ...], kinds: tuple[str, ...], definitions: CheckDefinitions
) -> Bools:
    """Which cells are of these carriers and of these kinds of carrier."""
    chosen = cells.among("carrier", carriers)
    if kinds:
        known = definitions.carriers
        fits = [name in known and known[name].kind in kinds for name in cells.names["carrier"]]
        chosen = chosen & np.array(fits, dtype=bool)[cells.codes["carrier"]]
    return np.asarray(chosen, dtype=bool)


@dataclass(frozen=True)
class Slips:
    """The factors by which a value may be off: those of every carrier, and the one of its own for each carrier code."""

    factors: Floats
    own: Floats

    def explain(self, off: Floats, tolerance: Floats, carrier: Ints) -> Floats:
        """The factor nearest to the offset ``off`` [natural log] within the tolerance; 0 where none is.

        A carrier's own factor counts only where no power of ten is as near.
        """
        if not len(off):
            return off
        best = np.zeros(len(off))
        distance = np.full(len(off), np.inf)
        for factor in self.factors:
            away = np.abs(off - np.log(factor))
            nearer = (away <= tolerance) & (away < distance)
            best, distance = np.where(nearer, factor, best), np.where(nearer, away, distance)
        own = self.own[carrier]
        for factor in (own, 1 / own):
            away = np.abs(off - np.log(factor))
            nearer = np.isfinite(away) & (away <= tolerance) & (away < distance)
            best, distance = np.where(nearer, factor, best), np.where(nearer, away, distance)
        return best


def slips_of(rule: SlipRule | None, cells: Cells, definitions: CheckDefinitions) -> Slips:
    """The factors of a slip rule for the carriers of these cells."""
    own = np.full(len(cells.names["carrier"]), np.nan)
    if rule is None:
        return Slips(np.array([]), own)
    both = sorted({*rule.factors, *(1 / factor for factor in rule.factors)})
    if rule.factor_kind and rule.typed:
        by_carrier = definitions.carrier_factors(rule.factor_kind, rule.factor_sets, rule.typed)
        own = np.array([by_carrier.get(name, np.nan) for name in cells.names["carrier"]])
    return Slips(np.array(both), own)
