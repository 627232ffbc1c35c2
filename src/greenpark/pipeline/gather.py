"""The inputs of a job become batches; whatever was wrong with them becomes findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.catalog import Packs, load_mapping
from greenpark.collect import (
    CellCount,
    Collected,
    Context,
    collect_figures,
    collect_form,
    collect_mapping,
    collect_page,
)
from greenpark.collect.pages import page_text, read_page_with_findings
from greenpark.engine.provenance import hash_file, hash_rows
from greenpark.engine.store import BatchSource, Store
from greenpark.engine.units import Units
from greenpark.model.findings import Finding, Place
from greenpark.model.forms import Form
from greenpark.model.job import Input, Job, JobError

PAGE_VOCABULARY = "zh_statistics"
CHANGED = "pipeline.input_changed"  # the reason of a superseding batch, a message id


@dataclass(frozen=True)
class ReadInput:
    """One input file as it was read."""

    collected: Collected
    source: BatchSource
    form: Form | None
    years: tuple[int, ...]

    @property
    def observed_years(self) -> tuple[int, ...]:
        """The years in which the periods that were read begin."""
        starts = pc.unique(pc.year(self.collected.observations.column("start"))).to_pylist()
        return tuple(sorted(year for year in starts if year is not None))


@dataclass(frozen=True)
class Gathered:
    """All inputs of a job, and what is wrong between them."""

    read: tuple[ReadInput, ...]
    between: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all inputs, in their order."""
        return (*self.between, *(finding for each in self.read for finding in each.collected.findings))

    @property
    def refused(self) -> tuple[tuple[str, str, int], ...]:
        """Entity, quantity and year of the cells that could not be read.

        A refused cell is marked for every year that its input is about, or else that the rest of it holds.
        """
        return tuple(
            sorted(
                {
                    (cell.finding.entity, cell.finding.subject, year)
                    for each in self.read
                    for cell in each.collected.rejected
                    for year in each.years or each.observed_years
                }
            )
        )

    @property
    def cells(self) -> CellCount:
        """How many data cells there were and what became of them."""
        return sum((each.collected.cells for each in self.read), CellCount())


def gather(path: Path, job: Job, packs: Packs, instead: tuple[Path, ...], told: Callable[[str], None]) -> Gathered:
    """Read every input of the job.

    Parameters
    ----------
    path
        The job file: input paths are relative to it.
    instead
        Files to read instead of the job's own, in its order (``--input``); the rest of the job stays.
    told
        Is told the name of each file before it is read.

    Raises
    ------
    JobError
        When a file does not exist, or more files are given than the job has inputs.
    """
    files = [each for each in job.inputs if each.kind != "accepted"]
    if len(instead) > len(files):
        raise JobError("pipeline.too_many_inputs", given=len(instead), inputs=len(files))
    read = []
    entities: list[pa.Table] = []
    for number, each in enumerate(files):
        file = instead[number] if number < len(instead) else path.parent / each.file
        if not file.is_file():
            raise JobError("pipeline.no_such_file", file=file.as_posix())
        told(file.name)
        context = _context(job, each, packs, entities)
        collected = _collect(path, job, each, file, packs, context)
        entities.append(collected.entities)
        source = _source(each, file, path, packs, job, collected)
        read.append(ReadInput(collected, source, packs.forms.get(each.form), context.years))
    return Gathered(tuple(read), _same_files(job, read))


def _same_files(job: Job, read: Sequence[ReadInput]) -> tuple[Finding, ...]:
    """A finding for each input that holds the very rows of an earlier one: everything in it would count twice."""
    found: list[Finding] = []
    first: dict[str, str] = {}
    for each in read:
        rows = f"{each.source.reader}{each.source.vintage}"  # a revision may repeat what stood before
        if rows in first and each.collected.observations.num_rows:
            values: dict[str, object] = {"file": each.source.file, "first": first[rows]}
            place = Place(each.source.file)
            found.append(Finding("error", "collect", "same_input", "pipeline.same_input", values, place=place))
        first.setdefault(rows, each.source.file)
    return tuple(found)


