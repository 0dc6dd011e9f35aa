"""A made coding project of any size, the same each time: French-like interviews, nested codes, three coders, memos."""

import random

from maillage.exchange import Project, table

SYLLABLES = (
    "ba be bi bo ca ce co da de di do é è fa fi ga go ja ka ki la le li lo ma mé mi mo na né no pa ré sa té ou ü"
)
DAY = "2024-05-02T08:{:02d}:00Z"


def made_project(documents: int, characters: int, codings: int, *, codes: int = 200, seed: int = 4) -> Project:
    """A project with about `characters` characters over `documents` texts and exactly `codings` codings.

    One text in ten holds emoji; passages overlap; one passage in five carries a note; guids are random but seeded.
    """
    chance = random.Random(seed)
    guid = lambda: _guid(chance)  # noqa: E731
    users = [(guid(), f"coder {n}") for n in range(3)]
    tree = [(guid(), f"code {n % 40}", None, "#3366cc", f"what code {n} means", True) for n in range(codes)]
    tree = [(*row[:2], tree[n // 8][0] if n >= 8 else None, *row[3:]) for n, row in enumerate(tree)]
    words = ["".join(chance.choices(SYLLABLES.split(), k=chance.randint(1, 4))) for _ in range(2_000)]
    sources, passages = [], []
    for number in range(documents):
        text = _text(chance, words, characters // documents, emoji=number % 10 == 0)
        name = guid()
        sources.append((name, f"Entretien {number:04d}", "text", text, "", users[number % 3][0], DAY.format(0)))
        for turn in range(number, codings, documents):
            start = chance.randrange(len(text) - 400)
            user, code = users[turn % 3][0], tree[chance.randrange(codes)][0]
            note = "à revoir avec l'équipe" if turn % 5 == 0 else ""
            end = start + chance.randint(5, 400)
            passages.append((guid(), guid(), name, start, end, code, user, DAY.format(turn % 60), note))
    memos = [
        (guid(), f"memo {n}", f"ce que dit l'entretien {n}", [row[0]], users[0][0], DAY.format(1))
        for n, row in enumerate(sources)
    ]
    return Project(
        name="bench",
        users=table("users", users),
        codes=table("codes", tree),
        sources=table("sources", sources),
        passages=table("passages", passages),
        notes=table("notes", memos),
    )


def _guid(chance: random.Random) -> str:
    text = f"{chance.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _text(chance: random.Random, words: list[str], size: int, *, emoji: bool) -> str:
    drawn = chance.choices(words, k=size // 6 + 1)
    for place in range(11, len(drawn), 12):
        drawn[place] += ".\n" if place % 5 else ".\n\n"
    if emoji:
        drawn[5] += " 🙂"
    text = " ".join(drawn)
    return (text * (1 + size // max(len(text), 1)))[:size]
