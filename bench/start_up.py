"""`maillage --help` from the shell, beside a bare `python -c pass` and a click program that does nothing.

Prints one JSON object: the median of eleven runs of each, taken in turn.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = Path(sys.executable).parent / "maillage"
WORDS = {
    "help": [str(PROGRAM), "--help"],
    "python": [sys.executable, "-c", "pass"],
    "click": [sys.executable, "-c", "import click; click.Command('x')"],
}


def timed(words: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(words, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    times: dict[str, list[float]] = {name: [] for name in WORDS}
    for _ in range(11):
        for name, words in WORDS.items():
            times[name].append(timed(words))
    json.dump({name: sorted(values)[5] for name, values in times.items()}, sys.stdout)


if __name__ == "__main__":
    main()
