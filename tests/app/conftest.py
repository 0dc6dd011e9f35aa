"""The command line and a tiny study."""

from pathlib import Path

import pytest
from made_study import Command, command, entered


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Command:
    """`say("check", "--study", folder)`: what was printed and the exit code."""
    return command(capsys)


@pytest.fixture
def study(tmp_path: Path, say: Command) -> Path:
    """A study that checks clean."""
    return entered(tmp_path, say)
