"""The skeleton of a new pack: files that are already accepted, to be filled with what the document says."""

from __future__ import annotations

from pathlib import Path

from greenpark.catalog.layout import LAYOUTS, PACK_ID
from greenpark.catalog.mistakes import PackError, PackMistake
from greenpark.catalog.suggest import suggestion

TEMPLATES = Path(__file__).resolve().parent / "skeletons"
# A vocabulary is never written from nothing: the new one starts as a copy.
_VOCABULARY = Path(__file__).resolve().parent.parent / "packs" / "pages" / "zh_statistics" / "vocabulary.yaml"
_ID = "__id__"


def new_pack(kind: str, identifier: str, folder: Path) -> Path:
    """The folder ``folder/<kind>/<identifier>/`` with a skeleton in it; ``kind`` may be said in the singular.

    Raises
    ------
    PackError
        When there is no such kind, the id cannot name a folder everywhere, or the pack exists: nothing is overwritten.
    """
    name = _plural(kind)
    target = folder / name / identifier
    if name not in LAYOUTS:
        raise _refused(target, "catalog.unknown_kind", found=kind, hint=suggestion(kind, LAYOUTS))
    if not PACK_ID.fullmatch(identifier):
        raise _refused(target, "catalog.pack_id", found=identifier)
    if target.exists():
        raise _refused(target, "catalog.pack_exists")
    template = TEMPLATES / name
    files = [(path, path.relative_to(template)) for path in template.rglob("*") if path.is_file()]
    if name == "pages":
        files.append((_VOCABULARY, Path(_VOCABULARY.name)))
    for path, relative in files:
        destination = target / relative
        destination.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8").replace(_ID, identifier)
        destination.write_text(text, encoding="utf-8", newline="\n")
    return target


def _plural(kind: str) -> str:
    options = (kind, f"{kind}s", f"{kind.removesuffix('y')}ies")
    return next((each for each in options if each in LAYOUTS), kind)


def _refused(target: Path, message: str, **values: object) -> PackError:
    return PackError([PackMistake(target.as_posix(), "", 0, "", message, values)])
