"""The result tables that say how far a total can be trusted: growth variants, uncertainty, completeness of the data."""

from __future__ import annotations

from greenpark.model.columns import PERIOD, RESULT, Table, columns_of

# Ways in which growth is meant, in the order in which a reader compares them; ``_previous``: with the year before held.
GROWTH_KINDS: tuple[str, ...] = (
    "as_reported", "same_boundary", "same_boundary_previous", "same_factors", "same_factors_previous",
    "comparable_prices",
)  # fmt: skip

GROWTH = Table(
    "growth",
    ("run", "entity", "quantity", "item", "start", "end", "variant", "kind"),
    columns_of(
        *RESULT,
        ("entity", "string", "entity id"),
        ("quantity", "string", "quantity id"),
        ("item", "string", "carrier, category or product the growth is limited to; empty for all"),
        *PERIOD,
        ("base_start", "date", "first day of the period compared with", True),
        ("base_end", "date", "day after the period compared with", True),
        ("variant", "string", "like figures.variant"),
        ("kind", "string", "as_reported, same_boundary, same_factors or comparable_prices"),
        ("value_now", "float64", "value of the period in `unit`", True),
        ("value_base", "float64", "value of the period compared with in `unit`", True),
        ("value", "float64", "growth as a fraction: value_now / value_base - 1", True),
        ("unit", "string", "unit of the two values"),
        ("used", "boolean", "true for the kind that the scheme counts, or that is shown as the one used"),
        ("status", "string", "ok, partial or not_evaluable"),
        ("reason", "string", "message id that explains the status", True),
        ("detail", "string", "JSON: placeholders of the reason", True),
        ("confidence", "string", "high, medium or low"),
    ),
)

UNCERTAINTY = Table(
    "uncertainty",
    ("run", "entity", "quantity", "variant", "start", "end", "approach", "source"),
    columns_of(
        *RESULT,
        ("entity", "string", "entity id"),
        ("quantity", "string", "quantity id"),
        ("variant", "string", "like figures.variant"),
        *PERIOD,
        ("approach", "string", "analytic, monte_carlo or pedigree"),
        ("source", "string", "empty for the total; else what the share is of: factor:<factor id>, activity:<carrier>"),
        ("value", "float64", "value in `unit`", True),
        ("low", "float64", "lower end of the 95 % interval in `unit`", True),
        ("high", "float64", "upper end of the 95 % interval in `unit`", True),
        ("half_width", "float64", "half the 95 % interval as a fraction of the value", True),
        ("share", "float64", "share of the variance of the total, 0 to 1", True),
        ("draws", "int64", "draws of a simulation", True),
        ("seed", "int64", "seed of a simulation", True),
        ("unit", "string", "unit of the values"),
        ("assumed", "boolean", "true when it rests on an uncertainty that is assumed, not stated by a source"),
        ("confidence", "string", "high, medium or low"),
    ),
)

COMPLETENESS = Table(
    "completeness",
    ("run", "entity", "quantity", "carrier", "start", "end"),
    columns_of(
        *RESULT,
        ("entity", "string", "entity id"),
        ("quantity", "string", "quantity id"),
        ("carrier", "string", "carrier or other item; empty where the quantity has none"),
        *PERIOD,
        ("expected", "int64", "values due: periods that should have been reported"),
        ("present", "int64", "values reported"),
        ("estimated", "int64", "values estimated by the park"),
        ("absent", "int64", "values declared absent"),
        ("missing", "int64", "values due of which nothing is known"),
        ("notation", "string", "why absent: not_used, not_estimated, included_elsewhere, confidential", True),
        (
            "months",
            "string",
            "January to December: r reported, e estimated, a declared absent, m missing, - not due",
            True,
        ),
        ("last_day", "date", "last day of which there are data", True),
        ("estimated_tce", "float64", "[tce] that rest on estimates", True),
        ("estimated_co2", "float64", "[t CO2] that rest on estimates", True),
    ),
)
