"""The rows of one invented zone: enterprises, their monthly lines and yearly figures, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.engine.schema import arrow_schema
from greenpark.model.knowledge import Zone
from greenpark.model.simulation import SimulatedLine
from greenpark.model.tables import ENTITIES, OBSERVATIONS, Table

MONTHS = 12
VALUE_ADDED, GDP = "economy.industrial_value_added", "economy.gdp"
INVENTED = "invented"
# No unified social credit code holds an I, O, S, V or Z: nobody can take an invented one for a real one.
_CODE = "SIM"
_CODE_DIGITS = 10
_DECIMALS = 6
_FIRST_COLUMN = ord("D")

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class InventedNames:
    """How invented entities are called, each saying that it is invented."""

    zone: Callable[[str], str]
    enterprise: Callable[[int, int], str]
    sub_park: str


@dataclass(frozen=True)
class Nation:
    """What all zones share.

    ``totals``: national energy [tce], value added and GDP [万元] of the year. ``parameters``: the invented ones.
    ``tce``: [tce] for one unit of each carrier. ``pairs``: neighbouring zones, by number, that report the same
    enterprises.
    """

    zones: Sequence[Zone]
    enterprises: int
    year: int
    seed: int
    lines: Sequence[SimulatedLine]
    units: Mapping[str, str]
    tce: Mapping[str, float]
    totals: Mapping[str, float]
    parameters: Mapping[str, float]
    pairs: Sequence[tuple[int, int]]
    money: str
    names: InventedNames

    @cached_property
    def sorts(self) -> tuple[str, ...]:
        """The sorts of enterprises, in the order of the pack."""
        return tuple(dict.fromkeys(line.sort for line in self.lines))

    @cached_property
    def weights(self) -> Numbers:
        """The size of every enterprise of every zone, as a share of the nation."""
        sizes = np.stack([self._sizes(number) for number in range(len(self.zones))])
        return np.asarray(sizes / sizes.sum(), dtype=np.float64)

    @cached_property
    def value_added(self) -> Numbers:
        """The value added of every enterprise of every zone [万元]."""
        sizes = self.weights ** self.parameters["simulation.value_added_power"]
        return np.asarray(self.totals[VALUE_ADDED] * sizes / sizes.sum(), dtype=np.float64)

    def random(self, zone: int, purpose: int) -> np.random.Generator:
        """Randomness of a zone for one purpose, the same whatever else is made."""
        return np.random.Generator(np.random.PCG64([self.seed, zone, purpose]))

    def _sizes(self, zone: int) -> Numbers:
        chance = self.random(zone, 0)
        own = np.exp(self.parameters["simulation.spread_zones"] * chance.standard_normal())
        spread = self.parameters["simulation.spread_units"]
        return np.asarray(own * np.exp(spread * chance.standard_normal(self.enterprises)), dtype=np.float64)


def code_of(zone: int, unit: int) -> str:
    """The invented credit code of an enterprise."""
    return f"{_CODE}{zone:05d}{unit:0{_CODE_DIGITS}d}"


def zone_tables(nation: Nation, zone: int, months: range) -> tuple[pa.Table, pa.Table]:
    """Observations and entities that a zone hands in for some months (from 1) of the year."""
    own = np.arange(nation.enterprises)
    parts = [monthly_rows(nation, zone, own, months)]
    if months.stop == MONTHS + 1:
        parts.append(_yearly_rows(nation, zone))
    parts += [monthly_rows(nation, guest, _shared(nation), months) for guest in _guests(nation, zone)]
    rows = pa.concat_tables(parts)
    lines = pa.array(np.arange(1, rows.num_rows + 1))
    return rows.append_column("line", lines), _entities(nation, zone)


def monthly_rows(nation: Nation, zone: int, units: npt.NDArray[np.int64], months: range) -> pa.Table:
    """The monthly lines of some enterprises of a zone, by enterprise, line and month."""
    chance = nation.random(zone, 1)
    kinds = chance.integers(0, len(nation.sorts), nation.enterprises)
    late = chance.random(nation.enterprises) < nation.parameters["simulation.late"]
    each = nation.random(zone, nation.year)
    spread = nation.parameters["simulation.spread_months"]
    course = np.exp(spread * each.standard_normal((nation.enterprises, MONTHS)))
    course /= course.sum(axis=1, keepdims=True)
    of_sort = [[n for n, line in enumerate(nation.lines) if line.sort == sort] for sort in nation.sorts]
    width = min(len(lines) for lines in of_sort)
    table = np.array([lines[:width] for lines in of_sort])
    lines = table[kinds[units]]  # enterprise × line
    wanted = np.array(months) - 1
    energy = nation.totals["energy"] * nation.weights[zone][units]
    values = energy[:, None, None] * _amounts(nation)[lines][:, :, None] * course[units][:, None, wanted]
    marks = each.random((nation.enterprises, width, MONTHS))[units][:, :, wanted]
    kept = ~(late[units][:, None, None] & (wanted == MONTHS - 1)[None, None, :]) & np.ones(values.shape, bool)
    unit, line, month = (axis.ravel()[kept.ravel()] for axis in np.indices(values.shape))
    chosen = kept.ravel()
    return _table(
        nation, zone, units[unit], lines.ravel()[unit * width + line], wanted[month],
        np.round(values.ravel()[chosen], _DECIMALS), marks.ravel()[chosen], unit * width + line,
    )  # fmt: skip


def _amounts(nation: Nation) -> Numbers:
    """What each line has for one tce of the enterprise's energy, in its own unit."""
    energy = [line.quantity == "energy.amount" for line in nation.lines]
    tce = [nation.tce[line.carrier] if own else 1.0 for line, own in zip(nation.lines, energy, strict=True)]
    return np.array([line.share / each for line, each in zip(nation.lines, tce, strict=True)])


