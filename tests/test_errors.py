"""The catalogue of problems: complete, in both languages, each code in use, each slot in both sentences."""

import ast
import re
import string
from pathlib import Path

import pytest
import yaml

from maillage import tables
from maillage.errors import FOLDER, MaillageError, catalogue, finding, has_errors

SOURCE = FOLDER.parent
PYTHON = sorted(SOURCE.rglob("*.py"))
WORDS = {
    node.value
    for path in PYTHON
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}


def calls() -> set[str]:
    """Codes given literally to finding(...) and MaillageError(...)."""
    found: set[str] = set()
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                if node.func.id in {"finding", "MaillageError", "Finding"} and isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_that_is_used_is_in_the_catalogue() -> None:
    assert calls() - catalogue().keys() == set()


def test_every_code_of_the_catalogue_is_used() -> None:
    by_type = {f"{kind}_unreadable" for kind in tables.TYPES}  # a value that does not fit its column's type
    assert catalogue().keys() - WORDS - by_type == set()


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_problem_is_said_in_both_languages(code: str) -> None:
    entry = catalogue()[code]
    assert set(entry) == {"level", "en", "fr", "remedy_en", "remedy_fr"}
    assert entry["level"] in ("error", "warning")
    assert all(text.strip() == text and text for text in entry.values())
    assert entry["en"] != entry["fr"]
    assert slots(entry["en"]) == slots(entry["fr"])
    assert slots(entry["remedy_en"]) == slots(entry["remedy_fr"])


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_french_is_typeset_as_french(code: str) -> None:
    for text in (catalogue()[code]["fr"], catalogue()[code]["remedy_fr"]):
        assert "“" not in text
        prose = re.sub(r"\S+: ?[\[{].*?[\]}]+(?= |\.|$)|https?:|zone:", "", text)  # examples of YAML, addresses
        assert not re.search(r"[^\s\u00a0\u202f\d][:;?!»]|«[^\s\u00a0\u202f]", prose), text


def test_files_do_not_share_a_code() -> None:
    seen: dict[str, str] = {}
    for path in sorted(Path(FOLDER).glob("*.yml")):
        for code in yaml.safe_load(path.read_text("utf-8")) or {}:
            assert code not in seen, f"{code}: {path.name} and {seen[code]}"
            seen[code] = path.name


def test_a_finding_says_where_and_what() -> None:
    found = finding("value_type", file="x.csv", line=3, row=2, field="low", value="many", type="number")
    assert found.level == "error"
    record = found.record("en")
    assert list(record) == ["code", "level", "file", "line", "row", "field", "value", "message", "remedy"]
    assert record["message"] == "“many” in column low is not of type number."
    assert found.record("fr")["message"] == "« many » dans la colonne low n'est pas du type number."


def test_a_missing_fact_does_not_hide_the_problem() -> None:
    assert "?" in finding("column_unknown", file="x").message("en")


def test_a_code_that_nobody_wrote_down_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError):
        finding("no_such_code")
    with pytest.raises(AssertionError):
        MaillageError("no_such_code")


def test_only_errors_stop_the_work() -> None:
    warning = finding("languages_differ", file="narrative/en.md", value="x")
    assert not has_errors([warning])
    assert has_errors([warning, finding("file_gone", file="x")])


def test_an_exception_carries_its_findings_and_its_record() -> None:
    problem = MaillageError(
        "estimate_unknown", findings=[finding("file_gone", file="x")], value="links/X", nearest="links/Y"
    )
    assert (problem.exit_code, len(problem.findings)) == (1, 1)
    assert str(problem).startswith("estimate_unknown: ")
    record = problem.record("fr")
    assert (record["code"], record["value"], record["file"]) == ("estimate_unknown", "links/X", None)
    assert problem.text("fr") == f"{record['message']} {record['remedy']}"
