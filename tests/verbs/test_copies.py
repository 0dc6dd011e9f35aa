"""Copies of a study: counted merges, older copies recognised, heads countersigned, git as the carrier."""

import shutil
import subprocess
from pathlib import Path

import pytest

from maillage.errors import MaillageError
from maillage.study import age, log, vault, vault_files
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.keeping import keep
from maillage.study.observations import tally
from maillage.verbs.check import check, trust
from maillage.verbs.head import countersign, heads
from maillage.verbs.merge import merge
from maillage.verbs.new import Start, new
from maillage.verbs.release import release
from maillage.verbs.sync import belongs, sync
from maillage.verbs.verify import verify

SETTINGS = "id: practice\ntitle: P\nlanguages: [en]\npack: nexus\ncoders: [ana, bo]\nsynthetic: true\n"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    on("one", tmp_path, monkeypatch)
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "study.yml").write_text(SETTINGS, "utf-8")
    log.append(open_study(folder), "ana", [source("D1")])
    return open_study(folder)


def on(device: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "devices" / device))


def source(name: str) -> Draft:
    return Draft("assert", "source", {"id": name, "kind": "document"})


def said(text: str) -> Draft:
    data = {"source": "D1", "kind": "factor", "question": "factor", "answer": text}
    return Draft("assert", "observation", data, id=text)


def copied(study: Study, name: str) -> Study:
    return open_study(shutil.copytree(study.path, study.path.with_name(name)))


def codes(study: Study) -> set[str]:
    return {item.code for item in check(study)}


def answers(study: Study) -> list[str]:
    entries = {entry.h: entry for path in log.files(study.path) for entry in log.read(path).entries}
    return sorted(entry.id for entry in entries.values() if entry.kind == "observation")


def write(study: Study, name: str, text: str) -> None:
    path = study.path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")


def read(study: Study, name: str) -> str:
    return (study.path / name).read_text("utf-8")


def test_a_merge_is_counted_before_and_after(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = copied(study, "b")
    on("two", tmp_path, monkeypatch)
    log.append(other, "bo", [said("isolation"), said("corruption"), source("D2")])
    union = merge(study.path, other.path, coder="ana")
    assert (union.before.sources, union.before.observations, union.before.by_coder) == (1, 0, {"ana": 3})
    assert (union.after.sources, union.after.observations) == (2, 2)
    assert union.after.by_coder == {"ana": 3, "bo": 5}
    assert union.after.entries == 8
    again = merge(study.path, other.path, coder="ana")
    assert again.before == again.after == union.after
    assert tally(other) == tally(study), "the other way round the other has nothing new but it has all"


def test_conflicts_that_a_merge_brings_are_told(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(study, "ana", [said("isolation")])
    other = copied(study, "b")
    log.append(study, "ana", [Draft("retract", "observation", of="isolation", why="x")])
    on("two", tmp_path, monkeypatch)
    fixed = Draft("supersede", "observation", said("exclusion").data, of="isolation")
    log.append(other, "bo", [fixed])
    assert [item.code for item in merge(study.path, other.path, coder="ana").findings] == ["merge_conflict"]
    assert "merge_conflict" in codes(study)


def test_a_damaged_copy_is_not_merged_into(study: Study) -> None:
    other = copied(study, "b")
    (path,) = log.files(study.path)
    path.write_bytes(path.read_bytes().replace(b'"D1"', b'"D9"'))
    with pytest.raises(MaillageError, match="log_readonly"):
        merge(study.path, other.path, coder="ana")


def test_check_tells_an_older_copy_put_back_until_it_is_trusted(study: Study) -> None:
    log.append(study, "ana", [said("isolation")])
    assert "log_rollback" not in codes(study)
    (path,) = log.files(study.path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3]))
    assert "log_rollback" in codes(study)
    assert "log_rollback" in codes(study), "looking does not make it newer"
    with pytest.raises(MaillageError, match="log_readonly"):
        log.append(study, "ana", [said("corruption")])
    assert [item.code for item in verify(study.path)] == ["log_rollback"]
    with pytest.raises(MaillageError, match="release_blocked") as refused:
        release(study, study.path.with_name("out"), audience="public", langs=("en",))
    assert [item.code for item in refused.value.findings] == ["log_rollback"], "somebody may have withdrawn since"
    trust(study.path)
    assert "log_rollback" not in codes(study)
    log.append(study, "ana", [said("corruption")])


