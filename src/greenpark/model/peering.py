"""Who is compared with whom: what peers share, how size is measured, and below how many nothing is shown."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from greenpark.model.text import Frozen

SizeClass = Literal["small", "medium", "large"]
SIZE_CLASSES: tuple[SizeClass, ...] = ("small", "medium", "large")
REGION, INDUSTRY, SIZE = "region", "industry", "size"


class Peering(Frozen):
    """The peers of a park: parks of the same kind that share everything in ``by``; all of them where it is empty.

    ``by``: ``region`` (province), ``industry`` (leading division of GB/T 4754), ``size`` (the same third of all parks of
    the kind by ``size_by``), or an attribute that the job gives its parks. With fewer than ``least`` others nothing is
    shown of them; with fewer than ``least_for_quartiles`` no quartiles.
    """

    by: tuple[str, ...] = ()
    size_by: str = "energy.total"
    least: Annotated[int, Field(ge=3)] = 3
    least_for_quartiles: Annotated[int, Field(ge=3)] = 10
