"""Nothing that is released tells what a single enterprise reported. Read ``protecting.py`` first."""

from greenpark.publish.confidentiality.audit import Interval, feasible_intervals, recovered
from greenpark.publish.confidentiality.contributions import Contribution, Dimension
from greenpark.publish.confidentiality.layers import Layer
from greenpark.publish.confidentiality.protecting import Cell, Protected, protect, protect_together
from greenpark.publish.confidentiality.quantiles import Spread, reach_of, released_spread
from greenpark.publish.confidentiality.record import (
    read_all_layers,
    read_layers,
    read_spreads,
    record_layer,
    record_spread,
)

__all__ = [
    "Cell",
    "Contribution",
    "Dimension",
    "Interval",
    "Layer",
    "Protected",
    "Spread",
    "feasible_intervals",
    "protect",
    "protect_together",
    "reach_of",
    "read_all_layers",
    "read_layers",
    "read_spreads",
    "record_layer",
    "record_spread",
    "recovered",
    "released_spread",
]
