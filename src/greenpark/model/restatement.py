"""The result tables that tie runs together: what a run keeps of itself, and what a restatement changed."""

from __future__ import annotations

from greenpark.model.columns import PERIOD, RESULT, Table, columns_of

PARTICULARS = Table(
    "particulars",
    ("run", "name"),
    columns_of(
        *RESULT,
        ("name", "string", "job, cells, refused, findings (of the inputs) or restated"),
        ("value", "string", "JSON: what the run kept of it"),
    ),
)

RESTATEMENT = Table(
    "restatement",
    ("run", "sort_key"),
    columns_of(
        *RESULT,
        ("sort_key", "int64", "order of the list, from 1"),
        ("sort", "string", "figure, indicator or verdict"),
        ("entity", "string", "entity id"),
        ("quantity", "string", "quantity, indicator or scheme id"),
        ("item", "string", "like figures.item; of a verdict the node"),
        *PERIOD,
        ("variant", "string", "like figures.variant"),
        ("value_old", "float64", "value of the restated run in `unit`; empty where it had none", True),
        ("value_new", "float64", "value of this run in `unit`; empty where it has none", True),
        ("difference", "float64", "new less old in `unit`", True),
        ("relative", "float64", "difference as a fraction of the old value", True),
        ("unit", "string", "unit of the values", True),
        ("state_old", "string", "status or state before; empty where there was no such row", True),
        ("state_new", "string", "status or state now; empty where there is no such row", True),
        ("reason", "string", "message id that says why"),
        ("detail", "string", "JSON: placeholders of the reason"),
    ),
)
