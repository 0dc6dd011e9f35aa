"""The study changes its id under a running workbench, or goes away: a refusal in words, and nothing is written."""

from pathlib import Path

import pytest

from folders import folder_hash
from made_bench import SETTINGS, TEXT, bench, laid_out, passage, post, said
from maillage.errors import MaillageError
from maillage.study import log
from maillage.study.folder import open_study

CODED = {"code": "isolation", **passage("at the bridge every week", TEXT)}
TOLD = {"en": "holds another study now: other instead of bench", "fr": "une autre étude : other au lieu de bench"}
GONE = {"en": "it has no study.yml", "fr": "study.yml y manque"}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return laid_out(tmp_path)


def other(study: Path) -> None:
    """Another id, as somebody edits it or unpacks another study over this one."""
    (study / "study.yml").write_text(SETTINGS.replace("id: bench", "id: other"), "utf-8")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_another_id_is_refused_and_nothing_is_read_or_written(study: Path, lang: str) -> None:
    with bench(study, lang=lang) as one:
        assert one.ask("GET", "/source/S1").status == 200
        other(study)
        before = folder_hash(study)
        for path in ("/source/S1/keep", "/source/S1/undo", "/source/S1/done", "/note", "/vault/lock"):
            answer = post(one, path, **CODED)
            assert (answer.status, TOLD[lang] in answer.body.replace("\u00a0", " ")) == (409, True), path
            assert answer.headers["hx-retarget"] == "#said"
        page = one.ask("GET", "/source/S1")
        assert (page.status, TEXT.splitlines()[0] in page.body) == (409, False)
        assert folder_hash(study) == before
        (study / "study.yml").write_text(SETTINGS, "utf-8")
        assert post(one, "/source/S1/keep", **CODED).status == 200
    assert all(log.verify(path, "bench") == [] for path in log.files(study))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_folder_that_goes_away_is_refused_and_not_made_anew(study: Path, tmp_path: Path, lang: str) -> None:
    with bench(study, lang=lang) as one:
        assert one.ask("GET", "/source/S1").status == 200
        study.rename(tmp_path / "away")
        before = folder_hash(tmp_path / "away")
        answer = post(one, "/source/S1/keep", **CODED)
        assert answer.status in (0, 409)  # 0: the workbench has noticed already, and stopped
        assert answer.status == 0 or GONE[lang] in answer.body
        assert not study.exists()
        assert folder_hash(tmp_path / "away") == before


def test_a_command_does_not_continue_the_log_of_another_study_either(study: Path) -> None:
    """In a process that wrote before, and so by what it remembers, as well as by what the file says."""
    other(study)
    before = folder_hash(study)
    for _ in range(2):
        with pytest.raises(MaillageError) as caught:
            log.append(open_study(study), "ana", [said("x1", "cooperation")])
        assert (caught.value.code, caught.value.findings[0].code) == ("log_readonly", "log_foreign")
        log.TAILS.clear()
    assert folder_hash(study) == before
