"""The vault: two people or none, erased means erased, nothing of an informant in clear."""

import itertools
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.errors import MaillageError
from maillage.study import age, identity, keyring, log, vault, vault_files, vault_state
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.keeping import keep
from maillage.study.keyring import Keyring
from maillage.study.merge import merge
from maillage.study.observations import replay

SETTINGS = """
id: practice
title: {en: Practice, fr: Exercice}
languages: [fr, en]
pack: nexus
coders: [ana, bo]
synthetic: true
"""
ANA, ANA_PUBLIC = age.make()
BO, BO_PUBLIC = age.make()
PEOPLE = {"ana": ANA_PUBLIC, "bo": BO_PUBLIC}
MARKER = "le forgeron de Tin-Hama"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    folder = tmp_path / "practice"
    folder.mkdir()
    (folder / "study.yml").write_text(SETTINGS, "utf-8")
    return open_study(folder)


@pytest.fixture
def opened(study: Study) -> vault.Open:
    vault.create(study, "ana", PEOPLE)
    return vault.unlock(open_study(study.path), ANA, coder="ana")


def heard(source: str) -> list[Draft]:
    said = {"source": source, "kind": "link", "question": "link", "answer": "cooperation", "note": MARKER}
    return [Draft("assert", "source", {"id": source, "kind": "interview", "title": MARKER}),
            Draft("assert", "observation", said)]  # fmt: skip


def test_a_vault_for_one_person_is_refused(study: Study) -> None:
    with pytest.raises(MaillageError, match="vault_alone"):
        vault.create(study, "ana", {"ana": ANA_PUBLIC})
    with pytest.raises(MaillageError, match="vault_alone"):
        vault.create(study, "ana", {"ana": ANA_PUBLIC, "ana2": ANA_PUBLIC})
    assert not vault.exists(study.path)


def test_each_person_and_the_paper_key_open_it_and_nobody_else(study: Study) -> None:
    paper = vault.create(study, "ana", PEOPLE)
    for key in (ANA, BO, identity.recovered(paper.lower())):
        assert vault.unlock(study, key, coder="ana").ring.generation == 1
    with pytest.raises(MaillageError, match="keyring_closed"):
        vault.unlock(study, age.make()[0], coder="ana")


def test_what_an_informant_said_is_read_only_with_the_key(opened: vault.Open) -> None:
    study = opened.study
    keep(study, "ana", heard("I01"), opened=opened)
    assert replay(study).observations.is_empty()
    assert replay(study).closed == 2
    ring = vault.unlock(study, BO, coder="bo").ring
    assert replay(study, ring.sources).observations["note"].to_list() == [MARKER]
    everything = b"".join(path.read_bytes() for path in study.path.rglob("*") if path.is_file())
    assert MARKER.encode() not in everything


def test_statements_on_a_known_informant_need_no_unlocking_but_new_informants_do(opened: vault.Open) -> None:
    study = opened.study
    keep(study, "ana", heard("I01"), opened=opened)
    keep(study, "bo", heard("I01")[1:])
    with pytest.raises(MaillageError, match="vault_locked"):
        keep(study, "bo", heard("I02"))
    ring = vault.unlock(study, ANA, coder="ana").ring
    assert replay(study, ring.sources).codings.height == 2


def test_a_session_that_is_behind_loses_no_key(opened: vault.Open) -> None:
    study = opened.study
    for source in ("I01", "I02", "I03"):
        keep(study, "ana", heard(source), opened=opened)  # `opened` knows of none of them
    assert sorted(vault.unlock(study, ANA, coder="ana").ring.sources) == ["I01", "I02", "I03"]


def test_public_documents_stay_in_clear(opened: vault.Open) -> None:
    keep(opened.study, "ana", [Draft("assert", "source", {"id": "D1", "kind": "document", "title": "report"})])
    assert replay(opened.study).sources["title"].to_list() == ["report"]


def test_an_erased_informant_is_gone_and_may_not_come_back(opened: vault.Open) -> None:
    study = opened.study
    keep(study, "ana", [*heard("I01"), *heard("I02")], opened=opened)
    opened = vault.unlock(study, ANA, coder="ana")
    vault_files.store(opened, "I01", {"text": MARKER})
    before = dict(opened.ring.sources)
    opened = vault.erase(opened, "ana", "I01", "asked for it")
    assert not (study.path / "vault" / "I01.age").exists()
    assert replay(study, before).sources["id"].to_list() == ["I02"], "an old key brings nothing back"
    assert replay(study, opened.ring.sources).erased == ("I01",)
    with pytest.raises(MaillageError, match="source_no_key"):
        vault_files.fetch(opened, "I01")
    with pytest.raises(MaillageError, match="source_erased"):
        keep(study, "ana", heard("I01"), opened=opened)
    assert not log.verify(log.files(study.path)[0], "practice"), "the chain of the log still holds"


def test_what_was_computed_goes_with_an_erased_informant(opened: vault.Open, tmp_path: Path) -> None:
    """A number of one person is what that person said."""
    study = opened.study
    keep(study, "ana", heard("I01"), opened=opened)
    opened = vault.unlock(study, ANA, coder="ana")
    vault_files.keep_results(study, {"estimates.csv": b"severity,4"})
    copy = tmp_path / "copy"
    shutil.copytree(study.path, copy)
    vault.erase(opened, "ana", "I01", "asked")
    assert not list((study.path / vault.FOLDER).glob("out-*"))
    merge(replace(study, path=copy), study.path, coder="bo")
    vault.unlock(replace(study, path=copy), opened.key, coder="bo")
    assert not list((copy / vault.FOLDER).glob("out-*"))


