"""Which figures an indicator reads: in the basis and view of its scheme, of its profile, under its variant."""

from __future__ import annotations

from collections.abc import Iterable

from greenpark.model.schemes import Indicator, Scheme, readings_of
from greenpark.publish.shown import Row

_COMPARABLE = "_comparable"
_SWITCH = "switch="


def reading_of(scheme: Scheme, variant: str) -> Scheme:
    """The scheme as the variant of an indicator or verdict reads its open points."""
    readings = dict(readings_of(scheme))
    chosen = next((part for part in variant.split(";") if part.startswith(_SWITCH)), "")
    return readings.get(chosen, scheme)


def figures_read(figures: Iterable[Row], name: str, indicator: Indicator, profile: str, variant: str) -> list[Row]:
    """Of the figures of one entity and period those that an indicator reads for a quantity of its formula.

    Parameters
    ----------
    indicator, profile
        The indicator and the profile of the scheme, in the reading of the variant.
    variant
        That of the indicator: with several bases or prices, the one at hand.
    """
    totals = [row for row in figures if not row["item"]]
    wanted = name
    if "price=comparable" in variant and any(row["quantity"] == f"{name}{_COMPARABLE}" for row in totals):
        wanted = f"{name}{_COMPARABLE}"
    named = [row for row in totals if row["quantity"] == wanted or row["quantity"].startswith(f"{wanted}.")]
    asked = dict(part.partition("=")[::2] for part in variant.split(";") if part)
    return [row for row in as_read(named, indicator, profile) if _fits(row["variant"] or "", asked)]


def as_read(figures: list[Row], indicator: Indicator, profile: str) -> list[Row]:
    """Those in the basis and view that the indicator reads; the scheme's own profile stands for the common one."""
    bases = ("calorific", "primary_energy") if indicator.energy_basis == "open" else (indicator.energy_basis,)
    view = "location" if indicator.view == "none" else indicator.view
    wanted = ["", f"view={view}", *(f"basis={'calorific' if each == 'none' else each}" for each in bases)]
    kept: list[Row] = []
    for variant in wanted:
        own = [row for row in figures if variant and row["variant"] == f"{variant}@{profile}"]
        kept += own or [row for row in figures if (row["variant"] or "") == variant]
    return kept


def _fits(variant: str, asked: dict[str, str]) -> bool:
    name, _, value = variant.partition("@")[0].partition("=")
    return asked.get(name, value) == value
