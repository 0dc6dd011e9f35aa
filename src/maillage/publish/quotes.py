"""Quotes: what an informant said, in other words or in their own, let out only where nobody can be told by it.

A quote leaves the study whole or not at all. Refused are: no consent, no second person who approved it, an attribution
that fits too few people (all quotes of one person together), words that only this person uses, and anything that names
a person, a small place, a day, a relative or an office. Why stands in findings for the team, never in what goes out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from maillage.errors import Finding, MaillageError, finding
from maillage.evidence import Evidence
from maillage.labels import phrases
from maillage.publish import words
from maillage.publish.references import quoted
from maillage.publish.rules import PERSONAL, SHOWN_LEVELS, rules
from maillage.publish.told_names import holds_name, other_letters

Row = Mapping[str, Any]
PATTERNS = ("digits", "dates", "kin", "offices")


@dataclass(frozen=True, slots=True)
class Used:
    """One use of a quote in a narrative: its id, whose it is said to be, the language, and where that stands."""

    quote: str
    said_by: str
    lang: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """What a quote is held against: names no text may hold, and the texts of informants by source."""

    names: Sequence[str] = field(default=(), repr=False)
    texts: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """A quote as it may be printed: its words, and whether they are the person's own. It names no source."""

    text: str
    verbatim: bool


def used(text: str, lang: str) -> list[Used]:
    """The quotes that a narrative uses."""
    return [Used(one.id, one.said_by, lang, line) for line, one in quoted(text)]


def passed(wanted: Sequence[Used], evidence: Evidence, heard: Heard, audience: str) -> Mapping[tuple[str, str], Said]:
    """The quotes of a release by id and language. Raises MaillageError `release_blocked` with why one may not go."""
    problems = refusals(wanted, evidence, heard, audience)
    if problems:
        raise MaillageError("release_blocked", findings=problems, count=len(problems))
    known = _by_id(evidence)
    return {(one.quote, one.lang): Said(known[one.quote][f"text_{one.lang}"], bool(known[one.quote]["verbatim"]))
            for one in wanted}  # fmt: skip


def refusals(wanted: Sequence[Used], evidence: Evidence, heard: Heard, audience: str) -> list[Finding]:
    """Why quotes of a narrative may not be told to an audience; empty where all may. The team reads all of them."""
    known = _by_id(evidence)
    found: list[Finding] = []
    for one in wanted:
        row = known.get(one.quote)
        where: dict[str, Any] = {"file": f"narrative/{one.lang}.md", "line": one.line or None, "value": one.quote}
        if row is None or not row[f"text_{one.lang}"]:
            found.append(finding("quote_unknown", **where))
            continue
        why = [] if audience == "team" else [*_of_person(row, evidence), *_of_words(row, one, evidence, heard)]
        found += [_refused(rule, where) for rule in why]
    if audience != "team":
        found += _cells([one for one in wanted if one.quote in known], known, evidence, audience)
    return found


def _refused(rule: str, where: Mapping[str, Any]) -> Finding:
    """That a quote may not go out, with the rule in words."""
    return finding("quote_refused", **where, rule=rule, why=phrases()[f"quote_rule_{rule}"])


def cell(said_by: str, evidence: Evidence) -> frozenset[str] | None:
    """The people an attribution fits (classes, families, places and zones, by code or label); None where a part of it
    is neither. Blank fits everybody heard."""
    people = evidence.sources.filter(pl.col("kind").is_in(sorted(PERSONAL)) & (pl.col("consent") != "none"))
    fits = frozenset[str](people["id"])
    for part in filter(None, (part.strip() for part in said_by.split(","))):
        group = _class(part, people, evidence) or _place(part, people, evidence)
        if group is None:
            return None
        fits &= group
    return fits


def _by_id(evidence: Evidence) -> Mapping[str, Row]:
    return {row["id"]: row for row in evidence.quotes.iter_rows(named=True)}


def _of_person(row: Row, evidence: Evidence) -> Iterator[str]:
    """What the person agreed to, and who else read it."""
    (source,) = evidence.sources.filter(pl.col("id") == row["source"]).iter_rows(named=True) or ({},)
    if source.get("consent") in (None, "none"):
        yield "consent"
    elif row["verbatim"] and not source["quotes"]:
        yield "consent_quotes"
    approved = evidence.approvals.filter((pl.col("quote") == row["entry"]) & (pl.col("coder") != row["coder"]))
    if approved.is_empty():
        yield "approval"


