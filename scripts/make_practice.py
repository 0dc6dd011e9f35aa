"""Make the practice study: `python scripts/make_practice.py OUT` builds it anew, enters it and releases it.

    OUT/inbox     what arrives: texts of interviews and papers
    OUT/study     the study, entered through the commands, each coder with a device of their own (OUT/laptops)
    OUT/public, OUT/team   its releases

`--files DIR` only writes what is entered (no clock, the same bytes for a seed). `--sealed` seals what informants said
in a vault of two people. `--qdpx FILE` writes a coding project of any size for measuring.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from practice import big, entering, files
from practice.world import CODERS

ROOT = Path(__file__).parent.parent
HOME = ROOT / "studies" / "practice"
OWN = ("study.yml", "README.md", "README.fr.md", "narrative")  # written by hand, kept in the repository
TABLES = ("places.geojson", "abroad.csv", "plan.csv", "events.csv")
SEED = 77
PROGRAM = Path(sys.executable).parent / "maillage"


def write(folder: Path, content: Mapping[str, bytes]) -> None:
    """Files below a folder."""
    for name, raw in content.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)


def laid_out(out: Path, seed: int) -> Path:
    """A fresh study folder with its settings and what is to be entered; texts wait in the inbox."""
    study = out / "study"
    for folder in (study, out / "inbox", out / "laptops"):
        shutil.rmtree(folder, ignore_errors=True)
    content = files.made(seed)
    write(out / "inbox", {name: raw for name, raw in content.items() if name.startswith("texts/")})
    write(study, {name: raw for name, raw in content.items() if not name.startswith("texts/")})
    for name in OWN:
        source = HOME / name
        if source.is_dir():
            shutil.copytree(source, study / name)
        elif source.is_file():
            shutil.copyfile(source, study / name)
    return study


def typed(out: Path, coder: str, *words: str | Path) -> None:
    """One command, as this coder would type it on their own laptop."""
    line = [str(word) for word in words]
    shown = [word if len(line) < 12 else Path(word).name for word in line[:12]]
    print(f"{coder}$ maillage {' '.join(shown)}{' ...' if len(line) > 12 else ''}", flush=True)
    subprocess.run([PROGRAM, *line], check=True, env=os.environ | {"MAILLAGE_CONFIG": str(out / "laptops" / coder)})


def entered(out: Path, study: Path) -> None:
    """Everything into the study through the commands; what has no command yet through the same door as they use."""
    here = ("--study", study)
    for name in TABLES:
        card = (study / "raw" / name).with_suffix(".yml")
        typed(out, "kori", "add", study / "raw" / name, "--map", card, *here)
    typed(out, "kori", "add", study / "coding" / "sources.csv", "--as", "sources", "--coder", "kori", *here)
    texts = sorted((out / "inbox" / "texts").glob("*.txt"))
    typed(out, "kori", "add", *texts, "--as", "document", "--coder", "kori", *here)
    for coder in CODERS:
        typed(out, coder, "observe", study / "coding" / f"observations.{coder}.csv", "--coder", coder, *here)
        os.environ["MAILLAGE_CONFIG"] = str(out / "laptops" / coder)
        entering.enter(study, coder)


def main() -> None:
    """Read the words of the command line and do it."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("out", nargs="?", type=Path, default=ROOT / "build" / "practice")
    words.add_argument("--seed", type=int, default=SEED)
    words.add_argument("--files", type=Path, metavar="DIR")
    words.add_argument("--sealed", action="store_true")
    words.add_argument("--qdpx", type=Path, metavar="FILE")
    words.add_argument("--documents", type=int, default=1_000)
    words.add_argument("--characters", type=int, default=17_700_000)
    words.add_argument("--codings", type=int, default=100_000)
    given = words.parse_args()
    if given.files:
        write(given.files, files.made(given.seed))
    elif given.qdpx:
        big.write(given.qdpx, big.project(given.documents, given.characters, given.codings, given.seed))
    else:
        build(given.out, given.seed, sealed=given.sealed)


def build(out: Path, seed: int, *, sealed: bool) -> None:
    """The study and its releases; a sealed one has no releases, because they need its keys."""
    study = laid_out(out, seed)
    if sealed:
        os.environ["MAILLAGE_CONFIG"] = str(out / "laptops" / "kori")
        paper = entering.enter_sealed(study, out / "inbox", out / "laptops")
        print(f"{study} is sealed; recovery key (an exercise: keep real ones on paper): {paper}")
        return
    entered(out, study)
    typed(out, "kori", "check", "--study", study)
    typed(out, "kori", "run", "--study", study)
    for audience in ("public", "team"):
        typed(
            out,
            "kori",
            "release",
            "--audience",
            audience,
            "--langs",
            "fr,en",
            "--study",
            study,
            "--out",
            out / audience,
        )


if __name__ == "__main__":
    main()
