"""Reports that hold figures of single units say so: they are not what may be published."""

from __future__ import annotations

from greenpark.model.text import Text
from greenpark.publish.naming import Names, plain


def internal_of(names: Names) -> Text:
    """What a report says of itself that holds figures of single units; empty where it holds none."""
    kinds = {row["kind"] for row in names.entity_rows.values()}
    return names.say("publish.internal") if kinds & {"unit", "plant"} else plain("")
