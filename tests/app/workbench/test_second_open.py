"""A study that another workbench has, or whose folder cannot be written: everything is read, nothing written."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest

from folders import folder_hash
from made_bench import bench, laid_out, post
from maillage.app.workbench import site
from maillage.app.workbench.held import FILE, Hold, held
from maillage.errors import catalogue
from maillage.study import disk
from opened import PROGRAM, Answer, Opened, first_words, opened

PAGES = ("/", "/?show=all", "/source/S1", "/source/S2", "/source/S3", "/source/S1/fields?question=levy", "/work",
         "/work?decided=yes", "/codes", "/code/isolation", "/vault", "/note")  # fmt: skip
UNSAFE = [address.replace("{source}", "S1").replace("{code}", "isolation").replace("{work}", "0" * 8)
          for address in site.POST if address not in ("/writer", "/vault/lock")]  # fmt: skip
READERS = {"/writer", "/vault/lock"}
CONTROL = re.compile(r"<form[^>]*action=\"([^\"]*)\"(.*?)</form>", re.DOTALL)
AS_OTHERS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]  # the superuser, bound by rights of files


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return laid_out(tmp_path)


def words(answer: Answer) -> str:
    """The text of a page, blanks as one."""
    return " ".join(unescape(answer.body).replace("\u00a0", " ").split())


def only_reads(one: Opened, told: str) -> None:
    """Every page says why nothing can be written, and offers nothing that would."""
    for page in PAGES:
        answer = one.ask("GET", page)
        assert (answer.status, "fields" in page or told in words(answer)) == (200, True), page
        for action, inside in CONTROL.findall(answer.body):
            assert action in READERS or "<fieldset disabled>" in inside, (page, action)
            assert action in READERS or "<button" not in inside, (page, action)


def nothing_is_taken(one: Opened, study: Path, told: str) -> None:
    """Every unsafe request is refused with the reason, whatever it holds."""
    before = folder_hash(study)
    form = {"question": "presence", "answer": "present", "market": "gold", "text": "x", "why": "x", "id": "b1",
            "reason": "x", "choose": "ana", "about": "S1", "passphrase": "x"}  # fmt: skip
    for address in UNSAFE:
        answer = post(one, address, **form)
        assert (answer.status, told in words(answer)) == (423, True), (address, answer.body)
    assert folder_hash(study) == before


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_second_reads_says_who_writes_and_becomes_the_writer_when_they_go(study: Path, lang: str) -> None:
    with held(study, "ana") as first, held(study, "bo") as second:
        assert (first.refused(), bool(second.refused())) == (None, True)
        entry = catalogue()["study_open"][lang].format(who="ana", since=time.strftime("%Y-%m-%d"))
        told = entry.rstrip(".").rstrip()
        with bench(study, "bo", lang, second) as one:
            only_reads(one, told)
            nothing_is_taken(one, study, told)
            assert post(one, "/writer").status == 423
            first.leave()
            gone = catalogue()["study_free"][lang]
            only_reads(one, gone)
            nothing_is_taken(one, study, gone)
            answer = post(one, "/writer", back="/source/S1")
            assert (answer.status, answer.headers["hx-redirect"]) == (200, "/source/S1")
            assert 'action="/writer"' not in one.ask("GET", "/source/S1").body
            answer = post(one, "/source/S1/keep", question="presence", answer="present", market="gold")
            assert answer.status == 200, answer.body
            assert str(Hold(study, "cyd").refused()).startswith(
                "study_open: The study is open in another workbench: bo"
            )


@pytest.mark.parametrize(
    "back", ["//evil.com", "/source//evil.com", "/source/x/keep", "https://evil.com", "/source/\r\nx", "x"]
)
def test_taking_over_leads_to_no_foreign_page(study: Path, back: str) -> None:
    with held(study, "ana") as hold, bench(study, "ana", "en", hold) as one:
        assert post(one, "/writer", back=back).headers["hx-redirect"] == "/"


def test_only_one_of_many_becomes_the_writer(study: Path) -> None:
    with held(study, "ana") as first:
        others = [Hold(study, f"c{number}") for number in range(5)]
        assert [one.take() for one in others] == [False] * 5
        first.leave()
        assert [one.take() for one in others] == [True, False, False, False, False]
        assert first.take() is False
        others[0].leave()


def test_a_file_that_says_somebody_has_it_keeps_nobody_out(study: Path) -> None:
    """What counts is the lock of the system: the file of a crash names a holder, who is not there."""
    disk.make_folder((study / FILE).parent)
    (study / FILE).write_bytes(b' {"who": "ghost", "since": "2020-01-01 00:00"}')
    with held(study, "ana") as hold:
        assert hold.refused() is None
        (study / FILE).write_bytes(b" not what was written")
        assert "?, since ?" in str(Hold(study, "bo").refused())


def test_after_a_kill_nothing_stands_in_the_way(study: Path) -> None:
    with opened(study, "--coder", "ana") as first:
        with opened(study, "--coder", "bo", "--lang", "fr") as second:
            assert any("ana, depuis" in line for line in second.said), second.said
            second.enter()
            assert "ana, depuis" in words(second.ask("GET", "/"))
            assert first.process
            first.process.kill()
            first.process.wait()
            assert "Écrire ici" in words(second.ask("GET", "/source/S1"))
            assert post(second, "/source/S1/memo", about="S1", text="x").status == 423
            assert post(second, "/writer").status == 200
            assert post(second, "/source/S1/memo", about="S1", text="x").status == 200
        with opened(study, "--coder", "ana") as third:
            assert not any("read only" in line for line in third.said)


@contextmanager
def unwritable(study: Path) -> Iterator[None]:
    """A folder in which nobody may write."""
    folders = [study, *(path for path in study.rglob("*") if path.is_dir())]
    for path in [*folders, *(path for path in study.rglob("*") if path.is_file())]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path in folders:
            path.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="rights of folders are others there")
@pytest.mark.parametrize("before", [False, True], ids=["never opened", "opened before"])
def test_a_folder_that_cannot_be_written_is_read(study: Path, before: bool) -> None:
    if before:
        with held(study, "ana"):
            pass
    start = AS_OTHERS if os.getuid() == 0 else []
    assert not start or shutil.which("setpriv"), "util-linux is missing"
    line = [*start, str(PROGRAM), "open", "--no-browser", "--coder", "bo", "--study", str(study)]
    told = "The folder of the study cannot be written"
    with unwritable(study):
        process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            said = first_words(process, "/enter/")
            assert any(told in text for text in said), said
            link = said[-1].strip()
            one = Opened(int(link.split(":")[2].partition("/")[0]), link)
            one.enter()
            only_reads(one, told)
            nothing_is_taken(one, study, told)
            assert post(one, "/writer").status == 423
            study.chmod(0o755)
            (study / "log").chmod(0o755)
            for path in [*(study / "log").iterdir(), *(study / ".cache").glob("*")]:
                path.chmod(0o644)
            if before:
                (study / ".cache").chmod(0o755)
            assert post(one, "/writer").status == 200
            assert post(one, "/source/S1/memo", about="S1", text="x").status == 200
        finally:
            process.kill()
            process.communicate()
