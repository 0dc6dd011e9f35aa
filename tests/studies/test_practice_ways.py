"""The practice study by hand, by its script, and sealed: each way gives the same statements."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pypdfium2
import pytest

from folders import ROOT, STUDIES
from maillage.study import identity, log, vault, vault_files
from maillage.study.folder import open_study
from maillage.study.observations import Replay, replay
from make_practice import write
from practice import entering, files
from practice.world import CODERS, ERASED

STUDY, SEED = STUDIES / "practice", 77
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def assert_alike(made: Replay, kept: Replay) -> None:
    """The same sources and statements, whenever and wherever they were entered."""
    assert made.codings.drop("entry").equals(kept.codings.drop("entry"))
    assert made.sources.drop("entry").equals(kept.sources.drop("entry"))


@pytest.mark.slow
def test_the_lesson_is_typed_as_it_stands_and_every_page_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "studies").symlink_to(STUDIES)
    blocks = BLOCK.findall((ROOT / "docs" / "practice.md").read_text("utf-8"))
    lines = [line for text in blocks for line in text.split("\n")]
    env = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for line in filter(None, lines):
        typed = ["sh", "-c", line.removeprefix("$ ")]
        done = subprocess.run(typed, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    assert_alike(replay(open_study(tmp_path / "lesson")), replay(open_study(STUDY)))
    reports = sorted(tmp_path.glob("lesson-*/report.*.pdf"))
    assert len(reports) == 4
    for report in reports:
        pages = [page.get_textpage().get_text_range().upper() for page in pypdfium2.PdfDocument(report)]
        assert len(pages) > 3
        said = "DONNÉES FICTIVES" if ".fr." in report.name else "SYNTH"
        assert [number for number, text in enumerate(pages, 1) if said not in text] == []
        assert "SYNTH" in report.with_suffix(".html").read_text("utf-8").upper()


@pytest.mark.slow
def test_the_study_is_built_anew_by_its_script(tmp_path: Path) -> None:
    out = tmp_path / "out"
    subprocess.run([sys.executable, ROOT / "scripts" / "make_practice.py", out], check=True, capture_output=True)
    assert_alike(replay(open_study(out / "study")), replay(open_study(STUDY)))
    assert {path.name for path in out.iterdir()} >= {"study", "public", "team"}
    assert len(log.files(out / "study")) == len(CODERS)


@pytest.mark.slow
def test_sealed_the_study_gives_the_same_numbers_and_forgets_who_asks_for_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "kori"))
    write(tmp_path / "study", {name: raw for name, raw in files.made(SEED).items() if not name.startswith("texts/")})
    write(tmp_path / "inbox", {name: raw for name, raw in files.made(SEED).items() if name.startswith("texts/")})
    shutil.copy(STUDY / "study.yml", tmp_path / "study")
    entering.enter_sealed(tmp_path / "study", tmp_path / "inbox", tmp_path)
    study = open_study(tmp_path / "study")
    opened = vault.unlock(study, identity.unlock(entering.WORDS), coder="kori")
    plain, sealed = replay(open_study(STUDY)), replay(study, opened.ring.sources)
    assert sealed.codings.drop("entry").equals(plain.codings.drop("entry"))
    assert replay(study).codings["source"].str.head(1).unique().sort().to_list() == ["C", "D"]
    assert vault_files.fetch(opened, ERASED)["identity"]["name"] == "Nobody-Number-17"
    everything = b"".join(path.read_bytes() for path in study.path.rglob("*") if path.is_file())
    assert b"Nobody-Number" not in everything
    assert "SYNTHÉTIQUE : inventé".encode() not in everything
    opened = vault.erase(opened, "kori", ERASED, "asked for it")
    left = replay(study, opened.ring.sources)
    assert left.erased == (ERASED,)
    assert left.codings.drop("entry").equals(plain.codings.filter(pl.col("source") != ERASED).drop("entry"))
