"""``read-page``."""

from __future__ import annotations

import json
from pathlib import Path

from greenpark.catalog import load_messages, load_packs
from greenpark.cli.ending import decline, refusing
from greenpark.cli.sentences import say
from greenpark.collect.pages import figures_as_json, figures_as_rows, page_text, read_page_with_findings
from greenpark.model.text import Language
from greenpark.pipeline.gather import PAGE_VOCABULARY


def show_page(language: Language, *, file: Path, as_json: bool) -> None:
    """Print the figures of a page, and what could not be read for certain."""
    if not file.is_file():
        decline("cli.no_file", language, path=file)
    with refusing(language):
        vocabulary = load_packs(kinds=["pages"]).pages[PAGE_VOCABULARY]
        reading = read_page_with_findings(page_text(file), vocabulary, file.name)
    if as_json:
        print(json.dumps(figures_as_json(reading.figures), ensure_ascii=False, indent=2))
        return
    for row in figures_as_rows(reading.figures):
        print(
            "  ".join(row[name] or "–" for name in ("number", "quantity", "value", "unit", "period", "scope", "kind"))
        )
        print(f"    {row['text']}")
    print(say("cli.read_page.count", language, count=len(reading.figures)))
    messages = load_messages()
    if reading.findings:
        print(say("cli.read_page.doubts", language))
    for finding in reading.findings:
        print(f"  {finding.place}  {messages.say(finding.message, language, **finding.values)}")
