"""A text that may be kept in clear: its NFC form under documents/, the original beside it, both hashes in the log."""

import hashlib
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from maillage.errors import finding
from maillage.intake.documents import READERS, read_document
from maillage.intake.values import clean
from maillage.study import log, vault
from maillage.study.disk import make_folder, remove, replace
from maillage.study.entries import Draft
from maillage.study.filenames import TEXTS, text_file
from maillage.study.folder import Study
from maillage.study.observations import Replay, replay
from maillage.verbs.entering import Outcome, damage, outcome

ENDINGS = tuple(f".{kind}" for kind in READERS)
ORIGINALS = f"{TEXTS}/original"


def add_document(study: Study, file: Path, coder: str) -> Outcome:
    """Keep a document and enter it as a source; another text under its name supersedes, and both originals stay.

    Refused (`document_coded`) while statements point to passages of the text it would replace.
    """
    document, findings = read_document(file)
    if document is None:
        return Outcome(file.name, "document", findings=tuple(findings))
    kept = document.text.encode()
    if study.settings.sealed == "informants" and clean(file.stem) in vault.read_known(study.path).informants:
        return Outcome(file.name, "document", findings=(finding("document_informant", file=file.name),))
    before = replay(study)
    if broken := damage(before):
        return Outcome(file.name, "document", findings=broken)
    name, digest = clean(file.stem), hashlib.sha256(kept).hexdigest()
    known = {row["id"]: row for row in before.sources.to_dicts()}.get(name)
    target = text_file(study.path, name)
    if known is not None and known["sha256"] == digest and target.is_file():
        return Outcome(file.name, "document", same=1)
    if known is not None and known["sha256"] != digest and pointing(before, name):
        return Outcome(file.name, "document", findings=(finding("document_coded", file=file.name, value=name),))
    original = original_name(study.path, file)
    facts = {"sha256": digest, "original": original, "original_sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    fresh = {"id": name, "kind": "document", "title": name, "locator": f"{TEXTS}/{target.name}"}
    entered = fresh if known is None else _as_entered(known)
    entry = (
        Draft("supersede", "source", entered | facts, of=known["entry"])
        if known
        else Draft("assert", "source", entered | facts)
    )
    with all_or_nothing((target, study.path / original)):
        replace(study.path / original, file.read_bytes())
        replace(target, kept)
        log.append(study, coder, [entry])
    return outcome(file.name, "document", [entry], 0, findings)


def original_name(study: Path, file: Path) -> str:
    """Where the original is kept: under its own name, or with its hash where another original has that name."""
    content = file.read_bytes()
    taken = study / ORIGINALS / file.name
    if not taken.exists() or taken.read_bytes() == content:
        return f"{ORIGINALS}/{file.name}"
    return f"{ORIGINALS}/{file.stem}-{hashlib.sha256(content).hexdigest()[:16]}{file.suffix}"


@contextmanager
def all_or_nothing(paths: Iterable[Path]) -> Generator[None]:
    """Put files back as they were when what follows fails: the log did not take the entry."""
    before = {path: path.read_bytes() if path.is_file() else None for path in paths}
    for path in before:
        make_folder(path.parent)
    done = False
    try:
        yield
        done = True
    finally:
        for path, content in before.items() if not done else ():
            if content is None:
                remove(path)
            else:
                replace(path, content)


def pointing(known: Replay, name: str) -> int:
    """How many passages and statements point to places of a text."""
    placed = (pl.col("source") == name) & pl.col("start").is_not_null()
    return known.codings.filter(placed).height + known.coded.passages.filter(placed).height


def _as_entered(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `sources` as a log holds it."""
    values = {key: value for key, value in row.items() if value not in (None, []) and key != "entry"}
    return {key: ("yes" if value else "no") if isinstance(value, bool) else value for key, value in values.items()}
