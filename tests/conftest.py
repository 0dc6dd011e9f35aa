"""What all tests share: a device key of their own, and small studies in a folder of their own."""

from collections.abc import Callable, Container, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from folders import STUDIES, folder_hash
from maillage.study import age
from maillage.verbs.release import release
from quick_words import close_with_words

LONG = ("browser", "bad_inputs", "app", "verbs")  # folders whose files take longest, to be begun first


def pytest_configure(config: pytest.Config) -> None:
    """Properties are tried on fewer examples where the slow tests are left out."""
    quick = config.getoption("markexpr") == "not slow"
    hypothesis_settings.register_profile("maillage", derandomize=True, deadline=None, max_examples=40 if quick else 100)
    hypothesis_settings.load_profile("maillage")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one release go to one process, which builds it once; what takes longest is begun first."""
    using = {item.path for item in items if "mali_release" in getattr(item, "fixturenames", ())}
    groups = {item: _group(item.path, using) for item in items}
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: _turn(groups[item]))


def _group(path: Path, using: Container[Path]) -> str:
    if path in using:
        return "mali"
    return "attacks" if path.parent.name == "attacks" else path.relative_to(Path(__file__).parent).as_posix()


def _turn(group: str) -> int:
    folder = group.partition("/")[0]
    return ("mali", "attacks", *LONG, folder).index(folder)


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
