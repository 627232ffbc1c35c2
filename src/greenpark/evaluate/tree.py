"""Verdicts of a tree: weighted groups of groups of criteria, with the range that unknown weights leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.evaluate.bench import Bench
from greenpark.evaluate.choices import Chosen
from greenpark.evaluate.compare import compare, rounded_all
from greenpark.evaluate.counts import VERDICT, in_state
from greenpark.evaluate.draws import Range, sample
from greenpark.evaluate.ranking import ranked
from greenpark.evaluate.states import (
    EXCUSED,
    HIGH,
    LOW,
    NO_OPERATOR,
    NOT_APPLICABLE,
    NOT_EVALUABLE,
    NOT_MET,
    Node,
    blank_node,
    operator_code,
    states_of,
)
from greenpark.evaluate.summing import confidence_of, rests_on_low
from greenpark.evaluate.tree_scores import Masks, combine, masks_of
from greenpark.model.confidence import RANK
from greenpark.model.scheme_verdicts import Group, UnknownWeights
from greenpark.model.schemes import Criterion, SubScore, TreeVerdict

INDEX = "index"
_TERMS = ("mandatory", "optional", "scored")
Rules = Group | TreeVerdict


@dataclass(frozen=True)
class Branch:
    """A group (or the whole) with its terms: criteria and other branches; ``masks`` say what becomes of each."""

    id: str
    rules: Rules
    terms: tuple[str, ...]
    nodes: tuple[Node, ...]
    masks: Masks
    applies: Bools


@dataclass(frozen=True)
class Tree:
    """All branches, the innermost first and the whole last; weights by term, null where not public."""

    branches: tuple[Branch, ...]
    ratios: Mapping[str, Floats]
    weights: Mapping[str, float | None]
    equal: frozenset[str]

    def scores(self, weights: Mapping[str, Floats], columns: Ints | None = None) -> dict[str, Floats]:
        """The score of each branch as [draw, subject], for weights [draw] by term, on some subjects or all."""
        found: dict[str, Floats] = {}
        pick = slice(None) if columns is None else columns
        for branch in self.branches:
            values = [found[t] if t in found else self._ratio(t)[None, pick] for t in branch.terms]
            own = np.stack(np.broadcast_arrays(*(self._weight(t, weights) for t in branch.terms)), axis=-1)
            masks = Masks(*(each[..., pick] for each in vars(branch.masks).values()))
            found[branch.id] = combine(values, own, masks, branch.rules.aggregation)
        return found

    def _ratio(self, term: str) -> Floats:
        """The ratio of a criterion; a group of which nothing is known has none."""
        return self.ratios[term] if term in self.ratios else np.zeros(self.branches[-1].masks.open_.shape)

    def _weight(self, term: str, weights: Mapping[str, Floats]) -> Floats:
        if term in self.equal:
            return np.ones(1)
        stated = self.weights[term]
        return weights[term] if stated is None else np.array([stated])

    @property
    def size(self) -> int:
        """How many scores it gives."""
        return len(self.branches)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Terms whose weight counts and is not public."""
        terms = dict.fromkeys(term for branch in self.branches for term in branch.terms)
        return tuple(term for term in terms if term not in self.equal and self.weights[term] is None)


def tree_nodes(verdict: TreeVerdict, chosen: Chosen, bench: Bench) -> list[Node]:
    """Groups, the index, sub-scores and the verdict, the verdict last."""
    tree = _grow(verdict, chosen, bench)
    bounds = verdict.unknown_weights if tree.unknown else None
    middle = {name: np.array([(bounds.low + bounds.high) / 2]) for name in tree.unknown} if bounds else {}
    central = {name: each[0] * verdict.scale for name, each in tree.scores(middle).items()}
    classes, members = bench.peers(kind=verdict.normalisation.among if verdict.normalisation else "")
    ranges = sample(tree, bounds, verdict.scale, classes, members) if bounds else {}
    nodes = []
    for branch in tree.branches:
        score = _rounded(central[branch.id], branch.rules.decimals)
        node = ranked(_branch_node(branch, score, ranges.get(branch.id), bounds, bench), classes, members)
        if branch.id in ranges:
            drawn = ranges[branch.id]
            hidden = np.isnan(node.rank)
            low, high = (np.where(hidden, np.nan, each) for each in (drawn.rank_low, drawn.rank_high))
            node = replace(node, rank_low=low, rank_high=high)
        nodes.append(node)
    return [*nodes, _tree_verdict(nodes[-1], verdict, chosen, bench)]


