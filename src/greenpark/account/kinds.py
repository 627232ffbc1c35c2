"""Kinds of activity rows: one number for everything about a row that is not its amount, its unit or its day.

A match table has one row per kind and method; a row of activity has one amount for each of them, in the match's
``slot``. So the rows of a run are stored once, narrow, and the words of their results once per kind. Words are looked
up in small tables of numbers first: numbers are joined and grouped several times as fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
SERIES_WORDS = ("quantity", "carrier", "flow", "status", "coverage", "unit")
_DAYS = ("start", "end")
_DAYS_AT_MOST = 10_000_000  # more than any day or year has as its number
# Left out first are the words that are alike most often.
_WORDS = ("unit", "coverage", "end", "quantity", "status", "flow", "carrier", "start")
_NOTHING: Mapping[str, Any] = dict.fromkeys(SERIES_WORDS, "") | dict.fromkeys(_DAYS, date.min)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Numbers:
    """Small tables that turn the words of a row into numbers and back.

    ``series``: quantity, carrier, flow (empty for none), status, coverage, unit → series, with estimated and the scale
    [1/unit] by which amounts become whole numbers to be summed; ``words`` is the same. ``keys``: words and period of a
    row → series, scale, estimated, year_number, mark; of the words only ``by``, which tell all keys apart, with those
    in ``empties`` empty for none. ``years``: year_number, first_day, next_year (of the calendar year that holds the
    period; of one that leaves its year, its own ends), year. ``units``: entity → area_number. ``kinds``: series,
    area_number, year_number → kind and factor_1 …: coefficient × rate of the match in each slot. Series and years have
    the same number in every run.
    """

    series: Any
    keys: Any
    by: tuple[str, ...]
    empties: tuple[str, ...]
    years: Any
    units: Any
    kinds: Any
    slots: int
    words: pa.Table
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
    return _number(str(row[name]) for name in KIND_KEY)


def _number(words: Iterable[str]) -> int:
    return int(sha256(_SEPARATOR.join(words).encode()).hexdigest()[:_HEX_DIGITS], 16)


def distinct_keys(observations: Any) -> Any:
    """The distinct words of series and periods of all rows: a small table, whatever the number of rows."""
    return observations.select(*SERIES_WORDS, "start", "end").distinct()


def make_numbers(
    keys: Sequence[Row], units: pa.Table, numbered: pa.Table, engine: Engine, slots: int, prefix: str = "",
    more: Sequence[Row] = (),
) -> Numbers:  # fmt: skip
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
    more
        Like ``keys``: words of cells that are there already, whose rows are not looked at.
    """
    counted = [row for row in keys if row["status"] in COUNTED]
    series = series_table([*counted, *more], prefix)
    periods, years = _periods([*counted, *more])
    areas = sorted(set(units.column("area").to_pylist()))
    kinds = _kinds(series, years, areas, numbered, slots)
    series = series.append_column("scale", _scales(series, kinds, slots))
    by = _telling(counted)
    named = _keys(counted, series, periods, by)
    tables = {"series": series, "keys": named, "years": years, "units": _units(units, areas), "kinds": kinds}
    loaded = {name: _load(table, engine) for name, table in tables.items()}
    empties = tuple(name for name in by if any(row[name] is None for row in counted))
    return Numbers(**loaded, by=by, empties=empties, slots=slots, words=series, prefix=prefix)


