"""What study.yml says that people judged: read whole or refused, and checked like any text."""

from pathlib import Path

import pytest

from maillage.errors import MaillageError
from maillage.study.folder import open_study
from maillage.verbs.check import check
from maillage.verbs.new import Start, new

PART = "{{concern: {level}, why: {{en: {en}, fr: {fr}}}}}"
FINE = {name: PART.format(level="minor", en="few accounts", fr="peu de récits")
        for name in ("methods", "coherence", "adequacy", "relevance")}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty study in two languages."""
    folder = tmp_path_factory.mktemp("judged") / "study"
    new(folder, Start("nexus", ("fr", "en"), "ML", "ana", "2024"))
    return folder


@pytest.fixture
def written(home: Path):
    """Writes keys below those of the study, and takes them away again."""
    file = home / "study.yml"
    before = file.read_text("utf-8")

    def write(more: str) -> Path:
        file.write_text(before + more, "utf-8")
        return home

    yield write
    file.write_text(before, "utf-8")


def panel(**parts: str) -> str:
    lines = [f"    {name}: {text}\n" for name, text in (FINE | parts).items() if text]
    return "cerqual:\n  links/ML07/cooperation:\n" + "".join(lines)


def test_a_whole_panel_is_read(written) -> None:
    read = open_study(written(panel())).settings.cerqual["links/ML07/cooperation"]
    assert list(read) == ["methods", "coherence", "adequacy", "relevance"]
    assert (read["adequacy"].level, read["adequacy"].why["fr"]) == ("minor", "peu de récits")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        (panel(adequacy=""), "cerqual.links/ML07/cooperation"),
        (panel(methods=PART.format(level="high", en="a", fr="b")), "cerqual.links/ML07/cooperation.methods"),
        (panel(methods="{concern: minor, why: {en: few}}"), "cerqual.links/ML07/cooperation.methods"),
        (panel(methods="{concern: none, why: ''}"), "cerqual.links/ML07/cooperation.methods"),
        (panel(methods="minor"), "cerqual.links/ML07/cooperation.methods"),
        ("likelihood: guesswork\n", "likelihood"),
    ],
)
def test_half_a_panel_and_an_unknown_table_are_refused(written, more: str, field: str) -> None:
    with pytest.raises(MaillageError) as problem:
        open_study(written(more))
    assert [(item.code, item.field) for item in problem.value.findings] == [("settings_judged", field)]


def test_a_panel_is_text_and_about_a_number(written) -> None:
    odd = panel(methods=PART.format(level="minor", en="the majority of 39 people", fr="peu de récits"))
    found = {item.code: item.value for item in check(written(odd))}
    assert found["cerqual_unknown"] == "links/ML07/cooperation"
    assert found["digit_typed"] == "the majority of 39 people"
    assert found["wording_majority"] == "majority"


TEXT = "# Markets {#markets}\n\n{text}\n"


@pytest.mark.parametrize(
    ("table", "text", "codes"),
    [
        ("likelihood: icd203\n", '{{ likelihood("likely") }} and {{ likelihood("very_likely") }}.', []),
        ("likelihood: icd203\n", "It is very likely.", ["wording_likelihood_typed"]),
        ("likelihood: icd203\n", "It is probable.", ["wording_likelihood"]),
        ("", "It is very likely.", ["wording_likelihood"]),
        ("", '{{ likelihood("likely") }}', ["likelihood_unknown"]),
        ("likelihood: ipcc\n", '{{ likelihood("even_chance") }}', ["likelihood_unknown"]),
        ("likelihood: icd203\n", 'Our confidence that it is {{ likelihood("likely") }}.', ["wording_two_scales"]),
    ],
)
def test_likelihood_in_the_words_of_one_table(written, table: str, text: str, codes: list[str]) -> None:
    folder = written(table)
    (folder / "narrative").mkdir(exist_ok=True)
    (folder / "narrative" / "en.md").write_text(TEXT.replace("{text}", text), "utf-8")
    found = [item for item in check(folder) if item.file == "narrative/en.md"]
    assert [item.code for item in found] == codes
    typed = {"wording_likelihood_typed": "very likely"}
    assert all(item.value == typed.get(item.code, item.value) for item in found)
