"""Energy that is deducted as made, recovered or sold although nothing was counted that it came from.

A unit's comprehensive energy is its use less what it makes and recovers, and the total of a level deducts what is sold.
Where the unit reports nothing put in, nothing bought and nothing used, the deduction has nothing to stand against: totals
are too low by an amount that nobody knows. They are marked as partial; no number is put in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.account.cells import emission_cells
from greenpark.account.entries import is_traded
from greenpark.account.gaps import FAMILIES, Locate, first_located, placed_finding
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.contents import ESTIMATED_FLOW
from greenpark.model.findings import Finding
from greenpark.model.knowledge import Carrier

DECIMALS = 6
_KEYS = ("entity", "carrier", "year")
_UNIT = ["entity", "year"]
# A use that follows from stocks and purchases is a use.
_USES = ("use_industrial", "use_other", "", f"{ESTIMATED_FLOW}purchase", f"{ESTIMATED_FLOW}stock_open")
_AMOUNTS: Mapping[str, tuple[str, ...]] = {
    "used": _USES, "put_in": ("transform_in",), "made": ("transform_out",), "recovered": ("recovery",), "sold": ("sale",),
    "got": ("purchase", "stock_open"),
}  # fmt: skip
_ENERGY_ALONE = FAMILIES["used"]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Origins:
    """``lacking``: entity, carrier, flow, year and the families of figures that are too low; ``say`` the findings."""

    lacking: tuple[Row, ...]
    say: Callable[[Locate], tuple[Finding, ...]]

    @classmethod
    def none(cls) -> Origins:
        """Nothing lacking or found."""
        return cls((), lambda locate: ())


@dataclass(frozen=True)
class _Kinds:
    """Carriers by what a finding depends on; ``carbon``: what gives CO2 as a fuel, or when it is bought and sold."""

    fuels: tuple[str, ...]
    biogenic: tuple[str, ...]
    power: tuple[str, ...]
    heat: tuple[str, ...]
    waste: tuple[str, ...]
    own: tuple[str, ...]
    renewable: tuple[str, ...]
    traded: tuple[str, ...]
    carbon: frozenset[str]


def find_unfed(cells: Any, matches: pa.Table, slots: int, carriers: Mapping[str, Carrier], engine: Engine) -> Origins:
    """What units made, recovered or sold of which nothing was counted before.

    Parameters
    ----------
    cells
        Cells of everything that enters totals, with the amounts of their matches.

    Returns
    -------
    Origins
        Power or heat sold but neither bought, made nor recovered; power or heat made with nothing put in; own power made
        beyond own use; fuels made or recovered without another fuel put in; CO2 from combustion below zero. Waste heat,
        by-product hydrogen and biogenic fuels may be recovered from what is no fuel.
    """
    if not {"sale", "transform_out", "recovery"} & set(matches.column("flow").to_pylist()):
        return Origins.none()
    kinds = _kinds(matches, carriers)
    rows = engine.to_arrow(_suspects(cells, kinds)).to_pylist()
    rows.sort(key=lambda row: tuple(str(row[name]) for name in _KEYS))
    unsold = [_found(row, "sale", row["sold"], kinds) for row in rows if row["unsupplied"]]
    unmade = [_found(row, "transform_out", row["made"] + row["recovered"], kinds) for row in rows if row["unfed"]]
    beyond = [
        _found(row, "transform_out", row["made"] + row["recovered"] - row["used"], kinds)
        for row in rows
        if row["beyond"] and not row["unfed"]
    ]
    gas = [
        _found(row, "recovery" if row["recovered"] else "transform_out", row["made"] + row["recovered"], kinds)
        for row in rows
        if row["no_fuel"]
    ]
    told_already = {(row["entity"], row["year"]) for row in gas}
    below = [
        row for row in _below_zero(cells, matches, slots, engine) if (row["entity"], row["year"]) not in told_already
    ]
    told = (
        ("sold_without_supply", unsold),
        ("made_without_input", unmade),
        ("own_power_beyond_use", beyond),
        ("fuel_without_input", gas),
        ("negative_combustion", below),
    )

    def say(locate: Locate) -> tuple[Finding, ...]:
        return tuple(finding for rule, found in told for finding in _findings(rule, found, carriers, locate))

    return Origins(tuple(row for _, found in told for row in found), say)


def _kinds(matches: pa.Table, carriers: Mapping[str, Carrier]) -> _Kinds:
    def of(*kinds: str) -> tuple[str, ...]:
        return tuple(sorted(each.id for each in carriers.values() if each.kind in kinds))

    rows = matches.select(["produces", "item", "rate"]).to_pylist()
    return _Kinds(
        fuels=of("fuel"), power=of("electricity"), heat=of("heat"), waste=of("recovered"),
        biogenic=tuple(sorted(each.id for each in carriers.values() if each.kind == "fuel" and each.biogenic)),
        own=tuple(sorted(each.id for each in carriers.values() if each.self_generated)),
        renewable=tuple(sorted(each.id for each in carriers.values() if each.renewable)),
        traded=tuple(sorted(each.id for each in carriers.values() if is_traded(each))),
        carbon=frozenset(row["item"] for row in rows if row["produces"] == "emissions" and row["rate"]),
    )  # fmt: skip


def _suspects(cells: Any, kinds: _Kinds) -> Any:
    """Series with something that was put out, beside what their unit put in, where one of the rules holds."""
    energy = cells.filter((cells.quantity == "energy.amount") & (cells.year > 0) & (cells.carrier != ""))
    sums = energy.group_by(list(_KEYS)).aggregate(
        **{
            name: exact_sum(ibis.ifelse(energy.flow.isin(list(flows)), energy.value, 0.0), DECIMALS).fill_null(0.0)
            for name, flows in _AMOUNTS.items()
        }
    )
    out = sums.filter((sums.made > 0) | (sums.recovered > 0) | (sums.sold > 0))
    units = _put_in(sums.semi_join(out, _UNIT), kinds)
    rows = out.inner_join(units, _UNIT)
    rows = rows.mutate(
        unsupplied=rows.carrier.isin(list(kinds.traded))
        & (rows.sold > 0)
        & (rows.got + rows.made + rows.recovered <= 0)
        & ~ibis.ifelse(rows.carrier.isin(list(kinds.heat)), rows.makes_heat, rows.makes_power),
        unfed=_is_unfed(rows, kinds),
        beyond=rows.carrier.isin(list(kinds.own)) & (rows.made + rows.recovered > rows.used),
        no_fuel=rows.carrier.isin(sorted(kinds.carbon & (set(kinds.fuels) - set(kinds.biogenic))))
        & (rows.made + rows.recovered > 0)
        & ~(rows.any_net_fuel | rows.any_other_put_in),
    )
    names = [*_KEYS, "used", "made", "recovered", "sold", "unsupplied", "unfed", "beyond", "no_fuel"]
    return rows.filter(rows.unsupplied | rows.unfed | rows.beyond | rows.no_fuel).select(*names)


def _put_in(sums: Any, kinds: _Kinds) -> Any:
    """What each unit puts in: fuels beyond those it makes itself, waste heat, bought heat, power, anything transformed."""

    def any_of(carriers: Sequence[str], condition: Any) -> Any:
        return (sums.carrier.isin(list(carriers)) & condition).any()

    taken = (sums.used > 0) | (sums.put_in > 0)
    net = sums.used - sums.made - sums.recovered
    fuels = list(kinds.fuels)
    return sums.group_by(_UNIT).aggregate(
        any_fuel=any_of(fuels, taken),
        any_net_fuel=any_of(fuels, (net > 0) | ((sums.put_in > 0) & (sums.made + sums.recovered == 0))),
        any_biogenic=any_of(kinds.biogenic, taken),
        any_waste=any_of(kinds.waste, taken | (sums.recovered > 0)),
        any_heat=any_of(kinds.heat, taken),
        any_net_heat=any_of(kinds.heat, net > 0),
        any_power=any_of(kinds.power, taken),
        makes_heat=any_of(kinds.heat, (sums.made > 0) | (sums.recovered > 0)),
        makes_power=any_of(kinds.power, (sums.made > 0) | (sums.recovered > 0)),
        any_put_in=(sums.put_in > 0).any(),
        any_other_put_in=((sums.put_in > 0) & ~sums.carrier.isin(fuels)).any(),
    )


def _is_unfed(rows: Any, kinds: _Kinds) -> Any:
    """Whether power or heat was made of nothing: renewable kinds need something transformed or a biogenic fuel."""
    is_own, is_power = rows.carrier.isin(list(kinds.own)), rows.carrier.isin(list(kinds.power))
    is_heat, renewable = rows.carrier.isin(list(kinds.heat)), rows.carrier.isin(list(kinds.renewable))
    fed = rows.any_put_in | rows.any_biogenic | (~renewable & rows.any_fuel)
    fed = (
        fed
        | (is_power & ~renewable & (rows.any_waste | rows.any_heat))
        | (is_heat & (rows.any_waste | rows.any_power | rows.any_net_heat))
    )
    made = ibis.ifelse(is_own, rows.made + rows.recovered, rows.made)
    return (is_power | is_heat) & (made > 0) & ~fed


def _found(row: Row, flow: str, amount: float, kinds: _Kinds) -> Row:
    """What is lacking: energy alone where the carrier gives no CO2, or is renewable and made of no fuel."""
    renewable = row["carrier"] in kinds.renewable and (flow != "sale" or row["carrier"] not in kinds.carbon)
    traded = row["carrier"] in {*kinds.power, *kinds.heat}
    families = _ENERGY_ALONE if renewable else FAMILIES["traded" if traded else "fuel"]
    return {**{name: row[name] for name in _KEYS}, "flow": flow, "amount": amount, "families": families}


def _below_zero(cells: Any, matches: pa.Table, slots: int, engine: Engine) -> list[Row]:
    """Units whose fuels made and recovered hold more carbon than the fuels put in."""
    burnt = matches.filter((pc.field("category") == "combustion") & (pc.field("gas") == "CO2"))
    if not burnt.filter(pc.field("coefficient") * pc.field("rate") < 0).num_rows:
        return []
    found = emission_cells(cells, engine.from_arrow(burnt), slots)
    found = found.filter(found.start.notnull())
    found = found.mutate(year=found.start.year().cast("int64"), deducted=ibis.ifelse(found.t < 0, found.carrier, None))
    sums = found.group_by(["entity", "year", "method"]).aggregate(
        amount=exact_sum(found.t, DECIMALS), carrier=found.deducted.min()
    )
    rows = engine.to_arrow(sums.filter(sums.amount < -(10.0**-DECIMALS))).to_pylist()
    rows.sort(key=lambda row: (row["entity"], row["year"], row["amount"]))
    least = {(row["entity"], row["year"]): row for row in reversed(rows)}
    return [
        {**{name: row[name] for name in (*_KEYS, "amount")}, "flow": "recovery", "families": FAMILIES["fuel"]}
        for _, row in sorted(least.items())
    ]


def _findings(rule: str, rows: Sequence[Row], carriers: Mapping[str, Carrier], locate: Locate) -> tuple[Finding, ...]:
    def finding(row: Row) -> Finding:
        unit = "tCO2" if rule == "negative_combustion" else carriers[row["carrier"]].unit
        return placed_finding(rule, "error", row, amount=row["amount"], unit=unit)

    return first_located(rule, rows, finding, locate)
