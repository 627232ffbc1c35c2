"""Statistics as people read them: on the terminal, as a workbook, as JSON; both languages, internal or released."""

from greenpark.publish.statistics.content import Statistics, StatTable
from greenpark.publish.statistics.written import statistics_data, statistics_text, write_statistics_excel

__all__ = ["StatTable", "Statistics", "statistics_data", "statistics_text", "write_statistics_excel"]
