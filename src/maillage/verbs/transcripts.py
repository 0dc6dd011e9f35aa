"""`maillage add --as interview`: a transcript with pseudonyms; what was said in clear only in the vault.

The file is read in memory, names and numbers are replaced, and one closed file is written: the text that is coded, the
clear one, the original, and the map between their places. Then the log names it. A crash between the two leaves a
closed file that no entry names, which the next import takes up.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import polars as pl

from maillage.errors import Finding, MaillageError, finding, has_errors
from maillage.intake.documents import DocumentText, read_document
from maillage.intake.load import load_tables
from maillage.intake.pseudonyms import parts_left, pseudonymise, registered, suspects
from maillage.intake.rows import read_csv
from maillage.intake.values import clean
from maillage.study import disk, log, register, transcripts, vault
from maillage.study.entries import Draft, Entry
from maillage.study.filenames import TEXTS, text_file
from maillage.study.folder import Study
from maillage.study.keeping import keep
from maillage.study.observations import Replay
from maillage.study.sealing import INFORMANTS
from maillage.study.transcripts import Transcript, fingerprint
from maillage.study.vault import Open
from maillage.verbs.documents import all_or_nothing, pointing
from maillage.verbs.entering import Outcome, damage
from maillage.verbs.opening import whole
from maillage.verbs.texts import blob_of, source_entry

KIND = "interview"


@dataclass(frozen=True, slots=True)
class Hearing:
    """Whose interview a file is: `source`, else by the table (columns file, source), else by the name of the file.

    check_names: list capitalised words that nothing explains, for the screen only.
    """

    source: str | None = None
    table: Path | None = None
    check_names: bool = False


@dataclass(frozen=True, slots=True)
class Imported(Outcome):
    """An outcome with how much was replaced, by kind (name, email, phone, id), and words to look at."""

    replaced: Mapping[str, int] = field(default_factory=dict[str, int])
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Work:
    """One import under way: where, who enters, from which file, the entry of its source, and what points to it."""

    study: Study
    coder: str
    file: Path
    entry: Entry
    pointing: int
    blob: str | None

    @property
    def source(self) -> str:
        return str(self.entry.data["id"])


def add_transcript(study: Study, file: Path, coder: str, hearing: Hearing) -> Outcome:
    """Keep a transcript of an interview, a focus group or a meeting; with any error nothing is written.

    The same file again is skipped. Another text supersedes only while nothing was coded (`transcript_coded`).
    Raises MaillageError `vault_locked` and those of the log and the vault.
    """
    source, problems = _whose(file, hearing)
    problems += _place(study, file)
    if problems:
        return Outcome(file.name, KIND, findings=tuple(problems))
    if study.settings.sealed == "informants" and study.key is None:
        raise MaillageError("vault_locked")
    known = whole(study)
    entry, problems = _heard(known, file, source)
    document, findings = read_document(file)
    findings = [*damage(known), *problems, *findings]
    if document is None or entry is None or has_errors(findings):
        return Outcome(file.name, KIND, findings=tuple(findings))
    work = _Work(study, coder, file, entry, pointing(known, source), blob_of(known, entry))
    done = (_closed if study.settings.sealed == "informants" else _in_clear)(work, document, hearing.check_names)
    return replace(done, findings=(*findings, *done.findings))


def _whose(file: Path, hearing: Hearing) -> tuple[str, list[Finding]]:
    """The source of a file."""
    if hearing.source or hearing.table is None:
        return clean(hearing.source or file.stem), []
    table = read_csv(hearing.table)
    rows = [row.values for row in table.rows] if {"file", "source"} <= set(table.names) else []
    if table.findings or not rows or any(len({row[key] for row in rows}) < len(rows) for key in ("file", "source")):
        return "", [*table.findings, finding("transcript_table", file=hearing.table.name)]
    found = next((row["source"] for row in rows if row["file"] == clean(file.name)), "")
    return found, [] if found else [finding("transcript_unlisted", file=file.name, table=hearing.table.name)]


def _place(study: Study, file: Path) -> list[Finding]:
    """Why the study has no place for the words of an informant."""
    if study.settings.sealed == "informants":
        return [] if vault.exists(study.path) else [finding("transcript_no_vault", file=file.name)]
    if vault.exists(study.path) and not study.settings.synthetic:
        return [finding("transcript_in_clear", file=file.name)]
    return [] if study.settings.stated_clear else [finding("transcript_no_vault", file=file.name)]


def _heard(known: Replay, file: Path, source: str) -> tuple[Entry | None, list[Finding]]:
    """The entry of the source, and why it may have no transcript."""
    where: dict[str, Any] = {"file": file.name, "value": source}
    if source in known.erased or any(entry.op == "withdraw" and entry.of == source for entry in known.entries):
        return None, [finding("transcript_erased", **where)]
    entry = source_entry(known, source)
    if entry is None:
        heard = known.sources.filter(pl.col("kind").is_in(INFORMANTS))["id"].to_list()
        nearest = ", ".join(get_close_matches(source, heard, n=3, cutoff=0.4)) or "-"
        return None, [finding("transcript_source", **where, nearest=nearest)]
    if entry.data.get("kind") not in INFORMANTS:
        return None, [finding("transcript_kind", **where, kind=entry.data.get("kind"))]
    if entry.data.get("consent") == "none":
        return None, [finding("transcript_consent", **where)]
    return entry, []


def _closed(work: _Work, document: DocumentText, check_names: bool) -> Imported:
    """Into the vault, under the informant's own key."""
    assert work.study.key is not None
    opened = vault.unlock(work.study, work.study.key, coder=work.coder)
    opened = vault.informants(opened, work.coder, [work.source])
    named = register.names(opened)
    names = registered((one.name, one.pseudonym) for one in named)
    text, offsets, replaced = pseudonymise(document.text, names)
    fresh = Transcript(text, document.text, offsets.cuts, work.file.name, work.file.read_bytes())
    findings = [] if any(one.source == work.source for one in named) else [_said(work, "transcript_no_names")]
    if left := parts_left(text, names):
        findings.append(_said(work, "transcript_parts", count=left))
    words = _words(work.study, text, names.values()) if check_names else ()
    done = Imported(work.file.name, KIND, findings=tuple(findings), replaced=replaced, words=words)
    return _enter(work, opened, fresh, done)


