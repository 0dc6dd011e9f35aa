"""Who is erased leaves no title, no locator, no word in anything that comes out of the study afterwards."""

from pathlib import Path

import pytest

from maillage import run
from maillage.study import age, log, vault
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.keeping import keep
from maillage.verbs import opening
from maillage.verbs import vault as vaults
from maillage.verbs.export import export
from maillage.verbs.opening import unlocked
from maillage.verbs.release import release
from maillage.verbs.run import run_path

SETTINGS = "id: practice\ntitle: P\nlanguages: [en]\npack: nexus\ncoders: [ana, bo]\nperiod: '2024'\n"
MARK = "Zyxmark"
SOURCE = {"id": "S1", "kind": "interview", "consent": "anonymous", "title": f"{MARK}title", "locator": f"{MARK}place",
          "date": "2024-03", "place": "ML"}  # fmt: skip
MORE = [
    Draft("assert", "observation", {"id": "o1", "source": "S1", "kind": "factor", "question": "factor",
                                    "answer": "isolation", "locator": f"{MARK}page", "note": f"{MARK}note"}),
    Draft("assert", "memo", {"about": "S1", "source": "S1", "text": f"{MARK}memo"}),
    Draft("assert", "assignment", {"source": "S1", "coder": "bo"}),
]  # fmt: skip


def ask() -> str:
    raise AssertionError("nobody is asked: the key is held")


@pytest.fixture(params=["sealed", "entered before the vault"])
def study(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A study with one informant, who says something, and a document; sealed, or in clear because it came too early."""
    folder = tmp_path / "s"
    (folder / "tables").mkdir(parents=True)
    (folder / "study.yml").write_text(SETTINGS, "utf-8")
    (folder / "tables" / "p.csv").write_text("code,name,level\nML,Mali,admin0\n", "utf-8")
    (folder / "tables" / "p.yml").write_text("kind: places\nfile: tables/p.csv\ntitle: {en: P}\nsource: x\n", "utf-8")
    secret, public = age.make()
    monkeypatch.setattr(opening.holder, "held", lambda: secret)
    drafts = [Draft("assert", "source", SOURCE), Draft("assert", "source", {"id": "D1", "kind": "document"}), *MORE]
    if request.param != "sealed":
        log.append(open_study(folder), "ana", drafts)
        run_path(folder, by_period=False, step=lambda _: None)
    vault.create(open_study(folder), "ana", {"ana": public, "bo": age.make()[1]})
    made = unlocked(folder)
    if request.param == "sealed":
        keep(made, "ana", drafts)
    else:
        vault.informants(vault.unlock(made, secret, coder="ana"), "ana", ["S1"])
    return made


def outputs(study: Study, folder: Path) -> dict[str, bytes]:
    """Everything that leaves the study: what is computed, a release for the team, exports, tables in memory."""
    results = run_path(study.path, by_period=False, step=lambda _: None)
    release(study.path, folder / "release", audience="team", langs=("en",), step=lambda _: None)
    for form in ("csv", "qdpx"):
        export(study.path, folder / form, form=form, audience="team")
    known = run.load(unlocked(study.path))[0]
    tables = {name: getattr(known, name) for name in ("sources", "observations", "codings", "memos", "assignments")}
    found = {name: table.write_json().encode() for name, table in tables.items()}
    found["estimates"] = results.estimates.write_json().encode()
    files = [path for path in [*folder.rglob("*"), *study.path.rglob("*")] if path.is_file()]
    return found | {path.as_posix(): path.read_bytes() for path in files if "log" not in path.parts}


def test_erasing_leaves_neither_locators_nor_titles_in_any_output(study: Study, tmp_path: Path) -> None:
    before = outputs(study, tmp_path / "before")
    assert {name for name in ("sources", "codings", "memos") if MARK.encode() in before[name]} == {
        "sources", "codings", "memos",
    }  # fmt: skip
    held = [name for name, raw in before.items() if "before" in name and MARK.encode() in raw]
    assert held, "the release of the team names the source, or this test says nothing"
    vaults.erase(study.path, "S1", "asked", ask, "ana")
    assert [path.name for path in study.path.glob("out/*")] == [], "what was computed goes too"
    after = outputs(study, tmp_path / "after")
    assert [name for name, raw in after.items() if MARK.encode() in raw] == []
    (listed,) = (raw.decode() for name, raw in after.items() if name.endswith("after/release/data/sources.csv"))
    assert [line.split(",")[0] for line in listed.splitlines()] == ["id", "D1"]
