"""One MWh of green power is claimed once: certificates held against one another and against the power behind them.

What is not credited stays green power of its kind in the energy account; in the market view and in that of the
zero-carbon park it counts as other bought power does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from greenpark.account.activity import COUNTED
from greenpark.account.brought import Beside, Rates, bring, total_rows_of
from greenpark.account.gaps import first_of, placed_finding, row_of_source
from greenpark.account.views import View
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.findings import Finding

DECIMALS = 6
CLAIMED, SOLD, MADE_IN = "certificate.claimed", "certificate.sold", "certificate.year"
# Bought with certificates or through trading; made and used on site.
CERTIFIED = ("electricity_traded_green", "electricity_certificate_green")
OWN = "electricity_self_renewable"
GRID = "electricity"
# In the location view a certificate moves nothing.
DENYING_VIEWS = ("view=market", "view=zero_carbon_park")
_ROW = ("entity", "counterparty", "start", "end")
_USES = ("use_industrial", "use_other")
Row = Mapping[str, Any]
# Entity, year, carrier and flow to an amount [MWh].
Power = Mapping[tuple[str, int, str, str], float]


@dataclass(frozen=True)
class Certificate:
    """A certificate (or a run of them under one number) claimed or sold by an entity in a year [MWh]."""

    entity: str
    number: str
    year: int
    made_in: int | None
    claimed: float
    sold: float
    place: Row


@dataclass(frozen=True)
class Denied:
    """Green power of an entity and year that is not credited [MWh], and why."""

    entity: str
    year: int
    reason: str
    amount: float


def read_certificates(observations: Any, engine: Engine) -> tuple[Certificate, ...]:
    """The certificates as they were reported, in the order of entity, year and number."""
    rows = observations.filter(
        observations.quantity.isin([CLAIMED, SOLD, MADE_IN])
        & observations.status.isin(COUNTED)
        & observations.start.notnull()
    )
    columns = [*_ROW, "quantity", "value", "batch", "line", "file", "sheet", "cell"]
    found = engine.to_arrow(rows.select(*columns)).to_pylist()
    # A row of the form holds claimed, sold and year; its cells stand side by side.
    groups: dict[tuple[Any, ...], dict[str, Row]] = {}
    for row in sorted(found, key=lambda row: (row["batch"], row["line"])):
        key = (*(row[name] for name in _ROW), *row_of_source(row))
        groups.setdefault(key, {})[row["quantity"]] = row
    certificates = []
    for parts in groups.values():
        first = next(iter(parts.values()))
        value = {name: row["value"] for name, row in parts.items()}
        made_in = value.get(MADE_IN)
        certificates.append(
            Certificate(
                first["entity"], (first["counterparty"] or "").strip(), first["start"].year,
                int(made_in) if made_in else None, value.get(CLAIMED) or 0.0, value.get(SOLD) or 0.0, first,
            )
        )  # fmt: skip
    return tuple(sorted(certificates, key=lambda each: (each.year, each.number, each.entity, str(each.place["cell"]))))


def read_green_power(cells: Any, engine: Engine) -> Power:
    """Certified power bought, and own power used and sold, by entity, year, carrier and flow [MWh]."""
    rows = cells.filter(
        (cells.quantity == "energy.amount")
        & cells.carrier.isin([*CERTIFIED, OWN])
        & cells.flow.isin(["purchase", "sale", *_USES])
        & (cells.year > 0)
    )
    sums = rows.group_by(["entity", "year", "carrier", "flow"]).aggregate(mwh=exact_sum(rows.value, DECIMALS))
    found = engine.to_arrow(sums).to_pylist()
    return {(row["entity"], row["year"], row["carrier"], row["flow"]): row["mwh"] or 0.0 for row in found}


def judge_certificates(
    certificates: Sequence[Certificate], power: Power
) -> tuple[tuple[Denied, ...], tuple[Finding, ...]]:
    """What is not credited and why.

    Of a number that is claimed twice the first claim stands: of the claims of a year those of whoever bought certified
    power go before others, then the earlier period, then the entity. A certificate of another year than
    that of the use is not credited, nor one that the same or another entity has sold. Claims above the power bought
    and the own power used have nothing to stand for. Certificates sold above the power sold belong to power that was used on site.
    """
    certificates = sorted(certificates, key=lambda each: _precedence(each, power))
    findings: list[Finding] = []
    invalid: dict[tuple[str, int], list[tuple[str, float]]] = {}
    sold = {each.number for each in certificates if each.sold and each.number}
    taken: dict[str, Certificate] = {}
    for each in (each for each in certificates if each.claimed):
        rule = ""
        more: dict[str, object] = {}
        if each.number and each.number in sold:
            rule = "certificate_sold"
        elif each.number and each.number in taken:
            rule, more = "certificate_twice", {"first": taken[each.number].entity}
        elif each.made_in is not None and each.made_in != each.year:
            rule, more = "certificate_of_another_year", {"made_in": each.made_in}
        if each.number:
            taken.setdefault(each.number, each)
        if rule:
            findings.append(_finding(rule, each, each.claimed, **more))
            invalid.setdefault((each.entity, each.year), []).append((rule, each.claimed))
    denied = [*_denied_claims(certificates, invalid, power)]
    findings += _above_purchases(certificates, power)
    for (entity, year), amount in sorted(_by_year(certificates, "sold").items()):
        exported = power.get((entity, year, OWN, "sale"), 0.0)
        used = _own_use(entity, year, power)
        own = min(max(amount - exported, 0.0), used)
        if own > 0:
            first = next(each for each in certificates if (each.entity, each.year) == (entity, year) and each.sold)
            findings.append(_finding("own_certificate_sold", first, own))
            denied.append(Denied(entity, year, "own_certificate_sold", own))
    return tuple(denied), tuple(findings)


def bring_green_power(
    denied: Iterable[Denied], findings: Sequence[Finding], rates: Rates, views: Sequence[View], dated: Collection[str]
) -> Beside:
    """What is not credited, at the factor of other bought power in the views in which green power counts as zero."""
    rows: list[dict[str, Any]] = []
    for each in denied:
        rows += [
            bring(each.entity, each.year, "green.not_credited", each.amount, "MWh", item=item, dated=dated)
            for item in ("", each.reason)
        ]
        for view in views:
            if not view.variant.startswith(DENYING_VIEWS):
                continue
            rate = rates.of(each.entity, GRID, each.year, view.methods, ("power_",))
            if rate is not None:
                value = each.amount * rate
                rows += total_rows_of(each.entity, each.year, "power", value, view, "green_denied", dated=dated)
                rows.append(
                    bring(each.entity, each.year, "co2.green_denied", value, "tCO2", variant=view.variant, dated=dated)
                )
    ordered = [each for rule in sorted({each.rule for each in findings}) for each in _named(findings, rule)]
    return Beside(tuple(rows), (), tuple(ordered))


def _named(findings: Sequence[Finding], rule: str) -> tuple[Finding, ...]:
    return first_of(rule, [each for each in findings if each.rule == rule])


def _precedence(each: Certificate, power: Power) -> tuple[Any, ...]:
    has_power = _bought(each.entity, each.year, power) > 0
    return (each.year, each.number, not has_power, each.place["start"], each.entity, str(each.place["cell"]))


def _denied_claims(
    certificates: Sequence[Certificate], invalid: Mapping[tuple[str, int], Sequence[tuple[str, float]]],
    power: Power,
) -> Iterable[Denied]:  # fmt: skip
    """Of the certified power that an entity bought, what only claims that are not credited stand for."""
    claimed = _by_year(certificates, "claimed")
    for (entity, year), bad in sorted(invalid.items()):
        valid = claimed[entity, year] - sum(amount for _, amount in bad)
        left = max(_bought(entity, year, power) - valid, 0.0)
        for reason, amount in bad:
            taken = min(amount, left)
            left -= taken
            if taken > 0:
                yield Denied(entity, year, reason, taken)


def _above_purchases(certificates: Sequence[Certificate], power: Power) -> Iterable[Finding]:
    for (entity, year), amount in sorted(_by_year(certificates, "claimed").items()):
        bought = round(_bought(entity, year, power) + _own_use(entity, year, power), DECIMALS)
        if amount > bought + 10**-DECIMALS:
            first = next(each for each in certificates if (each.entity, each.year) == (entity, year) and each.claimed)
            yield _finding("claim_above_purchase", first, amount - bought, claimed=amount, bought=bought)


def _bought(entity: str, year: int, power: Power) -> float:
    return sum(power.get((entity, year, carrier, "purchase"), 0.0) for carrier in CERTIFIED)


def _own_use(entity: str, year: int, power: Power) -> float:
    return sum(power.get((entity, year, OWN, flow), 0.0) for flow in _USES)


def _by_year(certificates: Sequence[Certificate], side: str) -> dict[tuple[str, int], float]:
    totals: dict[tuple[str, int], float] = {}
    for each in certificates:
        if amount := getattr(each, side):
            key = (each.entity, each.year)
            totals[key] = round(totals.get(key, 0.0) + amount, DECIMALS)
    return totals


def _finding(rule: str, certificate: Certificate, amount: float, **values: object) -> Finding:
    row = {**certificate.place, "entity": certificate.entity, "year": certificate.year, "carrier": GRID}
    return placed_finding(rule, "error", row, number=certificate.number, amount=amount, **values)
