"""The vocabulary pack as tests of the page reader use it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from greenpark.model.pages import PageVocabulary

PACK = Path(__file__).resolve().parents[2] / "src" / "greenpark" / "packs" / "pages" / "zh_statistics"


@cache
def vocabulary() -> PageVocabulary:
    """The checked vocabulary of the pack."""
    return PageVocabulary.model_validate(yaml.safe_load((PACK / "vocabulary.yaml").read_text(encoding="utf-8")))
