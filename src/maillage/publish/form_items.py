"""The interview guide as the questions of a form: items, lists of choices, and what each item feeds.

One walk over the guide gives both the form and the mapping by which an export of it comes back, so that the two never
part. Nothing of a form records a name, a location, a device or an hour.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from maillage import tables
from maillage.guides import Ask, Guide, Text
from maillage.labels import phrases
from maillage.pack import LANGS, Pack
from maillage.tables import Column

STATES = ("not_asked", "no_answer", "denied", "not_observed")
ASKED, ANSWERED, OTHER = "asked", "answered", "other"
AGREED = "${consent} = 'anonymous' or ${consent} = 'attributed'"
MONTH = "regex(., '^(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?$')"
PSEUDONYM = "regex(., '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$')"
COARSE = ("admin1", "admin2", "admin0", "country", "world_region")  # never finer: a village would name its witness
MANY = 20
COLON = {"en": ": ", "fr": "\N{NO-BREAK SPACE}: "}


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a form; `type` as XLSForm names it, `list` the choices of a select."""

    type: str
    name: str
    label: Text = field(default_factory=dict[str, str])
    list: str | None = None
    hint: Text = field(default_factory=dict[str, str])
    required: str = ""
    relevant: str = ""
    constraint: str = ""
    message: Text = field(default_factory=dict[str, str])
    default: str = ""
    appearance: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form and its way back: `lists` code -> text by list; `source` and `rules` as in a mapping file."""

    id: str
    title: Text
    items: tuple[Item, ...]
    lists: Mapping[str, Mapping[str, Text]]
    source: Mapping[str, Any]
    rules: tuple[Mapping[str, Any], ...]


def form(pack: Pack, guide: Guide, places: pl.DataFrame | None, *, id: str, title: Text) -> Form:
    """The form of a guide. places: the table of a study, down to the second level; without it places are typed."""
    maker = _Maker(pack, guide, places)
    items = [*maker.person(), *maker.consent()]
    for theme in guide.themes:
        inner = [item for ask in theme.questions for item in maker.question(ask)]
        if inner:
            start = Item("begin_group", f"theme_{theme.id}", theme.title, relevant=AGREED)
            items += [start, *inner, Item("end_group", f"theme_{theme.id}")]
    return Form(id, title, tuple(items), maker.lists, maker.source, tuple(maker.rules))


def phrase(key: str, **facts: Text) -> Text:
    """A sentence in both languages; facts are texts by language."""
    return {lang: phrases()[key][lang].format(**{name: text[lang] for name, text in facts.items()}) for lang in LANGS}


def chosen(pack: Pack, ask: Ask) -> list[str]:
    """The codes that a question of the form `several` offers."""
    name = pack.questions[ask.asks[0]].answers or ""
    fits = (
        code for code in pack.codes(name)
        if all(pack.attribute(name, code, key) in allowed for key, allowed in ask.only.items())
    )  # fmt: skip
    return [code for code in fits if code not in ask.without]


def safe(code: str) -> str:
    """A code as the name of a choice: letters, digits, `_`, `-` and `.`."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", code)


