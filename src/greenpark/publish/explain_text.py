"""An explanation as text for the terminal: a tree whose lines keep their order and full digits."""

from __future__ import annotations

from collections.abc import Iterator

from greenpark.model.text import Language
from greenpark.publish.explain import Explanation
from greenpark.publish.explain_rows import Step
from greenpark.publish.terminal import WIDTH, width_of

_BRANCH, _LAST, _BAR, _GAP = "├─ ", "└─ ", "│  ", "   "
_BETWEEN = "  ·  "


def render_explanation(explanation: Explanation, language: Language) -> str:
    """The explanation as indented lines, ending with a line break."""
    return "\n".join(_lines(explanation.step, "", "", explanation, language)) + "\n"


def _lines(step: Step, first: str, rest: str, explanation: Explanation, language: Language) -> Iterator[str]:
    yield first + _heading(step, explanation)
    bar = _BAR if step.behind else _GAP
    colon = "：" if language == "zh" else ": "
    yield from (rest + bar + line for line in _wrapped([f"{label}{colon}{text}" for label, text in step.facts]))
    for index, behind in enumerate(step.behind):
        last = index == len(step.behind) - 1
        yield from _lines(
            behind, rest + (_LAST if last else _BRANCH), rest + (_GAP if last else _BAR), explanation, language
        )


def _wrapped(facts: list[str]) -> Iterator[str]:
    """Facts side by side as long as a line of the terminal holds them."""
    line = ""
    for fact in facts:
        if line and width_of(line) + len(_BETWEEN) + width_of(fact) > WIDTH:
            yield line
            line = ""
        line = line + _BETWEEN + fact if line else fact
    if line:
        yield line


def _heading(step: Step, explanation: Explanation) -> str:
    kind = "" if step.kind == "note" else f"[{explanation.labels[step.kind]}] "
    number = f"  {step.number} {step.unit}".rstrip() if step.number else ""
    reference = f"  {step.reference}" if step.reference else ""
    return f"{kind}{step.title}{number}{reference}"
