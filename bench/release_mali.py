"""The release of studies/mali in both languages: cold, and warm after one new observation; wall time and memory.

Each run is a process of its own, as the user starts it. Cold: no derived folder, the user's cache folder
empty, byte code of maillage itself removed.
The peer is the floor below which no such release can go: an empty typst document and five font subsets in one process.
Prints one JSON object.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROGRAM = Path(sys.executable).parent / "maillage"
RUNS = 3
FLOOR = """
import os, tempfile, typst
os.environ["MAILLAGE_CACHE"] = tempfile.mkdtemp()
from maillage.publish import fonts
fonts.stylesheet("abc")
for _ in range(2):
    typst.compile(b"= A", format="pdf")
"""
ROW = "source,kind,question,answer,place,locator\nunodc-unicri,market,presence,present,ML06,bench {}\n"


def timed(*words: str | Path) -> float:
    start = time.perf_counter()
    subprocess.run([str(word) for word in words], check=True, capture_output=True)
    return time.perf_counter() - start


def middle(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


def cold(study: Path, out: Path) -> float:
    for folder in (ROOT / "src").rglob("__pycache__"):
        shutil.rmtree(folder, ignore_errors=True)
    for derived in (study / ".cache", study / "out", out, Path(os.environ["MAILLAGE_CACHE"])):
        shutil.rmtree(derived, ignore_errors=True)
    return timed(PROGRAM, "release", "--study", study, "--langs", "fr,en", "--out", out)


def warm(study: Path, out: Path, turn: int) -> float:
    row = study.parent / "row.csv"
    row.write_text(ROW.format(turn), "utf-8")
    timed(PROGRAM, "observe", row, "--study", study, "--coder", "desk")
    return timed(PROGRAM, "release", "--study", study, "--langs", "fr,en", "--out", out)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MAILLAGE_CONFIG": folder, "MAILLAGE_CACHE": f"{folder}/cache"}
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a setting of developers: users keep the byte code
        study, out = Path(folder) / "mali", Path(folder) / "out"
        shutil.copytree(ROOT / "studies" / "mali", study)
        result = {
            "cold_s": middle([cold(study, out) for _ in range(RUNS)]),
            "warm_s": middle([warm(study, out, turn) for turn in range(RUNS)]),
            "floor_s": middle([timed(sys.executable, "-c", FLOOR) for _ in range(RUNS)]),
            "peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
