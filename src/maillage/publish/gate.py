"""The only door out: from results to a Release that an audience may see.

Numbers that rest on informants are withheld, put into words instead of counts, or let through, by the rules of the
audience; public evidence (documents and data sets that are not sensitive) carries its own numbers. What the gate does
not know it refuses. Every writer of `publish` accepts a Release and nothing else, and only `clear` makes one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import polars as pl
from shapely.geometry.base import BaseGeometry

from maillage.errors import MaillageError
from maillage.estimate import estimate_id
from maillage.evidence import Card, Evidence, Results, Settings
from maillage.pack import Pack
from maillage.publish import named_markets, told_findings
from maillage.publish.actors import refuse_private, too_thin
from maillage.publish.beside import Beside, beside
from maillage.publish.composed import without_composed, without_untold
from maillage.publish.differences import without_differences
from maillage.publish.earlier import Earlier, against_earlier, everybody
from maillage.publish.families import Moved, family_of, moved
from maillage.publish.ladders import ladders, with_rungs
from maillage.publish.listed import alike, places
from maillage.publish.listed_actions import actions, withheld
from maillage.publish.listed_legs import legs_alike
from maillage.publish.listed_scores import scores_alike
from maillage.publish.members import Members
from maillage.publish.quotes import Heard, Said, Used, passed
from maillage.publish.reporting_records import Records, records
from maillage.publish.rules import PERSONAL, Row, Rules, decide, is_public, rules, too_small, unseen, withhold
from maillage.publish.sensitive import held_back, why_few
from maillage.publish.signed import Signed, applied
from maillage.publish.supports import counts, supports
from maillage.publish.suppression import audit, protect
from maillage.publish.together import beside_all
from maillage.publish.told_means import of_enough
from maillage.publish.told_rounds import of_rounds
from maillage.publish.told_routes import reported_before, routes_told

UNSIGNED = Signed()
_TOKEN = object()
NOBODY = Heard()

__all__ = ["Release", "audit", "clear", "protect"]


@dataclass(frozen=True, eq=False)
class Release:
    """What an audience may see. Tables have no `trace` or `counted` outside the team.

    `withheld`: id, reason, rung (id of the coarser number that is published instead, if any). `coarsened`: how many
    numbers are said at a coarser rung or in words. `exceptions`: how many the lead let through. `counts`: id, kind of
    source, for, against (statements), only where that may be said. `supports`: id, public document, whether it agrees.
    `statements`: rows of the observations behind the numbers, team only (else None). `records`: how the study was made.
    `quotes`: by id and language; the id stays in here. `beside`: how far small counts move, contradictions.
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
    coarsened: int
    exceptions: int
    counts: pl.DataFrame
    supports: pl.DataFrame
    public_sources: pl.DataFrame
    places: pl.DataFrame
    zones: pl.DataFrame
    outlines: Mapping[str, BaseGeometry]
    cards: tuple[Card, ...]
    head: str
    date: str
    statements: pl.DataFrame | None
    quotes: Mapping[tuple[str, str], Said]
    records: Records
    beside: Beside
    token: InitVar[object]

    def __post_init__(self, token: object) -> None:
        """Nobody but the gate makes a Release, not even from another one."""
        if token is not _TOKEN:
            raise MaillageError("release_forged")

    def estimate(self, ident: str) -> Mapping[str, Any] | None:
        """The row of one estimate, None where the release has no such id."""
        rows = self.estimates.filter(pl.col("id") == ident)
        return None if rows.is_empty() else rows.row(0, named=True)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the audience sees of the estimates, and what the other tables need to know of the rest.

    `hidden`: ids without a number it may see. `full`: the rows as computed, by id. `findings`: as it may see them.
    `vague`: ids whose words leave open whether anybody said so.
    """

    rows: Mapping[str, Row]
    hidden: frozenset[str]
    full: Mapping[str, Row]
    findings: pl.DataFrame
    vague: frozenset[str]


def clear(
    results: Results, *, audience: str, langs: Sequence[str], exported: bool = False, earlier: Sequence[Earlier] = (),
    signed: Signed = UNSIGNED, quoted: Sequence[Used] = (), heard: Heard = NOBODY,
) -> Release:  # fmt: skip
    """Pass results through the rules of an audience (public, partners, team).

    quoted: what narratives quote; heard: what those words are held against.
    earlier: what went out before, the oldest first. signed: what the lead chose and excepted for this audience.
    exported: for an exchange format, which leaves the study whoever asks for it: levies, legs, routes and control
    below the second level stay even from the team's, and so do the statements.

    Raises MaillageError `audience_unknown`, `consent_missing_release` (a number rests on somebody who refused),
    `measure_unknown_release` (a number of a measure the gate has no rule for), `release_blocked` (a quote).
    """
    evidence = results.evidence
    if audience not in evidence.study.audiences:
        known = ", ".join(evidence.study.audiences)
        raise MaillageError("audience_unknown", exit_code=2, audience=audience, audiences=known)
    _refuse_without_consent(evidence)
    team = audience == "team"
    estimates, tables = results.estimates, (results.findings, results.priorities, results.routes)
    known = rules(evidence, audience)
    if not team:
        refuse_private(estimates, evidence, evidence.study.lead)
        seen = _seen(results, known, earlier, signed)
        listed, few = actions(
            results.priorities, known, evidence, seen.full, hidden=seen.hidden, vague=seen.vague,
            places=places(seen.full, known),
        )  # fmt: skip
        tables = (seen.findings, listed, _routes(results, seen, known, earlier))
        estimates = _shown(estimates, {**seen.rows, **withheld(few, seen.full)})
    elif exported:
        estimates, tables = _within_levels(estimates, tables, known)
    findings, priorities, routes = tables
    informants = {} if team else known.informants
    public = _public(evidence.sources, evidence.observations)
    return Release(
        audience=audience, langs=tuple(langs), settings=evidence.study, pack=evidence.pack, estimates=estimates,
        findings=findings, priorities=priorities, routes=routes,
        withheld=estimates.filter(pl.col("status") == "withheld").select("id", "reason", "rung"),
        coarsened=0 if team else estimates.filter(pl.col("rung").is_not_null() | pl.col("band").is_not_null()).height,
        exceptions=0 if team else len(signed.exceptions.intersection(estimates["id"])),
        counts=counts(results, estimates, informants), supports=supports(results, estimates, public),
        public_sources=public, places=evidence.places, zones=evidence.zones,
        outlines=MappingProxyType(dict(evidence.outlines)), cards=evidence.cards, head=results.head, date=results.date,
        statements=evidence.coded if team and not exported else None,
        quotes=passed(quoted, evidence, heard, audience),
        records=records(evidence, threshold=0 if team else known.threshold),
        beside=beside(results, estimates, findings, informants, inside=team and not exported), token=_TOKEN,
    )  # fmt: skip


def _within_levels(
    estimates: pl.DataFrame, tables: Sequence[pl.DataFrame], known: Rules
) -> tuple[pl.DataFrame, tuple[pl.DataFrame, ...]]:
    """The team's tables without what is never exported."""
    lost = {row["id"] for row in estimates.iter_rows(named=True) if unseen(row, known)}
    findings, priorities, routes = tables
    cited = [[item for item in row or () if item not in lost] for row in priorities["evidence"].to_list()]
    low = [any(too_small(stop, known) for stop in (row["from"], *(row["via"] or ()), row["to"]))
           for row in routes.iter_rows(named=True)]  # fmt: skip
    return estimates.filter(~pl.col("id").is_in(lost)), (
        findings.filter(~pl.col("id").is_in(lost)),
        priorities.with_columns(evidence=pl.Series(cited, dtype=pl.List(pl.String))),
        routes.filter(~pl.Series(low, dtype=pl.Boolean)),
    )


