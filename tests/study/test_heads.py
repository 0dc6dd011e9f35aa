"""The memory of heads: entries that come in a burst are remembered together, and nothing is remembered wrongly."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from maillage.study import heads
from maillage.study.keys import configuration_folder

STUDY = Path("somewhere")


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setattr(heads, "PAUSE", 3600.0)


def on_disk() -> dict[str, dict[str, list[object]]]:
    return json.loads((configuration_folder() / heads.FILE).read_text("utf-8").partition("\n")[2])


def seen(count: int) -> dict[str, tuple[int, str]]:
    return {"ana.jsonl": (count, "h" * count)}


def test_a_burst_is_known_at_once_and_written_at_the_end() -> None:
    for count in (1, 2, 3):
        heads.remember(STUDY, "s", seen(count))
        assert heads.trusted(STUDY, "s") == seen(count)
    (first,) = on_disk().values()
    assert first == {"ana.jsonl": [1, "h"]}
    heads.settle()
    (last,) = on_disk().values()
    assert last == {"ana.jsonl": [3, "hhh"]}


def test_what_another_program_wrote_meanwhile_stands() -> None:
    heads.remember(STUDY, "s", seen(1))
    heads.remember(STUDY, "s", seen(2))
    script = (
        "from maillage.study import heads; from pathlib import Path\n"
        "heads.remember(Path('elsewhere'), 't', {'bo.jsonl': (9, 'x')})"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    assert len(on_disk()) == 2
    assert heads.trusted(STUDY, "s") == seen(1)
    heads.settle()
    assert len(on_disk()) == 2


def test_leaving_writes_it() -> None:
    script = (
        "from maillage.study import heads; from pathlib import Path; heads.PAUSE = 3600\n"
        "for count in (1, 2): heads.remember(Path('somewhere'), 's', {'ana.jsonl': (count, 'h' * count)})"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    (last,) = on_disk().values()
    assert last == {"ana.jsonl": [2, "hh"]}


def test_half_a_file_is_no_memory() -> None:
    heads.remember(STUDY, "s", seen(1))
    path = configuration_folder() / heads.FILE
    path.write_bytes(path.read_bytes()[:-3])
    assert heads.trusted(STUDY, "s") == {}
