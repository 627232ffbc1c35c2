"""Nodes as rows of the table ``scores``, sorted by scheme, entity, year and variant, nodes in the scheme's order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenpark.engine.shape import Arrow, Coded, Ints, arrow_rows, arrow_table, whole_numbers
from greenpark.evaluate.states import CONFIDENCES, OPERATORS, STATES, Node, Reasons
from greenpark.evaluate.subjects import Subjects
from greenpark.model.tables import SCORES

_NUMBERS = ("value", "limit", "ratio", "score", "low", "high")
_RANKS = ("rank", "rank_low", "rank_high", "ranked")


@dataclass(frozen=True)
class Part:
    """The nodes of one scheme over its subjects."""

    scheme: str
    subjects: Subjects
    nodes: list[Node]


def write_scores(parts: Sequence[Part], reasons: Reasons) -> Arrow:
    """All parts as one table without ``run``."""
    if not parts:
        return arrow_rows([], SCORES)
    order = _order(parts)
    columns: dict[str, Any] = {
        "scheme": _words(parts, lambda part: np.repeat(part.scheme, _rows(part)), order),
        "entity": _words(parts, _entities, order),
        "start": _dates(parts, 0)[order],
        "end": _dates(parts, 1)[order],
        "variant": _words(parts, _variants, order),
    }
    for name, attribute in (("node", "id"), ("kind", "kind"), ("role", "role")):
        columns[name] = _labels(parts, attribute, order)
    columns["unit"] = _units(parts, order)
    for name, words in (
        ("state", STATES), ("operator", OPERATORS), ("confidence", CONFIDENCES), ("reason", reasons.messages),
    ):  # fmt: skip
        columns[name] = Coded(_stacked(parts, name)[order], words)
    columns["detail"] = Coded(columns["reason"].codes, reasons.details)
    for name in (*_NUMBERS, "provisional"):
        columns[name] = _stacked(parts, name)[order]
    for name in _RANKS:
        columns[name] = whole_numbers(_stacked(parts, name)[order])
    return arrow_table({name: columns[name] for name in SCORES.names if name != "run"}, SCORES)


def _rows(part: Part) -> int:
    return part.subjects.size * len(part.nodes)


def _order(parts: Sequence[Part]) -> Ints:
    """The order of rows; within a subject the nodes keep their order. Rows lie node by node in each part."""
    scheme = np.concatenate([np.repeat(_rank(part.scheme, parts), _rows(part)) for part in parts])
    entity = _entities_codes(parts)
    period = np.concatenate([_repeat(part, part.subjects.period) for part in parts])
    words = list(dict.fromkeys(["", *(word for part in parts for word in part.subjects.variants)]))
    variant = np.concatenate([_repeat_variants(part, words) for part in parts])
    node = np.concatenate([np.repeat(np.arange(len(part.nodes)), part.subjects.size) for part in parts])
    return np.lexsort((node, variant, period, entity, scheme))


def _rank(scheme: str, parts: Sequence[Part]) -> int:
    return sorted({part.scheme for part in parts}).index(scheme)


def _repeat(part: Part, pairs: Ints) -> Ints:
    """One number per pair, for each variant and node."""
    return np.tile(pairs, len(part.subjects.variants) * len(part.nodes))


def _repeat_variants(part: Part, words: Sequence[str]) -> Ints:
    """The place of each row's variant: '' (the verdict over all) before the others, other readings last."""
    codes = np.array([words.index(variant) for variant in part.subjects.variants], dtype=np.int64)
    return np.tile(np.repeat(codes, part.subjects.pairs), len(part.nodes))


def _entities_codes(parts: Sequence[Part]) -> Ints:
    return np.concatenate([_repeat(part, part.subjects.entity) for part in parts])


def _entities(part: Part) -> NDArray[Any]:
    return np.array(part.subjects.entities, dtype=object)[_repeat(part, part.subjects.entity)]


def _variants(part: Part) -> NDArray[Any]:
    words = np.array(part.subjects.variants, dtype=object)
    return np.tile(np.repeat(words, part.subjects.pairs), len(part.nodes))


def _words(parts: Sequence[Part], words: Callable[[Part], NDArray[Any]], order: Ints) -> NDArray[Any]:
    return np.concatenate([np.asarray(words(part), dtype=object) for part in parts])[order]


def _dates(parts: Sequence[Part], end: int) -> NDArray[Any]:
    days = []
    for part in parts:
        dates = np.array([period[end] for period in part.subjects.periods], dtype="datetime64[D]")
        days.append(dates[_repeat(part, part.subjects.period)])
    return np.concatenate(days)


def _labels(parts: Sequence[Part], attribute: str, order: Ints) -> Coded:
    """A word that each node has once; empty words become empty cells where the column may be empty."""
    nodes = [node for part in parts for node in part.nodes]
    words = sorted({getattr(node, attribute) for node in nodes})
    sizes = [len(node.state) for node in nodes]
    codes = np.repeat([words.index(getattr(node, attribute)) for node in nodes], sizes)
    if "" in words:
        codes = np.where(codes == words.index(""), -1, codes)
    return Coded(np.asarray(codes, dtype=np.int64)[order], words)


def _units(parts: Sequence[Part], order: Ints) -> Coded:
    """The unit of each row; empty units become empty cells."""
    nodes = [node for part in parts for node in part.nodes]
    words = sorted({unit for node in nodes for unit in node.units} - {""})
    place = {word: index for index, word in enumerate(words)} | {"": -1}
    codes = [np.array([place[unit] for unit in node.units], dtype=np.int64)[node.unit_at] for node in nodes]
    return Coded(np.concatenate(codes)[order], words)


def _stacked(parts: Sequence[Part], attribute: str) -> NDArray[Any]:
    return np.concatenate([getattr(node, attribute) for part in parts for node in part.nodes])
