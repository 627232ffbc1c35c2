"""Signals about the same cells become one: what several rules notice is said once, with all of them as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from greenpark.model.findings import SEVERITIES, Severity
from greenpark.validate.signals import Signal

# What names the very cell that is wrong, the surest first; the rest only say that something does not agree.
_LOCATED = ("swapped", "whole_year", "year_or_the_other", "changed_as_a_whole", "slip", "unlike_history", "repeated")
_JOINT = ("unbalanced_slip", "ratio_slip", "exchanged", "unbalanced", "out_of_range", "unlike_peers")
_ALONE = ("rounded", "left_out", "declared_yet_stated")


@dataclass(frozen=True)
class Noticed:
    """A signal with the ids of all rules that agree with it, as grave as the gravest of them."""

    signal: Signal
    evidence: tuple[str, ...]
    severity: Severity


def merge(signals: Sequence[Signal]) -> list[Noticed]:
    """One noticed thing per cell, in a stable order; rules about whole series stand for themselves."""
    kept: list[Noticed] = []
    owner: dict[int, int] = {}
    for signal in _ranked(signals, _LOCATED):
        taken = {owner[cell] for cell in _own_cells(signal) if cell in owner}
        if taken:
            _agree(kept, min(taken), signal)
            continue
        owner.update(dict.fromkeys(_own_cells(signal), len(kept)))
        kept.append(_alone(signal))
    joint: dict[int, int] = {}
    for signal in _ranked(signals, _JOINT):
        told = [cell for cell in (signal.cell, *signal.others) if cell in owner]
        before = owner[told[0]] if told else joint.get(signal.cell)
        if before is not None:
            _agree(kept, before, _restored(signal, kept[before].signal))
            continue
        joint.update(dict.fromkeys((signal.cell, *signal.others), len(kept)))
        kept.append(_alone(signal))
    kept += [_alone(signal) for signal in _ranked(signals, _ALONE)]
    return kept


def _alone(signal: Signal) -> Noticed:
    return Noticed(signal, (signal.rule.id,), signal.rule.severity)


def _ranked(signals: Iterable[Signal], kinds: tuple[str, ...]) -> list[Signal]:
    chosen = [signal for signal in signals if signal.what in kinds]
    return sorted(
        chosen, key=lambda each: (kinds.index(each.what), SEVERITIES.index(each.rule.severity), each.rule.id, each.cell)
    )


def _own_cells(signal: Signal) -> tuple[int, ...]:
    """The cells that a signal says are wrong; the earlier values of a repetition are not."""
    if signal.what == "repeated":
        return (signal.cell,)
    return (signal.cell, *signal.others)


def _restored(signal: Signal, located: Signal) -> Signal:
    """A balance whose slip may sit in several cells, seen from the cell that its history singles out."""
    if signal.cell == located.cell:
        return signal
    also = cast("tuple[tuple[int, float], ...]", signal.values.get("also", ()))
    for cell, factor in also:
        if cell == located.cell:
            return replace(signal, cell=cell, factor=factor, expected=None)
    return signal


def _agree(kept: list[Noticed], place: int, signal: Signal) -> None:
    """Note that another rule noticed the same; a balance that restores the very cell knows its factor better."""
    before = kept[place]
    evidence = tuple(dict.fromkeys((*before.evidence, signal.rule.id)))
    first = before.signal
    if signal.what == "unbalanced_slip" and signal.cell == first.cell and first.what in ("slip", "unlike_history"):
        expected = signal.expected if signal.expected is not None else first.expected
        first = replace(first, what="slip", factor=signal.factor, expected=expected)
    severity = min(before.severity, signal.rule.severity, key=SEVERITIES.index)
    kept[place] = Noticed(first, evidence, severity)
