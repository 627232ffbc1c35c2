"""A small park made row by row, and what accounting says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from greenpark.account import Accounts, Definitions, account, consolidate
from greenpark.account.methods import Knowledge
from greenpark.catalog import Packs
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.engine.units import Units
from greenpark.model.findings import Finding
from greenpark.model.knowledge import Carrier, Factor, FactorSet, Method, PackHead, Profile, Source
from greenpark.model.tables import ENTITIES, OBSERVATIONS
from greenpark.model.text import Text
from greenpark.model.time import Period

KINDS = ("units", "quantities", "carriers", "factors", "methods", "places")
_OWN_UNITS = {"energy.heat_gross": "GJ", "energy.heat_net": "GJ"}
Row = dict[str, Any]


@dataclass
class MadePark:
    """Rows and entities; ``park`` is above every unit that names no other parent."""

    packs: Packs
    park: str = "park"
    rows: list[Row] = field(default_factory=list)
    entities: list[Row] = field(default_factory=list)
    carriers: dict[str, Carrier] = field(default_factory=dict)

    def unit(self, name: str, area: str = "jiangsu", **more: Any) -> MadePark:
        self.entities.append({"batch": "b", "entity": name, "kind": "unit", "name": name, "area": area} | more)
        return self

    def energy(
        self, entity: str, carrier: str, flow: str | None, value: float | None, period: str = "2023", **more: Any
    ) -> MadePark:
        known = self.carriers.get(carrier) or self.packs.carriers[carrier]
        return self.row(entity, "energy.amount", value, period, carrier=carrier, flow=flow, unit=known.unit, **more)

    def made(self, entity: str, carrier: str, value: float | None, period: str = "2023", **more: Any) -> MadePark:
        """Product made or material used, as the kind of the carrier says."""
        known = self.carriers.get(carrier) or self.packs.carriers[carrier]
        quantity = "material.use" if known.kind == "material" else "output.product"
        return self.row(entity, quantity, value, period, carrier=carrier, unit=known.unit, **more)

    def row(
        self, entity: str, quantity: str, value: float | None, period: str | None = "2023", **more: Any
    ) -> MadePark:
        line = len(self.rows) + 1
        dates = Period.parse(period) if period else None
        unit = _OWN_UNITS.get(quantity) or self.packs.quantities[quantity].unit
        self.rows.append(
            {
                "batch": "b", "line": line, "entity": entity, "quantity": quantity, "carrier": None, "flow": None,
                "counterparty": None, "start": dates and dates.start, "end": dates and dates.end, "value": value,
                "unit": unit, "reported_value": str(value), "reported_unit": unit, "coverage": "boundary",
                "status": "reported", "notation": None, "confidence": "high", "file": "made.xlsx", "sheet": "s",
                "cell": f"A{line}",
            }
            | more
        )  # fmt: skip
        return self

    def transfer(self, supplier: str, receiver: str, carrier: str, value: float, period: str = "2023") -> MadePark:
        """A delivery with the sale and the purchase that belong to it."""
        self.energy(supplier, carrier, "transfer", value, period, counterparty=receiver)
        self.energy(supplier, carrier, "sale", value, period)
        return self.energy(receiver, carrier, "purchase", value, period)

    def months(
        self, entity: str, carrier: str, flow: str, values: Sequence[float | None], year: int = 2023
    ) -> MadePark:
        """One row per month; None leaves the month out."""
        for month, value in enumerate(values, start=1):
            if value is not None:
                self.energy(entity, carrier, flow, value, f"{year}-{month:02d}")
        return self

    @property
    def observations(self) -> pa.Table:
        return pa.Table.from_pylist(self.rows, schema=arrow_schema(OBSERVATIONS))

    @property
    def registered(self) -> pa.Table:
        rows = [
            {"batch": "b", "entity": self.park, "kind": "zone", "name": self.park, "area": "jiangsu"},
            *self.entities,
        ]
        return pa.Table.from_pylist(rows, schema=arrow_schema(ENTITIES))


@dataclass(frozen=True)
class Result:
    """The rows that accounting gives, in a form that is easily asked."""

    accounts: Accounts
    energy: list[Row]
    emissions: list[Row]
    figures: list[Row]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.accounts.findings

    @property
    def rules(self) -> list[str]:
        return sorted(finding.rule for finding in self.findings)

    def figure(
        self, quantity: str, entity: str = "park", variant: str = "", item: str = "", period: str = "2023"
    ) -> Row:
        dates = Period.parse(period)
        wanted = {
            "quantity": quantity, "entity": entity, "variant": variant, "item": item, "start": dates.start, "end": dates.end,
        }  # fmt: skip
        found = [row for row in self.figures if wanted.items() <= row.items()]
        assert len(found) == 1, (wanted, [row for row in self.figures if row["quantity"] == quantity])
        return found[0]

    def value(self, quantity: str, *where: str, **more: str) -> float:
        value = self.figure(quantity, *where, **more)["value"]
        assert isinstance(value, float), self.figure(quantity, *where, **more)
        return value

    def has(self, quantity: str, entity: str = "park", **more: str) -> bool:
        wanted = {"quantity": quantity, "entity": entity, **more}
        return any(wanted.items() <= row.items() for row in self.figures)


def definitions(packs: Packs, *profiles: str, **more: Any) -> Definitions:
    """The packs as accounting is given them; ``more`` replaces parts."""
    known = Knowledge(packs.carriers, packs.factor_sets, Units(packs.units.values()))
    chosen = [packs.profiles[name] for name in profiles]
    tolerances = {each.id: each.value for pack in packs.checks.values() for each in pack.tolerances}
    given = Definitions(known, packs.quantities, packs.methods, chosen, packs.areas, "park", tolerances=tolerances)
    return replace(given, **more)


def with_own(
    given: Definitions, methods: Sequence[Method], factors: Sequence[Factor] = (), carriers: Sequence[Carrier] = (),
    gwp_set: str = "AR5", clean: Sequence[str] = (),
) -> Definitions:  # fmt: skip
    """The definitions with a factor set ``own``, more carriers, and one profile of the given methods."""
    head = PackHead(kind="factors", format=1, id="own", version="1", title=text("own"), source="the test")
    own = FactorSet(head=head, sources=(Source(id="given", title="given"),), factors=tuple(factors))
    known = given.knowledge
    knowledge = Knowledge(
        {**known.carriers, **{each.id: each for each in carriers}}, {**known.factor_sets, "own": own}, known.units
    )
    profile = Profile(
        id="own",
        title=text("own"),
        methods=tuple(each.id for each in methods),
        gwp_set=gwp_set,
        clean_carriers=tuple(clean),
    )
    every = {**given.methods, **{each.id: each for each in methods}}
    return replace(given, knowledge=knowledge, methods=every, profiles=[profile])


def run(made: MadePark, given: Definitions, engine: Engine) -> Result:
    """Account and consolidate through the real stages."""
    accounts = account(engine.cache(engine.from_arrow(made.observations)), made.registered, given, engine)
    energy, emissions = engine.cache(accounts.energy), engine.cache(accounts.emissions)
    figures = consolidate(accounts, emissions, given, engine)
    return Result(accounts, *(engine.to_arrow(table).to_pylist() for table in (energy, emissions, figures)))


def text(words: str) -> Text:
    return Text(zh=words, en=words)


def factor(item: str, kind: str, value: float | None, unit: str, **more: Any) -> Factor:
    """A factor of the test's own set."""
    given: Mapping[str, Any] = {"id": f"own.{item}.{kind}", "source": "given", "confidence": "high", "area": "china"}
    return Factor(**{**given, "item": item, "kind": kind, "value": value, "unit": unit, **more})


def method(identifier: str, function: str, **more: Any) -> Method:
    """A method on the test's own set."""
    given: Mapping[str, Any] = {
        "version": "1", "title": text(identifier), "produces": "emissions", "category": "combustion",
        "factor_sets": ("own",), "view": "direct", "source": "the test", "confidence": "high",
    }  # fmt: skip
    return Method(**{**given, "id": identifier, "function": function, **more})


def carrier(identifier: str, unit: str, kind: str = "fuel", **more: Any) -> Carrier:
    return Carrier(id=identifier, name=text(identifier), unit=unit, kind=kind, **more)  # type: ignore[arg-type]
