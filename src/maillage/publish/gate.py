"""The only door out: from results to a Release that an audience may see.

Numbers that rest on informants are withheld, put into words instead of counts, or let through, by the rules of the
audience; public evidence (documents and data sets that are not sensitive) carries its own numbers. What the gate does
not know it refuses. Every writer of `publish` accepts a Release and nothing else, and only `clear` makes one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import polars as pl
from shapely.geometry.base import BaseGeometry

from maillage.errors import MaillageError
from maillage.evidence import Audience, Card, Evidence, Results, Settings
from maillage.pack import Pack
from maillage.publish.suppression import audit, protect

SMALL, BAND_MARGIN, ACCUSED_MARGIN = 10, 3, 5
SHARES, SCORES, SAMPLES = {"shares"}, {"scores"}, {"coverage"}
AMOUNTS = {"amounts", "totals", "flows", "figures", "responses", "published", "spread"}
OPEN = {"events", "indicators", "priorities"}
NEVER_BELOW_SECOND = {"control", "levies", "levy_totals", "flows"}
LOW_LEVELS = {"admin3", "locality"}
PERSONAL = {"interview", "focus_group", "expert_meeting"}
COUNTS = ("value", "low", "high", "k", "n", "missing", "clusters", "planned", "feasible")
_TOKEN = object()

__all__ = ["Release", "audit", "clear", "protect"]


@dataclass(frozen=True)
class Release:
    """What an audience may see. Tables have no `trace` or `counted` outside the team.

    `withheld`: id, reason. `counts`: id, kind of source, for, against (statements), only where that may be said.
    `statements`: rows of the observations behind the numbers, team only (else None).
    """

    audience: str
    langs: tuple[str, ...]
    settings: Settings
    pack: Pack
    estimates: pl.DataFrame
    findings: pl.DataFrame
    priorities: pl.DataFrame
    routes: pl.DataFrame
    withheld: pl.DataFrame
    counts: pl.DataFrame
    public_sources: pl.DataFrame
    places: pl.DataFrame
    zones: pl.DataFrame
    outlines: Mapping[str, BaseGeometry]
    cards: tuple[Card, ...]
    head: str
    date: str
    statements: pl.DataFrame | None
    token: object

    def __post_init__(self) -> None:
        """Nobody but the gate makes a Release."""
        if self.token is not _TOKEN:
            raise MaillageError("release_forged")

    def estimate(self, ident: str) -> Mapping[str, Any] | None:
        """The row of one estimate, None where the release has no such id."""
        rows = self.estimates.filter(pl.col("id") == ident)
        return None if rows.is_empty() else rows.row(0, named=True)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the gate knows about the study while it decides."""

    audience: str
    rule: Audience
    informants: Mapping[str, str]  # statement or source id -> source id, gated sources only
    known: frozenset[str]
    level: Mapping[str, str]
    accusing: frozenset[str]
    included: frozenset[str]


def clear(results: Results, *, audience: str, langs: Sequence[str]) -> Release:
    """Pass results through the rules of an audience (public, partners, team).

    Raises MaillageError `audience_unknown`, `consent_missing_release` (a number rests on somebody who refused),
    `measure_unknown_release` (a number of a measure the gate has no rule for).
    """
    evidence = results.evidence
    if audience not in evidence.study.audiences:
        raise MaillageError("audience_unknown", audience=audience, audiences=", ".join(evidence.study.audiences))
    _refuse_without_consent(evidence)
    rules = _rules(evidence, audience)
    team = audience == "team"
    rows = [dict(row) if team else decide(row, rules) for row in results.estimates.iter_rows(named=True)]
    estimates = pl.DataFrame(rows, schema=results.estimates.schema)
    withheld = estimates.filter(pl.col("status") == "withheld").select("id", "reason")
    hidden = set(withheld["id"].to_list())
    findings = results.findings if team else _findings(results.findings, hidden, rules)
    observations = evidence.observations
    return Release(
        audience=audience, langs=tuple(langs), settings=evidence.study, pack=evidence.pack,
        estimates=estimates if team else estimates.drop("trace", "counted"),
        findings=findings if team else findings.drop("trace"),
        priorities=results.priorities if team else _priorities(results.priorities, hidden),
        routes=results.routes if team else _routes(results.routes, rules),
        withheld=withheld, counts=_counts(results, hidden, rules, team=team),
        public_sources=_public(evidence.sources, observations), places=evidence.places, zones=evidence.zones,
        outlines=MappingProxyType(dict(evidence.outlines)), cards=evidence.cards, head=results.head, date=results.date,
        statements=observations if team else None, token=_TOKEN,
    )  # fmt: skip


