"""`maillage add`: a file into a study: sources and documents into the log, data sets into tables/ with their card."""

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from maillage.errors import Finding, finding, has_errors
from maillage.intake import cards
from maillage.intake.load import load_tables
from maillage.intake.records import Reader
from maillage.intake.rows import decode, read_csv
from maillage.intake.sources import read_sources
from maillage.study import log
from maillage.study.disk import replace
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.observations import replay
from maillage.verbs.entering import Outcome, coder_of, damage, drafts, outcome

TEXTS = (".txt", ".md")
OUTLINES = (".geojson", ".json")
SIGNS: tuple[tuple[str, set[str]], ...] = (
    ("plan", {"place", "stakeholder", "planned"}),
    ("zones", {"zone", "place"}),
    ("aliases", {"alias", "place"}),
    ("indicators", {"place", "indicator", "value"}),
    ("places", {"code", "name", "level"}),
    ("events", {"type_of_violence", "side_a", "latitude"}),
    ("events", {"event_date", "actor1", "latitude"}),
    ("events", {"id", "date", "lat", "lon"}),
    ("events", {"id", "date", "place", "deaths"}),
    ("sources", {"id", "kind"}),
)


@dataclass(frozen=True, slots=True)
class Request:
    """What the user says of a file: what it is, the card that explains its columns, who enters it."""

    kind: str | None = None
    card: Path | None = None
    coder: str | None = None


def add(path: Path, file: Path, request: Request) -> Outcome:
    """Add one file to the study at `path`; with any error nothing is written.

    Raises MaillageError `coder_unknown` and those of the log.
    """
    study = open_study(path)
    raw, problems = _card(request.card) if request.card else ({}, [])
    kind = request.kind or str(raw.get("kind") or "") or recognised(file)
    if not file.is_file():
        problems = [finding("file_missing", file=file.name)]
    elif not kind:
        problems = [finding("kind_unknown", file=file.name)]
    elif kind not in VERBS:
        problems = [finding("kind_not_yet", file=file.name, value=kind, kind=kind)]
    if has_errors(problems):
        return Outcome(file.name, kind, findings=tuple(problems))
    return VERBS[kind](study, file, coder_of(study, request.coder), raw | {"kind": kind})


def recognised(file: Path) -> str:
    """What a file is, from its name and its columns; empty where that is not clear."""
    if file.suffix.lower() in TEXTS:
        return "document"
    if file.suffix.lower() in OUTLINES:
        return "places"
    if not file.is_file():
        return ""
    if file.suffix.lower() == ".parquet":
        try:
            names = set(pl.read_parquet_schema(file))
        except (pl.exceptions.PolarsError, OSError):
            return ""
    else:
        names = set(read_csv(file).names)
    statements = {"source", "question"} <= names
    return "" if statements else next((kind for kind, signs in SIGNS if signs <= names), "")


def _card(path: Path) -> tuple[dict[str, Any], list[Finding]]:
    """The card given with --map, as written; it may leave out the kind."""
    text, problem = decode(path)
    if problem:
        return {}, [problem]
    try:
        raw = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return {}, [finding("card_yaml", file=path.name, line=int(mark.line) + 1 if mark else None)]
    if not isinstance(raw, dict):
        return {}, [finding("card_yaml", file=path.name, line=1)]
    known = cards.KEYS | cards.OPTIONS
    names = ", ".join(sorted(known))
    return raw, [finding("card_key", file=path.name, field=str(k), known=names) for k in raw if k not in known]


def _sources(study: Study, file: Path, coder: str, raw: Mapping[str, Any]) -> Outcome:
    """Sources go to the log; the same row again is skipped, a changed one supersedes."""
    known = replay(study)
    if broken := damage(known):
        return Outcome(file.name, "sources", findings=broken)
    loaded = load_tables(study.path, study.settings, study.pack.lookups, light=True)
    records, findings = read_sources(file, Reader(study.pack, loaded.gazetteer))
    if has_errors(findings):
        return Outcome(file.name, "sources", findings=tuple(findings))
    entries, same = drafts([record.data for record in records], "sources", known.sources)
    log.append(study, coder, entries)
    return outcome(file.name, "sources", entries, same, findings)


