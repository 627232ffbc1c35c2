"""A release written down: data with explanations, and a page with charts; nothing but released cells enters either."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from greenpark.model.text import Language, Text
from greenpark.publish.html import both_languages
from greenpark.publish.naming import Names
from greenpark.publish.shown import Number
from greenpark.publish.statistics.content import Released, StatTable
from greenpark.publish.statistics.written import label, plain_cell, statistics_data, title_of

_BARS = 15


def release_data(released: Released, names: Names) -> dict[str, Any]:
    """The release for a machine, with the explanation of each number by its reference."""
    data = statistics_data(released.statistics, names)
    data["unrestricted"] = released.reason
    data["explained"] = {
        reference: {name: plain_cell(value) for name, value in told.items()}
        for reference, told in sorted(released.explained.items())
    }
    return data


def explain_released(data: Mapping[str, Any], reference: str, names: Names, language: Language) -> list[str] | None:
    """The explanation of a number of a release as lines; None where the release has no such number."""
    told = data["explained"].get(reference)
    if told is None:
        return None
    lines = [reference]
    for name in ("quantity", "variant", "region", "industry", "period", "value", "unit", "confidence"):
        value = told[name]
        text = value[language] if isinstance(value, dict) else str(value)
        if text:
            lines.append(f"  {label(name, names).in_language(language)}  {text}")
    lines.append(f"  {names.sentence('statistics.parts', language)}")
    for part in told["parts"]:
        own = data["explained"][part]
        lines.append(f"    {part}  {own['region'][language]}  {own['industry'][language]}  {own['value']}")
    lines.append(f"  {names.sentence('statistics.parts_withheld', language)}")
    lines.append(f"  {names.sentence('statistics.explained_by', language, run=told['run'], packs=len(told['packs']))}")
    return lines


def write_release_html(released: Released, names: Names, path: Path, language: Language) -> None:
    """One page that asks nothing of any network: tables and bars of what was released; ``language`` is shown first."""
    environment = Environment(
        loader=PackageLoader("greenpark.publish", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["both"] = both_languages
    environment.filters["cell"] = _cell
    page = environment.get_template("release.html.j2").render(
        released=released,
        language=language,
        tables=[
            (title_of(each, names), [(name, label(name, names)) for name in each.columns], each)
            for each in released.tables
        ],
        charts=[chart for each in released.tables if each.id == "cells" for chart in charts_of(each)],
        switch=names.say("statistics.chart"),
        style=Markup(files("greenpark.publish").joinpath("templates", "report.css").read_text(encoding="utf-8")),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", newline="\n")


def charts_of(table: StatTable) -> list[dict[str, object]]:
    """For each quantity the bars of its released cells in the newest period, the total left out; withheld cells have none."""
    charts = []
    for quantity in dict.fromkeys(row["quantity"] for row in table.rows):
        own = [row for row in table.rows if row["quantity"] == quantity]
        newest = max(str(row["period"]) for row in own)
        # The total stands first; where it is withheld it is still the first row that has no bar.
        shown = [row for row in own if row["period"] == newest][1:]
        shown = [row for row in shown if isinstance(row["value"], Number)]
        bars = [(row, row["value"]) for row in shown]
        sizes = {id(row): abs(value.value or 0.0) for row, value in bars if isinstance(value, Number)}
        top = max(sizes.values(), default=0.0)
        ranked = sorted(shown, key=lambda row: -sizes[id(row)])[:_BARS]
        if top:
            charts.append(
                {
                    "title": quantity, "period": newest, "unit": own[0]["unit"],
                    "bars": [
                        (_joined(row["region"], row["industry"]), _cell(row["value"]), round(100 * sizes[id(row)] / top, 2))
                        for row in ranked
                    ],
                }
            )  # fmt: skip
    return charts


def _joined(one: object, other: object) -> Text:
    if isinstance(one, Text) and isinstance(other, Text):
        return Text(zh=f"{one.zh} · {other.zh}", en=f"{one.en} · {other.en}")
    raise TypeError(one)


def _cell(value: object) -> object:
    if isinstance(value, Text):
        return both_languages(value)
    if isinstance(value, Number):
        return value.text
    return "" if value is None else value
