"""What all tests share: a device key of their own, and small studies in a folder of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from folders import STUDIES, folder_hash
from maillage.study import age
from maillage.verbs.release import release
from quick_words import close_with_words

hypothesis_settings.register_profile("maillage", derandomize=True, deadline=None)
hypothesis_settings.load_profile("maillage")


@pytest.fixture(scope="session", autouse=True)
def _own_device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test touches the key of the person who runs it, nor depends on their language."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAILLAGE_CONFIG", str(tmp_path_factory.getbasetemp() / "config"))
        patch.setenv("MAILLAGE_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        patch.setenv("MAILLAGE_LANG", "en")
        yield


@pytest.fixture(autouse=True)
def _quick_words(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases cost no work, but where a test is about just that (`real_words`)."""
    if "real_words" not in request.keywords:
        monkeypatch.setattr(age, "close_with_words", close_with_words)


@pytest.fixture
def hash_of() -> Callable[[Path], str]:
    """`folder_hash`, for tests that must see nothing change."""
    return folder_hash


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
