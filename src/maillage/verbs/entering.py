"""From checked records to log entries: what stands already is skipped, what changed supersedes, the rest is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from maillage import tables
from maillage.errors import Finding, MaillageError, has_errors
from maillage.study.entries import Draft
from maillage.study.folder import Study
from maillage.study.observations import Replay
from maillage.study.rows import value_of

NOT_CONTENT = {"id", "coder", "entry", "sha256"}
ENTRY_KINDS = {"sources": "source", "observations": "observation"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: rows entered, rows that stood already, rows that changed; `findings` of the file."""

    file: str
    kind: str
    entered: int = 0
    same: int = 0
    changed: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the file had an error, so that nothing of it was written."""
        return has_errors(self.findings)


def coder_of(study: Study, coder: str | None) -> str:
    """The coder who enters; the study's first when none is named. Raises MaillageError `coder_unknown`."""
    chosen = coder or study.settings.coders[0]
    if chosen not in study.settings.coders:
        coders = ", ".join(study.settings.coders)
        raise MaillageError("coder_unknown", field="coder", value=chosen, coder=chosen, coders=coders)
    return chosen


def damage(known: Replay) -> tuple[Finding, ...]:
    """What is broken in the logs: nothing is entered on top of it."""
    return tuple(item for item in known.findings if item.level == "error" and item.code.startswith("log_"))


def drafts(records: Sequence[Mapping[str, Any]], name: str, standing: pl.DataFrame) -> tuple[list[Draft], int]:
    """Entries that a log still needs so that `records` of the table `name` stand, and how many records stood already.

    `standing`: the rows that count today. A record with an `id` is the same thing as the row of that id; one without
    is the same as any row with its content.
    """
    kind = ENTRY_KINDS[name]
    rows = standing.to_dicts()
    by_id = {_own_id(row): row for row in rows}
    contents = {_content(row, name) for row in rows}
    out: list[Draft] = []
    for said in records:
        data = {**_kept(said, by_id), **said}
        content = _content(_typed(data, name), name)
        known = by_id.get(data["id"]) if "id" in data else None
        if known is not None and _content(known, name) != content:
            out.append(Draft("supersede", kind, data, of=known["entry"]))
        elif known is None and ("id" in data or content not in contents):
            out.append(Draft("assert", kind, data))
            contents.add(content)
    return out, len(records) - len(out)


def outcome(file: str, kind: str, entries: Sequence[Draft], same: int, findings: Sequence[Finding]) -> Outcome:
    """The counts of a batch."""
    changed = sum(draft.op == "supersede" for draft in entries)
    return Outcome(file, kind, len(entries) - changed, same, changed, tuple(findings))


def _kept(data: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What a row of a table does not say and the log does: which text is kept of a source."""
    known = by_id.get(data.get("id", ""), {})
    if not known.get("sha256"):
        return {}
    return {key: known[key] for key in ("sha256", "locator") if known.get(key)}


def _own_id(row: Mapping[str, Any]) -> str:
    """The id as its coder wrote it: replay marks a later coder's row of the same id with `~coder`."""
    return str(row["id"]).removesuffix(f"~{row.get('coder')}")


def _typed(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {column.name: value_of(data.get(column.name), column) for column in tables.table(name).columns}


def _content(row: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    """A row without what names it, comparable."""
    values = (row.get(column) for column in tables.table(name).names if column not in NOT_CONTENT)
    return tuple(tuple(value) or None if isinstance(value, list) else value for value in values)
