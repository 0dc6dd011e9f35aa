"""Bad input: every finding at once with file, row, column and remedy; nothing written; exit 1; never a traceback."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_study import SOURCES, Command, write

from maillage.app.options import show_problem
from maillage.study.entries import canonical

HEAD = "id,source,kind,question,answer,actor,other,place,period,low,high,currency,unit,base,per,meaning,market"
BAD = """
b1,i1,link,link,cooporation,terrorist_group,smuggler,Gao,2024,,,,,,,,
b2,i1,link,link,cooperation,terrorist_group,smuggler,Tombouctoo,2024,,,,,,,,
b3,i9,link,link,cooperation,terrorist_group,smuggler,Gao,2024,,,,,,,,
b4,i1,levy,levy,forced_zakat,terrorist_group,,Gao,2024,9000,5000,XOF,,miner,week,spread,gold
b5,i1,link,link,cooperation,terrorist_group,smuggler,Gao,2024-02-30,,,,,,,,
b6,i1,levy,levy,forced_zakat,terrorist_group,,Gao,2024,10,20,XOF,bushels,miner,week,spread,gold
b1,i1,link,link,denied,,,Gao,2024,,,,,,,,
b7,i1,link,link,denied,,,Gao
b8,,link,link,denied,,,Gao,2024,,,,,,,,
b9,i1,levy,levy,forced_zakat,terrorist_group,,Gao,2024,many,20,XOF,,miner,week,spread,gold
b10,i1,link,link,cooperation,terrorist_group,smuggler,Gao,2024,,,,,,,,
"""
EXPECTED = [
    ("code_unknown", 2, 1, "answer"), ("place_unknown", 3, 2, "place"), ("source_missing", 4, 3, "source"),
    ("bounds_order", 5, 4, "low"), ("period_unreadable", 6, 5, "period"), ("unit_unknown", 7, 6, "unit"),
    ("id_twice", 8, 7, "id"), ("row_ragged", 9, 8, None), ("value_missing", 10, 9, "source"),
    ("number_unreadable", 11, 10, "low"),
]  # fmt: skip

Hash = Callable[[Path], str]


def findings(say: Command, *words: object) -> list[dict[str, Any]]:
    done = say(*words, "--json")
    assert done.code == 1
    return json.loads(done.out)


def test_everything_wrong_with_a_file_is_said_at_once(study: Path, say: Command, hash_of: Hash) -> None:
    write(study.parent, bad=HEAD + BAD)
    before = hash_of(study)
    found = findings(say, "observe", study.parent / "bad.csv", "--coder", "ana", "--study", study)
    assert [(item["code"], item["line"], item["row"], item["field"]) for item in found] == EXPECTED
    assert {item["file"] for item in found} == {"bad.csv"}
    assert all(item["message"] and item["remedy"] for item in found)
    assert hash_of(study) == before


def test_a_wrong_encoding_does_not_hide_the_rest(study: Path, say: Command, hash_of: Hash) -> None:
    text = (HEAD + BAD).replace("b10,i1,link,link,cooperation", "b10,i1,link,link,coopération")
    (study.parent / "bad.csv").write_bytes(text.encode("latin-1"))
    before = hash_of(study)
    found = findings(say, "observe", study.parent / "bad.csv", "--coder", "ana", "--study", study)
    assert ("encoding", 12, 11, "answer") in [
        (item["code"], item["line"], item["row"], item["field"]) for item in found
    ]
    assert {item[0] for item in EXPECTED} <= {item["code"] for item in found}
    assert hash_of(study) == before


def test_in_french_as_well(study: Path, say: Command) -> None:
    write(study.parent, bad=HEAD + BAD)
    words = ("observe", study.parent / "bad.csv", "--coder", "ana", "--study", study)
    english, french = (findings(say, *words, "--lang", lang) for lang in ("en", "fr"))
    assert [item["code"] for item in english] == [item["code"] for item in french]
    pairs = list(zip(english, french, strict=True))
    assert all(a["message"] != b["message"] and a["remedy"] != b["remedy"] for a, b in pairs)
    said = say(*words, "--lang", "fr").out
    assert "bad.csv:3:place: erreur [place_unknown] « Tombouctoo » n'est pas un lieu de cette étude." in said
    assert said.endswith("bad.csv : rien n'a été saisi.\n")


def test_bad_sources_are_not_entered(study: Path, say: Command, hash_of: Hash) -> None:
    more = """i7,interwiew,Gao,2024-13,nobody,maybe,Z