def _table(study: Study, file: Path, coder: str, raw: Mapping[str, Any]) -> Outcome:
    """A data set is copied unchanged, its card beside it, once the study reads clean with it."""
    name = _table_name(study.path, file)
    digest = cards.sha256(file)
    full = {"title": file.stem, **raw, "file": f"tables/{file.name}", "sha256": digest}
    text = cards.card_text(full)
    kept, card_file = study.path / "tables" / file.name, study.path / "tables" / f"{name}.yml"
    if kept.is_file() and card_file.is_file() and cards.sha256(kept) == digest and card_file.read_text("utf-8") == text:
        return Outcome(file.name, raw["kind"], same=1)
    light = raw["kind"] not in ("events", "indicators")
    before = load_tables(study.path, study.settings, study.pack.lookups, light=light)
    candidate = (file, cards.make_card(name, full))
    after = load_tables(study.path, study.settings, study.pack.lookups, light=light, candidate=candidate)
    findings = tuple(item for item in after.findings if item not in before.findings)
    if has_errors(findings):
        return Outcome(file.name, raw["kind"], findings=findings)
    kept.parent.mkdir(exist_ok=True)
    replace(kept, file.read_bytes())
    replace(card_file, text.encode())
    return Outcome(file.name, raw["kind"], entered=1, findings=findings)


def _table_name(study: Path, file: Path) -> str:
    """The name of the table: the file's own; where another file has it, with the ending, so that no card is lost."""
    card = study / "tables" / f"{file.stem}.yml"
    if not card.is_file():
        return file.stem
    known, _ = cards.read_card(card)
    same = known is not None and Path(known.file).name == file.name
    return file.stem if same else f"{file.stem}-{file.suffix.removeprefix('.')}"


def _document(study: Study, file: Path, coder: str, raw: Mapping[str, Any]) -> Outcome:
    """A text in clear: NFC text under documents/, the original beside it, both hashes in the log."""
    if file.suffix.lower() not in TEXTS:
        return Outcome(file.name, "document", findings=(finding("document_format", file=file.name),))
    text, problem = decode(file)
    if problem:
        return Outcome(file.name, "document", findings=(problem,))
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).encode()
    digest, original = hashlib.sha256(kept).hexdigest(), cards.sha256(file)
    before = replay(study)
    if broken := damage(before):
        return Outcome(file.name, "document", findings=broken)
    known = {row["id"]: row for row in before.sources.to_dicts()}.get(file.stem)
    if known is not None and known["sha256"] == digest:
        return Outcome(file.name, "document", same=1)
    hashes = {"sha256": digest, "original_sha256": original}
    fresh = {"id": file.stem, "kind": "document", "title": file.stem, "locator": f"documents/{file.stem}.txt"}
    folder = study.path / "documents"
    (folder / "original").mkdir(parents=True, exist_ok=True)
    replace(folder / f"{file.stem}.txt", kept)
    replace(folder / "original" / file.name, file.read_bytes())
    if known is None:
        entry = Draft("assert", "source", fresh | hashes)
    else:
        entry = Draft("supersede", "source", _as_entered(known) | hashes, of=known["entry"])
    log.append(study, coder, [entry])
    return outcome(file.name, "document", [entry], 0, [])


def _as_entered(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `sources` as a log holds it."""
    values = {key: value for key, value in row.items() if value not in (None, []) and key != "entry"}
    return {key: ("yes" if value else "no") if isinstance(value, bool) else value for key, value in values.items()}


VERBS: dict[str, Callable[[Study, Path, str, Mapping[str, Any]], Outcome]] = {
    "sources": _sources,
    "document": _document,
    **dict.fromkeys(cards.KINDS, _table),
}
