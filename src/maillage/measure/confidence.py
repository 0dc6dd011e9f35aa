"""Findings: for each statement the clusters for and against, evidence, agreement, the word and why, how fragile it is.

Evidence on a place is everything said about it, by whoever, wherever interviewed. Published shares are no evidence
(the statement beside them is), hypotheses are neither for nor against.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import polars as pl

from maillage import tables
from maillage.certainty import GRADED, WORDS, Judged, Stance, judge, triangulated
from maillage.estimate import UNSTATED, statement_of
from maillage.evidence import Evidence
from maillage.fragility import fragility, would_help
from maillage.measure.clusters import clusters
from maillage.measure.respondents import ALL, Statement, areas, statements
from maillage.measure.rules import POLARITY, RULES, Frame, Key, frame

# measure -> kind of observation, and the column that says what it is about
TOLD = {"levies": ("levy", "market"), "flows": ("flow", "good"), "figures": ("figure", "answer"),
        "responses": ("response", "answer")}  # fmt: skip
APART = "contradiction"  # reason of a figure whose published values do not meet
SAME = ("market", "good", "base", "per")
AFFIRMING = ("for", "mixed")  # what at least one statement must be, for a cluster to say it

Heard = list[tuple[Statement, Stance]]
Near = tuple[Statement, frozenset[Key] | None]  # a statement, and what it can be for or against (`Rule.names`)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything said, by question (and by kind, as `kind:KIND`) and area it is about."""

    said: Mapping[tuple[str, str], list[Statement]]
    by_id: Mapping[str, Statement]
    frame: Frame
    _near: dict[tuple[str, str | None, Key], list[Near]] = field(default_factory=dict, repr=False)

    def about(self, question: str, place: str | None) -> list[Statement]:
        """What is said on a question about an area."""
        return self.said.get((question, ALL if place in (None, UNSTATED) else place), [])

    def near(self, measure: str, place: str | None, base: Key) -> list[Near]:
        """What is said about an area that enters one denominator of a measure, asked once for all its keys."""
        slot = (measure, place, base)
        if slot not in self._near:
            rule = RULES[measure]
            every = (each for each in self.about(rule.question, place) if rule.base(each) == base)
            self._near[slot] = [(each, rule.names(each, self.frame)) for each in every]
        return self._near[slot]


def findings(evidence: Evidence, estimates: pl.DataFrame) -> pl.DataFrame:
    """The table `findings`: one row for each estimate of these measures that at least one cluster says, or half says.

    estimates: table `estimates` of all measures. A review that contests a finding and says
    why moves its word one step down.
    """
    case = case_of(evidence)
    reviews, settled = _reviews(evidence), settlements(evidence)
    wanted = estimates.filter(pl.col("measure").is_in(GRADED) & ~pl.col("id").str.contains("@", literal=True))
    rows = (_finding(item, heard_on(item, case), reviews, settled) for item in wanted.sort("id").iter_rows(named=True))
    return tables.build([item for item in rows if item is not None], "findings")


