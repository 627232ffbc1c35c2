"""What of a run may be published: totals with every cell withheld that could give a contributor away.

Whatever is computed from cells (growth, shares, ratios) is released only where all its cells are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from greenpark.engine.store import RunRecord, Store
from greenpark.model.confidence import least
from greenpark.model.confidentiality import ConfidentialityRule
from greenpark.model.job import Job, JobError
from greenpark.model.statistics import Asked
from greenpark.model.text import Text
from greenpark.model.time import Period
from greenpark.pipeline.statistics.contributing import (
    Frame,
    Number,
    contributions_of,
    differences_of,
    fitted,
    frame_of,
)
from greenpark.pipeline.statistics.pairs import pairs_of, period_of_pairs
from greenpark.pipeline.statistics.reading import Read, Row
from greenpark.publish.confidentiality import (
    Contribution,
    Layer,
    Protected,
    protect,
    read_all_layers,
    read_layers,
    record_layer,
)
from greenpark.publish.confidentiality.contributions import Place
from greenpark.publish.naming import plain

_DEFAULT = ("energy.total", "co2.total", "co2.direct", "economy.industrial_value_added", "economy.gdp")
Key = tuple[Number, Period]
# Families whose numbers add up to one another.
_LINKED = {"co2": "co2", "ghg": "co2", "energy": "energy", "electricity": "energy", "heat": "energy"}


@dataclass(frozen=True)
class Difference:
    """What one number leaves of another of its family; ``key`` is the one of the two that is released now."""

    key: Key
    table: Protected


@dataclass(frozen=True)
class Protection:
    """The protected tables of one release by number and period.

    Numbers of one family (direct, indirect and total CO2; kinds of energy) add up to one another, so they share one
    pattern of withheld places: ``withheld`` holds it by number and period. What one of them leaves of another (direct
    less combustion is process) is protected like a table of its own, whether it was released now or before:
    ``differences``.
    """

    read: Read
    frame: Frame
    rule: ConfidentialityRule
    tables: Mapping[Key, Protected]
    period: Period
    withheld: Mapping[Key, frozenset[Place]] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()

    def value(self, number: Number, period: Period, place: Place) -> float | None:
        """The value of a released cell; None where it is withheld or does not exist."""
        table = self.tables.get((number, period))
        cell = table.by_place.get(place) if table else None
        return None if cell is None or place in self.withheld[number, period] else cell.value

    def confidence(self, number: Number, period: Period) -> str:
        """The least confidence of what a number rests on."""
        rows = self.rows(number, period)
        return least(row["confidence"] for row in rows)

    def rows(self, number: Number, period: Period) -> list[Row]:
        """The rows of the series behind a number in a period."""
        return [
            row
            for row in self.read.series
            if (row["quantity"], row["variant"]) == number and (row["start"], row["end"]) == (period.start, period.end)
        ]

    @property
    def given_away(self) -> tuple[tuple[Key, Place], ...]:
        """What earlier releases have already given away."""
        held = [*self.tables.items(), *((each.key, each.table) for each in self.differences)]
        return tuple(sorted({(key, place) for key, table in held for place in table.given_away}))


def protect_run(
    read: Read, asked: Asked, rule: ConfidentialityRule, record: RunRecord, store: Store, job: Job | None
) -> Protection:
    """The totals of a run, protected together with all that was released of them before.

    Raises
    ------
    JobError
        When the run holds no figures of units, so that nothing can be said of contributors, or no such period.
    """
    kinds = {row["kind"] for row in read.members.values()}
    if job and job.figures_of and "unit" in kinds and "unit" not in job.figures_of:
        raise JobError("pipeline.release_without_units", job=job.id)
    frame = frame_of(read, record, store, name_zones=bool(asked.unrestricted))
    numbers = _numbers(read, asked)
    period = _period(read, asked, numbers)
    folder = store.workspace.releases

    def protected(name: str, rows: Sequence[Contribution]) -> Protected:
        return protect(frame.dimensions, rows, rule, read_layers(folder, name), name)

    added = {
        (number, each): rows
        for each in (period.shifted(-1), period)
        for number in numbers
        if (rows := contributions_of(read, frame, number, (each.start, each.end)))
    }
    tables = {key: protected(_name(*key), rows) for key, rows in added.items()}
    differences = tuple(
        Difference(key, protected(name, rest))
        for key, name, rest in _differences(added, read_all_layers(folder), frame)
    )
    patterns: dict[tuple[str, Period], frozenset[Place]] = {}
    seen = [(_linked(key), table) for key, table in tables.items()]
    seen += [(_linked(each.key), each.table) for each in differences]
    for linked, table in seen:
        patterns[linked] = patterns.get(linked, frozenset()) | table.layer.suppressed
    return Protection(read, frame, rule, tables, period, {key: patterns[_linked(key)] for key in tables}, differences)


def _differences(
    added: Mapping[Key, Sequence[Contribution]], earlier: Sequence[Layer], frame: Frame
) -> Iterator[tuple[Key, str, list[Contribution]]]:
    """What numbers of one family leave of one another: of those released now, and of those released before."""
    pairs = [
        (one, other, added[other]) for one, other in combinations(sorted(added), 2) if _linked(one) == _linked(other)
    ]
    for layer in earlier:
        before = _key(layer.key)
        if before and before not in added:
            pairs += [
                (key, before, fitted(layer, frame, added[key])) for key in added if _linked(key) == _linked(before)
            ]
    for key, other, rows in pairs:
        # One name and one sign in whatever order the numbers were released.
        both = sorted(((_name(*key), added[key]), (_name(*other), rows)), key=lambda each: each[0])
        if rest := differences_of(both[0][1], both[1][1]):
            yield key, " - ".join(name for name, _ in both), rest


def record_release(protection: Protection, store: Store) -> None:
    """Keep what was released, so that later releases are held against it."""
    held = [(protection.withheld[key], table) for key, table in sorted(protection.tables.items())]
    held += [(protection.withheld[each.key], each.table) for each in protection.differences]
    for withheld, table in held:
        own = {cell.place for cell in table.cells}
        record_layer(store.workspace.releases, replace(table.layer, suppressed=withheld & own))


def records_of(store: Store) -> Path:
    """Where released distributions are kept."""
    return store.workspace.releases / "spreads"


def place_names(protection: Protection, place: Place) -> tuple[Text, Text]:
    """The names of a region and an industry."""
    say, names = protection.read.names.say, protection.read.names
    region, industry = place
    where = names.area(region.removeprefix("area:")) if region.startswith("area:") else names.entity(region)
    where = say("statistics.rest") if region == "rest" else where
    kind = say("statistics.industry", code=industry.removeprefix("industry:"))
    if industry in ("all", "rest", "industry:unknown"):
        kind = say(f"statistics.industry_{industry.rpartition(':')[2]}")
    return where, kind


def number_name(protection: Protection, number: Number) -> tuple[Text, Text]:
    """The names of a quantity and its variant."""
    names = protection.read.names
    return names.quantity(number[0]), names.variant(number[1]) if number[1] else plain("")


def ordered_places(protection: Protection, period: Period) -> list[Place]:
    """All places of a period: the top first, then regions, then industries inside them."""
    places = {cell.place for (_, own), table in protection.tables.items() if own == period for cell in table.cells}
    depth = [dimension.above for dimension in protection.frame.dimensions]
    return sorted(places, key=lambda place: (len(depth[0](place[0])), place[0], len(depth[1](place[1])), place[1]))


def _numbers(read: Read, asked: Asked) -> tuple[Number, ...]:
    """The additive numbers that are released: those asked for and both sides of each ratio; one variant of each."""
    quantities = list(asked.quantities) or [
        each for each in _DEFAULT if any(r["quantity"] == each for r in read.series)
    ]
    texts = [*quantities, *(side for pair in pairs_of(read, asked) for side in pair.split("/"))]
    found: dict[str, Number] = {}
    single = len(read.levels("zone")) <= 1
    for text in texts:
        quantity, _, variant = text.rstrip("]").partition("[")
        known = read.packs.quantities.get(quantity)
        variants = _variants(read, quantity)
        # What is consolidated adds up within one park; over several parks it counts deliveries between them twice.
        adds = known is not None and (known.over_entities == "sum" or (single and known.over_time == "sum"))
        if adds and variants:
            found.setdefault(quantity, (quantity, variant or variants[0]))
    if not found:
        raise JobError("pipeline.release_nothing")
    return tuple(found.values())


def _variants(read: Read, quantity: str) -> list[str]:
    return sorted({row["variant"] for row in read.series if row["quantity"] == quantity})


def _period(read: Read, asked: Asked, numbers: Sequence[Number]) -> Period:
    newest = max(_years(read, numbers), default=None)
    found = period_of_pairs(read, asked, (), ()) if asked.period else newest
    if found is None:
        raise JobError("pipeline.statistics_no_period", text=asked.period)
    return found


def _years(read: Read, numbers: Iterable[Number]) -> set[Period]:
    wanted = {quantity for quantity, _ in numbers}
    periods = {Period(row["start"], row["end"]) for row in read.series if row["quantity"] in wanted}
    return {each for each in periods if each.months == 12}


def _family(number: Number) -> str:
    """What a number may be added up with: its family; money totals stand alone."""
    family = number[0].partition(".")[0]
    return _LINKED.get(family, number[0])


def _linked(key: Key) -> tuple[str, Period]:
    return _family(key[0]), key[1]


def _name(number: Number, period: Period) -> str:
    return "|".join((*number, str(period)))


def _key(name: str) -> Key | None:
    """The number and period of a released table; None where it is a difference of two."""
    parts = name.split("|")
    return ((parts[0], parts[1]), Period.parse(parts[2])) if len(parts) == 3 else None
