"""Manifest and verify: one flipped byte, a missing file, a file too many, a number that the data do not have."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_release import released, study

from folders import STUDIES
from maillage.errors import MaillageError
from maillage.publish import data
from maillage.publish.manifest import NAME, manifest, sealed
from maillage.publish.verify import publisher, verify
from maillage.signing import Signer, release_signer
from maillage.verbs.verify import verify as verify_any

IDENT = "links/EX0101/cooperation"
PAGE = f'<p><data class="estimate" data-estimate="{IDENT}" value="0.5">6 of 12</data> é</p>'


def build(folder: Path, page: str = PAGE) -> Path:
    release = released(study({"EX0101": (6, 12)}))
    files = {f"data/{name}": content for name, content in data.files(release).items()}
    files["report.en.html"] = page.encode()
    for name, content in (files | {NAME: manifest(release, files)}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return build(tmp_path / "release")


def codes(folder: Path) -> list[tuple[str, str | None]]:
    return [(item.code, item.file) for item in verify(folder)]


def test_a_release_as_it_was_built_is_sound(folder: Path) -> None:
    assert verify(folder) == []


def test_the_manifest_says_what_the_release_is(folder: Path) -> None:
    told = json.loads((folder / NAME).read_text("utf-8"))
    assert (told["study"], told["audience"], told["date"]) == ("small", "public", "2024-06-01")
    assert told["pack"]["id"] == "nexus"
    assert told["withheld"] == told["estimates"].get("withheld", 0)
    page = (folder / "report.en.html").read_bytes()
    assert told["files"]["report.en.html"] == hashlib.sha256(page).hexdigest()
    assert "trace" not in (folder / NAME).read_text("utf-8")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_one_flipped_bit_anywhere_is_found(folder: Path, chance: object) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    file = chance.choice(files)  # type: ignore[attr-defined]
    before = file.read_bytes()
    at = chance.randrange(len(before))  # type: ignore[attr-defined]
    file.write_bytes(before[:at] + bytes([before[at] ^ (1 << chance.randrange(8))]) + before[at + 1 :])  # type: ignore[attr-defined]
    assert verify(folder)
    file.write_bytes(before)


def test_a_file_that_is_gone_or_was_added(folder: Path) -> None:
    (folder / "data" / "findings.csv").unlink()
    (folder / "data" / "notes.txt").write_text("x", "utf-8")
    assert codes(folder) == [("file_gone", "data/findings.csv"), ("file_extra", "data/notes.txt")]


def test_a_link_in_the_folder_is_no_file_of_the_release(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "folder").symlink_to(tmp_path / "elsewhere")
    (folder / "lost").symlink_to(tmp_path / "nowhere")
    page = folder / "report.en.html"
    page.rename(tmp_path / "page.html")
    page.symlink_to(tmp_path / "page.html")
    assert codes(folder) == [("file_extra", "folder"), ("file_extra", "lost"), ("file_changed", "report.en.html")]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": 3}', '{"files": ["a"]}', "{" * 100_000, "\0"])
def test_a_manifest_that_is_none(folder: Path, text: str) -> None:
    (folder / NAME).write_text(text, "utf-8")
    assert codes(folder) == [("manifest_unreadable", NAME)]


def test_a_folder_without_manifest(tmp_path: Path) -> None:
    assert codes(tmp_path) == [("manifest_unreadable", NAME)]


@pytest.mark.parametrize(("page", "code"), [
    (PAGE.replace('"0.5"', '"0.6"'), "number_differs"), (PAGE.replace('"0.5"', '"many"'), "number_differs"),
    (PAGE.replace(IDENT, "links/EX0101/nothing"), "number_without_data"),
])  # fmt: skip
def test_a_printed_number_must_be_the_one_of_the_data(tmp_path: Path, page: str, code: str) -> None:
    assert codes(build(tmp_path / "r", page)) == [(code, "report.en.html")]


def test_a_number_in_words_needs_no_value(tmp_path: Path) -> None:
    assert verify(build(tmp_path / "r", PAGE.replace('value="0.5"', 'value=""'))) == []


def test_a_manifest_written_anew_still_needs_its_own_hash(folder: Path) -> None:
    told = json.loads((folder / NAME).read_text("utf-8"))
    told["audience"] = "team"
    (folder / NAME).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert codes(folder) == [("file_changed", NAME)]
    assert json.loads(sealed(told))["manifest_sha256"] != told["manifest_sha256"]


def resealed(folder: Path, **changes: object) -> None:
    """What a stranger does who can write to the folder: other content, every hash made anew."""
    page = folder / "report.en.html"
    page.write_text(PAGE.replace("6 of 12", "12 of 12"), "utf-8")
    told = json.loads((folder / NAME).read_text("utf-8")) | changes
    told["files"]["report.en.html"] = hashlib.sha256(page.read_bytes()).hexdigest()
    (folder / NAME).write_bytes(sealed({name: value for name, value in told.items() if value is not None}))


def test_a_stranger_who_seals_a_changed_release_anew_is_told(folder: Path) -> None:
    resealed(folder)
    assert codes(folder) == [("signature_wrong", NAME)]


def test_a_stranger_who_takes_the_signature_off_is_told(folder: Path) -> None:
    own = publisher(folder)
    resealed(folder, signature=None)
    assert codes(folder) == [("release_unsigned", NAME)]
    assert {item.level for item in verify(folder)} == {"warning"}, "as an older release has none"
    assert [(item.code, item.level) for item in verify(folder, own)] == [("publisher_unsigned", "error")]


def test_a_stranger_who_signs_with_their_own_key_is_told_to_who_knows_the_publishers(folder: Path) -> None:
    own = publisher(folder)
    stranger = Signer(Ed25519PrivateKey.generate())
    (folder / NAME).unlink()
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (folder / NAME).write_bytes(manifest(released(study({"EX0101": (6, 12)})), files, stranger))
    assert codes(folder) == []
    assert [item.code for item in verify(folder, own)] == ["publisher_other"]
    assert [item.code for item in verify(folder, own[:16])] == ["publisher_other"]
    assert verify(folder, stranger.public[:16]) == []
    assert [item.code for item in verify_any(folder)] == ["publisher_not_you"]


@pytest.mark.parametrize("signature", ["", [], {}, {"key": 3}, {"algorithm": "none", "key": "", "value": ""},
                                       {"algorithm": "ed25519", "key": "zz", "value": "é"}])  # fmt: skip
def test_a_signature_that_is_none(folder: Path, signature: object) -> None:
    resealed(folder, signature=signature)
    assert [item.code for item in verify(folder)] in (["signature_wrong"], ["release_unsigned"])


@pytest.mark.parametrize("key", ["", "abc", "G" * 16, "a" * 65, "A" * 16])
def test_a_key_that_is_none(folder: Path, key: str) -> None:
    with pytest.raises(MaillageError) as caught:
        verify_any(folder, key=key)
    assert (caught.value.code, caught.value.exit_code) == ("key_form", 2)


def test_a_study_has_no_publisher(tmp_path: Path) -> None:
    with pytest.raises(MaillageError) as caught:
        verify_any(STUDIES / "first-steps", key="a" * 16)
    assert caught.value.code == "key_without_release"


def test_two_programs_at_once_make_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: release_signer("a/../study").public, range(40)))
    assert found == {release_signer("a/../study").public}
    assert release_signer("other").public not in found
    (file, _) = (tmp_path / "config" / "releases").iterdir()
    assert file.stat().st_mode & 0o77 == 0
