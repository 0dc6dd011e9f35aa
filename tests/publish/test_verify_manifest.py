"""Manifests that somebody wrote over: a coded finding and never a traceback, and nobody named who did not sign."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from made_release import released, study

from maillage.app.cli import group
from maillage.errors import catalogue
from maillage.publish.manifest import NAME, OLDER, SEAL, SIGNATURE, _signable, manifest, sealed
from maillage.signing import Signer, known_key
from maillage.verbs.verify import verify

DEVICE = Signer(Ed25519PrivateKey.generate(), "ana.0123abcd")
STRANGER = Signer(Ed25519PrivateKey.generate())
Manifest = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of one file for the public, of a study that this user publishes."""
    path = tmp_path_factory.mktemp("release")
    (path / "notes.txt").write_bytes(b"as written")
    (path / NAME).write_bytes(manifest(released(study({"EX0101": (6, 12)})), {"notes.txt": b"as written"}))
    assert known_key("small")
    return path


@pytest.fixture
def good(folder: Path) -> Iterator[Manifest]:
    content = (folder / NAME).read_bytes()
    yield json.loads(content)
    (folder / NAME).write_bytes(content)


def codes(folder: Path, raw: Manifest) -> list[str]:
    (folder / NAME).write_bytes(sealed(raw))
    return [item.code for item in verify(folder)]


def typed(folder: Path) -> tuple[int, list[str]]:
    """Exit code and codes of what the command says of a folder."""
    done = CliRunner().invoke(group, ["verify", str(folder), "--json"], catch_exceptions=False)
    return done.exit_code, [item["code"] for item in json.loads(done.stdout)]


def signed_by(signer: Signer, raw: Manifest, *, older: bool = False, **about: str) -> Manifest:
    """The manifest signed anew; `older`: as before the signature covered what stands beside it."""
    bare = {key: value for key, value in raw.items() if key not in (SIGNATURE, SEAL)}
    beside = {"algorithm": "ed25519", "key": signer.public, **about}
    message = OLDER + _signable(bare) if older else b"maillage release 2\n" + _signable({**bare, SIGNATURE: beside})
    return {**bare, SIGNATURE: {**beside, "value": signer.sign(message)}}


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
WORDS = st.sampled_from(["files", "study", SIGNATURE, SEAL, "audience", "key", "value", "device", "algorithm"])


@st.composite
def mutilated(draw: st.DrawFn, good: Manifest) -> bytes:
    """A manifest with parts taken out, put in or replaced, sealed anew or not, or cut and mixed as bytes."""
    raw = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, 3))):
        inner = [raw, *(raw[key] for key in ("files", SIGNATURE) if isinstance(raw.get(key), dict))]
        at = draw(st.sampled_from(inner))
        name = draw(st.sampled_from(sorted(at)) | WORDS | st.text(max_size=4)) if at else draw(WORDS)
        if draw(st.booleans()):
            at.pop(name, None)
        else:
            at[name] = draw(anything)
    try:
        content = sealed(raw) if draw(st.booleans()) else json.dumps(draw(st.just(raw) | anything)).encode()
    except UnicodeEncodeError:  # a half of a sign: nothing that a file can hold
        content = json.dumps(raw).encode()
    start, end = sorted(draw(st.integers(0, len(content))) for _ in range(2))
    return draw(st.sampled_from([content, content[:start], content[:start] + content[end:]]))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_mutilated_manifest_is_a_finding_whatever_it_holds(folder: Path, data: st.DataObject) -> None:
    written = (folder / NAME).read_bytes()
    content = data.draw(mutilated(json.loads(written)))
    try:
        (folder / NAME).write_bytes(content)
        code, found = typed(folder)
    finally:
        (folder / NAME).write_bytes(written)
    assert set(found) <= catalogue().keys()
    assert found or content == written
    assert code == any(catalogue()[name]["level"] == "error" for name in found)


