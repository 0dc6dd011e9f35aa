"""The ledger: kept before a release goes out, united by merging, closed in a vault, silent on who was erased."""

import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest
from made_crashes import Recorder, explore

from maillage.errors import MaillageError
from maillage.study import age, heads, ledger, vault
from maillage.study.check import check_copy
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.keeping import keep
from maillage.study.merge import merge

SETTINGS = "id: practice\ntitle: P\nlanguages: [en]\npack: nexus\ncoders: [ana, bo]\nsynthetic: true\n"
PEOPLE = ["I01", "I02", "I03"]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    made = tmp_path / "disk"
    (made / "study").mkdir(parents=True)
    (made / "study" / "study.yml").write_text(SETTINGS, "utf-8")
    return made


def body(**more: Any) -> dict[str, Any]:
    rows = [{"shown": {"id": "links/ALL/cooperation", "k": 2}, "asked": [0, 1, 2], "said": [1]}]
    what = {"head": "", "audience": "public", "to": "", "withheld": 0, "exceptions": []}
    return {"when": "2024-06-02", "date": "2024-06-01", **what, "rows": rows} | more


def sealed(root: Path) -> tuple[str, Study]:
    """A study with a vault and three informants, opened by one of its people."""
    secret, public = age.make()
    study = open_study(root / "study")
    vault.create(study, "ana", {"ana": public, "bo": age.make()[1]})
    now = vault.unlock(open_study(root / "study"), secret, coder="ana")
    keep(open_study(root / "study"), "ana", [Draft("assert", "source", {"id": name, "kind": "interview"})
                                             for name in PEOPLE], opened=now)  # fmt: skip
    return secret, Study(study.path, open_study(study.path).settings, study.pack, secret)


def test_a_release_is_kept_once_with_marks_and_no_names(root: Path) -> None:
    study = open_study(root / "study")
    assert ledger.keep(study, body(), PEOPLE) is not None
    assert ledger.keep(study, body(when="2024-07-01"), PEOPLE) is None, "built again"
    assert ledger.keep(study, body(to="ministry"), PEOPLE) is not None
    (path, _) = sorted((root / "study" / "ledger").iterdir())
    assert not any(name.encode() in path.read_bytes() for name in PEOPLE)
    for record in ledger.records(study):
        people = ledger.sources_of(study, record, PEOPLE)
        (row,) = record.body["rows"]
        assert sorted(people) == PEOPLE
        assert [people[at] for at in row["said"]] == ["I02"]
        assert len(ledger.sources_of(study, record, PEOPLE[:2])) == 3, "somebody unknown stays a mark"
    one, other = (record.body["people"] for record in ledger.records(study))
    assert not set(one) & set(other), "the same people have other marks in another release"


def test_in_a_vault_it_is_closed_padded_and_read_by_whoever_opens_it_later(root: Path) -> None:
    secret, study = sealed(root)
    ledger.keep(study, body(), PEOPLE)
    ledger.keep(study, body(date="2024-06-02", rows=[]), [])
    files = sorted((root / "study" / "vault").glob("ledger-*.age"))
    sizes = [path.stat().st_size for path in files]
    assert max(sizes) - min(sizes) < 1024, "of nobody or of three: what is left is what age itself adds at random"
    with pytest.raises(MaillageError, match="vault_locked"):
        ledger.records(open_study(root / "study"))
    new, public = age.make()
    vault.change_people(vault.unlock(study, secret, coder="ana"), "ana", {"cy": public, "bo": age.make()[1]})
    later = Study(study.path, study.settings, study.pack, new)
    assert [record.body["date"] for record in ledger.records(later)] == ["2024-06-01", "2024-06-02"]


def test_nobody_can_say_whose_mark_it_was_when_a_key_is_destroyed(root: Path) -> None:
    secret, study = sealed(root)
    ledger.keep(study, body(), PEOPLE)
    vault.erase(vault.unlock(study, secret, coder="ana"), "ana", "I02", "asked")
    (record,) = ledger.records(study)
    people = ledger.sources_of(study, record, PEOPLE)
    assert sorted(name for name in people if name in PEOPLE) == ["I01", "I03"]
    assert len(people) == 3


