"""A job about invented zones with two indicators, and the pack of its scheme, written into a folder."""

from __future__ import annotations

from pathlib import Path

PACK = """kind: schemes
format: 1
id: invented_ranking
version: "1"
title: {zh: 虚构的排名办法, en: Invented ranking}
source: invented for a test
issuer: {zh: 无, en: nobody}
document: none
sources:
  - {id: S, title: invented for a test, document: none}
"""
INDICATORS = """indicators:
  - id: green
    title: {zh: 绿地率, en: green space ratio}
    unit: "%"
    formula: green.area / land.managed
    confidence: high
    source: S
  - id: cover
    title: {zh: 绿化覆盖率, en: green coverage}
    unit: "%"
    formula: green.coverage_area / land.managed
    confidence: high
    source: S
"""
SCHEME = """groups:
  - {id: G, title: {zh: 绿化, en: green}, weight: 1}
criteria:
  - &c
    id: G1
    title: {zh: 绿地率, en: green space ratio}
    indicator: green
    group: G
    role: scored
    rule: {kind: normalised, better: higher, unit: "%"}
    missing: not_evaluable
    weight: null
    source: S
    confidence: {name: high, role: high, value: high, formula: high}
"""
CRITERION = """  - id: G2
    title: {zh: 绿化覆盖率, en: green coverage}
    indicator: cover
    group: G
    role: scored
    rule: {kind: normalised, better: higher, unit: "%"}
    missing: not_evaluable
    weight: null
    source: S
    confidence: {name: high, role: high, value: high, formula: high}
verdict:
  kind: tree
  scale: 100
  unknown_weights: {low: 0.8, high: 1.2, draws: 2000, seed: 7, source: S, confidence: low}
  normalisation: {chosen: min_max, alternatives: [percent_rank], among: zone, source: S, confidence: low}
verdict_confidence: low
"""
EXAMPLE = """title: {zh: 三个园区, en: three parks}
entity: z1
period: "2023"
note: {zh: 自拟数字, en: invented figures}
figures:
  green.area: {"2023": 3}
  green.coverage_area: {"2023": 5}
  land.managed: {"2023": 10}
others:
  z2:
    green.area: {"2023": 2}
    green.coverage_area: {"2023": 6}
    land.managed: {"2023": 10}
  z3:
    green.area: {"2023": 1}
    green.coverage_area: {"2023": 4}
    land.managed: {"2023": 10}
expect: {}
verdict: {state: not_applicable, score: 75}
"""
MAPPING = """id: zones
title: {zh: 园区, en: zones}
source: invented for a test
entity_columns: [zone]
entity_name_column: name
entity_kind: zone
area: jiangsu
period: "2023"
values:
  - {column: green, quantity: green.area, unit: km2}
  - {column: cover, quantity: green.coverage_area, unit: km2}
  - {column: land, quantity: land.managed, unit: km2}
confidence: high
"""
JOB = """id: ranking
title: {zh: 虚构排名, en: invented ranking}
invented: true
profile: china_park_national
years: [2023]
schemes: [invented_ranking]
inputs:
  - {file: zones.csv, kind: mapping, mapping: mapping.yaml}
"""


def write_zones(where: Path, rows: str, more: str = "") -> Path:
    """The job of zones with green space, coverage and land [km²]; ``more`` is added to its text."""
    pack = where / "packs" / "schemes" / "invented_ranking"
    (pack / "examples").mkdir(parents=True)
    written = {
        pack / "pack.yaml": PACK,
        pack / "indicators.yaml": INDICATORS,
        pack / "scheme.yaml": SCHEME.replace("&c\n    ", "") + CRITERION,
        pack / "examples" / "one.yaml": EXAMPLE,
        where / "zones.csv": rows,
        where / "mapping.yaml": MAPPING,
        where / "job.yaml": JOB + more,
    }
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")
    return where / "job.yaml"
