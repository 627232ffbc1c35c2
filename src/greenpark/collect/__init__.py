"""Files become observations: workbooks and CSV of a form, somebody else's tables, published figures and pages."""

from greenpark.collect.collected import CellCount, Collected, RejectedCell, RejectedRow
from greenpark.collect.context import Context
from greenpark.collect.cover import Signatures, read_signatures
from greenpark.collect.figures import collect_figures
from greenpark.collect.forms import collect_form
from greenpark.collect.mappings import collect_mapping
from greenpark.collect.published import collect_page
from greenpark.collect.rejected import write_rejected
from greenpark.collect.series import SeriesRead, read_series
from greenpark.collect.template import write_template
from greenpark.collect.template_rows import TemplateContext

__all__ = [
    "CellCount",
    "Collected",
    "Context",
    "RejectedCell",
    "RejectedRow",
    "SeriesRead",
    "Signatures",
    "TemplateContext",
    "collect_figures",
    "collect_form",
    "collect_mapping",
    "collect_page",
    "read_series",
    "read_signatures",
    "write_rejected",
    "write_template",
]
