"""A release: whole or not at all, the same bytes wherever it is built, checked by its own manifest."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from folders import STUDIES, folder_hash
from maillage import signing
from maillage.errors import MaillageError
from maillage.publish.verify import verify as verify_release
from maillage.study import keys
from maillage.verbs import release as verb
from maillage.verbs.check import check
from maillage.verbs.observe import observe

FILES = {
    "report.fr.html", "report.en.html", "report.fr.pdf", "report.en.pdf", "manifest.json", "data/estimates.csv",
    "data/findings.csv", "data/priorities.csv", "data/routes.csv", "data/places.csv", "data/sources.csv",
    "report.fr.docx", "report.en.docx", "brief.fr.pdf", "brief.en.pdf",
    "brief.fr.html", "brief.en.html",
    "data/withheld.csv", "data/datapackage.json", "data/reporting.csv", "data/map.gpkg", "data/map.geojson",
    "data/maillage.xlsx", "data/estimates.parquet", "data/hxl/estimates.csv", "data/hxl/findings.csv",
    "data/hxl/places.csv", "data/hxl/priorities.csv", "data/hxl/routes.csv", "data/hxl/withheld.csv",
}  # fmt: skip


def quiet(name: str) -> None:
    """Nobody watches."""


def build(study: Path, out: Path, threads: str) -> str:
    """Build in a process of its own; the hash of the folder."""
    command = [Path(sys.executable).parent / "maillage", "release", "--study", study, "--out", out, "--langs", "fr,en"]
    subprocess.run([str(part) for part in command], check=True, env=os.environ | {"POLARS_MAX_THREADS": threads},
                   capture_output=True, cwd=out.parent)  # fmt: skip
    return folder_hash(out)


def test_a_release_has_every_file_and_verifies(mali_release) -> None:
    found = {path.relative_to(mali_release).as_posix() for path in mali_release.rglob("*") if path.is_file()}
    charts = {name for name in found if name.startswith("charts/")}
    assert found - charts == FILES
    stems = {name.removesuffix(".fr.svg") for name in charts if name.endswith(".fr.svg")}
    assert charts == {f"{stem}.{lang}.svg" for stem in stems for lang in ("fr", "en")} | {"charts/index.csv"}
    assert len(stems) > 10
    manifest = json.loads((mali_release / "manifest.json").read_text("utf-8"))
    assert set(manifest["files"]) == found - {"manifest.json"}
    assert verify_release(mali_release) == []


@pytest.mark.parametrize("threads", ["1", pytest.param("3", marks=pytest.mark.slow)])
def test_equal_studies_give_equal_bytes_with_any_threads_and_in_any_folder(mali_release, tmp_path, threads) -> None:
    copy = tmp_path / "elsewhere" / "a study"
    shutil.copytree(STUDIES / "mali", copy)
    assert build(copy, tmp_path / "out", threads) == folder_hash(mali_release)


def test_another_publisher_gives_the_same_bytes_but_for_the_signature(first_steps_release, tmp_path, monkeypatch):
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    verb.release(STUDIES / "first-steps", tmp_path / "out", audience="team", langs=None, step=quiet)
    told, other = (json.loads((folder / "manifest.json").read_text("utf-8"))
                   for folder in (first_steps_release, tmp_path / "out"))  # fmt: skip
    assert told["signature"]["device"] != other["signature"]["device"]
    assert {name for name in told if told[name] != other[name]} == {"signature", "manifest_sha256"}


def test_outside_the_team_nobody_is_named_as_signer(mali_release, first_steps_release) -> None:
    public, team = (json.loads((folder / "manifest.json").read_text("utf-8"))["signature"]
                    for folder in (mali_release, first_steps_release))  # fmt: skip
    assert set(public) == {"algorithm", "key", "value"}
    assert team["device"] == keys.device().name
    assert team["key"] == keys.device().public
    assert public["key"] not in {keys.device().public, team["key"]}
    assert (public["key"], True) == (signing.known_key("mali"), verify_release(mali_release, public["key"][:16]) == [])


def test_no_path_of_the_machine_and_no_trace_leaves(mali_release) -> None:
    texts = [path.read_text("utf-8") for path in mali_release.rglob("*") if path.suffix in {".html", ".csv", ".json"}]
    for path in mali_release.glob("*.docx"):
        with zipfile.ZipFile(path) as parts:
            texts += [parts.read(name).decode() for name in parts.namelist() if not name.endswith(".png")]
    for text in texts:
        assert str(Path.home()) not in text or str(Path.home()) == "/"
        assert str(STUDIES) not in text
    head = (mali_release / "data" / "estimates.csv").read_text("utf-8").splitlines()[0]
    assert "trace" not in head
    assert "counted" not in head


def test_a_folder_with_other_things_is_never_replaced(tmp_path) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "letter.txt").write_text("keep me")
    with pytest.raises(MaillageError) as caught:
        verb.release(STUDIES / "first-steps", out, audience="public", langs=None, step=quiet)
    assert caught.value.code == "out_not_release"
    assert (out / "letter.txt").read_text() == "keep me"


def test_errors_of_check_stop_a_release(tmp_path) -> None:
    study = tmp_path / "study"
    shutil.copytree(STUDIES / "first-steps", study)
    (study / "narrative").mkdir(exist_ok=True)
    (study / "narrative" / "en.md").write_text("# Key findings {#key_findings}\n\nIt is 60 per cent.\n", "utf-8")
    with pytest.raises(MaillageError) as caught:
        verb.release(study, tmp_path / "out", audience="public", langs=None, step=quiet)
    assert caught.value.code == "release_blocked"
    assert not (tmp_path / "out").exists()


def test_a_disk_that_fills_up_leaves_the_old_release_whole(tmp_path, monkeypatch) -> None:
    out = tmp_path / "out"
    verb.release(STUDIES / "first-steps", out, audience="public", langs=("en",), step=quiet)
    before = folder_hash(out)
    real = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == "estimates.csv":
            raise OSError(28, "No space left on device")
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        verb.release(STUDIES / "first-steps", out, audience="public", langs=("en",), step=quiet)
    assert folder_hash(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_cleared_without_a_review_in_the_log_is_told(tmp_path) -> None:
    study = tmp_path / "study"
    shutil.copytree(STUDIES / "first-steps", study)
    settings = study / "study.yml"
    settings.write_text(settings.read_text("utf-8").replace("status: draft", "status: cleared"), "utf-8")
    told = [item for item in check(study) if item.code == "cleared_without_review"]
    assert [(item.level, item.file, item.field) for item in told] == [("warning", "study.yml", "status")]
    review = tmp_path / "review.csv"
    review.write_text("source,kind,question,answer,finding,group,reason\n"
                      "I01,review,review,confirm,links/EX0101/cooperation,panel,seen\n", "utf-8")  # fmt: skip
    outcome = observe(study, review, coder="ana")
    assert [item for item in outcome.findings if item.level == "error"] == []
    assert "cleared_without_review" not in {item.code for item in check(study)}
    verb.release(study, tmp_path / "out", audience="public", langs=("en",), step=quiet)
    assert "Status: cleared for release" in (tmp_path / "out" / "report.en.html").read_text("utf-8")
