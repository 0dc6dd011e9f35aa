"""The shipped studies, measured and released once for all tests of a process; nothing here may be changed."""

from functools import cache

from folders import STUDIES
from maillage import run
from maillage.evidence import Results
from maillage.publish.gate import Release, clear
from maillage.study.folder import open_study


@cache
def measured(name: str) -> Results:
    """Everything that a study gives."""
    return run.run(open_study(STUDIES / name))


@cache
def released(name: str, audience: str = "public") -> Release:
    """It, through the gate, in both languages."""
    return clear(measured(name), audience=audience, langs=("en", "fr"))
