"""An invented park of three firms and two years, small enough to be computed by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

from greenpark.pipeline import Choices, Published, run

UNITS = (
    "统一社会信用代码,单位名称,类别,所在省份,上级,入园日,离园日\n"
    "park,示例园区,园区,江苏,,,\n"
    "a,甲公司,法人单位,江苏,park,,\n"
    "b,乙公司,法人单位,江苏,park,2022-01-01,\n"
    "c,丙公司,法人单位,江苏,park,,2022-01-01\n"
)
ENERGY = (
    "单位名称,时期,能源品种,计量单位,购进量,工业生产消费量\n"
    "甲公司,2021,汽油,吨,10,10\n甲公司,2022,汽油,吨,11,11\n"
    "乙公司,2021,汽油,吨,5,5\n乙公司,2022,汽油,吨,5,5\n"
    "丙公司,2021,汽油,吨,4,4\n丙公司,2022,汽油,吨,4,4\n"
    "甲公司,2021,电力,万千瓦时,100,100\n甲公司,2022,电力,万千瓦时,105,105\n"
)
ECONOMY = (
    "单位或园区名称,时期,工业总产值（现价）（万元）,工业增加值（现价）（万元）,工业增加值（可比价）（万元）\n"
    "甲公司,2021,1000,300,290\n甲公司,2022,1100,330,310\n"
    "示例园区,2021,,,\n"
)
FIGURES = (
    "entity,quantity,period,value,unit,source,confidence,note\n"
    "park,economy.output_price_index,2022,104.1,%,the test,high,\n"
    "park,economy.gdp,2021,500,万元,the test,high,\n"
    "park,economy.gdp,2022,560,万元,the test,high,\n"
)
PRODUCTS = "单位名称,时期,产品或原料,计量单位,产量\n甲公司,2021,{item},t,1000\n甲公司,2022,{item},t,1000\n"
INPUTS = (
    ("units.csv", "kind: form, form: park_annual, sheet: units"),
    ("energy.csv", "kind: form, form: park_annual, sheet: energy"),
    ("economy.csv", "kind: form, form: park_annual, sheet: economy"),
    ("products.csv", "kind: form, form: park_annual, sheet: products"),
    ("figures.csv", "kind: figures"),
)
NITRIC_ACID = "nitric_acid_high_pressure"  # 0.009 t N2O per tonne, 2006 IPCC Guidelines volume 3, table 3.3


def write_job(folder: Path, *more: str, profile: str = "china_park_province", energy: str = ENERGY) -> Path:
    """The job of the park in a folder; ``more`` are further lines of inputs."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = (UNITS, energy, ECONOMY, PRODUCTS.format(item=NITRIC_ACID), FIGURES)
    lines = []
    for (name, how), text in zip(INPUTS, texts, strict=True):
        (folder / name).write_text(text, encoding="utf-8")
        lines.append(f"  - {{file: {name}, {how}}}\n")
    job = folder / "job.yaml"
    job.write_text(
        "id: years\ntitle: {zh: 两年, en: two years}\ninputs:\n"
        + "".join([*lines, *(f"  - {line}\n" for line in more)])
        + f"boundary: park\nprofile: {profile}\nyears: [2021, 2022]\n",
        encoding="utf-8",
    )
    return job


def run_job(job: Path, **more: object) -> Published:
    """The job run in its own folder."""
    choices = Choices(job.parent / "out", job.parent / "w", **more)  # type: ignore[arg-type]  # a test's own choices
    return run(job, choices, lambda step, name: None)[0]


def changed_factor(repo: Path, folder: Path, pack: str, old: str, new: str) -> Path:
    """A copy of a factors pack in which one text is another."""
    copy = folder / "factors" / pack
    shutil.copytree(repo / "src/greenpark/packs/factors" / pack, copy)
    table = copy / "factors.csv"
    text = table.read_text(encoding="utf-8")
    assert text.count(old) == 1
    table.write_text(text.replace(old, new), encoding="utf-8")
    head = copy / "pack.yaml"  # another content is another version
    said = head.read_text(encoding="utf-8")
    assert said.count('version: "1"') == 1
    head.write_text(said.replace('version: "1"', 'version: "1.1"'), encoding="utf-8")
    return folder
