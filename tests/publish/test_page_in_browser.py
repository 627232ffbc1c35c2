from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser import Chromium
from tests.publish import sample


@pytest.fixture(scope="module")
def page(published: Path) -> Path:
    return published / "report.html"


@pytest.fixture(scope="module")
def document(chromium: Chromium, page: Path) -> str:
    """The page as it stands after its scripts ran."""
    return chromium.document(page.as_uri())


def after(page: Path, script: str, folder: Path) -> str:
    """The address of a copy of the page that does something once it is loaded."""
    before, end, rest = page.read_text(encoding="utf-8").rpartition("</body>")
    copy = folder / "copy.html"
    copy.write_text(f"{before}<script>{script}</script>{end}{rest}", encoding="utf-8")
    return copy.as_uri()


def test_the_page_draws_every_chart_and_logs_no_error(chromium: Chromium, page: Path, document: str) -> None:
    assert chromium.console(page.as_uri()) == []
    places = len(re.findall(r'data-chart="', document))
    assert places >= 6
    assert document.count("<svg") == places
    assert "1,000,234.5" in re.search(r'data-chart="items-park-co2.combustion-".*?</svg>', document, re.DOTALL)[0]


def test_text_of_inputs_does_not_run_in_the_browser(document: str) -> None:
    assert len(re.findall(r"<script\b", document)) == 3
    assert "&lt;script&gt;alert('x')&lt;/script&gt;&amp;华兴" in document


def test_the_language_switch_changes_texts_title_and_charts(
    chromium: Chromium, page: Path, document: str, tmp_path: Path
) -> None:
    assert '<html lang="zh-CN" data-lang="zh"' in document
    english = chromium.document(after(page, "document.querySelector('[data-to=en]').click()", tmp_path))
    assert '<html lang="en" data-lang="en"' in english
    assert re.search(r"<title[^>]*>Sample park 2024", english)
    drawn = re.search(r'data-chart="items-park-co2.combustion-".*?</svg>', english, re.DOTALL)[0]
    assert "raw coal" in drawn
    assert "原煤" not in drawn


def test_only_the_chosen_language_is_visible(chromium: Chromium, page: Path, tmp_path: Path) -> None:
    script = "document.body.dataset.seen = document.querySelector('main').innerText.replace(/\\s+/g, ' ')"
    seen = re.search(r'data-seen="([^"]*)"', chromium.document(after(page, script, tmp_path)))[1]
    assert "主要结论与总量" in seen
    assert "Main results" not in seen
    script = "document.querySelector('[data-to=en]').click();" + script
    seen = re.search(r'data-seen="([^"]*)"', chromium.document(after(page, script, tmp_path)))[1]
    assert "Main results and totals" in seen
    assert "主要结论" not in seen


def test_findings_can_be_filtered(chromium: Chromium, page: Path, tmp_path: Path) -> None:
    script = (
        "const s=document.getElementById('filter-severity'); s.value='warning'; s.dispatchEvent(new Event('input'));"
    )
    document = chromium.document(after(page, script, tmp_path))
    assert re.search(r'<output id="filter-count">2 / 4</output>', document)


def test_charts_have_a_name_for_readers_who_do_not_see_them(document: str) -> None:
    labels = re.findall(r'data-chart="[^"]*"[^>]*aria-label="([^"]*)"', document)
    assert len(labels) == len(re.findall(r'data-chart="', document))
    assert all(labels)
    assert sample.release().job.title.zh in document
