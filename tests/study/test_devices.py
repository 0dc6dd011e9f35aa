"""Whose computer a log comes from: what nobody confirmed counts, but destroys nothing; who confirms must be trusted."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.errors import MaillageError
from maillage.study import age, devices, keys, log, met, vault, vault_files
from maillage.study.devices import Signer
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.keeping import keep
from maillage.study.merge import merge
from maillage.study.observations import replay
from maillage.verbs import devices as verb
from maillage.verbs import merge as verb_merge

SETTINGS = "id: p\ntitle: P\nlanguages: [en]\npack: nexus\ncoders: [ana, bo, cyd]\nsealed: informants\n"
SECRET, PUBLIC = age.make()
OTHER = age.make()[1]
Use = Callable[[str], None]


@pytest.fixture
def on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Use:
    return lambda name: monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "computers" / name))


@pytest.fixture
def study(tmp_path: Path, on: Use) -> Study:
    """Ana's study with a vault and two informants, and what I1 said in a closed file."""
    on("ana")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "study.yml").write_text(SETTINGS, "utf-8")
    made = open_study(tmp_path / "a")
    vault.create(made, "ana", {"ana": PUBLIC, "bo": OTHER})
    opened = vault.unlock(made, SECRET, coder="ana")
    keep(made, "ana", [Draft("assert", "source", {"id": one, "kind": "interview"}) for one in ("I1", "I2")],
         opened=opened)  # fmt: skip
    vault_files.store(vault.unlock(made, SECRET, coder="ana"), "I1", {"text": "x"})
    return made


def copied(study: Study, name: str) -> Study:
    return open_study(shutil.copytree(study.path, study.path.with_name(name)))


def erasure(source: str) -> Draft:
    return Draft("erase", "source", {"ciphertext_sha256": []}, of=source, why="asked")


def codes(study: Study) -> list[str]:
    return [item.code for item in devices.check(study.path, study.settings.coders)]


def there(study: Study) -> tuple[bool, bool]:
    """Whether the closed file of I1 and its key are still here, after an unlocking."""
    ring = vault.unlock(study, SECRET, coder="ana").ring
    return (study.path / "vault" / "I1.age").exists(), "I1" in ring.sources


def strange(study: Study, on: Use, drafts: Sequence[Draft], coder: str = "bo") -> Study:
    """A copy in which somebody else's computer wrote under the name of `coder`."""
    other = copied(study, f"from-{coder}")
    on("stranger")
    log.append(other, coder, drafts)
    on("ana")
    return other


@pytest.mark.parametrize("way", ["merge", "by hand"])
def test_a_strangers_erasure_counts_and_destroys_nothing(study: Study, on: Use, way: str) -> None:
    other = strange(study, on, [erasure("I1")])
    if way == "merge":
        found = merge(study, other.path, "ana").findings
        assert [item.code for item in found] == ["merge_device", "erasure_waits"]
        assert {item.level for item in found} == {"warning"}
    else:
        (path,) = (other.path / "log").glob("bo.*")
        shutil.copy(path, study.path / "log")
    assert codes(study) == ["device_unconfirmed", "device_acts"]
    assert there(study) == (True, True)
    told = replay(study, vault.unlock(study, SECRET, coder="ana").ring.sources)
    assert (told.erased, told.sources["id"].to_list()) == (("I1",), ["I2"]), "a tombstone wins, whoever wrote it"
    (name,) = [one.signer.name for one in verb.listed(study.path) if not one.confirmed]
    verb.confirm(study.path, name, coder="ana")
    assert codes(study) == []
    assert there(study) == (False, False)


def test_an_erasure_that_the_vault_itself_vouches_for_needs_no_confirmation(study: Study, on: Use) -> None:
    other = copied(study, "b")
    on("bo")
    vault.erase(vault.unlock(other, SECRET, coder="bo"), "bo", "I1", "asked")
    on("ana")
    assert "erasure_waits" in [item.code for item in merge(study, other.path, "ana").findings]
    assert there(study) == (False, False)


