"""Studies made once and copied for each case, a person with a key, and the command line in processes of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad import PLACES, ready
from bad_vaults import PASSPHRASE, person, sealed
from served import Server

from maillage.verbs.add import Request, add
from maillage.verbs.new import Start, new


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all cases."""
    one = Server()
    yield one
    one.close()


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the studies `s` and `vault/s`, and the configuration of whoever made them."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "vault").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAILLAGE_CONFIG", str(folder / "config"))
        patch.setenv("MAILLAGE_CACHE", str(folder / "cache"))
        patch.setenv("MAILLAGE_PASSPHRASE", PASSPHRASE)
        person(folder / "config")
        ready(folder)
        study = folder / "vault" / "s"
        new(study, Start(pack="nexus", langs=("fr", "en"), country="ML", coder="ana", period="2024"))
        (folder / "vault" / "places.csv").write_text(PLACES, "utf-8")
        assert not add(study, folder / "vault" / "places.csv", Request()).refused
        sealed(study, folder / "vault")
    return folder


@pytest.fixture
def config(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the configuration, so that no case sees what another one left there."""
    mine = tmp_path / "config"
    shutil.copytree(models / "config", mine)
    monkeypatch.setenv("MAILLAGE_CONFIG", str(mine))
    monkeypatch.setenv("MAILLAGE_CACHE", str(models / "cache"))
    monkeypatch.setenv("MAILLAGE_PASSPHRASE", PASSPHRASE)
    return mine
