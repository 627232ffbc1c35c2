"""The skeleton of a new pack: files that are already accepted, to be filled with what the document says."""

from __future__ import annotations

from pathlib import Path

from greenpark.catalog.layout import LAYOUTS

TEMPLATES = Path(__file__).resolve().parent / "skeletons"
_ID = "__id__"


def new_pack(kind: str, identifier: str, folder: Path) -> tuple[Path, ...]:
    """The files written under ``folder/<kind>/<identifier>/``; ``kind`` may be said in the singular.

    Raises
    ------
    ValueError
        When there is no such kind.
    FileExistsError
        When the pack's folder exists: nothing is overwritten.
    """
    name = kind if kind in LAYOUTS else f"{kind}s" if f"{kind}s" in LAYOUTS else _irregular(kind)
    target = folder / name / identifier
    target.mkdir(parents=True)
    template = TEMPLATES / name
    written: list[Path] = []
    for path in sorted(each for each in template.rglob("*") if each.is_file()):
        destination = target / path.relative_to(template)
        destination.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8").replace(_ID, identifier)
        destination.write_text(text, encoding="utf-8", newline="\n")
        written.append(destination)
    return tuple(written)


def _irregular(kind: str) -> str:
    plural = f"{kind.removesuffix('y')}ies"
    if plural not in LAYOUTS:
        raise ValueError(kind)
    return plural
