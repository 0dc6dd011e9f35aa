"""Import and export of a coding project of 1,000 texts, 17.7 M characters and 100,000 codings, beside what others do.

Programs are measured in processes of their own: we read the file and write it again, so does pyrefiqda (objects of its
own, texts stay on the disk), once; qdpxlib reads texts and codings (it drops every letter beyond ASCII, and takes so
long that it gets a project of a tenth). The floor is lxml parsing the XML alone. Where other programs hold the
processors, compare processor seconds with those of the floor. Prints one JSON object.
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
RUNS = 3
TIMED = """
import json, os, resource, sys, time
from pathlib import Path
file, folder = Path(sys.argv[1]), Path(sys.argv[2])
{before}
told = {{}}
for name, step in {steps!r}.items():
    start, used = time.perf_counter(), time.process_time()
    exec(step)
    told |= {{f"{{name}}_s": time.perf_counter() - start, f"{{name}}_cpu_s": time.process_time() - used}}
    told[f"{{name}}_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(told), file=sys.__stderr__)
"""
# qdpxlib prints a bar and expects XML in one line
SMALL = "sys.stdout = open(os.devnull, 'w')\nfrom qdpxlib.qdpxlib import QDPXFile"
SCRIPTS = {
    "ours": (
        "from maillage.intake.refi import read_project\nfrom maillage.publish.refi import write_project",
        {
            "import": "made, lost, found = read_project(file)\nassert made.passages.height == 100_000 and not lost",
            "export": "assert write_project(made, folder / 'ours.qdpx') == []",
        },
    ),
    "floor": (
        "from lxml import etree\nraw = (folder / 'project.qde').read_bytes()",
        {"floor": "etree.fromstring(raw, etree.XMLParser(huge_tree=True))"},
    ),
    "pyrefiqda": (
        "from pyrefiqda import RefiProject",
        {
            "pyrefiqda_load": "made = RefiProject.load(file, extract_dir=folder / 'out')",
            "pyrefiqda_save": "texts = folder / 'out' / 'sources'\n"
            "RefiProject.save(made, folder / 'theirs.qdpx', source_media_dir=texts)",
        },
    ),
    "qdpxlib_tenth": (SMALL, {"qdpxlib_tenth": "QDPXFile(str(file))"}),
}


def measured(script: str, file: Path, folder: Path) -> dict[str, float]:
    """Wall seconds, processor seconds and memory so far (MB) of each step of one process."""
    before, steps = SCRIPTS[script]
    words = [sys.executable, "-c", TIMED.format(before=before, steps=steps), str(file), str(folder)]
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
            turns = 1 if "qd" in script else RUNS
            runs = [measured(script, tenth if "tenth" in script else file, folder) for _ in range(turns)]
            result |= {name: sorted(run[name] for run in runs)[turns // 2] for name in runs[0]}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