class _Maker:
    """Collects lists and rules while the items are made."""

    def __init__(self, pack: Pack, guide: Guide, places: pl.DataFrame | None) -> None:
        self.pack, self.guide = pack, guide
        self.lists: dict[str, dict[str, Text]] = {}
        self.rules: list[dict[str, Any]] = []
        self.source: dict[str, Any] = {"kind": {"const": "interview"}}
        self._placed = _places(places)

    def person(self) -> Iterator[Item]:
        """Who is heard, where and in which month; never a name."""
        said = self.guide.person
        self.source |= {name: {"id": "source_id", "date": "month"}.get(name, name) for name in said}
        yield Item("begin_group", "source", phrase("guide_person"))
        yield Item("note", "no_names", phrase("guide_no_names"))
        yield Item("text", "source_id", said["id"], required="yes", constraint=PSEUDONYM,
                   message=phrase("guide_id_form"))  # fmt: skip
        yield self._place("select_one", "place", said["place"], required="yes")
        yield Item("date", "month", said["date"], required="yes", constraint=". <= today()",
                   message=phrase("guide_month_form"), appearance="month-year")  # fmt: skip
        yield self._select("stakeholder", said["stakeholder"], "stakeholders", required="yes")
        yield self._select("sex", said["sex"], "sex")
        yield self._select("age_band", said["age_band"], "age_band")
        self.lists["languages"] = {**self.guide.languages, OTHER: phrase("guide_other")}
        yield Item("select_one", "language", said["language"], "languages")
        yield Item("text", "language_other", phrase("guide_which", label=said["language"]),
                   relevant=f"${{language}} = '{OTHER}'")  # fmt: skip
        yield Item("end_group", "source")

    def consent(self) -> Iterator[Item]:
        """What was agreed to; somebody who refuses is thanked, and nothing more is asked."""
        said = self.guide.said
        self.lists |= {"consent": dict(self.guide.levels), "use": dict(self.guide.uses)}
        self.source |= {name: name for name in ("consent", "use", "quotes", "refusal")}
        yield Item("begin_group", "agreement", phrase("guide_consent"))
        read = {lang: "\n\n".join(text[lang] for text in self.guide.read) for lang in LANGS}
        yield Item("note", "consent_text", read)
        yield Item("select_one", "consent", said["consent"], "consent", required="yes")
        yield Item("select_multiple", "use", said["use"], "use", required="yes", relevant=AGREED)
        yield replace(self._select("quotes", said["quotes"], "flags", required="yes"), relevant=AGREED)
        refused = "${consent} = 'none'"
        yield replace(self._select("refusal", said["refusal"], "refusals"), relevant=refused)
        yield Item("note", "thanks", said["thanks"], relevant=refused)
        yield Item("end_group", "agreement")

    def question(self, ask: Ask) -> Iterator[Item]:
        """The items of one question of the guide; `talk` has none."""
        if ask.form == "one":
            yield self._one(ask)
        elif ask.form == "grid":
            yield from self._grid(ask)
        elif ask.form in ("several", "rows"):
            yield from self._gate(ask)
            yield from self._several(ask) if ask.form == "several" else self._rows(ask)

    def _one(self, ask: Ask) -> Item:
        (question,) = ask.asks
        self._rule(ask, question, {"answer": ask.id})
        return Item("select_one", ask.id, ask.ask, self._answers(question), hint=_hint(ask), default="not_asked")

    def _grid(self, ask: Ask) -> Iterator[Item]:
        """The same questions for each code; the further ones only where the first says that there is something."""
        first, *_ = ask.asks
        column = {"markets": "market"}[ask.of or ""]
        yield Item("note", ask.id, ask.ask, hint=_hint(ask))
        for code in self.pack.codes(ask.of or ""):
            head = {lang: self.pack.label(ask.of or "", code, lang) for lang in LANGS}
            yield Item("begin_group", f"{ask.id}_{code}", _capital(head))
            for question in ask.asks:
                name = f"{question}_{code}"
                label = {lang: _capital(head)[lang] + COLON[lang] + ask.columns[question][lang] for lang in LANGS}
                only = "" if question == first else f"${{{first}_{code}}} = 'present'"
                yield Item("select_one", name, label, self._answers(question), relevant=only,
                           default="not_asked" if question == first else "")  # fmt: skip
                self._rule(ask, question, {column: {"const": code}, "answer": name})
            yield Item("end_group", f"{ask.id}_{code}")

    def _gate(self, ask: Ask) -> Iterator[Item]:
        """How the question ended; an answer of substance opens what follows, anything else is recorded as it is."""
        self.lists.setdefault(ASKED, {ANSWERED: phrase("guide_answered"), **_codes_of("status_answers")})
        name = f"{ask.id}_{ASKED}"
        yield Item("select_one", name, ask.ask, ASKED, hint=_hint(ask), default="not_asked")
        self._rule(ask, ask.asks[0], {"answer": name}, when={name: list(STATES)})

    def _several(self, ask: Ask) -> Iterator[Item]:
        question = self.pack.questions[ask.asks[0]]
        codes = chosen(self.pack, ask)
        self.lists[ask.id] = {code: self._labels(question.answers or "", code) for code in codes}
        label = phrase("guide_several", ask=ask.ask)
        yield Item("select_multiple", ask.id, label, ask.id, required="yes", relevant=_answered(ask))
        self._rule(ask, ask.asks[0], {"answer": ask.id}, each=ask.id)

    def _rows(self, ask: Ask) -> Iterator[Item]:
        yield Item("begin_repeat", ask.id, ask.ask, relevant=_answered(ask))
        for column in ask.fields:
            yield self._column(ask, tables.table("observations")[column])
        yield Item("end_repeat", ask.id)
        told = {column: f"{ask.id}_{column}" for column in ask.fields}
        fixed = {column: {"const": value} for column, value in ask.fixed.items()}
        self._rule(ask, ask.asks[0], told | fixed, repeat=ask.id)

    def _column(self, ask: Ask, column: Column) -> Item:
        """A column of the dictionary as a question."""
        name, label = f"{ask.id}_{column.name}", self.guide.label(ask, column.name)
        if column.name == "answer":
            return self._select(name, label, self.pack.questions[ask.asks[0]].answers or "", required="yes")
        if column.type in ("place", "places"):
            return self._place("select_one" if column.type == "place" else "select_multiple", name, label)
        if column.type == "number":
            low = f"${{{ask.id}_low}}"
            above = f" and ({low} = '' or . >= {low})" if column.name == "high" else ""
            return Item("decimal", name, label, constraint=f". >= 0{above}", message=phrase("guide_amount_form"))
        if column.type == "period":
            return Item("text", name, label, constraint=MONTH, message=phrase("guide_period_form"))
        if column.codes:
            needed = f"${{{ask.id}_low}} != '' or ${{{ask.id}_high}} != ''" if column.name == "currency" else ""
            kind = "select_multiple" if column.type == "codes" else "select_one"
            required = "yes" if column.name == "good" else needed
            return replace(self._select(name, label, column.codes, required=required), type=kind)
        return Item("text", name, label)

    def _rule(self, ask: Ask, question: str, told: Mapping[str, Any], **more: Any) -> None:
        kind = self.pack.questions[question].kind
        fixed = {"kind": {"const": kind}, "question": {"const": question}}
        self.rules.append({**more, "id": ask.id if ask.form in ("several", "rows") else told["answer"],
                           "map": {**fixed, **told}})  # fmt: skip

    def _answers(self, question: str) -> str:
        """The list of a question's answers with the four ways of not answering."""
        answers = self.pack.questions[question].answers or ""
        name = f"{answers}_answers"
        own = {code: self._labels(answers, code) for code in self._codes(answers)}
        if levels := self.pack.levels.get(question):
            name = f"{question}_answers"
            own = {code: {lang: f"{code} ({levels[code][lang]})" for lang in LANGS} for code in own}
        self.lists.setdefault(name, own | _codes_of("status_answers"))
        return name

    def _select(self, name: str, label: Text, codes: str, required: str = "") -> Item:
        self.lists.setdefault(codes, {code: self._labels(codes, code) for code in self._codes(codes)})
        return Item("select_one", name, label, codes, required=required)

    def _place(self, kind: str, name: str, label: Text, required: str = "") -> Item:
        if not self._placed:
            return Item("text", name, label, required=required)
        self.lists.setdefault("places", self._placed)
        long = "minimal autocomplete" if len(self._placed) > MANY else ""
        return Item(kind, name, label, "places", required=required, appearance=long)

    def _codes(self, name: str) -> Sequence[str]:
        return list(tables.codes().get(name) or self.pack.codes(name))

    def _labels(self, name: str, code: str) -> Text:
        house = tables.codes().get(name)
        return house[code] if house else {lang: self.pack.label(name, code, lang) for lang in LANGS}


