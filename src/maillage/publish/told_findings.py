"""How sure a finding is, as far as an audience may be told: no further than what is published of it.

A word of confidence follows from who said what: beside a count in words it could tell that all said so, or that one
certain kind of source did. Where people stand behind a number, the audience therefore gets what it could work out
itself: the least that the published number, the people it knows to have been asked and the public sources leave,
whoever said what. Judicial cases and documents that are not public do not count for it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import polars as pl

from maillage.certainties import rank
from maillage.certainty import EVIDENCE_KINDS, GOOD_GRADES, Cluster, Clusters, Stance, judge, triangulated
from maillage.estimate import statement_of
from maillage.evidence import Evidence
from maillage.fragility import fragility, would_help
from maillage.pack import Pack
from maillage.publish.rules import ACCUSED_MARGIN, MARGIN, MAYBE_NONE, Rules, is_public, is_whole
from maillage.publish.unions import bounds

Row = Mapping[str, Any]
COUNTS = ("clusters", "for", "against", "mixed", "silent", "agreement", "agreement_share")
JUDGED = ("kinds", "evidence", "triangulated", "fragility", "would_help")
TORN = ("contradiction", "contradiction_status")
OPEN = "open"
HALF = 3, 2  # more than half, as the least it can mean of the fewest: how many were asked is not said
RESPONDENT = "interview"


@dataclass(frozen=True, slots=True)
class Known:
    """What findings are held against: the rules, the numbers as shown and as computed, sources, all by id.

    `spoken`: the statements of public sources.
    """

    rules: Rules
    shown: Mapping[str, Row]
    full: Mapping[str, Row]
    sources: Mapping[str, Row]
    spoken: Mapping[str, Row]
    pack: Pack

    def origin(self, source: str) -> str:
        """The cluster of a source, its own where it has none."""
        return self.sources[source]["cluster"] or source

    def graded(self, source: str) -> bool:
        """Whether it is graded A to C."""
        return self.sources[source]["reliability"] in GOOD_GRADES

    def classes(self, people: Iterable[str]) -> tuple[str, ...]:
        """The classes of people, sorted."""
        groups = {self.sources[person]["stakeholder"] for person in people} - {None}
        return tuple(sorted({str(self.pack.attribute("stakeholders", group, "class") or group) for group in groups}))


def told(
    findings: pl.DataFrame, rules: Rules, evidence: Evidence, shown: Mapping[str, Row], full: Mapping[str, Row]
) -> pl.DataFrame:
    """The table as the audience may see it, without traces.

    shown, full: numbers by id as the audience sees them and as computed.
    """
    public = sorted(evidence.sources.filter(is_public())["id"])
    heard = evidence.coded.filter(pl.col("source").is_in(public)).select("id", "source", "polarity", "stage")
    known = Known(
        rules, shown, full, sources={row["id"]: row for row in evidence.sources.iter_rows(named=True)},
        spoken={row["id"]: row for row in heard.iter_rows(named=True)}, pack=evidence.pack,
    )  # fmt: skip
    rows = [found for row in findings.iter_rows(named=True) if (found := _told(row, known)) is not None]
    return pl.DataFrame(rows, schema=findings.schema).drop("trace", "denied")


def vague(shown: Iterable[Row]) -> frozenset[str]:
    """Numbers of which the words leave open whether anybody said so; that there is a finding would tell.

    Of everybody together none is told as none, so that few are some; of an earlier day it may have been who withdrew.
    """
    return frozenset(row["id"] for row in shown if row["band"] in MAYBE_NONE
                     and (row["released"] or not (row["n"] and is_whole(row))))  # fmt: skip


def with_words(shown: Mapping[str, Row], findings: pl.DataFrame, every: Set[str]) -> dict[str, Row]:
    """The numbers with the confidence of the findings that are told; a published share has that of its statement.

    every: ids of all findings, told or not.
    """
    said = dict(findings.select("id", "confidence").iter_rows())
    names = {ident: statement_of(row) if row["kind"] == "published" else ident for ident, row in shown.items()}
    unsure = vague(row for row in shown.values() if row["released"])  # nobody may say so any more, and it be no finding
    return {
        ident: {**row, "confidence": said.get(names[ident])} if names[ident] in every or ident in unsure else row
        for ident, row in shown.items()
    }


def _told(finding: Row, known: Known) -> Row | None:
    """One finding, None where it may not be told."""
    row, number = known.shown.get(finding["id"]), known.full.get(finding["id"])
    if row is None or number is None or row["status"] == "withheld":
        return None
    rules = known.rules
    people = rules.behind(finding["trace"]) | rules.behind(number["trace"])
    named = {**finding, **({"moved_by": None} if f"source:{finding['moved_by']}" in rules.informants else {})}
    if not people:
        return named
    weighed = None if row["id"] in vague([row]) else _weighed(finding, row, number, known)
    if weighed is None:
        return None
    out = {**named, **dict.fromkeys(COUNTS), "because": "protected", **weighed}
    if is_whole(row) or out["contradiction"]:
        return out
    return {**out, **dict.fromkeys(TORN), "reason": out["reason"] if out["moved_by"] else None}


def _weighed(finding: Row, row: Row, number: Row, known: Known) -> dict[str, Any] | None:
    """What the least that is published is worth, None where nobody need have said so; never more than the finding."""
    if row["released"]:
        return dict.fromkeys([*JUDGED, *TORN]) | {"confidence": row["confidence"]}
    state = _least(row, number, _public(finding, known), known)
    judged = judge(state) if state else None
    if judged is None or judged.word is None:
        return None
    torn = judged.stances["for"] > 0 < judged.stances["against"]
    status = (finding["contradiction_status"] or OPEN) if torn else None
    return ({} if is_whole(row) else {"contradiction": torn, "contradiction_status": status}) | {
        "kinds": list(judged.kinds), "evidence": judged.evidence, "triangulated": triangulated(state),
        "confidence": min(finding["confidence"], judged.word, key=rank), "would_help": would_help(state),
        "fragility": None if row["band"] else fragility(state),
    }  # fmt: skip


def _public(finding: Row, known: Known) -> dict[str, Cluster]:
    """What public sources say of a finding, by cluster: that is not protected."""
    denied, sides = frozenset(finding["denied"] or ()), dict[str, list[Row]]()
    for ident in finding["trace"]:
        if ident in known.spoken:
            spoken = known.spoken[ident]
            sides.setdefault(known.origin(spoken["source"]), []).append(spoken)
    return {origin: _open_cluster(every, denied, known) for origin, every in sides.items()}


def _open_cluster(every: Sequence[Row], denied: Set[str], known: Known) -> Cluster:
    """The cluster of statements of public sources: the stance of most, a tie is mixed."""
    (first, most), *rest = Counter[Stance](_side(spoken, denied) for spoken in every).most_common()
    stance: Stance = "mixed" if rest and rest[0][1] == most else first
    kinds = {EVIDENCE_KINDS[known.sources[spoken["source"]]["kind"]] for spoken in every}
    return Cluster(
        stance, "event" if "event" in kinds else "desk",
        credit=any(known.graded(spoken["source"]) for spoken in every),
        final=any(spoken["stage"] == "final" for spoken in every),
    )  # fmt: skip


def _side(spoken: Row, denied: Set[str]) -> Stance:
    if spoken["polarity"] == "mixed":
        return "mixed"
    return "against" if spoken["id"] in denied else "for"


def _least(row: Row, number: Row, public: Mapping[str, Cluster], known: Known) -> Clusters:
    """What all who speak amount to where those who say so are as alike as can be; nobody asked is taken to deny it.

    People count as graded A to C where most of those asked are. Of a number that is no count, and of more than half of
    few, only how many say so at least is known.
    """
    people = sorted(known.rules.behind(number["trace"]) & known.rules.people)
    credit = 2 * sum(map(known.graded, people)) >= len(people)
    if row["kind"] != "shares" or row["band"] == "more_than_half":
        said, silent = HALF if row["kind"] == "shares" else (known.rules.least(number) if people else 0, 0)
        return _together(public, [()] * said, [()] * silent, credit=credit)
    asked = [person for person in people if known.sources[person]["kind"] == RESPONDENT]
    margin = ACCUSED_MARGIN if number["measure"] in known.rules.accusing else MARGIN
    count = bounds(row, n=len(asked), margin=margin)[0] or int(row["band"] == "few")
    origins: dict[str, list[str]] = {}
    for person in asked:
        origins.setdefault(known.origin(person), []).append(person)
    alone = [people for origin, people in origins.items() if origin not in public]
    forced = _forced(count - len(asked) + sum(map(len, alone)), [len(people) for people in alone])
    classes = [known.classes(people) for people in alone]
    many = Counter(classes)
    classes.sort(key=lambda one: (-many[one], one))
    return _together(public, classes[:forced], classes[forced:], credit=credit)


def _forced(count: int, sizes: Sequence[int]) -> int:
    """How many clusters of these sizes must say so where so many of their people do: half of a cluster may before the
    whole counts for it."""
    left, clusters = count - sum(size // 2 for size in sizes), 0
    for gain in sorted((size - size // 2 for size in sizes), reverse=True):
        if left <= 0:
            break
        left, clusters = left - gain, clusters + 1
    return clusters


def _together(
    public: Mapping[str, Cluster], said: Iterable[tuple[str, ...]], silent: Iterable[tuple[str, ...]], *, credit: bool
) -> Clusters:
    """Public sources and clusters of people of these classes."""
    people = [Cluster("for", "interview", credit, classes=classes) for classes in said]
    rest = [Cluster("silent", "interview", credit, classes=classes) for classes in silent]
    return Counter([*public.values(), *people, *rest])
