"""The Word report in LibreOffice: every picture and every printed number is on its pages, and it comes back sound.

Runs where LibreOffice is installed (Debian: libreoffice-writer-nogui). Without it the test is skipped, and fails where
MAILLAGE_OFFICE=1 asks for it.
"""

import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from maillage.verbs.verify import verify

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
GLUE = re.compile(r"[\u00a0\u202f]")
INSTALL = "LibreOffice is not installed: apt-get install libreoffice-writer-nogui"


@pytest.fixture(scope="module")
def office() -> str:
    found = shutil.which("soffice")
    if found is None and os.environ.get("MAILLAGE_OFFICE") == "1":
        pytest.fail(INSTALL)
    if found is None:
        pytest.skip(INSTALL)
    return found


def converted(office: str, report: Path, folder: Path, form: str) -> Path:
    """The report as LibreOffice saves it, with a profile of its own."""
    profile = f"-env:UserInstallation=file://{folder.parent}/profile"
    command = [office, profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(report)]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    return folder / f"{report.stem}.{form}"


def tight(text: str) -> str:
    """Text without blanks, but with its lines: a number that a line break cuts in two is no longer there."""
    return re.sub(r"[^\S\n]", "", text)


def paragraphs(report: Path) -> list[list[str]]:
    """The text of each paragraph, in pieces between footnotes; fields and numbers of notes are the program's."""
    found: list[list[str]] = []
    with zipfile.ZipFile(report) as archive:
        for name in ("word/document.xml", "word/footnotes.xml"):
            for line in ET.fromstring(archive.read(name)).iter(f"{W}p"):
                pieces = [""]
                for item in line.iter():
                    pieces += [""] if item.tag == f"{W}footnoteReference" else []
                    pieces[-1] += (item.text or "") if item.tag == f"{W}t" else ""
                    pieces[-1] += "-" if item.tag == f"{W}noBreakHyphen" else ""
                found.append(pieces)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_libreoffice_prints_every_picture_and_every_number(
    office: str, mali_release: Path, lang: str, tmp_path: Path
) -> None:
    report = mali_release / f"report.{lang}.docx"
    pdf = converted(office, report, tmp_path, "pdf")
    listed = subprocess.run(["pdfimages", "-list", pdf], capture_output=True, check=True, text=True).stdout
    with zipfile.ZipFile(report) as archive:
        drawn = archive.read("word/document.xml").count(b"<a:blip ")
    assert Counter(line.split()[2] for line in listed.splitlines()[2:])["image"] == drawn > 0
    text = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True, text=True).stdout
    written = Counter(
        number for line in paragraphs(report) for piece in line for number in NUMBER.findall(GLUE.sub("", piece))
    )
    printed = tight(text)
    assert written.total() > 500
    assert {number: count for number, count in written.items() if printed.count(number) < count} == {}


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_libreoffice_saves_is_sound_and_a_change_in_it_is_told(
    office: str, mali_release: Path, lang: str, tmp_path: Path
) -> None:
    report = mali_release / f"report.{lang}.docx"
    saved = converted(office, report, tmp_path / "once", "docx")
    assert verify(saved) == []
    assert verify(saved, mali_release) == []
    through = converted(office, converted(office, report, tmp_path / "open", "odt"), tmp_path / "back", "docx")
    assert verify(through, mali_release) == [], "controls are gone, words are not"
    changed = tmp_path / "changed.docx"
    with zipfile.ZipFile(through) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"60(?=(?:\xc2\xa0|\xe2\x80\xaf| )?%)", b"65", old.read(name)))
    assert {item.code for item in verify(changed, mali_release)} >= {"figure_gone"}
