"""The sample run published once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenpark.publish import Release, write_excel, write_html, write_summary, write_word
from tests.publish import sample


@pytest.fixture(scope="session")
def release() -> Release:
    """The sample run."""
    return sample.release()


@pytest.fixture(scope="session")
def published(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with report.html, report.xlsx, report.docx and summary.json of the sample."""
    folder = tmp_path_factory.mktemp("published")
    write_html(release, folder / "report.html")
    write_excel(release, folder / "report.xlsx")
    write_summary(release, folder / "summary.json")
    write_word(release, folder / "report.docx")
    return folder
