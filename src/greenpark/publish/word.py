"""The report as a Word document: signed inventory, findings, verdicts and sign-off page; the same bytes each time."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from greenpark.model.text import Language
from greenpark.publish.release import Release
from greenpark.publish.shown import shown_of
from greenpark.publish.word_content import Writer
from greenpark.publish.word_template import Fonts, template_bytes

# A document states when it was made; the same run must give the same bytes, so it states a fixed day.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  the format has no time zone
_MOMENT = (2000, 1, 1, 0, 0, 0)
# What a file of XML cannot hold, though a cell of an input may.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def write_word(release: Release, path: Path, language: Language = "zh") -> None:
    """Write the report of ``release`` in one language."""
    writer = Writer(shown_of(release), language)
    fonts = Fonts(writer.say("publish.font.body"), writer.say("publish.font.heading"))
    template = DocxTemplate(BytesIO(template_bytes(fonts)))
    template.render(writer.content(), Environment(autoescape=True, undefined=StrictUndefined, finalize=_writable))
    about = template.docx.core_properties
    about.title = release.job.title.in_language(language)
    about.author = about.last_modified_by = f"greenpark {release.code_version}".strip()
    about.comments = release.run
    about.created = about.modified = _CREATED
    about.revision = 1
    buffer = BytesIO()
    template.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_settled(buffer.getvalue()))


def _writable(value: object) -> object:
    return _UNWRITABLE.sub("", value) if isinstance(value, str) else value


def _settled(document: bytes) -> bytes:
    """The same parts in order of name, none with the moment at which it was written."""
    settled = BytesIO()
    with zipfile.ZipFile(BytesIO(document)) as parts, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as into:
        # The list of content types must come first.
        for name in sorted(parts.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else it tells on which system it was written
            into.writestr(entry, parts.read(name))
    return settled.getvalue()
