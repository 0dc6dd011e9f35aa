"""A crash at any write of an import leaves nothing, or the text whole; and no write holds what was said in clear."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from made_crashes import Recorder, explore

from maillage.errors import MaillageError
from maillage.study import age, log, register, vault, vault_state
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.study.keeping import keep
from maillage.study.register import Named
from maillage.verbs import opening
from maillage.verbs import vault as vaults
from maillage.verbs.add import Request, add
from maillage.verbs.coding import mark
from maillage.verbs.observe import observe
from maillage.verbs.opening import unlocked
from maillage.verbs.release import release
from maillage.verbs.run import run_path
from maillage.verbs.texts import text_of
from maillage.verbs.worklist import worklist

SETTINGS = "id: practice\ntitle: P\nlanguages: [en]\npack: nexus\ncoders: [ana, bo]\n"
HEARD = {"id": "S1", "kind": "interview", "consent": "anonymous"}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a study whose vault is open."""
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    made = tmp_path / "disk"
    (made / "study").mkdir(parents=True)
    (made / "study" / "study.yml").write_text(SETTINGS, "utf-8")
    log.keys.device()
    secret, public = age.make()
    vault.create(open_study(made / "study"), "ana", {"ana": public, "bo": age.make()[1]})
    monkeypatch.setattr(opening.holder, "held", lambda: secret)
    return made


def text(root: Path) -> str | None:
    try:
        return text_of(unlocked(root / "study"), "S1")[0]
    except MaillageError as problem:
        if problem.code != "text_missing":  # nothing, or a readable whole
            raise
        return None


def explored(root: Path, file: Path, before: str | None, after: str) -> int:
    """Crash the import of `file` everywhere; the text is the one before or the one after, never less."""

    def bring() -> None:
        assert not add(root / "study", file, Request(kind="interview", source="S1")).refused

    def act(seen: Recorder) -> None:
        bring()
        seen.acknowledge("added")

    def found(told: list[Any]) -> None:
        assert text(root) == after if told else text(root) in (before, after)

    def held(told: list[Any]) -> None:
        assert text(root) == after
        assert vault_state.check(root / "study") == []

    return explore(root, act, bring, found, held, again=9)


def test_a_first_import_is_done_or_not_begun(root: Path, tmp_path: Path) -> None:
    keep(unlocked(root / "study"), "ana", [Draft("assert", "source", HEARD)])
    file = tmp_path / "a.txt"
    file.write_text("Le forgeron, 76 12 34 56.\n", "utf-8")
    assert explored(root, file, None, "Le forgeron, [tel].\n") > 20
    assert len(vault.files_of(root / "study", "S1")) == 1


@pytest.mark.slow
def test_so_is_one_that_makes_the_key_of_a_source_of_an_earlier_time(root: Path, tmp_path: Path) -> None:
    log.append(open_study(root / "study"), "ana", [Draft("assert", "source", HEARD)])
    file = tmp_path / "a.txt"
    file.write_text("Le forgeron.\n", "utf-8")
    assert explored(root, file, None, "Le forgeron.\n") > 30


def test_a_new_version_leaves_the_old_one_readable_until_it_is_there(root: Path, tmp_path: Path) -> None:
    keep(unlocked(root / "study"), "ana", [Draft("assert", "source", HEARD)])
    file = tmp_path / "a.txt"
    file.write_text("Avant.\n", "utf-8")
    add(root / "study", file, Request(kind="interview", source="S1"))
    file.write_text("Après.\n", "utf-8")
    assert explored(root, file, "Avant.\n", "Après.\n") > 20


OPENED: list[str] = []
WATCH: list[bool] = []
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _seen(event: str, facts: tuple[Any, ...]) -> None:
    """An audit hook cannot be taken off again; it listens while WATCH holds something."""
    if WATCH and event == "open" and isinstance(facts[0], str | bytes | os.PathLike) and (facts[2] or 0) & WRITING:
        OPENED.append(os.fsdecode(facts[0]))


def test_nothing_in_clear_is_written_from_import_to_release(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file opened for writing is told by the interpreter; what lies on the disk afterwards is searched."""
    temporary, study, out = tmp_path / "tmp", root / "study", tmp_path / "out"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    sys.addaudithook(_seen)
    people = {"S1": "Zeynabou Marqueur", "S2": "Boubou Marqueur", "S3": "Fanta Marqueur"}
    rows = [{"id": name, "kind": "interview", "consent": "anonymous"} for name in people]
    keep(unlocked(study), "ana", [Draft("assert", "source", row) for row in rows])
    said = ["source,kind,question,answer,note"]
    WATCH.append(True)
    for source, name in people.items():
        register.enter(unlocked(study), [Named(name, source, source)])
        file = inbox / f"{source}.txt"
        file.write_text(f"Moi, {name}, le forgeron secret, 76 12 34 56.\n", "utf-8")
        done = add(study, file, Request(kind="interview"))
        assert (done.entered, done.findings) == (1, ())
        mark(study, source, (0, 7), "levies", coder="ana", note="le forgeron secret")
        said.append(f"{source},factor,factor,isolation,le forgeron secret")
    (inbox / "said.csv").write_text("\n".join(said) + "\n", "utf-8")
    observed = observe(study, inbox / "said.csv", coder="ana")
    assert (observed.entered, observed.refused) == (3, False)
    assert worklist(study, coder="ana").todo == ()
    assert vaults.read(study, "S2", lambda: "").decode() == "Moi, S2, le forgeron secret, [tel].\n"
    run_path(study, by_period=False, step=lambda name: None)
    release(study, out, audience="public", langs=("en",), step=lambda name: None)
    WATCH.clear()
    written = {Path(name) for name in OPENED if not Path(name).is_relative_to(inbox)}
    assert any(path.suffix == ".jsonl" for path in written), "the watch saw the log"
    assert any("S1~" in path.name for path in written), "and the closed transcript"
    left = [path for path in [*tmp_path.rglob("*"), *written] if path.is_file() and not path.is_relative_to(inbox)]
    for marker in (b"Marqueur", b"forgeron", b"76 12 34 56"):
        assert not [path for path in left if marker in path.read_bytes()], marker
    here = (tmp_path, Path(os.environ["MAILLAGE_CACHE"]), Path(os.devnull))
    assert not [path for path in written if not any(path.is_relative_to(place) for place in here)]
    assert not [path for path in temporary.rglob("*") if path.is_file()]
