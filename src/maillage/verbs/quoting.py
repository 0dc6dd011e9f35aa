"""`maillage quote`: propose what an informant said for the report, and approve what somebody else proposed."""

import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from maillage.errors import MaillageError
from maillage.evidence import Evidence
from maillage.publish.quotes import Heard
from maillage.publish.rules import PERSONAL
from maillage.study import register, vault
from maillage.study.entries import Draft
from maillage.study.folder import Study
from maillage.study.observations import replay
from maillage.verbs.coding import thing, whole
from maillage.verbs.texts import text_of

NAME = re.compile(r"[^\W_][\w.-]{0,63}\Z")
GONE = ("text_missing", "text_erased", "text_withdrawn")


def propose(path: Path, name: str, source: str, *, texts: Mapping[str, str], verbatim: bool, coder: str | None) -> str:
    """Enter a quote under a name, or change the one of that name; returns the id of its entry.

    texts: by language (en, fr). In a sealed study it lies closed to the informant's key. Raises MaillageError
    `quote_form`, `quote_text`, `thing_unknown` for a source that is not there, `quote_taken` (somebody else's),
    `vault_locked`.
    """
    if not NAME.match(name):
        raise MaillageError("quote_form", exit_code=2, value=name)
    at = whole(path, coder)
    said = {f"text_{lang}": " ".join(text.split()) for lang, text in texts.items() if text.strip()}
    if not said:
        raise MaillageError("quote_text")
    if thing(at, source).kind != "source":
        raise MaillageError("thing_unknown", value=source)
    body = {"id": name, "source": source, "verbatim": "yes" if verbatim else "no", **said}
    before = at.known.coded.quotes.filter(pl.col("id") == name)
    if before.is_empty():
        return at.keep([Draft("assert", "quote", body)])[0]
    if before["coder"][0] != at.coder:
        raise MaillageError("quote_taken", value=name, coder=before["coder"][0])
    return at.keep([Draft("supersede", "quote", body, of=before["entry"][0])])[0]


def approve(path: Path, name: str, *, coder: str | None) -> None:
    """Say that a quote, as it stands now, gives nobody away. Raises MaillageError `quote_unknown_here`,
    `quote_own` (the one who proposed it), `vault_locked`."""
    at = whole(path, coder)
    found = at.known.coded.quotes.filter(pl.col("id") == name)
    if found.is_empty():
        raise MaillageError("quote_unknown_here", value=name)
    (row,) = found.iter_rows(named=True)
    if row["coder"] == at.coder:
        raise MaillageError("quote_own", value=name, coder=at.coder)
    at.keep([Draft("assert", "approval", {"quote": row["entry"], "source": row["source"]})])


def heard(study: Study, evidence: Evidence) -> Heard:
    """Names of the vault and texts of informants, as far as they are there."""
    known = replay(study)
    texts: dict[str, str] = {}
    for source in evidence.sources.filter(pl.col("kind").is_in(sorted(PERSONAL)))["id"]:
        try:
            texts[source] = text_of(study, source, known=known)[0]
        except MaillageError as problem:
            if problem.code not in GONE:
                raise
    if study.key is None or not vault.exists(study.path):
        return Heard((), texts)
    return Heard(tuple(one.name for one in register.names(register.looked_into(study))), texts)
