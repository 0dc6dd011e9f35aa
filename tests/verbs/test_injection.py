"""Text of a study is data everywhere: what markup, formulas, templates and scripts look like is read back as it was."""

import csv
import hashlib
import html
import io
import json
import re
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
import yaml

from folders import STUDIES
from maillage.spreadsheet import FORMULA, defused, restored
from maillage.verbs.add import Request, add
from maillage.verbs.export import export
from maillage.verbs.observe import observe
from maillage.verbs.release import release

NASTY = (
    "=cmd|'/C calc'!A0 </script><script>alert(1)</script> #eval(sys.inputs) {{7*7}} $x^2$ \\input{x} <b onload=x>&amp;"
)
PLACE = '=HYPERLINK("x") <img src=x onerror=alert(2)> #panic() \u202eevil\u202c ]]>'
ZONE = "@zone </style><svg onload=alert(3)> *bold* _em_"
NOTE = '-2+3 <script>alert(4)</script> #include "x"'
SOURCE = '+SUM(1) </script><script>alert(5)</script> #read("/etc/passwd")'
PAGE = "=1+1 <script>alert(6)</script> [link](javascript:alert)"
CALLS = "alert(1)|alert(2)|alert(3)|alert(4)|alert(5)|alert(6)"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nasty") / "study"
    shutil.copytree(STUDIES / "first-steps", folder, ignore=shutil.ignore_patterns("ledger", "out"))
    settings = yaml.safe_load((folder / "study.yml").read_text("utf-8"))
    settings |= {"title": {"en": NASTY, "fr": NASTY}, "notice": {"en": NOTE, "fr": NOTE}}
    settings["zones"]["border"]["label"] = {"en": ZONE, "fr": ZONE}
    (folder / "study.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), "utf-8")
    places = json.loads((folder / "tables" / "places.geojson").read_text("utf-8"))
    for feature in places["features"]:
        if feature["properties"]["code"] == "EX0101":
            feature["properties"]["name"] = PLACE
    content = json.dumps(places, ensure_ascii=False).encode()
    (folder / "tables" / "places.geojson").write_bytes(content)
    card = yaml.safe_load((folder / "tables" / "places.yml").read_text("utf-8"))
    card |= {"sha256": hashlib.sha256(content).hexdigest(), "source": NOTE, "licence": NASTY}
    (folder / "tables" / "places.yml").write_text(yaml.safe_dump(card, allow_unicode=True), "utf-8")
    _with_a_source(folder)
    return folder


def _with_a_source(folder: Path) -> None:
    """A public document of a nasty title, and a statement in it with a nasty locator and note."""
    rows = {
        "sources": [["id", "kind", "title", "place", "reliability"], ["D99", "document", SOURCE, "EX01", "B"]],
        "observations": [["source", "kind", "question", "answer", "place", "actor", "other", "locator", "note"],
                         ["D99", "link", "link", "cooperation", "EX0101", "terrorist_group", "smuggler", PAGE, NOTE]],
    }  # fmt: skip
    for name, lines in rows.items():
        with (folder.parent / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([[defused(cell) for cell in line] for line in lines])
    done = [add(folder, folder.parent / "sources.csv", Request(kind="sources", coder="ana")),
            observe(folder, folder.parent / "observations.csv", coder="ana")]  # fmt: skip
    assert [[item for item in outcome.findings if item.level == "error"] for outcome in done] == [[], []]


@pytest.fixture(scope="module")
def out(study: Path) -> Path:
    release(study, study.parent / "out", audience="team", langs=None, step=lambda name: None)
    return study.parent / "out"


def flat(text: str) -> str:
    """Without blanks and marks of direction, which a typesetter may move."""
    return re.sub(r"[\s\u00a0\u202f\u200b\u202a-\u202e\u2066-\u2069]", "", text)


def found(text: str, *wanted: str) -> list[str]:
    return [part for part in wanted if flat(part) not in flat(text)]


@pytest.mark.parametrize("name", ["report.en.html", "report.fr.html", "brief.en.html", "brief.fr.html"])
def test_a_page_has_only_its_own_script(out: Path, first_steps_release: Path, name: str) -> None:
    page, clean = ((folder / name).read_text("utf-8") for folder in (out, first_steps_release))
    count = re.compile(r"<script|<style|<svg|</script", re.IGNORECASE)
    assert sorted(count.findall(page)) == sorted(count.findall(clean))
    bare = re.sub(r"<script>.*?</script>|<style>.*?</style>", "", page, flags=re.DOTALL)
    tags = re.findall(r"<[a-zA-Z][^>]*>", bare)
    assert not [tag for tag in tags if re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', tag))]
    assert not [tag for tag in tags if re.match(r"<(img|b\s|iframe|object)", tag)]
    assert found(html.unescape(bare), NASTY, NOTE) == []
    assert name.startswith("brief") or found(html.unescape(bare), PLACE, ZONE, SOURCE) == []


@pytest.mark.parametrize("name", ["report.en.pdf", "report.fr.pdf", "brief.en.pdf", "brief.fr.pdf"])
def test_a_pdf_says_it_literally(out: Path, name: str) -> None:
    done = subprocess.run(["pdftotext", "-raw", out / name, "-"], capture_output=True, check=True, text=True)
    assert "#eval(sys.inputs)" in done.stdout
    assert "{{7*7}}" in done.stdout
    assert found(done.stdout, "<script>alert(1)</script>", "$x^2$", "\\input{x}", "<b onload=x>&amp;") == []
    assert name.startswith("brief") or found(done.stdout, "<img src=x onerror=alert(2)> #panic()") == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_word_file_holds_it_as_text(out: Path, lang: str) -> None:
    with zipfile.ZipFile(out / f"report.{lang}.docx") as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(parts.read(name))
        root = ET.fromstring(parts.read("word/document.xml"))
    text = "".join(part.text or "" for part in root.iter() if part.tag.endswith("}t"))
    assert found(text, NASTY, NOTE, PLACE, ZONE) == []
    codes = "".join(part.text or "" for part in root.iter() if part.tag.endswith("}instrText"))
    assert not re.search(f"DDE|INCLUDE|{CALLS}", codes)


def test_tables_give_it_back_and_no_cell_is_a_formula(out: Path) -> None:
    for path in (out / "data").rglob("*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
        assert not [
            cell for row in rows for cell in row if cell.startswith(FORMULA) and not re.fullmatch(r"-?[\d.]+", cell)
        ]
    with (out / "data" / "places.csv").open(encoding="utf-8", newline="") as lines:
        names = {row["code"]: restored(row["name"]) for row in csv.DictReader(lines)}
    assert flat(names["EX0101"]) == flat(PLACE)
    book = openpyxl.load_workbook(out / "data" / "maillage.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    texts = {flat(restored(str(cell.value))) for cell in cells if cell.value is not None}
    assert {flat(NASTY), flat(NOTE), flat(PLACE), flat(SOURCE)} <= texts
    with (out / "data" / "sources.csv").open(encoding="utf-8", newline="") as lines:
        titles = {row["id"]: restored(row["title"]) for row in csv.DictReader(lines)}
    assert titles["D99"] == SOURCE


def test_maps_packages_and_pictures_hold_it_as_data(out: Path) -> None:
    places = json.loads((out / "data" / "map.geojson").read_text("utf-8"))
    named = {item["properties"]["code"]: item["properties"]["name"] for item in places["features"]}
    assert flat(named["EX0101"]) == flat(PLACE)
    base = sqlite3.connect(out / "data" / "map.gpkg")
    try:
        assert flat(base.execute("SELECT name FROM areas WHERE code = 'EX0101'").fetchone()[0]) == flat(PLACE)
        assert base.execute("SELECT count(*) FROM about WHERE text = ?", (NASTY,)).fetchone() == (1,)
    finally:
        base.close()
    assert json.loads((out / "data" / "datapackage.json").read_text("utf-8"))["title"] == NASTY
    assert json.loads((out / "manifest.json").read_text("utf-8"))["title"]["en"] == NASTY
    drawn = [path.read_text("utf-8") for path in (out / "charts").glob("*.svg")]
    assert any(found("".join(ET.fromstring(text).itertext()), PLACE) == [] for text in drawn)
    for text in drawn:
        tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(text).iter()}
        assert not tags & {"script", "img", "image", "foreignObject", "b", "a"}


def test_ties_hold_it_as_data(study: Path, tmp_path: Path) -> None:
    export(study, tmp_path, form="ftm", audience="team")
    entities = [json.loads(line) for line in (tmp_path / "ftm.jsonl").read_text("utf-8").splitlines()]
    texts = [flat(text) for entity in entities for values in entity["properties"].values() for text in values]
    assert any(flat(PLACE) in text for text in texts)
    assert flat(SOURCE) in texts
