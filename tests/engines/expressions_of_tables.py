"""Joins, groups, windows, sets and order."""

from __future__ import annotations

from typing import Any

import ibis

from greenpark.engine.coverage import coverage_code, coverage_words, gather
from greenpark.engine.sums import exact_sum, overflows
from tests.engines.expressions import expression, ordered_expression
from tests.engines.made_tables import Made


# ---------------------------------------------------------------- joins
@expression
def inner_join_on_keys_of_which_some_are_null(t: Made) -> Any:
    return t.rows.inner_join(t.factors, "carrier").select("line", "rate", "area")


@expression
def left_join_keeps_rows_without_partner(t: Made) -> Any:
    return t.rows.left_join(t.units, "entity").select("line", "area", "parent")


@expression
def left_join_with_absent_area_filled(t: Made) -> Any:
    joined = t.rows.left_join(t.units, "entity")
    return joined.select("line", area=joined.area.fill_null(""))


@expression
def join_in_which_null_equals_null(t: Made) -> Any:
    on = t.rows.carrier.identical_to(t.factors.carrier)
    return t.rows.left_join(t.factors, on).select("line", "rate")


@expression
def join_on_two_columns_of_other_names(t: Made) -> Any:
    located = t.rows.inner_join(t.units, "entity").select("line", "carrier", "value", unit_area="area")
    joined = located.inner_join(t.factors, [located.carrier == t.factors.carrier, located.unit_area == t.factors.area])
    return joined.select("line", amount=joined.value * joined.rate)


@expression
def interval_join_with_open_ends(t: Made) -> Any:
    rows, factors = t.rows, t.factors
    since = factors.since.isnull() | (factors.since <= rows.start)
    until = factors.until.isnull() | (rows.start < factors.until)
    return rows.inner_join(factors, [rows.carrier == factors.carrier, since, until]).select("line", "data_year", "rate")


@expression
def interval_join_of_periods_that_overlap(t: Made) -> Any:
    rows, units = t.rows, t.units
    overlap = (units.since < rows.end) & (rows.start < ibis.coalesce(units.until, ibis.date("9999-12-31")))
    return rows.inner_join(units, [rows.entity == units.entity, overlap]).select("line", "since", "until")


@expression
def most_specific_factor_of_the_newest_year(t: Made) -> Any:
    joined = t.rows.inner_join(t.factors, "carrier")
    newest = [joined.area.desc(), joined.data_year.desc(nulls_first=False), joined.rate.desc(nulls_first=False)]
    first = ibis.row_number().over(group_by=joined.line, order_by=newest)
    return joined.mutate(place=first).filter(lambda each: each.place == 0).select("line", "area", "data_year", "rate")


@expression
def anti_join_leaves_what_has_no_partner(t: Made) -> Any:
    return t.rows.anti_join(t.units, "entity").select("line", "entity")


@expression
def anti_join_on_null_keys_keeps_them(t: Made) -> Any:
    return t.rows.anti_join(t.factors, ["carrier"]).select("line", "carrier")


@expression
def semi_join_repeats_no_row(t: Made) -> Any:
    return t.rows.semi_join(t.closure, "entity").select("line", "entity")


@expression
def cross_join_of_rows_and_years(t: Made) -> Any:
    years = t.factors.select("data_year").distinct()
    return t.units.cross_join(years).select("entity", "data_year")


@expression
def join_to_every_level_above_and_sum(t: Made) -> Any:
    above = t.rows.inner_join(t.closure, "entity")
    return above.group_by(["ancestor", "carrier"]).aggregate(value=exact_sum(above.value, 6), rows=above.count())


# ---------------------------------------------------------------- groups
@expression
def group_by_keys_of_which_some_are_null(t: Made) -> Any:
    return t.rows.group_by(["carrier", "flow"]).aggregate(
        n=t.rows.count(), low=t.rows.value.min(), last=t.rows.end.max()
    )


@expression
def counts_of_rows_values_and_different_values(t: Made) -> Any:
    r = t.rows
    return r.group_by("entity").aggregate(n=r.count(), values=r.value.count(), carriers=r.carrier.nunique())


@expression
def sums_and_counts_with_a_condition(t: Made) -> Any:
    r = t.rows
    used, bought = r.flow == "use_industrial", r.flow == "purchase"
    return r.group_by("entity").aggregate(
        used=r.value.sum(where=used), bought=r.value.max(where=bought), n=r.count(where=used | bought)
    )


@expression
def sum_of_no_value_is_null_and_not_zero(t: Made) -> Any:
    r = t.rows
    return r.group_by("carrier").aggregate(nothing=r.value.sum(where=r.value.isnull()), n=r.value.sum().fill_null(0.0))


@expression
def sum_of_conditions_is_a_count(t: Made) -> Any:
    bad = t.rows.status != "reported"
    return t.rows.group_by("entity").aggregate(bad=bad.sum().cast("int64"), some=bad.any(), every=bad.all())


@expression
def exact_sums_in_fixed_point(t: Made) -> Any:
    r = t.rows
    return r.group_by(["entity", "flow"]).aggregate(
        three=exact_sum(r.value, 3), six=exact_sum(r.value, 6), large=overflows(r.value * 1e9, 6)
    )


@expression
def means_minima_and_deviations(t: Made) -> Any:
    r = t.rows
    return r.group_by("carrier").aggregate(
        mean=r.value.mean(),
        low=r.value.min(),
        high=r.value.max(),
        spread=r.value.std(),
        all_spread=r.value.var(how="pop"),
    )


@expression
def medians_and_exact_quantiles(t: Made) -> Any:
    r = t.rows
    return r.group_by("carrier").aggregate(middle=r.value.median(), q90=r.value.quantile(0.9), q0=r.value.quantile(0.0))


