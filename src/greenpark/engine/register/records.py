"""What the register knows, as plain values: batches, files and runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

BatchKind = Literal["observations", "estimate", "submission", "simulation"]
BatchState = Literal["draft", "submitted", "returned", "accepted", "locked"]
RunState = Literal["open", "closed"]


@dataclass(frozen=True)
class BatchSource:
    """Where a batch comes from: its file, the form or mapping that read it, and for whom and when it speaks.

    ``vintage``: flash (快报), annual (年报), final (终审) or census (普查修订) of one number; empty where nobody said.
    """

    file: str
    file_sha256: str
    form: str = ""
    form_version: str = ""
    entity: str = ""
    period: str = ""
    reader: str = ""
    vintage: str = ""


@dataclass(frozen=True)
class BatchRecord:
    """A batch: immutable rows, and the state that decides whether they count."""

    id: str
    kind: BatchKind
    content: str
    rows: int
    source: BatchSource
    created: datetime
    accepted_at: datetime | None
    state: BatchState = "accepted"
    supersedes: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class FileRecord:
    """A file of the workspace: its path relative to it, and what it holds.

    A file holds rows of one run or of one or several batches.
    """

    path: str
    table: str
    sha256: str
    bytes: int
    rows: int
    run: str | None = None
    batches: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackUse:
    """The pack that a run used: its version and the hash of its content."""

    version: str
    hash: str


@dataclass(frozen=True)
class RunRecord:
    """A run: what went in (batches, packs, code) and when it was asked for and closed."""

    id: str
    identity: str
    job: str
    job_hash: str
    code: str
    started: datetime
    batches: tuple[str, ...] = ()
    packs: Mapping[str, PackUse] = field(default_factory=dict)
    closed: datetime | None = None
    state: RunState = "open"


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def moment_text(moment: datetime) -> str:
    """A moment as text of fixed width in UTC, so that texts sort as moments do on every database.

    Raises
    ------
    ValueError
        When the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment.isoformat()}")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_moment(text: str) -> datetime:
    """The moment that `moment_text` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