def _refuse_without_consent(evidence: Evidence) -> None:
    """No release at all while somebody who refused, or was not asked for consent, has statements."""
    silent = pl.col("consent").is_null() & pl.col("kind").is_in(sorted(PERSONAL))
    refused = evidence.sources.filter((pl.col("consent") == "none") | silent)["id"].to_list()
    used = evidence.observations.filter(pl.col("source").is_in(refused))
    if used.height:
        raise MaillageError("consent_missing_release", count=used["source"].n_unique())


def _seen(results: Results, known: Rules, earlier: Sequence[Earlier], signed: Signed) -> _Seen:
    """The estimates as the audience may see them."""
    full = {row["id"]: row for row in results.estimates.iter_rows(named=True)}
    since = moved(full, known, everybody(known, full.values()), earlier)
    full |= since.nobody(full)
    pack = results.evidence.pack
    listed = [row for row in full.values() if not unseen(row, known)]
    thin = {row["id"] for row in listed if too_thin(row, known, pack)}
    decided = [_decided(row, known, results.evidence) for row in listed if row["id"] not in thin]
    areas = ladders(results.evidence)
    members = Members.of(results.evidence, areas)
    decided = without_composed(decided, known, full, pack, members.areas.keys())
    decided = of_enough(decided, known, members, full)
    decided = without_differences(decided, known, results.evidence, full, members)
    decided = applied(decided, full, signed)
    decided = against_earlier(decided, known, full, earlier, members, signed.exceptions)
    decided = beside_all(decided, known, results.evidence, full, earlier=earlier, kept=signed.exceptions)
    decided = without_untold(decided, known, full, pack, heard=members.areas.keys(), kept=signed.exceptions)
    # after what the lead signed: no signature lets a thin tie of somebody named out
    decided += [withhold(full[name], why_few(full[name], results.evidence, known)) for name in sorted(thin)]
    decided, legs, reported = legs_alike(decided, known, results.evidence, full, areas, members, since.legs())
    decided = scores_alike(decided, known, results.evidence, full)
    decided = of_rounds(decided, known, results.evidence, full)
    decided, every = alike(decided, known, results.evidence, full, since.gone)
    decided = named_markets.counted(decided, known, results.evidence, full)
    decided = with_rungs(
        decided, {row["id"]: row for row in decided} | legs | every, areas, signed.choices, reported,
        reported_before(full.values(), known, earlier),
    )  # fmt: skip
    rows = {row["id"]: row for row in decided if not _is_new(row, since, known, full)}
    hidden = frozenset(full) - {name for name, row in rows.items() if row["status"] != "withheld"}
    findings = told_findings.told(results.findings, known, results.evidence, rows, full)
    rows = told_findings.with_words(rows, findings, set(results.findings["id"]))
    return _Seen(rows, hidden, full, findings, told_findings.vague(decided))


