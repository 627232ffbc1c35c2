"""Ranks of scores, each with the ranks that the range of the score allows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpark.engine.shape import Bools, Ints
from greenpark.evaluate.peers import rank_range, ranks_of
from greenpark.evaluate.states import Node


def ranked(node: Node, classes: Ints, members: Bools) -> Node:
    """The node with the rank of its score in its class; one entity alone is not ranked."""
    scored = members & ~np.isnan(node.score)
    rank, count = ranks_of(node.score, scored, classes)
    best, worst = rank_range(node.low, node.high, scored, classes)
    alone = ~(count > 1)
    rank, best, worst, count = (np.where(alone, np.nan, each) for each in (rank, best, worst, count))
    return replace(node, rank=rank, rank_low=np.fmin(best, rank), rank_high=np.fmax(worst, rank), ranked=count)
