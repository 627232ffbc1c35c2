"""How the rows of energy and emissions lie on disk: one row per observation, its words once per kind of row.

The tables ``energy`` and ``emissions`` of such a run are ``counted`` and ``matches`` joined: the amount of a row stands
in the slot of its match. ``parts`` names the earlier run that counted the rows of a batch, where they were not counted
again; ``cells`` and ``series`` are what a later run takes over.
"""

from __future__ import annotations

from greenpark.model.columns import PERIOD, RESULT, Table, columns_of

SLOTS = 12

COUNTED = Table(
    "counted",
    ("run", "batch", "line", "kind"),
    columns_of(
        *RESULT,
        ("batch", "string", "batch of the observation"),
        ("line", "int64", "line of the observation"),
        ("kind", "int64", "kind of the row, as in matches"),
        ("entity", "string", "entity id"),
        *PERIOD,
        ("observed", "string", "status of the observation: reported, corrected, estimated"),
        ("confidence", "string", "confidence of the observation: high, medium or low"),
        *((f"amount_{slot}", "float64", f"[tce] or [t], what the match in slot {slot} makes of it", True) for slot in range(1, SLOTS + 1)),
    ),
    sparse=True,
)  # fmt: skip

MATCHES = Table(
    "matches",
    ("run", "kind", "slot"),
    columns_of(
        *RESULT,
        ("kind", "int64", "number of the kind: quantity, item, flow, area and year"),
        ("slot", "int64", "which of the amounts of a row the match makes, from 1"),
        ("quantity", "string", "quantity id"),
        ("item", "string", "carrier, product or material id"),
        ("flow", "string", "flow id; empty for none; balance_… for rows that stand in for a use"),
        ("area", "string", "area whose factors apply; empty when unknown"),
        ("year", "int64", "year of the activity; 0 when unstated"),
        ("produces", "string", "energy or emissions"),
        ("method", "string", "method id and version"),
        ("category", "string", "like emissions.category; energy"),
        ("role", "string", "like energy.role"),
        ("view", "string", "like emissions.view"),
        ("gas", "string", "gas id; empty for energy"),
        ("basis", "string", "like energy.basis; empty for emissions"),
        ("scope", "int64", "like emissions.scope"),
        ("coefficient", "float64", "sign and weight with which the flow enters"),
        ("rate", "float64", "[tce or t of gas per unit of the activity]", True),
        ("gwp", "float64", "[t CO2e/t]", True),
        ("factor", "string", "factor id", True),
        ("factor_area", "string", "area of the factor", True),
        ("factor_definition", "string", "definition of the factor", True),
        ("factor_basis", "string", "net or gross calorific basis", True),
        ("gwp_set", "string", "GWP set used for co2e", True),
        ("factor_year", "int64", "data year of the factor", True),
        ("status", "string", "ok, no_factor, no_gwp or basis_mismatch"),
        ("confidence", "string", "confidence of factor and method"),
    ),
)

PARTS = Table(
    "parts",
    ("run", "batch"),
    columns_of(
        *RESULT,
        ("batch", "string", "batch that the run rests on"),
        ("counted_by", "string", "the run whose table `counted` holds its rows: this one or an earlier one"),
        ("repeated", "string", "digest of its lines that an earlier batch holds alike, which do not count"),
        ("dated", "string", "digest of the entities whose membership has dates"),
    ),
)

CELLS = Table(
    "cells",
    ("run", "entity", "series", "year_number", "first", "last"),
    columns_of(
        *RESULT,
        ("entity", "string", "entity id"),
        ("series", "int64", "number of the series, as in series"),
        (
            "year_number",
            "int64",
            "the year; of a period that leaves its year, a number that holds its ends; 0 when unstated",
        ),
        ("first", "date", "first day, where the membership of the entity has dates", True),
        ("last", "date", "day after, where the membership of the entity has dates", True),
        ("rows", "int64", "observations that count"),
        ("known", "int64", "those of them with a value"),
        ("rank", "int64", "least confidence: 0 low, 1 medium, 2 high"),
        ("mark", "int64", "bits: the months that are filled, and what else occurs"),
        ("value", "float64", "sum times the scale of the series: a whole number", True),
    ),
    sparse=True,
)

SERIES = Table(
    "series",
    ("run", "series"),
    columns_of(
        *RESULT,
        ("series", "int64", "number of the series, which follows from its words"),
        ("quantity", "string", "quantity id"),
        ("carrier", "string", "carrier, product or other item id; empty for none"),
        ("flow", "string", "flow id; empty for none"),
        ("status", "string", "status of the observations"),
        ("coverage", "string", "like observations.coverage"),
        ("unit", "string", "unit of the values"),
        ("scale", "float64", "by which values become whole numbers to be summed"),
    ),
)
