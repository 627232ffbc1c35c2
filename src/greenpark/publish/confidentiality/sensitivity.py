"""Primary suppression: which sums are too close to a single contributor, and by how much they must stay unknown.

The three measures (minimum frequency, dominance, p %) are those of the Handbook on Statistical Disclosure Control
(Hundepool et al.); their parameters stand in the confidentiality packs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from greenpark.model.confidentiality import ConfidentialityRule

Reason = Literal["", "few", "dominated"]


def reason_of(contributors: Mapping[str, float], rule: ConfidentialityRule) -> Reason:
    """Why a sum may not be shown; empty when it may. A sum without contributors belongs to nobody and is public."""
    if not contributors:
        return ""
    if len(contributors) < rule.threshold:
        return "few"
    largest = sorted((abs(value) for value in contributors.values()), reverse=True)
    total = sum(largest)
    if not total:
        return ""
    if (
        rule.dominance_units
        and rule.dominance_share
        and sum(largest[: rule.dominance_units]) > rule.dominance_share * total
    ):
        return "dominated"
    if rule.p_share and total - sum(largest[:2]) < rule.p_share * largest[0]:
        return "dominated"
    return ""


def protection_needed(contributors: Mapping[str, float], gross: float, rule: ConfidentialityRule) -> float:
    """How far a sensitive sum must be able to move either way [unit of the sum]."""
    largest = sorted((abs(value) for value in contributors.values()), reverse=True)
    total = sum(largest)
    needs = [rule.protection_share * gross]
    if rule.dominance_units and rule.dominance_share:
        needs.append(sum(largest[: rule.dominance_units]) / rule.dominance_share - total)
    if rule.p_share and largest:
        needs.append(rule.p_share * largest[0] - (total - sum(largest[:2])))
    # Nobody can be kept from knowing what he is taken to know beforehand.
    return min(max(needs), rule.prior_share * gross)
