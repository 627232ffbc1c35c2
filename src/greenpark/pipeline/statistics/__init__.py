"""Statistics of a run or of a table: series in, tables of growth, shares, distributions and league tables out.

``reading``: where the series come from; ``tables``: what is computed of them; ``releasing``: what of a run may be published.
"""

from greenpark.pipeline.statistics.reading import Read, read_run, read_table
from greenpark.pipeline.statistics.tables import statistics_of

__all__ = ["Read", "read_run", "read_table", "statistics_of"]
