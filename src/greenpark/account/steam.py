"""Masses of steam and hot water become heat by their enthalpy, before anything is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.account.gaps import first_of, placed_finding, row_of_source
from greenpark.account.if97 import boiling_point, enthalpy_of_saturated_steam, enthalpy_of_steam
from greenpark.engine.connect import Engine
from greenpark.model.findings import Finding
from greenpark.model.knowledge import Method

STATE = "steam."
PRESSURE, TEMPERATURE, ENTHALPY = "steam.pressure", "steam.temperature", "steam.enthalpy"
STEAM, HOT_WATER, HEAT, HEAT_UNIT = ("steam", "steam_low_pressure"), "hot_water", "heat", "GJ"
_PER_TONNE = 1000.0  # kJ/kg × t = MJ
Row = Mapping[str, Any]
_CONVERTED = pa.schema([("batch", pa.string()), ("line", pa.int64()), ("heat", pa.float64())])


@dataclass(frozen=True)
class Converted:
    """The observations with heat [GJ] in place of masses whose state is reported, and what is to be said of them."""

    observations: Any
    findings: tuple[Finding, ...]


def with_heat(observations: Any, method: Method, engine: Engine) -> Converted:
    """Masses of steam [t] as heat: Q = M × (h − base enthalpy)/1000 [GJ]; of hot water: Q = M × (T − base) × c/1000.

    h is the reported enthalpy [kJ/kg], else that of the reported absolute pressure [MPa] and temperature [°C]; with a
    pressure alone the steam is taken as saturated. State and mass stand in the same row of the source. Rows without a
    state stay masses.

    References
    ----------
    GB/T 32150-2015 and the NDRC guidelines of 24 sectors; enthalpy by IAPWS R7-97(2012).
    """
    rows = observations.filter(
        observations.status.isin(COUNTED)
        & (
            observations.quantity.isin([PRESSURE, TEMPERATURE, ENTHALPY])
            | ((observations.quantity == "energy.amount") & observations.carrier.isin([*STEAM, HOT_WATER]))
        )
    )
    columns = ["batch", "line", "entity", "quantity", "carrier", "flow", "start", "value", "file", "sheet", "cell"]
    found = engine.to_arrow(rows.select(*columns)).to_pylist()
    found.sort(key=lambda row: (row["batch"], row["line"]))
    states: dict[tuple[Any, ...], dict[str, float]] = {}
    for row in found:
        if row["quantity"].startswith(STATE) and row["value"] is not None:
            states.setdefault(row_of_source(row), {})[row["quantity"]] = row["value"]
    heat, findings = _heat_of([row for row in found if not row["quantity"].startswith(STATE)], states, method)
    if not heat:
        return Converted(observations, findings)
    table = engine.from_arrow(pa.Table.from_pylist(heat, schema=_CONVERTED))
    joined = observations.left_join(table, ["batch", "line"])
    known = joined.heat.notnull()
    changed = joined.mutate(
        carrier=ibis.ifelse(known, HEAT, joined.carrier),
        unit=ibis.ifelse(known, HEAT_UNIT, joined.unit),
        value=ibis.coalesce(joined.heat, joined.value),
    )
    return Converted(changed.select(*observations.columns), findings)


def _heat_of(
    masses: Sequence[Row], states: Mapping[tuple[Any, ...], Mapping[str, float]], method: Method
) -> tuple[list[Row], tuple[Finding, ...]]:
    heat: list[Row] = []
    findings: list[Finding] = []
    for row in masses:
        state = states.get(row_of_source(row))
        if state is None or row["value"] is None:
            continue
        per_tonne = _heat_per_tonne(row["carrier"], state, method.parameters)
        named = {**row, "year": row["start"].year if row["start"] else None}
        values = {word: state.get(f"{STATE}{word}") for word in ("pressure", "temperature", "enthalpy")}
        shown = {word: "–" if value is None else value for word, value in values.items()}
        if per_tonne is None or per_tonne <= 0:
            findings.append(placed_finding("steam_state_impossible", "error", named, **shown))
            continue
        heat.append({"batch": row["batch"], "line": row["line"], "heat": row["value"] * per_tonne})
        told: dict[str, object] = {**shown, "mass": row["value"], "heat": row["value"] * per_tonne}
        findings.append(placed_finding("steam_converted", "note", named, **told))
    rules = ("steam_state_impossible", "steam_converted")
    return heat, tuple(
        each for rule in rules for each in first_of(rule, [told for told in findings if told.rule == rule])
    )


def _heat_per_tonne(carrier: str, state: Mapping[str, float], parameters: Mapping[str, float]) -> float | None:
    """Heat of a tonne [GJ/t] above the base; None where the state is impossible or says too little."""
    if carrier == HOT_WATER:
        if TEMPERATURE not in state:
            return None
        difference = state[TEMPERATURE] - parameters["base_temperature"]
        return difference * parameters["water_heat_capacity"] / _PER_TONNE
    enthalpy = state[ENTHALPY] if ENTHALPY in state else _enthalpy(state, parameters)
    return None if enthalpy is None else (enthalpy - parameters["base_enthalpy"]) / _PER_TONNE


def _enthalpy(state: Mapping[str, float], parameters: Mapping[str, float]) -> float | None:
    """Enthalpy of steam [kJ/kg]: superheated where pressure and temperature say so, saturated at a pressure alone.

    Temperatures of saturated steam are read roughly: ``saturation_reading`` [°C] from boiling is still saturated.
    """
    if PRESSURE not in state:
        return None
    pressure = state[PRESSURE]
    boiling = boiling_point(pressure)
    if TEMPERATURE not in state or (
        boiling is not None and abs(state[TEMPERATURE] - boiling) <= parameters["saturation_reading"]
    ):
        return enthalpy_of_saturated_steam(pressure)
    return enthalpy_of_steam(pressure, state[TEMPERATURE])
