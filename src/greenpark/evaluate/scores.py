"""Nodes as rows of the table ``scores``, sorted by scheme, entity, year and variant, nodes in the scheme's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    keys = _Keys.of(parts)
    order = keys.order()
    columns: dict[str, Any] = {
        "scheme": Coded(keys.scheme[order], keys.schemes),
        "entity": Coded(keys.entity[order], keys.entities),
        "start": _dates(parts, 0)[order],
        "end": _dates(parts, 1)[order],
        "variant": Coded(keys.variant[order], keys.variants),
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
    table = {name: columns[name] for name in SCORES.names if name != "run"}
    return arrow_table(table, SCORES, keyed=not keys.repeated(order))


def _rows(part: Part) -> int:
    return part.subjects.size * len(part.nodes)


@dataclass(frozen=True)
class _Keys:
    """The key of each row as codes. Rows lie node by node in each part."""

    schemes: Sequence[str]
    entities: Sequence[str]
    variants: Sequence[str]
    scheme: Ints
    entity: Ints
    period: Ints
    variant: Ints
    node: Ints

    @classmethod
    def of(cls, parts: Sequence[Part]) -> _Keys:
        """The keys of all parts; '' (the verdict over all variants) stands before the others, other readings last."""
        schemes = sorted({part.scheme for part in parts})
        entities = sorted({each for part in parts for each in part.subjects.entities})
        variants = list(dict.fromkeys(["", *(word for part in parts for word in part.subjects.variants)]))
        days = sorted({each for part in parts for each in part.subjects.periods})
        at = [{word: code for code, word in enumerate(words)} for words in (entities, days, variants)]
        return cls(
            schemes, entities, variants,
            np.concatenate([np.full(_rows(part), schemes.index(part.scheme)) for part in parts]),
            np.concatenate([_repeat(part, _codes(part.subjects.entities, at[0])[part.subjects.entity]) for part in parts]),
            np.concatenate([_repeat(part, _codes(part.subjects.periods, at[1])[part.subjects.period]) for part in parts]),
            np.concatenate([_repeat_variants(part, _codes(part.subjects.variants, at[2])) for part in parts]),
            np.concatenate([np.repeat(np.arange(len(part.nodes)), part.subjects.size) for part in parts]),
        )  # fmt: skip

    def order(self) -> Ints:
        """The order of rows; within a subject the nodes keep their order."""
        sizes = [int(each.max()) + 1 for each in (self.scheme, self.entity, self.period, self.variant, self.node)]
        place = np.ravel_multi_index((self.scheme, self.entity, self.period, self.variant, self.node), sizes)
        return np.asarray(np.argsort(place, kind="stable"), dtype=np.int64)

    def repeated(self, order: Ints) -> bool:
        """Whether two rows that lie side by side have the same key."""
        same = [each[order][1:] == each[order][:-1] for each in (self.scheme, self.entity, self.period, self.variant)]
        return bool((np.all(same, axis=0) & (self.node[order][1:] == self.node[order][:-1])).any())


def _codes(words: Sequence[Any], place: Mapping[Any, int]) -> Ints:
    return np.array([place[word] for word in words], dtype=np.int64)


def _repeat(part: Part, pairs: Ints) -> Ints:
    """One number per pair, for each variant and node."""
    return np.tile(pairs, len(part.subjects.variants) * len(part.nodes))


def _repeat_variants(part: Part, codes: Ints) -> Ints:
    """The variant of each row."""
    return np.tile(np.repeat(codes, part.subjects.pairs), len(part.nodes))


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