def _enter(work: _Work, opened: Open, fresh: Transcript, done: Imported) -> Imported:
    """Write the version unless it lies here already, then its entry unless the log has it."""
    here = transcripts.versions(work.study, work.source, opened.ring.sources[work.source])
    now = here.get(work.blob or "")
    if now is not None and now.text != fresh.text and work.pointing:
        return _moved(work, now, fresh, done)
    if now is not None and (now.text, now.original) == (fresh.text, fresh.original):
        return replace(done, same=1)
    digest, before = fingerprint(fresh.text), work.entry.data.get("sha256")
    if now is None and before not in (None, digest) and work.pointing:
        return replace(done, findings=(_said(work, "transcript_coded", count=work.pointing),))
    blob = next((name for name, one in here.items() if one == fresh), None)
    blob = blob or transcripts.store(work.study, work.source, fresh)
    keep(work.study, work.coder, [_draft(work, {"sha256": digest, "blob": blob})])
    return replace(done, changed=1) if before else replace(done, entered=1)


def _moved(work: _Work, now: Transcript, fresh: Transcript, done: Imported) -> Imported:
    """Coded already, and the text would be another: the file changed, or only the names that are known."""
    if now.original != fresh.original:
        return replace(done, findings=(_said(work, "transcript_coded", count=work.pointing),), replaced={}, words=())
    more = max(len(fresh.cuts) - len(now.cuts), 1)
    return replace(done, same=1, findings=(*done.findings, _said(work, "transcript_names_later", count=more)))


def _in_clear(work: _Work, document: DocumentText, check_names: bool) -> Imported:
    """Under documents/, where nobody real was interviewed. The original is not kept: it would undo the replacing."""
    text, _, replaced = pseudonymise(document.text, {})
    target, digest = text_file(work.study.path, work.source), fingerprint(text)
    words = _words(work.study, text, ()) if check_names else ()
    done, before = Imported(work.file.name, KIND, replaced=replaced, words=words), work.entry.data.get("sha256")
    if before == digest and target.is_file():
        return replace(done, same=1)
    if before not in (None, digest) and work.pointing:
        return replace(done, findings=(_said(work, "transcript_coded", count=work.pointing),), replaced={})
    with all_or_nothing((target,)):
        disk.replace(target, text.encode())
        facts = {"sha256": digest, "locator": f"{TEXTS}/{target.name}"}
        log.append(work.study, work.coder, [_draft(work, facts)])
    return replace(done, changed=1) if before else replace(done, entered=1)


def _draft(work: _Work, facts: Mapping[str, str]) -> Draft:
    body = {key: value for key, value in work.entry.data.items() if key not in ("why", "blob")}
    return Draft("supersede", "source", {**body, **facts}, of=work.entry.id)


def _said(work: _Work, code: str, **facts: Any) -> Finding:
    return finding(code, file=work.file.name, value=work.source, **facts)


def _words(study: Study, text: str, pseudonyms: Collection[str]) -> tuple[str, ...]:
    """Capitalised words that are no place, group or pseudonym, each once; for the screen, never for the disk."""
    places = load_tables(study.path, study.settings, study.pack.lookups, light=True).places
    known: Sequence[str] = places.select("name", "name_en", "name_fr").unpivot()["value"].drop_nulls().to_list()
    groups = [label for code in study.pack.codes("actors") for label in _labels(study, code)]
    hints = [item for item in suspects(text, [*known, *groups, *pseudonyms]) if item.kind == "name"]
    return tuple(sorted({text[item.start : item.end] for item in hints}))


def _labels(study: Study, code: str) -> list[str]:
    return [study.pack.label("actors", code, lang) for lang in study.settings.languages]