def test_a_log_that_was_emptied_or_taken_away_is_an_older_copy(study: Study) -> None:
    assert verify(study.path) == []
    (path,) = log.files(study.path)
    path.write_bytes(b"")
    assert [item.code for item in verify(study.path)] == ["log_rollback"]
    assert "log_rollback" in codes(study)
    assert "log_rollback" in codes(study), "looking does not make it newer"
    path.unlink()
    assert [(item.code, item.facts["had"]) for item in verify(study.path)] == [("log_gone", 3)]
    with pytest.raises(MaillageError, match="release_blocked") as refused:
        release(study, study.path.with_name("out"), audience="public", langs=("en",))
    assert [item.code for item in refused.value.findings] == ["log_gone"], "it may say that somebody withdrew"


def test_check_remembers_logs_of_others_and_misses_one_that_is_gone(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = copied(study, "b")
    on("two", tmp_path, monkeypatch)
    log.append(other, "bo", [said("isolation")])
    on("one", tmp_path, monkeypatch)
    merge(study.path, other.path, coder="ana")
    (path,) = (study.path / "log").glob("bo.*")
    path.unlink()
    assert "log_gone" in codes(study)


def test_check_tells_what_waits_and_what_is_closed(study: Study) -> None:
    secret, public = age.make()
    vault.create(study, "ana", {"ana": public, "bo": age.make()[1]})
    study = open_study(study.path)
    now = vault.unlock(study, secret, coder="ana")
    keep(study, "ana", [Draft("assert", "source", {"id": "I1", "kind": "interview"})], opened=now)
    write(study, "conflicts/note.txt", "theirs")
    (study.path / "vault" / "keyring.age").write_bytes(b"planted")
    assert codes(study) >= {"conflict_waits", "entries_closed", "keyring_unknown"}


def note(study: Study) -> str:
    return "\n".join(one.note for one in heads(study.path)[1])


def test_a_note_is_three_lines_that_the_last_checkpoint_signed(study: Study) -> None:
    head, (one,) = heads(study.path)
    assert head == log.head(study.path)
    origin, size, _ = one.note.splitlines()
    assert (origin, size) == (f"maillage/practice/{one.log}", "2")
    (path,) = log.files(study.path)
    assert log.read(path).entries[-1].prev == one.head


def test_a_countersigned_head_shows_that_the_end_was_taken_away(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = copied(study, "b")
    log.append(study, "ana", [said("isolation")])
    text = f"Chère Bo, voici nos têtes :\r\n\r\n{note(study)}".replace("\n", "\r\n")
    on("two", tmp_path, monkeypatch)
    assert countersign(other.path, text, coder="bo").signed == 1
    assert countersign(other.path, text, coder="bo").signed == 0, "once is enough"
    assert [item.code for item in verify(other.path)] == ["witness_unmet"], "b has not merged yet"
    merge(other.path, study.path, coder="bo")
    assert verify(other.path) == []
    (path,) = (other.path / "log").glob("ana.*")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:3]))
    trust(other.path)  # a computer that never saw more has only the witness
    (found,) = verify(other.path)
    assert (found.code, found.level) == ("witness_unmet", "error")


