"""The door for ties: which statements may leave a study as ties between actors, for tools that draw networks.

Only links, roles in markets, levies and legs of flows, never control; levies and legs below the second level never,
whoever asks. A statement of a person leaves only where their consent covers the use. The team gets statements with
their ids; partners get ties behind which public evidence or enough people stand, without id, date or amount of what
people said, with persons and small groups by their kind, and what too few say of a named group at a place without the
place; the public gets none: who is tied to whom is an accusation.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import polars as pl

from maillage.errors import MaillageError
from maillage.evidence import Evidence
from maillage.pack import Pack
from maillage.publish.actors import is_named, merged, private
from maillage.publish.gate import Release
from maillage.publish.rules import PERSONAL, Rules, is_public, rules, too_small

KINDS = ("link", "role", "levy", "flow")
ROUTED = ("levy", "flow")
USES: dict[str, str] = {"team": "research", "partners": "partners"}
STATUS_ANSWERS = {"not_asked", "no_answer", "denied", "not_observed", "unknown"}
COMMON = ("kind", "actor", "other", "answer", "place", "market", "good", "from_place", "to_place", "base", "per")
SAID = ("id", "period", "modality", "content", "coerced", "via", "mode", "low", "central", "high", "open_low",
        "open_high", "unit", "currency", "meaning", "grade")  # fmt: skip
AMOUNT = ("low", "central", "high")
Row = dict[str, Any]


class Lost(NamedTuple):
    """One value, or a whole statement (`field` blank), that does not leave: of which statement, and why."""

    statement: str
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """What may leave: rows with the columns COMMON and SAID and `source` (a public source, else blank)."""

    release: Release
    rows: tuple[Row, ...]
    losses: tuple[Lost, ...]


def use_for(audience: str) -> str:
    """The use that consent must cover for ties to go to an audience. Raises MaillageError `ties_audience` for those who
    get none."""
    if audience not in USES:
        raise MaillageError("ties_audience", audience=audience)
    return USES[audience]


def ties(evidence: Evidence, release: Release) -> Ties:
    """The ties of a study for the audience of a release. Raises MaillageError `ties_audience` for the public."""
    use = use_for(release.audience)
    if release.audience != "team":
        evidence = merged(evidence, evidence.study.lead) or evidence
    known = rules(evidence, release.audience)
    sources = {row["id"]: row for row in evidence.sources.iter_rows(named=True)}
    public = set(evidence.sources.filter(is_public())["id"].to_list())
    kept: list[dict[str, Any]] = []
    losses: list[Lost] = []
    for row in evidence.observations.filter(pl.col("kind").is_in(KINDS)).iter_rows(named=True):
        placed = row | {"place": row["place"] or sources[row["source"]]["place"]}
        placed |= {"answer": row["role"] or row["answer"]} if row["kind"] == "role" else {}
        placed |= {"grade": (sources[row["source"]]["reliability"] or "") + (row["credibility"] or "")}
        reason = _not_a_tie(placed) or _not_allowed(placed, sources[row["source"]], use, known)
        if reason:
            losses.append(Lost(row["id"], "", "", reason))
        else:
            kept.append(placed)
    if release.audience == "team":
        return Ties(release, tuple(_shown(row, public) for row in kept), tuple(losses))
    told, withheld = _together(kept, public, known, evidence.pack)
    _refuse_private(told, evidence)
    reasons = dict.fromkeys([*(loss.reason for loss in losses), *withheld])
    return Ties(release, tuple(told), tuple(Lost("", "", "", reason) for reason in sorted(reasons)))


def _not_a_tie(row: Row) -> str | None:
    """Why a statement is no tie: it denies one, or says nothing of two ends."""
    if row["answer"] in STATUS_ANSWERS:
        return "no_tie"
    if row["polarity"] == "absent":
        return "negation"
    if row["modality"] == "hypothesised":
        return "hypothesis"
    ends = {
        "link": (row["actor"], row["other"]), "role": (row["actor"], row["market"]), "levy": (row["actor"],),
        "flow": (row["from_place"], row["to_place"]),
    }  # fmt: skip
    return None if all(ends[row["kind"]]) else "no_ends"


def _not_allowed(row: Row, source: Row, use: str, known: Rules) -> str | None:
    """Why a tie may not leave: consent, or a place too small for a levy or a leg."""
    if source["kind"] in PERSONAL:
        allowed = source["use"] or ["research"]
        if source["consent"] in (None, "none") or use not in allowed:
            return "consent_use"
    stops = [row["place"]] if row["kind"] == "levy" else [row["from_place"], *(row["via"] or ()), row["to_place"]]
    if row["kind"] in ROUTED and any(too_small(stop, known) for stop in stops):
        return "below_second_level"
    return None


def _shown(row: Row, public: set[str]) -> dict[str, Any]:
    told = {name: row.get(name) for name in (*COMMON, *SAID)}
    return told | {"source": row["source"] if row["source"] in public else ""}


def _together(
    rows: Iterable[Row], public: set[str], known: Rules, pack: Pack
) -> tuple[list[dict[str, Any]], list[str]]:
    """Ties for partners: each statement of public evidence, and one tie a group of enough people who say the same."""
    kept: list[dict[str, Any]] = []
    said: list[tuple[Row, str]] = []
    for row in rows:
        named = row | ({"place": None} if too_small(row["place"], known) else {})
        if row["source"] in public:
            kept.append(_shown(named, public) | {"id": ""})
        else:
            said.append(({name: named[name] for name in COMMON}, row["source"]))
    enough, thin = _grouped(said, known)
    anywhere = [(tie | {"place": None}, source) for tie, source in thin if tie["place"] and is_named(tie, pack)]
    without_place, few = _grouped(anywhere, known)
    reasons = ["place_few_informants"] if without_place else []
    reasons += ["too_few_informants"] if few or len(anywhere) < len(thin) else []
    grouped = {tuple(tie.values()): tie for tie in (*enough, *without_place)}
    kept += [tie | dict.fromkeys(SAID) | {"id": "", "source": ""} for tie in grouped.values()]
    kept.sort(key=lambda row: [str(row[name] or "") for name in (*COMMON, "source", "period", *AMOUNT)])
    return kept, reasons


def _grouped(said: Iterable[tuple[Row, str]], known: Rules) -> tuple[list[Row], list[tuple[Row, str]]]:
    """Ties that enough people tell, once each, and what the others tell."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for tie, source in said:
        groups.setdefault(tuple(tie[name] for name in COMMON), []).append(source)
    enough: list[Row] = []
    thin: list[tuple[Row, str]] = []
    for key, sources in groups.items():
        tie: Row = dict(zip(COMMON, key, strict=True))
        people = frozenset(sources) & known.people
        if len(people or set(sources)) >= known.least(tie):
            enough.append(tie)
        else:
            thin += [(tie, source) for source in sources]
    return enough, thin


def _refuse_private(rows: Iterable[Row], evidence: Evidence) -> None:
    """Raises MaillageError `actor_private` where a tie still names somebody private."""
    kinds = private(evidence.pack, evidence.study.lead)
    named = sum(not kinds.keys().isdisjoint((row["actor"], row["other"])) for row in rows)
    if named:
        raise MaillageError("actor_private", count=named)


def legs(row: Row) -> Iterator[tuple[str, str]]:
    """The legs of a flow, from place to place."""
    stops = [row["from_place"], *(row["via"] or ()), row["to_place"]]
    yield from pairwise(stops)
