"""Ratios of sums beside their distribution over members, and league tables of members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from greenpark.measure.statistics import distribution, league_table
from greenpark.model.confidence import least
from greenpark.model.job import JobError
from greenpark.model.statistics import Asked
from greenpark.model.text import Text
from greenpark.model.time import Period
from greenpark.pipeline.statistics.cells import Cells, confidence_marks, entity_name, percent
from greenpark.pipeline.statistics.reading import Read, Row, parts_of
from greenpark.publish.naming import plain
from greenpark.publish.shown import number_of
from greenpark.publish.statistics import StatTable

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
# The kind whose members are compared where nobody names one: the first of these with several members.
LEVELS = ("zone", "group", "sub_park", "unit", "plant")
FEW = 2
_KEYS = ("energy.total", "co2.total"), ("economy.industrial_value_added", "economy.gdp")


def level_of(read: Read, asked: Asked) -> tuple[str, ...]:
    """The members that are compared."""
    if asked.level:
        found = read.levels(asked.level)
        if read.members and not found:
            raise JobError("pipeline.statistics_no_level", level=asked.level)
        return found
    levels = (tuple(each for each in read.levels(kind) if each != read.boundary) for kind in LEVELS)
    return next((each for each in levels if len(each) >= FEW), ())


def pairs_of(read: Read, asked: Asked) -> tuple[str, ...]:
    """The ratios asked for; without any, energy and CO2 per value added where both are known."""
    if asked.ratios:
        return asked.ratios
    present = {row["quantity"] for row in read.series}
    below = next((each for each in _KEYS[1] if each in present), "")
    return tuple(f"{above}/{below}" for above in _KEYS[0] if above in present) if below and read.members else ()


def side(read: Read, text: str, period: Period, entities: Iterable[str]) -> dict[str, Row]:
    """The values of one side of a pair in a period, by entity; of several variants the first in their order."""
    quantity, _, variant = text.rstrip("]").partition("[")
    found: dict[str, Row] = {}
    wanted = set(entities)
    for row in read.series:
        fits = row["quantity"] == quantity and (row["start"], row["end"]) == (period.start, period.end)
        if fits and row["entity"] in wanted and (not variant or row["variant"] == variant):
            found.setdefault(row["entity"], row)
    return found


def period_of_pairs(read: Read, asked: Asked, pairs: Sequence[str], entities: Iterable[str]) -> Period | None:
    """The period asked for, else the newest one in which most members have both sides of the first pair.

    Raises
    ------
    JobError
        When what is asked for is no period.
    """
    if asked.period:
        try:
            return Period.parse(asked.period)
        except ValueError:
            raise JobError("pipeline.statistics_no_period", text=asked.period) from None
    entities = tuple(entities)
    known = {Period(row["start"], row["end"]) for row in read.series if row["entity"] in entities}
    counts = {
        each: len(_both(read, pair, each, entities)) for pair in pairs[:1] for each in known if each.months in (0, 12)
    }
    return max(counts, key=lambda each: (counts[each], each), default=None) if any(counts.values()) else None


def _both(read: Read, pair: str, period: Period, entities: Sequence[str]) -> set[str]:
    above, _, below = pair.partition("/")
    return set(side(read, above, period, entities)) & set(side(read, below, period, entities))


def ratios(read: Read, asked: Asked, level: Sequence[str]) -> StatTable:
    """The ratio of sums beside the distribution of the ratios of members."""
    lines: list[Cells] = []
    pairs = pairs_of(read, asked)
    entities = level or tuple(sorted({row["entity"] for row in read.series}))
    period = period_of_pairs(read, asked, pairs, entities)
    for pair in pairs if period else ():
        above, below, members = members_of(read, pair, period, entities)
        found = distribution(members, asked.limit, QUANTILES)
        rows = (*above.values(), *below.values())
        if found.members:
            unit = ratio_unit(read, above, below)
            lines.append(
                {
                    "ratio": ratio_name(read, above, below), "period": str(period), "unit": unit,
                    "members": found.members, "left_out": found.left_out,
                    "ratio_of_sums": number_of(found.ratio_of_sums, unit),
                    **{f"q{round(100 * q)}": number_of(value, unit) for q, value in found.quantiles},
                    "limit": number_of(asked.limit, unit), "below": found.below,
                    "share_below": percent(found.share_below),
                    **confidence_marks(read, least(row["confidence"] for row in rows)), "source": read.run,
                }
            )  # fmt: skip
    columns = (
        "ratio", "period", "unit", "members", "left_out", "ratio_of_sums", *(f"q{round(100 * q)}" for q in QUANTILES),
        "limit", "below", "share_below", "confidence", "source",
    )  # fmt: skip
    return StatTable("ratios", columns, tuple(lines))


def members_of(
    read: Read, pair: str, period: Period | None, entities: Sequence[str]
) -> tuple[dict[str, Row], dict[str, Row], pa.Table]:
    """Both sides of a pair by entity, and the table of numerators and denominators of all entities."""
    parts_of(pair)
    above_text, _, below_text = pair.partition("/")
    if period is None:
        return {}, {}, pa.table({"numerator": pa.array([], pa.float64()), "denominator": pa.array([], pa.float64())})
    above, below = (side(read, text, period, entities) for text in (above_text, below_text))
    names = sorted({*above, *below})
    columns = {
        "entity": pa.array(names, pa.string()),
        "numerator": pa.array([above[each]["value"] if each in above else None for each in names], pa.float64()),
        "denominator": pa.array([below[each]["value"] if each in below else None for each in names], pa.float64()),
    }
    return above, below, pa.table(columns)


def ratio_name(read: Read, above: Mapping[str, Row], below: Mapping[str, Row]) -> Text:
    """The name of a ratio: numerator / denominator."""
    top, bottom = next(iter(above.values())), next(iter(below.values()))
    names = [read.names.quantity(row["quantity"]) for row in (top, bottom)]
    variant = read.names.variant(top["variant"])
    mark = Text(zh=f"（{variant.zh}）", en=f" ({variant.en})") if variant.zh else plain("")
    return Text(zh=f"{names[0].zh}{mark.zh} / {names[1].zh}", en=f"{names[0].en}{mark.en} / {names[1].en}")


def ratio_unit(read: Read, above: Mapping[str, Row], below: Mapping[str, Row]) -> Text:
    """The unit of a ratio."""
    top, bottom = (read.names.unit(next(iter(each.values()))["unit"]) for each in (above, below))
    return Text(zh=f"{top.zh}/{bottom.zh}".strip("/"), en=f"{top.en}/{bottom.en}".strip("/"))


# ---------------------------------------------------------------- league
def league(read: Read, asked: Asked, level: Sequence[str]) -> StatTable:
    """Members by the ratios, lowest first; for inside use."""
    lines: list[Cells] = []
    pairs = pairs_of(read, asked)
    period = period_of_pairs(read, asked, pairs, level)
    for pair in pairs if period and level else ():
        above, below, table = members_of(read, pair, period, level)
        ratios = [
            {"group": row["entity"], "value": _quotient(row["numerator"], row["denominator"])}
            for row in table.to_pylist()
        ]
        schema = pa.schema({"group": pa.string(), "value": pa.float64()})
        for row in league_table(pa.Table.from_pylist(ratios, schema=schema), highest_first=False).to_pylist():
            own = [each[row["group"]] for each in (above, below) if row["group"] in each]
            unit = ratio_unit(read, above, below)
            lines.append(
                {
                    "ratio": ratio_name(read, above, below), "period": str(period), "rank": row["rank"],
                    "entity": entity_name(read, row["group"]), "value": number_of(row["value"], unit), "unit": unit,
                    **confidence_marks(read, least(each["confidence"] for each in own)), "source": read.run,
                }
            )  # fmt: skip
    columns = ("ratio", "period", "rank", "entity", "value", "unit", "confidence", "source")
    return StatTable("league", columns, tuple(lines), restricted=True)


def _quotient(above: float | None, below: float | None) -> float | None:
    return None if above is None or below is None or below <= 0 else above / below
