"""Which batches a run rests on, as a release is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BatchUsed:
    """A batch that the run rests on: its id (from the hash of its content), and the file that it was read from.

    ``form_version`` is like ``park_annual@1``; ``kind`` and ``state`` are those of the register;
    ``vintage`` is flash, annual, final or census where somebody said so.
    """

    id: str
    file: str = ""
    file_sha256: str = ""
    kind: str = "observations"
    state: str = "accepted"
    form_version: str = ""
    entity: str = ""
    period: str = ""
    vintage: str = ""
