"""What the page draws with: ECharts as a file beside this module, fetched from npm at set-up, never committed."""

from __future__ import annotations

from importlib.resources import files

from greenpark.model.text import Language, Messages

ECHARTS = "echarts.min.js"


class AssetMissingError(RuntimeError):
    """A file that set-up fetches is not there; the message says how to get it."""


def echarts_source(messages: Messages, language: Language) -> str:
    """The source of ECharts, safe inside a script element.

    Raises
    ------
    AssetMissingError
        When set-up has not fetched it.
    """
    file = files("greenpark.publish").joinpath("assets", ECHARTS)
    if not file.is_file():
        raise AssetMissingError(messages.say("publish.assets_missing", language, file=ECHARTS))
    return file.read_text(encoding="utf-8").replace("</script", "<\\/script")
