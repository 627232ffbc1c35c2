"""One figure for what a page says twice: in its title and in its text, with and without the year."""

from __future__ import annotations

from dataclasses import replace

from greenpark.model.pages import PageFigure


def without_repeats(figures: list[PageFigure]) -> list[PageFigure]:
    """``figures`` with each repeat merged into the first, which takes over the period and scope that only one of them states."""
    kept: list[PageFigure] = []
    alike: dict[tuple[object, ...], list[int]] = {}
    for figure in figures:
        places = alike.setdefault((figure.value, figure.unit, figure.kind, figure.quantity), [])
        place = next((place for place in places if _same(kept[place], figure)), None)
        if place is None:
            places.append(len(kept))
            kept.append(figure)
        else:
            kept[place] = _merged(kept[place], figure)
    return kept


def _same(one: PageFigure, two: PageFigure) -> bool:
    """Whether figures alike in value, unit, kind and quantity agree in all else that both state."""
    if one.quantity is None and one.text != two.text:
        return False
    return _agree(one.period, two.period) and _agree(one.scope, two.scope)


def _agree(one: str | None, two: str | None) -> bool:
    return one is None or two is None or one == two


def _merged(one: PageFigure, two: PageFigure) -> PageFigure:
    """The fuller of both: a title says less than the sentence that it announces."""
    fuller = two if len(two.text) > len(one.text) else one
    return replace(
        fuller,
        period=one.period or two.period,
        scope=one.scope or two.scope,
        approximate=one.approximate or two.approximate,
    )
