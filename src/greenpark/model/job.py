"""A job: inputs, packs, boundary and outputs of one run, read from a job.yaml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from greenpark.model.text import Frozen, Text


class Input(Frozen):
    """One input file (path relative to the job file) and how it is read.

    ``form``: a workbook or CSV of a greenpark form (``sheet`` names the form's sheet for a CSV);
    ``mapping``: a table of somebody else's, read through a mapping file;
    ``page``: a published page whose figures count only where ``confirmed`` (a file) confirms them;
    ``figures``: a table of published figures with source and confidence;
    ``accepted``: no file, but every batch of the workspace that was submitted (or simulated) and accepted.
    """

    file: str = ""
    kind: Literal["form", "mapping", "page", "figures", "accepted"]
    form: str = ""
    sheet: str = ""
    mapping: str = ""
    confirmed: str = ""
    year: int | None = None


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


class Job(Frozen):
    """One job.

    ``boundary`` is the entity that the job is about; ``boundary_title`` names it where it is a group of the job's own
    and neither registered in an input nor known to the places packs.
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
    targets: tuple[str, ...] = ()
    chosen: dict[str, tuple[str, ...]] = {}
    excused: dict[str, str] = {}
    compare: tuple[ReportedComparison, ...] = ()
    range_checks: tuple[RangeCheck, ...] = ()
    caveats: tuple[str, ...] = ()


class JobError(ValueError):
    """A job that names something that no pack defines: ``message`` is an id of the messages, ``values`` fills it."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(f"{message}: {values}")
        self.message = message
        self.values = values