# ---------------------------------------------------------------- the tree
def _grow(verdict: TreeVerdict, chosen: Chosen, bench: Bench) -> Tree:
    scheme = bench.scheme
    nodes = {node.id: node for node in chosen.criteria}
    criteria = {each.id: each for each in scheme.criteria if each.role in _TERMS}
    weights: dict[str, float | None] = {each.id: each.weight for each in scheme.criteria}
    weights |= {each.id: each.weight for each in scheme.groups}
    branches: dict[str, Branch] = {}
    equal: set[str] = set()

    size = bench.subjects.size

    def grow(name: str, rules: Rules, terms: Sequence[str]) -> None:
        known = np.stack([_known(t, nodes, branches, size) for t in terms])
        applies = np.stack([_applies(t, nodes, branches, size) for t in terms])
        masks = masks_of(known, applies, rules.missing, rules.not_applicable, rules.least_terms)
        branches[name] = Branch(
            name, rules, tuple(terms), _nodes_of(terms, nodes, branches), masks, np.asarray(applies.any(axis=0))
        )
        if rules.weights == "equal":
            equal.update(terms)

    for group in _innermost_first(scheme.groups):
        own = [each.id for each in criteria.values() if each.group == group.id]
        below = [each.id for each in scheme.groups if each.parent == group.id]
        if own or below:
            grow(group.id, group, [*own, *below])
    grow(INDEX, verdict, [each.id for each in scheme.groups if not each.parent])
    whole = branches.pop(INDEX)
    for each in scheme.subscores:
        if members := [name for name in each.members if name in criteria]:
            grow(each.id, _rules_of(each, verdict), members)
    ratios = {name: np.where(_known(name, nodes, branches, size), nodes[name].ratio, 0.0) for name in criteria}
    return Tree((*branches.values(), whole), ratios, weights, frozenset(equal))


def _nodes_of(terms: Sequence[str], nodes: Mapping[str, Node], branches: Mapping[str, Branch]) -> tuple[Node, ...]:
    """The criteria below a branch."""
    own = [nodes[term] for term in terms if term in nodes]
    return (*own, *(node for term in terms if term in branches for node in branches[term].nodes))


def _rules_of(each: SubScore, verdict: TreeVerdict) -> Group:
    missing = {"missing": verdict.missing, "not_applicable": verdict.not_applicable}
    return Group.model_validate({"id": each.id, "title": each.title, "decimals": verdict.decimals} | missing)


def _innermost_first(groups: Sequence[Group]) -> list[Group]:
    parents = {each.id: each.parent for each in groups}

    def depth(name: str) -> int:
        return 1 + depth(parents[name]) if parents.get(name) else 0

    return sorted(groups, key=lambda each: -depth(each.id))


def _known(term: str, nodes: Mapping[str, Node], branches: Mapping[str, Branch], size: int) -> Bools:
    """Where a term has a value; a group of which the document names no criterion never has."""
    if term in branches:
        return ~branches[term].masks.open_
    if term not in nodes:
        return np.zeros(size, dtype=np.bool_)
    node = nodes[term]
    return np.asarray(node.counts & ~np.isnan(node.ratio), dtype=np.bool_)


def _applies(term: str, nodes: Mapping[str, Node], branches: Mapping[str, Branch], size: int) -> Bools:
    if term in branches:
        return branches[term].applies
    if term not in nodes:
        return np.ones(size, dtype=np.bool_)
    left_out = (nodes[term].state == NOT_APPLICABLE) | (nodes[term].state == EXCUSED)
    return np.asarray(~left_out | nodes[term].counts, dtype=np.bool_)


# ---------------------------------------------------------------- nodes
def _rounded(score: Floats, decimals: int | None) -> Floats:
    """At ten significant digits; at fewer decimals, half up, where the document says so."""
    exact = rounded_all(score)
    if decimals is None:
        return exact
    power = 10.0**decimals
    return np.asarray(np.floor(exact * power + 0.5) / power, dtype=np.float64)


