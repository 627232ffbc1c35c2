"""The report as one HTML file that asks nothing of any network: both languages, tables, charts, explanations."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from greenpark.model.text import LANGUAGES, Language, Text
from greenpark.publish.assets import echarts_source
from greenpark.publish.charts import as_script_data
from greenpark.publish.drivers import COLUMNS
from greenpark.publish.growth import DETAILED
from greenpark.publish.internal import internal_of
from greenpark.publish.naming import plain
from greenpark.publish.release import Release
from greenpark.publish.report import build_report
from greenpark.publish.shown import Shown, shown_of


def write_html(release: Release, path: Path, language: Language = "zh") -> None:
    """Write the report of ``release``; ``language`` is shown first, the reader can switch.

    Raises
    ------
    AssetMissingError
        When the chart library has not been fetched.
    """
    echarts = echarts_source(release.definitions.messages, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_page(release, echarts, language), encoding="utf-8", newline="\n")


def _page(release: Release, echarts: str, language: Language) -> str:
    shown = shown_of(release)
    report = build_report(shown)
    environment = _environment(shown)
    return environment.get_template("report.html.j2").render(
        release=release,
        job=release.job,
        report=report,
        internal=internal_of(shown.names),
        language=language,
        focus=[shown.names.entity(entity) for entity in shown.focus],
        years=shown.years,
        data=Markup(as_script_data(report.charts)),
        echarts=Markup(echarts),
        style=Markup(_template("report.css")),
        script=Markup(_template("report.js")),
    )


def _environment(shown: Shown) -> Environment:
    environment = Environment(
        loader=PackageLoader("greenpark.publish", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    names = shown.names
    environment.filters["both"] = both_languages
    environment.globals.update(
        say=names.say,
        word=names.word,
        words=names.words,
        names=names,
        plain=plain,
        caveat=names.caveat,
        detailed=DETAILED,
        driver_columns=COLUMNS,
        chart_ids=lambda report: set(report.charts),
    )
    return environment


def both_languages(text: Text) -> Markup:
    """The text as it stands in the page: once when both languages agree, else one element for each language."""
    if text.zh == text.en:
        return Markup("{}").format(text.zh)
    spans = [Markup('<span lang="{}">{}</span>').format(_tag(each), text.in_language(each)) for each in LANGUAGES]
    return Markup("").join(spans)


def _tag(language: Language) -> str:
    return "zh-CN" if language == "zh" else "en"


def _template(name: str) -> str:
    return files("greenpark.publish").joinpath("templates", name).read_text(encoding="utf-8")
