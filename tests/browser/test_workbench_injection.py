"""Hostile words in every field of a study, on every page of the workbench: shown letter by letter, never obeyed."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from made_bench import CARD, bench, laid_out
from maillage.study import log
from maillage.study.entries import Draft
from maillage.study.folder import open_study

pytestmark = pytest.mark.browser
WORDS = [
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "'><svg onload=document.title='owned'>",
    "</script><script>document.title='owned'</script>",
    "</pre></textarea></title><iframe srcdoc=\"<script>parent.document.title='owned'</script>\"></iframe>",
    '" hx-get="/vault" hx-trigger="load" hx-on:click="1" onfocus="1" autofocus x="',
    "<base href=//evil.test/><style>*{display:none}</style>",
    '<meta http-equiv=refresh content="0;url=http://evil.test/">',
    "javascript:document.title='owned'//",
    "{{ 7 * 7 }}{% raw %}${7*7}<!-- ]]>",
    "\N{RIGHT-TO-LEFT OVERRIDE}<form action=//evil.test/><button>x</button></form>",
]
OBEYED = """() => [...document.querySelectorAll(
  'img[src=x], svg[onload], iframe, base, style, meta[http-equiv], [onerror], [onfocus], [hx-on\\\\:click], '
  + '[hx-trigger=load][hx-get="/vault"], a[href^="javascript:"], form[action*="evil"], script:not([src])'
)].filter((one) => one.type !== 'application/json').map((one) => one.outerHTML.slice(0, 120))"""
PAGES = ("/", "/?show=all", "/source/H1", "/source/H1/fields?question=link", "/work", "/work?decided=yes", "/codes",
         "/code/hostile_code", "/code/isolation", "/vault", "/note")  # fmt: skip


def hostile(folder: Path) -> Path:
    """A study whose title, places, sources, codes, text, statements and memos are all made of such words."""
    study = laid_out(folder)
    every = " ".join(WORDS)
    settings = study / "study.yml"
    lines = [line for line in settings.read_text("utf-8").splitlines() if not line.startswith("title:")]
    quoted = every.replace("'", "''")
    settings.write_text("\n".join([*lines, f"title: {{en: '{quoted}', fr: '{quoted}'}}", ""]), "utf-8")
    cell = '"' + every.replace('"', '""') + '"'
    places = f"code,name,name_fr,level,parent\nEX,{cell},{cell},admin0,\nEX01,{cell},{cell},admin1,EX\n"
    (study / "tables" / "places.csv").write_text(places, "utf-8")
    (study / "tables" / "places.yml").write_text(CARD, "utf-8")
    text = "\n".join(WORDS) + "\n"
    (study / "documents" / "H1.txt").write_text(text, "utf-8")
    (study / "documents" / "<img src=x onerror=1>.txt").write_text(text, "utf-8")
    log.append(open_study(study), "ana", _entries(every, text))
    return study


def _entries(every: str, text: str) -> list[Draft]:
    source = {"id": "H1", "kind": "interview", "place": "EX01", "date": "2024-03", "consent": "anonymous"}
    words = {"title": every, "note": every, "locator": every, "language": every, "cluster": every}
    said = {
        "id": "h1",
        "source": "H1",
        "kind": "link",
        "question": "link",
        "answer": "cooperation",
        "start": 0,
        "end": 30,
    }
    more = {"note": every, "word": every, "locator": every, "actor": WORDS[1], "place": WORDS[0], "market": WORDS[5]}
    code = {"id": "hostile_code", "label_en": every, "label_fr": every, "definition_en": every, "definition_fr": every}
    mark = {
        "source": "H1",
        "start": 3,
        "end": 60,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "code": code["id"],
    }
    memo = {"about": "H1", "source": "H1", "title": every, "text": every}
    work = [Draft("assert", "assignment", {"source": "H1", "coder": coder, "blind": "no"}) for coder in ("ana", "bo")]
    return [
        Draft("assert", "source", source | words),
        Draft("assert", "code", code),
        *work,
        Draft("assert", "observation", said | more),
        Draft("assert", "passage", mark),
        Draft("assert", "memo", memo),
        Draft("assert", "memo", memo | {"about": code["id"]}),
    ]


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "fr"])
def test_hostile_words_are_shown_and_never_obeyed(tmp_path: Path, browser: Browser, lang: str) -> None:
    study = hostile(tmp_path)
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
    with bench(study, "ana", lang) as one:
        name, _, value = one.session.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": one.origin}])
        shown = ""
        for path in PAGES:
            answer = page.goto(one.origin + path)
            assert answer is not None
            assert answer.status == 200, path
            page.wait_for_load_state("networkidle")
            assert page.evaluate(OBEYED) == [], path
            assert not page.title().startswith("owned"), path
            shown += page.inner_text("body")
        assert [url for url in asked if not url.startswith((one.origin, "data:"))] == []
    context.close()
    assert "<script>document.title='owned'</script>" in shown
    assert "{{ 7 * 7 }}" in shown
    assert [text for text in complaints if "favicon" not in text and "404" not in text] == []