@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b"3", b"null", b'"a"', b'{"files": {}}', b'{"files": {"a": 1}}',
    b'{"files": [[1, "a"], ["b", "c"]]}',
    b'{"files": {"\\ud800": "a"}}',
    b'{"files":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b"\xff\xfe", b"1" * 9_000,
])  # fmt: skip
@pytest.mark.usefixtures("good")
def test_what_is_no_manifest_is_said_to_be_none(folder: Path, content: bytes) -> None:
    (folder / NAME).write_bytes(content)
    code, found = typed(folder)
    assert code == 1
    assert found[0] in {"manifest_unreadable", "file_changed"}


@pytest.mark.parametrize("signature", ["abc", ["x"], 7, {"algorithm": "ed25519"},
                                       {"algorithm": "ed25519", "key": 5, "value": 7}])  # fmt: skip
def test_a_signature_that_is_none_does_not_stop_the_check(folder: Path, good: Manifest, signature: object) -> None:
    assert codes(folder, {**good, SIGNATURE: signature})[0] in {"release_unsigned", "signature_wrong"}
    assert typed(folder)[1]


def test_a_device_put_beside_a_good_signature_breaks_it(folder: Path, good: Manifest) -> None:
    good[SIGNATURE]["device"] = "lune.deadbeef"
    assert "signature_wrong" in codes(folder, good)


def test_a_device_that_signed_cannot_be_renamed_or_taken_off(folder: Path, good: Manifest) -> None:
    team = signed_by(DEVICE, {**good, "audience": "team"}, device=DEVICE.device)
    assert codes(folder, team) == []
    for about in ({"device": "bo.deadbeef"}, {"device": ""}, {}):
        bare = {key: value for key, value in team[SIGNATURE].items() if key != "device"}
        assert "signature_wrong" in codes(folder, {**team, SIGNATURE: bare | about})


def test_what_the_writer_signs_is_what_a_reader_checks(folder: Path, good: Manifest) -> None:
    told = json.loads(manifest(released(study({"EX0101": (6, 12)})), {"notes.txt": b"as written"}, DEVICE))
    assert told == {**signed_by(DEVICE, good, device=DEVICE.device), SEAL: told[SEAL]}


def test_a_release_of_before_is_still_sound(folder: Path, good: Manifest) -> None:
    stranger = signed_by(STRANGER, good, older=True)
    assert codes(folder, stranger) == ["publisher_not_you"], "and nothing of its signature"


@pytest.mark.parametrize(
    ("lang", "first"), [("en", "but the name of the device"), ("fr", "sauf le nom de l'ordinateur")]
)
def test_a_device_of_before_is_told_as_unsigned(folder: Path, good: Manifest, lang: str, first: str) -> None:
    older = signed_by(DEVICE, {**good, "audience": "team"}, older=True)
    for name in (DEVICE.device, "bo.deadbeef"):
        older[SIGNATURE]["device"] = name
        assert codes(folder, older) == ["device_unsigned"]
        done = CliRunner().invoke(group, ["verify", str(folder), "--lang", lang])
        assert (done.exit_code, first in done.output.splitlines()[0], name in done.output) == (0, True, True)
    older[SIGNATURE]["reviewed"] = "by everybody"
    assert codes(folder, older) == ["signature_wrong"]


@pytest.mark.parametrize("older", [True, False])
def test_a_device_named_by_a_stranger_excuses_nothing_outside_the_team(
    folder: Path, good: Manifest, older: bool
) -> None:
    forged = signed_by(STRANGER, good, older=older)
    assert "publisher_not_you" in codes(folder, forged)
    named = signed_by(STRANGER, good, device="ana.0123abcd")
    assert codes(folder, named) == ["publisher_not_you"]
    forged[SIGNATURE]["device"] = "ana.0123abcd"
    assert {"publisher_not_you", "device_unsigned" if older else "signature_wrong"} <= set(codes(folder, forged))
