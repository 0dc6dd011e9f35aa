"""Read and validate a pack: an analytical framework as data, in both languages, without code.

A pack is a folder of YAML files: `pack.yml` (id, version, title), `codebook/*.yml` (code lists and questions),
`measures.yml`, `indicators.yml`, `actions.yml`, `report.yml`, `lookups.yml`, and, where it has them, `guide.yml` and
`indices.yml`.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from maillage import plain_yaml, shipped, tables
from maillage.composites import check_indices
from maillage.errors import Finding, MaillageError, finding
from maillage.guides import Guide, check_guide, read_guide
from maillage.measure_settings import check_settings

FOLDER = Path(__file__).parent / "packs"
LANGS = ("en", "fr")
CODE = re.compile(r"([a-z][a-z0-9_]*|R[1-9][a-z]?|[A-Z]{3})\Z")
TEXTS = ("label", "definition", "include", "exclude", "example")
KINDS = ("shares", "scores", "published", "amounts", "totals", "flows", "events", "figures", "coverage", "indicators",
         "responses", "spread", "agreement")  # fmt: skip
FACTS = ("kind", "members", "person", "public_record", "signed", "designation", "date", "same_as")
LEVELS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list; texts by language, `attributes` what the measures need to know about it."""

    label: Mapping[str, str]
    definition: Mapping[str, str]
    include: Mapping[str, str]
    exclude: Mapping[str, str]
    example: Mapping[str, str]
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """A question: the kind of observation that answers it, the list its answers come from, the level of measurement."""

    kind: str
    answers: str | None
    level: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole pack, validated."""

    id: str
    version: str
    title: Mapping[str, str]
    lists: Mapping[str, Mapping[str, Code]]
    list_labels: Mapping[str, Mapping[str, str]]
    questions: Mapping[str, Question]
    measures: Mapping[str, Mapping[str, Any]]
    indicators: Mapping[str, Mapping[str, Any]]
    actions: Mapping[str, Mapping[str, Any]]
    report: Mapping[str, Any]
    lookups: Mapping[str, Any]
    levels: Mapping[str, Mapping[str, Mapping[str, str]]]
    guide: Guide | None = None
    indices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    def codes(self, name: str) -> list[str]:
        """The codes of a list in order; empty where the pack has no such list."""
        if name == "questions":
            return list(self.questions)
        return list(self.lists.get(name, {}))

    def label(self, name: str, code: str, lang: str) -> str:
        """The label of a code; the code itself where the list does not have it."""
        if name == "questions" and code in self.questions:
            return self.questions[code].label[lang]
        entry = self.lists.get(name, {}).get(code)
        return entry.label[lang] if entry else code

    def attribute(self, name: str, code: str | None, key: str) -> Any:
        """An attribute of a code, None where there is none."""
        entry = self.lists.get(name, {}).get(code or "")
        return entry.attributes.get(key) if entry else None


def load(name: str, study: Path | None = None) -> Pack:
    """A pack by name, or by path inside a study. Raises MaillageError `pack_missing`, `pack_invalid` (findings)."""
    folder = FOLDER / name
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not folder.is_dir():
        if study is None or not re.fullmatch(r"[\w./-]+", name) or ".." in Path(name).parts:
            raise MaillageError("pack_missing", pack=name, packs=", ".join(available()))
        folder = study / name
        if not (folder / "pack.yml").is_file():
            raise MaillageError("pack_missing", pack=name, packs=", ".join(available()))
    return _load(folder) if study is None else with_groups(_load(folder), study)


def with_groups(pack: Pack, study: Path) -> Pack:
    """The pack with the named actors of a study (tables with a card of kind `actors`) among its actors.

    A row counts with a code of its own and a kind of the pack; what is wrong with the others, intake says."""
    known = pack.lists.get("actors", {})
    rows = [row for row in _group_rows(study) if row.get("kind") in known and CODE.match(row.get("code") or "")]
    named = {row["code"]: _group(row, known[row["kind"]]) for row in rows if row["code"] not in known}
    return replace(pack, lists={**pack.lists, "actors": {**known, **named}}) if named else pack


def _group_rows(study: Path) -> Iterator[Mapping[str, str]]:
    for path in sorted((study / "tables").glob("*.yml")):
        try:
            told = path.read_text("utf-8")
            card = plain_yaml.read(told) if "actors" in told else None
            if not isinstance(card, dict) or card.get("kind") != "actors":
                continue
            file = (study / str(card.get("file") or f"tables/{path.stem}.csv")).resolve()
            text = file.read_text("utf-8-sig") if file.is_relative_to(study.resolve()) else ""
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            continue  # intake names what cannot be read
        head = text.partition("\n")[0]
        yield from csv.DictReader(text.splitlines(), delimiter=";" if head.count(";") > head.count(",") else ",")


def _group(row: Mapping[str, str], kind: Code) -> Code:
    label = {lang: row.get(f"name_{lang}") or row.get("name") or row["code"] for lang in LANGS}
    facts = {key: row.get(key) or "" for key in FACTS}
    return Code(label, {}, {}, {}, {}, {**kind.attributes, **facts, "named": True})


def available() -> list[str]:
    """The packs that come with maillage."""
    return sorted(path.parent.name for path in FOLDER.glob("*/pack.yml"))


@cache
def _load(folder: Path) -> Pack:
    problems: list[Finding] = []
    head = _read(folder / "pack.yml", problems)
    lists: dict[str, dict[str, Any]] = {}
    questions: dict[str, Any] = {}
    for path in sorted((folder / "codebook").glob("*.yml")):
        for key, entry in _mappings(_read(path, problems), path.name, "", problems).items():
            if key == "questions":
                questions |= _mappings(entry, path.name, "questions.", problems)
            elif key in lists:
                problems.append(finding("pack_twice", file=path.name, field=key))
            else:
                codes = _mappings(entry.get("codes") or {}, path.name, f"{key}.", problems, whole="codes")
                lists[key] = entry | {"_file": path.name, "codes": codes}
    rest = {name: _read(folder / f"{name}.yml", problems) for name in ("report", "lookups")}
    for name in ("measures", "indicators", "actions"):
        rest[name] = _mappings(_read(folder / f"{name}.yml", problems), f"{name}.yml", "", problems)
    levels = _mappings(head.get("levels") or {}, "pack.yml", "levels.", problems)
    problems += [*_check_lists(lists), *_check_texts(head, "pack.yml", ("title",)), *_check_levels(levels)]
    problems += [
        finding("pack_key_missing", file="pack.yml", field=key) for key in ("id", "version") if not head.get(key)
    ]
    problems += [*_check_questions(questions, lists), *_check_rest(rest, questions, lists)]
    guide = _read(folder / "guide.yml", problems) if (folder / "guide.yml").exists() else None
    problems += check_guide(guide, questions, lists) if guide else []
    raw = _read(folder / "indices.yml", problems) if (folder / "indices.yml").exists() else {}
    indices = _mappings(raw, "indices.yml", "", problems)
    problems += [*check_indices(indices, rest, questions, lists), *check_settings(rest["measures"])]
    if problems:
        raise MaillageError("pack_invalid", findings=problems, pack=folder.name, count=len(problems))
    return Pack(
        id=head["id"], version=str(head["version"]), title=head["title"],
        lists={name: {code: _code(raw) for code, raw in entry["codes"].items()} for name, entry in lists.items()},
        list_labels={name: entry["label"] for name, entry in lists.items()},
        questions={key: Question(q["kind"], q.get("answers"), q["level"], q["label"]) for key, q in questions.items()},
        measures=rest["measures"], indicators=rest["indicators"], actions=rest["actions"], report=rest["report"],
        lookups=rest["lookups"],
        levels={q: {str(n): t for n, t in texts.items()} for q, texts in levels.items()},
        guide=read_guide(guide) if guide else None, indices=indices,
    )  # fmt: skip


def _read(path: Path, problems: list[Finding]) -> dict[str, Any]:
    """A YAML file as a mapping; what is wrong with it goes to `problems`."""
    if not path.is_file():
        problems.append(finding("pack_file_missing", file=path.name))
        return {}
    try:
        raw = shipped.read(path) if path.is_relative_to(FOLDER) else plain_yaml.read_file(path)
    except (UnicodeDecodeError, yaml.YAMLError) as problem:
        problems.append(finding("pack_yaml", file=path.name, line=plain_yaml.line_of(problem) or 1))
        return {}
    if not isinstance(raw, dict):
        problems.append(finding("pack_yaml", file=path.name, line=1))
        return {}
    return raw


def _mappings(raw: Any, file: str, prefix: str, problems: list[Finding], *, whole: str = "") -> dict[str, Any]:
    """The entries of a mapping that are mappings themselves (blank = empty); the others go to `problems`."""
    if not isinstance(raw, dict):
        problems.append(finding("pack_shape", file=file, field=f"{prefix}{whole}".rstrip(".")))
        return {}
    odd = [key for key, entry in raw.items() if entry is not None and not isinstance(entry, dict)]
    problems += [finding("pack_shape", file=file, field=f"{prefix}{key}") for key in odd]
    return {key: entry or {} for key, entry in raw.items() if key not in odd}


def _code(raw: Mapping[str, Any]) -> Code:
    texts = {name: raw.get(name) or {} for name in TEXTS}
    return Code(**texts, attributes={key: value for key, value in raw.items() if key not in TEXTS})


def _check_texts(entry: Mapping[str, Any], file: str, keys: Sequence[str], where: str = "") -> Iterator[Finding]:
    """A text must stand in both languages."""
    for key in keys:
        text = entry.get(key)
        for lang in LANGS:
            if not isinstance(text, dict) or not str(text.get(lang) or "").strip():
                yield finding("pack_text_missing", file=file, field=f"{where}{key}", lang=lang)


def _check_lists(lists: Mapping[str, Any]) -> Iterator[Finding]:
    for name, entry in lists.items():
        file = entry["_file"]
        yield from _check_texts(entry, file, ("label",), f"{name}.")
        needed = ("label", "definition", "include", "exclude", "example") if entry.get("codebook") else ("label",)
        for code, raw in (entry.get("codes") or {}).items():
            if not isinstance(code, str) or not CODE.match(code):
                yield finding("pack_code_form", file=file, field=f"{name}.{code}", value=code)
            yield from _check_texts(raw or {}, file, needed, f"{name}.{code}.")


def _check_levels(levels: Mapping[str, Any]) -> Iterator[Finding]:
    for question, texts in levels.items():
        yield from _check_texts(texts, "pack.yml", list(texts), f"levels.{question}.")


def _check_questions(questions: Mapping[str, Any], lists: Mapping[str, Any]) -> Iterator[Finding]:
    known = set(lists) | set(tables.codes())
    for key, entry in questions.items():
        yield from _check_texts(entry, "questions.yml", ("label",), f"{key}.")
        if entry.get("answers") is not None and entry["answers"] not in known:
            yield finding("pack_unknown", file="questions.yml", field=f"{key}.answers", value=entry["answers"])
        if entry.get("kind") not in tables.codes()["kinds"]:
            yield finding("pack_unknown", file="questions.yml", field=f"{key}.kind", value=entry.get("kind", "-"))
        if not entry.get("level"):
            yield finding("pack_key_missing", file="questions.yml", field=f"{key}.level")
        elif entry["level"] not in LEVELS:
            yield finding("pack_unknown", file="questions.yml", field=f"{key}.level", value=entry["level"])


def _check_rest(rest: Mapping[str, Any], questions: Mapping[str, Any], lists: Mapping[str, Any]) -> Iterator[Finding]:
    for key, spec in rest["measures"].items():
        yield from _check_texts(spec, "measures.yml", ("label", "about"), f"{key}.")
        if spec.get("kind") not in KINDS:
            yield finding("pack_unknown", file="measures.yml", field=f"{key}.kind", value=spec.get("kind", "-"))
        if spec.get("question") is not None and spec["question"] not in questions:
            yield finding("pack_unknown", file="measures.yml", field=f"{key}.question", value=spec["question"])
    for key, spec in rest["indicators"].items():
        yield from _check_texts(spec, "indicators.yml", ("label", "unit_label"), f"{key}.")
    known = {name: set((lists.get(name) or {}).get("codes") or {}) for name in ("factors", "needs")}
    for key, action in rest["actions"].items():
        yield from _check_action(key, action, known)
    sections = rest["report"].get("sections")
    if not isinstance(sections, list) or not all(isinstance(section, dict) and "id" in section for section in sections):
        yield finding("pack_key_missing", file="report.yml", field="sections")
        return
    for section in sections:
        yield from _check_texts(section, "report.yml", ("title",), f"{section['id']}.")


def _check_action(key: str, action: Mapping[str, Any], known: Mapping[str, set[str]]) -> Iterator[Finding]:
    yield from _check_texts(action, "actions.yml", ("label", "harm"), f"{key}.")
    for name, codes in known.items():
        named = action.get(name) or []
        if not isinstance(named, list):
            yield finding("pack_shape", file="actions.yml", field=f"{key}.{name}")
            continue
        for code in (code for code in map(str, named) if code not in codes):
            yield finding("pack_unknown", file="actions.yml", field=f"{key}.{name}", value=code)
    screen = action.get("screen")
    if screen is not None and not isinstance(screen, dict):
        yield finding("pack_shape", file="actions.yml", field=f"{key}.screen")
    elif screen is not None:
        yield from _check_texts(screen, "actions.yml", ("who", "how", "mitigation"), f"{key}.screen.")
        if str(screen.get("residual")) not in tables.codes()["sensitivity"]:
            yield finding(
                "pack_unknown", file="actions.yml", field=f"{key}.screen.residual", value=screen.get("residual", "-")
            )
    subs = action.get("sub_actions") or {}
    if not isinstance(subs, dict) or not all(isinstance(entry, dict) for entry in subs.values()):
        yield finding("pack_shape", file="actions.yml", field=f"{key}.sub_actions")
        return
    for sub, entry in subs.items():
        yield from _check_texts(entry, "actions.yml", ("label",), f"{key}.{sub}.")
