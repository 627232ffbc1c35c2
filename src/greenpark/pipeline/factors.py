"""Factors that a job chooses otherwise than the methods' own rule: applied, and said with who chose them and why."""

from __future__ import annotations

from collections.abc import Mapping

from greenpark.catalog import Packs
from greenpark.model.findings import Finding
from greenpark.model.job import FactorChoice, Job, JobError
from greenpark.model.knowledge import Method


def choose_factors(job: Job, packs: Packs) -> Mapping[str, Method]:
    """The methods of the packs, those that the job names with the factors that it chooses.

    Raises
    ------
    JobError
        When the job names a method or a factor set that no pack defines.
    """
    methods = dict(packs.methods)
    for name, choice in sorted(job.factors.items()):
        if choice.factor_set and choice.factor_set not in packs.factor_sets:
            known = ", ".join(sorted(packs.factor_sets))
            raise JobError("pipeline.unknown_id", sort="factor_set", name=choice.factor_set, known=known)
        for method in _meant(name, methods):
            methods[method.id] = _chosen(method, choice)
    return methods


def notices_of_factors(job: Job, packs: Packs) -> tuple[Finding, ...]:
    """A note for each choice of factors: what was chosen, by whom and why."""
    return tuple(
        Finding(
            "note", "account", "factor_choice", "pipeline.factor_choice",
            {
                "method": method.id, "factor_set": choice.factor_set or "–", "area": choice.area or "–",
                "definition": choice.definition or "–", "year": choice.year or "–", "by": choice.by,
                "reason": choice.reason,
            },
            job.boundary, method.id,
        )
        for name, choice in sorted(job.factors.items())
        for method in _meant(name, packs.methods)
    )  # fmt: skip


def _meant(name: str, methods: Mapping[str, Method]) -> tuple[Method, ...]:
    if name in methods:
        return (methods[name],)
    found = tuple(each for _, each in sorted(methods.items()) if each.function == name and each.year_rule)
    if not found:
        raise JobError("pipeline.unknown_id", sort="method", name=name, known=", ".join(sorted(methods)))
    return found


def _chosen(method: Method, choice: FactorChoice) -> Method:
    changed: dict[str, object] = {"factor_sets": (choice.factor_set,)} if choice.factor_set else {}
    changed |= {"definition": choice.definition} if choice.definition else {}
    changed |= {"area": choice.area} if choice.area else {}
    changed |= {"year": choice.year} if choice.year is not None else {}
    return method.model_copy(update=changed)
