"""What a rule says of each subject, and how a comparison is written into it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.evaluate.compare import compare
from greenpark.evaluate.states import HIGH, NO_OPERATOR, NO_REASON, operator_code
from greenpark.evaluate.subjects import Values
from greenpark.model.schemes import Operator


@dataclass
class Judged:
    """Where a rule is met, where it decides at all, and with which value, limit, operator, ratio and reason.

    ``value`` is what is printed: that of the indicator, unless the rule makes one of its own (a count, a share).
    ``confidence`` is that of a reference; ``unit`` indexes ``units`` where the cases of a rule have units of their own.
    ``scored``: there is no limit to be met, only a score. ``waits``: not met yet and not due either. ``values``: the
    values judged, where a case has an indicator of its own.
    """

    met: Bools
    decided: Bools
    value: Floats
    limit: Floats
    operator: Ints
    ratio: Floats
    reason: Ints
    confidence: Ints
    waits: Bools
    scored: Bools
    unit: Ints
    units: tuple[str, ...]
    values: Values | None = None

    def copy_from(self, other: Judged, where: Bools, unit: int = 0) -> None:
        """Take over what another rule says on some subjects."""
        for name in (
            "met",
            "decided",
            "value",
            "limit",
            "operator",
            "ratio",
            "reason",
            "confidence",
            "waits",
            "scored",
        ):
            getattr(self, name)[where] = getattr(other, name)[where]
        self.unit[where] = unit


def undecided(value: Floats, unit: str = "") -> Judged:
    """Nothing said yet about any subject."""
    size = len(value)
    return Judged(
        met=np.zeros(size, dtype=np.bool_),
        decided=np.zeros(size, dtype=np.bool_),
        value=value.copy(),
        limit=np.full(size, np.nan),
        operator=np.full(size, NO_OPERATOR, dtype=np.int64),
        ratio=np.full(size, np.nan),
        reason=np.full(size, NO_REASON, dtype=np.int64),
        confidence=np.full(size, HIGH, dtype=np.int64),
        waits=np.zeros(size, dtype=np.bool_),
        scored=np.zeros(size, dtype=np.bool_),
        unit=np.zeros(size, dtype=np.int64),
        units=(unit,),
    )


def decide(judged: Judged, where: Bools, value: Floats, operator: Operator, limit: float | Floats) -> None:
    """Compare with a limit on some subjects."""
    limits = np.broadcast_to(np.asarray(limit, dtype=np.float64), value.shape)
    judged.met[where] = compare(value[where], operator, limits[where])
    judged.decided[where] = True
    judged.limit[where] = limits[where]
    judged.operator[where] = operator_code(operator)
