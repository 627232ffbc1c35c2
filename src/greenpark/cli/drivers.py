"""``drivers``: any table of periods and cells taken apart into the drivers of its change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from greenpark.cli.sentences import LANGUAGES, say

_FILE = click.Path(path_type=Path)
_SEVERITIES = ("error", "warning", "note")


def drivers_command(language: Any, tell: Any) -> click.Command:
    """The command in one language."""

    @click.command("drivers", help=tell("cli.drivers.help"))
    @click.argument("table", type=_FILE, metavar="TABLE")
    @click.option("--formula", default="", help=tell("cli.drivers.formula"))
    @click.option("--period", default="", help=tell("cli.drivers.period"))
    @click.option("--key", "keys", multiple=True, help=tell("cli.drivers.key"))
    @click.option("--by", default="", help=tell("cli.drivers.by"))
    @click.option(
        "--weights", type=click.Choice(["1", "2"]), default="1", show_default=True, help=tell("cli.drivers.weights")
    )
    @click.option("--sheet", default="", help=tell("cli.check.sheet"))
    @click.option("--output", type=_FILE, help=tell("cli.drivers.output"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @click.option("--fail-on", type=click.Choice(_SEVERITIES), help=tell("cli.run.fail_on"))
    @click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False)
    def drivers(table: Path, **options: Any) -> None:
        show_drivers(language, table, **options)

    return drivers


def show_drivers(
    language: Any, table: Path, *, formula: str, period: str, keys: tuple[str, ...], by: str, weights: str, sheet: str,
    output: Path | None, as_json: bool, fail_on: str | None,
) -> None:  # fmt: skip
    """Print the drivers of a table and what does not fit; write them where ``output`` says."""
    from greenpark.catalog import load_messages
    from greenpark.cli.ending import decline, end_on, refuse, refusing
    from greenpark.cli.findings import FindingTeller
    from greenpark.cli.workspaces import teller
    from greenpark.pipeline.free_table import Wanted, drivers_of_table
    from greenpark.pipeline.free_table_rows import rows_of_table
    from greenpark.publish.driver_table import table_csv, table_text, write_table_excel

    if not table.is_file():
        decline("cli.no_file", language, path=table)
    if output is not None and output.suffix.lower() not in (".csv", ".json", ".xlsx"):
        refuse(say("cli.drivers.suffix", language, path=output), language)
    wanted = Wanted(formula, period, keys, by, "lmdi_2" if weights == "2" else "lmdi_1", sheet)
    with refusing(language):
        found = drivers_of_table(table, wanted, teller(language))
        messages = load_messages()
        told = FindingTeller(messages)
        rows = rows_of_table(found)
        shown = {
            "formula": list(found.factors.texts), "weights": found.kind, "periods": list(found.periods),
            "closes": found.closes, "drivers": [row.as_json() for row in rows],
            "findings": [told.as_json(each) for each in found.findings],
        }  # fmt: skip
        if output is not None:
            output.parent.mkdir(parents=True, exist_ok=True)
            if output.suffix.lower() == ".xlsx":
                write_table_excel(rows, output, messages, language)
            else:
                csv = output.suffix.lower() == ".csv"
                text = table_csv(rows, messages, language) if csv else _json(shown)
                output.write_text(text, encoding="utf-8-sig" if csv else "utf-8", newline="\n")
    print(_json(shown) if as_json else table_text(rows, messages, language))
    if not as_json:
        told.show(found.findings, language)
        if not found.findings:
            print("\n" + say("cli.drivers.closes", language))
    if output is not None and not as_json:
        print(say("cli.drivers.written", language, path=output.as_posix()))
    end_on((finding.severity for finding in found.findings), fail_on)


def _json(shown: Any) -> str:
    return json.dumps(shown, ensure_ascii=False, indent=2, default=str, allow_nan=False) + "\n"
