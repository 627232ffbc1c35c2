"""Kinds of activity rows: one number for everything about a row that is not its amount, its unit or its day.

A match table has one row per kind and method; a row of activity has one amount for each of them, in the match's
``slot``. So the rows of a run are stored once, narrow, and the words of their results once per kind. Words are looked
up in small tables of numbers first: numbers are joined and grouped several times as fast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from math import ceil, log10
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.activity import ACTIVITY_QUANTITIES, COUNTED
from greenpark.account.consolidate import DECIMALS
from greenpark.engine.connect import Engine
from greenpark.model.contents import ESTIMATED_FLOW

# Sums are fixed-point numbers of 18 digits, 6 of them after the point; amounts that a factor enlarges have so many more
# that what the factor makes of them is still sure to 6.
DIGITS = 18
MOST_DECIMALS = 9
KIND_KEY = ("quantity", "item", "flow", "area", "year")
MONTHS = 12
# Bits of a cell's mark: the months that its rows are, and what else occurs among them.
WHOLE_YEAR, OTHER_PERIOD, NOT_ZERO, LARGE = (1 << place for place in range(MONTHS, MONTHS + 4))
ALL_MONTHS = (1 << MONTHS) - 1
_UNSTATED = 0  # the number of the year of rows without a period
_HEX_DIGITS = 13  # of 52 bits: exact as a double too, should anybody read it as one
_SEPARATOR = "\x1f"
_SERIES = ("quantity", "carrier", "flow", "status", "coverage")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Numbers:
    """Small tables that turn the words of a row into numbers and back.

    ``series``: quantity, carrier, flow (empty for none), status, coverage → series, with estimated and the scale
    [1/unit of the carrier] by which amounts become whole numbers to be summed. ``periods``:
    start, end → year_number, mark. ``years``: year_number, first_day, next_year (of the calendar year that holds the
    period; of one that leaves its year, its own ends), year. ``units``: entity → area_number. ``kinds``: series,
    area_number, year_number → kind and factor_1 …: coefficient × rate of the match in each slot.
    """

    series: Any
    periods: Any
    years: Any
    units: Any
    kinds: Any
    slots: int
    prefix: str = ""


def number_matches(matches: pa.Table) -> pa.Table:
    """The match table with the number of each row's kind and its slot, from 1 in the order of methods.

    A kind has the same number in every run: it follows from the words of its key.
    """
    kinds = [number_kind(row) for row in matches.select(list(KIND_KEY)).to_pylist()]
    seen: dict[int, int] = {}
    slots = []
    for kind in kinds:
        seen[kind] = seen.get(kind, 0) + 1
        slots.append(seen[kind])
    numbered = matches.append_column("kind", pa.array(kinds, pa.int64()))
    return numbered.append_column("slot", pa.array(slots, pa.int64()))


def slots_of(numbered: pa.Table) -> int:
    """The most methods that count one kind."""
    return max(numbered.column("slot").to_pylist(), default=0)


def number_kind(row: Row) -> int:
    """The number of a kind, from its key."""
    text = _SEPARATOR.join(str(row[name]) for name in KIND_KEY)
    return int(sha256(text.encode()).hexdigest()[:_HEX_DIGITS], 16)


def distinct_keys(observations: Any) -> Any:
    """The distinct words of series and periods of all rows: a small table, whatever the number of rows."""
    return observations.select(*_SERIES, "start", "end").distinct()


def make_numbers(
    keys: Sequence[Row], units: pa.Table, numbered: pa.Table, engine: Engine, slots: int, prefix: str = ""
) -> Numbers:
    """The numbers of everything that occurs.

    Parameters
    ----------
    keys
        Rows of `distinct_keys`.
    units
        entity, area: every entity that carries data.
    numbered
        The match table with kinds and slots.
    slots
        How many amounts a row has room for.
    prefix
        Put before flows: rows that stand in for another flow.
    """
    counted = [row for row in keys if row["status"] in COUNTED]
    series = _series(counted, prefix)
    periods, years = _periods(counted)
    areas = sorted(set(units.column("area").to_pylist()))
    kinds = _kinds(series, years, areas, numbered, slots)
    series = series.append_column("scale", _scales(series.num_rows, kinds, slots))
    tables = {"series": series, "periods": periods, "years": years, "units": _units(units, areas), "kinds": kinds}
    loaded = {name: _load(table, engine) for name, table in tables.items()}
    return Numbers(**loaded, slots=slots, prefix=prefix)


def has_bit(mark: Any, bit: int) -> Any:
    """Whether a mark has a bit."""
    return (mark // bit).cast("int64") % 2 == 1


def _load(table: pa.Table, engine: Engine) -> Any:
    return engine.cache(engine.from_arrow(table))


def _series(keys: Sequence[Row], prefix: str) -> pa.Table:
    found = sorted({tuple(row[name] or "" for name in _SERIES) for row in keys})
    columns = {name: pa.array([each[at] for each in found], pa.string()) for at, name in enumerate(_SERIES)}
    columns["flow_key"] = pa.array([prefix + each[2] for each in found], pa.string())
    columns["estimated"] = pa.array([bool(prefix) or each[3] == "estimated" for each in found], pa.bool_())
    return pa.table(columns | {"series": pa.array(range(len(found)), pa.int32())})


def _scales(series: int, kinds: pa.Table, slots: int) -> pa.Array:
    """10 to the power of the decimals of each series: as many as its largest factor asks for."""
    largest = [1.0] * series
    for row in kinds.to_pylist():
        factors = (abs(row[f"factor_{slot}"] or 0.0) for slot in range(1, slots + 1))
        largest[row["series"]] = max(largest[row["series"]], *factors)
    places = (min(DECIMALS + ceil(log10(factor)), MOST_DECIMALS) for factor in largest)
    return pa.array([10.0**each for each in places], pa.float64())


def is_too_large(value: Any, scale: Any) -> Any:
    """Whether an amount does not fit into a fixed-point number of this scale."""
    return value.abs() * scale >= 10.0**DIGITS


def _periods(keys: Sequence[Row]) -> tuple[pa.Table, pa.Table]:
    stated = sorted({(row["start"], row["end"]) for row in keys if row["start"] and row["end"]})
    spans = {pair: _year_of(*pair) for pair in stated}
    years = {span: number for number, span in enumerate(sorted(set(spans.values())), start=_UNSTATED + 1)}
    day, number = pa.date32(), pa.int32()
    periods = pa.table(
        {
            "start": pa.array([start for start, _ in stated], day), "end": pa.array([end for _, end in stated], day),
            "year_number": pa.array([years[spans[pair]] for pair in stated], number),
            "mark": pa.array([_mark(*pair) for pair in stated], pa.int64()),
        }
    )  # fmt: skip
    every = [(None, None, 0), *years]
    named = pa.table(
        {
            "year_number": pa.array(range(len(every)), number), "first_day": pa.array([each[0] for each in every], day),
            "next_year": pa.array([each[1] for each in every], day),
            "year": pa.array([each[2] for each in every], pa.int64()),
        }
    )  # fmt: skip
    return periods, named


def _year_of(start: date, end: date) -> tuple[date, date, int]:
    first, after = date(start.year, 1, 1), date(start.year + 1, 1, 1)
    return (first, after, start.year) if end <= after else (start, end, start.year)


def _mark(start: date, end: date) -> int:
    next_month = (start.replace(day=1) + timedelta(days=31)).replace(day=1)
    if start.day == 1 and end == next_month:
        return 1 << (start.month - 1)
    if (start.month, start.day) == (1, 1) and end == date(start.year + 1, 1, 1):
        return WHOLE_YEAR
    return OTHER_PERIOD


def _units(units: pa.Table, areas: Sequence[str]) -> pa.Table:
    place = {area: number for number, area in enumerate(areas)}
    numbers = [place[area] for area in units.column("area").to_pylist()]
    return pa.table({"entity": units.column("entity"), "area_number": pa.array(numbers, pa.int32())})


def _kinds(series: pa.Table, years: pa.Table, areas: Sequence[str], numbered: pa.Table, slots: int) -> pa.Table:
    factors: dict[int, tuple[tuple[Any, ...], dict[int, float | None]]] = {}
    for row in numbered.select([*KIND_KEY, "kind", "slot", "coefficient", "rate"]).to_pylist():
        _, known = factors.setdefault(row["kind"], (tuple(row[name] for name in KIND_KEY), {}))
        known[row["slot"]] = None if row["rate"] is None else row["coefficient"] * row["rate"]
    of_words: dict[tuple[str, str, str], list[int]] = {}
    for row in series.to_pylist():
        of_words.setdefault((row["quantity"], row["carrier"], row["flow_key"]), []).append(row["series"])
    of_year: dict[int, list[int]] = {}
    for row in years.to_pylist():
        of_year.setdefault(row["year"], []).append(row["year_number"])
    place = {area: number for number, area in enumerate(areas)}
    rows = [
        (
            number,
            place[area],
            year_number,
            kind,
            *(known.get(slot) for slot in range(1, slots + 1)),
        )
        for kind, ((quantity, item, flow, area, year), known) in factors.items()
        for number in of_words.get((quantity, item, flow), ())
        for year_number in of_year.get(year, ())
        if area in place
    ]
    names = [
        "series",
        "area_number",
        "year_number",
        "kind",
        *(f"factor_{slot}" for slot in range(1, slots + 1)),
    ]
    kinds = [*[pa.int32()] * 3, pa.int64(), *[pa.float64()] * slots]
    columns = [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(kinds)]
    return pa.table(columns, names=names)


def with_series(observations: Any, numbers: Numbers) -> Any:
    """Counted observations with the numbers of their series and year; nothing is lost."""
    rows = observations.filter(observations.status.isin(COUNTED))
    kept = ["batch", "line", "entity", "start", "end", "value", "confidence"]
    rows = rows.select(
        *kept, *("quantity", "status", "coverage"), carrier=rows.carrier.fill_null(""), flow=rows.flow.fill_null("")
    )
    words = list(_SERIES)
    rows = rows.inner_join(numbers.series, words).drop(
        *(name for name in ("quantity", "carrier", "coverage", "flow_key"))
    )
    rows = rows.left_join(numbers.periods, ["start", "end"]).drop("start_right", "end_right")
    return rows.mutate(year_number=rows.year_number.fill_null(_UNSTATED), mark=rows.mark.fill_null(OTHER_PERIOD))


def with_scale(observations: Any, numbers: Numbers) -> Any:
    """Counted observations with the scale by which they are summed."""
    words = {f"of_{name}": numbers.series[name] for name in _SERIES}
    series = numbers.series.select("scale", **words)
    same = [observations[name].fill_null("") == series[f"of_{name}"] for name in _SERIES]
    return observations.inner_join(series, same).drop(*words)


def with_kinds(rows: Any, numbers: Numbers) -> Any:
    """Rows or cells of series with the number of their kind and its factors, none where no method counts them."""
    rows = rows.inner_join(numbers.units, "entity")
    place = ["series", "area_number", "year_number"]
    return rows.left_join(numbers.kinds, place).drop(*(f"{name}_right" for name in place))


def counted_rows(observations: Any, numbers: Numbers) -> Any:
    """The rows of the table ``counted`` (without its run): every row that some method counts, with its amounts."""
    rows = with_kinds(with_series(observations, numbers), numbers)
    rows = rows.filter(rows.kind.notnull())
    amounts = {f"amount_{slot}": rows.value * rows[f"factor_{slot}"] for slot in range(1, numbers.slots + 1)}
    observed = ibis.literal("estimated") if numbers.prefix == ESTIMATED_FLOW else rows.status
    return rows.select("batch", "line", "kind", "entity", "start", "end", "confidence", observed=observed, **amounts)


def is_activity(series: Any) -> Any:
    """Whether cells or series are of an activity that accounting looks at."""
    return series.quantity.isin(ACTIVITY_QUANTITIES) & (series.carrier != "")
