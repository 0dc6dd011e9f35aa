"""Which shares of a release must say less because all of them together would give answers of a few people away."""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from maillage.evidence import Evidence
from maillage.publish.rules import (
    ACCUSED_MARGIN,
    MARGIN,
    SMALL,
    Rules,
    in_words,
    is_whole,
    rests_on,
    withhold,
)
from maillage.publish.union_audit import Verdict, settled
from maillage.publish.unknowns import Count, Ways, What

Row = Mapping[str, Any]
OUTSIDERS = ("community", "state")
SAME = {"links_by_class": "links"}
WIDER = {**SAME, "links_about": "links"}
PARTS = ("actor", "other", "market", "answer")


def without_unions(
    shown: Sequence[dict[str, Any]], known: Rules, evidence: Evidence, full: Mapping[str, Row],
    fixed: Sequence[Count] = (), kept: Set[str] = frozenset(),
) -> list[dict[str, Any]]:  # fmt: skip
    """The rows of a release of which, with everything published before, nobody can work an answer out.

    full: the rows as computed, by id. fixed: counts that went out before. kept: ids that the lead lets through. A row
    that repeats an earlier release is what it was; its count as it is now is held back.
    """
    rows = {row["id"]: row for row in shown}
    made = counts({name: row for name, row in rows.items() if not row["released"]}, known, evidence, full)
    stands = [*fixed, *(count for count in made if count.name in kept)]
    open_ = [count for count in made if count.name not in kept]
    for name, verdict in settled(open_, fixed=stands).items():
        rows[name] = _said_less(full[name], verdict)
    return [rows[row["id"]] for row in shown]


def counts(rows: Mapping[str, Row], known: Rules, evidence: Evidence, full: Mapping[str, Row]) -> list[Count]:
    """Every share that rests on people, with what `rows` publish of it; shares that are not in `rows` are held back."""
    order = {name: at for at, name in enumerate(evidence.pack.measures)}
    key = frozenset(evidence.study.key_findings)
    made: list[Count] = []
    for name, row in full.items():
        spoke = _spoke(rests_on(row), known) if row["kind"] == "shares" and row["n"] else {}
        if spoke:
            rank = (name not in key, order.get(row["measure"], len(order)))
            people, said = frozenset(spoke), known.behind(row["counted"])
            count = as_count(row, rows.get(name), known, evidence, people=people, said=said, order=rank)
            made.append(replace(count, spoke=spoke))
    return made


def _spoke(trace: Sequence[str], known: Rules) -> dict[str, frozenset[str]]:
    """By person, the statements behind a share."""
    found: dict[str, set[str]] = {}
    for item in trace:
        if item in known.informants:
            found.setdefault(known.informants[item], set()).add(item)
    return {person: frozenset(said) for person, said in found.items()}


def as_count(
    row: Row, shown: Row | None, known: Rules, evidence: Evidence, *, people: frozenset[str], said: frozenset[str],
    order: tuple[Any, ...] = (),
) -> Count:  # fmt: skip
    """A share as a count of people, with what `shown` publishes of it."""
    margin = ACCUSED_MARGIN if row["measure"] in known.accusing else MARGIN
    strict, n = known.strict(row), len(people)
    least, most = bounds(shown, n=n, margin=margin)
    whole = is_whole(row) or not strict
    open_ways = ways(shown, n=n, margin=margin if strict else 0, whole=whole) if least is not None else ()
    return Count(
        name=row["id"], what=_statement(row), asked=people, said=said, implies=implied(row, evidence),
        least=least, most=most, ways=open_ways, small=SMALL if strict else known.threshold,
        margin=margin if strict else 0, atoms=strict, whole=whole, order=order,
    )  # fmt: skip


def ways(shown: Row | None, *, n: int, margin: int, whole: bool) -> Ways:
    """How a share that is told may be told, the finest first: of each way every answer that could have been given."""
    worded = tuple(dict.fromkeys((words(n, 0), words(n, n))))
    if shown is None or shown["band"] in ("half_or_fewer", "more_than_half"):
        return (worded,)
    ends = [(0, 0), (1, margin - 1)] if whole else [(0, margin - 1)]
    few = [(least, most) for least, most in ends if least <= most] if margin else []
    all_but = [(n - most, n - least) for least, most in reversed(few)]
    return (*few, *((k, k) for k in range(margin, n - margin + 1)), *all_but), worded


def what(row: Row) -> What:
    """The statement that a share counts; shares by class count what those by place count."""
    measure = SAME.get(row["measure"], row["measure"])
    return (measure, *(row[name] for name in PARTS), row["period"])


def _statement(row: Row) -> What:
    """The statement that a share counts, of whatever place and year: what each person spoke of says the rest."""
    return (WIDER.get(row["measure"], row["measure"]), *what(row)[1:-1])


def implied(row: Row, evidence: Evidence) -> tuple[What, ...]:
    """The statements that follow from that of a share: from a pair or a market that of a link, from a part a sum."""
    found: list[What] = []
    base, link = _statement(row), ("links", None, None, None, row["answer"])
    actors = [evidence.pack.attribute("actors", row[name], "class") for name in ("actor", "other")]
    if row["measure"] == "links_by_market" or (row["measure"] == "links_pair" and not set(actors) & set(OUTSIDERS)):
        found.append(link)
    if row["measure"] == "factors":
        sums = evidence.pack.lists.get("factors", {})
        parts = ((code, entry.attributes.get("parts") or ()) for code, entry in sums.items())
        found += [(*base[:4], code) for code, inside in parts if row["answer"] in inside]
    return tuple(found)


def bounds(shown: Row | None, *, n: int, margin: int) -> tuple[int | None, int | None]:
    """The smallest and largest count that a published row leaves, (None, None) where it says nothing."""
    if shown is None or shown["status"] in ("withheld", "not_computable"):
        return None, None
    if shown["k"] is not None:
        return shown["k"], shown["k"]
    most = _half(n)
    found = {
        "few": (0, margin - 1), "all_but_few": (n - margin + 1, n), "half_or_fewer": (0, most),
        "more_than_half": (most + 1, n),
    }  # fmt: skip
    return found.get(str(shown["band"]), (None, None))


def words(n: int, k: int) -> tuple[int, int]:
    """What `more than half` or `half or fewer` of n people leaves open."""
    return (0, _half(n)) if k <= _half(n) else (_half(n) + 1, n)


def _half(n: int) -> int:
    """The largest count that is not more than half after one answer in ten, at least one, is turned round."""
    return min(n, n // 2 + max(1, math.ceil(n / 10)))


def _said_less(row: Row, verdict: Verdict) -> dict[str, Any]:
    return in_words(row) if verdict.form == "words" else withhold(row, "differencing")