def with_confidence(estimates: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """`estimates` with the word of each finding in its column; a published share carries that of its statement."""
    words = dict(found.select("id", "confidence").iter_rows())
    columns = estimates.select("id", "measure", "place", "market", "answer", "confidence").iter_rows(named=True)
    return estimates.with_columns(confidence=pl.Series([_word_of(item, words) for item in columns], dtype=pl.String()))


def _word_of(item: Mapping[str, Any], words: Mapping[str, str]) -> str | None:
    ident = item["id"]
    if item["measure"] == "published":
        ident = statement_of(item)
    return words.get(ident, item["confidence"])


@lru_cache(maxsize=2)
def case_of(evidence: Evidence) -> Case:
    """Substantive statements where findings look for them; a flow is about where it starts."""
    where = areas(evidence)
    said: dict[tuple[str, str], list[Statement]] = {}
    every = statements(evidence)
    for item in every:
        start = item.fields["from_place"] if item.fields["kind"] == "flow" else None
        near = dict.fromkeys((*where.of(item.place), *(where.of(start) if start else ())))
        for area in near if item.substantive else ():
            said.setdefault((item.question, area), []).append(item)
            said.setdefault((f"kind:{item.fields['kind']}", area), []).append(item)
    return Case(said, {item.id: item for item in every}, frame(evidence))


def heard_on(item: Mapping[str, Any], case: Case) -> Heard:
    """Every substantive statement on the question of an estimate about its place, with its stance."""
    if item["measure"] in RULES:
        rule = RULES[item["measure"]]
        key = tuple(item[part] for part in rule.parts)
        near = case.near(item["measure"], item["place"], key[:1] if rule.per_market else ())
        return [
            (each, rule.stance(each, key, case.frame) if keys is None or key in keys else "silent")
            for each, keys in near
        ]
    kind, what = TOLD[item["measure"]]
    behind = {ident: case.by_id[ident] for ident in item["trace"] if ident in case.by_id}
    near = [each for each in case.about(f"kind:{kind}", item["place"]) if _same(each, item, what)]
    every = behind | {each.id: each for each in near}
    return [(each, _told(each, item, behind)) for _, each in sorted(every.items())]


def _same(each: Statement, item: Mapping[str, Any], what: str) -> bool:
    """Whether a statement speaks of the same market, good or thing; a blank one or a denial does."""
    given = each.fields[what]
    return each.answer == "denied" or given is None or given == item[what]


def _told(each: Statement, item: Mapping[str, Any], behind: Mapping[str, Statement]) -> Stance:
    """Stance of a statement on a levy, leg, figure or response: behind it, denying it, or on something else."""
    if each.hypothesised:
        return "silent"
    if each.id in behind:
        return POLARITY[each.polarity]
    denies = each.answer == "denied" or each.polarity == "absent"
    alike = all(each.fields[name] in (None, item[name]) for name in SAME)
    ends = each.fields["to_place"] in (None, item["to"])
    return "against" if denies and alike and ends else "silent"


def _reviews(evidence: Evidence) -> dict[str, dict[str, Any]]:
    """The weightiest review of each finding: contest before nuance before confirm, then by id."""
    weight = {"contest": 0, "nuance": 1, "confirm": 2}
    rows = evidence.observations.filter((pl.col("kind") == "review") & pl.col("finding").is_not_null())
    ordered = sorted(rows.iter_rows(named=True), key=lambda item: (weight.get(item["answer"], 3), item["id"]))
    found: dict[str, dict[str, Any]] = {}
    for item in ordered:
        found.setdefault(item["finding"], item)
    return found


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a review with a reason makes of a contradiction: explained (nuance) or set_aside (confirm)."""

    status: str
    by: str
    reason: str


def settlements(evidence: Evidence) -> dict[str, Settlement]:
    """By finding, the first review that explains its contradiction, else the first that sets it aside."""
    words = {"nuance": "explained", "confirm": "set_aside"}
    rows = evidence.observations.filter(
        (pl.col("kind") == "review") & pl.col("finding").is_not_null() & pl.col("answer").is_in(sorted(words))
        & (pl.col("reason").fill_null("").str.strip_chars() != "")
    )  # fmt: skip
    ordered = sorted(rows.iter_rows(named=True), key=lambda item: (item["answer"] != "nuance", item["id"]))
    found: dict[str, Settlement] = {}
    for item in ordered:
        settled = Settlement(words[item["answer"]], item["group"] or item["source"], item["reason"])
        found.setdefault(item["finding"], settled)
    return found


def _finding(
    item: Mapping[str, Any], heard: Heard, reviews: Mapping[str, Mapping[str, Any]], settled: Mapping[str, Settlement]
) -> dict[str, Any] | None:
    if not any(stance in AFFIRMING for _, stance in heard):
        return None
    told = clusters(heard)
    judged = judge(told)
    computed = judged.word
    if computed is None:
        return None
    stances = judged.stances
    review = reviews.get(item["id"])
    moved = review is not None and bool(review["reason"]) and review["answer"] == "contest" and computed != WORDS[0]
    contradiction = item["reason"] == APART or min(stances["for"], stances["against"]) > 0
    settlement = settled.get(item["id"]) if contradiction else None
    return {
        "id": item["id"],
        "measure": item["measure"],
        "place": item["place"],
        "clusters": judged.sides,
        "kinds": list(judged.kinds),
        "evidence": judged.evidence,
        "agreement": judged.agreement,
        "agreement_share": judged.share,
        "confidence": WORDS[WORDS.index(computed) - 1] if moved else computed,
        "for": stances["for"],
        "against": stances["against"],
        "mixed": stances["mixed"],
        "silent": stances["silent"],
        "contradiction": contradiction,
        "contradiction_status": (settlement.status if settlement else "open") if contradiction else None,
        "triangulated": triangulated(told),
        "because": because(judged),
        "moved_by": review["group"] or review["source"] if moved and review else None,
        "reason": review["reason"] if review and moved else settlement.reason if settlement else None,
        "fragility": fragility(told),
        "would_help": would_help(told),
        "trace": sorted(each.id for each, stance in heard if stance != "silent"),
        "denied": sorted(each.id for each, stance in heard if stance == "against"),
    }


def because(judged: Judged) -> str:
    """Why the word is what it is, as a code of phrases/measure.yml (`because_CODE`; its facts are the columns)."""
    level, agreed = judged.evidence, judged.agreement
    if judged.sides == 1:
        return "one_final" if judged.final else f"one_{judged.kinds[0]}"
    if agreed == "not_assessable":
        return "documents_weak" if level == "limited" else "documents_only"
    if agreed == "low":
        return "disputed" if judged.stances["against"] else "few_say_so"
    if level == "limited":
        return "weak_grades"
    if len(judged.kinds) == 1:
        return "one_kind"
    return {"medium": "few_clusters" if judged.sides < 4 else "not_robust", "robust": "robust"}[level]
