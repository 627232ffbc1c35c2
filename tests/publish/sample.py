"""A small hand-made run with every kind of row: nothing known, negative, huge, tiny, and hostile text."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

import greenpark.model
from greenpark.model.job import Job, ReportedComparison
from greenpark.model.knowledge import Area, Carrier, Factor, FactorSet, Method, PackHead, Quantity, Source, Unit
from greenpark.model.schemes import (
    Case,
    Cases,
    Choice,
    CountVerdict,
    Criterion,
    CriterionConfidence,
    Fact,
    Group,
    Indicator,
    LeadingValue,
    Scheme,
    Switch,
    Target,
    TargetSet,
    Threshold,
)
from greenpark.model.tables import TABLES
from greenpark.model.text import Messages, Text
from greenpark.publish.release import Definitions, PackUsed, Release
from tests.publish import sample_assurance

HOSTILE = "<script>alert('x')</script>&华兴"
HUGE = 1234567891234567.0
TINY = 0.0000001234567891
NEGATIVE = -1234.56789
TOTAL = 1876543.219
_ARROW = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}


def table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as the table of the contract; what a row does not say is empty."""
    schema = pa.schema([(column.name, _ARROW[column.kind]) for column in TABLES[name].columns])
    return pa.Table.from_pylist([{field: row.get(field) for field in schema.names} for row in rows], schema=schema)


def text(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


def messages() -> Messages:
    """The sentences of greenpark and those that the sample's stages would say."""
    found: dict[str, Text] = {}
    for file in sorted((Path(greenpark.model.__path__[0]) / "messages").glob("*.yaml")):
        for message, sentence in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).items():
            found[message] = Text(**sentence)
    said = {
        "sample.unknown_unit": (
            "单位“{unit}”不在单位表中，该行未计入。",
            "The unit {unit} is not known; the row is not counted.",
        ),
        "sample.unknown_unit.fix": ("改为 t 或 万Nm3，例如 {example}。", "Write t or 万Nm3, for example {example}."),
        "sample.identical": (
            "有 {count} 行内容完全相同，已相加，合计 {sum} t。",
            "{count} identical rows were added up, {sum} t.",
        ),
        "sample.identical.fix": ("请确认是否重复填报。", "Check whether they were reported twice."),
        "sample.over_limit": ("实际值 {value} 高于限值 {limit}。", "The value {value} is above the limit {limit}."),
        "sample.no_data": ("缺少 {quantity}，无法计算。", "{quantity} is missing."),
        "sample.depends": (
            "结论取决于口径：达到 {met}；未达到 {not_met}；未定 {open}。",
            "The verdict depends on the basis: met {met}; not met {not_met}; open {open}.",
        ),
        "sample.price_basis": (
            "来源未说明价格口径，两期数值可能不可比。",
            "The price basis is not stated: the two values may not be comparable.",
        ),
    }
    return Messages(found | {message: text(*pair) for message, pair in said.items()})


def quantity(identifier: str, zh: str, en: str, unit: str) -> Quantity:
    return Quantity(id=identifier, name=text(zh, en), unit=unit, over_time="sum", over_entities="sum", sign="any")


QUANTITIES = {
    each.id: each
    for each in (
        quantity("energy.amount", "能源实物量", "energy amount by carrier", "carrier"),
        quantity("energy.total", "综合能源消费量", "comprehensive energy consumption", "tce"),
        quantity("electricity.use", "用电量", "electricity used", "MWh"),
        quantity("co2.total", "园区二氧化碳排放总量", "CO2 emissions of the park", "tCO2"),
        quantity("co2.direct", "直接二氧化碳排放", "direct CO2 emissions (scope 1)", "tCO2"),
        quantity("co2.combustion", "化石燃料燃烧排放", "CO2 from fuel combustion", "tCO2"),
        quantity("co2.process", "工业生产过程排放", "CO2 from industrial processes", "tCO2"),
        quantity("co2.power_net", "净购入电力隐含排放", "CO2 of net bought power", "tCO2"),
        quantity("co2.reported", "来源方公布的二氧化碳排放", "CO2 as published by the source", "tCO2"),
        quantity(
            "economy.industrial_value_added", "工业增加值（现价）", "industrial value added, current prices", "万元"
        ),
        quantity("pollutant.cod", "化学需氧量排放量", "COD discharged", "t"),
        quantity("water.fresh", "工业用新鲜水量", "industrial fresh water", "m3"),
    )
}
CARRIERS = {
    each.id: each
    for each in (
        Carrier(id="raw_coal", name=text("原煤", "raw coal"), unit="t", kind="fuel"),
        Carrier(id="natural_gas", name=text("天然气", "natural gas"), unit="万Nm3", kind="fuel"),
        Carrier(id="diesel", name=text("柴油", "diesel oil"), unit="t", kind="fuel"),
        Carrier(id="electricity", name=text("电力", "electricity"), unit="MWh", kind="electricity"),
    )
}
CONFIDENT = CriterionConfidence(name="high", role="high", value="high", formula="high")
DOUBTED = CriterionConfidence(name="high", role="medium", value="low", formula="medium")


