"""Nothing that is released tells what a single enterprise reported. Read ``protecting.py`` first."""

from greenpark.publish.confidentiality.audit import Interval, feasible_intervals, recovered
from greenpark.publish.confidentiality.contributions import Contribution, Dimension
from greenpark.publish.confidentiality.layers import Layer
from greenpark.publish.confidentiality.protecting import Cell, Protected, protect
from greenpark.publish.confidentiality.quantiles import released_quantile, released_share
from greenpark.publish.confidentiality.record import read_layers, record_layer

__all__ = [
    "Cell",
    "Contribution",
    "Dimension",
    "Interval",
    "Layer",
    "Protected",
    "feasible_intervals",
    "protect",
    "read_layers",
    "record_layer",
    "recovered",
    "released_quantile",
    "released_share",
]
