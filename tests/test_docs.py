"""The documentation is true: what there is is described, examples run, links lead somewhere, pages are current."""

import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import known
from maillage import pack
from maillage.app.cli import COMMANDS
from maillage.blocks import Literal, Number, Paragraph
from maillage.labels import Labels
from maillage.publish import narrative
from maillage.verbs.check import check

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "studies").glob("*/README*.md")])
PROGRAM = Path(sys.executable).parent / "maillage"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    return [text for name, text in BLOCK.findall(page.read_text("utf-8")) if name == language]


def commands(page: Path) -> list[list[str]]:
    """The lines of a page's console blocks that are typed."""
    lines = [line for text in blocks(page, "console") for line in text.splitlines() if line.startswith("$ maillage ")]
    return [shlex.split(line.removeprefix("$ ")) for line in lines]


def typed(words: list[str], folder: Path) -> None:
    """Run one line in a folder; it must succeed."""
    done = subprocess.run(
        [PROGRAM, *words[1:]], cwd=folder, capture_output=True, text=True, env=os.environ, check=False
    )
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_a_page_that_names_its_options(name: str) -> None:
    text = (DOCS / f"{name}.md").read_text("utf-8")
    command = importlib.import_module(f"maillage.app.commands.{name}").command
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    hidden = {"--help", "--study", "--json", "--lang"}
    assert [option for option in sorted(options - hidden) if option not in text] == []


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.stem)
def test_each_page_is_reached_from_the_first(page: Path) -> None:
    first = (DOCS / "README.md").read_text("utf-8")
    assert page.name == "README.md" or f"]({page.name})" in first


@pytest.mark.parametrize("name", sorted(pack.load("nexus").measures))
def test_each_measure_is_in_the_list(name: str) -> None:
    assert f"`{name}`" in (DOCS / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(pack.load("nexus").measures))
def test_each_measure_has_a_page(name: str) -> None:
    text = "\n".join(page.read_text("utf-8") for page in sorted((DOCS / "measures").glob("*.md")))
    assert re.search(rf"(^|[\s`]){name}(`|/)", text, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files_that_exist(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", BLOCK.sub("", page.read_text("utf-8")))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


def test_the_dictionary_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "make_docs.py", "--check"], check=False)
    assert done.returncode == 0, "run scripts/make_docs.py"


def test_both_readmes_say_the_same() -> None:
    english, french = ROOT / "README.md", ROOT / "README.fr.md"
    assert blocks(english, "python") == blocks(french, "python")
    assert commands(english) == commands(french)
    heads = [len(re.findall(r"^## ", page.read_text("utf-8"), re.MULTILINE)) for page in (english, french)]
    assert heads[0] == heads[1]


def typed_on(page: Path) -> list[str]:
    """Every line of a page's blocks that a reader may type or copy, without what a settings file remarks beside it."""
    found = BLOCK.findall(page.read_text("utf-8"))
    return [
        re.sub(r"\s+# .*", "", line) if name == "yaml" else line for name, text in found for line in text.splitlines()
    ]


IN_FRENCH = sorted(page.name.removesuffix(".fr.md") for page in DOCS.glob("*.fr.md"))


def test_the_pages_of_everyday_are_there_in_french() -> None:
    everyday = {"gate", "release", "ledger", "risk", "practice", "retract", "trace", "verify", "export", "index"}
    assert everyday <= set(IN_FRENCH)


@pytest.mark.parametrize("name", [name for name in IN_FRENCH if name != "tutorial"])  # held by what it leads to
def test_a_page_in_french_has_the_commands_and_the_heads_of_the_english(name: str) -> None:
    english, french = DOCS / f"{name}.md", DOCS / f"{name}.fr.md"
    assert typed_on(english) == typed_on(french)
    said = [page.read_text("utf-8") for page in (english, french)]
    for mark in (r"^#+ ", r"^\|", r"^- "):
        counts = [len(re.findall(mark, BLOCK.sub("", text), re.MULTILINE)) for text in said]
        assert counts[0] == counts[1], mark
    options = [set(re.findall(r"`[^`]*?(--[a-z-]+)", text)) for text in said]
    assert options[0] == options[1]
    assert f"]({name}.fr.md)" in said[0]
    assert f"]({name}.md)" in said[1]


def test_the_python_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for text in blocks(ROOT / "README.md", "python"):
        exec(compile(text, "README.md", "exec"), names)
    assert "results" in names


@pytest.mark.parametrize(
    "page", [page for page in PAGES if DOCS in page.parents and blocks(page, "python")], ids=lambda page: page.stem
)
def test_the_python_of_the_pages_runs(page: Path) -> None:
    for text in blocks(page, "python"):
        exec(compile(text, page.name, "exec"), {})