def criterion(identifier: str, rule: Any, confidence: CriterionConfidence = CONFIDENT, **more: Any) -> Criterion:
    titles = {
        "energy_intensity": ("单位工业增加值综合能耗", "Energy per industrial value added"),
        "water_productivity": ("单位工业增加值新鲜水耗", "Fresh water per industrial value added"),
        "cod_elasticity": ("化学需氧量排放强度", "COD per industrial value added"),
        "waste_reuse": ("工业固体废物综合利用率", "Use of industrial solid waste"),
    }
    known = {"role": "mandatory", "missing": "not_evaluable", "group": "resources", "indicator": identifier}
    return Criterion(
        id=identifier, rule=rule, title=text(*titles[identifier]), clause="表 1", source="HJ 274-2015", confidence=confidence,
        **(known | more),
    )  # fmt: skip


def indicator(identifier: str, zh: str, en: str, unit: str, formula: str) -> Indicator:
    return Indicator(
        id=identifier,
        title=text(zh, en),
        unit=unit,
        formula=formula,
        energy_basis="open",
        confidence="high",
        source="HJ 274-2015 附录 A",
    )


def head(kind: str, identifier: str, zh: str, en: str) -> PackHead:
    return PackHead(kind=kind, format=1, id=identifier, version="1.2", title=text(zh, en), source="HJ 274-2015")


SCHEME = Scheme(
    head=head("schemes", "eco_park", "国家生态工业示范园区标准", "Standard for national demonstration eco-industrial parks"),
    issuer=text("环境保护部", "Ministry of Environmental Protection"),
    document="HJ 274-2015",
    sources=(Source(id="hj274", title="国家生态工业示范园区标准", document="HJ 274-2015"),),
    groups=(Group(id="resources", title=text("资源节约", "Resource saving")),),
    indicators=(
        indicator("energy_intensity", "单位工业增加值综合能耗", "Energy per industrial value added", "tce/万元",
                  "energy.total / economy.industrial_value_added"),
        indicator("water_productivity", "单位工业增加值新鲜水耗", "Fresh water per industrial value added", "m3/万元",
                  "water.fresh / economy.industrial_value_added"),
        indicator("cod_elasticity", "化学需氧量排放强度", "COD per industrial value added", "t/万元",
                  "growth(pollutant.cod) / growth(economy.industrial_value_added)"),
    ),
    criteria=(
        criterion("energy_intensity", Threshold(kind="threshold", operator="<=", limit=0.5, unit="tce/万元")),
        criterion("water_productivity", LeadingValue(kind="leading_value", better="lower", leading=8.0, unit="m3/万元"), DOUBTED),
        criterion("cod_elasticity", Cases(kind="cases", on="pollutant.cod", unit="t/万元", cases=(
            Case(at_least=1.0, operator="<=", limit=0.001), Case(below=1.0, operator="<=", limit=0.002)))),
        criterion("waste_reuse", Threshold(kind="threshold", operator=">=", limit=75.0, unit="%"), role="optional"),
    ),
    choices=(Choice(id="pick", meaning="at_least", k=1, members=("waste_reuse", "water_productivity"),
                    title=text("可选指标", "Optional")),),
    switches=(Switch(id="energy_basis", text=text("能耗口径未规定", "The energy basis is not stated"), chosen="calorific",
                     alternatives=("primary_energy",)),),
    verdict=CountVerdict(kind="counts", min_met=3),
    verdict_confidence="medium",
)  # fmt: skip
TARGETS = TargetSet(
    head=head("targets", "action_plan", "绿色发展专项行动实施方案", "Action plan for green development"),
    document="国科发火〔2021〕28号",
    sources=(),
    targets=(
        Target(
            id="energy", kind="level", title=text("单位工业增加值综合能耗", "Energy per industrial value added"),
            quantity="co2.total", entity="park", source="国科发火〔2021〕28号", confidence="high", caveats=("note_1",),
            baseline=Fact(period="2019", value=0.464, unit="tce/万元", source="s", confidence="high"),
        ),
        Target(id="claim", kind="quoted", title=text("优于全国平均水平", "Better than the national average"),
               source="新闻发布会", confidence="low"),
    ),
    notes={"note_1": text("0.423 的年份来源未说明。", "The year of 0.423 is not stated.")},
)  # fmt: skip
FACTORS = FactorSet(
    head=head("factors", "china_fuels", "化石燃料因子", "Fossil fuel factors"),
    sources=(Source(id="guide", title="工业其他行业企业温室气体排放核算方法与报告指南", document="发改办气候〔2015〕1722号"),),
    factors=(
        Factor(id="ncv_raw_coal", item="raw_coal", kind="ncv", value=20.908, unit="GJ/t", basis="net", area="china", data_year=2015,
               source="guide", confidence="high"),
        Factor(id="co2_raw_coal", item="raw_coal", kind="co2", gas="co2", value=0.0946, unit="tCO2/GJ", basis="net", area="china",
               source="guide", confidence="medium"),
        Factor(id="power_china", item="electricity", kind="power", gas="co2", value=None, unit="tCO2/MWh", area="china",
               definition="average", data_year=2022, source="guide", confidence="low"),
    ),
)  # fmt: skip
METHODS = {
    "combustion": Method(
        id="combustion", function="combustion", version="2015", title=text("化石燃料燃烧排放", "Emissions from fuel combustion"),
        produces="emissions", source="发改办气候〔2015〕1722号", clause="五（一）", confidence="high",
    )
}  # fmt: skip
UNITS = {
    each.id: each
    for each in (
        Unit(id="万元", name=text("万元", "ten thousand yuan"), definition="10000 元"),
        Unit(id="万Nm3", name=text("万标准立方米", "ten thousand normal cubic metres"), definition="10000 Nm3"),
    )
}


