"""`maillage export qdpx` and `qdc`: the study's codes, texts and passages for other programs."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from maillage.errors import MaillageError
from maillage.exchange import Loss, Project, table
from maillage.publish.refi import codebook_file, project_file
from maillage.study.disk import replace
from maillage.study.entries import Entry
from maillage.study.filenames import TEXTS, text_file
from maillage.study.folder import Study
from maillage.verbs.qda import loss_report
from maillage.verbs.standing import Standing, standing

FORMS = ("qdpx", "qdc")


def export_qda(study: Study, out: Path, *, form: str, audience: str) -> list[Path]:
    """Write the study's codes, texts and passages as .qdpx, or its codes as .qdc, and the loss report beside it.

    Whole texts pass no gate, so only the team gets them (`qda_audience`). Raises `qda_text_changed` where a text is
    not the one its passages were marked in.
    """
    if audience != "team":
        raise MaillageError("qda_audience", form=form, audience=audience)
    project, losses = study_project(study)
    content, more = (codebook_file if form == "qdc" else project_file)(project)
    out.mkdir(parents=True, exist_ok=True)
    written = [out / f"{study.settings.id}.{form}", out / f"{study.settings.id}.{form}.losses.json"]
    replace(written[0], content)
    replace(written[1], loss_report([*losses, *more]))
    return written


def study_project(study: Study) -> tuple[Project, list[Loss]]:
    """The study's codes, texts, passages and memos as a project; sealed entries and texts elsewhere are lost."""
    known, losses = standing(study), list[Loss]()
    if known.damage:
        raise MaillageError("log_readonly", findings=known.damage, file=known.damage[0].file)
    texts, entries = _texts(study, known, losses)
    codes = {str(entry.data.get("id") or entry.id): entry for entry in known.of("code") if not entry.sealed}
    passages = [entry for entry in known.of("passage") if not entry.sealed and entry.data.get("source") in texts]
    losses += [Loss("passage", entry.id, "sealed") for entry in known.of("passage") if entry.sealed]
    others = sorted({str(entry.data["code"]) for entry in passages} - codes.keys())
    names = {entry.id for entry in passages}
    about = {code: entry.id for code, entry in codes.items()} | {name: entry.id for name, entry in entries.items()}
    language = study.settings.languages[0]
    coders = sorted({_coder(entry) for entry in (*passages, *known.of("memo"))})
    return Project(
        name=study.settings.title.get(language) or study.settings.id,
        origin="maillage",
        users=table("users", [(f"coder {name}", name) for name in coders]),
        codes=table("codes", [*(_code_row(e, codes, language) for e in codes.values()), *map(_other_code, others)]),
        sources=table("sources", [_source_row(entry, texts[name]) for name, entry in entries.items()]),
        passages=table("passages", [_passage_row(entry, entries, codes) for entry in passages]),
        notes=table("notes", [_memo_row(e, about, names) for e in known.of("memo") if not e.sealed]),
    ), losses


def _texts(study: Study, known: Standing, losses: list[Loss]) -> tuple[dict[str, str], dict[str, Entry]]:
    """Texts kept in clear, each checked against the hash in the log, and the entries of their sources."""
    texts: dict[str, str] = {}
    entries: dict[str, Entry] = {}
    for entry in known.of("source"):
        name = str(entry.data.get("id") or entry.id)
        path = text_file(study.path, name)
        if entry.sealed or not entry.data.get("sha256") or not path.is_file():
            losses.append(Loss("source", name, "sealed" if entry.sealed else "no_text"))
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != entry.data["sha256"]:
            raise MaillageError("qda_text_changed", file=f"{TEXTS}/{path.name}")
        texts[name], entries[name] = content.decode(), entry
    return texts, entries


def _coder(entry: Entry) -> str:
    return str(entry.data.get("coder") or entry.by)


def _code_row(entry: Entry, codes: Mapping[str, Entry], language: str) -> tuple[Any, ...]:
    data = entry.data
    name = data.get(f"label_{language}") or data.get("label_en") or data.get("label_fr") or data.get("id")
    said = data.get(f"definition_{language}") or data.get("definition_en") or data.get("definition_fr") or ""
    parent = codes.get(str(data.get("parent")))
    return (entry.id, name, parent.id if parent else None, data.get("colour"), said, data.get("codable") != "no")


def _other_code(name: str) -> tuple[Any, ...]:
    """A code that passages use and the study's own codebook does not have (the pack's, for example)."""
    return (f"code {name}", name, None, None, "", True)


def _source_row(entry: Entry, text: str) -> tuple[Any, ...]:
    name = entry.data.get("title") or entry.data.get("id") or entry.id
    return (entry.id, name, "text", text, entry.data.get("note") or "", None, None)


def _passage_row(entry: Entry, sources: Mapping[str, Entry], codes: Mapping[str, Entry]) -> tuple[Any, ...]:
    data = entry.data
    code = codes.get(str(data["code"]))
    place = (None, None) if data.get("whole") == "yes" else (data["start"], data["end"])
    source, target = sources[str(data["source"])].id, code.id if code else f"code {data['code']}"
    at = data.get("created") or entry.at
    return (entry.id, None, source, *place, target, f"coder {_coder(entry)}", at, data.get("note") or "")


def _memo_row(entry: Entry, about: Mapping[str, str], passages: set[str]) -> tuple[Any, ...]:
    target = str(entry.data.get("about") or "")
    target = about.get(target) or (target if target in passages else "")
    said = (entry.data.get("title") or "", entry.data.get("text") or "")
    at = entry.data.get("created") or entry.at
    return (entry.id, *said, [target] if target else [], f"coder {_coder(entry)}", at)
