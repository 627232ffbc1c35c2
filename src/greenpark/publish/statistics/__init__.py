"""Statistics as people read them: on the terminal, as a workbook, as JSON; both languages, internal or released."""

from greenpark.publish.statistics.content import Released, Statistics, StatTable
from greenpark.publish.statistics.released import explain_released, release_data, write_release_html
from greenpark.publish.statistics.written import statistics_data, statistics_text, write_statistics_excel

__all__ = [
    "Released",
    "StatTable",
    "Statistics",
    "explain_released",
    "release_data",
    "statistics_data",
    "statistics_text",
    "write_release_html",
    "write_statistics_excel",
]