def decide(row: Mapping[str, Any], rules: "_Rules") -> dict[str, Any]:
    """One estimate as the audience may see it: as it is, in words, or withheld with its reason."""
    out = dict(row)
    if row["status"] not in ("ok", "too_few"):
        return out
    if row["kind"] not in SHARES | SCORES | SAMPLES | AMOUNTS | OPEN:
        raise MaillageError("measure_unknown_release", id=row["id"], kind=row["kind"])
    traced: list[str] = row["trace"] or []
    people = {rules.informants[item] for item in traced if item in rules.informants}
    reason = _reason(row, traced, people, rules)
    if reason:
        return _withhold(out, reason)
    by_words = people and row["kind"] in SHARES and row["n"] is not None and _public_rule(row, rules)
    return _share(out, rules) if by_words else out


def _reason(row: Mapping[str, Any], traced: Sequence[str], people: set[str], rules: "_Rules") -> str | None:
    """Why a number may not be said, None where it may."""
    if row["measure"] in NEVER_BELOW_SECOND and _below_second(row, rules):
        return "place_too_small"
    if any(":" not in item and item not in rules.known for item in traced):
        return "source_unknown"
    if not people:
        return "no_rule" if row["kind"] in SAMPLES and (row["n"] or row["value"]) else None
    return "too_few_informants" if len(people) < _threshold(row, rules) else None


def _share(out: dict[str, Any], rules: _Rules) -> dict[str, Any]:
    """A share among informants: words under ten, k of n where neither side is small, else words with n."""
    k, n = int(out["k"] or 0), int(out["n"])
    if n < SMALL:
        more = k - max(1, math.ceil(n / 10)) > n / 2
        return _in_words(out, "more_than_half" if more else "half_or_fewer", keep_n=False)
    margin = ACCUSED_MARGIN if out["measure"] in rules.accusing else BAND_MARGIN
    if k in (0, n) and out["place"] == "ALL":
        return out
    if k < margin:
        return _in_words(out, "few", keep_n=True)
    if n - k < margin:
        return _in_words(out, "all_but_few", keep_n=True)
    return out


def _in_words(out: dict[str, Any], band: str, *, keep_n: bool) -> dict[str, Any]:
    n = out["n"]
    out |= dict.fromkeys(COUNTS) | {"interval": None, "band": band}
    if keep_n:
        out["n"] = n
    return out


def _withhold(out: dict[str, Any], reason: str) -> dict[str, Any]:
    """The row without anything that could be said of it but its id and why."""
    out |= dict.fromkeys(COUNTS) | {
        "interval": None,
        "confidence": None,
        "band": None,
        "open_low": None,
        "open_high": None,
    }
    return out | {"status": "withheld", "reason": reason, "trace": [], "counted": []}


def _threshold(row: Mapping[str, Any], rules: _Rules) -> int:
    """How many informants a number needs; a reader who is accused makes it the public rule."""
    return 5 if _accuses_reader(row, rules) else rules.rule.threshold


def _public_rule(row: Mapping[str, Any], rules: _Rules) -> bool:
    return rules.audience == "public" or _accuses_reader(row, rules)


def _accuses_reader(row: Mapping[str, Any], rules: _Rules) -> bool:
    named = {row["actor"], row["other"]}
    return row["measure"] in rules.accusing and bool(named & rules.included)


def _below_second(row: Mapping[str, Any], rules: _Rules) -> bool:
    return any(rules.level.get(str(row[key])) in LOW_LEVELS for key in ("place", "to") if row[key])


def _rules(evidence: Evidence, audience: str) -> _Rules:
    gated = evidence.sources.filter(~_is_public())["id"].to_list()
    told = evidence.observations.filter(pl.col("source").is_in(gated))
    informants = dict(told.select("id", "source").iter_rows()) | {f"source:{item}": item for item in gated}
    known = {*evidence.observations["id"].to_list(), *evidence.sources["id"].to_list()}
    accusing = frozenset(name for name, spec in evidence.pack.measures.items() if spec.get("accusation"))
    rule = evidence.study.audiences[audience]
    return _Rules(
        audience=audience, rule=rule, informants=informants, known=frozenset(known),
        level=dict(evidence.places.select("code", "level").iter_rows()), accusing=accusing,
        included=frozenset(rule.includes),
    )  # fmt: skip


