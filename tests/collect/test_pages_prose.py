"""Passages written for these tests (places and figures are invented) and what a careful reader takes from each."""

from __future__ import annotations

import pytest

from greenpark.collect.pages import read_page
from greenpark.model.pages import PageFigure
from tests.collect.page_vocabulary import vocabulary

ZONES = "national high-tech zones"
Expected = tuple[str | None, float, str, str | None, str | None, str, bool]

# name: (text, figures as (quantity, value, unit, period, scope, kind, approximate))
PASSAGES: dict[str, tuple[str, list[Expected]]] = {
    "a level that came down from an earlier year": (
        "近五年，临江市化工园区单位产值能耗持续走低，从2019年的0.464吨标准煤/万元降至0.423吨标准煤/万元，同比下降3.2%。",
        [
            ("energy_per_output", 0.464, "吨标准煤/万元", "2019", "临江市化工园区", "actual", False),
            ("energy_per_output", 0.423, "吨标准煤/万元", None, "临江市化工园区", "actual", False),
            ("energy_per_output_change", -3.2, "%", None, "临江市化工园区", "growth", False),
        ],
    ),
    "years listed one by one": (
        "2021年、2022年和2023年，东川高新区综合能源消费量分别为118.2、121.7和125.4万吨标准煤。",
        [
            ("energy_use", 118.2, "万吨标准煤", "2021", "东川高新区", "actual", False),
            ("energy_use", 121.7, "万吨标准煤", "2022", "东川高新区", "actual", False),
            ("energy_use", 125.4, "万吨标准煤", "2023", "东川高新区", "actual", False),
        ],
    ),
    "a span of years listed one by one": (
        "2020—2022年，南湖高新区用电量分别为8.1亿、8.6亿和9.3亿千瓦时。",
        [
            ("electricity_use", 8.1, "亿千瓦时", "2020", "南湖高新区", "actual", False),
            ("electricity_use", 8.6, "亿千瓦时", "2021", "南湖高新区", "actual", False),
            ("electricity_use", 9.3, "亿千瓦时", "2022", "南湖高新区", "actual", False),
        ],
    ),
    "quantities listed one by one, one of them falling": (
        "2023年，全市规上工业增加值、出口额和用电量分别增长6.1%、-2.4%和8.3%。",
        [
            ("industrial_value_added_growth", 6.1, "%", "2023", None, "growth", False),
            ("export_growth", -2.4, "%", "2023", None, "growth", False),
            ("electricity_use_growth", 8.3, "%", "2023", None, "growth", False),
        ],
    ),
    "two lists about the same quantities": (
        "2021年，国家高新区生产总值和上缴税费分别达到15.1万亿元和2.2万亿元，分别占全国的13.1%和12.6%。",
        [
            ("zone_gdp", 15.1, "万亿元", "2021", ZONES, "actual", False),
            ("taxes_paid", 2.2, "万亿元", "2021", ZONES, "actual", False),
            ("share_of_national_gdp", 13.1, "%", "2021", ZONES, "share", False),
            ("share_of_national_tax", 12.6, "%", "2021", ZONES, "share", False),
        ],
    ),
    "a range, and an amount avoided": (
        "该基地年产再生铝20～30万吨，可减排二氧化碳约45万吨。",
        [
            (None, 20, "万吨", None, None, "actual", True),
            (None, 30, "万吨", None, None, "actual", True),
            ("co2_reduction", 45, "万吨", None, None, "actual", True),
        ],
    ),
    "aims for a later year": (
        "到2030年，力争绿电占比不低于35%，单位地区生产总值二氧化碳排放较2020年下降18%以上，新增绿色工厂100家。",
        [
            ("renewable_energy_share", 35, "%", "2030", None, "target", True),
            ("co2_per_gdp_change", -18, "%", "2030", None, "target", True),
            ("green_factories", 100, "家", "2030", None, "target", False),
        ],
    ),
    "a conditions page with thresholds": (
        "准入门槛：新建项目单位工业增加值综合能耗不高于0.5吨标准煤/万元，水重复利用率应达到90%。",
        [
            ("energy_per_value_added", 0.5, "吨标准煤/万元", None, None, "threshold", True),
            ("water_reuse_rate", 90, "%", None, None, "threshold", False),
        ],
    ),
    "counts in digits and in numerals, at a date": (
        "截至2022年底，已建成绿色工厂二十三家、绿色园区2个；分布式光伏装机容量达到1.2GW，年发电量11.6亿千瓦时。",
        [
            ("green_factories", 23, "家", "2022", None, "count", False),
            ("green_industrial_parks", 2, "个", "2022", None, "count", False),
            ("pv_capacity", 1.2, "GW", "2022", None, "actual", False),
            ("renewable_generation", 11.6, "亿千瓦时", "2022", None, "actual", False),
        ],
    ),
    "against an average, in numerals, and in points": (
        "单位工业增加值用水量比全国平均水平低12.5%。一般工业固体废物综合利用率百分之九十一点四，比上年提高2.5个百分点，"
        "高于全省平均水平6个百分点。研发投入强度是全国平均的2.8倍，单位产值能耗仅为全国平均水平的一半。",
        [
            ("water_per_value_added_against_average", -12.5, "%", None, None, "comparison", False),
            ("solid_waste_use_rate", 91.4, "%", None, None, "share", False),
            ("solid_waste_use_rate_change", 2.5, "个百分点", None, None, "growth", False),
            ("solid_waste_use_rate_against_average", 6, "个百分点", None, None, "comparison", False),
            ("rd_intensity_ratio_to_national_average", 2.8, "倍", None, None, "ratio", False),
            ("energy_per_output_ratio_to_national_average", 0.5, "比值", None, None, "ratio", False),
        ],
    ),
    "a set described by a limit that is no result": (
        "2022年，年综合能耗1万吨标准煤以上的企业30家，61家国家高新区绿化覆盖率超过40%。",
        [
            ("enterprises", 30, "家", "2022", None, "count", False),
            (None, 61, "家", "2022", ZONES, "count", False),
        ],
    ),
    "shares named behind the figure": (
        "2021年，国家高新区聚集了全国35.9%的科技型中小企业、67%的独角兽企业，以占全国0.1%的土地创造了全国七分之一的GDP。",
        [
            ("share_of_national_technology_smes", 35.9, "%", "2021", ZONES, "share", False),
            ("share_of_national_unicorns", 67, "%", "2021", ZONES, "share", False),
            ("share_of_national_land_area", 0.1, "%", "2021", ZONES, "share", False),
            ("share_of_national_gdp", 1 / 7, "比值", "2021", ZONES, "share", False),
        ],
    ),
    "parts of a year, and a year the page does not state": (
        "2022年1至9月，规模以上工业企业综合能耗同比减少3.4万吨标准煤，二氧化碳排放量下降5.1%。"
        "去年，化学需氧量排放量为230吨。",
        [
            ("energy_use_growth", -3.4, "万吨标准煤", "2022-01/2022-09", "industrial enterprises", "growth", False),
            ("co2_growth", -5.1, "%", "2022-01/2022-09", None, "growth", False),
            ("cod", 230, "吨", None, None, "actual", False),
        ],
    ),
    "a firm's own figures per tonne": (
        "华江钢铁有限公司2022年粗钢产量498万吨，吨钢综合能耗575千克标准煤，较2021年下降3千克标准煤。",
        [
            (None, 498, "万吨", "2022", "华江钢铁有限公司", "actual", False),
            ("energy_per_product", 575, "千克标准煤", "2022", "华江钢铁有限公司", "actual", False),
            ("energy_per_product_change", -3, "千克标准煤", "2022", "华江钢铁有限公司", "growth", False),
        ],
    ),
    "what belongs to a denominator said in words": (
        "2023年，青川高新区每万名从业人员拥有发明专利96件，万元GDP能耗0.28吨标煤，万元GDP水耗6.1立方米。",
        [
            ("invention_patents_per_10k_employees", 96, "件/万人", "2023", "青川高新区", "actual", False),
            ("energy_per_gdp", 0.28, "吨标煤/万元", "2023", "青川高新区", "actual", False),
            ("water_per_gdp", 6.1, "立方米/万元", "2023", "青川高新区", "actual", False),
        ],
    ),
    "other areas in a parenthesis": (
        "2021年，东港高新区单位GDP能耗0.31吨标准煤/万元（全国平均0.46吨标准煤/万元，德国0.22吨标准煤/万元），营业收入近3000亿元。",
        [
            ("energy_per_gdp", 0.31, "吨标准煤/万元", "2021", "东港高新区", "actual", False),
            ("energy_per_gdp", 0.46, "吨标准煤/万元", "2021", "China", "actual", False),
            ("energy_per_gdp", 0.22, "吨标准煤/万元", "2021", "Germany", "actual", False),
            ("operating_revenue", 3000, "亿元", "2021", "东港高新区", "actual", True),
        ],
    ),
    "traditional script with full-width digits": (
        "「十四五」期間，單位工業增加值能耗累計下降１３．５％，規模以上工業用水重複利用率達到94%。",
        [
            ("energy_per_value_added_change", -13.5, "%", "2021-01/2025-12", None, "growth", False),
            ("water_reuse_rate", 94, "%", "2021-01/2025-12", None, "share", False),
        ],
    ),
    "a bulletin whose title states the year": (
        "2022年东湖高新区统计公报\n\n全年实现地区生产总值1,352.7亿元，比上年增长5.8%；年末常住人口36.5万人。\n\n规上工业综合能源消费量98.6万吨标准煤。",
        [
            ("gdp", 1352.7, "亿元", "2022", "东湖高新区", "actual", False),
            ("gdp_growth", 5.8, "%", "2022", "东湖高新区", "growth", False),
            ("population", 36.5, "万人", "2022", "东湖高新区", "actual", False),
            ("energy_use", 98.6, "万吨标准煤", None, "东湖高新区", "actual", False),
        ],
    ),
    "labels and values line by line": (
        "单位GDP能耗（吨标准煤/万元）：0.31\n绿色工厂：30家\n用电量:12.3亿千瓦时\n- 工业总产值：4,521.6亿元",
        [
            ("energy_per_gdp", 0.31, "吨标准煤/万元", None, None, "actual", False),
            ("green_factories", 30, "家", None, None, "count", False),
            ("electricity_use", 12.3, "亿千瓦时", None, None, "actual", False),
            ("gross_industrial_output", 4521.6, "亿元", None, None, "actual", False),
        ],
    ),
    "a quantity that the vocabulary does not know is not taken for the one before": (
        "2018年，园区实现地区生产总值257亿元，增长7.1%；居民可支配收入7.1万元，增长7.8%；税收占比达93%，其中国家级园区2家。",
        [
            ("gdp", 257, "亿元", "2018", None, "actual", False),
            ("gdp_growth", 7.1, "%", "2018", None, "growth", False),
            (None, 7.1, "万元", "2018", None, "actual", False),
            (None, 7.8, "%", "2018", None, "growth", False),
            ("share_of_taxes_paid", 93, "%", "2018", None, "share", False),
            ("zones", 2, "家", "2018", None, "count", False),
        ],
    ),
    "English news with a second currency": (
        "The 12 national high-tech zones of the region posted revenue of 1.1 trillion yuan ($160 billion) in 2018, up 13 "
        "percent year-on-year. Their profits hit 34.6 billion yuan.",
        [
            ("zones", 12, "zones", "2018", ZONES, "count", False),
            ("operating_revenue", 1.1, "trillion yuan", "2018", ZONES, "actual", False),
            ("operating_revenue", 160, "$ billion", "2018", ZONES, "actual", False),
            ("operating_revenue_growth", 13, "percent", "2018", ZONES, "growth", False),
            ("profit", 34.6, "billion yuan", "2018", ZONES, "actual", False),
        ],
    ),
    "English news": (
        "In 2022, the GDP of the national high-tech zones reached 17.3 trillion yuan, accounting for 14.3% of the national "
        "GDP. Energy consumption per 10,000 yuan of industrial value added was 0.423 tonnes of standard coal, down 3.2% from "
        "the previous year. At present, nearly 60 national high-tech zones have been certified as green industrial parks.",
        [
            ("zone_gdp", 17.3, "trillion yuan", "2022", ZONES, "actual", False),
            ("share_of_national_gdp", 14.3, "%", "2022", ZONES, "share", False),
            (
                "energy_per_value_added",
                0.423,
                "tonnes of standard coal per 10,000 yuan",
                "2022",
                ZONES,
                "actual",
                False,
            ),
            ("energy_per_value_added_change", -3.2, "%", "2022", ZONES, "growth", False),
            ("green_industrial_parks", 60, "zones", None, ZONES, "count", True),
        ],
    ),
    "English lists and aims": (
        "Exports were 12.1, 13.4 and 15.0 billion yuan in 2020, 2021 and 2022 respectively. "
        "By 2030, the park aims to cut CO2 emissions per unit of GDP by 18% and to raise its share of renewable energy to 25%.",
        [
            ("export", 12.1, "billion yuan", "2020", None, "actual", False),
            ("export", 13.4, "billion yuan", "2021", None, "actual", False),
            ("export", 15.0, "billion yuan", "2022", None, "actual", False),
            ("co2_per_gdp_change", -18, "%", "2030", None, "target", False),
            ("renewable_energy_share", 25, "%", "2030", None, "target", False),
        ],
    ),
    "English with the year behind the figure, wrapped by a narrow column": (
        "The zones' electricity consumption fell from 5.2 TWh in 2019 to 4.8 TWh\nin 2022. Revenue of US$3.2 billion was "
        "recorded in the first nine months\nof 2023. Between January and June 2023, park enterprises discharged 1,230\ntonnes "
        "of COD, a decline of 5.6 percent.",
        [
            ("electricity_use", 5.2, "TWh", "2019", None, "actual", False),
            ("electricity_use", 4.8, "TWh", "2022", None, "actual", False),
            ("operating_revenue", 3.2, "US$ billion", "2023-01/2023-09", None, "actual", False),
            ("cod", 1230, "tonnes", "2023-01/2023-06", None, "actual", False),
            ("cod_growth", -5.6, "percent", "2023-01/2023-06", None, "growth", False),
        ],
    ),
}


