"""The mapping file of a form, `forms/<name>.yml`: which question becomes which column (docs/forms.md).

kind: form
form: guide                                  # name of the form, part of what identifies a submission
key: _uuid                                   # column that names a submission; found by itself otherwise
blank: [NA]                                  # what stands in cells that hold nothing
ignore: [photo]                              # questions that are left out on purpose
source: {id: code, kind: {const: interview}, consent: consent}
observations:
- {id: needs, each: needs, map: {kind: {const: need}, question: {const: need}, answer: needs}}
questions: {needs: {list: needs, several: true, labels: [What is needed?]}}
choices: {needs: {water: [eau, Water]}}       # our code <- their names and labels
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from maillage import plain_yaml, tables
from maillage.errors import Finding, finding
from maillage.intake.records import NOT_IN_FILES
from maillage.intake.rows import decode
from maillage.intake.values import fold

KEYS = {"kind", "form", "key", "blank", "ignore", "source", "observations", "questions", "choices", "title"}
RULE = {"id", "repeat", "each", "when", "map"}
ASKED = {"list", "several", "labels"}
NEEDED = ("id", "kind", "consent")


@dataclass(frozen=True, slots=True)
class Told:
    """Where a column comes from: a question of the form, or the same in every row."""

    field: str | None = None
    const: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One observation for each submission, for each row of `repeat`, or for each choice of the question `each`.

    `when`: only where a question has one of these answers.
    """

    id: str
    map: Mapping[str, Told]
    repeat: str | None = None
    each: str | None = None
    when: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])


@dataclass(frozen=True, slots=True)
class Question:
    """What a question of the form is: its list of choices, whether several may be chosen, how exports may label it."""

    list: str | None = None
    several: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """A list of choices: our codes in order, and what an export may call each; None where two share a name."""

    codes: tuple[str, ...] = ()
    exact: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    loose: Mapping[str, str | None] = field(default_factory=dict[str, str | None])

    def code(self, text: str) -> str | None:
        """Our code for a name or a label whatever its case and accents; None where none or several fit."""
        return self.exact[text] if text in self.exact else self.loose.get(fold(text))


def choices_of(names: Mapping[str, Sequence[str]]) -> Choices:
    """The list of codes with their names and labels; a code stands for itself."""
    exact: dict[str, str | None] = {}
    loose: dict[str, str | None] = {}
    for code, known in names.items():
        for text in dict.fromkeys((code, *known)):
            exact[text] = code if exact.get(text, code) == code else None
        for text in dict.fromkeys(map(fold, (code, *known))):
            loose[text] = code if loose.get(text, code) == code else None
    return Choices(tuple(names), exact | {code: code for code in names}, loose)


@dataclass(frozen=True, slots=True)
class FormMap:
    """A mapping file, its lists of choices by name."""

    file: str
    form: str
    source: Mapping[str, Told]
    rules: tuple[Rule, ...]
    key: str | None = None
    blank: frozenset[str] = frozenset()
    ignore: tuple[str, ...] = ()
    questions: Mapping[str, Question] = field(default_factory=dict[str, Question])
    choices: Mapping[str, Choices] = field(default_factory=dict[str, Choices])

    def offered(self, name: str) -> Choices:
        """The choices of a question; an empty list where the file does not say them."""
        return self.choices.get(self.question(name).list or "", Choices())

    def question(self, name: str) -> Question:
        """What is known of a question; one the file says nothing about is a plain one."""
        return self.questions.get(name, Question())

    @property
    def fields(self) -> list[str]:
        """Every question of the form that is read, in order."""
        told = [*self.source.values(), *(item for rule in self.rules for item in rule.map.values())]
        used = [item.field for item in told if item.field]
        more = [name for rule in self.rules for name in (*rule.when, *([rule.each] if rule.each else ()))]
        return list(dict.fromkeys([*used, *more]))


def read_map(path: Path) -> tuple[FormMap | None, list[Finding]]:
    """The mapping of a file, or everything that is wrong with it."""
    text, problem = decode(path)
    if problem:
        return None, [problem]
    try:
        raw = plain_yaml.read(text)
    except yaml.YAMLError as problem:
        return None, [finding("card_yaml", file=path.name, line=plain_yaml.line_of(problem))]
    if not isinstance(raw, dict):
        return None, [finding("card_yaml", file=path.name, line=1)]
    problems = list(_problems(raw, path.name))
    return (None, problems) if problems else (_made(raw, path.name), [])


