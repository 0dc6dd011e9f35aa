"""`maillage export`: one exchange format, through the same gate as a release."""

from collections.abc import Callable
from pathlib import Path

from maillage import run
from maillage.errors import MaillageError
from maillage.publish import data
from maillage.publish.gate import Release, clear
from maillage.study.disk import replace
from maillage.study.folder import open_study
from maillage.verbs.qda_export import FORMS as QDA
from maillage.verbs.qda_export import export_qda

FORMATS: dict[str, Callable[[Release], dict[str, bytes]]] = {
    "csv": data.tables_of, "xlsx": data.books, "parquet": data.columnar, "gpkg": data.maps,
}  # fmt: skip


def export(path: Path, out: Path, *, form: str, audience: str) -> list[Path]:
    """Write the tables of a study, its map, or its coding project, for an audience; returns the files.

    Raises MaillageError `format_unknown`, and `qda_audience` where a coding project is for others than the team.
    """
    if form in QDA:
        return export_qda(open_study(path), out, form=form, audience=audience)
    if form not in FORMATS:
        raise MaillageError("format_unknown", exit_code=2, form=form, formats=", ".join((*FORMATS, *QDA)))
    study = open_study(path)
    cleared = clear(run.run(study), audience=audience, langs=study.settings.languages, exported=True)
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, content in FORMATS[form](cleared).items():
        replace(out / name, content)
        written.append(out / name)
    return written
