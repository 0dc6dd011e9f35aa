"""Merging: the union of what was entered, in any order; forks kept; nothing overwritten; erased stays erased."""

import itertools
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from maillage.errors import MaillageError
from maillage.study import age, keys, log, vault, vault_files, vault_state
from maillage.study.conflicts import conflicts
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.keeping import keep
from maillage.study.merge import merge
from maillage.study.observations import replay

Make = Callable[[str], Study]
SETTINGS = """
id: practice
title: {en: Practice, fr: Exercice}
languages: [fr, en]
pack: nexus
coders: [ana, bo, cyd]
synthetic: true
"""


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def _make(name: str) -> Study:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "study.yml").write_text(SETTINGS, "utf-8")
        return open_study(folder)

    return _make


def copy(study: Study, name: str) -> Study:
    target = study.path.with_name(name)
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(study.path, target)
    return open_study(target)


def on(device: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "devices" / device))


def said(text: str, **more: str) -> Draft:
    return Draft(
        "assert", "observation", {"source": "S1", "kind": "factor", "question": "factor", "answer": text, **more}
    )


def interview(name: str) -> Draft:
    return Draft("assert", "source", {"id": name, "kind": "interview"})


def _at_once(handle: int) -> None:
    """Instead of waiting for the disk: thousands of histories in a test about order, not about durability."""


def view(study: Study) -> tuple[object, ...]:
    """What a study says, whoever merged: the tables, what no longer stands, which branches there are."""
    told = replay(study)
    rows: list[object] = [told.codings.drop("entry").sort("id").rows(), told.sources.drop("entry").rows()]
    return (
        *rows,
        told.retracted,
        told.erased,
        sorted(str(conflict.facts["coders"]) for conflict in conflicts(entries(study))),
    )


def entries(study: Study) -> list[log.Entry]:
    return [entry for path in log.files(study.path) for entry in log.read(path).entries]


def test_what_only_grew_is_continued_and_again_changes_nothing(make: Make) -> None:
    a = make("a")
    log.append(a, "ana", [said("isolation")])
    b = copy(a, "b")
    log.append(b, "ana", [said("corruption")])
    first = merge(a, b.path, "bo")
    assert [(item.action, item.entries) for item in first.taken] == [("longer", 2)]
    assert view(a) == view(b)
    before = {path.name: path.read_bytes() for path in log.files(a.path)}
    assert [item.action for item in merge(a, b.path, "bo").taken] == ["same"]
    assert {path.name: path.read_bytes() for path in log.files(a.path)} == before
    assert [item.action for item in merge(b, a.path, "bo").taken] == ["same"]


