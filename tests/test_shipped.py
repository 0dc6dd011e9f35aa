"""The package's own YAML comes out of the cache as it went in, also where JSON could not say it."""

from pathlib import Path

import pytest
import yaml

from maillage import cached, errors, shipped

HERE = Path(errors.__file__).parent
FILES = sorted(path for path in HERE.rglob("*.yml"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAILLAGE_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_each_file_reads_the_same_from_the_cache(path: Path) -> None:
    said = yaml.safe_load(path.read_text("utf-8"))
    assert shipped.read(path) == said
    assert repr(shipped.read(path)) == repr(said)


@pytest.mark.parametrize(
    "text", ["1: a\n", "day: 2024-02-03\n", "- .nan\n", "a: {2: b}\n", "n: 123456789012345678901234\n"]
)
def test_what_json_cannot_say_is_parsed_each_time(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.yml"
    path.write_text(text)
    for _ in range(2):
        assert repr(shipped.read(path)) == repr(yaml.safe_load(text))


def test_all_files_find_room_in_the_cache() -> None:
    assert len(FILES) < cached.MOST