def _branch_node(
    branch: Branch, score: Floats, found: Range | None, bounds: UnknownWeights | None, bench: Bench
) -> Node:
    size = len(score)
    used = list(branch.nodes)
    own = next((each for each in bench.scheme.subscores if each.id == branch.id), None)
    kind = "index" if branch.id == INDEX else "subscore" if own else "group"
    enters, open_ = branch.masks.enters, np.isnan(score)
    expected = np.full(size, float(len(branch.terms)))
    low_weight = _rests_on_low_weight(branch, bench)
    return replace(
        blank_node(branch.id, kind, size, unit="1"),
        state=np.where(open_, NOT_EVALUABLE, NOT_APPLICABLE).astype(np.int64),
        value=enters.sum(axis=0).astype(np.float64),
        limit=expected,
        operator=np.full(size, operator_code("==")),
        score=score,
        low=score if found is None else np.where(open_, np.nan, found.low),
        high=score if found is None else np.where(open_, np.nan, found.high),
        reason=_branch_reason(branch, open_, bounds, found, bench),
        provisional=_low(used, size, bench) | (bounds is not None) | low_weight,
        confidence=np.minimum(_confidence(used, size, bench), LOW if bounds is not None or low_weight else HIGH),
    )


def _low(used: list[Node], size: int, bench: Bench) -> Bools:
    return rests_on_low(used, bench) if used else np.zeros(size, dtype=np.bool_)


def _confidence(used: list[Node], size: int, bench: Bench) -> Ints:
    return confidence_of(used, bench) if used else np.full(size, LOW, dtype=np.int64)


def _rests_on_low_weight(branch: Branch, bench: Bench) -> bool:
    """Whether a weight of the branch's own terms was compared with no document."""
    criteria: dict[str, Criterion] = {each.id: each for each in bench.scheme.criteria}
    groups = {each.id: each for each in bench.scheme.groups}
    if branch.rules.weights == "equal":
        return False
    stated = [criteria[t].weight_confidence if t in criteria else groups[t].weight_confidence for t in branch.terms]
    return any(RANK[each] == LOW for each in stated)


def _branch_reason(
    branch: Branch, open_: Bools, bounds: UnknownWeights | None, found: Range | None, bench: Bench
) -> Ints:
    masks = branch.masks
    left_out = ~masks.enters
    reasons = bench.reasons
    lacking = reasons.listing("evaluate.tree_incomplete", "terms", branch.terms, left_out)
    without = reasons.listing("evaluate.tree_left_out", "terms", branch.terms, left_out)
    whole = reasons.code("evaluate.tree_calculated", terms=len(branch.terms))
    if bounds is not None and found is not None:
        whole = reasons.code(
            "evaluate.weights_not_public", low=bounds.low, high=bounds.high, draws=found.draws, seed=bounds.seed,
            interval=bounds.interval,
        )  # fmt: skip
    own = next((each for each in bench.scheme.subscores if each.id == branch.id), None)
    if own and not own.official:
        whole = reasons.code("evaluate.unofficial_score")
    told = np.where(left_out.any(axis=0) & (bounds is None), without, whole)
    return np.where(open_, lacking, told).astype(np.int64)


def _tree_verdict(index: Node, verdict: TreeVerdict, chosen: Chosen, bench: Bench) -> Node:
    """Met or not by the minimum score and what must be met; where neither is stated there is no pass or fail."""
    size = len(index.state)
    node = replace(
        index, id=VERDICT, kind="verdict", value=index.score, limit=np.full(size, np.nan),
        operator=np.full(size, NO_OPERATOR),
    )  # fmt: skip
    complete = ~np.isnan(index.score)
    required = [each for each in chosen.criteria if each.role in verdict.required]
    failed, unsure = in_state(required, NOT_MET, size), in_state(required, NOT_EVALUABLE, size)
    reached = complete
    if verdict.min_score is not None:
        reached = complete & compare(index.score, ">=", verdict.min_score)
        node = replace(node, limit=np.full(size, verdict.min_score), operator=np.full(size, operator_code(">=")))
    if verdict.min_score is None and not required:
        code = bench.reasons.code("evaluate.no_minimum_score")
        return replace(node, reason=np.where(complete, code, index.reason))
    false = failed.any(axis=0) | (complete & ~reached)
    true = complete & reached & ~unsure.any(axis=0) & ~false
    names = tuple(each.id for each in required)
    reasons = bench.reasons
    cases = [true, failed.any(axis=0), complete & ~reached, unsure.any(axis=0)]
    told = [
        np.full(size, reasons.code("evaluate.verdict_met")),
        reasons.listing("evaluate.verdict_not_met", "criteria", names, failed),
        np.full(size, reasons.code("evaluate.misses")),
        reasons.listing("evaluate.verdict_open", "criteria", names, unsure),
    ]
    reason = np.select(cases, told, index.reason)
    return replace(node, state=states_of(true, false), reason=np.asarray(reason, dtype=np.int64))
