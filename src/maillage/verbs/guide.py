"""`maillage guide`: the interview guide for print and the form for phones, from the pack and the study's places."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from maillage import pack as packs
from maillage.errors import MaillageError
from maillage.intake.load import load_tables
from maillage.labels import Labels
from maillage.pack import LANGS, Pack
from maillage.publish.form_items import form, safe
from maillage.publish.guide import guide as printed
from maillage.publish.guide_text import guide_text
from maillage.publish.xlsform import mapping, xlsform
from maillage.study.disk import replace
from maillage.study.entries import Draft
from maillage.study.folder import SETTINGS, open_study
from maillage.study.keeping import keep
from maillage.study.observations import replay
from maillage.verbs.entering import coder_of

FORMATS = ("docx", "xlsform", "md")
FORMS, NAME = "forms", "guide"


def guide(
    path: Path, out: Path, *, format: str, langs: Sequence[str], pack: str | None = None, keep_mapping: bool = True
) -> list[Path]:
    """Write the guide of the study at `path` (of a pack alone where there is none) and return the files written.

    The mapping of a form stands beside it and, in a study that has none yet (unless `keep_mapping` is false), under
    forms/. Raises MaillageError
    `guide_format`, `languages_unknown`, `guide_missing` and those of opening a study or a pack.
    """
    if format not in FORMATS:
        raise MaillageError("guide_format", exit_code=2, value=format, formats=", ".join(FORMATS))
    if not langs or not set(langs) <= set(LANGS):
        raise MaillageError("languages_unknown", exit_code=2, langs=",".join(langs))
    chosen, title, name, places = _about(path, pack)
    files = _files(chosen, title, name, places, format=format, langs=langs)
    out.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        replace(out / file, content)
    written = [out / file for file in files]
    kept = path / FORMS / f"{NAME}.yml"
    if format == "xlsform" and keep_mapping and pack is None and (path / SETTINGS).is_file() and not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        replace(kept, files[f"{NAME}.yml"])
        written.append(kept)
    return written


def record(path: Path, *, format: str, langs: Sequence[str], coder: str | None) -> bool:
    """Enter in the coder's log that this guide is the one in use (kind `guide`); whether it was not there yet.

    Raises MaillageError `coder_unknown` and those of opening a study.
    """
    study = open_study(path)
    me = coder_of(study, coder)
    said = {"pack": study.pack.id, "version": study.pack.version, "languages": list(dict.fromkeys(langs)),
            "format": format}  # fmt: skip
    if any(entry.kind == "guide" and entry.data == said for entry in replay(study).standing):
        return False
    keep(study, me, [Draft("assert", "guide", said)])
    return True


def _about(path: Path, name: str | None) -> tuple[Pack, Mapping[str, str], str, pl.DataFrame | None]:
    """The pack, a title, a short name and the places of the study; the pack alone where it is named or none is here."""
    if name is not None or not (path / SETTINGS).is_file():
        pack = packs.load(name or "nexus")
        return pack, pack.title, pack.id, None
    study = open_study(path)
    places = load_tables(path, study.settings, study.pack.lookups, light=True).places
    title = {lang: study.settings.title.get(lang) or next(iter(study.settings.title.values())) for lang in LANGS}
    return study.pack, title, study.settings.id, places


def _files(
    pack: Pack, title: Mapping[str, str], name: str, places: pl.DataFrame | None, *, format: str, langs: Sequence[str]
) -> dict[str, bytes]:
    about = pack.guide
    if about is None:
        raise MaillageError("guide_missing", pack=pack.id)
    if format == "xlsform":
        made = form(pack, about, places, id=f"{safe(name)}_{NAME}", title=title)
        return {f"{NAME}.xlsx": xlsform(made, langs), f"{NAME}.yml": mapping(made).encode()}
    labels = [Labels(lang, pack, None) for lang in langs]
    if format == "docx":
        return {f"{NAME}.{each.lang}.docx": printed(about, each, title=title[each.lang]) for each in labels}
    return {f"{NAME}.{each.lang}.md": guide_text(about, each, title=title[each.lang]).encode() for each in labels}
