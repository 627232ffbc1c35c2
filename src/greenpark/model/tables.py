"""The tables in which stages meet: columns, keys and units, stated once."""

from __future__ import annotations

from greenpark.model.assurance import COMPLETENESS, GROWTH, UNCERTAINTY
from greenpark.model.columns import PERIOD as _PERIOD
from greenpark.model.columns import PLACE as _PLACE
from greenpark.model.columns import RESULT as _RESULT
from greenpark.model.columns import Column, Kind, Table
from greenpark.model.columns import columns_of as _columns
from greenpark.model.driving import DRIVEN
from greenpark.model.gaps import GAPS, LEVERS, PEERS
from greenpark.model.narrow import CELLS, COUNTED, MATCHES, PARTS, SERIES
from greenpark.model.programmes import READINESS
from greenpark.model.restatement import PARTICULARS, RESTATEMENT
from greenpark.model.steering import LEDGER, QUARTERLY

__all__ = [
    "CELLS", "COMPLETENESS", "COUNTED", "COVERAGES", "DRIVEN", "EMISSIONS", "ENERGY", "ENTITIES", "FIGURES", "FINDINGS", "GAPS",
    "GROWTH", "INDICATORS", "INPUT_TABLES", "LEDGER", "LEVERS", "MATCHES", "MEMBERS", "OBSERVATIONS", "PARTICULARS", "PARTS", "PEERS",
    "PROGRESS", "QUARTERLY", "READINESS", "RESTATEMENT", "RESULT_TABLES", "SCORES", "SERIES", "TABLES", "UNCERTAINTY", "UNSTATED",
    "Column", "Kind", "Table",
]  # fmt: skip

# Which sources an observation speaks of: 规上, 边界内排放源, 入统, not stated, 园区全口径. None is part of another's name.
UNSTATED = "unstated"
COVERAGES: tuple[str, ...] = ("above_scale", "boundary", "in_statistics", UNSTATED, "whole_park")

OBSERVATIONS = Table(
    "observations",
    ("batch", "line"),
    _columns(
        ("batch", "string", "batch id"),
        ("line", "int64", "line within the batch, from 1"),
        ("entity", "string", "entity id"),
        ("quantity", "string", "quantity id"),
        ("carrier", "string", "carrier, product or other item id", True),
        ("flow", "string", "flow id of an energy form", True),
        ("counterparty", "string", "receiver of a transfer; the number of a certificate", True),
        *_PERIOD,
        ("value", "float64", "value in `unit`; empty when declared absent", True),
        ("unit", "string", "unit of the quantity, or of the carrier for energy.amount"),
        ("reported_value", "string", "as written in the source"),
        ("reported_unit", "string", "unit as written in the source", True),
        ("coverage", "string", "above_scale, in_statistics, whole_park, boundary or unstated"),
        ("status", "string", "reported, corrected, estimated, doubtful or declared_absent"),
        ("notation", "string", "why absent: not_used, not_estimated, included_elsewhere, confidential", True),
        ("confidence", "string", "high, medium or low"),
        *_PLACE,
    ),
)

ENTITIES = Table(
    "entities",
    ("batch", "entity", "since"),
    _columns(
        ("batch", "string", "batch id"),
        ("entity", "string", "entity id: credit code, zone id or the id of the source"),
        ("kind", "string", "nation, group, zone, sub_park, unit, plant"),
        ("parent", "string", "entity it belongs to", True),
        ("name", "string", "name as reported"),
        ("area", "string", "area id of the places packs: province or nation", True),
        ("industry", "string", "GB/T 4754 code", True),
        ("role", "string", "enterprise, utility, infrastructure, public", True),
        ("above_scale_since", "date", "规上 from this day", True),
        ("above_scale_until", "date", "规上 until before this day", True),
        ("in_statistics_since", "date", "入统 from this day", True),
        ("in_statistics_until", "date", "入统 until before this day", True),
        ("since", "date", "inside its parent from this day", True),
        ("until", "date", "inside its parent until before this day", True),
        *_PLACE,
    ),
)

MEMBERS = Table(
    "members",
    ("run", "entity"),
    _columns(
        *_RESULT,
        ("entity", "string", "entity of the boundary that the run used, registered or not"),
        ("kind", "string", "like entities.kind; unregistered for one that only carries data"),
        ("parent", "string", "entity above it, empty for the topmost"),
        ("name", "string", "name, or the id where nobody gave one"),
        ("area", "string", "area whose factors apply; empty when unknown"),
    ),
)

