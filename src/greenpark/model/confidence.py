"""Confidence is data: the confidence of a result is the least of its inputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Confidence = Literal["high", "medium", "low"]
RANK: dict[str, int] = {"low": 0, "medium": 1, "high": 2}


def least(confidences: Iterable[Confidence]) -> Confidence:
    """The lowest of the given confidences; ``high`` when there are none."""
    return min(confidences, key=lambda each: RANK[each], default="high")
