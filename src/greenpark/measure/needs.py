"""What each indicator needs: quantities with their variant and years back, by basis and view."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import pyarrow as pa

from greenpark.engine.formula import parse_formula
from greenpark.engine.formula_tree import Leaf
from greenpark.model.knowledge import Quantity
from greenpark.model.schemes import Indicator, Scheme, readings_of

BASES = ("calorific", "primary_energy")
PRICES = ("current", "comparable")
COMPARABLE = "_comparable"  # what the id of a quantity at comparable prices ends with
DEFAULT_VIEW = "location"
AS_REPORTED = "as_reported"


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

    @property
    def absent(self) -> str:
        """Name of the column that names it where it is missing."""
        return f"no_{self.column}"

    @property
    def label(self) -> str:
        """How it is called where it is missing: ``@-1`` is the year before."""
        return f"{self.quantity}@-{self.lag}" if self.lag else self.quantity


def in_growth(variant: str, lag: int, growth: str) -> str:
    """The variant under which the year before is found for a kind of growth: as reported, or recomputed for it."""
    return variant if not lag or growth in ("", AS_REPORTED) else f"{variant}#growth={growth}"


@dataclass(frozen=True)
class Reading:
    """One way to read an indicator whose scheme leaves its basis open."""

    basis: str
    price: str
    label: str


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
    growth: str = ""

    def differs(self, other: Task) -> bool:
        """Whether it computes something else than another task of the same indicator."""
        return (self.formula, self.needs) != (other.formula, other.needs)

    def column_of(self, leaf: Leaf) -> str:
        """The column of the wide table that holds a leaf."""
        return Need(leaf.name, in_growth(self.variant_of[leaf.name], leaf.lag, self.growth), leaf.lag).column

    def members_of(self, name: str) -> tuple[str, ...]:
        """The quantities that a name stands for."""
        return self.families[name]


def list_tasks(
    schemes: Sequence[Scheme], quantities: Mapping[str, Quantity], variants: Sequence[str] | Mapping[str, str]
) -> tuple[Task, ...]:
    """Every indicator of the schemes; one with an open energy or price basis once for each reading of it.

    An indicator that another reading of the scheme's open points changes has one more task for it.

    Parameters
    ----------
    variants
        The variants that figures exist in; or under which of them each profile's own is found
        (``basis=calorific@profile`` → variant).
    """
    labels = variants if isinstance(variants, Mapping) else {each: each for each in variants}
    found: list[Task] = []
    for scheme in schemes:
        own = _tasks_of(scheme, "", quantities, labels)
        found += own
        for label, other in readings_of(scheme):
            same = zip(own, _tasks_of(other, label, quantities, labels), strict=True)
            found += [changed for plain, changed in same if changed.differs(plain)]
    return tuple(found)


def _tasks_of(scheme: Scheme, label: str, quantities: Mapping[str, Quantity], labels: Mapping[str, str]) -> list[Task]:
    tasks = [
        _task(scheme, indicator, reading, quantities, labels)
        for indicator in scheme.indicators
        if indicator.formula
        for reading in _readings(indicator, quantities)
    ]
    return [replace(task, variant=";".join(part for part in (task.variant, label) if part)) for task in tasks]


def _readings(indicator: Indicator, quantities: Mapping[str, Quantity]) -> tuple[Reading, ...]:
    names = parse_formula(indicator.formula).names
    priced = indicator.price_basis == "open" and any(f"{name}{COMPARABLE}" in quantities for name in names)
    bases = BASES if indicator.energy_basis == "open" else (indicator.energy_basis,)
    prices = PRICES if priced else ("",)
    return tuple(
        Reading(
            basis,
            price,
            ";".join([f"basis={basis}"] * (indicator.energy_basis == "open") + [f"price={price}"] * bool(price)),
        )
        for basis in bases
        for price in prices
    )


def _at_price(formula: str, price: str, quantities: Mapping[str, Quantity]) -> str:
    """The formula with every quantity that exists at comparable prices taken at them."""
    if price != "comparable":
        return formula
    for name in parse_formula(formula).names:
        if f"{name}{COMPARABLE}" in quantities:
            formula = re.sub(rf"(?<![\w.]){re.escape(name)}(?![\w.])", f"{name}{COMPARABLE}", formula)
    return formula


def _task(
    scheme: Scheme, indicator: Indicator, reading: Reading,
    quantities: Mapping[str, Quantity], variants: Mapping[str, str],
) -> Task:  # fmt: skip
    text = _at_price(indicator.formula, reading.price, quantities)
    formula = parse_formula(text)
    families = {name: _members(name, quantities) for name in formula.names}
    variant_of = {
        member: _variant(quantities[member], indicator, reading.basis, scheme.profile, variants)
        for members in families.values()
        for member in members
    }
    needs = {
        Need(member, in_growth(variant_of[member], leaf.lag, indicator.growth), leaf.lag)
        for leaf in formula.leaves
        for member in families[leaf.name]
    }
    return Task(
        f"{scheme.head.id}.{indicator.id}", reading.label, indicator.unit, text, indicator.confidence,
        tuple(sorted(needs)), families, variant_of, indicator.growth,
    )  # fmt: skip


def _members(name: str, quantities: Mapping[str, Quantity]) -> tuple[str, ...]:
    if name in quantities:
        return (name,)
    return tuple(sorted(each for each in quantities if each.startswith(f"{name}.")))


def _variant(quantity: Quantity, indicator: Indicator, basis: str, profile: str, variants: Mapping[str, str]) -> str:
    if quantity.variant == "basis":
        wanted = f"basis={basis if basis in BASES else BASES[0]}"
    elif quantity.variant == "view":
        wanted = f"view={indicator.view if indicator.view != 'none' else DEFAULT_VIEW}"
    else:
        return ""
    own = f"{wanted}@{profile}"
    return variants.get(own, wanted)


def list_needs(tasks: Sequence[Task]) -> tuple[Need, ...]:
    """All needs of the tasks, each once, sorted."""
    return tuple(sorted({need for task in tasks for need in task.needs}))


def needs_table(needs: Sequence[Need]) -> pa.Table:
    """Need (its number), quantity, variant, lag."""
    return pa.table(
        {
            "need": pa.array(range(len(needs)), pa.int64()),
            "quantity": pa.array([need.quantity for need in needs], pa.string()),
            "variant": pa.array([need.variant for need in needs], pa.string()),
            "lag": pa.array([need.lag for need in needs], pa.int64()),
        }
    )


def inputs_table(tasks: Sequence[Task], needs: Sequence[Need]) -> pa.Table:
    """Number (of a task), need (its number): one row per input."""
    place = {need: number for number, need in enumerate(needs)}
    pairs = [(number, place[need]) for number, task in enumerate(tasks) for need in task.needs]
    return pa.table(
        {
            "number": pa.array([number for number, _ in pairs], pa.int64()),
            "need": pa.array([need for _, need in pairs], pa.int64()),
        }
    )


def tasks_table(tasks: Sequence[Task]) -> pa.Table:
    """number, indicator, variant, unit, own (confidence): one row per task, in order."""
    return pa.table(
        {
            "number": pa.array(range(len(tasks)), pa.int64()),
            "indicator": pa.array([task.indicator for task in tasks], pa.string()),
            "variant": pa.array([task.variant for task in tasks], pa.string()),
            "unit": pa.array([task.unit for task in tasks], pa.string()),
            "own": pa.array([task.confidence for task in tasks], pa.string()),
        }
    )
