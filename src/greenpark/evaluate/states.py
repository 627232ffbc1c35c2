"""States, operators and reasons as codes, and the arrays of one node of the result."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import get_args

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.model.confidence import RANK
from greenpark.model.schemes import Operator

STATES: tuple[str, ...] = ("met", "not_met", "not_applicable", "excused", "not_evaluable", "scored")
MET, NOT_MET, NOT_APPLICABLE, EXCUSED, NOT_EVALUABLE, SCORED = range(len(STATES))
OPERATORS: tuple[str, ...] = get_args(Operator)
NO_OPERATOR = -1
NO_REASON = -1
CONFIDENCES: tuple[str, ...] = tuple(sorted(RANK, key=lambda name: RANK[name]))
LOW, HIGH = RANK["low"], RANK["high"]


@dataclass
class Reasons:
    """The reasons of one evaluation, each a message id with its placeholders, as codes."""

    messages: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    _codes: dict[tuple[str, str], int] = field(default_factory=dict)

    def code(self, message: str, **placeholders: object) -> int:
        """The code of a reason."""
        detail = json.dumps(placeholders, ensure_ascii=False, sort_keys=True)
        code = self._codes.setdefault((message, detail), len(self.messages))
        if code == len(self.messages):
            self.messages.append(message)
            self.details.append(detail)
        return code

    def listing(self, message: str, placeholder: str, names: tuple[str, ...], flags: Bools) -> Ints:
        """The code of ``message`` for each column of ``flags[name, subject]``, which says which names it lists."""
        if not names:
            return np.full(flags.shape[1], self.code(message, **{placeholder: []}), dtype=np.int64)
        first, where = patterns_of(flags)
        codes = [
            self.code(message, **{placeholder: [name for name, on in zip(names, pattern, strict=True) if on]})
            for pattern in flags[:, first].T
        ]
        return np.array(codes, dtype=np.int64)[where]


def patterns_of(values: Ints | Bools) -> tuple[Ints, Ints]:
    """The different columns of a matrix: the first column that has each, and which one each column has."""
    where = np.zeros(values.shape[1], dtype=np.int64)
    first = np.zeros(1, dtype=np.int64)
    for row in values:
        # Numbers stay small: each row is joined to the patterns so far, and these are counted anew.
        _, first, where = np.unique(where * 8 + row, return_index=True, return_inverse=True)
    return np.asarray(first, dtype=np.int64), np.asarray(where, dtype=np.int64).reshape(-1)


@dataclass(frozen=True, eq=False)
class Node:
    """One node of the result for all subjects: arrays of the same length.

    ``rank`` with its range is among ``ranked`` entities of the year; NaN where nothing is ranked. ``unit_at`` indexes
    ``units``: the cases of one criterion may be in different units. ``waits``: its target is not due yet.
    """

    id: str
    kind: str
    role: str
    unit: str
    state: Ints
    value: Floats
    limit: Floats
    operator: Ints
    ratio: Floats
    score: Floats
    low: Floats
    high: Floats
    reason: Ints
    provisional: Bools
    confidence: Ints
    rank: Floats
    rank_low: Floats
    rank_high: Floats
    ranked: Floats
    unit_at: Ints
    units: tuple[str, ...]
    waits: Bools

    @property
    def counts(self) -> Bools:
        """Where its ratio may enter a score: judged, or on its way to a target that is not due."""
        return np.asarray(self.decided | ((self.state == NOT_APPLICABLE) & self.waits), dtype=np.bool_)

    @property
    def decided(self) -> Bools:
        """Where it is met or not met, or has a score without a limit to be met."""
        return np.asarray((self.state <= NOT_MET) | (self.state == SCORED), dtype=np.bool_)


def blank_node(name: str, kind: str, size: int, role: str = "", unit: str = "") -> Node:
    """A node that says nothing yet: not evaluable, without numbers, of high confidence."""

    def empty() -> Floats:
        return np.full(size, np.nan)

    def code(value: int) -> Ints:
        return np.full(size, value, dtype=np.int64)

    return Node(
        name, kind, role, unit, code(NOT_EVALUABLE), empty(), empty(), code(NO_OPERATOR), empty(), empty(), empty(),
        empty(), code(NO_REASON), np.zeros(size, dtype=np.bool_), code(HIGH), empty(), empty(), empty(), empty(),
        code(0), (unit,), np.zeros(size, dtype=np.bool_),
    )  # fmt: skip


def states_of(true: Bools, false: Bools) -> Ints:
    """Met where true, not met where false, not evaluable elsewhere."""
    return np.where(true, MET, np.where(false, NOT_MET, NOT_EVALUABLE)).astype(np.int64)


def operator_code(operator: Operator) -> int:
    """The code of an operator."""
    return OPERATORS.index(operator)
