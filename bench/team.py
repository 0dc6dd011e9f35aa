"""A team's study of 1,000 texts, 17.7 M characters and 100,000 codings by three coders: replay, merge of two copies,
overlap of passages, agreement, and entries one by one.

Each measurement is a process of its own, so that its memory is its own. The first copy holds what two coders marked,
the second the codings of the third; before the merge they have the texts, sources and codes in common. The peer of
single entries is a bare append with fdatasync. Prints one JSON object.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCUMENTS, CHARACTERS, CODINGS, SINGLES = 1_000, 17_700_000, 100_000, 2_000
CODERS = ("ana", "bo", "chi")
STUDY = "id: bench\ntitle: Bench\nlanguages: [en]\npack: nexus\ncoders: [ana, bo, chi]\nsynthetic: true\n"
TIMED = """
import json, os, resource, sys, time
from pathlib import Path
one, two = Path(sys.argv[1]), Path(sys.argv[2])
import numpy as np
from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.study.observations import replay
from maillage.verbs.merge import merge
from maillage.measure.passages import overlap
from maillage.measure.together import co_occurrence
from maillage.measure.agreement import alpha, alpha_interval, fleiss, gwet, percent
{before}
start, used = time.perf_counter(), time.process_time()
{timed}
times = [time.perf_counter() - start, time.process_time() - used]
print(json.dumps([*times, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]), file=sys.__stderr__)
"""
SINGLY = f"for turn in range({SINGLES}):"
SCRIPTS = {
    "merge": ("", "assert merge(one, two, coder='ana').merged.forks == ()"),
    "replay": ("", f"assert replay(open_study(one)).coded.passages.height == {CODINGS}"),
    "overlap": (
        "passages = replay(open_study(one)).coded.passages\n"
        "lengths = {path.stem: len(path.read_text('utf-8')) for path in (one / 'documents').glob('*.txt')}",
        "assert overlap(passages, lengths).height > 100",
    ),
    "together": (
        "passages = replay(open_study(one)).coded.passages",
        "assert co_occurrence(passages).height > 100",
    ),
    "agreement": (
        f"stream = np.random.default_rng(4)\ntruth = stream.integers(0, 20, {CODINGS} // 3)\n"
        "codes = np.where(stream.random((3, truth.size)) < 0.8, truth, stream.integers(0, 20, (3, truth.size)))",
        "alpha_interval(codes, seed=4)\n[measure(codes) for measure in (alpha, percent, fleiss, gwet)]",
    ),
    "single": (
        "study = open_study(two)\nlog.append(study, 'bo', [Draft('assert', 'memo', {'text': 'first'})])",
        f"{SINGLY}\n    log.append(study, 'bo', [Draft('assert', 'memo', {{'text': f'memo {{turn}}'}})])",
    ),
    "single_floor": (
        "handle = os.open(two / 'floor', os.O_WRONLY | os.O_CREAT | os.O_APPEND)",
        f"{SINGLY}\n    os.write(handle, b'x' * 700)\n    os.fdatasync(handle)",
    ),
}


def make(one: Path, two: Path) -> None:
    """Two copies of a study, which differ in whose codings they hold."""
    from made_project import made_project
    from maillage.study import log
    from maillage.study.entries import Draft
    from maillage.study.folder import open_study

    project = made_project(DOCUMENTS, CHARACTERS, CODINGS)
    (one / "documents").mkdir(parents=True)
    (one / "study.yml").write_text(STUDY, "utf-8")
    drafts = [Draft("assert", "code", {"id": code, "label_en": name}) for code, name, *_ in project.codes.iter_rows()]
    for source, title, _, text, *_ in project.sources.iter_rows():
        (one / "documents" / f"{source}.txt").write_text(text, "utf-8")
        drafts.append(Draft("assert", "source", {"id": source, "kind": "document", "title": title}))
    log.append(open_study(one), CODERS[0], drafts)
    shutil.copytree(one, two)
    said: list[list[Draft]] = [[], [], []]
    for turn, (_, _, source, start, end, code, _, _, note) in enumerate(project.passages.iter_rows()):
        body = {"source": source, "start": start, "end": end, "code": code} | ({"note": note} if note else {})
        said[turn % 3].append(Draft("assert", "passage", body))
    for folder, coder, drafts in zip((one, one, two), CODERS, said, strict=True):
        log.append(open_study(folder), coder, drafts)


def measured(name: str, one: Path, two: Path) -> dict[str, float]:
    """Wall seconds, processor seconds and memory (MB) of one run."""
    before, timed = SCRIPTS[name]
    words = [sys.executable, "-c", TIMED.format(before=before, timed=timed), str(one), str(two)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    wall, processor, memory = json.loads(done.stderr.strip().splitlines()[-1])
    return {f"{name}_s": wall, f"{name}_cpu_s": processor, f"{name}_mb": memory}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        os.environ["MAILLAGE_CONFIG"] = f"{name}/config"
        one, two = Path(name) / "one", Path(name) / "two"
        make(one, two)
        result: dict[str, float] = {}
        for script in SCRIPTS:
            result |= measured(script, one, two)
    result |= {f"{name}_per_s": SINGLES / result[f"{name}_s"] for name in ("single", "single_floor")}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
