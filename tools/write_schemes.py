"""A reference page for every scheme pack: criteria with rule, weight, formula, clause and confidence, as the pack says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tools.machine import ROOT
from tools.markdown import grid, page

SCHEMES = ROOT / "src" / "greenpark" / "packs" / "schemes"
_PARTS = ("name", "role", "value", "formula", "weight")
_SIGNS = {"<=": "≤", ">=": "≥", "==": "=", "<": "<", ">": ">"}
_NOT_PUBLIC = "null (未见 not found)"


def scheme_pages() -> dict[str, str]:
    """The page of every scheme by its file name."""
    folders = sorted(path.parent for path in SCHEMES.glob("*/pack.yaml"))
    return {f"schemes/{folder.name}.md": _page(folder) for folder in folders}


def _page(folder: Path) -> str:
    head, own, scheme = (_yaml(folder / name) for name in ("pack.yaml", "indicators.yaml", "scheme.yaml"))
    indicators = {each["id"]: each for each in own["indicators"]}
    parts = [
        f"`{head['id']}` · {head['document']} · [手算与说明 worked by hand](../../schemes/{head['id']}.md)\n",
        *([f"{head['note']['zh']}\n\n{head['note']['en']}\n"] if "note" in head else []),
        f"since {head.get('since', '–')} · until {head.get('until', '–')} · {_rounds(head)}\n",
        "## Criteria 指标\n",
        grid(
            ("id", "名称", "criterion", "group", "role", "rule", "weight", "formula", "unit", "clause", "source", "confidence"),
            (_criterion(each, indicators) for each in scheme["criteria"]),
        ),
        *_groups(scheme),
        *_notes(scheme, indicators),
        *_choices(scheme),
        *_conditions(scheme),
        *_switches(scheme),
        "## Verdict 结论\n",
        f"`{_plain(scheme['verdict'])}` · confidence {scheme['verdict_confidence']}\n",
        "## Sources 来源\n",
        grid(
            ("id", "title", "document", "published", "what was read"),
            ((each["id"], each["title"], *(each.get(key, "") for key in ("document", "published", "note"))) for each in head["sources"]),
        ),
    ]  # fmt: skip
    return page(f"{head['title']['zh']} · {head['title']['en']}", parts)


def _rounds(head: dict[str, Any]) -> str:
    rounds = head.get("rounds", {})
    kinds = ", ".join(head.get("entity_kinds", ("zone", "sub_park")))
    listed = "; listed zones only 只评价名录中的高新区" if head.get("of_listed_zones") else ""
    span = f"{rounds.get('first', '')}–{rounds.get('last', '')}" if rounds else "–"
    return f"rounds 批次 {span} ({rounds.get('confidence', 'not stated 未写明')}) · entities 对象 {kinds}{listed}"


def _criterion(each: dict[str, Any], indicators: dict[str, Any]) -> tuple[object, ...]:
    indicator = indicators.get(each.get("indicator", ""), {})
    confidence = ", ".join(f"{part} {each['confidence'][part]}" for part in _PARTS if part in each["confidence"])
    weight = "" if "weight" not in each else _NOT_PUBLIC if each["weight"] is None else each["weight"]
    formula = f"`{indicator['formula']}`" if indicator.get("formula") else ""
    return (
        f"`{each['id']}`", each["title"]["zh"], each["title"]["en"], each["group"], each["role"], _rule(each["rule"]), weight,
        formula, indicator.get("unit", ""), each.get("clause", ""), each["source"], confidence,
    )  # fmt: skip


def _rule(rule: dict[str, Any]) -> str:
    if rule["kind"] == "threshold":
        limit = rule.get("limit_from") or rule.get("limit")
        return f"{_SIGNS[rule['operator']]} {_NOT_PUBLIC if limit is None else limit} {rule['unit']}"
    return f"{rule['kind']}: {_plain({key: value for key, value in rule.items() if key != 'kind'})}"


def _plain(value: Any) -> str:
    """A value of a pack in one line, titles left to their Chinese."""
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            return str(value["zh"])
        return ", ".join(f"{key} {_plain(each)}" for key, each in value.items())
    if isinstance(value, list):
        return "[" + "; ".join(_plain(each) for each in value) + "]"
    return "null" if value is None else str(value)


def _groups(scheme: dict[str, Any]) -> list[str]:
    rows = [
        (f"`{each['id']}`", each["title"]["zh"], each["title"]["en"], each.get("weight", ""), each.get("weight_confidence", ""))
        for each in scheme["groups"]
    ]  # fmt: skip
    return ["## Groups 分组\n", grid(("id", "名称", "group", "weight", "confidence"), rows)]


def _notes(scheme: dict[str, Any], indicators: dict[str, Any]) -> list[str]:
    noted = [
        (f"`{each['id']}`", each["note"]["zh"], each["note"]["en"]) for each in scheme["criteria"] if "note" in each
    ]
    noted += [
        (f"`{each['id']}`", each["note"]["zh"], each["note"]["en"]) for each in indicators.values() if "note" in each
    ]
    return ["## Notes 说明\n", grid(("id", "说明", "note"), noted)] if noted else []


def _choices(scheme: dict[str, Any]) -> list[str]:
    rows = [
        (f"`{each['id']}`", each["meaning"], each["k"], ", ".join(each["members"]))
        for each in scheme.get("choices", ())
    ]
    return ["## Choices 选项\n", grid(("id", "meaning", "k", "members"), rows)] if rows else []


def _conditions(scheme: dict[str, Any]) -> list[str]:
    rows = [
        (f"`{each['id']}`", each["kind"], each["text"]["zh"], each["text"]["en"], each["source"])
        for each in scheme.get("conditions", ())
    ]
    return ["## Conditions 条件\n", grid(("id", "kind", "条件", "condition", "source"), rows)] if rows else []


def _switches(scheme: dict[str, Any]) -> list[str]:
    rows = [
        (
            f"`{each['id']}`",
            each["text"]["zh"],
            each["text"]["en"],
            each["chosen"],
            ", ".join(each.get("alternatives", ())),
        )
        for each in scheme.get("switches", ())
    ]
    return (
        ["## Open points 未写明之处\n", grid(("id", "未写明", "open point", "taken", "others"), rows)] if rows else []
    )


def _yaml(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return content
