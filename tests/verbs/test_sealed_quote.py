"""A quote in a sealed study, from the proposal to the public report: on no disk in clear before a release prints it."""

import shutil
from pathlib import Path

import pytest

from folders import STUDIES
from maillage.errors import MaillageError
from maillage.study import age, vault
from maillage.study.folder import open_study
from maillage.verbs import opening
from maillage.verbs.opening import unlocked, whole
from maillage.verbs.quoting import approve, propose
from maillage.verbs.release import release

SAID = {"en": "They take a share of what people earn.", "fr": "Ils prennent une part de ce que gagnent les gens."}


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """The practice study, sealed, with a vault; the secret that opens it."""
    made = shutil.copytree(STUDIES / "practice", tmp_path / "study")
    settings = made / "study.yml"
    settings.write_text(settings.read_text("utf-8").replace("sealed: none", "sealed: informants"), "utf-8")
    for lang in ("en", "fr"):
        text = made / "narrative" / f"{lang}.md"
        text.write_text(text.read_text("utf-8") + '\n\n{{ quote("q1") }}\n', "utf-8")
    secret, public = age.make()
    monkeypatch.setattr(opening.holder, "held", lambda: secret)
    vault.create(open_study(made), "kori", {"kori": public, "lune": age.make()[1]})
    known = whole(unlocked(made)).sources
    people = known.filter((known["kind"] == "interview") & (known["consent"] != "none"))["id"].to_list()
    vault.informants(vault.unlock(unlocked(made), secret, coder="kori"), "kori", people)
    return made, people[0]


def in_clear(folder: Path) -> list[str]:
    """Files below a folder that hold the words of the quote."""
    words = [text.encode() for text in SAID.values()]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(text in path.read_bytes() for text in words)]


def out(study: Path, folder: Path, lang: str = "fr") -> None:
    release(study, folder, audience="public", langs=(lang,), step=lambda _: None)


@pytest.mark.slow
def test_a_sealed_quote_is_proposed_approved_and_printed_and_nowhere_in_clear_before(
    study: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, source = study
    propose(path, "q1", source, texts=SAID, verbatim=False, coder="kori")
    assert in_clear(tmp_path) == []
    with pytest.raises(MaillageError) as unread:
        out(path, tmp_path / "unread")
    assert "quote_refused" in {unread.value.code, *(item.code for item in unread.value.findings)}
    approve(path, "q1", coder="lune")
    assert in_clear(tmp_path) == []
    with monkeypatch.context() as locked:
        locked.setattr(opening.holder, "held", lambda: None)
        with pytest.raises(MaillageError) as refused:
            out(path, tmp_path / "locked")
        assert refused.value.code == "vault_locked"
        with pytest.raises(MaillageError):
            approve(path, "q1", coder="lune")
    assert in_clear(tmp_path) == []
    assert not (tmp_path / "locked").exists()
    for lang in ("fr", "en"):
        out(path, tmp_path / lang, lang)
        report = (tmp_path / lang / f"report.{lang}.html").read_text("utf-8")
        assert SAID[lang] in report
    assert in_clear(path) == []
