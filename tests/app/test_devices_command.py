"""`maillage devices` and the questions of a merge, in both languages and as JSON."""

import json
import re
import shutil
from pathlib import Path

import pytest
from made_study import Command

from maillage.study import age, log
from maillage.study.entries import Draft
from maillage.study.folder import open_study


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, say: Command) -> tuple[Path, Path]:
    """Ana's study, and a copy in which bo wrote on another computer."""
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "one"))
    ours, theirs = tmp_path / "a", tmp_path / "b"
    assert say("new", str(ours), "--country", "ML", "--coder", "ana").code == 0
    settings = ours / "study.yml"
    settings.write_text(re.sub(r"coders:.*", "coders: [ana, bo]", settings.read_text("utf-8")), "utf-8")
    log.append(open_study(ours), "ana", [Draft("assert", "source", {"id": "D1", "kind": "document"})])
    shutil.copytree(ours, theirs)
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "two"))
    log.append(open_study(theirs), "bo", [Draft("withdraw", "source", of="D1", why="x")])
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path / "one"))
    return ours, theirs


def test_a_new_computer_is_told_and_then_confirmed(copies: tuple[Path, Path], say: Command) -> None:
    ours, theirs = map(str, copies)
    merged = say("merge", theirs, "--study", ours, "--lang", "fr")
    assert merged.code == 0
    assert "merge_device" in merged.out
    checked = say("check", "--study", ours)
    assert checked.code == 0, "a warning is no error"
    assert "device_unconfirmed" in checked.out
    assert "withdraw D1" in checked.out
    (name,) = [path.stem for path in (copies[0] / "log").glob("bo.*")]
    told = say("devices", "--study", ours, "--lang", "fr").out
    assert "cet ordinateur" in told
    assert f"{name} : NON CONFIRMÉ" in told
    assert say("devices", "confirm", name, "--study", ours).out == f"{name} is confirmed.\n"
    assert say("devices", "confirm", name, "--study", ours).out == f"{name} was confirmed already.\n"
    (bo,) = [one for one in json.loads(say("devices", "--study", ours, "--json").out) if one["coder"] == "bo"]
    assert (bo["confirmed"], bo["own"], bo["by"]) == (True, False, ["ana"])
    assert "device_" not in say("check", "--study", ours).out
    assert say("devices", "confirm", "bo.00000000", "--study", ours).code == 1


def test_a_yes_beforehand_leaves_nothing_to_ask(copies: tuple[Path, Path], say: Command) -> None:
    ours, theirs = map(str, copies)
    merged = say("merge", theirs, "--study", ours, "--confirm-device", "--json")
    assert json.loads(merged.out)["findings"] == []
    assert "confirmed by ana" in say("devices", "--study", ours).out


def test_a_coder_whom_the_study_does_not_list_is_not_confirmed(copies: tuple[Path, Path], say: Command) -> None:
    ours, theirs = copies
    settings = ours / "study.yml"
    settings.write_text(settings.read_text("utf-8").replace("coders: [ana, bo]", "coders: [ana]"), "utf-8")
    say("merge", str(theirs), "--study", str(ours), "--confirm-device")
    (name,) = [path.stem for path in (ours / "log").glob("bo.*")]
    refused = say("devices", "confirm", name, "--study", str(ours), "--json")
    assert refused.code == 1
    assert json.loads(refused.out)[0]["code"] == "coder_unknown"


def test_unlocking_tells_of_an_erasure_that_waits(
    copies: tuple[Path, Path], say: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = copies
    monkeypatch.setenv("MAILLAGE_PASSPHRASE", "quatre mots sans aucun rapport")
    assert say("vault", "key").code == 0
    made = say("vault", "create", "--person", f"bo={age.make()[1]}", "--coder", "ana", "--study", str(ours))
    assert made.code == 0, made
    monkeypatch.setenv("MAILLAGE_CONFIG", str(ours.parent / "two"))
    log.append(open_study(theirs), "bo", [Draft("erase", "source", of="I7", why="x")])
    monkeypatch.setenv("MAILLAGE_CONFIG", str(ours.parent / "one"))
    say("merge", str(theirs), "--study", str(ours))
    try:
        told = say("vault", "unlock", "--minutes", "1", "--study", str(ours))
        assert (told.code, "erasure_waits" in told.out, "I7" in told.out) == (0, True, True)
        (name,) = [path.stem for path in (ours / "log").glob("bo.*")]
        say("devices", "confirm", name, "--study", str(ours))
        assert "erasure_waits" not in say("vault", "unlock", "--minutes", "1", "--study", str(ours)).out
    finally:
        say("vault", "lock")