def test_lines_that_no_signature_covers_destroy_nothing(study: Study, on: Use) -> None:
    """Anybody can go on writing in a copy of Ana's own log: the chain needs no key, the checkpoint does."""
    log.append(study, "ana", [erasure("I1")])
    (path,) = log.files(study.path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    assert log.read(path).damage is None
    assert vault.read_known(study.path).waiting == {"I1"}
    path.write_bytes(b"".join(lines))
    assert vault.read_known(study.path).waiting == set()


def test_a_forged_name_of_a_known_device_is_not_that_device(study: Study, on: Use, tmp_path: Path) -> None:
    """The same coder and device name with another key: a log of its own, and a stranger's."""
    name = keys.device().name
    on("forger")
    (tmp_path / "computers" / "forger").mkdir()
    (tmp_path / "computers" / "forger" / "device.key").write_text(f"{name} {'17' * 32}\n", "ascii")
    (tmp_path / "forged").mkdir()
    shutil.copy(study.path / "study.yml", tmp_path / "forged")
    log.append(open_study(tmp_path / "forged"), "ana", [erasure("I1")])
    on("ana")
    taken = {item.file: item.action for item in merge(study, tmp_path / "forged", "ana").taken}
    assert taken == {f"ana.{name}.jsonl": "fork"}
    assert vault.read_known(study.path).waiting == {"I1"}
    assert codes(study) == ["device_unconfirmed", "device_acts"]
    assert there(study) == (True, True)


def test_keys_for_the_vault_from_a_stranger_close_nothing_to_them(study: Study, on: Use) -> None:
    """Same field key, which everybody can read in the log, and other people: results would be closed to them."""
    told = vault.read_known(study.path)
    planted = {"generation": 999, "people": ["x"], "recipients": [OTHER], "field": told.field_key,
               "keyring_sha256": "00"}  # fmt: skip
    fresh = Draft("key", "informant", {"source": "I9", "recipient": OTHER})
    other = strange(study, on, [Draft("key", "vault", planted), fresh])
    merge(study, other.path, "ana")
    now = vault.read_known(study.path)
    assert (now.generation, now.recipients, sorted(now.informants)) == (told.generation, told.recipients, ["I1", "I2"])
    assert codes(study) == ["device_unconfirmed", "device_acts"]


def test_a_device_with_other_keys_is_not_confirmed(study: Study, on: Use) -> None:
    other = strange(study, on, [Draft("key", "informant", {"source": "I1", "recipient": OTHER})])
    (path,) = (other.path / "log").glob("bo.*")
    shutil.copy(path, study.path / "log")
    with pytest.raises(MaillageError, match="device_keys"):
        verb.confirm(study.path, path.stem, coder="ana")
    with pytest.raises(MaillageError, match="device_unknown"):
        verb.confirm(study.path, "bo.00000000", coder="ana")


def test_a_stranger_cannot_confirm_himself_but_a_confirmed_colleague_confirms_others(study: Study, on: Use) -> None:
    on("stranger")
    key = keys.device()
    other = strange(study, on, [devices.confirmation(Signer("bo", key.name, key.public)), erasure("I1")])
    merge(study, other.path, "ana")
    assert codes(study) == ["device_unconfirmed", "device_acts"]
    on("cyd")
    third = copied(study, "c")
    log.append(third, "cyd", [erasure("I2")])
    name = keys.device().name
    on("stranger")
    merge(other, third.path, "bo")
    verb.confirm(other.path, f"cyd.{name}", coder="bo")
    on("ana")
    merge(study, other.path, "ana")
    assert vault.read_known(study.path).waiting == {"I1", "I2"}
    verb.confirm(study.path, f"bo.{key.name}", coder="ana")
    assert (vault.read_known(study.path).waiting, codes(study)) == (set(), [])
    assert [one.by for one in verb.listed(study.path) if one.signer.coder == "cyd"] == [("bo",)]


def test_who_was_there_at_first_sight_is_known_and_who_comes_later_is_not(study: Study, on: Use) -> None:
    on("bo")
    mine = copied(study, "b")
    assert codes(mine) == [], "Bo met Ana's computer with the copy that she gave"
    assert [(one.own, one.confirmed) for one in verb.listed(mine.path)] == [(False, True)]
    on("stranger")
    log.append(mine, "ana", [erasure("I1")])
    on("bo")
    assert codes(mine) == ["device_unconfirmed", "device_acts"]
    log.append(mine, "bo", [Draft("assert", "source", {"id": "D1", "kind": "document"})])
    assert codes(mine) == ["device_unconfirmed", "device_acts"], "one's own entry vouches for nobody else"
    met.forget(mine.path, "p")
    assert codes(mine) == []


def test_withdrawals_and_corrections_of_others_are_named(study: Study, on: Use) -> None:
    log.append(study, "ana", [Draft("assert", "observation", {"source": "D1"}, id="o1")])
    own = [Draft("assert", "memo", {"about": "o1"}, id="m1"), Draft("retract", "memo", of="m1", why="x")]
    drafts = [Draft("withdraw", "source", of="I2"), Draft("retract", "observation", of="o1", why="x"), *own]
    other = strange(study, on, drafts)
    merge(study, other.path, "ana")
    found = devices.check(study.path, study.settings.coders)[1]
    assert found.value == "withdraw I2, retract (1)"
    assert "withdraw I2" in found.message("fr")


@pytest.mark.parametrize("yes", [True, False])
def test_a_merge_asks_once_for_each_new_computer(study: Study, on: Use, yes: bool) -> None:
    other = strange(study, on, [Draft("assert", "source", {"id": "D1", "kind": "document"})])
    asked: list[str] = []

    def ask(one: devices.Device) -> bool:
        asked.append(one.signer.coder)
        return yes

    union = verb_merge.merge(study.path, other.path, coder="ana", ask=ask)
    assert asked == ["bo"]
    assert [item.code for item in union.findings] == ([] if yes else ["merge_device"])
    assert codes(study) == ([] if yes else ["device_unconfirmed"])
    assert union.after.sources == union.before.sources + 1, "what they entered counts either way"
    verb_merge.merge(study.path, other.path, coder="ana", ask=ask)
    assert asked == (["bo"] if yes else ["bo", "bo"])


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.permutations(range(3)),
    st.lists(st.tuples(st.sampled_from(["erase", "confirm", "say"]), st.integers(0, 2), st.integers(0, 2)), max_size=6),
)
def test_any_order_of_merging_gives_the_same_tombstones_the_same_trust_and_the_same_tables(
    tmp_path_factory: pytest.TempPathFactory, on: Use, order: list[int], acts: list[tuple[str, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("h")
    (folder / "first").mkdir()
    (folder / "first" / "study.yml").write_text(SETTINGS, "utf-8")
    names = ("ana", "bo", "cyd")
    copies: list[Study] = []
    for name in names:
        copies.append(copied(open_study(folder / "first"), f"h-{name}"))
        on(name)
        log.append(copies[-1], name, [Draft("assert", "source", {"id": f"D-{name}", "kind": "document"})])
    keys_of = {}
    for name in names:
        on(name)
        keys_of[name] = keys.device()
    for what, who, whom in acts:
        on(names[who])
        key = keys_of[names[whom]]
        draft = {
            "erase": erasure(f"I{whom}"),
            "confirm": devices.confirmation(Signer(names[whom], key.name, key.public)),
            "say": Draft("assert", "source", {"id": f"D{who}{whom}", "kind": "document"}),
        }[what]
        log.append(copies[who], names[who], [draft])
    on("ana")
    views = set()
    for turn, way in enumerate((order, [0, 1, 2], [2, 1, 0])):
        one = copied(copies[0], f"m{turn}")
        met.start(one.path, "p", log.files(one.path))
        for number in (*way, *way):
            merge(one, copies[number].path, "ana")
        known, told = vault.read_known(one.path), replay(one)
        trust = [(item.signer, item.by, item.confirmed) for item in devices.listed(one.path)]
        views.add(repr((sorted(known.erased), sorted(known.waiting), trust, told.sources.drop("entry").rows())))
    assert len(views) == 1
