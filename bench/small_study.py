"""The practice study of 39 interviews in a process that is already started: open it, replay its logs, measure all.

The first time counts, as nothing of the study is known then; `again` is the same once more. Prints one JSON object.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

STUDY = Path(__file__).parent.parent / "studies" / "practice"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MAILLAGE_CONFIG"] = folder
        from maillage.run import run
        from maillage.study.folder import open_study

        result: dict[str, float] = {}
        for name in ("first", "again"):
            start, used = time.perf_counter(), time.process_time()
            assert run(open_study(STUDY)).estimates.height > 1_000
            result |= {f"{name}_s": time.perf_counter() - start, f"{name}_cpu_s": time.process_time() - used}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