def test_an_erasure_cut_short_is_executed_at_the_next_opening(opened: vault.Open) -> None:
    study = opened.study
    keep(study, "ana", heard("I01"), opened=opened)
    opened = vault.unlock(study, ANA, coder="ana")
    vault_files.store(opened, "I01", {"text": MARKER})
    log.append(study, "ana", [Draft("erase", "source", {}, of="I01", why="asked")])
    again = vault.unlock(study, ANA, coder="ana")
    assert "I01" not in again.ring.sources
    assert not (study.path / "vault" / "I01.age").exists()


def test_an_old_keyring_put_back_loses_its_erased_keys_and_is_seen(opened: vault.Open) -> None:
    study = opened.study
    keep(study, "ana", heard("I01"), opened=opened)
    old = (study.path / "vault" / "keyring.age").read_bytes()
    vault.erase(vault.unlock(study, ANA, coder="ana"), "ana", "I01", "asked")
    (study.path / "vault" / "keyring.age").write_bytes(old)
    assert [item.code for item in vault_state.check(study.path)] == ["keyring_old"]
    assert vault.unlock(study, ANA, coder="ana").ring.sources == {}
    assert vault_state.check(study.path) == []


def test_a_keyring_made_by_a_stranger_is_refused(opened: vault.Open) -> None:
    """Anybody can close a file for the public keys that the log names; only the keys inside tell who made it."""
    study = opened.study
    forged = replace(opened.ring, field_key=age.make()[0], generation=9)
    (study.path / "vault" / "keyring.age").write_bytes(keyring.closed(forged))
    assert [item.code for item in vault_state.check(study.path)] == ["keyring_unknown"]
    with pytest.raises(MaillageError, match="keyring_planted"):
        vault.unlock(study, ANA, coder="ana")


def test_a_crash_between_ring_and_log_is_mended(opened: vault.Open) -> None:
    study = opened.study
    ring, _ = keyring.with_sources(opened.ring, ["I07"])
    (study.path / "vault" / "keyring.age").write_bytes(keyring.closed(ring))
    vault.unlock(study, BO, coder="bo")
    assert "I07" in vault.read_known(study.path).informants
    assert vault_state.check(study.path) == []


def test_someone_who_left_opens_no_later_ring(opened: vault.Open) -> None:
    cyd, cyd_public = age.make()
    vault.change_people(opened, "ana", {"ana": ANA_PUBLIC, "cyd": cyd_public})
    assert vault.unlock(opened.study, cyd, coder="ana").ring.generation == 2
    with pytest.raises(MaillageError, match="keyring_closed"):
        vault.unlock(opened.study, BO, coder="ana")


def test_field_notes_are_written_without_any_secret_key(opened: vault.Open) -> None:
    path = vault_files.note(opened.study, {"text": MARKER})
    assert MARKER.encode() not in path.read_bytes()
    assert vault_files.notes(opened) == [(path, {"text": MARKER})]
    with pytest.raises(MaillageError, match="keyring_closed"):
        vault.unlock(opened.study, opened.ring.field_key, coder="ana")


def test_a_changed_byte_in_a_closed_body_is_a_finding(opened: vault.Open) -> None:
    study = opened.study
    keep(study, "ana", heard("I01"), opened=opened)
    ring = vault.unlock(study, ANA, coder="ana").ring
    entry = Draft("assert", "observation", sealed={"src": "I01", "body": "AAAA"})
    log.append(study, "ana", [entry])
    told = replay(study, ring.sources)
    assert [item.code for item in told.findings] == ["sealed_damaged"]
    assert told.observations.height == 1


KEYS = [str(number) for number in range(4)]
RINGS = st.builds(
    Keyring,
    study=st.just("practice"),
    generation=st.integers(1, 3),
    people=st.sampled_from([{"a": "1", "b": "2"}, {"a": "1", "c": "3"}]),
    recovery=st.sampled_from(["r", "s"]),
    sources=st.sets(st.sampled_from(KEYS)).map(lambda names: {name: f"key of {name}" for name in names}),
    field_key=st.just("f"),
    secret=st.just("s"),
    erased=st.sets(st.sampled_from(KEYS)).map(lambda names: tuple(sorted(names))),
)


@given(st.lists(RINGS, min_size=3, max_size=3), st.sets(st.sampled_from(KEYS)))
@settings(max_examples=300)
def test_uniting_rings_depends_on_no_order_and_revives_no_key(rings: list[Keyring], erased: set[str]) -> None:
    views: list[Keyring] = []
    for a, b, c in itertools.permutations(rings):
        views.append(keyring.united(keyring.united(a, b, sorted(erased)), c, sorted(erased)))
        views.append(keyring.united(a, keyring.united(b, c, sorted(erased)), sorted(erased)))
    assert all(view == views[0] for view in views)
    assert keyring.united(views[0], views[0], sorted(erased)) == views[0]
    assert not views[0].sources.keys() & {*erased, *(name for ring in rings for name in ring.erased)}


def test_a_passphrase_opens_however_its_accents_are_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    public = identity.make("clé été forêt naïve")
    assert identity.public_key() == public
    assert age.public(identity.unlock("clé été forêt naïve")) == public
    with pytest.raises(MaillageError, match="passphrase_wrong"):
        identity.unlock("clé ete foret naive")
    with pytest.raises(MaillageError, match="identity_exists"):
        identity.make("clé été forêt naïve")


def test_short_passphrases_and_wrong_keys_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    with pytest.raises(MaillageError, match="passphrase_short"):
        identity.make("court")
    with pytest.raises(MaillageError, match="identity_missing"):
        identity.unlock("quelque chose de long")
    with pytest.raises(MaillageError, match="recipient_wrong"):
        identity.recipient("age1xyz")
    with pytest.raises(MaillageError, match="identity_wrong"):
        identity.recovered("AGE-SECRET-KEY-1XYZ")
