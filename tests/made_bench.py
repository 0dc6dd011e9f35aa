"""A study to code in: two coders, texts with signs of several code units, one source that the second codes blind."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from maillage.app.workbench import assets, site
from maillage.app.workbench.held import Hold
from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from opened import Answer, Opened, served

SETTINGS = """
id: bench
title: {en: Bench (SYNTHETIC), fr: Atelier (SYNTHÉTIQUE)}
languages: [en, fr]
pack: nexus
coders: [ana, bo]
countries: [EX]
synthetic: true
"""
PLACES = "code,name,name_fr,level,parent\nEX,Exemplie,Exemplie,admin0,\nEX01,Upstream,Amont,admin1,EX\n"
CARD = "kind: places\n"
COMBINED = "Que\u0301bec"  # an accent of its own: two code points, never one letter
TEXT = (
    "Q. What do you see?\n"
    f"A. 🙂 The herders say: e\u0331 {COMBINED} 👩‍🌾 sells gold to the group.\n\n"
    "<b>They pay</b> at the bridge every week & nobody asks.\n"
)
SECRET_OF_ANA = "what only ana wrote"


def laid_out(folder: Path) -> Path:
    """The study: S1 is ana's, S2 ana's and bo's (bo blind), S3 has no text, S4 refused."""
    study = folder / "bench"
    for name in ("documents", "tables"):
        (study / name).mkdir(parents=True)
    (study / "study.yml").write_text(SETTINGS, "utf-8")
    (study / "tables" / "places.csv").write_text(PLACES, "utf-8")
    (study / "tables" / "places.yml").write_text(CARD, "utf-8")
    for name in ("S1", "S2"):
        (study / "documents" / f"{name}.txt").write_bytes(TEXT.encode())
    opened = open_study(study)
    sources = [_source("S1"), _source("S2"), _source("S3"), _source("S4", consent="none")]
    work = [_work("S1", "ana", "no"), _work("S2", "ana", "no"), _work("S2", "bo", "yes")]
    log.append(opened, "ana", [*sources, *work, said("a1", "cooperation", note=SECRET_OF_ANA), _marked(), _memo()])
    log.append(opened, "bo", [said("b1", "confrontation", source="S1")])
    return study


def _source(name: str, consent: str = "anonymous") -> Draft:
    return Draft("assert", "source", {"id": name, "kind": "interview", "place": "EX01", "date": "2024-03-11",
                                      "consent": consent, "stakeholder": "transporter"})  # fmt: skip


def _work(source: str, coder: str, blind: str) -> Draft:
    return Draft("assert", "assignment", {"source": source, "coder": coder, "blind": blind})


def said(name: str, answer: str, source: str = "S2", note: str = "of bo") -> Draft:
    """A statement on a link."""
    data = {"id": name, "source": source, "kind": "link", "question": "link", "answer": answer}
    return Draft("assert", "observation", data | {"start": 20, "end": 40, "note": note})


def _marked() -> Draft:
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    return Draft("assert", "passage", {"source": "S2", "start": 22, "end": 35, "sha256": digest, "code": "isolation"})


def _memo() -> Draft:
    return Draft("assert", "memo", {"about": "S2", "source": "S2", "text": f"memo: {SECRET_OF_ANA}"})


@contextmanager
def bench(study: Path, coder: str | None = "ana", lang: str = "en", hold: Hold | None = None) -> Iterator[Opened]:
    """The workbench of a coder, and a session that was let in."""
    with to_enter(study, coder, lang, hold) as one:
        one.enter()
        yield one


@contextmanager
def to_enter(study: Path, coder: str | None = "ana", lang: str = "en", hold: Hold | None = None) -> Iterator[Opened]:
    """The workbench of a coder, whose link is for a real browser."""
    with served([*site.routes(study, coder=coder, lang=lang, hold=hold), assets.mount()], study, lang=lang) as one:
        yield one


def post(one: Opened, path: str, **said: str) -> Answer:
    """Send a form, as htmx does."""
    return one.ask("POST", path, urlencode(said).encode(), hx_request="true")


def passage(words: str, text: str = TEXT) -> Mapping[str, str]:
    """The fields of a form for words of the text."""
    start = text.index(words)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"start": str(start), "end": str(start + len(words)), "quote": words, "sha256": digest}