def _problems(raw: Mapping[Any, Any], file: str) -> Iterator[Finding]:
    for key in (str(key) for key in raw if key not in KEYS):
        yield finding("form_map_key", file=file, field=key, known=", ".join(sorted(KEYS)))
    if raw.get("kind") != "form":
        yield finding("form_map_value", file=file, field="kind", value=raw.get("kind"))
    if not isinstance(raw.get("form"), str) or "/" in raw["form"]:
        yield finding("form_map_value", file=file, field="form", value=raw.get("form"))
    for key in ("blank", "ignore"):
        if not _is_list(raw.get(key, [])):
            yield finding("form_map_value", file=file, field=key, value=raw[key])
    yield from _check_told(raw.get("source"), "sources", "source", file)
    source = raw["source"] if isinstance(raw.get("source"), dict) else dict.fromkeys(NEEDED)
    for key in (key for key in NEEDED if key not in source):
        yield finding("form_map_value", file=file, field=f"source.{key}", value="-")
    rules = raw.get("observations", [])
    if not isinstance(rules, list):
        yield finding("form_map_value", file=file, field="observations", value=rules)
        rules = []
    for number, rule in enumerate(rules, 1):
        yield from _check_rule(rule, f"observations.{number}", file)
    yield from _check_lists(raw, file)


def _check_rule(rule: Any, where: str, file: str) -> Iterator[Finding]:
    if not isinstance(rule, dict):
        yield finding("form_map_value", file=file, field=where, value=rule)
        return
    for key in (str(key) for key in rule if key not in RULE):
        yield finding("form_map_key", file=file, field=f"{where}.{key}", known=", ".join(sorted(RULE)))
    for key in ("id", "repeat", "each"):
        if not isinstance(rule.get(key, "-"), str) or (key == "id" and not rule.get("id")):
            yield finding("form_map_value", file=file, field=f"{where}.{key}", value=rule.get(key) or "-")
    when = rule.get("when", {})
    if not isinstance(when, dict) or not all(_is_list(values) for values in when.values()):
        yield finding("form_map_value", file=file, field=f"{where}.when", value=when)
    yield from _check_told(rule.get("map"), "observations", f"{where}.map", file)
    if isinstance(rule.get("map"), dict) and "each" in rule and rule["each"] not in rule["map"].values():
        yield finding("form_map_value", file=file, field=f"{where}.each", value=rule["each"])


def _check_told(told: Any, table: str, where: str, file: str) -> Iterator[Finding]:
    """Our columns, each from a question (its name) or `{const: value}`."""
    if not isinstance(told, dict) or not told:
        yield finding("form_map_value", file=file, field=where, value=told)
        return
    known = [name for name in tables.table(table).names if name not in NOT_IN_FILES]
    for column, theirs in told.items():
        if column not in known:
            yield finding("form_map_column", file=file, field=f"{where}.{column}", value=column, known=", ".join(known))
        constant = isinstance(theirs, dict) and theirs.keys() == {"const"} and _is_scalar(theirs["const"])
        if not isinstance(theirs, str) and not constant:
            yield finding("form_map_value", file=file, field=f"{where}.{column}", value=theirs)


def _check_lists(raw: Mapping[Any, Any], file: str) -> Iterator[Finding]:
    questions, choices = raw.get("questions", {}), raw.get("choices", {})
    for key, value in (("questions", questions), ("choices", choices)):
        if not isinstance(value, dict) or not all(isinstance(entry, dict) for entry in value.values()):
            yield finding("form_map_value", file=file, field=key, value=str(value)[:80])
            return
    for name, entry in questions.items():
        odd = [str(key) for key in entry if key not in ASKED] or not _is_list(entry.get("labels", []))
        if odd or not isinstance(entry.get("list", ""), str) or not isinstance(entry.get("several", False), bool):
            yield finding("form_map_value", file=file, field=f"questions.{name}", value=str(entry)[:80])
        elif "list" in entry and entry["list"] not in choices:
            yield finding("form_map_value", file=file, field=f"questions.{name}.list", value=entry["list"])
    for name, entry in choices.items():
        for code, names in entry.items():
            if not _is_list(names):
                yield finding("form_map_value", file=file, field=f"choices.{name}.{code}", value=names)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(_is_scalar(item) for item in value)


def _made(raw: Mapping[str, Any], file: str) -> FormMap:
    rules = (
        Rule(
            rule["id"], _told(rule["map"]), rule.get("repeat"), rule.get("each"),
            {name: [str(item) for item in values] for name, values in rule.get("when", {}).items()},
        )
        for rule in raw.get("observations", [])
    )  # fmt: skip
    questions = {
        str(name): Question(entry.get("list"), entry.get("several", False), tuple(map(str, entry.get("labels", ()))))
        for name, entry in raw.get("questions", {}).items()
    }
    choices = {
        name: choices_of({str(code): [str(item) for item in names] for code, names in entry.items()})
        for name, entry in raw.get("choices", {}).items()
    }
    blank, ignore = (tuple(map(str, raw.get(key, ()))) for key in ("blank", "ignore"))
    return FormMap(
        file, raw["form"], _told(raw["source"]), tuple(rules), raw.get("key"), frozenset(blank), ignore, questions,
        choices,
    )  # fmt: skip


def _told(raw: Mapping[str, Any]) -> dict[str, Told]:
    return {
        column: Told(const=str(theirs["const"])) if isinstance(theirs, dict) else Told(field=theirs)
        for column, theirs in raw.items()
    }
