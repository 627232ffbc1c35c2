"""Words, dates, numbers, nested values and formulas."""

from __future__ import annotations

from typing import Any

import ibis

from greenpark.account.periods import to_months, to_years
from greenpark.engine.formula import parse_formula
from greenpark.engine.formula_values import evaluate_column
from greenpark.engine.schema import not_finite
from greenpark.engine.units import Units
from greenpark.model.knowledge import Unit
from greenpark.model.text import Text
from tests.engines.expressions import expression
from tests.engines.made_tables import Made


# ---------------------------------------------------------------- words
@expression
def row_number_extracted_from_a_cell(t: Made) -> Any:
    return t.rows.select("line", row=t.rows.cell.re_extract(r"(\d+)$", 1).cast("int64"))


@expression
def extraction_that_finds_nothing(t: Made) -> Any:
    return t.rows.select("line", digits=t.rows.text.re_extract(r"(\d+)年", 1))


@expression
def search_for_a_pattern(t: Made) -> Any:
    pattern = t.rows.carrier.re_search("^(electricity|heat)([.]|$)")
    return t.rows.select("line", found=pattern.fill_null(False), chinese=t.rows.text.re_search("综合能源|万"))


@expression
def replacement_of_a_pattern(t: Made) -> Any:
    return t.rows.select("line", text=t.rows.text.re_replace(r"\s+", " "), plain=t.rows.text.replace(",", ""))


@expression
def beginnings_and_endings(t: Made) -> Any:
    carrier = t.rows.carrier
    return t.rows.select("line", green=carrier.endswith("direct_green"), power=carrier.startswith("electricity"))


@expression
def joined_words_with_null_are_null(t: Made) -> Any:
    return t.rows.select("line", key=t.rows.entity + "+" + t.rows.carrier + "@" + t.rows.line.cast("string"))


@expression
def pieces_and_lengths_of_words(t: Made) -> Any:
    text = t.rows.text
    return t.rows.select("line", tail=text.substr(1), two=text.substr(0, 2), length=text.length(), right=text.right(2))


@expression
def case_of_letters_and_blanks(t: Made) -> Any:
    return t.rows.select("line", upper=t.rows.carrier.upper(), stripped=(" " + t.rows.text + " ").strip())


@expression
def parts_of_a_dotted_name(t: Made) -> Any:
    # Not by `split`: Spark takes the separator for a pattern, in which a dot is any sign.
    carrier = t.rows.carrier
    return t.rows.select("line", first=carrier.re_extract("^([^.]*)", 1), rest=carrier.re_extract("[.](.*)$", 1))


@expression
def words_that_contain_a_word_or_a_wildcard(t: Made) -> Any:
    text = t.rows.text
    return t.rows.select("line", percent=text.contains("_%"), coal=text.contains("标准煤"), place=text.find("年"))


# ---------------------------------------------------------------- dates
@expression
def calendar_year_of_a_period(t: Made) -> Any:
    return to_years(t.rows).select("line", "start", "end")


@expression
def rows_of_exactly_one_month(t: Made) -> Any:
    return to_months(t.rows).select("line", "start", "end")


@expression
def beginnings_of_year_quarter_and_month(t: Made) -> Any:
    day = t.rows.start
    return t.rows.select("line", **{unit.lower(): day.truncate(unit).cast("date") for unit in ("Y", "Q", "M")})


@expression
def dates_moved_by_years_months_and_days(t: Made) -> Any:
    day = t.units.since
    return t.units.select(
        "entity",
        year=(day + ibis.interval(years=1)).cast("date"),
        back=(day - ibis.interval(years=3)).cast("date"),
        month=(day + ibis.interval(months=1)).cast("date"),
        days=(day + ibis.interval(days=31)).cast("date"),
    )


@expression
def year_quarter_month_and_day_of_a_date(t: Made) -> Any:
    day = t.rows.end
    return t.rows.select("line", year=day.year().cast("int64"), quarter=day.quarter(), month=day.month(), day=day.day())


@expression
def length_of_a_period_in_days(t: Made) -> Any:
    return t.rows.select("line", days=t.rows.end.delta(t.rows.start, unit="day").cast("int64"))


@expression
def dates_made_of_numbers_and_of_words(t: Made) -> Any:
    made = ibis.date(t.rows.start.year(), 1, 1)
    return t.rows.select("line", made=made, fixed=ibis.literal("2024-02-29").cast("date"))


@expression
def dates_as_words(t: Made) -> Any:
    return t.rows.select("line", iso=t.rows.start.cast("string"), year=t.rows.start.strftime("%Y-%m"))


@expression
def length_of_the_common_part_of_two_periods(t: Made) -> Any:
    joined = t.rows.inner_join(t.units.filter(t.units.since.notnull()), "entity")
    first, last = ibis.greatest(joined.start, joined.since), ibis.least(joined.end, ibis.date("2024-07-01"))
    stated = joined.filter(joined.start.notnull())
    return stated.select("line", days=last.delta(first, unit="day").cast("int64"))


