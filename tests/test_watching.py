"""The watch sees: every way in which a program could leave clear text, if only for a moment, is caught."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from watching import Watch, watching

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="inotify")
MARKER = "Zanzarelle takes five"
MARKERS = {"said": MARKER, "a key": "AGE-SECRET-KEY-"}
PYTHON = {
    "left lying": "pathlib.Path(a).write_text(m)",
    "deleted at once": "pathlib.Path(a).write_text(m); os.unlink(a)",
    "renamed and deleted": "pathlib.Path(a).write_text(m); os.replace(a, a + 'b'); os.remove(a + 'b')",
    "cut at once": "pathlib.Path(a).write_text(m); os.truncate(a, 0)",
    "written over": "pathlib.Path(a).write_text(m); pathlib.Path(a).write_text('x' * 99)",
    "in a new folder": "os.makedirs(a + '/b/c'); pathlib.Path(a, 'b', 'c', 'd').write_text(m); shutil.rmtree(a)",
    "in a file for a while": "f = tempfile.NamedTemporaryFile('w', dir=d); f.write(m); f.flush(); f.close()",
    "in UTF-16": "pathlib.Path(a).write_bytes(m.encode('utf-16-le'))",
    "in base64": "pathlib.Path(a).write_bytes(base64.b64encode(b'x' + m.encode() + b'yz'))",
    "in a form": "pathlib.Path(a).write_text(urllib.parse.urlencode({'q': m}))",
    "packed": "z = zipfile.ZipFile(a, 'w', zipfile.ZIP_DEFLATED); z.writestr('x', m * 20); z.close()",
    "in words of a program": "subprocess.run(['true', m])",
}
HEAD = "import base64, os, pathlib, shutil, subprocess, sys, tempfile, urllib.parse, zipfile; d, a, m = sys.argv[1:]; "
QUICK = """
import os, sys
for name in [f"{sys.argv[1]}/{number}" for number in range(50)]:
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
    os.unlink(name)
"""
OTHERS = {
    "left lying": 'printf "%s" "$2" > "$1"',
    "deleted soon": 'printf "%s" "$2" > "$1"; sleep 0.3; rm "$1"',
    "deleted before it is written": 'exec 3> "$1"; rm "$1"; sleep 0.3; printf "%s" "$2" >&3; sleep 0.2',
    "held open when deleted": 'exec 3> "$1"; sleep 0.3; rm "$1"; printf "%s" "$2" >&3',
}


@pytest.mark.parametrize("way", PYTHON)
def test_what_a_python_process_leaks_is_seen(tmp_path: Path, way: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    words = [sys.executable, "-c", HEAD + PYTHON[way], str(root), str(root / "a"), MARKER]
    with watching(Watch(tmp_path / "report", MARKERS), [root]) as seen:
        subprocess.run(words, check=True, env=seen.environment())
    assert {name for _, name in seen.leaks} == {"said"}
    assert seen.missed == set()


@pytest.mark.parametrize("way", OTHERS)
def test_so_is_what_another_program_leaks(tmp_path: Path, way: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    with watching(Watch(tmp_path / "report", MARKERS), [root]) as seen:
        subprocess.run(["sh", "-c", OTHERS[way], "-", str(root / "a"), MARKER], check=True)
    assert seen.leaks == {(str(root / "a"), "said")}


def test_what_comes_and_goes_unread_is_named(tmp_path: Path) -> None:
    """A program that is no Python, quicker than the watch: then nobody can say that it was clean."""
    root = tmp_path / "root"
    root.mkdir()
    with watching(Watch(tmp_path / "report", MARKERS), [root]) as seen:
        subprocess.run([sys.executable, "-S", "-c", QUICK, str(root)], check=True)  # -S: without the hook
    assert len(seen.missed | {one for one in seen.read if one.startswith(str(root))}) == 50


def test_a_file_without_a_name_is_told(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    code = "import tempfile, sys; f = tempfile.TemporaryFile(dir=sys.argv[1]); f.write(b'x'); f.close()"
    with watching(Watch(tmp_path / "report", MARKERS), [root]) as seen:
        subprocess.run([sys.executable, "-c", code, str(root)], check=True, env=seen.environment())
    assert seen.nameless == {str(root)}


def test_what_is_clean_is_not_complained_of(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "sub" / "before").write_text("clean")
    with watching(Watch(tmp_path / "report", MARKERS), [root]) as seen:
        for name in ("before", "after"):
            (root / "sub" / name).write_bytes(base64.b64encode(b"Zanzarelle takes six" * 9))
    assert seen.leaks == set()
    assert seen.read == {str(root / "sub" / name) for name in ("before", "after")}
