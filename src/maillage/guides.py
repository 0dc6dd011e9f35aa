"""The interview guide of a pack: what is asked, in which words, and which question of the codebook each answer feeds.

`guide.yml` of a pack holds notes for the interviewer, the consent block and the questions by theme. A question has a
form: `talk` (opens a theme, nothing is recorded), `one` (one answer), `grid` (the same answers for each code of a
list), `several` (any of a list), `rows` (as many rows as needed, each with the columns in `fields`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from maillage import tables
from maillage.errors import Finding, finding
from maillage.numbers import spaced

Text = Mapping[str, str]
FILE = "guide.yml"
FORMS = ("talk", "one", "grid", "several", "rows")
LEVELS, USES = ("none", "anonymous", "attributed"), ("research", "partners", "justice")
SAID = ("consent", "use", "quotes", "refusal", "thanks")
PERSON = ("id", "place", "date", "stakeholder", "sex", "age_band", "language")


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of the guide; `asks` names questions of the codebook, `of` the list a grid goes through.

    `only` keeps codes with one of these attributes, `without` leaves out codes; `fixed` are columns nobody is asked.
    """

    id: str
    asks: tuple[str, ...]
    form: str
    ask: Text
    probes: tuple[Text, ...] = ()
    of: str | None = None
    columns: Mapping[str, Text] = field(default_factory=dict[str, Text])
    fields: tuple[str, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict[str, Text])
    fixed: Mapping[str, str] = field(default_factory=dict[str, str])
    only: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """Questions that belong together."""

    id: str
    title: Text
    questions: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """A whole guide: `said` are the sentences of the consent block, `person` the labels of the stakeholder block."""

    title: Text
    before: tuple[Text, ...]
    read: tuple[Text, ...]
    levels: Mapping[str, Text]
    uses: Mapping[str, Text]
    said: Mapping[str, Text]
    person: Mapping[str, Text]
    languages: Mapping[str, Text]
    fields: Mapping[str, Text]
    themes: tuple[Theme, ...]

    @property
    def questions(self) -> list[Ask]:
        """All questions in order."""
        return [ask for theme in self.themes for ask in theme.questions]

    def label(self, ask: Ask, column: str) -> Text:
        """How a column of a row is asked for."""
        return ask.labels.get(column) or self.fields.get(column) or tables.table("observations")[column].meaning


def read_guide(raw: Mapping[str, Any]) -> Guide:
    """A guide from its mapping, once `check_guide` found nothing wrong with it."""
    raw = _typeset(raw)
    consent = raw["consent"]
    return Guide(
        title=raw["title"], before=tuple(raw["before"]), read=tuple(consent["read"]), levels=consent["levels"],
        uses=consent["use"], said=consent["labels"], person=raw["person"], languages=raw["languages"],
        fields=raw["fields"],
        themes=tuple(
            Theme(theme["id"], theme["title"], tuple(_ask(item) for item in theme["questions"]))
            for theme in raw["themes"]
        ),
    )  # fmt: skip


def _typeset(raw: Any) -> Any:
    """Every text with the blanks its language wants."""
    if isinstance(raw, list):
        return [_typeset(item) for item in raw]
    if not isinstance(raw, dict):
        return raw
    return {
        key: spaced(item, key) if key in ("en", "fr") and isinstance(item, str) else _typeset(item)
        for key, item in raw.items()
    }


def _ask(raw: Mapping[str, Any]) -> Ask:
    several = {key: tuple(raw[key]) for key in ("asks", "probes", "fields", "without") if key in raw}
    given: dict[str, Any] = {**raw, **several}
    return Ask(**given)


def check_guide(raw: Mapping[str, Any], questions: Mapping[str, Any], lists: Mapping[str, Any]) -> Iterator[Finding]:
    """What is missing, in one language only, or names a question, list or column that does not exist."""
    consent = _mapping(raw.get("consent"))
    yield from _texts({"title": raw.get("title")}, ("title",), "")
    yield from _texts(_mapping(raw.get("person")), PERSON, "person.")
    yield from _texts(_mapping(consent.get("levels")), LEVELS, "consent.levels.")
    yield from _texts(_mapping(consent.get("use")), USES, "consent.use.")
    yield from _texts(_mapping(consent.get("labels")), SAID, "consent.labels.")
    for name in ("languages", "fields"):
        texts = _mapping(raw.get(name))
        yield from _texts(texts, tuple(texts), f"{name}.")
    yield from _several(raw.get("before"), "before")
    yield from _several(consent.get("read"), "consent.read")
    themes = raw.get("themes")
    if not isinstance(themes, list) or not all(_is_theme(theme) for theme in themes):
        yield finding("pack_key_missing", file=FILE, field="themes")
        return
    seen: set[str] = set()
    for theme in themes:
        yield from _texts(theme, ("title",), f"{theme['id']}.")
        for ask in theme["questions"]:
            yield from _check_ask(ask, questions, lists)
            if ask["id"] in seen:
                yield finding("pack_twice", file=FILE, field=ask["id"])
            seen.add(ask["id"])


def _is_theme(theme: Any) -> bool:
    asks = theme.get("questions") if isinstance(theme, dict) else None
    whole = isinstance(asks, list) and all(isinstance(ask, dict) and isinstance(ask.get("id"), str) for ask in asks)
    return whole and isinstance(theme.get("id"), str)


def _check_ask(ask: Mapping[str, Any], questions: Mapping[str, Any], lists: Mapping[str, Any]) -> Iterator[Finding]:
    name = ask["id"]
    unknown = [str(key) for key in ask if key not in Ask.__dataclass_fields__]
    yield from (finding("pack_unknown", file=FILE, field=f"{name}.{key}", value=key) for key in unknown)
    yield from _texts(ask, ("ask",), f"{name}.")
    yield from _several(ask.get("probes", []), f"{name}.probes", least=0)
    for column, text in (*_mapping(ask.get("labels")).items(), *_mapping(ask.get("columns")).items()):
        yield from _texts({column: text}, (column,), f"{name}.")
    if ask.get("form") not in FORMS:
        yield finding("pack_unknown", file=FILE, field=f"{name}.form", value=ask.get("form", "-"))
    asked = ask.get("asks") or ["-"]
    yield from (
        finding("pack_unknown", file=FILE, field=f"{name}.asks", value=item) for item in asked if item not in questions
    )
    columns = tables.table("observations").names
    told = (*(ask.get("fields") or ()), *_mapping(ask.get("fixed")))
    yield from (
        finding("pack_unknown", file=FILE, field=f"{name}.fields", value=item) for item in told if item not in columns
    )
    if ask.get("form") == "grid" and ask.get("of") not in lists:
        yield finding("pack_unknown", file=FILE, field=f"{name}.of", value=ask.get("of", "-"))


def _mapping(raw: Any) -> dict[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _several(raw: Any, where: str, least: int = 1) -> Iterator[Finding]:
    if not isinstance(raw, list) or len(raw) < least:
        yield finding("pack_key_missing", file=FILE, field=where)
        return
    for number, text in enumerate(raw):
        yield from _texts({"": text}, ("",), f"{where}.{number}")


def _texts(raw: Mapping[str, Any], keys: Sequence[str], where: str) -> Iterator[Finding]:
    """A text must stand in both languages."""
    for key in keys:
        text = _mapping(raw.get(key))
        for lang in ("en", "fr"):
            if not isinstance(text.get(lang), str) or not text[lang].strip():
                yield finding("pack_text_missing", file=FILE, field=f"{where}{key}", lang=lang)