def test_other_coders_logs_come_in_whole(make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    a = make("a")
    on("one", monkeypatch, tmp_path)
    log.append(a, "ana", [said("isolation")])
    b = copy(a, "b")
    on("two", monkeypatch, tmp_path)
    log.append(b, "bo", [said("corruption")])
    assert [item.action for item in merge(a, b.path, "ana").taken] == ["same", "new"]
    assert sorted(replay(a).codings["coder"].to_list()) == ["ana", "bo"]


def test_a_known_coder_on_another_computer_is_named_with_its_key(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    a = make("a")
    on("one", monkeypatch, tmp_path)
    log.append(a, "ana", [said("isolation")])
    b = copy(a, "b")
    on("two", monkeypatch, tmp_path)
    log.append(b, "ana", [said("corruption")])
    (found,) = merge(a, b.path, "ana").findings
    key = keys.device().public[:16]
    assert (found.code, found.level) == ("merge_device", "warning")
    assert key in found.message("fr").replace(" ", "")
    assert merge(a, b.path, "ana").findings == ()


def test_a_fork_is_kept_as_a_branch_and_both_branches_count(make: Make) -> None:
    a = make("a")
    log.append(a, "ana", [said("isolation")])
    b = copy(a, "b")
    log.append(a, "ana", [said("corruption")])
    log.append(b, "ana", [said("exclusion")])
    merged = merge(a, b.path, "bo")
    assert [item.action for item in merged.taken] == ["fork"]
    assert sorted(replay(a).codings["answer"].to_list()) == ["corruption", "exclusion", "isolation"]
    notes = [entry for entry in entries(a) if entry.op == "merge-note"]
    assert [set(entry.data) for entry in notes] == [{"file", "branch", "ours", "theirs"}]
    assert all(log.verify(path, "practice") == [] for path in log.files(a.path))
    log.append(b, "ana", [said("awareness")])
    assert [item.action for item in merge(a, b.path, "bo").taken] == ["longer"], "a branch grows in its own file"
    assert len(log.files(a.path)) == 3  # ana, the branch of ana, bo who merged
    log.append(a, "ana", [said("livelihoods")])
    merge(b, a.path, "bo")
    assert replay(b).codings["answer"].sort().to_list() == replay(a).codings["answer"].sort().to_list()


@pytest.mark.parametrize("histories", [12, pytest.param(2000, marks=pytest.mark.slow)])
def test_random_histories_give_one_view_in_any_order(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, histories: int
) -> None:
    """Copies, entries, corrections and retractions at random; the order and grouping of merges must not show."""
    for name in ("fsync", "fdatasync"):
        monkeypatch.setattr(os, name, _at_once)
    rng = random.Random(20240601)
    forks = 0
    for history in range(histories):
        copies = _history(make, monkeypatch, tmp_path, rng, history)
        views = set[str]()
        for number, order in enumerate(itertools.permutations(range(3))):
            one = copy(copies[order[0]], f"h{history}-o{number}")
            forks += len(merge(one, copies[order[1]].path, "cyd").forks)
            forks += len(merge(one, copies[order[2]].path, "cyd").forks)
            views.add(repr(view(one)))
        pair = copy(copies[1], f"h{history}-pair")
        merge(pair, copies[2].path, "cyd")
        one = copy(copies[0], f"h{history}-grouped")
        merge(one, pair.path, "cyd")
        merge(one, pair.path, "cyd")
        views.add(repr(view(one)))
        assert len(views) == 1, f"history {history}"
        for folder in tmp_path.glob(f"h{history}*"):
            shutil.rmtree(folder)
        for remembered in tmp_path.glob("devices/*/*.json"):  # of folders that are no more
            remembered.unlink()
    assert forks > histories, "most histories must fork for this to say anything"


def _history(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rng: random.Random, number: int
) -> list[Study]:
    on("one", monkeypatch, tmp_path)
    first = make(f"h{number}")
    log.append(first, "ana", [said("isolation", id="A1"), said("corruption", id="A2")])
    copies = [copy(first, f"h{number}-c{part}") for part in range(3)]
    for study, device in zip(copies, ("one", "one", "two"), strict=True):
        on(device, monkeypatch, tmp_path)
        for _ in range(rng.randrange(4)):
            standing = replay(study).codings.rows(named=True)
            target = rng.choice(standing)["entry"] if standing else None
            what = rng.choice(["assert", "supersede", "retract"])
            coder, text = rng.choice(["ana", "bo"]), rng.choice(["exclusion", "awareness", "isolation"])
            if what == "assert" or target is None:
                draft = said(text, id=f"N{rng.randrange(5)}")
            elif what == "supersede":
                draft = Draft("supersede", "observation", said(text, id="A1").data, of=target)
            else:
                draft = Draft("retract", "observation", of=target, why="heard wrongly")
            log.append(study, coder, [draft], at=f"2024-06-01T10:00:{rng.randrange(60):02d}Z")
    return copies


def test_different_corrections_of_one_entry_are_shown(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    a = make("a")
    on("one", monkeypatch, tmp_path)
    log.append(a, "ana", [said("isolation", id="A1")])
    b = copy(a, "b")
    entry = replay(a).codings["entry"][0]
    log.append(a, "ana", [Draft("supersede", "observation", said("exclusion", id="A1").data, of=entry)])
    on("two", monkeypatch, tmp_path)
    log.append(b, "bo", [Draft("supersede", "observation", said("awareness", id="A1").data, of=entry)])
    merge(a, b.path, "bo")
    assert [item.code for item in conflicts(entries(a))] == ["merge_conflict"]
    assert replay(a).codings.height == 1


def test_files_that_differ_are_both_kept_and_ours_stands(make: Make) -> None:
    a = make("a")
    (a.path / "narrative").mkdir()
    (a.path / "narrative" / "en.md").write_text("ours")
    b = copy(a, "b")
    (b.path / "narrative" / "en.md").write_text("theirs")
    (b.path / "documents").mkdir()
    (b.path / "documents" / "D1.txt").write_text("new")
    merged = merge(a, b.path, "bo")
    assert [item.code for item in merged.findings] == ["merge_kept_both"]
    assert (a.path / "narrative" / "en.md").read_text() == "ours"
    assert (a.path / "documents" / "D1.txt").read_text() == "new"
    assert [path.read_text() for path in (a.path / "conflicts").rglob("*.md")] == ["theirs"]
    assert [item.action for item in merge(a, b.path, "bo").taken] == []


@pytest.mark.parametrize("damage", ["edited", "signature", "name", "foreign"])
def test_a_log_that_does_not_verify_is_not_taken(make: Make, damage: str) -> None:
    a, b = make("a"), make("b")
    log.append(b, "bo", [said("isolation")])
    (path,) = log.files(b.path)
    if damage == "edited":
        path.write_bytes(path.read_bytes().replace(b"isolation", b"exclusion"))
    elif damage == "signature":
        path.write_bytes(path.read_bytes().replace(b'"signature":"', b'"signature":"00'))
    elif damage == "name":
        path.rename(path.with_name("bo.log.jsonl"))
    else:
        path.write_bytes(path.read_bytes().replace(b"practice", b"elsewhere"))
    merged = merge(a, b.path, "ana")
    assert [item.action for item in merged.taken] == ["refused"]
    assert merged.findings
    assert log.files(a.path) == []


def test_links_out_of_the_other_folder_are_not_followed(make: Make, tmp_path: Path) -> None:
    a, b = make("a"), make("b")
    (tmp_path / "secret.txt").write_text("secret")
    (b.path / "documents").mkdir()
    (b.path / "documents" / "D1.txt").symlink_to(tmp_path / "secret.txt")
    merge(a, b.path, "ana")
    assert not (a.path / "documents" / "D1.txt").exists()


def test_another_study_and_the_same_folder_are_refused(make: Make) -> None:
    a, b = make("a"), make("b")
    (b.path / "study.yml").write_text(SETTINGS.replace("id: practice", "id: other"))
    with pytest.raises(MaillageError, match="merge_other_study"):
        merge(a, b.path, "ana")
    with pytest.raises(MaillageError, match="merge_itself"):
        merge(a, a.path, "ana")


def test_an_older_copy_put_back_in_place_is_refused(make: Make) -> None:
    a = make("a")
    log.append(a, "ana", [said("isolation")])
    old = copy(a, "old")
    log.append(a, "ana", [said("corruption")])
    (path,) = log.files(a.path)
    newer = path.read_bytes()
    shutil.copyfile(log.files(old.path)[0], path)
    with pytest.raises(MaillageError, match="log_readonly") as refused:
        log.append(a, "ana", [said("exclusion")])
    assert [item.code for item in refused.value.findings] == ["log_rollback"]
    path.write_bytes(newer)
    log.append(a, "ana", [said("exclusion")])


def test_a_merge_brings_no_erased_key_and_no_erased_file_back(make: Make) -> None:
    ana, ana_public = age.make()
    a = make("a")
    vault.create(a, "ana", {"ana": ana_public, "bo": age.make()[1]})
    a = open_study(a.path)
    opened = vault.unlock(a, ana, coder="ana")
    keep(a, "ana", [interview("I01"), interview("I02")], opened=opened)
    opened = vault.unlock(a, ana, coder="ana")
    vault_files.store(opened, "I01", {"text": "x"})
    b = copy(a, "b")
    vault.erase(opened, "ana", "I01", "asked")
    merge(a, b.path, "bo")
    assert not (a.path / "vault" / "I01.age").exists()
    assert sorted(vault.unlock(a, ana, coder="ana").ring.sources) == ["I02"]
    (said_so,) = merge(b, a.path, "bo").findings
    assert (said_so.code, said_so.value) == ("merge_erased", "I01")
    assert merge(b, a.path, "bo").findings == ()
    assert not (b.path / "vault" / "I01.age").exists()
    assert sorted(vault.unlock(b, ana, coder="ana").ring.sources) == ["I02"]
    assert not list((b.path / "vault").glob("keyring~*"))


def test_informants_made_on_two_laptops_are_both_read_after_a_merge(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ana, ana_public = age.make()
    a = make("a")
    on("one", monkeypatch, tmp_path)
    vault.create(a, "ana", {"ana": ana_public, "bo": age.make()[1]})
    a, b = open_study(a.path), copy(a, "b")
    keep(
        a,
        "ana",
        [interview("I01")],
        opened=vault.unlock(a, ana, coder="ana"),
    )
    on("two", monkeypatch, tmp_path)
    keep(
        b,
        "bo",
        [interview("I02")],
        opened=vault.unlock(b, ana, coder="bo"),
    )
    merge(a, b.path, "bo")
    ring = vault.unlock(a, ana, coder="bo").ring
    assert replay(a, ring.sources).sources["id"].to_list() == ["I01", "I02"]
    assert vault_state.check(a.path) == []
    assert keys.device().name in {path.stem.split(".")[1] for path in log.files(a.path)}


FOREIGN = age.make()[1]


@pytest.mark.parametrize(
    "planted",
    [
        Draft("key", "informant", {"source": "I01", "recipient": FOREIGN}),
        Draft("key", "vault", {"generation": 999, "people": ["x"], "recipients": [FOREIGN], "field": FOREIGN,
                               "keyring_sha256": "00"}),
    ],
)  # fmt: skip
def test_a_log_with_other_keys_for_the_vault_is_not_taken(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, planted: Draft
) -> None:
    a, b = _guarded(make), open_study(tmp_path / "b")
    on("stranger", monkeypatch, tmp_path)
    log.append(b, "bo", [planted])
    before = vault.read_known(a.path)
    done = merge(a, b.path, "ana")
    assert [item.code for item in done.findings] == ["merge_keys"]
    assert vault.read_known(a.path) == before


@pytest.mark.parametrize("kind", ["vault", "informant"])
def test_half_an_entry_about_keys_is_no_entry_about_keys(make: Make, kind: str) -> None:
    a = _guarded(make)
    before = vault.read_known(a.path)
    log.append(a, "bo", [Draft("key", kind, {"generation": "x", "source": ["I01"], "recipient": 5})])
    assert vault.read_known(a.path) == before


def _guarded(make: Make) -> Study:
    """A study with a vault and an informant, and a copy of it, b."""
    ana, public = age.make()
    a = make("a")
    vault.create(a, "ana", {"ana": public, "bo": age.make()[1]})
    a = open_study(a.path)
    keep(a, "ana", [interview("I01")], opened=vault.unlock(a, ana, coder="ana"))
    copy(a, "b")
    return a
