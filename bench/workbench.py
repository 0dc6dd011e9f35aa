"""Actions of a coder in the workbench on the practice study: seconds of the server for each, beside the 0.1 s wanted.

Every action is a request behind the real guard, measured from the first byte sent to the last received. Prints one JSON
object: median and worst of each action, in seconds.
"""

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

HOME = Path(__file__).parent.parent
TIMES, WANTED = 15, 0.1
SOURCE = "I05"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MAILLAGE_CONFIG"] = str(Path(folder) / "config")
        sys.path.insert(0, str(HOME / "tests"))
        from made_bench import bench, passage

        study = shutil.copytree(HOME / "studies" / "practice", Path(folder) / "practice")
        text = (study / "documents" / f"{SOURCE}.txt").read_bytes().decode()
        with bench(study, "kori") as one:

            def get(page: str) -> float:
                answer = one.ask("GET", page)
                assert answer.status == 200, answer.body
                return answer.seconds

            def post(page: str, **said: str) -> float:
                answer = one.ask("POST", page, urlencode(said).encode(), hx_request="true")
                assert answer.status == 200, answer.body
                return answer.seconds

            def made() -> str:
                return re.findall(r'name="id" value="([0-9a-f]{32})"', one.ask("GET", f"/source/{SOURCE}").body)[-1]

            words = [word for word in text.split() if text.count(word) == 1]
            at = iter(words)
            place = f"/source/{SOURCE}"
            actions: dict[str, Callable[[int], float]] = {
                "sources": lambda turn: get("/"),
                "reading": lambda turn: get(place),
                "fields": lambda turn: get(f"{place}/fields?question=levy"),
                "work_list": lambda turn: get("/work"),
                "mark_passage": lambda turn: post(f"{place}/keep", code="isolation", **passage(next(at), text)),
                "statement": lambda turn: post(
                    f"{place}/keep", question="presence", answer="present", market="gold", note=f"n {turn}"
                ),
                "memo": lambda turn: post(f"{place}/memo", about=SOURCE, text=f"memo {turn}"),
                "undo": lambda turn: post(f"{place}/undo"),
                "retract": lambda turn: post(f"{place}/retract", id=made(), why="bench"),
            }
            found: dict[str, dict[str, float]] = {}
            for name, action in actions.items():
                action(-1)
                times = sorted(action(turn) for turn in range(TIMES))
                found[name] = {"median": times[TIMES // 2], "worst": times[-1]}
    json.dump({"wanted_s": WANTED, "actions": found}, sys.stdout)


if __name__ == "__main__":
    main()
