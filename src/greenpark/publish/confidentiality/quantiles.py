"""Quantiles and shares of units: released only where they speak of many."""

from __future__ import annotations

from greenpark.model.confidentiality import ConfidentialityRule


def released_quantile(value: float, q: float, units: int, rule: ConfidentialityRule) -> float | None:
    """A quantile over ``units`` units; None where the group, or the part of it on either side, is too small."""
    beyond = min(q, 1.0 - q) * units
    return value if units >= rule.quantile_units and beyond >= rule.tail_units else None


def released_share(below: int, units: int, rule: ConfidentialityRule) -> float | None:
    """The share of units on one side of a limit; None where it speaks of a few on either side."""
    if units < rule.quantile_units or any(0 < part < rule.threshold for part in (below, units - below)):
        return None
    return below / units
