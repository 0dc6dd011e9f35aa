"""What must come out, counted here once more and plainly, from the statements and not by the program."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from practice.assessed import ITEMS, ROUNDS, round_of
from practice.confidence import word
from practice.people import plan
from practice.said import FLOWS, LEVIES, PAYERS, Row
from practice.world import LINKS, MARKETS, UNUSED_LINK, areas, groups

OUTSIDERS = ("community",)
PRESENCE = "state_presence_level"
TREND = {"down": -1, "stable": 0, "up": 1}
Found = dict[str, Any]
Sources = Mapping[str, Mapping[str, str]]


def answers(row: Row) -> bool:
    """Whether a statement answers its question; a denial does."""
    return row["answer"] not in ("not_asked", "no_answer")


def says(row: Row, name: str) -> bool:
    """Whether it says `name`, as present and not as a mere guess."""
    return row["answer"] == name and row["polarity"] in ("", "present") and row["modality"] != "hypothesised"


def tie(row: Row) -> bool:
    """Whether it is about armed and criminal actors only."""
    return row["actor"] not in OUTSIDERS and row["other"] not in OUTSIDERS


def counted(rows: Sequence[Row], sources: Sequence[Mapping[str, str]], seed: int) -> list[Found]:
    """Estimates by id: k, n, value, low, high, confidence; what an estimate does not have is absent."""
    known = {source["id"]: source for source in sources}
    rows = [row for row in rows if row["source"] in known and row["kind"] != "share"]
    heard = [row for row in rows if known[row["source"]]["kind"] == "interview" and answers(row)]
    here = _by_area(heard, known)
    found: list[Found] = []
    for area, said in sorted(here.items()):
        links = [row for row in said if row["question"] == "link"]
        if links:
            found += [_share("links", area, name, links, lambda row, name=name: tie(row) and says(row, name))
                      for name in (*LINKS, UNUSED_LINK)]  # fmt: skip
            found.append(_share("coercion", area, "terrorist_group", links, lambda row: row["coerced"] == "yes"))
        for market in MARKETS:
            found += _market(area, market, [row for row in said if row["market"] == market])
        for question, measure in (("factor", "factors"), ("need", "needs")):
            told = [row for row in said if row["question"] == question]
            names = sorted({row["answer"] for row in heard if row["question"] == question})
            found += [
                _share(measure, area, name, told, lambda row, name=name: says(row, name)) for name in names if told
            ]
        for item in (PRESENCE, *ITEMS):
            found += _item(area, item, said, known)
    with_words = [item | {"confidence": word(item["id"], rows, known)} for item in found]
    return [*with_words, *levies(known), *flows(known), *sample(sources, seed)]


def _by_area(rows: Sequence[Row], known: Sources) -> dict[str, list[Row]]:
    """Statements by the areas that hold both the place spoken of and the place of the interview."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        home = known[row["source"]]["place"]
        for area in areas(row["place"] or home):
            if area in areas(home):
                found.setdefault(area, []).append(row)
    return found


def _share(measure: str, area: str, name: str, rows: Sequence[Row], fits: Callable[[Row], bool]) -> Found:
    k, n = len({row["source"] for row in rows if fits(row)}), len({row["source"] for row in rows})
    return {"id": f"{measure}/{area}/{name}", "k": k, "n": n, "value": k / n}


def _market(area: str, market: str, rows: Sequence[Row]) -> Iterator[Found]:
    asked = [row for row in rows if row["question"] == "presence"]
    if asked:
        yield _share("markets", area, market, asked, lambda row: says(row, "present"))
    yield from _scores("severity", area, market, rows, "severity")
    yield from _scores("trend", area, market, rows, "trend")


def _scores(measure: str, area: str, name: str, rows: Sequence[Row], question: str) -> Iterator[Found]:
    points = [TREND.get(row["answer"]) if question == "trend" else int(row["answer"])
              for row in rows if row["question"] == question]  # fmt: skip
    if points:
        yield {"id": f"{measure}/{area}/{name}", "n": len(points), "value": sum(points) / len(points),
               "low": min(points), "high": max(points)}  # fmt: skip


def _item(area: str, item: str, rows: Sequence[Row], known: Sources) -> Iterator[Found]:
    """The levels of all rounds together, and of each."""
    yield from _scores("items", area, item, rows, item)
    for name in ROUNDS:
        of_round = [row for row in rows if round_of(known[row["source"]]["date"]) == name]
        yield from ({**one, "id": f"{one['id']}@{name}"} for one in _scores("items", area, item, of_round, item))


def levies(known: Sources) -> Iterator[Found]:
    """The planted ranges, for the district and everything above; and the one total that can be computed."""
    for levy in LEVIES:
        who = [name for name in levy["who"] if name in known]
        if not who:
            continue
        name = levy["market"] or "levies"
        whole = len(who) == len(levy["who"])
        for area in areas(levy["place"]):
            item: Found = {"id": f"levies/{area}/{name}/{levy['base']}/{levy['per']}", "n": len(who)}
            yield item | ({"low": levy["low"], "high": levy["high"]} if whole else {})
        if levy["place"] == PAYERS["place"] and name == PAYERS["market"] and whole:
            yield {"id": f"levy_totals/{levy['place']}/{name}", "low": levy["low"] * PAYERS["low"],
                   "high": levy["high"] * PAYERS["high"]}  # fmt: skip


def flows(known: Sources) -> Iterator[Found]:
    """How many sources name each planted leg."""
    legs: dict[tuple[str, str, str], set[str]] = {}
    for good, way, who in FLOWS:
        for start, end in pairwise(way):
            legs.setdefault((good, start, end), set()).update(name for name in who if name in known)
    for (good, start, end), who in sorted(legs.items()):
        if who:
            yield {"id": f"flows/{good}/{start}/{end}", "k": len(who), "value": len(who)}


def sample(sources: Sequence[Mapping[str, str]], seed: int) -> Iterator[Found]:
    """Who was heard and who was to be, by area and group of people."""
    done: dict[tuple[str, str], int] = {}
    for source in sources:
        for area in areas(source["place"]) if source["kind"] == "interview" else ():
            for group in (*groups(source["stakeholder"]), *(["ALL"] if area == "ALL" else [])):
                done[area, group] = done.get((area, group), 0) + (source["consent"] != "none")
    for row in plan(seed):
        for area in areas(row["place"]):
            for group in groups(row["stakeholder"]):
                done.setdefault((area, group), 0)
    for (area, group), n in sorted(done.items()):
        yield {"id": f"sample/{area}/{group}", "n": n, "value": n}
