"""`maillage gate`: what the gate proposes, what the lead signs, held against what went out before."""

import datetime
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from maillage import run, tables
from maillage.blank import reason
from maillage.errors import MaillageError
from maillage.evidence import Evidence, Results
from maillage.publish.actors import merged
from maillage.publish.earlier import Earlier, Told, everybody, told
from maillage.publish.families import listed, moved
from maillage.publish.gate import NOBODY, Release, clear
from maillage.publish.ladders import BAND, WITHHELD, ladders, published
from maillage.publish.quotes import Heard, Used
from maillage.publish.rules import is_public, rules
from maillage.publish.signed import Signed
from maillage.publish.standing import Lists
from maillage.publish.told_routes import lists_of
from maillage.study import ledger
from maillage.study.folder import Study
from maillage.study.keeping import keep
from maillage.study.observations import replay
from maillage.study.signatures import CHOOSE, EXCEPT, Signature, are_there, draft, mark_of, signatures
from maillage.verbs import kept_lists
from maillage.verbs.opening import unlocked
from maillage.verbs.since import since

AUDIENCES = ("public", "partners")
CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the gate would say of a number that it does not let out as it was computed; for the team's eyes.

    `said`: the band it is put into, or `withheld`. `rungs`: ids of coarser numbers that it lets out, the least coarse
    first; `rung`: the one that is published. `k`, `n`: as computed.
    """

    id: str
    measure: str
    said: str
    reason: str | None
    k: int | None
    n: int | None
    rung: str | None
    rungs: tuple[str, ...]


def signed(study: Study, results: Results, audience: str) -> Signed:
    """What the lead has signed for an audience and still holds."""
    found = [one for one in _signatures(study) if one.audience == audience]
    lapsed = {one.entry for one in _lapsed(found, results)}
    return Signed(
        {one.number: one.rung for one in found if one.what == CHOOSE},
        frozenset(one.number for one in found if one.what == EXCEPT and one.entry not in lapsed),
    )


def lapsed(study: Study, results: Results) -> list[Signature]:
    """Exceptions that hold no longer: the statements behind the number are not those the lead signed for."""
    found = _signatures(study)
    return [
        one for audience in sorted({one.audience for one in found})
        for one in _lapsed([one for one in found if one.audience == audience], by_kind(study, results, audience))
    ]  # fmt: skip


def _lapsed(found: Sequence[Signature], results: Results) -> list[Signature]:
    numbers = [one.number for one in found if one.what == EXCEPT]
    rows = results.estimates.filter(pl.col("id").is_in(numbers)).select("id", "trace", "counted").iter_rows()
    marks = {ident: mark_of(trace, counted) for ident, trace, counted in rows}
    return [one for one in found if one.what == EXCEPT and marks.get(one.number) != one.mark]


def _signatures(study: Study) -> list[Signature]:
    return signatures(replay(study).standing, study.settings.lead) if are_there(study) else []


def earlier(study: Study, evidence: Evidence) -> list[Earlier]:
    """The releases of the ledger that carried numbers on people, the oldest first."""
    return [_earlier(study, record, evidence) for record in ledger.records(study) if record.body["rows"]]


def _earlier(study: Study, record: ledger.Record, evidence: Evidence) -> Earlier:
    people = ledger.sources_of(study, record, evidence.sources["id"].to_list())
    columns = dict.fromkeys(tables.table("estimates").names)
    found = {
        row["shown"]["id"]: Told(
            columns | row["shown"], frozenset(people[at] for at in row["asked"]),
            frozenset(people[at] for at in row["said"]),
        )
        for row in record.body["rows"]
    }  # fmt: skip
    gone = frozenset(_gone(people, evidence))
    shown = tuple(columns | row for row in record.body.get("listed", ()))  # older records do not say
    return Earlier(
        record.body["date"], record.body["audience"], found, gone, frozenset(people),
        frozenset(record.body["exceptions"]), shown, kept_lists.read(record.body, people),
    )  # fmt: skip


def _gone(people: Sequence[str], evidence: Evidence) -> list[str]:
    """Those who may no longer be counted: erased, or without consent."""
    standing = evidence.sources.filter(pl.col("consent").fill_null("") != "none")["id"].to_list()
    return sorted(set(people) - set(standing))


def by_kind(study: Study, results: Results, audience: str) -> Results:
    """Results in which persons and small groups go by their kind, for everybody but the team."""
    fewer = None if audience == "team" else merged(results.evidence, study.settings.lead)
    return results if fewer is None else run.measure_all(fewer, head=results.head, date=results.date)


def cleared(
    study: Study, results: Results, *, audience: str, langs: Sequence[str], exported: bool = False,
    quoted: Sequence[Used] = (), heard: Heard = NOBODY, tried: Set[str] = frozenset(),
) -> tuple[Release, Mapping[str, Any] | None]:  # fmt: skip
    """Results through the gate with what was signed and what went out before, and what `sent` has to keep of it.

    tried: ids let through as if an exception were signed. None where nobody was interviewed and no source is sensitive:
    there is nothing to protect then.
    """
    results = by_kind(study, results, audience)
    evidence = results.evidence
    gated = evidence.sources.filter(~is_public())
    before = earlier(study, evidence) if gated.height and audience != "team" else []
    given = signed(study, results, audience)
    given = replace(given, exceptions=given.exceptions | tried)
    release = clear(results, audience=audience, langs=langs, exported=exported, earlier=before, signed=given,
                    quoted=quoted, heard=heard)  # fmt: skip
    if not gated.height:
        return release, None
    full, known = {row["id"]: row for row in results.estimates.iter_rows(named=True)}, rules(evidence, audience)
    nobody = moved(full, known, everybody(known, full.values()), before).nobody(full)
    team = audience == "team"
    rows, people = told(results, audience, release.estimates.iter_rows(named=True), nobody)
    names = [] if team or exported else listed(release.estimates.iter_rows(named=True), full, known)
    lists = Lists() if team else lists_of(results, audience, before, routes=release.routes, withheld=release.withheld)
    return release, {"release": release, "rows": {} if team else rows, "listed": names, "lists": lists,
                     "choices": dict(given.choices), "people": sorted(people),
                     "since": since(before, release, given.choices.keys()),
                     "exceptions": sorted(given.exceptions.intersection(release.estimates["id"]))}  # fmt: skip


def sent(study: Study, what: Mapping[str, Any] | None, *, to: str = "", form: str = "") -> None:
    """Keep a release in the ledger, before it goes out. to: for whom; form: of an exchange format, its name."""
    if what is None:
        return
    release: Release = what["release"]
    place = {name: at for at, name in enumerate(what["people"])}
    rows = [
        {
            "shown": {name: value for name, value in one.row.items() if value is not None},
            "asked": sorted(place[name] for name in one.asked), "said": sorted(place[name] for name in one.said),
        }
        for _, one in sorted(what["rows"].items())
    ]  # fmt: skip
    body = {
        "when": datetime.datetime.now(datetime.UTC).isoformat(), "date": release.date, "head": release.head,
        "audience": release.audience, "to": _one_line(to), "withheld": release.withheld.height,
        "coarsened": release.coarsened, "exceptions": what["exceptions"], "choices": what["choices"], "rows": rows,
        "listed": what["listed"], "repeated": what["since"].kept,
    }  # fmt: skip
    body |= kept_lists.written(what["lists"], place) | ({"form": form} if form else {})
    ledger.keep(study, body, what["people"])


def _one_line(text: str) -> str:
    """Text without what a screen would obey: a name may not end its line and forge the next one."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def proposals(path: Path, audience: str, *, of: str | None = None) -> list[Proposal]:
    """Every number on people that the gate holds back or puts into words, with the coarser ones that it lets out.

    of: only those whose id is or begins with this, or that speak of the place with this code or name.
    """
    study = unlocked(path)
    _of_an_audience(audience)
    results = by_kind(study, run.run(study), audience)
    release, _ = cleared(study, results, audience=audience, langs=study.settings.languages)
    full = {row["id"]: row for row in results.estimates.iter_rows(named=True)}
    shown = {row["id"]: row for row in release.estimates.iter_rows(named=True)}
    known = ladders(results.evidence)
    chosen = signed(study, results, audience).choices
    places = _called(results.evidence.places, of)
    return [
        Proposal(
            name, row["measure"], row["band"] or row["status"], _why(row, chosen), full[name]["k"], full[name]["n"],
            None if _why(row, chosen) == CHOSEN else row["rung"],
            tuple(rung.id for rung in published(full[name], known, shown)),
        )
        for name, row in shown.items()
        if name in full and (row["band"] or row["status"] == "withheld") and (of is None or _is_of(name, of, places))
    ]  # fmt: skip


