"""Where the parks of a run stand among their peers: the groups, made from what is known of parks, and their benchmark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.engine.schema import arrow_schema
from greenpark.engine.store import Store
from greenpark.evaluate import Context
from greenpark.evaluate.gap import Compared, PeerGroup, peer_benchmark, peer_groups, peers_of, size_classes
from greenpark.model.gaps import PEERS
from greenpark.model.peering import INDUSTRY, REGION, SIZE, Peering
from greenpark.model.time import Period
from greenpark.pipeline.judging import Judging

_PARKS = ("zone", "sub_park")
_TOTAL = ("entity", "quantity", "variant", "start", "end", "value")
_DIVISION = 2  # digits of a division of GB/T 4754


def peer_rows(
    judging: Judging, indicators: pa.Table, totals: pa.Table, peering: Peering, year: int | None = None
) -> pa.Table:
    """The table ``peers`` without its run: all parks in one year, the newest where none is named.

    Kinds of park of which the job has too few for anything to be shown are left out.

    Parameters
    ----------
    totals
        The totals of all entities of the quantity that sizes are measured by.
    """
    period = _year_of(indicators, year)
    parks = [park for kind in _PARKS if len(own := _parks_of(judging.context, kind)) > peering.least for park in own]
    if period is None or not parks:
        return arrow_schema(PEERS).empty_table().drop_columns(["run"])
    dated = pc.and_(pc.equal(indicators.column("start"), period.start), pc.equal(indicators.column("end"), period.end))
    rows = indicators.filter(dated)
    units = dict(zip(*(rows.column(name).to_pylist() for name in ("indicator", "unit")), strict=True))
    return peer_benchmark(rows, _groups(judging.context, _sizes(totals, period), peering), units, peering)


def peers_behind(
    judging: Judging, indicators: pa.Table, totals: pa.Table, peering: Peering, parks: Sequence[str],
    year: int | None = None,
) -> dict[Compared, frozenset[str]]:  # fmt: skip
    """The other parks that each row of ``peer_rows`` rests on, for some parks."""
    period = _year_of(indicators, year)
    if period is None:
        return {}
    dated = pc.and_(pc.equal(indicators.column("start"), period.start), pc.equal(indicators.column("end"), period.end))
    return peers_of(indicators.filter(dated), _groups(judging.context, _sizes(totals, period), peering), parks)


def sizes_of(figures: Any, peering: Peering, store: Store) -> pa.Table:
    """The totals by which parks are sized, of all entities; none where no group asks for them."""
    rows = figures.filter((figures.item == "") & (figures.quantity == peering.size_by)).select(*_TOTAL)
    return store.engine.to_arrow(rows if {SIZE, INDUSTRY} & set(peering.by) else rows.limit(0))


def _year_of(indicators: pa.Table, year: int | None) -> Period | None:
    """The year asked for, or the newest that any indicator has."""
    starts = {start.year for start, end in _periods(indicators) if end == date(start.year + 1, 1, 1)}
    wanted = max(starts, default=None) if year is None else year
    return None if wanted is None else Period.year(wanted)


def _periods(indicators: pa.Table) -> list[tuple[date, date]]:
    pairs = indicators.select(["start", "end"]).group_by(["start", "end"]).aggregate([]).to_pylist()
    return [(each["start"], each["end"]) for each in pairs if each["start"] and each["end"]]


def _parks_of(context: Context, kind: str) -> list[str]:
    return sorted(name for name in context.attributes if kind in context.words(name, "kind"))


def _groups(context: Context, sizes: Mapping[str, float], peering: Peering) -> tuple[PeerGroup, ...]:
    """Each kind of park in its groups."""
    groups: list[PeerGroup] = []
    leading = _leading_industries(context, sizes) if INDUSTRY in peering.by else {}
    for kind in _PARKS:
        parks = _parks_of(context, kind)
        if len(parks) <= peering.least:
            continue
        third = size_classes({park: sizes[park] for park in parks if park in sizes}) if SIZE in peering.by else {}
        words = {park: _words(context, park, peering.by, third, leading) for park in parks}
        groups += peer_groups(parks, peering.by, words)
    return tuple(groups)


def _words(
    context: Context, park: str, by: Sequence[str], third: Mapping[str, str], leading: Mapping[str, str]
) -> dict[str, str]:
    """What a park is: what the job or the register states goes before what is worked out."""

    def stated(attribute: str) -> str:
        return next(iter(context.words(park, attribute)), "")

    known = {
        REGION: stated("province"),
        INDUSTRY: _division(stated(INDUSTRY)) or leading.get(park, ""),
        SIZE: stated(SIZE) or third.get(park, ""),
    }
    return {each: known[each] if each in known else stated(each) for each in by}


def _sizes(totals: pa.Table, period: Period) -> dict[str, float]:
    """The size of each entity in the year, under the first variant that there is."""
    dated = pc.and_(pc.equal(totals.column("start"), period.start), pc.equal(totals.column("end"), period.end))
    rows = totals.filter(pc.and_(dated, pc.is_valid(totals.column("value"))))
    variants = sorted(each or "" for each in rows.column("variant").unique().to_pylist())
    if not variants:
        return {}
    own = rows.filter(pc.equal(pc.fill_null(rows.column("variant"), ""), variants[0]))
    return dict(zip(own.column("entity").to_pylist(), own.column("value").to_pylist(), strict=True))


def _leading_industries(context: Context, sizes: Mapping[str, float]) -> dict[str, str]:
    """The division of each park whose units are the largest together; none where those of no known industry are."""
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for unit in sorted(name for name in sizes if "unit" in context.words(name, "kind")):
        for park in _above(context, unit):
            sums[park][_division(next(iter(context.words(unit, INDUSTRY)), ""))] += sizes[unit]
    return {park: max(sorted(own), key=lambda each: own[each]) for park, own in sums.items()}


def _above(context: Context, unit: str) -> list[str]:
    """All entities above a unit."""
    found: list[str] = []
    here = context.parents.get(unit, "")
    while here and here not in found:
        found.append(here)
        here = context.parents.get(here, "")
    return found


def _division(code: str) -> str:
    """The division of an industry code, with or without the letter of its section; the word itself where it has no digits."""
    digits = "".join(sign for sign in code if sign.isdigit())
    return digits[:_DIVISION] if len(digits) >= _DIVISION else code
