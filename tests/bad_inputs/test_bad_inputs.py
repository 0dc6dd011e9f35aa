"""Every case of the corpus through the command line, in both languages: a coded word, nothing written, soon, in
little room."""

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from bad import FILE, READ, ROWS, TOLD, Bad
from bad_vaults import VAULTS
from corpus import CORPUS
from desk import Desk
from served import Called, Server

MOST_SECONDS, MOST_KB = 5, 400_000
CACHED = re.compile(r"[0-9a-f]{64}")
Hash = Callable[[Path], str]


def findings(done: Called) -> list[dict[str, object]]:
    """What a command said with --json; nothing of a traceback in it."""
    for odd in ("Traceback", "inside maillage", "dans maillage"):
        assert odd not in done.out + done.err, done.err
    assert done.seconds < 2 * MOST_SECONDS, "twice the goal: other tests run beside this one"
    assert done.kb < MOST_KB
    said = json.loads(done.out) if done.out.startswith("[") else []
    assert all(item["code"] and item["message"] and item["remedy"] for item in said)
    return said


def left_behind(desk: Desk) -> list[str]:
    """Files of the folders in which a program leaves what it could not finish."""
    folders = (desk.tmp, desk.folder / "config", desk.folder / "in")
    lost = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    kept = [path for path in Path(os.environ["MAILLAGE_CACHE"]).rglob("*") if path.is_file()]
    lost += [path for path in kept if not CACHED.fullmatch(path.name)]
    return sorted(str(path) for path in lost if path.name != "trusted-heads.json")


def once(desk: Desk, words: Sequence[str]) -> tuple[Called, list[dict[str, object]]]:
    """A call in French and what it found."""
    done = desk.say(*words, "--json", "--lang", "fr")
    return done, findings(done)


def both(desk: Desk, words: Sequence[str]) -> tuple[Called, list[dict[str, object]]]:
    """The same call in English and in French: the same codes, other sentences."""
    done = desk.say(*words, "--json", "--lang", "en")
    english = findings(done)
    again, french = once(desk, words)
    assert (again.code, [item["code"] for item in french]) == (done.code, [item["code"] for item in english])
    for one, other in zip(english, french, strict=True):
        assert one["message"] != other["message"], one["code"]
        assert one["remedy"] != other["remedy"], one["code"]
    return done, english


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize("name", CORPUS)
def test_a_case_of_the_corpus(name: str, server: Server, models: Path, tmp_path: Path, hash_of: Hash) -> None:
    case = CORPUS[name]
    model = models / "vault" / "s" if case in VAULTS.values() else models / "s"
    desk = Desk(server, tmp_path, model)
    file = case.make(tmp_path / "in", desk.study)
    facts = {"file": str(file), "study": str(desk.study), "folder": str(tmp_path / "in")}
    if case.kind in (READ, TOLD):
        _is_read(case, desk, [word.format(**facts) for word in case.words])
        return
    before, left = hash_of(desk.study), left_behind(desk)
    for words in (case.words, *case.more):
        said = [word.format(**facts) for word in words]
        done, found = both(desk, said) if words == case.words else once(desk, said)
        assert done.code == 1, (words, done.err)
        assert found, words
        if words == case.words:
            assert set(case.codes) <= {item["code"] for item in found}, found
            assert case.kind != ROWS or all(item["line"] or item["row"] or item["field"] for item in found)
            assert case.kind != FILE or not any(item["row"] for item in found), found
        assert hash_of(desk.study) == before, words
        assert left_behind(desk) == left, words


def _is_read(case: Bad, desk: Desk, words: Sequence[str]) -> None:
    done, found = once(desk, words)
    assert done.code == 0, done.out + done.err
    assert set(case.codes) <= {item["code"] for item in found}, found
    assert case.kind == TOLD or not found
    assert not list(desk.tmp.iterdir())
    if case.proof:
        case.proof(desk.study)