ENERGY = Table(
    "energy",
    ("run", "batch", "line", "method", "basis"),
    _columns(
        *_RESULT,
        ("batch", "string", "batch of the observation"),
        ("line", "int64", "line of the observation"),
        ("entity", "string", "entity id"),
        ("carrier", "string", "carrier id", True),
        ("flow", "string", "flow id", True),
        *_PERIOD,
        ("basis", "string", "calorific (当量值) or primary_energy (等价值)"),
        ("role", "string", "what the row is for: use, output, purchase, sale, feedstock or memo"),
        ("tce", "float64", "[tce], signed as it enters comprehensive energy", True),
        ("method", "string", "method id and version"),
        ("factor", "string", "factor id", True),
        ("factor_value", "float64", "[tce per unit of the carrier]", True),
        ("factor_year", "int64", "data year of the factor", True),
        ("observed", "string", "status of the observation: reported, corrected, estimated"),
        ("status", "string", "ok, no_factor, no_activity, basis_mismatch"),
        ("confidence", "string", "high, medium or low"),
    ),
)

EMISSIONS = Table(
    "emissions",
    ("run", "batch", "line", "method", "category", "view", "gas"),
    _columns(
        *_RESULT,
        ("batch", "string", "batch of the observation"),
        ("line", "int64", "line of the observation"),
        ("entity", "string", "entity id"),
        ("carrier", "string", "carrier or product id", True),
        ("flow", "string", "flow id", True),
        *_PERIOD,
        ("category", "string", "combustion, process, power_in, power_out, heat_in, heat_out, biogenic"),
        ("scope", "int64", "1 direct, 2 bought energy, 0 outside the total"),
        ("view", "string", "direct, location or market"),
        ("gas", "string", "gas id"),
        ("t", "float64", "[t of the gas], signed as it enters the total", True),
        ("co2e", "float64", "[t CO2e]", True),
        ("method", "string", "method id and version"),
        ("factor", "string", "factor id", True),
        ("factor_value", "float64", "[t of gas per unit of the activity]", True),
        ("factor_area", "string", "area of the factor", True),
        ("factor_year", "int64", "data year of the factor", True),
        ("factor_definition", "string", "definition of the factor (average, fossil, ets …)", True),
        ("factor_basis", "string", "net or gross calorific basis", True),
        ("gwp_set", "string", "GWP set used for co2e", True),
        ("observed", "string", "status of the observation: reported, corrected, estimated"),
        ("status", "string", "ok, no_factor, no_activity, no_gwp (mass without co2e), basis_mismatch"),
        ("confidence", "string", "high, medium or low"),
    ),
)

FIGURES = Table(
    "figures",
    ("run", "entity", "quantity", "item", "start", "end", "variant"),
    _columns(
        *_RESULT,
        ("entity", "string", "entity id: zone, unit or group"),
        ("quantity", "string", "quantity id"),
        ("item", "string", "carrier, category or product the figure is limited to; empty for all"),
        *_PERIOD,
        ("variant", "string", "basis=calorific, basis=primary_energy, view=location … ; empty when only one"),
        ("value", "float64", "value in `unit`", True),
        ("unit", "string", "unit of the quantity"),
        ("rows", "int64", "observation rows behind the figure"),
        ("rows_unmatched", "int64", "rows left out because they have no factor or no activity"),
        ("estimated_share", "float64", "share of the value that rests on estimated rows, 0 to 1", True),
        ("coverage", "string", "coverage of the observations behind it"),
        ("status", "string", "ok, partial or not_evaluable"),
        ("confidence", "string", "high, medium or low"),
    ),
)

INDICATORS = Table(
    "indicators",
    ("run", "entity", "indicator", "start", "end", "variant"),
    _columns(
        *_RESULT,
        ("entity", "string", "entity id"),
        ("indicator", "string", "indicator id, <pack>.<id>"),
        *_PERIOD,
        ("variant", "string", "like figures.variant"),
        ("value", "float64", "value in `unit`", True),
        ("unit", "string", "unit of the indicator"),
        ("coverage", "string", "coverage of its inputs, joined by + when they differ"),
        ("missing", "string", "quantities that are missing, joined by +", True),
        ("status", "string", "ok, partial or not_evaluable"),
        ("confidence", "string", "high, medium or low"),
    ),
)

