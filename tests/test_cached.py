"""What may be kept between commands, and what becomes of a file that is cut, foreign or not to be written."""

import os
from pathlib import Path

import pytest

from maillage import cached
from maillage.blocks import Document
from maillage.publish import fonts, html

EMPTY = Document(
    "fr",
    "Étude",
    "",
    "",
    "draft",
    synthetic=True,
    date="2024-05",
    meta={},
    sections=(),
    explanations={},
    other_langs={},
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAILLAGE_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def made(times: list[int], content: bytes = b"content") -> bytes:
    times.append(1)
    return content


def test_what_was_made_for_a_key_is_made_once(folder: Path) -> None:
    times: list[int] = []
    assert [cached.kept("kind", b"key", lambda: made(times)) for _ in range(3)] == [b"content"] * 3
    assert len(times) == 1
    assert cached.kept("kind", b"other", lambda: made(times, b"else")) == b"else"
    assert len(list((folder / "kind").iterdir())) == 2


def test_a_file_cut_short_at_any_byte_or_changed_is_made_anew(folder: Path) -> None:
    cached.kept("kind", b"key", lambda: b"content")
    (file,) = (folder / "kind").iterdir()
    whole = file.read_bytes()
    for damaged in [*(whole[:at] for at in range(len(whole))), whole[:-1] + b"x", b"\0" * len(whole)]:
        file.write_bytes(damaged)
        assert cached.kept("kind", b"key", lambda: b"content") == b"content"
        assert file.read_bytes() == whole


@pytest.mark.skipif(os.name == "nt", reason="a folder is made read-only in another way there")
def test_a_folder_that_cannot_be_used_only_costs_the_time(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("MAILLAGE_CACHE", str(tmp_path / "file"))
    assert cached.kept("kind", b"key", lambda: b"content") == b"content"


def test_the_oldest_go_first(folder: Path) -> None:
    for number in range(cached.MOST + 5):
        cached.kept("kind", str(number).encode(), lambda: b"content")
    assert len(list((folder / "kind").iterdir())) == cached.MOST
    times: list[int] = []
    cached.kept("kind", str(cached.MOST + 4).encode(), lambda: made(times))
    assert not times


def test_fonts_from_the_cache_are_those_cut_anew_and_other_letters_are_another_cut(folder: Path) -> None:
    cold = fonts.stylesheet("abc")
    assert len(list((folder / "fonts").iterdir())) == len(fonts.FACES)
    assert fonts.stylesheet("abc") == cold
    for file in (folder / "fonts").iterdir():
        file.unlink()
    assert fonts.stylesheet("abc") == cold
    assert fonts.stylesheet("abcŋ") != cold


def test_the_template_from_the_cache_gives_the_same_page_and_a_damaged_one_is_compiled_anew(folder: Path) -> None:
    def page() -> str:
        html.environment.cache_clear()
        return html.render(EMPTY)

    cold = page()
    (file,) = (folder / "template").iterdir()
    whole = file.read_bytes()
    assert page() == cold
    for damaged in (whole[:40], whole[:-1] + b"x", b""):
        file.write_bytes(damaged)
        assert page() == cold
        assert file.read_bytes() == whole
