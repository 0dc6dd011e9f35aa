"""A coding project of any size with the talk of the practice study: what large studies cost is measured on it."""

from pathlib import Path

from maillage.exchange import Project, table
from maillage.publish.refi import project_file
from practice.chance import Chance
from practice.texts import long_text
from practice.world import CODERS

DAY = "2024-05-02T08:00:00Z"
CODES = 200
LONGEST = 300


def project(documents: int, characters: int, codings: int, seed: int) -> Project:
    """`documents` texts of together `characters` code points and exactly `codings` codings by the three coders."""
    chance = Chance(seed, "big")
    users = [(_guid(chance), coder) for coder in CODERS]
    codes = [(_guid(chance), f"code {n}", None, "#3366cc", "", True) for n in range(CODES)]
    size, more = divmod(characters, documents)
    sources = [
        (_guid(chance), f"I{n:04}", "text", long_text(chance, size + (n < more)), "", users[0][0], DAY)
        for n in range(documents)
    ]
    passages = []
    for turn in range(codings):
        source = sources[turn % documents]
        start = chance.between(0, max(len(source[3]) - 2, 0))
        end = min(start + chance.between(1, LONGEST), len(source[3]))
        code, user = chance.one(codes)[0], chance.one(users)[0]
        passages.append((_guid(chance), None, source[0], start, end, code, user, DAY, ""))
    return Project(
        name="practice",
        users=table("users", users),
        codes=table("codes", codes),
        sources=table("sources", sources),
        passages=table("passages", passages),
    )


def _guid(chance: Chance) -> str:
    text = "".join(f"{chance.between(0, 2**32 - 1):08x}" for _ in range(4))
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def write(file: Path, content: Project) -> None:
    """The project as a .qdpx file."""
    raw, _ = project_file(content)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(raw)
