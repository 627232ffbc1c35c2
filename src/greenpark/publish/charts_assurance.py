"""Charts of growth, of what uncertainty comes from, and of completeness."""

from __future__ import annotations

from greenpark.publish.charts import BARS, Chart, as_texts, as_values
from greenpark.publish.completeness import Completeness
from greenpark.publish.growth import GrowthGroup
from greenpark.publish.naming import plain
from greenpark.publish.shown import Shown, number_of
from greenpark.publish.uncertainty import DoubtGroup

_COUNTS = ("present", "estimated", "absent", "missing")


def growth_chart(shown: Shown, group: GrowthGroup) -> Chart:
    """The kinds of growth of one total side by side; those without a value stand in the table alone."""
    lines = [line for line in group.lines if line.growth.value is not None]
    return {
        "kind": "bar",
        "title": as_texts(group.name),
        "unit": as_texts(plain("%")),
        "names": [as_texts(shown.names.word("growth_kind", line.kind)) for line in lines],
        "series": [
            {
                "name": as_texts(shown.names.say("publish.label.growth")),
                **as_values([line.growth for line in lines]),
            }
        ],
    }


def doubt_chart(shown: Shown, group: DoubtGroup) -> Chart:
    """What each source contributes to the variance of one total."""
    sources = group.sources[:BARS]
    return {
        "kind": "bar",
        "title": as_texts(group.name),
        "unit": as_texts(plain("%")),
        "names": [as_texts(line.name) for line in sources],
        "series": [
            {"name": as_texts(shown.names.say("publish.label.share")), **as_values([line.share for line in sources])}
        ],
    }


def completeness_chart(shown: Shown, complete: Completeness) -> Chart:
    """What is there, estimated, declared absent and missing in each period, stacked."""
    nothing = plain("")
    return {
        "kind": "stack",
        "title": as_texts(shown.names.say("publish.section.completeness")),
        "unit": as_texts(shown.names.say("publish.completeness.values")),
        "names": [as_texts(line.entity) for line in complete.periods],
        "series": [
            {
                "name": as_texts(shown.names.say(f"publish.label.{_label(name)}")),
                **as_values([number_of(float(getattr(line, name)), nothing) for line in complete.periods]),
            }
            for name in _COUNTS
        ],
    }


def _label(count: str) -> str:
    return "missing_count" if count == "missing" else count
