"""The figures of an inventory: CO2 by category and view, energy on each basis, power and heat in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.consolidate import as_figures, internal_transfers, roll_up
from greenpark.model.knowledge import Carrier, Method, Profile

Keep = Callable[[Any], Any]  # computes a table once and keeps it: engine.cache
ENERGY_IN_TOTAL = ("use", "use_other", "output", "recovery")
GREEN_ELECTRICITY = {"electricity.direct_green": "direct_green", "electricity.traded_green": "traded_green"}


@dataclass(frozen=True)
class View:
    """A total with a name: which methods enter it. ``variant`` is how figures and indicators call it."""

    variant: str
    methods: tuple[str, ...]


def list_views(profiles: Sequence[Profile], methods: Mapping[str, Method]) -> tuple[View, ...]:
    """The CO2 views of the profiles: direct methods with those of each view; the first profile names ``direct``."""
    views: dict[str, View] = {}
    for profile in profiles:
        members = [methods[name] for name in profile.methods if methods[name].produces == "emissions"]
        direct = [_name(each) for each in members if (each.view or "direct") == "direct"]
        if profile is profiles[0]:
            views["direct"] = View("", tuple(direct))
        for view in sorted({each.view for each in members} - {"", "direct"}):
            own = [_name(each) for each in members if each.view == view]
            views.setdefault(view, View(f"view={view}", (*direct, *own)))
    return tuple(views.values())


def list_bases(profiles: Sequence[Profile], methods: Mapping[str, Method]) -> tuple[View, ...]:
    """The energy totals of the profiles: one per basis, and one more where a profile counts differently."""
    found: dict[tuple[str, ...], View] = {}
    for profile in profiles:
        for basis in ("calorific", "primary_energy"):
            members = tuple(_name(methods[m]) for m in profile.methods if methods[m].basis == basis)
            label = f"basis={basis}" if profile is profiles[0] else f"basis={basis}@{profile.id}"
            if members:
                found.setdefault(members, View(label, members))
    return tuple(found.values())


def _name(method: Method) -> str:
    return f"{method.id}@{method.version}"


def emission_figures(emissions: Any, observations: Any, closure: Any, views: Sequence[View], keep: Keep) -> Any:
    """CO2 and greenhouse gas figures of every entity and year [tCO2], [tCO2e]."""
    amounts = {"t": "t", "co2e": "co2e"}
    by = ["carrier", "category", "scope", "gas", "method"]
    memo = emissions.category.isin(["power_internal", "heat_internal"])
    totals = keep(roll_up(emissions.filter(~memo), amounts, by, closure))
    internal = keep(internal_transfers(emissions.filter(memo), observations, amounts, by, closure))
    parts: list[Any] = []
    for view in views:
        chosen = totals.filter(totals.method.isin(view.methods))
        inside = internal.filter(internal.method.isin(view.methods))
        parts += _direct_figures(chosen) if not view.variant else _view_figures(chosen, inside, view.variant)
    return _union(parts)


def _direct_figures(totals: Any) -> list[Any]:
    co2 = totals.filter(totals.gas == "CO2")
    direct = co2.filter(co2.scope == 1)
    parts = []
    for quantity, rows in (
        ("co2.combustion", direct.filter(direct.category == "combustion")),
        ("co2.process", direct.filter(direct.category == "process")),
        ("co2.direct", direct),
        ("co2.biogenic", co2.filter(co2.category == "biogenic")),
    ):
        parts.append(as_figures(rows, quantity, "tCO2", rows.t))
        parts.append(as_figures(rows, quantity, "tCO2", rows.t, item=rows.carrier))
    return parts


def _view_figures(totals: Any, internal: Any, variant: str) -> list[Any]:
    co2 = totals.filter((totals.gas == "CO2") & totals.scope.isin([1, 2]))
    inside = internal.filter(internal.gas == "CO2")
    ghg = totals.filter(totals.scope.isin([1, 2]))
    gross = co2.filter(~co2.category.isin(["power_out", "heat_out"]))
    parts = [
        as_figures(co2, "co2.total", "tCO2", co2.t, variant=variant),
        as_figures(co2, "co2.total", "tCO2", co2.t, item=co2.category, variant=variant),
        as_figures(ghg, "ghg.total", "tCO2e", ghg.co2e, variant=variant),
        as_figures(gross, "co2.enterprise_sum", "tCO2", gross.t, variant=variant),
        as_figures(inside, "co2.internal_double_count", "tCO2", inside.t, variant=variant),
    ]
    for kind in ("power", "heat"):
        parts += _exchange_figures(co2, inside, kind, variant)
    return parts


def _exchange_figures(co2: Any, inside: Any, kind: str, variant: str) -> list[Any]:
    bought, sold = co2.filter(co2.category == f"{kind}_in"), co2.filter(co2.category == f"{kind}_out")
    within = inside.filter(inside.category == f"{kind}_internal")
    net = co2.filter(co2.category.isin([f"{kind}_in", f"{kind}_out"]))
    quantity = f"co2.{kind}_net"
    minus = within.mutate(t=-within.t, estimated=-within.estimated)
    return [
        as_figures(net, quantity, "tCO2", net.t, variant=variant),
        _sum_figures([bought, minus], quantity, "import", variant),
        _sum_figures([sold, within], quantity, "export", variant),
    ]


def _sum_figures(tables: Sequence[Any], quantity: str, item: str, variant: str) -> Any:
    columns = ["entity", "start", "end", "t", "rows", "rows_unmatched", "estimated", "confidence"]
    rows = _union([table.select(columns) for table in tables])
    return as_figures(rows, quantity, "tCO2", rows.t, item=item, variant=variant)


def energy_figures(
    energy: Any, closure: Any, carriers: Any, leaves: Any, bases: Sequence[View], clean: tuple[str, ...], keep: Keep
) -> Any:
    """Energy figures of every entity and year [tce].

    A unit's comprehensive energy is its use less what it makes and recovers (statistical form). That of a level above
    is fuel and own renewable energy of all units plus bought less sold power and heat: deliveries inside cancel.
    """
    rolled = roll_up(energy, {"tce": "tce"}, ["carrier", "role", "method"], closure)
    rolled = rolled.left_join(carriers, rolled.carrier == carriers.item).drop("item")
    rolled = keep(rolled.left_join(leaves, "entity").drop("entity_right"))
    parts: list[Any] = []
    for basis in bases:
        parts += _basis_figures(rolled.filter(rolled.method.isin(basis.methods)), basis.variant, clean)
    return _union(parts)


def _basis_figures(rows: Any, variant: str, clean: tuple[str, ...]) -> list[Any]:
    in_total = rows.role.isin(ENERGY_IN_TOTAL)
    traded = rows.traded.fill_null(False)
    leaf = rows.leaf.fill_null(False)
    bought, sold = rows.role == "memo_purchase", rows.role == "memo_sale"
    exchange = rows.filter(traded & (bought | sold))
    exchange = exchange.mutate(signed=ibis.ifelse(exchange.role == "memo_sale", -exchange.tce, exchange.tce))
    total = rows.filter((leaf & in_total) | (~leaf & ((~traded & in_total) | (traded & (bought | sold)))))
    total = total.mutate(signed=ibis.ifelse(total.role == "memo_sale", -total.tce, total.tce))
    used = rows.filter(rows.role.isin(["use", "use_other"]))
    final = rows.filter(rows.role.isin(["use", "use_other", "memo_transform_in"]))
    final = final.mutate(signed=ibis.ifelse(final.role == "memo_transform_in", -final.tce, final.tce))
    feedstock = rows.filter(rows.role.isin(["memo_feedstock", "feedstock"]))
    renewable = used.filter(used.renewable.fill_null(False))
    clean_rows = used.filter(used.carrier.isin(list(clean))) if clean else renewable
    figures = [
        as_figures(total, "energy.total", "tce", total.signed, variant=variant),
        as_figures(total, "energy.total", "tce", total.signed, item=total.carrier, variant=variant),
        as_figures(exchange, "energy.imported", "tce", exchange.signed, variant=variant),
        as_figures(final, "energy.final", "tce", final.signed, variant=variant),
        as_figures(feedstock, "energy.feedstock", "tce", feedstock.tce, variant=variant),
        as_figures(renewable, "energy.renewable", "tce", renewable.tce, variant=variant),
        as_figures(clean_rows, "energy.clean", "tce", clean_rows.tce, variant=variant),
    ]
    return figures


def exchange_figures(observations: Any, closure: Any, carriers: Any, keep: Keep) -> Any:
    """Power [MWh] and heat [GJ] used, bought from outside and sold outside, of every entity and year."""
    amounts = observations.filter(
        (observations.quantity == "energy.amount") & observations.status.isin(["reported", "corrected", "estimated"])
    ).mutate(observed=observations.status, status=ibis.literal("ok"))
    amounts = amounts.inner_join(carriers.filter(carriers.traded), amounts.carrier == carriers.item)
    by = ["carrier", "flow", "kind"]
    transfers = amounts.filter(amounts.flow == "transfer")
    rolled = keep(roll_up(amounts.filter(amounts.flow != "transfer"), {"value": "value"}, by, closure))
    inside = keep(internal_transfers(transfers, observations, {"value": "value"}, by, closure))
    minus = inside.mutate(value=-inside.value, estimated=-inside.estimated)
    parts = []
    for kind, unit in (("electricity", "MWh"), ("heat", "GJ")):
        for quantity, flow in ((f"{kind}.imported", "purchase"), (f"{kind}.exported", "sale")):
            rows = _union([_of(rolled, kind, flow), _of(minus, kind, None)])
            parts.append(as_figures(rows, quantity, unit, rows.value))
    used = rolled.filter((rolled.kind == "electricity") & rolled.flow.isin(["use_industrial", "use_other"]))
    parts.append(as_figures(used, "electricity.use", "MWh", used.value))
    for quantity, ending in GREEN_ELECTRICITY.items():
        green = rolled.filter(rolled.carrier.endswith(ending) & (rolled.flow == "purchase"))
        parts.append(as_figures(green, quantity, "MWh", green.value))
    return _union(parts)


def _of(rows: Any, kind: str, flow: str | None) -> Any:
    wanted = rows.kind == kind if flow is None else (rows.kind == kind) & (rows.flow == flow)
    columns = ["entity", "start", "end", "value", "rows", "rows_unmatched", "estimated", "confidence"]
    return rows.filter(wanted).select(columns)


def carrier_facts(carriers: Mapping[str, Carrier]) -> pa.Table:
    """item, kind, renewable, traded: what roll-ups ask of a carrier."""
    rows = [
        {
            "item": carrier.id,
            "kind": carrier.kind,
            "renewable": carrier.renewable,
            "traded": carrier.kind in ("electricity", "heat") and not carrier.self_generated,
        }
        for carrier in carriers.values()
    ]
    schema = pa.schema([("item", pa.string()), ("kind", pa.string()), ("renewable", pa.bool_()), ("traded", pa.bool_())])
    return pa.Table.from_pylist(rows, schema=schema)


def _union(parts: Sequence[Any]) -> Any:
    return reduce(lambda left, right: left.union(right), parts)
