"""The ratio of sums beside the distribution of the ratios: a mean of ratios is neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa


@dataclass(frozen=True)
class Distribution:
    """The ratio of all together and of each.

    ``ratio_of_sums`` weighs each member by its denominator; ``median`` and ``quantiles`` count each member once (linear
    interpolation between neighbours); ``below`` of ``members`` lie under the limit; ``left_out`` have no ratio.
    """

    ratio_of_sums: float | None
    median: float | None
    quantiles: tuple[tuple[float, float], ...]
    members: int
    below: int | None
    left_out: int

    @property
    def share_below(self) -> float | None:
        """The share of members under the limit."""
        return None if self.below is None or not self.members else self.below / self.members


def distribution(
    members: pa.Table, limit: float | None = None, quantiles: Sequence[float] = (0.25, 0.75)
) -> Distribution:
    """The distribution of ``numerator`` / ``denominator`` over the rows of ``members``.

    A row that lacks one of the two, or whose denominator is not positive, counts neither in the sums nor in the
    distribution, so that both speak of the same members.
    """
    rows = list(zip(members["numerator"].to_pylist(), members["denominator"].to_pylist(), strict=True))
    kept = [(above, under) for above, under in rows if above is not None and under is not None and under > 0]
    if not kept:
        return Distribution(None, None, (), 0, None, len(rows))
    above, under = np.array(kept, dtype=float).T
    ratios = above / under
    found = tuple((q, float(np.quantile(ratios, q))) for q in quantiles)
    below = None if limit is None else int((ratios < limit).sum())
    return Distribution(
        float(above.sum() / under.sum()), float(np.median(ratios)), found, len(kept), below, len(rows) - len(kept)
    )