def _answered(ask: Ask) -> str:
    return f"${{{ask.id}_{ASKED}}} = '{ANSWERED}'"


def _hint(ask: Ask) -> Text:
    return {lang: " ".join(text[lang] for text in ask.probes) for lang in LANGS} if ask.probes else {}


def _capital(text: Text) -> Text:
    return {lang: words[:1].upper() + words[1:] for lang, words in text.items()}


def _codes_of(name: str) -> dict[str, Text]:
    return dict(tables.codes()[name])


def _places(places: pl.DataFrame | None) -> dict[str, Text]:
    """Code -> names, regions first, then the second level, countries last, by name."""
    if places is None:
        return {}
    ranks = {level: rank for rank, level in enumerate(COARSE)}
    kept = places.filter(pl.col("level").is_in(COARSE))
    kept = kept.sort(pl.col("level").replace_strict(ranks, return_dtype=pl.Int64), "name", "code")
    named = {row["code"]: row for row in kept.iter_rows(named=True)}
    return {code: {lang: _place_name(row, named, lang) for lang in LANGS} for code, row in named.items()}


def _place_name(row: Mapping[str, Any], named: Mapping[str, Mapping[str, Any]], lang: str) -> str:
    """The name; of a second level with the region it lies in, because both often share one."""
    name = row[f"name_{lang}"] or row["name"]
    above = named.get(row["parent"] or "") if row["level"] == "admin2" else None
    return f"{name} ({above[f'name_{lang}'] or above['name']})" if above else name