def _is_public() -> pl.Expr:
    """Documents and data sets that are not sensitive; everything else is gated."""
    open_kind = pl.col("kind").is_in(["document", "dataset"])
    return open_kind & (pl.col("sensitivity").fill_null("low") == "low")


def _refuse_without_consent(evidence: Evidence) -> None:
    refused = evidence.sources.filter(pl.col("consent") == "none")["id"].to_list()
    silent = evidence.sources.filter(pl.col("consent").is_null() & pl.col("kind").is_in(sorted(PERSONAL)))[
        "id"
    ].to_list()
    used = evidence.observations.filter(pl.col("source").is_in(refused + silent))
    if used.height:
        raise MaillageError("consent_missing_release", count=used["source"].n_unique())


def _findings(findings: pl.DataFrame, hidden: set[str], rules: _Rules) -> pl.DataFrame:
    """Findings whose number is withheld, or that rest on too few informants, are left out whole."""
    kept = [
        row for row in findings.iter_rows(named=True) if row["id"] not in hidden and _enough(row["trace"] or [], rules)
    ]
    return pl.DataFrame(kept, schema=findings.schema)


def _enough(trace: Sequence[str], rules: _Rules) -> bool:
    people = {rules.informants[item] for item in trace if item in rules.informants}
    return not people or len(people) >= rules.rule.threshold


def _priorities(priorities: pl.DataFrame, hidden: set[str]) -> pl.DataFrame:
    """Actions stay; evidence that is withheld is neither named nor counted."""
    rows: list[dict[str, Any]] = []
    for row in priorities.iter_rows(named=True):
        seen = [item for item in row["evidence"] or [] if item not in hidden]
        lost = len(seen) != len(row["evidence"] or [])
        rows.append(row | {"evidence": seen, "supporting": None if lost else row["supporting"]})
    return pl.DataFrame(rows, schema=priorities.schema)


def _routes(routes: pl.DataFrame, rules: _Rules) -> pl.DataFrame:
    def shown(row: Mapping[str, Any]) -> bool:
        stops = [row["from"], row["to"], *(row["via"] or [])]
        return _enough(row["trace"] or [], rules) and not any(rules.level.get(stop) in LOW_LEVELS for stop in stops)

    kept = [row for row in routes.iter_rows(named=True) if shown(row)]
    return pl.DataFrame(kept, schema=routes.schema).drop("trace")


def _counts(results: Results, hidden: set[str], rules: _Rules, *, team: bool) -> pl.DataFrame:
    """Statements by kind of source behind each number; for informants only where their number may be said."""
    evidence = results.evidence
    kind_of_source = dict(evidence.sources.select("id", "kind").iter_rows())
    source_of = dict(evidence.observations.select("id", "source").iter_rows())
    rows: list[dict[str, Any]] = []
    for row in results.estimates.select("id", "trace", "counted", "status").iter_rows(named=True):
        if row["id"] in hidden or not row["trace"]:
            continue
        counted = set(row["counted"] or [])
        tally: dict[str, list[int]] = {}
        for item in row["trace"]:
            if not team and item in rules.informants:
                continue
            kind = kind_of_source.get(source_of.get(item, ""), item.split(":")[0] if ":" in item else "document")
            tally.setdefault(kind, [0, 0])[item not in counted and bool(counted)] += 1
        rows += [{"id": row["id"], "kind": kind, "for": a, "against": b} for kind, (a, b) in sorted(tally.items())]
    return pl.DataFrame(rows, schema={"id": pl.String, "kind": pl.String, "for": pl.Int64, "against": pl.Int64})


def _public(sources: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """Public sources with how many statements rest on each."""
    told = observations.group_by("source").len("statements")
    shown = sources.filter(_is_public()).join(told, left_on="id", right_on="source", how="left").sort("id")
    return shown.select("id", "kind", "title", "date", "language", "reliability", "cluster", "locator", "statements")
