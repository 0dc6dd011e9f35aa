"""`maillage release --preview`: the same numbers, marked on every page, and nothing in the ledger."""

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from maillage.app.commands.release import command
from maillage.errors import MaillageError
from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.verbs import ledger
from maillage.verbs.release import release

SETTINGS = "id: try\ntitle: Try\nlanguages: [fr, en]\npack: nexus\ncoders: [ana]\nsynthetic: true\nstatus: draft\n"
SAYS = {"en": "PREVIEW, not to be passed on", "fr": "APERÇU, à ne pas transmettre"}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve people, six of whom tell of cooperation."""
    path = tmp_path_factory.mktemp("preview") / "study"
    path.mkdir()
    (path / "study.yml").write_text(SETTINGS, "utf-8")
    log.append(open_study(path), "ana", [draft for at in range(12) for draft in _heard(at)])
    return path


def _heard(at: int) -> list[Draft]:
    who = {"id": f"I{at:02}", "kind": "interview", "consent": "anonymous", "stakeholder": "trader"}
    said = {"source": who["id"], "kind": "link", "question": "link", "answer": "cooperation" if at % 2 else "denied"}
    return [Draft("assert", "source", who), Draft("assert", "observation", said)]


@pytest.fixture(scope="module")
def out(study: Path) -> Path:
    folder = study.parent / "out"
    release(study, folder, audience="public", preview=True)
    return folder


def test_the_ledger_keeps_no_preview_but_the_release_after_it(study: Path, out: Path) -> None:
    assert ledger.history(study) == []
    release(study, study.parent / "real", audience="public", langs=["en"])
    assert len(ledger.history(study)) == 1
    assert json.loads((study.parent / "real" / "manifest.json").read_bytes())["status"] == "draft"
    release(study, study.parent / "again", audience="public", preview=True)
    assert len(ledger.history(study)) == 1


def test_a_preview_has_the_numbers_of_the_release(study: Path, out: Path) -> None:
    real = study.parent / "same"
    release(study, real, audience="public")
    assert (out / "data" / "estimates.csv").read_bytes() == (real / "data" / "estimates.csv").read_bytes()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_it_says_so_on_every_page(out: Path, lang: str) -> None:
    for name in ("report", "brief"):
        assert SAYS[lang] in (out / f"{name}.{lang}.html").read_text("utf-8")
        text = subprocess.run(
            ["pdftotext", out / f"{name}.{lang}.pdf", "-"], capture_output=True, text=True, check=True
        )
        pages = [re.sub(r"\s+", " ", page) for page in text.stdout.split("\f")[:-1]]
        assert pages
        assert [at for at, page in enumerate(pages) if SAYS[lang] not in page] == []
    with zipfile.ZipFile(out / f"report.{lang}.docx") as word:
        heads = [word.read(name).decode() for name in word.namelist() if name.startswith("word/header")]
    assert heads
    assert all(SAYS[lang] in head for head in heads)
    drawn = list((out / "charts").glob(f"*.{lang}.svg"))
    assert [path.name for path in drawn if SAYS[lang] not in path.read_text("utf-8")] == []


def test_the_manifest_the_package_and_the_workbook_say_so(out: Path) -> None:
    assert json.loads((out / "manifest.json").read_bytes())["status"] == "preview"
    assert json.loads((out / "data" / "datapackage.json").read_bytes())["status"] == "preview"
    with zipfile.ZipFile(out / "data" / "maillage.xlsx") as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert all(words in text for words in SAYS.values())


@pytest.mark.parametrize(("lang", "words"), [("en", "does not keep it"), ("fr", "ne le garde pas")])
def test_the_command_says_that_it_was_a_try(study: Path, lang: str, words: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(
        command, ["--preview", "--langs", "en", "--study", str(study), "--lang", lang], catch_exceptions=False
    )
    assert done.exit_code == 0
    assert words in done.output
    assert (tmp_path / "preview" / "manifest.json").is_file()
    assert not (tmp_path / "release").exists()


def test_no_study_calls_itself_a_preview(tmp_path: Path) -> None:
    (tmp_path / "study.yml").write_text(SETTINGS.replace("draft", "preview"), "utf-8")
    with pytest.raises(MaillageError) as problem:
        open_study(tmp_path)
    assert problem.value.code == "study_settings"
