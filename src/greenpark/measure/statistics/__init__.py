"""Statistics on small tables of figures: growth, single periods, shares, distributions, league tables, breaks.

Every function takes an Arrow table with the columns ``group``, ``start``, ``end`` and ``value`` (more where it says so)
and returns an Arrow table, sorted. What cannot be said is empty, never zero; rates and shares are fractions.
"""

from greenpark.measure.statistics.breaks import flag_breaks
from greenpark.measure.statistics.cumulative import single_periods
from greenpark.measure.statistics.distribution import Distribution, distribution
from greenpark.measure.statistics.growth import grow
from greenpark.measure.statistics.league import league_table
from greenpark.measure.statistics.shares import percentage_points, shares

__all__ = [
    "Distribution",
    "distribution",
    "flag_breaks",
    "grow",
    "league_table",
    "percentage_points",
    "shares",
    "single_periods",
]
