"""A page read from beginning to end."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from greenpark.collect.pages.cleaning import clean_lines, joined_paragraphs, without_endless_runs
from greenpark.collect.pages.decode import decoded
from greenpark.collect.pages.grids import Grid, blocks_of
from greenpark.collect.pages.lexicon import Lexicon
from greenpark.collect.pages.markup import looks_like_html, text_of_html
from greenpark.collect.pages.prose import ProseReader
from greenpark.collect.pages.repeats import without_repeats
from greenpark.collect.pages.tables import TableReader
from greenpark.collect.pages.words import any_of
from greenpark.model.findings import Finding, Place
from greenpark.model.pages import PageFigure, PageReading, PageVocabulary

_TITLE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年?(?!\d)")
_ENDS_SENTENCE = re.compile(r"[。；;!?！？]")
_LONGEST_TITLE = 60
_HTML_NAMES = {".html", ".htm", ".xhtml", ".shtml"}


def read_page(text: str, vocabulary: PageVocabulary) -> tuple[PageFigure, ...]:
    """The figures that the text of a page states, in its order; nothing is converted and no blank is guessed."""
    return read_page_with_findings(text, vocabulary).figures


def read_page_file(path: Path, vocabulary: PageVocabulary) -> tuple[PageFigure, ...]:
    """The figures of a page file in UTF-8, UTF-16, GB18030 or Big5; tags and scripts of HTML are left out.

    Raises
    ------
    OSError
        When the file cannot be read.
    """
    return read_page_with_findings(page_text(path), vocabulary, path.name).figures


def page_text(path: Path) -> str:
    """The text of a page file, decoded, and without markup when it is HTML by its name or its beginning.

    Raises
    ------
    OSError
        When the file cannot be read.
    """
    text = decoded(path.read_bytes())
    return text_of_html(text) if path.suffix.lower() in _HTML_NAMES or looks_like_html(text) else text


def read_page_with_findings(text: str, vocabulary: PageVocabulary, file: str = "") -> PageReading:
    """The figures of a page, and a finding for each passage that looks like a figure but was not taken as one."""
    lexicon = _lexicon(vocabulary)
    text, endless = without_endless_runs(text)
    lines = clean_lines(text, lexicon)
    page_year = _page_year(lines, vocabulary)
    prose, tables = ProseReader(lexicon, page_year), TableReader(lexicon, page_year)
    figures: list[PageFigure] = []
    findings = _findings("pages.endless_run", [(passage, "") for passage in endless], file)
    for block in _blocks(lines):
        if isinstance(block, Grid):
            reading = tables.read(block, prose.topic)
            figures += reading.figures
            findings += _findings("pages.damaged_number", reading.damaged, file)
            findings += _findings("pages.row_does_not_fit", reading.unplaced, file)
            findings += _findings("pages.number_without_meaning", reading.unnamed, file, "note")
        elif block.strip():
            figures += prose.read(block.strip())
    findings += _findings("pages.damaged_number", prose.damaged, file)
    if not figures:
        findings.append(Finding("warning", "collect", "page", "pages.no_figures", {}, place=Place(file)))
    return PageReading(tuple(without_repeats(figures)), tuple(findings))


@lru_cache(maxsize=8)
def _lexicon(vocabulary: PageVocabulary) -> Lexicon:
    return Lexicon(vocabulary)


def _blocks(lines: list[str]) -> list[str | Grid]:
    """Tables, and the text between them in paragraphs."""
    blocks: list[str | Grid] = []
    text: list[str] = []
    for block in [*blocks_of(lines), None]:
        if isinstance(block, str):
            text.append(block)
            continue
        blocks += joined_paragraphs(text)
        text = []
        if block is not None:
            blocks.append(block)
    return blocks


def _page_year(lines: list[str], vocabulary: PageVocabulary) -> int | None:
    """The year that the title of a statistical page states (2023年统计公报), to date words like 全年; null when it names none."""
    titles = any_of(vocabulary.cues.page_titles)
    for line in [line.strip() for line in lines if line.strip()][:5]:
        years = set(_TITLE_YEAR.findall(line))
        if len(line) <= _LONGEST_TITLE and not _ENDS_SENTENCE.search(line) and titles.search(line) and len(years) == 1:
            return int(years.pop())
    return None


def _findings(message: str, passages: list[tuple[str, str]], file: str, severity: str = "warning") -> list[Finding]:
    return [
        Finding(
            "note" if severity == "note" else "warning",
            "collect",
            message.removeprefix("pages."),
            message,
            {"passage": passage, "context": where},
            place=Place(file),
        )
        for passage, where in passages
    ]
