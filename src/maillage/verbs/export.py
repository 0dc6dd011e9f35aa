"""`maillage export`: one exchange format, through the same gate as a release."""

from pathlib import Path

from maillage import run
from maillage.errors import MaillageError
from maillage.publish import data
from maillage.publish.gate import clear
from maillage.study.disk import replace
from maillage.study.folder import open_study

FORMATS = ("csv",)


def export(path: Path, out: Path, *, form: str, audience: str) -> list[Path]:
    """Write the tables of a study for an audience; returns the files. Raises MaillageError `format_unknown`."""
    if form not in FORMATS:
        raise MaillageError("format_unknown", exit_code=2, form=form, formats=", ".join(FORMATS))
    study = open_study(path)
    cleared = clear(run.run(study), audience=audience, langs=study.settings.languages, exported=True)
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, content in data.files(cleared).items():
        replace(out / name, content)
        written.append(out / name)
    return written
