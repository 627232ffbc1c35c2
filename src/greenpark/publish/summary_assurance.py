"""The keys of summary.json that say how far totals can be trusted: growth, uncertainty, completeness, signatures."""

from __future__ import annotations

from typing import Any

from greenpark.publish.completeness import CoverageOf, GapLine, completeness_of
from greenpark.publish.drivers import DriverGroup, DriverLine, driver_groups
from greenpark.publish.growth import GrowthGroup, GrowthLine, growth_groups
from greenpark.publish.shown import Number, Shown
from greenpark.publish.signing import Signing, signing
from greenpark.publish.uncertainty import DoubtGroup, DoubtLine, doubt_groups


def assurance_of(shown: Shown) -> dict[str, Any]:
    """Five keys; a table that the run did not fill gives an empty list, or null for completeness."""
    complete = completeness_of(shown)
    return {
        "growth": [_growth(group) for group in growth_groups(shown)],
        "drivers": [_drivers(group) for group in driver_groups(shown)],
        "uncertainty": [_doubt(group) for group in doubt_groups(shown)],
        "completeness": None
        if complete is None
        else {
            "total": _coverage(complete.total),
            "by_period": [_coverage(line) for line in complete.periods],
            "by_entity": [_coverage(line) for line in complete.entities],
            "gaps": [_gap(line) for line in complete.gaps],
            "gaps_left_out": complete.gaps_left_out,
        },
        "signing": _signing(signing(shown)),
    }


def number_as_json(number: Number) -> dict[str, Any]:
    """A number with its unit and reference."""
    return {"value": number.value, "unit": number.unit.zh, "reference": number.reference}


def _growth(group: GrowthGroup) -> dict[str, Any]:
    return {
        "name": group.name.model_dump(),
        "entity": group.entity.zh,
        "variant": group.variant.model_dump(),
        "period": group.period,
        "base_period": group.base_period,
        "signs_differ": group.signs_differ,
        "used": group.used.kind if group.used else None,
        "kinds": {line.kind: _kind(line) for line in group.lines},
    }


def _kind(line: GrowthLine) -> dict[str, Any]:
    return {
        "growth_percent": line.growth.value,
        "value_now": line.now.value,
        "value_base": line.base.value,
        "unit": line.now.unit.zh,
        "status": line.status,
        "reason": line.reason.model_dump(),
        "confidence": line.confidence,
        "reference": line.reference,
    }


def _drivers(group: DriverGroup) -> dict[str, Any]:
    return {
        "name": group.name.model_dump(),
        "entity": group.entity.zh,
        "variant": group.variant.model_dump(),
        "period": group.period,
        "base_period": group.base_period,
        "approach": group.approach,
        "sentence": group.sentence.model_dump(),
        "base": group.base.value,
        "now": group.now.value,
        "unit": group.base.unit.zh,
        "change": _driver(group.change),
        "drivers": {line.driver: _driver(line) for line in group.lines},
        "rates": {line.driver: _driver(line) for line in group.rates},
        "nominal": group.nominal,
        "status": group.status,
        "confidence": group.confidence,
    }


def _driver(line: DriverLine) -> dict[str, Any]:
    return {
        **number_as_json(line.value),
        "growth_points": line.points.value,
        "ratio": line.ratio.value,
        "reason": line.reason.model_dump(),
    }


def _doubt(group: DoubtGroup) -> dict[str, Any]:
    return {
        "name": group.name.model_dump(),
        "entity": group.entity.zh,
        "variant": group.variant.model_dump(),
        "period": group.period,
        "approach": group.approach,
        "draws": group.draws,
        "seed": group.seed,
        "total": _interval(group.total) if group.total else None,
        "sources": [
            _interval(line) | {"source": line.source, "name": line.name.model_dump()} for line in group.sources
        ],
        "sources_left_out": group.left_out,
    }


def _interval(line: DoubtLine) -> dict[str, Any]:
    return {
        **number_as_json(line.value),
        "low": line.low.value,
        "high": line.high.value,
        "half_width_percent": line.half_width.value,
        "share_percent": line.share.value,
        "assumed": line.assumed,
        "confidence": line.confidence,
    }


def _counts(line: CoverageOf | GapLine) -> dict[str, Any]:
    return {
        "expected": line.expected,
        "present": line.present,
        "estimated": line.estimated,
        "absent": line.absent,
        "missing": line.missing,
        "last_day": line.last_day,
        "estimated_tce": line.estimated_tce.value,
        "estimated_co2": line.estimated_co2.value,
    }


def _coverage(line: CoverageOf) -> dict[str, Any]:
    return {"name": line.entity.model_dump(), "present_percent": line.present_percent.value, **_counts(line)}


def _gap(line: GapLine) -> dict[str, Any]:
    return {
        "entity": line.entity.zh,
        "quantity": line.quantity.model_dump(),
        "carrier": line.carrier.model_dump(),
        "period": line.period,
        "reference": line.reference,
        "months": line.months,
        "missing_months": line.missing_months,
        **_counts(line),
    }


def _signing(found: Signing) -> dict[str, Any]:
    return {
        "state": found.state,
        "sentence": found.sentence.model_dump(),
        "batches": [
            {
                "batch": line.batch, "state": line.state, "entity": line.entity.zh, "period": line.period,
                "form": line.form.model_dump(), "filled_by": line.filled_by, "checked_by": line.checked_by,
                "responsible": line.responsible, "signed_on": line.signed_on, "accepted_by": line.accepted_by,
                "accepted_on": line.accepted_on, "legal_basis": line.legal_basis, "file": line.file,
                "file_hash": line.file_hash, "supersedes": line.supersedes, "reason": line.reason,
                "remark": line.remark.model_dump(), "signed": line.signed,
            }
            for line in found.lines
        ],
        "forms": [
            {
                "version": form.version, "number": form.number, "title": form.title.model_dump(),
                "issued_by": form.issued_by.model_dump(), "approval": form.approval.model_dump(),
                "valid_until": form.valid_until.model_dump(), "legal_basis": form.legal_basis.model_dump(),
                "note": form.note.model_dump(),
            }
            for form in found.forms
        ],
    }  # fmt: skip
