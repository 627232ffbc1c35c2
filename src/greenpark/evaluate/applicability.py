"""Which schemes apply to a park: by the rounds they govern, the kind of entity they assess, and what is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from greenpark.model.findings import Finding
from greenpark.model.schemes import Scheme

_STAGE = "evaluate"
_OPEN = "…"


@dataclass(frozen=True)
class Assessed:
    """Who is assessed and when: kind of entity, whether a places pack lists it, year of the round."""

    entity: str
    kind: str
    listed: bool
    round: int


def applicable(schemes: Iterable[Scheme], assessed: Assessed) -> tuple[tuple[Scheme, ...], tuple[Finding, ...]]:
    """The schemes that apply, by id, and for each of the others a finding that says why not."""
    taken: list[Scheme] = []
    left_out: list[Finding] = []
    for scheme in sorted(schemes, key=lambda each: each.head.id):
        why = _why_not(scheme, assessed)
        if why is None:
            taken.append(scheme)
            continue
        message, values = why
        told = {"scheme": scheme.head.id, "id": scheme.head.id, **values}
        subject = scheme.head.id
        left_out.append(
            Finding("note", _STAGE, "applicability", message, told, entity=assessed.entity, subject=subject)
        )
    return tuple(taken), tuple(left_out)


def empty_schemes(schemes: Iterable[Scheme]) -> tuple[Finding, ...]:
    """A finding for each scheme that was asked for and has no criteria yet."""
    return tuple(
        Finding(
            "warning", _STAGE, "applicability", "evaluate.scheme_empty",
            {"scheme": each.head.id, "id": each.head.id}, subject=each.head.id,
        )
        for each in schemes
        if not each.criteria
    )  # fmt: skip


def _why_not(scheme: Scheme, assessed: Assessed) -> tuple[str, dict[str, object]] | None:
    if not scheme.criteria:
        return "evaluate.scheme_empty", {}
    if assessed.kind not in scheme.entity_kinds:
        return "evaluate.scheme_of_other_kind", {"assessed": assessed.kind, "assesses": list(scheme.entity_kinds)}
    if scheme.of_listed_zones and not assessed.listed:
        return "evaluate.scheme_of_listed_zones", {}
    rounds = scheme.rounds
    if rounds is None:
        return None
    too_early = rounds.first is not None and assessed.round < rounds.first
    too_late = rounds.last is not None and assessed.round > rounds.last
    if not (too_early or too_late):
        return None
    span: dict[str, object] = {"first": rounds.first or _OPEN, "last": rounds.last or _OPEN, "round": assessed.round}
    return "evaluate.scheme_of_other_rounds", span
