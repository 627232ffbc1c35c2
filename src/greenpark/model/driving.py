"""The result table of drivers: what moved a total between two years, how far it is decoupled, and the words for it."""

from __future__ import annotations

from greenpark.model.columns import PERIOD, RESULT, Table, columns_of

# How a change is taken apart; each is one kind of row.
APPROACHES: tuple[str, ...] = ("lmdi_1", "lmdi_1_chained", "kaya", "tapio", "identity")
# The drivers of a park's CO2 in the order in which a reader follows them; their sum is the change of the total.
MULTIPLYING: tuple[str, ...] = ("scale", "structure", "structure_inside", "intensity", "mix")
FACTOR_DRIVERS: tuple[str, ...] = ("fuel_factor", "heat_factor", "grid_factor")
ADDING: tuple[str, ...] = (
    "process_output", "process_factor", "non_industrial", "no_value_added", "conversion", "internal_supply", "net_export",
    "entering", "leaving", "undivided", "other",
)  # fmt: skip
DRIVERS: tuple[str, ...] = (*MULTIPLYING, *FACTOR_DRIVERS, *ADDING)
KAYA_DRIVERS: tuple[str, ...] = ("heads", "value_added_per_head", "energy_intensity", "carbon_per_energy")

DRIVEN = Table(
    "drivers",
    ("run", "entity", "quantity", "variant", "start", "end", "base_start", "approach", "level", "item", "driver"),
    columns_of(
        *RESULT,
        ("entity", "string", "entity id: the park or a part of it"),
        ("quantity", "string", "quantity id of the total that is taken apart"),
        ("variant", "string", "like figures.variant"),
        *PERIOD,
        ("base_start", "date", "first day of the year compared with"),
        ("base_end", "date", "day after the year compared with"),
        ("approach", "string", "lmdi_1, lmdi_1_chained (years added up), kaya, tapio or identity"),
        ("level", "string", "total, industry or enterprise: what the driver is summed over"),
        ("item", "string", "industry code or entity id of the level; empty for the total"),
        (
            "driver",
            "string",
            "what moved it; `change` for the change of the total itself; elasticity, growth, intensity …",
        ),
        ("value", "float64", "what the driver brings [unit]; an elasticity or a rate where the driver is one", True),
        ("share", "float64", "value as a fraction of the total of the year compared with: growth points / 100", True),
        ("ratio", "float64", "multiplicative effect; the product over all drivers is value_now / value_base", True),
        ("value_base", "float64", "total of the year compared with [unit]", True),
        ("value_now", "float64", "total of the year [unit]", True),
        ("unit", "string", "unit of the values"),
        (
            "nominal",
            "boolean",
            "true when value added is at current prices, so that scale and intensity hold price changes",
        ),
        ("status", "string", "ok, partial or not_evaluable"),
        ("reason", "string", "message id: what the driver rests on, or why it has no value", True),
        ("detail", "string", "JSON: placeholders of the reason", True),
        ("confidence", "string", "high, medium or low"),
    ),
)
