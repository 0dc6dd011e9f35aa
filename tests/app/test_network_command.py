"""`maillage network`: each question on a small study, and an actor under two names that counts as one."""

import json
from pathlib import Path

import pytest
from made_study import Command, write

from maillage.verbs.network import QUESTIONS

SAME = """code,name,kind,members,same_as,designation,date
katiba,Katiba X,terrorist_group,many,,UN,2018
brigade,Brigade X,terrorist_group,many,katiba,UN,2018
"""
TIES = """id,source,kind,question,answer,actor,other,period
t1,i1,link,link,cooperation,katiba,smuggler,2019
t2,i2,link,link,competition,brigade,smuggler,2023
t3,d1,link,link,cooperation,smuggler,militia,2023
"""


def asked(say: Command, study: Path, *words: str) -> list[dict[str, object]]:
    done = say("network", *words, "--study", study, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def merged(tmp_path: Path, say: Command, study: Path, table: str = SAME) -> None:
    write(tmp_path, actors=table, ties=TIES)
    assert say("add", tmp_path / "actors.csv", "--as", "actors", "--study", study).code == 0
    assert say("observe", tmp_path / "ties.csv", "--coder", "ana", "--study", study).code == 0


def test_two_names_count_as_one_until_the_table_takes_it_back(tmp_path: Path, say: Command, study: Path) -> None:
    merged(tmp_path, say, study)
    pairs = {(row["actor"], row["other"]) for row in asked(say, study, "ties")}
    assert ("katiba", "smuggler") in pairs
    assert not any("brigade" in pair for pair in pairs)
    steps = [
        (row["strength"], row["weakest"], row["statements"]) for row in asked(say, study, "paths", "katiba", "militia")
    ]
    assert steps == [(2, 1, ["t1", "t2"]), (1, 1, ["t3"])]
    log = "".join(path.read_text("utf-8") for path in (study / "log").glob("*.jsonl"))
    assert "brigade" in log  # the log keeps what was entered
    write(tmp_path, actors=SAME.replace("many,katiba", "many,"))
    assert say("add", tmp_path / "actors.csv", "--as", "actors", "--study", study).code == 0
    assert ("brigade", "smuggler") in {(row["actor"], row["other"]) for row in asked(say, study, "ties")}


@pytest.mark.parametrize("wrong", ["nobody", "brigade", "terrorist_group"])
def test_a_merger_that_cannot_be_is_named(tmp_path: Path, say: Command, study: Path, wrong: str) -> None:
    write(tmp_path, actors=SAME.replace("many,katiba", f"many,{wrong}"))
    done = say("add", tmp_path / "actors.csv", "--as", "actors", "--study", study, "--json")
    assert (done.code, [item["code"] for item in json.loads(done.out)]) == (1, ["actor_same"])


def test_every_question_has_an_answer(tmp_path: Path, say: Command, study: Path) -> None:
    merged(tmp_path, say, study)
    words = {"ego": ["smuggler"], "paths": ["katiba", "militia"], "changes": ["2019", "2023"]}
    for question, (count, _) in QUESTIONS.items():
        given = words.get(question, [])
        assert len(given) == count
        assert asked(say, study, question, *given), question
    first = asked(say, study, "brokers")[0]
    assert (first["actor"], first["rank"], first["source_high"]) == ("smuggler", 1, 1)
    text = say("network", "changes", "2019", "2023", "--study", study).out
    assert "katiba | smuggler | turned | cooperation | competition | 1 | 1" in text


@pytest.mark.parametrize(("words", "code"), [(["gossip"], "network_question"), (["ego"], "network_words"),
                                              (["ego", "nobody"], "network_actor")])  # fmt: skip
def test_what_cannot_be_answered_is_refused(study: Path, say: Command, words: list[str], code: str) -> None:
    done = say("network", *words, "--study", study, "--json")
    assert done.code == 2
    assert json.loads(done.out)[0]["code"] == code


def test_a_market_or_an_area_without_ties_says_so(study: Path, say: Command) -> None:
    assert asked(say, study, "ties", "--market", "gold") == []
    assert "No tie" in say("network", "ties", "--place", "ML08", "--study", study, "--lang", "en").out