def _is_new(row: Row, since: Moved, known: Rules, full: Mapping[str, Row]) -> bool:
    """Whether a row is not to be listed yet; public evidence alone gives nobody away."""
    number = full.get(row["id"])
    on_people = number is None or row["status"] == "withheld" or bool(known.behind(number["trace"]))
    return on_people and family_of(row) in since.new


def _shown(estimates: pl.DataFrame, seen: Mapping[str, Row]) -> pl.DataFrame:
    """The rows that are seen in the order of their ids, without who stands behind a number."""
    shown = estimates.drop("trace", "counted").schema
    rows = [seen[name] for name in sorted(seen)]
    return pl.DataFrame({name: [row[name] for row in rows] for name in shown}, schema=shown)


def _decided(row: Row, known: Rules, evidence: Evidence) -> dict[str, Any]:
    return held_back(row, evidence, known.level, known.audience) or decide(row, known)


def _routes(results: Results, seen: _Seen, known: Rules, earlier: Sequence[Earlier]) -> pl.DataFrame:
    """Routes of which every leg may be seen, between places that may be named."""

    def shown(row: Row) -> bool:
        stops = [row["from"], *(row["via"] or []), row["to"]]
        return not seen.hidden & {estimate_id("flows", row["good"], *pair) for pair in pairwise(stops)}

    kept = [entry.row for entry in routes_told(results, known, earlier).values() if shown(entry.row)]
    return pl.DataFrame(kept, schema=results.routes.drop("trace").schema)


def _public(sources: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """Public sources with how many statements rest on each; a cluster shared with an informant is not named."""
    told = observations.group_by("source").len("statements")
    gated = sources.filter(~is_public())
    private = [*gated["id"].to_list(), *gated["cluster"].drop_nulls().to_list()]
    shown = sources.filter(is_public()).join(told, left_on="id", right_on="source", how="left").sort("id")
    shown = shown.with_columns(pl.when(~pl.col("cluster").is_in(private)).then("cluster").alias("cluster"))
    return shown.select("id", "kind", "title", "date", "language", "reliability", "cluster", "locator", "statements")
