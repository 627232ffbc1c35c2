"""The way to passing: what is missing for each criterion, which quantity could bring it, and where peers stand."""

from __future__ import annotations

from greenpark.model.columns import PERIOD, RESULT, Table, columns_of

_SUBJECT = (
    ("scheme", "string", "scheme id"),
    ("entity", "string", "entity id"),
    *PERIOD,
    ("variant", "string", "variant of the scheme, like scores.variant"),
    ("node", "string", "id of the criterion, or `verdict` for the scheme as a whole"),
)

GAPS = Table(
    "gaps",
    ("run", "scheme", "entity", "start", "end", "variant", "node"),
    columns_of(
        *RESULT,
        *_SUBJECT,
        ("role", "string", "role of the criterion", True),
        ("state", "string", "state of the criterion, or of the verdict", True),
        (
            "status",
            "string",
            "met, no_limit (scored only), gap, no_change_found, missing, undefined, open or not_counted",
        ),
        ("value", "float64", "value now in `unit`", True),
        ("operator", "string", "comparison applied", True),
        ("target", "float64", "nearest value that passes in `unit`", True),
        ("change", "float64", "target less value in `unit`", True),
        ("relative", "float64", "change over the magnitude of the value, as a fraction; empty at zero", True),
        ("unit", "string", "unit of value, target and change", True),
        ("method", "string", "limit (from the rule in closed form), yes_no or bracketed", True),
        ("cheapest", "boolean", "whether it is in the cheapest set of changes that passes the scheme", True),
        ("worth", "float64", "score gained by one percent of improvement", True),
        ("worth_full", "float64", "score gained by reaching the target", True),
        ("missing", "string", "quantities that are missing, joined by +", True),
        ("reason", "string", "message id that explains the state", True),
        ("detail", "string", "JSON: placeholders of the reason", True),
        ("provisional", "boolean", "true when the state is provisional"),
        ("confidence", "string", "high, medium or low"),
    ),
)

LEVERS = Table(
    "levers",
    ("run", "scheme", "entity", "start", "end", "variant", "node", "quantity"),
    columns_of(
        *RESULT,
        *_SUBJECT,
        ("quantity", "string", "quantity that alone would have to change, everything else as it is"),
        ("value", "float64", "value now in `unit`", True),
        ("needed", "float64", "value that reaches the target in `unit`; empty when none within the bounds does", True),
        ("change", "float64", "needed less value in `unit`", True),
        ("relative", "float64", "change over the magnitude of the value, as a fraction; empty at zero", True),
        ("unit", "string", "unit of the quantity"),
        ("method", "string", "closed (the formula is linear or a ratio in it) or bracketed", True),
        ("status", "string", "ok, not_possible (negative or undefined), none_within_bounds or not_recomputed"),
    ),
)

PEERS = Table(
    "peers",
    ("run", "entity", "indicator", "start", "end", "variant"),
    columns_of(
        *RESULT,
        ("entity", "string", "entity id"),
        ("indicator", "string", "indicator id, <pack>.<id>"),
        *PERIOD,
        ("variant", "string", "like indicators.variant"),
        ("value", "float64", "own value in `unit`", True),
        ("unit", "string", "unit of the values"),
        ("group", "string", "what peers share, as attribute=word joined by +; empty: all parks of the kind", True),
        ("members", "int64", "other parks of the group"),
        ("others", "int64", "those of them that have a value"),
        ("percentile", "float64", "share of the others with a lower value, ties counting half, as a fraction", True),
        ("low_quarter", "float64", "first quartile of the others in `unit`", True),
        ("median", "float64", "median of the others in `unit`", True),
        ("high_quarter", "float64", "third quartile of the others in `unit`", True),
        (
            "status",
            "string",
            "ok, no_value, withheld (fewer others than may be shown), overlap (withheld: too like a group shown before) or "
            "no_group (what peers share is not known)",
        ),
    ),
)
