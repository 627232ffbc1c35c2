"""What totals hold beside the rows of units (losses, green power not credited, full oxidation), as cells of uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from greenpark.account.boundary import Boundary
from greenpark.account.uncertainty.rows import KEYS, QUANTITIES, TARGET
from greenpark.model.confidence import RANK

_WORDS = {rank: word for word, rank in RANK.items()}
_COLUMNS = [*TARGET, *KEYS, "value", "square", "rank"]


def correction_cells(
    brought: Sequence[Mapping[str, Any]], boundary: Boundary, entities: Sequence[str]
) -> pd.DataFrame | None:
    """The corrections of totals, each under its own name in place of a carrier; None where there are none.

    What a pair of units brings counts at the levels that hold both in its year. No factor stands behind them here, so that
    nothing but the range of an activity applies to them.
    """
    rows = [
        row for row in brought if row["quantity"] in QUANTITIES and row["item"] and "@" not in row["variant"]
    ]  # the rows without an item say the same once more
    if not rows:
        return None
    frame = pd.DataFrame(rows)
    episodes = boundary.episodes.to_pandas(date_as_object=True)
    found = _inside(frame, episodes[episodes["ancestor"].isin(list(entities))], "entity")
    alone = found[found["counterparty"].isna()]
    between = found[found["counterparty"].notna()]
    both = _inside(between, episodes.rename(columns={"entity": "counterparty"}), "counterparty")
    every = pd.concat([part for part in (alone, both) if len(part)] or [alone], ignore_index=True)
    if every.empty:
        return None
    every["entity"] = every["ancestor"]
    every = every.groupby([*TARGET, "item"], as_index=False, sort=True).agg(
        value=("value", "sum"), rank=("rank", "min")
    )
    every["carrier"], every["observed"] = every["item"], "reported"
    every["grade"] = every["rank"].map(_WORDS)
    every["square"] = every["value"] ** 2
    rest = {name: "" for name in KEYS if name not in ("carrier", "observed", "grade")}
    return every.assign(**rest)[_COLUMNS]


def _inside(frame: pd.DataFrame, episodes: pd.DataFrame, party: str) -> pd.DataFrame:
    """The rows once for every level that the party belonged to in their year."""
    keys = [party, "ancestor"] if "ancestor" in frame else [party]
    joined = frame.merge(episodes[[party, "ancestor", "since", "until"]], on=keys)
    joined = joined[(joined["start"] < joined["until"]) & (joined["end"] > joined["since"])]
    return joined.drop(columns=["since", "until"]).drop_duplicates(ignore_index=True)