def test_a_record_that_a_stranger_closed_is_refused(root: Path) -> None:
    _, study = sealed(root)
    told = vault.read_known(study.path)
    path = study.path / "vault" / "ledger-0000.age"
    path.write_bytes(age.close(b"0" * 64 + b'{"v":1,"study":"practice","salt":"","body":{}}', [told.field_key]))
    with pytest.raises(MaillageError, match="ledger_damaged"):
        ledger.records(study)


@pytest.mark.parametrize("spoiled", [
    {"salt": None}, {"body": None}, {"body": {}}, {"body": body(people=[])}, {"body": body()},
    {"body": body(people=["a", "b", "c"], rows=[{"shown": {}, "asked": [0], "said": []}])},
    {"body": body(people=["a", "b", "c"], when=3)},
])  # fmt: skip
def test_a_record_that_lacks_something_is_refused_in_a_sentence(root: Path, spoiled: dict[str, Any]) -> None:
    study = open_study(root / "study")
    whole = {"v": 1, "study": "practice", "salt": "x", "body": body(people=["a", "b", "c"])}
    path = root / "study" / "ledger" / "ledger-00.json"
    path.parent.mkdir()
    path.write_bytes(orjson.dumps(whole))
    assert len(ledger.records(study)) == 1
    path.write_bytes(orjson.dumps(whole | spoiled))
    with pytest.raises(MaillageError, match="ledger_damaged"):
        ledger.records(study)


def test_copies_unite_their_ledgers(root: Path) -> None:
    here, there = open_study(root / "study"), root / "there"
    there.mkdir()
    (there / "study.yml").write_text(SETTINGS, "utf-8")
    ledger.keep(here, body(), PEOPLE)
    ledger.keep(open_study(there), body(), PEOPLE)
    ledger.keep(open_study(there), body(to="ministry"), PEOPLE)
    for _ in range(2):
        assert merge(here, there, "ana").findings == ()
    assert sorted(record.body["to"] for record in ledger.records(here)) == ["", "ministry"]


@pytest.mark.parametrize("closed", [False, True])
def test_a_crash_leaves_the_release_kept_or_not_and_nothing_between(root: Path, closed: bool) -> None:
    study = sealed(root)[1] if closed else open_study(root / "study")

    def act(seen: Recorder) -> None:
        ledger.keep(study, body(), PEOPLE)
        seen.acknowledge("kept")

    def found(told: list[Any]) -> None:
        assert len(ledger.records(study)) in ((1,) if told else (0, 1))

    def recover() -> None:
        ledger.keep(study, body(), PEOPLE)

    assert explore(root, act, recover, found, lambda told: found(["kept"])) > 8


def test_a_record_that_is_gone_is_missed(root: Path) -> None:
    """Deleting what went out would let the next release tell what it must not: nothing goes out before it is back."""
    study = open_study(root / "study")
    ledger.keep(study, body(), PEOPLE)
    assert check_copy(study) == []
    (path,) = (root / "study" / "ledger").iterdir()
    there = path.read_bytes()
    path.unlink()
    path.parent.rmdir()
    assert [item.code for item in check_copy(study)] == ["ledger_gone"]
    with pytest.raises(MaillageError) as refused:
        ledger.records(study)
    assert (refused.value.code, refused.value.findings[0].file) == ("ledger_missing", path.name)
    path.parent.mkdir()
    path.write_bytes(there)
    assert len(ledger.records(study)) == 1
    path.unlink()
    heads.forget(study.path, study.settings.id)
    assert ledger.records(study) == []


def test_one_that_came_by_a_merge_is_missed_too(root: Path) -> None:
    study = open_study(root / "study")
    shutil.copytree(study.path, root / "other")
    ledger.keep(open_study(root / "other"), body(), PEOPLE)
    merge(study, root / "other", "ana")
    assert len(ledger.records(study)) == 1
    shutil.rmtree(study.path / "ledger")
    with pytest.raises(MaillageError, match="ledger"):
        ledger.records(study)
