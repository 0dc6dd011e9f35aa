"""The text of a source as it is coded, the same way for texts in clear and for transcripts in the vault."""

from collections.abc import Mapping
from typing import Any

from maillage.errors import MaillageError
from maillage.study import transcripts, vault
from maillage.study.entries import Entry
from maillage.study.filenames import text_file
from maillage.study.folder import Study
from maillage.study.observations import Replay, replay
from maillage.study.transcripts import Transcript, fingerprint


def text_of(study: Study, source: str, *, known: Replay | None = None) -> tuple[str, str]:
    """The text that passages of a source refer to, and its SHA-256. known: the study's logs, where they are read.

    `study` as `verbs.opening.unlocked` gives it, for a text in the vault. Raises MaillageError `text_missing`,
    `text_withdrawn`, `text_erased`, `vault_locked`, `transcript_gone`, `transcript_changed` (not the text
    that the log names).
    """
    known = known or replay(study)
    if source in known.erased:
        raise MaillageError("text_erased", value=source)
    entry = source_entry(known, source)
    blob = None if entry is None else blob_of(known, entry)
    text = _in_clear(study, known, source) if blob is None else version(study, source, blob).text
    digest = fingerprint(text)
    if entry is not None and entry.data.get("sha256", digest) != digest:
        raise MaillageError("transcript_changed", value=source)
    return text, digest


def text_in_clear(study: Study, source: str, *, known: Replay) -> tuple[str, str]:
    """As `text_of`, with the names that pseudonyms stand for, where the vault holds them."""
    entry = source_entry(known, source)
    blob = None if entry is None else blob_of(known, entry)
    if blob is None:
        return text_of(study, source, known=known)
    text = version(study, source, blob).clear
    return text, fingerprint(text)


def source_entry(known: Replay, source: str) -> Entry | None:
    """The entry of a source that counts. Raises MaillageError `text_withdrawn` for one who withdrew."""
    if any(entry.op == "withdraw" and entry.of == source for entry in known.entries):
        raise MaillageError("text_withdrawn", value=source)
    named = (entry for entry in known.standing if entry.kind == "source")
    return next((entry for entry in named if source == (entry.data.get("id") or entry.id)), None)


def blob_of(known: Replay, entry: Entry) -> str | None:
    """The closed file of the text that an entry of a source names, also where a later row of a table left it out."""
    said = [e.data for e in (*known.entries, entry) if e.kind == "source" and "blob" in e.data]
    same = [data["blob"] for data in said if _names(data, entry)]
    return str(same[-1]) if same else None


def _names(data: Mapping[str, Any], entry: Entry) -> bool:
    return (data.get("id"), data.get("sha256")) == (entry.data.get("id"), entry.data.get("sha256"))


def version(study: Study, source: str, blob: str) -> Transcript:
    """A version of an interview. Raises MaillageError `vault_locked`, `transcript_gone`."""
    if study.key is None:
        raise MaillageError("vault_locked")
    return transcripts.fetch(study, source, blob, vault.secrets_of(study))


def _in_clear(study: Study, known: Replay, source: str) -> str:
    path = text_file(study.path, source)
    if path.is_file() and not path.is_symlink():  # a copy of somebody else may link anywhere
        return path.read_bytes().decode("utf-8")
    raise MaillageError("vault_locked") if known.closed else MaillageError("text_missing", value=source)
