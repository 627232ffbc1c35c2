"""What each enterprise contributes to the totals of a run, and the hierarchies by which a release adds it up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from greenpark.engine.store import RunRecord, Store
from greenpark.pipeline.statistics.reading import Read
from greenpark.publish.confidentiality import Contribution, Dimension, Layer

ALL, REST, UNKNOWN = "all", "rest", "unknown"
_ROUNDING = 1e-9
_PROOF = 4
Number = tuple[str, str]  # quantity and variant


@dataclass(frozen=True)
class Frame:
    """The two dimensions of a release: where (boundary, province, and zones where they may be named), and which industry.

    A run without zones is laid out by what lies above its units (states, groups), which may always be named.

    ``zone_of``: the zone of each member; ``area_of``: the code of the region dimension that a zone is counted in.
    """

    region: Dimension
    industry: Dimension
    zones: tuple[str, ...]
    zone_of: Mapping[str, str]
    area_of: Mapping[str, str]
    industry_of: Mapping[str, str]

    def kind_of(self, entity: str, fallback: str = f"industry:{UNKNOWN}") -> str:
        """The code of the industry dimension that an entity is counted in."""
        own = self.industry_of.get(entity)
        code = f"industry:{own}" if own else fallback
        return code if code in self.industry.parents else ALL

    @property
    def dimensions(self) -> tuple[Dimension, Dimension]:
        """Both, in the order of a place."""
        return self.region, self.industry


def frame_of(read: Read, record: RunRecord, store: Store, *, name_zones: bool) -> Frame:
    """The dimensions of a run's release."""
    top = read.boundary
    zones = read.levels("zone") or _between(read) or (top,)
    zone_of = {each: _zone_above(each, read, set(zones)) for each in read.members}
    regions = {top: ""}
    area_of = {}
    for zone in zones:
        if zone == top:
            area_of[zone] = top
            continue
        if read.members[zone]["kind"] != "zone":  # a state or a group, which is nobody's own
            regions[zone] = top
            area_of[zone] = zone
            continue
        area = f"area:{read.members[zone]['area'] or UNKNOWN}"
        regions.setdefault(area, top)
        area_of[zone] = area
        if name_zones:
            regions[zone] = area
            area_of[zone] = zone
    regions[REST] = top
    industry_of = _industries(record, store)
    codes = {f"industry:{code}" for code in industry_of.values()}
    # Where nobody's industry is known, there is one dimension less.
    codes |= {f"industry:{UNKNOWN}", REST} if codes else set()
    industries = {**dict.fromkeys(sorted(codes), ALL), ALL: ""}
    return Frame(Dimension("region", regions), Dimension("industry", industries), zones, zone_of, area_of, industry_of)


def contributions_of(read: Read, frame: Frame, number: Number, period: tuple[object, object]) -> list[Contribution]:
    """What units, and zones that report as a whole, add to one number in one period.

    What a zone's own total has beside its units (settlements inside the park, losses, what the zone reports itself) is
    counted as the contribution of one more respondent: it may give a single unit away as well.
    """
    values = {
        row["entity"]: row["value"]
        for row in read.series
        if (row["quantity"], row["variant"]) == number
        and (row["start"], row["end"]) == period
        and row["value"] is not None
    }
    found: list[Contribution] = []
    sums: dict[str, float] = defaultdict(float)
    sizes: dict[str, float] = defaultdict(float)
    for entity, value in values.items():
        if read.members[entity]["kind"] in ("unit", "plant"):
            zone = frame.zone_of[entity]
            found.append(Contribution(entity, (frame.area_of.get(zone, REST), frame.kind_of(entity)), value))
            sums[zone] += value
            sizes[zone] += abs(value)
    found += _rests(values, frame, sums, sizes, read.boundary)
    known = [values.get(zone, sums.get(zone)) for zone in frame.zones]
    total = sum(each for each in known if each is not None)
    whole = values.get(read.boundary)
    if read.boundary not in frame.zones and whole is not None and _differs(whole - total, total):
        found.append(Contribution(f"{read.boundary} {REST}", (REST, frame.kind_of("", REST)), whole - total))
    return found


def are_proportional(one: Sequence[Contribution], other: Sequence[Contribution]) -> bool:
    """Whether a number is the same multiple of another for all units, and for more of them than chance would allow."""
    left, right = ({(each.unit, each.place): each.value for each in rows if each.value} for rows in (one, other))
    if left.keys() != right.keys() or len(left) < _PROOF:
        return False
    ratios = [left[key] / right[key] for key in left]
    return not _differs(max(ratios) - min(ratios), max(map(abs, ratios)))


def fitted(layer: Layer, frame: Frame, rows: Sequence[Contribution]) -> list[Contribution]:
    """The contributions of a table that was released before, where this release counts them."""
    if layer.dimensions == frame.dimensions:
        return list(layer.contributions)
    places = {each.unit: each.place for each in rows}
    found = []
    for each in layer.contributions:
        region, industry = each.place
        place = (
            region if region in frame.region.parents else REST,
            industry if industry in frame.industry.parents else ALL,
        )
        found.append(Contribution(each.unit, places.get(each.unit, place), each.value))
    return found


def _rests(
    values: Mapping[str, float], frame: Frame, sums: Mapping[str, float], sizes: Mapping[str, float], boundary: str
) -> Iterator[Contribution]:
    for zone in frame.zones:
        if zone not in values:
            continue
        rest = values[zone] - sums.get(zone, 0.0)
        if zone not in sums:
            # What a park reports of itself is its own to publish; in the sum of several zones each is a respondent.
            yield Contribution("" if zone == boundary else zone, (frame.area_of[zone], frame.kind_of(zone)), rest)
        elif _differs(rest, sizes[zone]):
            yield Contribution(f"{zone} {REST}", (frame.area_of[zone], frame.kind_of("", REST)), rest)


def _differs(rest: float, size: float) -> bool:
    return abs(rest) > _ROUNDING * abs(size)


def _between(read: Read) -> tuple[str, ...]:
    """Where no zones are: what lies right above units, other than the boundary."""
    above = {row["parent"] for row in read.members.values() if row["kind"] in ("unit", "plant")}
    return tuple(sorted(above & set(read.members) - {read.boundary}))


def _zone_above(entity: str, read: Read, zones: set[str]) -> str:
    """The zone that an entity lies in; the boundary where there is none."""
    seen: set[str] = set()
    while entity and entity not in seen:
        if entity in zones:
            return entity
        seen.add(entity)
        entity = read.members[entity]["parent"] if entity in read.members else ""
    return read.boundary


def _industries(record: RunRecord, store: Store) -> dict[str, str]:
    rows = store.read("entities", record.batches)
    known = rows.filter(rows["industry"].notnull()).select("entity", "industry").distinct()
    found = store.engine.to_arrow(known.order_by(["entity", "industry"])).to_pylist()
    return {row["entity"]: row["industry"] for row in found}