def test_the_references_of_the_page_on_narratives_give_what_it_says() -> None:
    release = known.released("mali")
    labels = Labels("en", release.pack, release.places, release.settings.zone_labels)
    rows = re.findall(r"^\| `(\{\{.*?\}\})` \| (.*) \|$", (DOCS / "narrative.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 10
    for reference, shown in rows:
        text = "# Flows {#flows}\n\n" + reference.replace("\\|", "|")
        (paragraph,) = narrative.resolve(text, release, labels)["flows"]
        assert isinstance(paragraph, Paragraph)
        (span,) = paragraph.spans
        assert isinstance(span, Number | Literal)
        assert span.text.replace("\N{NO-BREAK SPACE}", " ") == shown


def test_the_narrative_of_the_page_checks_clean(tmp_path: Path) -> None:
    study = shutil.copytree(ROOT / "studies" / "first-steps", tmp_path / "study")
    (study / "narrative").mkdir(exist_ok=True)
    (text,) = blocks(DOCS / "narrative.md", "markdown")
    for lang in ("en", "fr"):
        (study / "narrative" / f"{lang}.md").write_text(text, "utf-8")
    assert [problem.code for problem in check(study)] == []


def test_the_card_and_the_rows_of_the_pages_are_taken(tmp_path: Path) -> None:
    typed(["maillage", "new", "st", "--country", "ML", "--coder", "ana"], tmp_path)
    (tmp_path / "regions.csv").write_text("adm1_pcode,adm1_name\nML07,Gao\n", "utf-8")
    (tmp_path / "sources.csv").write_text("id,kind,place,consent\nI01,interview,ML07,none\nI02,interview,Gao,none\n")
    (card,) = blocks(DOCS / "add.md", "yaml")
    (rows,) = blocks(DOCS / "observe.md", "csv")
    (tmp_path / "regions.yml").write_text(card, "utf-8")
    (tmp_path / "observations.csv").write_text(rows, "utf-8")
    typed(["maillage", "add", "regions.csv", "--study", "st", "--map", "regions.yml"], tmp_path)
    typed(["maillage", "add", "sources.csv", "--study", "st", "--as", "sources"], tmp_path)
    typed(["maillage", "observe", "observations.csv", "--study", "st", "--coder", "ana"], tmp_path)


def test_the_trace_of_the_page_is_what_comes_out() -> None:
    (told,) = (text for text in blocks(DOCS / "trace.md", "") if text.startswith("$ "))
    first, *lines = told.splitlines()
    done = subprocess.run([PROGRAM, *shlex.split(first)[2:]], cwd=ROOT, capture_output=True, text=True, check=True)
    shown = [line.strip().removesuffix("...").strip() for line in lines]
    assert [line for line in shown if line not in done.stdout] == []


@pytest.mark.parametrize("page", [pytest.param("tutorial.md", marks=pytest.mark.slow), "tutorial.fr.md"])
def test_the_tutorial_leads_to_a_release(page: str, tmp_path: Path) -> None:
    shutil.copytree(DOCS / "tutorial", tmp_path / "docs" / "tutorial")
    lines = commands(DOCS / page)
    assert [words[1] for words in lines][:2] == ["new", "add"]
    for words in lines:
        typed(words, tmp_path)
    release = Path(lines[-1][-1])
    assert (tmp_path / release / "report.fr.html").is_file()


def test_the_ten_lines_of_the_readme_run(tmp_path: Path) -> None:
    files = {
        "places.csv": "code,name,level,parent\nGH01,Upper Region,admin1,GH\nGH02,Lower Region,admin1,GH\n",
        "sources.csv": "id,kind,place,date,consent,stakeholder,reliability\n"
        + "".join(f"I{n},interview,GH0{1 + n % 2},2025-03,anonymous,civil_society,B\n" for n in range(8)),
        "observations.csv": "source,kind,question,answer,place\n"
        + "".join(f"I{n},link,link,{'cooperation' if n < 5 else 'denied'},GH0{1 + n % 2}\n" for n in range(8)),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    lines = commands(ROOT / "README.md")
    assert len(lines) == 10
    for words in lines:
        typed(words, tmp_path)


def test_the_makefile_targets_of_the_readme_exist() -> None:
    named = set(re.findall(r"\bmake ([a-z-]+)", (ROOT / "README.md").read_text("utf-8"))) - {"where"}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {name for name in named if name in {"demo", "test"}} == {"demo", "test"}
    assert {"setup", "demo", "test", "test-slow", "lint", "bench", "clean"} <= targets