PROGRESS = Table(
    "progress",
    ("run", "target", "entity"),
    _columns(
        *_RESULT,
        ("pack", "string", "target pack id"),
        ("target", "string", "target id"),
        ("entity", "string", "entity id"),
        ("base_period", "string", "period of the baseline, ISO", True),
        ("base_value", "float64", "[unit]", True),
        ("last_period", "string", "period of the newest value, ISO; empty when the source does not state it", True),
        ("last_value", "float64", "[unit]", True),
        ("assumed_period", "string", "period taken for the newest value where the source states none, ISO", True),
        ("goal_period", "string", "period of the goal, ISO", True),
        ("goal_value", "float64", "[unit]", True),
        ("unit", "string", "unit of the values", True),
        ("pace_so_far", "float64", "compound yearly change from base to last [1/year]", True),
        ("pace_needed", "float64", "compound yearly change from last to goal [1/year]", True),
        ("pace_planned", "float64", "compound yearly change from base to goal [1/year]", True),
        ("state", "string", "met, on_track, behind, missed, not_evaluable, quoted"),
        ("caveats", "string", "message ids joined by +", True),
        ("confidence", "string", "high, medium or low"),
    ),
)

SCORES = Table(
    "scores",
    ("run", "scheme", "entity", "start", "end", "variant", "node"),
    _columns(
        *_RESULT,
        ("scheme", "string", "scheme id"),
        ("entity", "string", "entity id"),
        *_PERIOD,
        ("variant", "string", "basis=calorific … when a scheme leaves the choice open"),
        (
            "node",
            "string",
            "id of the criterion, choice, group, condition, sub-score or standing, `index`, `index_capped` or `verdict`",
        ),
        ("kind", "string", "condition, criterion, choice, group, index, subscore, standing or verdict"),
        ("role", "string", "mandatory, optional, guiding, veto, scored or empty", True),
        ("state", "string", "met, not_met, scored (no limit to be met), not_applicable, excused, not_evaluable"),
        ("value", "float64", "value compared", True),
        ("limit", "float64", "limit or leading value compared with", True),
        ("operator", "string", "comparison applied", True),
        ("unit", "string", "unit of value and limit", True),
        ("ratio", "float64", "value against the leading value", True),
        ("score", "float64", "score of an index", True),
        ("low", "float64", "lower end of the score's range", True),
        ("high", "float64", "upper end of the score's range", True),
        ("rank", "int64", "rank of the score among all that are ranked in the year, 1 is best", True),
        ("rank_low", "int64", "best rank that the range of the score allows", True),
        ("rank_high", "int64", "worst rank that the range of the score allows", True),
        ("ranked", "int64", "how many are ranked", True),
        ("reason", "string", "message id that explains the state", True),
        ("detail", "string", "JSON: placeholders of the reason", True),
        ("provisional", "boolean", "true when it rests on a low-confidence value or on an open basis"),
        ("confidence", "string", "high, medium or low"),
    ),
)

FINDINGS = Table(
    "findings",
    ("run", "sort_key"),
    _columns(
        *_RESULT,
        ("sort_key", "int64", "order in reports, from 1"),
        ("severity", "string", "error, warning or note"),
        ("stage", "string", "stage that found it"),
        ("rule", "string", "check that found it"),
        ("entity", "string", "entity id", True),
        ("subject", "string", "quantity, carrier or indicator id", True),
        *_PERIOD,
        *_PLACE,
        ("message", "string", "message id"),
        ("values", "string", "JSON: placeholders of the message"),
        ("state", "string", "open or closed"),
        ("reference", "string", "what names the finding where it is to be closed, like Q-7f3a2c1b", True),
        ("explanation", "string", "why it is closed", True),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        OBSERVATIONS,
        ENTITIES,
        MEMBERS,
        ENERGY,
        EMISSIONS,
        FIGURES,
        INDICATORS,
        PROGRESS,
        SCORES,
        FINDINGS,
        GROWTH,
        DRIVEN,
        UNCERTAINTY,
        COMPLETENESS,
        PARTICULARS,
        RESTATEMENT,
        QUARTERLY,
        LEDGER,
        READINESS,
        GAPS,
        LEVERS,
        PEERS,
        COUNTED,
        MATCHES,
        PARTS,
        CELLS,
        SERIES,
    )
}
INPUT_TABLES: tuple[str, ...] = ("observations", "entities")
RESULT_TABLES: tuple[str, ...] = tuple(name for name in TABLES if name not in INPUT_TABLES)