i8,interview,Nowhere,2024,transporter,anonymous,B
i8,interview,Gao,2024,,,
"""
    write(study.parent, bad=SOURCES + more)
    before = hash_of(study)
    found = findings(say, "add", study.parent / "bad.csv", "--as", "sources", "--study", study)
    placed = {(item["row"], item["field"]) for item in found}
    assert placed >= {(4, name) for name in ("kind", "date", "stakeholder", "consent", "reliability")} | {
        (5, "place"),
        (6, "id"),
    }
    assert hash_of(study) == before


def test_a_label_written_instead_of_its_code_leads_to_the_code(study: Path, say: Command) -> None:
    write(study.parent, words="id,kind,stakeholder,place,consent\ni8,entretien,Société civile,Gao,anonymous\n")
    found = findings(say, "add", study.parent / "words.csv", "--as", "sources", "--study", study)
    nearest = {item["field"]: item["remedy"] for item in found}
    assert nearest["kind"].startswith("Nearest: interview")
    assert nearest["stakeholder"].startswith("Nearest: civil_society")


@pytest.mark.parametrize(("kind", "text"), [
    ("places", "code,name,level\nML99,,admin1\nML99,Gao,planet\n"),
    ("zones", "zone,place\nnorth,Nowhere\n"),
    ("plan", "place,stakeholder,planned\nGao,nobody,many\n"),
    ("indicators", "place,indicator,period,value,unit,source\nNowhere,population,2018,many,people,x\n"),
    ("events", "id,date,place,deaths\ne1,2024-02-30,Gao,many\n"),
])  # fmt: skip
def test_a_table_that_is_wrong_is_not_copied(study: Path, say: Command, hash_of: Hash, kind: str, text: str) -> None:
    write(study.parent, bad=text)
    before = hash_of(study)
    found = findings(say, "add", study.parent / "bad.csv", "--as", kind, "--study", study)
    assert {item["file"] for item in found} == {"bad.csv"}
    assert any(item["row"] for item in found)
    assert hash_of(study) == before


BYTES = {
    "empty": b"", "blank": b" \n \n", "nul": b"id,source\n\0\0", "random": bytes(range(256)) * 20,
    "utf16": "id,source\n1,2\n".encode("utf-16"), "quote": b'id,source,kind,question,answer\n"b1,i1\n',
    "header only": b"id,source,kind,question,answer\n",
    "repeated": b"id,source,source,kind,question\nb,i1,i1,link,link\n",
    "unnamed": b"id,source,,kind,question\nb,i1,i1,link,link\n",
    "wide": b",".join(b"c%d" % i for i in range(2000)) + b"\n",
    "long cell": b"id,source,kind,question,answer\nb1,i1,link,link," + b"x" * 200_000 + b"\n",
    "unknown column": b"id,source,kind,question,answer,colour\nb1,i1,link,link,denied,red\n",
    "formula": b"id,source,kind,question,answer\nb1,i1,link,link,=cmd()\n", "zip": b"PK\x03\x04" + b"\0" * 40,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BYTES))
def test_files_that_are_no_tables(study: Path, say: Command, hash_of: Hash, name: str) -> None:
    file = study.parent / "odd.csv"
    file.write_bytes(BYTES[name])
    before = hash_of(study)
    for words in (("observe", file, "--coder", "ana"), ("add", file, "--as", "sources"), ("add", file)):
        found = findings(say, *words, "--study", study)
        assert found
        assert all(item["file"] == "odd.csv" and item["remedy"] for item in found)
    assert hash_of(study) == before


def test_a_folder_or_nothing_instead_of_a_file(study: Path, say: Command) -> None:
    for file in (study, study / "nowhere.csv"):
        assert [i["code"] for i in findings(say, "observe", file, "--coder", "ana", "--study", study)] == [
            "file_missing"
        ]
        assert [i["code"] for i in findings(say, "add", file, "--study", study)] == ["file_missing"]


# --- a study that is broken ----------------------------------------------------------------------------------

EVERY = (("check",), ("run",), ("trace", "links/ML07/cooperation"), ("verify",), ("export", "csv", "--out", "x"))


@pytest.mark.parametrize("text", [
    "id: [broken\n", "- a\n", "", "id: s\n", "{}",
    "id: s\ntitle: t\nlanguages: [en]\npack: nexus\ncoders: [1, {a: b}]\n",
    "id: s\ntitle: {en: 3}\nlanguages: [[en]]\npack: nexus\ncoders: [ana]\n",
    "id: s\ntitle: t\nlanguages: [en]\npack: nexus\ncoders: [ana]\nzones: {north: 3}\npublished_samples: {d1: many}\n",
    "id: s\ntitle: t\nlanguages: [en]\npack: nexus\ncoders: [ana]\naudiences: {public: {threshold: 1}}\n",
    "id: s\ntitle: t\nlanguages: [en]\npack: nope\ncoders: [ana]\n",
    "id: s\ntitle: t\nlanguages: [en]\npack: ../../etc\ncoders: [ana]\n",
    "id: s\ntitle: t\nlanguages: [en]\npack: nexus\ncoders: [../x]\nperiod: soon\n",
    "id: s\ntitle: t\nlanguages: [de]\npack: nexus\ncoders: [ana]\n",
    "id: s\ntitle: t\nlanguages: [en]\npack: nexus\ncoders: [ana]\nkey_findings: [3]\n",
    "id: s\ntitle: t\nlanguages: [en]\npack: nexus\ncoders: [ana]\nzones: {n: {places: x, label: 3}}\n",
])  # fmt: skip
def test_settings_that_are_wrong(study: Path, say: Command, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(study)
    (study / "study.yml").write_text(text, "utf-8")
    for words in EVERY:
        done = say(*words, "--json")
        assert done.code == 1
        assert all(item["message"] and item["remedy"] for item in json.loads(done.out))
    assert not (study / "x").exists()


def test_settings_that_are_no_text(study: Path, say: Command) -> None:
    (study / "study.yml").write_bytes(b"id: \xff\xfe")
    assert [item["code"] for item in findings(say, "check", "--study", study)] == ["settings_encoding"]


def test_a_damaged_log_stops_everything_and_is_left_as_it_is(
    study: Path, say: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(study)
    (log,) = (study / "log").glob("*.jsonl")
    sound = log.read_bytes()
    lines = sound.splitlines(keepends=True)
    for broken in (
        sound.replace(b"i1", b"i9", 1),
        b"\x80\x81" + sound,
        b"".join(lines[:2] + lines[3:]),
        b"[]\n" + sound,
    ):
        log.write_bytes(broken)
        files = ("observe", study.parent / "statements.csv", "--coder", "ana"), ("add", study.parent / "sources.csv")
        for words in (*EVERY, *files):
            codes = [item["code"] for item in findings(say, *words)]
            assert codes == ["log_damaged"]
        assert log.read_bytes() == broken


def test_a_line_with_a_float_stops_everything(study: Path, say: Command) -> None:
    (path,) = (study / "log").glob("*.jsonl")
    last = json.loads(path.read_bytes().splitlines()[-1])
    made = {"v": 1, "seq": last["seq"] + 1, "prev": last["h"], "at": last["at"], "by": "ana", "op": "assert",
            "kind": "observation", "id": "0" * 32, "data": {"source": "i1", "low": 1.5}}  # fmt: skip
    body = canonical(made)
    path.write_bytes(path.read_bytes() + canonical(made | {"h": hashlib.sha256(body).hexdigest()}) + b"\n")
    for words in (("check", "--study", study), ("verify", study), ("run", "--study", study)):
        assert [item["code"] for item in findings(say, *words)] == ["log_damaged"]


def test_an_unfinished_line_is_only_a_warning(study: Path, say: Command) -> None:
    (log,) = (study / "log").glob("*.jsonl")
    log.write_bytes(log.read_bytes() + b'{"v":1,"seq"')
    done = say("check", "--study", study, "--json")
    assert (done.code, [item["code"] for item in json.loads(done.out)]) == (0, ["log_torn"])


def test_folders_that_are_gone(study: Path, say: Command) -> None:
    shutil.rmtree(study / "narrative")
    assert say("check", "--study", study).code == 0
    shutil.rmtree(study / "tables")
    assert {item["code"] for item in findings(say, "check", "--study", study)} >= {"place_unknown_here"}
    shutil.rmtree(study / "log")
    assert "log_gone" in say("check", "--study", study).out
    assert say("check", "--trust-this-copy", "--study", study).code == 0


def test_a_table_that_was_edited_by_hand_is_found(study: Path, say: Command) -> None:
    table = study / "tables" / "places.csv"
    table.write_text(table.read_text("utf-8").replace("Kidal", "Kidall"), "utf-8")
    assert "card_hash" in [item["code"] for item in findings(say, "check", "--study", study)]
    assert [item["code"] for item in findings(say, "verify", study)] == ["card_hash"]


def test_a_document_that_was_edited_is_found(study: Path, say: Command) -> None:
    text = study.parent / "report.txt"
    text.write_text("Ils ont payé à Ségou.\n", "utf-8")
    assert say("add", text, "--study", study).code == 0
    assert say("verify", study).code == 0
    (study / "documents" / "report.txt").write_text("Ils n'ont rien payé.\n", "utf-8")
    (found,) = findings(say, "verify", study)
    assert (found["code"], found["file"]) == ("document_changed", "documents/report.txt")


def test_a_narrative_that_is_wrong(study: Path, say: Command) -> None:
    (study / "narrative" / "en.md").write_text("# Evidence {#evidence}\n\n39 people. {{ links/XX/nothing }}\n", "utf-8")
    found = findings(say, "check", "--study", study)
    assert {(item["code"], item["line"]) for item in found} == {("digit_typed", 3), ("reference_unknown", 3)}
    (study / "narrative" / "en.md").write_text("# Links {#links}\n\n{{ links/ALL/cooperatoin | words }}\n", "utf-8")
    (found,) = findings(say, "check", "--study", study)
    assert "links/ALL/cooperation" in found["remedy"]
    (study / "narrative" / "en.md").write_bytes(b"\xff\xfe\x00")
    assert "narrative_encoding" in [item["code"] for item in findings(say, "check", "--study", study)]


def test_the_details_of_a_fault_quote_nobody(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILLAGE_DEBUG", raising=False)
    with pytest.raises(ValueError, match="Aicha Maiga") as caught:
        int(" ".join(["Aicha", "Maiga"]))
    assert show_problem(caught.value, "en") == 1
    named = Path(capsys.readouterr().err.strip().rpartition("details: ")[2])
    told = named.read_text("utf-8")
    named.unlink()
    assert told.startswith("ValueError\n")
    assert "test_bad_input.py" in told
    assert "Aicha Maiga" not in told
