"""What a coder does beside entering statements: mark a passage, write a memo, take back, undo; codes of the study."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from maillage.blank import reason
from maillage.errors import MaillageError
from maillage.study.coded import blind_to
from maillage.study.entries import Draft, Entry
from maillage.study.folder import Study
from maillage.study.keeping import keep
from maillage.study.observations import Replay
from maillage.study.recall import recalled
from maillage.study.undoing import undoing, without_undone
from maillage.verbs import texts
from maillage.verbs.entering import coder_of, damage
from maillage.verbs.opening import unlocked

CODE = re.compile(r"[a-z][a-z0-9_]*\Z")
OWN = ("assert", "supersede", "retract", "withdraw")


@dataclass(frozen=True, slots=True)
class Desk:
    """A coder at a study, opened with the key of its vault where that is held, and what its logs say to them."""

    study: Study
    coder: str
    known: Replay

    def keep(self, drafts: Sequence[Draft]) -> list[str]:
        """Enter drafts in the coder's log. Raises those of `study.keeping.keep`."""
        return keep(self.study, self.coder, drafts)


def look(path: Path, coder: str | None) -> Desk:
    """Sit down to look only: what a broken log still says is shown. Raises MaillageError `coder_unknown`."""
    study = unlocked(path)
    return Desk(study, coder_of(study, coder), recalled(study))


def desk(path: Path, coder: str | None) -> Desk:
    """Sit down. Raises MaillageError `coder_unknown`, `log_readonly`."""
    at = look(path, coder)
    if broken := damage(at.known):
        raise MaillageError("log_readonly", findings=broken, file=broken[0].file)
    return at


def whole(path: Path, coder: str | None) -> Desk:
    """As `desk`, for work that needs everything read. Raises MaillageError `vault_locked` besides."""
    at = desk(path, coder)
    if at.known.closed:
        raise MaillageError("vault_locked")
    return at


def thing(at: Desk, id: str) -> Entry:
    """The standing entry of a statement, source, passage, memo, decision, assignment or code, by its id.

    What others said of a source that this coder codes blind is not there for them, nor is the assignment that somebody
    else made: who knows an id learns nothing by it. Raises MaillageError `thing_unknown`, `vault_locked`.
    """
    statements = dict(at.known.codings.select("id", "entry").iter_rows())
    wanted = statements.get(id, id)
    closed = blind_to(at.known.coded.assignments, at.coder)
    named = [
        entry
        for entry in at.known.standing
        if wanted in (entry.id, entry.data.get("id"))
        and (entry.by == at.coder or entry.kind == "source" or entry.data.get("source") not in closed)
    ]
    if not named:
        raise MaillageError("vault_locked") if at.known.closed else MaillageError("thing_unknown", value=id)
    return min(named, key=lambda entry: entry.id != wanted)


def retract(path: Path, id: str, *, why: str, coder: str | None) -> str:
    """Take an entry back, with a reason; a source: everything that rests on it (withdrawal). Returns the kind.

    Raises MaillageError `reason_missing`, `thing_unknown`, `code_kept` (codes are retired), `vault_locked`.
    """
    reason(why, "why")
    at = desk(path, coder)
    entry = thing(at, id)
    if entry.kind == "code":
        raise MaillageError("code_kept", value=id)
    if entry.kind == "source":
        at.keep([Draft("withdraw", "source", {"id": id}, of=id, why=why)])
    else:
        at.keep([Draft("retract", entry.kind, _source(entry), of=entry.id, why=why)])
    return entry.kind


def undo(path: Path, *, coder: str | None) -> tuple[str, str]:
    """Undo the coder's last entry that is not undone yet: replay then reads as if it had never been written.

    Nothing leaves the log. Returns operation and kind of what was undone. Raises MaillageError `undo_nothing`,
    `undo_gone` (somebody else changed it since), `undo_withdrawn` (a withdrawal stays), `blind_done`, `vault_locked`.
    """
    at = whole(path, coder)
    own = [entry for entry in without_undone(at.known.entries) if entry.by == at.coder and entry.op in OWN]
    if not own:
        raise MaillageError("undo_nothing", coder=at.coder)
    last = max(own, key=lambda entry: (entry.at, entry.seq))
    if last.op == "withdraw":
        raise MaillageError("undo_withdrawn", value=last.of)
    if last.kind == "assignment" and last.data.get("blind") == last.data.get("done") == "yes":
        raise MaillageError("blind_done", value=last.data["source"])
    if last.op != "retract" and last.id not in {entry.id for entry in at.known.standing}:
        raise MaillageError("undo_gone", value=last.id)
    at.keep([undoing(last, _source(last))])
    return last.op, last.kind


