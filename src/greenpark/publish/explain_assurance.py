"""Steps that explain growth, uncertainty and completeness."""

from __future__ import annotations

from greenpark.publish.explain_rows import RowTeller, Step
from greenpark.publish.naming import NOTHING, period_text
from greenpark.publish.shown import Row, period_of
from greenpark.publish.uncertainty import percentage, source_of

EVERY_SOURCE = 10_000
SOURCES = 10


class AssuranceTeller(RowTeller):
    """Explains the tables that say how far totals can be trusted."""

    def growth(self, row: Row) -> Step:
        """Growth in one kind: the two values, their periods, and why it could not be computed where it could not."""
        names = self.names
        share = row["value"]
        number, unit = self.shown(None if share is None else 100 * share, "%")
        facts = self.facts(
            growth_kind=names.word("growth_kind", row["kind"]),
            used=names.say("publish.growth.used") if row["used"] else None,
            entity=names.entity(row["entity"]),
            item=names.item(row["item"]) if row["item"] else None,
            variant=names.variant(row["variant"], row["quantity"]),
            period=period_of(row),
            value_now=" ".join(self.shown(row["value_now"], row["unit"])).strip(),
            base_period=period_text(row["base_start"], row["base_end"]),
            value_base=" ".join(self.shown(row["value_base"], row["unit"])).strip(),
            reason=names.reason(row["reason"], row["detail"]),
        )
        title = self.of(names.quantity(row["quantity"]))
        return Step("growth", title, row["reference"], number, unit, facts + self.marks(row))

    def driver(self, row: Row) -> Step:
        """A driver of a change: the two totals, the growth points, what it rests on, and all drivers behind a change."""
        step = self._driver(row)
        if row["driver"] != "change" or row["level"] != "total":
            return step
        names = ("entity", "quantity", "variant", "start", "end", "base_start", "approach", "level", "item")
        rows = self.lookup.rows("drivers", {name: row[name] for name in names}, EVERY_SOURCE, "value").to_pylist()
        behind = tuple(self._driver({**each, "reference": ""}) for each in rows if each["driver"] != "change")
        return Step(step.kind, step.title, step.reference, step.number, step.unit, step.facts, behind)

    def _driver(self, row: Row) -> Step:
        names = self.names
        number, unit = self.shown(row["value"], row["unit"])
        facts = self.facts(
            drivers_of=names.quantity(row["quantity"]),
            approach=names.word("driver_approach", row["approach"]),
            driver_level=names.word("driver_level", row["level"]),
            item=names.entity(row["item"]) if row["level"] == "enterprise" else row["item"],
            driver_points=self._percent(row["share"]),
            driver_ratio=self.shown(row["ratio"], None)[0],
            entity=names.entity(row["entity"]),
            variant=names.variant(row["variant"]),
            period=period_of(row),
            value_now=" ".join(self.shown(row["value_now"], "tCO2")).strip(),
            base_period=period_text(row["base_start"], row["base_end"]),
            value_base=" ".join(self.shown(row["value_base"], "tCO2")).strip(),
            rule=names.say(f"publish.driver_formula.{row['approach']}"),
            reason=names.reason(row["reason"], row["detail"]),
            note=names.say("publish.drivers.nominal") if row["nominal"] else None,
        )
        title = self.of(names.word("driver", row["driver"]))
        return Step("driver", title, row["reference"], number, unit, facts + self.marks(row))

    def doubt(self, row: Row) -> Step:
        """The interval of a total with its largest sources, or what one source contributes."""
        step = self._doubt(row)
        if row["source"]:
            return step
        where = {name: row[name] for name in ("entity", "quantity", "variant", "start", "end", "approach")}
        rows = [each for each in self.lookup.rows("uncertainty", where, EVERY_SOURCE).to_pylist() if each["source"]]
        rows.sort(key=lambda each: (-(each["share"] or 0.0), each["source"]))
        behind = tuple(self._doubt({**each, "reference": ""}) for each in rows[:SOURCES])
        return Step(step.kind, step.title, step.reference, step.number, step.unit, step.facts, behind)

    def _doubt(self, row: Row) -> Step:
        names = self.names
        number, unit = self.shown(row["value"], row["unit"])
        facts = self.facts(
            doubt_source=source_of(names, row["source"]) if row["source"] else None,
            share=self._doubt_percent(row["share"]),
            low=" ".join(self.shown(row["low"], row["unit"])).strip(),
            high=" ".join(self.shown(row["high"], row["unit"])).strip(),
            half_width=self._doubt_percent(row["half_width"]),
            approach=names.word("approach", row["approach"]),
            draws=row["draws"],
            seed=row["seed"],
            entity=names.entity(row["entity"]),
            variant=names.variant(row["variant"], row["quantity"]),
            period=period_of(row),
            assumed=names.say("publish.doubt.assumed") if row["assumed"] else None,
        )
        title = self.of(names.quantity(row["quantity"]))
        return Step("uncertainty", title, row["reference"], number, unit, facts + self.marks(row))

    def _doubt_percent(self, share: float | None) -> str:
        number, _ = self.shown(percentage(share), None)
        return "" if number == NOTHING else number

    def _percent(self, share: float | None) -> str:
        number, _ = self.shown(None if share is None else 100 * share, None)
        return "" if number == NOTHING else number

    def complete(self, row: Row) -> Step:
        """What was due of one quantity or carrier, and what is there."""
        names = self.names
        facts = self.facts(
            entity=names.entity(row["entity"]),
            item=names.item(row["carrier"]) if row["carrier"] else None,
            period=period_of(row),
            expected=row["expected"],
            present=row["present"],
            estimated=row["estimated"],
            absent=row["absent"],
            missing_count=row["missing"],
            notation=names.word("notation", row["notation"]),
            last_day=row["last_day"],
            estimated_tce=self.shown(row["estimated_tce"], None)[0],
            estimated_co2=self.shown(row["estimated_co2"], None)[0],
        )
        return Step("completeness", self.of(names.quantity(row["quantity"])), row["reference"], facts=facts)