def _is_of(name: str, of: str, places: Set[str]) -> bool:
    return name == of or name.startswith(f"{of}/") or not places.isdisjoint(name.split("/"))


def _called(places: pl.DataFrame, name: str | None) -> set[str]:
    """The codes of the places with a code or a name, in any case."""
    columns = places.select("code", "name", "name_en", "name_fr").iter_rows()
    return {row[0] for row in columns if name and name.casefold() in {str(part).casefold() for part in row}}


def _why(row: Mapping[str, Any], chosen: Mapping[str, str]) -> str | None:
    """Why a number is held back, for the team: what the lead chose stands before the rule. The release keeps the rule,
    since a reason of its own would say of a number of few people that there is one."""
    return CHOSEN if row["status"] == "withheld" and chosen.get(row["id"]) == WITHHELD else row["reason"]


def choose(path: Path, ident: str, rung: str, *, audience: str, why: str, coder: str | None = None) -> None:
    """Sign that a number is published at a coarser rung, in words (`band`) or not at all (`withheld`).

    Raises MaillageError `reason_missing`, `lead_only`, `estimate_unknown`, `rung_wrong` (what the gate does not let
    out, or no rung).
    """
    why = reason(why, "--why")
    study, results, me = as_lead(path, ident, coder, audience)
    release, _ = cleared(study, results, audience=audience, langs=study.settings.languages)
    full = {row["id"]: row for row in results.estimates.iter_rows(named=True)}
    shown = {row["id"]: row for row in release.estimates.iter_rows(named=True)}
    rungs = [one.id for one in published(full[ident], ladders(results.evidence), shown)]
    if rung not in (*rungs, BAND, WITHHELD):
        raise MaillageError("rung_wrong", value=rung, id=ident, rungs=", ".join([*rungs, BAND, WITHHELD]))
    keep(study, me, [draft(CHOOSE, ident, audience, rung=rung, why=why)])


def as_lead(path: Path, ident: str, coder: str | None, audience: str) -> tuple[Study, Results, str]:
    """The opened study, its results as the audience gets them, and who signs; nobody signs but the lead."""
    study = unlocked(path)
    _of_an_audience(audience)
    me = coder or study.settings.lead
    if me != study.settings.lead:
        raise MaillageError("lead_only", value=me, lead=study.settings.lead)
    results = by_kind(study, run.run(study), audience)
    run.trace(results, ident)  # says which ids are near where there is none
    return study, results, me


def _of_an_audience(audience: str) -> None:
    if audience not in AUDIENCES:
        raise MaillageError("audience_unknown", exit_code=2, audience=audience, audiences=", ".join(AUDIENCES))


def signed_by_lead(path: Path) -> list[Signature]:
    """All signatures that count."""
    return _signatures(unlocked(path))
