"""Import and export of a coding project of 1,000 texts, 17.7 M characters and 100,000 codings, beside what others do.

Each measurement is a process of its own, so that its memory is its own. Peers read and write the same file: pyrefiqda
(objects of its own, texts stay on the disk) and qdpxlib (reads texts and codings; it drops every letter beyond ASCII,
and takes so long that it gets a project of a tenth). The floor is lxml parsing the XML alone. Where other programs hold
the processors, compare processor seconds with those of the floor. Prints one JSON object.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
DOCUMENTS, CHARACTERS, CODINGS = 1_000, 17_700_000, 100_000
RUNS, PEER_RUNS = 3, 1
TIMED = """
import json, os, resource, sys, time
from pathlib import Path
file, folder = Path(sys.argv[1]), Path(sys.argv[2])
{before}
start, used = time.perf_counter(), time.process_time()
{timed}
times = [time.perf_counter() - start, time.process_time() - used]
print(json.dumps([*times, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]), file=sys.__stderr__)
"""
READ = "from maillage.intake.refi import read_project"
LXML = "from lxml import etree\nraw = (folder / 'project.qde').read_bytes()"
PEER = "from pyrefiqda import RefiProject"
# qdpxlib prints a bar and expects XML in one line
SMALL = "sys.stdout = open(os.devnull, 'w')\nfrom qdpxlib.qdpxlib import QDPXFile"
SCRIPTS = {
    "import": (READ, "made, lost, found = read_project(file)\nassert made.passages.height == 100_000 and not lost"),
    "export": (
        f"{READ}\nfrom maillage.publish.refi import write_project\nmade = read_project(file)[0]",
        "assert write_project(made, folder / 'ours.qdpx') == []",
    ),
    "floor": (LXML, "etree.fromstring(raw, etree.XMLParser(huge_tree=True))"),
    "pyrefiqda_load": (PEER, "RefiProject.load(file, extract_dir=folder / 'out')"),
    "pyrefiqda_save": (
        f"{PEER}\nmade = RefiProject.load(file, extract_dir=folder / 'out')",
        "RefiProject.save(made, folder / 'theirs.qdpx', source_media_dir=folder / 'out' / 'sources')",
    ),
    "qdpxlib_tenth": (SMALL, "QDPXFile(str(file))"),
}


def measured(name: str, file: Path, folder: Path) -> list[float]:
    """Wall seconds, processor seconds and memory (MB) of one run."""
    before, timed = SCRIPTS[name]
    words = [sys.executable, "-c", TIMED.format(before=before, timed=timed), str(file), str(folder)]
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=os.environ | {"TMPDIR": str(folder)})
    return json.loads(done.stderr.strip().splitlines()[-1])


def main() -> None:
    from made_project import made_project
    from maillage.publish.refi import write_project

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, tenth = folder / "made.qdpx", folder / "tenth.qdpx"
        write_project(made_project(DOCUMENTS, CHARACTERS, CODINGS), file)
        write_project(made_project(DOCUMENTS // 10, CHARACTERS // 10, CODINGS // 10), tenth)
        with zipfile.ZipFile(file) as archive:
            archive.extract("project.qde", folder)
        result: dict[str, float] = {"megabytes": file.stat().st_size / 1e6}
        for script in SCRIPTS:
            turns = PEER_RUNS if "qd" in script else RUNS
            runs = sorted(measured(script, tenth if "tenth" in script else file, folder) for _ in range(turns))
            wall, processor, memory = runs[len(runs) // 2]
            result |= {f"{script}_s": wall, f"{script}_cpu_s": processor, f"{script}_mb": memory}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
