"""Series as statistics take them, and what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass

from greenpark.model.columns import PERIOD, Table, columns_of

SERIES = Table(
    "series",
    ("entity", "quantity", "item", "variant", "start", "end", "vintage"),
    columns_of(
        ("entity", "string", "entity id, or the scope as the source words it"),
        ("quantity", "string", "quantity id, or the name that the source gives it"),
        ("item", "string", "carrier or category; empty for all"),
        ("variant", "string", "like figures.variant"),
        *PERIOD,
        ("value", "float64", "value in `unit`", True),
        ("unit", "string", "unit"),
        ("source", "string", "source or run"),
        ("note", "string", "note of the source"),
        ("coverage", "string", "coverage, empty when not stated"),
        ("boundary", "string", "boundary, empty when not stated"),
        ("method", "string", "method, empty when not stated"),
        ("vintage", "string", "flash, annual, final, census, derived or estimate; empty when nobody said"),
        ("status", "string", "ok, partial or not_evaluable"),
        ("confidence", "string", "high, medium or low"),
        ("place", "string", "where the value stands, or the reference of the figure"),
    ),
)


@dataclass(frozen=True)
class Asked:
    """What a person asks of the statistics.

    ``quantities``: ids (none: the headline ones); ``ratios`` and ``shares``: pairs like ``energy.total/economy.gdp``,
    a variant in brackets; ``level``: the kind of entity that is compared; ``period``: of distributions and league
    tables (empty: the newest year); ``unrestricted``: why zones may be named in a release.
    """

    quantities: tuple[str, ...] = ()
    ratios: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    limit: float | None = None
    level: str = ""
    period: str = ""
    unrestricted: str = ""
