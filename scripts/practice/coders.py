"""What three coders make of it: who codes what, where each of them errs, and what arbitration settles."""

from collections.abc import Mapping, Sequence

from practice.chance import Chance
from practice.said import Row
from practice.world import CODERS, DOUBLE_CODED, LINKS

STATUS = ("not_asked", "no_answer", "denied", "not_observed")
SCALES = {"severity": ("1", "2", "3", "4", "5"), "state_presence_level": ("1", "2", "3", "4", "5"),
          "trend": ("down", "stable", "up")}  # fmt: skip
CATEGORIES = {"link": LINKS, "presence": ("present", "absent")}
FIRST, SECOND, THIRD = CODERS
REASON = "read again together: what the passage says"


def assignments(sources: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Who codes which source: the first coder all; of the interviews the second two thirds, the third two thirds,
    blind, so that every interview is coded at least twice."""
    rows: list[dict[str, str]] = []
    for number, source in enumerate(sources):
        if source["consent"] == "none":
            continue
        rows.append({"source": source["id"], "coder": FIRST, "blind": "no", "done": "yes"})
        if source["kind"] == "interview":
            blind = [SECOND, THIRD] if number % 3 == 2 else [(SECOND, THIRD)[number % 3]]
            rows += [{"source": source["id"], "coder": coder, "blind": "yes", "done": "yes"} for coder in blind]
    return rows


def coded(seed: int, said: Sequence[Row], who: Sequence[Mapping[str, str]]) -> dict[str, list[Row]]:
    """Each coder's rows. Each code of theirs is wrong with their stated rate, apart from all others.

    The first coder codes every question, the others those of `DOUBLE_CODED`. Why there is no answer is never mistaken.
    """
    wanted = {(row["source"], row["coder"]) for row in who}
    found: dict[str, list[Row]] = {}
    for coder, rate in CODERS.items():
        chance = Chance(seed, f"coder/{coder}")
        rows: list[Row] = []
        for row in said:
            slips, which = chance.share() < rate, chance.share()
            if (row["source"], coder) not in wanted or not (coder == FIRST or row["question"] in DOUBLE_CODED):
                continue
            answer = mistaken(row, which) if slips and errs(row) else row["answer"]
            rows.append(row | {"id": coder[0] + row["id"][1:], "answer": answer})
        found[coder] = rows
    return found


def errs(row: Row) -> bool:
    """Whether a coder can get this wrong: a code of a question that is coded twice, in an interview."""
    return row["source"].startswith("I") and row["question"] in DOUBLE_CODED and row["answer"] not in STATUS


def mistaken(row: Row, which: float) -> str:
    """Another answer: any other category, or on a scale one step off. `which`: 0 to 1, chooses."""
    question, answer = row["question"], row["answer"]
    if question in CATEGORIES:
        others = [name for name in CATEGORIES[question] if name != answer]
        return others[int(which * len(others))]
    scale = SCALES[question]
    near = [scale[place] for place in (scale.index(answer) - 1, scale.index(answer) + 1) if 0 <= place < len(scale)]
    return near[int(which * len(near))]


def decisions(said: Sequence[Row], by_coder: Mapping[str, Sequence[Row]]) -> list[dict[str, str]]:
    """Arbitration of every question of a source on which any coder differs: the observations that count.

    For each statement the row of the first coder who got it right; of the first coder where nobody did.
    """
    rows = {coder: {row["id"][1:]: row for row in told} for coder, told in by_coder.items()}
    found: list[dict[str, str]] = []
    for source, question, market in dict.fromkeys((row["source"], row["question"], row["market"]) for row in said):
        same = [row for row in said if (row["source"], row["question"], row["market"]) == (source, question, market)]
        given = {
            row["id"]: [rows[coder][row["id"][1:]] for coder in CODERS if row["id"][1:] in rows[coder]] for row in same
        }
        if all(len({each["answer"] for each in told}) < 2 for told in given.values()):
            continue
        counts = [
            next((e for e in given[row["id"]] if e["answer"] == row["answer"]), given[row["id"]][0]) for row in same
        ]
        found.append({"source": source, "question": question, "market": market,
                      "observations": ";".join(row["id"] for row in counts), "reason": REASON})  # fmt: skip
    return found


def arbitrated(by_coder: Mapping[str, Sequence[Row]], settled: Sequence[Mapping[str, str]]) -> list[Row]:
    """The rows that count after arbitration: those the decisions name, elsewhere those of the first coder."""
    every = {row["id"]: row for rows in by_coder.values() for row in rows}
    decided = {(item["source"], item["question"], item["market"]) for item in settled}
    rows = [row for row in by_coder[FIRST] if (row["source"], row["question"], row["market"]) not in decided]
    return rows + [every[name] for item in settled for name in item["observations"].split(";")]
