"""Open points of a scheme read otherwise: each alternative is judged beside the chosen one, and a flip is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.engine.shape import Arrow
from greenpark.evaluate.states import LOW, MET, NOT_APPLICABLE, NOT_EVALUABLE, NOT_MET, Node, Reasons, patterns_of

SWITCH = "switch="
CHOSEN = "switch=chosen"
NORMALISATION = "normalisation"
_KEY = ("entity", "indicator", "start", "end", "variant")
_NONE = "—"


def as_chosen(indicators: Arrow) -> Arrow:
    """The indicators as the scheme's own choices have them."""
    return indicators.filter(pc.invert(pc.match_substring(_variants(indicators), SWITCH)))


def as_read(indicators: Arrow, chosen: Arrow, label: str) -> Arrow:
    """The indicators under another reading: its own rows where there are any, else those of the scheme's choice."""
    own = indicators.filter(pc.match_substring_regex(_variants(indicators), f"(^|;){label}$"))
    if not own.num_rows:
        return chosen
    plain = pc.replace_substring_regex(_variants(own), f";?{label}$", "")
    own = own.set_column(own.schema.get_field_index("variant"), "variant", plain)
    filled = chosen.set_column(chosen.schema.get_field_index("variant"), "variant", _variants(chosen))
    kept = filled.join(own.select(list(_KEY)), list(_KEY), join_type="left anti", use_threads=False)
    names = filled.column_names
    return pa.concat_tables([kept.select(names).cast(filled.schema), own.select(names).cast(filled.schema)])


def of_scheme(indicators: Arrow, names: Sequence[str]) -> Arrow:
    """The rows of some indicators."""
    return indicators.filter(pc.is_in(indicators.column("indicator"), value_set=pa.array(list(names), pa.string())))


def label_variants(variants: Sequence[str], label: str) -> tuple[str, ...]:
    """The variants of a scheme under another reading."""
    return tuple(";".join(part for part in (variant, label) if part) for variant in variants)


def mark_flips(verdict: Node, others: Sequence[tuple[str, Node]], reasons: Reasons) -> Node:
    """The verdict of the chosen readings: provisional, and saying so, where another reading gives another state."""
    states = np.stack([verdict.state, *(other.state for _, other in others)])
    flips = (states != states[0]).any(axis=0)
    labels = (CHOSEN, *(label for label, _ in others))
    first, where = patterns_of(states)
    codes = np.array([_reason(column, labels, reasons) for column in states[:, first].T], dtype=np.int64)[where]
    return replace(
        verdict,
        reason=np.where(flips, codes, verdict.reason),
        provisional=verdict.provisional | flips,
        confidence=np.where(flips, LOW, verdict.confidence),
    )


def _reason(states: np.ndarray, labels: Sequence[str], reasons: Reasons) -> int:
    """Which reading gives which state: the chosen one and those that differ from it."""
    if (states == states[0]).all():
        return -1
    told = [place for place in range(len(labels)) if place == 0 or states[place] != states[0]]
    named = {
        word: [labels[place] for place in told if states[place] in which] or [_NONE]
        for word, which in (("met", (MET,)), ("not_met", (NOT_MET,)), ("open", (NOT_EVALUABLE, NOT_APPLICABLE)))
    }
    return reasons.code("evaluate.verdict_depends_on_switch", **named)


def _variants(table: Arrow) -> pa.Array:
    return pc.fill_null(table.column("variant"), "")
