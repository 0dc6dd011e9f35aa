"""The releases that are attacked, each built once."""

from collections.abc import Iterator
from pathlib import Path

import attacker_bytes
import made_attacked
import polars as pl
import pytest
from made_attacked import Target

from folders import STUDIES
from maillage import run
from maillage.study.folder import open_study
from maillage.verbs.release import release


def built(study: Path, folder: Path, audience: str) -> dict[str, bytes]:
    """Every file of a release."""
    out = folder / audience
    release(study, out, audience=audience, step=lambda name: None)
    return attacker_bytes.files(out)


@pytest.fixture(scope="session", autouse=True)
def _device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The studies of this folder are made before a test has its own device."""
    patch = pytest.MonkeyPatch()
    patch.setenv("MAILLAGE_CONFIG", str(tmp_path_factory.getbasetemp() / "config"))
    patch.setenv("MAILLAGE_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """The practice study: 39 interviews."""
    study = STUDIES / "practice"
    return Target("practice", study, built(study, tmp_path_factory.mktemp("practice"), "public"))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """Fourteen unique people."""
    return _made(made_attacked.small(), tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """A hundred and fifty people."""
    return _made(made_attacked.large(), tmp_path_factory.mktemp("large"))


@pytest.fixture(scope="session")
def small_team(small: Target, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The team's release, in which an attack must succeed or it is blind."""
    return built(small.study, tmp_path_factory.mktemp("small-team"), "team")


@pytest.fixture(scope="session")
def practice_team(practice: Target) -> dict[str, bytes]:
    """The numbers and findings as computed, for the team."""
    results = run.run(open_study(practice.study))
    findings = results.findings.drop("trace", "denied").with_columns(pl.col("kinds").list.join(";"))
    return {"data/estimates.csv": results.estimates.drop("trace", "counted").write_csv().encode(),
            "data/findings.csv": findings.write_csv().encode()}  # fmt: skip


def _made(world: made_attacked.World, folder: Path) -> Target:
    study = made_attacked.entered(world, folder)
    return Target(world.name, study, built(study, folder, "public"))


@pytest.fixture(params=["practice", "small", pytest.param("large", marks=pytest.mark.slow)])
def target(request: pytest.FixtureRequest) -> Target:
    """Each study in turn."""
    return request.getfixturevalue(request.param)
