"""`maillage export`: one exchange format, through the same gate as a release."""

from collections.abc import Callable
from pathlib import Path

from maillage import run
from maillage.blocks import Document
from maillage.errors import MaillageError
from maillage.evidence import Results
from maillage.labels import Labels
from maillage.publish import chartpack, data, ftm, narrative, network, report
from maillage.publish.gate import Release
from maillage.publish.ties import Ties, ties, use_for
from maillage.signing import release_signer
from maillage.study.disk import replace
from maillage.study.folder import open_study
from maillage.verbs import gate
from maillage.verbs.check import NARRATIVE
from maillage.verbs.guide import guide
from maillage.verbs.opening import unlocked
from maillage.verbs.qda_export import FORMS as QDA
from maillage.verbs.qda_export import export_qda

FORMATS: dict[str, Callable[[Release], dict[str, bytes]]] = {
    "csv": data.tables_of, "xlsx": data.books, "parquet": data.columnar, "gpkg": data.maps,
}  # fmt: skip


TIES: dict[str, Callable[[Ties, bytes], dict[str, bytes]]] = {
    "ftm": ftm.files, "i2": network.i2, "pole": network.pole, "graphml": network.graphml,
}  # fmt: skip
CHARTS = "charts"
XLSFORM = "xlsform"  # asks and answers nothing: the same for every audience, and nothing of it leaves the gate


def export(path: Path, out: Path, *, form: str, audience: str) -> list[Path]:
    """Write tables of a study, its map, ties, form or coding project, for an audience; returns the files.

    Raises MaillageError `format_unknown`, `qda_audience` where a coding project is for others than the team,
    `ties_audience` where ties are for the public.
    """
    if form in QDA:
        return export_qda(open_study(path), out, form=form, audience=audience)
    if form == XLSFORM:
        langs = open_study(path).settings.languages
        return guide(path, out, format=form, langs=langs, keep_mapping=False)
    if form not in (*FORMATS, CHARTS, *TIES):
        known = ", ".join((*FORMATS, CHARTS, *TIES, *QDA, XLSFORM))
        raise MaillageError("format_unknown", exit_code=2, form=form, formats=known)
    if form in TIES:
        use_for(audience)  # before anything is computed
    study = unlocked(path)
    results = run.run(study)
    cleared, kept = gate.cleared(study, results, audience=audience, langs=study.settings.languages, exported=True)
    if form == CHARTS:
        made = _charts(path, cleared)
    else:
        made = _ties(form, results, cleared) if form in TIES else FORMATS[form](cleared)
    gate.sent(study, kept, form=form)
    written: list[Path] = []
    for name, content in made.items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        replace(target, content)
        written.append(target)
    return written


def _charts(path: Path, cleared: Release) -> dict[str, bytes]:
    """The drawings of the reports as SVG and PNG."""
    documents: dict[str, Document] = {}
    for lang in cleared.langs:
        labels = Labels(lang, cleared.pack, cleared.places, cleared.settings.zone_labels, cleared.settings.named_rounds)
        told = narrative.resolve(narrative.read(path / NARRATIVE, lang), cleared, labels)
        documents[lang] = report.document(cleared, told, lang)
    return chartpack.files(documents, png=True, keep=cleared.audience == "public")


def _ties(form: str, results: Results, cleared: Release) -> dict[str, bytes]:
    """The ties, with ids that hold for this state of the study and this audience alone."""
    key = release_signer(cleared.settings.id).secret(f"ties {cleared.audience} {cleared.head}")
    return TIES[form](ties(results.evidence, cleared), key)
