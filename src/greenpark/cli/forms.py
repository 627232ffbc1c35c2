"""``template`` and ``check``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from greenpark.catalog import Packs, load_packs
from greenpark.cli.ending import decline, end_on, refuse, refusing
from greenpark.cli.findings import FindingTeller
from greenpark.cli.sentences import say
from greenpark.collect import Collected, Context, TemplateContext, collect_form, write_rejected, write_template
from greenpark.engine.units import Units
from greenpark.model.findings import Finding
from greenpark.model.forms import Form
from greenpark.model.text import Language
from greenpark.pipeline.validating import check_rows


def make_template(
    language: Language, *, form: str, output: Path, year: int | None, last_year: Path | None, packs: tuple[Path, ...]
) -> None:
    """Write the workbook of a form; with ``--last-year`` its units and values are shown in it."""
    with refusing(language):
        known = load_packs(packs)
        chosen = _form(known, form, language)
        before = _read(last_year, chosen, "", (), known, language) if last_year else None
        context = TemplateContext(
            known.messages, known.quantities, known.carriers, Units(known.units.values()), known.areas,
            before.entities if before else None, before.observations if before else None, year,
        )  # fmt: skip
        output.parent.mkdir(parents=True, exist_ok=True)
        write_template(output, chosen, context)
        print(say("cli.written", language, path=output))


def check_file(
    language: Language, *, file: Path, form: str, sheet: str, years: tuple[int, ...], rejected: Path | None,
    packs: tuple[Path, ...], fail_on: str | None, as_json: bool, history: tuple[Path, ...] = (),
) -> None:  # fmt: skip
    """Read a workbook or CSV, list every finding, and give refused rows back.

    ``history`` are workbooks of earlier years: what is read is checked against them as well.
    """
    with refusing(language):
        known = load_packs(packs)
        chosen = _form(known, form, language)
        collected = _read(file, chosen, sheet, years, known, language)
        before = [_read(each, chosen, "", (), known, language).observations for each in history]
        odd = check_rows(collected.observations, collected.entities, before, known)
        collected = replace(collected, findings=(*collected.findings, *odd))
        if rejected and collected.rejected_rows:
            write_rejected(rejected, collected, chosen, known.messages)
    if as_json:
        _show_json(collected, known)
    else:
        show_collected(collected, known, language, rejected)
    end_on((finding.severity for finding in collected.findings), fail_on)


def _form(packs: Packs, name: str, language: Language) -> Form:
    if name not in packs.forms:
        refuse(say("cli.unknown_form", language, form=name, known=", ".join(sorted(packs.forms))), language)
    return packs.forms[name]


def _read(file: Path, form: Form, sheet: str, years: tuple[int, ...], packs: Packs, language: Language) -> Collected:
    if not file.is_file():
        decline("cli.no_file", language, path=file)
    units = Units(packs.units.values())
    context = Context(units, packs.quantities, packs.carriers, packs.areas, None, years)
    return collect_form(file, form, sheet, context)


def show_collected(
    collected: Collected, packs: Packs, language: Language, rejected: Path | None,
    findings: Sequence[Finding] | None = None, referenced: bool = False,
) -> None:  # fmt: skip
    """Print the findings (None: those of the file), most severe first, and what became of the cells.

    With ``referenced`` each warning carries the reference by which ``close`` takes its explanation.
    """
    shown = collected.findings if findings is None else findings
    FindingTeller(packs.messages, packs, collected).show(shown, language, referenced)
    if not shown:
        print(say("cli.check.none", language))
    cells = collected.cells
    print(
        say(
            "cli.check.cells",
            language,
            non_empty=cells.non_empty,
            accepted=cells.accepted,
            rejected=cells.rejected,
            absent=cells.declared_absent,
        )
    )
    if rejected and collected.rejected_rows:
        print(say("cli.check.rejected", language, path=rejected))


def _show_json(collected: Collected, packs: Packs) -> None:
    teller = FindingTeller(packs.messages, packs, collected)
    shown = {"cells": asdict(collected.cells), "findings": [teller.as_json(each) for each in collected.findings]}
    print(json.dumps(shown, ensure_ascii=False, indent=2, default=str))
