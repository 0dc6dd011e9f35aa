"""How sure each statement is, worked out plainly: origins for and against, evidence, agreement, the word."""

from collections.abc import Mapping, Sequence

from practice.said import Row
from practice.world import CLASSES, areas

KINDS = {"interview": "interview", "focus_group": "interview", "expert_meeting": "interview", "judicial": "judicial",
         "document": "desk"}  # fmt: skip
DIRECT = ("judicial", "interview", "desk")
WORDS = ("very_low", "low", "medium", "high", "very_high")
FLIPPED = {"for": "against", "against": "silent", "mixed": "mixed"}
Origin = dict[str, object]


def word(ident: str, rows: Sequence[Row], known: Mapping[str, Mapping[str, str]]) -> str | None:
    """The word of `links/P/TYPE` or `markets/P/MARKET`; None for other numbers and where nobody says it."""
    measure, area, name = ident.split("/")
    if measure not in ("links", "markets"):
        return None
    question = "link" if measure == "links" else "presence"
    near = [row for row in rows if row["question"] == question and row["kind"] != "share"
            and (measure == "links" or row["market"] == name)
            and row["answer"] not in ("not_asked", "no_answer")
            and area in areas(row["place"] or known[row["source"]]["place"])]  # fmt: skip
    heard: dict[str, list[tuple[Row, str]]] = {}
    for row in near:
        origin = known[row["source"]]["cluster"] or row["source"]
        heard.setdefault(origin, []).append((row, stance(row, measure, name)))
    origins = [found for said in heard.values() if (found := _origin(said, known))]
    if not any(origin["stance"] in ("for", "mixed") for origin in origins):
        return None
    return _word(origins)


def stance(row: Row, measure: str, name: str) -> str:
    """for, against, mixed or silent on a type of link or a market."""
    plain = {"": "for", "present": "for", "absent": "against", "mixed": "mixed"}[row["polarity"]]
    if row["modality"] == "hypothesised":
        return "silent"
    if row["answer"] == "denied":
        return "against"
    if row["answer"] == "not_observed":
        return "silent"
    if measure == "markets":
        return FLIPPED[plain] if row["answer"] == "absent" else plain
    return plain if row["answer"] == name and "community" not in (row["actor"], row["other"]) else "silent"


def _origin(said: Sequence[tuple[Row, str]], known: Mapping[str, Mapping[str, str]]) -> Origin | None:
    """What one origin says; papers cannot be silent."""
    sides = [(row, side) for row, side in said if side != "silent"]
    who = [row for row, _ in sides or said]
    kinds = {KINDS[known[row["source"]]["kind"]] for row in who}
    if not sides and kinds == {"desk"}:
        return None
    counts = {side: sum(each == side for _, each in sides) for side in ("for", "against", "mixed")}
    most = [side for side, count in counts.items() if count == max(counts.values())]
    kind = next(name for name in DIRECT if name in kinds)
    people = {CLASSES[known[row["source"]]["stakeholder"]][0] for row in who if kind == "interview"
              and known[row["source"]]["stakeholder"]}  # fmt: skip
    return {
        "stance": "silent" if not sides else most[0] if len(most) == 1 else "mixed",
        "kind": kind,
        "good": any(known[row["source"]]["reliability"] in ("A", "B", "C") for row in who),
        "final": any(row["stage"] == "final" for row, _ in sides),
        "people": people,
    }


def _word(origins: Sequence[Origin]) -> str:
    sides = [origin for origin in origins if origin["stance"] != "silent"]
    kinds = {origin["kind"] for origin in sides}
    evidence = _evidence(sides, len(kinds))
    if all(origin["kind"] == "desk" for origin in origins):
        return "low" if evidence == "limited" else "medium"
    halves = sum({"for": 2, "mixed": 1}.get(str(origin["stance"]), 0) for origin in origins)
    share = halves / (2 * len(origins))
    agreement = 2 if share >= 0.8 and len(origins) >= 3 else 1 if share >= 0.6 else 0
    step = ("limited", "medium", "robust").index(evidence) + agreement
    return WORDS[min(step, 2) if len(kinds) == 1 else step]


def _evidence(sides: Sequence[Origin], kinds: int) -> str:
    final = any(origin["final"] for origin in sides)
    if len(sides) == 1:
        return "medium" if final else "limited"
    if kinds == 1 and not final and not any(origin["good"] for origin in sides):
        return "limited"
    people: set[object] = set()
    for origin in sides:
        if origin["kind"] == "interview":
            people |= origin["people"]  # type: ignore[operator]
    papers = [origin for origin in sides if origin["kind"] != "interview"]
    return "robust" if _broad(sides) and (len(people) >= 2 or _broad(papers)) else "medium"


def _broad(sides: Sequence[Origin]) -> bool:
    good = sum(bool(origin["good"]) for origin in sides)
    return len(sides) >= 4 and len({origin["kind"] for origin in sides}) >= 2 and 2 * good >= len(sides)
