"""Rules by which data is checked before anybody signs: what a checks pack says, one type per kind of rule.

All tolerances of a rule are stated by the pack. ``log_*`` values are natural logarithms of a ratio: 0.7 is a doubling.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from greenpark.model.confidence import Confidence
from greenpark.model.findings import Severity
from greenpark.model.knowledge import CarrierKind
from greenpark.model.text import Frozen, Text

Positive = Annotated[float, Field(gt=0)]
Months = Literal[1, 3, 12]


class Rule(Frozen):
    """What every rule states: its name, how grave a finding is, when it holds and what it applies to.

    An empty scope means everything. ``industries`` are beginnings of GB/T 4754 codes; ``entity_kinds`` are those of
    the table entities; ``months`` are lengths of period.
    """

    id: str
    title: Text
    severity: Severity = "warning"
    since: date | None = None
    until: date | None = None
    quantities: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    carrier_kinds: tuple[CarrierKind, ...] = ()
    flows: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    entity_kinds: tuple[str, ...] = ()
    months: tuple[Months, ...] = ()
    source: str
    confidence: Confidence
    note: Text | None = None


class HistoryRule(Rule):
    """Each value against the other values of its own series: month on month, year on year, seasonal where it can.

    A value is told when it is off what the rest of the series expects by more than ``deviations`` times the robust
    spread of the series and by more than ``log_limit``. The spread is at least ``log_floor``. ``least`` other values
    are needed; ``seasonal_years`` years of months make the season of the series count. ``level_agreement``: how far
    the months of a year may differ in their offset for the whole year to be off by one factor.
    """

    kind: Literal["history"]
    deviations: Positive
    log_limit: Positive
    log_floor: Positive
    slip_deviations: Positive
    slip_log_tolerance: Positive
    least: int
    seasonal_years: int = 2
    level_agreement: Positive
    level_log_limit: Positive


class PeersRule(Rule):
    """The yearly amount of a unit per ``by`` (output, employees) against the units of the same industry.

    Compared where at least ``least`` units of the industry (its first ``digits`` of GB/T 4754) state both.
    """

    kind: Literal["peers"]
    by: tuple[str, ...]
    digits: int
    least: int
    deviations: Positive
    log_limit: Positive
    log_floor: Positive
    slip_log_tolerance: Positive


class Term(Frozen):
    """One part of a balance: the cells of a quantity, limited to flows and carriers, with a sign.

    ``factor_kind``: the amount of a carrier is turned into the unit of the rule by the factor of the carrier in
    ``factor_set`` (heat of a fuel from its net calorific value); else by the unit alone. ``required``: without it the
    balance is not judged; a missing term that is not required counts as nothing moved.
    """

    quantity: str
    flows: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    carrier_kinds: tuple[CarrierKind, ...] = ()
    factor_kind: str = ""
    factor_set: str = ""
    coefficient: float = 1.0
    required: bool = True


class BalanceRule(Rule):
    """Two sides that must be equal, or of which the left must not exceed the right, for one unit and period.

    Off when they differ by more than ``tolerance`` (relative to the larger side) and ``absolute`` [``unit``].
    ``per_carrier``: one balance for each carrier, in its own unit (``unit`` is then empty).
    """

    kind: Literal["balance"]
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    relation: Literal["equal", "at_most"] = "equal"
    unit: str
    per_carrier: bool = False
    tolerance: Annotated[float, Field(ge=0)]
    absolute: Annotated[float, Field(ge=0)] = 0.0


class RatioRule(Rule):
    """The ratio of two sums of one unit and period lies between ``low`` and ``high`` [``unit``].

    With ``factor_set`` the ends are those of the carrier's factor of ``factor_kind``. A rule with no ``below`` judges
    the value itself. ``log_margin``: how far beyond the range a ratio is told, for ranges that are themselves
    statistics and not bounds.
    """

    kind: Literal["ratio"]
    above: tuple[Term, ...]
    below: tuple[Term, ...] = ()
    unit: str
    low: float | None = None
    high: float | None = None
    log_margin: Annotated[float, Field(ge=0)] = 0.0
    factor_kind: str = ""
    factor_set: str = ""
    per_carrier: bool = False


class RepeatRule(Rule):
    """The same value in ``run`` periods that follow one another, where it has at least ``digits`` significant digits."""

    kind: Literal["repeat"]
    run: int
    digits: int


class RoundedRule(Rule):
    """A series of at least ``least`` values that all have at most ``digits`` significant digits of many."""

    kind: Literal["rounded"]
    least: int
    digits: int
    size: Positive


class GapRule(Rule):
    """Periods that a series leaves out without saying why: between its first and last, or since last year.

    ``least`` reported periods make a series one that is expected to go on.
    """

    kind: Literal["gap"]
    least: int


class NotationRule(Rule):
    """A cell declared absent for which another row of the same unit, carrier, flow and period states an amount."""

    kind: Literal["notation"]


class SwapRule(Rule):
    """Two values of one unit (or of two units in one column) that both fit when they are exchanged.

    Each must be off its own history by ``log_limit`` and, exchanged, fit within ``log_tolerance``.
    """

    kind: Literal["swap"]
    log_limit: Positive
    log_tolerance: Positive


class SlipRule(Rule):
    """The factors by which a value is off when its unit or decimal point slipped; inverses are meant as well.

    ``units`` are the units that may be proposed; ``factor_kind`` and ``factor_sets`` give the factor of a carrier by
    which it would be off were it stated in the unit of ``typed``. ``log_tolerance``: how near a balance must come.
    """

    kind: Literal["slip"]
    factors: tuple[Positive, ...]
    units: tuple[str, ...]
    factor_kind: str = ""
    factor_sets: tuple[str, ...] = ()
    typed: str = ""
    log_tolerance: Positive


CheckRule = Annotated[
    HistoryRule
    | PeersRule
    | BalanceRule
    | RatioRule
    | RepeatRule
    | RoundedRule
    | GapRule
    | NotationRule
    | SwapRule
    | SlipRule,
    Field(discriminator="kind"),
]


class Tolerance(Frozen):
    """A named number that another stage compares with: how far two sums may differ before they contradict."""

    id: str
    title: Text
    value: Annotated[float, Field(ge=0)]
    unit: str
    source: str
    confidence: Confidence
    note: Text | None = None
