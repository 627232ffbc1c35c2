"""The transfer ledger held against what supplier and receiver report, and what is lost between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from greenpark.account.activity import COUNTED
from greenpark.account.gaps import first_of, first_place, placed_finding
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.findings import Finding
from greenpark.model.time import Period

DECIMALS = 6
# A share of 10^-9 is the rounding of sums, not a difference.
_ROUNDING = 1e-9
_KEYS = ["entity", "counterparty", "carrier", "year", "start", "end"]
Row = Mapping[str, Any]
Side = tuple[str, str, int | None]


@dataclass(frozen=True)
class Transfers:
    """``moved``: the ledger by supplier, receiver, carrier and period; ``reported``: sales and purchases of both."""

    moved: tuple[Row, ...]
    reported: tuple[Row, ...]

    def reported_by_year(self, flow: str) -> dict[Side, float]:
        """What each party reports of a flow, by entity, carrier and year."""
        return _by_year((row for row in self.reported if row["flow"] == flow), "entity", "amount")

    def moved_by_year(self, party: str) -> dict[Side, float]:
        """What the ledger has for each supplier (``entity``) or receiver (``counterparty``)."""
        return _by_year(self.moved, party, "moved")


@dataclass(frozen=True)
class Loss:
    """What a receiver gets less than the ledger has for it [unit of the carrier], by supplier."""

    supplier: str
    receiver: str
    carrier: str
    year: int
    amount: float
    place: Row


def read_transfers(observations: Any, engine: Engine) -> Transfers:
    """The ledger and what its parties sell and buy; nothing where there is no ledger."""
    energy = observations.filter((observations.quantity == "energy.amount") & observations.status.isin(COUNTED))
    energy = energy.mutate(year=energy.start.year().cast("int64"))
    rows = energy.filter((energy.flow == "transfer") & energy.counterparty.notnull() & energy.carrier.notnull())
    found = rows.group_by(_KEYS).aggregate(moved=exact_sum(rows.value, DECIMALS), **first_place(rows))
    moved = engine.to_arrow(found).to_pylist()
    if not moved:
        return Transfers((), ())
    parties = sorted({row[side] for row in moved for side in ("entity", "counterparty")})
    carriers = sorted({row["carrier"] for row in moved})
    asked = energy.filter(
        energy.entity.isin(parties) & energy.carrier.isin(carriers) & energy.flow.isin(["sale", "purchase"])
    )
    keys = ["entity", "carrier", "year", "flow", "start", "end"]
    reported = engine.to_arrow(asked.group_by(keys).aggregate(amount=exact_sum(asked.value, DECIMALS))).to_pylist()
    return Transfers(_sorted(moved, _KEYS), _sorted(reported, keys))


def check_transfers(transfers: Transfers, registered: Sequence[str]) -> tuple[Finding, ...]:
    """Findings where the ledger has more than supplier or receiver report, in the year or in a month; where something
    is lost on the way; where the ledger names a receiver nobody registered, or has somebody supply itself.
    """
    if not transfers.moved:
        return ()
    known = set(registered)
    outside = _first_of_pairs(row for row in transfers.moved if row["counterparty"] not in known)
    own = _first_of_pairs(row for row in transfers.moved if row["entity"] == row["counterparty"])
    inside = tuple(row for row in transfers.moved if row["counterparty"] in known)
    return (
        *_exceeding(transfers.moved, transfers, "entity", "sale"),
        *_exceeding(inside, transfers, "counterparty", "purchase"),
        *_by_month(transfers.moved, transfers, "entity", "sale"),
        *_by_month(inside, transfers, "counterparty", "purchase"),
        *first_of("transfer_loss", [_loss_finding(loss, transfers) for loss in list_losses(transfers, known)]),
        *first_of(
            "transfer_outside",
            [placed_finding("transfer_outside", "error", row, receiver=row["counterparty"]) for row in outside],
        ),
        *first_of("transfer_to_itself", [placed_finding("transfer_to_itself", "error", row) for row in own]),
    )


def list_losses(transfers: Transfers, registered: Iterable[str]) -> tuple[Loss, ...]:
    """What is lost on the way to receivers that report a purchase, but a smaller one than the ledger has.

    A receiver that reports none lacks its purchase; nothing is known to be lost. Several suppliers share a loss as
    they share the deliveries.
    """
    known, bought = set(registered), transfers.reported_by_year("purchase")
    got = transfers.moved_by_year("counterparty")
    losses: dict[tuple[str, str, str, int], Loss] = {}
    for row in transfers.moved:
        side = (row["counterparty"], row["carrier"], row["year"])
        total, own = got[side], bought.get(side, 0.0)
        if row["year"] is None or side[0] not in known or side[0] == row["entity"]:
            continue
        if own > 0 and own * (1 + _ROUNDING) < total:
            key = (row["entity"], *side)
            amount = (total - own) * (row["moved"] or 0.0) / total
            before = losses[key].amount if key in losses else 0.0
            place = losses[key].place if key in losses else row
            losses[key] = Loss(*key, round(before + amount, DECIMALS), place)
    return tuple(losses[key] for key in sorted(losses))


def lacking_of(transfers: Transfers, registered: Iterable[str]) -> list[Row]:
    """entity, carrier, flow, year of sales and purchases that are not there although the ledger needs them."""
    known = set(registered)
    found: list[Row] = []
    for party, flow in (("entity", "sale"), ("counterparty", "purchase")):
        reported = transfers.reported_by_year(flow)
        for (name, carrier, year), moved in sorted(transfers.moved_by_year(party).items(), key=str):
            own = reported.get((name, carrier, year), 0.0)
            short = own * (1 + _ROUNDING) < moved if flow == "sale" else own == 0 < moved
            if short and year is not None and name in known:
                found.append({"entity": name, "carrier": carrier, "flow": flow, "year": year})
    return found


def _by_year(rows: Iterable[Row], party: str, amount: str) -> dict[Side, float]:
    totals: dict[Side, float] = {}
    for row in rows:
        key = (row[party], row["carrier"], row["year"])
        totals[key] = round(totals.get(key, 0.0) + (row[amount] or 0.0), DECIMALS)
    return totals


def _sorted(rows: Iterable[Row], keys: Sequence[str]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: tuple(str(row[name]) for name in keys)))


def _first_of_pairs(rows: Iterable[Row]) -> list[Row]:
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in ("entity", "counterparty", "carrier", "year")), row)
    return list(found.values())


def _exceeding(moved: Sequence[Row], transfers: Transfers, party: str, side: str) -> tuple[Finding, ...]:
    """Suppliers that report less than the ledger has for them, and receivers that report nothing."""
    reported, places = transfers.reported_by_year(side), {_side(row, party): row for row in reversed(moved)}
    found = []
    for key, total in sorted(_by_year(moved, party, "moved").items(), key=str):
        own = reported.get(key, 0.0)
        if total > own * (1 + _ROUNDING) and (side == "sale" or own == 0):
            values = {"transferred": total, "reported": own, "side": side}
            found.append(
                placed_finding("transfer_exceeds_supply", "error", {**places[key], "entity": key[0]}, **values)
            )
    return first_of("transfer_exceeds_supply", found)


def _by_month(moved: Sequence[Row], transfers: Transfers, party: str, side: str) -> tuple[Finding, ...]:
    """Months in which the ledger has more than a party reports, where both are by month and the year agrees."""
    by_year, year_of_ledger = transfers.reported_by_year(side), _by_year(moved, party, "moved")
    monthly = {_side(row, party): True for row in moved}
    for row in moved:
        monthly[_side(row, party)] &= _is_month(row)
    reported: dict[tuple[Side, date], float] = {}
    for row in transfers.reported:
        key = _side(row, "entity")
        if row["flow"] == side and key in monthly:
            monthly[key] &= _is_month(row)
            reported[key, row["start"]] = reported.get((key, row["start"]), 0.0) + (row["amount"] or 0.0)
    ledger: dict[tuple[Side, date], tuple[float, Row]] = {}
    for row in moved:
        key, before = _side(row, party), ledger.get((_side(row, party), row["start"]), (0.0, row))
        if monthly[key] and year_of_ledger[key] <= by_year.get(key, 0.0) * (1 + _ROUNDING):
            ledger[key, row["start"]] = (before[0] + (row["moved"] or 0.0), before[1])
    found = []
    for (key, start), (amount, row) in sorted(ledger.items(), key=str):
        own = reported.get((key, start), 0.0)
        if round(amount, DECIMALS) > round(own, DECIMALS) * (1 + _ROUNDING):
            values = {"transferred": amount, "reported": own, "side": side, "month": str(Period(start, row["end"]))}
            found.append(placed_finding("transfer_month_differs", "warning", {**row, "entity": key[0]}, **values))
    return first_of("transfer_month_differs", found)


def _side(row: Row, party: str) -> Side:
    return (row[party], row["carrier"], row["year"])


def _is_month(row: Row) -> bool:
    return row["start"] is not None and row["end"] is not None and Period(row["start"], row["end"]).months == 1


def _loss_finding(loss: Loss, transfers: Transfers) -> Finding:
    total = sum(row["moved"] or 0.0 for row in transfers.moved
                if (row["entity"], row["counterparty"], row["carrier"], row["year"])
                == (loss.supplier, loss.receiver, loss.carrier, loss.year))  # fmt: skip
    share = 100 * loss.amount / total
    values = {"receiver": loss.receiver, "loss": loss.amount, "transferred": total, "share": round(share, 2)}
    return placed_finding("transfer_loss", "warning", loss.place, **values)