def choose_batches(job: Job, gathered: Gathered, store: Store, as_of: datetime | None) -> tuple[str, ...]:
    """The batches of a run: those of the job's files, appended now, and what was handed in to the workspace.

    Parameters
    ----------
    as_of
        A moment: nothing is appended, and the batches are those that counted then. None: now.
    """
    own = append_batches(gathered, store) if as_of is None else counting_then(job, store, as_of)
    if all(each.kind != "accepted" for each in job.inputs):
        return own
    handed = [known for known in store.accepted(as_of) if known.kind != "observations"]
    # In the order in which they were accepted: of a unit that several register, the newest row counts.
    return (*own, *(known.id for known in sorted(handed, key=lambda known: (str(known.accepted_at), known.id))))


def counting_then(job: Job, store: Store, as_of: datetime) -> tuple[str, ...]:
    """The batches of the job's files that counted at a moment, in the order of its inputs."""
    known = [each for each in store.accepted(as_of) if each.kind == "observations"]
    names = dict.fromkeys(source_name(each) for each in job.inputs if each.kind != "accepted")
    return tuple(batch.id for name in names for batch in known if batch.source.file == name)


def source_name(each: Input) -> str:
    """How the batches of an input are known: its file, with sheet and mapping where it has any."""
    return "#".join(part for part in (each.file, each.sheet, each.mapping) if part)


def append_batches(gathered: Gathered, store: Store) -> tuple[str, ...]:
    """Append what was read; an input whose rows differ from before supersedes its earlier batch.

    A batch is known by its rows as they were read now: a change of the file, its reader, its mapping, a unit that is
    registered meanwhile or another year all make other rows. A batch of this run is never superseded by it.

    Returns
    -------
    tuple of str
        The batch of each input, in the order of the job.
    """
    batches: list[str] = []
    for each in gathered.read:
        rows = (each.collected.observations, each.collected.entities)
        accepted = [known for known in store.accepted() if known.kind == "observations"]
        before = [known for known in accepted if known.source.file == each.source.file]
        same = [known for known in before if known.source == each.source]
        replaced = [known for known in before if known.id not in batches]
        if same:
            batches.append(same[0].id)
        elif replaced:
            batches.append(store.append(*rows, each.source, replaced[0].id, CHANGED))
        else:
            batches.append(store.append(*rows, each.source))
    return tuple(batches)


def _context(job: Job, each: Input, packs: Packs, entities: list[pa.Table]) -> Context:
    years = (each.year,) if each.year else job.years
    known = pa.concat_tables(entities).select(["entity", "name"]) if entities else None
    return Context(Units(packs.units.values()), packs.quantities, packs.carriers, packs.areas, known, years)


def _collect(path: Path, job: Job, each: Input, file: Path, packs: Packs, context: Context) -> Collected:
    if each.kind == "form":
        if each.form not in packs.forms:
            raise JobError("pipeline.unknown_id", sort="form", name=each.form, known=", ".join(sorted(packs.forms)))
        return collect_form(file, packs.forms[each.form], each.sheet, context)
    if each.kind == "mapping":
        return collect_mapping(file, load_mapping(path.parent / each.mapping, packs), context)
    if each.kind == "figures":
        return collect_figures(file, context)
    reading = read_page_with_findings(page_text(file), packs.pages[PAGE_VOCABULARY], file.name)
    confirmed = path.parent / each.confirmed if each.confirmed else None
    return collect_page(file, reading.figures, reading.findings, confirmed, job.boundary, context)


def _source(each: Input, file: Path, path: Path, packs: Packs, job: Job, collected: Collected) -> BatchSource:
    """Where the batch comes from, and a digest of its rows as they were read now."""
    name = source_name(each)
    version = packs.heads[f"forms/{each.form}"].version if each.form else ""
    rows = hash_rows(collected.observations.drop_columns(["file"]), collected.entities.drop_columns(["file"]))
    return BatchSource(name, hash_file(file), each.form or each.kind, version, job.boundary, "", rows, each.vintage)
