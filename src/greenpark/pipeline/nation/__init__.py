"""An invented nation: as many zones and enterprises as are wanted, adding up to the published totals."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from greenpark.account.methods import METHODS
from greenpark.catalog import Packs
from greenpark.engine.provenance import hash_words
from greenpark.engine.store import BatchSource, Store
from greenpark.engine.units import Units
from greenpark.model.job import JobError
from greenpark.model.knowledge import Method, Zone
from greenpark.model.simulation import Aggregate, SimulationPack
from greenpark.model.text import Language
from greenpark.pipeline.nation.made import GDP, MONTHS, VALUE_ADDED, InventedNames, Nation, zone_tables
from greenpark.pipeline.wiring import knowledge_of

PACK = "national_zones"
BOUNDARY = "national_high_tech_zones"
PROFILE = "china_park_province"
JOB = "job.yaml"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_INTENSITY = "energy.per_value_added"
_GROUP = "group"


@dataclass(frozen=True)
class Wanted:
    """How large the nation is, its first year and how many, which months of the last one, and the seed."""

    zones: int
    enterprises: int
    year: int
    seed: int
    months: int = MONTHS
    since: int = 1
    years: int = 1


def simulate(wanted: Wanted, packs: Packs, store: Store, told: Callable[[str, str], None]) -> int:
    """Write the batches of every zone and a job file into a workspace; the number of rows that were written.

    One batch per zone and year, of the kind ``simulation``; the same seed gives the same batches.

    Raises
    ------
    JobError
        When more zones are wanted than the packs know.
    """
    rows = 0
    for year in range(wanted.year, wanted.year + wanted.years):
        nation = make_nation(wanted, packs, year)
        is_last = year == wanted.year + wanted.years - 1
        months = range(wanted.since, wanted.months + 1) if is_last else range(1, MONTHS + 1)
        for number, zone in enumerate(nation.zones):
            told("pipeline.simulating", f"{year} {number + 1}/{len(nation.zones)} {zone.id}")
            observations, entities = zone_tables(nation, number, months)
            source = _source(wanted, nation, zone, months, packs)
            store.append(observations, entities, source, kind="simulation")
            rows += observations.num_rows
    _write_job(wanted, packs, store.workspace.folder / JOB)
    return rows


def make_nation(wanted: Wanted, packs: Packs, year: int) -> Nation:
    """The nation of a year, whose totals are the newest published ones up to that year."""
    pack = packs.simulations[PACK]
    known = sorted((zone for zone in packs.zones.values() if zone.batch != _GROUP), key=_order)
    if wanted.zones > len(known):
        raise JobError("pipeline.too_many_zones", wanted=wanted.zones, known=len(known))
    zones = known[: wanted.zones]
    units = Units(packs.units.values())
    money = packs.quantities[VALUE_ADDED].unit
    value_added = _total(pack, VALUE_ADDED, year, money, units)
    totals = {
        VALUE_ADDED: value_added,
        GDP: _total(pack, GDP, year, money, units),
        "energy": value_added * _total(pack, _INTENSITY, year, f"tce/{money}", units),
    }
    parameters = {each.quantity: each.value for each in pack.aggregates if not each.published}
    return Nation(
        zones, wanted.enterprises, year, wanted.seed, pack.lines, _units(pack, packs), _tce(packs), totals, parameters,
        _pairs(zones, int(parameters["simulation.shared_pairs"])), money, _names(packs),
    )  # fmt: skip


def _names(packs: Packs) -> InventedNames:
    """Entities have one name, in Chinese: that of the forms."""
    say = partial(packs.messages.say, language="zh")
    return InventedNames(
        lambda zone: say("pipeline.invented.zone", zone=zone),
        lambda zone, unit: say("pipeline.invented.enterprise", zone=zone, unit=unit),
        say("pipeline.invented.sub_park"),
    )


def _order(zone: Zone) -> tuple[str, int, str]:
    """Zones of a province stand together, the later ones last."""
    return zone.province, zone.approved_year or 0, zone.id


def _pairs(zones: list[Zone], count: int) -> tuple[tuple[int, int], ...]:
    """The first pairs of zones that follow each other in one province, no zone twice."""
    found: list[tuple[int, int]] = []
    for first in range(len(zones) - 1):
        free = not found or found[-1][1] < first
        if free and len(found) < count and zones[first].province == zones[first + 1].province:
            found.append((first, first + 1))
    return tuple(found)


def _total(pack: SimulationPack, quantity: str, year: int, unit: str, units: Units) -> float:
    """The newest published total up to a year, or else the oldest."""
    known = sorted((each for each in pack.aggregates if each.quantity == quantity), key=_year)
    chosen = next((each for each in reversed(known) if each.year <= year), known[0])
    return chosen.value * units.multiplier(chosen.unit, unit)


def _year(aggregate: Aggregate) -> int:
    return aggregate.year


def _units(pack: SimulationPack, packs: Packs) -> dict[str, str]:
    return {line.carrier: packs.carriers[line.carrier].unit for line in pack.lines}


def _tce(packs: Packs) -> dict[str, float]:
    """The standard coal of one unit of each carrier, by the profile's method on the calorific basis."""
    method = _calorific(packs)
    rates = METHODS[method.function](method, knowledge_of(packs))
    return {rate.item: rate.value for rate in reversed(rates) if rate.value}


def _calorific(packs: Packs) -> Method:
    methods = (packs.methods[name] for name in packs.profiles[PROFILE].methods)
    return next(each for each in methods if each.basis == "calorific")


def _source(wanted: Wanted, nation: Nation, zone: Zone, months: range, packs: Packs) -> BatchSource:
    first, last = months.start, months.stop - 1
    whole = (first, last) == (1, MONTHS)
    period = f"{nation.year}" if whole else f"{nation.year}-{first:02d}/{nation.year}-{last:02d}"
    version = packs.heads[f"simulations/{PACK}"].version
    words = (str(wanted.zones), str(wanted.enterprises), str(wanted.seed), zone.id, period, version)
    return BatchSource(f"invented-{zone.id}", hash_words(*words), "simulation", version, zone.id, period)


def _write_job(wanted: Wanted, packs: Packs, path: Path) -> None:
    said = {
        name: {each: packs.messages.say(f"pipeline.invented.{name}", each, seed=wanted.seed) for each in LANGUAGES}
        for name in ("title", "note")
    }
    job = {
        "id": "invented_nation", **said, "invented": True, "inputs": [{"kind": "accepted"}], "boundary": BOUNDARY,
        "profile": PROFILE, "figures_of": ["group", "zone", "sub_park"],
        "years": [wanted.year + number for number in range(wanted.years)],
    }  # fmt: skip
    # JSON is YAML, and needs no writer of its own.
    path.write_text(json.dumps(job, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
