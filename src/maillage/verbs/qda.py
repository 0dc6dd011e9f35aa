"""Coding projects and codebooks of other programs into the log: `maillage add X.qdpx --as qda`.

Codes become entries of kind `code`, texts sources with their text under documents/, codings entries of kind `passage`,
notes entries of kind `memo`. The id of an entry is the GUID it had, so that the same file twice enters nothing twice
and a project that left and came back is recognised.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maillage.errors import Finding, finding, has_errors
from maillage.exchange import Loss, Project
from maillage.intake.refi import read_codebook, read_project
from maillage.intake.values import clean, fold
from maillage.study.disk import replace, sync_folder
from maillage.study.entries import Draft, Entry
from maillage.study.filenames import TEXTS, text_file
from maillage.study.folder import Study
from maillage.study.keeping import keep
from maillage.verbs.entering import Outcome
from maillage.verbs.standing import Standing, standing

ENDING = re.compile(r"\.(docx?|odt|rtf|pdf|txt|md|html?)\Z", re.IGNORECASE)
HEX = re.compile(r"[0-9a-f]{32}\Z")
UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


@dataclass(slots=True)
class Plan:
    """What an import will do: entries, texts by source id, what stood already, losses and problems."""

    drafts: list[Draft] = field(default_factory=list[Draft])
    texts: dict[str, bytes] = field(default_factory=dict[str, bytes])
    same: int = 0
    losses: list[Loss] = field(default_factory=list[Loss])
    problems: list[Finding] = field(default_factory=list[Finding])

    def enter(self, known: Standing, id: str, kind: str, data: Mapping[str, Any]) -> None:
        """Enter something unless the log had it, standing or retracted: an import never brings back what was undone."""
        if id in known.ids:
            self.same += 1
        else:
            self.drafts.append(Draft("assert", kind, {k: v for k, v in data.items() if v not in (None, "")}, id=id))
            known.ids.add(id)


def add_qda(study: Study, file: Path, coder: str, raw: Mapping[str, Any]) -> Outcome:
    """Enter a .qdpx project or .qdc codebook; with any error nothing is written.

    Texts are kept in clear, so a study that seals its informants takes only those of known sources that are none.
    The loss report stands beside the texts as `<file>.losses.json`.
    """
    project, losses, findings = (read_codebook if file.suffix.lower() == ".qdc" else read_project)(file)
    known = standing(study)
    if known.damage or has_errors(findings):
        return Outcome(file.name, "qda", findings=(*known.damage, *findings))
    plan = plan_import(project, known, study, file.name)
    plan.losses = [*losses, *plan.losses]
    findings = [*(item for item in findings if item.code != "qda_losses"), *plan.problems]
    if plan.losses:
        kinds = ", ".join(sorted({loss.what for loss in plan.losses}))
        findings.append(finding("qda_losses", file=file.name, value=len(plan.losses), kinds=kinds))
    if not has_errors(findings):
        _write(study, coder, plan, file.name)
    return Outcome(file.name, "qda", len(plan.drafts), plan.same, findings=tuple(findings))


def plan_import(project: Project, known: Standing, study: Study, file: str) -> Plan:
    """Entries for everything of a project that a study can hold."""
    plan = Plan()
    codes = _plan_codes(plan, project, known, study.settings.languages[0])
    sources = _plan_sources(plan, project, known, study, file)
    users = dict(project.users.iter_rows())
    places = {**codes, **{guid: name for guid, (name, _, _) in sources.items()}}
    _plan_passages(plan, project, known, codes, sources, users, places)
    for guid, title, text, about, user, created in project.notes.iter_rows():
        for turn, other in enumerate(about or [""]):
            if other and other not in places:
                plan.losses.append(Loss("note", guid, "about_unknown"))
                continue
            id = _id("memo", guid if turn == 0 else f"{guid} {other}")
            data = {"about": places.get(other), "title": title, "text": text}
            plan.enter(known, id, "memo", data | {"coder": users.get(user), "created": created})
    for what in ("cases", "sets", "variables", "values"):
        rows = getattr(project, what).iter_rows()
        plan.losses += [Loss(what.removesuffix("s"), str(row[0]), "no_place_in_a_study") for row in rows]
    return plan


def _id(kind: str, guid: str) -> str:
    """The id of an entry: the GUID without dashes where it is one, else 128 bits made from it."""
    plain = guid.replace("-", "")
    return plain if HEX.match(plain) else hashlib.sha256(f"{kind} {guid}".encode()).hexdigest()[:32]


def _plan_codes(plan: Plan, project: Project, known: Standing, language: str) -> dict[str, str]:
    """Codes with readable ids, two of one name told apart by the parent; GUID -> id."""
    before = {entry.id: str(entry.data.get("id") or entry.id) for entry in known.of("code")}
    taken, ids = set(before.values()), dict[str, str]()
    for guid, name, parent, colour, description, codable in project.codes.iter_rows():
        entry = _id("code", guid)
        word = fold(name).replace(" ", "_")
        word = re.sub(r"[^a-z0-9_]+", "", word) or f"code_{entry[:6]}"
        choices = (word, f"{ids.get(parent, 'code')}_{word}", f"{word}_{entry[:6]}")
        ids[guid] = before.get(entry) or next(choice for choice in choices if choice not in taken)
        taken.add(ids[guid])
        said = {f"label_{language}": name, f"definition_{language}": description, "parent": ids.get(parent)}
        more = {"colour": colour, "codable": None if codable else "no"}
        plan.enter(known, entry, "code", {"id": ids[guid], **said, **more})
    return ids


Sources = dict[str, tuple[str, str, int]]  # GUID -> id, hash and length of the text


def _plan_sources(plan: Plan, project: Project, known: Standing, study: Study, file: str) -> Sources:
    """Texts as sources: of a source the study has under that name, else as a document of high sensitivity."""
    rows = {str(entry.data.get("id") or entry.id): entry for entry in known.of("source")}
    by_entry = {entry.id: name for name, entry in rows.items()}
    folded = {fold(name): name for name in rows}
    out: Sources = {}
    taken: set[str] = set()
    for guid, title, _, text, description, _, _ in project.sources.iter_rows():
        entry, content = _id("source", guid), text.encode()
        name, digest = by_entry.get(entry) or _name(title, folded, taken), hashlib.sha256(content).hexdigest()
        taken.add(name)
        if name in known.away or (entry in known.ids and name not in rows):
            plan.losses.append(Loss("source", guid, "withdrawn_before"))
            continue
        out[guid] = (name, digest, len(text))
        old, target = rows.get(name), text_file(study.path, name)
        stated = old.data.get("sha256") if old else None
        if stated == digest and target.is_file():
            plan.same += 1
            continue
        if (stated or target.is_file()) and stated != digest:
            plan.problems.append(finding("qda_text_differs", file=file, value=name))
        elif study.settings.sealed == "informants" and (old is None or old.sealed or _heard(old)):
            plan.problems.append(finding("qda_in_clear", file=file, value=name))
        hashes = {"sha256": digest, "locator": f"{TEXTS}/{target.name}"}
        plan.texts[name] = content
        if old:
            plan.drafts.append(Draft("supersede", "source", {**old.data, **hashes}, of=old.id))
        else:
            fresh = {"id": name, "kind": "document", "title": title, "sensitivity": "high", "note": description}
            plan.enter(known, entry, "source", fresh | hashes)
    return out


def _heard(entry: Entry) -> bool:
    return entry.data.get("kind") in ("interview", "focus_group", "expert_meeting")


def _name(title: str, folded: Mapping[str, str], taken: set[str]) -> str:
    """The id of a source from the name its program gave it: fit for a file, unlike all other texts of the project."""
    name = clean(UNSAFE.sub(" ", ENDING.sub("", title))).strip(". ")[:100] or "source"
    name = folded.get(fold(name), name)
    if name not in taken:
        return name
    return next(choice for turn in range(2, len(taken) + 3) if (choice := f"{name} {turn}") not in taken)


def _plan_passages(
    plan: Plan, project: Project, known: Standing, codes: Mapping[str, str], sources: Sources,
    users: Mapping[str, str], places: dict[str, str],
) -> None:  # fmt: skip
    """Codings as passages; `places` learns their ids, so that notes can be about them."""
    for guid, selection, source, start, end, code, user, created, note in project.passages.iter_rows():
        if source not in sources:
            plan.losses.append(Loss("passage", guid, "source_missing"))
            continue
        name, digest, length = sources[source]
        if code is None:
            places[guid] = places[selection or guid] = name
            if note:
                said = {"about": name, "text": note, "coder": users.get(user), "created": created}
                plan.enter(known, _id("memo", guid), "memo", said)
            else:
                plan.losses.append(Loss("passage", guid, "no_code"))
            continue
        entry = _id("passage", guid)
        places[guid] = entry
        places.setdefault(selection or guid, entry)
        where = {"start": 0, "end": length, "whole": "yes"} if start is None else {"start": start, "end": end}
        said = {"code": codes[code], "note": note, "coder": users.get(user), "created": created}
        plan.enter(known, entry, "passage", {"source": name, **where, "sha256": digest, **said})


def _write(study: Study, coder: str, plan: Plan, file: str) -> None:
    """Texts and loss report first, then the log; what is new on the disk goes again when the log refuses."""
    folder = study.path / TEXTS
    report = folder / f"{file}.losses.json"
    fresh = [text_file(study.path, name) for name in plan.texts]
    fresh = [path for path in (*fresh, report) if not path.exists()]
    done = False
    try:
        if plan.texts or plan.losses:
            folder.mkdir(exist_ok=True)
            for name, content in plan.texts.items():
                _durable(text_file(study.path, name), content)
            sync_folder(folder)
        if plan.losses:
            replace(report, loss_report(plan.losses))
        keep(study, coder, plan.drafts)
        done = True
    finally:
        for path in fresh if not done else ():
            path.unlink(missing_ok=True)


def _durable(path: Path, content: bytes) -> None:
    """A file whose bytes are on the disk; its name becomes so with the folder, once for all of them."""
    with path.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def loss_report(losses: Sequence[Loss]) -> bytes:
    """The losses as JSON: a list of {what, where, why}."""
    return (json.dumps([loss._asdict() for loss in losses], ensure_ascii=False, indent=1) + "\n").encode()