def _table(
    nation: Nation, zone: int, unit: npt.NDArray[np.int64], line: npt.NDArray[np.int64], month: npt.NDArray[np.int64],
    values: Numbers, marks: Numbers, place: npt.NDArray[np.int64],
) -> pa.Table:  # fmt: skip
    """Rows from the numbers of their enterprise, line and month; ``marks`` choose what is estimated or less sure."""
    lines = nation.lines
    estimated = nation.parameters["simulation.estimated"]
    medium = estimated + nation.parameters["simulation.medium"]
    numbers = pa.array(values)
    units = [nation.units[each.carrier] for each in lines]
    columns = {
        "entity": _words([code_of(zone, number) for number in range(nation.enterprises)], unit),
        "quantity": _words([each.quantity for each in lines], line),
        "carrier": _words([each.carrier for each in lines], line),
        "flow": _words([each.flow or None for each in lines], line),
        "start": _days(nation.year, 0).take(pa.array(month)),
        "end": _days(nation.year, 1).take(pa.array(month)),
        "value": numbers,
        "unit": _words(units, line),
        "reported_value": pc.cast(numbers, pa.string()),
        "reported_unit": _words(units, line),
        "coverage": _words(["in_statistics"], np.zeros(len(line), np.int64)),
        "status": _words(["reported", "estimated"], (marks < estimated).astype(np.int64)),
        "confidence": _words(["high", "medium"], (marks < medium).astype(np.int64)),
        "file": _words([file_of(nation, zone)], np.zeros(len(line), np.int64)),
        "sheet": _words(["energy"], np.zeros(len(line), np.int64)),
        "cell": _cells(place, month),
    }
    return _conformed(columns)


def _cells(place: npt.NDArray[np.int64], month: npt.NDArray[np.int64]) -> pa.Array:
    letters = pa.array([chr(_FIRST_COLUMN + number) for number in range(MONTHS)]).take(pa.array(month))
    return pc.binary_join_element_wise(letters, pc.cast(pa.array(place + 2), pa.string()), "")


def _yearly_rows(nation: Nation, zone: int) -> pa.Table:
    """Value added of every enterprise and GDP of the zone."""
    count = nation.enterprises
    gdp = nation.totals[GDP] * nation.weights[zone].sum()
    values = np.round([*nation.value_added[zone], gdp], _DECIMALS)
    whole = pa.array([date(nation.year, 1, 1), date(nation.year + 1, 1, 1)], pa.date32())
    first, second = np.zeros(count + 1, np.int64), np.ones(count + 1, np.int64)
    entities = [*(code_of(zone, unit) for unit in range(count)), nation.zones[zone].id]
    columns = {
        "entity": pa.array(entities), "quantity": pa.array([VALUE_ADDED] * count + [GDP]),
        "start": whole.take(pa.array(first)), "end": whole.take(pa.array(second)), "value": pa.array(values),
        "unit": _words([nation.money], first), "reported_value": pc.cast(pa.array(values), pa.string()),
        "reported_unit": _words([nation.money], first), "coverage": _words(["in_statistics"], first),
        "status": _words(["reported"], first), "confidence": _words(["high"], first),
        "file": _words([file_of(nation, zone)], first), "sheet": _words(["economy"], first),
        "cell": _cells(np.arange(count + 1), first),
    }  # fmt: skip
    return _conformed(columns)