def as_tuple(figure: PageFigure) -> Expected:
    return (
        figure.quantity, figure.value, figure.unit, figure.period, figure.scope, figure.kind, figure.approximate,
    )  # fmt: skip


@pytest.mark.parametrize("name", PASSAGES)
def test_a_passage_gives_the_figures_that_a_careful_reader_takes_from_it(name: str) -> None:
    text, expected = PASSAGES[name]
    assert [as_tuple(figure) for figure in read_page(text, vocabulary())] == expected


NO_FIGURES = {
    "dates, documents and standards": "国科发火〔2021〕28号、GB/T 36132-2018和《“十四五”规划》于2023年12月1日起施行，12月12日召开发布会。",
    "names and places in a list": "第3届大会在A5馆召开，园区为5A级景区，位列全国第12位、前20强，工业4.0与5G网络、PM2.5、CO2并举。",
    "headings": "一、总体要求\n（二）主要任务\n3. 组织实施\n第四章 附则\n表2 指标体系",
    "plain counting words": "从三个方面提出两项任务，一批企业、一家公司，千亿俱乐部和千家万户，5年内分3个阶段推进12项措施。",
    "denominators": "每1万名从业人员、每万元产值、万元GDP、per 10,000 people",
    "page furniture": "发布时间：2023-12-15 10:21　来源：园区办　浏览：3456次\n联系电话：010-66668888　邮编100000\n上一篇：12345热线",
    "injected words": "久久在线99_免费100部_高清_视频\n甲县| 乙市| 丙区| 丁旗| 戊县| 己市| 庚区| 辛县| 壬市| 癸区|",
    "a claim without a number": "工业企业能耗优于全国平均水平，绿色发展成效突出，better than the national average.",
}


@pytest.mark.parametrize("name", NO_FIGURES)
def test_digits_that_are_no_figures_give_none(name: str) -> None:
    assert read_page(NO_FIGURES[name], vocabulary()) == ()


def test_a_figure_keeps_the_clause_it_was_read_from() -> None:
    (figure,) = read_page("据介绍，2022年園(yuán)區(qū)用電量達(dá)到8.6億千瓦時，，成效明顯。", vocabulary())
    assert figure.text == "2022年园区用电量达到8.6亿千瓦时"


def test_what_the_title_repeats_is_one_figure() -> None:
    text = (
        "12家园区获评国家级绿色工业园区\n\n记者获悉，截至2023年底，我省已有12家园区获评国家级绿色工业园区，占全省的8%。"
    )
    figures = read_page(text, vocabulary())
    assert [(figure.value, figure.period) for figure in figures] == [(12, "2023"), (8, "2023")]


def test_a_period_does_not_pass_from_one_paragraph_to_the_next() -> None:
    text = "2022年，园区用电量8.6亿千瓦时。\n\n园区现有绿色工厂12家。"
    assert [figure.period for figure in read_page(text, vocabulary())] == ["2022", None]
