"""Verify 100,000 log entries (hash chain, canonical form, checkpoints), beside a plain re-serialising reader in Python.

The peer does the same check of each line with the standard library's json, the way one would write it first.
Prints one JSON object.
"""

import hashlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path

ENTRIES = 100_000
STUDY = "id: bench\ntitle: Bench\nlanguages: [en]\npack: nexus\ncoders: [desk]\nsynthetic: true\n"


def peer(path: Path) -> int:
    """Chain and canonical form with json and hashlib alone."""
    prev, count = None, 0
    for raw in path.read_bytes().split(b"\n")[:-1]:
        record = json.loads(raw)
        again = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        stated = record.pop("h")
        body = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        assert again == raw and hashlib.sha256(body).hexdigest() == stated
        assert prev is None or record["prev"] == prev
        prev, count = stated, count + 1
    return count


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MAILLAGE_CONFIG"] = folder
        from maillage.study import log
        from maillage.study.entries import Draft
        from maillage.study.folder import open_study

        path = Path(folder) / "bench"
        path.mkdir()
        (path / "study.yml").write_text(STUDY)
        study = open_study(path)
        body = {"source": "S1", "kind": "link", "question": "link", "answer": "coopetition", "place": "ML07"}
        start = time.perf_counter()
        log.append(study, "desk", [Draft("assert", "observation", body | {"note": f"n {i}"}) for i in range(ENTRIES)])
        appended = time.perf_counter() - start
        (file,) = log.files(path)
        times: dict[str, list[float]] = {"ours": [], "peer": []}
        for _ in range(5):
            log.HELD.clear()
            start = time.perf_counter()
            assert log.verify(file, "bench") == []
            times["ours"].append(time.perf_counter() - start)
            start = time.perf_counter()
            peer(file)
            times["peer"].append(time.perf_counter() - start)
        best = {name: sorted(values)[len(values) // 2] for name, values in times.items()}
        json.dump({"entries": ENTRIES, "append_s": appended} | best, sys.stdout)


if __name__ == "__main__":
    main()
