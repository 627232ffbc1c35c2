"""Programmes: who holds which title as of a day, how many, and how ready each park is for each.

``title_standings`` and ``title_counts`` read the register; ``programme_readiness`` reads the scores of a run.
"""

from __future__ import annotations

from greenpark.evaluate.programmes.counting import title_counts
from greenpark.evaluate.programmes.readiness import programme_readiness
from greenpark.evaluate.programmes.standing import title_standings

__all__ = ["programme_readiness", "title_counts", "title_standings"]