def _entities(nation: Nation, zone: int) -> pa.Table:
    """The zone, its enterprises, and what it shares with its neighbour."""
    area = nation.zones[zone].province
    rows = [
        _entity(
            nation,
            zone,
            nation.zones[zone].id,
            "zone",
            None,
            nation.names.zone(nation.zones[zone].name.zh),
            area,
        )
    ]
    inside = {code_of(zone, unit): sub_park_of(nation, zone) for unit in _in_sub_park(nation, zone)}
    for unit in range(nation.enterprises):
        code = code_of(zone, unit)
        parent = inside.get(code, nation.zones[zone].id)
        rows.append(_entity(nation, zone, code, "unit", parent, nation.names.enterprise(zone, unit), None))
    if inside or any(second == zone for _, second in nation.pairs[:1]):
        name = sub_park_of(nation, nation.pairs[0][0])
        rows.append(_entity(nation, zone, name, "sub_park", nation.zones[zone].id, nation.names.sub_park, area))
    for guest in _guests(nation, zone):
        for unit in _shared(nation):
            row = _entity(
                nation,
                zone,
                code_of(guest, int(unit)),
                "unit",
                nation.zones[zone].id,
                nation.names.enterprise(guest, int(unit)),
                None,
            )
            rows.append(row)
    return pa.Table.from_pylist(rows, schema=_schema(ENTITIES, ("batch",)))


def _entity(
    nation: Nation, zone: int, entity: str, kind: str, parent: str | None, name: str, area: str | None
) -> dict[str, object]:
    return {
        "entity": entity, "kind": kind, "parent": parent, "area": area, "name": name,
        "file": file_of(nation, zone),
    }  # fmt: skip


def file_of(nation: Nation, zone: int) -> str:
    """What stands in the place of a file: that the rows are invented, and whose they are."""
    return f"{INVENTED}-{nation.zones[zone].id}"


def sub_park_of(nation: Nation, zone: int) -> str:
    """The sub-park that lies inside two zones, named after the first of them."""
    return f"{nation.zones[zone].id}_shared_park"


def _guests(nation: Nation, zone: int) -> list[int]:
    """The zones whose enterprises this one reports as well."""
    return [first for first, second in nation.pairs if second == zone]


def _shared(nation: Nation) -> npt.NDArray[np.int64]:
    return np.arange(min(int(nation.parameters["simulation.shared_units"]), nation.enterprises))


def _in_sub_park(nation: Nation, zone: int) -> range:
    """The enterprises inside the sub-park of the first pair: those after the ones that two zones report."""
    if not nation.pairs or nation.pairs[0][0] != zone:
        return range(0)
    count = len(_shared(nation))
    return range(min(count, nation.enterprises), min(2 * count, nation.enterprises))


def _words(words: Sequence[str | None], numbers: npt.NDArray[np.int64]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), pa.array(words, pa.string())).cast(pa.string())


def _days(year: int, later: int) -> pa.Array:
    months = [month + later for month in range(MONTHS)]
    return pa.array([date(year + month // MONTHS, month % MONTHS + 1, 1) for month in months], pa.date32())


def _conformed(columns: Mapping[str, pa.Array]) -> pa.Table:
    """A table with every column of observations but the two that name the row."""
    schema = _schema(OBSERVATIONS, ("batch", "line"))
    rows = len(columns["entity"])
    arrays = [columns[field.name] if field.name in columns else pa.nulls(rows, field.type) for field in schema]
    return pa.table(arrays, schema=schema)


def _schema(table: Table, without: tuple[str, ...]) -> pa.Schema:
    return pa.schema([field for field in arrow_schema(table) if field.name not in without])
