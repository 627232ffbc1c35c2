"""A job: inputs, packs, boundary and outputs of one run, read from a job.yaml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from greenpark.model.confidence import Confidence
from greenpark.model.doubt import Doubt
from greenpark.model.peering import Peering
from greenpark.model.programmes import Designation
from greenpark.model.steering import Steering
from greenpark.model.text import Frozen, Text

ALL_SCHEMES = "all"
Vintage = Literal["", "flash", "annual", "final", "census"]
# From the first figure to the last word; a batch of which nobody said it counts as an annual one.
VINTAGES: tuple[Vintage, ...] = ("flash", "annual", "final", "census")
UNSAID: Vintage = "annual"


class Input(Frozen):
    """One input file (path relative to the job file) and how it is read.

    ``form``: a workbook or CSV of a greenpark form (``sheet`` names the form's sheet for a CSV);
    ``mapping``: a table of somebody else's, read through a mapping file;
    ``page``: a published page whose figures count only where ``confirmed`` (a file) confirms them;
    ``figures``: a table of published figures with source and confidence;
    ``accepted``: no file, but every batch of the workspace that was submitted (or simulated) and accepted.
    ``vintage``: which revision of its numbers it holds: 快报, 年报, 终审 or 普查修订; the newest counts for a year.
    """

    file: str = ""
    kind: Literal["form", "mapping", "page", "figures", "accepted"]
    form: str = ""
    sheet: str = ""
    mapping: str = ""
    confirmed: str = ""
    year: int | None = None
    vintage: Vintage = ""


class ReportedComparison(Frozen):
    """Compare what was computed from a row with what the source reports in the same row.

    ``activity`` is the quantity of the row that enters the calculation, ``reported`` the one that does not. A row is
    named when it is off by more than ``tolerance`` (relative) and by more than ``absolute`` [unit of ``reported``].
    """

    activity: str
    reported: str
    computed: str = "co2.combustion"
    tolerance: float
    absolute: float = 0.0


class RangeCheck(Frozen):
    """The ratio of two quantities of one row must lie in the range that a factor set states for its carrier."""

    id: str
    numerator: str
    denominator: str
    factor_kind: str
    factor_set: str


class Estimation(Frozen):
    """How the park estimates what units did not report; empty: it is left missing and said to be.

    ``missing_months``: the mean of the year's reported months, or the same month of last year times this year's change
    over the months that both years have. ``non_respondents``: a unit that reported nothing takes its series of last
    year times the change of the responding units of its industry, or the energy that those use per unit of the
    quantity ``by`` (employees, output) times its own; at least ``least_respondents`` of them are needed.
    """

    missing_months: Literal["", "mean_of_months", "same_month_last_year"] = ""
    non_respondents: Literal["", "last_year_growth", "industry_intensity"] = ""
    by: str = ""
    least_respondents: Annotated[int, Field(ge=1)] = 3


class FactorChoice(Frozen):
    """Another choice of factors than a method's own, for this job: who chose it and why is printed.

    What is empty stays as the method has it. ``year`` takes the factor of that data year and no other.
    """

    factor_set: str = ""
    definition: str = ""
    area: Literal["", "province", "region", "nation"] = ""
    year: int | None = None
    by: str
    reason: str


class SuppliedValue(Frozen):
    """A reference value that the user supplies for a scheme: of a year, and of a class, area or entity.

    ``reference`` is the id of a reference of the scheme, alone or as ``scheme.reference``; ``document`` and ``page`` say
    where it was read.
    """

    reference: str
    year: int | None = None
    key: str = ""
    value: float
    document: str
    page: str = ""
    confidence: Confidence


class Job(Frozen):
    """One job.

    ``boundary`` is the entity that the job is about; ``boundary_title`` names it where it is a group of the job's own
    and neither registered in an input nor known to the places packs. ``factors`` chooses other factors by the id of a
    method, or by its function (power, heat) for all methods of it that take dated factors. ``checks`` names the checks packs
    applied to its observations; none named: the built-in one; an empty list: none. ``titles``
    are those that the packs do not have; one without a zone is the boundary's own. ``chosen_by`` says who made a choice
    under ``chosen``; ``attributes`` gives entities classes that rules ask for, ``entity_groups`` lists entities under a
    name, ``references`` are values that schemes take from outside. ``peers`` says with which others parks are compared.
    ``schemes: [all]`` takes every scheme that governs the ``round`` (year of evaluation; the year after the last of
    ``years`` where none is stated) and is about the boundary's kind of entity; others may be named beside it.
    Moments (acceptance of a batch) are printed by the clock of ``utc_offset_hours`` (China: 8) and stored in UTC.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]
    title: Text
    invented: bool = False
    note: Text | None = None
    inputs: tuple[Input, ...]
    boundary: str = ""
    boundary_title: Text | None = None
    profile: str = ""
    years: tuple[int, ...] = ()
    schemes: tuple[str, ...] = ()
    round: int | None = None
    targets: tuple[str, ...] = ()
    chosen: dict[str, tuple[str, ...]] = {}
    chosen_by: dict[str, str] = {}
    excused: dict[str, str] = {}
    attributes: dict[str, dict[str, tuple[str, ...]]] = {}
    entity_groups: dict[str, tuple[str, ...]] = {}
    references: tuple[SuppliedValue, ...] = ()
    compare: tuple[ReportedComparison, ...] = ()
    range_checks: tuple[RangeCheck, ...] = ()
    checks: tuple[str, ...] | None = None
    estimate: Estimation | None = None
    uncertainty: Doubt = Doubt()
    steering: Steering = Steering()
    peers: Peering = Peering()
    factors: dict[str, FactorChoice] = {}
    titles: tuple[Designation, ...] = ()
    caveats: tuple[str, ...] = ()
    figures_of: tuple[str, ...] = ()
    utc_offset_hours: Annotated[float, Field(ge=-12, le=14)] = 8


class JobError(ValueError):
    """A job that names something that no pack defines: ``message`` is an id of the messages, ``values`` fills it."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(f"{message}: {values}")
        self.message = message
        self.values = values
