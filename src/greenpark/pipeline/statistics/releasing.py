"""What of a run may be published: totals with every cell withheld that could give a contributor away.

Whatever is computed from cells (growth, shares, ratios) is released only where all its cells are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    are_proportional,
    contributions_of,
    fitted,
    frame_of,
)
from greenpark.pipeline.statistics.pairs import pairs_of, period_of_pairs
from greenpark.pipeline.statistics.reading import Read, Row
from greenpark.publish.confidentiality import (
    Contribution,
    Layer,
    Protected,
    protect_together,
    read_all_layers,
    record_layer,
)
from greenpark.publish.confidentiality.contributions import Place
from greenpark.publish.naming import plain

_DEFAULT = ("energy.total", "co2.total", "co2.direct", "economy.industrial_value_added", "economy.gdp")
Key = tuple[Number, Period]
# Families whose numbers add up to one another.
_LINKED = {"co2": "co2", "ghg": "co2", "energy": "energy", "electricity": "energy", "heat": "energy"}


@dataclass(frozen=True)
class Protection:
    """The protected tables of one release by number and period.

    Numbers of one family (direct, indirect and total CO2; kinds of energy) add up to one another, and a number can be a
    fixed multiple of another (CO2 of power is electricity times a factor): such tables, of this release and of all
    before, are protected as one system.
    """

    read: Read
    frame: Frame
    rule: ConfidentialityRule
    tables: Mapping[Key, Protected]
    period: Period

    def value(self, number: Number, period: Period, place: Place) -> float | None:
        """The value of a released cell; None where it is withheld or does not exist."""
        table = self.tables.get((number, period))
        cell = table.by_place.get(place) if table else None
        return None if cell is None else cell.released

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
        return tuple(sorted({(key, place) for key, table in self.tables.items() for place in table.given_away}))


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
    added = {
        (number, each): rows
        for each in (period.shifted(-1), period)
        for number in numbers
        if (rows := contributions_of(read, frame, number, (each.start, each.end)))
    }
    tables: dict[Key, Protected] = {}
    earlier = read_all_layers(store.workspace.releases)
    for keys in _linked(added):
        own = [Layer(_name(*key), frame.dimensions, tuple(added[key]), family=_kind(read, key[0])) for key in keys]
        tables |= zip(keys, protect_together(own, rule, _before(read, keys, added, earlier, frame)), strict=True)
    return Protection(read, frame, rule, {key: tables[key] for key in added}, period)


def _linked(added: Mapping[Key, Sequence[Contribution]]) -> list[list[Key]]:
    """The numbers that are protected together: of one period, and of one family or one a multiple of the other."""
    group: dict[Key, list[Key]] = {key: [key] for key in added}
    for one, other in combinations(added, 2):
        linked = _family(one[0]) == _family(other[0]) or are_proportional(added[one], added[other])
        if one[1] == other[1] and linked and group[one] is not group[other]:
            group[one].extend(group[other])
            for key in group[other]:
                group[key] = group[one]
    order = list(added)
    return [sorted(keys, key=order.index) for keys in {id(keys): keys for keys in group.values()}.values()]


def _before(
    read: Read, keys: Sequence[Key], added: Mapping[Key, Sequence[Contribution]], earlier: Sequence[Layer], frame: Frame
) -> list[Layer]:
    """What was released before of these families and the same period."""
    families = {_family(number) for number, _ in keys}
    found = []
    for layer in earlier:
        before = _key(layer.key)
        if before is None or before[1] != keys[0][1]:
            continue
        is_linked = _family(before[0]) in families
        if is_linked or any(are_proportional(added[key], fitted(layer, frame, added[key])) for key in keys):
            found.append(replace(layer, family=_kind(read, before[0])))
    return found


def record_release(protection: Protection, store: Store) -> None:
    """Keep what was released, so that later releases are held against it."""
    for _, table in sorted(protection.tables.items()):
        record_layer(store.workspace.releases, table.layer)


def records_of(store: Store) -> Path:
    """Where released distributions are kept."""
    return store.workspace.releases / "spreads"


def place_names(protection: Protection, place: Place) -> tuple[Text, Text]:
    """The names of a region and an industry."""
    say, names = protection.read.names.say, protection.read.names
    region, industry = place
    where = names.area(region.removeprefix("area:")) if region.startswith("area:") else names.entity(region)
    where = say("statistics.rest") if region == "rest" else where
    kind = names.industry(industry.removeprefix("industry:"))
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


def _kind(read: Read, number: Number) -> str:
    """What a number may be subtracted from: its family in its unit."""
    known = read.packs.quantities.get(number[0])
    return f"{_family(number)}|{known.unit if known else ''}"


def _name(number: Number, period: Period) -> str:
    return "|".join((*number, str(period)))


def _key(name: str) -> Key | None:
    """The number and period of a released table; None where it is a difference of two."""
    parts = name.split("|")
    return ((parts[0], parts[1]), Period.parse(parts[2])) if len(parts) == 3 else None