@expression
def groups_limited_by_their_own_result(t: Made) -> Any:
    groups = t.rows.group_by(["entity", "carrier"]).aggregate(n=t.rows.count(), value=t.rows.value.sum())
    return groups.filter((groups.n > 6) & (groups.value > 0))


@expression
def aggregate_over_no_rows(t: Made) -> Any:
    none = t.rows.filter(t.rows.line < 0)
    return none.aggregate(n=none.count(), value=none.value.sum(), last=none.end.max())


@expression
def pivot_by_conditional_aggregates(t: Made) -> Any:
    r = t.rows
    flows = ("purchase", "use_industrial", "sale")
    return r.group_by(["entity", r.start.year().name("year")]).aggregate(
        **{flow: exact_sum(ibis.ifelse(r.flow == flow, r.value, ibis.null("float64")), 6) for flow in flows}
    )


@expression
def text_extremes_of_a_group(t: Made) -> Any:
    return t.rows.group_by("status").aggregate(first=t.rows.cell.min(), last=t.rows.text.max())


@expression
def coverages_of_a_group_gathered_as_bits(t: Made) -> Any:
    words = ibis.cases((t.rows.line % 3 == 0, "whole_park"), (t.rows.line % 7 == 0, "boundary+in_statistics"))
    groups = t.rows.group_by(["entity", "flow"]).aggregate(code=gather(coverage_code(words)))
    return groups.mutate(words=coverage_words(groups.code))


@expression
def group_by_a_computed_year(t: Made) -> Any:
    years = t.rows.mutate(year=t.rows.start.year().cast("int64").fill_null(0))
    return years.group_by("year").aggregate(n=years.count(), value=exact_sum(years.value, 6))


# ---------------------------------------------------------------- windows
@expression
def row_numbers_within_a_group(t: Made) -> Any:
    number = ibis.row_number().over(group_by="entity", order_by=["carrier", "line"])
    return t.rows.select("line", number=number)


@expression
def dense_ranks_with_ties_and_nulls(t: Made) -> Any:
    newest = ibis.dense_rank().over(group_by="carrier", order_by=t.rows.end.desc(nulls_first=False))
    return t.rows.select("line", newest=newest, place=ibis.rank().over(order_by=t.rows.status))


@expression
def share_of_the_sum_of_a_group(t: Made) -> Any:
    total = t.rows.value.abs().sum().over(group_by="entity")
    return t.rows.select("line", share=t.rows.value.abs() / total.nullif(0))


@expression
def value_of_the_row_before_and_after(t: Made) -> Any:
    in_order = ibis.window(group_by="entity", order_by=["start", "line"])
    stated = t.rows.filter(t.rows.start.notnull())
    return stated.select("line", before=stated.value.lag(1).over(in_order), after=stated.value.lead(2).over(in_order))


@expression
def running_sum_in_order_of_lines(t: Made) -> Any:
    so_far = ibis.cumulative_window(group_by="entity", order_by="line")
    return t.rows.select("line", sum=t.rows.value.sum().over(so_far), n=t.rows.count().over(so_far))


@expression
def growth_against_the_year_before(t: Made) -> Any:
    stated = t.rows.filter(t.rows.start.notnull())
    years = stated.group_by(["entity", stated.start.year().cast("int64").name("year")])
    sums = years.aggregate(value=exact_sum(stated.value, 6))
    before = sums.select("entity", year=sums.year + 1, before="value")
    joined = sums.left_join(before, ["entity", "year"])
    return joined.select("entity", "year", growth=joined.value / joined.before.nullif(0) - 1)


# ---------------------------------------------------------------- sets
@expression
def union_keeps_repeated_rows(t: Made) -> Any:
    return t.rows.select("entity", "carrier").union(t.rows.select("entity", "carrier"))


@expression
def union_of_parts_with_literal_columns(t: Made) -> Any:
    parts = [t.units.select("entity", kind=ibis.literal(kind), none=ibis.null("float64")) for kind in ("a", "b")]
    return ibis.union(*parts)


@expression
def distinct_rows_with_nulls(t: Made) -> Any:
    return t.rows.select("entity", "carrier", "flow").distinct()


@expression
def difference_and_intersection(t: Made) -> Any:
    seen, known = t.rows.select("entity"), t.units.select("entity")
    only = seen.distinct().difference(known).mutate(side=ibis.literal("only"))
    return only.union(seen.distinct().intersect(known).mutate(side=ibis.literal("both")))


@expression
def membership_in_a_list_and_its_opposite(t: Made) -> Any:
    r = t.rows
    counted = r.filter(r.status.isin(["reported", "corrected"]) & ~r.carrier.isin(["heat"]))
    return counted.select("line", outside=counted.flow.notin(["sale"]))


# ---------------------------------------------------------------- order
@ordered_expression
def order_with_nulls_last(t: Made) -> Any:
    r = t.rows
    keys = [r.carrier.asc(nulls_first=False), r.value.desc(nulls_first=False), "line"]
    return r.order_by(keys).select("line", "carrier", "value")


@ordered_expression
def order_as_each_engine_does_by_default(t: Made) -> Any:
    return t.rows.order_by(["carrier", "flow", "start", "line"]).select("line", "carrier", "flow", "start")


@ordered_expression
def order_of_chinese_and_other_words(t: Made) -> Any:
    return t.rows.select("text").distinct().order_by("text")


@ordered_expression
def first_rows_after_some_others(t: Made) -> Any:
    return t.rows.order_by([t.rows.end.desc(nulls_first=False), "line"]).limit(20, offset=5).select("line", "end")
