"""Figures for a terminal table and for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from greenpark.model.pages import PageFigure

_SHOWN = 60


def figures_as_json(figures: Sequence[PageFigure]) -> dict[str, object]:
    """``{"figures": […]}``, one object for each figure in the order of the page."""
    return {"figures": [figure.as_json() for figure in figures]}


def figures_as_rows(figures: Sequence[PageFigure]) -> list[dict[str, str]]:
    """One row of printed cells for each figure; what the page does not say is an empty cell.

    The value is shown in full digits, with ``~`` before one that the page calls approximate.
    """
    return [
        {
            "number": str(place),
            "quantity": figure.quantity or "",
            "value": ("~" if figure.approximate else "") + _full_digits(figure.value),
            "unit": figure.unit,
            "period": figure.period or "",
            "scope": figure.scope or "",
            "kind": figure.kind,
            "text": figure.text if len(figure.text) <= _SHOWN else figure.text[: _SHOWN - 1] + "…",
        }
        for place, figure in enumerate(figures, start=1)
    ]


def _full_digits(value: float) -> str:
    """All digits of the value as read, with thousands separators."""
    exact = Decimal(repr(value))
    return f"{int(exact):,}" if exact == exact.to_integral_value() else f"{exact:,f}"