def test_a_note_that_contradicts_this_copy_is_not_signed(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = copied(study, "b")
    log.append(study, "ana", [said("isolation")])
    log.append(other, "ana", [said("corruption")])
    on("two", tmp_path, monkeypatch)
    done = countersign(other.path, note(study), coder="bo")
    assert (done.signed, [item.code for item in done.findings]) == (0, ["note_contradicts"])
    merge(other.path, study.path, coder="bo")
    assert countersign(other.path, note(study), coder="bo").signed == 1, "a branch of a fork is known"
    with pytest.raises(MaillageError, match="note_missing"):
        countersign(other.path, note(study).replace("practice", "another"), coder="bo")


def test_ones_own_heads_are_not_countersigned(study: Study) -> None:
    assert countersign(study.path, note(study), coder="bo").signed == 0


@pytest.mark.parametrize("wrong", ["signature", "size", "head", "public_key"])
def test_a_made_up_countersignature_is_seen(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    on("two", tmp_path, monkeypatch)
    countersign(study.path, note(study), coder="bo")
    (entry,) = [e for path in log.files(study.path) for e in log.read(path).entries if e.kind == "witness"]
    other = {"signature": "00" * 64, "size": 1, "head": "0" * 64, "public_key": "1" * 64}[wrong]
    log.append(study, "bo", [Draft("key", "witness", {**entry.data, wrong: other})])
    assert [item.code for item in verify(study.path)] == ["witness_unsigned"]


@pytest.fixture
def server(tmp_path: Path) -> Path:
    folder = tmp_path / "server.git"
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    return folder


def git(server: Path, *words: str) -> str:
    done = subprocess.run(["git", "--git-dir", str(server), *words], check=True, capture_output=True, text=True)
    return done.stdout


def two(study: Study, server: Path) -> Study:
    """Two copies that are in step with the server."""
    other = copied(study, "b")
    assert sync(study.path, str(server), coder="ana").sent
    assert not sync(other.path, str(server), coder="bo").sent
    return other


def test_sync_carries_both_ways_and_comes_to_rest(
    study: Study, server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = two(study, server)
    log.append(study, "ana", [said("isolation")])
    assert sync(study.path, None, coder="ana").sent
    on("two", tmp_path, monkeypatch)
    log.append(other, "bo", [said("corruption")])
    write(other, "documents/D1.txt", "text\r\n")
    sync(other.path, str(server), coder="bo")
    on("one", tmp_path, monkeypatch)
    done = sync(study.path, None, coder="ana")
    assert done.union is not None
    assert (done.union.before.observations, done.union.after.observations, done.sent) == (1, 2, False)
    assert answers(study) == answers(other) == ["corruption", "isolation"]
    assert (study.path / "documents" / "D1.txt").read_bytes() == b"text\r\n", "bytes, never git's line ends"
    assert all(log.verify(path, "practice") == [] for path in log.files(study.path))
    assert {line.split(" <")[0] for line in git(server, "log", "--format=%an <%ae>", "main").splitlines()} == {
        "ana",
        "bo",
    }


def test_sync_of_a_fork_keeps_both_branches_and_comes_to_rest(study: Study, server: Path) -> None:
    other = two(study, server)
    log.append(study, "ana", [said("isolation")])
    log.append(other, "ana", [said("corruption")])
    for one in (study, other, study, other):
        sync(one.path, None, coder="bo")
    assert answers(study) == answers(other) == ["corruption", "isolation"]
    assert [sync(one.path, None, coder="bo").sent for one in (study, other, study)] == [False] * 3


def test_who_changed_a_text_last_wins_and_two_changes_are_both_kept(study: Study, server: Path) -> None:
    write(study, "narrative/en.md", "first")
    other = two(study, server)
    write(study, "narrative/en.md", "second")
    done = sync(study.path, None, coder="ana")
    assert done.union is not None
    assert done.union.findings == (), "an older state of the server is no conflict"
    sync(other.path, None, coder="bo")
    assert read(other, "narrative/en.md") == "second"
    write(study, "narrative/en.md", "ana's")
    write(other, "narrative/en.md", "bo's")
    sync(study.path, None, coder="ana")
    done = sync(other.path, None, coder="bo")
    assert done.union is not None
    assert [item.code for item in done.union.findings] == ["merge_kept_both"]
    assert read(other, "narrative/en.md") == "bo's"
    assert [path.read_text() for path in (other.path / "conflicts").rglob("*.md")] == ["ana's"]
    sync(study.path, None, coder="ana")
    assert read(study, "narrative/en.md") == "bo's", "whoever united them has chosen"
    assert not sync(study.path, None, coder="ana").sent


def test_settings_go_along_and_two_versions_are_both_kept(study: Study, server: Path) -> None:
    other = two(study, server)
    write(study, "study.yml", SETTINGS.replace("[ana, bo]", "[ana, bo, cyd]"))
    sync(study.path, None, coder="ana")
    sync(other.path, None, coder="bo")
    assert open_study(other.path).settings.coders == ("ana", "bo", "cyd")
    write(study, "study.yml", SETTINGS.replace("title: P", "title: Q"))
    write(other, "study.yml", SETTINGS.replace("title: P", "title: R"))
    sync(study.path, None, coder="ana")
    done = sync(other.path, None, coder="bo")
    assert done.union is not None
    assert "merge_kept_both" in [item.code for item in done.union.findings]
    assert open_study(other.path).settings.title["en"] == "R"


def test_nothing_but_the_study_is_sent_and_nothing_else_is_removed(study: Study, server: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(server), str(clone)], check=True, capture_output=True)
    (clone / "README").write_text("ours")
    person = ["-c", "user.name=x", "-c", "user.email=x@example.invalid"]
    for words in (["add", "README"], ["commit", "-q", "-m", "x"], ["push", "-q", "origin", "HEAD:main"]):
        subprocess.run(["git", *person, *words], cwd=clone, check=True)
    for name in ("out/estimates.csv", "conflicts/x.txt", ".cache/vault.lock", "notes.txt", "vault/keyring~1.age"):
        write(study, name, "x")
    write(study, "vault/I1.age", "closed")
    shutil.rmtree(study.path / "conflicts")
    with pytest.raises(MaillageError, match="study_missing"):
        sync(study.path, str(server), coder="ana")
    subprocess.run(["git", "--git-dir", str(server), "update-ref", "-d", "refs/heads/main"], check=True)
    sync(study.path, str(server), coder="ana")
    names = set(git(server, "ls-tree", "-r", "--name-only", "main").split())
    assert names == {"study.yml", "vault/I1.age", *(f"log/{path.name}" for path in log.files(study.path))}
    subprocess.run(["git", "fetch", "-q", "origin"], cwd=clone, check=True)
    subprocess.run(["git", "checkout", "-q", "-B", "main", "origin/main"], cwd=clone, check=True)
    (clone / "README").write_text("ours")
    for words in (["add", "README"], ["commit", "-q", "-m", "y"], ["push", "-q", "origin", "HEAD:main"]):
        subprocess.run(["git", *person, *words], cwd=clone, check=True)
    log.append(study, "ana", [said("isolation")])
    sync(study.path, None, coder="ana")
    assert "README" in git(server, "ls-tree", "-r", "--name-only", "main").split()


def test_an_erased_informants_file_leaves_the_server(study: Study, server: Path) -> None:
    secret, public = age.make()
    vault.create(study, "ana", {"ana": public, "bo": age.make()[1]})
    study = open_study(study.path)
    now = vault.unlock(study, secret, coder="ana")
    keep(study, "ana", [Draft("assert", "source", {"id": "I1", "kind": "interview"})], opened=now)
    now = vault.unlock(study, secret, coder="ana")
    vault_files.store(now, "I1", {"text": "x"})
    other = two(study, server)
    vault.erase(now, "ana", "I1", "asked")
    sync(study.path, None, coder="ana")
    assert "vault/I1.age" not in git(server, "ls-tree", "-r", "--name-only", "main").split()
    sync(other.path, None, coder="bo")
    assert not (other.path / "vault" / "I1.age").exists()
    sync(other.path, None, coder="bo")
    assert "vault/I1.age" not in git(server, "ls-tree", "-r", "--name-only", "main").split()


def test_hooks_and_attributes_of_a_foreign_repository_do_nothing(study: Study, server: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    subprocess.run(["git", "init", "-q", str(study.path)], check=True)
    for hook in ("pre-push", "post-checkout", "reference-transaction"):
        path = study.path / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {mark}\n")
        path.chmod(0o755)
    write(study, ".gitattributes", "* text eol=crlf\n")
    write(study, "documents/D1.txt", "a\nb\n")
    sync(study.path, str(server), coder="ana")
    assert not mark.exists()
    assert git(server, "show", "main:documents/D1.txt") == "a\nb\n"


def test_without_git_or_address_it_says_so(study: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(MaillageError, match="sync_no_remote"):
        sync(study.path, None, coder="ana")
    with pytest.raises(MaillageError, match="sync_failed"):
        sync(study.path, str(tmp_path / "nowhere"), coder="ana")
    with pytest.raises(MaillageError, match="sync_failed"):
        sync(study.path, f"ext::sh -c 'touch {tmp_path}/ran'", coder="ana")
    assert not (tmp_path / "ran").exists()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MaillageError, match="sync_no_git"):
        sync(study.path, None, coder="ana")


@pytest.mark.parametrize(
    "name",
    ["../x", "log/../../x.jsonl", "/etc/passwd", "documents/.git/config", ".git/config", "C:/x", "documents/a\\b",
     "log/deep/x.jsonl", "out/x.csv", "vault/keyring~1.age", "vault/x.txt",
     "vault/out-estimates.csv.age", "readme.md", "documents/a\nb", ""],
)  # fmt: skip
def test_names_that_do_not_belong_are_neither_sent_nor_taken(name: str) -> None:
    assert not belongs(name)


@pytest.mark.parametrize(
    "name", ["study.yml", "log/ana.0a1b2c3d.jsonl", "documents/a b/é.txt", "vault/I1.age", "vault/keyring.age"]
)
def test_names_that_belong(name: str) -> None:
    assert belongs(name)


def test_a_new_study_where_another_stood_remembers_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "ghana"
    start = Start(pack="nexus", langs=("en",), country="GH", coder="ana", period="2024")
    for _ in range(2):
        new(path, start)
        assert "log_gone" not in codes(open_study(path))
        log.append(open_study(path), "ana", [source("D1")])
        shutil.rmtree(path)