def has_bit(mark: Any, bit: int) -> Any:
    """Whether a mark has a bit."""
    return (mark // bit).cast("int64") % 2 == 1


def _load(table: pa.Table, engine: Engine) -> Any:
    return engine.cache(engine.from_arrow(table))


def series_table(keys: Sequence[Row], prefix: str = "") -> pa.Table:
    """The words of every series that occurs, with its number."""
    found = sorted({tuple(row[name] or "" for name in SERIES_WORDS) for row in keys})
    columns = {name: pa.array([each[at] for each in found], pa.string()) for at, name in enumerate(SERIES_WORDS)}
    columns["flow_key"] = pa.array([prefix + each[2] for each in found], pa.string())
    columns["estimated"] = pa.array([bool(prefix) or each[3] == "estimated" for each in found], pa.bool_())
    return pa.table(columns | {"series": pa.array([_number(each) for each in found], pa.int64())})


def _scales(series: pa.Table, kinds: pa.Table, slots: int) -> pa.Array:
    """10 to the power of the decimals of each series: as many as its largest factor asks for."""
    largest = dict.fromkeys(series.column("series").to_pylist(), 1.0)
    for row in kinds.to_pylist():
        factors = (abs(row[f"factor_{slot}"] or 0.0) for slot in range(1, slots + 1))
        largest[row["series"]] = max(largest[row["series"]], *factors)
    places = (min(DECIMALS + ceil(log10(factor)), MOST_DECIMALS) for factor in largest.values())
    return pa.array([10.0**each for each in places], pa.float64())


def is_too_large(value: Any, scale: Any) -> Any:
    """Whether an amount does not fit into a fixed-point number of this scale."""
    return value.abs() * scale >= 10.0**DIGITS


def _telling(keys: Sequence[Row]) -> tuple[str, ...]:
    """As few of the words as tell all keys apart: each that is compared costs time in every row."""
    by = list(_WORDS)
    for name in _WORDS:
        fewer = [each for each in by if each != name]
        if fewer and len({_key_of(row, fewer) for row in keys}) == len({_key_of(row, _WORDS) for row in keys}):
            by = fewer
    return tuple(by)


def _key_of(row: Row, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[name] or _NOTHING[name] for name in names)


def _keys(
    keys: Sequence[Row], series: pa.Table, periods: Mapping[tuple[date, date], tuple[int, int]], by: Sequence[str]
) -> pa.Table:
    """Every key once, with its series, whether it is estimated, the number of its year and its mark."""
    known = {tuple(row[name] for name in SERIES_WORDS): row for row in series.to_pylist()}
    rows = {}
    for row in keys:
        own = known[tuple(row[name] or "" for name in SERIES_WORDS)]
        year_number, mark = periods.get((row["start"], row["end"]), (_UNSTATED, OTHER_PERIOD))
        rows[_key_of(row, by)] = (own["series"], own["scale"], own["estimated"], year_number, mark)
    columns = {
        f"key_{name}": pa.array([key[at] for key in rows], pa.date32() if name in _DAYS else pa.string())
        for at, name in enumerate(by)
    }
    kinds = {
        "series": pa.int64(), "scale": pa.float64(), "estimated": pa.bool_(), "year_number": pa.int64(), "mark": pa.int64(),
    }  # fmt: skip
    more = {
        name: pa.array([found[at] for found in rows.values()], kind) for at, (name, kind) in enumerate(kinds.items())
    }
    return pa.table(columns | more)


def _periods(keys: Sequence[Row]) -> tuple[dict[tuple[date, date], tuple[int, int]], pa.Table]:
    """Each stated period with the number of its year and its mark; the table of years."""
    stated = sorted({(row["start"], row["end"]) for row in keys if row["start"] and row["end"]})
    spans = {pair: _year_of(*pair) for pair in stated}
    periods = {pair: (_number_year(*spans[pair]), _mark(*pair)) for pair in stated}
    every = [(None, None, 0), *sorted(set(spans.values()))]
    named = pa.table(
        {
            "year_number": pa.array([_number_year(*each) for each in every], pa.int64()),
            "first_day": pa.array([each[0] for each in every], pa.date32()),
            "next_year": pa.array([each[1] for each in every], pa.date32()),
            "year": pa.array([each[2] for each in every], pa.int64()),
        }
    )  # fmt: skip
    return periods, named


def _number_year(first: date | None, after: date | None, year: int) -> int:
    """A calendar year's own number; of another period, one that holds its ends."""
    if first is None or after is None:
        return _UNSTATED
    if (first, after) == (date(year, 1, 1), date(year + 1, 1, 1)):
        return year
    return first.toordinal() * _DAYS_AT_MOST + after.toordinal()


def period_of_year(number: int) -> tuple[date | None, date | None]:
    """First day and day after of a year, by its number."""
    if number == _UNSTATED:
        return None, None
    if number < _DAYS_AT_MOST:
        return date(number, 1, 1), date(number + 1, 1, 1)
    return date.fromordinal(number // _DAYS_AT_MOST), date.fromordinal(number % _DAYS_AT_MOST)


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
    kinds = [pa.int64(), pa.int32(), pa.int64(), pa.int64(), *[pa.float64()] * slots]
    columns = [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(kinds)]
    return pa.table(columns, names=names)


def with_series(observations: Any, numbers: Numbers) -> Any:
    """Counted observations with the numbers of their series and year; nothing is lost."""
    rows = observations.filter(observations.status.isin(COUNTED))
    rows = rows.select("batch", "line", "entity", "start", "end", "value", "confidence", *SERIES_WORDS)
    keys = numbers.keys
    words = {
        name: rows[name].fill_null(_NOTHING[name]) if name in numbers.empties else rows[name] for name in numbers.by
    }
    joined = rows.inner_join(keys, [words[name] == keys[f"key_{name}"] for name in numbers.by])
    return joined.drop("quantity", "carrier", "flow", "coverage", "unit", *(f"key_{name}" for name in numbers.by))


def with_scale(observations: Any, numbers: Numbers) -> Any:
    """Counted observations with the scale by which they are summed."""
    words = {f"of_{name}": numbers.series[name] for name in SERIES_WORDS}
    series = numbers.series.select("scale", **words)
    same = [observations[name].fill_null("") == series[f"of_{name}"] for name in SERIES_WORDS]
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
