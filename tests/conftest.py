"""What all tests share: a device key of their own, and small studies in a folder of their own."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from maillage.verbs.release import release

hypothesis_settings.register_profile("maillage", derandomize=True, deadline=None)
hypothesis_settings.load_profile("maillage")


@pytest.fixture(autouse=True)
def _own_device(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the key of the person who runs it, nor depends on their language."""
    monkeypatch.setenv("MAILLAGE_CONFIG", str(tmp_path_factory.getbasetemp() / "config"))
    monkeypatch.setenv("MAILLAGE_LANG", "en")


def folder_hash(folder: Path) -> str:
    """One hash over names and bytes of everything below a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@pytest.fixture
def hash_of() -> Callable[[Path], str]:
    """`folder_hash`, for tests that must see nothing change."""
    return folder_hash


STUDIES = Path(__file__).parent.parent / "studies"


@pytest.fixture(scope="session")
def mali_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public release of the real study in both languages, built once."""
    out = tmp_path_factory.mktemp("releases") / "mali"
    release(STUDIES / "mali", out, audience="public", langs=("fr", "en"), step=lambda name: None)
    return out


@pytest.fixture(scope="session")
def first_steps_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The team's release of the synthetic study."""
    out = tmp_path_factory.mktemp("releases") / "first-steps"
    release(STUDIES / "first-steps", out, audience="team", langs=None, step=lambda name: None)
    return out
