"""Published pages: from the text of a page, however noisy, to the figures that it states."""

from greenpark.collect.pages.reading import page_text, read_page, read_page_file, read_page_with_findings
from greenpark.collect.pages.rows import figures_as_json, figures_as_rows

__all__ = ["figures_as_json", "figures_as_rows", "page_text", "read_page", "read_page_file", "read_page_with_findings"]
