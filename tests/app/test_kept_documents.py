"""Documents in clear: the text and its original are both kept, and no original is ever lost."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from made_study import Command

from maillage.errors import MaillageError
from maillage.study import log
from maillage.verbs import add as verb


def originals(study: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in (study / "documents" / "original").iterdir())


def codes(say: Command, *words: object) -> list[str]:
    return [item["code"] for item in json.loads(say(*words, "--json").out)]


def test_a_new_version_leaves_the_original_of_the_old_one(study: Path, say: Command) -> None:
    for folder, text in (("a", "Première version.\r\n"), ("b", "Deuxième version.\n"), ("c", "Première version.\r\n")):
        file = study.parent / folder / "report.txt"
        file.parent.mkdir()
        file.write_bytes(text.encode())
        assert say("add", file, "--study", study).code == 0
        assert (study / "documents" / "report.txt").read_text("utf-8") == text.replace("\r\n", "\n")
    assert originals(study) == ["Deuxième version.\n".encode(), "Première version.\r\n".encode()]
    assert say("verify", study).code == 0


def test_an_original_that_was_edited_or_is_gone_is_found(study: Path, say: Command) -> None:
    file = study.parent / "report.txt"
    file.write_text("Ils ont payé.\n", "utf-8")
    assert say("add", file, "--study", study).code == 0
    kept = study / "documents" / "original" / "report.txt"
    kept.write_text("Ils n'ont pas payé.\n", "utf-8")
    assert codes(say, "verify", study) == ["document_changed"]
    kept.unlink()
    assert codes(say, "verify", study) == ["document_changed"]


def test_a_text_that_is_gone_comes_back_when_it_is_added_again(study: Path, say: Command) -> None:
    file = study.parent / "report.txt"
    file.write_text("Ils ont payé.\n", "utf-8")
    assert say("add", file, "--study", study).code == 0
    (study / "documents" / "report.txt").unlink()
    assert codes(say, "verify", study) == ["document_changed"]
    assert say("add", file, "--study", study).code == 0
    assert say("verify", study).code == 0


def test_nothing_is_kept_of_a_document_that_the_log_does_not_take(
    study: Path, say: Command, hash_of: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = study.parent / "report.txt"
    file.write_text("Ils ont payé.\n", "utf-8")
    assert say("add", file, "--study", study).code == 0
    before = hash_of(study)
    file.write_text("Ils ont tout payé.\n", "utf-8")

    def refuse(*_: object) -> None:
        raise MaillageError("log_locked", file="ana.jsonl")

    monkeypatch.setattr(log, "append", refuse)
    with pytest.raises(MaillageError):
        verb.add(study, file, verb.Request())
    assert hash_of(study) == before


def test_a_text_with_coded_passages_is_not_replaced(study: Path, say: Command, hash_of: Callable[[Path], str]) -> None:
    file = study.parent / "report.txt"
    file.write_text("Ils ont payé.\n", "utf-8")
    assert say("add", file, "--study", study).code == 0
    rows = study.parent / "rows.csv"
    rows.write_text("id,source,kind,question,answer,start,end\np1,report,link,link,cooperation,0,3\n", "utf-8")
    assert say("observe", rows, "--coder", "ana", "--study", study).code == 0
    before = hash_of(study)
    file.write_text("Autre chose.\n", "utf-8")
    assert codes(say, "add", file, "--study", study) == ["document_coded"]
    assert hash_of(study) == before


def test_the_log_holds_the_hash_of_the_original(study: Path, say: Command) -> None:
    file = study.parent / "report.txt"
    file.write_bytes(b"Un.\r\nDeux.\r\n")
    assert say("add", file, "--study", study).code == 0
    (path,) = (study / "log").glob("*.jsonl")
    entry = next(item.data for item in log.read(path).entries if item.data.get("id") == "report")
    assert entry["original_sha256"] == hashlib.sha256(b"Un.\r\nDeux.\r\n").hexdigest()
    assert entry["sha256"] == hashlib.sha256(b"Un.\nDeux.\n").hexdigest()
