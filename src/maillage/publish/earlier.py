"""What earlier releases told, and what a new one may add to it.

Somebody who holds two releases can subtract one from the other: where a number was counted among twelve people and is
now counted among thirteen, the thirteenth is alone. So a number whose people changed by fewer than the threshold keeps
its old value, with the day of it. Where somebody in it has withdrawn since, the old value may not stand: a share is
then told in words, if they are the same whatever those people said, else it is withheld; so is every number of the
places and groups in which they were counted. A number that was not told stays so until enough people have come or gone.
The union audit holds earlier counts for given.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from maillage.evidence import Results
from maillage.publish.again import again
from maillage.publish.members import Members
from maillage.publish.rules import ACCUSED_MARGIN, FEW, MARGIN, Rules, in_words, rests_on, rules, withhold
from maillage.publish.standing import Lists
from maillage.publish.unions import bounds, what

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One number of an earlier release: the columns it was published with, whose statements it counted, who said so."""

    row: Row
    asked: frozenset[str]
    said: frozenset[str]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier release: its day, whom it was for, its numbers that rest on people, by id.

    People are source ids where they are still in the study, else something that names nobody. `withdrawn`: those of
    them who may no longer be counted. `people`: everybody who was heard then. `exceptions`: ids that left against the
    rules. `listed`: a number of nobody of each family that it listed (`families`); none where that is not known.
    `lists`: what it told as lists.
    """

    date: str
    audience: str
    told: Mapping[str, Told]
    withdrawn: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    exceptions: frozenset[str] = frozenset()
    listed: Sequence[Row] = ()
    lists: Lists = field(default_factory=Lists)


@dataclass(frozen=True, slots=True)
class _Before:
    """What a new release is held against: what was told, by id and by question; who was heard, then and now.

    gone: by release, places and groups of people of whom somebody withdrew. others: releases to other audiences, which
    some of these readers have, or had. kept: ids that the lead lets through now.
    """

    earlier: Sequence[Earlier]
    told: Mapping[str, Sequence[tuple[Earlier, Told]]]
    questions: Mapping[tuple[Any, ...], Sequence[Told]]
    members: Members
    now: frozenset[str]
    gone: Mapping[int, frozenset[tuple[Any, ...]]]
    others: Sequence["_Other"]
    kept: Set[str]

    def lapsed(self, ident: str, release: Earlier) -> bool:
        """Whether a number left against the rules then, and may do so no more."""
        return ident in release.exceptions and ident not in self.kept

    def lost(self, release: Earlier, told: Told) -> bool:
        """Whether somebody withdrew who was counted in it, or could have been: which of the two is their answer."""
        return bool(told.asked & release.withdrawn) or _group(told.row) in self.gone[id(release)]

    def few_came(self, row: Row, least: int) -> bool:
        """Whether few came or went among those who could have been asked, since so many did for the last time."""
        if not self.earlier:
            return False
        here = self.members.behind(row)
        base = self.earlier[0].people & here
        for release in self.earlier:
            if len((release.people & here) ^ base) >= least:
                base = release.people & here
        return 0 < len((self.now & here) ^ base) < least


@dataclass(frozen=True, slots=True)
class _Other:
    """An earlier release to another audience. questions: its numbers by question; moved: who came or went since."""

    release: Earlier
    questions: Mapping[tuple[Any, ...], Sequence[Told]]
    moved: frozenset[str]

    def near(self, number: Row, people: frozenset[str], least: int) -> bool:
        """Whether a number of it counted the same people but few, of whom somebody came or went since.

        What differs without that is a matter of the union.
        """
        same = self.release.told.get(number["id"])
        beside = self.questions.get(_question(number), ()) if _has_mates(number) else ()
        differ = (told.asked ^ people for told in (*([same] if same else ()), *beside))
        return any(len(each) < least and each & self.moved for each in differ)

    def few_came(self, ident: str, here: frozenset[str], least: int) -> bool:
        """Whether so few of those who could have been asked for a number that was not told then came or went since."""
        return ident not in self.release.told and 0 < len(self.moved & here) < least


def against_earlier(
    decided: Sequence[dict[str, Any]], known: Rules, full: Mapping[str, Row], earlier: Sequence[Earlier],
    members: Members, kept: Set[str] = frozenset(),
) -> list[dict[str, Any]]:  # fmt: skip
    """The rows of a release, where few people make the difference to an earlier one as they were or withheld.

    earlier: all of them, the oldest first; the newest to the same audience that told a number counts for it. members:
    who could have been asked. kept: ids that the lead lets through.
    """
    if not earlier:
        return list(decided)
    now = everybody(known, full.values())
    same = [one for one in earlier if one.audience == known.audience]
    told: dict[str, list[tuple[Earlier, Told]]] = {}
    for one in same:
        for name, each in one.told.items():
            told.setdefault(name, []).append((one, each))
    gone = {
        id(one): frozenset(_group(each.row) for each in one.told.values() if each.asked & one.withdrawn)
        for one in same
    }  # fmt: skip
    others = [
        _Other(one, _questions(one.told.values()), one.people ^ now)
        for one in earlier if one.audience != known.audience and one.people != now
    ]  # fmt: skip
    questions = _questions(tells[-1][1] for tells in told.values())
    before = _Before(same, told, questions, members, now, gone, others, kept)
    return [_across(_beside(row, known, full[row["id"]], before), known, full[row["id"]], before) for row in decided]


def _questions(told: Iterable[Told]) -> dict[tuple[Any, ...], list[Told]]:
    found: dict[tuple[Any, ...], list[Told]] = {}
    for each in told:
        found.setdefault(_question(each.row), []).append(each)
    return found


def held(earlier: Sequence[Earlier], audience: str) -> list[Earlier]:
    """What a reader of an audience has of earlier releases: those to this audience and to the public."""
    return [one for one in earlier if one.audience in (audience, "public")]


def everybody(known: Rules, rows: Iterable[Row]) -> frozenset[str]:
    """Everybody whose statements stand behind any number."""
    return frozenset[str]().union(*(known.behind(row["trace"]) for row in rows))


def _beside(row: dict[str, Any], known: Rules, number: Row, before: _Before) -> dict[str, Any]:
    """One row beside what was told before.

    Where people came or went since, a number that counts none of them is told as of the day before as well: a number
    brought up to date that did not change would say that they had no part in it. One that was not told before stays
    so: that it is told now would say that they answered.
    """
    people, least = known.behind(rests_on(number)), known.least(number)
    if (less := _no_more_excepted(row, known, number, before)) is not None:
        return less
    if not people or row["status"] == "withheld":
        return row
    if row["id"] in before.told:
        tells = before.told[row["id"]]
        near = [told for release, told in tells if before.lost(release, told) and len(told.asked ^ people) < least]
        if near:
            return _without_them(number, people, near, known)
        release, told = tells[-1]
        changed = len(told.asked ^ people)
        if changed >= least or (changed == 0 and release.people == before.now):
            return row
        if row["kind"] != told.row["kind"]:
            return withhold(number, "differencing")
        return _again(number, told, release, known, before)
    if before.few_came(row, least):
        return withhold(number, FEW)  # as where those who came did not answer: another reason would say that they did
    others = before.questions.get(_question(number), ()) if _has_mates(row) else ()
    if any(0 < len(told.asked ^ people) < least for told in others):
        return in_words(number) if row["kind"] == "shares" else withhold(number, "differencing")
    return row


def _across(row: dict[str, Any], known: Rules, number: Row, before: _Before) -> dict[str, Any]:
    """One row beside what other audiences were told before: withheld where few came or went since; partners may read
    again what they have from the public. Which of the two follows from who was asked alone."""
    people = known.behind(rests_on(number))
    if not people or row["status"] == "withheld" or row["released"]:
        return row
    least, here = known.least(number), before.members.behind(row)
    tells = before.told.get(row["id"], ()) if row["band"] else ()
    if any(before.lost(release, told) and len(told.asked ^ people) < least for release, told in tells):
        return row  # words that follow from what these readers had, whatever anybody said since
    wider = known.audience == "public"  # what was not told to fewer than those who read it now says nothing
    if wider and any(other.few_came(row["id"], here, least) for other in before.others):
        return withhold(number, FEW)
    if not any(other.near(number, people, least) for other in before.others):
        return row
    public = [other.release for other in before.others if other.release.audience == "public"]
    for release in reversed(public):
        told = release.told.get(row["id"])
        if told and known.audience != "public" and not told.asked & release.withdrawn:
            return _again(number, told, release, known, before)
    return withhold(number, "differencing")


def _again(number: Row, told: Told, release: Earlier, known: Rules, before: _Before) -> dict[str, Any]:
    lapsed = before.lapsed(number["id"], release)
    return again(number, told.row, told.asked, known, date=release.date, lapsed=lapsed)


def _no_more_excepted(row: dict[str, Any], known: Rules, number: Row, before: _Before) -> dict[str, Any] | None:
    """A number that left against the rules and is excepted no more, while few came or went: the old one, by the rules.

    By it alone, whether or not the number of now may be told: that could follow from who came. None where the rest
    decides: nobody came or went, many did, or somebody withdrew.
    """
    tells = before.told.get(row["id"], ())
    if not tells or not before.lapsed(row["id"], tells[-1][0]):
        return None
    release, told = tells[-1]
    changed = len(told.asked ^ known.behind(rests_on(number)))
    if release.people == before.now or changed >= known.least(number) or before.lost(release, told):
        return None
    said = _again(number, told, release, known, before)
    return row if row["status"] == "withheld" and said["status"] != "withheld" else said


def _without_them(number: Row, people: frozenset[str], near: Sequence[Told], known: Rules) -> dict[str, Any]:
    """A number of which few withdrew: in words where they follow from what was told before, whatever those who came
    or went said; else withheld. Which of the two depends on nothing that they said either."""
    few = len(people) < known.least(number)
    if few or number["kind"] != "shares" or any(told.row["kind"] != "shares" for told in near):
        return withhold(number, "differencing")
    margin = ACCUSED_MARGIN if number["measure"] in known.accusing else MARGIN
    possible = {in_words({**number, "n": len(people), "k": k})["band"]
                for told in near for k in _possible(told, people, margin)}  # fmt: skip
    return in_words({**number, "n": len(people)}) if len(possible) == 1 else withhold(number, "differencing")


def _possible(told: Told, people: frozenset[str], margin: int) -> range:
    """How many of the people of now may say so, by what was told of those before."""
    least, most = bounds(told.row, n=len(told.asked), margin=margin)
    least, most = 0 if least is None else least, len(told.asked) if most is None else most
    return range(max(0, least - len(told.asked - people)), min(len(people), most + len(people - told.asked)) + 1)


def _group(row: Row) -> tuple[Any, ...]:
    return row["place"], row["group"]


def _has_mates(row: Row) -> bool:
    return row["n"] is not None or row["kind"] == "scores"


def _question(row: Row) -> tuple[Any, ...]:
    """What numbers have in common that count among the same people: rows whose number asked is published apart."""
    said = _has_mates(row)
    return (row["kind"], *what(row), said) if said else (row["kind"], row["id"])


def told(
    results: Results, audience: str, shown: Iterable[Row], nobody: Mapping[str, Row] | None = None
) -> tuple[dict[str, Told], frozenset[str]]:
    """What the rows that an audience is shown tell of people, and who was heard: what later releases are held against.

    A row that repeats an earlier release is left to that one. nobody: shares that nobody says any more
    (`families.Moved.nobody`).
    """
    known, found = rules(results.evidence, audience), dict[str, Told]()
    full = {row["id"]: row for row in results.estimates.iter_rows(named=True)} | dict(nobody or {})
    for row in shown:
        people = known.behind(rests_on(full[row["id"]])) if row["status"] == "ok" else frozenset[str]()
        if people and not row["released"]:
            plain = {name: value for name, value in row.items() if name not in ("trace", "counted")}
            found[row["id"]] = Told(plain, people, known.behind(full[row["id"]]["counted"]))
    return found, everybody(known, full.values())
