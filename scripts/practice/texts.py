"""Transcripts and papers in which every statement stands at a known place, and texts of any length for measuring."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from practice.chance import Chance
from practice.phrases import ABSENT, FIRMNESS, HEADS, MIXED, PLACE, QUESTIONS, SENTENCES, TALK, WORDS
from practice.said import Row
from practice.world import ABROAD, DISTRICTS, REGIONS

PASSAGES = ("id", "coder", "source", "start", "end", "code", "sha256")
SPEAKING = ("interview", "focus_group", "expert_meeting")
NAMES = {**{code: (name, name) for code, (name, *_) in DISTRICTS.items()}, **ABROAD,
         **{code: (name, name) for code, name in REGIONS.items()}}  # fmt: skip


class Told(NamedTuple):
    """A text, and for each statement (by id) where its words stand and where its whole turn does (code points)."""

    text: str
    words: Mapping[str, tuple[int, int]]
    turns: Mapping[str, tuple[int, int]]


def transcript(seed: int, source: Mapping[str, str], said: Sequence[Row]) -> Told:
    """The text of one source with all its statements."""
    chance, lang = Chance(seed, f"text/{source['id']}"), int(source["language"] == "en")
    head = HEADS[source["kind"]][lang].format(id=source["id"], title=source["title"])
    parts = [head, "\n", PLACE[lang].format(place=NAMES[source["place"]][lang]), "\n\n"]
    words: dict[str, tuple[int, int]] = {}
    turns: dict[str, tuple[int, int]] = {}
    asked = ""
    for row in said:
        topic = "item" if row["kind"] == "item" and row["question"] not in QUESTIONS else row["question"]
        if source["kind"] == "interview" and topic in QUESTIONS and topic != asked:
            parts += ["Q. ", QUESTIONS[topic][lang], "\n"]
            asked = topic
        talk = [line[lang] for line in chance.shuffled(TALK)[: chance.between(0, 4)]]
        before, after = [f"{line} " for line in talk[::2]], [f" {line}" for line in talk[1::2]]
        start = sum(map(len, parts))
        parts += [("R. " if lang == 0 else "A. ") if source["kind"] in SPEAKING else "", *before]
        place, sentence = sum(map(len, parts)), said_in_words(row, lang, chance)
        parts += [sentence, *after]
        words[row["id"]], turns[row["id"]] = (place, place + len(sentence)), (start, sum(map(len, parts)))
        parts.append("\n\n")
    return Told("".join(parts), words, turns)


def said_in_words(row: Row, lang: int, chance: Chance) -> str:
    """One statement as a sentence."""
    question, answer = row["question"], row["answer"]
    if row["coerced"]:
        answer = "coerced"
    key = f"{question}/{answer}" if row["kind"] != "share" and f"{question}/{answer}" in SENTENCES else row["kind"]
    key = key if key in SENTENCES else question
    about = WORDS.get(answer, WORDS.get(row["good"] or row["market"], ("", "")))[lang]
    if row["kind"] in ("market", "flow", "levy") and question != "trend":
        about = WORDS[row["good"] or row["market"]][lang]
    way = [NAMES[code][lang] for code in (row["from_place"], *row["via"].split(";"), row["to_place"]) if code]
    if row["low"]:
        amount = f"de {row['low']} à {row['high']} XOF" if lang == 0 else f"{row['low']} to {row['high']} XOF"
    else:
        amount = f"{row['central']} XOF"
    filled = chance.one(SENTENCES[key][lang]).format(
        a=WORDS.get(row["actor"], ("", ""))[lang], b=WORDS.get(row["other"], ("", ""))[lang],
        A=capital(WORDS.get(row["actor"], ("", ""))[lang]), m=about, M=capital(about),
        n=about if question == "trend" else answer, x=amount if row["kind"] == "levy" else row["low"], y=row["high"],
        base=WORDS.get(row["base"], ("", ""))[lang] if row["base"] != row["per"] else "", per=WORDS.get(row["per"], ("", ""))[lang],
        p=(" par " if lang == 0 else " by ").join(way[:-1]) + (" vers " if lang == 0 else " to ") + way[-1] if way else "",
    )  # fmt: skip
    elsewhere = f"{'À' if lang == 0 else 'In'} {NAMES[row['place']][lang]} : " if row["place"] else ""
    doubt = ABSENT[lang][0] if row["polarity"] == "absent" else MIXED[lang][0] if row["polarity"] == "mixed" else ""
    filled = " ".join(filled.split())
    doubt = doubt.format(a=WORDS.get(row["actor"], ("", ""))[lang], b=WORDS.get(row["other"], ("", ""))[lang])
    return elsewhere + FIRMNESS.get(row["modality"], ("", ""))[lang] + doubt + filled


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def passages(told: Mapping[str, Told], rows: Sequence[Row], coder: str, *, whole_turns: bool) -> list[dict[str, str]]:
    """Where a coder marked each of their statements: the words alone, or the whole turn of speech."""
    found: list[dict[str, str]] = []
    for row in rows:
        one = told[row["source"]]
        start, end = (one.turns if whole_turns else one.words)["k" + row["id"][1:]]
        digest = hashlib.sha256(one.text.encode()).hexdigest()
        found.append({"id": f"p{row['id']}", "coder": coder, "source": row["source"], "start": str(start), "end": str(end),
                      "code": row["question"], "sha256": digest})  # fmt: skip
    return found


def long_text(chance: Chance, size: int) -> str:
    """A text of exactly `size` code points of talk in both languages, a line each few sentences."""
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(chance.one(TALK)[len(parts) % 2] + ("\n" if len(parts) % 5 == 4 else " "))
        length += len(parts[-1])
    return "".join(parts)[:size]