def memo(path: Path, text: str, *, about: str | None, coder: str | None, title: str | None = None) -> str:
    """Write a memo about a thing or, without one, about the study. Returns its id.

    Raises MaillageError `reason_missing`, `thing_unknown`, `vault_locked`.
    """
    reason(text, "text")
    at = desk(path, coder)
    said = {"text": text, "title": title}
    if about and not any(about in codes for codes in at.study.pack.lists.values()):
        entry = thing(at, about)
        own = entry.kind in ("source", "code")
        said |= {"about": about if own else entry.id, **(_source(entry))}
    elif about:
        said |= {"about": about}
    return _once(at, "memo", {key: value for key, value in said.items() if value})


def _source(entry: Entry) -> dict[str, Any]:
    """The source that an entry rests on, so that what is said of it is closed with it."""
    source = entry.data.get("id") or entry.id if entry.kind == "source" else entry.data.get("source")
    return {"source": source} if source else {}


def unfinished(at: Desk, source: str) -> None:
    """Refuse (`blind_done`) what a coder adds to a source they finished blind: from then on they see what others said,
    and the agreement of coders must not count it as found alone."""
    mine = (pl.col("source") == source) & (pl.col("coder") == at.coder) & pl.col("blind") & pl.col("done")
    if not at.known.coded.assignments.filter(mine).is_empty():
        raise MaillageError("blind_done", value=source)


def text_of(at: Desk, source: str) -> str:
    """As `texts.text_of`, at the desk of a coder. Raises the same."""
    return texts.text_of(at.study, source, known=at.known)[0]


def mark(
    path: Path, source: str, span: tuple[int, int], code: str, *, coder: str | None, note: str | None = None
) -> str:
    """Give a passage (code points, end-exclusive) a code of the study or of the pack. Returns its id.

    Raises MaillageError `passage_outside`, `code_unknown_mark`, `code_is_retired`, `text_missing`, `vault_locked`,
    `blind_done`.
    """
    at = desk(path, coder)
    unfinished(at, source)
    text = text_of(at, source)
    start, end = span
    if not 0 <= start < end <= len(text):
        raise MaillageError("passage_outside", value=f"{start}-{end}", length=len(text))
    retired = dict(at.known.coded.codebook.select("id", "retired").iter_rows())
    if retired.get(code):
        raise MaillageError("code_is_retired", value=code)
    if code not in retired and not any(code in codes for codes in at.study.pack.lists.values()):
        raise MaillageError("code_unknown_mark", value=code)
    digest = hashlib.sha256(text.encode()).hexdigest()
    data = {"source": source, "start": start, "end": end, "sha256": digest, "code": code}
    return _once(at, "passage", {**data, **({"note": note} if note else {})})


def _once(at: Desk, kind: str, data: Mapping[str, Any]) -> str:
    """Enter what this coder has not said in the same words already, as a form sent twice would; its id either way."""
    own = (entry for entry in at.known.standing if (entry.kind, entry.by) == (kind, at.coder))
    same = next((entry.id for entry in own if entry.data == data), None)
    return same or at.keep([Draft("assert", kind, data)])[0]


def code(path: Path, id: str, said: Mapping[str, str | None], *, retire: bool = False, coder: str | None) -> str:
    """Add a code to the study's codebook, change it or retire it; passages keep a retired code. Returns what was done.

    said: label_en, label_fr, parent, definition_en, definition_fr; None keeps what stands. Raises MaillageError
    `code_wrong`, `code_in_pack`, `code_label`, `code_unknown_mark` (parent, or nothing to retire).
    """
    at = desk(path, coder)
    lists = at.study.pack.lists.values()
    before = next((e for e in at.known.standing if e.kind == "code" and id in (e.data.get("id"), e.id)), None)
    if not CODE.match(id):
        raise MaillageError("code_wrong", value=id)
    if any(id in codes for codes in lists):
        raise MaillageError("code_in_pack", value=id)
    if retire and before is None:
        raise MaillageError("code_unknown_mark", value=id)
    data = {**(before.data if before else {}), "id": id, **{key: value for key, value in said.items() if value}}
    data |= {"retired": "yes"} if retire else {}
    missing = [lang for lang in at.study.settings.languages if not data.get(f"label_{lang}")]
    if missing:
        raise MaillageError("code_label", value=id, languages=", ".join(missing))
    own = set(at.known.coded.codebook["id"]) - {id}
    parent = data.get("parent")
    if parent and parent not in own and not any(parent in codes for codes in lists):
        raise MaillageError("code_unknown_mark", value=parent)
    if before and data == dict(before.data):
        return "same"
    at.keep([Draft("supersede", "code", data, of=before.id) if before else Draft("assert", "code", data)])
    return "retired" if retire else "changed" if before else "added"
