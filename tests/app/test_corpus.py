"""Each file of the corpus through the command: a coded problem in both languages, nothing written, soon, in little
room."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from made_study import Command

from made_corpus import CORPUS
from made_forms import guide_map

MOST_SECONDS, MOST_KB = 5, 400_000
MEASURED = """
import pathlib, sys
from maillage.app.cli import main
try:
    main(sys.argv[1:])
finally:
    status = pathlib.Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else ["VmHWM: 0 kB"]
    print(next(line.split()[1] for line in lines if line.startswith("VmHWM")), file=sys.stderr)
"""


@pytest.fixture
def ready(tmp_path: Path, say: Command) -> Path:
    """A study that has the places and the mapping of the form."""
    study, places = tmp_path / "s", tmp_path / "places.csv"
    places.write_text("code,name,level,parent\nEX01,Amont,admin1,ML\nEX0101,Mineville,admin2,EX01\n", "utf-8")
    assert say("new", study, "--country", "ML", "--coder", "ana", "--period", "2025").code == 0
    assert say("add", places, "--study", study).code == 0
    (study / "forms").mkdir()
    guide_map(study / "forms" / "guide.yml")
    return study


def words(study: Path, file: Path, kind: str, lang: str) -> list[str]:
    card = ["--map", "forms/guide.yml"] if kind == "form" else []
    return ["add", str(file), "--as", kind, *card, "--study", str(study), "--json", "--lang", lang]


@pytest.mark.parametrize("name", CORPUS)
def test_a_file_of_the_corpus_is_refused(
    name: str, ready: Path, say: Command, hash_of: Callable[[Path], str], tmp_path: Path
) -> None:
    bad = CORPUS[name]
    (folder := tmp_path / "in").mkdir()
    file = bad.make(folder)
    before, inputs = hash_of(ready), sorted(path.name for path in folder.iterdir())
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *words(ready, file, bad.kind, "en")],
        capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert time.perf_counter() - start < 2 * MOST_SECONDS, "twice the goal: other tests run beside this one"
    assert done.returncode == 1, done.stderr
    assert int(done.stderr.split()[-1]) < MOST_KB
    english = {item["code"]: item for item in json.loads(done.stdout)}
    assert bad.code in english
    french = {item["code"]: item for item in json.loads(say(*words(ready, file, bad.kind, "fr")).out)}
    assert english.keys() == french.keys()
    for code, item in english.items():
        assert item["message"], code
        assert item["remedy"], code
        assert french[code]["message"] != item["message"], code
    assert hash_of(ready) == before
    assert sorted(path.name for path in folder.iterdir()) == inputs
