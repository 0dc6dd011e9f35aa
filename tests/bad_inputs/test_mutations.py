"""A small sample of random changes of valid files: whatever comes, it is read or it is a `MaillageError`."""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import mutations
import pytest
import yaml
from bad import SOURCES, STATEMENTS
from bad_layers import HOUSE, layer

from made_documents import deleted, docx, odt, p, r, rtf
from made_forms import agreed, xlsx
from made_qda import project, qdpx, selection, source
from maillage.errors import Finding, MaillageError
from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.verbs.add import Request, add
from maillage.verbs.check import check
from maillage.verbs.observe import observe

pytestmark = pytest.mark.usefixtures("config")


@pytest.fixture
def study(models: Path, tmp_path: Path) -> Path:
    shutil.copytree(models / "s", tmp_path / "s")
    return tmp_path / "s"


def tried(work: Callable[[], Any]) -> None:
    """Does it; every problem can be said in both languages."""
    found: list[Finding] = []
    try:
        done = work()
        found = list(done if isinstance(done, list) else done.findings)
    except MaillageError as problem:
        found = problem.findings
        json.dumps([problem.record(lang) for lang in ("en", "fr")])
    json.dumps([item.record(lang) for item in found for lang in ("en", "fr")])


FORM = Request(kind="form", card=Path("forms/guide.yml"))
Make = Callable[[Path], Path]
FILES: dict[str, tuple[Make, Callable[[bytes, Random], bytes], Request]] = {
    "docx": (lambda to: docx(to / "a.docx", p(r("a"), deleted("b"))), mutations.archive, Request()),
    "odt": (lambda to: odt(to / "a.odt", "<text:p>a<text:s text:c='3'/></text:p>"), mutations.archive, Request()),
    "rtf": (lambda to: rtf(to / "a.rtf", r"a {\b b} \'e9 \u8217? \bin3 abc\par"), mutations.raw, Request()),
    "xlsx": (lambda to: xlsx(to / "a.xlsx", [agreed(1)]), mutations.archive, FORM),
    "qdpx": (lambda to: qdpx(to, project(source(selection(0, 5)))), mutations.archive, Request()),
}


@pytest.mark.parametrize("name", FILES)
def test_files(name: str, study: Path, tmp_path: Path) -> None:
    make, change, request = FILES[name]
    good = make(tmp_path)
    content, random = good.read_bytes(), Random(name)
    for _ in range(25):
        good.write_bytes(change(content, random))
        tried(lambda: add(study, good, request))


@pytest.mark.parametrize("kind", ["sources", "statements"])
def test_tables(kind: str, study: Path, tmp_path: Path) -> None:
    file, random = tmp_path / "a.csv", Random(kind)
    for _ in range(30):
        if kind == "sources":
            file.write_bytes(mutations.table(SOURCES.encode(), random))
            tried(lambda: add(study, file, Request(kind="sources")))
        else:
            file.write_bytes(mutations.table(STATEMENTS.encode(), random))
            tried(lambda: observe(study, file, coder="ana"))


def test_outlines(study: Path, tmp_path: Path) -> None:
    file, random = tmp_path / "a.geojson", Random("outlines")
    for _ in range(40):
        file.write_text(json.dumps(mutations.tree(json.loads(layer(HOUSE)), random)), "utf-8")
        tried(lambda: add(study, file, Request()))


CARD = """
kind: events
map: {id: a, date: {parts: [y, m, d]}, place: p, deaths: n}
melt: {n: {indicator: population, unit: persons, low: n, scale: 0.01}}
precision: 2
filter: {p: [EX0101]}
rename: {place: {EX0101: EX02}}
drop: [EX01]
coverage: {from: "2024-01-01", to: "2024-12-31"}
title: {en: a, fr: b}
"""


@pytest.mark.parametrize("kind", ["events", "indicators", "places", "sources"])
def test_cards(kind: str, study: Path, tmp_path: Path) -> None:
    file, card, random = tmp_path / "a.csv", tmp_path / "card.yml", Random(kind)
    file.write_text("a,y,m,d,p,n\n1,2024,1,2,EX0101,5\n2,2024,2,30,EX02,x\n", "utf-8")
    for _ in range(40):
        card.write_text(yaml.safe_dump(mutations.tree(yaml.safe_load(CARD), random)), "utf-8")
        tried(lambda: add(study, file, Request(kind=kind, card=card)))


def test_settings(study: Path) -> None:
    path, random = study / "study.yml", Random("settings")
    good = yaml.safe_load(path.read_text("utf-8")) | {"zones": {"n": {"places": ["ML07"]}}, "reporting": {}}
    for _ in range(40):
        path.write_text(yaml.safe_dump(mutations.tree(good, random)), "utf-8")
        with suppress(MaillageError):
            open_study(path.parent)


def test_entries_that_somebody_signed(study: Path, tmp_path: Path) -> None:
    random, values = Random("entries"), [v for v in mutations.VALUES if not isinstance(v, float) and v != 10**30]
    good = [e for path in log.files(study) for e in log.read(path).entries if e.op == "assert"]
    for turn in range(12):
        copy = tmp_path / f"copy{turn}"
        shutil.copytree(study, copy)
        drafts: list[Draft] = []
        for entry in random.sample(good, 3):
            data = dict(entry.data)
            data[random.choice([*data])] = random.choice(values)
            of = random.choice([None, entry.id])
            drafts.append(Draft(random.choice(["assert", "supersede", "retract"]), entry.kind, data, of=of, why="x"))
        log.append(open_study(copy), "ana", drafts)
        tried(lambda at=copy: check(at))
