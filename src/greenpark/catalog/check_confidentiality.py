"""Checks of confidentiality packs: limits that protect nobody, or that cannot be met."""

from __future__ import annotations

from collections.abc import Iterator

from greenpark.catalog.check_factors import check_source, check_sources
from greenpark.catalog.library import Library
from greenpark.catalog.mistakes import PackMistake
from greenpark.catalog.read import ReadPack
from greenpark.model.confidentiality import ConfidentialityPack, ConfidentialityRule

# The least and the most that each limit can sensibly be; a threshold of one would show every single enterprise.
_LIMITS: dict[str, tuple[float, float]] = {
    "threshold": (2, 1000),
    "dominance_units": (1, 1000),
    "dominance_share": (0.01, 1),
    "p_share": (0.001, 1),
    "protection_share": (0.001, 1),
    "prior_share": (0.01, 1),
    "quantile_units": (2, 100000),
    "tail_units": (1, 100000),
}


def check_confidentiality(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Limits outside their range, half a dominance rule, and sources that do not exist."""
    definition: ConfidentialityPack = pack.definition
    yield from check_sources(pack, definition.sources)
    for index, rule in enumerate(definition.rules):
        path = ("rules", index)
        yield from check_source(pack, (*path, "source"), rule.source, definition.sources)
        yield from _check_limits(pack, path, rule)
        if (rule.dominance_units is None) != (rule.dominance_share is None):
            yield pack.mistake(path, "catalog.half_a_dominance", name=rule.id)


def _check_limits(pack: ReadPack, path: tuple[str | int, ...], rule: ConfidentialityRule) -> Iterator[PackMistake]:
    for name, (low, high) in _LIMITS.items():
        found = getattr(rule, name)
        if found is not None and not low <= found <= high:
            yield pack.mistake((*path, name), "catalog.limit_outside", name=name, found=found, low=low, high=high)
    if rule.prior_share < rule.protection_share <= _LIMITS["protection_share"][1]:
        yield pack.mistake(
            (*path, "protection_share"), "catalog.limit_outside", name="protection_share", found=rule.protection_share,
            low=_LIMITS["protection_share"][0], high=rule.prior_share,
        )  # fmt: skip
