"""Checks of what stands above the criteria: verdicts, trees with their weights, references and standings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from greenpark.catalog.check_factors import check_source
from greenpark.catalog.check_ranges import check_ranges
from greenpark.catalog.library import Library
from greenpark.catalog.mistakes import PackMistake, Phrase
from greenpark.catalog.read import ReadPack
from greenpark.catalog.suggest import suggestion
from greenpark.model.fit import Path
from greenpark.model.scheme_verdicts import AgainstPeers, Grades, Levels, UnknownWeights
from greenpark.model.schemes import CountVerdict, Criterion, Group, IndexVerdict, Scheme, TreeVerdict

_WHOLE = 100.0
# Roles of criteria that are terms of a tree.
TERMS = ("mandatory", "optional", "scored")


def check_verdict(pack: ReadPack, scheme: Scheme, library: Library) -> Iterator[PackMistake]:
    """Mistakes of the verdict and of all that belongs to it."""
    verdict = scheme.verdict
    if isinstance(verdict, CountVerdict):
        yield from _check_counts(pack, scheme, verdict)
    elif isinstance(verdict, IndexVerdict):
        yield from _check_index(pack, scheme, verdict)
    else:
        yield from _check_tree(pack, scheme, verdict)
    yield from _check_references(pack, scheme, library)
    yield from _check_standings(pack, scheme)
    for index, each in enumerate(scheme.subscores):
        yield from check_source(pack, ("subscores", index, "source"), each.source, scheme.sources)
        for place, name in enumerate(each.members):
            path = ("subscores", index, "members", place)
            yield from known(pack, path, "criterion", name, (each.id for each in scheme.criteria))


def known(pack: ReadPack, path: Path, sort: str, name: str, options: Iterable[str]) -> Iterator[PackMistake]:
    """A mistake when the name is none of the options."""
    names = tuple(options)
    if name not in names:
        values = {"sort": Phrase(f"catalog.sort.{sort}"), "found": name}
        yield pack.mistake(path, "catalog.unknown_id", hint=suggestion(name, names), **values)


# ---------------------------------------------------------------- counts
def _check_counts(pack: ReadPack, scheme: Scheme, verdict: CountVerdict) -> Iterator[PackMistake]:
    criteria = [each.id for each in scheme.criteria]
    if verdict.min_met is not None and not 0 < verdict.min_met <= len(criteria):
        yield pack.mistake(("verdict", "min_met"), "catalog.min_met", found=verdict.min_met, count=len(criteria))
    for place, name in enumerate(verdict.core):
        yield from known(pack, ("verdict", "core", place), "criterion", name, criteria)
    for index, count in enumerate(verdict.counts):
        path = ("verdict", "counts", index)
        if (count.at_least is None) == (count.share is None):
            yield pack.mistake(path, "catalog.missing_key", name="at_least")
        if count.group:
            yield from known(pack, (*path, "group"), "group", count.group, (each.id for each in scheme.groups))
        for place, name in enumerate(count.members):
            yield from known(pack, (*path, "members", place), "criterion", name, criteria)
    for index, combination in enumerate(verdict.any_of):
        for place, name in enumerate(combination):
            key = ("verdict", "any_of", index, place)
            yield from known(pack, key, "count", name, (each.id for each in verdict.counts))


# ---------------------------------------------------------------- index
def _check_index(pack: ReadPack, scheme: Scheme, verdict: IndexVerdict) -> Iterator[PackMistake]:
    scored = _scored(scheme)
    if verdict.terms != sum(scored.values()):
        values = {"found": verdict.terms, "expected": sum(scored.values())}
        yield pack.mistake(("verdict", "terms"), "catalog.number_of_terms", **values)
    if verdict.scale <= 0:
        yield pack.mistake(("verdict", "scale"), "catalog.not_positive", found=verdict.scale)
    if any(group.terms is not None for group in scheme.groups):
        yield from _check_group_terms(pack, scheme, scored)


def _check_group_terms(pack: ReadPack, scheme: Scheme, scored: Counter[str]) -> Iterator[PackMistake]:
    for index, group in enumerate(scheme.groups):
        if group.terms is not None and group.terms != scored[group.id]:
            path = ("groups", index, "terms")
            yield pack.mistake(path, "catalog.number_of_terms", found=group.terms, expected=scored[group.id])


def _scored(scheme: Scheme) -> Counter[str]:
    """Scored terms by group: the mandatory criteria and k of each exactly-choice."""
    group_of = {each.id: each.group for each in scheme.criteria}
    scored = Counter(each.group for each in scheme.criteria if each.role == "mandatory")
    for choice in scheme.choices:
        if choice.meaning == "exactly" and choice.members:
            scored[group_of.get(choice.members[0], "")] += choice.k
    return scored


# ---------------------------------------------------------------- tree
def _check_tree(pack: ReadPack, scheme: Scheme, verdict: TreeVerdict) -> Iterator[PackMistake]:
    groups = {each.id: each for each in scheme.groups}
    if verdict.scale <= 0:
        yield pack.mistake(("verdict", "scale"), "catalog.not_positive", found=verdict.scale)
    for index, group in enumerate(scheme.groups):
        if group.parent:
            yield from known(pack, ("groups", index, "parent"), "group", group.parent, groups)
            if trail := _circle(group, groups):
                yield pack.mistake(("groups", index, "parent"), "catalog.circle", trail=trail)
    weights = list(_weighted(scheme, verdict, groups))
    for path, each in weights:
        if "weight" not in each.model_fields_set:
            yield pack.mistake(path, "catalog.weight_not_stated", name=each.id)
        elif each.weight is not None and each.weight <= 0:
            yield pack.mistake((*path, "weight"), "catalog.not_positive", found=each.weight)
    not_public = any(each.weight is None and "weight" in each.model_fields_set for _, each in weights)
    if not_public and verdict.unknown_weights is None:
        yield pack.mistake(("verdict",), "catalog.bounds_of_weights_needed")
    if verdict.unknown_weights is not None:
        yield from _check_bounds(pack, ("verdict", "unknown_weights"), verdict.unknown_weights, scheme)
    if verdict.normalisation is not None:
        path = ("verdict", "normalisation", "source")
        yield from check_source(pack, path, verdict.normalisation.source, scheme.sources)


def _weighted(
    scheme: Scheme, verdict: TreeVerdict, groups: dict[str, Group]
) -> Iterator[tuple[Path, Criterion | Group]]:
    """The terms that must state a weight: those whose parent does not say that all count alike."""
    for index, group in enumerate(scheme.groups):
        above = groups.get(group.parent)
        if (above.weights if above else verdict.weights) == "stated":
            yield ("groups", index), group
    for index, criterion in enumerate(scheme.criteria):
        above = groups.get(criterion.group)
        if above is not None and above.weights == "stated" and criterion.role in TERMS:
            yield ("criteria", index), criterion


def _circle(group: Group, groups: dict[str, Group]) -> str:
    """The way from a group over its parents back to itself; empty when there is none."""
    trail, here = [group.id], group
    while here.parent in groups and len(trail) <= len(groups):
        here = groups[here.parent]
        trail.append(here.id)
        if here.id == group.id:
            return " → ".join(trail)
    return ""


def _check_bounds(pack: ReadPack, path: Path, bounds: UnknownWeights, scheme: Scheme) -> Iterator[PackMistake]:
    if bounds.low <= 0:
        yield pack.mistake((*path, "low"), "catalog.not_positive", found=bounds.low)
    if bounds.low > bounds.high:
        yield pack.mistake((*path, "low"), "catalog.low_above_high", low=bounds.low, high=bounds.high)
    for name, value in (("draws", bounds.draws), ("interval", bounds.interval)):
        if value <= 0 or (name == "interval" and value > _WHOLE):
            yield pack.mistake((*path, name), "catalog.not_positive", found=value)
    yield from check_source(pack, (*path, "source"), bounds.source, scheme.sources)


# ---------------------------------------------------------------- references and standings
def _check_references(pack: ReadPack, scheme: Scheme, library: Library) -> Iterator[PackMistake]:
    for index, reference in enumerate(scheme.references):
        path = ("references", index)
        yield from library.unit(pack, (*path, "unit"), reference.unit)
        yield from check_source(pack, (*path, "source"), reference.source, scheme.sources)
        seen: set[tuple[int | None, str]] = set()
        for place, value in enumerate(reference.values):
            key = (*path, "values", place)
            yield from check_source(pack, (*key, "source"), value.source, scheme.sources)
            if (value.year, value.key) in seen:
                name = f"{value.year or ''} {value.key}".strip()
                yield pack.mistake(key, "catalog.duplicate_id", name=name, first=f"references[{index}].values")
            seen.add((value.year, value.key))
            if reference.by == "area" and value.key:
                yield from library.reference(pack, (*key, "key"), "area", value.key)


def _check_standings(pack: ReadPack, scheme: Scheme) -> Iterator[PackMistake]:
    indicators = [each.id for each in scheme.indicators]
    for index, standing in enumerate(scheme.standings):
        path = ("standings", index)
        yield from check_source(pack, (*path, "source"), standing.source, scheme.sources)
        if standing.of:
            yield from known(pack, (*path, "of"), "indicator", standing.of, indicators)
        if isinstance(standing, Levels):
            yield from check_ranges(pack, (*path, "levels"), standing.levels, gaps=True)
        elif isinstance(standing, Grades) and sum(each.percent for each in standing.shares) > _WHOLE:
            found = sum(each.percent for each in standing.shares)
            yield pack.mistake((*path, "shares"), "catalog.shares_above_whole", found=found)
        elif isinstance(standing, AgainstPeers) and standing.reference:
            options = (each.id for each in scheme.references)
            yield from known(pack, (*path, "reference"), "reference", standing.reference, options)
