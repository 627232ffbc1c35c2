"""What a change of quantities would do: indicators computed again, the scheme judged again, both beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from greenpark.evaluate.gap.recipes import Recipe
from greenpark.evaluate.gap.trial import Row, Trial


@dataclass(frozen=True)
class Outcome:
    """Before and after.

    ``indicators``: full id → value before and after; ``nodes``: id → rows before and after, of those that differ;
    ``undefined``: indicators that the changed quantities leave without a value; ``not_recomputed``: those whose stored
    value does not follow from the figures at hand, so that they were left as they are.
    """

    indicators: Mapping[str, tuple[float | None, float]]
    nodes: Mapping[str, tuple[Row, Row]]
    undefined: tuple[str, ...]
    not_recomputed: tuple[str, ...]


def try_changes(trial: Trial, recipes: Mapping[str, Recipe], changes: Mapping[str, float]) -> Outcome:
    """The park with some quantities of this year changed [unit of each quantity]; totals do not follow their parts.

    Parameters
    ----------
    recipes
        By full indicator id, for the variant of the trial.
    """
    touched = {name: each for name, each in recipes.items() if set(changes) & {leaf.name for leaf in each.values}}
    undefined, left, values = [], [], {}
    for name, recipe in sorted(touched.items()):
        if not recipe.reproduces(trial.value_of(name)):
            left.append(name)
            continue
        value = recipe.value_with(changes)
        if value is None:
            undefined.append(name)
        elif value != recipe.value_with({}):
            values[name] = value
    after = trial.judged(values)
    nodes = {
        node: (row, after[node])
        for node, row in trial.base.items()
        if node in after
        and any(row[name] != after[node][name] for name in ("state", "value", "limit", "ratio", "score"))
    }
    return Outcome(
        {name: (trial.value_of(name), value) for name, value in values.items()}, nodes, tuple(undefined), tuple(left)
    )
