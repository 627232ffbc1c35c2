"""Checks of data before anybody signs: rules of packs applied to observations, with what is likely meant proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from greenpark.engine.connect import Engine
from greenpark.model import checks
from greenpark.model.findings import Finding
from greenpark.validate.cells import BLOCK, Bools, Cells, read_blocks
from greenpark.validate.definitions import CheckDefinitions
from greenpark.validate.history import Offsets, find_off_history
from greenpark.validate.merging import merge
from greenpark.validate.peers import find_unlike_peers
from greenpark.validate.repeats import find_contradicted, find_gaps, find_repeats, find_rounded
from greenpark.validate.sides import find_out_of_range, find_unbalanced
from greenpark.validate.signals import Signal, Slips, in_scope, slips_of
from greenpark.validate.swaps import find_swapped
from greenpark.validate.telling import STAGE, Told, detach, tell

__all__ = ["CheckDefinitions", "validate"]

NAMED = 2000


def validate(
    observations: Any,
    entities: pa.Table,
    rules: Sequence[checks.CheckRule],
    definitions: CheckDefinitions,
    engine: Engine,
    history: Any | None = None,
    named: int = NAMED,
    block: int = BLOCK,
) -> tuple[Finding, ...]:
    """What the rules find odd in the observations, each at its cell, with the likely value where one is known.

    Parameters
    ----------
    observations
        The rows to check (the table observations, lazy).
    entities
        Their units: kind and industry limit what a rule applies to.
    history
        Rows of earlier periods, known to be there and not told of; None when the observations hold all there is.
    named
        At most so many findings of one rule and block; a last finding says how many were left out.
    block
        Rows taken into memory at a time.

    Returns
    -------
    tuple of Finding
        One per cell: ``evidence`` in its values lists every rule that agrees.
    """
    kinds, industries = _by_entity(entities, "kind"), _by_entity(entities, "industry")
    slip = next((rule for rule in rules if isinstance(rule, checks.SlipRule)), None)
    told: list[Told] = []
    left_out: dict[str, int] = {}
    for cells in read_blocks(observations, history, engine, block):
        signals: list[Signal] = []
        checker = _Checker(cells, kinds, industries, definitions, slips_of(slip, cells, definitions), named + 1)
        for rule in rules:
            found = checker.apply(rule)
            if len(found) > named:
                left_out[rule.id] = left_out.get(rule.id, 0) + 1
            signals += found[:named]
        told += detach(cells, merge(signals))
    tables = [observations] if history is None else [observations, history]
    return (*tell(told, tables, slip, definitions, engine), *_more(left_out, named))


class _Checker:
    """Applies rules to the cells of one block; how far cells are off their history is worked out once."""

    def __init__(
        self, cells: Cells, kinds: Mapping[str, str], industries: Mapping[str, str], definitions: CheckDefinitions,
        slips: Slips, limit: int,
    ) -> None:  # fmt: skip
        self._cells, self._kinds, self._industries = cells, kinds, industries
        self._definitions, self._slips, self._limit = definitions, slips, limit
        nothing = np.full(len(cells), np.nan)
        self._offsets = Offsets(nothing, nothing, np.full(len(cells), -1, dtype=np.int64))

    def apply(self, rule: checks.CheckRule) -> list[Signal]:
        """The signals of one rule."""
        cells, limit, slips, known = self._cells, self._limit, self._slips, self._definitions
        chosen = in_scope(cells, rule, self._kinds, self._industries, known)
        found: list[Signal] = []
        if not chosen.any():
            return found
        match rule:
            case checks.HistoryRule():
                found = self._history(rule, chosen)
            case checks.PeersRule():
                found = find_unlike_peers(cells, chosen, rule, slips, self._industries, limit)
            case checks.BalanceRule():
                found = find_unbalanced(cells, chosen, rule, slips, known, limit)
            case checks.RatioRule():
                found = find_out_of_range(cells, chosen, rule, slips, known, limit)
            case checks.RepeatRule():
                found = find_repeats(cells, chosen, rule, limit)
            case checks.RoundedRule():
                found = find_rounded(cells, chosen, rule, limit)
            case checks.GapRule():
                found = find_gaps(cells, chosen, rule, limit)
            case checks.NotationRule():
                found = find_contradicted(cells, chosen, rule, limit)
            case checks.SwapRule():
                found = find_swapped(cells, chosen, rule, self._offsets, limit)
            case checks.SlipRule():
                pass  # says which factors the others may recognise
        return found

    def _history(self, rule: checks.HistoryRule, chosen: Bools) -> list[Signal]:
        signals, found = find_off_history(self._cells, chosen, rule, self._slips, self._limit)
        known = np.isfinite(found.off)
        self._offsets = replace(
            self._offsets,
            off=np.where(known, found.off, self._offsets.off),
            spread=np.where(known, found.spread, self._offsets.spread),
        )
        return signals


def _by_entity(entities: pa.Table, column: str) -> dict[str, str]:
    """The newest word of each unit: later rows count."""
    pairs = zip(entities.column("entity").to_pylist(), entities.column(column).to_pylist(), strict=True)
    return {entity: word for entity, word in pairs if word}


def _more(left_out: Mapping[str, int], named: int) -> tuple[Finding, ...]:
    return tuple(
        Finding("warning", STAGE, rule, "validate.more", {"rule": rule, "named": named, "blocks": blocks})
        for rule, blocks in sorted(left_out.items())
    )