def _of_words(row: Row, one: Used, evidence: Evidence, heard: Heard) -> Iterator[str]:
    """What in its words could tell who said it."""
    text = row[f"text_{one.lang}"]
    folded = words.fold(text)
    if holds_name(text, heard.names) or _holds(folded, evidence.sources["id"]):
        yield "name"
    if other_letters(text):
        yield "script"
    if _holds(folded, _small_places(evidence)):
        yield "place"
    yield from (name for name in PATTERNS if words.matches(name, text))
    if row["verbatim"] and words.rare(text, row["source"], heard.texts, one.lang):
        yield "rare_word"


def _holds(folded: str, names: Iterable[str]) -> bool:
    """Whether a folded text holds one of these names as whole words."""
    told = f" {_spelt(folded)} "
    return any(f" {name} " in told for name in map(_spelt, names) if name)


def _spelt(text: str) -> str:
    """The words of a text, folded, with one blank between."""
    return " ".join(re.findall(r"[^\W_]+", words.fold(text)))


def _small_places(evidence: Evidence) -> list[str]:
    small = evidence.places.filter(~pl.col("level").is_in(sorted(SHOWN_LEVELS)))
    return small.select("name", "name_en", "name_fr").unpivot()["value"].drop_nulls().to_list()


def _cells(wanted: Sequence[Used], known: Mapping[str, Row], evidence: Evidence, audience: str) -> Iterator[Finding]:
    """Attributions that fit too few people: all those that one person gets are taken together, for a reader can tell
    by what is said that two quotes are of one person."""
    least = rules(evidence, audience).threshold
    joint: dict[str, frozenset[str]] = {}
    for one in wanted:
        fits, source = cell(one.said_by, evidence), known[one.quote]["source"]
        where: dict[str, Any] = {"file": f"narrative/{one.lang}.md", "line": one.line or None, "value": one.quote}
        if fits is None or source not in fits:
            yield _refused("attribution", where)
            continue
        joint[source] = joint.get(source, fits) & fits
    for one in wanted:
        if len(joint.get(known[one.quote]["source"], range(least))) < least:
            where = {"file": f"narrative/{one.lang}.md", "line": one.line or None, "value": one.quote}
            yield _refused("cell", where)


def _class(part: str, people: pl.DataFrame, evidence: Evidence) -> frozenset[str] | None:
    """People of a class or a family of classes."""
    pack, wanted = evidence.pack, words.fold(part)
    named = {code for name in ("stakeholders", "families") for code, entry in pack.lists.get(name, {}).items()
             if wanted in (words.fold(code), *(words.fold(text) for text in entry.label.values()))}  # fmt: skip
    if not named:
        return None
    pairs = people.select("id", "stakeholder").iter_rows()
    return frozenset(source for source, code in pairs
                     if {code, pack.attribute("stakeholders", code, "class")} & named)  # fmt: skip


def _place(part: str, people: pl.DataFrame, evidence: Evidence) -> frozenset[str] | None:
    """People heard in a place, or in one inside it."""
    wanted = words.fold(part.removeprefix("zone:"))
    zones, parents = evidence.zones, dict(evidence.places.select("code", "parent").iter_rows())
    spelt = evidence.places.select("code", pl.concat_list("code", "name", "name_en", "name_fr").alias("names"))
    codes = {code for code, names in spelt.iter_rows() if wanted in {words.fold(name) for name in names if name}}
    labels = {zone: {zone, *text.values()} for zone, text in evidence.study.zone_labels.items()}
    for zone, place in zones.select("zone", "place").iter_rows():
        if wanted in {words.fold(name) for name in labels.get(zone, {zone})}:
            codes.add(place)
    return frozenset(source for source, place in people.select("id", "place").iter_rows()
                     if codes.intersection(_upwards(place, parents))) if codes else None  # fmt: skip


def _upwards(place: str | None, parents: Mapping[str, str | None]) -> Iterator[str]:
    while place is not None:
        yield place
        place = parents.get(place)
