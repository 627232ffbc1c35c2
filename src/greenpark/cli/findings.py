"""Findings on the terminal and for machines: ids in them become names where definitions are given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from greenpark.model.findings import SEVERITIES, Finding, fingerprint, reference_of_fingerprint
from greenpark.model.text import Language, Messages

if TYPE_CHECKING:
    from greenpark.catalog import Packs
    from greenpark.collect import Collected


class FindingTeller:
    """Says findings.

    Parameters
    ----------
    packs, collected
        What names the quantities, carriers and units of the findings; without them the ids are said.
    """

    def __init__(self, messages: Messages, packs: Packs | None = None, collected: Collected | None = None) -> None:
        self._messages = messages
        self._names = None
        if packs is not None and collected is not None:
            from greenpark.pipeline.outputs import definitions_of
            from greenpark.publish.naming import Names

            self._names = Names(definitions_of(packs), collected.entities)

    def said(self, finding: Finding, language: Language) -> tuple[str, str]:
        """The sentence and what to do."""
        messages = (finding.message, f"{finding.message}.fix")
        if self._names is None:
            sentence, fix = (self._messages.say(each, language, **finding.values) for each in messages)
        else:
            values = self._names.filled(finding.values)
            sentence, fix = (self._names.sentence(each, language, **values) for each in messages)
        return sentence, fix

    def as_json(self, finding: Finding) -> dict[str, Any]:
        """A finding for machines, in both languages."""
        zh, en = self.said(finding, "zh"), self.said(finding, "en")
        return {
            "severity": finding.severity, "rule": finding.rule, "message": finding.message, "file": finding.place.file,
            "sheet": finding.place.sheet, "cell": finding.place.cell, "values": finding.values,
            "text": {"zh": zh[0], "en": en[0]}, "fix": {"zh": zh[1], "en": en[1]},
        }  # fmt: skip

    def show(self, findings: Iterable[Finding], language: Language, referenced: bool = False) -> None:
        """Print findings, most severe first, each with what to do.

        With ``referenced`` each warning carries the reference by which ``close`` takes its explanation.
        """
        for finding in sorted(findings, key=lambda each: SEVERITIES.index(each.severity)):
            word = self._messages.say(f"cli.severity.{finding.severity}", language)
            sentence, fix = self.said(finding, language)
            is_named = referenced and finding.severity == "warning"
            name = f"  {reference_of_fingerprint(fingerprint(finding))}" if is_named else ""
            print(f"[{word}] {finding.place}  {sentence}{name}")
            print(f"    → {fix}")
