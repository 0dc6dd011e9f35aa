"""`maillage vault erase` destroys for good: it asks for a yes, also where the vault is open."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from maillage.study import age, log
from maillage.study.folder import open_study
from maillage.study.log import Draft
from maillage.study.vault import read_known
from maillage.verbs import vault

SETTINGS = """
id: practice
title: {en: Practice, fr: Exercice}
languages: [fr, en]
pack: nexus
coders: [ana, bo]
synthetic: true
"""
ERASE = ("vault", "erase", "I01", "--why", "asked to be left out", "--coder", "ana")


class Terminal(io.StringIO):
    """What somebody types at a screen."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault that is open (its passphrase is not asked for), one informant and one statement of theirs."""
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("MAILLAGE_PASSPHRASE", "quatre mots sans aucun rapport")
    folder = tmp_path / "practice"
    folder.mkdir()
    (folder / "study.yml").write_text(SETTINGS, "utf-8")
    vault.key(str)
    vault.create(folder, [f"bo={age.make()[1]}"], "ana")
    opened = vault.opened(open_study(folder), "ana", str)
    vault.vault.informants(opened, "ana", ["I01"])
    said = {"source": "I01", "kind": "factor", "question": "factor", "answer": "isolation", "id": "o1"}
    drafts = [Draft("assert", "source", {"id": "I01", "kind": "interview", "consent": "anonymous"}),
              Draft("assert", "observation", said)]  # fmt: skip
    log.append(opened.study, "ana", drafts)
    return folder


def erased(study: Path) -> frozenset[str]:
    return frozenset(read_known(study).erased)


@pytest.mark.parametrize(("lang", "question", "kept"), [
    ("en", "1 statement(s)? Nobody can bring them back. [y/N]", "Nothing was erased."),
    ("fr", "1 énoncé(s) ? Personne ne pourra les rétablir. [o/N]", "Rien n'a été effacé."),
])  # fmt: skip
def test_on_a_terminal_a_yes_is_asked_for(
    study: Path, say: Callable, monkeypatch: pytest.MonkeyPatch, lang: str, question: str, kept: str
) -> None:
    for answer, gone in (("", False), ("n\n", False), ("I01\n", False), ("oui\n", True)):
        monkeypatch.setattr("sys.stdin", Terminal(answer))
        done = say(*ERASE, "--study", study, "--lang", lang)
        assert question in done.err.replace("\u00a0", " ").replace("\u202f", " ")
        assert (done.code, kept in done.out.replace("\u2019", "'")) == (1 - gone, not gone), answer
        assert erased(study) == ({"I01"} if gone else set())


def test_where_nobody_sits_a_yes_must_be_said_beforehand(
    study: Path, say: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = say(*ERASE, "--study", study)
    assert (refused.code, "nobody was there to say yes" in refused.err) == (1, True)
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    at = ("--study", study, "--json")
    assert json.loads(say(*ERASE, *at).out)[0]["code"] == "erasure_unasked", "a program is not asked"
    assert erased(study) == set()
    assert say(*ERASE, *at, "--yes").code == 0
    assert erased(study) == {"I01"}


def test_whom_the_vault_does_not_know_nobody_is_asked_about(study: Path, say: Callable) -> None:
    words = ("vault", "erase", "I99", "--why", "asked", "--coder", "ana", "--study", study, "--json")
    assert json.loads(say(*words).out)[0]["code"] == "source_no_key"
