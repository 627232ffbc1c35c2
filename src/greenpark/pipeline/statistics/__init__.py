"""Statistics of a run or of a table: series in, tables of growth, shares, distributions and league tables out.

``reading``: where the series come from; ``tables``: what is computed of them; ``releasing``: what of a run may be
published; ``release_tables``: the tables of a release.
"""

from greenpark.pipeline.statistics.reading import Read, names_of, read_run, read_table
from greenpark.pipeline.statistics.release_tables import release_of
from greenpark.pipeline.statistics.releasing import Protection, protect_run, record_release
from greenpark.pipeline.statistics.tables import statistics_of

__all__ = [
    "Protection", "Read", "names_of", "protect_run", "read_run", "read_table", "record_release", "release_of", "statistics_of",
]  # fmt: skip
