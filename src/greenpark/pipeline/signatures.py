"""The batches that a run rests on, and what was signed with them, for its reports."""

from __future__ import annotations

from greenpark.engine.register.handed_in import sign_offs
from greenpark.engine.store import BatchRecord, RunRecord, Store
from greenpark.model.submission import SignOff
from greenpark.publish.signed import BatchUsed


def signatures_of(record: RunRecord, store: Store) -> tuple[SignOff, ...]:
    """The sign-offs of the run's batches, by entity, form, period and number."""
    return sign_offs(store.register, record.batches)


def batches_of(record: RunRecord, store: Store) -> tuple[BatchUsed, ...]:
    """The run's batches in their order, with the files that they were read from."""
    counting = {each.id: each for each in store.accepted()}
    found = (counting.get(batch) or store.register.batch(batch) for batch in record.batches)
    return tuple(_used(each) for each in found if each)


def _used(batch: BatchRecord) -> BatchUsed:
    source = batch.source
    return BatchUsed(
        id=batch.id,
        file=source.file,
        file_sha256=source.file_sha256,
        vintage=source.vintage,
        kind=batch.kind,
        state=batch.state,
        form_version=source.form_version if "@" in source.form_version else f"{source.form}@{source.form_version}",
        entity=source.entity,
        period=source.period,
    )
