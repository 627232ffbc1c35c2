"""What each indicator needs: quantities with their variant and years back, by basis and view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pyarrow as pa

from greenpark.engine.formula import parse_formula
from greenpark.engine.formula_tree import Leaf
from greenpark.model.knowledge import Quantity
from greenpark.model.schemes import Indicator, Scheme

BASES = ("calorific", "primary_energy")
DEFAULT_VIEW = "location"


@dataclass(frozen=True, order=True)
class Need:
    """One quantity in one variant, ``lag`` years back."""

    quantity: str
    variant: str
    lag: int

    @property
    def column(self) -> str:
        """Name of its column in the wide table."""
        return "v" + sha256(f"{self.quantity}|{self.variant}|{self.lag}".encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Task:
    """One indicator of one scheme in one variant."""

    indicator: str
    variant: str
    unit: str
    formula: str
    confidence: str
    needs: tuple[Need, ...]
    families: Mapping[str, tuple[str, ...]]
    variant_of: Mapping[str, str]

    def column_of(self, leaf: Leaf) -> str:
        """The column of the wide table that holds a leaf."""
        return Need(leaf.name, self.variant_of[leaf.name], leaf.lag).column

    def members_of(self, name: str) -> tuple[str, ...]:
        """The quantities that a name stands for."""
        return self.families[name]


def list_tasks(
    schemes: Sequence[Scheme], quantities: Mapping[str, Quantity], variants: Sequence[str]
) -> tuple[Task, ...]:
    """Every indicator of the schemes; an indicator with an open energy basis once for each basis."""
    tasks = []
    for scheme in schemes:
        for indicator in scheme.indicators:
            bases = BASES if indicator.energy_basis == "open" else (indicator.energy_basis,)
            for basis in bases:
                label = f"basis={basis}" if indicator.energy_basis == "open" else ""
                tasks.append(_task(scheme, indicator, basis, label, quantities, variants))
    return tuple(tasks)


def _task(
    scheme: Scheme, indicator: Indicator, basis: str, label: str,
    quantities: Mapping[str, Quantity], variants: Sequence[str],
) -> Task:  # fmt: skip
    formula = parse_formula(indicator.formula)
    families = {name: _members(name, quantities) for name in formula.names}
    variant_of = {
        member: _variant(quantities[member], indicator, basis, scheme.profile, variants)
        for members in families.values()
        for member in members
    }
    needs = {
        Need(member, variant_of[member], leaf.lag) for leaf in formula.leaves for member in families[leaf.name]
    }
    return Task(
        f"{scheme.head.id}.{indicator.id}", label, indicator.unit, indicator.formula, indicator.confidence,
        tuple(sorted(needs)), families, variant_of,
    )  # fmt: skip


def _members(name: str, quantities: Mapping[str, Quantity]) -> tuple[str, ...]:
    if name in quantities:
        return (name,)
    return tuple(sorted(each for each in quantities if each.startswith(f"{name}.")))


def _variant(quantity: Quantity, indicator: Indicator, basis: str, profile: str, variants: Sequence[str]) -> str:
    if quantity.variant == "basis":
        wanted = f"basis={basis if basis in BASES else BASES[0]}"
    elif quantity.variant == "view":
        wanted = f"view={indicator.view if indicator.view != 'none' else DEFAULT_VIEW}"
    else:
        return ""
    own = f"{wanted}@{profile}"
    return own if own in variants else wanted


def needs_table(tasks: Sequence[Task]) -> pa.Table:
    """indicator, out_variant, quantity, variant, lag: one row per need."""
    rows = [
        {"indicator": t.indicator, "out_variant": t.variant, "quantity": n.quantity, "variant": n.variant, "lag": n.lag}
        for t in tasks
        for n in t.needs
    ]
    names = ("indicator", "out_variant", "quantity", "variant")
    return pa.Table.from_pylist(rows, schema=pa.schema([*((n, pa.string()) for n in names), ("lag", pa.int64())]))
