"""`maillage add`: a file into a study: sources and documents into the log, data sets into tables/ with their card."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from maillage import plain_yaml
from maillage.errors import Finding, MaillageError, finding, has_errors
from maillage.intake import cards
from maillage.intake.large import header
from maillage.intake.layers import LAYERS
from maillage.intake.load import load_tables
from maillage.intake.records import Reader
from maillage.intake.rows import decode, read_csv
from maillage.intake.sources import read_sources
from maillage.study.folder import Study
from maillage.study.keeping import keep
from maillage.verbs.documents import ENDINGS, add_document
from maillage.verbs.entering import Outcome, coder_of, damage, drafts, outcome
from maillage.verbs.forms import Wish, add_form
from maillage.verbs.opening import unlocked, whole
from maillage.verbs.qda import add_qda
from maillage.verbs.tables import Terms, add_table
from maillage.verbs.transcripts import KIND, Hearing, add_transcript

PROJECTS = (".qdpx", ".qdc")
LATER = ("case",)
SIGNS: tuple[tuple[str, set[str]], ...] = (
    ("plan", {"place", "stakeholder", "planned"}),
    ("zones", {"zone", "place"}),
    ("aliases", {"alias", "place"}),
    ("indicators", {"place", "indicator", "value"}),
    ("places", {"code", "name", "level"}),
    ("units", {"id", "kind", "name", "place"}),
    ("events", {"type_of_violence", "side_a", "latitude"}),
    ("events", {"event_date", "actor1", "latitude"}),
    ("events", {"id", "date", "lat", "lon"}),
    ("events", {"id", "date", "place", "deaths"}),
    ("sources", {"id", "kind"}),
)


@dataclass(frozen=True, slots=True)
class Request:
    """What the user says of a file: what it is, the card that explains its columns, who enters it.

    Of the export of a form or of events also: whether changes are confirmed; of a form, whether those who are gone from
    it withdraw; of events, the day they were pulled and the table that they are a new version of.
    Of an interview: its source, or a table of files and sources as `card`; whether unknown words are listed.
    """

    kind: str | None = None
    card: Path | None = None
    coder: str | None = None
    confirmed: bool = False
    withdraw: bool = False
    source: str | None = None
    check_names: bool = False
    pulled: str | None = None
    replace: str | None = None


def add(path: Path, file: Path, request: Request) -> Outcome:
    """Add one file to the study at `path`; with any error nothing is written.

    Raises MaillageError `coder_unknown`, `kind_not_yet` for a kind that does not exist, and those of the log.
    """
    study = unlocked(path)
    if request.kind == "form":
        wish = Wish(request.card, request.confirmed, request.withdraw)
        return add_form(study, file, coder_of(study, request.coder), wish)
    if request.kind == KIND:
        hearing = Hearing(request.source, request.card, request.check_names)
        return add_transcript(study, file, coder_of(study, request.coder), hearing)
    if request.source is not None or request.check_names:
        raise MaillageError("transcript_one_source", exit_code=2)
    if (request.pulled or request.replace) and request.kind not in (None, "events"):
        raise MaillageError("events_only", exit_code=2)
    if request.kind and request.kind not in (*VERBS, *cards.KINDS, *LATER):
        raise MaillageError("kind_not_yet", exit_code=2, file=file.name, value=request.kind, kind=request.kind)
    raw, problems = _card(request.card) if request.card else ({}, [])
    kind = request.kind or str(raw.get("kind") or "") or recognised(file)
    if not file.is_file():
        problems = [finding("file_missing", file=file.name)]
    elif not (request.kind or raw.get("kind")) and kind == "document" and study.settings.sealed == "informants":
        problems = [finding("document_or_interview", file=file.name)]
    elif not kind:
        problems = [finding("kind_unknown", file=file.name)]
    elif kind not in (*VERBS, *cards.KINDS):
        problems = [finding("kind_not_yet", file=file.name, value=kind, kind=kind)]
    if has_errors(problems):
        return Outcome(file.name, kind, findings=tuple(problems))
    coder = coder_of(study, request.coder)
    if kind in cards.KINDS:
        wish = Terms(request.card is not None, request.confirmed, request.pulled, request.replace)
        return add_table(study, file, raw | {"kind": kind}, wish)
    return VERBS[kind](study, file, coder, raw | {"kind": kind})


def recognised(file: Path) -> str:
    """What a file is, from its name and its columns; empty where that is not clear."""
    if file.suffix.lower() in ENDINGS:
        return "document"
    if file.suffix.lower() in LAYERS:
        return "places"
    if file.suffix.lower() in PROJECTS:
        return "qda"
    if not file.is_file():
        return ""
    if file.suffix.lower() == ".parquet":
        try:
            names = set(pl.read_parquet_schema(file))
        except (pl.exceptions.PolarsError, OSError):
            return ""
    else:
        names = set(header(file) or read_csv(file).names)
    statements = {"source", "question"} <= names
    names |= {name.lower() for name in names}  # early versions of published data sets write ID, EVENT_DATE
    return "" if statements else next((kind for kind, signs in SIGNS if signs <= names), "")


def _card(path: Path) -> tuple[dict[str, Any], list[Finding]]:
    """The card given with --map, as written; it may leave out the kind."""
    text, problem = decode(path)
    if problem:
        return {}, [problem]
    try:
        raw = plain_yaml.read(text)
    except yaml.YAMLError as problem:
        return {}, [finding("card_yaml", file=path.name, line=plain_yaml.line_of(problem))]
    if not isinstance(raw, dict):
        return {}, [finding("card_yaml", file=path.name, line=1)]
    return raw, cards.check_card(raw, path.name)


def _sources(study: Study, file: Path, coder: str, raw: Mapping[str, Any]) -> Outcome:
    """Sources go to the log; the same row again is skipped, a changed one supersedes."""
    known = whole(study)
    if broken := damage(known):
        return Outcome(file.name, "sources", findings=broken)
    loaded = load_tables(study.path, study.settings, study.pack.lookups, light=True)
    records, findings = read_sources(file, Reader(study.pack, loaded.gazetteer), cards.make_card(file.stem, raw))
    if has_errors(findings):
        return Outcome(file.name, "sources", findings=tuple(findings))
    entries, same = drafts([record.data for record in records], "sources", known.sources)
    keep(study, coder, entries)
    return outcome(file.name, "sources", entries, same, findings)


VERBS: dict[str, Callable[[Study, Path, str, Mapping[str, Any]], Outcome]] = {
    "sources": _sources,
    "document": lambda study, file, coder, raw: add_document(study, file, coder),
    "qda": add_qda,
}
