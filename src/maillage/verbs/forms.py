"""`maillage add export.xlsx --as form`: submissions of Kobo or ODK into the log, compared with what came before.

A submission is the same one whatever its place in an export: its key and the digest of what it gave stand in the
`locator` of its source, as `form:FORM/KEY/DIGEST`. New ones enter at once. Where some changed or are gone, they are
told first and nothing enters until that is confirmed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from maillage.errors import Finding, finding, has_errors
from maillage.intake.form_export import read_export
from maillage.intake.form_map import FormMap, read_map
from maillage.intake.forms import Submission, read_form
from maillage.intake.load import load_tables
from maillage.intake.records import Reader
from maillage.study.entries import Draft
from maillage.study.folder import Study
from maillage.study.keeping import keep
from maillage.study.observations import Replay, replay
from maillage.verbs.entering import Outcome, damage, drafts
from maillage.verbs.standing import standing
from maillage.verbs.vault import opened

WHY = "no longer in the submission"
GONE = "no longer in the export of the form"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user says of an export: its mapping file, changes confirmed or not, whether those gone withdraw."""

    card: Path | None = None
    confirmed: bool = False
    withdraw: bool = False


@dataclass(slots=True)
class Difference:
    """An export against what the log holds of the form; `gone` are source ids."""

    new: list[Submission] = field(default_factory=list[Submission])
    changed: list[Submission] = field(default_factory=list[Submission])
    same: int = 0
    gone: list[str] = field(default_factory=list[str])
    found: list[Finding] = field(default_factory=list[Finding])


def add_form(study: Study, file: Path, coder: str, wish: Wish) -> Outcome:
    """Enter the submissions of an export; with any error, or with changes nobody confirmed, nothing is written.

    Raises MaillageError `vault_locked`, `vault_missing` and `source_erased` where informants are sealed.
    """
    if wish.card is None:
        return Outcome(file.name, "form", findings=(finding("form_no_map", file=file.name),))
    told, wrong = read_map(wish.card if wish.card.is_file() else study.path / wish.card)
    export, found = read_export(file)
    if told is None or export is None or has_errors(found):
        return Outcome(file.name, "form", findings=(*wrong, *found))
    vault = opened(study, coder) if study.settings.sealed == "informants" else None
    known = replay(study, vault.ring.sources if vault else {})
    if broken := damage(known):
        return Outcome(file.name, "form", findings=broken)
    loaded = load_tables(study.path, study.settings, study.pack.lookups, light=True)
    submissions, more = read_form(export, told, Reader(study.pack, loaded.gazetteer), known.codings)
    found += more
    if has_errors(found):
        return Outcome(file.name, "form", findings=tuple(found))
    change = compare(submissions, known, told.form, standing(study).away, file.name)
    found += change.found
    if (change.changed or (change.gone and wish.withdraw)) and not wish.confirmed:
        count = len(change.changed) + len(change.gone)
        found.append(finding("form_confirm", file=file.name, value=count, new=len(change.new)))
    if has_errors(found):
        return Outcome(file.name, "form", same=change.same, findings=tuple(found))
    entries = _entries(change, known, told, coder)
    entries += [Draft("withdraw", "source", of=name, why=GONE) for name in change.gone if wish.withdraw]
    keep(study, coder, entries, opened=vault)
    return Outcome(file.name, "form", len(change.new), change.same, len(change.changed), tuple(found))


def compare(submissions: Sequence[Submission], known: Replay, form: str, away: set[str], file: str) -> Difference:
    """New, changed and missing submissions, each change told with what it touches.

    away: sources that were withdrawn or erased; what an old export still says of them is left out.
    """
    before = _before(known.sources, form)
    ids = dict(known.sources.select("id", "locator").iter_rows())
    change = Difference()
    for item in submissions:
        name, row = str(item.source["id"]), before.get(item.key)
        where: dict[str, Any] = {"file": file, "line": item.line, "value": name}
        if name in away or (row is not None and row["id"] in away):
            change.found.append(finding("form_withdrawn", **where))
        elif name in ids and (row is None or row["id"] != name):
            change.found.append(finding("form_source_taken", **where, field="id"))
        elif row is None:
            change.new.append(item)
        elif row["locator"] == locator(form, item):
            change.same += 1
        else:
            change.changed.append(item)
            change.found.append(_told(item, row, known, file))
    keys = {item.key for item in submissions}
    change.gone = [str(row["id"]) for key, row in before.items() if key not in keys and row["id"] not in away]
    if change.gone:
        names = ", ".join(change.gone[:20])
        change.found.append(finding("form_gone", file=file, value=len(change.gone), sources=names))
    return change


def locator(form: str, item: Submission) -> str:
    """What names a submission and its content in the log."""
    return f"form:{form}/{item.key}/{item.digest}"


def _before(sources: pl.DataFrame, form: str) -> dict[str, dict[str, Any]]:
    """Sources that came from the form, by the key of their submission."""
    head = f"form:{form}/"
    rows = sources.filter(pl.col("locator").str.starts_with(head)).iter_rows(named=True)
    return {str(row["locator"]).removeprefix(head).split("/")[0]: row for row in rows}


def _told(item: Submission, row: Mapping[str, Any], known: Replay, file: str) -> Finding:
    """One changed submission in words: columns of the source, and how many statements come, change and go."""
    shown = {key: ("yes" if value else "no") if isinstance(value, bool) else value for key, value in row.items()}
    parts = sorted(key for key, value in item.source.items() if shown.get(key) != value)
    own = known.codings.filter(pl.col("source") == row["id"])
    new, lost = drafts(item.observations, "observations", own)[0], _lost(item, row, own)
    counts: dict[str, Any] = {
        "new": sum(d.op == "assert" for d in new),
        "changed": len([d for d in new if d.op == "supersede"]),
    }
    where: dict[str, Any] = {"file": file, "line": item.line, "value": row["id"]}
    return finding("form_changed", **where, columns=", ".join(parts) or "-", lost=lost.height, **counts)


def _lost(item: Submission, row: Mapping[str, Any], own: pl.DataFrame) -> pl.DataFrame:
    """Statements of the form that the submission no longer makes: theirs are the ids that begin with the source's."""
    ids = [data["id"] for data in item.observations]
    return own.filter(pl.col("id").str.starts_with(f"{row['id']}.") & ~pl.col("id").is_in(ids))


def _entries(change: Difference, known: Replay, told: FormMap, coder: str) -> list[Draft]:
    out: list[Draft] = []
    form, before = told.form, _before(known.sources, told.form)
    for item in change.new:
        out.append(Draft("assert", "source", {**item.source, "locator": locator(form, item)}))
        out += [Draft("assert", "observation", data) for data in item.observations]
    for item in change.changed:
        row = before[item.key]
        own = known.codings.filter((pl.col("source") == row["id"]) & (pl.col("coder") == coder))
        source = {**_kept(row, told), **item.source, "locator": locator(form, item)}
        out.append(Draft("supersede", "source", source, of=row["entry"]))
        out += drafts(item.observations, "observations", own)[0]
        lost = _lost(item, row, own)["entry"].to_list()
        out += [Draft("retract", "observation", {"source": row["id"]}, of=entry, why=WHY) for entry in lost]
    return out


def _kept(row: Mapping[str, Any], told: FormMap) -> dict[str, Any]:
    """What the form does not ask and the team wrote on the source, as reliability or cluster, stays."""
    values = {
        key: value for key, value in row.items() if value not in (None, []) and key not in {*told.source, "entry"}
    }
    return {key: ("yes" if value else "no") if isinstance(value, bool) else value for key, value in values.items()}