# ---------------------------------------------------------------- numbers
@expression
def division_by_zero_is_null(t: Made) -> Any:
    n = t.numbers
    return n.select("id", plain=n.a / n.b.nullif(0), share=n.n / n.n.nullif(0).abs(), doubled=n.a / (n.b * 2).nullif(0))


@expression
def whole_numbers_divided_and_rest(t: Made) -> Any:
    n = t.numbers
    return n.select("id", whole=n.n // 2, rest=n.n.abs() % 3, half=n.n / 2)


@expression
def cases_with_null_conditions(t: Made) -> Any:
    r = t.rows
    sort = ibis.cases((r.value < 0, "negative"), (r.value == 0, "zero"), (r.value > 1000, "large"), else_="other")
    return r.select("line", sort=sort, none=ibis.cases((r.flow == "sale", r.value)), first=r.flow.fill_null("?"))


@expression
def least_and_greatest_of_known_values(t: Made) -> Any:
    n = t.numbers.filter(t.numbers.a.notnull() & t.numbers.b.notnull())
    return n.select("id", low=ibis.least(n.a, n.b), high=ibis.greatest(n.a, n.b), some=ibis.coalesce(n.c, n.b))


@expression
def powers_roots_and_logarithms(t: Made) -> Any:
    n = t.numbers.filter(t.numbers.a > 0)
    return n.select(
        "id", square=n.a**2, root=n.a**0.5, cube=n.a ** (1 / 3), ln=n.a.ln(), ten=n.a.log10(), e=(-n.a).exp()
    )


@expression
def rounding_absolute_values_and_signs(t: Made) -> Any:
    n = t.numbers
    return n.select("id", two=n.a.round(2), up=n.a.ceil(), down=n.a.floor(), size=n.a.abs(), sign=n.a.sign())


@expression
def words_that_are_numbers_and_words_that_are_not(t: Made) -> Any:
    return t.rows.select("line", number=t.rows.text.try_cast("float64"), row=t.rows.cell.substr(1).cast("int64"))


@expression
def fixed_point_decimals(t: Made) -> Any:
    fixed = t.rows.value.round(3).cast("decimal(18, 3)")
    sums = t.rows.group_by("entity").aggregate(exact=fixed.sum().cast("float64"), high=fixed.max().cast("float64"))
    return sums.mutate(exact=sums.exact.round(3))


@expression
def numbers_that_are_not_finite(t: Made) -> Any:
    n = t.numbers.mutate(x=t.numbers.a * 1e308)
    return n.select(
        "id", endless=not_finite(n.x), nothing=not_finite(n.x - n.x), nan=(n.x - n.x).isnan().fill_null(False)
    )


@expression
def truth_of_comparisons_with_null(t: Made) -> Any:
    n = t.numbers
    return n.select("id", both=(n.a > 0) & (n.b > 0), one=(n.a > 0) | (n.b > 0), no=~(n.c > 1), same=n.a == n.b)


# ---------------------------------------------------------------- nested values
@expression
def one_row_for_each_struct_of_an_array(t: Made) -> Any:
    n = t.numbers
    structs = [ibis.struct({"name": ibis.literal(name), "value": n[name]}) for name in ("a", "b", "c")]
    packed = n.select("id", row=ibis.array(structs).unnest())
    return packed.select("id", name=packed.row["name"], value=packed.row["value"])


@expression
def one_row_for_each_literal_of_an_array(t: Made) -> Any:
    return t.units.select("entity", basis=ibis.array(["calorific", "primary_energy"]).unnest())


@expression
def one_row_for_each_word_of_a_text(t: Made) -> Any:
    return t.rows.filter(t.rows.text.notnull()).select("line", word=t.rows.text.split(" ").unnest())


@expression
def fields_of_a_struct(t: Made) -> Any:
    packed = t.rows.select("line", both=ibis.struct({"value": t.rows.value, "flow": t.rows.flow}))
    return packed.select("line", value=packed.both["value"], flow=packed.both["flow"])


# ---------------------------------------------------------------- formulas
FORMULAS = (
    "a / b", "(a - b) / a", "100 * a / (b + c)", "power(c, 2) - power(b, 3)", "root(a, 3)", "log(c)",
    "if_else(a > b, a / c, b)", "if_else(known(c), c, a)", "least(a, b, c)", "greatest(a, b)", "-a + 2 * b",
)  # fmt: skip


@expression
def formulas_of_the_formula_language(t: Made) -> Any:
    units = Units([Unit(id="1", name=Text(zh="无量纲", en="dimensionless"), definition="1")])
    columns = {
        f"f{number}": evaluate_column(
            parse_formula(formula),
            lambda leaf: t.numbers[leaf.name],
            lambda name: "1",
            lambda name: (name,),
            units,
            "1",
        ).cast("float64")
        for number, formula in enumerate(FORMULAS)
    }
    return t.numbers.select("id", **columns)
