"""`maillage open` as a process: where it listens, what others can see of it, how it ends, who may open a second one."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from folders import STUDIES, folder_hash
from opened import PATIENCE, Opened, first_words, opened, start

LINUX = sys.platform.startswith("linux")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return shutil.copytree(STUDIES / "first-steps", tmp_path / "study")


def listening(process: int) -> set[str]:
    """Local addresses, as the kernel writes them, on which a process listens."""
    sockets = {os.readlink(link) for link in Path(f"/proc/{process}/fd").iterdir() if link.is_symlink()}
    rows = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/{process}/net/{name}").read_text().splitlines()[1:]
    ]
    return {row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets}


@pytest.mark.skipif(not LINUX, reason="reads /proc")
def test_it_listens_on_this_machine_alone(study: Path) -> None:
    with opened(study) as bench:
        assert bench.process
        assert listening(bench.process.pid) == {f"0100007F:{bench.port:04X}"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "localhost", "192.168.1.5"])
def test_it_refuses_to_listen_elsewhere(study: Path, host: str) -> None:
    process = start(study, "--no-browser", "--host", host)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert f"not on {host}" in err


def test_ports_differ_and_a_taken_one_is_named(study: Path, tmp_path: Path) -> None:
    other = shutil.copytree(study, tmp_path / "other")
    with opened(study) as bench, opened(other) as second:
        assert bench.port != second.port
        third = shutil.copytree(study, tmp_path / "third")
        process = start(third, "--no-browser", "--port", str(bench.port))
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1
        assert f"Another program has port {bench.port}." in err


def test_a_port_can_be_chosen(study: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with opened(study, "--port", str(port)) as bench:
        assert bench.port == port


def end(bench: Opened, number: int) -> tuple[int, str, str]:
    assert bench.process
    bench.process.send_signal(number)
    out, err = bench.process.communicate(timeout=PATIENCE)
    return bench.process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well_when_told_to_stop(study: Path, number: int) -> None:
    with opened(study) as bench:
        bench.enter()
        bench.ask("GET", "/")
        with socket.create_connection(("127.0.0.1", bench.port)):  # a browser that holds a line open
            assert end(bench, number) == (0, "", "")


def test_it_ends_when_the_study_is_gone(study: Path, tmp_path: Path) -> None:
    with opened(study) as bench:
        study.rename(tmp_path / "elsewhere")
        assert bench.process
        _, err = bench.process.communicate(timeout=PATIENCE)
        assert bench.process.returncode == 1
        assert "The folder of the study is gone" in err
        assert "Traceback" not in err


@pytest.mark.skipif(not LINUX, reason="reads /proc")
def test_a_crash_writes_no_memory_to_the_disk(study: Path) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))
    with opened(study) as bench:
        assert bench.process
        limits = Path(f"/proc/{bench.process.pid}/limits").read_text()
        (line,) = (line for line in limits.splitlines() if line.startswith("Max core file size"))
        assert line.split()[4:6] == ["0", "0"]


BROWSER = """#!{python}
import os, sys, pathlib, urllib.parse, urllib.request
page = pathlib.Path(urllib.parse.unquote(urllib.parse.urlparse(sys.argv[-1]).path))
told = pathlib.Path({told!r})
told.with_suffix(".mode").write_text(oct(os.stat(page).st_mode & 0o777))
told.with_suffix(".page").write_text(page.read_text())
told.write_text(" ".join(sys.argv))
"""


def test_the_link_is_in_no_list_of_processes_and_on_no_screen(study: Path, tmp_path: Path) -> None:
    told, program = tmp_path / "told", tmp_path / "browser"
    program.write_text(BROWSER.format(python=sys.executable, told=str(told)))
    program.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    process = start(study, HOME=str(home), BROWSER=f"{program} %s")
    try:
        said = first_words(process, "Ctrl-C")
        until = time.monotonic() + PATIENCE
        while not told.exists() and time.monotonic() < until:
            time.sleep(0.05)
        page = told.with_suffix(".page").read_text()
        link = page.partition("url=")[2].partition('"')[0]
        bench = Opened(int(link.split(":")[2].partition("/")[0]), link)
        word = link.rpartition("/")[2]
        assert len(word) >= 43
        assert told.with_suffix(".mode").read_text() == "0o600"
        assert word not in told.read_text()
        seen = "".join(path.read_text(errors="replace") for path in Path("/proc").glob("[0-9]*/cmdline"))
        assert word not in seen + "".join(said)
        assert bench.enter().status == 200
        until = time.monotonic() + PATIENCE
        while list(home.iterdir()) and time.monotonic() < until:
            time.sleep(0.05)
        assert list(home.iterdir()) == []
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (0, "", "")


def test_without_a_browser_the_link_is_printed(study: Path, tmp_path: Path) -> None:
    process = start(study, HOME=str(tmp_path), BROWSER="/no/such/browser %s")
    try:
        link = first_words(process, "/enter/")[-1].strip()
        assert Opened(int(link.split(":")[2].partition("/")[0]), link).enter().status == 200
    finally:
        process.kill()
        process.communicate()


def test_it_writes_no_log_of_who_asked_for_what(study: Path) -> None:
    with opened(study, "--lang", "fr") as bench:
        bench.enter()
        for path in ("/", "/?q=Mariam-Traore", "/Mariam-Traore", "/static/Mariam-Traore"):
            bench.ask("GET", path, referer="http://x/Mariam-Traore", user_agent="Mariam-Traore")
            bench.ask("POST", path, b"name=Mariam-Traore")
            bench.ask("GET", path, cookie="")
            bench.ask("GET", path, host="Mariam-Traore")
        bench.raw(b"Mariam-Traore\r\n\r\n")
        assert end(bench, signal.SIGINT) == (0, "", "")


def test_pages_do_not_depend_on_the_machine(study: Path) -> None:
    pages: set[str] = set()
    for settings in ({"LC_ALL": "C", "TZ": "UTC"}, {"LC_ALL": "fr_FR.UTF-8", "TZ": "Pacific/Kiritimati"}):
        with opened(study, "--lang", "fr", MAILLAGE_LANG="", **settings) as bench:
            bench.enter()
            pages.add(bench.ask("GET", "/").body.replace(str(bench.port), "PORT"))
    assert len(pages) == 1
    assert '<html lang="fr">' in pages.pop()


def test_opening_and_looking_change_nothing_but_the_lock(study: Path) -> None:
    before = folder_hash(study)
    with opened(study) as bench:
        bench.enter()
        bench.ask("GET", "/")
        end(bench, signal.SIGINT)
    (study / ".cache" / "open.lock").unlink()
    assert folder_hash(study) == before


def test_other_commands_do_not_wait_for_its_libraries() -> None:
    code = "import sys\nfrom maillage.app.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "assert not {'starlette', 'uvicorn', 'h11'} & sys.modules.keys()"
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
