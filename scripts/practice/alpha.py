"""Krippendorff's alpha written out from its definition, and what the stated error rates let one expect of it."""

from collections.abc import Iterator, Mapping, Sequence

from practice.coders import CATEGORIES, SCALES, errs
from practice.said import Row
from practice.world import CODERS, DOUBLE_CODED

ORDERED = tuple(SCALES)


def units(question: str, by_coder: Mapping[str, Sequence[Row]], homes: Mapping[str, str]) -> list[dict[str, str]]:
    """For each thing that can be coded on a question: coder -> code."""
    found: dict[tuple[str, ...], dict[str, set[str]]] = {}
    for coder, rows in by_coder.items():
        for row in rows:
            if row["question"] != question or row["kind"] == "share":
                continue
            actors = sorted((row["actor"], row["other"])) if row["kind"] == "link" else [row["actor"], row["other"]]
            unit = (row["source"], row["place"] or homes[row["source"]], row["market"], *actors)
            code = row["answer"] if row["polarity"] in ("", "present") else f"{row['answer']}:{row['polarity']}"
            found.setdefault(unit, {}).setdefault(coder, set()).add(code)
    return [{coder: ";".join(sorted(codes)) for coder, codes in unit.items()} for unit in found.values()]


def alpha(coded: Sequence[Mapping[str, str]], question: str) -> float:
    """1 - observed / expected disagreement, pair by pair; on a scale the squared number of codes between two."""
    kept = [list(unit.values()) for unit in coded if len(unit) > 1]
    every = [code for unit in kept for code in unit]
    costs = _costs(every, question)
    observed = sum(costs[a, b] / (len(unit) - 1) for unit in kept for a, b in _pairs(unit)) / len(every)
    expected = sum(costs[a, b] for a, b in _pairs(every)) / (len(every) * (len(every) - 1))
    return 1 - observed / expected


def _pairs(codes: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((a, b) for i, a in enumerate(codes) for j, b in enumerate(codes) if i != j)


def _costs(every: Sequence[str], question: str) -> dict[tuple[str, str], float]:
    order = [code for code in SCALES.get(question, sorted(set(every))) if code in every]
    often = {code: every.count(code) for code in order}
    found: dict[tuple[str, str], float] = {}
    for i, a in enumerate(order):
        for j, b in enumerate(order):
            between = sum(often[code] for code in order[min(i, j) : max(i, j) + 1]) - (often[a] + often[b]) / 2
            found[a, b] = float(a != b) if question not in ORDERED else 0.0 if i == j else between**2
    return found


def agreement(by_coder: Mapping[str, Sequence[Row]], homes: Mapping[str, str]) -> list[dict[str, object]]:
    """Estimates `agreement/QUESTION`: k units on which all coders say the same, of n coded by two or more."""
    found: list[dict[str, object]] = []
    for question in DOUBLE_CODED:
        twice = [unit for unit in units(question, by_coder, homes) if len(unit) > 1]
        same = sum(len(set(unit.values())) == 1 for unit in twice)
        found.append({"id": f"agreement/{question}", "k": same, "n": len(twice), "value": alpha(twice, question)})
    return found


def expected_alpha(question: str, said: Sequence[Row], who: Sequence[Mapping[str, str]]) -> float:
    """Alpha as the error rates alone let one expect it, for a question without order.

    Two coders with error rates e and f agree on one of q categories with (1 - e)(1 - f) + e f / (q - 1); how often each
    category is used follows from the true codes, thinned by the errors. What cannot be mistaken always agrees.
    """
    q = len(CATEGORIES[question])
    teams: dict[str, list[str]] = {}
    for row in who:
        teams.setdefault(row["source"], []).append(row["coder"])
    used: dict[str, float] = {}
    apart = total = 0.0
    for row in said:
        team = [coder for coder in teams[row["source"]] if row["question"] == question]
        if len(team) < 2:
            continue
        mark = "" if row["polarity"] in ("", "present") else f":{row['polarity']}"
        total += len(team)
        for coder in team:
            e = CODERS[coder] if errs(row) else 0.0
            used[row["answer"] + mark] = used.get(row["answer"] + mark, 0) + 1 - e
            for name in CATEGORIES[question] if errs(row) else ():
                if name != row["answer"]:
                    used[name + mark] = used.get(name + mark, 0) + e / (q - 1)
        if errs(row):
            pairs = [(CODERS[a], CODERS[b]) for a in team for b in team if a != b]
            apart += sum(1 - (1 - e) * (1 - f) - e * f / (q - 1) for e, f in pairs) / (len(team) - 1)
    chance = 1 - sum((count / total) ** 2 for count in used.values())
    return 1 - (apart / total) / (chance * total / (total - 1))