def definitions() -> Definitions:
    return Definitions(
        messages=messages(),
        quantities=QUANTITIES,
        carriers=CARRIERS,
        schemes={"eco_park": SCHEME},
        targets={"action_plan": TARGETS},
        methods=METHODS,
        factor_sets={"china_fuels": FACTORS},
        areas={"china": Area(id="china", name=text("全国", "China"), kind="nation")},
        units=UNITS,
        packs=(PackUsed("schemes", "eco_park", "1.2", "9f2c5ab01d77e3c4", SCHEME.head.title),),
        forms={"park_annual": sample_assurance.FORM},
    )


def year(of: int) -> dict[str, Any]:
    return {"start": date(of, 1, 1), "end": date(of + 1, 1, 1)}


def month(of: int, number: int) -> dict[str, Any]:
    return {"start": date(of, number, 1), "end": date(of + number // 12, number % 12 + 1, 1)}


def figure(name: str, value: float | None, period: dict[str, Any], **more: Any) -> dict[str, Any]:
    known = {
        "run": "r1", "entity": "park", "item": "", "variant": "", "unit": QUANTITIES[name].unit, "rows": 120, "rows_unmatched": 0,
        "coverage": "whole_park", "status": "ok" if value is not None else "not_evaluable", "confidence": "high",
    }  # fmt: skip
    return known | {"quantity": name, "value": value} | period | more


def figures() -> list[dict[str, Any]]:
    rows = []
    for index, of in enumerate((2022, 2023, 2024)):
        scale = 1 - 0.04 * index
        rows += [
            figure("co2.total", TOTAL if of == 2024 else 2034567.8125 * scale, year(of), rows_unmatched=3, estimated_share=0.0125,
                   status="partial", coverage="whole_park+unstated"),
            figure("co2.direct", 1512345.678901 * scale, year(of)),
            figure("co2.combustion", 1312345.678901 * scale, year(of)),
            figure("co2.process", 200000.0 * scale, year(of), confidence="low"),
            figure("co2.power_net", NEGATIVE, year(of)),
            figure("energy.total", 812345.6789 * scale, year(of), variant="basis=calorific"),
            figure("energy.total", 998877.665544 * scale, year(of), variant="basis=primary_energy"),
            figure("economy.industrial_value_added", HUGE, year(of)),
            figure("pollutant.cod", TINY, year(of)),
            figure("water.fresh", None, year(of)),
        ]  # fmt: skip
    rows += [
        figure("co2.total", TOTAL / 12 * (1 + (number % 5 - 2) / 20), month(2024, number)) for number in range(1, 13)
    ]
    for item, value in (("raw_coal", 1000234.5), ("natural_gas", 250111.25), ("diesel", 62000.0)):
        rows.append(figure("co2.combustion", value, year(2024), item=item))
    rows += [figure("co2.direct", 90000.5 - 3300.125 * n, year(2024), entity=f"u{n:02d}") for n in range(1, 26)]
    rows.append(figure("electricity.use", 5120.25, {"start": None, "end": None}, coverage="unstated", confidence="low"))
    for item, value in (("raw_coal", 1000100.0), ("natural_gas", 300000.0)):
        rows.append(figure("co2.reported", value, year(2024), item=item))
    return rows


def indicators() -> list[dict[str, Any]]:
    known = {"run": "r1", "entity": "park", "coverage": "whole_park", "status": "ok", "confidence": "medium"} | year(
        2024
    )
    return [
        known | {"indicator": "eco_park.energy_intensity", "variant": "basis=calorific", "value": 0.41234567891, "unit": "tce/万元"},
        known | {"indicator": "eco_park.energy_intensity", "variant": "basis=primary_energy", "value": 0.5612, "unit": "tce/万元"},
        known | {"indicator": "eco_park.water_productivity", "variant": "", "value": None, "unit": "m3/万元", "missing": "water.fresh",
                 "status": "not_evaluable", "confidence": "low"},
    ]  # fmt: skip


def score(node: str, state: str, variant: str, **more: Any) -> dict[str, Any]:
    known = {
        "run": "r1", "scheme": "eco_park", "entity": "park", "variant": variant, "node": node, "kind": "criterion",
        "role": "mandatory", "state": state, "provisional": False, "confidence": "high",
    }  # fmt: skip
    return known | year(2024) | more


def scores() -> list[dict[str, Any]]:
    rows = []
    for variant, value in (("basis=calorific", 0.41234567891), ("basis=primary_energy", 0.5612)):
        state = "met" if value < 0.5 else "not_met"
        reason = (
            {} if value < 0.5 else {"reason": "sample.over_limit", "detail": json.dumps({"value": value, "limit": 0.5})}
        )
        rows += [
            score("energy_intensity", state, variant, value=value, limit=0.5, operator="<=", unit="tce/万元", **reason),
            score("water_productivity", "not_evaluable", variant, limit=8.0, unit="m3/万元", provisional=True, confidence="low",
                  reason="sample.no_data", detail=json.dumps({"quantity": "water.fresh"})),
            score("cod_elasticity", "excused", variant, unit="t/万元"),
            score("waste_reuse", "not_applicable", variant, role="optional", unit="%"),
            score("pick", "not_met", variant, kind="choice", role=None),
            score("verdict", state if state == "not_met" else "not_evaluable", variant, kind="verdict", role=None, provisional=True,
                  confidence="low"),
        ]  # fmt: skip
    told = {"met": ["—"], "not_met": ["basis=primary_energy"], "open": ["basis=calorific"]}
    rows.append(
        score("verdict", "not_met", "", kind="verdict", role=None, provisional=True, confidence="low",
              reason="sample.depends", detail=json.dumps(told, ensure_ascii=False))
    )  # fmt: skip
    rows.append(score("verdict", "not_met", "basis=calorific", kind="verdict", role=None) | year(2023))
    return rows


def progress() -> list[dict[str, Any]]:
    return [
        {"run": "r1", "pack": "action_plan", "target": "energy", "entity": "park", "base_period": "2019", "base_value": 0.464,
         "last_value": 0.423, "goal_period": "2025", "goal_value": 0.4, "unit": "tce/万元", "pace_so_far": -0.02285714285,
         "pace_needed": -0.0275862069, "pace_planned": -0.0244, "state": "behind", "caveats": "note_1+sample.price_basis",
         "confidence": "low"},
        {"run": "r1", "pack": "action_plan", "target": "claim", "entity": "park", "state": "quoted", "confidence": "low"},
    ]  # fmt: skip


def findings() -> list[dict[str, Any]]:
    known = {"run": "r1", "stage": "collect", "state": "open"}
    return [
        known | {"sort_key": 1, "severity": "error", "rule": "unit_known", "entity": "u01", "subject": "energy.amount",
                 "file": "能源报表2024.xlsx", "sheet": "能源", "cell": "F17", "message": "sample.unknown_unit",
                 "values": json.dumps({"unit": HOSTILE, "example": "12 t"}, ensure_ascii=False), **year(2024)},
        known | {"sort_key": 2, "severity": "warning", "rule": "identical_rows", "entity": "u02", "file": "能源报表2024.xlsx",
                 "sheet": "能源", "cell": "F21", "message": "sample.identical", "values": json.dumps({"count": 3, "sum": 1234.5})},
        known | {"sort_key": 3, "severity": "note", "stage": "account", "rule": "identical_rows", "message": "sample.identical",
                 "values": json.dumps({"count": 2, "sum": None})},
        known | {"sort_key": 4, "severity": "warning", "stage": "measure", "rule": "missing", "entity": "park",
                 "subject": "eco_park.water_productivity", "message": "sample.identical", "state": "closed",
                 "reference": "Q-7f3a2c1b", "explanation": "两笔用途不同，已核对凭证。",
                 "values": json.dumps({"count": 2, "sum": 7.25}), **year(2024)},
    ]  # fmt: skip


def evidence() -> dict[str, pa.Table]:
    """Emission, energy and observation rows behind the figures."""
    observed, emitted, spent = [], [], []
    for line in range(1, 9):
        place = {"file": "能源报表2024.xlsx", "sheet": "能源", "cell": f"F{line + 6}"}
        observed.append({
            "batch": "b1", "line": line, "entity": f"u{line:02d}", "quantity": "energy.amount", "carrier": "raw_coal",
            "flow": "use_industrial", "value": 1000.5 * line, "unit": "t", "reported_value": f"{1000.5 * line:,}", "reported_unit": "吨",
            "coverage": "whole_park", "status": "reported", "confidence": "high", **month(2024, line), **place,
        })  # fmt: skip
        row = {"run": "r1", "batch": "b1", "line": line, "entity": f"u{line:02d}", "carrier": "raw_coal", "flow": "use_industrial",
               "observed": "reported", "status": "ok", "confidence": "high", **month(2024, line)}  # fmt: skip
        emitted.append(row | {
            "category": "combustion", "scope": 1, "view": "direct", "gas": "CO2", "t": 1978.5 * line, "co2e": 1978.5 * line,
            "method": "combustion@2015", "factor": "ncv_raw_coal+co2_raw_coal", "factor_value": 1.9778968, "factor_area": "china",
            "factor_year": 2015, "factor_basis": "net", "gwp_set": "AR5",
        })  # fmt: skip
        spent.append(row | {"basis": "calorific", "role": "use", "tce": 714.3 * line, "method": "combustion@2015",
                            "factor": "unknown_factor", "factor_value": 0.7143})  # fmt: skip
    return {
        "emissions": table("emissions", emitted),
        "energy": table("energy", spent),
        "observations": table("observations", observed),
    }


def entities() -> pa.Table:
    rows = [{"batch": "b1", "entity": "park", "kind": "zone", "name": "示例高新技术产业园区"}]
    rows += [
        {
            "batch": "b1",
            "entity": f"u{n:02d}",
            "kind": "unit",
            "parent": "park",
            "name": f"{HOSTILE}{n}" if n == 1 else f"第{n}化工有限公司",
        }
        for n in range(1, 26)
    ]
    return table("entities", rows)


def release(invented: bool = True) -> Release:
    """The sample run."""
    job = Job(
        id="sample",
        title=text("示例园区 2024 年碳排放与绿色指标", "Sample park 2024: carbon emissions and green indicators"),
        invented=invented,
        note=text("用于检查报告版式的样例。", "A sample to check how the report looks."),
        inputs=(),
        boundary="park",
        schemes=("eco_park",),
        compare=(
            ReportedComparison(
                activity="energy.amount", computed="co2.combustion", reported="co2.reported", tolerance=0.005
            ),
        ),
        caveats=("sample.price_basis",),
    )
    tables = {
        "figures": table("figures", figures()),
        "indicators": table("indicators", indicators()),
        "scores": table("scores", scores()),
        "progress": table("progress", progress()),
        "findings": table("findings", findings()),
        "growth": table("growth", sample_assurance.growth(TOTAL)),
        "uncertainty": table("uncertainty", sample_assurance.uncertainty(TOTAL)),
        "completeness": table("completeness", sample_assurance.completeness()),
        **evidence(),
    }
    return Release(
        job, "r1-5c1d", tables, entities(), definitions(), {"rows_in": 118, "co2_t": TOTAL}, code_version="0.1.0",
        signatures=sample_assurance.SIGNATURES, batches=sample_assurance.BATCHES,
    )  # fmt: skip
